//! What differs between two catalogs.
//! One comparison of two sorted maps, blind to kinds: what a difference means is the kind's to say.
//! Never orders anything and writes no SQL.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::kind::ObjectId;
use crate::pair::Pair;

/// One object that is to be created, altered or dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Create,
    Alter,
    Drop,
}

pub fn diff(catalogs: Pair<&Catalog>) -> BTreeMap<ObjectId, Change> {
    let Pair { mut current, mut desired } = catalogs.map(|catalog| catalog.objects().iter().peekable());
    let mut changes = Vec::new();
    loop {
        let order = match (current.peek(), desired.peek()) {
            (Some((current, _)), Some((desired, _))) => current.cmp(desired),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => break,
        };
        let before = current.next_if(|_| order.is_le());
        let after = desired.next_if(|_| order.is_ge());
        let change = match (before, after) {
            (Some((id, before)), Some((_, after))) => (before != after).then_some((id, Change::Alter)),
            (Some((id, _)), None) => Some((id, Change::Drop)),
            (None, after) => after.map(|(id, _)| (id, Change::Create)),
        };
        changes.extend(change.map(|(id, change)| (id.clone(), change)));
    }
    changes.into_iter().collect()
}
