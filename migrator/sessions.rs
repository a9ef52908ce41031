//! What other sessions do, as the server tells it.
//! A lock that does not come has somebody who holds it, and a person who waits wants to know whom. Ends nobody's
//! session but a run's, on request, and never repeats a literal from anybody's query.

use std::time::Duration;

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row};

use crate::progress::{Advance, Session};

/// A role that is no member of `pg_read_all_stats` sees the other roles' sessions, but not their queries.
const SESSION: &str = "
    select a.pid, coalesce(a.application_name, ''), a.usename::text, host(a.client_addr), a.state,
        extract(epoch from clock_timestamp() - a.xact_start)::float8,
        case when a.query = '<insufficient privilege>' then '' else coalesce(a.query, '') end,
        case when a.state = 'active' then a.wait_event_type || '/' || a.wait_event end
    from pg_stat_activity a";

const QUERY_LENGTH: usize = 80;

/// The sessions behind which `pid` waits.
pub async fn blocking(connection: &mut PgConnection, pid: i32) -> Result<Vec<Session>, sqlx::Error> {
    let sql = format!("{SESSION} where a.pid = any (pg_blocking_pids($1)) order by a.xact_start");
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(pid).fetch_all(connection).await?;
    Ok(rows.iter().map(session).collect())
}

/// A lock that is about to be asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub schema: &'a str,
    pub name: &'a str,
    /// ACCESS EXCLUSIVE, for which a reader is in the way too.
    pub exclusive: bool,
}

/// The sessions, but for autovacuum's, which gives way by itself, whose transactions have been open for longer than `age`, and hold what is in the way of these locks.
pub async fn holding(
    connection: &mut PgConnection,
    wanted: &[Wanted<'_>],
    age: Duration,
) -> Result<Vec<Session>, sqlx::Error> {
    let sql = format!(
        "{SESSION} where a.pid <> pg_backend_pid() and a.backend_type <> 'autovacuum worker' and a.xact_start < clock_timestamp() - make_interval(secs => $4)
            and a.pid in (
                select l.pid from unnest($1::text[], $2::text[], $3::boolean[]) u (schema, name, exclusive)
                    join pg_namespace n on n.nspname = u.schema
                    join pg_class c on c.relnamespace = n.oid and c.relname = u.name
                    join pg_locks l on l.relation = c.oid and l.locktype = 'relation' and l.granted
                        and l.database = (select oid from pg_database where datname = current_database())
                where u.exclusive or l.mode not in ('AccessShareLock', 'RowShareLock'))
        order by a.xact_start"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(wanted.iter().map(|lock| lock.schema).collect::<Vec<_>>())
        .bind(wanted.iter().map(|lock| lock.name).collect::<Vec<_>>())
        .bind(wanted.iter().map(|lock| lock.exclusive).collect::<Vec<_>>())
        .bind(age.as_secs_f64())
        .fetch_all(connection)
        .await?;
    Ok(rows.iter().map(session).collect())
}

/// The session of this database that holds the advisory lock `key`.
pub async fn lock_holder(connection: &mut PgConnection, key: i64) -> Result<Option<Session>, sqlx::Error> {
    let sql = format!(
        "{SESSION} join pg_locks l on l.pid = a.pid
        where l.locktype = 'advisory' and l.granted and l.objsubid = 1
            and (l.classid::bigint << 32 | l.objid::bigint) = $1
            and l.database = (select oid from pg_database where datname = current_database())"
    );
    let row = sqlx::query(AssertSqlSafe(sql)).bind(key).fetch_optional(connection).await?;
    Ok(row.as_ref().map(session))
}

/// Whether session `pid` is a run's, has been at its statement for longer than `age`, and nobody looks after it: a client
/// that lives does, over a session of its own.
pub async fn is_unwatched(connection: &mut PgConnection, pid: i32, age: Duration) -> Result<bool, sqlx::Error> {
    let sql = "select exists (select from pg_stat_activity a
        where a.pid = $1 and a.application_name like 'migrator/%' and a.state = 'active'
            and a.query_start < clock_timestamp() - make_interval(secs => $2)
            and not exists (select from pg_stat_activity o
                where o.datid = a.datid and o.application_name = a.application_name || ' observer'))";
    Ok(sqlx::query(sql).bind(pid).bind(age.as_secs_f64()).fetch_one(connection).await?.get(0))
}

/// Ends a session, and waits until it is gone. Tells whether it is.
pub async fn end(connection: &mut PgConnection, pid: i32) -> Result<bool, sqlx::Error> {
    Ok(sqlx::query("select pg_terminate_backend($1, 5000)").bind(pid).fetch_one(connection).await?.get(0))
}

/// How far the index build of session `pid` is.
pub async fn advance(connection: &mut PgConnection, pid: i32) -> Result<Option<Advance>, sqlx::Error> {
    let sql = "select phase, greatest(blocks_done, tuples_done), greatest(blocks_total, tuples_total)
        from pg_stat_progress_create_index where pid = $1";
    let row = sqlx::query(sql).bind(pid).fetch_optional(connection).await?;
    let number = |row: &PgRow, at: usize| u64::try_from(row.get::<i64, _>(at)).unwrap_or_default();
    Ok(row.map(|row| Advance { phase: row.get(0), done: number(&row, 1), total: number(&row, 2) }))
}

fn session(row: &PgRow) -> Session {
    let seconds: Option<f64> = row.get(5);
    Session {
        pid: row.get(0),
        application: row.get(1),
        user: row.get(2),
        client: row.get(3),
        state: row.get(4),
        open: seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
        query: first_words(row.get(6)),
        waits_for: row.get(7),
    }
}

/// The beginning of a query on one line, up to its first literal.
fn first_words(query: &str) -> String {
    let words = query.split_whitespace().collect::<Vec<_>>().join(" ");
    let whole = words.chars().count();
    let shown: String = words.chars().take(QUERY_LENGTH).take_while(|c| !matches!(c, '\'' | '$')).collect();
    if shown.chars().count() < whole { format!("{} ..", shown.trim_end()) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_shown_up_to_its_first_literal() {
        assert_eq!(first_words("select\n  1"), "select 1");
        assert_eq!(first_words("update users set password = 'secret'"), "update users set password = ..");
        assert_eq!(first_words(&"x".repeat(200)).len(), QUERY_LENGTH + 3);
    }
}
