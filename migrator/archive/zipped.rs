//! A revision as one zip file, and back.
//! Byte for byte the same from the same revision: fixed order, fixed time, fixed permissions, a deflate that does not
//! depend on the processor. Never unpacks anything to a disk.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::revision::Bundle;

const REVISION: &str = "revision.json";

/// More than any schema needs; what says it is bigger was made to hurt.
const LARGEST_FILE: u64 = 1 << 30;

/// Why bytes are no revision.
#[derive(Debug, thiserror::Error)]
pub enum UnzipError {
    #[error("it is no zip file")]
    Zip(#[from] zip::result::ZipError),
    #[error("it holds no revision.json")]
    Missing,
    #[error("its file {0} cannot be unpacked")]
    File(String, #[source] std::io::Error),
    #[error("its revision.json is not understood")]
    Json(#[from] serde_json::Error),
}

pub fn zip(bundle: &Bundle) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    let files = bundle.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    for (name, bytes) in std::iter::once((REVISION, bundle.revision_json())).chain(files) {
        writer.start_file(name, options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

pub fn unzip(bytes: &[u8]) -> Result<Bundle, UnzipError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let file = archive.by_index(at)?;
        let name = file.name()?.into_owned();
        let mut content = Vec::new();
        let read = file.take(LARGEST_FILE).read_to_end(&mut content);
        read.map_err(|source| UnzipError::File(name.clone(), source))?;
        files.insert(name, content);
    }
    let revision = files.remove(REVISION).ok_or(UnzipError::Missing)?;
    Ok(Bundle::stored(revision, files)?)
}
