//! The door: one binary, the operator's command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    migrator::entry::cli::main()
}
