//! Which objects a plan is about.
//! What is out of scope is desired just as it is: a replaced view gets back the privileges that it had, though nobody
//! compares privileges. Never removes an object from a catalog.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::str::FromStr;

use globset::{GlobBuilder, GlobMatcher};
use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::kind::{ObjectId, ObjectKind};
use crate::pair::Pair;

/// `public.audit_*` or `table:public.audit_*`: a glob over dotted names, for one kind or for all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern {
    kind: Option<ObjectKind>,
    glob: String,
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, glob) = match text.split_once(':') {
            Some((kind, glob)) => (Some(kind.parse()?), glob),
            None => (None, text),
        };
        compile(glob).map_err(|error| format!("'{glob}' is no pattern: {error}"))?;
        Ok(Self { kind, glob: glob.to_owned() })
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.to_string()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Some(kind) => write!(f, "{}:{}", kind.slug(), self.glob),
            None => f.write_str(&self.glob),
        }
    }
}

fn compile(glob: &str) -> Result<GlobMatcher, globset::Error> {
    Ok(GlobBuilder::new(glob).literal_separator(false).build()?.compile_matcher())
}

/// What is compared; by default everything but the optional kinds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Only what one of these matches, if there are any.
    pub include: Vec<Pattern>,
    /// Nothing that one of these matches.
    pub exclude: Vec<Pattern>,
    /// The optional kinds that are compared too.
    pub with: BTreeSet<ObjectKind>,
}

impl Scope {
    /// The desired catalog, with what is out of scope as it is in the current one.
    pub fn desired<'a>(&self, sides: Pair<&'a Catalog>) -> Cow<'a, Catalog> {
        let includes = Matcher::new(&self.include);
        let excludes = Matcher::new(&self.exclude);
        let fresh = sides.desired.objects().keys().filter(|id| !sides.current.contains(id));
        let ids = sides.current.objects().keys().chain(fresh);
        let outside = |id: &ObjectId| {
            let optional = id.kind.is_optional() && !self.with.contains(&id.kind);
            let included = self.include.is_empty() || includes.covers(id, sides);
            optional || !included || excludes.covers(id, sides)
        };
        let differs = |id: &&ObjectId| sides.current.get(id) != sides.desired.get(id);
        let outside: HashSet<ObjectId> = ids.filter(differs).filter(|id| outside(id)).cloned().collect();
        if outside.is_empty() {
            return Cow::Borrowed(sides.desired);
        }
        Cow::Owned(sides.desired.with_taken_from(sides.current, &outside))
    }
}

struct Matcher(Vec<(Option<ObjectKind>, GlobMatcher)>);

impl Matcher {
    fn new(patterns: &[Pattern]) -> Self {
        // A pattern was compiled once already when it was parsed, so none is lost here.
        Self(patterns.iter().filter_map(|pattern| Some((pattern.kind, compile(&pattern.glob).ok()?))).collect())
    }

    /// Whether a pattern matches the object, what it is a part of, or what contains it by name (its schema).
    fn covers(&self, id: &ObjectId, sides: Pair<&Catalog>) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let mut at = Some(id.clone());
        while let Some(id) = at {
            if self.matches(&id) {
                return true;
            }
            at = sides.current.whole(&id).or_else(|| sides.desired.whole(&id));
        }
        let path = if id.kind.is_satellite() { &id.path[1..] } else { &id.path[..] };
        let containers = ObjectKind::ALL.iter().filter(|kind| !kind.is_satellite());
        path.len() > 1
            && containers
                .map(|kind| ObjectId::new(*kind, &path[..1]))
                .any(|id| (sides.current.contains(&id) || sides.desired.contains(&id)) && self.matches(&id))
    }

    fn matches(&self, id: &ObjectId) -> bool {
        let name = id.path.join(".");
        self.0.iter().any(|(kind, glob)| kind.is_none_or(|kind| kind == id.kind) && glob.is_match(&name))
    }
}
