//! Everything that a database's schema consists of, as one value.
//! Diff and plan are functions of two catalogs and nothing else; a catalog is also the snapshot and the archive's
//! before.json and after.json. Never talks to a server.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{BufWriter, Write};
use std::sync::OnceLock;

use foldhash::fast::RandomState;
use indexmap::{IndexMap, IndexSet};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::kind::{NamePath, Object, ObjectId};

/// SHA-256 of a canonical form, as lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a value's canonical JSON: fields in their declared order, maps sorted by key.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        Self::of_digest(digest(value).as_ref())
    }

    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self::of_digest(&Sha256::digest(bytes))
    }

    fn of_digest(digest: &[u8]) -> Self {
        Self(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits: enough for a person to recognise it.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

fn digest<T: Serialize + ?Sized>(value: &T) -> impl AsRef<[u8]> + use<T> {
    let mut hasher = BufWriter::with_capacity(1 << 10, Hasher(Sha256::new()));
    // Writing JSON fails only for maps whose keys are no strings, which our values have none of, and this writer never
    // does.
    let _ = serde_json::to_writer(&mut hasher, value);
    let _ = hasher.flush();
    hasher.get_ref().0.clone().finalize()
}

struct Hasher(Sha256);

impl Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// `from` needs `to`: it is created after it and dropped before it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Dependency {
    pub from: ObjectId,
    pub to: ObjectId,
}

/// An object that the server's catalogs hold and no kind reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unmodelled {
    /// As `pg_identify_object` names it: `operator`, `cast`, `text search configuration`, ...
    pub object_type: String,
    pub identity: String,
}

/// How big a relation is, as the server estimates it. Not part of the schema, nor of the fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    pub bytes: u64,
    pub rows: u64,
}

#[derive(Serialize, Deserialize)]
struct Entry<I, O> {
    #[serde(flatten)]
    id: I,
    #[serde(flatten)]
    object: O,
}

/// The stored form: plain lists, in order.
#[derive(Deserialize)]
struct Stored {
    major: u32,
    objects: Vec<Entry<ObjectId, Object>>,
    dependencies: BTreeSet<Dependency>,
    unmodelled: BTreeSet<Unmodelled>,
    roles: BTreeSet<String>,
    role: String,
    #[serde(default)]
    tablespace: String,
    #[serde(default)]
    strangers: BTreeSet<String>,
}

/// Objects by id; sorted by id in every catalog.
pub type Objects = IndexMap<ObjectId, Object, RandomState>;

/// A database's schema.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Catalog {
    /// The server's major version.
    pub major: u32,
    pub unmodelled: BTreeSet<Unmodelled>,
    /// Cluster-wide roles: they are no part of a schema, but a plan may need one.
    pub roles: BTreeSet<String>,
    /// The role that read the catalog, and that will run the plan. Not part of the fingerprint.
    pub role: String,
    /// Where the database keeps what names no tablespace. Not part of the fingerprint.
    pub tablespace: String,
    /// The roles of which that role is no member: what they own it may not change.
    pub strangers: BTreeSet<String>,
    pub sizes: HashMap<ObjectId, Size>,
    objects: Objects,
    uses: Edges,
    used_by: Edges,
    carries: Edges,
    namesakes: Edges,
    fingerprint: Derived<Fingerprint>,
    constraint_names: Derived<HashMap<NamePath, usize>>,
}

/// What follows from the rest of a value, computed once: two are never different.
#[derive(Debug, Clone)]
struct Derived<T>(OnceLock<T>);

impl<T> Default for Derived<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T> PartialEq for Derived<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Derived<T> {}

/// Edges between objects by their places in the catalog, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Edges(Vec<(u32, u32)>);

impl Edges {
    fn sorted(mut edges: Vec<(u32, u32)>) -> Self {
        edges.sort_unstable();
        edges.dedup();
        edges.shrink_to_fit();
        Self(edges)
    }

    /// Where the edges that begin at a place lead.
    fn of(&self, from: u32) -> &[(u32, u32)] {
        let start = self.0.partition_point(|edge| edge.0 < from);
        let length = self.0[start..].partition_point(|edge| edge.0 == from);
        &self.0[start..start + length]
    }
}

