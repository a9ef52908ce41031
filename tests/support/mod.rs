//! What tests stand on.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::Command;

pub mod aftermath;
pub mod bucket;
pub mod daemon;
pub mod deeds;
pub mod emulator;
pub mod lockbook;
pub mod oracle;
pub mod proxy;
pub mod rds_iam;
pub mod runtime;
pub mod rust;
pub mod server;
pub mod trial;
pub mod witness;

/// Whoever runs the tests may have settings of migrator in the environment: they are not the program's that is tested.
pub fn without_settings(command: &mut Command) {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MIGRATOR_")) {
        command.env_remove(name);
    }
}
