//! Where a catalog comes from: a database, or what stands for one.
//! Dev need not be reachable from where prod is, and need not be a database at all. Never writes anything but a scratch
//! database of its own.

use std::convert::Infallible;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::task::{JoinError, spawn_blocking};

use crate::app::Failure;
use crate::archive::{Archive, Location, read_revision};
use crate::catalog::Catalog;
use crate::code::Code;
use crate::connect::{Access, Connected, DatabaseUrl, connect};
use crate::introspect::introspect;
use crate::progress::{Event, Side};
use crate::revision::Bundle;
use crate::scratch::{self, File};

/// A catalog and what there is to tell of it.
pub type Read = Result<(Catalog, Vec<Event>), Failure>;

/// The desired schema's place.
#[derive(Debug, Clone)]
pub enum Origin {
    Database(Box<DatabaseUrl>),
    /// A catalog's JSON, as `migrator snapshot` writes it.
    Snapshot(PathBuf),
    /// What a revision left behind: in an archive, by its number, the beginning of its hash, or `latest`.
    Revision {
        archive: Location,
        revision: String,
    },
    /// What a revision found: where a rollback leads.
    Before {
        number: u64,
        catalog: Arc<Catalog>,
    },
    /// What a revision left behind, in a zip file.
    RevisionFile(PathBuf),
    /// A file of SQL, or a folder of them, and the server to load it into.
    Script {
        path: PathBuf,
        scratch: Option<Box<DatabaseUrl>>,
    },
}

impl FromStr for Origin {
    type Err = Failure;

    /// A database's URL; `archive#revision`; or the path of a file, which its ending tells from the others.
    fn from_str(text: &str) -> Result<Self, Failure> {
        if text.starts_with("postgresql://") || text.starts_with("postgres://") {
            return Ok(Self::Database(Box::new(text.parse()?)));
        }
        let named = text.rsplit_once('#').filter(|(_, revision)| !revision.is_empty());
        if let Some((archive, revision)) = named.filter(|_| !Path::new(text).exists()) {
            return Ok(Self::Revision { archive: archive.parse()?, revision: revision.to_owned() });
        }
        let path = match text.split_once("://") {
            None => PathBuf::from(text),
            Some(("file", path)) => PathBuf::from(path),
            Some(("s3", _)) => {
                let message = format!("{text} is an archive: say which of its revisions, as in {text}#latest");
                return Err(Failure::new(Code::UnreadableOrigin, message));
            }
            Some(_) => return Ok(Self::Database(Box::new(text.parse()?))),
        };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => Ok(Self::Snapshot(path)),
            Some("zip") => Ok(Self::RevisionFile(path)),
            Some("sql") => Ok(Self::Script { path, scratch: None }),
            _ if path.join("revisions").is_dir() => {
                let message = format!("{text} is an archive: say which of its revisions, as in {text}#latest");
                Err(Failure::new(Code::UnreadableOrigin, message))
            }
            _ if path.is_dir() => Ok(Self::Script { path, scratch: None }),
            // What it lacks, the reader of addresses says.
            _ => Ok(Self::Database(Box::new(text.parse()?))),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(url) => url.fmt(f),
            Self::Revision { archive, revision } => write!(f, "{archive}#{revision}"),
            Self::Before { number, .. } => write!(f, "what was before revision {number}"),
            Self::Snapshot(path) | Self::RevisionFile(path) | Self::Script { path, .. } => path.display().fmt(f),
        }
    }
}

impl Origin {
    /// With the server that a script is loaded into.
    #[must_use]
    pub fn loaded_into(self, server: Option<DatabaseUrl>) -> Self {
        match self {
            Self::Script { path, .. } => Self::Script { path, scratch: server.map(Box::new) },
            other => other,
        }
    }
}

