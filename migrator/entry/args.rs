//! The command line, as clap reads it.
//! Flags that several commands share are groups; each has an environment variable and a key in `migrator.toml`
//! (config.rs). Never applies a default: what was not said stays absent, so that the file can say it.
#![allow(clippy::doc_markdown, rustdoc::bare_urls, reason = "these comments are the help texts")]

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use serde::Deserialize;

use crate::context::RewriteLimit;
use crate::plan::gate::Approval;
use crate::rename::Renaming;
use crate::scope::{Pattern, With};

const EXIT_STATUS: &str = "\
Exit status:
  0  done, or nothing to do
  1  failed
  2  the command line or migrator.toml is not understood
  3  changes or drift found (check, plan --exit-code)
  4  blocked by policy (--strict)
  5  busy or still running: try again

Flags have an environment variable (shown in brackets) and a key of the same name in migrator.toml.
The flag wins over the variable, the variable over the file.";

const PLAN: &str = "\
Reads the schemas of dev and prod and prints what brings prod into step, without changing anything. Every statement \
    comes with its lock and its hazards; what loses data is withheld until it is approved.

Example:
  migrator plan --dev postgresql://localhost/shop_dev --prod postgresql://localhost/shop
  migrator plan --format sql | psql -v ON_ERROR_STOP=1 -f - \"$MIGRATOR_PROD\"";

const SYNC: &str = "\
Plans, applies what the policy admits, and proves that nothing else is left to do; the plan and its outcome go into \
    the archive. On a terminal it shows the plan and asks first, unless --yes is given.

Example:
  migrator sync --archive file:///var/lib/migrator --phase expand
  migrator sync --allow data_loss:public.customer.fax --yes";

const ROLLBACK: &str = "\
Takes back a revision and all that came after it: plans from prod as it is now to what that revision found, and applies \
    that under the same lock and the same gates as a sync. Rows and values that are gone do not come back; which these \
    are is said first. What is compared is what the revisions compared, unless --include, --exclude or --with say it.

Example:
  migrator rollback latest --archive file:///var/lib/migrator --dry-run
  migrator rollback 3 --archive file:///var/lib/migrator --allow data_loss:public.customer.mood";

const CHECK: &str = "\
Tells whether prod is in step with dev, and whether it is still what the last archived revision left. Changes \
    nothing; exits with 3 if something differs.

Example:
  migrator check --archive file:///var/lib/migrator || notify-the-team";

const HISTORY: &str = "\
Lists the revisions in the archive, newest first, with what each did and whether the chain is whole.

Example:
  migrator history --archive file:///var/lib/migrator";

const SHOW: &str = "\
Prints one revision: its plan, its outcome, or with --format sql the script that it ran. A revision is named by its \
    number, or by the beginning of its hash.

Example:
  migrator show 3 --archive file:///var/lib/migrator";

const STATUS: &str = "\
Tells what runs on prod now: the run, its statement, how far an index build is, whom it waits for; or what ran last. \
    Waits for nobody, and changes nothing.

Example:
  migrator status --prod postgresql://localhost/shop";

const SNAPSHOT: &str = "\
Prints the schema of a database as JSON: the catalog that diff and plan work on. A snapshot can stand in for dev.

Example:
  migrator snapshot postgresql://localhost/shop_dev > dev.json";

const DEMO: &str = "\
Starts a throw-away PostgreSQL, migrates a small web shop on it, and proves the result. Touches nothing else, and \
    leaves nothing behind but the archive.

Example:
  migrator demo";

/// Brings a production PostgreSQL schema into step with dev: planned, gated, applied online, proven, archived.
#[derive(Debug, Parser)]
#[command(name = "migrator", version, after_help = EXIT_STATUS, max_term_width = 100, disable_help_subcommand = true)]
pub struct Arguments {
    /// File with defaults for the flags [default: migrator.toml, where there is one]
    #[arg(long, env = "MIGRATOR_CONFIG", hide_env_values = true, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// From the command line and the variables. A variable that is set but empty counts as absent: a pipeline has
    /// such ones for inputs that were not given.
    pub fn read() -> Result<Self, clap::Error> {
        Self::of(std::env::args_os())
    }

