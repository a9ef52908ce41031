//! The door: one binary, the operator's command line.

use std::process::ExitCode;

/// A catalog is hundreds of thousands of short strings.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    migrator::entry::cli::main()
}
