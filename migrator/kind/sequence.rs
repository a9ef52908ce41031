//! Sequences (CREATE SEQUENCE; catalog `pg_sequence`). An identity column's sequence is the column's.
//! OWNED BY is set once the column exists; the sequence goes with its column. Never compares `last_value`.

use serde::{Deserialize, Serialize};

use super::access;
use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    #[serde(flatten)]
    options: SequenceOptions,
    unlogged: bool,
    owned_by: Option<ObjectId>,
}

/// What CREATE SEQUENCE and an identity column may state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SequenceOptions {
    #[serde(rename = "type")]
    data_type: String,
    start: i64,
    increment: i64,
    minimum: i64,
    maximum: i64,
    cache: i64,
    cycle: bool,
}

impl SequenceOptions {
    fn bounds(&self) -> (i64, i64) {
        let (low, high) = match self.data_type.as_str() {
            "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
            "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
            _ => (i64::MIN, i64::MAX),
        };
        if self.increment > 0 { (1, high) } else { (low, -1) }
    }

    /// The options that are not what PostgreSQL takes by itself.
    pub(super) fn clauses(&self) -> Vec<String> {
        let (minimum, maximum) = self.bounds();
        let start = if self.increment > 0 { self.minimum } else { self.maximum };
        let mut clauses = Vec::new();
        let mut clause = |differs: bool, text: String| clauses.extend(differs.then_some(text));
        clause(self.increment != 1, format!("INCREMENT BY {}", self.increment));
        clause(self.minimum != minimum, format!("MINVALUE {}", self.minimum));
        clause(self.maximum != maximum, format!("MAXVALUE {}", self.maximum));
        clause(self.start != start, format!("START WITH {}", self.start));
        clause(self.cache != 1, format!("CACHE {}", self.cache));
        clause(self.cycle, "CYCLE".to_owned());
        clauses
    }

    /// What gives the sequence another type than the integers of the column that it was made for (`LIKE .. INCLUDING
    /// IDENTITY` does that).
    pub(super) fn typed(&self, data_type: &str, sequence: &str) -> Vec<Statement> {
        if !matches!(data_type, "smallint" | "integer" | "bigint") || self.data_type == data_type {
            return Vec::new();
        }
        self.alter(&Self { data_type: data_type.to_owned(), ..self.clone() }, sequence)
    }

