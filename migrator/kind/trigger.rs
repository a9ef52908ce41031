//! Triggers (CREATE TRIGGER; catalog `pg_trigger`).
//! Those that PostgreSQL makes for foreign keys are not ours to write; a clone on a partition is there only where it is
//! enabled otherwise than its parent's. A constraint trigger cannot be replaced in place.

use serde::{Deserialize, Deserializer, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::definition::{Names, PlainTrigger};
use crate::kind::{Kind, Named, Object, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// As `pg_get_triggerdef` spells it.
    definition: String,
    constraint: bool,
    enabled: char,
    on: ObjectKind,
    clone_of: Option<ObjectId>,
}

/// What the query returns.
#[derive(Deserialize)]
struct Fields {
    definition: Option<String>,
    tgtype: i16,
    function: Vec<String>,
    constraint: bool,
    enabled: char,
    on: ObjectKind,
    clone_of: Option<ObjectId>,
}

impl Kind for Trigger {
    const LABEL: &'static str = "trigger";
    const NAMED: Named = Named::InRelation;
    const COMPOSED: bool = true;
    // Functions of the system are named without their schema.
    const QUERY: &'static str = "
        select 'pg_trigger'::regclass::oid, t.oid, 0, c.oid, t.tgname,
            case when f.pronamespace = 'pg_catalog'::regnamespace or t.tgconstraint <> 0 or t.tgnargs > 0 or t.tgattr <> ''
                or t.tgqual is not null or t.tgoldtable is not null or t.tgnewtable is not null
                then pg_get_triggerdef(t.oid) end as definition,
            t.tgtype, array[fn.nspname, f.proname]::text[] as function, t.tgconstraint <> 0 as constraint,
            t.tgenabled as enabled, case c.relkind when 'v' then 'view' else 'table' end as on,
            case when t.tgparentid <> 0 then (select json_build_object('kind', 'trigger', 'path', json_build_array(n.nspname, r.relname, p.tgname))
                from pg_trigger p join pg_class r on r.oid = p.tgrelid join pg_namespace n on n.oid = r.relnamespace
                where p.oid = t.tgparentid) end as clone_of
        from relation c join pg_trigger t on t.tgrelid = c.oid join pg_proc f on f.oid = t.tgfoid
            join pg_namespace fn on fn.oid = f.pronamespace
        where c.relkind in ('r', 'p', 'f', 'v') and case when t.tgparentid = 0 then not t.tgisinternal
            else t.tgenabled <> (select p.tgenabled from pg_trigger p where p.oid = t.tgparentid and (p.tgconstraint = 0 or exists (
                    select from pg_constraint k where k.oid = p.tgconstraint and k.contype = 't'))) end";

    fn read<'de, D: Deserializer<'de>>(id: &ObjectId, fields: D, _: Names) -> Result<Self, D::Error> {
        let Fields { definition, tgtype, function, constraint, enabled, on, clone_of } = Fields::deserialize(fields)?;
        let composed = || {
            let plain = PlainTrigger { name: id.raw_name(), tgtype, on: &id.parent(on), function: &function };
            plain.definition()
        };
        Ok(Self { definition: definition.unwrap_or_else(composed), constraint, enabled, on, clone_of })
    }

    fn requires(&self, _: &ObjectId) -> Vec<ObjectId> {
        self.clone_of.iter().cloned().collect()
    }

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(id.parent(self.on))
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        if self.clone_of.is_some() {
            // The clone is there once the partition is attached, and whatever the parent is attached to.
            let attached = super::inheritance::arrivals(&id.parent(self.on), cx);
            return Recipe::many(self.enabling(id, cx)).needs(attached);
        }
        let on = id.parent(self.on);
        let create = Statement::new(self.definition.as_str());
        let mut statements = vec![if cx.is_new(&on) { create } else { with_clones(create, LockMode::ShareRowExclusive, &on, cx) }];
        if self.enabled != 'O' {
            statements.extend(self.enabling(id, cx).into_iter().map(Statement::joined));
        }
        // A partition has its parent's of the same name until it leaves.
        Recipe::many(statements).freed(super::inheritance::departures(&on, cx)).freed(namesakes(id, &on, cx))
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        if self.clone_of.is_some() {
            if is_made_anew(&id.parent(self.on), cx) {
                return Recipe::none();
            }
            let enabled = state_above(id, cx);
            return Recipe::many(Self { enabled, ..self.clone() }.enabling(id, cx));
        }
        let drop = Statement::new(format!("DROP TRIGGER {} ON {}", id.name(), id.owner_sql())).contract();
        let on = id.parent(self.on);
        Recipe::one(with_clones(drop, LockMode::AccessExclusive, &on, cx))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Trigger { definition, constraint, enabled, on, clone_of } = change.desired;
        let current = change.current;
        if *clone_of != current.clone_of {
            return Alteration::Replace;
        }
        if *constraint != current.constraint || *constraint && *definition != current.definition {
            return Alteration::Replace;
        }
        if clone_of.is_some() && is_made_anew(&id.parent(*on), cx) {
            return Alteration::InPlace(Recipe::none());
        }
        let mut statements = Vec::new();
        if *definition != current.definition && clone_of.is_none() {
            let replace = definition.replacen("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER", 1);
            statements.push(with_clones(Statement::new(replace), LockMode::ShareRowExclusive, &id.parent(*on), cx));
            statements.extend(super::extension_dependency::again(id, cx));
        }
        let states = change.desired.enabling(id, cx);
        // CREATE OR REPLACE enables it, and its clones.
        let reset = !statements.is_empty() && (*enabled != 'O' || states.len() > 1);
        if reset || *enabled != current.enabled {
            let joined = |state: Statement| if reset { state.joined() } else { state };
            let stops = super::rule::fires_less(Pair::new(current.enabled, *enabled));
            let phased = |state: Statement| if stops { state.contract() } else { state };
            statements.extend(states.into_iter().map(joined).map(phased));
        }
        Alteration::InPlace(Recipe::many(statements))
    }

    /// The column in UPDATE OF or WHEN may not change its type meanwhile; nothing else of the table troubles it.
    fn withstands(change: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt && (used.kind == change.desired.on || used.kind.is_satellite())
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER TRIGGER {} ON {} RENAME TO {}", id.name(), id.owner_sql(), quote(name));
        Some(Recipe::one(Statement::new(sql).lock(LockMode::AccessExclusive, &id.parent(self.on))))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.definition);
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("TRIGGER {} ON {}", id.name(), id.owner_sql())
    }
}

