//! The way it goes when nothing goes wrong.

use migrator::app;
use migrator::progress::{Event, Stage};
use migrator::revision::Outcome;

use super::{World, plan, statements, sync, sync_telling};
use crate::support::server::majors;

const PROD: &str = "
    create table customer (id int primary key, email text, old_note text);
    insert into customer select n, n || '@example.org', 'x' from generate_series(1, 500) n;
    create view emails as select email from customer;";

const DEV: &str = "
    create type mood as enum ('glad', 'sad');
    create table customer (id int primary key, email text not null, mood mood);
    create index customer_email on customer (email);
    create table orders (id bigint generated always as identity primary key, customer int not null references customer);
    create function twice(n int) returns int language sql immutable as 'select n * 2';
    create view emails as select email, id from customer;";

#[tokio::test]
async fn prod_comes_into_step_and_everything_is_written_down() {
    for major in majors() {
        let world = World::new(major, PROD, DEV);
        let request = world.request();
        let (synced, events) = sync_telling(&request).await;
        let synced = synced.unwrap();

        // The column that dev does not have is withheld, and so is nothing else.
        let withheld: Vec<&str> = synced
            .withheld
            .iter()
            .flat_map(|w| &synced.plan.batches[w.batch].statements)
            .map(|s| s.sql.as_str())
            .collect();
        assert_eq!(withheld, ["ALTER TABLE public.customer DROP COLUMN old_note"]);
        assert_eq!(synced.withheld[0].approvals(), ["data_loss:public.customer.old_note"]);
        assert_eq!(statements(&plan(&request).await.unwrap().plan), withheld);
        assert_eq!(synced.applied.len() + 1, synced.plan.batches.len());
        assert_eq!(world.prod_says("select count(*), count(old_note) from customer"), "500|500");

        // The ledger.
        let run = synced.run.as_ref().unwrap();
        let row = world
            .prod_says("select id, outcome, invoked_by, finished >= started, plan_hash, revision from migrator.runs");
        assert_eq!(row, format!("{run}|done|tests|t|{}|1", synced.plan.hash));
        let done = statements(&synced.plan).len() - withheld.len();
        assert_eq!(
            world.prod_says("select status, count(*), count(finished) from migrator.statements group by 1"),
            format!("done|{done}|{done}")
        );
        let held = "from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()";
        world.until(&format!("select not exists (select {held} where l.locktype = 'advisory')")).await;

        // The archive.
        let archive = request.archive.as_ref().unwrap();
        let history = app::history(archive).await.unwrap();
        assert_eq!(history.revisions.len(), 1);
        assert!(history.pending.is_none());
        let revision = &history.revisions[0].revision;
        assert_eq!((revision.number, revision.outcome, &revision.run), (1, Outcome::Done, run));
        assert_eq!(
            (revision.applied.as_slice(), revision.withheld.as_slice()),
            (synced.applied.as_slice(), synced.withheld.as_slice())
        );
        let bundle = app::show(archive, "latest").await.unwrap();
        assert_eq!(bundle.plan().unwrap(), synced.plan);
        let names: Vec<&str> = bundle.files.keys().map(String::as_str).collect();
        assert_eq!(names, ["after.json", "after.sql", "before.json", "before.sql", "down.sql", "plan.json", "up.sql"]);
        assert!(bundle.text("up.sql").unwrap().contains("CREATE INDEX CONCURRENTLY customer_email"));
        assert!(bundle.text("up.sql").unwrap().contains("-- ALTER TABLE public.customer DROP COLUMN old_note;"));
        assert!(bundle.text("down.sql").unwrap().contains("DROP TABLE public.orders"));
        assert!(bundle.text("after.sql").unwrap().contains("CREATE TABLE public.orders"));
        assert!(!bundle.text("after.json").unwrap().contains("migrator"));

        // The events.
        let has = |wanted: &dyn Fn(&Event) -> bool| events.iter().any(wanted);
        assert!(matches!(events.first(), Some(Event::Connected { .. })));
        assert!(matches!(events.last(), Some(Event::Verified { withheld: 1 })));
        assert!(has(&|event| matches!(event, Event::Archived { stage: Stage::Planned, .. })));
        assert!(has(&|event| matches!(event, Event::Archived { stage: Stage::Finished, .. })));
        let batches = events.iter().filter(|event| matches!(event, Event::BatchDone { .. })).count();
        assert_eq!(batches, synced.applied.len());
    }
}

#[tokio::test]
async fn a_second_sync_does_nothing_and_archives_nothing() {
    let world = World::new(majors()[0], PROD, DEV);
    let request = world.request();
    sync(&request).await.unwrap();
    let again = sync(&request).await.unwrap();
    assert!(again.applied.is_empty() && again.run.is_none() && again.revision.is_none());
    assert_eq!(again.withheld.len(), 1);
    assert_eq!(world.prod_says("select count(*) from migrator.runs"), "1");
    assert_eq!(app::history(request.archive.as_ref().unwrap()).await.unwrap().revisions.len(), 1);
}

#[tokio::test]
async fn plan_check_and_an_idle_sync_leave_no_trace_in_prod() {
    let world = World::new(majors()[0], "create table a (b int)", "create table a (b int)");
    let request = world.request();
    plan(&request).await.unwrap();
    assert!(app::check(&request, &mut |_| {}).await.unwrap().in_step());
    assert!(sync(&request).await.unwrap().plan.is_empty());
    assert!(!world.has_ledger());
    assert!(app::history(request.archive.as_ref().unwrap()).await.unwrap().revisions.is_empty());
}

