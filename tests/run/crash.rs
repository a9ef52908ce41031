//! It dies in the middle, and the same command again converges.

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};

use migrator::app;
use migrator::code::Code;
use migrator::context::RewriteLimit;
use migrator::progress::Event;
use migrator::revision::Outcome;

use super::{World, plan, sync};
use crate::support::server::majors;

const PROD: &str = "create table a (b int); insert into a select generate_series(1, 100); create table last (x int)";
const DEV: &str =
    "create table first (); create table a (b int, c int); create index a_b on a (b); create table last (x int, y int)";

const VICTIM: &str = "MIGRATOR_TEST_SYNC";

/// Not a test of its own: the process that others kill. It syncs what the variable names, and waits for ever for locks.
#[tokio::test]
async fn victim() {
    let Ok(addresses) = std::env::var(VICTIM) else { return };
    let addresses: Vec<&str> = addresses.split(' ').collect();
    let mut request = migrator::app::Request::new(addresses[0], addresses[1]).unwrap();
    request.archive = Some(addresses[2].parse().unwrap());
    request.patience.attempts = 1000;
    request.patience.courtesy = std::time::Duration::ZERO;
    request.options.rewrite_limit = RewriteLimit(0);
    sync(&request).await.unwrap();
}

pub fn start_victim(world: &World) -> Child {
    let addresses = format!("{} {} {}", world.dev.url, world.prod.url, world.archive.path().display());
    Command::new(std::env::current_exe().expect("its own path"))
        .args(["--exact", "run::crash::victim"])
        .env(VICTIM, addresses)
        .stdout(Stdio::null())
        .spawn()
        .expect("the test binary runs")
}

async fn outcomes(world: &World) -> Vec<Outcome> {
    let history = app::history(world.request().archive.as_ref().unwrap()).await.unwrap();
    assert!(history.pending.is_none());
    history.revisions.iter().map(|entry| entry.revision.outcome).collect()
}

#[tokio::test]
async fn killed_while_it_waits_for_a_lock() {
    for major in majors() {
        let world = World::new(major, PROD, DEV);
        let reader = world.transaction("select * from last").await;
        let mut victim = start_victim(&world);
        world.until_waiting("ALTER TABLE public.last").await;
        victim.kill().unwrap();
        victim.wait().unwrap();
        drop(reader);

        let mut request = world.request();
        request.patience.other_run = std::time::Duration::from_secs(10);
        let synced = sync(&request).await.unwrap();
        assert_eq!(synced.interrupted.len(), 1);
        assert!(plan(&request).await.unwrap().plan.is_empty());
        assert_eq!(
            world.prod_says("select outcome, count(*) from migrator.runs group by 1 order by 1"),
            "done|1\ninterrupted|1"
        );
        assert_eq!(outcomes(&world).await, [Outcome::Interrupted, Outcome::Done]);
        let first = app::show(request.archive.as_ref().unwrap(), "1").await.unwrap();
        assert!(!first.revision.applied.is_empty(), "the ledger knows what the first run did");
    }
}

/// The server goes on with the statement of a dead client, which keeps the lock until it is done.
#[tokio::test]
async fn killed_while_an_index_is_built() {
    let dev = "create table first (); create table a (b int); create index a_b on a (b); create table last (x int)";
    let world = World::new(majors()[0], PROD, dev);
    let writer = world.transaction("insert into a values (0)").await;
    let mut victim = start_victim(&world);
    world.until_waiting("CREATE INDEX CONCURRENTLY").await;
    victim.kill().unwrap();
    victim.wait().unwrap();

    let mut request = world.request();
    let failure = sync(&request).await.unwrap_err();
    assert_eq!(failure.code, Code::Busy);
    assert!(failure.message.contains("CREATE INDEX CONCURRENTLY a_b"), "{failure}");

    drop(writer);
    request.patience.other_run = std::time::Duration::from_secs(10);
    sync(&request).await.unwrap();
    assert!(plan(&request).await.unwrap().plan.is_empty());
    assert_eq!(world.prod_says("select indisvalid from pg_index where indexrelid = 'a_b'::regclass"), "t");
    assert_eq!(world.prod_says("select count(*) from migrator.statements where status = 'in_doubt'"), "1");
    // The server has finished what the dead client began, so there was nothing left to do.
    assert_eq!(outcomes(&world).await, [Outcome::Interrupted]);
}

