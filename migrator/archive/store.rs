//! The few things that an archive asks of its place, and a folder that does them.
//! An object store can do the same with conditional writes, so nothing here is more than that. Never overwrites what
//! was written once.

use std::error::Error;
use std::fmt::Debug;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use futures_util::future::BoxFuture;
use tempfile::NamedTempFile;

use crate::code::Code;

/// Why a store did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("'{key}' could not be {done}")]
    Io { key: String, done: &'static str, source: io::Error },
    /// What a bucket, or the way to it, has to say.
    #[error("{message}")]
    Bucket { code: Code, message: String, source: Option<Box<dyn Error + Send + Sync>> },
    /// Somebody has written something else there.
    #[error("'{key}' holds something else already")]
    Conflict { key: String },
}

/// A place for objects, each under a key such as `revisions/000001.zip`.
pub trait Store: Debug + Send + Sync {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>, StoreError>>;
    /// Writes an object that must not be there yet; that it is there with the very same bytes is success.
    fn put_new<'a>(&'a self, key: &'a str, bytes: &'a [u8]) -> BoxFuture<'a, Result<(), StoreError>>;
    /// Writes an object only if it still holds `previous` (or is still absent), or holds the very same bytes.
    fn put_if<'a>(
        &'a self,
        key: &'a str,
        previous: Option<&'a [u8]>,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<(), StoreError>>;
    /// The keys under a prefix that ends with a slash, in order.
    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>, StoreError>>;
}

/// A folder on this machine. What is written is complete or not there, also after a loss of power.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn read(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match fs::read(self.root.join(key)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::Io { key: key.to_owned(), done: "read", source }),
        }
    }

    fn write_new(&self, key: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.root.join(key);
        let failed = |source| StoreError::Io { key: key.to_owned(), done: "written", source };
        let temporary = temporary(&path, bytes).map_err(failed)?;
        match temporary.persist_noclobber(&path) {
            Ok(_) => sync_parent(&path).map_err(failed),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
                let same = self.read(key)?.is_some_and(|there| there == bytes);
                if same { Ok(()) } else { Err(StoreError::Conflict { key: key.to_owned() }) }
            }
            Err(error) => Err(failed(error.error)),
        }
    }

    /// Reading, comparing and writing happen under the lock of a file beside it, which dies with its holder.
    fn write_if(&self, key: &str, previous: Option<&[u8]>, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.root.join(key);
        let failed = |source| StoreError::Io { key: key.to_owned(), done: "written", source };
        fs::create_dir_all(parent(&path)).map_err(failed)?;
        let lock = File::create(path.with_extension("lock")).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let there = self.read(key)?;
        if there.as_deref() == Some(bytes) {
            return Ok(());
        }
        if there.as_deref() != previous {
            return Err(StoreError::Conflict { key: key.to_owned() });
        }
        let temporary = temporary(&path, bytes).map_err(failed)?;
        temporary.persist(&path).map_err(|error| failed(error.error))?;
        sync_parent(&path).map_err(failed)
    }

    fn names(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let failed = |source| StoreError::Io { key: prefix.to_owned(), done: "listed", source };
        let entries = match fs::read_dir(self.root.join(prefix)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(failed(source)),
        };
        let mut keys = Vec::new();
        for entry in entries {
            // Our keys are ASCII; another name is not ours.
            if let Ok(name) = entry.map_err(failed)?.file_name().into_string() {
                keys.push(format!("{prefix}{name}"));
            }
        }
        keys.sort();
        Ok(keys)
    }
}

impl Store for Folder {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(async move { self.read(key) })
    }

    fn put_new<'a>(&'a self, key: &'a str, bytes: &'a [u8]) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { self.write_new(key, bytes) })
    }

    fn put_if<'a>(
        &'a self,
        key: &'a str,
        previous: Option<&'a [u8]>,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { self.write_if(key, previous, bytes) })
    }

    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>, StoreError>> {
        Box::pin(async move { self.names(prefix) })
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
}

/// The bytes in a file of their own, on the same file system and on the disk.
fn temporary(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = parent(path);
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".writing-");
    #[cfg(unix)]
    {
        // Temporary files are for their owner alone; an archive is for whoever may read its folder.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A new name is on the disk only when its folder is.
fn sync_parent(path: &Path) -> io::Result<()> {
    File::open(parent(path))?.sync_all()
}
