//! Runs against real servers: what a request does to prod, to the ledger and to the archive, above all when something
//! goes wrong.

mod archive;
mod connections;
mod crash;
mod full;
mod gates;
mod locks;
mod origins;
mod phases;
mod proof;
mod renames;
mod rollback;
mod secrets;
pub mod store;
mod sync;
mod time;
mod versions;

use std::time::{Duration, Instant};

use migrator::app::{self, Delivery, Failure, Planned, Request, Synced};
use migrator::plan::Plan;
use migrator::progress::Event;
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use crate::support::server::{Database, server};

/// Two databases and a folder for the archive.
struct World {
    dev: Database,
    prod: Database,
    archive: TempDir,
}

impl World {
    fn new(major: u32, prod: &str, dev: &str) -> Self {
        let server = server(major);
        let world = Self {
            dev: server.database("dev"),
            prod: server.database("prod"),
            archive: tempfile::tempdir().expect("a folder"),
        };
        world.dev.run(dev);
        world.prod.run(prod);
        world
    }

    fn request(&self) -> Request {
        let mut request = Request::new(&self.dev.url, &self.prod.url).expect("two addresses");
        request.archive = Some(self.archive.path().to_str().expect("a path").parse().expect("a folder"));
        request.invoked_by = Some("tests".to_owned());
        request.patience.lock_timeout = Duration::from_millis(300);
        request.patience.longest_pause = Duration::from_millis(400);
        request.patience.courtesy = Duration::ZERO;
        request.patience.other_run = Duration::from_millis(300);
        request
    }

    /// A session that holds a lock, or a snapshot, until it is dropped.
    async fn transaction(&self, sql: &'static str) -> PgConnection {
        let mut session = PgConnection::connect(&self.prod.url).await.expect("a session");
        sqlx::raw_sql("set application_name to 'bystander'; begin").execute(&mut session).await.expect("begin");
        sqlx::raw_sql(sql).execute(&mut session).await.expect("the statement");
        session
    }

    fn prod_says(&self, sql: &str) -> String {
        let rows = self.prod.query(sql);
        rows.iter().map(|row| row.join("|")).collect::<Vec<_>>().join("\n")
    }

    /// Waits until a query on prod says yes.
    async fn until(&self, sql: &str) {
        let start = Instant::now();
        while self.prod_says(sql) != "t" {
            assert!(start.elapsed() < Duration::from_secs(20), "in vain: {sql}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until a statement that begins so waits for a lock.
    async fn until_waiting(&self, sql: &str) {
        let waits = "datname = current_database() and wait_event_type = 'Lock' and query like";
        self.until(&format!("select exists (select from pg_stat_activity where {waits} '{sql}%')")).await;
    }

    fn has_ledger(&self) -> bool {
        self.prod_says("select to_regnamespace('migrator') is not null") == "t"
    }
}

async fn plan(request: &Request) -> Result<Planned, Failure> {
    app::plan(request, &mut |_: &Event| {}).await
}

async fn sync(request: &Request) -> Result<Synced, Failure> {
    app::sync(request, None, &mut |_: &Event| {}).await.map(first)
}

async fn sync_telling(request: &Request) -> (Result<Synced, Failure>, Vec<Event>) {
    let mut events = Vec::new();
    let synced = app::sync(request, None, &mut |event: &Event| events.push(event.clone())).await;
    (synced.map(first), events)
}

fn first(delivery: Delivery) -> Synced {
    match delivery {
        Delivery::First(synced) => *synced,
        Delivery::Again(past) => panic!("a request without a key was done before: {past:?}"),
    }
}

fn statements(plan: &Plan) -> Vec<&str> {
    plan.batches.iter().flat_map(|batch| &batch.statements).map(|statement| statement.sql.as_str()).collect()
}