const PARTITIONED: &str = "create table region (id int primary key); insert into region values (1);
    create table p (k int not null, v int, region int) partition by range (k); create index p_v on p (v);
    create table p_1 partition of p for values from (0) to (10);
    create table p_2 partition of p for values from (10) to (20);
    create table p_3 (k int not null, v int, region int); insert into p values (1, 1, 1), (11, 2, 1)";

/// Ends the statement that begins so, whoever it is that has begun it, between its two transactions.
async fn end_between(world: &World, sql: &str) {
    world.until("select inhdetachpending from pg_inherits where inhrelid = 'p_1'::regclass").await;
    world.prod.run(&format!(
        "do $$ begin perform pg_terminate_backend(pid, 5000) from pg_stat_activity
            where datname = current_database() and query like '{sql}%'; end $$"
    ));
}

/// Somebody's DETACH PARTITION CONCURRENTLY is broken off.
async fn half_detached(world: &World) {
    let reader = world.transaction("select * from p").await;
    let mut other = world.transaction("commit").await;
    let detach = "alter table p detach partition p_1 concurrently";
    let (broken, ()) = tokio::join!(sqlx::raw_sql(detach).execute(&mut other), end_between(world, detach));
    broken.unwrap_err();
    drop(reader);
}

/// Nothing else can be done to the partition.
#[tokio::test]
async fn what_is_half_detached_is_detached_before_anything_else() {
    let p = "create table region (id int primary key); create table p (k int not null, v int, region int";
    let key = "region int references region";
    let by = "partition by range (k); create table p_2 partition of p for values from (10) to (20)";
    let alone = "create table p_1 (k int constraint p_k_not_null not null, v int, region int";
    let p_3 = "create table p_3 (k int not null, v int, region int)";
    let bound = "partition of p for values from (0) to (10)";
    let cases = [
        // Where it shall be gone, perhaps with other things changed, or others gone too.
        (format!("{p}) {by}; create index p_v on p (v); {alone}); create index p_1_v_idx on p_1 (v); {p_3}"), "1|1|1"),
        (format!("{p}, w int) {by}; {alone}, w int, check (v > 0)); create index on p_1 (k); {p_3}"), "1|1|1|<null>"),
        (format!("{}) {by}; {alone}); {p_3}", p.replace("region int", key)), "1|1|1"),
        (format!("{p}) partition by range (k); {alone}); {}; {p_3}", alone.replace("p_1", "p_2") + ")"), "1|1|1"),
        (format!("{alone}); create table region (id int primary key); {p_3}"), "1|1|1"),
        // And where it shall not.
        (format!("{p}) {by}; create index p_v on p (v); create table p_1 {bound}; {p_3}"), "1|1|1"),
        (format!("{p}, w int) {by}; create table p_1 {bound}; create index on p (k); {p_3}"), "1|1|1|<null>"),
        (format!("{p}) {by}; create table p_1 {}; {p_3}", bound.replace("(0)", "(-5)")), "1|1|1"),
        (format!("{p}) {by}; create table p_3 {bound}; {alone})"), "1|1|1"),
        (format!("{p}) {by}; create table p_1 partition of p default; {p_3}"), "1|1|1"),
    ];
    for (at, (dev, rows)) in cases.iter().enumerate() {
        let world = World::new(majors()[at % majors().len()], PARTITIONED, dev);
        half_detached(&world).await;
        let mut request = world.request();
        request.policy.allow.push("all".parse().unwrap());
        let first = plan(&request).await.unwrap();
        assert!(super::statements(&first.plan)[0].ends_with("DETACH PARTITION public.p_1 FINALIZE"), "{dev}");
        sync(&request).await.unwrap_or_else(|failure| panic!("{dev}: {failure:?}"));
        assert!(plan(&request).await.unwrap().plan.is_empty(), "{dev}");
        assert_eq!(world.prod_says("select * from p_1"), *rows, "{dev}");
        let left = "select count(*) from pg_constraint where contype = 'c' and conname like 'p_1_k%'";
        assert_eq!(world.prod_says(left), "0", "{dev}");
    }
}

