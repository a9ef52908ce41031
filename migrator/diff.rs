//! What differs between two catalogs.
//! One comparison of two sorted maps, blind to kinds: what a difference means is the kind's to say.
//! Never orders anything and writes no SQL.

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
    let Pair { current, desired } = catalogs;
    let gone = current.objects().keys().filter(|id| !desired.contains(id)).map(|id| (id.clone(), Change::Drop));
    let kept = desired.objects().iter().filter_map(|(id, object)| match current.get(id) {
        None => Some((id.clone(), Change::Create)),
        Some(other) if other != object => Some((id.clone(), Change::Alter)),
        Some(_) => None,
    });
    gone.chain(kept).collect()
}
