//! Proof under load: an application reads and writes every table while a sync changes it.
//! `make test` does it with small tables, and looks for errors. `make bench-online` does it with big ones (`ROWS=2000000`),
//! measures how long a query was held up at most, and sets the same change beside it as others write it: plain statements
//! in one transaction. Only there it fails for a time that somebody waited.

mod load;
mod recipes;

use std::time::{Duration, Instant};

use migrator::app::{self, Delivery, Request};
use migrator::context::RewriteLimit;
use migrator::execute::Patience;
use migrator::throwaway::Settings;

use crate::support::server::{Database, Server, majors};
use load::{Load, Noticed};
use recipes::{RECIPES, Recipe, Stage};

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
const HEADINGS: [&str; 8] = ["change", "before", "online", "naive", "ratio", "queries", "errors", "naive"];
const NAME: usize = 50;
const FIGURE: usize = 11;

/// Two that read and two that write.
fn begin(database: &Database, rows: usize, stage: &Stage) -> Load {
    Load::begin(&database.url, rows, &[stage.reads, stage.reads, stage.writes, stage.writes])
}

/// What the application notices of a sync; the sync ends, and leaves nothing to do.
async fn online(recipe: &Recipe, rows: usize, dev: &Database, prod: &Database, before: Duration) -> Noticed {
    let mut request = Request::new(&dev.url, &prod.url).expect("two addresses");
    request.policy.allow.push("all".parse().expect("an approval"));
    request.options.rewrite_limit = RewriteLimit(0);
    let load = begin(prod, rows, recipe.stage);
    std::thread::sleep(before);
    let since = Instant::now();
    let synced = app::sync(&request, None, &mut |_| {}).await;
    let noticed = load.end(since);
    match synced {
        Ok(Delivery::First(synced)) => assert!(!synced.applied.is_empty() && synced.withheld.is_empty(), "{synced:?}"),
        other => panic!("{}: {other:?}", recipe.name),
    }
    let planned = app::plan(&request, &mut |_| {}).await.unwrap_or_else(|error| panic!("{}: {error}", recipe.name));
    assert!(planned.plan.is_empty(), "{}: {:?}", recipe.name, planned.plan);
    noticed
}

/// What it notices of the same change in plain statements.
fn naive(recipe: &Recipe, rows: usize, prod: &Database) -> Noticed {
    let load = begin(prod, rows, recipe.stage);
    let since = Instant::now();
    prod.run(&format!("begin; {} commit;", recipe.change(rows)));
    load.end(since)
}

/// The databases of a recipe: dev, and prod as often as it is needed.
fn prepare<const N: usize>(
    server: &Server,
    recipe: &Recipe,
    rows: usize,
    filled: &Database,
) -> (Database, [Database; N]) {
    let dev = server.database("dev");
    dev.run(&[recipe.schema(rows), recipe.change(rows)].concat());
    let prods = [(); N].map(|()| {
        let prod = server.copy(filled);
        prod.run(&recipe.before(rows));
        prod
    });
    (dev, prods)
}

#[tokio::test]
async fn no_recipe_disturbs_an_application() {
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

/// Small tables: what the application is told, and nothing about time.
async fn watch(server: &Server) -> Vec<String> {
    let mut failed = Vec::new();
    for stage in recipes::STAGES {
        let filled = stage.fill(server, FEW_ROWS);
        for recipe in RECIPES.iter().filter(|recipe| std::ptr::eq(recipe.stage, *stage)) {
            let (dev, [prod]) = prepare(server, recipe, FEW_ROWS, &filled);
            let noticed = online(recipe, FEW_ROWS, &dev, &prod, Duration::ZERO).await;
            assert!(noticed.queries > 0, "{}: nobody was there", recipe.name);
            failed.extend(noticed.samples.iter().map(|error| format!("{}: {error}", recipe.name)));
        }
    }
    failed
}

/// Big tables: what it costs, beside what plain statements cost.
async fn measure(server: &Server, rows: usize) -> Vec<String> {
    let most = Patience::default().lock_timeout + MARGIN;
    let mut failed = Vec::new();
    println!("\nPostgreSQL {}, {rows} rows in each table; the longest time that a query took, in ms\n", server.major);
    println!("{}", line(&HEADINGS.map(str::to_owned)));
    println!("|{:-<NAME$}|{}", "", format!("{:->FIGURE$}:|", "").repeat(HEADINGS.len() - 1));
    for stage in recipes::STAGES {
        let filled = stage.fill(server, rows);
        for recipe in RECIPES.iter().filter(|recipe| std::ptr::eq(recipe.stage, *stage)) {
            let (dev, [ours, theirs]) = prepare(server, recipe, rows, &filled);
            let online = online(recipe, rows, &dev, &ours, BEFORE).await;
            drop(ours);
            let naive = naive(recipe, rows, &theirs);
            failed.extend(online.samples.iter().map(|error| format!("{}: {error}", recipe.name)));
            if online.longest > most {
                failed.push(format!("{}: {:?} for {}", recipe.name, online.longest, online.longest_sql));
            }
            println!("{}", row(recipe.name, &online, &naive));
        }
    }
    failed
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
