//! Which objects a plan is about.
//! What is out of scope is desired just as it is: a replaced view gets back the privileges that it had, though nobody
//! compares privileges. Never removes an object from a catalog.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use globset::{GlobBuilder, GlobMatcher};
use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Wish;
use crate::diff::diff;
use crate::kind::{Group, Object, ObjectId, ObjectKind};
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

/// How far the kinds of a group are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    Off,
    /// As far as roles are concerned that are on both sides.
    Shared,
    On,
}

impl Extent {
    pub const ALL: [Self; 3] = [Self::Off, Self::Shared, Self::On];

    pub fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Shared => "shared",
            Self::On => "on",
        }
    }

    /// Who owns what is seldom the same in dev; who may do what should be.
    pub fn by_default(group: Group) -> Self {
        match group {
            Group::Owner => Self::Off,
            Group::Privileges => Self::Shared,
        }
    }
}

/// `owner`, which means `owner=on`, or `privileges=shared`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct With {
    pub group: Group,
    pub extent: Extent,
}

impl FromStr for With {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (word, extent) = text.split_once('=').unwrap_or((text, Extent::On.word()));
        let group = Group::ALL.into_iter().find(|group| group.word() == word.trim()).ok_or_else(|| {
            let known = Group::ALL.map(Group::word).join(", ");
            format!("'{word}' cannot be compared in addition; what can is {known}")
        })?;
        let extent = Extent::ALL.into_iter().find(|known| known.word() == extent.trim()).ok_or_else(|| {
            let known = Extent::ALL.map(Extent::word).join(", ");
            format!("'{extent}' is not how far {word} can be compared; that is {known}")
        })?;
        Ok(Self { group, extent })
    }
}

/// What is compared; by default everything but owners, and privileges as far as both sides have the roles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Only what one of these matches, if there are any.
    pub include: Vec<Pattern>,
    /// Nothing that one of these matches.
    pub exclude: Vec<Pattern>,
    /// How far the optional kinds are compared, where it is not the default.
    pub with: BTreeMap<Group, Extent>,
}

impl Scope {
    fn extent(&self, group: Group) -> Extent {
        self.with.get(&group).copied().unwrap_or_else(|| Extent::by_default(group))
    }

    /// Those that are compared, be it in part.
    pub fn groups(&self) -> BTreeSet<Group> {
        Group::ALL.into_iter().filter(|group| self.extent(*group) != Extent::Off).collect()
    }

    /// Whether the object is compared.
    pub fn holds(&self, id: &ObjectId, sides: Pair<&Catalog>) -> bool {
        !self.outside(sides)(id)
    }

    fn outside<'a>(&'a self, sides: Pair<&'a Catalog>) -> impl Fn(&ObjectId) -> bool + use<'a> {
        let includes = Matcher::new(&self.include);
        let excludes = Matcher::new(&self.exclude);
        move |id| {
            let off = id.kind.optional().is_some_and(|group| self.extent(group) == Extent::Off);
            let included = self.include.is_empty() || includes.covers(id, sides);
            off || !included || excludes.covers(id, sides)
        }
    }

    /// The desired catalog, with what is out of scope as it is in the current one; and what differs and is left because
    /// the role that runs the plan has no say in it.
    pub fn desired<'a>(&self, sides: Pair<&'a Catalog>) -> (Cow<'a, Catalog>, BTreeMap<ObjectId, String>) {
        let outside = self.outside(sides);
        let outside: HashSet<ObjectId> = diff(sides).into_keys().filter(outside).collect();
        let mut desired = Cow::Borrowed(sides.desired);
        if !outside.is_empty() {
            desired = Cow::Owned(sides.desired.with_taken_from(sides.current, &outside));
        }
        let mut notes = BTreeMap::new();
        // Owners first: privileges are told from the owner's own.
        for group in self.groups() {
            let shared = self.extent(group) == Extent::Shared;
            let wish = Wish { catalogs: Pair::new(sides.current, desired.as_ref()), dev: sides.desired, shared };
            let wanted = wanted(group, &wish, &mut notes);
            if !wanted.is_empty() {
                desired = Cow::Owned(desired.with(wanted));
            }
        }
        (desired, notes)
    }
}

/// What is wanted of the objects of a group that differ, where it is not what dev has.
fn wanted(group: Group, wish: &Wish, notes: &mut BTreeMap<ObjectId, String>) -> HashMap<ObjectId, Option<Object>> {
    let Pair { current, desired } = wish.catalogs;
    let mut changes = HashMap::new();
    for id in diff(wish.catalogs).into_keys().filter(|id| id.kind.optional() == Some(group)) {
        let sides = wish.catalogs.map(|catalog| catalog.get(&id));
        let (wanted, governors) = Object::wanted(&id, sides, wish);
        // Nothing hangs on what shall be gone.
        let mut wanted = wanted.filter(|object| object.whole(&id).is_none_or(|whole| desired.contains(&whole)));
        let stranger = governors.iter().find(|role| current.strangers.contains(*role)).filter(|_| wish.shared);
        if let Some(role) = stranger.filter(|_| wanted.as_ref() != sides.current && !is_gone(&id, wish)) {
            notes.insert(id.clone(), format!("left as it is: the role {} is no member of {role}", current.role));
            wanted = sides.current.cloned();
        }
        if wanted.as_ref() != sides.desired {
            changes.insert(id, wanted);
        }
    }
    changes
}

/// Whether it goes with what it belongs to.
fn is_gone(id: &ObjectId, wish: &Wish) -> bool {
    wish.catalogs.current.whole(id).is_some_and(|whole| !wish.catalogs.desired.contains(&whole))
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
        let path = if id.kind.is_satellite() { id.path.tail(1) } else { id.path.clone() };
        let containers = ObjectKind::ALL.iter().filter(|kind| !kind.is_satellite());
        path.len() > 1
            && containers
                .map(|kind| ObjectId { kind: *kind, path: path.head(1) })
                .any(|id| (sides.current.contains(&id) || sides.desired.contains(&id)) && self.matches(&id))
    }

    fn matches(&self, id: &ObjectId) -> bool {
        let name = id.path.join(".");
        self.0.iter().any(|(kind, glob)| kind.is_none_or(|kind| kind == id.kind) && glob.is_match(&name))
    }
}
