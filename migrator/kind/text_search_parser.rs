//! Text search parsers (CREATE TEXT SEARCH PARSER, chapter 12.5; catalog `pg_ts_parser`).
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
pub struct TextSearchParser {
    /// `START = function`, ..
    functions: Vec<String>,
}

impl Kind for TextSearchParser {
    const LABEL: &'static str = "text search parser";
    const SELDOM: Option<&'static str> = Some("pg_ts_parser");
    const QUERY: &'static str = "
        select 'pg_ts_parser'::regclass::oid, p.oid, 0, array[s.name, p.prsname]::text[],
            array_remove(array['START = ' || p.prsstart, 'GETTOKEN = ' || p.prstoken, 'END = ' || p.prsend,
                'HEADLINE = ' || nullif(p.prsheadline, 0)::regproc, 'LEXTYPES = ' || p.prslextype], null) as functions
        from pg_ts_parser p join user_schema s on s.oid = p.prsnamespace
        where not exists (select from member m where m.classid = 'pg_ts_parser'::regclass and m.objid = p.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let functions = self.functions.join(",\n    ");
        let sql = format!("CREATE TEXT SEARCH PARSER {} (\n    {functions}\n)", id.sql());
        Recipe::one(superuser(Statement::new(sql), id))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        let drop = Statement::new(format!("DROP TEXT SEARCH PARSER {}", id.sql())).contract();
        Recipe::one(drop.unless(super::objection::in_foreign_schema(id)))
    }

    fn alter(_: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let TextSearchParser { functions: _ } = change.desired;
        Alteration::Replace
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER TEXT SEARCH PARSER {} RENAME TO {}", id.sql(), quote(name));
        Some(Recipe::one(superuser(Statement::new(sql), id)))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        self.functions.iter_mut().for_each(|function| renaming.sql(function));
    }
}
