//! `make bench`: how long `migrator plan` takes, and how much memory, beside `pg_dump --schema-only` of one side.
//! All run in turns against the same server, so that the ratio means something on a busy machine too. `pg_dump` is the
//! server's own, and the newest: it has become faster over the years.
//! Never asserts: it measures.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use migrator::throwaway::{Settings, Throwaway};

const ROUNDS: usize = 7;

/// Seconds and peak resident memory in MiB.
struct Measured {
    seconds: f64,
    mebibytes: f64,
}

fn main() {
    let tables = std::env::var("TABLES").unwrap_or_else(|_| "1000".to_owned());
    let major =
        std::env::var("PG").ok().and_then(|list| list.split(',').next().map(str::to_owned)).unwrap_or("15".to_owned());
    let programs = tool(&major);
    let server = Throwaway::start(&programs, &Settings::default()).unwrap_or_else(|error| panic!("{error}"));
    let (newest, psql) = (tool("pg_dump"), tool("psql"));
    // What npm has comes without client programs.
    let own = programs.join("pg_dump");
    let dumpers: Vec<PathBuf> = [own, newest].into_iter().filter(|program| program.exists()).collect();
    for (database, changed) in [("prod", "false"), ("dev", "true")] {
        run(Command::new(&psql).args(["-Xqc", &format!("create database {database}"), "-d", &server.url("postgres")]));
        let mut load = Command::new(&psql);
        load.args(["-Xq", "-o", "/dev/null", "-v", &format!("tables={tables}"), "-v", &format!("changed={changed}")]);
        run(load.args(["-d", &server.url(database), "-f", "bench/schema.sql"]));
        run(Command::new(&psql).args(["-Xqc", "vacuum analyze", "-d", &server.url(database)]));
    }
    let (prod, dev) = (server.url("prod"), server.url("dev"));
    let mut dumps: Vec<Vec<Measured>> = dumpers.iter().map(|_| Vec::new()).collect();
    let mut plans = Vec::new();
    for _ in 0..ROUNDS {
        for (pg_dump, runs) in dumpers.iter().zip(&mut dumps) {
            runs.push(measure(Command::new(pg_dump).args(["--schema-only", "-d", &prod])));
        }
        let mut plan = Command::new(env!("CARGO_BIN_EXE_migrator"));
        plans.push(measure(plan.args([
            "plan",
            "--dev",
            &dev,
            "--prod",
            &prod,
            "--format",
            "sql",
            "--with",
            "owner,privileges",
        ])));
    }
    let plan = median(plans);
    println!("{tables} tables on PostgreSQL {major}, one in a hundred changed; median of {ROUNDS} runs in turns\n");
    println!("| | seconds | migrator plan, of that | peak memory |\n|---|--:|--:|--:|");
    for (pg_dump, runs) in dumpers.iter().zip(dumps) {
        let dump = median(runs);
        let ratio = plan.seconds / dump.seconds;
        let name = format!("{} --schema-only, one side", version(pg_dump));
        println!("| {name} | {:.2} | {ratio:.2} | {:.0} MiB |", dump.seconds, dump.mebibytes);
    }
    println!("| migrator plan, both sides | {:.2} | 1.00 | {:.0} MiB |", plan.seconds, plan.mebibytes);
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
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0;
    let exit = loop {
        // VmHWM only grows: the last value read before the end is the peak, or very near it.
        peak = high_water_mark(&status).unwrap_or(peak);
        match child.try_wait() {
            Ok(Some(exit)) => break exit,
            _ => sleep(Duration::from_millis(2)),
        }
    };
    assert!(exit.success(), "{command:?} failed");
    Measured { seconds: start.elapsed().as_secs_f64(), mebibytes: peak }
}

fn high_water_mark(status: &str) -> Option<f64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
}

fn median(mut runs: Vec<Measured>) -> Measured {
    runs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let mebibytes = runs.iter().map(|run| run.mebibytes).fold(0.0, f64::max);
    Measured { seconds: runs.swap_remove(ROUNDS / 2).seconds, mebibytes }
}