/// What is renamed in the parent keeps its old name in a partition that is half gone: then the two fit no more.
#[tokio::test]
async fn nothing_is_renamed_beside_what_is_half_detached() {
    let renamed = PARTITIONED.replace("v int", "value int").replace("(v)", "(value)");
    let world = World::new(majors()[0], PARTITIONED, &renamed);
    half_detached(&world).await;
    let mut request = world.request();
    request.policy.allow.push("all".parse().unwrap());
    let plain = request.clone();
    request.options.renames = vec!["column public.p.v -> value".parse().unwrap()];
    let failure = sync(&request).await.unwrap_err();
    assert_eq!(failure.code, Code::RenameRefused);
    assert!(failure.message.contains("public.p_1") && failure.changed_nothing(), "{failure}");
    assert_eq!(world.prod_says("select v from p_1"), "1");
    let planned = plan(&plain).await.unwrap();
    assert!(super::statements(&planned.plan)[0].ends_with("FINALIZE"), "{:?}", planned.plan);
}

#[tokio::test]
async fn what_ends_a_detachment_declares_its_locks() {
    let prod = "create table region (id int primary key);
        create table p (k int primary key, region int references region) partition by range (k);
        create table p_1 partition of p for values from (0) to (10) partition by list (k);
        create table p_1_1 partition of p_1 for values in (1); create table p_2 partition of p for values from (10) to (20);
        create table visit (k int references p); insert into region values (1); insert into p values (1, 1), (11, 1);
        insert into visit values (11)";
    let dev = "create table region (id int primary key);
        create table p (k int primary key, region int references region) partition by range (k);
        create table p_1 (k int constraint p_k_not_null not null constraint p_1_pkey primary key, region int) partition by list (k);
        create table p_1_1 partition of p_1 for values in (1); create table p_2 partition of p for values from (10) to (20);
        create table visit (k int references p)";
    for major in majors() {
        let world = World::new(major, prod, dev);
        half_detached(&world).await;
        let planned = plan(&world.request()).await.unwrap().plan;
        let statement = &planned.batches[0].statements[0];
        let word = |mode: &str| mode.replace(' ', "").to_lowercase();
        let locks = statement.locks.iter().map(|lock| (lock.on.raw_name().to_owned(), word(&lock.mode.to_string())));
        let locks: BTreeSet<(String, String)> = locks.collect();
        let mut session = world.transaction("select 1").await;
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement.sql.revealed().to_owned())).execute(&mut session).await.unwrap();
        let held = "select c.relname::text, lower(replace(l.mode, 'Lock', '')) from pg_locks l join pg_class c on c.oid = l.relation
            where l.pid = pg_backend_pid() and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
                and l.mode not in ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')";
        let held: Vec<(String, String)> = sqlx::query_as(held).fetch_all(&mut session).await.unwrap();
        assert_eq!(BTreeSet::from_iter(held), locks, "on {major}");
        drop(session);
        sync(&world.request()).await.unwrap();
        assert!(plan(&world.request()).await.unwrap().plan.is_empty());
        assert_eq!(world.prod_says("select * from p_1"), "1|1");
    }
}

