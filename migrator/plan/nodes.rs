//! The nodes of the plan: each action's statements, parts merged into their wholes.
//! A new table is one CREATE TABLE and a dropped one takes its parts along, unless an edge would then run in a circle.
//! Names no kind: a part says by its fragment whether it may stand inside its whole.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::context::Context;
use crate::kind::{Object, ObjectId};
use crate::plan::closure::{Action, Actions, alteration};
use crate::plan::graph::Graph;
use crate::rename::Renaming;
use crate::report::shell_word;
use crate::statement::{Fragment, Hazard, HazardKind, Lock, Phase, Recipe, Statement};

/// What a node does. The order is taste: names first, then what goes, then what comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    Rename,
    Drop,
    Prepare,
    Make,
    Finish,
}

#[derive(Debug)]
pub struct Node {
    pub id: ObjectId,
    pub act: Act,
    pub statements: Vec<Statement>,
    pub phase: Phase,
}

impl Node {
    fn new(id: &ObjectId, act: Act, statements: Vec<Statement>) -> Self {
        let phase = statements.iter().map(|statement| statement.phase).max().unwrap_or(Phase::Expand);
        Self { id: id.clone(), act, statements, phase }
    }
}

/// All nodes, and where each object's dropping and making takes place.
#[derive(Debug, Default)]
pub struct Nodes {
    pub list: Vec<Node>,
    at: HashMap<(ObjectId, Act), usize>,
    /// Renames by which also what uses the object gets other names: the types of a function's arguments.
    pub moves: Vec<usize>,
    /// What is dropped nowhere by itself.
    adopted: Vec<ObjectId>,
    /// What a node must come after besides what the catalogs say, and up to which act of it.
    pub after: Vec<(usize, ObjectId, Act)>,
}

impl Nodes {
    pub fn find(&self, id: &ObjectId, act: Act) -> Option<usize> {
        self.at.get(&(id.clone(), act)).copied()
    }

    fn add(&mut self, id: &ObjectId, act: Act, statements: Vec<Statement>) -> usize {
        let node = self.list.len();
        self.list.push(Node::new(id, act, statements));
        self.at.insert((id.clone(), act), node);
        node
    }

    /// What is dropped only to come back in the same transaction is as harmless to old code as what comes back.
    fn soften_replacements(&mut self, actions: &Actions) {
        for id in actions.by_id.iter().filter(|(_, action)| **action == Action::Replace).map(|(id, _)| id) {
            let (Some(drop), Some(make)) = (self.find(id, Act::Drop), self.find(id, Act::Make)) else { continue };
            let loses = |hazard: &Hazard| hazard.kind == HazardKind::DataLoss;
            let phase = self.list[make].phase;
            let node = &mut self.list[drop];
            if node.id == *id && !node.statements.iter().flat_map(|statement| &statement.hazards).any(loses) {
                node.statements.iter_mut().for_each(|statement| statement.phase = phase);
                node.phase = phase;
            }
        }
    }

    /// Whoever drops what may have got another name has to answer for it. What loses rows must be approved anyway.
    pub fn ask(&mut self, candidates: &BTreeMap<ObjectId, Vec<Renaming>>, cx: &Context) {
        for (id, renames) in candidates {
            // What has no statement of its own goes with its whole's.
            let whole = cx.catalogs.current.whole(id);
            let places = std::iter::once(id).chain(&whole);
            let places = places.flat_map(|id| [self.find(id, Act::Drop), self.find(id, Act::Make)]).flatten();
            let stated = places.into_iter().find(|node| !self.list[*node].statements.is_empty());
            let Some(statement) = stated.and_then(|node| self.list[node].statements.first_mut()) else { continue };
            let flag = |renaming: &Renaming| format!("--rename {}", shell_word(&renaming.to_string()));
            let flags = renames.iter().map(flag).collect::<Vec<_>>().join(" or ");
            let note = format!("it may only have got another name in dev: {flags} keeps it");
            let loss = |hazard: &&mut Hazard| hazard.kind == HazardKind::DataLoss && hazard.object == *id;
            let question = Hazard { kind: HazardKind::MaybeRename, object: id.clone(), note };
            match statement.hazards.iter_mut().find(loss) {
                Some(loss) => loss.note = format!("{}; {}", loss.note, question.note),
                None => statement.hazards.push(question.clone()),
            }
            // Once the other one is there too, nobody could answer any more. Only columns look alike too easily.
            for renaming in renames.iter().filter(|_| cx.current(id).is_some_and(|object| object.position() == 0)) {
                let made = self.find(&renaming.to(), Act::Prepare).or(self.find(&renaming.to(), Act::Make));
                if let Some(statement) = made.and_then(|node| self.list[node].statements.first_mut()) {
                    statement.hazards.push(question.clone());
                }
            }
        }
    }

