//! The door: one binary, a Lambda where Lambda starts it and the operator's command line everywhere else.

use std::process::ExitCode;

/// A catalog is hundreds of thousands of short strings.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    match std::env::var_os("AWS_LAMBDA_RUNTIME_API") {
        Some(_) => migrator::entry::lambda::main(std::env::args_os().nth(1)),
        None => migrator::entry::cli::main(),
    }
}