#[tokio::test]
async fn what_is_approved_is_done_and_revisions_form_a_chain() {
    let world = World::new(majors()[0], PROD, DEV);
    let mut request = world.request();
    sync(&request).await.unwrap();
    request.policy.allow.push("data_loss:public.customer.old_note".parse().unwrap());
    assert_eq!(sync(&request).await.unwrap().revision, Some(2));
    assert!(plan(&request).await.unwrap().plan.is_empty());
    let history = app::history(request.archive.as_ref().unwrap()).await.unwrap();
    assert_eq!(history.revisions[1].revision.parent.as_ref(), Some(&history.revisions[0].hash));
    assert_eq!(history.revisions[1].revision.before, history.revisions[0].revision.after.clone().unwrap());
    let by_hash = app::show(request.archive.as_ref().unwrap(), history.revisions[0].hash.short()).await.unwrap();
    assert_eq!(by_hash.revision.number, 1);
}

#[tokio::test]
async fn the_expand_phase_first_and_the_contract_phase_after() {
    use migrator::statement::Phase;
    let world = World::new(majors()[0], PROD, DEV);
    let mut request = world.request();
    request.policy.allow.push("all".parse().unwrap());
    request.policy.phase = Some(Phase::Expand);
    request.strict = true;
    sync(&request).await.unwrap();
    assert_eq!(world.prod_says("select count(old_note) from customer"), "500");
    request.policy.phase = Some(Phase::Contract);
    sync(&request).await.unwrap();
    request.policy.phase = None;
    assert!(plan(&request).await.unwrap().plan.is_empty());
}

#[tokio::test]
async fn check_tells_drift_from_dev_and_from_the_archive_apart() {
    let world = World::new(majors()[0], "create table a (b int)", "create table a (b int, c int)");
    let request = world.request();
    let checked = app::check(&request, &mut |_| {}).await.unwrap();
    assert!(!checked.in_step() && checked.archived.is_none());
    sync(&request).await.unwrap();
    assert!(app::check(&request, &mut |_| {}).await.unwrap().in_step());
    world.prod.run("create index by_hand on a (b)");
    let checked = app::check(&request, &mut |_| {}).await.unwrap();
    let archived = checked.archived.as_ref().unwrap();
    assert_eq!(archived.revision, 1);
    assert!(statements(&archived.by_hand)[0].contains("by_hand"), "{:?}", statements(&archived.by_hand));
    assert!(statements(&checked.plan)[0].contains("DROP INDEX"), "{:?}", statements(&checked.plan));
}

#[tokio::test]
async fn a_stated_rename_keeps_the_rows_and_is_undone_on_the_way_back() {
    let world = World::new(
        majors()[0],
        "create table client (id int); insert into client values (1)",
        "create table customer (id int, name text)",
    );
    let mut request = world.request();
    request.options.renames.push("table public.client -> customer".parse().unwrap());
    sync(&request).await.unwrap();
    assert_eq!(world.prod_says("select id from customer"), "1");
    let down = app::show(request.archive.as_ref().unwrap(), "1").await.unwrap();
    assert!(down.text("down.sql").unwrap().contains("RENAME TO client"), "{}", down.text("down.sql").unwrap());
    // The very same command again has nothing to do.
    assert!(sync(&request).await.unwrap().applied.is_empty());
}

/// Without its index, the server would take the table for one without any replica identity.
#[tokio::test]
async fn a_replica_identity_does_not_go_with_its_index() {
    let table = |name: &str| format!("create table {name} (b int primary key, c int not null);");
    let all = ["a", "z"].map(table).concat();
    let prod = format!(
        "{all} create unique index i on a (c); alter table a replica identity using index i;
        alter table z add constraint u unique (c); alter table z replica identity using index u;"
    );
    let world = World::new(majors()[0], &prod, &all);
    let identities =
        "select string_agg(relreplident::text, '' order by relname) from pg_class where relname in ('a', 'z')";
    assert_eq!(world.prod_says(identities), "ii");
    sync(&world.request()).await.unwrap();
    assert_eq!(world.prod_says(identities), "dd");
    // What somebody has left so is a difference.
    world.prod.run("create unique index i on a (c); alter table a replica identity using index i; drop index i");
    sync(&world.request()).await.unwrap();
    assert_eq!(world.prod_says(identities), "dd");
}

#[tokio::test]
async fn a_published_table_without_a_key_is_warned_of() {
    let tables = "create table a (b int); create table k (b int primary key); create table f (b int); alter table f replica identity full;
        create table w (b int); create publication p; create publication i with (publish = insert);";
    let dev = format!("{tables} alter publication p add table a, k, f; alter publication i add table w");
    let world = World::new(majors()[0], tables, &dev);
    let planned = plan(&world.request()).await.unwrap();
    let hazards =
        planned.plan.batches.iter().flat_map(|batch| &batch.statements).flat_map(|statement| &statement.hazards);
    let warned: Vec<String> = hazards.map(|hazard| format!("{} {}", hazard.kind, hazard.object)).collect();
    assert_eq!(warned, ["breaks_old_code table public.a"]);
}
