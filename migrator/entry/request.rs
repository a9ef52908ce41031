//! From flags to a [`Request`].
//! What is missing or contradicts itself is said here, before anything is connected to. Never connects.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::app::{Failure, Origin, Request};
use crate::archive::Location;
use crate::catalog::Fingerprint;
use crate::code::Code;
use crate::connect::{ConnectError, DatabaseUrl};
use crate::entry::args::{
    Archive, Bounds, Comparison, Databases, Execution, Format, Many, Output, PhaseChoice, PolicyFlags, Prod,
    RollbackArguments, Scratch, SyncArguments,
};
use crate::execute::Patience;
use crate::plan::Options;
use crate::plan::gate::Policy;
use crate::scope::{Extent, Scope};
use crate::statement::Phase;

pub fn of(databases: &Databases, comparison: &Comparison, policy: Option<&PolicyFlags>) -> Result<Request, Failure> {
    let dev = needed(databases.dev.as_ref(), "--dev")?;
    let prod = needed(databases.prod.as_ref(), "--prod")?;
    let dev: Origin = dev.parse().map_err(|failure| named("--dev", failure))?;
    let address = |flag: &str, url: &String| url.parse().map_err(|error: ConnectError| named(flag, error.into()));
    let prod = address("--prod", prod)?;
    let scratch = scratch_of(&databases.scratch, &prod)?;
    if matches!(&dev, Origin::Database(url) if url.is_server_of(&prod) && url.database() == prod.database()) {
        let message = "--dev and --prod are the same database, so there is nothing to compare";
        return Err(Failure::new(Code::BadRequest, message));
    }
    let request = towards(dev.loaded_into(scratch.clone()), prod, options(comparison), policy);
    Ok(Request { scratch, ..request })
}

/// The server for databases of a moment. A script may make roles and drop databases, so it is not prod's.
fn scratch_of(flag: &Scratch, prod: &DatabaseUrl) -> Result<Option<DatabaseUrl>, Failure> {
    let Some(url) = &flag.scratch else { return Ok(None) };
    let scratch: DatabaseUrl = url.parse().map_err(|error: ConnectError| named("--scratch", error.into()))?;
    if scratch.is_server_of(prod) {
        let message = "--scratch and --prod are on the same server, and prod's is no place to try anything";
        return Err(Failure::new(Code::BadRequest, message));
    }
    Ok(Some(scratch))
}

fn towards(dev: Origin, prod: DatabaseUrl, options: Options, policy: Option<&PolicyFlags>) -> Request {
    Request {
        dev,
        prod,
        archive: None,
        back: None,
        options,
        policy: policy.map(gate).unwrap_or_default(),
        strict: policy.is_some_and(|policy| policy.strict == Some(true)),
        prove: policy.is_some_and(|policy| policy.prove == Some(true)),
        scratch: None,
        patience: Patience::default(),
        timeout: None,
        takeover: false,
        invoked_by: ["GITHUB_ACTOR", "USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok()),
        idempotency_key: None,
    }
}

/// With the archive and what belongs to the execution.
pub fn of_sync(arguments: &SyncArguments) -> Result<Request, Failure> {
    let SyncArguments { databases, archive: place, comparison, policy, execution, output: _ } = arguments;
    let request = of(databases, comparison, Some(policy))?;
    Ok(carried_out(Request { archive: archive(place)?, ..request }, execution))
}

fn carried_out(mut request: Request, execution: &Execution) -> Request {
    request.idempotency_key.clone_from(&execution.idempotency_key);
    request.timeout = execution.timeout;
    request.takeover = execution.takeover == Some(true);
    if let Some(lock_timeout) = execution.lock_timeout {
        request.patience.lock_timeout = lock_timeout;
    }
    request
}

/// Towards the revision itself: what it found is for the archive to say.
pub fn of_rollback(arguments: &RollbackArguments) -> Result<Request, Failure> {
    let RollbackArguments { revision, prod, scratch, archive: place, bounds, policy, execution, dry_run: _, output: _ } =
        arguments;
    let archive = needed_archive(place)?;
    let dev = Origin::Revision { archive: archive.clone(), revision: revision.clone() };
    let back = Some(revision.clone());
    let request = towards(dev, prod_of(prod)?, bounded(bounds), Some(policy));
    let scratch = scratch_of(scratch, &request.prod)?;
    Ok(carried_out(Request { archive: Some(archive), back, scratch, ..request }, execution))
}

pub fn prod_of(flag: &Prod) -> Result<DatabaseUrl, Failure> {
    let url = needed(flag.prod.as_ref(), "--prod")?;
    url.parse().map_err(|error: ConnectError| named("--prod", error.into()))
}

/// The failure with the flag that it is about.
fn named(flag: &str, failure: Failure) -> Failure {
    Failure { message: format!("{flag}: {}", failure.message), ..failure }
}

pub fn needed<'a>(value: Option<&'a String>, flag: &str) -> Result<&'a String, Failure> {
    let variable = flag.trim_start_matches("--").to_uppercase();
    let message =
        || format!("{flag} is missing: give the flag, set MIGRATOR_{variable}, or write it into migrator.toml");
    value.ok_or_else(|| Failure::new(Code::BadRequest, message()))
}

