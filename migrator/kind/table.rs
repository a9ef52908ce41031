//! Tables, plain and partitioned (CREATE TABLE; `pg_class` with relkind `r` or `p`).
//! Columns, constraints and the place in an inheritance tree are objects of their own; a new table's statement holds
//! them all the same. A table is never replaced unless it becomes partitioned or ceases to be.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, ObjectId};
use crate::name::{literal, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, LockMode, Recipe, Slot, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    unlogged: bool,
    /// As `pg_get_partkeydef` gives it, for a partitioned table.
    partition_key: Option<String>,
    /// A partition's own statement never says INHERITS.
    partition: bool,
    access_method: Option<String>,
    tablespace: Option<String>,
    options: Vec<String>,
    row_type: Option<String>,
    row_security: bool,
    force_row_security: bool,
    /// `d`efault, `n`othing or `f`ull; an index says itself that it is the identity.
    replica_identity: char,
}

impl Kind for Table {
    const LABEL: &'static str = "table";
    const DEFAULT_PRIVILEGES: Option<&'static str> = Some("TABLES");
    const QUERY: &'static str = "
        select 'pg_class'::regclass::oid, c.oid, 0, array[c.schema, c.relname]::text[],
            c.relpersistence = 'u' as unlogged,
            case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition_key,
            c.relispartition as partition,
            case when c.relam <> 2 then (select a.amname from pg_am a where a.oid = c.relam) end as access_method,
            case when c.reltablespace <> 0 then (select t.spcname from pg_tablespace t where t.oid = c.reltablespace) end as tablespace,
            coalesce(c.reloptions, '{}') || coalesce((select array_agg('toast.' || o order by o)
                from pg_class t, unnest(t.reloptions) o where t.oid = c.reltoastrelid), '{}') as options,
            nullif(c.reloftype, 0)::regtype::text as row_type,
            c.relrowsecurity as row_security, c.relforcerowsecurity as force_row_security,
            case when c.relreplident = 'i' then 'd' else c.relreplident end as replica_identity
        from relation c where c.relkind in ('r', 'p')";

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("relation", id.path.to_vec()), ("type", id.path.to_vec())]
    }

    fn create(&self, id: &ObjectId, parts: &[Fragment], _: &Context) -> Recipe {
        let slot = |slot: Slot| parts.iter().filter(move |part| part.slot == slot).map(|part| part.sql.as_str());
        let body = slot(Slot::Body).map(|part| format!("\n    {part}")).collect::<Vec<_>>().join(",");
        let body = if body.is_empty() { "()".to_owned() } else { format!("({body}\n)") };
        let mut sql = format!("CREATE {}TABLE {} {body}", if self.unlogged { "UNLOGGED " } else { "" }, id.sql());
        let parents = slot(Slot::Inherits).collect::<Vec<_>>().join(", ");
        if !parents.is_empty() {
            sql.push_str(&format!("\nINHERITS ({parents})"));
        }
        sql.extend(self.partition_key.iter().map(|key| format!("\nPARTITION BY {key}")));
        sql.extend(self.access_method.iter().map(|method| format!("\nUSING {}", quote(method))));
        sql.extend(option_list(&self.options).map(|list| format!("\nWITH ({list})")));
        sql.extend(self.tablespace.iter().map(|tablespace| format!("\nTABLESPACE {}", quote(tablespace))));
        let hazards = parts.iter().flat_map(|part| part.hazards.clone());
        let mut statements = vec![Statement::new(sql).hazards(hazards)];
        statements.extend(self.row_type.iter().map(|of| Statement::new(format!("ALTER TABLE {} OF {of}", id.sql())).joined()));
        let then = parts.iter().flat_map(|part| part.then.clone());
        let unheard = then.map(|statement| Statement { locks: Vec::new(), ..statement });
        statements.extend(self.settings(id).into_iter().chain(unheard).map(Statement::joined));
        Recipe::many(statements)
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        let note = format!("every row of the table is lost{}", cx.size_note(id));
        let drop = Statement::new(format!("DROP TABLE {}", id.sql())).contract();
        Recipe::one(drop.lock(LockMode::AccessExclusive, id).hazard(HazardKind::DataLoss, id, note))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Table { unlogged, partition_key, partition: _, access_method, tablespace, options, row_type, .. } = change.desired;
        let Table { row_security, force_row_security, replica_identity, .. } = change.desired;
        let current = change.current;
        if *partition_key != current.partition_key {
            return Alteration::Replace;
        }
        let alter = |what: String| Statement::new(format!("ALTER TABLE {} {what}", id.sql()));
        let strong = |statement: Statement| statement.lock(LockMode::AccessExclusive, id);
        let rewrite = |statement: Statement| {
            let note = format!("the whole table is rewritten while nobody can read it{}", cx.size_note(id));
            strong(statement).hazard(HazardKind::TableRewrite, id, note)
        };
        let mut statements = Vec::new();
        if *unlogged != current.unlogged {
            statements.push(rewrite(alter(format!("SET {}", if *unlogged { "UNLOGGED" } else { "LOGGED" }))));
        }
        if *access_method != current.access_method {
            let method = access_method.as_deref().unwrap_or("heap");
            statements.push(rewrite(alter(format!("SET ACCESS METHOD {}", quote(method)))));
        }
        if *tablespace != current.tablespace {
            let tablespace = tablespace.as_deref().unwrap_or("pg_default");
            statements.push(rewrite(alter(format!("SET TABLESPACE {}", quote(tablespace)))));
        }
        let (set, reset) = option_changes(&current.options, options);
        statements.extend(set.map(|set| alter(format!("SET ({set})")).lock(LockMode::ShareUpdateExclusive, id)));
        statements.extend(reset.map(|reset| alter(format!("RESET ({reset})")).lock(LockMode::ShareUpdateExclusive, id)));
        if *row_type != current.row_type {
            statements.push(strong(alter(row_type.as_ref().map_or("NOT OF".to_owned(), |of| format!("OF {of}")))));
        }
        if (row_security, force_row_security) != (&current.row_security, &current.force_row_security)
            || *replica_identity != current.replica_identity
        {
            statements.extend(change.desired.changed_settings(id, current).into_iter().map(strong));
        }
        Alteration::InPlace(Recipe::many(statements))
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, _: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let note = "application code that uses the old name fails";
        let sql = format!("ALTER TABLE {} RENAME TO {}", id.sql(), quote(name));
        let rename = Statement::new(sql).contract().lock(LockMode::AccessExclusive, id);
        Some(Recipe::one(rename.hazard(HazardKind::BreaksOldCode, id, note)))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        self.partition_key.iter_mut().for_each(|key| renaming.sql(key));
        self.row_type.iter_mut().for_each(|row_type| renaming.sql(row_type));
    }
}

