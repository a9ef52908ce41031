//! Proof under load: an application reads and writes every table while a sync changes it.
//! `make test` does it with small tables, and looks for errors. `make bench-online` does it with big ones (`ROWS=2000000`),
//! measures how long a query was held up at most, and sets the same change beside it as others write it: plain statements
//! in one transaction. Only there it fails for a time that somebody waited. `RECIPE=column` measures those recipes only.

mod load;
mod recipes;

use std::thread::sleep;
use std::time::{Duration, Instant};

use migrator::app::{self, Delivery, Request};
use migrator::context::RewriteLimit;
use migrator::execute::Patience;
use migrator::throwaway::Settings;

use crate::support::server::{Database, Server, majors};
use load::{Load, Noticed};
use recipes::{Recipe, Stage};

/// Enough for everything to happen that happens to many.
const FEW_ROWS: usize = 20_000;
/// How much longer than the lock timeout a query may take at most: its own time, and that of a statement that got its lock.
const MARGIN: Duration = Duration::from_millis(500);
/// How long the application is by itself before it is measured.
const BEFORE: Duration = Duration::from_secs(2);

/// Durability is nothing that a lock waits for; the rest is as a small production server has it.
const PARAMETERS: &[(&str, &str)] = &[
    ("autovacuum", "on"),
    ("checkpoint_timeout", "5min"),
    ("maintenance_work_mem", "256MB"),
    ("max_wal_size", "4GB"),
    ("shared_buffers", "512MB"),
];

/// Of the table that `make bench-online` prints, and how wide it is.
const HEADINGS: [&str; 8] = ["change", "before", "online", "naive", "ratio", "queries", "errors", "naive errors"];
const NAME: usize = 50;
const FIGURE: usize = 12;

/// Two that read and two that write.
fn begin(database: &Database, rows: usize, stage: &Stage) -> Load {
    Load::begin(&database.url, rows, &[stage.reads, stage.reads, stage.writes, stage.writes])
}

/// The databases of some recipes of a stage: dev, and prod as often as it is needed.
struct World<const N: usize> {
    dev: Database,
    prods: [Database; N],
}

impl<const N: usize> World<N> {
    fn new(server: &Server, recipes: &[&Recipe], rows: usize, filled: &Database) -> Self {
        let dev = server.database("dev");
        dev.run(&[recipes::schema(recipes, rows), recipes::change(recipes, rows)].concat());
        let prods = [(); N].map(|()| {
            let prod = server.copy(filled);
            prod.run(&recipes::before(recipes, rows));
            prod
        });
        Self { dev, prods }
    }
}

/// What the application notices of a sync, which ends and leaves nothing to do.
async fn online(dev: &Database, prod: &Database, load: Load) -> Noticed {
    let mut request = Request::new(&dev.url, &prod.url).expect("two addresses");
    request.policy.allow.push("all".parse().expect("an approval"));
    request.options.rewrite_limit = RewriteLimit(0);
    let since = Instant::now();
    let synced = app::sync(&request, None, &mut |_| {}).await;
    let noticed = load.end(since);
    match synced.unwrap_or_else(|failure| panic!("{failure}; the application: {noticed:?}")) {
        Delivery::First(synced) => assert!(!synced.applied.is_empty() && synced.withheld.is_empty(), "{synced:?}"),
        Delivery::Again(past) => panic!("a request without a key was done before: {past:?}"),
    }
    let planned = app::plan(&request, &mut |_| {}).await.expect("a second plan");
    assert!(planned.plan.is_empty(), "{:?}", planned.plan);
    noticed
}

/// What it notices of plain statements, in one transaction, as Alembic runs them: again, where it was they that a deadlock
/// ended.
fn naive(change: &str, prod: &Database, load: Load) -> Noticed {
    let since = Instant::now();
    while let Err(error) = prod.try_run(&format!("begin; {change} commit;")) {
        assert!(error.contains("deadlock detected"), "{error}\nin\n{change}");
    }
    load.end(since)
}

