//! Names one below the other, in one piece of memory: a catalog holds a path for each of its objects, and looks them up
//! all the time.

use std::fmt;
use std::ops::Index;
use std::sync::Arc;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Ends each name: PostgreSQL's hold no such character. It sorts before all others, so that paths are in the order of
/// lists of their names.
const END: char = '\0';

/// Names from the schema down: schema, table, column. Stored as a list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamePath(Arc<str>);

impl NamePath {
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        self.0.split_terminator(END)
    }

    /// The names, each with what ends it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn names(&self) -> Vec<&str> {
        self.iter().collect()
    }

    pub fn len(&self) -> usize {
        self.0.matches(END).count()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, at: usize) -> Option<&str> {
        self.iter().nth(at)
    }

    pub fn first(&self) -> Option<&str> {
        self.iter().next()
    }

    pub fn last(&self) -> Option<&str> {
        self.iter().next_back()
    }

    /// So many of the names, or all that there are.
    #[must_use]
    pub fn head(&self, names: usize) -> Self {
        Self(self.0[..self.end_of(names)].into())
    }

    /// Without so many of the names.
    #[must_use]
    pub fn tail(&self, names: usize) -> Self {
        Self(self.0[self.end_of(names)..].into())
    }

    /// Without the last name.
    #[must_use]
    pub fn parent(&self) -> Self {
        let last = self.last().map_or(0, |name| name.len() + END.len_utf8());
        Self(self.0[..self.0.len() - last].into())
    }

    /// With a name before the others.
    #[must_use]
    pub fn below(&self, name: &str) -> Self {
        Self([name, "\0", &self.0].concat().into())
    }

    /// With one more name.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        Self([&self.0, name, "\0"].concat().into())
    }

    pub fn starts_with(&self, other: &Self) -> bool {
        self.0.starts_with(&*other.0)
    }

    pub fn ends_with(&self, other: &Self) -> bool {
        self.0.strip_suffix(&*other.0).is_some_and(|before| before.is_empty() || before.ends_with(END))
    }

    pub fn join(&self, separator: &str) -> String {
        self.names().join(separator)
    }

    fn end_of(&self, names: usize) -> usize {
        self.iter().take(names).map(|name| name.len() + END.len_utf8()).sum()
    }
}

impl<S: AsRef<str>> FromIterator<S> for NamePath {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut path = String::new();
        for name in names {
            path.push_str(name.as_ref());
            path.push(END);
        }
        Self(path.into())
    }
}

/// A name beyond the last is empty.
impl Index<usize> for NamePath {
    type Output = str;

    fn index(&self, at: usize) -> &str {
        self.get(at).unwrap_or_default()
    }
}

impl fmt::Debug for NamePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for NamePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for NamePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        match names.iter().find(|name| name.contains(END)) {
            Some(name) => Err(D::Error::custom(format!("{name:?} is no name"))),
            None => Ok(names.iter().collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NamePath;

    #[test]
    fn paths_are_in_the_order_of_their_names() {
        let lists: [&[&str]; 8] = [&[], &[""], &["", "a"], &["a"], &["a", ""], &["a", "b"], &["a!"], &["ab"]];
        let paths = lists.map(|names| names.iter().collect::<NamePath>());
        assert!(paths.is_sorted());
        for (names, path) in lists.iter().zip(&paths) {
            assert_eq!(path.iter().collect::<Vec<_>>(), *names);
            assert_eq!(path.len(), names.len());
        }
    }

    #[test]
    fn a_path_ends_only_at_a_name() {
        let path = |names: &[&str]| names.iter().collect::<NamePath>();
        assert!(path(&["s", "ab"]).starts_with(&path(&["s"])));
        assert!(!path(&["s", "ab"]).starts_with(&path(&["s", "a"])));
        assert!(path(&["s", "ab"]).ends_with(&path(&["ab"])));
        assert!(!path(&["s", "ab"]).ends_with(&path(&["b"])));
        assert_eq!(path(&["s", "ab"]).head(1), path(&["s"]));
        assert_eq!(path(&["s", "ab"]).tail(1), path(&["ab"]));
        assert_eq!(path(&["s", "ab"]).parent(), path(&["s"]));
        assert_eq!(path(&[]).parent(), path(&[]));
    }
}
