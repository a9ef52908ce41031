//! Foreign keys, which are constraints (`constraint.rs`): the index that they take, and those of partitioned tables.
//! A partition's own is taken over by the one of its parent, so that no row is looked at under a lock.

use crate::context::Context;
use crate::kind::constraint::{Constraint, Contype, as_constraint, is_key, table};
use crate::kind::{Object, ObjectId, ObjectKind};
use crate::pair::Pair;
use crate::statement::{LockMode, Statement};

impl Constraint {
    /// A foreign key takes the first index that fits: the ones that go must be gone, and a partitioned one is valid
    /// only once every partition's is attached.
    pub(super) fn keys(&self, id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
        let Some(referenced) = &self.references else { return Vec::new() };
        let Pair { current, desired } = cx.catalogs;
        let goes = |key: &ObjectId| cx.is_dropped(key) || cx.is_rebuilt(key);
        let gone = current.used_by(referenced).filter(|key| goes(key) && is_key(current.get(key)));
        let mut keys: Vec<ObjectId> = gone.cloned().collect();
        let used = desired.uses(id).filter(|key| is_key(desired.get(key)));
        let mut at: Vec<ObjectId> = used.cloned().collect();
        while let Some(key) = at.pop() {
            at.extend(desired.carries(&key).cloned());
            keys.push(key);
        }
        keys.retain(|key| key != id);
        keys
    }

    /// Before PostgreSQL 18 a foreign key of a partitioned table cannot be NOT VALID: it takes over those that its partitions
    /// have already, and looks at no row of theirs.
    pub(super) fn keys_first(&self, id: &ObjectId, whole: Statement, cx: &Context) -> Vec<Statement> {
        let tree = super::inheritance::tree(&table(id), cx).into_iter().skip(1);
        let stays = |leaf: &ObjectId| !super::table::is_partitioned(leaf, cx) && !cx.is_dropped(leaf);
        let leaves: Vec<ObjectId> = tree.filter(stays).collect();
        let named = |leaf: &ObjectId| cx.current(&leaf.child(ObjectKind::Constraint, id.raw_name()));
        let is_other = |object: &Object| as_constraint(Some(object)).is_none_or(|other| !self.is_like(other));
        if leaves.iter().any(|leaf| named(leaf).is_some_and(is_other)) {
            // PostgreSQL then finds another name for what it makes itself.
            return vec![whole.scanning(&leaves)];
        }
        let whole = self.taking_over(whole, &leaves, cx);
        let proof = |leaf: ObjectId| {
            let alike = |(_, key): &(&ObjectId, &Self)| self.is_like(key);
            let keys = cx.catalogs.current.used_by(&leaf).filter_map(|id| Some((id, as_constraint(cx.current(id))?)));
            if let Some((own, key)) = keys.filter(|(own, _)| table(own) == leaf).find(alike) {
                return if key.validated { Vec::new() } else { vec![self.validate(own, cx)] };
            }
            let own = leaf.child(ObjectKind::Constraint, id.raw_name());
            let sql = format!("ALTER TABLE {} ADD CONSTRAINT {} {} NOT VALID", leaf.sql(), own.name(), self.definition);
            let add = Statement::new(sql).contract().lock_each(LockMode::ShareRowExclusive, self.reach(&own, cx));
            vec![add, self.validate(&own, cx)]
        };
        leaves.into_iter().flat_map(proof).chain([whole]).collect()
    }

    /// The triggers of what is taken over go, on the side that is referred to, and where that is partitioned, on both.
    fn taking_over(&self, whole: Statement, leaves: &[ObjectId], cx: &Context) -> Statement {
        let Some(referenced) = self.references.as_ref().filter(|_| !leaves.is_empty()) else { return whole };
        let partitioned = super::table::is_partitioned(referenced, cx);
        let referred = super::inheritance::tree(referenced, cx).into_iter();
        let referred = referred.filter(|table| !partitioned || cx.major() >= 15 || table != referenced);
        whole
            .lock_each(LockMode::AccessExclusive, referred)
            .lock_each(LockMode::AccessExclusive, leaves.iter().filter(|_| partitioned))
    }

    /// From PostgreSQL 18 on it is NOT VALID at first, and takes over what is there nevertheless.
    pub(super) fn taking_over_what_is_there(&self, id: &ObjectId, whole: Statement, cx: &Context) -> Statement {
        let tree = super::inheritance::tree(&table(id), cx).into_iter().skip(1);
        let has_one = |leaf: &ObjectId| {
            let mut keys = cx.catalogs.current.used_by(leaf).filter(|key| table(key) == *leaf);
            keys.any(|key| as_constraint(cx.current(key)).is_some_and(|key| self.is_like(key)))
        };
        let leaves: Vec<ObjectId> = tree.filter(has_one).collect();
        self.taking_over(whole, &leaves, cx)
    }

    /// Whether a partition's is what this one would make there, be it validated or not.
    fn is_like(&self, other: &Self) -> bool {
        other.definition.trim_end_matches(" NOT VALID") == self.definition
    }

    /// Whether one like it comes above the partition, and takes it over.
    pub(super) fn is_taken_over(&self, id: &ObjectId, cx: &Context) -> bool {
        let table = table(id);
        let above = super::inheritance::ancestors(&table, cx);
        let comes = |above: &ObjectId| {
            let keys = cx.catalogs.desired.used_by(above).filter(|key| cx.is_new(key) && key.path.starts_with(&above.path));
            let alike = |key: &Self| key.definition == self.definition.trim_end_matches(" NOT VALID");
            super::inheritance::stays(&table, above, cx) && keys.filter_map(|key| as_constraint(cx.desired(key))).any(alike)
        };
        self.contype == Contype::ForeignKey && above.iter().any(comes)
    }
}

/// What the foreign key `above` refers to, if the partition `child` that leaves shall have none like it, neither of its own
/// nor from where it goes.
pub(super) fn unwanted_below<'a>(above: &ObjectId, child: &ObjectId, cx: &Context<'a>) -> Option<&'a ObjectId> {
    let above = as_constraint(cx.current(above))?;
    let places = super::inheritance::parents(cx.catalogs.desired, child);
    let mut tables = places.iter().chain([child]);
    let alike = |id: &ObjectId| as_constraint(cx.desired(id)).is_some_and(|key| key.definition == above.definition);
    let wanted = tables.any(|table| cx.catalogs.desired.used_by(table).any(alike));
    above.references.as_ref().filter(|_| !wanted)
}

/// The table that a foreign key refers to.
pub(super) fn referenced(object: Option<&Object>) -> Option<&ObjectId> {
    as_constraint(object)?.references.as_ref()
}
