//! Definitions of indexes, keys, foreign keys and triggers, put together as the server would spell them.
//! `pg_get_indexdef` and `pg_get_constraintdef` look up every name by itself, which is most of what reading a big
//! catalog costs. Each query says which of its objects are plain enough. Never spells out an expression.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use serde::de::Error;

use crate::catalog::Objects;
use crate::kind::ObjectId;
use crate::name::{list, qualified, quote};

/// classid, objid and objsubid, as `pg_depend` has them.
pub type Address = (u32, u32, i32);

/// `pg_class` in every database (`pg_class.dat`).
const PG_CLASS: u32 = 1259;

/// Where each object stands among those that have been read.
pub type Places = HashMap<Address, u32, RandomState>;

/// The ids of the objects that have been read, by address.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    pub places: &'a Places,
    pub objects: &'a Objects,
}

impl<'a> Names<'a> {
    pub fn get(&self, address: Address) -> Option<&'a ObjectId> {
        let (id, _) = self.objects.get_index(*self.places.get(&address)? as usize)?;
        Some(id)
    }

    /// The id of a relation, shared with all that speak of it.
    pub fn relation(&self, relation: u32) -> Option<ObjectId> {
        self.get((PG_CLASS, relation, 0)).cloned()
    }

    pub fn column(&self, relation: u32, number: i16) -> Option<&'a ObjectId> {
        self.get((PG_CLASS, relation, i32::from(number)))
    }

    /// The names of a relation's columns, by their numbers.
    pub fn columns<E: Error>(&self, relation: u32, numbers: &[i16]) -> Result<Vec<&'a str>, E> {
        let name = |number: &i16| match self.column(relation, *number) {
            Some(column) => Ok(column.raw_name()),
            None => Err(E::custom(format!("column {number} of relation {relation} has no name"))),
        };
        numbers.iter().map(name).collect()
    }
}

/// How to have the server spell out expressions once for all objects that have the same.
#[derive(Debug, Clone, Copy)]
pub struct Spelling {
    /// Returns (objid oid, the relation whose columns it speaks of or 0, the node tree as text) for every object, and
    /// perhaps for others.
    pub trees: &'static str,
    /// Returns (objid oid) and fields of the object, by their names, for the objids that it is given.
    pub fields: &'static str,
}

/// What a node tree says, but for where in a statement it once stood: two that are the same are spelled the same. `None`
/// if it speaks of something that has no name here.
pub fn gist(tree: &str, relation: u32, names: Names) -> Option<String> {
    let mut gist = String::with_capacity(tree.len());
    let mut numbers = Vec::new();
    // A space in a name has a backslash before it.
    for field in tree.split(" :") {
        if let Some(rest) = field.strip_prefix("location ") {
            gist.push_str(rest.trim_start_matches(|c: char| c == '-' || c.is_ascii_digit()));
            continue;
        }
        if let Some(number) = field.strip_prefix("varattno ") {
            numbers.push(number.trim_end().parse().ok()?);
        }
        gist.push_str(" :");
        gist.push_str(field);
    }
    for name in names.columns::<serde::de::value::Error>(relation, &numbers).ok()? {
        gist.push('\0');
        gist.push_str(name);
    }
    Some(gist)
}

/// `pg_index.indoption`, bit by bit (`src/include/catalog/pg_index.h`).
const DESCENDING: i16 = 1;
const NULLS_FIRST: i16 = 2;

/// What `CREATE INDEX` says.
pub(super) struct PlainIndex<'a> {
    pub name: &'a str,
    pub unique: bool,
    pub only: bool,
    pub table: &'a ObjectId,
    pub method: &'a str,
    pub columns: &'a [&'a str],
    /// One for each key column; the columns beyond are only included.
    pub options: &'a [i16],
    pub nulls_not_distinct: bool,
    pub predicate: Option<&'a str>,
}

