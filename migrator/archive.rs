//! The chain of revisions, in a store.
//! A plan goes in before its first statement and its outcome after the last; both are written once. HEAD names the last
//! revision and moves only from where its writer saw it. Never changes or removes a revision.

pub mod bucket;
mod contents;
pub mod store;
mod zipped;

use std::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::catalog::Fingerprint;
use crate::code::Code;
use crate::revision::{Bundle, FORMAT, Revision, json};
use bucket::{Bucket, BucketAddress, Timeouts};
use store::{Folder, Store, StoreError};
use zipped::UnzipError;

pub use contents::Contents;

const HEAD: &str = "HEAD";
const REVISIONS: &str = "revisions/";
/// What names the last revision, whatever its number.
pub const LATEST: &str = "latest";
const SHORTEST_HASH: usize = 6;

/// Where an archive is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    Folder(PathBuf),
    Bucket(BucketAddress),
}

/// An address that is none of an archive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MalformedLocation(String);

impl FromStr for Location {
    type Err = MalformedLocation;

    /// `s3://bucket/prefix`, `file:///folder`, or the folder's path.
    fn from_str(text: &str) -> Result<Self, MalformedLocation> {
        let path = match text.split_once("://") {
            None => text,
            Some(("file", path)) => path,
            Some(("s3", _)) => return text.parse().map(Self::Bucket),
            Some((scheme, _)) => {
                return Err(MalformedLocation(format!("'{scheme}://' is no address of an archive")));
            }
        };
        if path.is_empty() {
            return Err(MalformedLocation("The archive's address names no folder".to_owned()));
        }
        Ok(Self::Folder(path.into()))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => path.display().fmt(f),
            Self::Bucket(address) => address.fmt(f),
        }
    }
}

/// What is wrong with an archive.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("archive {location}: {source}")]
    Store { location: String, source: StoreError },
    #[error("archive {location}: another run has written to it in the meantime")]
    Conflict { location: String },
    #[error("archive {location}: {what}")]
    Damaged { location: String, what: String, source: Option<UnzipError> },
    #[error("archive {location} has no revision '{revision}'")]
    NoSuchRevision { location: String, revision: String },
    #[error("archive {location} belongs to the database {theirs}, not to {ours}")]
    Foreign { location: String, theirs: String, ours: String },
}

impl ArchiveError {
    pub fn code(&self) -> Code {
        match self {
            Self::Store { source: StoreError::Io { source, .. }, .. } => match source.kind() {
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Code::ArchiveDenied,
                _ => Code::ArchiveUnreachable,
            },
            Self::Store { source: StoreError::Bucket { code, .. }, .. } => *code,
            Self::Store { source: StoreError::Conflict { .. }, .. } | Self::Conflict { .. } => Code::ArchiveConflict,
            Self::Damaged { .. } => Code::ArchiveDamaged,
            Self::NoSuchRevision { .. } => Code::NoSuchRevision,
            Self::Foreign { .. } => Code::ArchiveForeign,
        }
    }
}

/// One link of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub hash: Fingerprint,
    #[serde(flatten)]
    pub revision: Revision,
}

/// What the object HEAD holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    number: u64,
    hash: Fingerprint,
}

/// The end of the chain, as it was seen.
#[derive(Debug, Clone)]
pub struct Tip {
    /// HEAD's bytes. It may be behind: a writer can die between a revision and HEAD.
    head: Option<Vec<u8>>,
    /// The last revision, with its hash.
    pub last: Option<(Fingerprint, Box<Bundle>)>,
    /// The plan that was to become the next revision, if one was begun.
    pub pending: Option<Box<Bundle>>,
}

impl Tip {
    /// The number of the next revision.
    pub fn next(&self) -> u64 {
        self.last.as_ref().map_or(0, |(_, bundle)| bundle.revision.number) + 1
    }

    pub fn hash(&self) -> Option<&Fingerprint> {
        self.last.as_ref().map(|(hash, _)| hash)
    }
}

/// A chain of revisions.
#[derive(Debug)]
pub struct Archive {
    store: Box<dyn Store>,
    location: String,
}

fn plan_key(number: u64) -> String {
    format!("{REVISIONS}{number:06}.plan.zip")
}

fn key(number: u64) -> String {
    format!("{REVISIONS}{number:06}.zip")
}

/// Whether this is the revision's number or the beginning of its hash.
fn is_named(wanted: &str, number: u64, hash: &Fingerprint) -> bool {
    wanted.parse() == Ok(number) || wanted.len() >= SHORTEST_HASH && hash.as_str().starts_with(wanted)
}

