//! The place of a table in an inheritance tree (chapter 5.11 and 5.12; catalog `pg_inherits`): a partition with its
//! bound, or a child with its parent. Partitions are data: they are attached and detached, never dropped and created.
//! A new child says INHERITS itself; a partition is attached once it has everything that its parent has.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::partition_proof::PartitionProof;
use crate::kind::{Kind, Object, ObjectId, ObjectKind};
use crate::name::qualified;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, LockMode, Recipe, Statement};

#[derive(Debug, Clone, Eq, Serialize, Deserialize)]
pub struct Inheritance {
    pub(super) parent: ObjectId,
    /// As `pg_get_expr` gives it: `FOR VALUES FROM (..) TO (..)`; absent for plain inheritance.
    pub(super) bound: Option<String>,
    position: i32,
    /// The parent's columns that an earlier parent brings too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shared: Vec<String>,
    /// The foreign keys that a partition has from its parent, and keeps when it leaves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) keys: Vec<String>,
    /// What a row must fulfil to be in this partition, where that is said in words that hold in every database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    condition: Option<String>,
    /// Whether DETACH PARTITION CONCURRENTLY was interrupted: it stands here no more for those who ask the parent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) pending: bool,
}

/// What is shared follows from the columns, the foreign keys from the parent's, and the condition from the bounds.
impl PartialEq for Inheritance {
    fn eq(&self, other: &Self) -> bool {
        let place = |place: &Self| (place.position, place.pending);
        (&self.parent, &self.bound, place(self)) == (&other.parent, &other.bound, place(other))
    }
}

impl Kind for Inheritance {
    const LABEL: &'static str = "inheritance";
    const QUERY: &'static str = "
        select 0::oid, 0::oid, 0, array[c.schema, c.relname, n.nspname, p.relname]::text[],
            json_build_object('kind', 'table', 'path', json_build_array(n.nspname, p.relname)) as parent,
            pg_get_expr(c.relpartbound, c.oid) as bound, i.inhseqno as position,
            i.inhdetachpending as pending,
            case when i.inhseqno > 1 then (
                select array_agg(a.attname::text order by a.attnum) from pg_attribute a
                where a.attrelid = p.oid and a.attnum > 0 and exists (
                    select from pg_inherits e join pg_attribute o on o.attrelid = e.inhparent
                    where e.inhrelid = c.oid and e.inhseqno < i.inhseqno and o.attname = a.attname)) end as shared,
            case when c.relispartition then (
                select array_agg(k.conname::text order by k.conname) from pg_constraint k
                where k.conrelid = c.oid and k.contype = 'f' and k.conparentid <> 0) end as keys,
            case when c.relispartition and not i.inhdetachpending then (
                select d.condition from pg_get_partition_constraintdef(c.oid) d (condition)
                where pg_get_expr(c.relpartbound, c.oid) ~ '^FOR VALUES (FROM|IN)' and d.condition !~ 'NOT \\(|satisfies_hash_partition'
            ) end as condition
        from relation c join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = i.inhparent
            join pg_namespace n on n.oid = p.relnamespace
        where c.relkind in ('r', 'p', 'f')";