pub fn archive(flag: &Archive) -> Result<Option<Location>, Failure> {
    let parsed = flag.archive.as_deref().map(Location::from_str).transpose();
    parsed.map_err(|error| Failure::new(Code::MalformedArchive, error.to_string()))
}

pub fn needed_archive(flag: &Archive) -> Result<Location, Failure> {
    needed(flag.archive.as_ref(), "--archive")?;
    archive(flag)?.ok_or_else(|| Failure::new(Code::MalformedArchive, "The archive's address names no folder"))
}

fn options(comparison: &Comparison) -> Options {
    let Comparison { rename, bounds } = comparison;
    Options { renames: flat(rename), ..bounded(bounds) }
}

fn bounded(bounds: &Bounds) -> Options {
    let Bounds { include, exclude, with, rewrite_limit } = bounds;
    let with: BTreeMap<_, _> = flat(with).into_iter().map(|with| (with.group, with.extent)).collect();
    // What is said is the same plan as what is meant by default.
    let with = with.into_iter().filter(|(group, extent)| *extent != Extent::by_default(*group)).collect();
    let scope = Scope { include: flat(include), exclude: flat(exclude), with };
    Options { renames: Vec::new(), scope, rewrite_limit: rewrite_limit.unwrap_or_default() }
}

fn gate(flags: &PolicyFlags) -> Policy {
    let PolicyFlags { phase, allow, plan_hash, strict: _, prove: _ } = flags;
    let phase = phase.and_then(|phase| match phase {
        PhaseChoice::Expand => Some(Phase::Expand),
        PhaseChoice::Contract => Some(Phase::Contract),
        PhaseChoice::All => None,
    });
    // A fingerprint is a string in JSON, and the flag was checked to be one.
    let fingerprint = |hash: &String| serde_json::from_value::<Fingerprint>(hash.clone().into()).ok();
    Policy { allow: flat(allow), phase, plan_hash: plan_hash.as_ref().and_then(fingerprint) }
}

fn flat<T: Clone>(values: &[Many<T>]) -> Vec<T> {
    values.iter().flat_map(|many| many.0.iter().cloned()).collect()
}

impl Output {
    pub fn format(&self) -> Format {
        self.format.unwrap_or(Format::Text)
    }

    /// The format, if the command has it.
    pub fn one_of(&self, command: &str, formats: &[Format]) -> Result<Format, Failure> {
        let format = self.format();
        if formats.contains(&format) {
            return Ok(format);
        }
        let known = formats.iter().map(|format| format.word()).collect::<Vec<_>>().join(" and ");
        let message = format!("{command} has no format {}; it has {known}", format.word());
        Err(Failure::new(Code::BadRequest, message))
    }
}
