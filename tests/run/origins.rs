//! What may stand for dev: a snapshot, a revision, a file or a folder of SQL.

use std::fs;
use std::path::Path;

use migrator::app::{self, Failure, Origin, Request};
use migrator::code::Code;
use sqlx::Connection;

use super::{World, plan, statements, sync};
use crate::support::server::{Server, majors, server};

const SCHEMA: &str = "create table a (b int, c text);\ncreate index a_b on a (b);";

/// A request whose dev is this, loaded where it must be.
fn from(world: &World, dev: &str) -> Result<Request, Failure> {
    let scratch = world.dev.url.parse().expect("an address");
    let dev = dev.parse::<Origin>()?.loaded_into(Some(scratch));
    Ok(Request { dev, ..world.request() })
}

pub fn scratch_databases(server: &Server) -> Vec<Vec<String>> {
    server.existing("postgres").query("select datname from pg_database where datname like 'migrator\\_scratch\\_%'")
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().expect("a folder")).unwrap();
    fs::write(&file, text).unwrap();
    file.to_str().expect("UTF-8").to_owned()
}

#[tokio::test]
async fn a_snapshot() {
    let world = World::new(majors()[0], "create table a (b int)", SCHEMA);
    let dev = app::snapshot(&world.dev.url.parse().unwrap(), &mut |_| {}).await.unwrap();
    let file = write(world.archive.path(), "dev.json", &serde_json::to_string(&dev).unwrap());
    let synced = sync(&from(&world, &file).unwrap()).await.unwrap();
    assert_eq!(statements(&synced.plan).len(), 2);
}

#[tokio::test]
async fn a_revision_by_its_number_its_file_and_the_last_one() {
    let world = World::new(majors()[0], "create table a (b int)", SCHEMA);
    let archive = world.archive.path().to_str().unwrap().to_owned();
    sync(&world.request()).await.unwrap();
    world.dev.run("drop index a_b; alter table a add d int");
    sync(&world.request()).await.unwrap();
    // Back to what the first revision left behind, whichever way it is named.
    for dev in [format!("{archive}#1"), format!("file://{archive}#1"), format!("{archive}/revisions/000001.zip")] {
        let planned = plan(&from(&world, &dev).unwrap()).await.unwrap();
        let back = ["CREATE INDEX CONCURRENTLY a_b ON public.a USING btree (b)", "ALTER TABLE public.a DROP COLUMN d"];
        assert_eq!(statements(&planned.plan), back, "{dev}");
    }
    let latest = plan(&from(&world, &format!("{archive}#latest")).unwrap()).await.unwrap();
    assert!(latest.plan.is_empty());
    let missing = plan(&from(&world, &format!("{archive}#7")).unwrap()).await.unwrap_err();
    assert_eq!(missing.code, Code::NoSuchRevision);
    let unnamed = from(&world, &archive).unwrap_err();
    assert!(unnamed.code == Code::UnreadableOrigin && unnamed.message.contains("#latest"), "{unnamed}");
}

#[tokio::test]
async fn a_script_and_a_folder_of_migrations() {
    for major in majors() {
        let world = World::new(major, "create table a (b int)", SCHEMA);
        let folder = tempfile::tempdir().unwrap();
        let file = write(folder.path(), "schema.sql", SCHEMA);
        let of_dev = plan(&world.request()).await.unwrap();
        assert_eq!(plan(&from(&world, &file).unwrap()).await.unwrap().plan.batches, of_dev.plan.batches);

        let migrations = folder.path().join("migrations");
        write(&migrations, "0002_more.up.sql", "create index concurrently a_b on a (b)");
        write(&migrations, "0001/first.sql", "begin; create table a (b int, c text); commit;");
        write(&migrations, "0002_more.down.sql", "drop index a_b");
        write(&migrations, "README", "nothing to run");
        let synced = sync(&from(&world, migrations.to_str().unwrap()).unwrap()).await.unwrap();
        assert_eq!(synced.plan.batches, of_dev.plan.batches);
        assert!(plan(&world.request()).await.unwrap().plan.is_empty());
    }
}

#[tokio::test]
async fn a_script_with_a_subscription_leaves_no_database_behind() {
    let server = server(majors()[0]);
    let world = World::new(majors()[0], "", "");
    let folder = tempfile::tempdir().unwrap();
    let script = "create subscription s connection 'host=h' publication p with (connect = false)";
    let planned = plan(&from(&world, &write(folder.path(), "schema.sql", script)).unwrap()).await.unwrap();
    assert_eq!(statements(&planned.plan).len(), 1);
    let ours = migrator::scratch::prefix(&world.dev.name);
    assert!(!scratch_databases(server).concat().iter().any(|name| name.starts_with(&ours)));
}

#[tokio::test]
async fn a_script_that_cannot_be_loaded_says_where_and_leaves_nothing() {
    let world = World::new(majors()[0], "create table a (b int)", SCHEMA);
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        (
            "create table a (b int);\n\ncreate view v as\n  select x from a;",
            "schema.sql, line 3: column \"x\" does not exist",
        ),
        ("begin;\ncreate table a (b int);", "its COMMIT is missing"),
        ("create table a (b int);\n\\i other.sql", "line 2: \\i is a command of psql"),
        ("create table a (b int);\ncopy a from stdin;\n1\n\\.\n", "line 2: rows are loaded here"),
    ];
    for (script, says) in cases {
        let file = write(folder.path(), "schema.sql", script);
        let failure = plan(&from(&world, &file).unwrap()).await.unwrap_err();
        assert!(failure.code == Code::ScriptFailed && failure.message.contains(says), "{failure}");
    }
    let empty = tempfile::tempdir().unwrap();
    let failure = plan(&from(&world, empty.path().to_str().unwrap()).unwrap()).await.unwrap_err();
    assert_eq!(failure.code, Code::UnreadableOrigin, "{failure}");
    let nowhere = Request { dev: write(folder.path(), "schema.sql", SCHEMA).parse().unwrap(), ..world.request() };
    assert_eq!(plan(&nowhere).await.unwrap_err().code, Code::ScratchMissing);
    assert!(!world.has_ledger());
}

#[tokio::test]
async fn what_a_dead_run_left_behind_is_dropped_and_what_a_living_one_uses_is_not() {
    let server = server(majors()[0]);
    let world = World::new(majors()[0], "", SCHEMA);
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "schema.sql", SCHEMA);
    let prefix = migrator::scratch::prefix(&world.dev.name);
    let (dead, alive) = (format!("{prefix}00000000"), format!("{prefix}11111111"));
    world.dev.run(&format!("create database {dead}"));
    world.dev.run(&format!("create database {alive}"));
    // A living run locks the name of its database, in the database that --scratch names.
    let mut living = sqlx::postgres::PgConnection::connect(&world.dev.url).await.unwrap();
    let lock = "select pg_advisory_lock(hashtextextended($1, 0))";
    sqlx::query(lock).bind(&alive).execute(&mut living).await.unwrap();
    plan(&from(&world, &file).unwrap()).await.unwrap();
    let left: Vec<String> = scratch_databases(server).concat();
    assert!(!left.contains(&dead) && left.contains(&alive), "{left:?}");
    living.close().await.unwrap();
    plan(&from(&world, &file).unwrap()).await.unwrap();
    assert!(!scratch_databases(server).concat().contains(&alive));
}
