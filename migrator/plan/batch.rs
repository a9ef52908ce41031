//! From ordered nodes to batches: what commits together.
//! One statement per transaction, unless tearing a group apart would leave prod without something it had (a replaced
//! view and its privileges). Names no kind.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::kind::ObjectId;
use crate::plan::graph::Graph;
use crate::plan::nodes::{Act, Nodes};
use crate::statement::{Phase, Statement, TransactionMode};

/// Statements that commit together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    pub phase: Phase,
    pub transaction: TransactionMode,
    pub statements: Vec<Statement>,
    /// The object for whose sake it runs.
    pub cause: ObjectId,
    /// Batches, by index, without which this one must not run.
    pub after: BTreeSet<usize>,
}

/// Joins nodes that must commit together, and everything that has to happen between them, into units; then cuts each
/// unit where a statement refuses a transaction block.
pub fn batches(nodes: &Nodes, graph: &Graph, order: &[usize], together: &[(usize, usize)]) -> Vec<Batch> {
    let place = inverse(order);
    let units = units(nodes, graph, together);
    let count = units.iter().max().map_or(0, |unit| unit + 1);
    let contracted = graph.contracted(&units, count);
    let mut members = vec![Vec::new(); count];
    for node in order {
        members[units[*node]].push(*node);
    }
    let keys: Vec<usize> =
        members.iter().map(|nodes| nodes.iter().map(|node| place[*node]).max().unwrap_or(0)).collect();
    // The units are strongly connected components, so the contracted graph has no cycle.
    let sorted = contracted.sorted(&keys).unwrap_or_default();
    let mut batches: Vec<Batch> = Vec::new();
    let mut places = BTreeMap::new();
    let mut last: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); count];
    for unit in sorted {
        let after = std::mem::take(&mut last[unit]);
        let first = batches.len();
        cut(nodes, &members[unit], &after, &mut batches);
        // The last of a unit stands for it: phases never fall within one.
        let end = batches.len().checked_sub(1).filter(|end| *end >= first);
        places.extend(end.into_iter().flat_map(|end| members[unit].iter().map(move |node| (*node, end))));
        // A unit without statements (what comes by itself) hands on what it waits for.
        let reached = if batches.len() > first { BTreeSet::from([batches.len() - 1]) } else { after };
        for follower in contracted.followers(unit) {
            last[*follower].extend(&reached);
        }
    }
    let place = |id: &ObjectId, act| nodes.find(id, act).and_then(|node| places.get(&node)).copied();
    let drops = nodes.list.iter().filter(|node| node.act == Act::Drop);
    let replaced =
        drops.filter_map(|node| place(&node.id, Act::Drop).zip(place(&node.id, Act::Make))).collect::<Vec<_>>();
    follow(&mut batches, &replaced);
    batches
}

/// What needs something of a later phase belongs to that phase too, and what is replaced goes no earlier than its successor
/// comes: so each phase is whole, and both are all. Phases only rise, so one pass for each batch is enough.
fn follow(batches: &mut [Batch], replaced: &[(usize, usize)]) {
    for _ in 0..batches.len() {
        let before: Vec<Phase> = batches.iter().map(|batch| batch.phase).collect();
        for at in 0..batches.len() {
            let needed = batches[at].after.iter().map(|before| batches[*before].phase).max();
            batches[at].phase = needed.map_or(batches[at].phase, |needed| needed.max(batches[at].phase));
        }
        for (drop, make) in replaced {
            batches[*drop].phase = batches[*drop].phase.max(batches[*make].phase);
        }
        if batches.iter().map(|batch| batch.phase).eq(before) {
            return;
        }
    }
}

fn inverse(order: &[usize]) -> Vec<usize> {
    let mut place = vec![0; order.len()];
    for (at, node) in order.iter().enumerate() {
        place[*node] = at;
    }
    place
}

/// The unit of each node: a group, and whatever lies between two of its members.
fn units(nodes: &Nodes, graph: &Graph, together: &[(usize, usize)]) -> Vec<usize> {
    let count = nodes.list.len();
    let mut group: Vec<usize> = (0..count).collect();
    for (a, b) in together {
        let in_block = |node: usize| {
            let can =
                |statement: &Statement| statement.transaction == TransactionMode::Block || statement.in_block.is_some();
            nodes.list[node].statements.iter().all(can)
        };
        if in_block(*a) && in_block(*b) {
            let (a, b) = (root(&group, *a), root(&group, *b));
            group[a.max(b)] = a.min(b);
        }
    }
    let group: Vec<usize> = (0..count).map(|node| root(&group, node)).collect();
    let (component, _) = graph.contracted(&group, count).components();
    let unit: Vec<usize> = group.iter().map(|group| component[*group]).collect();
    let mut numbers = std::collections::BTreeMap::new();
    unit.iter()
        .map(|unit| {
            let next = numbers.len();
            *numbers.entry(*unit).or_insert(next)
        })
        .collect()
}

fn root(group: &[usize], mut node: usize) -> usize {
    while group[node] != node {
        node = group[node];
    }
    node
}

fn cut(nodes: &Nodes, members: &[usize], after: &BTreeSet<usize>, batches: &mut Vec<Batch>) {
    let first = batches.len();
    let atomic = members.iter().filter(|node| !nodes.list[**node].statements.is_empty()).count() > 1;
    for node in members.iter().map(|node| &nodes.list[*node]) {
        for statement in &node.statements {
            let statement = statement.in_block.as_deref().filter(|_| atomic).unwrap_or(statement);
            let open = batches.len() > first && (atomic || statement.joined);
            let block = |mode| mode == TransactionMode::Block;
            match batches.last_mut().filter(|batch| open && block(batch.transaction) && block(statement.transaction)) {
                Some(batch) => {
                    batch.phase = batch.phase.max(node.phase);
                    batch.statements.push(statement.clone());
                }
                None => {
                    let previous = batches.len().checked_sub(1).filter(|previous| *previous >= first);
                    batches.push(Batch {
                        phase: node.phase,
                        transaction: statement.transaction,
                        statements: vec![Statement { in_block: None, ..statement.clone() }],
                        cause: node.id.clone(),
                        after: previous.map_or_else(|| after.clone(), |previous| BTreeSet::from([previous])),
                    });
                }
            }
        }
    }
}
