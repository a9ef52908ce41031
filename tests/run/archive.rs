//! The chain of revisions, and who tampers with it.

use std::fs;
use std::path::Path;

use migrator::app;
use migrator::archive::{Archive, Contents, Location};
use migrator::code::Code;
use migrator::pair::Pair;
use migrator::plan::{Options, plan};
use migrator::revision::{FORMAT, Outcome, Revision};

use super::{World, sync};
use crate::support::server::majors;

fn location(path: &Path) -> Location {
    path.to_str().unwrap().parse().unwrap()
}

async fn damage(location: &Location) -> String {
    let failure = app::history(location).await.unwrap_err();
    assert_eq!(failure.code, Code::ArchiveDamaged, "{failure:?}");
    failure.message
}

/// Three revisions of one database.
async fn three() -> (World, Location) {
    let world = World::new(majors()[0], "", "");
    for table in ["one", "two", "three"] {
        world.dev.run(&format!("create table {table} ()"));
        sync(&world.request()).await.unwrap();
    }
    let location = location(world.archive.path());
    assert_eq!(app::history(&location).await.unwrap().revisions.len(), 3);
    (world, location)
}

#[tokio::test]
async fn a_missing_altered_or_exchanged_revision_is_named() {
    let (world, location) = three().await;
    let file = |number: u32| world.archive.path().join(format!("revisions/00000{number}.zip"));
    let whole = [fs::read(file(1)).unwrap(), fs::read(file(2)).unwrap(), fs::read(file(3)).unwrap()];

    fs::remove_file(file(2)).unwrap();
    assert!(damage(&location).await.contains("revision 2 is missing"));
    fs::write(file(2), &whole[0]).unwrap();
    assert!(damage(&location).await.contains("revision 2 was altered"));
    fs::write(file(2), &whole[1][..whole[1].len() / 2]).unwrap();
    assert!(damage(&location).await.contains("revision 2 cannot be read"));
    fs::write(file(2), &whole[1]).unwrap();

    fs::remove_file(file(3)).unwrap();
    assert!(damage(&location).await.contains("revision 3 is missing"));
    // A sync goes nowhere from a chain whose end is gone.
    world.dev.run("create table four ()");
    let failure = sync(&world.request()).await.unwrap_err();
    assert!(failure.code == Code::ArchiveDamaged && failure.changed_nothing(), "{failure:?}");
    assert_eq!(world.prod_says("select to_regclass('four') is null"), "t");
    fs::write(file(3), &whole[2]).unwrap();

    fs::remove_file(world.archive.path().join("HEAD")).unwrap();
    fs::remove_file(file(2)).unwrap();
    assert!(damage(&location).await.contains("revision 2 is missing"));
}

#[tokio::test]
async fn an_altered_file_is_named_even_when_the_zip_is_sound() {
    let (world, location) = three().await;
    let path = world.archive.path().join("revisions/000002.zip");
    let bytes = fs::read(&path).unwrap();
    let mut source = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut target = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..source.len() {
        let mut entry = source.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut content = String::new();
        std::io::Read::read_to_string(&mut entry, &mut content).unwrap();
        if name == "up.sql" {
            content.push_str("drop table one;\n");
        }
        target.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut target, content.as_bytes()).unwrap();
    }
    fs::write(&path, target.finish().unwrap().into_inner()).unwrap();
    assert!(damage(&location).await.contains("revision 2 was altered: up.sql"));
}

#[tokio::test]
async fn a_head_that_moved_meanwhile_is_refused() {
    let (_world, location) = three().await;
    let archive = Archive::open(&location).unwrap();
    let seen = archive.tip().await.unwrap();
    let bundle = |table: &str| {
        let mut next = (**seen.last.as_ref().map(|(_, bundle)| bundle).unwrap()).clone();
        next.revision.number += 1;
        next.revision.parent = seen.hash().cloned();
        next.revision.run = table.to_owned();
        let (plan, before) = (next.plan().unwrap(), next.before().unwrap());
        Contents { plan: &plan, down: Err("none"), before: &before, after: None }.bundle(next.revision)
    };
    let (_, tip) = archive.conclude(&seen, bundle("mine")).await.unwrap();
    // The very same again is no harm; another one is.
    let error = archive.conclude(&seen, bundle("other")).await.unwrap_err();
    assert_eq!(error.code(), Code::ArchiveConflict, "{error}");
    let error = archive.propose(&bundle("other")).await;
    assert!(error.is_ok(), "nobody had planned the fourth: {error:?}");
    assert_eq!(archive.propose(&bundle("third")).await.unwrap_err().code(), Code::ArchiveConflict);
    assert_eq!(tip.next(), 5);
    assert_eq!(app::history(&location).await.unwrap().revisions.len(), 4);
}

