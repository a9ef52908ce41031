//! Everything that a database's schema consists of, as one value.
//! Diff and plan are functions of two catalogs and nothing else; a catalog is also the snapshot and the archive's
//! before.json and after.json. Never talks to a server.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::kind::{Object, ObjectId};

/// SHA-256 of a canonical form, as lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a value's canonical JSON: fields in their declared order, maps sorted by key.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        // Writing JSON into memory fails only for maps whose keys are no strings; our values have none.
        Self::of_bytes(&serde_json::to_vec(value).unwrap_or_default())
    }

    pub fn of_bytes(bytes: &[u8]) -> Self {
        let digest = Sha256::digest(bytes);
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

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    id: ObjectId,
    #[serde(flatten)]
    object: Object,
}

/// The stored form: plain lists, in order.
#[derive(Serialize, Deserialize)]
struct Stored {
    major: u32,
    objects: Vec<Entry>,
    dependencies: BTreeSet<Dependency>,
    unmodelled: BTreeSet<Unmodelled>,
    roles: BTreeSet<String>,
    role: String,
}

/// A database's schema.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Catalog {
    /// The server's major version.
    pub major: u32,
    pub unmodelled: BTreeSet<Unmodelled>,
    /// Cluster-wide roles: they are no part of a schema, but a plan may need one.
    pub roles: BTreeSet<String>,
    /// The role that read the catalog, and that will run the plan. Not part of the fingerprint.
    pub role: String,
    pub sizes: HashMap<ObjectId, Size>,
    objects: BTreeMap<ObjectId, Object>,
    uses: HashMap<ObjectId, Vec<ObjectId>>,
    used_by: HashMap<ObjectId, Vec<ObjectId>>,
    carries: HashMap<ObjectId, Vec<ObjectId>>,
}

impl Catalog {
    /// Adds to the given dependencies those that each object states itself, and drops edges that lead nowhere.
    pub fn new(
        major: u32,
        objects: BTreeMap<ObjectId, Object>,
        dependencies: impl IntoIterator<Item = Dependency>,
    ) -> Self {
        let mut catalog = Self { major, objects, ..Self::default() };
        catalog.connect(dependencies);
        catalog
    }

    fn connect(&mut self, dependencies: impl IntoIterator<Item = Dependency>) {
        let known = |id: &ObjectId| self.objects.get_key_value(id).map(|(id, _)| id.clone());
        let mut uses: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
        for Dependency { from, to } in dependencies {
            if let Some((from, to)) = known(&from).zip(known(&to)).filter(|(from, to)| from != to) {
                uses.entry(from).or_default().push(to);
            }
        }
        for (id, object) in &self.objects {
            let whole = object.whole(id);
            for carrier in object.carried_by(id).into_iter().filter(|carrier| whole.as_ref() != Some(carrier)) {
                uses.entry(id.clone()).or_default().retain(|used| *used != carrier);
                self.carries.entry(carrier).or_default().push(id.clone());
            }
            let stated = object.requires(id).into_iter().chain(whole).filter_map(|to| known(&to));
            uses.entry(id.clone()).or_default().extend(stated.filter(|to| to != id));
        }
        uses.retain(|_, used| !used.is_empty());
        for (id, used) in &mut uses {
            used.sort_unstable();
            used.dedup();
            used.shrink_to_fit();
            for to in used {
                self.used_by.entry(to.clone()).or_default().push(id.clone());
            }
        }
        self.used_by.values_mut().for_each(|users| users.sort_unstable());
        self.uses = uses;
    }

    /// Every edge, in order.
    fn dependencies(&self) -> impl Iterator<Item = Dependency> {
        self.objects
            .keys()
            .flat_map(|from| self.uses(from).iter().map(|to| Dependency { from: from.clone(), to: to.clone() }))
    }

    pub fn objects(&self) -> &BTreeMap<ObjectId, Object> {
        &self.objects
    }

    pub fn get(&self, id: &ObjectId) -> Option<&Object> {
        self.objects.get(id)
    }

    pub fn contains(&self, id: &ObjectId) -> bool {
        self.objects.contains_key(id)
    }

