//! How a partition leaves (ALTER TABLE .. DETACH PARTITION): CONCURRENTLY where nothing else has to happen in the same
//! moment, so that nobody who uses the partitioned table waits; otherwise in one transaction with what goes along with it.
//! An interrupted CONCURRENTLY is ended with FINALIZE. Never attaches: `inheritance.rs` does.

use std::collections::BTreeSet;

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::inheritance::{Inheritance, ancestors, child, descendants, parents, places_below, referred, tree};
use crate::kind::{Object, ObjectId, ObjectKind};
use crate::name::quote;
use crate::statement::{HazardKind, LockMode, Statement};

/// `NAMEDATALEN`, without the byte that ends it.
const LONGEST_NAME: usize = 63;

impl Inheritance {
    /// From here on the table has no such parent.
    pub(super) fn leave(&self, id: &ObjectId, cx: &Context) -> Vec<Statement> {
        if self.pending {
            return std::iter::once(self.finalize(id, cx)).chain(self.given_up(id, cx)).collect();
        }
        let plain = self.detach(id, cx);
        match self.check_left_by_concurrently(id, cx) {
            Some(check) => self.concurrently(id, plain, &check, cx),
            None => std::iter::once(plain).chain(self.given_up(id, cx)).collect(),
        }
    }

    /// In a transaction with others.
    pub(super) fn detach(&self, id: &ObjectId, cx: &Context) -> Statement {
        let child = child(id);
        match &self.bound {
            Some(_) => {
                let detach = self.detaching(id, "");
                // The partition gets foreign keys of its own.
                let detach = detach.lock_each(LockMode::ShareRowExclusive, referred(cx.catalogs.current, &self.parent));
                // What leaves it in turn comes after it where it has the later name.
                let below = places_below(cx.catalogs.current, &child).filter(|place| cx.is_dropped(place) && *place > id);
                let below = below.flat_map(|place| tree(&super::inheritance::child(place), cx));
                let locked = tree(&child, cx).into_iter().chain(self.default_beside(id, false, cx)).chain(below);
                let detach = detach.lock_each(LockMode::AccessExclusive, locked).lock(LockMode::AccessExclusive, &self.parent);
                // No row may refer to what leaves.
                let referring = self.referring(cx.catalogs.current, cx);
                detach.lock_each(LockMode::AccessExclusive, &referring).scanning(&referring)
            }
            None => Statement::new(format!("ALTER TABLE {} NO INHERIT {}", child.sql(), self.parent.sql()))
                .contract()
                .lock(LockMode::AccessExclusive, &child),
        }
    }

    fn detaching(&self, id: &ObjectId, how: &str) -> Statement {
        let note = "queries on the parent do not see the partition's rows any more";
        Statement::new(format!("ALTER TABLE {} DETACH PARTITION {}{how}", self.parent.sql(), child(id).sql()))
            .contract()
            .hazard(HazardKind::BreaksOldCode, &child(id), note)
    }

    /// Waits for those who use the parent, and has nobody wait who comes to it. The server then leaves a check in the place of
    /// the bound, unless one says that already.
    fn concurrently(&self, id: &ObjectId, plain: Statement, check: &str, cx: &Context) -> Vec<Statement> {
        let child = child(id);
        let detach = self.detaching(id, " CONCURRENTLY").autocommit().patient().or_in_block(plain);
        let detach = detach.lock(LockMode::ShareUpdateExclusive, &self.parent).lock(LockMode::AccessExclusive, &child);
        let drop = Statement::new(format!("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}", child.sql(), quote(check)));
        vec![detach, drop.contract().lock_each(LockMode::AccessExclusive, tree(&child, cx))]
    }

    /// What somebody has begun CONCURRENTLY: nobody sees the rows any more who asks the parent.
    fn finalize(&self, id: &ObjectId, cx: &Context) -> Statement {
        let child = child(id);
        Statement::new(format!("ALTER TABLE {} DETACH PARTITION {} FINALIZE", self.parent.sql(), child.sql()))
            .lock_each(LockMode::ShareRowExclusive, referred(cx.catalogs.current, &self.parent))
            .lock_each(LockMode::AccessExclusive, tree(&child, cx))
            .lock_each(LockMode::AccessExclusive, self.referring(cx.catalogs.current, cx))
            .lock(LockMode::ShareUpdateExclusive, &self.parent)
    }

