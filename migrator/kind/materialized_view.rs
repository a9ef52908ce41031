//! Materialized views (CREATE MATERIALIZED VIEW; `pg_class` with relkind `m`).
//! PostgreSQL has no OR REPLACE for them: a new definition is a new materialized view, with all its indexes.
//! One that dev left without data is created so; one that dev has filled is refreshed.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, HazardKind, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterializedView {
    definition: String,
    populated: bool,
    options: Vec<String>,
    access_method: Option<String>,
    tablespace: Option<String>,
}

impl Kind for MaterializedView {
    const LABEL: &'static str = "materialized view";
    const NAMES_TYPES: bool = true;
    const DEFAULT_PRIVILEGES: Option<&'static str> = Some("TABLES");
    const QUERY: &'static str = "
        select 'pg_class'::regclass::oid, c.oid, 0, array[c.schema, c.relname]::text[],
            pg_get_viewdef(c.oid) as definition, c.relispopulated as populated,
            c.reloptions || case when c.reltoastrelid in (select t.oid from pg_class t where t.relkind = 't' and t.reloptions is not null)
                then (select array_agg('toast.' || o order by o)
                    from pg_class t, unnest(t.reloptions) o where t.oid = c.reltoastrelid) end as options,
            (select a.amname from pg_am a where a.oid = c.relam and a.amname <> 'heap') as access_method,
            (select t.spcname from pg_tablespace t where t.oid = c.reltablespace) as tablespace
        from relation c where c.relkind = 'm'";

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("relation", id.path.clone()), ("type", id.path.clone())]
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let mut sql = format!("CREATE MATERIALIZED VIEW {}", id.sql());
        sql.extend(self.access_method.iter().map(|method| format!("\nUSING {}", quote(method))));
        sql.extend(super::table::option_list(&self.options).map(|list| format!("\nWITH ({list})")));
        sql.extend(self.tablespace.iter().map(|tablespace| format!("\nTABLESPACE {}", quote(tablespace))));
        sql.push_str(&format!(" AS\n{}", self.definition.trim_end_matches(';')));
        sql.push_str(if self.populated { "" } else { "\nWITH NO DATA" });
        let create = Statement::new(sql).scanning(if self.populated { tables_read(id, cx) } else { Vec::new() });
        let rights = if self.populated { rights(id, cx) } else { Vec::new() };
        if cx.current(id).is_none() {
            return Recipe::one(create).needs(rights);
        }
        let note = format!("the query runs anew while nobody can read the view{}", cx.size_note(id));
        Recipe::one(create.hazard(HazardKind::BlocksReads, id, note)).needs(rights)
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        let drop = Statement::new(format!("DROP MATERIALIZED VIEW {}", id.sql())).contract();
        Recipe::one(drop.lock(LockMode::AccessExclusive, id))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let MaterializedView { definition, populated, options, access_method, tablespace } = change.desired;
        let current = change.current;
        if *definition != current.definition {
            return Alteration::Replace;
        }
        let alter = |what: String, mode: LockMode| {
            Statement::new(format!("ALTER MATERIALIZED VIEW {} {what}", id.sql())).lock(mode, id)
        };
        let (mut statements, mut needs) = (Vec::new(), Vec::new());
        let (set, reset) = super::table::option_changes(&current.options, options);
        statements.extend(set.map(|set| alter(format!("SET ({set})"), LockMode::ShareUpdateExclusive)));
        statements.extend(reset.map(|reset| alter(format!("RESET ({reset})"), LockMode::ShareUpdateExclusive)));
        let rewritten = |statement: Statement| {
            statement.hazard(HazardKind::TableRewrite, id, format!("it is rewritten while nobody can read it{}", cx.size_note(id)))
        };
        if *access_method != current.access_method {
            let method = access_method.as_deref().unwrap_or("heap");
            statements.push(rewritten(alter(format!("SET ACCESS METHOD {}", quote(method)), LockMode::AccessExclusive)));
        }
        if let Some(tablespace) = super::table::new_tablespace(Pair::new(&current.tablespace, tablespace), cx) {
            statements.push(rewritten(alter(format!("SET TABLESPACE {}", quote(tablespace)), LockMode::AccessExclusive)));
        }
        if *populated && !current.populated {
            let refresh = Statement::new(format!("REFRESH MATERIALIZED VIEW {}", id.sql())).lock(LockMode::AccessExclusive, id);
            let refresh = refresh.scanning(tables_read(id, cx));
            statements.push(refresh.hazard(HazardKind::TableRewrite, id, "it is filled; nobody could read it until now"));
            needs = rights(id, cx);
        }
        if statements.is_empty() {
            return Alteration::Inform("holds data here and none there".to_owned());
        }
        Alteration::InPlace(Recipe::many(statements).needs(needs))
    }

    fn grant_address(&self, id: &ObjectId) -> String {
        format!("TABLE {}", id.sql())
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let note = "application code that uses the old name fails";
        let sql = format!("ALTER MATERIALIZED VIEW {} RENAME TO {}", id.sql(), quote(name));
        let rename = Statement::new(sql).contract().lock(LockMode::AccessExclusive, id);
        Some(Recipe::one(rename.hazard(HazardKind::BreaksOldCode, id, note)))
    }

    fn match_versions(&mut self, _: &ObjectId, prod: &Self, majors: Pair<u32>) -> Option<String> {
        super::view::match_query(&mut self.definition, &prod.definition, majors);
        None
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.definition);
    }
}

/// The query reads what is below a view as the view's owner: that, and what the owner may, is as it shall be by then.
fn rights(id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let desired = cx.catalogs.desired;
    let is_right = |part: &&ObjectId| {
        matches!(part.kind, ObjectKind::Ownership | ObjectKind::Privilege | ObjectKind::InitialPrivilege)
    };
    read(id, cx).iter().flat_map(|read| desired.used_by(read)).filter(is_right).cloned().collect()
}

/// The tables that are read, and what is below them.
fn tables_read(id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let tables = read(id, cx).into_iter().filter(|read| read.kind == ObjectKind::Table && !cx.is_new(read));
    tables.flat_map(|table| super::inheritance::tree(&table, cx)).collect()
}

/// What the query reads, and what the views in it do.
fn read(id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let desired = cx.catalogs.desired;
    let mut read: Vec<ObjectId> = Vec::new();
    let mut at = vec![id.clone()];
    while let Some(view) = at.pop() {
        let used = desired.uses(&view).flat_map(|used| desired.whole(used).into_iter().chain([used.clone()]));
        let used: Vec<ObjectId> = used.filter(|used| !read.contains(used)).collect();
        at.extend(used.iter().filter(|used| used.kind == ObjectKind::View).cloned());
        read.extend(used);
    }
    read
}
