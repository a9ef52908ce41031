//! Renames that the user states.
//! A rename looks like a drop and a create; only the user knows. A stated one is applied to the current catalog
//! first, so that diff and plan see the new name on both sides. Never guesses one.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::kind::{Object, ObjectId, ObjectKind};
use crate::name::{replace_identifier, replace_literal, replace_qualified, replace_schema, tokens};
use crate::pair::Pair;
use crate::statement::Recipe;

/// `table public.a -> b`: the object, as it is called in prod, and its new name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renaming {
    pub from: ObjectId,
    pub name: String,
    /// Nobody states these: it keeps its name, and what belongs to it gets others.
    #[serde(skip)]
    pub moving: Option<Moving>,
}

/// What belongs to an object goes to another schema with it, and whoever speaks of that follows by himself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moving {
    pub schemas: Pair<String>,
    /// What stands in the schema and goes.
    pub members: BTreeSet<String>,
    pub recipe: Recipe,
}

impl Moving {
    /// Whether what is called so is among what goes.
    pub fn takes(&self, schema: &str, name: &str) -> bool {
        schema == self.schemas.current && self.members.contains(name)
    }

    /// SQL that the server deparsed, as it deparses it afterwards.
    pub fn followed(&self, sql: &str) -> String {
        let Pair { current, desired } = &self.schemas;
        replace_schema(sql, Pair::new(current, desired), &|name| self.members.contains(name))
    }
}

impl Renaming {
    pub fn new(from: ObjectId, name: impl Into<String>) -> Self {
        Self { from, name: name.into(), moving: None }
    }

    /// The object under its new name.
    pub fn to(&self) -> ObjectId {
        self.moved(&self.from, 0)
    }

    /// What the object is called in the end: what contains it may be renamed later.
    pub fn last(&self, later: &[Self]) -> ObjectId {
        let mut last = self.to();
        for renaming in later {
            renaming.id(&mut last);
        }
        last
    }

    /// Follows the renaming in an id that another object holds.
    pub fn id(&self, id: &mut ObjectId) {
        let same = id.kind == self.from.kind && id.path == self.from.path;
        let below = id.path.len() > self.from.path.len() && id.path.starts_with(&self.from.path);
        if same || below {
            *id = self.moved(id, 0);
        }
        self.types(id, id.kind, 0);
    }

    /// Follows the renaming of a type in the types that a path holds.
    fn types(&self, id: &mut ObjectId, kind: ObjectKind, offset: usize) {
        let Some(at) = kind.types_at() else { return };
        let mut path: Vec<String> = id.path.iter().map(str::to_owned).collect();
        path.iter_mut().skip(at + offset).for_each(|part| self.data_type(part));
        id.path = path.into_iter().collect();
    }

    /// Follows it in a type as `format_type` writes it.
    pub fn data_type(&self, sql: &mut String) {
        if let Some(moving) = &self.moving {
            *sql = moving.followed(sql);
        } else if self.from.kind.names_types() {
            *sql = replace_qualified(sql, &self.from.path.names(), &self.name);
        }
    }

    /// Follows the renaming in SQL that the server deparsed.
    pub fn sql(&self, sql: &mut String) {
        *sql = if let Some(moving) = &self.moving {
            moving.followed(sql)
        } else if self.from.kind.is_constant() {
            let cast = format!("::{}", self.from.owner_sql());
            replace_literal(sql, self.from.raw_name(), &self.name, &cast)
        } else {
            replace_identifier(sql, self.from.raw_name(), &self.name)
        };
    }

    /// The same where names may stand that are no object's: nothing but what goes to another schema is followed there.
    pub fn text(&self, sql: &mut String) {
        if let Some(moving) = &self.moving {
            *sql = moving.followed(sql);
        }
    }

    /// Follows it in the schema and the name of a function.
    pub fn function(&self, names: &mut [String]) {
        match (names, &self.moving) {
            ([schema, name], Some(moving)) if moving.takes(schema, name) => schema.clone_from(&moving.schemas.desired),
            _ => {}
        }
    }

    /// The same of constants that stand without their type, as in the bounds of partitions.
    pub fn bare_constants(&self, sql: &mut String) {
        *sql = replace_literal(sql, self.from.raw_name(), &self.name, "");
    }

