//! What a request tells while it works.
//! A closed list of events: terminal, log and report are its consumers, and a new event does not compile until each
//! of them has decided what to make of it. Never decides anything, and never holds a secret.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::catalog::Fingerprint;

/// The users' words for the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Dev,
    Prod,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dev => "dev",
            Self::Prod => "prod",
        })
    }
}

/// Another session on prod, as far as our role may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    pub pid: i32,
    pub application: String,
    pub user: Option<String>,
    /// The client's address; absent for a Unix socket.
    pub client: Option<String>,
    /// `active`, `idle in transaction`, ..
    pub state: Option<String>,
    /// How long its transaction is open.
    #[serde(serialize_with = "milliseconds::option", rename = "open_ms")]
    pub open: Option<Duration>,
    /// The beginning of its current or last statement.
    pub query: String,
    /// What it waits for itself.
    pub waits_for: Option<String>,
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "session {}", self.pid)?;
        let known = |text: &&str| !text.is_empty();
        let who =
            [Some(self.application.as_str()), self.user.as_deref(), self.client.as_deref(), self.state.as_deref()];
        let who: Vec<&str> = who.into_iter().flatten().filter(known).collect();
        if !who.is_empty() {
            write!(f, " ({})", who.join(", "))?;
        }
        if let Some(open) = self.open {
            write!(f, ", open for {} s", open.as_secs())?;
        }
        if let Some(waits_for) = &self.waits_for {
            write!(f, ", waiting for {waits_for}")?;
        }
        if !self.query.is_empty() {
            write!(f, ": {}", self.query)?;
        }
        Ok(())
    }
}

/// How far an index build is, as the server tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advance {
    pub phase: String,
    /// Blocks or tuples.
    pub done: u64,
    pub total: u64,
}

impl fmt::Display for Advance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.phase)?;
        match (100 * self.done).checked_div(self.total) {
            Some(percent) => write!(f, ", {percent} %"),
            None => Ok(()),
        }
    }
}

/// The run that holds prod's lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holder {
    pub session: Session,
    /// Absent when the ledger knows nothing of it.
    pub run: Option<RunningRun>,
    /// Of the index build that it is at, if it is at one.
    pub advance: Option<Advance>,
}

/// What the ledger tells of a run that has not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunningRun {
    pub id: String,
    pub started: String,
    pub invoked_by: Option<String>,
    pub host: Option<String>,
    pub statements: u32,
    pub done: u32,
    /// The request that it answers: its key, and a hash of what it asks.
    pub request: Option<String>,
    /// When its client gave up.
    pub left: Option<String>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(run) = &self.run {
            write!(f, "run {}, started {}", run.id, run.started)?;
            if let Some(invoked_by) = &run.invoked_by {
                write!(f, " by {invoked_by}")?;
            }
            if let Some(host) = &run.host {
                write!(f, " on {host}")?;
            }
            if let Some(left) = &run.left {
                write!(f, ", left by its client {left}")?;
            }
            write!(f, ", {} of {} statements done, in ", run.done, run.statements)?;
        }
        write!(f, "{}", self.session)?;
        match &self.advance {
            Some(advance) => write!(f, " ({advance})"),
            None => Ok(()),
        }
    }
}

/// Which of a revision's two archive entries was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The plan, before the first statement.
    Planned,
    /// The outcome, after the last.
    Finished,
    /// The outcome of an earlier run that did not live to write it.
    Recovered,
}

/// Something that happened, in the order in which it happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Connected {
        side: Side,
        address: String,
        version: String,
    },
    /// Another run holds the lock; it is waited for, but not for long.
    LockHeld {
        holder: Option<Box<Holder>>,
    },
    /// What an earlier run had left running was ended.
    TakenOver {
        holder: Box<Holder>,
    },
    LockTaken {
        run: String,
    },
    /// An earlier run ended without saying so; what it did is part of what was read.
    RunInterrupted {
        run: String,
    },
    CatalogRead {
        side: Side,
        objects: usize,
    },
    Planned {
        hash: Fingerprint,
        batches: usize,
        statements: usize,
        withheld: usize,
    },
    /// The plan was run in a copy of prod's schema, and ends like dev.
    Proved {
        objects: usize,
        statements: usize,
        #[serde(serialize_with = "milliseconds::plain", rename = "elapsed_ms")]
        elapsed: Duration,
    },
    Archived {
        revision: u64,
        stage: Stage,
        entry: String,
    },
    /// `step` of `steps`, from 1; `batch` is its index in the plan.
    BatchStarted {
        step: usize,
        steps: usize,
        batch: usize,
        statements: Vec<String>,
        object: String,
    },
    /// The statement waits behind others right now.
    Waiting {
        step: usize,
        blockers: Vec<Session>,
    },
    /// The lock did not come in time: we gave way, and try again after `pause`.
    LockGivenUp {
        step: usize,
        attempt: u32,
        attempts: u32,
        #[serde(serialize_with = "milliseconds::plain", rename = "pause_ms")]
        pause: Duration,
        blockers: Vec<Session>,
    },
    /// How far the server says that a long statement is.
    Advancing {
        step: usize,
        phase: String,
        done: u64,
        total: u64,
    },
    BatchDone {
        step: usize,
        steps: usize,
        batch: usize,
        #[serde(serialize_with = "milliseconds::plain", rename = "elapsed_ms")]
        elapsed: Duration,
    },
    /// Prod was read again: nothing is left to do but `withheld` statements.
    Verified {
        withheld: usize,
    },
}

/// Who listens to events.
pub type Listener<'a> = &'a mut (dyn FnMut(&Event) + Send);

mod milliseconds {
    use std::time::Duration;

    use serde::Serializer;

    #[allow(clippy::cast_possible_truncation, reason = "no wait lasts 584 million years")]
    pub fn plain<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(duration.as_millis() as u64)
    }

    #[allow(clippy::ref_option, reason = "the signature that serde calls")]
    pub fn option<S: Serializer>(duration: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        match duration {
            Some(duration) => plain(duration, serializer),
            None => serializer.serialize_none(),
        }
    }
}