#[tokio::test]
async fn broken_off_while_it_detaches() {
    let dev = PARTITIONED.replace("p_1 partition of p for values from (0) to (10)", "p_1 (k int, v int, region int)");
    let dev = dev.replace("p_1 (k int,", "p_1 (k int constraint p_k_not_null not null,") + "; create index on p_1 (v)";
    for major in majors() {
        let world =
            World::new(major, PARTITIONED, &dev.replace("insert into p values (1, 1, 1), ", "insert into p values "));
        let request = world.request();
        let reader = world.transaction("select * from p").await;
        let end = async {
            end_between(&world, "ALTER TABLE public.p DETACH").await;
            drop(reader);
        };
        let (synced, ()) = tokio::join!(sync(&request), end);
        assert_eq!(synced.unwrap_err().code, Code::ConnectionLost);
        sync(&request).await.unwrap();
        assert!(plan(&request).await.unwrap().plan.is_empty());
        assert_eq!(world.prod_says("select * from p_1"), "1|1|1");
        assert_eq!(world.prod_says("select count(*) from pg_constraint where conname like 'p_1_k%'"), "0");
        assert_eq!(outcomes(&world).await, [Outcome::Interrupted, Outcome::Done]);
    }
}

/// Rows that others write while a column is filled move to pages that were filled already, or come behind the last.
#[tokio::test]
async fn no_row_that_moves_is_left_unfilled() {
    let prod = "create table a (id int primary key, pad text);
        insert into a select g, repeat('x', 700) from generate_series(1, 40000) g; delete from a where id < 5000";
    let dev = "create table a (id int primary key, pad text, seen float8 default random())";
    for major in majors() {
        let world = World::new(major, prod, dev);
        let mut request = world.request();
        request.options.rewrite_limit = RewriteLimit(0);
        let mut writer = world.transaction("select 1").await;
        let write = async {
            world.until("select exists (select from pg_attribute where attname = 'migrator_tmp_seen')").await;
            for round in 0..10 {
                let sql =
                    format!("commit; begin; update a set pad = pad || 'y' where id % 10 = {round} and id > 20000");
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut writer).await.expect("nobody is in the way");
            }
            sqlx::raw_sql("commit").execute(&mut writer).await.expect("commit");
        };
        let (synced, ()) = tokio::join!(sync(&request), write);
        synced.unwrap();
        assert_eq!(world.prod_says("select count(*) from a where seen is null"), "0");
        assert_eq!(world.prod_says("select count(*) from a where pad like '%y'"), "20000");
    }
}

/// What was filled stays so, under the name that nobody uses; the next run goes on with it.
#[tokio::test]
async fn killed_while_a_column_is_filled() {
    let prod = "create table a (id int primary key, pad text);
        insert into a select g, repeat('x', 700) from generate_series(1, 40000) g";
    let dev = "create table a (id int primary key, pad text, token uuid not null default gen_random_uuid())";
    for major in majors() {
        let world = World::new(major, prod, dev);
        let mut victim = start_victim(&world);
        world.until("select exists (select from pg_attribute where attname = 'migrator_tmp_token')").await;
        let writer = world.transaction("update a set pad = pad where id = 40000").await;
        world.until_waiting("DO ").await;
        victim.kill().unwrap();
        victim.wait().unwrap();
        let filled = "create table filled as select id, migrator_tmp_token from a where migrator_tmp_token is not null";
        world.prod.run(filled);
        assert_eq!(world.prod_says("select count(*) from filled"), "39999", "it was at work when it died");
        world.prod.run("insert into a values (50000)");
        drop(writer);

        let mut request = world.request();
        request.options.rewrite_limit = RewriteLimit(0);
        request.patience.other_run = std::time::Duration::from_secs(10);
        sync(&request).await.unwrap();
        assert_eq!(world.prod_says("select count(*), count(distinct token) from a"), "40001|40001");
        let kept = "select count(*) from filled join a using (id) where token = migrator_tmp_token";
        assert_eq!(world.prod_says(kept), "39999");
        world.prod.run("drop table filled");
        assert!(plan(&request).await.unwrap().plan.is_empty());
    }
}

