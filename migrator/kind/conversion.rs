//! Conversions between encodings (documentation chapter 24.3; catalog `pg_conversion`).
//! Nothing of a conversion but its name can be altered.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, ObjectId};
use crate::name::{literal, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    from: String,
    to: String,
    function: String,
    default: bool,
}

impl Kind for Conversion {
    const LABEL: &'static str = "conversion";
    const SELDOM: Option<&'static str> = Some("pg_conversion");
    const QUERY: &'static str = "
        select 'pg_conversion'::regclass::oid, c.oid, 0, array[s.name, c.conname]::text[],
            pg_encoding_to_char(c.conforencoding)::text as from, pg_encoding_to_char(c.contoencoding)::text as to,
            c.conproc::regproc::text as function, c.condefault as default
        from pg_conversion c join user_schema s on s.oid = c.connamespace
        where not exists (select from member m where m.classid = 'pg_conversion'::regclass and m.objid = c.oid)";

    /// A schema has one default for each pair of encodings.
    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        let pair = || [&id.path[0], &self.from, &self.to].iter().collect();
        let default = self.default.then(|| ("default conversion", pair()));
        std::iter::once(("conversion", id.path.clone())).chain(default).collect()
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let Conversion { from, to, function, default } = self;
        let default = if *default { "DEFAULT " } else { "" };
        let (from, to) = (literal(from), literal(to));
        let sql = format!("CREATE {default}CONVERSION {} FOR {from} TO {to} FROM {function}", id.sql());
        Recipe::one(Statement::new(sql))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP CONVERSION {}", id.sql())).contract())
    }

    fn alter(_: &ObjectId, _: Pair<&Self>, _: &Context) -> Alteration {
        Alteration::Replace
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER CONVERSION {} RENAME TO {}", id.sql(), quote(name));
        Some(Recipe::one(Statement::new(sql)))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.function);
    }
}
