//! `make bench`: how long `migrator plan` takes, and how much memory, beside `pg_dump --schema-only` of one side.
//! Both run in turns against the same server, so that the ratio means something on a busy machine too.
//! Never asserts: it measures.

use std::fs;
use std::path::PathBuf;
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
    let server = Throwaway::start(&tool(&major), &Settings::default()).unwrap_or_else(|error| panic!("{error}"));
    let (pg_dump, psql) = (tool("pg_dump"), tool("psql"));
    for (database, changed) in [("prod", "false"), ("dev", "true")] {
        run(Command::new(&psql).args(["-Xqc", &format!("create database {database}"), "-d", &server.url("postgres")]));
        let mut load = Command::new(&psql);
        load.args(["-Xq", "-o", "/dev/null", "-v", &format!("tables={tables}"), "-v", &format!("changed={changed}")]);
        run(load.args(["-d", &server.url(database), "-f", "bench/schema.sql"]));
        run(Command::new(&psql).args(["-Xqc", "vacuum analyze", "-d", &server.url(database)]));
    }
    let (prod, dev) = (server.url("prod"), server.url("dev"));
    let (mut dumps, mut plans) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        dumps.push(measure(Command::new(&pg_dump).args(["--schema-only", "-d", &prod])));
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
    let (dump, plan) = (median(dumps), median(plans));
    println!("{tables} tables on PostgreSQL {major}, one in a hundred changed; median of {ROUNDS} runs in turns\n");
    println!("| | seconds | of pg_dump | peak memory |\n|---|--:|--:|--:|");
    println!("| pg_dump --schema-only, one side | {:.2} | 1.00 | {:.0} MiB |", dump.seconds, dump.mebibytes);
    let ratio = plan.seconds / dump.seconds;
    println!("| migrator plan, both sides | {:.2} | {ratio:.2} | {:.0} MiB |", plan.seconds, plan.mebibytes);
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