#[tokio::test]
async fn its_session_is_ended_by_somebody() {
    let world = World::new(majors()[0], PROD, DEV);
    let mut request = world.request();
    request.patience.attempts = 1000;
    let reader = world.transaction("select * from last").await;
    let end = async {
        world.until_waiting("ALTER TABLE public.last").await;
        world.prod.run(
            "do $$ begin perform pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and query like 'ALTER TABLE%'; end $$",
        );
        drop(reader);
    };
    let (synced, ()) = tokio::join!(sync(&request), end);
    let failure = synced.unwrap_err();
    assert_eq!((failure.code, failure.code.http()), (Code::ConnectionLost, 503));
    let standing = failure.standing.as_ref().unwrap();
    let failed = standing.failed.as_ref().unwrap();
    assert!(failed.sql.starts_with("ALTER TABLE public.last") && !failed.in_doubt, "{failed:?}");
    assert!(!standing.applied.is_empty() && !failure.changed_nothing());
    sync(&request).await.unwrap();
    assert!(plan(&request).await.unwrap().plan.is_empty());
    assert_eq!(outcomes(&world).await, [Outcome::Interrupted, Outcome::Done]);
}

#[tokio::test]
async fn a_statement_fails_and_nobodys_data_is_shown() {
    let prod = "create table a (mail text); insert into a values ('private@example.org'), ('private@example.org')";
    let dev = "create table a (mail text); create unique index a_mail on a (mail); create table first ()";
    for major in majors() {
        let world = World::new(major, prod, dev);
        let request = world.request();
        let failure = sync(&request).await.unwrap_err();
        assert_eq!((failure.code, failure.sqlstate.as_deref()), (Code::StatementFailed, Some("23505")));
        let json = serde_json::to_string(&failure).unwrap();
        assert!(!json.contains("private"), "{json}");
        let failed = failure.standing.as_ref().and_then(|standing| standing.failed.as_ref()).unwrap();
        assert!(failed.sql.starts_with("CREATE UNIQUE INDEX CONCURRENTLY"), "{json}");
        assert!(failed.note.as_ref().is_some_and(|note| note.contains("invalid")), "{json}");
        assert_eq!(outcomes(&world).await, [Outcome::Failed]);

        world.prod.run("update a set mail = mail || ctid");
        sync(&request).await.unwrap();
        assert!(plan(&request).await.unwrap().plan.is_empty());
        assert_eq!(
            world.prod_says("select count(*), bool_and(indisvalid) from pg_index where indrelid = 'a'::regclass"),
            "1|t"
        );
        assert_eq!(outcomes(&world).await, [Outcome::Failed, Outcome::Done]);
    }
}

/// A build that outlived its run is used, however long it took; what is not quite it, is built anew.
#[tokio::test]
async fn an_index_that_is_finished_is_not_built_again() {
    let table = "create table t (a int not null, b int not null)";
    let cases = [
        ("create index i on t (a); create index migrator_tmp_i on t (b)", "create index i on t (b)", 0),
        ("create index i on t (a); create index migrator_tmp_i on t (b desc)", "create index i on t (b)", 1),
        (
            "alter table t add unique (a); create unique index migrator_tmp_t_a_key on t (a, b)",
            "alter table t add constraint t_a_key unique (a, b)",
            0,
        ),
        ("create unique index t_pkey on t (a)", "alter table t add primary key (a)", 0),
        ("create unique index t_pkey on t (a) where b > 0", "alter table t add primary key (a)", 1),
    ];
    for (prod, dev, built) in cases {
        let world = World::new(majors()[0], &format!("{table}; {prod}"), &format!("{table}; {dev}"));
        let planned = plan(&world.request()).await.unwrap();
        let builds = super::statements(&planned.plan).into_iter().filter(|sql| sql.starts_with("CREATE "));
        assert_eq!(builds.count(), built, "{prod}: {:?}", super::statements(&planned.plan));
        sync(&world.request()).await.unwrap();
        assert!(plan(&world.request()).await.unwrap().plan.is_empty());
    }
}