    fn requires(&self, _: &ObjectId) -> Vec<ObjectId> {
        let shared = self.shared.iter().map(|column| self.parent.child(ObjectKind::Column, column));
        std::iter::once(self.parent.clone()).chain(shared).collect()
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
        let states = super::trigger::restated(&child, cx).into_iter().filter(|_| cx.current(id).is_some());
        // DETACH PARTITION has locked it, and what is below, more strongly.
        let states = states.map(|state| Statement { locks: Vec::new(), ..state.joined() });
        let after = super::index::exchanges(&child, cx).into_iter().chain(states);
        // One that leaves a place meanwhile does so in the same transaction: nothing can be proved in between.
        let proofs = if cx.current(id).is_none() { self.proofs(id, cx) } else { Vec::new() };
        let recipe = Recipe::many(self.proved(id, &proofs, after, cx));
        // What the parent gives up of its constraints need not be found below it.
        // An index that goes would take the partition's along.
        let gone = cx.catalogs.current.used_by(&self.parent).filter(|part| cx.is_dropped(part));
        let gone = gone.filter(|part| matches!(part.kind, ObjectKind::Constraint | ObjectKind::Index));
        // A table's own trigger makes room for the parent's; who holds the rows that this one shall hold, leaves first, and
        // so does a partition, which has one parent.
        let triggers = cx.catalogs.current.used_by(&child).filter(|part| part.kind == ObjectKind::Trigger);
        let loosened = above.clone().map(|column| column.with_kind(ObjectKind::NotNull));
        // A partition has no columns but its parent's, and a key that goes could be taken for what the parent's index wants.
        let own = cx.catalogs.current.used_by(&child).filter(|part| cx.is_dropped(part));
        let own = own.filter(|part| match cx.current(part) {
            Some(Object::Index(index)) => index.would_be_taken(cx),
            _ => matches!(part.kind, ObjectKind::Column | ObjectKind::Constraint),
        });
        let freed = triggers.chain(own).cloned().chain(loosened).chain(self.rivals(id, cx)).chain(gone.cloned());
        let freed = freed.chain(departures(&child, cx)).filter(|place| place != id).collect();
        // What the parent has validated must not be NOT VALID below it; and it is cheaper without these rows.
        let of_parent = desired.used_by(&self.parent).filter(|part| goes_before(part));
        let checks = parts.clone().chain(of_parent).filter(|part| super::constraint::is_check(desired.get(part)));
        let awaits = checks.cloned().chain(below).collect();
        Recipe { awaits, freed, ..recipe.needs(parts.chain(deep).chain(above).cloned()) }
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        Recipe::many(self.leave(id, cx))
    }

    fn is_half_done(&self) -> bool {
        self.pending
    }

    /// ATTACH PARTITION makes what is missing below the parent's indexes: one that shall miss it comes afterwards, unless
    /// indexes in use would go along with it.
    fn demands(&self, id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
        if !cx.is_new(id) || self.bound.is_none() {
            return Vec::new();
        }
        let idle = |part: &&ObjectId| cx.current(part).is_some() && cx.catalogs.current.carries(part).next().is_none();
        let above = cx.catalogs.desired.used_by(&self.parent).filter(idle);
        above.filter(|part| super::index::misses(part, &child(id), cx)).cloned().collect()
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Inheritance { parent: _, bound, position: _, shared: _, keys: _, condition: _, pending } = change.desired;
        if *pending {
            return Alteration::Inform("is being detached in dev".to_owned());
        }
        if change.current.pending {
            return Alteration::Replace;
        }
        if *bound == change.current.bound {
            return Alteration::Inform("stands at another place among the parents".to_owned());
        }
        if bound.is_none() || change.current.bound.is_none() || !change.desired.rivals(id, cx).is_empty() {
            return Alteration::Replace;
        }
        if super::clone_comment::hangs_below(&child(id), cx) {
            return Alteration::Replace;
        }
        // Nobody else sees it leave and return.
        let proofs = change.desired.proofs(id, cx);
        let states = super::trigger::restated(&child(id), cx).into_iter().map(Statement::joined);
        let mut statements = change.desired.proved(id, &proofs, states, cx);
        let attach = 2 * proofs.len();
        statements[attach].joined = true;
        statements.insert(attach, change.current.detach(id, cx));
        Alteration::InPlace(Recipe::many(statements))
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt && used.kind != ObjectKind::Column
    }

