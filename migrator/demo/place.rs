//! Where the demo finds PostgreSQL on this machine, and itself.
//! `make demo` says where (`MIGRATOR_POSTGRES`, `MIGRATOR_PG_DUMP`); without it the usual places are searched.
//! Never installs anything.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::app::Failure;
use crate::code::Code;

/// The folder of initdb and postgres.
pub fn programs() -> Result<PathBuf, Failure> {
    let told = told("MIGRATOR_POSTGRES");
    let found = told.or_else(|| places().into_iter().find(|place| place.join("initdb").exists()));
    found.ok_or_else(|| Failure::new(Code::DemoFailed, "No PostgreSQL server was found on this machine"))
}

/// A `pg_dump`, wherever there is one; it may still be too old for the server.
pub fn pg_dump() -> Option<PathBuf> {
    told("MIGRATOR_PG_DUMP")
        .or_else(|| places().iter().map(|place| place.join("pg_dump")).find(|program| program.exists()))
}

fn told(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Where packages put PostgreSQL, newest version first.
fn places() -> Vec<PathBuf> {
    let versions = ["18", "17", "16", "15", "14"];
    let debian = versions.iter().map(|version| format!("/usr/lib/postgresql/{version}/bin"));
    let red_hat = versions.iter().map(|version| format!("/usr/pgsql-{version}/bin"));
    let asked = Command::new("pg_config").arg("--bindir").output().ok();
    let asked = asked.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    asked.into_iter().chain(debian).chain(red_hat).filter(|place| !place.is_empty()).map(PathBuf::from).collect()
}

/// How to play the demo again from here, with the server that was used now.
pub fn this_demo() -> String {
    let word = |programs: PathBuf| crate::report::shell_word(&programs.display().to_string());
    let server = told("MIGRATOR_POSTGRES").map_or(String::new(), |place| format!("MIGRATOR_POSTGRES={} ", word(place)));
    format!("{server}{} demo", this_program())
}

/// How to call this program again from here.
pub fn this_program() -> String {
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("migrator"));
    let here = std::env::current_dir().unwrap_or_default();
    let near = program.strip_prefix(&here).map_or(program.as_path(), Path::new);
    crate::report::shell_word(&near.display().to_string())
}