    /// As [`Self::read`], from these arguments, of which the first is the program.
    pub fn of<T: Into<OsString> + Clone>(arguments: impl IntoIterator<Item = T>) -> Result<Self, clap::Error> {
        let empty = |arg: &Arg| arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
        let without_empty = |arg: Arg| if empty(&arg) { arg.env(None::<&str>) } else { arg };
        let command = Self::command().mut_args(without_empty);
        let command = command.mut_subcommands(|command| command.mut_args(without_empty));
        Self::from_arg_matches(&command.try_get_matches_from(arguments)?)
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what would change in prod, and change nothing
    #[command(long_about = PLAN, after_help = EXIT_STATUS)]
    Plan(PlanArguments),
    /// Bring prod into step with dev
    #[command(long_about = SYNC, after_help = EXIT_STATUS)]
    Sync(SyncArguments),
    /// Take revisions back: prod becomes what it was before
    #[command(long_about = ROLLBACK, after_help = EXIT_STATUS)]
    Rollback(RollbackArguments),
    /// Tell whether prod has drifted
    #[command(long_about = CHECK, after_help = EXIT_STATUS)]
    Check(CheckArguments),
    /// List the archived revisions
    #[command(long_about = HISTORY, after_help = EXIT_STATUS)]
    History(HistoryArguments),
    /// Print one archived revision
    #[command(long_about = SHOW, after_help = EXIT_STATUS)]
    Show(ShowArguments),
    /// Tell what runs on prod now
    #[command(long_about = STATUS, after_help = EXIT_STATUS)]
    Status(StatusArguments),
    /// Print the schema of a database as JSON
    #[command(long_about = SNAPSHOT, after_help = EXIT_STATUS)]
    Snapshot(SnapshotArguments),
    /// See it work, on a PostgreSQL of its own
    #[command(long_about = DEMO, after_help = EXIT_STATUS)]
    Demo(DemoArguments),
}

#[derive(Debug, Args)]
pub struct PlanArguments {
    #[command(flatten)]
    pub databases: Databases,
    #[command(flatten)]
    pub comparison: Comparison,
    #[command(flatten)]
    pub policy: PolicyFlags,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub exit_code: ExitCodeFlag,
}

#[derive(Debug, Args)]
pub struct SyncArguments {
    #[command(flatten)]
    pub databases: Databases,
    #[command(flatten)]
    pub archive: Archive,
    #[command(flatten)]
    pub comparison: Comparison,
    #[command(flatten)]
    pub policy: PolicyFlags,
    #[command(flatten)]
    pub execution: Execution,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct CheckArguments {
    #[command(flatten)]
    pub databases: Databases,
    #[command(flatten)]
    pub archive: Archive,
    #[command(flatten)]
    pub comparison: Comparison,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct HistoryArguments {
    #[command(flatten)]
    pub archive: Archive,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct ShowArguments {
    /// The revision: its number, or the beginning of its hash
    pub revision: String,
    #[command(flatten)]
    pub archive: Archive,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct RollbackArguments {
    /// The first revision to take back: its number, the beginning of its hash, or latest
    pub revision: String,
    #[command(flatten)]
    pub prod: Prod,
    #[command(flatten)]
    pub scratch: Scratch,
    #[command(flatten)]
    pub archive: Archive,
    #[command(flatten)]
    pub bounds: Bounds,
    #[command(flatten)]
    pub policy: PolicyFlags,
    #[command(flatten)]
    pub execution: Execution,
    /// Show what would be done, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Default, Args)]
pub struct Prod {
    /// The database: postgresql://user@host/database
    #[arg(long, env = "MIGRATOR_PROD", hide_env_values = true, value_name = "URL")]
    pub prod: Option<String>,
}

#[derive(Debug, Args)]
pub struct StatusArguments {
    #[command(flatten)]
    pub prod: Prod,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct SnapshotArguments {
    /// The database [default: prod]
    #[arg(value_name = "URL")]
    pub database: Option<String>,
    #[command(flatten)]
    pub databases: Databases,
}

#[derive(Debug, Args)]
pub struct DemoArguments {
    /// The folder that keeps the revisions [default: ./demo-archive]
    #[arg(long, value_name = "FOLDER")]
    pub archive: Option<PathBuf>,
    /// Admit a hazard, as sync does: data_loss:public.customer.fax
    #[arg(long, value_name = "HAZARD[:OBJECT]")]
    pub allow: Vec<Approval>,
}

impl Command {
    /// The format that a flag or a variable asks for: failures are told in it, too.
    pub fn format(&self) -> Option<Format> {
        match self {
            Self::Plan(PlanArguments { output, .. })
            | Self::Sync(SyncArguments { output, .. })
            | Self::Rollback(RollbackArguments { output, .. })
            | Self::Check(CheckArguments { output, .. })
            | Self::History(HistoryArguments { output, .. })
            | Self::Show(ShowArguments { output, .. })
            | Self::Status(StatusArguments { output, .. }) => output.format,
            Self::Snapshot(_) | Self::Demo(_) => None,
        }
    }
}

#[derive(Debug, Default, Args)]
pub struct Databases {
    /// What the schema shall be: the URL of a database, a snapshot (dev.json), a revision (archive#3, 000003.zip), or a
    /// .sql file or folder of them, which --scratch loads
    #[arg(long, env = "MIGRATOR_DEV", hide_env_values = true, value_name = "ORIGIN")]
    pub dev: Option<String>,
    /// The database to bring into step: postgresql://user@host/database
    #[arg(long, env = "MIGRATOR_PROD", hide_env_values = true, value_name = "URL")]
    pub prod: Option<String>,
    #[command(flatten)]
    pub scratch: Scratch,
}

#[derive(Debug, Default, Args)]
pub struct Scratch {
    /// A server on which a database may be made, for dev's SQL files or a proof, and dropped: any of its databases' URL
    #[arg(long, env = "MIGRATOR_SCRATCH", hide_env_values = true, value_name = "URL")]
    pub scratch: Option<String>,
}

#[derive(Debug, Default, Args)]
pub struct Archive {
    /// Where the revisions are kept: s3://bucket/prefix or file:///folder
    #[arg(long, env = "MIGRATOR_ARCHIVE", hide_env_values = true, value_name = "URL")]
    pub archive: Option<String>,
}

#[derive(Debug, Default, Args)]
pub struct Comparison {
    /// An object of prod that got another name in dev, as 'table public.old -> new'; repeatable
    #[arg(long, env = "MIGRATOR_RENAME", hide_env_values = true, value_name = "RENAME", value_parser = lines::<Renaming>)]
    pub rename: Vec<Many<Renaming>>,
    #[command(flatten)]
    pub bounds: Bounds,
}

/// What is compared, and how it is changed.
#[derive(Debug, Default, Args)]
pub struct Bounds {
    /// Compare nothing but this: a glob over names, public.audit_*, of one kind: table:public.*; repeatable
    #[arg(long, env = "MIGRATOR_INCLUDE", hide_env_values = true, value_name = "[KIND:]GLOB", value_parser = lines::<Pattern>)]
    pub include: Vec<Many<Pattern>>,
    /// Leave this as it is in prod; repeatable
    #[arg(long, env = "MIGRATOR_EXCLUDE", hide_env_values = true, value_name = "[KIND:]GLOB", value_parser = lines::<Pattern>)]
    pub exclude: Vec<Many<Pattern>>,
    /// How far owner and privileges are compared: off, on, or shared, for roles that are on both sides; alone, a word
    /// means on [default: owner=off,privileges=shared]
    #[arg(long, env = "MIGRATOR_WITH", hide_env_values = true, value_name = "WHAT[=EXTENT]", value_parser = with)]
    pub with: Vec<Many<With>>,
    /// From which size on a table that a change would write anew is changed online instead [default: 64MB]
    #[arg(long, env = "MIGRATOR_REWRITE_LIMIT", hide_env_values = true, value_name = "SIZE")]
    pub rewrite_limit: Option<RewriteLimit>,
}

#[derive(Debug, Default, Args)]
pub struct PolicyFlags {
    /// Which statements may run, seen from the application's deploy
    #[arg(long, env = "MIGRATOR_PHASE", hide_env_values = true, value_enum)]
    pub phase: Option<PhaseChoice>,
    /// Admit a hazard, everywhere or on one object: data_loss:public.customer.fax; or all; repeatable
    #[arg(long, env = "MIGRATOR_ALLOW", hide_env_values = true, value_name = "HAZARD[:OBJECT]", value_parser = lines::<Approval>)]
    pub allow: Vec<Many<Approval>>,
    /// Run the plan with this very hash, with all that it holds, or nothing
    #[arg(long, env = "MIGRATOR_PLAN_HASH", hide_env_values = true, value_name = "HASH", value_parser = plan_hash)]
    pub plan_hash: Option<String>,
    /// Withholding anything is a failure: exit with 4 before the first statement
    #[arg(long, env = "MIGRATOR_STRICT", hide_env_values = true, value_name = "BOOL", action = ArgAction::Set,
        num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true,
        value_parser = BoolishValueParser::new())]
    pub strict: Option<bool>,
    /// First run the plan in a copy of prod's schema, made without rows in a database of its own on dev's server or
    /// --scratch, and do nothing if it fails there or does not end like dev
    #[arg(long, env = "MIGRATOR_PROVE", hide_env_values = true, value_name = "BOOL", action = ArgAction::Set,
        num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true,
        value_parser = BoolishValueParser::new())]
    pub prove: Option<bool>,
}

#[derive(Debug, Default, Args)]
pub struct Execution {
    /// Do not ask before the first statement
    #[arg(long, env = "MIGRATOR_YES", hide_env_values = true, value_name = "BOOL", action = ArgAction::Set,
        num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true,
        value_parser = BoolishValueParser::new())]
    pub yes: Option<bool>,
    /// How long a statement waits for a lock before it gives way and tries again, 2s or 500ms [default: 2s]
    #[arg(long, env = "MIGRATOR_LOCK_TIMEOUT", hide_env_values = true, value_name = "TIME", value_parser = duration)]
    pub lock_timeout: Option<std::time::Duration>,
    /// Ends after this time with status 5, 90s or 10m; what is under way goes on in the server, the same command goes on from there
    #[arg(long, env = "MIGRATOR_TIMEOUT", hide_env_values = true, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<std::time::Duration>,
    /// End what an earlier run, whose client is gone, has left running in the server, instead of waiting for it
    #[arg(long, env = "MIGRATOR_TAKEOVER", hide_env_values = true, value_name = "BOOL", action = ArgAction::Set,
        num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true,
        value_parser = BoolishValueParser::new())]
    pub takeover: Option<bool>,
    /// What names this request: one that was carried out under the same key is not carried out again
    #[arg(long, env = "MIGRATOR_IDEMPOTENCY_KEY", hide_env_values = true, value_name = "KEY")]
    pub idempotency_key: Option<String>,
}

