//! Check constraints of domains (`pg_constraint` with contypid).
//! Added NOT VALID and validated afterwards, so that the scan of every column of the domain blocks nobody.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, Object, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainConstraint {
    definition: String,
    validated: bool,
}

impl Kind for DomainConstraint {
    const LABEL: &'static str = "domain constraint";
    const QUERY: &'static str = "
        select 'pg_constraint'::regclass::oid, k.oid, 0, array[s.name, t.typname, k.conname]::text[],
            pg_get_constraintdef(k.oid) as definition, k.convalidated as validated
        from pg_constraint k join pg_type t on t.oid = k.contypid join user_schema s on s.oid = t.typnamespace
        where k.contype = 'c' and not exists (select from member m where m.classid = 'pg_type'::regclass and m.objid = t.oid)";

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(id.parent(ObjectKind::Domain))
    }

    fn fragment(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Option<Fragment> {
        self.validated.then(|| Fragment::new(format!("CONSTRAINT {} {}", id.name(), self.definition)))
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let whole = id.parent(ObjectKind::Domain);
        if cx.is_rebuilt(&whole) && comes_with_domain(id, &whole, cx) {
            return Recipe::none();
        }
        let domain = id.owner_sql();
        let add = |definition: &str| Statement::new(format!("ALTER DOMAIN {domain} ADD CONSTRAINT {} {definition}", id.name()));
        if !self.validated || cx.is_new(&whole) {
            return Recipe::one(add(&self.definition).contract());
        }
        let unchecked = add(&format!("{} NOT VALID", self.definition)).contract();
        Recipe::one(unchecked).finish(validate(id, cx))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("ALTER DOMAIN {} DROP CONSTRAINT {}", id.owner_sql(), id.name())))
    }

    /// Inside another type PostgreSQL refuses to look for what breaks it: a new domain has it from the start.
    fn demands(&self, id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
        let whole = id.parent(ObjectKind::Domain);
        let there = !cx.is_new(&whole) && !cx.is_rebuilt(&whole);
        let inside = there && super::composite_type::is_stored_inside(&whole, cx);
        (inside && comes_with_domain(id, &whole, cx)).then_some(whole).into_iter().collect()
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let DomainConstraint { definition, validated } = change.desired;
        let bare = |definition: &str| definition.trim_end_matches(" NOT VALID").to_owned();
        if bare(definition) == bare(&change.current.definition) && *validated && change.desired.demands(id, cx).is_empty() {
            return Alteration::InPlace(Recipe::one(validate(id, cx)));
        }
        Alteration::Replace
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt && used.kind.is_satellite()
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER DOMAIN {} RENAME CONSTRAINT {} TO {}", id.owner_sql(), id.name(), quote(name));
        Some(Recipe::one(Statement::new(sql)))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.definition);
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("CONSTRAINT {} ON DOMAIN {}", id.name(), id.owner_sql())
    }
}

/// Whether it can stand in the statement that makes the domain anew: what it uses must be there by then.
pub(super) fn comes_with_domain(id: &ObjectId, domain: &ObjectId, cx: &Context) -> bool {
    let Some(Object::DomainConstraint(constraint)) = cx.desired(id) else { return false };
    let there = |used: &ObjectId| !cx.is_new(used) && cx.current(used).is_some();
    let ready = |used: &ObjectId| used == domain || there(used) || !builds_on(used, domain, cx.catalogs.desired);
    constraint.validated && cx.catalogs.desired.uses(id).all(ready)
}

/// Whether it uses the domain, be it by way of others.
fn builds_on(id: &ObjectId, domain: &ObjectId, catalog: &Catalog) -> bool {
    let mut found = BTreeSet::new();
    let mut left = vec![id];
    while let Some(id) = left.pop() {
        left.extend(catalog.uses(id).filter(|used| found.insert(*used)));
    }
    found.contains(domain)
}

fn validate(id: &ObjectId, cx: &Context) -> Statement {
    let tables = super::domain::columns(&id.parent(ObjectKind::Domain), cx);
    let note = "rows that break the constraint make the validation fail";
    Statement::new(format!("ALTER DOMAIN {} VALIDATE CONSTRAINT {}", id.owner_sql(), id.name()))
        .contract()
        .lock_each(LockMode::Share, &tables)
        .scanning(&tables)
        .hazard(HazardKind::MayFailOnData, id, note)
}