/// What is there only to prove something would refuse rows if it stayed behind.
#[tokio::test]
async fn a_check_that_only_proves_something_goes_when_that_fails() {
    let default = "create table p (k int) partition by list (k); create table rest partition of p default";
    let cases = [
        (
            "create table a (b int); insert into a values (null)".to_owned(),
            "create table a (b int not null)".to_owned(),
        ),
        (
            format!("{default}; insert into p values (1)"),
            format!("{default}; create table one partition of p for values in (1)"),
        ),
    ];
    for (prod, dev) in cases {
        let world = World::new(majors()[0], &prod, &dev);
        let failure = sync(&world.request()).await.unwrap_err();
        assert_eq!((failure.code, failure.sqlstate.as_deref()), (Code::StatementFailed, Some("23514")));
        assert_eq!(world.prod_says("select count(*) from pg_constraint where conname like 'migrator_tmp%'"), "0");
    }
}

#[tokio::test]
async fn the_archive_is_closed_from_the_ledger_when_it_died_between_the_two() {
    let world = World::new(majors()[0], PROD, DEV);
    let request = world.request();
    let run = sync(&request).await.unwrap().run.unwrap();
    std::fs::remove_file(world.archive.path().join("revisions/000001.zip")).unwrap();
    std::fs::remove_file(world.archive.path().join("HEAD")).unwrap();
    let again = sync(&request).await.unwrap();
    assert!(again.applied.is_empty() && again.interrupted.is_empty());
    let history = app::history(request.archive.as_ref().unwrap()).await.unwrap();
    let revision = &history.revisions[0].revision;
    assert_eq!((revision.outcome, &revision.run, revision.applied.is_empty()), (Outcome::Done, &run, false));
}

/// Whatever it was doing when it was cut off, and whoever was to learn of it: the next run makes the same of prod.
#[tokio::test]
async fn cut_off_at_every_event() {
    let prod = "create type mood as enum ('glad'); create table a (b int, m mood); insert into a values (1, 'glad');
        create view v as select b from a; alter table a add gone int";
    let dev = "create type mood as enum ('glad', 'sad'); create table a (b int not null, m mood, c bigint);
        create index a_b on a (b); create view v as select b, m from a; create table extra (b int)";
    let mut at = 0;
    loop {
        let world = World::new(majors()[0], prod, dev);
        let mut request = world.request();
        request.policy.allow.push("all".parse().unwrap());
        let mut seen = 0;
        let cut = &mut |_: &Event| {
            if seen == at {
                world.prod.run(
                    "do $$ begin perform pg_terminate_backend(pid, 5000) from pg_stat_activity
                        where datname = current_database() and application_name like 'migrator/%'; end $$",
                );
            }
            seen += 1;
        };
        let first = app::sync(&request, None, cut).await;
        if seen <= at {
            // It came to its end before it could be cut off: every event has had its turn.
            first.unwrap();
            break;
        }
        if let Err(failure) = &first {
            assert_eq!(failure.code, Code::ConnectionLost, "event {at}: {failure:?}");
        }
        sync(&request).await.unwrap_or_else(|failure| panic!("event {at}: {failure:?}"));
        assert!(plan(&request).await.unwrap().plan.is_empty(), "event {at}");
        assert_eq!(world.prod_says("select b, m from a"), "1|glad", "event {at}");
        assert_eq!(world.prod_says("select count(*) from migrator.runs where outcome is null"), "0", "event {at}");
        outcomes(&world).await;
        at += 1;
    }
    assert!(at > 15, "{at} events");
}
