//! From two catalogs to an ordered plan.
//! Changes become nodes of statements; the server's own dependency edges order them; what belongs together becomes one
//! batch. Pure: same catalogs and options, same bytes. Never names a kind.

pub mod batch;
pub mod blockage;
pub mod candidate;
pub mod closure;
pub mod gate;
pub mod graph;
pub mod nodes;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::catalog::{Catalog, Fingerprint, Unmodelled};
use crate::context::{Context, RewriteLimit};
use crate::diff::{Change, diff};
use crate::kind::{Claim, Object, ObjectId, with_default_privileges};
use crate::pair::Pair;
use crate::plan::batch::Batch;
use crate::plan::candidate::candidates;
use crate::plan::closure::{Action, Actions, actions};
use crate::plan::graph::Graph;
use crate::plan::nodes::{Act, Nodes, nodes};
use crate::rename::{RenameError, Renaming, apply, moves};
use crate::scope::Scope;

/// The version of the plan's JSON form.
pub const FORMAT: u32 = 1;

/// What the user asked for: part of the plan, and of its hash.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    pub renames: Vec<Renaming>,
    pub scope: Scope,
    #[serde(default)]
    pub rewrite_limit: RewriteLimit,
}

/// A difference that is told and not acted upon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Information {
    pub object: ObjectId,
    pub note: String,
}

/// The ordered statements that turn the current catalog into the desired one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub format: u32,
    /// SHA-256 over both fingerprints, the options and the statements.
    pub hash: Fingerprint,
    pub fingerprints: Pair<Fingerprint>,
    pub options: Options,
    pub batches: Vec<Batch>,
    /// How many objects are created, altered, dropped.
    pub changes: BTreeMap<String, usize>,
    pub information: Vec<Information>,
    pub unmodelled: Pair<BTreeSet<Unmodelled>>,
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// The unmodelled objects that are not the same on both sides.
    pub fn unmodelled_difference(&self) -> impl Iterator<Item = &Unmodelled> {
        self.unmodelled.current.symmetric_difference(&self.unmodelled.desired)
    }
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error(transparent)]
    Rename(#[from] RenameError),
    #[error("the changes depend on each other in a circle: {}", circle.join(" -> "))]
    Cycle { circle: Vec<String> },
}

pub fn plan(catalogs: Pair<&Catalog>, options: &Options) -> Result<Plan, PlanError> {
    let fingerprints = catalogs.map(|catalog| catalog.fingerprint().clone());
    let (mut renamed, mut renames) = apply(&options.renames, catalogs.current, catalogs.desired)?;
    let stated = renames.len();
    let half_removed = |(id, object): (&ObjectId, &Object)| object.is_half_done().then(|| id.clone());
    if let Some(id) = catalogs.current.objects().iter().find_map(half_removed).filter(|_| stated > 0) {
        return Err(RenameError::HalfRemoved(id).into());
    }
    let passed_over = |renaming: &&Renaming| !renames.contains(renaming) && catalogs.current.contains(&renaming.from);
    let note = |renaming: &Renaming| format!("'{renaming}' is taken for done: both have both names");
    let done: Vec<(ObjectId, String)> =
        options.renames.iter().filter(passed_over).map(|renaming| (renaming.to(), note(renaming))).collect();
    let (moved, moves) = moves(Pair::new(renamed.as_ref(), catalogs.desired), |id| options.scope.holds(id, catalogs));
    renamed = moved.map_or(renamed, Cow::Owned);
    renames.extend(moves);
    let (matched, told) = match_versions(Pair::new(renamed.as_ref(), catalogs.desired));
    let explicit = with_default_privileges(Pair::new(renamed.as_ref(), matched.as_ref()));
    let current = explicit.current.as_ref();
    let (desired, left) = options.scope.desired(Pair::new(current, explicit.desired.as_ref()));
    let sides = Pair::new(current, desired.as_ref());
    let changes = diff(sides);
    let actions = actions(&changes, sides, options.scope.groups(), options.rewrite_limit);
    let cx = actions.context(sides);
    let mut nodes = nodes(&actions, &renames, &cx);
    nodes.ask(&candidates(&changes, sides), &cx);
    let mut batches = order(&actions, &nodes, sides)?;
    blockage::confess(&mut batches, &cx);
    let hash = Fingerprint::of(&(&fingerprints, options, &batches));
    Ok(Plan {
        format: FORMAT,
        hash,
        fingerprints,
        options: options.clone(),
        batches,
        changes: count(&changes, &actions, stated),
        information: informations(done.into_iter().chain(told).chain(actions.informed).chain(left)),
        unmodelled: catalogs.map(|catalog| catalog.unmodelled.clone()),
    })
}

