//! From differences to actions: what must be replaced because something else is.
//! PostgreSQL refuses to drop, or to alter in some ways, what others depend on; those others, with everything that
//! hangs on them, step aside and come back. Names no kind: each object says itself what it withstands.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use crate::catalog::Catalog;
use crate::context::{Context, RewriteLimit};
use crate::diff::Change;
use crate::kind::{Group, Object, ObjectId};
use crate::pair::Pair;
use crate::statement::{Alteration, Disturbance, Recipe};

/// What happens to one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    Create,
    Drop,
    /// Dropped and created.
    Replace,
    /// Altered in place. The disturber, if any, is why an object without a difference of its own is altered.
    Alter(Option<ObjectId>),
}

impl Action {
    pub fn creates(&self) -> bool {
        matches!(self, Self::Create | Self::Replace)
    }

    pub fn drops(&self) -> bool {
        matches!(self, Self::Drop | Self::Replace)
    }
}

/// The actions, which of them belong together in one transaction, and the differences that are only told.
#[derive(Debug, Default)]
pub struct Actions {
    pub by_id: BTreeMap<ObjectId, Action>,
    /// (disturbed, disturber)
    pub together: Vec<(ObjectId, ObjectId)>,
    pub informed: BTreeMap<ObjectId, String>,
    pub created: HashSet<ObjectId>,
    pub dropped: HashSet<ObjectId>,
    /// Altered in a way that PostgreSQL refuses under the eyes of dependents.
    pub rebuilt: HashSet<ObjectId>,
    /// Those that are compared.
    pub groups: BTreeSet<Group>,
    pub rewrite_limit: RewriteLimit,
}

impl Actions {
    pub fn context<'a>(&'a self, catalogs: Pair<&'a Catalog>) -> Context<'a> {
        Context {
            catalogs,
            created: &self.created,
            dropped: &self.dropped,
            rebuilt: &self.rebuilt,
            groups: &self.groups,
            rewrite_limit: self.rewrite_limit,
        }
    }

    fn set(&mut self, id: &ObjectId, action: Action) {
        if action.creates() {
            self.created.insert(id.clone());
        }
        if action.drops() {
            self.dropped.insert(id.clone());
        }
        self.by_id.insert(id.clone(), action);
    }
}

pub fn actions(
    changes: &BTreeMap<ObjectId, Change>,
    catalogs: Pair<&Catalog>,
    groups: BTreeSet<Group>,
    rewrite_limit: RewriteLimit,
) -> Actions {
    let mut actions = Actions { groups, rewrite_limit, ..Actions::default() };
    for (id, change) in changes {
        match change {
            Change::Create => actions.set(id, Action::Create),
            Change::Drop => actions.set(id, Action::Drop),
            Change::Alter => {}
        }
    }
    let mut queue = VecDeque::new();
    for id in changes.iter().filter(|(_, change)| **change == Change::Alter).map(|(id, _)| id) {
        let Some(change) = both(catalogs, id) else { continue };
        let alteration = Object::alter(id, change, &actions.context(catalogs));
        match alteration {
            Alteration::Inform(note) => {
                actions.informed.insert(id.clone(), note);
            }
            other => settle(&mut actions, &mut queue, id, &other, None, catalogs),
        }
    }
    let retaken = retaken(&actions, catalogs);
    let one_sided = actions.by_id.iter().filter(|(_, action)| matches!(action, Action::Drop | Action::Create));
    queue.extend(one_sided.map(|(id, _)| (id.clone(), Disturbance::Replaced)));
    while let Some((id, disturbance)) = queue.pop_front() {
        let carried = catalogs.current.carries(&id).filter(|_| disturbance == Disturbance::Replaced);
        let demands = |object: &Object| object.demands(&id, &actions.context(catalogs));
        let demanded = catalogs.desired.get(&id).map_or(Vec::new(), demands);
        for dependent in catalogs.current.used_by(&id).chain(carried).chain(&demanded) {
            disturb(&mut actions, &mut queue, &retaken, catalogs, dependent, (&id, disturbance));
        }
    }
    actions
}

fn both<'a>(catalogs: Pair<&'a Catalog>, id: &ObjectId) -> Option<Pair<&'a Object>> {
    Some(Pair { current: catalogs.current.get(id)?, desired: catalogs.desired.get(id)? })
}