    /// Follows the renaming in names of its own kind.
    pub fn word<'a>(&self, words: impl IntoIterator<Item = &'a mut String>) {
        words.into_iter().filter(|word| *word == self.from.raw_name()).for_each(|word| word.clone_from(&self.name));
    }

    fn moved(&self, id: &ObjectId, offset: usize) -> ObjectId {
        let at = offset + self.from.name_at();
        let path = id.path.iter().enumerate();
        let path = path.map(|(i, part)| if i == at { &self.name } else { part }).collect();
        ObjectId { kind: id.kind, path }
    }

    /// It, and one for each of those that get the new name along with the object.
    fn with_namesakes(&self, catalog: &Catalog) -> impl Iterator<Item = Self> {
        catalog.namesakes(&self.from).into_iter().map(|id| Self::new(id, self.name.clone()))
    }

    fn apply_below(&self, catalog: &Catalog) -> Catalog {
        let heirs = self.with_namesakes(catalog).skip(1);
        heirs.fold(self.apply(catalog), |catalog, heir| heir.apply(&catalog))
    }

    fn apply(&self, catalog: &Catalog) -> Catalog {
        catalog.mapped(|old, object| {
            let offset = usize::from(old.kind.is_satellite());
            let named = old.path.tail(offset).starts_with(&self.from.path);
            let below = named && catalog.is_within(old, &self.from);
            let id = if below { Some(self.moved(old, offset)) } else { object.moved(old, self) };
            let mut id = id.unwrap_or_else(|| old.clone());
            let kind = if offset > 0 { old.path[0].parse().unwrap_or(old.kind) } else { old.kind };
            self.types(&mut id, kind, offset);
            let mut object: Object = object.clone();
            object.renamed(old, self, catalog);
            (id, object)
        })
    }
}

impl fmt::Display for Renaming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", self.from, crate::name::quote(&self.name))
    }
}

/// Why a stated rename cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenameError {
    #[error("'{0}' is no rename; write it as 'table public.old -> new' or 'column public.orders.old -> new'")]
    Syntax(String),
    #[error("{0} cannot be renamed: prod has no such object")]
    Missing(ObjectId),
    #[error("{0} cannot be renamed to {1}: prod already has an object of that name")]
    Taken(ObjectId, String),
    #[error("{0} cannot be renamed to {1}: dev has no object of that name")]
    Unwanted(ObjectId, String),
    #[error(
        "{0} would get its name from what it gives its own to, and a second run could not be told from the first: rename in \
         two syncs, with a third name in dev in between"
    )]
    Circular(ObjectId),
    #[error(
        "{0} cannot be renamed: it has its name from a parent, or objects of its kind have no rename that keeps anything"
    )]
    Unsupported(ObjectId),
    #[error(
        "nothing can be renamed yet: '{0}' is half removed in prod, and would keep its old names; sync without --rename \
         first, which ends that"
    )]
    HalfRemoved(ObjectId),
}

impl FromStr for Renaming {
    type Err = RenameError;

    fn from_str(text: &str) -> Result<Self, RenameError> {
        let syntax = || RenameError::Syntax(text.to_owned());
        let (from, name) = text.split_once("->").ok_or_else(syntax)?;
        let from = parse_id(from.trim()).ok_or_else(syntax)?;
        let name = parse_path(name.trim()).filter(|path| path.len() == 1).and_then(|mut path| path.pop());
        Ok(Self::new(from, name.ok_or_else(syntax)?))
    }
}

/// `materialized view public.totals`: the words of the kind, then the dotted name.
pub fn parse_id(text: &str) -> Option<ObjectId> {
    let parsed = ObjectKind::ALL.iter().filter_map(|kind| {
        let rest = text.strip_prefix(kind.label()).or_else(|| text.strip_prefix(kind.slug()))?;
        let name = rest.strip_prefix([' ', ':'])?.trim();
        if kind.has_arguments() {
            let (name, arguments) = with_arguments(name)?;
            let path = [parse_path(name)?, vec![arguments.to_owned()]].concat();
            return Some(ObjectId::new(*kind, &path));
        }
        Some(ObjectId::new(*kind, &with_method(name).or_else(|| parse_path(name))?))
    });
    // Some labels begin like others: a domain constraint is no domain.
    parsed.max_by_key(|id| id.kind.label().len())
}