    /// PostgreSQL changes the type of a column that two parents bring only through what is above both: else the child
    /// leaves one meanwhile.
    fn follow(id: &ObjectId, _: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        let current = cx.catalogs.current;
        let brought = child(id).child(ObjectKind::Column, used.raw_name());
        if used.kind == ObjectKind::Column && roots(&brought, current).len() == 1 {
            return Alteration::InPlace(Recipe::none());
        }
        Alteration::Replace
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, catalog: &Catalog) {
        if renaming.from.kind.is_constant() {
            let data_type = renaming.from.parent(ObjectKind::EnumType);
            let within = |user: &ObjectId| user.kind == ObjectKind::Column && catalog.is_within(user, &self.parent);
            let held = catalog.used_by(&data_type).any(within);
            self.bound.iter_mut().filter(|_| held).for_each(|bound| renaming.bare_constants(bound));
        }
        if renaming.from.kind == ObjectKind::Column && renaming.from.parent(ObjectKind::Table) == self.parent {
            renaming.word(&mut self.shared);
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
    /// Of the partition, if it is there already, and of the default partition, whose rows must not be this one's.
    fn proofs(&self, id: &ObjectId, cx: &Context) -> Vec<PartitionProof> {
        let (child, Some(condition)) = (child(id), &self.condition) else { return Vec::new() };
        let name = super::index::temporary(child.raw_name());
        let proof = |table: ObjectId, condition: String| PartitionProof { table, name: name.clone(), condition, refuses: false };
        // From PostgreSQL 18 on a condition that speaks of what is above the parent, too, proves nothing for its default.
        let is_root = parents(cx.catalogs.desired, &self.parent).is_empty();
        let beside = self.default_beside(id, true, cx).filter(|_| is_root);
        let beside = beside.map(|table| PartitionProof { refuses: true, ..proof(table, format!("NOT {condition}")) });
        let own = proof(child, condition.clone());
        let holds_rows = |table: &ObjectId| !cx.is_new(table) && !super::table::is_foreign(table, cx);
        std::iter::once(own).chain(beside).filter(|proof| holds_rows(&proof.table)).collect()
    }

    /// ATTACH PARTITION between what proves that it need not look, and the end of that.
    fn proved(&self, id: &ObjectId, proofs: &[PartitionProof], after: impl Iterator<Item = Statement>, cx: &Context) -> Vec<Statement> {
        let mut attach = self.attach(id, cx);
        for proof in proofs {
            let proved = tree(&proof.table, cx);
            // A foreign key that the parent has and the partition lacks is checked, whatever else is proved.
            let own = proof.table == child(id);
            let checked = own && referred(cx.catalogs.desired, &self.parent).next().is_some();
            attach.scans.retain(|table| checked || !proved.contains(table));
            // Of a default partition that is proved, nobody looks at what is below it.
            attach.locks.retain(|lock| own || !proved[1..].contains(&lock.on));
        }
        let before = proofs.iter().flat_map(|proof| proof.before(cx));
        before.chain([attach]).chain(after).chain(proofs.iter().map(|proof| proof.after(cx))).collect()
    }

    fn attach(&self, id: &ObjectId, cx: &Context) -> Statement {
        let child = child(id);
        let attach = match &self.bound {
            Some(bound) => {
                let sql = format!("ALTER TABLE {} ATTACH PARTITION {} {bound}", self.parent.sql(), child.sql());
                // The foreign keys that it got when it left give way to the parent's.
                let returns = cx.current(id).is_some();
                let mode = if returns { LockMode::AccessExclusive } else { LockMode::ShareRowExclusive };
                let attach = Statement::new(sql).lock_each(mode, referred(cx.catalogs.current, &self.parent));
                let referring = self.referring(cx.catalogs.current, cx).into_iter().filter(|_| cx.major() >= 15);
                let attach = attach.lock_each(LockMode::ShareRowExclusive, referring);
                // What the default partition holds must not be this one's.
                let default = self.default_beside(id, true, cx);
                let searched = default.into_iter().chain([child.clone()]);
                let searched: Vec<ObjectId> = searched.flat_map(|table| tree(&table, cx)).collect();
                // A default partition beside which no other stands takes every row.
                let all = self.is_default() && self.beside(id, true, cx).next().is_none();
                let read = searched.iter().filter(|table| !all && !super::table::is_foreign(table, cx));
                let attach = attach.lock_each(LockMode::AccessExclusive, &searched).scanning(read);
                attach.lock(LockMode::ShareUpdateExclusive, &self.parent)
            }
            None => Statement::new(format!("ALTER TABLE {} INHERIT {}", child.sql(), self.parent.sql()))
                .lock(LockMode::AccessExclusive, &child)
                .lock(LockMode::ShareUpdateExclusive, &self.parent),
        };
        if cx.is_new(&child) {
            return attach;
        }
        let note = "rows outside the bound, or a missing column or constraint, stop the statement";
        attach.hazard(HazardKind::MayFailOnData, &child, note)
    }

    pub(super) fn is_default(&self) -> bool {
        self.bound.as_deref() == Some("DEFAULT")
    }

    /// The places below the same parent when this one comes, or when it goes. Those that do so as well do it in the order of
    /// their names.
    fn beside<'a>(&self, id: &ObjectId, comes: bool, cx: &Context<'a>) -> impl Iterator<Item = (&'a ObjectId, &'a Self)> {
        let (id, cx) = (id.clone(), *cx);
        let Pair { current, desired } = cx.catalogs;
        let stands = move |place: &&ObjectId| match (cx.is_dropped(place), cx.is_new(place)) {
            _ if **place == id => false,
            (false, false) => true,
            (_, true) if comes => **place < id,
            (true, _) => !comes && **place > id,
            (false, true) => false,
        };
        let catalog = if comes { desired } else { current };
        places_below(catalog, &self.parent).filter(stands).filter_map(move |place| match catalog.get(place) {
            Some(Object::Inheritance(standing)) => Some((place, &**standing)),
            _ => None,
        })
    }

    pub(super) fn default_beside(&self, id: &ObjectId, comes: bool, cx: &Context) -> Option<ObjectId> {
        self.beside(id, comes, cx).find(|(_, standing)| standing.is_default()).map(|(place, _)| child(place))
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
    carriers.iter().find(|carrier| cx.is_dropped(carrier) && !leaves(child, carrier, cx)).cloned()
}

/// Whether the table `child` leaves the table of `above`, be it for a moment. What it has from there stays with it.
pub(super) fn leaves(child: &ObjectId, above: &ObjectId, cx: &Context) -> bool {
    let table = cx.catalogs.current.whole(above);
    table.is_some_and(|table| cx.is_dropped(&place(child, &table)))
}

/// Of the table of `child` below the table of `above`.
pub(super) fn place(child: &ObjectId, above: &ObjectId) -> ObjectId {
    ObjectId::new(ObjectKind::Inheritance, child.path.iter().take(2).chain(above.path.iter().take(2)))
}

/// The object of a parent table, among `above`, whose creation brings the one of `child` along: the child stands
/// below that parent already.
pub(super) fn bringer(child: &ObjectId, above: &[ObjectId], cx: &Context) -> Option<ObjectId> {
    let stands = |parent: &ObjectId| parent.kind == ObjectKind::Attribute || stays(child, parent, cx);
    above.iter().find(|parent| cx.is_new(parent) && stands(parent)).cloned()
}

/// Whether the table `child` stands below the table of `above`, and does not leave it even for a moment.
pub(super) fn stays(child: &ObjectId, above: &ObjectId, cx: &Context) -> bool {
    let place = place(child, above);
    cx.current(&place).is_some() && cx.desired(&place).is_some() && !cx.is_new(&place)
}

/// The tables to which foreign keys of `table` refer.
pub(super) fn referred<'a>(catalog: &'a Catalog, table: &ObjectId) -> impl Iterator<Item = &'a ObjectId> {
    let own = catalog.used_by(table).filter(|part| part.path.starts_with(&table.path));
    own.filter_map(|part| super::foreign_key::referenced(catalog.get(part)))
}

