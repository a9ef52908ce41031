//! The logs: what libraries say, for a person on stderr or as JSON lines on stdout.
//! Of the libraries only sqlx and this program are let through, whatever filter is set: the others would print
//! signatures and headers. Never logs a secret.

use std::io::Write;

use serde::Serialize;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::app::Failure;
use crate::code::Code;

const LOUD: [&str; 2] = ["migrator", "sqlx"];

/// It prints the lines of a password file that it does not understand.
const INDISCREET: &str = "sqlx_postgres::options";

/// `MIGRATOR_LOG=debug`, or a filter such as `sqlx=debug`; quiet without it.
pub fn for_a_person() -> Result<(), Failure> {
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    init(layer.boxed())
}

/// As [`for_a_person`], in Lambda's form of a log.
pub fn as_lines() -> Result<(), Failure> {
    init(tracing_subscriber::fmt::layer().json().boxed())
}

fn init<L: Layer<tracing_subscriber::Registry> + Send + Sync>(layer: L) -> Result<(), Failure> {
    let filter = std::env::var("MIGRATOR_LOG").unwrap_or_else(|_| "off".to_owned());
    let filter = EnvFilter::try_new(&filter).map_err(|error| {
        Failure::new(Code::BadRequest, format!("MIGRATOR_LOG is '{filter}', which is no filter")).because(&error)
    })?;
    let is_harmless =
        |target: &str| LOUD.iter().any(|name| target.starts_with(name)) && !target.starts_with(INDISCREET);
    let harmless = filter_fn(move |of| is_harmless(of.target()));
    tracing_subscriber::registry().with(layer.with_filter(harmless).with_filter(filter)).init();
    Ok(())
}

#[derive(Serialize)]
struct Line<'a, T> {
    timestamp: String,
    level: &'static str,
    #[serde(rename = "requestId")]
    request_id: &'a str,
    #[serde(flatten)]
    what: &'a T,
}

/// One line of Lambda's log.
pub fn line<T: Serialize>(request_id: &str, what: &T) {
    let timestamp = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    let line = Line { timestamp, level: "INFO", request_id, what };
    if let Ok(mut text) = serde_json::to_string(&line) {
        text.push('\n');
        // Without a log the work goes on all the same.
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }
}
