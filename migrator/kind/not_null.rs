//! NOT NULL (chapter 5.5.2; `pg_attribute.attnotnull`, and from PostgreSQL 18 on `pg_constraint` with contype `n`).
//! On a table with rows it is proved first: by a helper check before PostgreSQL 18, natively NOT VALID since, so that
//! no scan happens under a lock that blocks anybody.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, Named, Object, ObjectId, ObjectKind};
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
                case when k.oid is not null and k.conname not like left(c.relname || '_' || a.attname, 54) || '\\_not\\_null%' escape '\\'
                    then k.conname end as name,
                coalesce(k.convalidated, true) as validated, coalesce(k.connoinherit, false) as no_inherit,
                coalesce(k.conislocal, a.attislocal) as local, c.relispartition as partition,
                case when a.attinhcount > 0 then (
                    select coalesce(jsonb_agg(jsonb_build_object('kind', 'not_null', 'path', jsonb_build_array(n.nspname, p.relname, a.attname))
                        order by i.inhseqno), '[]')
                    from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace n on n.oid = p.relnamespace
                    where i.inhrelid = c.oid and exists (select from pg_attribute pa
                        where pa.attrelid = p.oid and pa.attname = a.attname and pa.attnotnull)) end as inherited
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
        super::inheritance::taker(&id.parent(ObjectKind::Table), &self.carried_by(id), cx)
    }

    fn comes_with(&self, id: &ObjectId, cx: &Context) -> Option<ObjectId> {
        let column = id.with_kind(ObjectKind::Column);
        super::inheritance::bringer(&id.parent(ObjectKind::Table), &self.inherited, cx)
            .filter(|above| !super::column::is_undefined(&column, cx) && !self.is_stronger(above, cx))
    }

    fn fragment(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Option<Fragment> {
        let table = id.parent(ObjectKind::Table);
        if super::column::is_undefined(&id.with_kind(ObjectKind::Column), cx) {
            return None;
        }
        let inherits = !self.local && !self.partition && !self.inherited.is_empty();
        if inherits {
            return self.inherited.iter().all(|above| is_stated(above, cx)).then(Fragment::silent);
        }
        if !self.validated {
            return None;
        }
        // From PostgreSQL 18 on a new name is none that stands anywhere in the schema, unless it is stated: what is below
        // the table may have it.
        let stated = cx.major() >= 18 && (!cx.is_new(&table) || super::inheritance::is_above_others(&table, cx));
        let usual = || stated.then(|| self.constraint_name(id)).filter(|name| name.len() < 64);
        let name = self.name.clone().or_else(usual);
        let name = name.map_or(String::new(), |name| format!("CONSTRAINT {} ", quote(&name)));
        let fragment = Fragment::new(format!("{name}NOT NULL{}", if self.no_inherit { " NO INHERIT" } else { "" }));
        let default = id.with_kind(ObjectKind::ColumnDefault);
        if cx.is_new(&table) || cx.desired(&default).is_some() || super::table::is_foreign(&table, cx) {
            return Some(fragment);
        }
        let note = "the table must be empty: a new column without a default is null in every row";
        Some(fragment.hazard(HazardKind::MayFailOnData, id, note))
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let table = id.parent(ObjectKind::Table);
        if let Some(above) = super::inheritance::bringer(&table, &self.inherited, cx) {
            // It is there by now, though not as the table's own, and not validated.
            let own = (self.local && cx.major() >= 18).then(|| strong(id, "SET NOT NULL"));
            let valid = self.is_stronger(&above, cx).then(|| validate(id, &self.constraint_name(id)));
            return Recipe::many(own.into_iter().chain(valid).collect()).needs([above]);
        }
        let elsewhere = super::table::is_foreign(&table, cx);
        match cx.major() {
            18.. => self.create_natively(id, elsewhere),
            _ if elsewhere => Recipe::one(strong(id, "SET NOT NULL").contract()),
            _ => create_by_check(id),
        }
    }

    fn match_versions(&mut self, _: &ObjectId, prod: &Self, majors: Pair<u32>) -> Option<String> {
        if majors.current < 18 || majors.desired < 18 {
            self.name.clone_from(&prod.name);
        }
        None
    }

    fn since(&self, _: &ObjectId) -> Option<(u32, &'static str)> {
        (!self.validated || self.no_inherit).then_some((18, "NOT NULL that is NOT VALID or NO INHERIT"))
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        let table = id.parent(ObjectKind::Table);
        let below = super::inheritance::heirs(&table, cx);
        let lock = |drop: Statement, child| drop.lock(LockMode::AccessExclusive, child);
        let recipe = Recipe::one(below.iter().fold(strong(id, "DROP NOT NULL"), lock));
        // An identity column lets go of NOT NULL only once it is no identity any more.
        let exits = super::inheritance::exits(&table, cx);
        let identities = super::index::replica_identities(&table, cx);
        recipe.needs([id.with_kind(ObjectKind::Column)]).needs(identities).freed(exits)
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let NotNull { name, validated, no_inherit, local, partition: _, inherited } = change.desired;
        let current = change.current;
        if *no_inherit != current.no_inherit {
            return Alteration::Replace;
        }
        let table = id.parent(ObjectKind::Table);
        let left = current.inherited.iter().filter(|above| super::inheritance::leaves(&table, above, cx)).cloned();
        let mut recipe = Recipe::none().freed(super::inheritance::movements(&table, cx)).freed(left);
        // What its parents give up goes along, unless it is the table's own.
        let stays = |above: &&ObjectId| cx.desired(above).is_some() && super::inheritance::stays(&table, above, cx);
        let takes = |above: &ObjectId| cx.is_dropped(above) && !super::inheritance::leaves(&table, above, cx);
        let taken = current.inherited.iter().any(takes) && !current.inherited.iter().any(|above| stays(&above));
        if taken && !current.local && cx.major() >= 18 {
            if !local && !inherited.is_empty() {
                return Alteration::Replace;
            }
            recipe.establish.push(strong(id, "SET NOT NULL"));
        }
        // A parent's constraint takes those below it along; one that leaves its parent is renamed afterwards.
        let cascades = !inherited.is_empty() && !current.inherited.is_empty();
        if *name != current.name && !cascades {
            if !current.takes_along(id, cx) {
                return Alteration::Replace;
            }
            let (old, new) = (current.constraint_name(id), change.desired.constraint_name(id));
            let sql = format!("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", table.sql(), quote(&old), quote(&new));
            let rename = Statement::new(sql).lock(LockMode::AccessExclusive, &table);
            if current.inherited.is_empty() { recipe.establish.push(rename) } else { recipe.finish.push(rename) }
            recipe.after.extend(current.inherited.iter().cloned());
        }
        if *validated && !current.validated && cx.major() >= 18 {
            recipe.establish.push(validate(id, &current.constraint_name(id)));
        }
        if !recipe.is_empty() {
            return Alteration::InPlace(recipe);
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
        // The constraint keeps the name that it got from the old ones.
        if catalog.major >= 18 && self.name.is_none() && catalog.is_within(id, &renaming.from) {
            self.name = Some(self.constraint_name(id));
        }
        self.inherited.iter_mut().for_each(|parent| renaming.id(parent));
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("CONSTRAINT {} ON {}", quote(&self.constraint_name(id)), id.owner_sql())
    }

    fn title(id: &ObjectId) -> String {
        format!("not null of {}", id.sql())
    }
}

impl NotNull {
    /// Whether it is validated, and the one that brings it is not.
    fn is_stronger(&self, above: &ObjectId, cx: &Context) -> bool {
        self.validated && matches!(cx.desired(above), Some(Object::NotNull(above)) if !above.validated)
    }

    /// Whether RENAME takes those below along: they have the same name, and from nowhere else.
    fn takes_along(&self, id: &ObjectId, cx: &Context) -> bool {
        let table = id.parent(ObjectKind::Table);
        let below = super::inheritance::descendants(&table, cx);
        let within = |above: &ObjectId| id.path == above.path || below.iter().any(|child| above.path.starts_with(&child.path));
        let follows = |child: &ObjectId| match cx.current(&child.child(ObjectKind::NotNull, id.raw_name())) {
            Some(Object::NotNull(not_null)) => {
                let name = not_null.constraint_name(&child.child(ObjectKind::NotNull, id.raw_name()));
                name == self.constraint_name(id) && not_null.inherited.iter().all(within)
            }
            _ => true,
        };
        below.iter().all(follows)
    }

    fn constraint_name(&self, id: &ObjectId) -> String {
        let table = id.parent(ObjectKind::Table);
        self.name.clone().unwrap_or_else(|| format!("{}_{}_not_null", table.raw_name(), id.raw_name()))
    }

    /// No row of a foreign table is looked at.
    fn create_natively(&self, id: &ObjectId, elsewhere: bool) -> Recipe {
        let table = id.parent(ObjectKind::Table);
        let name = self.constraint_name(id);
        let inherit = if self.no_inherit { " NO INHERIT" } else { "" };
        let sql = format!(
            "ALTER TABLE {} ADD CONSTRAINT {} NOT NULL {}{inherit}{}",
            table.sql(),
            quote(&name),
            id.name(),
            if elsewhere && self.validated { "" } else { " NOT VALID" }
        );
        let add = Statement::new(sql).contract().lock(LockMode::AccessExclusive, &table);
        if !self.validated || elsewhere {
            return Recipe::one(add);
        }
        Recipe { prepare: vec![add], establish: vec![validate(id, &name)], ..Recipe::default() }
    }
}

fn create_by_check(id: &ObjectId) -> Recipe {
    let table = id.parent(ObjectKind::Table);
    let name = super::index::temporary(id.raw_name());
    let helper = quote(&name);
    let check = format!(
        "ALTER TABLE {} DROP CONSTRAINT IF EXISTS {helper}, ADD CONSTRAINT {helper} CHECK ({} IS NOT NULL) NOT VALID",
        table.sql(),
        id.name()
    );
    let unhelp = format!("ALTER TABLE {} DROP CONSTRAINT {helper}", table.sql());
    let strong_lock = |statement: Statement| statement.contract().lock(LockMode::AccessExclusive, &table);
    let prepare = vec![strong_lock(Statement::new(check)), validate(id, &name)];
    let establish = vec![strong(id, "SET NOT NULL").contract(), strong_lock(Statement::new(unhelp)).joined()];
    Recipe { prepare, establish, ..Recipe::default() }
}

fn strong(id: &ObjectId, what: &str) -> Statement {
    let table = id.parent(ObjectKind::Table);
    Statement::new(format!("ALTER TABLE {} ALTER COLUMN {} {what}", table.sql(), id.name()))
        .lock(LockMode::AccessExclusive, &table)
}

fn validate(id: &ObjectId, name: &str) -> Statement {
    let table = id.parent(ObjectKind::Table);
    Statement::new(format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", table.sql(), quote(name)))
        .contract()
        .lock(LockMode::ShareUpdateExclusive, &table)
        .hazard(HazardKind::MayFailOnData, id, "a row that holds a null makes the validation fail")
}

/// Whether CREATE TABLE says it, or it is there by then. One that is not valid is added afterwards.
fn is_stated(id: &ObjectId, cx: &Context) -> bool {
    !cx.is_new(id) || matches!(cx.desired(id), Some(Object::NotNull(above)) if above.validated)
}
