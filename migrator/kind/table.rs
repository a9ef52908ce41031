//! Tables, plain, partitioned and foreign (CREATE TABLE, CREATE FOREIGN TABLE; `pg_class` with relkind `r`, `p` or `f`).
//! Columns, constraints and the place in an inheritance tree are objects of their own; a new table's statement holds
//! them all the same. A table is never replaced unless it becomes partitioned or foreign or ceases to be.

use serde::{Deserialize, Serialize};

use super::generic_options::GenericOptions;
use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, Object, ObjectId, ObjectKind};
use crate::name::{Sql, literal, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, LockMode, Recipe, Slot, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    unlogged: bool,
    /// As `pg_get_partkeydef` gives it, for a partitioned table.
    partition_key: Option<String>,
    /// The columns in it, also within expressions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    key_columns: Vec<String>,
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
    /// Its rows are elsewhere.
    foreign: Option<Foreign>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Foreign {
    server: String,
    options: GenericOptions,
}

impl Kind for Table {
    const LABEL: &'static str = "table";
    const NAMES_TYPES: bool = true;
    const DEFAULT_PRIVILEGES: Option<&'static str> = Some("TABLES");
    const QUERY: &'static str = "
        select 'pg_class'::regclass::oid, c.oid, 0, array[c.schema, c.relname]::text[],
            c.relpersistence = 'u' as unlogged,
            case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition_key,
            case when c.relkind = 'p' then (
                select array_agg(a.attname::text order by a.attnum)
                from pg_depend d join pg_attribute a on a.attrelid = d.objid and a.attnum = d.objsubid
                where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid > 0
                    and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.refobjsubid = 0) end as key_columns,
            c.relispartition as partition,
            case when c.relam <> 2 or c.relkind = 'p' then (select a.amname from pg_am a where a.oid = c.relam) end as access_method,
            case when c.reltablespace <> 0 then (select t.spcname from pg_tablespace t where t.oid = c.reltablespace) end as tablespace,
            c.reloptions || case when c.reltoastrelid in (select t.oid from pg_class t where t.relkind = 't' and t.reloptions is not null)
                then (select array_agg('toast.' || o order by o)
                    from pg_class t, unnest(t.reloptions) o where t.oid = c.reltoastrelid) end as options,
            nullif(c.reloftype, 0)::regtype::text as row_type,
            c.relrowsecurity as row_security, c.relforcerowsecurity as force_row_security,
            case when c.relkind = 'f' then 'd'::\"char\" when c.relreplident <> 'i' then c.relreplident
                -- Without the index that it was, there is none.
                when exists (select from pg_index i where i.indrelid = c.oid and i.indisreplident) then 'd' else 'n' end as replica_identity,
            case when c.relkind = 'f' then (
                select json_build_object('server', s.srvname, 'options', coalesce(f.ftoptions, '{}'))
                from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid) end as foreign
        from relation c where c.relkind in ('r', 'p', 'f')";

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("relation", id.path.clone()), ("type", id.path.clone())]
    }

    fn since(&self, _: &ObjectId) -> Option<(u32, &'static str)> {
        let method = self.partition_key.is_some() && self.access_method.is_some();
        let young = ["vacuum_max_eager_freeze_failure_rate=", "autovacuum_vacuum_max_threshold="];
        let option = self.options.iter().any(|option| young.iter().any(|name| option.contains(name)));
        let method = method.then_some((17, "the access method of a partitioned table"));
        if option { Some((18, "this storage parameter")) } else { method }
    }

    fn create(&self, id: &ObjectId, parts: &[Fragment], cx: &Context) -> Recipe {
        let slot = |slot: Slot| parts.iter().filter(move |part| part.slot == slot).map(|part| &part.sql);
        let word = match &self.foreign {
            Some(_) => "FOREIGN ",
            None if self.unlogged => "UNLOGGED ",
            None => "",
        };
        let parents = slot(Slot::Inherits).map(Sql::as_str).collect::<Vec<_>>().join(", ");
        let (mut behind, mut locked) = (String::new(), Vec::new());
        if !parents.is_empty() {
            behind.push_str(&format!("\nINHERITS ({parents})"));
            locked = super::inheritance::parents(cx.catalogs.desired, id);
            locked.retain(|parent| !cx.is_new(parent));
        }
        behind.extend(self.partition_key.iter().map(|key| format!("\nPARTITION BY {key}")));
        behind.extend(self.access_method.iter().map(|method| format!("\nUSING {}", quote(method))));
        behind.extend(option_list(&self.options).map(|list| format!("\nWITH ({list})")));
        behind.extend(self.tablespace.iter().map(|tablespace| format!("\nTABLESPACE {}", quote(tablespace))));
        behind.extend(self.foreign.iter().map(|foreign| format!("\nSERVER {}", quote(&foreign.server))));
        let hazards = parts.iter().flat_map(|part| part.hazards.clone());
        let sql = Sql::holding(&slot(Slot::Body).collect::<Vec<_>>(), |parts| {
            let body = parts.iter().map(|part| format!("\n    {part}")).collect::<Vec<_>>().join(",");
            let body = if body.is_empty() { body } else { format!("{body}\n") };
            format!("CREATE {word}TABLE {} ({body}){behind}", id.sql())
        });
        let sql = self.foreign.as_ref().map_or(sql.clone(), |foreign| foreign.options.behind_secret(&sql));
        let create = Statement::of(sql).hazards(hazards);
        let create = match &self.foreign {
            Some(foreign) => foreign.options.confess(&GenericOptions::default(), create, id),
            None => create,
        };
        let lock = |create: Statement, parent: &ObjectId| create.lock(LockMode::ShareUpdateExclusive, parent);
        let mut statements = vec![locked.iter().fold(create, lock)];
        statements.extend(self.row_type.iter().map(|of| Statement::new(format!("ALTER TABLE {} OF {of}", id.sql())).joined()));
        let then = parts.iter().flat_map(|part| part.then.clone());
        let unheard = then.map(|statement| Statement { locks: Vec::new(), ..statement });
        statements.extend(self.settings(id).into_iter().chain(unheard).map(Statement::joined));
        // What is new in a parent is there from the start, and brings nothing along that this table shall not have.
        let inherited = locked.iter().flat_map(|parent| cx.catalogs.desired.used_by(parent));
        let inherited: Vec<ObjectId> =
            inherited.filter(|part| part.kind == ObjectKind::Column && cx.is_new(part)).cloned().collect();
        // Nor is it merged with what goes there.
        let merged = |part: &&ObjectId| cx.desired(&id.child(part.kind, part.raw_name())).is_some();
        let gone = locked.iter().flat_map(|parent| cx.catalogs.current.used_by(parent)).filter(merged);
        let gone: Vec<ObjectId> = gone.filter(|part| part.kind == ObjectKind::Column && cx.is_dropped(part)).cloned().collect();
        Recipe::many(statements).needs(inherited).freed(gone)
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        if self.foreign.is_some() {
            let drop = Statement::new(format!("DROP FOREIGN TABLE {}", id.sql())).contract();
            let above = super::inheritance::parents(cx.catalogs.current, id);
            let locked = std::iter::once(id).chain(above.iter().filter(|_| self.partition));
            return Recipe::one(locked.fold(drop, |drop, table| drop.lock(LockMode::AccessExclusive, table)));
        }
        let partitioned = self.partition_key.is_some() && cx.is_new(id);
        let why = if partitioned { "; PARTITION BY, and the types in it, cannot be altered" } else { "" };
        let note = format!("every row of the table is lost{}{why}", cx.size_note(id));
        let above = super::inheritance::parents(cx.catalogs.current, id);
        let drop = Statement::new(format!("DROP TABLE {}", id.sql())).contract().lock(LockMode::AccessExclusive, id);
        let drop = drop.lock_each(LockMode::AccessExclusive, above.iter().filter(|_| self.partition));
        // The foreign keys between tables that go both, go before them.
        let referred = super::inheritance::referred(cx.catalogs.current, id).filter(|other| !cx.is_dropped(other));
        let beside = super::inheritance::default_partitions_beside(id, cx);
        let drop = drop.lock_each(LockMode::AccessExclusive, referred).lock_each(LockMode::AccessExclusive, beside);
        Recipe::one(drop.hazard(HazardKind::DataLoss, id, note))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Table { unlogged, partition_key, key_columns: _, partition: _, access_method, tablespace, options, row_type, .. } = change.desired;
        let Table { row_security, force_row_security, replica_identity, foreign, .. } = change.desired;
        let current = change.current;
        let server = |foreign: &Option<Foreign>| foreign.as_ref().map(|foreign| foreign.server.clone());
        if *partition_key != current.partition_key || server(foreign) != server(&current.foreign) {
            return Alteration::Replace;
        }
        let alter = |what: String| Statement::new(format!("ALTER TABLE {} {what}", id.sql()));
        let strong = |statement: Statement| statement.lock(LockMode::AccessExclusive, id);
        let rewrite = |statement: Statement| {
            let note = format!("the whole table is rewritten while nobody can read it{}", cx.size_note(id));
            strong(statement).hazard(HazardKind::TableRewrite, id, note)
        };
        let mut statements = Vec::new();
        if let Some((foreign, current)) = foreign.as_ref().zip(current.foreign.as_ref()) {
            let options = Pair::new(&current.options, &foreign.options);
            let altered = GenericOptions::change(options, &format!("ALTER FOREIGN TABLE {}", id.sql()));
            statements.extend(altered.map(|sql| foreign.options.confess(&current.options, strong(Statement::of(sql)), id)));
        }
        if *unlogged != current.unlogged {
            statements.push(rewrite(alter(format!("SET {}", if *unlogged { "UNLOGGED" } else { "LOGGED" }))));
        }
        if *access_method != current.access_method {
            // A partitioned table only says what its partitions get.
            let default = if partition_key.is_some() { "DEFAULT" } else { "heap" };
            let method = access_method.as_ref().map_or(default.to_owned(), |method| quote(method));
            let set = alter(format!("SET ACCESS METHOD {method}"));
            statements.push(if partition_key.is_some() { strong(set) } else { rewrite(set) });
        }
        if let Some(tablespace) = new_tablespace(Pair::new(&current.tablespace, tablespace), cx) {
            let alter = alter(format!("SET TABLESPACE {}", quote(tablespace)));
            // A partitioned table holds nothing: it is where new partitions go.
            statements.push(if partition_key.is_some() { strong(alter) } else { rewrite(alter) });
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
            let kept = Self { row_security: *row_security && current.row_security, ..change.desired.clone() };
            statements.extend(kept.changed_settings(id, current).into_iter().map(strong));
        }
        // From then on policies hide rows from code that saw them.
        let hides = |now: bool, before: bool, word: &str| (now && !before).then(|| strong(alter(word.to_owned())).contract());
        let enabled = hides(*row_security, current.row_security, ENABLE);
        let forced = hides(*force_row_security, current.force_row_security, FORCE);
        if statements.is_empty() && enabled.is_none() && forced.is_none() {
            return Alteration::Inform("lies in the database's own tablespace, whatever that is called".to_owned());
        }
        // PostgreSQL replicates no unlogged table.
        let publications = cx.catalogs.current.used_by(id).filter(|user| user.kind == ObjectKind::PublicationTable);
        let published = publications.filter(|user| *unlogged && !current.unlogged && cx.is_dropped(user));
        let mut recipe = Recipe::many(statements).needs(published.cloned());
        // A logged table may not refer to one that is not.
        if *unlogged != current.unlogged {
            recipe.needs.extend(if *unlogged { referencing(id, cx.catalogs.current) } else { referenced(id, cx) });
        }
        recipe.finish.extend(enabled);
        if let Some(forced) = forced {
            recipe.after = readers(id, cx);
            recipe.finish.push(forced);
        }
        Alteration::InPlace(recipe)
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, _: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt
    }

    /// When its row type is set aside for a new one, it stands alone until its columns have followed.
    /// Its parent it leaves before that goes.
    fn follow(id: &ObjectId, change: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        if super::inheritance::parents(cx.catalogs.current, id).contains(used) {
            return Alteration::Inform("leaves its parent".to_owned());
        }
        let kept = used.kind == ObjectKind::CompositeType && !cx.is_dropped(used);
        let Some(of) = change.desired.row_type.as_ref().filter(|_| kept) else { return Alteration::Replace };
        let mut recipe = match Self::alter(id, change, cx) {
            Alteration::InPlace(recipe) => recipe,
            Alteration::Inform(_) => Recipe::none(),
            _ => return Alteration::Replace,
        };
        if change.current.row_type.as_ref() == Some(of) {
            let alter = |what: String| {
                let sql = format!("ALTER TABLE {} {what}", id.sql());
                Statement::new(sql).contract().lock(LockMode::AccessExclusive, id)
            };
            recipe.establish.insert(0, alter("NOT OF".to_owned()));
            recipe.finish.push(alter(format!("OF {of}")));
            let columns = cx.catalogs.desired.used_by(id).filter(|part| part.kind == ObjectKind::Column);
            recipe.after.extend(columns.cloned());
        }
        Alteration::InPlace(recipe)
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let note = "application code that uses the old name fails";
        let sql = format!("ALTER TABLE {} RENAME TO {}", id.sql(), quote(name));
        let rename = Statement::new(sql).contract().lock(LockMode::AccessExclusive, id);
        Some(Recipe::one(rename.hazard(HazardKind::BreaksOldCode, id, note)))
    }

    fn renamed(&mut self, id: &ObjectId, renaming: &Renaming, _: &Catalog) {
        self.partition_key.iter_mut().for_each(|key| renaming.sql(key));
        if renaming.from.kind == ObjectKind::Column && renaming.from.parent(id.kind) == *id {
            renaming.word(&mut self.key_columns);
        }
        self.row_type.iter_mut().for_each(|row_type| renaming.sql(row_type));
        let servers = self.foreign.iter_mut().map(|foreign| &mut foreign.server);
        if renaming.from.kind == ObjectKind::ForeignServer {
            let renamed = servers.filter(|server| *server == renaming.from.raw_name());
            renamed.for_each(|server| server.clone_from(&renaming.name));
        }
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("{}TABLE {}", if self.foreign.is_some() { "FOREIGN " } else { "" }, id.sql())
    }

    fn grant_address(&self, id: &ObjectId) -> String {
        format!("TABLE {}", id.sql())
    }
}

