//! NOT NULL (chapter 5.5.2; `pg_attribute.attnotnull`, and from PostgreSQL 18 on `pg_constraint` with contype `n`).
//! On a table with rows it is proved first: by a helper check before PostgreSQL 18, natively NOT VALID since, so that
//! no scan happens under a lock that blocks anybody.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, NamePath, Named, Object, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotNull {
    /// Only where it is not the usual one; always absent before PostgreSQL 18.
    name: Option<String>,
    validated: bool,
    no_inherit: bool,
    local: bool,
    partition: bool,
    inherited: Vec<ObjectId>,
}

impl Kind for NotNull {
    const LABEL: &'static str = "not null";
    const NAMED: Named = Named::AsColumn;
    const GROUPED: bool = true;
    const QUERY: &'static str = "
        select o.class, array_agg(o.oid), array_agg(0), array_agg(o.relation), array_agg(o.number), o.name, o.validated,
            o.no_inherit, o.local, o.partition, o.inherited
        from (
            select case when k.oid is null then 0 else 'pg_constraint'::regclass::oid end as class, coalesce(k.oid, 0) as oid,
                c.oid as relation, a.attnum as number,
                nullif(k.conname, (c.relname || '_' || a.attname || '_not_null')::name) as name,
                coalesce(k.convalidated, true) as validated, coalesce(k.connoinherit, false) as no_inherit,
                coalesce(k.conislocal, a.attislocal) as local, c.relispartition as partition,
                case when a.attinhcount > 0 then (
                    select coalesce(jsonb_agg(jsonb_build_object('kind', 'not_null', 'path', jsonb_build_array(n.nspname, p.relname, a.attname))
                        order by i.inhseqno), '[]')
                    from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace n on n.oid = p.relnamespace
                    where i.inhrelid = c.oid and exists (select from pg_attribute pa
                        where pa.attrelid = p.oid and pa.attname = a.attname and pa.attnotnull and not exists (
                            select from pg_constraint pk where pk.conrelid = p.oid and pk.contype = 'n' and pk.connoinherit
                                and pk.conkey = array[pa.attnum]))) end as inherited
            from relation c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                left join pg_constraint k on k.conrelid = c.oid and k.contype = 'n' and k.conkey = array[a.attnum]
            where c.relkind in ('r', 'p', 'f') and a.attnotnull
        ) o group by 1, 6, 7, 8, 9, 10, 11";

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(id.with_kind(ObjectKind::Column))
    }

    fn carried_by(&self, id: &ObjectId) -> Vec<ObjectId> {
        let above = self.inherited.iter().filter(|_| !self.local);
        self.whole(id).into_iter().chain(above.cloned()).collect()
    }

    fn goes_with(&self, id: &ObjectId, cx: &Context) -> Option<ObjectId> {
        let mut carriers = self.carried_by(id);
        carriers.retain(|carrier| carrier.kind != ObjectKind::Column || !would_stay_below(id, cx));
        super::inheritance::taker(&id.parent(ObjectKind::Table), &carriers, cx)
    }

    fn comes_with(&self, id: &ObjectId, cx: &Context) -> Option<ObjectId> {
        let column = id.with_kind(ObjectKind::Column);
        let brings = |above: &ObjectId| !super::column::is_undefined(&column, cx) && !self.is_stronger(above, cx);
        self.brought_by(id, cx).filter(brings)
    }

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        let name = self.name_of_constraint(id);
        vec![("not null", [&id.path[0], &id.path[1], &*name].into_iter().collect())]
    }

    fn constraint_name(&self, id: &ObjectId) -> Option<NamePath> {
        Some([&id.path[0], &*self.name_of_constraint(id)].into_iter().collect())
    }

    fn fragment(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Option<Fragment> {
        let table = id.parent(ObjectKind::Table);
        if super::column::is_undefined(&id.with_kind(ObjectKind::Column), cx) {
            return None;
        }
        let column = id.with_kind(ObjectKind::Column);
        if super::backfill::is_due(&column, cx) || comes_later(&column, cx) {
            return None;
        }
        let inherits = !self.local && !self.partition && !self.inherited.is_empty();
        if inherits {
            return self.inherited.iter().all(|above| is_stated(above, cx)).then(Fragment::silent);
        }
        // A column that a new table only inherits has no definition there: since PostgreSQL 18 this has its own.
        let silent = super::column::is_silent(&id.with_kind(ObjectKind::Column), cx);
        if !self.validated || silent && cx.major() < 18 {
            return None;
        }
        // From PostgreSQL 18 on a new name is none that stands anywhere in the schema, unless it is stated.
        let taken = || {
            let name = self.constraint_name(id);
            let among = |catalog: &Catalog| name.as_ref().map_or(0, |name| catalog.constraints_named(name));
            among(cx.catalogs.current) > 0 || among(cx.catalogs.desired) > 1
        };
        let stated = cx.major() >= 18 && (!cx.is_new(&table) || taken());
        let usual = || stated.then(|| self.name_of_constraint(id)).filter(|name| name.len() < 64);
        let name = self.name.clone().or_else(usual);
        let name = name.map_or(String::new(), |name| format!("CONSTRAINT {} ", quote(&name)));
        let column = if silent { format!(" {}", id.name()) } else { String::new() };
        let fragment = Fragment::new(format!("{name}NOT NULL{column}{}", if self.no_inherit { " NO INHERIT" } else { "" }));
        let default = id.with_kind(ObjectKind::ColumnDefault);
        if cx.is_new(&table) || cx.desired(&default).is_some() || super::table::is_foreign(&table, cx) {
            return Some(fragment);
        }
        let note = "the table must be empty: a new column without a default is null in every row";
        Some(fragment.hazard(HazardKind::MayFailOnData, id, note))
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let table = id.parent(ObjectKind::Table);
        if let Some(above) = self.brought_by(id, cx) {
            // It is there by now, though not as the table's own, and not validated.
            let own = (self.local && cx.major() >= 18).then(|| of_its_own(id));
            let valid = self.is_stronger(&above, cx).then(|| validate(id, &self.name_of_constraint(id), cx));
            return Recipe::many(own.into_iter().chain(valid).collect()).needs([above]);
        }
        let at_once = super::table::is_foreign(&table, cx) || cx.is_new(&table);
        match cx.major() {
            18.. => self.create_natively(id, at_once, cx).needs(self.needed_below(id, cx)).freed(self.in_the_way(id, cx)),
            // Old code writes into no new table.
            _ if cx.is_new(&table) => Recipe::one(strong(id, "SET NOT NULL", cx)),
            _ if at_once => Recipe::one(strong(id, "SET NOT NULL", cx).contract()),
            _ => create_by_check(id, cx),
        }
    }

    fn match_versions(&mut self, _: &ObjectId, prod: &Self, majors: Pair<u32>) -> Option<String> {
        if majors.current < 18 || majors.desired < 18 {
            self.name.clone_from(&prod.name);
            self.local = prod.local;
        }
        None
    }

    fn since(&self, _: &ObjectId) -> Option<(u32, &'static str)> {
        (!self.validated || self.no_inherit).then_some((18, "NOT NULL that is NOT VALID or NO INHERIT"))
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        let table = id.parent(ObjectKind::Table);
        let below = if self.no_inherit { Vec::new() } else { reached(id, cx) };
        let drop = alter(id, "DROP NOT NULL").lock(LockMode::AccessExclusive, &table);
        let recipe = Recipe::one(drop.lock_each(LockMode::AccessExclusive, below));
        // An identity column lets go of NOT NULL only once it is no identity any more.
        let exits = super::inheritance::exits(&table, cx);
        let identities = super::index::replica_identities(&table, cx);
        // As long as its parent has it, it stays.
        let above = self.inherited.iter().filter(|above| cx.is_dropped(above) && super::inheritance::stays(&table, above, cx));
        let column = Some(id.with_kind(ObjectKind::Column)).filter(|column| !cx.is_dropped(column));
        recipe.needs(column).needs(identities).freed(exits).freed(above.cloned())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let NotNull { name, validated, no_inherit, local, partition, inherited } = change.desired;
        let current = change.current;
        let cascades = current.stays_inherited(change.desired, id, cx);
        if *no_inherit != current.no_inherit || current.validated && !validated && !cascades {
            return Alteration::Replace;
        }
        let table = id.parent(ObjectKind::Table);
        let left = current.inherited.iter().filter(|above| super::inheritance::leaves(&table, above, cx)).cloned();
        let mut recipe = Recipe::none().freed(super::inheritance::movements(&table, cx)).freed(left);
        // What its parents give up goes along, unless it is the table's own.
        let stays = |above: &&ObjectId| cx.desired(above).is_some() && super::inheritance::stays(&table, above, cx);
        let takes = |above: &ObjectId| cx.is_dropped(above) && !super::inheritance::leaves(&table, above, cx);
        let taken = current.inherited.iter().any(takes) && !current.inherited.iter().any(|above| stays(&above));
        let lost = taken && !current.local && cx.major() >= 18;
        if lost && !local && !inherited.is_empty() {
            return Alteration::Replace;
        }
        let becomes_own = *local && !current.local && !partition && *name == current.name && current.validated;
        if lost || becomes_own && cascades && cx.major() >= 18 {
            recipe.establish.push(of_its_own(id));
        }
        // A parent's constraint takes those below it along; one that leaves its parent is renamed afterwards, or, where it
        // comes to another, between the two.
        let free = current.inherited.is_empty() || !inherited.is_empty() && !cascades;
        if *name != current.name && !cascades {
            if !current.takes_along(id, cx) {
                let note = "has another name there; to rename it would take the key down";
                return if is_keyed(id, cx) { Alteration::Inform(note.to_owned()) } else { Alteration::Replace };
            }
            let (old, new) = (current.name_of_constraint(id), change.desired.name_of_constraint(id));
            let sql = format!("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", table.sql(), quote(&old), quote(&new));
            let rename = Statement::new(sql).lock_each(LockMode::AccessExclusive, super::inheritance::tree(&table, cx));
            if free {
                recipe.establish.push(rename);
            } else {
                recipe.finish.push(rename);
                recipe.after.extend(current.inherited.iter().cloned());
            }
        }
        if *validated && !current.validated && cx.major() >= 18 {
            // One that leaves a parent is renamed only once this is done.
            let name = if free { change.desired.name_afterwards(id, cx) } else { current.name_of_constraint(id) };
            recipe.establish.push(validate(id, &name, cx));
        }
        if !recipe.is_empty() {
            return Alteration::InPlace(recipe);
        }
        // Nothing but its name differs, and it gets that from above.
        let renamed = || change.desired.name_afterwards(id, cx) == change.desired.name_of_constraint(id);
        if cascades && *validated == current.validated && *name != current.name && *local == current.local && renamed() {
            return Alteration::InPlace(Recipe::none());
        }
        if *validated == current.validated || cascades {
            let note = match (*validated, *name == current.name) {
                (false, _) if current.validated => "is validated here and NOT VALID there; the parent's keeps it so",
                (_, true) => "is inherited on one side and local on the other",
                _ => "has another name there; PostgreSQL renames none that is inherited",
            };
            return Alteration::Inform(note.to_owned());
        }
        Alteration::Replace
    }

    /// What another parent has too, or the table itself, stays.
    fn follow(id: &ObjectId, change: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        if super::inheritance::leaves(id, used, cx) {
            return Self::alter(id, change, cx);
        }
        let stays = change.current.local && change.desired.local || !change.desired.inherited.contains(used);
        if cx.major() >= 18 && used.kind == ObjectKind::NotNull && stays {
            return Self::alter(id, change, cx);
        }
        Alteration::Replace
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, _: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt
    }

    fn renamed(&mut self, id: &ObjectId, renaming: &Renaming, catalog: &Catalog) {
        // The constraint keeps the name that it got from the old ones; it may be what the new ones would give it.
        if catalog.major >= 18 && catalog.is_within(id, &renaming.from) {
            let name = self.name_of_constraint(id);
            self.name = Some(name).filter(|name| *name != usual_name(&of_column_renamed(id, renaming)));
        }
        for parent in &mut self.inherited {
            *parent = of_column_renamed(parent, renaming);
        }
    }

    fn address(&self, id: &ObjectId) -> String {
        addressed(id, &self.name_of_constraint(id))
    }

    fn address_afterwards(&self, id: &ObjectId, cx: &Context) -> String {
        addressed(id, &self.name_afterwards(id, cx))
    }

    fn title(id: &ObjectId) -> String {
        format!("not null of {}", id.sql())
    }
}