    /// What ALTER SEQUENCE has to state to get from `current` to this.
    fn changed_clauses(&self, current: &Self) -> Vec<String> {
        let SequenceOptions { data_type: _, start, increment, minimum, maximum, cache, cycle } = self;
        let mut clauses = Vec::new();
        let mut clause = |differs: bool, text: String| clauses.extend(differs.then_some(text));
        let typed = self.data_type != current.data_type;
        clause(*increment != current.increment, format!("INCREMENT BY {increment}"));
        clause(typed || *minimum != current.minimum, format!("MINVALUE {minimum}"));
        clause(typed || *maximum != current.maximum, format!("MAXVALUE {maximum}"));
        clause(*start != current.start, format!("START WITH {start}"));
        clause(*cache != current.cache, format!("CACHE {cache}"));
        clause(*cycle != current.cycle, if *cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
        clauses
    }

    /// The statements that get the sequence from `current` to this.
    pub(super) fn alter(&self, current: &Self, sequence: &str) -> Vec<Statement> {
        let mut statements = self.reposition(current, sequence);
        let typed = self.data_type != current.data_type;
        let data_type = if typed { format!(" AS {}", self.data_type) } else { String::new() };
        let clauses = self.changed_clauses(current).join(" ");
        statements.push(Statement::new(format!("ALTER SEQUENCE {sequence}{data_type} {clauses}")));
        statements
    }

    /// A position outside narrower bounds is moved to the nearest one first: ALTER SEQUENCE refuses it otherwise.
    fn reposition(&self, current: &Self, sequence: &str) -> Vec<Statement> {
        let into = |bound: i64, side: char| {
            let name = crate::name::literal(sequence);
            let sql = format!("SELECT pg_catalog.setval({name}, {bound}, false) FROM {sequence} WHERE last_value {side} {bound}");
            Statement::new(sql)
        };
        let (raised, lowered) = (self.minimum > current.minimum, self.maximum < current.maximum);
        let mut statements = Vec::new();
        if self.minimum > current.maximum || self.maximum < current.minimum {
            // The new range has nothing in common with the old one: make room for both.
            let (low, high) = (self.minimum.min(current.minimum), self.maximum.max(current.maximum));
            statements.push(Statement::new(format!("ALTER SEQUENCE {sequence} MINVALUE {low} MAXVALUE {high}")));
        }
        statements.extend(raised.then(|| into(self.minimum, '<')));
        statements.extend(lowered.then(|| into(self.maximum, '>')));
        statements
    }
}

impl Kind for Sequence {
    const LABEL: &'static str = "sequence";
    const DEFAULT_PRIVILEGES: Option<&'static str> = Some("SEQUENCES");
    const QUERY: &'static str = "
        select 'pg_class'::regclass::oid, c.oid, 0, array[c.schema, c.relname]::text[],
            format_type(q.seqtypid, null) as type, q.seqstart as start, q.seqincrement as increment,
            q.seqmin as minimum, q.seqmax as maximum, q.seqcache as cache, q.seqcycle as cycle,
            c.relpersistence = 'u' as unlogged,
            (select json_build_object('kind', 'column', 'path', json_build_array(n.nspname, t.relname, a.attname))
                from pg_depend d join pg_class t on t.oid = d.refobjid join pg_namespace n on n.oid = t.relnamespace
                    join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
                where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid = 0
                    and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype = 'a') as owned_by
        from (
            -- Looked up for each (offset 0), and once, which is sooner done than a scan of all dependencies.
            select c.* from relation c where c.relkind = 'S' and not exists (
                select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i' offset 0)
            offset 0) c
            join pg_sequence q on q.seqrelid = c.oid";

    fn carried_by(&self, _: &ObjectId) -> Vec<ObjectId> {
        self.owned_by.iter().cloned().collect()
    }

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("relation", id.path.clone())]
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let mut sql = format!("CREATE {}SEQUENCE {}", if self.unlogged { "UNLOGGED " } else { "" }, id.sql());
        if self.options.data_type != "bigint" {
            sql.push_str(&format!(" AS {}", self.options.data_type));
        }
        sql.extend(self.options.clauses().into_iter().map(|clause| format!(" {clause}")));
        let recipe = Recipe::one(Statement::new(sql));
        match &self.owned_by {
            Some(column) => {
                let recipe = hand_over(recipe, id, column, cx).after(column.clone());
                let filled = !cx.is_new(&column.parent(ObjectKind::Table)) && !cx.is_new(column);
                if filled { recipe.finish(super::column::position_at_end(column, &id.sql(), cx).joined()) } else { recipe }
            }
            None => recipe,
        }
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        let drop = Statement::new(format!("DROP SEQUENCE {}", id.sql())).contract();
        let note = "the sequence's position goes with it";
        Recipe::one(if self.owned_by.is_none() { drop.hazard(HazardKind::DataLoss, id, note) } else { drop })
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Sequence { options, unlogged, owned_by: owner } = change.desired;
        let mut statements = Vec::new();
        if *options != change.current.options {
            statements.extend(options.alter(&change.current.options, &id.sql()));
        }
        if *unlogged != change.current.unlogged {
            let word = if *unlogged { "UNLOGGED" } else { "LOGGED" };
            statements.push(Statement::new(format!("ALTER SEQUENCE {} SET {word}", id.sql())));
        }
        if *owner == change.current.owned_by {
            return Alteration::InPlace(Recipe::many(statements));
        }
        if change.current.owned_by.as_ref().is_some_and(|column| cx.is_dropped(column)) {
            // Freed first, or it would be dropped with its column.
            statements.push(owned_by(id, None));
        }
        let recipe = Recipe::many(statements);
        Alteration::InPlace(match owner {
            Some(column) => hand_over(recipe, id, column, cx).after(column.clone()),
            None => recipe.finish(owned_by(id, None)),
        })
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, _: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        Some(Recipe::one(Statement::new(format!("ALTER SEQUENCE {} RENAME TO {}", id.sql(), quote(name))).contract()))
    }

    fn since(&self, _: &ObjectId) -> Option<(u32, &'static str)> {
        self.unlogged.then_some((15, "an unlogged sequence"))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        self.owned_by.iter_mut().for_each(|column| renaming.id(column));
    }
}

/// OWNED BY wants a sequence that belongs to the role to which the table belongs at that time.
fn hand_over(recipe: Recipe, id: &ObjectId, column: &ObjectId, cx: &Context) -> Recipe {
    let table = column.parent(ObjectKind::Table);
    let ours = &cx.catalogs.current.role;
    let owner = if cx.is_new(&table) { ours.clone() } else { access::owner(&table, cx.catalogs) };
    let own = if cx.is_new(id) { ours.clone() } else { access::owner_in(cx.catalogs.current, id) };
    let recipe = if cx.is_new(&table) { recipe } else { recipe.after(ObjectId::satellite(ObjectKind::Ownership, &table)) };
    if own == owner {
        return recipe.finish(owned_by(id, Some(column)));
    }
    let give = Statement::new(format!("ALTER SEQUENCE {} OWNER TO {}", id.sql(), quote(&owner))).by_member_of(&owner);
    recipe.finish(give).finish(owned_by(id, Some(column)).joined())
}

fn owned_by(id: &ObjectId, column: Option<&ObjectId>) -> Statement {
    let column = column.map_or("NONE".to_owned(), ObjectId::sql);
    Statement::new(format!("ALTER SEQUENCE {} OWNED BY {column}", id.sql()))
}
