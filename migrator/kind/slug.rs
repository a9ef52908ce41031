//! How a kind is stored, given as an argument, and sorted: `user_mapping` for `UserMapping`.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kind::ObjectKind;

impl ObjectKind {
    /// The label in snake case, as archives, options and approvals write it.
    pub fn slug(self) -> &'static str {
        static SLUGS: LazyLock<Vec<String>> =
            LazyLock::new(|| ObjectKind::ALL.iter().map(|kind| kind.label().replace(' ', "_")).collect());
        &SLUGS[self as usize]
    }
}

impl PartialOrd for ObjectKind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ObjectKind {
    fn cmp(&self, other: &Self) -> Ordering {
        (*self as u8).cmp(&(*other as u8))
    }
}

impl FromStr for ObjectKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|kind| kind.slug() == text || kind.label() == text).ok_or_else(|| {
            let known = Self::ALL.iter().map(|kind| kind.slug()).collect::<Vec<_>>().join(", ");
            format!("'{text}' is no object kind; the kinds are {known}")
        })
    }
}

impl Serialize for ObjectKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.slug())
    }
}

impl<'de> Deserialize<'de> for ObjectKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