impl Table {
    /// What CREATE TABLE cannot say.
    fn settings(&self, id: &ObjectId) -> Vec<Statement> {
        let fresh = Self { row_security: false, force_row_security: false, replica_identity: 'd', ..self.clone() };
        self.changed_settings(id, &fresh)
    }

    fn changed_settings(&self, id: &ObjectId, current: &Self) -> Vec<Statement> {
        let mut words = Vec::new();
        if self.row_security != current.row_security {
            words.push(if self.row_security { "ENABLE ROW LEVEL SECURITY" } else { "DISABLE ROW LEVEL SECURITY" });
        }
        if self.force_row_security != current.force_row_security {
            words.push(if self.force_row_security { "FORCE ROW LEVEL SECURITY" } else { "NO FORCE ROW LEVEL SECURITY" });
        }
        if self.replica_identity != current.replica_identity {
            words.push(match self.replica_identity {
                'n' => "REPLICA IDENTITY NOTHING",
                'f' => "REPLICA IDENTITY FULL",
                _ => "REPLICA IDENTITY DEFAULT",
            });
        }
        words.into_iter().map(|word| Statement::new(format!("ALTER TABLE {} {word}", id.sql()))).collect()
    }
}

/// `name='value', ..` of storage parameters that the catalog holds as `name=value`; `None` where there are none.
pub(super) fn option_list<S: AsRef<str>>(options: &[S]) -> Option<String> {
    let quoted = options.iter().map(|option| match option.as_ref().split_once('=') {
        Some((name, value)) => format!("{name}={}", literal(value)),
        None => option.as_ref().to_owned(),
    });
    (!options.is_empty()).then(|| quoted.collect::<Vec<_>>().join(", "))
}

/// The lists of storage parameters to set and to reset.
pub(super) fn option_changes(current: &[String], desired: &[String]) -> (Option<String>, Option<String>) {
    let name = |option: &str| option.split_once('=').map_or(option, |(name, _)| name).to_owned();
    let set: Vec<&String> = desired.iter().filter(|option| !current.contains(option)).collect();
    let kept: Vec<String> = desired.iter().map(|option| name(option)).collect();
    let reset: Vec<String> = current.iter().map(|option| name(option)).filter(|gone| !kept.contains(gone)).collect();
    (option_list(&set), option_list(&reset))
}