impl PlainIndex<'_> {
    pub fn definition(&self) -> String {
        let (keys, included) = self.columns.split_at(self.options.len().min(self.columns.len()));
        let key = |(name, option): (&&str, &i16)| format!("{}{}", quote(name), order(*option));
        let keys: Vec<String> = keys.iter().zip(self.options).map(key).collect();
        let mut sql = format!(
            "CREATE {}INDEX {} ON {}{} USING {} ({})",
            if self.unique { "UNIQUE " } else { "" },
            quote(self.name),
            if self.only { "ONLY " } else { "" },
            self.table.sql(),
            quote(self.method),
            keys.join(", "),
        );
        sql.push_str(&including(included));
        if self.nulls_not_distinct {
            sql.push_str(" NULLS NOT DISTINCT");
        }
        if let Some(predicate) = self.predicate {
            sql.push_str(" WHERE ");
            sql.push_str(predicate);
        }
        sql
    }
}

fn order(option: i16) -> &'static str {
    match (option & DESCENDING != 0, option & NULLS_FIRST != 0) {
        (false, false) => "",
        (false, true) => " NULLS FIRST",
        (true, true) => " DESC",
        (true, false) => " DESC NULLS LAST",
    }
}

fn including(columns: &[&str]) -> String {
    if columns.is_empty() { String::new() } else { format!(" INCLUDE ({})", list(columns)) }
}

/// `PRIMARY KEY (a, b) INCLUDE (c)`
pub(super) fn key(words: &str, columns: &[&str], included: &[&str]) -> String {
    format!("{words} ({}){}", list(columns), including(included))
}

/// The letters of `pg_constraint` that say what a foreign key does.
pub(super) struct ForeignKey<'a> {
    pub columns: &'a [&'a str],
    /// Schema and name.
    pub references: &'a [String],
    pub referenced: &'a [&'a str],
    pub matching: char,
    pub on_update: char,
    pub on_delete: char,
}

impl ForeignKey<'_> {
    pub fn definition(&self) -> String {
        let mut sql = format!(
            "FOREIGN KEY ({}) REFERENCES {}({})",
            list(self.columns),
            qualified(self.references),
            list(self.referenced)
        );
        sql.push_str(if self.matching == 'f' { " MATCH FULL" } else { "" });
        for (event, letter) in [("UPDATE", self.on_update), ("DELETE", self.on_delete)] {
            if let Some(action) = action(letter) {
                sql.push_str(&format!(" ON {event} {action}"));
            }
        }
        sql
    }
}

fn action(letter: char) -> Option<&'static str> {
    match letter {
        'r' => Some("RESTRICT"),
        'c' => Some("CASCADE"),
        'n' => Some("SET NULL"),
        'd' => Some("SET DEFAULT"),
        _ => None,
    }
}

/// `pg_trigger.tgtype`, bit by bit (`src/include/catalog/pg_trigger.h`).
const FOR_EACH_ROW: i16 = 1;
const BEFORE: i16 = 1 << 1;
const INSTEAD: i16 = 1 << 6;
const EVENTS: [(i16, &str); 4] = [(1 << 2, "INSERT"), (1 << 3, "DELETE"), (1 << 4, "UPDATE"), (1 << 5, "TRUNCATE")];

/// What `CREATE TRIGGER` says of one without columns, condition, transition tables and arguments.
pub(super) struct PlainTrigger<'a> {
    pub name: &'a str,
    /// `pg_trigger.tgtype`
    pub tgtype: i16,
    pub on: &'a ObjectId,
    /// Schema and name.
    pub function: &'a [String],
}

impl PlainTrigger<'_> {
    pub fn definition(&self) -> String {
        let is = |bit: i16| self.tgtype & bit != 0;
        let events: Vec<&str> = EVENTS.iter().filter(|(bit, _)| is(*bit)).map(|(_, event)| *event).collect();
        format!(
            "CREATE TRIGGER {} {} {} ON {} FOR EACH {} EXECUTE FUNCTION {}()",
            quote(self.name),
            if is(BEFORE) { "BEFORE" } else if is(INSTEAD) { "INSTEAD OF" } else { "AFTER" },
            events.join(" OR "),
            self.on.sql(),
            if is(FOR_EACH_ROW) { "ROW" } else { "STATEMENT" },
            qualified(self.function),
        )
    }
}

