//! All integration tests: one binary, so that they share one throw-away server per PostgreSQL version.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod aws;
mod cases;
mod census;
mod cli;
mod guard;
mod lambda;
mod matrix;
mod online;
mod proofs;
mod restricted;
mod run;
mod subschemas;
mod support;
mod walks;