/// Reads a catalog in a thread of its own, which begins at once and gives up with the future: a transaction that nobody
/// waits for any more would hold prod's snapshot. As tasks of one runtime, two readings were seen to share one thread.
pub fn reader(origin: Origin, side: Side, application: String) -> impl Future<Output = Read> {
    let (wanted, forgotten) = oneshot::channel::<Infallible>();
    let reading = spawn_blocking(move || {
        let runtime = match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return Some(Err(Failure::of_threads(&error))),
        };
        runtime.block_on(async move {
            tokio::select! {
                read = read(&origin, side, &application) => Some(read),
                _ = forgotten => None,
            }
        })
    });
    async move {
        let read = reading.await.map_err(JoinError::try_into_panic);
        drop(wanted);
        match read {
            Ok(Some(read)) => read,
            Err(Ok(panic)) => std::panic::resume_unwind(panic),
            // Given up: only when this future is gone, or the runtime.
            Ok(None) | Err(Err(_)) => std::future::pending().await,
        }
    }
}

/// Reads a catalog, and tells of it. The events are returned: two origins are read at the same time.
pub async fn read(origin: &Origin, side: Side, application: &str) -> Read {
    let (catalog, session) = match origin {
        Origin::Database(url) => {
            let mut session = connect(url, side, Access::Read, application).await?;
            let catalog = introspect(&mut session.connection).await;
            (catalog.map_err(|error| Failure::of_reading(side, &error))?, Some(session))
        }
        Origin::Snapshot(path) => {
            let bytes = fs::read(path).map_err(|error| unreadable(side, path, "snapshot", &error))?;
            let catalog = serde_json::from_slice(&bytes);
            (catalog.map_err(|error| unreadable(side, path, "snapshot", &error))?, None)
        }
        Origin::Revision { archive, revision } => {
            let bundle = Archive::open(archive)?.find(revision).await?;
            (left_behind(&bundle, side)?, None)
        }
        Origin::Before { catalog, .. } => (Catalog::clone(catalog), None),
        Origin::RevisionFile(path) => {
            let bytes = fs::read(path).map_err(|error| unreadable(side, path, "revision", &error))?;
            let bundle = read_revision(&path.display().to_string(), "it", &bytes)?;
            (left_behind(&bundle, side)?, None)
        }
        Origin::Script { path, scratch } => {
            let message = || format!("{side}: {} must be loaded before it can be read", path.display());
            let server = scratch.as_ref().ok_or_else(|| Failure::new(Code::ScratchMissing, message()))?;
            let mut files = Vec::new();
            collect(path, &mut files).map_err(|error| unreadable(side, path, "script", &error))?;
            if files.is_empty() {
                let message = format!("{side}: the folder {} holds no .sql file", path.display());
                return Err(Failure::new(Code::UnreadableOrigin, message));
            }
            let (catalog, session) = scratch::load(server, &files, application).await?;
            (catalog, Some(session))
        }
    };
    let connected = |Connected { address, version, .. }| Event::Connected { side, address, version };
    let read = Event::CatalogRead { side, objects: catalog.objects().len() };
    // Here, while the other side is still being read.
    catalog.fingerprint();
    Ok((catalog, session.map(connected).into_iter().chain([read]).collect()))
}

fn unreadable(side: Side, path: &Path, what: &str, error: &(dyn std::error::Error + 'static)) -> Failure {
    let message = format!("{side}: {} is no {what} that can be read", path.display());
    Failure::new(Code::UnreadableOrigin, message).because(error)
}

/// The schema that a revision ended with.
fn left_behind(bundle: &Bundle, side: Side) -> Result<Catalog, Failure> {
    let number = bundle.revision.number;
    if bundle.revision.after.is_none() {
        let message = format!("{side}: revision {number} was interrupted, and does not know what it left behind");
        return Err(Failure::new(Code::UnreadableOrigin, message));
    }
    bundle.after().map_err(|error| Failure::of_revision(number, "after.json", &error))
}

/// The file, or the .sql files of a folder and its folders, by their names; what undoes a migration is none of it.
fn collect(path: &Path, files: &mut Vec<File>) -> std::io::Result<()> {
    if !path.is_dir() {
        files.push(File { path: path.to_owned(), text: fs::read_to_string(path)? });
        return Ok(());
    }
    let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = entries.collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    for path in paths {
        let is_script = path.extension().is_some_and(|extension| extension == "sql");
        let undoes = path.file_stem().is_some_and(|stem| Path::new(stem).extension().is_some_and(|way| way == "down"));
        if path.is_dir() || is_script && !undoes {
            collect(&path, files)?;
        }
    }
    Ok(())
}
