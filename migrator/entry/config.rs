//! `migrator.toml`: defaults for the flags, one key for each.
//! It fills what neither a flag nor an environment variable said. Unknown keys are refused, so that a typing error
//! cannot switch off what somebody relies on.

use std::path::Path;

use serde::{Deserialize, Deserializer, de};

use crate::app::Failure;
use crate::code::Code;
use crate::context::RewriteLimit;
use crate::entry::args::{
    Archive, Bounds, Comparison, Databases, Execution, ExitCodeFlag, Format, Many, Output, PhaseChoice, PolicyFlags,
    Prod, RollbackArguments, Scratch, StatusArguments, SyncArguments, duration, lines, plan_hash, with,
};
use crate::plan::gate::Approval;
use crate::rename::Renaming;
use crate::scope::{Pattern, With};

const DEFAULT: &str = "migrator.toml";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    dev: Option<String>,
    prod: Option<String>,
    scratch: Option<String>,
    archive: Option<String>,
    #[serde(deserialize_with = "list")]
    rename: Vec<Renaming>,
    #[serde(deserialize_with = "list")]
    include: Vec<Pattern>,
    #[serde(deserialize_with = "list")]
    exclude: Vec<Pattern>,
    #[serde(deserialize_with = "extents")]
    with: Vec<With>,
    #[serde(deserialize_with = "size")]
    rewrite_limit: Option<RewriteLimit>,
    phase: Option<PhaseChoice>,
    #[serde(deserialize_with = "list")]
    allow: Vec<Approval>,
    #[serde(deserialize_with = "hash")]
    plan_hash: Option<String>,
    strict: Option<bool>,
    prove: Option<bool>,
    yes: Option<bool>,
    #[serde(deserialize_with = "time")]
    lock_timeout: Option<std::time::Duration>,
    #[serde(deserialize_with = "time")]
    timeout: Option<std::time::Duration>,
    format: Option<Format>,
    exit_code: Option<bool>,
}

impl Config {
    /// The given file, or `migrator.toml` where there is one.
    pub fn read(given: Option<&Path>) -> Result<Self, Failure> {
        let file = given.unwrap_or(Path::new(DEFAULT));
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if given.is_none() && error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => {
                let message = format!("The file {} cannot be read", file.display());
                return Err(Failure::new(Code::BadRequest, message).because(&error));
            }
        };
        toml::from_str(&text).map_err(|error| misunderstood(file, &text, &error))
    }

    pub fn format(&self) -> Option<Format> {
        self.format
    }
}

/// With the line's number but not its text: it may hold a password.
fn misunderstood(file: &Path, text: &str, error: &toml::de::Error) -> Failure {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.lines().count().max(1) + usize::from(before.ends_with('\n'));
    let reason = error.message().lines().next().unwrap_or_default();
    Failure::new(Code::BadRequest, format!("{}, line {line}: {reason}", file.display()))
}

/// A group of flags that takes from the file what it does not have.
pub trait Fill {
    fn fill(&mut self, config: &Config);
}

fn fill<T: Clone>(flag: &mut Option<T>, config: Option<&T>) {
    if flag.is_none() {
        *flag = config.cloned();
    }
}

fn fill_list<T: Clone>(flags: &mut Vec<Many<T>>, config: &[T]) {
    if flags.is_empty() {
        flags.push(Many(config.to_vec()));
    }
}

impl Fill for SyncArguments {
    fn fill(&mut self, config: &Config) {
        let Self { databases, archive, comparison, policy, execution, output } = self;
        databases.fill(config);
        archive.fill(config);
        comparison.fill(config);
        policy.fill(config);
        execution.fill(config);
        output.fill(config);
    }
}

impl Fill for Databases {
    fn fill(&mut self, config: &Config) {
        let Self { dev, prod, scratch } = self;
        fill(dev, config.dev.as_ref());
        fill(prod, config.prod.as_ref());
        scratch.fill(config);
    }
}

impl Fill for Scratch {
    fn fill(&mut self, config: &Config) {
        let Self { scratch } = self;
        fill(scratch, config.scratch.as_ref());
    }
}

impl Fill for Archive {
    fn fill(&mut self, config: &Config) {
        let Self { archive } = self;
        fill(archive, config.archive.as_ref());
    }
}

