//! Indexes that an earlier run has built, and did not live to put in their place.
//! A long build survives the run that began it: what is finished, and is what would be built, is not built again. Never
//! goes on with one that is not valid, or that has something of its own.

use crate::context::Context;
use crate::kind::{Object, ObjectId};
use crate::statement::{Phase, Recipe, Statement};

/// With the index built under a name that stands for another's: what else has that name goes first.
pub(super) fn built_beside(build: Statement, aside: &ObjectId, cx: &Context) -> Recipe {
    let left = match cx.current(aside).filter(|_| cx.desired(aside).is_none()) {
        Some(Object::Index(left)) if build.scans.contains(&left.on) => left,
        _ => return Recipe { prepare: vec![build], ..Recipe::default() },
    };
    let drop = Statement { phase: Phase::Expand, ..left.dropping(aside) };
    let prepare = if is_built(&build, aside, cx) { Vec::new() } else { vec![drop, build] };
    Recipe { prepare, adopts: vec![aside.clone()], ..Recipe::default() }
}

/// With the index built under the name that it shall have.
pub(super) fn built(build: Statement, index: &ObjectId, cx: &Context) -> Recipe {
    if is_built(&build, index, cx) {
        return Recipe { adopts: vec![index.clone()], ..Recipe::default() };
    }
    Recipe { prepare: vec![build], ..Recipe::default() }
}

/// Whether the very statement would build what is there.
fn is_built(build: &Statement, index: &ObjectId, cx: &Context) -> bool {
    let Some(Object::Index(left)) = cx.current(index) else { return false };
    let bare = left.parent.is_none() && !left.clustered && !left.replica_identity && left.statistics.is_empty();
    // A comment on it would stay.
    let bare = bare && !cx.catalogs.current.used_by(index).any(|part| part.kind.is_satellite());
    left.valid && bare && !cx.is_dropped(&left.on) && left.build(index, cx).sql == build.sql
}
