//! The journal in prod's schema `migrator`, and the lock that lets one run work at a time.
//! What ran must be knowable after any crash, and it is the database itself that knows it best. Never created before a
//! sync has something to do, and never part of a catalog.

use std::time::{Duration, Instant};

use serde::Serialize;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AssertSqlSafe, PgConnection, Row};

use crate::code::Code;
use crate::connect::ServerSays;
use crate::progress::{Event, Holder, Listener, RunningRun};
use crate::revision::{Outcome, Ran};
use crate::sessions;

/// The session-level advisory lock of a run; advisory locks are per database. An open transaction would hold a
/// snapshot, for which CREATE INDEX CONCURRENTLY waits; a session that merely holds this lock does not.
const KEY: i64 = i64::from_be_bytes(*b"migrator");

/// A blocking `pg_advisory_lock` would hold a snapshot while it waits, and deadlock with CREATE INDEX CONCURRENTLY.
const POLL: Duration = Duration::from_millis(200);

/// The name under which a run's sessions appear in `pg_stat_activity`.
pub fn application_name(run: &str) -> String {
    format!("migrator/{run}")
}

/// Why the lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another run works on this database")]
    Busy(Option<Box<Holder>>),
    #[error("prod's lock could not be taken")]
    Failed(#[from] sqlx::Error),
}

/// Takes the lock, for as long as the session lives. A run that was killed keeps it until the server notices, so it is
/// waited for a little.
pub async fn lock(connection: &mut PgConnection, patience: Duration, listener: Listener<'_>) -> Result<(), LockError> {
    let start = Instant::now();
    let mut told = false;
    loop {
        let taken = sqlx::query("select pg_try_advisory_lock($1)").bind(KEY).fetch_one(&mut *connection).await?;
        if taken.get(0) {
            return Ok(());
        }
        if !told || start.elapsed() >= patience {
            let holder = holder(connection).await?.map(Box::new);
            if start.elapsed() >= patience {
                return Err(LockError::Busy(holder));
            }
            listener(&Event::LockHeld { holder });
            told = true;
        }
        tokio::time::sleep(POLL).await;
    }
}

/// The run that holds the lock, if one does.
pub async fn holder(connection: &mut PgConnection) -> Result<Option<Holder>, sqlx::Error> {
    let Some(session) = sessions::lock_holder(connection, KEY).await? else { return Ok(None) };
    let run = match session.application.strip_prefix("migrator/") {
        // Our role may not be allowed to read another role's ledger; then the session must do.
        Some(run) => running(connection, run).await.unwrap_or_default(),
        None => None,
    };
    let advance = sessions::advance(connection, session.pid).await?;
    Ok(Some(Holder { session, run, advance }))
}

async fn running(connection: &mut PgConnection, run: &str) -> Result<Option<RunningRun>, sqlx::Error> {
    if !exists(connection).await? {
        return Ok(None);
    }
    let sql = "select id, to_char(started at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), invoked_by, host, statements,
            (select count(*) from migrator.statements s where s.run = r.id and s.status = 'done')::integer,
            to_jsonb(r) ->> 'request',
            to_char((to_jsonb(r) ->> 'left_at')::timestamptz at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')
        from migrator.runs r where id = $1";
    let row = sqlx::query(sql).bind(run).fetch_optional(connection).await?;
    let number =
        |at: usize| move |row: &sqlx::postgres::PgRow| u32::try_from(row.get::<i32, _>(at)).unwrap_or_default();
    Ok(row.map(|row| RunningRun {
        id: row.get(0),
        started: row.get(1),
        invoked_by: row.get(2),
        host: row.get(3),
        statements: number(4)(&row),
        done: number(5)(&row),
        request: row.get(6),
        left: row.get(7),
    }))
}

/// Whether prod has a ledger.
pub async fn exists(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let sql = "select to_regclass('migrator.runs') is not null and to_regclass('migrator.statements') is not null";
    Ok(sqlx::query(sql).fetch_one(connection).await?.get(0))
}

fn migrations() -> Migrator {
    let mut migrator = sqlx::migrate!("migrations/ledger");
    // Its lock is a blocking one, and we hold ours already.
    migrator.set_locking(false);
    migrator.dangerous_set_table_name("migrator.migrations");
    migrator.create_schema("migrator");
    migrator
}

/// Creates the ledger, or brings an older one up to date.
pub async fn prepare(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let migrations = migrations();
    let newest = migrations.iter().map(|migration| migration.version).max();
    if exists(connection).await? {
        let sql = "select max(version) from migrator.migrations where success";
        // CREATE SCHEMA IF NOT EXISTS asks for the privilege even where the schema exists.
        if sqlx::query(sql).fetch_one(&mut *connection).await?.get::<Option<i64>, _>(0) == newest {
            return Ok(());
        }
    }
    migrations.run_direct(None, connection, false).await
}

/// A run that is about to begin.
#[derive(Debug, Clone)]
pub struct NewRun<'a> {
    pub id: &'a str,
    pub invoked_by: Option<&'a str>,
    pub plan_hash: &'a str,
    pub statements: usize,
    pub revision: Option<u64>,
    /// The request that it answers: its key, and a hash of what it asks.
    pub request: Option<String>,
    /// Of a rollback, the first revision that it takes back.
    pub back_to: Option<u64>,
}

