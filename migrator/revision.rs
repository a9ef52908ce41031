//! One archived migration: what was planned, what became of it, and the catalogs before and after.
//! Revisions form a chain: each holds its parent's hash, and its own hash covers every file in it by digest. Pure: the
//! time, the run and the number are arguments. Never compresses or stores anything.

use std::collections::BTreeMap;
use std::io::Write;

use serde::{Deserialize, Serialize};

use crate::catalog::{Catalog, Fingerprint};
use crate::plan::Plan;
use crate::plan::gate::Withheld;

/// The version of revision.json.
pub const FORMAT: u32 = 1;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It has not ended: the plan is archived, and nothing is known beyond that.
    Pending,
    /// Prod is in step, but for what was withheld.
    Done,
    /// A statement failed, or something was left to do.
    Failed,
    /// The process died; a later run found out and archived what it found.
    Interrupted,
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        })
    }
}

/// revision.json.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    pub format: u32,
    /// 1 for the first of an archive.
    pub number: u64,
    /// The hash of the revision before this one.
    pub parent: Option<Fingerprint>,
    /// The name of the production database.
    pub database: String,
    /// The run's id, as the ledger has it.
    pub run: String,
    /// When it was planned, RFC 3339.
    pub created: String,
    pub invoked_by: Option<String>,
    /// The revision before which it leads back, if it is a rollback.
    #[serde(default)]
    pub back_to: Option<u64>,
    pub outcome: Outcome,
    /// When the outcome was known, RFC 3339.
    pub finished: Option<String>,
    /// What went wrong, if something did.
    pub error: Option<String>,
    pub plan_hash: Fingerprint,
    /// Prod's fingerprint before the first statement.
    pub before: Fingerprint,
    /// Prod's fingerprint after the last.
    pub after: Option<Fingerprint>,
    /// The plan's batches, by index, that were carried out.
    pub applied: Vec<usize>,
    /// Each statement that was begun, in their order; empty in revisions of earlier versions.
    #[serde(default)]
    pub ran: Vec<Ran>,
    pub withheld: Vec<Withheld>,
    /// The SHA-256 of every other file.
    pub files: BTreeMap<String, Fingerprint>,
}

/// What a run did with one statement, and how long that took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ran {
    /// By index in the plan.
    pub batch: usize,
    /// By index in the batch.
    pub statement: usize,
    /// `done`, `failed`, or `in_doubt` where nobody lived to be told.
    pub status: String,
    pub attempts: u32,
    /// For locks, with the tries that gave way and the pauses between them; seen a few times a second.
    pub waited_ms: u64,
    /// The last try, with its own wait.
    pub took_ms: Option<u64>,
}

/// A revision with its files, as they stand in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    pub revision: Revision,
    /// revision.json as it is stored: hashed as it stands, so that a later version of this program, whose revisions
    /// have other fields, still knows it for what it was.
    json: Vec<u8>,
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Bundle {
    /// Enters the files' digests into the revision.
    pub fn new(mut revision: Revision, files: BTreeMap<String, Vec<u8>>) -> Self {
        revision.files = files.iter().map(|(name, bytes)| (name.clone(), Fingerprint::of_bytes(bytes))).collect();
        Self { json: json(&revision), revision, files }
    }

    /// A bundle as it was stored.
    pub fn stored(json: Vec<u8>, files: BTreeMap<String, Vec<u8>>) -> Result<Self, serde_json::Error> {
        Ok(Self { revision: serde_json::from_slice(&json)?, json, files })
    }

    /// revision.json, as it is stored.
    pub fn revision_json(&self) -> &[u8] {
        &self.json
    }

    /// The revision's hash: over revision.json, which holds the digest of every other file.
    pub fn hash(&self) -> Fingerprint {
        Fingerprint::of_bytes(&self.json)
    }

    /// The first file whose bytes are not those that revision.json speaks of, or that is missing or added.
    pub fn altered_file(&self) -> Option<&str> {
        let stated = self.revision.files.iter();
        let wrong = |(name, digest): &(&String, &Fingerprint)| {
            self.files.get(*name).is_none_or(|bytes| Fingerprint::of_bytes(bytes) != **digest)
        };
        let added = self.files.keys().find(|name| !self.revision.files.contains_key(*name));
        stated.clone().find(wrong).map(|(name, _)| name).or(added).map(String::as_str)
    }

    /// One of the text files.
    pub fn text(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(name)?).ok()
    }

    pub fn plan(&self) -> Result<Plan, serde_json::Error> {
        self.parsed("plan.json")
    }

    pub fn before(&self) -> Result<Catalog, serde_json::Error> {
        self.parsed("before.json")
    }

    pub fn after(&self) -> Result<Catalog, serde_json::Error> {
        self.parsed("after.json")
    }

    fn parsed<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T, serde_json::Error> {
        serde_json::from_slice(self.files.get(name).map_or(&[], Vec::as_slice))
    }
}

/// Indented, one line per field, with a newline at the end: made to be read and compared by people too.
pub fn json<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing JSON into memory fails only for maps whose keys are no strings; our values have none.
    let _ = write_json(&mut bytes, value);
    bytes
}

/// The same, piece by piece.
pub fn write_json<T: Serialize>(writer: &mut impl Write, value: &T) -> std::io::Result<()> {
    serde_json::to_writer_pretty(&mut *writer, value)?;
    writer.write_all(b"\n")
}
