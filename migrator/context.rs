//! What a kind may know of the plan while it writes its SQL.
//! A recipe depends on its surroundings: an index on a table that the plan itself creates needs no CONCURRENTLY.
//! Never names a kind, and holds nothing that is not in the two catalogs, the set of changes and what is compared.

use std::collections::{BTreeSet, HashSet};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::catalog::{Catalog, Size};
use crate::kind::{Group, Object, ObjectId};
use crate::pair::Pair;

/// The surroundings of a change.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub catalogs: Pair<&'a Catalog>,
    pub(crate) created: &'a HashSet<ObjectId>,
    pub(crate) dropped: &'a HashSet<ObjectId>,
    pub(crate) rebuilt: &'a HashSet<ObjectId>,
    pub(crate) groups: &'a BTreeSet<Group>,
    pub(crate) rewrite_limit: RewriteLimit,
}

impl<'a> Context<'a> {
    /// The major version of the server on which the statements will run.
    pub fn major(&self) -> u32 {
        self.catalogs.current.major
    }

    pub fn current(&self, id: &ObjectId) -> Option<&'a Object> {
        self.catalogs.current.get(id)
    }

    pub fn desired(&self, id: &ObjectId) -> Option<&'a Object> {
        self.catalogs.desired.get(id)
    }

    /// Whether objects of the group are compared, be it in part.
    pub fn compares(&self, group: Group) -> bool {
        self.groups.contains(&group)
    }

    /// Whether the plan itself brings the object into being: nobody uses it yet, and it holds no rows.
    pub fn is_new(&self, id: &ObjectId) -> bool {
        self.created.contains(id)
    }

    /// Whether the plan removes the object (it may come back, replaced).
    pub fn is_dropped(&self, id: &ObjectId) -> bool {
        self.dropped.contains(id)
    }

    /// Whether the plan alters the object in a way that its dependents notice. Known only once all actions are.
    pub fn is_rebuilt(&self, id: &ObjectId) -> bool {
        self.rebuilt.contains(id)
    }

    /// How `COMMENT ON` and its like address what this satellite hangs on.
    pub fn address_of_target(&self, satellite: &ObjectId) -> String {
        let Some(target) = satellite.target() else { return String::new() };
        let desired = self.desired(&target).map(|object| object.address_afterwards(&target, self));
        desired.or_else(|| Some(self.current(&target)?.address(&target))).unwrap_or_default()
    }

    /// The same before anything is changed.
    pub fn current_address_of_target(&self, satellite: &ObjectId) -> String {
        let current = satellite.target().and_then(|target| Some(self.current(&target)?.address(&target)));
        current.unwrap_or_else(|| self.address_of_target(satellite))
    }

    /// Whether the table is so big that it is better changed step by step than written anew at once.
    pub fn is_big(&self, table: &ObjectId) -> bool {
        self.size(table).map_or(0, |size| size.bytes) >= self.rewrite_limit.0
    }

    /// How big the relation is, as the server estimates it.
    pub fn size(&self, id: &ObjectId) -> Option<Size> {
        self.catalogs.current.sizes.get(id).copied()
    }

    /// ` (about 12 MB, 40000 rows)`, or nothing where the size is unknown.
    pub fn size_note(&self, id: &ObjectId) -> String {
        self.size(id).map_or(String::new(), |size| format!(" ({}, about {} rows)", bytes(size.bytes), size.rows))
    }
}

/// What a plan shall do about objects that are compared only in part (`--with`).
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// Prod, and what is wanted as far as that is known by now.
    pub catalogs: Pair<&'a Catalog>,
    /// Dev as it is.
    pub dev: &'a Catalog,
    /// Whether roles that are not on both sides are passed over.
    pub shared: bool,
}

impl Wish<'_> {
    pub fn speaks_of(&self, role: &str) -> bool {
        !self.shared || self.catalogs.current.roles.contains(role) && self.dev.roles.contains(role)
    }
}

/// The size, in bytes, from which on a table is changed online rather than written anew under a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RewriteLimit(pub u64);

impl Default for RewriteLimit {
    fn default() -> Self {
        Self(64 << 20)
    }
}

impl FromStr for RewriteLimit {
    type Err = String;

    /// A number with one of PostgreSQL's units, each 1024 times the one before
    /// (<https://www.postgresql.org/docs/current/config-setting.html>).
    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let units = ["B", "kB", "MB", "GB", "TB"];
        let power = units.iter().zip(0..).find(|(unit, _)| **unit == &text[digits.len()..]);
        let size = power.and_then(|(_, power)| digits.trim().parse::<u64>().ok()?.checked_mul(1 << (10 * power)));
        size.map(Self).ok_or_else(|| "a size is a whole number with its unit, as in 0B, 64MB or 2GB".to_owned())
    }
}

/// A size for people: `8 kB`, `12 MB`, `1.5 GB`.
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} bytes"),
        1_024..10_485_760 => format!("{} kB", bytes / 1_024),
        10_485_760..10_737_418_240 => format!("{} MB", bytes / 1_048_576),
        _ => format!("{} GB", bytes / 1_073_741_824),
    }
}

#[cfg(test)]
mod tests {
    use super::RewriteLimit;

    #[test]
    fn a_limit_has_a_unit() {
        let bytes = |text: &str| text.parse().ok().map(|RewriteLimit(bytes)| bytes);
        assert_eq!((bytes("64MB"), bytes("2 GB"), bytes("0B")), (Some(64 << 20), Some(2 << 30), Some(0)));
        assert_eq!((bytes("64"), bytes("MB"), bytes("1mb"), bytes("99999999999TB")), (None, None, None, None));
    }
}