fn of_column_renamed(id: &ObjectId, renaming: &Renaming) -> ObjectId {
    let mut column = id.with_kind(ObjectKind::Column);
    renaming.id(&mut column);
    column.with_kind(ObjectKind::NotNull)
}

/// What PostgreSQL calls it where nobody says.
fn usual_name(id: &ObjectId) -> String {
    format!("{}_{}_not_null", id.parent(ObjectKind::Table).raw_name(), id.raw_name())
}

impl NotNull {
    /// Whether it is validated, and the one that brings it is not.
    fn is_stronger(&self, above: &ObjectId, cx: &Context) -> bool {
        self.validated && as_not_null(cx.desired(above)).is_some_and(|above| !above.validated)
    }

    /// Whether a parent has it now and one shall have it, and the table does not leave those that have it.
    fn stays_inherited(&self, desired: &Self, id: &ObjectId, cx: &Context) -> bool {
        let kept = |above: &ObjectId| !super::inheritance::leaves(id, above, cx);
        !desired.inherited.is_empty() && self.inherited.iter().any(kept)
    }

    /// Whether RENAME takes those below along: they have the same name, and from nowhere else.
    fn takes_along(&self, id: &ObjectId, cx: &Context) -> bool {
        let table = id.parent(ObjectKind::Table);
        let below = super::inheritance::descendants(&table, cx);
        let within = |above: &ObjectId| id.path == above.path || below.iter().any(|child| above.path.starts_with(&child.path));
        let follows = |child: &ObjectId| {
            let of_child = child.child(ObjectKind::NotNull, id.raw_name());
            as_not_null(cx.current(&of_child)).is_none_or(|not_null| {
                let name = not_null.name_of_constraint(&of_child);
                name == self.name_of_constraint(id) && not_null.inherited.iter().all(within)
            })
        };
        below.iter().all(follows)
    }