    fn add_recipe(&mut self, id: &ObjectId, act: Act, recipe: Recipe) {
        if !recipe.prepare.is_empty() {
            self.add(id, Act::Prepare, recipe.prepare);
        }
        let establish = self.add(id, act, recipe.establish);
        self.after.extend(recipe.needs.into_iter().map(|id| (establish, id, Act::Make)));
        self.after.extend(recipe.awaits.into_iter().map(|id| (establish, id, Act::Finish)));
        self.adopted.extend(recipe.adopts);
        self.after.extend(recipe.freed.into_iter().map(|id| (establish, id, Act::Drop)));
        if !recipe.finish.is_empty() {
            let finish = self.add(id, Act::Finish, recipe.finish);
            self.after.extend(recipe.after.into_iter().map(|id| (finish, id, Act::Finish)));
        }
    }
}

/// A rename takes along what has its name from this one, and locks where that stands.
fn reaching(mut recipe: Recipe, id: &ObjectId, cx: &Context) -> Recipe {
    let current = cx.catalogs.current;
    let below: Vec<ObjectId> = current.namesakes(id).iter().skip(1).filter_map(|id| current.whole(id)).collect();
    for statement in &mut recipe.establish {
        let mode = statement.locks.first().map(|lock| lock.mode);
        let reached = below.iter().zip(mode.into_iter().cycle());
        statement.locks.extend(reached.map(|(table, mode)| Lock { mode, on: table.clone() }));
    }
    recipe
}

pub fn nodes(actions: &Actions, renames: &[Renaming], cx: &Context) -> Nodes {
    let mut nodes = Nodes::default();
    for (renaming, next) in renames.iter().zip(1..) {
        let last = renaming.last(&renames[next..]);
        let recipe = match &renaming.moving {
            Some(moving) => Some(moving.recipe.clone()),
            None => cx.current(&last).and_then(|object| object.rename(&renaming.from, &renaming.name)),
        };
        nodes.moves.extend(renaming.moving.as_ref().map(|_| nodes.list.len()));
        let recipe = reaching(recipe.unwrap_or_default(), &last, cx);
        nodes.add_recipe(&last, Act::Rename, recipe);
    }
    let drops = Hosts::of_drops(actions, cx);
    let makes = Hosts::of_makes(actions, cx);
    for (id, action) in &actions.by_id {
        if action.drops() && drops.stands_alone(id) {
            let recipe = cx.current(id).map(|object| object.drop(id, cx)).unwrap_or_default();
            nodes.add_recipe(id, Act::Drop, recipe);
        }
        if !makes.stands_alone(id) {
            continue;
        }
        let mut recipe = match action {
            Action::Create | Action::Replace => makes.create(id, cx),
            Action::Alter(disturber) => alteration(id, disturber.as_ref(), cx),
            Action::Drop => continue,
        };
        let all = [&mut recipe.prepare, &mut recipe.establish, &mut recipe.finish];
        if let Some(statement) = all.into_iter().find_map(|statements| statements.first_mut()) {
            statement.hazards.extend(makes.beyond_version(id, cx));
        }
        nodes.add_recipe(id, Act::Make, lacking_roles(id, recipe, cx));
    }
    for (hosts, act) in [(&drops, Act::Drop), (&makes, Act::Make)] {
        for id in hosts.host.keys() {
            if let Some(node) = nodes.find(&hosts.resolve(id), act) {
                nodes.at.insert((id.clone(), act), node);
            }
        }
    }
    for id in std::mem::take(&mut nodes.adopted) {
        // What goes with another, goes with that.
        if let Some(node) = nodes.find(&id, Act::Drop).filter(|node| nodes.list[*node].id == id) {
            nodes.list[node] = Node::new(&id, Act::Drop, Vec::new());
        }
    }
    nodes.soften_replacements(actions);
    nodes
}

/// Each statement that cannot run because prod lacks a role says so.
fn lacking_roles(id: &ObjectId, mut recipe: Recipe, cx: &Context) -> Recipe {
    let named = cx.desired(id).map(|object| object.roles(id)).unwrap_or_default();
    for role in named.iter().filter(|role| !cx.catalogs.current.roles.contains(*role)) {
        let note = format!("prod has no role {role}");
        if let Some(first) = recipe.establish.first_mut() {
            first.hazards.push(Hazard { kind: HazardKind::MissingRole, object: id.clone(), note });
        }
    }
    recipe
}

/// Which object's statement carries another one's along.
#[derive(Debug, Default)]
struct Hosts {
    host: HashMap<ObjectId, ObjectId>,
    /// The parts that stand inside the statement that creates a whole.
    parts: BTreeMap<ObjectId, Vec<ObjectId>>,
}

impl Hosts {
    fn stands_alone(&self, id: &ObjectId) -> bool {
        !self.host.contains_key(id)
    }

    fn resolve(&self, id: &ObjectId) -> ObjectId {
        let mut at = id;
        while let Some(host) = self.host.get(at) {
            at = host;
        }
        at.clone()
    }

