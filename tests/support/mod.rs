//! What tests stand on.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

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
