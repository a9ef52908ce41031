//! Aggregate functions (CREATE AGGREGATE; catalogs `pg_proc`, `pg_aggregate`).
//! PostgreSQL deparses no aggregate, so the options are put together from the catalog, as `pg_dump` does it.
//! Nothing of an aggregate but its name can be altered.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, ObjectId};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aggregate {
    arguments: String,
    options: Vec<String>,
}

impl Kind for Aggregate {
    const LABEL: &'static str = "aggregate";
    const TYPES_AT: Option<usize> = Some(2);
    const ARGUMENTS: bool = true;
    const DEFAULT_PRIVILEGES: Option<&'static str> = Some("FUNCTIONS");
    const QUERY: &'static str = "
        select 'pg_proc'::regclass::oid, p.oid, 0,
            array[s.name, p.proname, coalesce((select string_agg(format_type(t.oid, null), ', ' order by t.n)
                from unnest(p.proargtypes) with ordinality t(oid, n)), '')]::text[],
            coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*') as arguments,
            array_remove(array[
                'SFUNC = ' || a.aggtransfn::regproc,
                'STYPE = ' || format_type(a.aggtranstype, null),
                'SSPACE = ' || nullif(a.aggtransspace, 0),
                'FINALFUNC = ' || nullif(a.aggfinalfn, 0)::regproc,
                case when a.aggfinalextra then 'FINALFUNC_EXTRA' end,
                case when a.aggfinalfn <> 0 and a.aggfinalmodify <> case a.aggkind when 'n' then 'r' else 'w' end then
                    'FINALFUNC_MODIFY = ' || case a.aggfinalmodify
                        when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE' else 'READ_WRITE' end end,
                'COMBINEFUNC = ' || nullif(a.aggcombinefn, 0)::regproc,
                'SERIALFUNC = ' || nullif(a.aggserialfn, 0)::regproc,
                'DESERIALFUNC = ' || nullif(a.aggdeserialfn, 0)::regproc,
                'INITCOND = ' || quote_literal(a.agginitval),
                'MSFUNC = ' || nullif(a.aggmtransfn, 0)::regproc,
                'MINVFUNC = ' || nullif(a.aggminvtransfn, 0)::regproc,
                'MSTYPE = ' || format_type(nullif(a.aggmtranstype, 0), null),
                'MSSPACE = ' || nullif(a.aggmtransspace, 0),
                'MFINALFUNC = ' || nullif(a.aggmfinalfn, 0)::regproc,
                case when a.aggmfinalextra then 'MFINALFUNC_EXTRA' end,
                case when a.aggmfinalfn <> 0 and a.aggmfinalmodify <> case a.aggkind when 'n' then 'r' else 'w' end then
                    'MFINALFUNC_MODIFY = ' || case a.aggmfinalmodify
                        when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE' else 'READ_WRITE' end end,
                'MINITCOND = ' || quote_literal(a.aggminitval),
                'SORTOP = ' || (select format('OPERATOR(%I.%s)', n.nspname, o.oprname)
                    from pg_operator o join pg_namespace n on n.oid = o.oprnamespace where o.oid = a.aggsortop),
                case when a.aggkind = 'h' then 'HYPOTHETICAL' end,
                case p.proparallel when 's' then 'PARALLEL = SAFE' when 'r' then 'PARALLEL = RESTRICTED' end
            ], null) as options
        from pg_proc p join pg_aggregate a on a.aggfnoid = p.oid join user_schema s on s.oid = p.pronamespace
        where p.prokind = 'a'
            and not exists (select from member m where m.classid = 'pg_proc'::regclass and m.objid = p.oid)";

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("routine", id.path.clone())]
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let options = self.options.join(",\n    ");
        let sql = format!("CREATE AGGREGATE {}({}) (\n    {options}\n)", name(id), self.arguments);
        Recipe::one(Statement::new(sql))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP {}", self.address(id))).contract())
    }

    fn alter(_: &ObjectId, _: Pair<&Self>, _: &Context) -> Alteration {
        Alteration::Replace
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let aggregate = super::routine::signature(id);
        let sql = format!("ALTER AGGREGATE {aggregate} RENAME TO {}", crate::name::quote(name));
        Some(Recipe::one(Statement::new(sql).contract()))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.arguments);
        self.options.iter_mut().for_each(|option| renaming.sql(option));
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("AGGREGATE {}({})", name(id), self.arguments)
    }

    /// GRANT knows an aggregate as a function, by its types alone.
    fn grant_address(&self, id: &ObjectId) -> String {
        format!("FUNCTION {}", super::routine::signature(id))
    }

    fn title(id: &ObjectId) -> String {
        format!("aggregate {}", super::routine::signature(id))
    }
}

/// Schema and name, without the arguments.
fn name(id: &ObjectId) -> String {
    crate::name::qualified(id.path.head(2).iter())
}
