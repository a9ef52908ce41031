//! Text search templates (CREATE TEXT SEARCH TEMPLATE, chapter 12.6; catalog `pg_ts_template`).
//! A superuser's, made of functions in C. Nothing of one but its name and schema can be altered.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, ObjectId};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

use super::operator_family::superuser;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchTemplate {
    /// `LEXIZE = function`, ..
    functions: Vec<String>,
}

impl Kind for TextSearchTemplate {
    const LABEL: &'static str = "text search template";
    const SELDOM: Option<&'static str> = Some("pg_ts_template");
    const QUERY: &'static str = "
        select 'pg_ts_template'::regclass::oid, t.oid, 0, array[s.name, t.tmplname]::text[],
            array_remove(array['INIT = ' || nullif(t.tmplinit, 0)::regproc, 'LEXIZE = ' || t.tmpllexize], null) as functions
        from pg_ts_template t join user_schema s on s.oid = t.tmplnamespace
        where not exists (select from member m where m.classid = 'pg_ts_template'::regclass and m.objid = t.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let functions = self.functions.join(",\n    ");
        let sql = format!("CREATE TEXT SEARCH TEMPLATE {} (\n    {functions}\n)", id.sql());
        Recipe::one(superuser(Statement::new(sql), id))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        let drop = Statement::new(format!("DROP TEXT SEARCH TEMPLATE {}", id.sql())).contract();
        Recipe::one(drop.unless(super::objection::in_foreign_schema(id)))
    }

    fn alter(_: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let TextSearchTemplate { functions: _ } = change.desired;
        Alteration::Replace
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER TEXT SEARCH TEMPLATE {} RENAME TO {}", id.sql(), quote(name));
        Some(Recipe::one(superuser(Statement::new(sql), id)))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        self.functions.iter_mut().for_each(|function| renaming.sql(function));
    }
}
