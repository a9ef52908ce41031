//! The index behind a primary key, a unique or an exclusion constraint (catalog `pg_index`).
//! Its columns are the constraint's; operator classes and order are the default ones by rule, so only what the
//! constraint's definition leaves out is kept here. Never an object of its own.

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::kind::ObjectId;
use crate::kind::table::{new_tablespace, option_changes, option_list};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{HazardKind, LockMode, Statement};

const DEFERRALS: [&str; 2] = [" DEFERRABLE INITIALLY DEFERRED", " DEFERRABLE"];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BackingIndex {
    /// Storage parameters of a key; an exclusion's definition has them.
    pub options: Vec<String>,
    pub tablespace: Option<String>,
    pub parent: Option<ObjectId>,
    pub clustered: bool,
    pub replica_identity: bool,
    /// WITHOUT OVERLAPS is backed by `GiST`; only a plain B-tree can be taken over.
    pub btree: bool,
    /// On the index; the constraint has another one.
    pub comment: Option<String>,
    /// Of an exclusion's expressions, by their numbers.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub statistics: Vec<(i32, i32)>,
}

impl BackingIndex {
    /// The constraint's definition with what `pg_get_constraintdef` leaves out.
    pub fn complete(&self, definition: &str) -> String {
        let (body, deferral) = split(definition);
        let (columns, filter) = body.split_at(body.find(" WHERE (").unwrap_or(body.len()));
        format!("{columns}{}{filter}{deferral}", self.parameters(" USING INDEX"))
    }

    fn parameters(&self, before_tablespace: &str) -> String {
        let with = option_list(&self.options).map_or(String::new(), |list| format!(" WITH ({list})"));
        let tablespace = self.tablespace.as_deref().map(quote);
        with + &tablespace.map_or(String::new(), |name| format!("{before_tablespace} TABLESPACE {name}"))
    }

    /// Builds it without blocking anybody, for a key with this definition to take over.
    pub fn build(&self, key: &ObjectId, table: &ObjectId, definition: &str, name: &str) -> Statement {
        let (body, _) = split(definition);
        // From `UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b)` to `(a) INCLUDE (b) NULLS NOT DISTINCT`.
        let body = columns_of(body);
        let (nulls, columns) = match body.strip_prefix("NULLS NOT DISTINCT ") {
            Some(columns) => (" NULLS NOT DISTINCT", columns),
            None => ("", body),
        };
        let parameters = self.parameters("");
        let (name, table_name) = (quote(name), table.sql());
        let sql = format!(
            "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table_name} USING btree {columns}{nulls}{parameters}"
        );
        let note = "rows that are not unique make the build fail and leave an invalid index, which the next run removes";
        let build = Statement::new(sql).autocommit().contract().lock(LockMode::ShareUpdateExclusive, table).scanning([table]);
        build.hazard(HazardKind::MayFailOnData, key, note)
    }

    /// The key that takes over the index `name`.
    pub fn take_over(key: &ObjectId, table: &ObjectId, definition: &str, name: &str) -> Statement {
        let (body, deferral) = split(definition);
        let word = if body.starts_with("PRIMARY KEY") { "PRIMARY KEY" } else { "UNIQUE" };
        let (table_name, constraint, index) = (table.sql(), key.name(), quote(name));
        let sql = format!("ALTER TABLE {table_name} ADD CONSTRAINT {constraint} {word} USING INDEX {index}{deferral}");
        Statement::new(sql).contract().lock(LockMode::AccessExclusive, table)
    }

    /// Storage parameters and tablespace of an index that stays.
    pub fn altered(&self, current: &Self, index: &ObjectId, table: &ObjectId, cx: &Context) -> Vec<Statement> {
        let alter = |what: String| Statement::new(format!("ALTER INDEX {} {what}", index.sql()));
        let (set, reset) = option_changes(&current.options, &self.options);
        let words = set.map(|set| format!("SET ({set})")).into_iter().chain(reset.map(|gone| format!("RESET ({gone})")));
        // Only the index itself is locked, and only against other DDL.
        let mut statements: Vec<_> = words.map(alter).collect();
        if let Some(tablespace) = new_tablespace(Pair::new(&current.tablespace, &self.tablespace), cx) {
            let tablespace = quote(tablespace);
            // The table itself is not locked; but every query looks at all its indexes.
            let note = "the index is copied while nobody can read or write";
            let moved = alter(format!("SET TABLESPACE {tablespace}"));
            statements.push(moved.hazard(HazardKind::BlocksReads, table, note));
        }
        statements
    }

    /// The comment and the statistics targets, where they are others than those of the index that stands.
    pub fn described(&self, current: Option<&Self>, index: &ObjectId, partitioned: bool) -> Vec<Statement> {
        let was = current.and_then(|current| current.comment.as_ref());
        let changed = self.comment.as_ref() != was;
        let comment = changed.then(|| super::comment::on(&format!("INDEX {}", index.sql()), self.comment.as_deref()));
        let before = current.map_or(&[][..], |current| &current.statistics);
        let targets = super::index::targets(index, Pair::new(before, &self.statistics), partitioned);
        comment.into_iter().chain(targets).collect()
    }

    /// Whether CREATE TABLE cannot say all of it.
    pub fn is_special(&self) -> bool {
        self.clustered || self.replica_identity || self.parent.is_some() || self.comment.is_some() || !self.statistics.is_empty()
    }

    pub fn is_stored_as(&self, other: &Self) -> bool {
        (&self.options, &self.tablespace) == (&other.options, &other.tablespace)
    }

    pub fn renamed(&mut self, renaming: &Renaming) {
        self.parent.iter_mut().for_each(|parent| renaming.id(parent));
    }
}

/// A definition, and when the constraint is checked.
fn split(definition: &str) -> (&str, &str) {
    let found = DEFERRALS.iter().find_map(|words| Some((definition.strip_suffix(words)?, *words)));
    found.unwrap_or((definition, ""))
}

/// A key's definition from its columns on.
pub(super) fn columns_of(definition: &str) -> &str {
    definition.trim_start_matches("PRIMARY KEY ").trim_start_matches("UNIQUE ")
}
