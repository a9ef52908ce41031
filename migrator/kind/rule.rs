//! Rewrite rules (CREATE RULE; catalog `pg_rewrite`). The rule that makes a view is the view's.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, ObjectId, ObjectKind};
use crate::name::{has_keywords, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// As `pg_get_ruledef` gives it.
    definition: String,
    enabled: char,
    on: ObjectKind,
}

impl Kind for Rule {
    const LABEL: &'static str = "rule";
    const QUERY: &'static str = "
        select 'pg_rewrite'::regclass::oid, r.oid, 0, array[c.schema, c.relname, r.rulename]::text[],
            pg_get_ruledef(r.oid) as definition, r.ev_enabled as enabled,
            case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'table' end as on
        from relation c join pg_rewrite r on r.ev_class = c.oid
        where r.rulename <> '_RETURN'";

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(id.parent(self.on))
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let mut statements = vec![self.made(id, self.definition.trim_end_matches(';'), cx)];
        if self.enabled != 'O' {
            statements.push(self.enabling(id).joined());
        }
        Recipe::many(statements)
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        let drop = Statement::new(format!("DROP RULE {} ON {}", id.name(), id.owner_sql())).contract();
        Recipe::one(drop.lock(LockMode::AccessExclusive, &id.parent(self.on)))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Rule { definition, enabled, on: _ } = change.desired;
        let mut statements = Vec::new();
        if *definition != change.current.definition {
            let replace = definition.trim_end_matches(';').replacen("CREATE RULE", "CREATE OR REPLACE RULE", 1);
            statements.push(change.desired.made(id, &replace, cx));
        }
        if *enabled != change.current.enabled {
            let state = change.desired.enabling(id);
            let stops = fires_less(Pair::new(change.current.enabled, *enabled));
            statements.push(if stops { state.contract() } else { state });
        }
        Alteration::InPlace(Recipe::many(statements))
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER RULE {} ON {} RENAME TO {}", id.name(), id.owner_sql(), quote(name));
        Some(Recipe::one(Statement::new(sql).lock(LockMode::AccessExclusive, &id.parent(self.on))))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.definition);
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("RULE {} ON {}", id.name(), id.owner_sql())
    }
}

impl Rule {
    fn made(&self, id: &ObjectId, sql: &str, cx: &Context) -> Statement {
        let table = id.parent(self.on);
        let make = Statement::new(sql).lock(LockMode::AccessExclusive, &table);
        // What a WITH holds returns nothing to the caller.
        let returns = has_keywords(&self.definition, "RETURNING") && !has_keywords(&self.definition, "WITH");
        if self.on != ObjectKind::Table || cx.is_new(&table) || !returns {
            return make;
        }
        let drops = |part: &ObjectId| part.kind == ObjectKind::Column && cx.is_dropped(part);
        make.unless(super::objection::by_dropped_columns(id, &table, cx.catalogs.current.used_by(&table).any(drops)))
    }

    fn enabling(&self, id: &ObjectId) -> Statement {
        let sql = format!("ALTER TABLE {} {} RULE {}", id.owner_sql(), enable_words(self.enabled), id.name());
        Statement::new(sql).lock(LockMode::AccessExclusive, &id.parent(self.on))
    }
}

/// Whether it no longer fires in the sessions of applications.
pub(super) fn fires_less(change: Pair<char>) -> bool {
    let fires = |state: char| matches!(state, 'O' | 'A');
    fires(change.current) && !fires(change.desired)
}

/// `pg_trigger.tgenabled`, `pg_rewrite.ev_enabled`, `pg_event_trigger.evtenabled`.
pub(super) fn enable_words(state: char) -> &'static str {
    match state {
        'D' => "DISABLE",
        'R' => "ENABLE REPLICA",
        'A' => "ENABLE ALWAYS",
        _ => "ENABLE",
    }
}