/// A revision's zip file, whose files are what it says. `location` and `name` are for the errors.
pub fn read_revision(location: &str, name: &str, bytes: &[u8]) -> Result<Bundle, ArchiveError> {
    let damaged =
        |what, source| ArchiveError::Damaged { location: location.to_owned(), what: format!("{name} {what}"), source };
    let bundle = zipped::unzip(bytes).map_err(|source| damaged("cannot be read".to_owned(), Some(source)))?;
    let format = bundle.revision.format;
    if format > FORMAT {
        return Err(damaged(format!("was written by a newer migrator (format {format})"), None));
    }
    match bundle.altered_file() {
        Some(file) => Err(damaged(format!("was altered: {file} is not what was archived"), None)),
        None => Ok(bundle),
    }
}

impl Archive {
    /// Reads nothing yet.
    pub fn open(location: &Location) -> Result<Self, ArchiveError> {
        let name = location.to_string();
        let store: Box<dyn Store> = match location {
            Location::Folder(path) => Box::new(Folder::new(path)),
            Location::Bucket(address) => {
                let opened = Bucket::new(address, Timeouts::default());
                Box::new(opened.map_err(|source| ArchiveError::Store { location: name.clone(), source })?)
            }
        };
        Ok(Self::over(store, name))
    }

    pub fn over(store: Box<dyn Store>, location: String) -> Self {
        Self { store, location }
    }

    /// The end of the chain. Only its last link is verified.
    pub async fn tip(&self) -> Result<Tip, ArchiveError> {
        let head = self.get(HEAD).await?;
        let mut last = None;
        if let Some(bytes) = &head {
            let head: Head = serde_json::from_slice(bytes).map_err(|_| self.damaged("HEAD is not understood"))?;
            let bundle = self.bundle(head.number, Some(&head.hash)).await?;
            last = Some((head.hash, Box::new(bundle)));
        }
        loop {
            let tip = Tip { head: head.clone(), last, pending: None };
            let next = tip.next();
            let Some(bytes) = self.get(&key(next)).await? else {
                let pending = self.get(&plan_key(next)).await?;
                let pending = pending.map(|bytes| self.unzip(next, &bytes).map(Box::new)).transpose()?;
                return Ok(Tip { pending, ..tip });
            };
            let bundle = self.unzip(next, &bytes)?;
            self.check_link(&bundle, next, tip.hash())?;
            last = Some((bundle.hash(), Box::new(bundle)));
        }
    }

    /// Refuses an archive whose revisions are of another database.
    pub fn check_owner(&self, tip: &Tip, database: &str) -> Result<(), ArchiveError> {
        let last = tip.last.as_ref().map(|(_, bundle)| bundle);
        for bundle in [last, tip.pending.as_ref()].into_iter().flatten() {
            if bundle.revision.database != database {
                return Err(ArchiveError::Foreign {
                    location: self.location.clone(),
                    theirs: bundle.revision.database.clone(),
                    ours: database.to_owned(),
                });
            }
        }
        Ok(())
    }

    /// Archives the plan, before its first statement. Returns the entry's name.
    pub async fn propose(&self, bundle: &Bundle) -> Result<String, ArchiveError> {
        self.put_new(plan_key(bundle.revision.number), bundle).await
    }

    /// Archives the outcome, and moves HEAD there from where `tip` saw it. Returns the new end of the chain.
    pub async fn conclude(&self, tip: &Tip, bundle: Bundle) -> Result<(String, Tip), ArchiveError> {
        let (number, hash) = (bundle.revision.number, bundle.hash());
        let key = self.put_new(key(number), &bundle).await?;
        let head = json(&Head { number, hash: hash.clone() });
        self.store.put_if(HEAD, tip.head.as_deref(), &head).await.map_err(|error| self.failed(error))?;
        Ok((key, Tip { head: Some(head), last: Some((hash, Box::new(bundle))), pending: None }))
    }

    /// Every revision, oldest first, and a plan whose outcome is not known. Verifies each link, each file, and that
    /// nothing is missing.
    pub async fn history(&self) -> Result<(Vec<Entry>, Option<Revision>), ArchiveError> {
        let tip = self.tip().await?;
        self.check_gap(&tip).await?;
        let pending = tip.pending.map(|bundle| bundle.revision);
        let Some((hash, bundle)) = tip.last else { return Ok((Vec::new(), pending)) };
        let mut entries = vec![Entry { hash, revision: bundle.revision }];
        while let Some(parent) = entries[entries.len() - 1].revision.parent.clone() {
            let number = entries[entries.len() - 1].revision.number - 1;
            let bundle = self.bundle(number, Some(&parent)).await?;
            entries.push(Entry { hash: parent, revision: bundle.revision });
        }
        entries.reverse();
        Ok((entries, pending))
    }

