//! The time is over before the work is: the server goes on, and the next run finds what it has done.

use std::time::Duration;

use migrator::app::{self, Request};
use migrator::code::Code;
use migrator::revision::Outcome;

use super::{World, plan, sync, sync_telling};
use crate::support::server::majors;

const PROD: &str = "create table a (b int); insert into a select generate_series(1, 100)";
const INDEXED: &str = "create table a (b int); create index a_b on a (b)";

fn hurried(world: &World, millis: u64) -> Request {
    Request { timeout: Some(Duration::from_millis(millis)), ..world.request() }
}

#[tokio::test]
async fn an_index_build_goes_on_and_is_found() {
    for major in majors() {
        let world = World::new(major, PROD, INDEXED);
        let writer = world.transaction("insert into a values (0)").await;
        let failure = sync(&hurried(&world, 1500)).await.unwrap_err();
        assert_eq!((failure.code, failure.code.http()), (Code::StillRunning, 202), "{failure}");
        assert!(failure.message.contains("CREATE INDEX CONCURRENTLY a_b"), "{failure}");
        assert!(failure.message.contains("left by its client"), "{failure}");
        world.until_waiting("CREATE INDEX CONCURRENTLY").await;

        // Whoever comes next is told how far it is, whatever he asks for.
        let failure = sync(&world.request()).await.unwrap_err();
        assert_eq!(failure.code, Code::StillRunning, "{failure}");
        let holder = failure.holder.unwrap();
        let advance = holder.advance.unwrap();
        assert!(advance.phase.starts_with("building index") || advance.phase.starts_with("waiting for"), "{advance}");
        let status = app::status(&world.request().prod).await.unwrap();
        assert!(status.running.unwrap().run.unwrap().left.is_some());

        drop(writer);
        let mut request = world.request();
        request.patience.other_run = Duration::from_secs(10);
        let synced = sync(&request).await.unwrap();
        assert!(synced.run.is_none(), "the server has done it");
        assert_eq!(world.prod_says("select indisvalid from pg_index where indexrelid = 'a_b'::regclass"), "t");
        let history = app::history(request.archive.as_ref().unwrap()).await.unwrap();
        assert!(history.pending.is_none());
        let outcomes: Vec<_> = history.revisions.iter().map(|entry| entry.revision.outcome).collect();
        assert_eq!(outcomes, [Outcome::Interrupted]);
    }
}

/// A validation reads every row, and would begin again and again if it went with its client.
#[tokio::test]
async fn a_validation_goes_on_too() {
    let constraint = "alter table a add constraint positive check (b > 0)";
    for major in majors() {
        let world = World::new(major, &format!("{PROD}; {constraint} not valid"), &format!("{PROD}; {constraint}"));
        let holder = world.transaction("lock table a in share update exclusive mode").await;
        let failure = sync(&hurried(&world, 1500)).await.unwrap_err();
        assert_eq!(failure.code, Code::StillRunning, "{failure}");
        world.until_waiting("ALTER TABLE public.a VALIDATE").await;
        // The server would notice by now that the client of a transaction is gone.
        tokio::time::sleep(Duration::from_secs(3)).await;
        drop(holder);
        world.until("select convalidated from pg_constraint where conname = 'positive'").await;
        let mut request = world.request();
        request.patience.other_run = Duration::from_secs(10);
        assert!(sync(&request).await.unwrap().run.is_none());
    }
}

#[tokio::test]
async fn what_had_not_begun_has_changed_nothing() {
    let world = World::new(majors()[0], PROD, INDEXED);
    let failure = sync(&hurried(&world, 1)).await.unwrap_err();
    assert!(failure.code == Code::OutOfTime && !world.has_ledger(), "{failure}");

    // In a transaction: the server rolls it back when it notices that nobody is there any more.
    let world = World::new(majors()[0], PROD, "create table a (b int, c int)");
    let reader = world.transaction("select * from a").await;
    let mut request = hurried(&world, 1500);
    request.patience.lock_timeout = Duration::from_mins(1);
    let failure = sync(&request).await.unwrap_err();
    assert_eq!(failure.code, Code::StillRunning, "{failure}");
    let ours = "datname = current_database() and application_name like 'migrator/%'";
    world.until(&format!("select not exists (select from pg_stat_activity where {ours})")).await;
    drop(reader);
    assert_eq!(sync(&world.request()).await.unwrap().applied.len(), 1);
}

#[tokio::test]
async fn what_nobody_waits_for_is_ended_on_request() {
    for major in majors() {
        let world = World::new(major, PROD, INDEXED);
        let writer = world.transaction("insert into a values (0)").await;
        assert_eq!(sync(&hurried(&world, 1500)).await.unwrap_err().code, Code::StillRunning);
        world.until_waiting("CREATE INDEX CONCURRENTLY").await;
        let request = Request { takeover: true, ..world.request() };
        let (ended, ()) = tokio::join!(sync_telling(&request), async {
            world.until("select count(*) = 2 from migrator.runs").await;
            drop(writer);
        });
        let (synced, events) = ended;
        assert_eq!(synced.unwrap().interrupted.len(), 1);
        let told = |event: &migrator::progress::Event| matches!(event, migrator::progress::Event::TakenOver { .. });
        assert_eq!(events.iter().filter(|event| told(event)).count(), 1);
        assert!(plan(&world.request()).await.unwrap().plan.is_empty());
        assert_eq!(world.prod_says("select count(*) from pg_index where not indisvalid"), "0");
    }
}

/// Also a client that was killed could not say that it leaves; one that lives is left alone.
#[tokio::test]
async fn a_run_that_lives_is_not_taken_over() {
    let world = World::new(majors()[0], PROD, INDEXED);
    let writer = world.transaction("insert into a values (0)").await;
    let takeover = Request { takeover: true, ..world.request() };
    let mut victim = super::crash::start_victim(&world);
    world.until_waiting("CREATE INDEX CONCURRENTLY").await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    let failure = sync(&takeover).await.unwrap_err();
    assert_eq!(failure.code, Code::Busy, "{failure}");
    victim.kill().unwrap();
    victim.wait().unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let (synced, ()) = tokio::join!(sync(&takeover), async {
        world.until("select count(*) = 2 from migrator.runs").await;
        drop(writer);
    });
    assert_eq!(synced.unwrap().interrupted.len(), 1);
}
