//! One test binary: its tests share one PostgreSQL server per version.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cases;
mod support;
