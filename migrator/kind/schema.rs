//! Schemas (PostgreSQL documentation, chapter 5.10; catalog `pg_namespace`).
//! `public` is a schema like any other: a database may have dropped it.
//! Schemas that an extension made are the extension's.

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::kind::{Kind, ObjectId};
use crate::pair::Pair;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {}

impl Kind for Schema {
    const LABEL: &'static str = "schema";
    const DEFAULT_PRIVILEGES: Option<&'static str> = Some("SCHEMAS");
    const QUERY: &'static str = "
        select 'pg_namespace'::regclass::oid, s.oid, 0, array[s.name]::text[]
        from user_schema s
        where not exists (select from member m where m.classid = 'pg_namespace'::regclass and m.objid = s.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("CREATE SCHEMA {}", id.sql())))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP SCHEMA {}", id.sql())).contract())
    }

    fn is_initial(&self, id: &ObjectId) -> bool {
        id.raw_name() == "public"
    }

    fn alter(_: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let Schema {} = change.desired;
        Alteration::InPlace(Recipe::none())
    }
}
