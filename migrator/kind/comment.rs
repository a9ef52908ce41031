//! Comments (COMMENT; catalog `pg_description`) on objects of every kind.

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::kind::{Kind, ObjectId, ObjectKind};
use crate::name::literal;
use crate::pair::Pair;
use crate::statement::{Alteration, Disturbance, Fragment, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    text: String,
}

impl Kind for Comment {
    const LABEL: &'static str = "comment";
    const SATELLITE: bool = true;
    // DROP SUBSCRIPTION leaves the comment behind, on what cannot be described any more. The index behind a constraint is
    // a field of it, an identity's sequence of its column; clones of triggers and foreign keys are elsewhere.
    const QUERY: &'static str = "
        select d.classoid, d.objoid, d.objsubid,
            true, d.description as text
        from pg_description d
        where not exists (select from member m where m.classid = d.classoid and m.objid = d.objoid)
            and not exists (select from pg_constraint k where k.conindid = d.objoid and k.contype in ('p', 'u', 'x')
                and d.classoid = 'pg_class'::regclass)
            and not (d.classoid = 'pg_class'::regclass and d.objoid in (select q.seqrelid from pg_sequence q) and exists (
                select from pg_depend i where i.classid = d.classoid and i.objid = d.objoid and i.deptype = 'i' offset 0))
            and not (d.classoid = 'pg_trigger'::regclass and d.objoid in (select t.oid from pg_trigger t where t.tgparentid <> 0))
            and not (d.classoid = 'pg_constraint'::regclass and d.objoid in (
                select k.oid from pg_constraint k where k.contype = 'f' and k.conparentid <> 0))
            and (d.objoid >= 16384 or d.classoid in ('pg_namespace'::regclass, 'pg_extension'::regclass))";

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        id.target()
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let mut recipe = Recipe::one(comment(id, &cx.address_of_target(id), Some(&self.text), cx));
        // It may come along with another one, or get its name once it has left that.
        let target = id.target().filter(|target| target.kind == ObjectKind::NotNull);
        let leaders = target.iter().flat_map(|target| super::not_null::leaders(target, cx));
        recipe.needs.extend(leaders);
        recipe.awaits.extend(target);
        recipe
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        // Gone before its target gets another name.
        Recipe::one(comment(id, &cx.current_address_of_target(id), None, cx))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        Alteration::InPlace(change.desired.create(id, &[], cx))
    }

    /// An attribute of a composite type is another one when its type is.
    fn withstands(_: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt && used.kind != ObjectKind::Attribute
    }

    /// What took the target's name without being dropped first has no comment yet.
    fn follow(id: &ObjectId, change: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        if cx.is_dropped(used) {
            return Alteration::Replace;
        }
        Alteration::InPlace(change.desired.create(id, &[], cx))
    }

    fn title(id: &ObjectId) -> String {
        id.target().map_or("comment".to_owned(), |target| format!("comment on {target}"))
    }
}

/// `COMMENT ON` what is addressed so; without a text, none is left.
pub(super) fn on(address: &str, text: Option<&str>) -> Statement {
    Statement::new(format!("COMMENT ON {address} IS {}", text.map_or("NULL".to_owned(), literal)))
}

fn comment(id: &ObjectId, address: &str, text: Option<&str>, cx: &Context) -> Statement {
    let relation = id.target().and_then(|target| super::table::relation_of(&target, cx));
    on(address, text).lock_each(LockMode::ShareUpdateExclusive, relation)
}