    /// A dropped part goes with its whole; an inherited one with the one that it inherits from.
    fn of_drops(actions: &Actions, cx: &Context) -> Self {
        let dropped = |id: &ObjectId| actions.by_id.get(id).is_some_and(Action::drops);
        let mut hosts = Self::default();
        for id in actions.by_id.keys().filter(|id| dropped(id)) {
            let Some(object) = cx.current(id) else { continue };
            if let Some(host) = object.goes_with(id, cx) {
                hosts.host.insert(id.clone(), host);
            }
        }
        let uses = |id: &ObjectId| cx.catalogs.current.uses(id).cloned().collect::<Vec<_>>();
        hosts.separate(actions.by_id.keys().filter(|id| dropped(id)), uses);
        hosts
    }

    /// A created part stands inside its whole's statement if it can; an inherited one comes by itself.
    fn of_makes(actions: &Actions, cx: &Context) -> Self {
        let created = |id: &ObjectId| actions.by_id.get(id).is_some_and(Action::creates);
        let mut hosts = Self::default();
        for id in actions.by_id.keys().filter(|id| created(id)) {
            let Some(object) = cx.desired(id) else { continue };
            let whole = object.whole(id).filter(|whole| created(whole));
            match whole {
                Some(whole) if object.fragment(id, &[], cx).is_some() => {
                    hosts.host.insert(id.clone(), whole);
                }
                _ => hosts.host.extend(object.comes_with(id, cx).map(|bringer| (id.clone(), bringer))),
            }
        }
        hosts.release_brought(cx);
        let uses = |id: &ObjectId| cx.catalogs.desired.uses(id).cloned().collect::<Vec<_>>();
        hosts.separate(actions.by_id.keys().filter(|id| created(id)), uses);
        for (part, whole) in &hosts.host {
            if cx.desired(part).and_then(|object| object.whole(part)).as_ref() == Some(whole) {
                hosts.parts.entry(whole.clone()).or_default().push(part.clone());
            }
        }
        for parts in hosts.parts.values_mut() {
            parts.sort_by_key(|part| (part.kind, cx.desired(part).map_or(0, Object::position), part.clone()));
        }
        hosts
    }

    /// What is brought along by another object has no statement of its own for its parts to stand in.
    fn release_brought(&mut self, cx: &Context) {
        let whole = |id: &ObjectId| cx.desired(id).and_then(|object| object.whole(id));
        let brought = |id: &ObjectId| self.host.get(id).is_some_and(|host| whole(id).as_ref() != Some(host));
        let parts: Vec<ObjectId> =
            self.host.keys().filter(|id| whole(id).is_some_and(|whole| brought(&whole))).cloned().collect();
        for part in parts {
            let bringer = cx.desired(&part).and_then(|object| object.comes_with(&part, cx));
            match bringer {
                Some(bringer) => self.host.insert(part, bringer),
                None => self.host.remove(&part),
            };
        }
    }

    /// Lets a part stand alone if what it uses needs, in turn, the whole.
    fn separate<'a>(&mut self, ids: impl Iterator<Item = &'a ObjectId>, uses: impl Fn(&ObjectId) -> Vec<ObjectId>) {
        let ids: BTreeSet<&ObjectId> = ids.collect();
        let number: HashMap<ObjectId, usize> = ids.iter().enumerate().map(|(n, id)| ((*id).clone(), n)).collect();
        let hosted: Vec<usize> = ids.iter().map(|id| number[&self.resolve(id)]).collect();
        let mut graph = Graph::new(ids.len());
        let mut outside = Vec::new();
        for (node, id) in ids.iter().enumerate() {
            for used in uses(id).iter().filter_map(|used| number.get(used)) {
                graph.edge(hosted[node], hosted[*used]);
                if hosted[node] != hosted[*used] {
                    outside.push(((*id).clone(), hosted[node], hosted[*used]));
                }
            }
        }
        let (component, _) = graph.components();
        for (id, host, used) in outside {
            if component[host] == component[used] {
                self.host.remove(&id);
            }
        }
    }

    fn fragments(&self, id: &ObjectId, cx: &Context) -> Vec<Fragment> {
        let parts = self.parts.get(id).map_or(&[][..], Vec::as_slice);
        parts.iter().filter_map(|part| cx.desired(part)?.fragment(part, &self.fragments(part, cx), cx)).collect()
    }

    /// What prod's server is too old for: the object, and the parts inside its statement.
    fn beyond_version(&self, id: &ObjectId, cx: &Context) -> Vec<Hazard> {
        let own = cx.desired(id).and_then(|object| object.since(id)).filter(|(major, _)| *major > cx.major());
        let hazard = own.map(|(major, what)| {
            let note = format!("PostgreSQL has {what} since version {major}, and prod is {}", cx.major());
            Hazard { kind: HazardKind::NeedsNewerServer, object: id.clone(), note }
        });
        let parts = self.parts.get(id).map_or(&[][..], Vec::as_slice);
        hazard.into_iter().chain(parts.iter().flat_map(|part| self.beyond_version(part, cx))).collect()
    }

    fn create(&self, id: &ObjectId, cx: &Context) -> Recipe {
        let fragments = self.fragments(id, cx);
        cx.desired(id).map(|object| object.create(id, &fragments, cx)).unwrap_or_default()
    }
}
