//! Who owns an object (chapter 5.8; the owner column of each catalog). Compared only when asked for (`--with owner`).
//! A replaced object belongs to whoever replaced it until its owner is restored.

use serde::{Deserialize, Serialize};

use super::{access, objection};
use crate::catalog::Catalog;
use crate::context::{Context, Wish};
use crate::kind::{Group, Kind, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    pub(super) owner: String,
}

impl Kind for Ownership {
    const LABEL: &'static str = "owner";
    const SATELLITE: bool = true;
    const GROUPED: bool = true;
    const OPTIONAL: Option<Group> = Some(Group::Owner);
    // A sequence that a column owns has the owner of its table.
    const QUERY: &'static str = "
        select o.classid, array_agg(o.objid), array_agg(0), false, pg_get_userbyid(o.owner) as owner
        from (
            select 'pg_class'::regclass::oid, c.oid, c.relowner from relation c
            -- Looked up for each (offset 0), which is sooner done than a scan of all dependencies.
            where c.relkind in ('r', 'p', 'v', 'm', 'f') or c.relkind = 'S' and not exists (
                select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
                    and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 offset 0)
            union all select 'pg_type'::regclass, t.oid, t.typowner from pg_type t join user_schema s on s.oid = t.typnamespace
                where t.typelem = 0 or t.typsubscript <> 'array_subscript_handler'::regproc
            union all select 'pg_proc'::regclass, p.oid, p.proowner from pg_proc p join user_schema s on s.oid = p.pronamespace
            union all select 'pg_namespace'::regclass, n.oid, n.nspowner from pg_namespace n join user_schema s using (oid)
            union all select 'pg_operator'::regclass, o.oid, o.oprowner
                from pg_operator o join user_schema s on s.oid = o.oprnamespace where o.oprcode <> 0
            union all select 'pg_opclass'::regclass, c.oid, c.opcowner from pg_opclass c join user_schema s on s.oid = c.opcnamespace
            union all select 'pg_opfamily'::regclass, f.oid, f.opfowner from pg_opfamily f join user_schema s on s.oid = f.opfnamespace
            union all select 'pg_ts_dict'::regclass, d.oid, d.dictowner from pg_ts_dict d join user_schema s on s.oid = d.dictnamespace
            union all select 'pg_ts_config'::regclass, c.oid, c.cfgowner from pg_ts_config c join user_schema s on s.oid = c.cfgnamespace
            union all select 'pg_event_trigger'::regclass, e.oid, e.evtowner from pg_event_trigger e
            union all select 'pg_collation'::regclass, c.oid, c.collowner from pg_collation c join user_schema s on s.oid = c.collnamespace
            union all select 'pg_conversion'::regclass, c.oid, c.conowner from pg_conversion c join user_schema s on s.oid = c.connamespace
            union all select 'pg_language'::regclass, l.oid, l.lanowner from pg_language l where l.oid >= 16384
            union all select 'pg_publication'::regclass, p.oid, p.pubowner from pg_publication p
            union all select 'pg_subscription'::regclass, x.oid, x.subowner from pg_subscription x
                where x.subdbid = (select d.oid from pg_database d where d.datname = current_database())
            union all select 'pg_foreign_data_wrapper'::regclass, w.oid, w.fdwowner from pg_foreign_data_wrapper w
            union all select 'pg_foreign_server'::regclass, s.oid, s.srvowner from pg_foreign_server s
            union all select 'pg_statistic_ext'::regclass, x.oid, x.stxowner from pg_statistic_ext x
        ) o (classid, objid, owner)
        group by o.classid, o.owner";

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        id.target()
    }

    fn roles(&self, _: &ObjectId) -> Vec<String> {
        vec![self.owner.clone()]
    }

    fn match_versions(&mut self, id: &ObjectId, prod: &Self, majors: Pair<u32>) -> Option<String> {
        let initial = |major: u32, owner: &str| match major {
            ..15 => ["postgres", "rdsadmin"].contains(&owner),
            _ => owner == "pg_database_owner",
        };
        let both = initial(majors.current, &prod.owner) && initial(majors.desired, &self.owner);
        if both && access::is_schema_public(id) {
            self.owner.clone_from(&prod.owner);
        }
        None
    }

    fn wanted(_: &ObjectId, sides: Pair<Option<&Self>>, wish: &Wish) -> Option<Self> {
        let passed_over = [sides.current, sides.desired].into_iter().flatten().any(|side| !wish.speaks_of(&side.owner));
        if passed_over { sides.current.cloned() } else { sides.desired.cloned() }
    }

    fn governors(id: &ObjectId, sides: Pair<Option<&Self>>, catalogs: Pair<&Catalog>) -> Vec<String> {
        let there = id.target().is_some_and(|target| catalogs.current.contains(&target));
        let sides = [sides.current.filter(|_| there), sides.desired];
        sides.into_iter().flatten().map(|side| side.owner.clone()).collect()
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let made_by_us = id.target().is_some_and(|target| cx.is_new(&target));
        if made_by_us && self.owner == cx.catalogs.current.role {
            return Recipe::none();
        }
        Recipe { awaits: sequences(id, cx), ..self.given(id, cx) }
    }

    fn drop(&self, _: &ObjectId, _: &Context) -> Recipe {
        Recipe::none()
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let note = format!("{} loses the owner's rights", change.current.owner);
        let mut give = change.desired.given(id, cx);
        give.establish = give.establish.into_iter().map(|give| give.contract().hazard(HazardKind::PrivilegeChange, id, &note)).collect();
        Alteration::InPlace(give)
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, _: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt
    }

    /// What took the target's name without being dropped first belongs to whoever runs the plan.
    fn follow(id: &ObjectId, change: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        if cx.is_dropped(used) {
            return Alteration::Replace;
        }
        if change.desired.owner == cx.catalogs.current.role {
            return Alteration::InPlace(Recipe::none());
        }
        Alteration::InPlace(change.desired.given(id, cx))
    }

    fn title(id: &ObjectId) -> String {
        id.target().map_or("owner".to_owned(), |target| format!("owner of {target}"))
    }
}

impl Ownership {
    fn given(&self, id: &ObjectId, cx: &Context) -> Recipe {
        let target = id.target();
        let address = target.as_ref().and_then(|target| Some(cx.desired(target)?.address(target)));
        let sql = format!("ALTER {} OWNER TO {}", address.unwrap_or_default(), quote(&self.owner));
        let mut give = Statement::new(sql).by_member_of(&self.owner);
        give = give.lock_each(LockMode::AccessExclusive, target.iter().filter_map(|target| super::table::relation_of(target, cx)));
        give.objection = target.as_ref().and_then(|target| objection::to_new_owner(target, &self.owner, cx));
        Recipe::one(give).needs(target.iter().flat_map(objection::before_new_owner))
    }
}

/// The sequences that columns of a new table own: they must have its owner, and go with it when it gets another one.
/// A sequence gets an owner of its own once no column owns it.
fn sequences(id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let Some(table) = id.target() else { return Vec::new() };
    if table.kind == ObjectKind::Sequence {
        return vec![table];
    }
    if !cx.is_new(&table) {
        return Vec::new();
    }
    let desired = cx.catalogs.desired;
    let columns = desired.used_by(&table).filter(|part| part.kind == ObjectKind::Column);
    columns.flat_map(|column| desired.carries(column)).filter(|id| id.kind == ObjectKind::Sequence).cloned().collect()
}
