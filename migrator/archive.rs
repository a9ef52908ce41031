//! Revisions in a store.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::Serialize;

use crate::catalog::Fingerprint;
use crate::code::Code;
use crate::revision::Revision;

/// Where an archive is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    Folder(PathBuf),
}

/// An address that is none of an archive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MalformedLocation(String);

impl MalformedLocation {
    pub fn code(&self) -> Code {
        Code::MalformedArchive
    }
}

impl FromStr for Location {
    type Err = MalformedLocation;

    fn from_str(text: &str) -> Result<Self, MalformedLocation> {
        match text.split_once("://") {
            None | Some(("file", _)) if text.is_empty() || text.ends_with("://") => {
                Err(MalformedLocation("The archive's address names no folder".to_owned()))
            }
            None => Ok(Self::Folder(text.into())),
            Some(("file", path)) => Ok(Self::Folder(path.into())),
            Some((scheme, _)) => Err(MalformedLocation(format!("An archive cannot be at '{scheme}://'"))),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => path.display().fmt(f),
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
