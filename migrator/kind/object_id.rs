//! What an object is called: its kind, and where it lies.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{NamePath, ObjectKind};
use crate::name::{qualified, quote};

/// The server's own address of an object: its kind, and its names from the schema down. A satellite (comment,
/// privileges, ownership) has the kind and the names of its target as path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectId {
    pub kind: ObjectKind,
    pub path: NamePath,
}

impl ObjectId {
    pub fn new<S: AsRef<str>>(kind: ObjectKind, path: impl IntoIterator<Item = S>) -> Self {
        Self { kind, path: path.into_iter().collect() }
    }

    /// The id of what hangs on `target`: a comment, a set of privileges.
    pub fn satellite(kind: ObjectKind, target: &Self) -> Self {
        Self { kind, path: target.path.below(target.kind.slug()) }
    }

    /// The object on which this satellite hangs.
    pub fn target(&self) -> Option<Self> {
        Some(Self { kind: self.path.first()?.parse().ok()?, path: self.path.tail(1) })
    }

    /// The same names and one more, as another kind: the column of a table.
    #[must_use]
    pub fn child(&self, kind: ObjectKind, name: &str) -> Self {
        Self { kind, path: self.path.child(name) }
    }

    /// The same names, as another kind: the default of a column.
    #[must_use]
    pub fn with_kind(&self, kind: ObjectKind) -> Self {
        Self { kind, path: self.path.clone() }
    }

    /// All names but the last, as another kind: the table of a column.
    #[must_use]
    pub fn parent(&self, kind: ObjectKind) -> Self {
        Self { kind, path: self.path.parent() }
    }

    /// So many of the names, as another kind: the schema of a table.
    #[must_use]
    pub fn ancestor(&self, kind: ObjectKind, names: usize) -> Self {
        Self { kind, path: self.path.head(names) }
    }

    /// The names, quoted where they must be, with dots between.
    pub fn sql(&self) -> String {
        qualified(self.path.iter())
    }

    /// The last name, quoted where it must be.
    pub fn name(&self) -> String {
        self.path.last().map(quote).unwrap_or_default()
    }

    /// The object's own name as it is.
    pub fn raw_name(&self) -> &str {
        &self.path[self.name_at()]
    }

    /// The place of its own name in the path: the last, or the one before the types of its arguments.
    pub fn name_at(&self) -> usize {
        self.path.len().saturating_sub(if self.kind.has_arguments() { 2 } else { 1 })
    }

    /// All names but the last, quoted: the table of a column, a trigger, a constraint.
    pub fn owner_sql(&self) -> String {
        qualified(self.path.parent().iter())
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind.title(self))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