pub async fn begin(connection: &mut PgConnection, run: &NewRun<'_>) -> Result<(), sqlx::Error> {
    let host = std::fs::read_to_string("/etc/hostname").ok().map(|name| name.trim().to_owned());
    sqlx::query(
        "insert into migrator.runs (id, invoked_by, plan_hash, statements, application_name, host, process, revision, request, back_to)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(run.id)
    .bind(run.invoked_by)
    .bind(run.plan_hash)
    .bind(i32::try_from(run.statements).unwrap_or(i32::MAX))
    .bind(application_name(run.id))
    .bind(host)
    .bind(i64::from(std::process::id()))
    .bind(run.revision.map(|number| i64::try_from(number).unwrap_or(i64::MAX)))
    .bind(run.request.as_deref())
    .bind(run.back_to.map(|number| i64::try_from(number).unwrap_or(i64::MAX)))
    .execute(connection)
    .await
    .map(drop)
}

/// Writes the outcome, if the ledger was ever made.
pub async fn finish(
    connection: &mut PgConnection,
    run: &str,
    outcome: Outcome,
    error: Option<(Code, &str)>,
) -> Result<(), sqlx::Error> {
    if !exists(connection).await? {
        return Ok(());
    }
    sqlx::query("update migrator.runs set finished = clock_timestamp(), outcome = $2, error_code = $3, error = $4 where id = $1")
        .bind(run)
        .bind(outcome.to_string())
        .bind(error.map(|(code, _)| code.slug()))
        .bind(error.map(|(_, message)| message))
        .execute(connection)
        .await
        .map(drop)
}

/// Whether the run is at a statement that commits by itself: it goes on without its client.
pub async fn is_under_way(connection: &mut PgConnection, run: &str) -> Result<bool, sqlx::Error> {
    let sql = "select exists (select from migrator.statements where run = $1 and status = 'started')";
    Ok(sqlx::query(sql).bind(run).fetch_one(connection).await?.get(0))
}

/// Notes that the client of a run gives up: what the server is at goes on without it.
pub async fn leave(connection: &mut PgConnection, run: &str) -> Result<(), sqlx::Error> {
    let sql = "update migrator.runs set left_at = clock_timestamp() where id = $1 and finished is null";
    sqlx::query(sql).bind(run).execute(connection).await.map(drop)
}

/// Closes the runs that have not ended: we hold the lock, so none of them is alive. What they had started is in doubt.
pub async fn close_interrupted(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    if !exists(connection).await? {
        return Ok(Vec::new());
    }
    let sql = "with closed as (
            update migrator.runs set finished = clock_timestamp(), outcome = 'interrupted' where finished is null
            returning id, started
        ), doubted as (
            update migrator.statements s set status = 'in_doubt', finished = clock_timestamp()
            from closed where s.run = closed.id and s.status = 'started'
        )
        select id from closed order by started";
    let rows = sqlx::query(sql).fetch_all(connection).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// What the ledger knows of a run that has ended, or died.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastRun {
    pub id: String,
    pub outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The batches that it carried out whole.
    pub applied: Vec<usize>,
    pub statements: Vec<String>,
    pub revision: Option<u64>,
    pub plan_hash: String,
    pub finished: Option<String>,
}

pub async fn past(connection: &mut PgConnection, run: &str) -> Result<Option<PastRun>, sqlx::Error> {
    past_run(connection, "id = $1", run).await
}

/// The run that carried out this request, if one has done so to its end, and nothing was taken back since.
pub async fn answer(connection: &mut PgConnection, request: &str) -> Result<Option<PastRun>, sqlx::Error> {
    // An older ledger has no such column.
    let condition = "to_jsonb(r) ->> 'request' = $1 and outcome = 'done' and not exists (
        select from migrator.runs later
        where later.started > r.started and later.outcome = 'done' and to_jsonb(later) ->> 'back_to' is not null)";
    past_run(connection, condition, request).await
}

/// The run that began last.
pub async fn last(connection: &mut PgConnection) -> Result<Option<PastRun>, sqlx::Error> {
    past_run(connection, "$1 = ''", "").await
}