impl Trigger {
    /// Clones on partitions follow; those that shall be otherwise are told so again.
    fn enabling(&self, id: &ObjectId, cx: &Context) -> Vec<Statement> {
        let table = id.parent(self.on);
        let mut statements = vec![with_clones(self.enabling_of(id), LockMode::ShareRowExclusive, &table, cx)];
        for clone in partitions(&table, cx).iter().map(|partition| partition.child(ObjectKind::Trigger, id.raw_name())) {
            statements.extend(state_of_clone(&clone, cx).map(Statement::joined));
        }
        statements
    }

    fn enabling_of(&self, id: &ObjectId) -> Statement {
        let words = super::rule::enable_words(self.enabled);
        Statement::new(format!("ALTER TABLE {} {words} TRIGGER {}", id.owner_sql(), id.name()))
            .lock(LockMode::ShareRowExclusive, &id.parent(self.on))
    }
}

pub(super) fn is_clone(object: Option<&Object>) -> bool {
    matches!(object, Some(Object::Trigger(trigger)) if trigger.clone_of.is_some())
}

/// Whether the table, or one above it, leaves its parent and returns: its clones then are new ones.
fn is_made_anew(table: &ObjectId, cx: &Context) -> bool {
    super::inheritance::arrivals(table, cx).iter().any(|place| cx.current(place).is_some())
}

/// Where clones are.
fn partitions(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let below = super::inheritance::descendants(table, cx);
    if super::table::is_partitioned(table, cx) { below } else { Vec::new() }
}

/// Locks the table, and those below that have clones.
fn with_clones(statement: Statement, mode: LockMode, table: &ObjectId, cx: &Context) -> Statement {
    let below = partitions(table, cx);
    let tables = std::iter::once(table).chain(&below);
    tables.fold(statement, |statement, table| statement.lock(mode, table))
}

/// The states of the clones on a partition, and on what is below it, once its parent has given it new ones.
pub(super) fn restated(partition: &ObjectId, cx: &Context) -> Vec<Statement> {
    let below = super::inheritance::descendants(partition, cx);
    let tables = std::iter::once(partition).chain(&below);
    tables.flat_map(|table| cx.catalogs.desired.used_by(table)).filter_map(|id| state_of_clone(id, cx)).collect()
}

/// Of a clone with a state of its own, if it is there already.
fn state_of_clone(id: &ObjectId, cx: &Context) -> Option<Statement> {
    match cx.desired(id).filter(|_| cx.current(id).is_some()) {
        Some(Object::Trigger(trigger)) if trigger.clone_of.is_some() => Some(trigger.enabling_of(id)),
        _ => None,
    }
}

/// Those of its name that go above and below: here is a clone of one, or would be one of its own there.
fn namesakes(id: &ObjectId, on: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let tables = super::inheritance::ancestors(on, cx).into_iter().chain(super::inheritance::descendants(on, cx));
    tables.map(|table| table.child(ObjectKind::Trigger, id.raw_name())).filter(|id| cx.is_dropped(id)).collect()
}

/// The state of the trigger of which this one is a clone: of the nearest one above that has a state of its own.
fn state_above(id: &ObjectId, cx: &Context) -> char {
    let mut above = super::inheritance::parents(cx.catalogs.desired, &id.parent(ObjectKind::Table));
    while let Some(table) = above.pop() {
        match cx.desired(&table.child(ObjectKind::Trigger, id.raw_name())) {
            Some(Object::Trigger(trigger)) => return trigger.enabled,
            _ => above.extend(super::inheritance::parents(cx.catalogs.desired, &table)),
        }
    }
    'O'
}