#[derive(Debug, Default, Args)]
pub struct Output {
    /// How the result is printed [default: text]
    #[arg(long, env = "MIGRATOR_FORMAT", hide_env_values = true, value_enum)]
    pub format: Option<Format>,
}

#[derive(Debug, Default, Args)]
pub struct ExitCodeFlag {
    /// Exit with 3 if there is something to do
    #[arg(long, env = "MIGRATOR_EXIT_CODE", hide_env_values = true, value_name = "BOOL", action = ArgAction::Set,
        num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true,
        value_parser = BoolishValueParser::new())]
    pub exit_code: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For a person
    Text,
    /// A script for psql -v ON_ERROR_STOP=1 -f -
    Sql,
    /// For a program; stable and versioned
    Json,
    /// For a comment on a pull request
    Markdown,
}

impl Format {
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Sql => "sql",
            Self::Json => "json",
            Self::Markdown => "markdown",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PhaseChoice {
    /// Add, widen, loosen: before the deploy, old code goes on working
    Expand,
    /// Drop, narrow, tighten: after the deploy
    Contract,
    /// Both, in this order
    All,
}

/// Several values in one text: a line each. Commas stand inside names, globs and argument lists.
#[derive(Debug, Clone)]
pub struct Many<T>(pub Vec<T>);

pub fn lines<T: FromStr<Err: ToString>>(text: &str) -> Result<Many<T>, String> {
    let values = text.lines().map(str::trim).filter(|line| !line.is_empty());
    values.map(|value| value.parse().map_err(|error: T::Err| error.to_string())).collect::<Result<_, _>>().map(Many)
}

/// `owner,privileges=on`: how far what is not always compared is compared.
pub fn with(text: &str) -> Result<Many<With>, String> {
    let words = text.split([',', '\n']).map(str::trim).filter(|word| !word.is_empty());
    words.map(str::parse).collect::<Result<_, _>>().map(Many)
}

pub fn plan_hash(text: &str) -> Result<String, String> {
    let hash = text.trim().to_ascii_lowercase();
    if hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(hash);
    }
    Err("a plan hash has 64 hexadecimal digits; migrator plan prints it".to_owned())
}

pub fn duration(text: &str) -> Result<std::time::Duration, String> {
    let parsed = text.trim().parse::<jiff::SignedDuration>().ok().and_then(|time| time.try_into().ok());
    let positive = parsed.filter(|time: &std::time::Duration| time.as_millis() > 0);
    positive.ok_or_else(|| "a time is a number above 0 with its unit, as in 500ms, 2s or 1m".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn values_are_read_a_line_each() {
        let many: Many<Approval> = lines("data_loss:public.f(integer, text)\n\n table_rewrite\n").unwrap();
        assert_eq!(many.0.len(), 2);
        assert!(lines::<Approval>("nonsense").unwrap_err().contains("data_loss, table_rewrite"));
        assert!(with("owner, privileges=shared").is_ok_and(|with| with.0.len() == 2));
        assert!(with("table").unwrap_err().contains("owner, privileges"));
        assert!(with("owner=maybe").unwrap_err().contains("off, shared, on"));
    }

    #[test]
    fn a_time_has_a_unit_and_is_not_zero() {
        assert_eq!(duration("500ms"), Ok(std::time::Duration::from_millis(500)));
        for text in ["2", "0s", "-1s", "soon"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
