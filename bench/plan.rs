//! `make bench`: how long `migrator plan` takes, and how much memory, beside `pg_dump --schema-only` of one side and
//! beside the bare queries. All run in turns against the same server, so that the ratio means something on a busy
//! machine too. `pg_dump` is the server's own, and the newest: it has become faster over the years.
//! The server just-in-time compiles as PostgreSQL's own default has it; `JIT=off` has it not. Never asserts: it measures.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use migrator::catalog::Catalog;
use migrator::pair::Pair;
use migrator::plan::{Options, plan};
use migrator::scope::{Scope, With};
use migrator::throwaway::{Settings, Throwaway};

/// As in the program: otherwise diff and plan would be measured with another allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: &str = "500,5000,20000";
const WITH: &str = "owner,privileges";

/// Seconds by the clock and of CPU, and peak resident memory in MiB.
#[derive(Clone, Copy)]
struct Measured {
    seconds: f64,
    cpu: f64,
    mebibytes: f64,
}

struct Contestant {
    name: String,
    command: Command,
    runs: Vec<Measured>,
}

impl Contestant {
    fn new(name: impl Into<String>, program: impl AsRef<Path>, arguments: &[&str]) -> Self {
        let mut command = Command::new(program.as_ref());
        command.args(arguments);
        Self { name: name.into(), command, runs: Vec::new() }
    }
}

fn main() {
    let sizes = std::env::var("TABLES").unwrap_or_else(|_| SIZES.to_owned());
    let major =
        std::env::var("PG").ok().and_then(|list| list.split(',').next().map(str::to_owned)).unwrap_or("15".to_owned());
    let programs = tool(&major);
    for tables in sizes.split(',') {
        // A server of its own for each: what one size leaves in memory is no help to the next.
        let server = Throwaway::start(&programs, &Settings::default()).unwrap_or_else(|error| panic!("{error}"));
        load(&server, tables, &major);
        measure_all(&server, tables, &major, &programs);
    }
}

fn load(server: &Throwaway, tables: &str, major: &str) {
    let psql = tool("psql");
    let run_in = |database: &str, arguments: &[&str]| {
        let mut command = Command::new(&psql);
        run(command.args(["-Xq", "-o", "/dev/null", "-d", &server.url(database)]).args(arguments));
    };
    let variable = format!("tables={tables}");
    // A copy, file by file, saves the time of loading it twice.
    let copied = if major == "14" { "" } else { " strategy file_copy" };
    run_in("postgres", &["-c", "create database prod"]);
    run_in("prod", &["-v", &variable, "-f", "bench/schema.sql"]);
    run_in("postgres", &["-c", &format!("create database dev template prod{copied}")]);
    run_in("dev", &["-v", &variable, "-f", "bench/changes.sql"]);
    for database in ["prod", "dev"] {
        run_in(database, &["-c", "vacuum analyze"]);
        run_in(database, &["-c", &format!("alter database {database} set jit to {}", jit())]);
    }
}

/// Ours switches it off for itself, as reading catalogs gains nothing by it.
fn jit() -> String {
    std::env::var("JIT").unwrap_or("on".to_owned())
}

fn measure_all(server: &Throwaway, tables: &str, major: &str, programs: &Path) {
    let (prod, dev) = (server.url("prod"), server.url("dev"));
    // What npm has comes without client programs.
    let dumpers = [programs.join("pg_dump"), tool("pg_dump")];
    let dumpers = dumpers.iter().filter(|program| program.exists());
    let dump = |program: &PathBuf| {
        Contestant::new(
            format!("{} --schema-only, one side", version(program)),
            program,
            &["--schema-only", "-d", &prod],
        )
    };
    let mut contestants: Vec<Contestant> = dumpers.map(dump).collect();
    let queries = ["-XqAt", "-o", "/dev/null", "-d", &prod, "-f", "bench/queries.sql"];
    contestants.push(Contestant::new("the bare queries in psql, one side", tool("psql"), &queries));
    let arguments = ["plan", "--dev", &dev, "--prod", &prod, "--format", "sql", "--with", WITH];
    contestants.push(Contestant::new("migrator plan, both sides", env!("CARGO_BIN_EXE_migrator"), &arguments));
    let rounds = if tables.len() > 4 { 3 } else { 7 };
    for _ in 0..rounds {
        for contestant in &mut contestants {
            contestant.runs.push(measure(&mut contestant.command));
        }
    }
    let ours = contestants.last().map_or(f64::NAN, |ours| median(&ours.runs).seconds);
    println!(
        "\n{tables} tables on PostgreSQL {major} with jit {}, one in a hundred changed; median of {rounds} runs in turns\n",
        jit()
    );
    println!("| | seconds | migrator plan, of that | CPU of the client, s | peak memory |\n|---|--:|--:|--:|--:|");
    for contestant in &contestants {
        let Measured { seconds, cpu, mebibytes } = median(&contestant.runs);
        println!("| {} | {seconds:.2} | {:.2} | {cpu:.2} | {mebibytes:.0} MiB |", contestant.name, ours / seconds);
    }
    println!("\nDiff and plan alone: {:.2} s of CPU.", diff_and_plan(&prod, &dev));
}