const ENABLE: &str = "ENABLE ROW LEVEL SECURITY";
const FORCE: &str = "FORCE ROW LEVEL SECURITY";

/// What reads the table's rows in the name of its owner: its columns (for their sequences) and the foreign keys from it
/// and to it. FORCE hides rows from the owner too, so it comes after them.
fn readers(id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let desired = cx.catalogs.desired;
    let parts: Vec<&ObjectId> = desired.used_by(id).collect();
    let around = parts.iter().flat_map(|part| desired.used_by(part)).chain(parts.iter().copied());
    let readers = around.filter(|reader| matches!(reader.kind, ObjectKind::Column | ObjectKind::Constraint));
    readers.cloned().collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

/// Whether row level security hides rows from the table's owner when the plan begins and when it ends.
pub(super) fn hides_rows(id: &ObjectId, cx: &Context) -> bool {
    let forced = |object: Option<&Object>| matches!(object, Some(Object::Table(table)) if table.force_row_security);
    forced(cx.current(id)) && forced(cx.desired(id))
}

impl Table {
    /// What CREATE TABLE cannot say.
    fn settings(&self, id: &ObjectId) -> Vec<Statement> {
        let fresh = Self { row_security: false, force_row_security: false, replica_identity: 'd', ..self.clone() };
        let mut statements = self.changed_settings(id, &fresh);
        if self.force_row_security {
            statements.push(Statement::new(format!("ALTER TABLE {} {FORCE}", id.sql())));
        }
        statements
    }

    /// But for FORCE, which has a time of its own.
    fn changed_settings(&self, id: &ObjectId, current: &Self) -> Vec<Statement> {
        let mut words = Vec::new();
        if self.row_security != current.row_security {
            words.push(if self.row_security { ENABLE } else { "DISABLE ROW LEVEL SECURITY" });
        }
        if !self.force_row_security && current.force_row_security {
            words.push("NO FORCE ROW LEVEL SECURITY");
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

/// Whether the table's rows are elsewhere: nothing is scanned, rewritten or lost here.
pub(super) fn is_foreign(id: &ObjectId, cx: &Context) -> bool {
    matches!(cx.current(id).or(cx.desired(id)), Some(Object::Table(table)) if table.foreign.is_some())
}

/// The tables with a foreign key to `table`, other than itself.
pub(super) fn referencing(table: &ObjectId, catalog: &Catalog) -> Vec<ObjectId> {
    let columns = catalog.used_by(table).filter(|part| part.kind == ObjectKind::Column);
    let users = columns.flat_map(|column| catalog.used_by(column));
    let keys = users.filter(|user| super::foreign_key::referenced(catalog.get(user)) == Some(table));
    keys.map(|key| key.parent(ObjectKind::Table)).filter(|other| other != table).collect()
}

/// The tables to which `table` has a foreign key, other than itself.
fn referenced(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let current = cx.catalogs.current;
    let parts = current.used_by(table).filter(|part| current.whole(part).as_ref() == Some(table));
    let tables = parts.filter_map(|part| super::foreign_key::referenced(current.get(part)));
    tables.filter(|other| *other != table).cloned().collect()
}

/// Whether it will be.
pub(super) fn is_unlogged(id: &ObjectId, cx: &Context) -> bool {
    matches!(cx.desired(id), Some(Object::Table(table)) if table.unlogged)
}

/// The table, view or materialized view that is meant, or whose column is: what applications use.
pub(super) fn relation_of(target: &ObjectId, cx: &Context) -> Option<ObjectId> {
    let Pair { current, desired } = cx.catalogs;
    let relation = match target.kind {
        ObjectKind::Column | ObjectKind::Attribute => desired.whole(target).or_else(|| current.whole(target))?,
        _ => target.clone(),
    };
    matches!(relation.kind, ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView).then_some(relation)
}

/// Whether it has partitions, which follow it in much.
pub(super) fn is_partitioned(id: &ObjectId, cx: &Context) -> bool {
    matches!(cx.desired(id), Some(Object::Table(table)) if table.partition_key.is_some())
}

/// The columns in its PARTITION BY.
pub(super) fn key_columns<'a>(id: &ObjectId, cx: &Context<'a>) -> &'a [String] {
    match cx.current(id) {
        Some(Object::Table(table)) => &table.key_columns,
        _ => &[],
    }
}

/// Whether the column stands in its table's PARTITION BY: PostgreSQL neither drops it nor changes its type.
pub(super) fn is_partitioned_by(column: &ObjectId, cx: &Context) -> bool {
    key_columns(&column.parent(ObjectKind::Table), cx).iter().any(|key| key == column.raw_name())
}

/// Whether UPDATE and DELETE can tell its rows to a subscriber.
pub(super) fn tells_its_rows(id: &ObjectId, cx: &Context) -> bool {
    let Some(Object::Table(table)) = cx.desired(id) else { return true };
    let keys = cx.catalogs.desired.used_by(id).filter_map(|part| cx.desired(part));
    match table.replica_identity {
        'f' => true,
        'n' => false,
        _ => keys.into_iter().any(super::index::identifies_rows),
    }
}

/// Whether UPDATE is possible where the table is published.
pub(super) fn is_told_apart(id: &ObjectId, catalog: &Catalog) -> bool {
    let keyed = |part: &ObjectId| matches!(catalog.get(part), Some(Object::Constraint(key)) if key.is_primary() && !key.is_deferrable());
    match catalog.get(id) {
        Some(Object::Table(table)) if table.replica_identity == 'd' => catalog.used_by(id).any(keyed),
        Some(Object::Table(table)) => table.replica_identity == 'f',
        _ => false,
    }
}

/// Whether its replica identity is one that no index tells.
pub(super) fn says_replica_identity(id: &ObjectId, cx: &Context) -> bool {
    matches!(cx.desired(id), Some(Object::Table(table)) if table.replica_identity != 'd')
}

/// The tablespace to which a relation moves, if it does. The database's own one is never named in the catalog, and
/// may be another one than in dev.
pub(super) fn new_tablespace<'a>(change: Pair<&'a Option<String>>, cx: &Context<'a>) -> Option<&'a str> {
    let own = cx.catalogs.current.tablespace.as_str();
    let Pair { current, desired } = change.map(|tablespace| tablespace.as_deref().unwrap_or(own));
    (current != desired).then_some(desired)
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