    /// Its name once the plan has run: one that is inherited gets that of the one from which it comes, and is renamed
    /// along with that one only.
    fn name_afterwards(&self, id: &ObjectId, cx: &Context) -> String {
        let own = self.name_of_constraint(id);
        let of = |above: &ObjectId| as_not_null(cx.desired(above)).map(|parent| parent.name_afterwards(above, cx));
        let current = as_not_null(cx.current(id)).filter(|_| !cx.is_new(id));
        let Some(current) = current else {
            return self.comes_with(id, cx).and_then(|above| of(&above)).unwrap_or(own);
        };
        let old = current.name_of_constraint(id);
        if !current.stays_inherited(self, id, cx) {
            // Another name is not worth what it takes where those below have others, and a key needs it: it would have to
            // be made anew.
            return if old != own && is_keyed(id, cx) && !current.takes_along(id, cx) { old } else { own };
        }
        let called_so = |above: &&ObjectId| {
            as_not_null(cx.current(above)).is_some_and(|parent| !cx.is_new(above) && parent.name_of_constraint(above) == old)
        };
        current.inherited.iter().find(called_so).and_then(of).unwrap_or(old)
    }

    fn name_of_constraint(&self, id: &ObjectId) -> String {
        self.name.clone().unwrap_or_else(|| usual_name(id))
    }