/// Dev's catalog as prod's server would tell it: what differs only because their versions do is no difference. Beside
/// it, what of that is told.
fn match_versions(sides: Pair<&Catalog>) -> (Cow<'_, Catalog>, BTreeMap<ObjectId, String>) {
    let majors = sides.map(|catalog| catalog.major);
    let mut told = BTreeMap::new();
    if majors.current == majors.desired {
        return (Cow::Borrowed(sides.desired), told);
    }
    let matched = sides.desired.mapped(|id, object| {
        let mut object = object.clone();
        let note = sides.current.get(id).and_then(|prod| object.match_versions(id, prod, majors));
        told.extend(note.map(|note| (id.clone(), note)));
        (id.clone(), object)
    });
    (Cow::Owned(matched), told)
}

fn informations(notes: impl Iterator<Item = (ObjectId, String)>) -> Vec<Information> {
    let notes: BTreeMap<ObjectId, String> = notes.collect();
    notes.into_iter().map(|(object, note)| Information { object, note }).collect()
}

fn count(changes: &BTreeMap<ObjectId, Change>, actions: &Actions, renamed: usize) -> BTreeMap<String, usize> {
    // A constant comes and goes with an alteration of its type.
    let counted = |id: &ObjectId| actions.by_id.contains_key(id) && !id.kind.is_constant();
    let words = changes.iter().filter(|(id, _)| counted(id)).map(|(_, change)| match change {
        Change::Create => "created",
        Change::Alter => "altered",
        Change::Drop => "dropped",
    });
    let mut counts = BTreeMap::new();
    for word in words.chain(std::iter::repeat_n("renamed", renamed)) {
        *counts.entry(word.to_owned()).or_insert(0) += 1;
    }
    counts
}

fn order(actions: &Actions, nodes: &Nodes, sides: Pair<&Catalog>) -> Result<Vec<Batch>, PlanError> {
    let graph = edges(actions, nodes, sides);
    let keys: Vec<_> = nodes.list.iter().map(key).collect();
    let order = graph.sorted(&keys).map_err(|stuck| circle(&graph, nodes, &stuck))?;
    Ok(batch::batches(nodes, &graph, &order, &together(actions, nodes)))
}

/// Dependency is law; this is taste. What is dropped goes in the reverse order of what is created.
fn key(node: &nodes::Node) -> impl Ord + use<> {
    let drops = node.act == Act::Drop;
    let kind = if drops { u8::MAX - node.id.kind as u8 } else { node.id.kind as u8 };
    (node.phase, node.act, kind, node.id.clone())
}

