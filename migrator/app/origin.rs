//! Where a catalog comes from: a database, or a snapshot of one in a file.
//! Dev need not be reachable from where prod is. Never writes anything.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use tokio::task::{JoinError, JoinSet};

use crate::app::Failure;
use crate::catalog::Catalog;
use crate::code::Code;
use crate::connect::{Access, DatabaseUrl, connect};
use crate::introspect::introspect;
use crate::progress::{Event, Side};

/// A catalog and what there is to tell of it.
pub type Read = Result<(Catalog, Vec<Event>), Failure>;

/// The desired schema's place.
#[derive(Debug, Clone)]
pub enum Origin {
    Database(Box<DatabaseUrl>),
    /// A catalog's JSON, as `migrator snapshot` writes it.
    Snapshot(PathBuf),
}

impl FromStr for Origin {
    type Err = Failure;

    /// What has a scheme is an address; `file:///dev.json` and a plain path are a snapshot.
    fn from_str(text: &str) -> Result<Self, Failure> {
        match text.split_once("://") {
            Some(("file", path)) => Ok(Self::Snapshot(path.into())),
            None if std::path::Path::new(text).extension().is_some_and(|extension| extension == "json") => {
                Ok(Self::Snapshot(text.into()))
            }
            _ => Ok(Self::Database(Box::new(text.parse()?))),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(url) => url.fmt(f),
            Self::Snapshot(path) => path.display().fmt(f),
        }
    }
}

/// Reads a catalog in a task of its own, which begins at once and ends with the future: a transaction that nobody waits
/// for any more would hold prod's snapshot.
pub fn reader(origin: Origin, side: Side, application: String) -> impl Future<Output = Read> {
    let mut reading = JoinSet::new();
    reading.spawn(async move { read(&origin, side, &application).await });
    async move {
        match reading.join_next().await.map(|read| read.map_err(JoinError::try_into_panic)) {
            Some(Ok(read)) => read,
            Some(Err(Ok(panic))) => std::panic::resume_unwind(panic),
            // Aborted: only when the runtime ends, and this future with it.
            Some(Err(Err(_))) | None => std::future::pending().await,
        }
    }
}

/// Reads a catalog, and tells of it. The events are returned: two origins are read at the same time.
pub async fn read(origin: &Origin, side: Side, application: &str) -> Read {
    match origin {
        Origin::Database(url) => {
            let mut session = connect(url, side, Access::Read, application).await?;
            let connected =
                Event::Connected { side, address: session.address.clone(), version: session.version.clone() };
            let catalog = introspect(&mut session.connection).await;
            let catalog = catalog.map_err(|error| Failure::of_reading(side, &error))?;
            let read = Event::CatalogRead { side, objects: catalog.objects().len() };
            // Here, while the other side is still being read.
            catalog.fingerprint();
            Ok((catalog, vec![connected, read]))
        }
        Origin::Snapshot(path) => {
            let unreadable = |error: &(dyn std::error::Error + 'static)| {
                let message = format!("{side}: {} is no snapshot that can be read", path.display());
                Failure::new(Code::UnreadableOrigin, message).because(error)
            };
            let bytes = std::fs::read(path).map_err(|error| unreadable(&error))?;
            let catalog: Catalog = serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))?;
            let read = Event::CatalogRead { side, objects: catalog.objects().len() };
            Ok((catalog, vec![read]))
        }
    }
}