    /// The parent's whose creation brings it along. Before PostgreSQL 18 ADD COLUMN does not say it of the children that
    /// have the column already.
    fn brought_by(&self, id: &ObjectId, cx: &Context) -> Option<ObjectId> {
        let is_new = |id: &ObjectId| cx.is_new(&id.with_kind(ObjectKind::Column));
        let reaches = |above: &ObjectId| cx.major() >= 18 || is_new(id) || !is_new(above);
        let above = super::inheritance::bringer(&id.parent(ObjectKind::Table), &self.inherited, cx);
        above.filter(|above| reaches(above) && !self.comes_first(id, cx))
    }

    /// Whether a table that stands below another has it as its own too, under a name of its own: the parent's, which
    /// comes as well, must find it there.
    fn comes_first(&self, id: &ObjectId, cx: &Context) -> bool {
        let column = id.with_kind(ObjectKind::Column);
        cx.major() >= 18 && self.local && !cx.is_new(&column) && super::inheritance::bringer(&column, &self.inherited, cx).is_some()
    }

    /// Those below that must be as they shall be before it comes: a new child's own that is valid, as this one is not, and
    /// what tables have that are there already.
    fn needed_below(&self, id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
        let table = id.parent(ObjectKind::Table);
        let right_below = super::inheritance::places_below(cx.catalogs.desired, &table);
        let new = right_below.map(super::inheritance::child).filter(|child| !self.validated && cx.is_new(child));
        let new = new.map(|child| child.child(ObjectKind::NotNull, id.raw_name()));
        new.chain(own_below(id, cx)).collect()
    }

