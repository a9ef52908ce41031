//! Procedural languages (documentation chapter 42; catalog `pg_language`) that no extension brought.
//! `CREATE OR REPLACE` keeps owner and privileges. Only a superuser creates a language.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, ObjectId};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Language {
    trusted: bool,
    handler: String,
    inline: Option<String>,
    validator: Option<String>,
}

impl Kind for Language {
    const LABEL: &'static str = "language";
    const SELDOM: Option<&'static str> = Some("pg_language");
    const QUERY: &'static str = "
        select 'pg_language'::regclass::oid, l.oid, 0, array[l.lanname]::text[],
            l.lanpltrusted as trusted, l.lanplcallfoid::regproc::text as handler,
            nullif(l.laninline, 0)::regproc::text as inline, nullif(l.lanvalidator, 0)::regproc::text as validator
        from pg_language l
        where l.oid >= 16384
            and not exists (select from member m where m.classid = 'pg_language'::regclass and m.objid = l.oid)";

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("language", id.path.clone())]
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        Recipe::one(self.statement("CREATE", id))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP LANGUAGE {}", id.sql())).contract())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let Language { trusted: _, handler: _, inline: _, validator: _ } = change.desired;
        Alteration::InPlace(Recipe::one(change.desired.statement("CREATE OR REPLACE", id)))
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt && used.kind.is_satellite()
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER LANGUAGE {} RENAME TO {}", id.sql(), quote(name));
        Some(Recipe::one(Statement::new(sql).contract()))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.handler);
        self.inline.iter_mut().chain(&mut self.validator).for_each(|function| renaming.sql(function));
    }
}

impl Language {
    fn statement(&self, verb: &str, id: &ObjectId) -> Statement {
        let Language { trusted, handler, inline, validator } = self;
        let trusted = if *trusted { " TRUSTED" } else { "" };
        let mut sql = format!("{verb}{trusted} LANGUAGE {} HANDLER {handler}", id.sql());
        sql.extend(inline.iter().map(|function| format!(" INLINE {function}")));
        sql.extend(validator.iter().map(|function| format!(" VALIDATOR {function}")));
        let note = "only a superuser creates a language";
        Statement::new(sql).by_superuser(id, &[], note)
    }
}
