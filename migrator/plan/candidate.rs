//! Renames that nobody stated.
//! A drop and a create of the same shape may be one object under a new name, and then a rename keeps what a drop loses.
//! Only the user knows: the pair is shown with its `--rename`, and the drop waits for the answer. Never renames.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::diff::Change;
use crate::kind::ObjectId;
use crate::pair::Pair;
use crate::rename::Renaming;

/// More would not help anybody to choose.
const MOST: usize = 3;

/// The objects that are dropped, each with the renames that would keep it.
pub fn candidates(changes: &BTreeMap<ObjectId, Change>, sides: Pair<&Catalog>) -> BTreeMap<ObjectId, Vec<Renaming>> {
    let of = |wanted: Change, catalog: &Catalog| -> Vec<ObjectId> {
        let ids = changes.iter().filter(|(_, change)| **change == wanted).map(|(id, _)| id);
        // What comes or goes with its whole is not asked about.
        let alone = |id: &&ObjectId| catalog.whole(id).is_none_or(|whole| changes.get(&whole) != Some(&wanted));
        ids.filter(alone).cloned().collect()
    };
    let mut created: BTreeMap<_, Vec<ObjectId>> = BTreeMap::new();
    for id in of(Change::Create, sides.desired) {
        created.entry((id.kind, parents(&id))).or_default().push(id);
    }
    let mut candidates = BTreeMap::new();
    for id in of(Change::Drop, sides.current) {
        let Some(beside) = created.get(&(id.kind, parents(&id))) else { continue };
        let renames = beside.iter().map(|new| Renaming::new(id.clone(), new.raw_name()));
        let fitting: Vec<Renaming> = renames.filter(|renaming| fits(renaming, sides)).take(MOST).collect();
        if !fitting.is_empty() {
            candidates.insert(id, fitting);
        }
    }
    candidates
}

/// Everything in the path but the object's own name.
fn parents(id: &ObjectId) -> Vec<String> {
    let others = id.path.iter().enumerate().filter(|(at, _)| *at != id.name_at());
    others.map(|(_, part)| part.to_owned()).collect()
}

/// Whether the object, under the other's name, is what the other one is: with its columns, if it has any.
fn fits(renaming: &Renaming, sides: Pair<&Catalog>) -> bool {
    let (old, new) = (&renaming.from, renaming.to());
    let can = sides.current.get(old).is_some_and(|object| object.rename(old, &renaming.name).is_some());
    can && resembles(renaming, old, &new, sides) && {
        let (mut before, mut after) = (columns(sides.current, old), columns(sides.desired, &new));
        let same_number = before.len() == after.len();
        let mut pairs = before.drain(..).zip(after.drain(..));
        same_number && pairs.all(|(a, b)| a.raw_name() == b.raw_name() && resembles(renaming, &a, &b, sides))
    }
}

fn resembles(renaming: &Renaming, old: &ObjectId, new: &ObjectId, sides: Pair<&Catalog>) -> bool {
    let Some((object, wanted)) = sides.current.get(old).zip(sides.desired.get(new)) else { return false };
    let mut object = object.clone();
    object.renamed(old, renaming, sides.current);
    object.resembles(wanted)
}

/// The parts that stand in an order.
fn columns(catalog: &Catalog, id: &ObjectId) -> Vec<ObjectId> {
    let part = |part: &&ObjectId| catalog.whole(part).as_ref() == Some(id);
    let position = |id: &ObjectId| catalog.get(id).map_or(0, crate::kind::Object::position);
    let mut parts: Vec<ObjectId> = catalog.used_by(id).filter(part).filter(|id| position(id) > 0).cloned().collect();
    parts.sort_by_key(position);
    parts
}
