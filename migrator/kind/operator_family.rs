//! Operator families (CREATE OPERATOR FAMILY, chapter 36.16; catalog `pg_opfamily`).
//! A family is a name: operator classes and loose members stand in it, each an object of its own. Some access methods
//! tie a member to the family for good: it goes only when the family goes.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, NamePath, ObjectId};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorFamily {
    tied: Vec<String>,
}

impl Kind for OperatorFamily {
    const LABEL: &'static str = "operator family";
    const SELDOM: Option<&'static str> = Some("pg_opfamily");
    const QUERY: &'static str = "
        select 'pg_opfamily'::regclass::oid, f.oid, 0, array[s.name, a.amname, f.opfname]::text[],
            array(select pg_describe_object(d.classid, d.objid, 0) || ' ' || coalesce(p.amproc::regprocedure::text, '')
                from pg_depend d left join pg_amproc p on d.classid = 'pg_amproc'::regclass and p.oid = d.objid
                where d.refclassid = 'pg_opfamily'::regclass and d.refobjid = f.oid and d.deptype = 'i' order by 1) as tied
        from pg_opfamily f join user_schema s on s.oid = f.opfnamespace join pg_am a on a.oid = f.opfmethod
        where not exists (select from member m where m.classid = 'pg_opfamily'::regclass and m.objid = f.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        Recipe::one(superuser(Statement::new(format!("CREATE {}", self.address(id))), id))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP {}", self.address(id))).contract())
    }

    fn alter(_: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let OperatorFamily { tied } = change.desired;
        let kept = change.current.tied.iter().all(|member| tied.contains(member));
        if kept { Alteration::InPlace(Recipe::none()) } else { Alteration::Replace }
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        Some(Recipe::one(Statement::new(format!("ALTER {} RENAME TO {}", self.address(id), quote(name)))))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        self.tied.iter_mut().for_each(|member| renaming.sql(member));
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("OPERATOR FAMILY {}", name(&id.path))
    }

    fn title(id: &ObjectId) -> String {
        format!("operator family {}", name(&id.path))
    }
}

/// `schema.name USING method`, of what has [schema, method, name, ..] as its path.
pub(super) fn name(path: &NamePath) -> String {
    match path.names()[..] {
        [schema, method, name, ..] => format!("{}.{} USING {}", quote(schema), quote(name), quote(method)),
        _ => crate::name::qualified(path.iter()),
    }
}

pub(super) fn superuser(statement: Statement, id: &ObjectId) -> Statement {
    let note = "only a superuser may do it: a mistake here confuses or crashes the server";
    statement.by_superuser(id, &[], note)
}