fn edges(actions: &Actions, nodes: &Nodes, sides: Pair<&Catalog>) -> Graph {
    let cx = actions.context(sides);
    let mut graph = Graph::new(nodes.list.len());
    let mut edge = |before: Option<usize>, after: Option<usize>| {
        if let (Some(before), Some(after)) = (before, after) {
            graph.edge(before, after);
        }
    };
    for (id, action) in &actions.by_id {
        let (drop, make) = (nodes.find(id, Act::Drop), nodes.find(id, Act::Make));
        let prepare = nodes.find(id, Act::Prepare);
        edge(drop, prepare.or(make));
        edge(prepare, make);
        edge(make, nodes.find(id, Act::Finish));
        for used in sides.desired.uses(id) {
            edge(nodes.find(used, Act::Make), prepare.or(make));
            for leader in leaders(used, &cx) {
                edge(nodes.find(&leader, Act::Make), prepare.or(make));
            }
        }
        // Freed from what carries it, before that goes and takes it along; or it waits for that itself.
        for carrier in sides.current.get(id).map(|object| object.carried_by(id)).unwrap_or_default() {
            let waits = make.is_some_and(|make| nodes.after.contains(&(make, carrier.clone(), Act::Drop)));
            if drop.is_none() && !waits {
                edge(make, nodes.find(&carrier, Act::Drop));
            }
        }
        for used in sides.current.uses(id) {
            let (drop_used, make_used) = (nodes.find(used, Act::Drop), nodes.find(used, Act::Make));
            edge(drop, drop_used);
            if make != drop_used && drop.is_some() {
                // What is gone for good must not be taken for its successor: an overloaded function.
                edge(drop_used, make);
            }
            let waits =
                |used: &ObjectId| drop.is_some_and(|drop| nodes.after.contains(&(drop, used.clone(), Act::Make)));
            if actions.rebuilt.contains(used) && !waits(used) {
                edge(drop, make_used);
                let leaders = leaders(used, &cx).into_iter().filter(|leader| !waits(leader));
                leaders.for_each(|leader| edge(drop, nodes.find(&leader, Act::Make)));
            }
            if drop.is_none() && make_used.is_none() {
                edge(make, drop_used);
                if actions.rebuilt.contains(id) {
                    // What was put aside still uses it.
                    edge(nodes.find(id, Act::Finish), drop_used);
                }
            }
            if matches!(action, Action::Alter(_)) || drop.is_some() {
                edge(drop.or(make), nodes.find(used, Act::Finish));
                if actions.rebuilt.contains(id) {
                    edge(nodes.find(id, Act::Finish), nodes.find(used, Act::Finish));
                }
            }
        }
    }
    for (node, id, act) in &nodes.after {
        edge(nodes.find(id, *act).or(nodes.find(id, Act::Make)), Some(*node));
        edge(nodes.find(id, Act::Drop).filter(|drop| drop != node), Some(*node));
    }
    half_done_first(nodes, &cx, &mut edge);
    claims(actions, nodes, sides, &mut edge);
    renames(nodes, sides, &mut edge);
    graph
}

/// PostgreSQL lets hardly anything else be done to what is half removed. It may get another name, though.
fn half_done_first(nodes: &Nodes, cx: &Context, edge: &mut impl FnMut(Option<usize>, Option<usize>)) {
    let removes = |node: &nodes::Node| node.act == Act::Drop && cx.current(&node.id).is_some_and(Object::is_half_done);
    for (first, _) in nodes.list.iter().enumerate().filter(|(_, node)| removes(node)) {
        let others = nodes.list.iter().enumerate().filter(|(_, node)| node.act != Act::Rename && !removes(node));
        others.for_each(|(at, _)| edge(Some(first), Some(at)));
    }
}

/// All that are rebuilt and change the object too by that, be it by way of others.
fn leaders(id: &ObjectId, cx: &Context) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut left = vec![id.clone()];
    while let Some(id) = left.pop() {
        let leaders = cx.desired(&id).map(|object| object.led_by(&id, cx)).unwrap_or_default();
        left.extend(leaders.into_iter().filter(|leader| found.insert(leader.clone())));
    }
    found.retain(|leader| cx.is_rebuilt(leader));
    found
}

/// Who frees a name goes before who takes it.
fn claims(
    actions: &Actions,
    nodes: &Nodes,
    sides: Pair<&Catalog>,
    edge: &mut impl FnMut(Option<usize>, Option<usize>),
) {
    let claims = |catalog: &Catalog, id| catalog.get(id).map(|object| object.claims(id)).unwrap_or_default();
    let mut freed = HashMap::new();
    for id in actions.by_id.keys() {
        let kept = claims(sides.desired, id);
        let given_up = claims(sides.current, id).into_iter().filter(|claim| !kept.contains(claim));
        freed.extend(given_up.map(|claim| (claim, id)));
    }
    for id in actions.by_id.keys() {
        for holder in
            claims(sides.desired, id).iter().filter_map(|claim| freed.get(claim)).filter(|holder| **holder != id)
        {
            let release = nodes.find(holder, Act::Drop).or(nodes.find(holder, Act::Make));
            edge(release, nodes.find(id, Act::Prepare).or(nodes.find(id, Act::Make)));
        }
    }
    for (rename, claim) in renamed_claims(nodes, sides) {
        if let Some(holder) = freed.get(&claim).filter(|holder| ***holder != nodes.list[rename].id) {
            edge(nodes.find(holder, Act::Drop), Some(rename));
        }
    }
}