    /// Those below that are NO INHERIT: they would have to become inherited, and go.
    fn in_the_way(&self, id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
        let aloof = |below: &ObjectId| as_not_null(cx.current(below)).is_some_and(|own| own.no_inherit && !self.no_inherit);
        below(id, cx).into_iter().filter(aloof).collect()
    }

    /// No row of a foreign table is looked at, and a new one has none.
    fn create_natively(&self, id: &ObjectId, at_once: bool, cx: &Context) -> Recipe {
        let table = id.parent(ObjectKind::Table);
        let name = self.name_of_constraint(id);
        let inherit = if self.no_inherit { " NO INHERIT" } else { "" };
        let sql = format!(
            "ALTER TABLE {} ADD CONSTRAINT {} NOT NULL {}{inherit}{}",
            table.sql(),
            quote(&name),
            id.name(),
            if at_once && self.validated { "" } else { " NOT VALID" }
        );
        let locked = if self.no_inherit { vec![table] } else { super::inheritance::tree(&table, cx) };
        let add = Statement::new(sql).lock_each(LockMode::AccessExclusive, locked);
        let add = if cx.is_new(&id.parent(ObjectKind::Table)) { add } else { add.contract() };
        if !self.validated || at_once {
            return Recipe::one(add);
        }
        Recipe::many(vec![add, validate(id, &name, cx)])
    }
}

/// Whether ADD COLUMN makes the constraint that PostgreSQL has for it since 18, in every table below.
pub(super) fn comes_with_column(column: &ObjectId, cx: &Context) -> bool {
    let stated = as_not_null(cx.desired(&column.with_kind(ObjectKind::NotNull))).is_some_and(|not_null| not_null.validated);
    cx.major() >= 18 && stated && !comes_later(column, cx)
}

/// Whether a new column is made without it: code that does not know the column leaves it null. In a tree the two come
/// together, as each table has it from another.
fn comes_later(column: &ObjectId, cx: &Context) -> bool {
    let table = column.parent(ObjectKind::Table);
    let alone = |catalog| super::inheritance::parents(catalog, &table).is_empty();
    let plain = super::inheritance::descendants(&table, cx).is_empty() && alone(cx.catalogs.current) && alone(cx.catalogs.desired);
    let below = super::inheritance::places_below(cx.catalogs.desired, &table).next().is_some();
    plain && !below && is_required(column, cx)
}