    /// What `id` needs.
    pub fn uses(&self, id: &ObjectId) -> &[ObjectId] {
        self.uses.get(id).map_or(&[], Vec::as_slice)
    }

    /// What needs `id`.
    pub fn used_by(&self, id: &ObjectId) -> &[ObjectId] {
        self.used_by.get(id).map_or(&[], Vec::as_slice)
    }

    /// What is dropped with `id` though it is no part of it.
    pub fn carries(&self, id: &ObjectId) -> &[ObjectId] {
        self.carries.get(id).map_or(&[], Vec::as_slice)
    }

    /// The object of which `id` is a part, if it is one.
    pub fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        self.get(id)?.whole(id).filter(|whole| self.contains(whole))
    }

    /// Whether `id` is `ancestor` or a part of it, however deep.
    pub fn is_within(&self, id: &ObjectId, ancestor: &ObjectId) -> bool {
        let mut at = Some(id.clone());
        while let Some(id) = at {
            if &id == ancestor {
                return true;
            }
            at = self.whole(&id);
        }
        false
    }

    pub fn fingerprint(&self) -> Fingerprint {
        let entries: Vec<_> = self.objects.iter().collect();
        Fingerprint::of(&entries)
    }

    /// A catalog with some objects as they are in `other` (present or absent), edges included.
    #[must_use]
    pub fn with_taken_from(&self, other: &Self, ids: &HashSet<ObjectId>) -> Self {
        let kept = self.objects.iter().filter(|(id, _)| !ids.contains(id));
        let taken = other.objects.iter().filter(|(id, _)| ids.contains(id));
        let mut objects: BTreeMap<_, _> = kept.chain(taken).map(|(id, object)| (id.clone(), object.clone())).collect();
        // Nothing hangs on what is gone: neither the owner of a dropped table nor a column's privileges.
        let astray = |objects: &BTreeMap<ObjectId, Object>, id: &ObjectId| {
            objects.get(id).and_then(|object| object.whole(id)).is_some_and(|whole| !objects.contains_key(&whole))
        };
        loop {
            let lost: Vec<&ObjectId> = ids.iter().filter(|id| astray(&objects, id)).collect();
            if lost.is_empty() {
                break;
            }
            for id in lost {
                objects.remove(id);
            }
        }
        let kept = self.dependencies().filter(|edge| !ids.contains(&edge.from));
        let taken = other.dependencies().filter(|edge| ids.contains(&edge.from));
        let mut catalog = Self::new(self.major, objects, kept.chain(taken));
        catalog.unmodelled.clone_from(&self.unmodelled);
        catalog.roles.clone_from(&self.roles);
        catalog.role.clone_from(&self.role);
        catalog.sizes.clone_from(&self.sizes);
        catalog
    }

    /// The catalog as it is once every object and edge has been put through `rename`.
    #[must_use]
    pub fn mapped(&self, mut object: impl FnMut(&ObjectId, &Object) -> (ObjectId, Object)) -> Self {
        let mut ids = HashMap::new();
        let mut objects = BTreeMap::new();
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
        catalog.sizes = self.sizes.iter().map(|(id, size)| (new(id), *size)).collect();
        catalog
    }
}

impl TryFrom<Stored> for Catalog {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Self, String> {
        let objects: BTreeMap<_, _> = stored.objects.into_iter().map(|entry| (entry.id, entry.object)).collect();
        if let Some((id, object)) = objects.iter().find(|(id, object)| id.kind != object.kind()) {
            return Err(format!("{id} is stored as a {}", object.kind().label()));
        }
        let mut catalog = Self::new(stored.major, objects, stored.dependencies);
        catalog.unmodelled = stored.unmodelled;
        catalog.roles = stored.roles;
        catalog.role = stored.role;
        Ok(catalog)
    }
}

impl From<Catalog> for Stored {
    fn from(catalog: Catalog) -> Self {
        let dependencies = catalog.dependencies().collect();
        Self {
            major: catalog.major,
            dependencies,
            objects: catalog.objects.into_iter().map(|(id, object)| Entry { id, object }).collect(),
            unmodelled: catalog.unmodelled,
            roles: catalog.roles,
            role: catalog.role,
        }
    }
}