/// `public.ops USING btree`: the access method stands before the name in the path.
fn with_method(text: &str) -> Option<Vec<String>> {
    let (name, method) = text.rsplit_once(" USING ")?;
    let mut path = parse_path(name)?;
    let [method] = &parse_path(method)?[..] else { return None };
    path.insert(path.len() - 1, method.clone());
    Some(path)
}

/// `public.twice(integer)`: the name, and what stands between the parentheses.
fn with_arguments(text: &str) -> Option<(&str, &str)> {
    let mut at = 0;
    for token in tokens(text) {
        if token.text == "(" {
            return Some((&text[..at], text[at + 1..].strip_suffix(')')?));
        }
        at += token.text.len();
    }
    None
}

/// Dotted names, each plain (folded to lower case, as SQL does) or in double quotes.
fn parse_path(text: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let (part, tail) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_part(quoted)?,
            None => {
                let end = rest.find('.').unwrap_or(rest.len());
                (rest[..end].to_lowercase(), &rest[end..])
            }
        };
        if part.is_empty() || !rest.starts_with('"') && part.contains(' ') {
            return None;
        }
        parts.push(part);
        if tail.is_empty() {
            return Some(parts);
        }
        rest = tail.strip_prefix('.')?;
    }
}

fn quoted_part(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '"' {
            part.push(c);
        } else if chars.next_if(|(_, next)| *next == '"').is_some() {
            part.push('"');
        } else {
            return Some((part, &text[at + 1..]));
        }
    }
    None
}

/// Applies the renames to the current catalog, in the order in which they are stated, and tells which are still to do.
pub fn apply<'a>(
    renames: &[Renaming],
    current: &'a Catalog,
    desired: &Catalog,
) -> Result<(Cow<'a, Catalog>, Vec<Renaming>), RenameError> {
    if let Some(id) = circular(renames) {
        return Err(RenameError::Circular(id));
    }
    let start = (Cow::Borrowed(current), Vec::new());
    renames.iter().zip(1..).try_fold(start, |(catalog, mut left), (renaming, next)| {
        let to = renaming.to();
        let last = renaming.last(&renames[next..]);
        let Some(object) = catalog.get(&renaming.from) else {
            // An earlier run has done it already: the same command must converge after a crash.
            let done = catalog.contains(&to) || catalog.contains(&last);
            return if done { Ok((catalog, left)) } else { Err(RenameError::Missing(renaming.from.clone())) };
        };
        // The next one has got this one's name already: all of them are done.
        if desired.contains(&renaming.from) && desired.contains(&last) && catalog.contains(&last) {
            return Ok((catalog, left));
        }
        if let Some(taken) = renaming.with_namesakes(&catalog).find(|renaming| catalog.contains(&renaming.to())) {
            return Err(RenameError::Taken(taken.from, taken.name));
        }
        if !desired.contains(&last) {
            return Err(RenameError::Unwanted(renaming.from.clone(), renaming.name.clone()));
        }
        if object.rename(&renaming.from, &renaming.name).is_none() {
            return Err(RenameError::Unsupported(renaming.from.clone()));
        }
        left.push(renaming.clone());
        Ok((Cow::Owned(renaming.apply_below(&catalog)), left))
    })
}

/// Which of the renames that were stated have taken place from one catalog (desired: to where one goes back) to the other.
fn performed(renames: &[Renaming], sides: Pair<&Catalog>) -> Vec<Renaming> {
    let Pair { current: after, desired: before } = sides;
    let first = |at: usize| {
        let mut id = renames[at].from.clone();
        for earlier in renames[..at].iter().rev() {
            Renaming::new(earlier.to(), earlier.from.raw_name()).id(&mut id);
        }
        id
    };
    let ends: Vec<Pair<ObjectId>> =
        (0..renames.len()).map(|at| Pair::new(first(at), renames[at].last(&renames[at + 1..]))).collect();
    let took_place = |at: usize| {
        let Pair { current: first, desired: last } = &ends[at];
        let gone = !after.contains(first) || ends.iter().any(|other| other.desired == *first);
        let came = !before.contains(last) || ends.iter().any(|other| other.current == *last);
        first != last && before.contains(first) && after.contains(last) && gone && came
    };
    (0..renames.len()).filter(|at| took_place(*at)).map(|at| renames[at].clone()).collect()
}

