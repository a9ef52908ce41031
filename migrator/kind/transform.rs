//! Transforms (CREATE TRANSFORM; catalog `pg_transform`): how a procedural language sees the values of a type.
//! A transform has no name but its type and its language, and belongs to nobody.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, ObjectId};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transform {
    from_sql: Option<String>,
    to_sql: Option<String>,
}

impl Kind for Transform {
    const LABEL: &'static str = "transform";
    const TYPES_AT: Option<usize> = Some(0);
    const SELDOM: Option<&'static str> = Some("pg_transform");
    const QUERY: &'static str = "
        select 'pg_transform'::regclass::oid, x.oid, 0, array[format_type(x.trftype, null), l.lanname]::text[],
            nullif(x.trffromsql, 0)::regprocedure::text as from_sql, nullif(x.trftosql, 0)::regprocedure::text as to_sql
        from pg_transform x join pg_language l on l.oid = x.trflang
        where x.oid >= 16384
            and not exists (select from member m where m.classid = 'pg_transform'::regclass and m.objid = x.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        Recipe::one(self.statement("CREATE", id))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        let drop = Statement::new(format!("DROP {}", self.address(id))).contract();
        Recipe::one(drop.unless(objection(id)))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let Transform { from_sql: _, to_sql: _ } = change.desired;
        Alteration::InPlace(Recipe::one(change.desired.statement("CREATE OR REPLACE", id)))
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt && used.kind.is_satellite()
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        self.from_sql.iter_mut().chain(&mut self.to_sql).for_each(|function| renaming.sql(function));
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("TRANSFORM FOR {}", phrase(id))
    }

    fn title(id: &ObjectId) -> String {
        format!("transform for {}", phrase(id))
    }
}

impl Transform {
    fn statement(&self, verb: &str, id: &ObjectId) -> Statement {
        let Transform { from_sql, to_sql } = self;
        let from = from_sql.iter().map(|function| format!("FROM SQL WITH FUNCTION {function}"));
        let to = to_sql.iter().map(|function| format!("TO SQL WITH FUNCTION {function}"));
        let functions = from.chain(to).collect::<Vec<_>>().join(", ");
        Statement::new(format!("{verb} {} ({functions})", self.address(id))).unless(objection(id))
    }
}

fn objection(id: &ObjectId) -> String {
    super::objection::on_foreign_type(id, &id.path.parent().join("."))
}

/// The path holds the type as `format_type` writes it: quoted already.
fn phrase(id: &ObjectId) -> String {
    format!("{} LANGUAGE {}", id.path.parent().join("."), quote(id.raw_name()))
}
