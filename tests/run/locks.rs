//! Others are at work too.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use migrator::app;
use migrator::code::{Code, Exit};
use migrator::progress::Event;
use migrator::revision::Outcome;
use tokio::task::LocalSet;

use super::{World, sync, sync_telling};
use crate::support::server::majors;

const PROD: &str = "create table a (b int); insert into a values (1)";

#[tokio::test]
async fn a_lock_that_does_not_come_is_tried_again_and_its_holder_is_named() {
    for major in majors() {
        let world = World::new(major, PROD, "create table a (b int, c int)");
        let request = world.request();
        let mut reader = world.transaction("select * from a").await;
        let release = async {
            let waits = "select exists (select from pg_locks where relation = 'a'::regclass and not granted)";
            while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&mut reader).await.unwrap() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            tokio::time::sleep(Duration::from_millis(1500)).await;
            drop(reader);
        };
        let ((synced, events), ()) = tokio::join!(sync_telling(&request), release);
        synced.unwrap();
        let given_up: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                Event::LockGivenUp { attempt, blockers, .. } => Some((*attempt, blockers.clone())),
                _ => None,
            })
            .collect();
        assert!(!given_up.is_empty() && given_up[0].0 == 1, "{given_up:?}");
        let waited =
            world.prod_says("select attempts > 1 and waited_ms > 300 and status = 'done' from migrator.statements");
        assert_eq!(waited, "t");
    }
}

#[tokio::test]
async fn a_lock_that_never_comes_ends_the_run_and_changes_nothing() {
    let world = World::new(majors()[0], PROD, "create table a (b int, c int)");
    let mut request = world.request();
    request.patience.attempts = 2;
    request.patience.lock_timeout = Duration::from_secs(1);
    let _reader = world.transaction("select * from a").await;
    let (synced, events) = sync_telling(&request).await;
    let failure = synced.unwrap_err();
    assert_eq!((failure.code, failure.code.exit()), (Code::LockTimeout, Exit::Busy));
    assert!(failure.message.contains("bystander, postgres, 127.0.0.1, idle in transaction"), "{failure}");
    assert!(failure.message.contains("select * from a"), "{failure}");
    assert!(events.iter().any(|event| matches!(event, Event::Waiting { .. })), "{events:?}");
    assert!(failure.changed_nothing(), "{failure:?}");
    assert_eq!(world.prod_says("select status, attempts, sqlstate from migrator.statements"), "failed|2|55P03");
    assert_eq!(world.prod_says("select outcome, error_code from migrator.runs"), "failed|lock-timeout");
}

#[tokio::test]
async fn others_wait_no_longer_than_the_lock_timeout() {
    let world = World::new(majors()[0], PROD, "create table a (b int, c int)");
    let request = world.request();
    let reader = world.transaction("select * from a").await;
    let mut other = world.transaction("set statement_timeout to '2s'").await;
    let others = async {
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            sqlx::raw_sql("select * from a").execute(&mut other).await.expect("it does not queue for long");
            sqlx::raw_sql("commit; begin").execute(&mut other).await.expect("commit");
        }
        sqlx::raw_sql("rollback").execute(&mut other).await.expect("rollback");
        drop(reader);
    };
    let (synced, ()) = tokio::join!(sync(&request), others);
    synced.unwrap();
}

/// Nobody waits at all for a lock that would not come anyway.
#[tokio::test]
async fn a_long_transaction_is_waited_for_before_a_lock_is_asked_for() {
    let world = World::new(majors()[0], PROD, "create table a (b int, c int)");
    let mut request = world.request();
    request.patience.courtesy = Duration::from_secs(20);
    let reader = world.transaction("select * from a").await;
    tokio::time::sleep(request.patience.lock_timeout).await;
    let mut other = world.transaction("set lock_timeout to '1ms'").await;
    let (waits, events) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let mut listener = |event: &Event| {
        waits.fetch_or(matches!(event, Event::Waiting { .. }), Ordering::Relaxed);
        events.lock().unwrap().push(event.clone());
    };
    let others = async {
        // Until it waits, and for a while after that.
        let mut left = 10;
        while left > 0 {
            left -= i32::from(waits.load(Ordering::Relaxed));
            tokio::time::sleep(Duration::from_millis(50)).await;
            sqlx::raw_sql("select * from a").execute(&mut other).await.expect("it does not queue");
            sqlx::raw_sql("commit; begin; set lock_timeout to '1ms'").execute(&mut other).await.expect("commit");
        }
        sqlx::raw_sql("rollback").execute(&mut other).await.expect("rollback");
        drop(reader);
    };
    let (synced, ()) = tokio::join!(app::sync(&request, None, &mut listener), others);
    synced.unwrap();
    let events = events.into_inner().unwrap();
    let waiting = events.iter().find_map(|event| match event {
        Event::Waiting { blockers, .. } => Some(blockers[0].query.clone()),
        _ => None,
    });
    assert_eq!(waiting.as_deref(), Some("select * from a"), "{events:?}");
    assert!(!events.iter().any(|event| matches!(event, Event::LockGivenUp { .. })), "{events:?}");
    assert_eq!(world.prod_says("select attempts from migrator.statements"), "1");
}