impl Catalog {
    /// Adds to the given dependencies those that each object states itself, and drops edges that lead nowhere.
    pub fn new(major: u32, mut objects: Objects, dependencies: impl IntoIterator<Item = Dependency>) -> Self {
        objects.sort_unstable_keys();
        let mut catalog = Self { major, objects, ..Self::default() };
        let place = |edge: Dependency| catalog.place(&edge.from).zip(catalog.place(&edge.to));
        let edges = dependencies.into_iter().filter_map(place).collect();
        catalog.connect(edges);
        catalog
    }

    /// The same with dependencies between places among the objects as they are given.
    pub fn of_places(major: u32, objects: Objects, dependencies: Vec<(u32, u32)>) -> Self {
        let mut objects: Vec<Option<(ObjectId, Object)>> = objects.into_iter().map(Some).collect();
        let mut order: Vec<u32> = (0..).take(objects.len()).collect();
        let id = |place: &u32| objects[*place as usize].as_ref().map(|(id, _)| id);
        order.sort_unstable_by(|one, other| id(one).cmp(&id(other)));
        let mut places = vec![0; order.len()];
        for (old, new) in order.iter().zip(0..) {
            places[*old as usize] = new;
        }
        let mut sorted = Objects::with_capacity_and_hasher(order.len(), RandomState::default());
        sorted.extend(order.iter().filter_map(|old| objects[*old as usize].take()));
        drop((objects, order));
        let mut catalog = Self { major, objects: sorted, ..Self::default() };
        let edges = dependencies.into_iter().map(|(from, to)| (places[from as usize], places[to as usize]));
        catalog.connect(edges.collect());
        catalog
    }

    /// An object's place among the sorted objects.
    fn place(&self, id: &ObjectId) -> Option<u32> {
        // No server holds four thousand million objects.
        self.objects.get_index_of(id).and_then(|place| u32::try_from(place).ok())
    }

    fn connect(&mut self, recorded: Vec<(u32, u32)>) {
        let (mut uses, mut carries, mut namesakes) = (Vec::new(), Vec::new(), Vec::new());
        let recorded = Edges::sorted(recorded);
        let mut last: Option<(ObjectId, Option<u32>)> = None;
        for ((id, object), from) in self.objects.iter().zip(0..) {
            let whole = object.whole(id);
            let carriers = object.carried_by(id).into_iter().filter(|carrier| whole.as_ref() != Some(carrier));
            let carriers: Vec<u32> = carriers.filter_map(|carrier| self.place(&carrier)).collect();
            let recorded = recorded.of(from).iter().map(|edge| edge.1).filter(|to| !carriers.contains(to));
            uses.extend(recorded.map(|to| (from, to)));
            // The parts of one object come one after the other.
            if last.as_ref().map(|(last, _)| last) != whole.as_ref() {
                let place = whole.as_ref().and_then(|whole| self.place(whole));
                last = whole.map(|whole| (whole, place));
            }
            let whole = last.as_ref().and_then(|(_, place)| *place);
            let required = object.requires(id).into_iter().filter_map(|required| self.place(&required));
            uses.extend(required.chain(whole).map(|to| (from, to)));
            carries.extend(carriers.into_iter().map(|carrier| (carrier, from)));
            namesakes.extend(object.named_by().iter().filter_map(|above| self.place(above)).map(|above| (above, from)));
        }
        uses.retain(|(from, to)| from != to);
        self.uses = Edges::sorted(uses);
        self.used_by = Edges::sorted(self.uses.0.iter().map(|(from, to)| (*to, *from)).collect());
        self.carries = Edges::sorted(carries);
        self.namesakes = Edges::sorted(namesakes);
    }

    /// Every edge, in order.
    fn dependencies(&self) -> impl Iterator<Item = Dependency> {
        let id = |place: u32| self.objects.get_index(place as usize).map(|(id, _)| id.clone());
        self.uses.0.iter().filter_map(move |(from, to)| Some(Dependency { from: id(*from)?, to: id(*to)? }))
    }

