//! Collations (documentation chapter 24.2; catalog `pg_collation`).
//! Nothing of a collation but its name can be altered: a new one takes the name, and columns follow.
//! The version that the library had is a matter of the server (ALTER COLLATION .. REFRESH VERSION), and not compared.

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::kind::{Claim, Kind, ObjectId};
use crate::name::{literal, quote};
use crate::pair::Pair;
use crate::statement::{Alteration, Fragment, HazardKind, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collation {
    provider: String,
    deterministic: bool,
    /// Where `LC_COLLATE` and `LC_CTYPE` are one.
    locale: Option<String>,
    collate: Option<String>,
    ctype: Option<String>,
    rules: Option<String>,
}

impl Kind for Collation {
    const LABEL: &'static str = "collation";
    const SELDOM: Option<&'static str> = Some("pg_collation");
    // Until PostgreSQL 14 the ICU locale stood in collcollate, in 15 and 16 in colliculocale, then in colllocale.
    const QUERY: &'static str = "
        select 'pg_collation'::regclass::oid, c.oid, 0, array[s.name, c.collname]::text[],
            case c.collprovider when 'c' then 'libc' when 'i' then 'icu' when 'b' then 'builtin' else 'default' end as provider,
            c.collisdeterministic as deterministic,
            coalesce(j->>'colllocale', j->>'colliculocale', case when c.collcollate = c.collctype then c.collcollate end)::text as locale,
            case when c.collcollate <> c.collctype then c.collcollate end::text as collate,
            case when c.collcollate <> c.collctype then c.collctype end::text as ctype,
            (j->>'collicurules')::text as rules
        from pg_collation c join user_schema s on s.oid = c.collnamespace cross join to_jsonb(c) j
        where not exists (select from member m where m.classid = 'pg_collation'::regclass and m.objid = c.oid)";

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("collation", id.path.clone())]
    }

    fn since(&self, _: &ObjectId) -> Option<(u32, &'static str)> {
        let builtin = self.provider == "builtin";
        let unicode = builtin && self.locale.as_deref() == Some("PG_UNICODE_FAST");
        let features = [
            (unicode, 18, "the locale PG_UNICODE_FAST"),
            (builtin, 17, "the collation provider builtin"),
            (self.rules.is_some(), 16, "collation rules"),
        ];
        features.into_iter().find(|(has, ..)| *has).map(|(_, major, what)| (major, what))
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let Collation { provider, deterministic, locale, collate, ctype, rules } = self;
        let text = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name} = {}", literal(value)));
        let options = [
            Some(format!("provider = {provider}")),
            (!deterministic).then(|| "deterministic = false".to_owned()),
            text("locale", locale),
            text("lc_collate", collate),
            text("lc_ctype", ctype),
            text("rules", rules),
        ];
        let options = options.into_iter().flatten().collect::<Vec<_>>().join(", ");
        Recipe::one(Statement::new(format!("CREATE COLLATION {} ({options})", id.sql())))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP COLLATION {}", id.sql())).contract())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let note = "values that were different may be equal now, and unique indexes are built anew";
        super::composite_type::replaced_aside("COLLATION", id, change.desired, cx, (HazardKind::MayFailOnData, note))
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER COLLATION {} RENAME TO {}", id.sql(), quote(name));
        Some(Recipe::one(Statement::new(sql).contract()))
    }
}
