//! Shell types (CREATE TYPE without a definition; `pg_type` with typisdefined false).
//! A base type's own functions, and a range's canonical one, must be there before the type and name it: so every such
//! type begins as a shell. The shell of a finished type is an object too, though the server no longer knows it.

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::kind::{Claim, Kind, Object, ObjectId, ObjectKind};
use crate::pair::Pair;
use crate::statement::{Alteration, Disturbance, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShellType {
    /// What it has become.
    finished: Option<ObjectKind>,
}

impl Kind for ShellType {
    const LABEL: &'static str = "shell type";
    const NAMES_TYPES: bool = true;
    // The server's edges to a finished type are the finished type's.
    const QUERY: &'static str = "
        select 'pg_type'::regclass::oid, case when t.typisdefined then 0 else t.oid end::oid, 0, array[s.name, t.typname]::text[],
            case when t.typisdefined then case t.typtype when 'b' then 'base_type' else 'range_type' end end as finished
        from pg_type t join user_schema s on s.oid = t.typnamespace
        where case t.typtype
                when 'b' then not exists (select from pg_type e where e.oid = t.typelem and e.typarray = t.oid)
                when 'r' then exists (select from pg_range r where r.rngtypid = t.oid and r.rngcanonical >= 16384)
                else not t.typisdefined end
            and not exists (select from member m where m.classid = 'pg_type'::regclass and m.objid = t.oid)";

    fn carried_by(&self, id: &ObjectId) -> Vec<ObjectId> {
        self.finished.iter().map(|kind| id.with_kind(*kind)).collect()
    }

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("type", id.path.clone())]
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let create = Statement::new(format!("CREATE TYPE {}", id.sql()));
        Recipe::one(create.by_superuser(id, &[], "only a superuser creates types that begin as shells"))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        super::composite_type::drop_type(id)
    }

    /// What was finished can never be a shell again, and nobody but its owner finishes a shell.
    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let ShellType { finished: _ } = change.desired;
        let role = &cx.catalogs.current.role;
        let owner = cx.current(&ObjectId::satellite(ObjectKind::Ownership, id));
        let foreign = matches!(owner, Some(Object::Ownership(ownership)) if ownership.owner != *role);
        if change.current.finished.is_some() || foreign {
            return Alteration::Replace;
        }
        Alteration::InPlace(Recipe::none())
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, _: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("TYPE {}", id.sql())
    }
}