    fn along<'a>(&'a self, edges: &'a Edges, id: &ObjectId) -> impl Iterator<Item = &'a ObjectId> + Clone + use<'a> {
        let found = self.place(id).map_or(&[][..], |place| edges.of(place));
        found.iter().filter_map(|(_, to)| self.objects.get_index(*to as usize)).map(|(id, _)| id)
    }

    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    pub fn get(&self, id: &ObjectId) -> Option<&Object> {
        self.objects.get(id)
    }

    pub fn contains(&self, id: &ObjectId) -> bool {
        self.objects.contains_key(id)
    }

    /// What `id` needs, in order.
    pub fn uses<'a>(&'a self, id: &ObjectId) -> impl Iterator<Item = &'a ObjectId> + Clone + use<'a> {
        self.along(&self.uses, id)
    }

    /// What needs `id`, in order.
    pub fn used_by<'a>(&'a self, id: &ObjectId) -> impl Iterator<Item = &'a ObjectId> + Clone + use<'a> {
        self.along(&self.used_by, id)
    }

    /// What is dropped with `id` though it is no part of it, in order.
    pub fn carries<'a>(&'a self, id: &ObjectId) -> impl Iterator<Item = &'a ObjectId> + Clone + use<'a> {
        self.along(&self.carries, id)
    }

    /// `id`, and what has its name from it, however deep: a column of every partition.
    pub fn namesakes(&self, id: &ObjectId) -> IndexSet<ObjectId> {
        let mut found = IndexSet::from([id.clone()]);
        let mut at = 0;
        while let Some(id) = found.get_index(at) {
            let below = self.along(&self.namesakes, id).cloned();
            found.extend(below);
            at += 1;
        }
        found
    }

    /// The object of which `id` is a part, if it is one.
    pub fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        self.get(id)?.whole(id).filter(|whole| self.contains(whole))
    }

    /// Whether `id` is `ancestor` or a part of it, however deep.
    pub fn is_within(&self, id: &ObjectId, ancestor: &ObjectId) -> bool {
        self.wholes(id).any(|whole| whole == *ancestor)
    }

    /// Whether it is one of `ancestors`, or a part of one.
    pub fn is_within_any(&self, id: &ObjectId, ancestors: &HashSet<ObjectId>) -> bool {
        self.wholes(id).any(|whole| ancestors.contains(&whole))
    }

    /// The object, what it is a part of, what that is a part of, and so on.
    fn wholes(&self, id: &ObjectId) -> impl Iterator<Item = ObjectId> {
        std::iter::successors(Some(id.clone()), |id| self.whole(id))
    }

    /// How many constraints of a schema have this name.
    pub fn constraints_named(&self, name: &NamePath) -> usize {
        let counts = self.constraint_names.0.get_or_init(|| {
            let mut counts = HashMap::new();
            for name in self.objects.iter().filter_map(|(id, object)| object.constraint_name(id)) {
                *counts.entry(name).or_insert(0) += 1;
            }
            counts
        });
        counts.get(name).copied().unwrap_or_default()
    }

    /// Of the objects' names, and of the canonical JSON of each object: many share one, which is written once.
    pub fn fingerprint(&self) -> &Fingerprint {
        self.fingerprint.0.get_or_init(|| {
            let mut digests = HashMap::with_hasher(RandomState::default());
            let mut hasher = Sha256::new();
            for (id, object) in &self.objects {
                let names = id.path.as_str();
                hasher.update(id.kind.slug());
                hasher.update((names.len() as u64).to_be_bytes());
                hasher.update(names);
                hasher.update(digests.entry(object.shared()).or_insert_with(|| digest(object)));
            }
            Fingerprint::of_digest(&hasher.finalize())
        })
    }

    /// A catalog with some objects as they are in `other` (present or absent), edges included.
    #[must_use]
    pub fn with_taken_from(&self, other: &Self, ids: &HashSet<ObjectId>) -> Self {
        let kept = self.objects.iter().filter(|(id, _)| !ids.contains(id));
        let taken = other.objects.iter().filter(|(id, _)| ids.contains(id));
        let mut objects: Objects = kept.chain(taken).map(|(id, object)| (id.clone(), object.clone())).collect();
        // Nothing hangs on what is gone: neither the owner of a dropped table nor a column's privileges.
        let astray = |objects: &Objects, id: &ObjectId| {
            objects.get(id).and_then(|object| object.whole(id)).is_some_and(|whole| !objects.contains_key(&whole))
        };
        loop {
            let lost: Vec<&ObjectId> = ids.iter().filter(|id| astray(&objects, id)).collect();
            if lost.is_empty() {
                break;
            }
            for id in lost {
                objects.swap_remove(id);
            }
        }
        let kept = self.dependencies().filter(|edge| !ids.contains(&edge.from));
        let taken = other.dependencies().filter(|edge| ids.contains(&edge.from));
        self.beside(Self::new(self.major, objects, kept.chain(taken)))
    }

    /// The catalog with some objects as they are given here, or without them; the edges are those that they state.
    #[must_use]
    pub fn with(&self, given: HashMap<ObjectId, Option<Object>>) -> Self {
        let kept = self.objects.iter().filter(|(id, _)| !given.contains_key(*id));
        let mut objects: Objects = kept.map(|(id, object)| (id.clone(), object.clone())).collect();
        objects.extend(given.into_iter().filter_map(|(id, object)| Some((id, object?))));
        self.beside(Self::new(self.major, objects, self.dependencies()))
    }

    /// The other catalog, with what of this one is no object.
    fn beside(&self, mut other: Self) -> Self {
        other.unmodelled.clone_from(&self.unmodelled);
        other.roles.clone_from(&self.roles);
        other.role.clone_from(&self.role);
        other.tablespace.clone_from(&self.tablespace);
        other.strangers.clone_from(&self.strangers);
        other.sizes.clone_from(&self.sizes);
        other
    }

    /// The catalog as it is once every object and edge has been put through `rename`.
    #[must_use]
    pub fn mapped(&self, mut object: impl FnMut(&ObjectId, &Object) -> (ObjectId, Object)) -> Self {
        let mut ids = HashMap::new();
        let mut objects = Objects::default();
        for (old, value) in &self.objects {
            let (id, value) = object(old, value);
            ids.insert(old.clone(), id.clone());
            objects.insert(id, value);
        }
        let new = |id: &ObjectId| ids.get(id).unwrap_or(id).clone();
        let edges = self.dependencies().map(|edge| Dependency { from: new(&edge.from), to: new(&edge.to) });
        let mut catalog = Self::new(self.major, objects, edges);
        catalog.unmodelled.clone_from(&self.unmodelled);
        catalog.roles.clone_from(&self.roles);
        catalog.role.clone_from(&self.role);
        catalog.tablespace.clone_from(&self.tablespace);
        catalog.strangers.clone_from(&self.strangers);
        catalog.sizes = self.sizes.iter().map(|(id, size)| (new(id), *size)).collect();
        catalog
    }
}