#[tokio::test]
async fn an_application_goes_on() {
    let big = std::env::var("ROWS").ok().map(|rows| rows.parse().expect("ROWS is a number"));
    for major in majors() {
        let parameters = PARAMETERS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let server = Server::start(major, &Settings { parameters });
        let failed = match big {
            Some(rows) => measure(&server, rows).await,
            None => watch(&server).await,
        };
        assert!(failed.is_empty(), "PostgreSQL {major}:\n{}", failed.join("\n"));
    }
}

/// Small tables, and one sync with all recipes: what the application is told, and nothing about time.
async fn watch(server: &Server) -> Vec<String> {
    let mut failed = Vec::new();
    for stage in recipes::STAGES {
        let filled = stage.fill(server, FEW_ROWS);
        let World { dev, prods: [prod] } = World::new(server, &stage.recipes(), FEW_ROWS, &filled);
        let noticed = online(&dev, &prod, begin(&prod, FEW_ROWS, stage)).await;
        assert!(noticed.queries > 0, "nobody was there");
        failed.extend(noticed.samples);
    }
    failed
}

/// Big tables, and a sync for each recipe: what it costs, beside what plain statements cost.
async fn measure(server: &Server, rows: usize) -> Vec<String> {
    println!("\n{}, {rows} rows in each table: the longest time that a query took, in ms\n", version(server));
    println!("{}", line(&HEADINGS.map(str::to_owned)));
    println!("|{:-<NAME$}|{}", "", format!("{:->FIGURE$}:|", "").repeat(HEADINGS.len() - 1));
    let wanted = std::env::var("RECIPE").unwrap_or_default();
    let mut failed = Vec::new();
    for stage in recipes::STAGES {
        let filled = stage.fill(server, rows);
        let recipes = stage.recipes();
        let alone = recipes.iter().map(|recipe| (recipe.name, std::slice::from_ref(recipe)));
        let all = [("all of these at once", &recipes[..])];
        for (name, recipes) in alone.chain(all).filter(|(name, _)| name.contains(&wanted)) {
            let World { dev, prods: [ours, theirs] } = World::new(server, recipes, rows, &filled);
            let load = begin(&ours, rows, stage);
            sleep(BEFORE);
            let online = online(&dev, &ours, load).await;
            let naive = naive(&recipes::change(recipes, rows), &theirs, begin(&theirs, rows, stage));
            println!("{}", row(name, &online, &naive));
            failed.extend(violations(&online).into_iter().map(|violation| format!("{name}: {violation}")));
        }
    }
    failed
}

fn violations(online: &Noticed) -> Vec<String> {
    let most = Patience::default().lock_timeout + MARGIN;
    let long = (online.longest > most).then(|| format!("{:?} for {}", online.longest, online.longest_sql));
    online.samples.iter().cloned().chain(long).collect()
}

fn version(server: &Server) -> String {
    let rows = server.existing("postgres").query("show server_version");
    format!("PostgreSQL {}", rows[0][0])
}

fn row(name: &str, online: &Noticed, naive: &Noticed) -> String {
    let milliseconds = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1e3);
    line(&[
        name.to_owned(),
        milliseconds(online.longest_before),
        milliseconds(online.longest),
        milliseconds(naive.longest),
        format!("{:.1}", naive.longest.as_secs_f64() / online.longest.as_secs_f64()),
        online.queries.to_string(),
        online.errors.to_string(),
        naive.errors.to_string(),
    ])
}

/// A row of a table in Markdown.
fn line(cells: &[String; 8]) -> String {
    let (name, figures) = cells.split_first().expect("a name");
    format!(
        "| {name:<width$}|{}",
        figures.iter().map(|cell| format!("{cell:>FIGURE$} |")).collect::<String>(),
        width = NAME - 1
    )
}
