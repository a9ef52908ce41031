//! The place of a table in an inheritance tree (chapter 5.11 and 5.12; catalog `pg_inherits`): a partition with its
//! bound, or a child with its parent. Partitions are data: they are attached and detached, never dropped and created.
//! A new child says INHERITS itself; a partition is attached once it has everything that its parent has.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, Object, ObjectId, ObjectKind};
use crate::name::qualified;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inheritance {
    parent: ObjectId,
    /// As `pg_get_expr` gives it: `FOR VALUES FROM (..) TO (..)`; absent for plain inheritance.
    bound: Option<String>,
    position: i32,
}

impl Kind for Inheritance {
    const LABEL: &'static str = "inheritance";
    const QUERY: &'static str = "
        select 0::oid, 0::oid, 0, array[c.schema, c.relname, n.nspname, p.relname]::text[],
            json_build_object('kind', 'table', 'path', json_build_array(n.nspname, p.relname)) as parent,
            pg_get_expr(c.relpartbound, c.oid) as bound, i.inhseqno as position
        from relation c join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = i.inhparent
            join pg_namespace n on n.oid = p.relnamespace
        where c.relkind in ('r', 'p', 'f')";

    fn requires(&self, _: &ObjectId) -> Vec<ObjectId> {
        vec![self.parent.clone()]
    }

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(child(id))
    }

    fn position(&self) -> i32 {
        self.position
    }

    fn fragment(&self, _: &ObjectId, _: &[Fragment], _: &Context) -> Option<Fragment> {
        self.bound.is_none().then(|| Fragment::inherits(self.parent.sql()))
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let child = child(id);
        let attach = self.attach(id, cx);
        // Attached before its own indexes and constraints exist, the partition would get second ones.
        let desired = cx.catalogs.desired;
        let precedes = |part: &&ObjectId| match desired.get(part) {
            Some(Object::Index(index)) => !index.has_attached_twin(cx),
            object => super::constraint::precedes_attachment(object),
        };
        let parts = desired.used_by(&child).filter(|part| goes_before(part)).filter(precedes);
        let deep = parts.clone().flat_map(|part| desired.used_by(part)).filter(|part| part.kind == ObjectKind::NotNull);
        // The parent is what it will be: its columns have come, changed their types, gone.
        let above = desired.used_by(&self.parent).chain(cx.catalogs.current.used_by(&self.parent));
        let above = above.filter(|part| part.kind == ObjectKind::Column);
        // A partitioned index counts only once it is valid: when every partition below has its own attached.
        let mut below: Vec<ObjectId> = Vec::new();
        let mut at: Vec<&ObjectId> = parts.clone().collect();
        while let Some(part) = at.pop() {
            at.extend(desired.carries(part));
            below.extend(desired.carries(part).cloned());
        }
        let exchanges = self.bound.iter().flat_map(|_| super::index::exchanges(&child, cx));
        let recipe = Recipe::many(std::iter::once(attach).chain(exchanges).collect());
        // A table's own trigger makes room for the parent's; and who holds the rows that this one shall hold, leaves first.
        let triggers = cx.catalogs.current.used_by(&child).filter(|part| part.kind == ObjectKind::Trigger);
        let loosened = above.clone().map(|column| column.with_kind(ObjectKind::NotNull));
        let freed = triggers.cloned().chain(loosened).chain(self.rivals(id, cx)).collect();
        Recipe { awaits: below, freed, ..recipe.needs(parts.chain(deep).chain(above).cloned()) }
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(self.detach(id))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Inheritance { parent: _, bound, position: _ } = change.desired;
        if *bound == change.current.bound {
            return Alteration::Inform("stands at another place among the parents".to_owned());
        }
        if bound.is_none() || change.current.bound.is_none() || !change.desired.rivals(id, cx).is_empty() {
            return Alteration::Replace;
        }
        // Nobody else sees it leave and return.
        let (detach, attach) = (change.current.detach(id), change.desired.attach(id, cx));
        let states = super::trigger::restated(&child(id), cx);
        Alteration::InPlace(Recipe::many([detach, attach].into_iter().chain(states).collect()).in_one())
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, _: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, catalog: &Catalog) {
        if renaming.from.kind.is_constant() {
            let data_type = renaming.from.parent(ObjectKind::EnumType);
            let within = |user: &ObjectId| user.kind == ObjectKind::Column && catalog.is_within(user, &self.parent);
            let held = catalog.used_by(&data_type).any(within);
            self.bound.iter_mut().filter(|_| held).for_each(|bound| renaming.bare_constants(bound));
        }
        renaming.id(&mut self.parent);
    }

    fn moved(&self, id: &ObjectId, renaming: &Renaming) -> Option<ObjectId> {
        let child = child(id);
        (renaming.from == self.parent).then(|| {
            let schema = child.child(id.kind, &self.parent.path[0]);
            schema.child(id.kind, &renaming.name)
        })
    }

    fn title(id: &ObjectId) -> String {
        let (child, parent) = (id.path.head(2), id.path.tail(2));
        format!("inheritance of {} from {}", qualified(child.iter()), qualified(parent.iter()))
    }
}