/// Whether it is to be in every row of a table that is there, and nothing fills it in.
fn is_required(column: &ObjectId, cx: &Context) -> bool {
    let table = column.parent(ObjectKind::Table);
    let required = as_not_null(cx.desired(&column.with_kind(ObjectKind::NotNull))).is_some_and(|not_null| not_null.validated);
    let filled = matches!(cx.desired(column), Some(Object::Column(column)) if column.identity.is_some() || column.generated.is_some());
    let default = cx.desired(&column.with_kind(ObjectKind::ColumnDefault)).is_some();
    let there = cx.current(&table).is_some() && !cx.is_new(&table) && !super::table::is_foreign(&table, cx);
    there && required && !filled && !default
}

/// Whether ADD COLUMN with NOT NULL would refuse the rows of code that does not know the column.
pub(super) fn refuses_old_rows(column: &ObjectId, cx: &Context) -> bool {
    is_required(column, cx) && !comes_later(column, cx)
}

/// The tables below that DROP NOT NULL looks at: from PostgreSQL 18 on it goes no deeper where it changes nothing.
fn reached(id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let children = super::inheritance::heirs(&id.parent(ObjectKind::Table), cx).into_iter();
    let deep = |child: &ObjectId| {
        let below = child.child(ObjectKind::NotNull, id.raw_name());
        if cx.major() < 18 || cx.is_dropped(&below) { reached(&below, cx) } else { Vec::new() }
    };
    children.flat_map(|child| deep(&child).into_iter().chain([child])).collect()
}

/// Whether a table below keeps the column and shall lose its NOT NULL, which a mere DROP COLUMN above would leave there.
fn would_stay_below(id: &ObjectId, cx: &Context) -> bool {
    below(id, cx).into_iter().filter(|child| cx.is_dropped(child)).any(|child| {
        let column = child.with_kind(ObjectKind::Column);
        cx.desired(&column).is_some() && !cx.is_dropped(&column)
    })
}

/// The tables' own below, from PostgreSQL 18 on: this one merges with them once it comes, under the names that they have, so
/// they come first, or are validated and get another name while they may.
pub(super) fn own_below(id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    if cx.major() < 18 {
        return Vec::new();
    }
    let own = |below: &ObjectId| match as_not_null(cx.current(below)) {
        Some(current) => current.inherited.is_empty() && !cx.is_dropped(below),
        None => as_not_null(cx.desired(below)).is_some_and(|own| own.comes_first(below, cx)),
    };
    below(id, cx).into_iter().filter(own).collect()
}

/// The same column's in the tables below that stay there.
fn below(id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let tables = super::inheritance::all_heirs(&id.parent(ObjectKind::Table), cx).into_iter();
    tables.map(|table| table.child(ObjectKind::NotNull, id.raw_name())).collect()
}

/// Whether a key needs it: the primary key, or the replica identity.
fn is_keyed(id: &ObjectId, cx: &Context) -> bool {
    let column = id.with_kind(ObjectKind::Column);
    cx.catalogs.current.used_by(&column).filter_map(|key| cx.current(key)).any(super::index::identifies_rows)
}

/// From where its name may come.
pub(super) fn leaders(id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    as_not_null(cx.desired(id)).map_or(Vec::new(), |not_null| not_null.inherited.clone())
}

fn as_not_null(object: Option<&Object>) -> Option<&NotNull> {
    match object {
        Some(Object::NotNull(not_null)) => Some(not_null),
        _ => None,
    }
}

fn addressed(id: &ObjectId, name: &str) -> String {
    format!("CONSTRAINT {} ON {}", quote(name), id.owner_sql())
}

