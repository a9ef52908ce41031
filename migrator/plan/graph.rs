//! A directed graph over small integers: deterministic topological order, strongly connected components.
//! Dependency is law and the key is taste: the key only chooses among what may come next. Never breaks a cycle.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// Edges lead from what comes first to what comes after.
#[derive(Debug, Default)]
pub struct Graph {
    after: Vec<BTreeSet<usize>>,
}

impl Graph {
    pub fn new(nodes: usize) -> Self {
        Self { after: vec![BTreeSet::new(); nodes] }
    }

    pub fn edge(&mut self, before: usize, after: usize) {
        if before != after {
            self.after[before].insert(after);
        }
    }

    pub fn followers(&self, node: usize) -> &BTreeSet<usize> {
        &self.after[node]
    }

    pub fn len(&self) -> usize {
        self.after.len()
    }

    pub fn is_empty(&self) -> bool {
        self.after.is_empty()
    }

    /// The graph whose nodes are groups of this one's; `group[node]` is a number below `groups`.
    #[must_use]
    pub fn contracted(&self, group: &[usize], groups: usize) -> Self {
        let mut graph = Self::new(groups);
        for (before, followers) in self.after.iter().enumerate() {
            for after in followers {
                graph.edge(group[before], group[*after]);
            }
        }
        graph
    }

    /// Kahn's algorithm with a heap. `Err` holds the nodes that a cycle keeps from being placed.
    pub fn sorted<K: Ord>(&self, keys: &[K]) -> Result<Vec<usize>, Vec<usize>> {
        let mut open = vec![0_usize; self.len()];
        for after in self.after.iter().flatten() {
            open[*after] += 1;
        }
        let ready = (0..self.len()).filter(|node| open[*node] == 0);
        let mut heap: BinaryHeap<_> = ready.map(|node| Reverse((&keys[node], node))).collect();
        let mut order = Vec::with_capacity(self.len());
        while let Some(Reverse((_, node))) = heap.pop() {
            order.push(node);
            for after in &self.after[node] {
                open[*after] -= 1;
                if open[*after] == 0 {
                    heap.push(Reverse((&keys[*after], *after)));
                }
            }
        }
        if order.len() == self.len() {
            return Ok(order);
        }
        Err((0..self.len()).filter(|node| open[*node] > 0).collect())
    }

    /// The number of each node's strongly connected component (Tarjan, without recursion).
    pub fn components(&self) -> (Vec<usize>, usize) {
        let mut tarjan = Tarjan {
            index: vec![usize::MAX; self.len()],
            low: vec![0; self.len()],
            component: vec![usize::MAX; self.len()],
            stack: Vec::new(),
            next: 0,
            components: 0,
        };
        for node in 0..self.len() {
            if tarjan.index[node] == usize::MAX {
                tarjan.visit(self, node);
            }
        }
        (tarjan.component, tarjan.components)
    }
}

struct Tarjan {
    index: Vec<usize>,
    low: Vec<usize>,
    component: Vec<usize>,
    stack: Vec<usize>,
    next: usize,
    components: usize,
}

impl Tarjan {
    fn enter(&mut self, node: usize) {
        self.index[node] = self.next;
        self.low[node] = self.next;
        self.next += 1;
        self.stack.push(node);
    }

    fn visit(&mut self, graph: &Graph, root: usize) {
        self.enter(root);
        let mut path = vec![(root, graph.after[root].iter())];
        while let Some((node, followers)) = path.last_mut() {
            let node = *node;
            if let Some(after) = followers.next() {
                if self.index[*after] == usize::MAX {
                    self.enter(*after);
                    path.push((*after, graph.after[*after].iter()));
                } else if self.component[*after] == usize::MAX {
                    self.low[node] = self.low[node].min(self.index[*after]);
                }
                continue;
            }
            path.pop();
            if let Some((parent, _)) = path.last() {
                self.low[*parent] = self.low[*parent].min(self.low[node]);
            }
            if self.low[node] == self.index[node] {
                self.close(node);
            }
        }
    }

    fn close(&mut self, root: usize) {
        while let Some(node) = self.stack.pop() {
            self.component[node] = self.components;
            if node == root {
                break;
            }
        }
        self.components += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_decides_only_among_the_free() {
        let mut graph = Graph::new(4);
        graph.edge(3, 0);
        graph.edge(2, 1);
        assert_eq!(graph.sorted(&[0, 1, 2, 3]), Ok(vec![2, 1, 3, 0]));
    }

    #[test]
    fn a_cycle_is_told() {
        let mut graph = Graph::new(3);
        graph.edge(0, 1);
        graph.edge(1, 2);
        graph.edge(2, 1);
        assert_eq!(graph.sorted(&[0, 0, 0]), Err(vec![1, 2]));
        let (component, count) = graph.components();
        assert_eq!(count, 2);
        assert_eq!(component[1], component[2]);
        assert_ne!(component[0], component[1]);
    }
}