/// PostgreSQL ends whoever finds the circle: the application, had we not given way before it looked.
#[tokio::test]
async fn a_circle_with_the_application_is_none_of_its_business() {
    let tables = "create table x (id int primary key); create table y (id int primary key);";
    let referrer = "create table t (x int references x, y int references y);";
    for major in majors() {
        let world = World::new(major, &[tables, referrer].concat(), tables);
        let mut request = world.request();
        request.policy.allow.push("all".parse().unwrap());
        request.patience.lock_timeout = Duration::from_secs(10);
        // The statement locks t, y and x, in this order.
        let keeper = world.transaction("insert into y values (1)").await;
        let mut application = world.transaction("insert into x values (1)").await;
        let work = async {
            world.until_waiting("DROP TABLE").await;
            let release = async {
                tokio::time::sleep(Duration::from_millis(600)).await;
                drop(keeper);
            };
            let (done, ()) = tokio::join!(sqlx::raw_sql("select * from t").execute(&mut application), release);
            done.expect("no deadlock");
            sqlx::raw_sql("commit").execute(&mut application).await.expect("commit");
        };
        let (synced, ()) = tokio::join!(sync(&request), work);
        synced.unwrap();
    }
}

#[tokio::test]
async fn a_concurrent_build_waits_as_long_as_it_must() {
    let world = World::new(majors()[0], PROD, "create table a (b int); create index a_b on a (b)");
    let request = world.request();
    let writer = world.transaction("insert into a values (2)").await;
    let release = async {
        world.until_waiting("CREATE INDEX CONCURRENTLY").await;
        tokio::time::sleep(Duration::from_millis(1500)).await;
        sqlx::Connection::close(writer).await.unwrap();
    };
    let ((synced, events), ()) = tokio::join!(sync_telling(&request), release);
    synced.unwrap();
    assert!(!events.iter().any(|event| matches!(event, Event::LockGivenUp { .. })), "{events:?}");
    let waiting = events.iter().find_map(|event| match event {
        Event::Waiting { blockers, .. } => Some(blockers.clone()),
        _ => None,
    });
    assert!(waiting.is_some_and(|blockers| blockers[0].application == "bystander"), "{events:?}");
    assert!(events.iter().any(|event| matches!(event, Event::Advancing { .. })), "{events:?}");
    assert_eq!(world.prod_says("select indisvalid from pg_index where indexrelid = 'a_b'::regclass"), "t");
    // The archive tells later why that took so long.
    let shown = app::show(request.archive.as_ref().unwrap(), "1").await.unwrap();
    let [ran] = &shown.revision.ran[..] else { panic!("{:?}", shown.revision.ran) };
    assert_eq!((ran.batch, ran.statement, ran.status.as_str(), ran.attempts), (0, 0, "done", 1));
    assert!(ran.waited_ms > 0 && Some(ran.waited_ms) <= ran.took_ms, "{ran:?}");
}