/// A rename takes a name too.
fn renamed_claims<'a>(nodes: &'a Nodes, sides: Pair<&'a Catalog>) -> impl Iterator<Item = (usize, Claim)> + use<'a> {
    let renames = nodes.list.iter().enumerate().filter(|(_, node)| node.act == Act::Rename);
    renames.flat_map(move |(at, node)| {
        let claims = sides.current.get(&node.id).map(|object| object.claims(&node.id)).unwrap_or_default();
        claims.into_iter().map(move |claim| (at, claim))
    })
}

/// Every other statement speaks of a renamed object by its new name.
fn renames(nodes: &Nodes, sides: Pair<&Catalog>, edge: &mut impl FnMut(Option<usize>, Option<usize>)) {
    let renamed: Vec<_> = nodes.list.iter().enumerate().filter(|(_, node)| node.act == Act::Rename).collect();
    for (rename, target) in &renamed {
        let whole = sides.current.whole(&target.id).filter(|_| target.id.kind.is_constant());
        let targets = sides.current.namesakes(whole.as_ref().unwrap_or(&target.id)).into_iter().collect();
        for (at, node) in nodes.list.iter().enumerate().filter(|(_, node)| node.act != Act::Rename) {
            // What is dropped need not name what it depends on; its parts do.
            let names = node.act != Act::Drop;
            let carried = |catalog: &Catalog| {
                let carriers = catalog.get(&node.id).map(|object| object.carried_by(&node.id)).unwrap_or_default();
                carriers.iter().any(|carrier| catalog.is_within_any(carrier, &targets))
            };
            let touches = |catalog: &Catalog| {
                catalog.is_within_any(&node.id, &targets)
                    || names && carried(catalog)
                    || names && catalog.uses(&node.id).any(|used| catalog.is_within_any(used, &targets))
            };
            if touches(sides.current) || touches(sides.desired) {
                edge(Some(*rename), Some(at));
            }
        }
    }
    for rename in &nodes.moves {
        let users = users(&nodes.list[*rename].id, sides);
        let speaks = |at: &usize| nodes.list[*at].act != Act::Rename && users.contains(&nodes.list[*at].id);
        (0..nodes.list.len()).filter(speaks).for_each(|at| edge(Some(*rename), Some(at)));
    }
    for pair in renamed.windows(2) {
        edge(Some(pair[0].0), Some(pair[1].0));
    }
}

/// All that uses the object, be it by way of others.
fn users(id: &ObjectId, sides: Pair<&Catalog>) -> HashSet<ObjectId> {
    let mut found = HashSet::new();
    let mut left = vec![id.clone()];
    while let Some(id) = left.pop() {
        let users = sides.current.used_by(&id).chain(sides.desired.used_by(&id));
        left.extend(users.filter(|user| !found.contains(*user)).cloned());
        found.insert(id);
    }
    found
}

/// Nodes that must not be torn apart: an object that is replaced, with what was replaced because of it.
fn together(actions: &Actions, nodes: &Nodes) -> Vec<(usize, usize)> {
    let replaced = actions.by_id.iter().filter(|(_, action)| **action == Action::Replace);
    let pairs = replaced.map(|(id, _)| (nodes.find(id, Act::Drop), nodes.find(id, Act::Make)));
    let disturbed = actions.together.iter().map(|(id, disturber)| {
        let of = |id| nodes.find(id, Act::Make).or(nodes.find(id, Act::Drop));
        (of(id), of(disturber))
    });
    pairs.chain(disturbed).filter_map(|(a, b)| Some((a?, b?))).collect()
}

/// A path that runs in a circle, for the error.
fn circle(graph: &Graph, nodes: &Nodes, stuck: &[usize]) -> PlanError {
    let (component, _) = graph.components();
    let in_circle = |node: &usize| stuck.iter().any(|other| other != node && component[*other] == component[*node]);
    let mut at = stuck.iter().copied().find(in_circle);
    let mut path = Vec::new();
    while let Some(node) = at.filter(|node| !path.contains(node)) {
        path.push(node);
        at = graph.followers(node).iter().copied().find(|next| component[*next] == component[node]);
    }
    path.extend(at);
    let name = |node: &usize| format!("{:?} {}", nodes.list[*node].act, nodes.list[*node].id).to_lowercase();
    PlanError::Cycle { circle: path.iter().map(name).collect() }
}
