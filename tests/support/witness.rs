//! What a database holds besides its schema, and which locks a transaction took: rows, values, files, `pg_locks`.
//! It is here because statements confess what they do, and somebody has to watch whether that is all.
//! It never changes anything.

use std::collections::BTreeMap;

use migrator::kind::ObjectKind;
use migrator::name::{qualified, quote};
use migrator::statement::LockMode;
use sqlx::postgres::PgRow;
use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, PgConnection, Row};

/// A table, plain or partitioned, as it is at one moment.
#[derive(Debug, Clone)]
pub struct Table {
    pub oid: u32,
    pub plain: bool,
    /// Its own, without those of its children.
    pub rows: i64,
    pub columns: BTreeMap<String, Column>,
}

impl Table {
    /// What became of a column of this table in `after`: it may have another name, or another table under the same name.
    pub fn heir(&self, column: &Column, name: &str, after: &Self) -> Option<Column> {
        let same = after.columns.values().find(|heir| after.oid == self.oid && heir.number == column.number);
        same.or_else(|| after.columns.get(name)).copied()
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its number, which no rename changes.
    pub number: i16,
    /// Values that are not null.
    pub values: i64,
    /// Computed from other columns: nothing is lost with it.
    pub generated: bool,
}

/// Schema and name.
pub type Path = Vec<String>;

const TABLES: &str = "
    select c.oid, array[n.nspname, c.relname]::text[], c.relkind = 'r',
        array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            order by a.attnum),
        array(select a.attgenerated <> '' from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            order by a.attnum),
        array(select a.attnum from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            order by a.attnum)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from pg_depend d
            where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    order by 2";

pub async fn tables(connection: &mut PgConnection) -> sqlx::Result<BTreeMap<Path, Table>> {
    let rows = sqlx::query(TABLES).fetch_all(&mut *connection).await?;
    let mut tables = BTreeMap::new();
    for row in rows {
        let path: Path = row.get(1);
        let names: Vec<String> = row.get(3);
        let generated: Vec<bool> = row.get(4);
        let plain = row.get(2);
        let counts = if plain { counts(connection, &path, &names).await? } else { vec![0; names.len() + 1] };
        let numbers: Vec<i16> = row.get(5);
        let columns = numbers.into_iter().zip(generated).zip(&counts[1..]);
        let columns = columns.map(|((number, generated), values)| Column { number, values: *values, generated });
        let columns = names.into_iter().zip(columns).collect();
        let table = Table { oid: row.get::<Oid, _>(0).0, plain, rows: counts[0], columns };
        tables.insert(path, table);
    }
    Ok(tables)
}

/// The number of rows, then that of each column's values.
async fn counts(connection: &mut PgConnection, path: &Path, columns: &[String]) -> sqlx::Result<Vec<i64>> {
    let counts: String = columns.iter().map(|column| format!(", count({})", quote(column))).collect();
    let sql = format!("select array[count(*){counts}] from only {}", qualified(path));
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(connection).await
}

/// The next value of each ascending sequence.
pub async fn sequences(connection: &mut PgConnection) -> sqlx::Result<BTreeMap<Path, i64>> {
    let sql = "select array[schemaname, sequencename]::text[] from pg_sequences where increment_by > 0";
    let paths: Vec<Path> = sqlx::query_scalar(sql).fetch_all(&mut *connection).await?;
    let mut next = BTreeMap::new();
    for path in paths {
        let sql = format!("select last_value + is_called::integer from {}", qualified(&path));
        next.insert(path, sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *connection).await?);
    }
    Ok(next)
}

/// A relation at one moment, as the transaction sees it that works on it.
#[derive(Debug, Clone)]
pub struct Sight {
    pub path: Path,
    relkind: String,
    pub filenode: Option<u32>,
    /// How often it was looked through from its beginning.
    pub scans: i64,
}

/// What a session's transaction is at, at one moment; relations by their oids.
#[derive(Debug, Clone)]
pub struct Sights {
    pub relations: BTreeMap<u32, Sight>,
    /// The strongest lock that the session holds on each relation, or waits for, also on one that it has dropped.
    pub locks: BTreeMap<u32, LockMode>,
}