impl Inheritance {
    fn attach(&self, id: &ObjectId, cx: &Context) -> Statement {
        let child = child(id);
        let attach = match &self.bound {
            Some(bound) => {
                let sql = format!("ALTER TABLE {} ATTACH PARTITION {} {bound}", self.parent.sql(), child.sql());
                Statement::new(sql).lock(LockMode::ShareUpdateExclusive, &self.parent)
            }
            None => Statement::new(format!("ALTER TABLE {} INHERIT {}", child.sql(), self.parent.sql()))
                .lock(LockMode::AccessExclusive, &child),
        };
        if cx.is_new(&child) {
            return attach;
        }
        let note = "rows outside the bound, or a missing column or constraint, stop the statement";
        attach.hazard(HazardKind::MayFailOnData, &child, note)
    }

    fn detach(&self, id: &ObjectId) -> Statement {
        let child = child(id);
        match &self.bound {
            Some(_) => {
                let note = "queries on the parent do not see the partition's rows any more";
                Statement::new(format!("ALTER TABLE {} DETACH PARTITION {}", self.parent.sql(), child.sql()))
                    .contract()
                    .lock(LockMode::AccessExclusive, &self.parent)
                    .hazard(HazardKind::BreaksOldCode, &child, note)
            }
            None => Statement::new(format!("ALTER TABLE {} NO INHERIT {}", child.sql(), self.parent.sql()))
                .contract()
                .lock(LockMode::AccessExclusive, &child),
        }
    }

    /// The places below the same parent that are given up or changed, and whose rows may be this one's.
    fn rivals(&self, id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
        let Some(bound) = &self.bound else { return Vec::new() };
        let held = |catalog: &Catalog, place: &ObjectId| match catalog.get(place) {
            Some(Object::Inheritance(other)) if other.parent == self.parent => other.bound.clone(),
            _ => None,
        };
        let (current, desired) = (cx.catalogs.current, cx.catalogs.desired);
        let others = places(current, &self.parent).filter(|place| *place != id);
        let meets = |place: &&ObjectId| {
            let other = held(current, place);
            other != held(desired, place) && other.is_some_and(|other| may_meet(bound, &other))
        };
        others.filter(meets).cloned().collect()
    }
}

/// Whether partitions with these bounds, as `pg_get_expr` spells them, may hold the same row: no only where that is plain.
fn may_meet(one: &str, other: &str) -> bool {
    let both = Pair::new(one, other).map(|bound| bound.strip_prefix("FOR VALUES ").unwrap_or_default());
    let within = |word: &str| {
        let inner = both.map(|bound| bound.strip_prefix(word)?.strip_prefix(" (")?.strip_suffix(')'));
        inner.current.zip(inner.desired)
    };
    if let Some((one, other)) = within("IN") {
        let other = values(other);
        return values(one).iter().any(|value| other.contains(value));
    }
    if let Some((one, other)) = within("FROM") {
        let ranges = (one.split_once(") TO ("), other.split_once(") TO ("));
        let (Some(one), Some(other)) = ranges else { return true };
        return !ends_before(one.1, other.0) && !ends_before(other.1, one.0);
    }
    true
}

/// The values of a list; a comma between quotes is none.
fn values(list: &str) -> Vec<&str> {
    let mut quoted = false;
    let separates = |c: char| {
        quoted ^= c == '\'';
        c == ',' && !quoted
    };
    list.split(separates).map(str::trim).collect()
}

fn ends_before(end: &str, start: &str) -> bool {
    let (end, start) = (values(end), values(start));
    let (Some(last), Some(first)) = (end.first(), start.first()) else { return false };
    let number = |text: &str| text.trim_matches('\'').parse::<i64>().ok();
    match (number(last), number(first)) {
        _ if end == start => true,
        (Some(last), Some(first)) => last < first,
        // Dates and times, written alike, are in the order of their texts.
        _ => {
            let digit = |c: char| c.is_ascii_digit() || "'-:. +".contains(c);
            last.len() == first.len() && last.chars().chain(first.chars()).all(digit) && last < first
        }
    }
}

/// The object whose drop takes one of `child`'s along: its whole, or, as long as the child stands below that parent,
/// one of a parent table.
pub(super) fn taker(child: &ObjectId, carriers: &[ObjectId], cx: &Context) -> Option<ObjectId> {
    let within = |carrier: &ObjectId| carrier.path.starts_with(&child.path);
    let detached = !departures(child, cx).is_empty();
    carriers.iter().find(|carrier| cx.is_dropped(carrier) && (within(carrier) || !detached)).cloned()
}

