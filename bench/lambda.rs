//! `make bench-lambda`: how soon the function asks for its first event, and how much memory a sync takes that has
//! nothing to do, beside a Python function with boto3, `SQLAlchemy` and Alembic.
//! Never asserts: it measures.
#![allow(clippy::expect_used, reason = "a measurement that cannot go on has failed")]
#![allow(dead_code, unused_imports, reason = "the tests use more of what they share")]

#[path = "../tests/support/daemon.rs"]
mod daemon;
#[path = "../tests/support/emulator.rs"]
mod emulator;

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use emulator::Emulator;
use migrator::throwaway::{Settings, Throwaway};

const ROUNDS: usize = 15;
const TABLES: &str = "500";
/// Variables by which a process of this run is known in /proc.
const MARK: &str = "MIGRATOR_BENCH_MARK";

struct Contestant {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
}

fn main() {
    let python = std::env::var("PYTHON").expect("PYTHON is set by make bench-lambda");
    let script = fs::canonicalize("bench/lambda.py").expect("bench/lambda.py");
    let contestants = [
        Contestant { name: "migrator", program: env!("CARGO_BIN_EXE_migrator").into(), arguments: Vec::new() },
        Contestant {
            name: "Python: boto3, SQLAlchemy, Alembic",
            program: python.into(),
            arguments: vec![script.display().to_string()],
        },
    ];
    let server = Throwaway::start(&tool("tools/postgres.sh", "15"), &Settings::default()).expect("a server");
    for database in ["dev", "prod"] {
        load(&server, database);
    }
    let rie = tool("tools/aws.sh", "rie");
    let mut starts: Vec<Vec<Duration>> = vec![Vec::new(); contestants.len()];
    for _ in 0..ROUNDS {
        for (contestant, times) in contestants.iter().zip(&mut starts) {
            times.push(time_to_first_poll(contestant));
        }
    }
    println!("{TABLES} tables on PostgreSQL 15, nothing to do; median of {ROUNDS} starts in turns\n");
    println!("| | start to first poll | peak memory of a no-op sync | its time |\n|---|--:|--:|--:|");
    for (contestant, mut times) in contestants.iter().zip(starts) {
        times.sort();
        let (memory, time) = memory_of_a_sync(contestant, &server, &rie);
        let start = times[ROUNDS / 2].as_secs_f64() * 1_000.0;
        println!("| {} | {start:.1} ms | {memory:.0} MiB | {:.2} s |", contestant.name, time.as_secs_f64());
    }
}

fn load(server: &Throwaway, database: &str) {
    let psql = tool("tools/postgres.sh", "psql");
    let create = format!("create database {database}");
    run(Command::new(&psql).args(["-Xqc", &create, "-d", &server.url("postgres")]));
    let tables = format!("tables={TABLES}");
    let script = ["-v", &tables, "-d", &server.url(database), "-f", "bench/schema.sql"];
    run(Command::new(&psql).args(["-Xq", "-o", "/dev/null"]).args(script));
    run(Command::new(&psql).args(["-Xqc", "vacuum analyze", "-d", &server.url(database)]));
}

fn tool(script: &str, name: &str) -> PathBuf {
    let output = Command::new(script).arg(name).stderr(Stdio::inherit()).output().expect("the script runs");
    assert!(output.status.success(), "{script} {name} failed");
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
}

fn run(command: &mut Command) {
    let status = command.stderr(Stdio::null()).status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?} failed");
}

/// From before the process is made until it has asked for its first event.
fn time_to_first_poll(contestant: &Contestant) -> Duration {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let mut command = Command::new(&contestant.program);
    command.env_clear().args(&contestant.arguments).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("AWS_LAMBDA_RUNTIME_API", listener.local_addr().expect("its address").to_string());
    for (name, value) in [("NAME", "migrator"), ("VERSION", "1"), ("MEMORY_SIZE", "256")] {
        command.env(format!("AWS_LAMBDA_FUNCTION_{name}"), value);
    }
    let start = Instant::now();
    let mut process = command.spawn().expect("the function starts");
    let (stream, _) = listener.accept().expect("a connection");
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).expect("a request");
    let elapsed = start.elapsed();
    assert!(line.contains("/invocation/next"), "{line}");
    process.kill().expect("it runs");
    process.wait().expect("it ends");
    elapsed
}

fn memory_of_a_sync(contestant: &Contestant, server: &Throwaway, rie: &Path) -> (f64, Duration) {
    let mark = format!("{}-{}", std::process::id(), contestant.name.len());
    let alchemy = |database: &str| server.url(database).replacen("postgresql:", "postgresql+psycopg:", 1);
    let environment = [
        (MARK, mark.clone()),
        ("MIGRATOR_DEV", server.url("dev")),
        ("MIGRATOR_PROD", server.url("prod")),
        ("DEV", alchemy("dev")),
        ("PROD", alchemy("prod")),
    ];
    let arguments: Vec<&str> = contestant.arguments.iter().map(String::as_str).collect();
    let function = Emulator::start(rie, &contestant.program, &arguments, &environment, 120);
    let start = Instant::now();
    let answer = function.invoke("{}");
    assert!(answer.contains("200"), "{answer}\n{}", function.log());
    (high_water_mark(&mark, &contestant.program), start.elapsed())
}

/// The peak resident memory, in MiB, of the program with this mark.
fn high_water_mark(mark: &str, program: &Path) -> f64 {
    let program = fs::canonicalize(program).expect("the program");
    let wanted = format!("{MARK}={mark}");
    for process in fs::read_dir("/proc").expect("/proc").flatten() {
        let file = |name: &str| process.path().join(name);
        let environ = fs::read(file("environ")).unwrap_or_default();
        let is_marked = environ.split(|byte| *byte == 0).any(|variable| variable == wanted.as_bytes());
        if is_marked && fs::read_link(file("exe")).is_ok_and(|exe| exe == program) {
            let status = fs::read_to_string(file("status")).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
            return kibibytes.unwrap_or_default() / 1024.0;
        }
    }
    panic!("the function has ended")
}