/// The way back over steps, oldest first: each is what was stated, and the catalogs after it (current) and before it
/// (desired). From `now` the renames lead to the names that were there at first, in an order in which none is taken.
pub fn reversed(steps: &[(&[Renaming], Pair<&Catalog>)], now: &Catalog) -> Result<Vec<Renaming>, RenameError> {
    let all = steps.iter().flat_map(|(renames, sides)| performed(renames, *sides));
    let mut left: Vec<(ObjectId, ObjectId)> = first_and_last(all);
    let before = steps.first().map(|(_, sides)| sides.desired);
    left.retain(|(first, last)| {
        first != last && now.contains(last) && before.is_some_and(|before| before.contains(first))
    });
    // What contains others goes first, and takes them along.
    left.sort_by_key(|(_, last)| last.path.len());
    let mut back: Vec<Renaming> = Vec::new();
    while let Some((_, blocked)) = left.first() {
        let depth = blocked.path.len();
        let taken = |to: &ObjectId| left.iter().any(|(_, other)| other == to);
        let free = left
            .iter()
            .take_while(|(_, last)| last.path.len() == depth)
            .position(|(first, last)| !taken(&Renaming::new(last.clone(), first.raw_name()).to()));
        let Some(at) = free else { return Err(RenameError::Circular(blocked.clone())) };
        let (first, last) = left.remove(at);
        let renaming = Renaming::new(last, first.raw_name());
        for (_, other) in &mut left {
            renaming.id(other);
        }
        back.push(renaming);
    }
    Ok(back)
}

/// What was called how at first, and is called how in the end.
fn first_and_last(renames: impl IntoIterator<Item = Renaming>) -> Vec<(ObjectId, ObjectId)> {
    let mut names: Vec<(ObjectId, ObjectId)> = Vec::new();
    for renaming in renames {
        let known = names.iter().any(|(_, now)| *now == renaming.from);
        let mut first = renaming.from.clone();
        // A part of what was renamed before is known by what that was called.
        for (earlier, now) in names.iter().rev().filter(|_| !known) {
            Renaming::new(now.clone(), earlier.raw_name()).id(&mut first);
        }
        for (_, now) in &mut names {
            renaming.id(now);
        }
        if !known {
            names.push((first, renaming.to()));
        }
    }
    names
}

/// What gets, over whatever names in between, a name that another gives up for one that leads back to its own.
fn circular(renames: &[Renaming]) -> Option<ObjectId> {
    let names = first_and_last(renames.iter().cloned());
    let next = |id: &ObjectId| names.iter().find(|(first, _)| first == id).map(|(_, last)| last);
    let leads_back = |first: &ObjectId| {
        let steps = std::iter::successors(next(first), |id| next(id)).take(names.len());
        steps.into_iter().any(|id| id == first)
    };
    names.iter().map(|(first, _)| first).find(|first| leads_back(first)).cloned()
}

/// Applies to the current catalog what an object takes along that the plan moves to another schema: nothing else need be
/// done about those that speak of it.
pub fn moves(sides: Pair<&Catalog>, within: impl Fn(&ObjectId) -> bool) -> (Option<Catalog>, Vec<Renaming>) {
    let moving = |(id, object): (&ObjectId, &Object)| {
        let moving = object.moving(id, sides.desired).filter(|_| within(id))?;
        Some(Renaming { moving: Some(moving), ..Renaming::new(id.clone(), id.raw_name()) })
    };
    let moves: Vec<Renaming> = sides.current.objects().iter().filter_map(moving).collect();
    let mut moved: Option<Catalog> = None;
    for renaming in &moves {
        moved = Some(renaming.apply(moved.as_ref().unwrap_or(sides.current)));
    }
    (moved, moves)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for text in [
            "table public.a -> b",
            "column public.\"My.Table\".\"x\"\"y\" -> \"Z\"",
            "materialized view s.v -> w",
            "function public.\"a (\"(numeric(3,2), text) -> b",
            "domain constraint s.d.c -> e",
            "enum label s.mood.\"So so\" -> \"it's\"",
            "operator class public.ops USING btree -> \"Ops\"",
            "table public.\"a USING b\" -> c",
        ] {
            let renaming: Renaming = text.parse().unwrap();
            assert_eq!(renaming.to_string(), text);
        }
        assert!("public.a -> b".parse::<Renaming>().is_err());
        assert!("table public.a -> b.c".parse::<Renaming>().is_err());
    }
}