impl TryFrom<Stored> for Catalog {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Self, String> {
        let objects: Objects = stored.objects.into_iter().map(|entry| (entry.id, entry.object)).collect();
        if let Some((id, object)) = objects.iter().find(|(id, object)| id.kind != object.kind()) {
            return Err(format!("{id} is stored as a {}", object.kind().label()));
        }
        let mut catalog = Self::new(stored.major, objects, stored.dependencies);
        catalog.unmodelled = stored.unmodelled;
        catalog.roles = stored.roles;
        catalog.role = stored.role;
        catalog.tablespace = stored.tablespace;
        catalog.strangers = stored.strangers;
        Ok(catalog)
    }
}

/// Entry by entry: a copy of a big catalog would take as much memory again.
impl Serialize for Catalog {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entries = || self.objects.iter().map(|(id, object)| Entry { id, object });
        let mut stored = serializer.serialize_struct("Catalog", 8)?;
        stored.serialize_field("major", &self.major)?;
        stored.serialize_field("objects", &Listed(entries))?;
        stored.serialize_field("dependencies", &Listed(|| self.dependencies()))?;
        stored.serialize_field("unmodelled", &self.unmodelled)?;
        stored.serialize_field("roles", &self.roles)?;
        stored.serialize_field("role", &self.role)?;
        stored.serialize_field("tablespace", &self.tablespace)?;
        stored.serialize_field("strangers", &self.strangers)?;
        stored.end()
    }
}

/// A list that is made while it is written.
struct Listed<F>(F);

impl<T: Serialize, I: Iterator<Item = T>, F: Fn() -> I> Serialize for Listed<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}
