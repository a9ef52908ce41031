//! What a database holds besides its schema, and which locks a transaction took: rows, values, files, `pg_locks`.
//! It is here because statements confess what they do, and somebody has to watch whether that is all.
//! It never changes anything.

use std::collections::{BTreeMap, HashMap};

use migrator::name::{qualified, quote};
use migrator::statement::LockMode;
use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, PgConnection, Row};

/// A table, plain or partitioned, as it is at one moment.
#[derive(Debug, Clone)]
pub struct Table {
    pub oid: u32,
    pub plain: bool,
    pub filenode: Option<u32>,
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
    select c.oid, array[n.nspname, c.relname]::text[], c.relkind = 'r', pg_relation_filenode(c.oid)::oid,
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
        let names: Vec<String> = row.get(4);
        let generated: Vec<bool> = row.get(5);
        let plain = row.get(2);
        let counts = if plain { counts(connection, &path, &names).await? } else { vec![0; names.len() + 1] };
        let numbers: Vec<i16> = row.get(6);
        let columns = numbers.into_iter().zip(generated).zip(&counts[1..]);
        let columns = columns.map(|((number, generated), values)| Column { number, values: *values, generated });
        let columns = names.into_iter().zip(columns).collect();
        let filenode = row.get::<Option<Oid>, _>(3).map(|oid| oid.0);
        let table = Table { oid: row.get::<Oid, _>(0).0, plain, filenode, rows: counts[0], columns };
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

/// What the tables are called at this moment.
pub async fn names(connection: &mut PgConnection) -> sqlx::Result<HashMap<u32, Path>> {
    let sql = "select c.oid, array[n.nspname, c.relname]::text[]
        from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p')";
    let rows = sqlx::query(sql).fetch_all(connection).await?;
    Ok(rows.iter().map(|row| (row.get::<Oid, _>(0).0, row.get(1))).collect())
}

/// The strongest lock that this session holds on each relation.
pub async fn locks(connection: &mut PgConnection) -> sqlx::Result<HashMap<u32, LockMode>> {
    let sql = "select relation, mode from pg_locks where pid = pg_backend_pid() and locktype = 'relation' and granted
        and database = (select oid from pg_database where datname = current_database())";
    let mut strongest = HashMap::new();
    for row in sqlx::query(sql).fetch_all(connection).await? {
        let mode = mode(row.get(1));
        let held = strongest.entry(row.get::<Oid, _>(0).0).or_insert(mode);
        *held = mode.max(*held);
    }
    Ok(strongest)
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
