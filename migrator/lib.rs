//! Brings a production PostgreSQL schema into step with dev: planned, gated, online, archived.
//!
//! The floors, lowest first; imports point downward only (`tests/guard.rs`):
//! words (`pair`, `name`, `statement`), what is there (`catalog`, `kind`, `context`), what must happen (`diff`,
//! `rename`, `scope`, `plan`), the world (`introspect`, ..), use cases, doors. The first three are pure.

pub mod catalog;
pub mod context;
pub mod diff;
pub mod introspect;
pub mod kind;
pub mod name;
pub mod pair;
pub mod plan;
pub mod rename;
pub mod scope;
pub mod statement;
pub mod throwaway;
