//! Views (CREATE VIEW; `pg_class` with relkind `v`).
//! CREATE OR REPLACE VIEW may only append columns; any other change drops the view, and with it what hangs on it.
//! The definition is the server's own deparsed one.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, Object, ObjectId};
use crate::name::{quote, tokens};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, HazardKind, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    pub(super) columns: Vec<ViewColumn>,
    options: Vec<String>,
    definition: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ViewColumn {
    name: String,
    #[serde(rename = "type")]
    data_type: String,
    collation: Option<String>,
}

impl Kind for View {
    const LABEL: &'static str = "view";
    const NAMES_TYPES: bool = true;
    const DEFAULT_PRIVILEGES: Option<&'static str> = Some("TABLES");
    const QUERY: &'static str = "
        select 'pg_class'::regclass::oid, c.oid, 0, array[c.schema, c.relname]::text[],
            coalesce((
                select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                    'collation', nullif(a.attcollation, 0)::regcollation::text) order by a.attnum)
                from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns,
            c.reloptions as options, pg_get_viewdef(c.oid) as definition
        from relation c where c.relkind = 'v'";

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("relation", id.path.clone()), ("type", id.path.clone())]
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let create = Statement::new(self.statement("CREATE VIEW", id));
        let Some(Object::View(current)) = cx.current(id) else { return Recipe::one(create) };
        if current.columns.iter().all(|column| self.columns.contains(column)) {
            return Recipe::one(if self.is_stricter(current) { create.contract() } else { create });
        }
        let note = "a column that application code may read is gone or has another type";
        Recipe::one(create.contract().hazard(HazardKind::BreaksOldCode, id, note))
    }

    fn match_versions(&mut self, _: &ObjectId, prod: &Self, majors: Pair<u32>) -> Option<String> {
        match_query(&mut self.definition, &prod.definition, majors);
        None
    }

    fn since(&self, _: &ObjectId) -> Option<(u32, &'static str)> {
        let invoker = self.options.iter().any(|option| option.starts_with("security_invoker="));
        invoker.then_some((15, "security_invoker"))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        let drop = Statement::new(format!("DROP VIEW {}", id.sql())).contract();
        Recipe::one(drop.lock(LockMode::AccessExclusive, id))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let View { columns, options, definition } = change.desired;
        let current = change.current;
        if !columns.starts_with(&current.columns) {
            return Alteration::Replace;
        }
        let phased = |statement: Statement| if change.desired.is_stricter(current) { statement.contract() } else { statement };
        if *columns != current.columns || *definition != current.definition {
            let replace = phased(Statement::new(change.desired.statement("CREATE OR REPLACE VIEW", id)));
            return Alteration::InPlace(Recipe::one(replace.lock(LockMode::AccessExclusive, id)));
        }
        let alter = |what: String| phased(Statement::new(format!("ALTER VIEW {} {what}", id.sql()))).lock(LockMode::AccessExclusive, id);
        let (set, reset) = super::table::option_changes(&current.options, options);
        let set = set.map(|set| alter(format!("SET ({set})")));
        Alteration::InPlace(Recipe::many(set.into_iter().chain(reset.map(|reset| alter(format!("RESET ({reset})")))).collect()))
    }

    fn grant_address(&self, id: &ObjectId) -> String {
        format!("TABLE {}", id.sql())
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let note = "application code that uses the old name fails";
        let rename = Statement::new(format!("ALTER VIEW {} RENAME TO {}", id.sql(), quote(name))).contract();
        Some(Recipe::one(rename.lock(LockMode::AccessExclusive, id).hazard(HazardKind::BreaksOldCode, id, note)))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        // The output columns keep their names: only their types and the query follow.
        renaming.sql(&mut self.definition);
        self.columns.iter_mut().for_each(|column| renaming.data_type(&mut column.data_type));
    }
}

/// Takes over prod's form of a query that differs only in how the two servers write it.
pub(super) fn match_query(definition: &mut String, prod: &str, majors: Pair<u32>) {
    let dev = definition.as_str();
    let (older, newer) = if majors.current < majors.desired { (prod, dev) } else { (dev, prod) };
    if is_same_query(older, newer) {
        prod.clone_into(definition);
    }
}

/// Since PostgreSQL 16 the columns of a query over one relation are written without its name: `id`, not `t.id`.
fn is_same_query(older: &str, newer: &str) -> bool {
    let words = |sql| tokens(sql).map(|token| token.text).filter(|text| !text.trim().is_empty()).collect::<Vec<_>>();
    let (older, newer) = (words(older), words(newer));
    let (mut at, mut relation) = (0, None);
    for (place, word) in newer.iter().enumerate() {
        // A function is no column: its schema counts.
        let is_column = !matches!(newer.get(place + 1), Some(&("." | "(")));
        let is_longer = is_column && older.get(at + 1) == Some(&".");
        if is_longer && *relation.get_or_insert(older[at]) == older[at] {
            at += 2;
        }
        if older.get(at) != Some(word) {
            return false;
        }
        at += 1;
    }
    at == older.len()
}

impl View {
    /// Whether it refuses rows, or roles, that it did not refuse.
    fn is_stricter(&self, current: &Self) -> bool {
        let strict = |option: &&String| option.starts_with("check_option=") || option.starts_with("security_invoker=");
        self.options.iter().filter(strict).any(|option| !current.options.contains(option))
    }

    fn statement(&self, words: &str, id: &ObjectId) -> String {
        let options = super::table::option_list(&self.options).map_or(String::new(), |list| format!(" WITH ({list})"));
        // A view without columns can be deparsed but not listed.
        format!("{words} {}{options} AS\n{}", id.sql(), self.definition.trim_end_matches(';'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_over_one_relation_may_name_it_or_not() {
        let older = " SELECT t.id,\n    upper(t.\"N\") AS n\n   FROM s.t\n  WHERE (t.t > 0);";
        assert!(is_same_query(older, " SELECT id,\n    upper(\"N\") AS n\n   FROM s.t\n  WHERE (t > 0);"));
        assert!(is_same_query(older, older));
        assert!(!is_same_query(older, " SELECT id,\n    upper(\"N\") AS n\n   FROM s.u\n  WHERE (t > 0);"));
        assert!(!is_same_query(older, " SELECT id,\n    upper(\"N\") AS n\n   FROM s.t\n  WHERE (u > 0);"));
        assert!(!is_same_query(" SELECT a.id, b.id FROM a, b", " SELECT id, id FROM a, b"));
        assert!(!is_same_query(older, &older[..older.len() - 1]));
        assert!(!is_same_query(" SELECT app.now() AS n", " SELECT now() AS n"));
    }
}