/// The places that the table has, and those below it.
pub(super) fn places<'a>(catalog: &'a Catalog, table: &ObjectId) -> impl Iterator<Item = &'a ObjectId> + use<'a> {
    catalog.used_by(table).filter(|user| user.kind == ObjectKind::Inheritance)
}

/// The places right below the table.
pub(super) fn places_below<'a>(catalog: &'a Catalog, table: &ObjectId) -> impl Iterator<Item = &'a ObjectId> {
    places(catalog, table).filter(|place| place.path.ends_with(&table.path))
}

/// The default partitions beside the partition `table`, whose bounds are others once that has gone.
pub(super) fn default_partitions_beside(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let own = places(cx.catalogs.current, table).filter(|place| place.path.starts_with(&table.path));
    let beside = own.filter_map(|place| match cx.current(place) {
        Some(Object::Inheritance(standing)) if standing.bound.is_some() => standing.default_beside(place, false, cx),
        _ => None,
    });
    beside.collect()
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

/// The places that are given up by `table` and by those below it, and those below them.
pub(super) fn movements(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let below = descendants(table, cx);
    let tables = std::iter::once(table).chain(&below);
    tables.flat_map(|table| places(cx.catalogs.current, table)).filter(|place| cx.is_dropped(place)).cloned().collect()
}

/// What a column waits for before it goes its own way: the places that are given up, and the parents' that go.
pub(super) fn partings(column: &ObjectId, above: &[ObjectId], cx: &Context) -> Vec<ObjectId> {
    let gone = above.iter().filter(|above| cx.is_dropped(above)).cloned();
    movements(&column.parent(ObjectKind::Table), cx).into_iter().chain(gone).collect()
}

/// The tops of the tree from which the column comes.
fn roots(column: &ObjectId, catalog: &Catalog) -> BTreeSet<ObjectId> {
    let above = parents(catalog, &column.parent(ObjectKind::Table)).into_iter();
    let above = above.map(|parent| parent.child(ObjectKind::Column, column.raw_name()));
    let above: Vec<ObjectId> = above.filter(|column| catalog.contains(column)).collect();
    if above.is_empty() {
        return BTreeSet::from([column.clone()]);
    }
    above.iter().flat_map(|column| roots(column, catalog)).collect()
}

/// The places below `table`, however deep, that are given up: who leaves, leaves before the table changes.
pub(super) fn leavings(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    descendants(table, cx).iter().flat_map(|child| departures(child, cx)).collect()
}

/// The places that are given up above and below `table` by those who stay themselves: before what they have from there goes.
pub(super) fn exits(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let below = leavings(table, cx).into_iter().filter(|place| !cx.is_dropped(&child(place)));
    departures(table, cx).into_iter().chain(below).collect()
}

/// The places that are given up before the table gets a column: its own as a partition, which gets none by itself, and
/// those of tables below that stay, and shall not have it.
pub(super) fn before_column(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let is_partition = |place: &ObjectId| matches!(cx.current(place), Some(Object::Inheritance(place)) if place.bound.is_some());
    let own = departures(table, cx).into_iter().filter(is_partition);
    own.chain(leavings(table, cx).into_iter().filter(|place| !cx.is_dropped(&child(place)))).collect()
}

/// The tables right below `table` that do not leave it.
pub(super) fn heirs(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    places_below(cx.catalogs.current, table).filter(|place| !cx.is_dropped(place)).map(child).collect()
}

/// Those, and the ones below them.
pub(super) fn all_heirs(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    heirs(table, cx).into_iter().flat_map(|child| all_heirs(&child, cx).into_iter().chain([child])).collect()
}

/// The tables right below `table` as long as that is altered: those that do not leave it, and those that are dropped later.
pub(super) fn standing_below(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let stands = |place: &&ObjectId| !cx.is_dropped(place) || cx.is_dropped(&child(place));
    places_below(cx.catalogs.current, table).filter(stands).map(child).collect()
}

/// The table, and all that stand below it: what ALTER TABLE locks that says no ONLY.
pub(super) fn tree(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let below = standing_below(table, cx).into_iter().flat_map(|child| tree(&child, cx));
    std::iter::once(table.clone()).chain(below).collect()
}

/// Every table above `table`, however high.
pub(super) fn ancestors(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let above = parents(cx.catalogs.current, table).into_iter();
    above.flat_map(|parent| std::iter::once(parent.clone()).chain(ancestors(&parent, cx))).collect()
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

/// Says that tables below are rewritten too.
pub(super) fn rewriting_below(statement: Statement, below: &[ObjectId], cx: &Context) -> Statement {
    below.iter().filter(|child| !super::table::is_foreign(child, cx)).fold(statement, |statement, child| {
        let note = format!("it is rewritten along with its parent{}", cx.size_note(child));
        statement.hazard(HazardKind::TableRewrite, child, note)
    })
}

/// The table that has the place.
pub(super) fn child(id: &ObjectId) -> ObjectId {
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
