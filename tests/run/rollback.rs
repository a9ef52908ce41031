//! Back to what prod was before a revision, and forward again.

use migrator::app::{self, Delivery, Failure, WayBack};
use migrator::code::Code;
use migrator::plan::gate::Policy;
use migrator::progress::Event;
use migrator::revision::Outcome;

use super::{World, sync};
use crate::support::oracle;
use crate::support::server::{Database, DumpOptions, majors};

const START: &str = "create type mood as enum ('ok', 'bad');
    create table customer (id int primary key, fax text, mood mood);
    insert into customer select g, 'f' || g from generate_series(1, 40) g;
    create table gone (x int); insert into gone values (1);
    create view emails as select id, fax from customer";
/// `fax` goes, `customer` becomes `client` and `gone` goes; an index and a table with a column come.
const SECOND: &str = "drop view emails; alter table customer drop column fax; alter table customer rename to client;
    drop table gone; create index on client (mood); create table audit (note text)";
/// What the second made is renamed, and so is what the second renamed.
const THIRD: &str = "alter table audit rename to log; alter table client rename to buyer;
    alter table log add at timestamptz; alter type mood add value 'fine'";

fn dump(database: &Database) -> String {
    database.dump(DumpOptions { owner: true, privileges: true })
}

#[track_caller]
fn is_now(database: &Database, dump: &str) {
    if let Some(difference) = oracle::difference(&self::dump(database), dump) {
        panic!("{difference}");
    }
}

fn anything() -> Policy {
    Policy { allow: vec!["all".parse().unwrap()], ..Policy::default() }
}

async fn way_back(world: &World, revision: &str, policy: Policy) -> Result<WayBack, Failure> {
    let mut request = world.request();
    request.back = Some(revision.to_owned());
    request.policy = policy;
    app::way_back(request, &mut |_: &Event| {}).await
}

/// Dev and prod as they were, after three revisions; and what prod was before each.
async fn three(major: u32) -> (World, Vec<String>) {
    let world = World::new(major, "", START);
    let mut dumps = Vec::new();
    let steps = [
        ("", Vec::new()),
        (SECOND, vec!["table public.customer -> client"]),
        (THIRD, vec!["table public.audit -> log", "table public.client -> buyer"]),
    ];
    for (script, renames) in steps {
        world.dev.run(script);
        dumps.push(dump(&world.prod));
        let mut request = world.request();
        request.policy = anything();
        request.options.renames = renames.iter().map(|rename| rename.parse().unwrap()).collect();
        sync(&request).await.unwrap();
        if script.is_empty() {
            world.prod.run("insert into customer values (1, 'f'), (2, null); insert into gone values (1)");
        }
        is_now(&world.prod, &dump(&world.dev));
    }
    (world, dumps)
}

#[tokio::test]
async fn back_and_forward_again() {
    for major in majors() {
        let (world, dumps) = three(major).await;
        let way = way_back(&world, "2", anything()).await.unwrap();
        let lost: Vec<(String, u64)> = way.lost.iter().map(|lost| (lost.object.to_string(), lost.revision)).collect();
        let of_the_second = |object: &str| (object.to_owned(), 2);
        assert_eq!(lost, [of_the_second("column public.customer.fax"), of_the_second("table public.gone")]);
        let synced = sync(&way.request).await.unwrap();
        is_now(&world.prod, &dumps[1]);
        // Rows that were never lost came along under the old names.
        assert_eq!(world.prod_says("select count(*), count(fax) from customer"), "2|0");
        assert_eq!(synced.revision, Some(4));

        // The rollback is a revision as any other: it is taken back in its turn, or prod goes forward from it.
        assert_eq!(way_back(&world, "latest", anything()).await.unwrap_err().code, Code::RollbackUnclear);
        let forth = way_back(&world, "4", anything()).await.unwrap();
        sync(&forth.request).await.unwrap();
        is_now(&world.prod, &dump(&world.dev));
        let entries = app::history(world.request().archive.as_ref().unwrap()).await.unwrap().revisions;
        let back: Vec<_> = entries.iter().map(|entry| entry.revision.back_to).collect();
        assert_eq!(back, [None, None, None, Some(2), Some(4)]);

        let way = way_back(&world, "1", anything()).await.unwrap();
        assert!(way.lost.is_empty(), "nothing was there before: {:?}", way.lost);
        sync(&way.request).await.unwrap();
        is_now(&world.prod, &dumps[0]);
        let mut request = world.request();
        request.policy = anything();
        sync(&request).await.unwrap();
        is_now(&world.prod, &dump(&world.dev));
    }
}

