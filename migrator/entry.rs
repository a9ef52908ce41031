//! The doors: what users and services call.
//! Each parses its input, asks the use cases, renders the answer. Never holds SQL, never takes a decision.

mod answer;
mod args;
pub mod cli;
mod config;
mod event;
pub mod lambda;
mod log;
pub(crate) mod print;
pub(crate) mod progress;
mod request;
