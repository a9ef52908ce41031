//! How a request fails.
//! One value for every door: the code, one sentence about what happened, the causes beneath it, and, once a run has
//! begun, what was done and what was not. Never holds a password or a row value.

use std::fmt;

use serde::Serialize;

use crate::archive::{ArchiveError, MalformedLocation};
use crate::code::Code;
use crate::connect::{ConnectError, ServerSays, is_lost, sqlstate};
use crate::execute::{Cause, Stopped, is_patient};
use crate::introspect::IntrospectError;
use crate::plan::PlanError;
use crate::plan::gate::{Admitted, HashMismatch, Withheld};
use crate::progress::{Holder, Side};
use crate::scratch::ScratchError;
use crate::statement::TransactionMode;

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    pub code: Code,
    /// What happened, and where.
    pub message: String,
    /// Why, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sqlstate: Option<String>,
    /// Who holds the lock, when another run does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<Box<Holder>>,
    /// What would need an approval, when that is why nothing was done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<Withheld>,
    /// Absent when no run had begun, and so nothing was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<Box<Standing>>,
}

/// Where a run stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    pub run: String,
    /// The archive's revision that tells of it.
    pub revision: Option<u64>,
    pub applied: Vec<String>,
    pub failed: Option<FailedStatement>,
    pub not_run: Vec<String>,
    /// What the plan that was made afterwards still holds, and nobody withheld.
    pub remaining: Vec<String>,
}

/// The statement at which a run stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedStatement {
    pub sql: String,
    /// For which object it was to run.
    pub object: String,
    pub server: ServerSays,
    /// Whether it may have been carried out after all: the connection broke before the answer came.
    pub in_doubt: bool,
    /// What it may have left behind.
    pub note: Option<String>,
}