fn create_by_check(id: &ObjectId, cx: &Context) -> Recipe {
    let table = id.parent(ObjectKind::Table);
    let name = super::index::temporary(id.raw_name());
    let helper = quote(&name);
    let check = format!(
        "ALTER TABLE {} DROP CONSTRAINT IF EXISTS {helper}, ADD CONSTRAINT {helper} CHECK ({} IS NOT NULL) NOT VALID",
        table.sql(),
        id.name()
    );
    let unhelp = format!("ALTER TABLE {} DROP CONSTRAINT {helper}", table.sql());
    let tree = super::inheritance::tree(&table, cx);
    let strong_lock = |statement: Statement| statement.contract().lock_each(LockMode::AccessExclusive, &tree);
    let drop = format!("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {helper}", table.sql());
    let prepare = vec![strong_lock(Statement::new(check)), validate(id, &name, cx).undone_by(drop)];
    let establish = vec![strong(id, "SET NOT NULL", cx).contract(), strong_lock(Statement::new(unhelp)).joined()];
    Recipe { prepare, establish, ..Recipe::default() }
}

fn strong(id: &ObjectId, what: &str, cx: &Context) -> Statement {
    let tree = super::inheritance::tree(&id.parent(ObjectKind::Table), cx);
    alter(id, what).lock_each(LockMode::AccessExclusive, tree)
}

/// What it has from above becomes the table's own, which nobody below notices.
fn of_its_own(id: &ObjectId) -> Statement {
    alter(id, "SET NOT NULL").lock(LockMode::AccessExclusive, &id.parent(ObjectKind::Table))
}

fn alter(id: &ObjectId, what: &str) -> Statement {
    Statement::new(format!("ALTER TABLE {} ALTER COLUMN {} {what}", id.parent(ObjectKind::Table).sql(), id.name()))
}

fn validate(id: &ObjectId, name: &str, cx: &Context) -> Statement {
    let table = id.parent(ObjectKind::Table);
    let tree = super::inheritance::tree(&table, cx);
    Statement::new(format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", table.sql(), quote(name)))
        .contract()
        .lock_each(LockMode::ShareUpdateExclusive, &tree)
        .scanning(tree.iter().filter(|table| is_looked_through(&table.child(ObjectKind::NotNull, id.raw_name()), id, cx)))
        .hazard(HazardKind::MayFailOnData, id, "a row that holds a null makes the validation fail")
}

/// Whether VALIDATE of one reads the rows of a table at or below it: not where the table has one that is valid, and keeps it.
fn is_looked_through(at: &ObjectId, validated: &ObjectId, cx: &Context) -> bool {
    let no_inherit = as_not_null(cx.desired(validated)).is_some_and(|not_null| not_null.no_inherit);
    at == validated || !no_inherit && !stays_valid(at, validated, cx)
}

/// Whether a table below has it of its own, or from one that has it all the time or gets it anew in one transaction.
fn stays_valid(at: &ObjectId, above: &ObjectId, cx: &Context) -> bool {
    let Some(current) = as_not_null(cx.current(at)) else {
        return as_not_null(cx.desired(at)).is_some_and(|own| own.comes_first(at, cx));
    };
    let below = super::inheritance::all_heirs(&above.parent(ObjectKind::Table), cx);
    let is_below = |id: &ObjectId| below.contains(&id.parent(ObjectKind::Table));
    let gives = |from: &ObjectId| match () {
        () if from == above => !cx.is_dropped(above),
        () if is_below(from) => stays_valid(from, above, cx),
        () => as_not_null(cx.desired(from)).is_some_and(|other| other.validated),
    };
    current.validated && if current.local { !cx.is_dropped(at) } else { current.inherited.iter().any(gives) }
}

/// Whether CREATE TABLE says it, or it is there by then. One that is not valid is added afterwards.
fn is_stated(id: &ObjectId, cx: &Context) -> bool {
    !cx.is_new(id) || as_not_null(cx.desired(id)).is_some_and(|above| above.validated)
}