async fn past_run(
    connection: &mut PgConnection,
    condition: &'static str,
    value: &str,
) -> Result<Option<PastRun>, sqlx::Error> {
    if !exists(connection).await? {
        return Ok(None);
    }
    let sql = format!(
        "select id, coalesce(outcome, 'interrupted'), error, array(
            select batch from migrator.statements s where s.run = r.id
            group by batch having bool_and(status = 'done') order by batch),
            array(select sql from migrator.statements s where s.run = r.id and status = 'done' order by position),
            revision, plan_hash, to_char(finished at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')
        from migrator.runs r where {condition} order by started desc limit 1"
    );
    let row = sqlx::query(AssertSqlSafe(sql)).bind(value).fetch_optional(connection).await?;
    Ok(row.map(|row| PastRun {
        id: row.get(0),
        outcome: match row.get::<&str, _>(1) {
            "done" => Outcome::Done,
            "failed" => Outcome::Failed,
            _ => Outcome::Interrupted,
        },
        error: row.get(2),
        applied: row.get::<Vec<i32>, _>(3).into_iter().filter_map(|batch| usize::try_from(batch).ok()).collect(),
        statements: row.get(4),
        revision: row.get::<Option<i64>, _>(5).and_then(|number| u64::try_from(number).ok()),
        plan_hash: row.get(6),
        finished: row.get(7),
    }))
}

/// What the run did with each of its statements, in their order. `first` gives the position of a batch's first statement
/// in the run: of a transaction that failed there is only the row of what failed.
pub async fn ran(
    connection: &mut PgConnection,
    run: &str,
    first: impl Fn(usize) -> usize,
) -> Result<Vec<Ran>, sqlx::Error> {
    if !exists(connection).await? {
        return Ok(Vec::new());
    }
    // An older ledger has no such column.
    let sql = "select batch, position, status, attempts, waited_ms, (to_jsonb(s) ->> 'took_ms')::bigint
        from migrator.statements s where run = $1 order by position";
    let rows = sqlx::query(sql).bind(run).fetch_all(connection).await?;
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    let index = |number: i64| usize::try_from(number).unwrap_or_default();
    let place = |row: &sqlx::postgres::PgRow| (index(row.get::<i32, _>(0).into()), index(row.get::<i32, _>(1).into()));
    let ran = rows.iter().map(|row| (place(row), row)).map(|((batch, position), row)| Ran {
        batch,
        statement: position.saturating_sub(first(batch)),
        status: row.get(2),
        attempts: row.get::<i32, _>(3).unsigned_abs(),
        waited_ms: count(row.get(4)),
        took_ms: row.get::<Option<i64>, _>(5).map(count),
    });
    Ok(ran.collect())
}

fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// A statement's row.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    pub run: &'a str,
    pub position: usize,
    pub batch: usize,
    pub object: String,
    pub sql: &'a str,
}

/// How often a statement was tried, and how long that took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Effort {
    pub attempts: u32,
    /// For locks, with the tries that gave way and the pauses between them.
    pub waited: Duration,
    /// The try that ended it; unknown while that lasts.
    pub took: Option<Duration>,
}

/// What became of a statement.
#[derive(Debug, Clone, Copy)]
pub enum Status<'a> {
    Started,
    Done,
    Failed(&'a ServerSays),
    InDoubt(&'a ServerSays),
}

/// Writes a statement's row, or brings it up to date.
pub async fn record(
    connection: &mut PgConnection,
    record: &Record<'_>,
    effort: Effort,
    status: Status<'_>,
) -> Result<(), sqlx::Error> {
    let (status, says) = match status {
        Status::Started => ("started", None),
        Status::Done => ("done", None),
        Status::Failed(says) => ("failed", Some(says)),
        Status::InDoubt(says) => ("in_doubt", Some(says)),
    };
    sqlx::query(
        "insert into migrator.statements as s
            (run, position, batch, object, sql, status, started, finished, attempts, waited_ms, took_ms, sqlstate, error)
        values ($1, $2, $3, $4, $5, $6, now(), case when $6 <> 'started' then clock_timestamp() end, $7, $8, $9, $10, $11)
        on conflict (run, position) do update set status = excluded.status, finished = excluded.finished,
            attempts = excluded.attempts, waited_ms = excluded.waited_ms, took_ms = excluded.took_ms,
            sqlstate = excluded.sqlstate, error = excluded.error",
    )
    .bind(record.run)
    .bind(i32::try_from(record.position).unwrap_or(i32::MAX))
    .bind(i32::try_from(record.batch).unwrap_or(i32::MAX))
    .bind(&record.object)
    .bind(record.sql)
    .bind(status)
    .bind(i32::try_from(effort.attempts).unwrap_or(i32::MAX))
    .bind(milliseconds(effort.waited))
    .bind(effort.took.map(milliseconds))
    .bind(says.and_then(|says| says.sqlstate.as_deref()))
    .bind(says.map(|says| says.message.as_str()))
    .execute(connection)
    .await
    .map(drop)
}
