//! Operator families (CREATE OPERATOR FAMILY, chapter 36.16; catalog `pg_opfamily`).
//! A family is a name: operator classes and loose members stand in it, each an object of its own.

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::kind::{Kind, ObjectId};
use crate::name::quote;
use crate::pair::Pair;
use crate::statement::{Alteration, Fragment, HazardKind, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorFamily {}

impl Kind for OperatorFamily {
    const LABEL: &'static str = "operator family";
    const QUERY: &'static str = "
        select 'pg_opfamily'::regclass::oid, f.oid, 0, array[s.name, a.amname, f.opfname]::text[]
        from pg_opfamily f join user_schema s on s.oid = f.opfnamespace join pg_am a on a.oid = f.opfmethod
        where not exists (select from member m where m.classid = 'pg_opfamily'::regclass and m.objid = f.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        Recipe::one(superuser(Statement::new(format!("CREATE {}", self.address(id))), id))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP {}", self.address(id))).contract())
    }

    fn alter(_: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let OperatorFamily {} = change.desired;
        Alteration::InPlace(Recipe::none())
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        Some(Recipe::one(Statement::new(format!("ALTER {} RENAME TO {}", self.address(id), quote(name)))))
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("OPERATOR FAMILY {}", name(&id.path))
    }

    fn title(id: &ObjectId) -> String {
        format!("operator family {}", name(&id.path))
    }
}

/// `schema.name USING method`, of what has [schema, method, name, ..] as its path.
pub(super) fn name(path: &[String]) -> String {
    match path {
        [schema, method, name, ..] => format!("{}.{} USING {}", quote(schema), quote(name), quote(method)),
        _ => crate::name::qualified(path),
    }
}

pub(super) fn superuser(statement: Statement, id: &ObjectId) -> Statement {
    let note = "only a superuser may do it: a mistake here confuses or crashes the server";
    statement.hazard(HazardKind::NeedsSuperuser, id, note)
}