impl Fill for Comparison {
    fn fill(&mut self, config: &Config) {
        let Self { rename, bounds } = self;
        fill_list(rename, &config.rename);
        bounds.fill(config);
    }
}

impl Fill for Bounds {
    fn fill(&mut self, config: &Config) {
        let Self { include, exclude, with, rewrite_limit } = self;
        fill_list(include, &config.include);
        fill_list(exclude, &config.exclude);
        fill_list(with, &config.with);
        *rewrite_limit = rewrite_limit.or(config.rewrite_limit);
    }
}

impl Fill for Prod {
    fn fill(&mut self, config: &Config) {
        let Self { prod } = self;
        fill(prod, config.prod.as_ref());
    }
}

impl Fill for StatusArguments {
    fn fill(&mut self, config: &Config) {
        let Self { prod, output } = self;
        prod.fill(config);
        output.fill(config);
    }
}

impl Fill for RollbackArguments {
    fn fill(&mut self, config: &Config) {
        let Self { revision: _, prod, scratch, archive, bounds, policy, execution, dry_run: _, output } = self;
        prod.fill(config);
        scratch.fill(config);
        archive.fill(config);
        bounds.fill(config);
        policy.fill(config);
        execution.fill(config);
        output.fill(config);
    }
}

impl Fill for PolicyFlags {
    fn fill(&mut self, config: &Config) {
        let Self { phase, allow, plan_hash, strict, prove } = self;
        *phase = phase.or(config.phase);
        fill_list(allow, &config.allow);
        fill(plan_hash, config.plan_hash.as_ref());
        *strict = strict.or(config.strict);
        *prove = prove.or(config.prove);
    }
}

impl Fill for Execution {
    fn fill(&mut self, config: &Config) {
        // A key is one request's, and not for a file to say; nor is it that a session shall be ended.
        let Self { yes, lock_timeout, timeout, takeover: _, idempotency_key: _ } = self;
        *yes = yes.or(config.yes);
        *timeout = timeout.or(config.timeout);
        *lock_timeout = lock_timeout.or(config.lock_timeout);
    }
}

impl Fill for Output {
    fn fill(&mut self, config: &Config) {
        let Self { format } = self;
        *format = format.or(config.format);
    }
}

impl Fill for ExitCodeFlag {
    fn fill(&mut self, config: &Config) {
        let Self { exit_code } = self;
        *exit_code = exit_code.or(config.exit_code);
    }
}

pub fn list<'de, D: Deserializer<'de>, T: std::str::FromStr<Err: ToString>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let texts = Option::<Vec<String>>::deserialize(deserializer)?.unwrap_or_default();
    lines(&texts.join("\n")).map(|many| many.0).map_err(de::Error::custom)
}

pub fn extents<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<With>, D::Error> {
    let texts = Option::<Vec<String>>::deserialize(deserializer)?.unwrap_or_default();
    with(&texts.join("\n")).map(|many| many.0).map_err(de::Error::custom)
}

pub fn hash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    plan_hash(&String::deserialize(deserializer)?).map(Some).map_err(de::Error::custom)
}

fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RewriteLimit>, D::Error> {
    String::deserialize(deserializer)?.parse().map(Some).map_err(de::Error::custom)
}

pub fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<std::time::Duration>, D::Error> {
    duration(&String::deserialize(deserializer)?).map(Some).map_err(de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_and_bad_values_are_refused() {
        assert!(toml::from_str::<Config>("dvev = 'x'").is_err());
        let error = toml::from_str::<Config>("allow = ['everything']").unwrap_err().to_string();
        assert!(error.contains("the hazards are"), "{error}");
        assert!(toml::from_str::<Config>("lock_timeout = '2'").is_err());
    }

    #[test]
    fn the_file_fills_only_what_was_not_said() {
        let config: Config = toml::from_str("dev = 'file'\nprod = 'file'\nstrict = true\nallow = ['all']").unwrap();
        let mut databases = Databases { dev: Some("flag".to_owned()), ..Databases::default() };
        databases.fill(&config);
        assert_eq!((databases.dev.as_deref(), databases.prod.as_deref()), (Some("flag"), Some("file")));
        let mut policy = PolicyFlags { strict: Some(false), ..PolicyFlags::default() };
        policy.fill(&config);
        assert_eq!((policy.strict, policy.allow.len()), (Some(false), 1));
    }
}