/// What came with a revision, and its rows, goes only with an approval.
#[tokio::test]
async fn it_passes_through_the_same_gates() {
    let (world, _) = three(majors()[0]).await;
    world.prod.run("insert into log values ('x')");
    let way = way_back(&world, "2", Policy::default()).await.unwrap();
    assert!(!way.planned.withheld.is_empty());
    let strict = app::Request { strict: true, ..way.request.clone() };
    assert_eq!(sync(&strict).await.unwrap_err().code, Code::Blocked);
    sync(&way.request).await.unwrap();
    assert_eq!(world.prod_says("select note from log"), "x");

    for (revision, code) in [("9", Code::NoSuchRevision), ("abcdef", Code::NoSuchRevision)] {
        assert_eq!(way_back(&world, revision, Policy::default()).await.unwrap_err().code, code);
    }
}

/// The plan of a run that died is in the archive, though its outcome is not.
#[tokio::test]
async fn a_run_that_died_is_taken_back_too() {
    let world = World::new(majors()[0], START, START);
    let start = dump(&world.prod);
    world.dev.run("create table first (); alter table gone add y int; create index on customer (fax)");
    let reader = world.transaction("select * from gone").await;
    let mut victim = super::crash::start_victim(&world);
    world.until_waiting("ALTER TABLE public.gone").await;
    victim.kill().unwrap();
    victim.wait().unwrap();
    drop(reader);
    let way = way_back(&world, "latest", anything()).await.unwrap();
    assert_eq!((way.number, way.lost.len()), (1, 0));
    let mut request = way.request;
    request.patience.other_run = std::time::Duration::from_secs(10);
    sync(&request).await.unwrap();
    is_now(&world.prod, &start);
    let entries = app::history(request.archive.as_ref().unwrap()).await.unwrap().revisions;
    let outcomes: Vec<_> = entries.iter().map(|entry| (entry.revision.outcome, entry.revision.back_to)).collect();
    assert_eq!(outcomes, [(Outcome::Interrupted, None), (Outcome::Done, Some(1))]);
}

/// What was left out of the one is not to be undone with the other.
#[tokio::test]
async fn revisions_of_different_parts_are_taken_back_as_one_says() {
    let world = World::new(majors()[0], "", "create table a (); create table b (x int, y int)");
    let mut request = world.request();
    request.options.scope.include = vec!["public.a".parse().unwrap()];
    sync(&request).await.unwrap();
    // Made by hand, and outside of what was compared.
    world.prod.run("create table c ()");
    let way = way_back(&world, "1", anything()).await.unwrap();
    assert_eq!(super::statements(&way.planned.plan), ["DROP TABLE public.a"]);
    sync(&world.request()).await.unwrap();
    let failure = way_back(&world, "1", anything()).await.unwrap_err();
    assert_eq!(failure.code, Code::RollbackUnclear);
    let mut request = world.request();
    request.back = Some("1".to_owned());
    request.options.scope.exclude = vec!["public.c".parse().unwrap()];
    request.policy = anything();
    sync(&app::way_back(request, &mut |_: &Event| {}).await.unwrap().request).await.unwrap();
    assert_eq!(world.prod_says("select relname from pg_class where relnamespace = 'public'::regnamespace"), "c");
}