/// The object of a parent table, among `above`, whose creation brings the one of `child` along: the child stands
/// below that parent already.
pub(super) fn bringer(child: &ObjectId, above: &[ObjectId], cx: &Context) -> Option<ObjectId> {
    let stands = |parent: &ObjectId| {
        let path = child.path.iter().chain(parent.path.iter().take(2));
        let place = ObjectId::new(ObjectKind::Inheritance, path);
        cx.current(&place).is_some() && cx.desired(&place).is_some() && !cx.is_new(&place)
    };
    above.iter().find(|parent| cx.is_new(parent) && (parent.kind == ObjectKind::Attribute || stands(parent))).cloned()
}

/// The places that the table has, and those below it.
pub(super) fn places<'a>(catalog: &'a Catalog, table: &ObjectId) -> impl Iterator<Item = &'a ObjectId> + use<'a> {
    catalog.used_by(table).filter(|user| user.kind == ObjectKind::Inheritance)
}

/// The tables right above `table`.
pub(super) fn parents(catalog: &Catalog, table: &ObjectId) -> Vec<ObjectId> {
    let above = places(catalog, table).filter(|place| place.path.starts_with(&table.path));
    above.map(|place| ObjectId { kind: ObjectKind::Table, path: place.path.tail(2) }).collect()
}

/// Where `table`, and what is above it, comes to stand.
pub(super) fn arrivals(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let mut arrivals = Vec::new();
    let mut at = vec![table.clone()];
    while let Some(table) = at.pop() {
        let standing = places(cx.catalogs.desired, &table).filter(|place| place.path.starts_with(&table.path));
        arrivals.extend(standing.filter(|place| cx.is_new(place)).cloned());
        at.extend(parents(cx.catalogs.desired, &table));
    }
    arrivals
}

/// Where `child` stands now and will not stand any more.
pub(super) fn departures(child: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    places(cx.catalogs.current, child)
        .filter(|place| place.path.starts_with(&child.path) && cx.is_dropped(place)).cloned().collect()
}

/// The places below `table` that are given up: who leaves, leaves before the table changes.
pub(super) fn leavings(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    places(cx.catalogs.current, table)
        .filter(|place| place.path.ends_with(&table.path) && cx.is_dropped(place)).cloned().collect()
}

/// The tables right below `table` that do not leave it.
pub(super) fn heirs(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let places = places(cx.catalogs.current, table);
    places.filter(|place| place.path.ends_with(&table.path) && !cx.is_dropped(place)).map(child).collect()
}

/// Every table below `table`, however deep.
pub(super) fn descendants(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let mut below = Vec::new();
    let mut at = vec![table.clone()];
    while let Some(parent) = at.pop() {
        let children: Vec<ObjectId> = places(cx.catalogs.current, &parent).map(child).filter(|child| *child != parent).collect();
        below.extend(children.iter().cloned());
        at.extend(children);
    }
    below
}

/// Says that the tables below are rewritten too.
pub(super) fn rewriting_below(statement: Statement, table: &ObjectId, cx: &Context) -> Statement {
    let below = descendants(table, cx);
    below.iter().filter(|child| !super::table::is_foreign(child, cx)).fold(statement, |statement, child| {
        let note = format!("it is rewritten along with its parent{}", cx.size_note(child));
        statement.hazard(HazardKind::TableRewrite, child, note)
    })
}

fn child(id: &ObjectId) -> ObjectId {
    id.ancestor(ObjectKind::Table, 2)
}

fn goes_before(part: &ObjectId) -> bool {
    matches!(part.kind, ObjectKind::Constraint | ObjectKind::Index | ObjectKind::Column)
}

#[cfg(test)]
mod tests {
    use super::may_meet;

    #[test]
    fn bounds_meet_unless_that_is_plainly_not_so() {
        let range = |from: &str, to: &str| format!("FOR VALUES FROM ({from}) TO ({to})");
        let list = |values: &str| format!("FOR VALUES IN ({values})");
        for (one, other, meet) in [
            (range("0", "100"), range("100", "200"), false),
            (range("0", "100"), range("50", "200"), true),
            (range("MINVALUE", "9"), range("10", "20"), false),
            (range("'9'", "'10'"), range("'11'", "'12'"), false),
            (range("'2024-01-01'", "'2024-02-01'"), range("'2024-02-01'", "'2024-03-01'"), false),
            (range("'2024-01-01'", "'2024-02-15'"), range("'2024-02-01'", "'2024-03-01'"), true),
            (range("'b'", "'c'"), range("'d'", "'e'"), true),
            (range("1, 'a'", "1, 'c'"), range("1, 'c'", "1, 'e'"), false),
            (list("'a', 'b, c'"), list("'c', 'b'"), false),
            (list("'a', 'b, c'"), list("'b, c'"), true),
            ("DEFAULT".to_owned(), list("'a'"), true),
            ("FOR VALUES WITH (modulus 2, remainder 0)".to_owned(), "FOR VALUES WITH (modulus 4, remainder 1)".to_owned(), true),
        ] {
            assert_eq!(may_meet(&one, &other), meet, "{one} and {other}");
            assert_eq!(may_meet(&other, &one), meet, "{other} and {one}");
        }
    }
}
