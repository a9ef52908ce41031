//! Column defaults (`pg_attrdef`). A generation expression is the column's own.
//! Setting one touches no row; in ADD COLUMN a volatile one rewrites the table.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::definition::Spelling;
use crate::kind::{Kind, Named, Object, ObjectId, ObjectKind};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnDefault {
    expression: String,
    volatile: bool,
    /// The table is a partition or inherits: the parent's default is another object.
    silent: bool,
}

impl Kind for ColumnDefault {
    const LABEL: &'static str = "default";
    const NAMED: Named = Named::AsColumn;
    const GROUPED: bool = true;
    const QUERY: &'static str = "
        select 'pg_attrdef'::regclass::oid, array_agg(d.oid), array_agg(0), array_agg(c.oid), array_agg(a.attnum),
            not a.attislocal and not c.relispartition as silent
        from relation c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where c.relkind in ('r', 'p', 'f') and a.attgenerated = ''
        group by silent";

    // A default speaks of no column, and without a relation to look at pg_get_expr has none to open. The node tree names
    // the functions that are called: none of them volatile means that one value serves all rows.
    fn spelling() -> Option<Spelling> {
        Some(Spelling {
            trees: "select d.oid, 0::oid, d.adbin::text from pg_attrdef d where d.oid >= 16384",
            fields: "select d.oid, pg_get_expr(d.adbin, 0) as expression, exists (
                    select from unnest((string_to_array(d.adbin::text, 'funcid '))[2:]) call
                        join pg_proc p on p.oid = split_part(call, ' ', 1)::oid
                    where p.provolatile = 'v') as volatile
                from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum and a.attgenerated = ''
                where d.oid = any ($1)",
        })
    }

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(column(id))
    }

    fn fragment(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Option<Fragment> {
        let table = id.parent(ObjectKind::Table);
        if super::column::is_undefined(&column(id), cx) {
            return None;
        }
        if self.silent && cx.is_new(&table) {
            return None;
        }
        let fragment = Fragment::new(format!("DEFAULT {}", self.expression));
        if !self.volatile || cx.is_new(&table) || super::table::is_foreign(&table, cx) || super::backfill::is_due(&column(id), cx) {
            return Some(fragment);
        }
        let note = format!("every row gets its own default: the table is rewritten{}", cx.size_note(&table));
        Some(fragment.hazard(HazardKind::TableRewrite, &table, note))
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        Recipe::one(alter(id, &format!("SET DEFAULT {}", self.expression)))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(alter(id, "DROP DEFAULT").contract())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let ColumnDefault { expression, volatile: _, silent: _ } = change.desired;
        if *expression == change.current.expression {
            return Alteration::InPlace(Recipe::none());
        }
        Alteration::InPlace(change.desired.create(id, &[], cx))
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt && used.kind == ObjectKind::Routine
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        // A sequence is named inside a string: nextval('public.orders_id_seq'::regclass).
        let quoted = renaming.from.sql();
        self.expression = self.expression.replace(&format!("'{quoted}'"), &format!("'{}'", renaming.to().sql()));
        renaming.sql(&mut self.expression);
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("COLUMN {}", id.sql())
    }

    fn title(id: &ObjectId) -> String {
        format!("default of {}", id.sql())
    }
}

impl ColumnDefault {
    /// Whether every row gets another value.
    pub(super) fn is_volatile(&self) -> bool {
        self.volatile
    }
}

/// What stands behind DEFAULT for the column.
pub(super) fn expression_of<'a>(column: &ObjectId, cx: &Context<'a>) -> &'a str {
    match cx.desired(&column.with_kind(ObjectKind::ColumnDefault)) {
        Some(Object::ColumnDefault(default)) => &default.expression,
        _ => "NULL",
    }
}

/// A new column brings its default to the tables below along with itself; those that shall have none lose it.
pub(super) fn unwanted_below(column: &ObjectId, cx: &Context) -> Vec<Statement> {
    let table = column.parent(ObjectKind::Table);
    let below = if cx.is_new(&table) { Vec::new() } else { super::inheritance::descendants(&table, cx) };
    let columns = below.iter().map(|table| table.child(ObjectKind::Column, column.raw_name()));
    let new = columns.filter(|column| cx.is_new(column));
    new.filter_map(|below| unwanted(&below, std::slice::from_ref(column), cx)).collect()
}

/// A column that shall have no default inherits one if one of these has it.
pub(super) fn unwanted(column: &ObjectId, inherited: &[ObjectId], cx: &Context) -> Option<Statement> {
    let default = |column: &ObjectId| column.with_kind(ObjectKind::ColumnDefault);
    let has = |column: &ObjectId| cx.desired(&default(column)).is_some();
    (!has(column) && inherited.iter().any(has)).then(|| alter(&default(column), "DROP DEFAULT"))
}

fn column(id: &ObjectId) -> ObjectId {
    id.with_kind(ObjectKind::Column)
}

/// ONLY: each table of an inheritance tree has defaults of its own.
fn alter(id: &ObjectId, what: &str) -> Statement {
    let table = id.parent(ObjectKind::Table);
    Statement::new(format!("ALTER TABLE ONLY {} ALTER COLUMN {} {what}", table.sql(), id.name()))
        .lock(LockMode::AccessExclusive, &table)
}