    /// The chain ends before its last revision if one between was removed together with HEAD.
    async fn check_gap(&self, tip: &Tip) -> Result<(), ArchiveError> {
        let keys = self.store.list(REVISIONS).await.map_err(|error| self.failed(error))?;
        let number = |key: &String| key.strip_prefix(REVISIONS)?.strip_suffix(".zip")?.parse::<u64>().ok();
        match keys.iter().filter_map(number).max().filter(|last| *last >= tip.next()) {
            Some(last) => Err(self.damaged(format!("revision {} is missing, though {last} is there", tip.next()))),
            None => Ok(()),
        }
    }

    /// By number, by the beginning of a hash, or `latest`.
    pub async fn find(&self, wanted: &str) -> Result<Bundle, ArchiveError> {
        let (entries, _) = self.history().await?;
        let found = match wanted {
            LATEST => entries.last(),
            _ => entries.iter().find(|entry| is_named(wanted, entry.revision.number, &entry.hash)),
        };
        let found = found.ok_or_else(|| self.no_such_revision(wanted))?;
        self.bundle(found.revision.number, Some(&found.hash)).await
    }

    /// A revision and all that came after it, oldest first; with them the plan of a run whose outcome is not known, which
    /// is then what `latest` means. Verifies every link between them.
    pub async fn since(&self, tip: Tip, wanted: &str) -> Result<Vec<Bundle>, ArchiveError> {
        self.check_gap(&tip).await?;
        let mut found: Vec<Bundle> = Vec::new();
        let mut next = tip.pending.or(tip.last.map(|(_, bundle)| bundle)).map(|bundle| *bundle);
        while let Some(bundle) = next.take() {
            let Revision { number, parent, .. } = bundle.revision.clone();
            let is_wanted = wanted == LATEST && found.is_empty() || is_named(wanted, number, &bundle.hash());
            found.push(bundle);
            if is_wanted {
                found.reverse();
                return Ok(found);
            }
            if let Some(parent) = parent {
                next = Some(self.bundle(number - 1, Some(&parent)).await?);
            }
        }
        Err(self.no_such_revision(wanted))
    }

    fn no_such_revision(&self, wanted: &str) -> ArchiveError {
        ArchiveError::NoSuchRevision { location: self.location.clone(), revision: wanted.to_owned() }
    }

    async fn bundle(&self, number: u64, hash: Option<&Fingerprint>) -> Result<Bundle, ArchiveError> {
        let Some(bytes) = self.get(&key(number)).await? else {
            return Err(self.damaged(format!("revision {number} is missing")));
        };
        let bundle = self.unzip(number, &bytes)?;
        if hash.is_some_and(|hash| *hash != bundle.hash()) {
            return Err(self.damaged(format!("revision {number} was altered: its hash is not the one in the chain")));
        }
        Ok(bundle)
    }

    /// A revision whose files are what it says, and whose number is its place.
    fn unzip(&self, number: u64, bytes: &[u8]) -> Result<Bundle, ArchiveError> {
        let bundle = read_revision(&self.location, &format!("revision {number}"), bytes)?;
        let revision = &bundle.revision;
        if revision.number != number || revision.parent.is_none() != (number == 1) {
            return Err(self.damaged(format!("revision {number} was altered: it says that it is {}", revision.number)));
        }
        Ok(bundle)
    }

    fn check_link(&self, bundle: &Bundle, number: u64, parent: Option<&Fingerprint>) -> Result<(), ArchiveError> {
        if bundle.revision.parent.as_ref() == parent {
            return Ok(());
        }
        Err(self
            .damaged(format!("revision {number} does not follow the one before it: HEAD or a revision was altered")))
    }

    async fn put_new(&self, key: String, bundle: &Bundle) -> Result<String, ArchiveError> {
        let bytes = zipped::zip(bundle).map_err(|error| ArchiveError::Damaged {
            location: self.location.clone(),
            what: format!("{key} cannot be packed"),
            source: Some(error.into()),
        })?;
        self.store.put_new(&key, &bytes).await.map_err(|error| self.failed(error))?;
        Ok(key)
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, ArchiveError> {
        self.store.get(key).await.map_err(|error| self.failed(error))
    }

    fn failed(&self, error: StoreError) -> ArchiveError {
        let location = self.location.clone();
        match error {
            StoreError::Conflict { .. } => ArchiveError::Conflict { location },
            source => ArchiveError::Store { location, source },
        }
    }

    fn damaged(&self, what: impl Into<String>) -> ArchiveError {
        ArchiveError::Damaged { location: self.location.clone(), what: what.into(), source: None }
    }
}