fn settle(
    actions: &mut Actions,
    queue: &mut VecDeque<(ObjectId, Disturbance)>,
    id: &ObjectId,
    alteration: &Alteration,
    disturber: Option<&ObjectId>,
    catalogs: Pair<&Catalog>,
) {
    match alteration {
        Alteration::Inform(_) => return,
        Alteration::InPlace(_) => actions.set(id, Action::Alter(disturber.cloned())),
        Alteration::Rebuild(_) => {
            actions.set(id, Action::Alter(disturber.cloned()));
            actions.rebuilt.insert(id.clone());
            queue.push_back((id.clone(), Disturbance::Rebuilt));
        }
        Alteration::Swap(_) => {
            actions.set(id, Action::Alter(disturber.cloned()));
            actions.rebuilt.insert(id.clone());
            queue.push_back((id.clone(), Disturbance::Replaced));
        }
        Alteration::Replace => {
            actions.set(id, Action::Replace);
            queue.push_back((id.clone(), Disturbance::Replaced));
        }
        Alteration::ReplaceWhole => {
            let whole = catalogs.current.whole(id).filter(|whole| actions.by_id.get(whole) != Some(&Action::Replace));
            if let Some(whole) = &whole {
                settle(actions, queue, whole, &Alteration::Replace, disturber, catalogs);
            }
            return;
        }
    }
    if let Some(disturber) = disturber {
        actions.together.push((id.clone(), disturber.clone()));
    }
}

fn disturb(
    actions: &mut Actions,
    queue: &mut VecDeque<(ObjectId, Disturbance)>,
    retaken: &HashSet<ObjectId>,
    catalogs: Pair<&Catalog>,
    dependent: &ObjectId,
    (used, disturbance): (&ObjectId, Disturbance),
) {
    let Some(change) = both(catalogs, dependent) else { return };
    match actions.by_id.get(dependent) {
        Some(Action::Replace) => return,
        // It followed what was to be altered and is now to be dropped; or what it is a part of is.
        Some(Action::Alter(Some(by))) => {
            let bound = by == used || catalogs.current.whole(dependent).as_ref() == Some(used);
            if !bound || !actions.dropped.contains(used) {
                return;
            }
        }
        // Its own alteration releases what is dropped, unless something else takes that name.
        Some(Action::Alter(None)) if is_dropped(actions, used) && !retaken.contains(used) => return,
        _ => {}
    }
    if Object::withstands(change, disturbance, used) {
        return;
    }
    let alteration = Object::follow(dependent, change, used, &actions.context(catalogs));
    settle(actions, queue, dependent, &alteration, Some(used), catalogs);
}

fn is_dropped(actions: &Actions, id: &ObjectId) -> bool {
    actions.by_id.get(id) == Some(&Action::Drop)
}

/// Dropped objects whose name a new object takes: a view where a table was.
fn retaken(actions: &Actions, catalogs: Pair<&Catalog>) -> HashSet<ObjectId> {
    let mut taken = HashMap::new();
    for (id, object) in actions.by_id.keys().filter_map(|id| Some((id, catalogs.desired.get(id)?))) {
        if actions.by_id[id] == Action::Create {
            taken.extend(object.claims(id).into_iter().map(|claim| (claim, id)));
        }
    }
    let dropped = actions.by_id.iter().filter(|(_, action)| **action == Action::Drop);
    dropped
        .filter_map(|(id, _)| Some((id, catalogs.current.get(id)?)))
        .filter(|(id, object)| object.claims(id).iter().any(|claim| taken.contains_key(claim)))
        .map(|(id, _)| id.clone())
        .collect()
}

/// What the recipe of an altered object is, now that every action is known.
pub fn alteration(id: &ObjectId, disturber: Option<&ObjectId>, cx: &Context) -> Recipe {
    let Some(change) = both(cx.catalogs, id) else { return Recipe::none() };
    let alteration = match disturber {
        Some(used) => Object::follow(id, change, used, cx),
        None => Object::alter(id, change, cx),
    };
    match alteration {
        Alteration::InPlace(recipe) | Alteration::Rebuild(recipe) | Alteration::Swap(recipe) => recipe,
        Alteration::Inform(_) | Alteration::Replace | Alteration::ReplaceWhole => Recipe::none(),
    }
}