/// Seconds of CPU for what is done between reading and rendering, fingerprints included.
fn diff_and_plan(prod: &str, dev: &str) -> f64 {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let read = |url: &str| -> Catalog {
        let path = folder.path().join("catalog.json");
        let file = File::create(&path).unwrap_or_else(|error| panic!("{error}"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_migrator"));
        run(command.args(["snapshot", url]).stdout(file));
        let file = BufReader::new(File::open(&path).unwrap_or_else(|error| panic!("{error}")));
        serde_json::from_reader(file).unwrap_or_else(|error| panic!("{error}"))
    };
    let catalogs = Pair::new(read(prod), read(dev));
    let with = WITH.split(',').filter_map(|group| group.parse().ok()).map(|With { group, extent }| (group, extent));
    let options = Options { scope: Scope { with: with.collect(), ..Scope::default() }, ..Options::default() };
    let before = cpu_of_thread();
    let plan = plan(catalogs.as_ref(), &options).unwrap_or_else(|error| panic!("{error}"));
    let seconds = cpu_of_thread() - before;
    assert!(!plan.is_empty(), "dev is ahead of prod");
    seconds
}

/// The first number is nanoseconds spent on a processor.
fn cpu_of_thread() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds: Option<f64> = text.split_whitespace().next().and_then(|number| number.parse().ok());
    nanoseconds.unwrap_or(f64::NAN) / 1e9
}

/// Of all children that have ended, in seconds: `cutime` and `cstime`, in hundredths (proc(5)).
fn cpu_of_children() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(13).take(2).filter_map(|number| number.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// `pg_dump 15`
fn version(pg_dump: &Path) -> String {
    let output = Command::new(pg_dump).arg("--version").output().unwrap_or_else(|error| panic!("{error}"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = text.split_whitespace().nth(2).and_then(|number| number.split('.').next()).unwrap_or_default();
    format!("pg_dump {number}")
}

/// A program of PostgreSQL's, or the folder of a server's programs.
fn tool(name: &str) -> PathBuf {
    let output = Command::new("tools/postgres.sh").arg(name).stderr(Stdio::inherit()).output();
    let output = output.unwrap_or_else(|error| panic!("tools/postgres.sh: {error}"));
    assert!(output.status.success(), "tools/postgres.sh {name} failed");
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
}

fn run(command: &mut Command) {
    let status = command.stderr(Stdio::null()).status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?} failed");
}

fn measure(command: &mut Command) -> Measured {
    let (start, before) = (Instant::now(), cpu_of_children());
    let mut child = command.stdout(Stdio::null()).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let status = format!("/proc/{}/status", child.id());
    let mut mebibytes = 0.0;
    let exit = loop {
        // VmHWM only grows: the last value read before the end is the peak, or very near it.
        mebibytes = high_water_mark(&status).unwrap_or(mebibytes);
        match child.try_wait() {
            Ok(Some(exit)) => break exit,
            _ => sleep(Duration::from_millis(2)),
        }
    };
    assert!(exit.success(), "{command:?} failed");
    Measured { seconds: start.elapsed().as_secs_f64(), cpu: cpu_of_children() - before, mebibytes }
}

fn high_water_mark(status: &str) -> Option<f64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
}

/// The median of each figure but memory, of which the most counts.
fn median(runs: &[Measured]) -> Measured {
    let of = |figure: fn(&Measured) -> f64| {
        let mut figures: Vec<f64> = runs.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures
    };
    let middle = runs.len() / 2;
    let mebibytes = of(|run| run.mebibytes).last().copied().unwrap_or_default();
    Measured { seconds: of(|run| run.seconds)[middle], cpu: of(|run| run.cpu)[middle], mebibytes }
}
