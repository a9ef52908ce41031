//! Extended statistics (CREATE STATISTICS, chapter 14.2.2; catalog `pg_statistic_ext`).
//! They go when a column does that they speak of. A change of what they count needs new ones, which ANALYZE fills;
//! so does a column's new type: PostgreSQL would keep neither their owner nor their target.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// None where they are of a single expression.
    kinds: Vec<String>,
    /// Columns by name, then expressions: PostgreSQL keeps no other order than that of the table's columns.
    columns: String,
    on: ObjectId,
    target: Option<i32>,
}

impl Kind for Statistics {
    const LABEL: &'static str = "statistics";
    const SELDOM: Option<&'static str> = Some("pg_statistic_ext");
    const QUERY: &'static str = "
        select 'pg_statistic_ext'::regclass::oid, x.oid, 0, array[s.name, x.stxname]::text[],
            array_remove(array[
                case when 'd' = any (x.stxkind) then 'ndistinct' end,
                case when 'f' = any (x.stxkind) then 'dependencies' end,
                case when 'm' = any (x.stxkind) then 'mcv' end], null)::text[] as kinds,
            concat_ws(', ', (
                select string_agg(quote_ident(a.attname), ', ' order by a.attname) from pg_attribute a
                where a.attrelid = x.stxrelid and a.attnum = any (x.stxkeys)), (
                select string_agg('(' || e || ')', ', ' order by n)
                from unnest(pg_get_statisticsobjdef_expressions(x.oid)) with ordinality u(e, n))) as columns,
            json_build_object('kind', case c.relkind when 'm' then 'materialized_view' else 'table' end,
                'path', json_build_array(c.schema, c.relname)) as on,
            nullif(x.stxstattarget, -1)::integer as target
        from pg_statistic_ext x join user_schema s on s.oid = x.stxnamespace join relation c on c.oid = x.stxrelid
        where not exists (select from member m where m.classid = 'pg_statistic_ext'::regclass and m.objid = x.oid)";

    fn requires(&self, _: &ObjectId) -> Vec<ObjectId> {
        vec![self.on.clone()]
    }

    fn carried_by(&self, _: &ObjectId) -> Vec<ObjectId> {
        vec![self.on.clone()]
    }

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("statistics", id.path.clone())]
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let kinds = if self.kinds.is_empty() { String::new() } else { format!(" ({})", self.kinds.join(", ")) };
        let create =
            Statement::new(format!("CREATE STATISTICS {}{kinds} ON {} FROM {}", id.sql(), self.columns, self.on.sql()));
        let mut statements = vec![if cx.is_new(&self.on) { create } else { self.locked(create) }];
        statements.extend(self.target.map(|_| self.targeting(id).joined()));
        Recipe::many(statements)
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(self.locked(Statement::new(format!("DROP STATISTICS {}", id.sql()))).contract())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let Statistics { kinds, columns, on, target: _ } = change.desired;
        let current = change.current;
        if *kinds != current.kinds || *columns != current.columns || *on != current.on {
            return Alteration::Replace;
        }
        Alteration::InPlace(Recipe::one(change.desired.targeting(id)))
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt && used.kind != ObjectKind::Column
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        Some(Recipe::one(Statement::new(format!("ALTER STATISTICS {} RENAME TO {}", id.sql(), quote(name)))))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.columns);
        renaming.id(&mut self.on);
    }
}

impl Statistics {
    /// `DEFAULT` is a word of PostgreSQL 17.
    fn targeting(&self, id: &ObjectId) -> Statement {
        Statement::new(format!("ALTER STATISTICS {} SET STATISTICS {}", id.sql(), self.target.unwrap_or(-1)))
    }

    fn locked(&self, statement: Statement) -> Statement {
        statement.lock(LockMode::ShareUpdateExclusive, &self.on)
    }
}
