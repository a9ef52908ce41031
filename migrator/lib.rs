//! Brings a production PostgreSQL schema into step with dev: planned, gated, online, archived.
//!
//! The floors, lowest first; imports point downward only (`tests/guard.rs`, and ARCHITECTURE.md has the table):
//! words (`pair`, `name`, `code`), what is there (`catalog`, `kind`, `statement`, `context`, `rename`), what must happen
//! (`diff`, `scope`, `plan`, `revision`, `report`), the world (`connect`, `introspect`, `ledger`, `execute`, `archive`),
//! use cases (`app`), doors (`entry`, `demo`). The first three are pure.

pub mod app;
pub mod archive;
pub mod catalog;
pub mod code;
pub mod connect;
pub mod context;
pub mod demo;
pub mod diff;
pub mod entry;
pub mod execute;
pub mod introspect;
pub mod kind;
pub mod ledger;
pub mod name;
pub mod pair;
pub mod plan;
pub mod progress;
pub mod rename;
pub mod report;
pub mod revision;
pub mod scope;
pub mod scratch;
pub mod script;
pub mod sessions;
pub mod statement;
pub mod throwaway;