#[tokio::test]
async fn a_writer_that_died_before_head_is_caught_up_with() {
    let (world, location) = three().await;
    let head = world.archive.path().join("HEAD");
    let now = fs::read(&head).unwrap();
    world.dev.run("create table four ()");
    sync(&world.request()).await.unwrap();
    fs::write(&head, now).unwrap();
    assert_eq!(app::history(&location).await.unwrap().revisions.len(), 4);
    world.dev.run("create table five ()");
    sync(&world.request()).await.unwrap();
    assert_eq!(app::history(&location).await.unwrap().revisions.len(), 5);
}

#[tokio::test]
async fn the_same_inputs_make_the_same_bytes() {
    let world = World::new(majors()[0], "create table a (b int)", "create table a (b int, c int)");
    let mut files = Vec::new();
    for _ in 0..2 {
        let quiet = &mut |_: &migrator::progress::Event| {};
        let before = app::snapshot(&world.prod.url.parse().unwrap(), quiet).await.unwrap();
        let after = app::snapshot(&world.dev.url.parse().unwrap(), quiet).await.unwrap();
        let up = plan(Pair::new(&before, &after), &Options::default()).unwrap();
        let down = plan(Pair::new(&after, &before), &Options::default()).unwrap();
        let revision = Revision {
            format: FORMAT,
            number: 1,
            parent: None,
            database: "shop".to_owned(),
            run: "20300101T000000Z-00000000".to_owned(),
            created: "2030-01-01T00:00:00Z".to_owned(),
            invoked_by: None,
            back_to: None,
            outcome: Outcome::Done,
            finished: Some("2030-01-01T00:00:01Z".to_owned()),
            error: None,
            plan_hash: up.hash.clone(),
            before: before.fingerprint().clone(),
            after: None,
            applied: vec![0],
            ran: Vec::new(),
            withheld: Vec::new(),
            files: std::collections::BTreeMap::new(),
        };
        let bundle = Contents { plan: &up, down: Ok(&down), before: &before, after: Some(&after) }.bundle(revision);
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(&location(folder.path())).unwrap();
        archive.conclude(&archive.tip().await.unwrap(), bundle).await.unwrap();
        files.push((
            fs::read(folder.path().join("revisions/000001.zip")).unwrap(),
            fs::read(folder.path().join("HEAD")).unwrap(),
        ));
    }
    assert_eq!(files[0], files[1]);
}

#[tokio::test]
async fn an_archive_of_another_database_is_refused() {
    let (world, location) = three().await;
    let other = World::new(majors()[0], "", "create table x ()");
    let mut request = other.request();
    request.archive = Some(location);
    let failure = sync(&request).await.unwrap_err();
    assert_eq!(failure.code, Code::ArchiveForeign, "{failure}");
    assert!(failure.message.contains(&world.prod.name) && failure.changed_nothing() && !other.has_ledger());
}

#[tokio::test]
async fn an_archive_that_cannot_be_written_stops_before_prod_is_touched() {
    let world = World::new(majors()[0], "", "create table x ()");
    let mut request = world.request();
    let file = world.archive.path().join("file");
    fs::write(&file, "").unwrap();
    request.archive = Some(location(&file.join("folder")));
    let failure = sync(&request).await.unwrap_err();
    assert_eq!(failure.code, Code::ArchiveUnreachable, "{failure:?}");
    assert!(failure.changed_nothing() && !world.has_ledger());
    assert_eq!(app::history(&location(Path::new("/no/such/archive"))).await.unwrap().revisions.len(), 0);
    let nothing = app::show(&location(world.archive.path()), "7").await.unwrap_err();
    assert_eq!((nothing.code, nothing.code.http()), (Code::NoSuchRevision, 404));
    assert_eq!(
        "gs://bucket/x".parse::<Location>().map_err(|error| app::Failure::from(error).code),
        Err(Code::MalformedArchive)
    );
}

/// Of a transaction that failed nothing is left but the row of what failed.
#[tokio::test]
async fn a_revision_names_the_statement_that_failed() {
    let view = "create view v as select a from t";
    let prod = format!("create table t (a text); insert into t values ('x'); create table u (); {view}");
    let world = World::new(majors()[0], &prod, &format!("create table t (a int); create table u (b int); {view}"));
    let mut request = world.request();
    request.policy.allow.push("all".parse().unwrap());
    sync(&request).await.unwrap_err();
    let shown = app::show(request.archive.as_ref().unwrap(), "1").await.unwrap();
    let plan = shown.plan().unwrap();
    let failed: Vec<&str> = shown
        .revision
        .ran
        .iter()
        .filter(|ran| ran.status == "failed")
        .map(|ran| plan.batches[ran.batch].statements[ran.statement].sql.as_str())
        .collect();
    assert!(matches!(failed[..], [sql] if sql.starts_with("ALTER TABLE public.t ALTER COLUMN a TYPE")), "{failed:?}");
}