/// Syncs dev as the script makes it, with these renames.
async fn step(world: &World, script: &str, renames: &[&str]) {
    world.dev.run(script);
    let mut request = world.request();
    request.policy = anything();
    request.options.renames = renames.iter().map(|rename| rename.parse().unwrap()).collect();
    sync(&request).await.unwrap();
}

/// What a rollback that failed was asked to rename is still called as before.
#[tokio::test]
async fn a_rollback_that_failed_is_repeated() {
    let world = World::new(majors()[0], "", "create table a (x int); create table z (y int)");
    step(&world, "", &[]).await;
    world.prod.run("insert into a values (7)");
    step(&world, "alter table a rename to b; alter table z alter y type bigint", &["table public.a -> b"]).await;
    let reader = world.transaction("select * from b").await;
    let mut way = way_back(&world, "2", anything()).await.unwrap();
    way.request.patience.attempts = 1;
    assert_eq!(sync(&way.request).await.unwrap_err().code, Code::LockTimeout);
    drop(reader);
    for revision in ["2", "2"] {
        sync(&way_back(&world, revision, anything()).await.unwrap().request).await.unwrap();
        assert_eq!(world.prod_says("select x from a"), "7");
    }
}

/// Names that move on move back, and where they would change hands, one revision is taken back at a time.
#[tokio::test]
async fn names_that_others_have_got_come_back() {
    let world = World::new(majors()[0], "", "create table t (a int, b int)");
    step(&world, "", &[]).await;
    world.prod.run("insert into t values (1, 2)");
    let moved = ["column public.t.b -> c", "column public.t.a -> b"];
    step(&world, "alter table t rename b to c; alter table t rename a to b", &moved).await;
    assert_eq!(world.prod_says("select b, c from t"), "1|2");
    sync(&way_back(&world, "2", Policy::default()).await.unwrap().request).await.unwrap();
    assert_eq!(world.prod_says("select a, b from t"), "1|2");

    let world = World::new(majors()[0], "", "create table t (a int, b int)");
    step(&world, "", &[]).await;
    world.prod.run("insert into t values (1, 2)");
    let first = ["column public.t.a -> c", "column public.t.b -> a"];
    step(&world, "alter table t rename a to c; alter table t rename b to a", &first).await;
    step(&world, "alter table t rename c to b", &["column public.t.c -> b"]).await;
    assert_eq!(world.prod_says("select a, b from t"), "2|1");
    assert_eq!(way_back(&world, "2", anything()).await.unwrap_err().code, Code::RollbackUnclear);
    for revision in ["3", "2"] {
        sync(&way_back(&world, revision, Policy::default()).await.unwrap().request).await.unwrap();
    }
    assert_eq!(world.prod_says("select a, b from t"), "1|2");
}

/// What was asked for before a rollback may be asked for again: the same commit is deployed once more.
#[tokio::test]
async fn a_key_is_free_again_after_a_rollback() {
    let world = World::new(majors()[0], "", "create table a ()");
    let keyed = |key: &str, request: app::Request| app::Request { idempotency_key: Some(key.to_owned()), ..request };
    let deploy = keyed("commit", world.request());
    let sync = async |request: &app::Request| app::sync(request, None, &mut |_: &Event| {}).await.unwrap();
    assert!(matches!(sync(&deploy).await, Delivery::First(_)));
    assert!(matches!(sync(&deploy).await, Delivery::Again(_)));
    let way = way_back(&world, "latest", anything()).await.unwrap();
    let back = keyed("back", way.request);
    assert!(app::answered(&back).await.unwrap().is_none());
    assert!(matches!(sync(&back).await, Delivery::First(_)));
    assert!(app::answered(&back).await.unwrap().is_some());
    assert!(matches!(sync(&deploy).await, Delivery::First(_)));
    assert_eq!(world.prod_says("select to_regclass('a') is not null"), "t");
}