    /// Drops the foreign keys that DETACH PARTITION leaves and nobody wants.
    fn given_up(&self, id: &ObjectId, cx: &Context) -> Vec<Statement> {
        let child = child(id);
        let stays = cx.desired(&child).is_some() && !cx.is_dropped(&child);
        let keys = self.keys.iter().filter(|_| stays);
        let unwanted = keys.filter_map(|key| {
            let above = self.parent.child(ObjectKind::Constraint, key);
            let referenced = super::foreign_key::unwanted_below(&above, &child, cx)?;
            let drop = Statement::new(format!("ALTER TABLE {} DROP CONSTRAINT {}", child.sql(), quote(key))).contract().joined();
            Some(drop.lock(LockMode::AccessExclusive, &child).lock(LockMode::AccessExclusive, referenced))
        });
        unwanted.collect()
    }

    /// The name of the check that the server would leave behind, if the partition can leave CONCURRENTLY.
    fn check_left_by_concurrently(&self, id: &ObjectId, cx: &Context) -> Option<String> {
        let child = child(id);
        let stands_alone = cx.desired(&child).is_some()
            && !cx.is_dropped(&child)
            && parents(cx.catalogs.desired, &child).is_empty()
            && descendants(&child, cx).is_empty()
            && !super::table::is_foreign(&child, cx);
        // What is above must be there still when the server names the check.
        let stays = |above: &ObjectId| super::inheritance::departures(above, cx).is_empty();
        let possible = self.bound.is_some() && stands_alone && !cx.is_dropped(&self.parent) && self.above(cx).iter().all(stays);
        let sides = [cx.catalogs.current, cx.catalogs.desired];
        // PostgreSQL refuses it beside a default partition, and beside another one that was interrupted. Of foreign keys it
        // changes the triggers on both sides, for which it would wait without end while others wait for it.
        let hindered = |catalog: &Catalog| {
            let mut beside = places_below(catalog, &self.parent).filter_map(|place| match catalog.get(place) {
                Some(Object::Inheritance(standing)) => Some(standing),
                _ => None,
            });
            beside.any(|standing| standing.is_default() || standing.pending)
                || self.above(cx).iter().any(|table| referred(catalog, table).next().is_some())
                || !self.referring(catalog, cx).is_empty()
        };
        if !possible || sides.into_iter().any(hindered) {
            return None;
        }
        let name = self.name_of_check(&child, cx)?;
        let path = [child.path.iter().next()?, &name].into_iter().collect();
        let is_taken = sides.into_iter().any(|catalog| catalog.constraints_named(&path) > 0);
        (!is_taken).then_some(name)
    }

    /// As `ChooseConstraintName` chooses it (`pg_constraint.c`), where it is neither cut nor numbered: after the column that
    /// alone decides where a row belongs.
    fn name_of_check(&self, child: &ObjectId, cx: &Context) -> Option<String> {
        let above = self.above(cx);
        let columns: BTreeSet<&String> = above.iter().flat_map(|table| super::table::key_columns(table, cx)).collect();
        let name = match columns.first() {
            Some(column) if columns.len() == 1 => format!("{}_{column}_check", child.raw_name()),
            _ => format!("{}_check", child.raw_name()),
        };
        (name.len() <= LONGEST_NAME).then_some(name)
    }

    fn above(&self, cx: &Context) -> Vec<ObjectId> {
        std::iter::once(self.parent.clone()).chain(ancestors(&self.parent, cx)).collect()
    }

    /// The tables with foreign keys to the parent, or to one above it: they refer to its partitions too.
    pub(super) fn referring(&self, catalog: &Catalog, cx: &Context) -> Vec<ObjectId> {
        self.above(cx).iter().flat_map(|table| super::table::referencing(table, catalog)).collect()
    }
}