/// Whoever uses the partitioned table is waited for, and nobody has to wait.
#[tokio::test]
async fn a_partition_leaves_without_anybody_noticing() {
    let prod = "create table p (k int) partition by list (k); create table p_1 partition of p for values in (1);
        create table p_2 partition of p for values in (2); insert into p values (1), (2)";
    let dev = "create table p (k int) partition by list (k); create table p_1 (k int);
        create table p_2 partition of p for values in (2)";
    for major in majors() {
        let world = World::new(major, prod, dev);
        let mut request = world.request();
        request.patience.attempts = 1;
        let writer = world.transaction("insert into p values (1)").await;
        let others = async {
            world.until("select inhdetachpending from pg_inherits where inhrelid = 'p_1'::regclass").await;
            let mut other = world.transaction("set lock_timeout to '1ms'").await;
            for _ in 0..10 {
                let sql = "select * from p; insert into p values (2); select * from p_1; commit; begin";
                sqlx::raw_sql(sql).execute(&mut other).await.expect("nobody is in the way");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            drop(other);
            sqlx::Connection::close(writer).await.unwrap();
        };
        let ((synced, events), ()) = tokio::join!(sync_telling(&request), others);
        synced.unwrap();
        let waiting =
            |event: &Event| matches!(event, Event::Waiting { blockers, .. } if blockers[0].application == "bystander");
        assert!(events.iter().any(waiting), "{events:?}");
        assert_eq!(world.prod_says("select count(*) from p; "), "11");
        assert_eq!(world.prod_says("select count(*) from p_1"), "1");
        assert!(app::check(&request, &mut |_| {}).await.is_ok());
    }
}

#[tokio::test]
async fn of_two_syncs_one_works_and_the_other_says_who_does() {
    let world = World::new(majors()[0], PROD, "create table a (b int, c int); create table first ()");
    let request = world.request();
    let mut second = world.request();
    second.archive = None;
    let reader = world.transaction("select * from a").await;
    let other = async {
        world.until_waiting("ALTER TABLE").await;
        let (synced, events) = sync_telling(&second).await;
        drop(reader);
        (synced.unwrap_err(), events)
    };
    let (synced, (failure, events)) = tokio::join!(sync(&request), other);
    let run = synced.unwrap().run.unwrap();
    assert_eq!((failure.code, failure.code.exit(), failure.code.http()), (Code::Busy, Exit::Busy, 409));
    let holder = failure.holder.as_ref().unwrap();
    assert_eq!(holder.run.as_ref().map(|run| run.id.as_str()), Some(run.as_str()));
    assert_eq!(holder.session.application, format!("migrator/{run}"));
    assert!(failure.message.contains("by tests") && failure.message.contains("of 2 statements done"), "{failure}");
    assert!(matches!(events.last(), Some(Event::LockHeld { holder: Some(_) })), "{events:?}");
}

#[tokio::test]
async fn the_second_goes_on_when_the_first_ends_soon() {
    let world = World::new(majors()[0], PROD, "create table a (b int, c int)");
    let mut request = world.request();
    request.patience.other_run = Duration::from_secs(20);
    request.archive = None;
    let (one, two) = tokio::join!(sync(&request), sync(&request));
    let applied = [one.unwrap().applied.len(), two.unwrap().applied.len()];
    assert_eq!(applied.iter().sum::<usize>(), 1, "{applied:?}");
}

#[tokio::test]
async fn status_tells_what_runs_and_whom_it_waits_for() {
    let dev = "create table a (b int); create index a_b on a (b)";
    let world = World::new(majors()[0], PROD, dev);
    let request = world.request();
    let idle = app::status(&request.prod).await.unwrap();
    assert!(idle.running.is_none() && idle.last.is_none(), "{idle:?}");
    let writer = world.transaction("insert into a values (2)").await;
    let look = async {
        world.until_waiting("CREATE INDEX").await;
        let seen = app::status(&request.prod).await.unwrap();
        drop(writer);
        seen
    };
    let (synced, seen) = tokio::join!(sync(&request), look);
    let run = synced.unwrap().run;
    let holder = seen.running.expect("it is at work");
    assert_eq!(holder.run.map(|run| run.id), run);
    assert!(holder.session.query.starts_with("CREATE INDEX CONCURRENTLY a_b"), "{:?}", holder.session);
    assert!(holder.advance.is_some_and(|advance| advance.phase.contains("waiting for writers")));
    assert_eq!(seen.blockers[0].application, "bystander");
    let ended = app::status(&request.prod).await.unwrap();
    assert!(ended.running.is_none());
    assert_eq!(ended.last.map(|last| (Some(last.id), last.outcome)), Some((run, Outcome::Done)));
}

/// Ten rounds: one of them applies what is to be done, the others hear that it is at work, or that nothing is left.
#[tokio::test]
async fn of_twenty_at_once_exactly_one_applies() {
    for round in 0..10 {
        let world =
            World::new(majors()[round % majors().len()], PROD, "create table a (b int, c int); create index on a (b)");
        let mut request = world.request();
        request.archive = None;
        request.patience.other_run = Duration::from_millis(u64::try_from(round).unwrap() * 50);
        let run = || {
            let request = request.clone();
            tokio::task::spawn_local(async move { sync(&request).await })
        };
        let set = LocalSet::new();
        let twenty = set.run_until(async move {
            let running: Vec<_> = (0..20).map(|_| run()).collect();
            let mut ended = Vec::new();
            for run in running {
                ended.push(run.await.expect("it does not panic"));
            }
            ended
        });
        let mut applied = 0;
        for ended in twenty.await {
            match ended {
                Ok(synced) => applied += usize::from(!synced.applied.is_empty()),
                Err(failure) => assert_eq!(failure.code, Code::Busy, "round {round}: {failure:?}"),
            }
        }
        assert_eq!(applied, 1, "round {round}");
        assert_eq!(world.prod_says("select count(*), count(distinct run) from migrator.statements"), "2|1");
    }
}