impl Failure {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            causes: Vec::new(),
            sqlstate: None,
            holder: None,
            withheld: Vec::new(),
            standing: None,
        }
    }

    /// With the chain of causes beneath an error.
    #[must_use]
    pub fn because(mut self, error: &(dyn std::error::Error + 'static)) -> Self {
        let chain = std::iter::successors(Some(error), |error| error.source());
        for cause in chain {
            if let Some(error) = cause.downcast_ref::<sqlx::Error>() {
                self.sqlstate = sqlstate(error);
                self.causes.push(ServerSays::of(error).message);
                break;
            }
            self.causes.push(cause.to_string());
        }
        self.causes.dedup();
        self
    }

    /// An error of a session that is already there. That the session was lost is told as such, whatever was being done.
    pub fn of_session(code: Code, message: impl Into<String>, error: &(dyn std::error::Error + 'static)) -> Self {
        let mut chain = std::iter::successors(Some(error), |error| error.source());
        let lost = chain.any(|cause| cause.downcast_ref::<sqlx::Error>().is_some_and(is_lost));
        Self::new(if lost { Code::ConnectionLost } else { code }, message).because(error)
    }

    /// The process has not got the threads that it works in.
    pub fn of_threads(error: &std::io::Error) -> Self {
        Self::new(Code::OutOfResources, "The process could not set up its threads").because(error)
    }

    /// A file of an archived revision that is whole, and yet not understood.
    pub fn of_revision(number: u64, file: &str, error: &serde_json::Error) -> Self {
        let message = format!("archive: {file} of revision {number} is not understood");
        Self::new(Code::ArchiveDamaged, message).because(error)
    }

    pub fn of_reading(side: Side, error: &IntrospectError) -> Self {
        let code = match error {
            IntrospectError::Query { source, .. } if is_lost(source) => Code::ConnectionLost,
            IntrospectError::Query { source, .. } if sqlstate(source).as_deref() == Some("42501") => Code::MayNotRead,
            IntrospectError::Version(_) => Code::ServerUnsupported,
            _ => Code::CatalogUnreadable,
        };
        let source = std::error::Error::source(error);
        let failure = Self::new(code, format!("{side}: {error}"));
        source.map_or(failure.clone(), |source| failure.because(source))
    }

    /// Whether anything may have been changed.
    pub fn changed_nothing(&self) -> bool {
        self.standing.as_ref().is_none_or(|standing| {
            standing.applied.is_empty() && !standing.failed.as_ref().is_some_and(|failed| failed.in_doubt)
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        let failure = Self::new(error.code, error.message);
        match error.source {
            Some(source) => failure.because(source.as_ref()),
            None => failure,
        }
    }
}

impl From<ScratchError> for Failure {
    fn from(error: ScratchError) -> Self {
        let message = format!("dev: {error}");
        let code = match error {
            ScratchError::Connect(error) => {
                let failure = Self::from(error);
                return Self { message: format!("--scratch: {}", failure.message), ..failure };
            }
            ScratchError::Read(error) => return Self::of_reading(Side::Dev, &error),
            ScratchError::Database { source, .. } => {
                return Self::of_session(Code::ScratchFailed, message, &source);
            }
            ScratchError::Statement { source, .. } if is_lost(&source) => Code::ConnectionLost,
            ScratchError::Statement { .. } | ScratchError::Script { .. } | ScratchError::Open { .. } => {
                Code::ScriptFailed
            }
        };
        Self::new(code, message)
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        let code = match error {
            PlanError::Rename(_) => Code::RenameRefused,
            PlanError::Cycle { .. } => Code::PlanCircular,
        };
        Self::new(code, error.to_string())
    }
}

impl From<HashMismatch> for Failure {
    fn from(error: HashMismatch) -> Self {
        Self::new(Code::PlanChanged, error.to_string())
    }
}

impl From<ArchiveError> for Failure {
    fn from(error: ArchiveError) -> Self {
        let failure = Self::new(error.code(), error.to_string());
        // The store's own sentence stands in the message already; what lies beneath it does not.
        let cause = std::error::Error::source(&error);
        let cause =
            if matches!(error, ArchiveError::Store { .. }) { cause.and_then(std::error::Error::source) } else { cause };
        cause.map_or(failure.clone(), |cause| failure.because(cause))
    }
}

impl From<MalformedLocation> for Failure {
    fn from(error: MalformedLocation) -> Self {
        Self::new(Code::MalformedArchive, error.to_string())
    }
}

/// How far a run has come.
pub(super) fn standing(run: &str, revision: Option<u64>, admitted: &Admitted<'_>, applied: &[usize]) -> Standing {
    let of = |done: bool| {
        let batches = admitted.batches().filter(move |(index, _)| applied.contains(index) == done);
        batches.flat_map(|(_, batch)| &batch.statements).map(|statement| statement.sql.to_string()).collect()
    };
    Standing {
        run: run.to_owned(),
        revision,
        applied: of(true),
        failed: None,
        not_run: of(false),
        remaining: Vec::new(),
    }
}

/// The failure of a run that stopped at a statement.
pub(super) fn stopped(stop: &Stopped, mut standing: Standing, admitted: &Admitted<'_>) -> Failure {
    let batch = &admitted.plan().batches[stop.batch];
    let statement = &batch.statements[stop.statement.min(batch.statements.len().saturating_sub(1))];
    let sql = statement.sql.to_string();
    let head = sql.lines().next().unwrap_or_default().to_owned();
    let says = ServerSays::of(&stop.source);
    let (code, message) = match stop.cause {
        Cause::ConnectionLost => (Code::ConnectionLost, format!("prod: the connection was lost at: {head}")),
        Cause::Ledger => (Code::LedgerFailed, format!("prod: the ledger could not be written after: {head}")),
        Cause::Lock => {
            let holders: Vec<String> = stop.blockers.iter().map(ToString::to_string).collect();
            let holders =
                if holders.is_empty() { String::new() } else { format!("; in the way: {}", holders.join("; ")) };
            let message = format!("prod: no lock within {} tries for: {head}{holders}", stop.attempts);
            (Code::LockTimeout, message)
        }
        Cause::Statement if says.sqlstate.as_deref() == Some("42501") => {
            (Code::MayNotAlter, format!("prod: the role may not run: {head}"))
        }
        Cause::Statement => (Code::StatementFailed, format!("prod: a statement failed: {head}")),
    };
    let built = batch.transaction == TransactionMode::Autocommit && is_patient(batch);
    let note = built.then(|| {
        "What it has done so far may have stayed behind, an index marked invalid; the next run recognises that and ends it."
            .to_owned()
    });
    // Of a batch in a transaction nothing was carried out; of another, what came before the failed statement was.
    let failed_at = standing.not_run.iter().position(|not_run| *not_run == sql);
    if let Some(at) = failed_at {
        standing.not_run.remove(at);
    }
    standing.failed = Some(FailedStatement {
        sql,
        object: batch.cause.to_string(),
        server: says.clone(),
        in_doubt: stop.in_doubt,
        note,
    });
    Failure {
        causes: vec![says.message],
        sqlstate: says.sqlstate,
        standing: Some(Box::new(standing)),
        ..Failure::new(code, message)
    }
}