/// When a constraint is checked, and of which rows it is known to hold.
pub(super) struct Checking {
    pub deferrable: bool,
    pub deferred: bool,
    pub enforced: bool,
    pub validated: bool,
}

impl Checking {
    pub fn words(&self) -> String {
        let valid = match (self.enforced, self.validated) {
            (false, _) => " NOT ENFORCED",
            (true, false) => " NOT VALID",
            (true, true) => "",
        };
        let deferrable = if self.deferrable { " DEFERRABLE" } else { "" };
        let deferred = if self.deferred { " INITIALLY DEFERRED" } else { "" };
        format!("{deferrable}{deferred}{valid}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::{Object, ObjectKind};

    #[test]
    fn an_index_is_spelled_as_the_server_spells_it() {
        let table = ObjectId::new(ObjectKind::Table, ["public", "Orders"]);
        let index = PlainIndex {
            name: "i",
            unique: true,
            only: true,
            table: &table,
            method: "btree",
            columns: &["a", "select", "c", "d", "e"],
            options: &[0, 3, 1, 2],
            nulls_not_distinct: true,
            predicate: Some("(a > 0)"),
        };
        assert_eq!(
            index.definition(),
            "CREATE UNIQUE INDEX i ON ONLY public.\"Orders\" USING btree (a, \"select\" DESC, c DESC NULLS LAST, \
             d NULLS FIRST) INCLUDE (e) NULLS NOT DISTINCT WHERE (a > 0)"
        );
    }

    #[test]
    fn a_trigger_is_spelled_as_the_server_spells_it() {
        let (on, function) = (ObjectId::new(ObjectKind::Table, ["s", "T"]), &["s".to_owned(), "f".to_owned()][..]);
        let sql = |tgtype| PlainTrigger { name: "t", tgtype, on: &on, function }.definition();
        assert_eq!(sql(31), "CREATE TRIGGER t BEFORE INSERT OR DELETE OR UPDATE ON s.\"T\" FOR EACH ROW EXECUTE FUNCTION s.f()");
        assert_eq!(sql(32), "CREATE TRIGGER t AFTER TRUNCATE ON s.\"T\" FOR EACH STATEMENT EXECUTE FUNCTION s.f()");
        assert_eq!(sql(69), "CREATE TRIGGER t INSTEAD OF INSERT ON s.\"T\" FOR EACH ROW EXECUTE FUNCTION s.f()");
    }

    #[test]
    fn the_gist_of_a_tree_is_all_but_its_place() {
        let tree = |at: u8, place: u8| format!("{{OPEXPR :args ({{VAR :varno 1 :varattno {at} :location {place}}}) :location -1}}");
        let object: Object = serde_json::from_str(r#"{"is": "comment", "object": {"text": "stands for any"}}"#).unwrap();
        let column = |name: &str| (ObjectId::new(ObjectKind::Column, ["s", "t", name]), object.clone());
        let objects = [column("a"), column("b")].into_iter().collect();
        let places = [((PG_CLASS, 7, 1), 0), ((PG_CLASS, 7, 2), 1), ((PG_CLASS, 8, 1), 0)].into_iter().collect();
        let gist = |tree: &str, relation| gist(tree, relation, Names { places: &places, objects: &objects });
        assert_eq!(gist(&tree(1, 5), 7), gist(&tree(1, 66), 8));
        assert_ne!(gist(&tree(1, 5), 7), gist(&tree(2, 5), 7));
        assert!(gist(&tree(1, 5), 7).is_some());
        assert_eq!(gist(&tree(0, 5), 7), None);
    }

    #[test]
    fn a_foreign_key_is_spelled_as_the_server_spells_it() {
        let references = &["s".to_owned(), "p".to_owned()][..];
        let (columns, referenced) = (&["x", "Y"][..], &["x", "y"][..]);
        let key = ForeignKey { columns, references, referenced, matching: 'f', on_update: 'c', on_delete: 'n' };
        let checking = Checking { deferrable: true, deferred: true, enforced: true, validated: false };
        assert_eq!(
            key.definition() + &checking.words(),
            "FOREIGN KEY (x, \"Y\") REFERENCES s.p(x, y) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE \
             INITIALLY DEFERRED NOT VALID"
        );
    }
}
