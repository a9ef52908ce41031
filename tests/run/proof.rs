//! The proof before prod is touched: what it lets through, what it refuses, and what it leaves behind.

use migrator::app::{self, Request};
use migrator::code::{Code, Exit};
use migrator::plan::gate::Approval;
use migrator::progress::Event;
use migrator::throwaway::Settings;

use super::origins::scratch_databases;
use super::{World, plan, sync, sync_telling};
use crate::support::server::{Server, majors, server};

/// An event trigger stands in nobody's way when it is made, and in everybody's afterwards.
const NO_NEW_VIEWS: &str = "create function no_new_views() returns event_trigger language plpgsql as
    $$ begin raise exception 'no views here' using hint = 'ask the owner'; end $$;
    create event trigger no_new_views on ddl_command_start when tag in ('CREATE VIEW') execute function no_new_views();";

fn proving(world: &World) -> Request {
    Request { prove: true, ..world.request() }
}

#[tokio::test]
async fn what_is_proved_is_carried_out() {
    let server = Server::start(majors()[0], &Settings::default());
    let (dev, prod) = (server.database("dev"), server.database("prod"));
    prod.run("create table a (b int not null, c text); insert into a values (1, 'x')");
    dev.run("create table a (b bigint not null, d int); create index on a (b)");
    // Only dev's server needs a role that makes databases: here prod's may not.
    server.existing("postgres").run("create role plain login");
    prod.run("alter table a owner to plain; alter schema public owner to plain");
    prod.run("do $$ begin execute format('grant create on database %I to plain', current_database()); end $$");
    let mut request = Request::new(&dev.url, &server.url_of("plain", &prod.name)).unwrap();
    request.prove = true;
    request.policy.allow = vec![Approval::All];
    let proof = plan(&request).await.unwrap().proof.expect("a proof");
    assert_eq!(
        prod.query("select count(*) from pg_attribute where attrelid = 'a'::regclass and attname = 'd'"),
        [["0"]]
    );
    let (synced, events) = sync_telling(&request).await;
    let synced = synced.unwrap();
    assert_eq!(synced.proof.as_ref().map(|proof| proof.statements), Some(proof.statements));
    assert!(proof.statements >= 3, "{proof:?}");
    let at = |wanted: fn(&Event) -> bool| events.iter().position(wanted).expect("the event");
    assert!(
        at(|event| matches!(event, Event::Proved { .. })) < at(|event| matches!(event, Event::BatchStarted { .. }))
    );
    assert!(scratch_databases(&server).is_empty());
    let nothing = sync(&request).await.unwrap();
    assert!(nothing.plan.is_empty() && nothing.proof.is_none());
}

#[tokio::test]
async fn what_fails_in_the_copy_never_reaches_prod() {
    for major in majors() {
        let world = World::new(major, NO_NEW_VIEWS, &format!("create view a as select 1 as b; {NO_NEW_VIEWS}"));
        let request = proving(&world);
        for failure in [plan(&request).await.unwrap_err(), sync(&request).await.unwrap_err()] {
            assert_eq!(
                (failure.code, failure.code.exit(), failure.code.http()),
                (Code::ProofFailed, Exit::Blocked, 422)
            );
            assert!(failure.message.ends_with("no views here"), "{failure}");
            assert!(failure.causes[0].starts_with("CREATE VIEW public.a"), "{:?}", failure.causes);
            assert!(failure.causes.contains(&"ask the owner".to_owned()), "{:?}", failure.causes);
            assert!(failure.changed_nothing());
        }
        assert!(
            !world.has_ledger() && app::history(request.archive.as_ref().unwrap()).await.unwrap().revisions.is_empty()
        );
        // Without the proof it fails in prod.
        assert_eq!(sync(&world.request()).await.unwrap_err().code, Code::StatementFailed);
    }
}

#[tokio::test]
async fn what_cannot_be_copied_is_not_proved() {
    let major = majors()[0];
    let elsewhere = Server::start(major, &Settings::default());
    server(major).existing("postgres").run("create role only_in_prod");
    let world =
        World::new(major, "create table a (b int); create policy p on a to only_in_prod", "create table a (b int)");
    let mut request = proving(&world);
    request.policy.allow = vec![Approval::All];
    // On prod's own server everything is at hand.
    plan(&request).await.unwrap();
    request.scratch = Some(elsewhere.url("postgres").parse().unwrap());
    let failure = sync(&request).await.unwrap_err();
    assert_eq!((failure.code, failure.code.http()), (Code::NotProvable, 422));
    assert!(failure.message.contains("role \"only_in_prod\" does not exist"), "{failure}");
    assert!(failure.changed_nothing() && !world.has_ledger());
    assert!(scratch_databases(&elsewhere).is_empty());
}

#[tokio::test]
async fn another_version_proves_nothing() {
    let [older, newer] = majors()[..] else { return };
    let world = World::new(older, "", "create table a (b int)");
    let mut request = proving(&world);
    request.scratch = Some(server(newer).url("postgres").parse().unwrap());
    let failure = plan(&request).await.unwrap_err();
    assert_eq!(failure.code, Code::NotProvable);
    let says = format!("prod is PostgreSQL {older}, and ");
    assert!(failure.message.starts_with(&says) && failure.message.ends_with(&newer.to_string()), "{failure}");
}

#[tokio::test]
async fn the_way_back_is_proved_on_a_server_that_is_named() {
    let world = World::new(majors()[0], "create table a (b int)", "create table a (b int, c int)");
    sync(&world.request()).await.unwrap();
    let dev = format!("{}#1", world.archive.path().display()).parse().unwrap();
    let mut request = Request { back: Some("1".to_owned()), dev, ..proving(&world) };
    request.policy.allow = vec![Approval::All];
    let failure = app::way_back(request.clone(), &mut |_| {}).await.unwrap_err();
    assert_eq!(failure.code, Code::ScratchMissing);
    request.scratch = Some(world.dev.url.parse().unwrap());
    let way = app::way_back(request, &mut |_| {}).await.unwrap();
    assert_eq!(way.planned.proof.map(|proof| proof.statements), Some(1));
    app::sync(&way.request, Some(&way.planned.plan), &mut |_| {}).await.unwrap();
    assert_eq!(
        world.prod_says(
            "select count(*) from pg_attribute where attrelid = 'a'::regclass and attnum > 0 and not attisdropped"
        ),
        "1"
    );
}

#[tokio::test]
async fn a_secret_of_prod_stays_there() {
    let server = Server::start(majors()[0], &Settings::default());
    server.existing("postgres").run("alter system set log_statement = 'all'; select pg_reload_conf()");
    let mapping = |password: &str| {
        format!(
            "create foreign data wrapper w; create server s foreign data wrapper w options (host 'h');
            create user mapping for public server s options (user 'me', password '{password}');
            create subscription u connection 'host=h user=me password={password}' publication p with (connect = false)"
        )
    };
    let world = World::new(majors()[0], &mapping("hunter2"), &(mapping("hunter3") + "; create table a (b int)"));
    let mut request = proving(&world);
    request.scratch = Some(server.url("postgres").parse().unwrap());
    let proof = plan(&request).await.unwrap().proof.expect("a proof");
    assert!(proof.statements >= 2, "{proof:?}");
    let log = server.log();
    assert!(log.contains("CREATE USER MAPPING") && log.contains("CREATE TABLE public.a"), "{log}");
    assert!(!log.contains("hunter"), "{log}");
    // One that is made for a moment is nobody's subscriber.
    world.prod.run("alter subscription u set (slot_name = none); drop subscription u");
    world.dev.run("alter subscription u set (slot_name = none); drop subscription u");
}
