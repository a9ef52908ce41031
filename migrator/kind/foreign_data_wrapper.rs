//! Foreign-data wrappers (CREATE FOREIGN DATA WRAPPER, chapter 5.12; catalog `pg_foreign_data_wrapper`).
//! Most come with an extension, and are its members. Only a superuser creates or alters one.

use serde::{Deserialize, Serialize};

use super::generic_options::{GenericOptions, UNKNOWN};
use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, ObjectId};
use crate::name::{qualified, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignDataWrapper {
    handler: Option<Vec<String>>,
    validator: Option<Vec<String>>,
    options: GenericOptions,
}

impl Kind for ForeignDataWrapper {
    const LABEL: &'static str = "foreign data wrapper";
    const SELDOM: Option<&'static str> = Some("pg_foreign_data_wrapper");
    const QUERY: &'static str = "
        select 'pg_foreign_data_wrapper'::regclass::oid, w.oid, 0, array[w.fdwname]::text[],
            (select json_build_array(n.nspname, p.proname) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                where p.oid = w.fdwhandler) as handler,
            (select json_build_array(n.nspname, p.proname) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                where p.oid = w.fdwvalidator) as validator,
            w.fdwoptions as options
        from pg_foreign_data_wrapper w
        where not exists (select from member m where m.classid = 'pg_foreign_data_wrapper'::regclass and m.objid = w.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let mut sql = format!("CREATE FOREIGN DATA WRAPPER {}", id.sql());
        sql.extend(self.handler.iter().map(|function| format!(" HANDLER {}", qualified(function))));
        sql.extend(self.validator.iter().map(|function| format!(" VALIDATOR {}", qualified(function))));
        let create = Statement::of(self.options.behind(&sql));
        Recipe::one(superuser(self.options.confess(&GenericOptions::default(), create, id), id))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP FOREIGN DATA WRAPPER {}", id.sql())).contract())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let ForeignDataWrapper { handler, validator, options } = change.desired;
        let current = change.current;
        let alter = format!("ALTER FOREIGN DATA WRAPPER {}", id.sql());
        let mut sql = alter.clone();
        for (word, desired, current) in
            [("HANDLER", handler, &current.handler), ("VALIDATOR", validator, &current.validator)]
        {
            if desired != current {
                let function = desired.as_ref().map(|function| format!(" {word} {}", qualified(function)));
                sql.push_str(&function.unwrap_or_else(|| format!(" NO {word}")));
            }
        }
        // The new validator judges the new options.
        let functions = (sql != alter).then(|| Statement::new(sql));
        let altered = GenericOptions::change(Pair::new(&current.options, options), &alter);
        let options = altered.map(|sql| options.confess(&current.options, Statement::of(sql), id));
        let statements = functions.into_iter().chain(options).map(|statement| superuser(statement, id));
        let statements: Vec<Statement> = statements.collect();
        if statements.is_empty() { Alteration::Inform(UNKNOWN.to_owned()) } else { Alteration::InPlace(Recipe::many(statements)) }
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, _: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        self.handler.iter_mut().chain(&mut self.validator).for_each(|function| renaming.function(function));
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER FOREIGN DATA WRAPPER {} RENAME TO {}", id.sql(), quote(name));
        Some(Recipe::one(Statement::new(sql)))
    }
}

fn superuser(statement: Statement, id: &ObjectId) -> Statement {
    statement.by_superuser(id, &[], "only a superuser creates and alters foreign-data wrappers")
}