impl Sight {
    pub fn is_lockable(&self) -> bool {
        matches!(&*self.relkind, "r" | "p")
    }

    /// Whether it is what a plan calls by this kind.
    pub fn is(&self, kind: ObjectKind) -> bool {
        match &*self.relkind {
            "v" => kind == ObjectKind::View,
            "m" => kind == ObjectKind::MaterializedView,
            _ => kind == ObjectKind::Table,
        }
    }
}

const SIGHTS: &str = "
    select c.oid, array[n.nspname, c.relname]::text[], c.relkind::text, pg_relation_filenode(c.oid)::oid,
        {scans}(c.oid)::bigint
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f', 'm', 'v') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')";

const LOCKS: &str = "
    select l.relation, array_agg(l.mode) from pg_locks l
    where l.pid = $1 and l.locktype = 'relation' and l.database = (select d.oid from pg_database d where d.datname = current_database())
    group by 1";

/// From where one looks at a session.
#[derive(Debug, Clone, Copy)]
pub enum View {
    /// Over the session itself, in the middle of a transaction.
    Inside,
    /// Over another one, once it has sent its statistics.
    Outside,
}

/// The relations, and the locks that session `pid` holds.
pub async fn sights(connection: &mut PgConnection, pid: i32, view: View) -> sqlx::Result<Sights> {
    let scans = match view {
        View::Inside => "pg_stat_get_xact_numscans",
        View::Outside => "pg_stat_get_numscans",
    };
    let rows = sqlx::query(AssertSqlSafe(SIGHTS.replace("{scans}", scans))).fetch_all(&mut *connection).await?;
    let sight = |row: &PgRow| Sight {
        path: row.get(1),
        relkind: row.get(2),
        filenode: row.get::<Option<Oid>, _>(3).map(|oid| oid.0),
        scans: row.get(4),
    };
    let relations = rows.iter().map(|row| (row.get::<Oid, _>(0).0, sight(row))).collect();
    let rows = sqlx::query(LOCKS).bind(pid).fetch_all(connection).await?;
    let strongest = |row: &PgRow| row.get::<Vec<String>, _>(1).iter().map(|name| mode(name)).max();
    let locks = rows.iter().filter_map(|row| Some((row.get::<Oid, _>(0).0, strongest(row)?))).collect();
    Ok(Sights { relations, locks })
}

fn mode(name: &str) -> LockMode {
    match name {
        "AccessShareLock" => LockMode::AccessShare,
        "RowShareLock" => LockMode::RowShare,
        "RowExclusiveLock" => LockMode::RowExclusive,
        "ShareUpdateExclusiveLock" => LockMode::ShareUpdateExclusive,
        "ShareLock" => LockMode::Share,
        "ShareRowExclusiveLock" => LockMode::ShareRowExclusive,
        "ExclusiveLock" => LockMode::Exclusive,
        "AccessExclusiveLock" => LockMode::AccessExclusive,
        other => panic!("pg_locks shows {other}, which is no lock mode of a table"),
    }
}

/// What `pg_dump` does not show.
pub async fn unseen(connection: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    let sql = "select 'extension ' || extname || ' ' || extversion from pg_extension
        union all select 'invalid index ' || indexrelid::regclass from pg_index where not indisvalid order by 1";
    sqlx::query_scalar(sql).fetch_all(connection).await
}

/// The definitions of indexes and constraints as the server spells them, by slug and path.
pub async fn definitions(connection: &mut PgConnection) -> sqlx::Result<Vec<(String, Vec<String>, String)>> {
    let sql = "select 'index', array[n.nspname, c.relname]::text[], pg_get_indexdef(c.oid)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('i', 'I') and c.oid >= 16384
        union all select 'constraint', array[n.nspname, c.relname, k.conname]::text[], pg_get_constraintdef(k.oid)
            from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
            where k.oid >= 16384";
    sqlx::query_as(sql).fetch_all(connection).await
}
