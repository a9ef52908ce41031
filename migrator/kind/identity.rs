//! Identity columns (chapter 5.3; `pg_attribute.attidentity`) with their sequences. A part of the column, never an object
//! of its own.

use serde::{Deserialize, Serialize};

use super::column::position_at_end;
use super::sequence::SequenceOptions;
use crate::context::Context;
use crate::kind::{ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::statement::{LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    always: bool,
    pub sequence: Vec<String>,
    /// Only where the sequence is not as its table is, from PostgreSQL 15 on.
    unlogged: Option<bool>,
    /// The sequence is no object of its own, and neither is what is said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    #[serde(flatten)]
    options: SequenceOptions,
}

impl Identity {
    pub fn sql(&self, id: &ObjectId) -> String {
        let table = id.parent(ObjectKind::Table);
        let usual = format!("{}_{}_seq", table.raw_name(), id.raw_name());
        let mut clauses = self.options.clauses();
        if self.sequence.last() != Some(&usual) {
            clauses.insert(0, format!("SEQUENCE NAME {}", crate::name::qualified(&self.sequence)));
        }
        let clauses = if clauses.is_empty() { String::new() } else { format!(" ({})", clauses.join(" ")) };
        format!("GENERATED {} AS IDENTITY{clauses}", self.generation())
    }

    /// The sequence follows its table, unless somebody has set it apart.
    fn persistence(&self, unlogged: bool) -> Statement {
        let word = if unlogged { "UNLOGGED" } else { "LOGGED" };
        Statement::new(format!("ALTER SEQUENCE {} SET {word}", crate::name::qualified(&self.sequence)))
    }

    fn commented(&self) -> Statement {
        super::comment::on(&format!("SEQUENCE {}", crate::name::qualified(&self.sequence)), self.comment.as_deref())
    }

    /// What the sequence of a column of this type has and `GENERATED AS IDENTITY` cannot say.
    pub fn beside(&self, data_type: &str) -> impl Iterator<Item = Statement> {
        let persistence = self.unlogged.map(|unlogged| self.persistence(unlogged));
        let typed = self.options.typed(data_type, &crate::name::qualified(&self.sequence));
        typed.into_iter().chain(persistence).chain(self.comment.iter().map(|_| self.commented()))
    }

    fn generation(&self) -> &'static str {
        if self.always { "ALWAYS" } else { "BY DEFAULT" }
    }

    /// Identity is added once the column is NOT NULL and has lost its default.
    pub fn change(id: &ObjectId, change: Pair<Option<&Self>>, data_type: &str, recipe: &mut Recipe, cx: &Context) {
        match (change.current, change.desired) {
            // Before the column's type: not all types can have it.
            (Some(_), None) => recipe.establish.insert(0, altered(id, "DROP IDENTITY", cx).contract()),
            (None, Some(identity)) => {
                let add = altered(id, &format!("ADD {}", identity.sql(id)), cx);
                // What writes values of its own is refused from then on.
                recipe.finish.push(if identity.always && cx.current(id).is_some() { add.contract() } else { add });
                recipe.finish.push(position_at_end(id, &crate::name::qualified(&identity.sequence), cx).joined());
                recipe.finish.extend(identity.beside(data_type).map(Statement::joined));
                recipe.after.push(id.with_kind(ObjectKind::NotNull));
                recipe.after.push(id.with_kind(ObjectKind::ColumnDefault));
            }
            (Some(old), Some(new)) if old != new => {
                let sequence = crate::name::qualified(&old.sequence);
                if old.options != new.options {
                    // Before the column's type: that takes the sequence's along, and its bounds must fit.
                    let alter = new.options.alter(&old.options, &sequence);
                    recipe.establish.splice(0..0, alter);
                }
                if old.always != new.always {
                    let set = altered(id, &format!("SET GENERATED {}", new.generation()), cx);
                    recipe.establish.push(if new.always { set.contract() } else { set });
                }
                if old.sequence.last() != new.sequence.last() {
                    let name = new.sequence.last().map(|name| quote(name)).unwrap_or_default();
                    let sql = format!("ALTER SEQUENCE {} RENAME TO {name}", crate::name::qualified(&old.sequence));
                    recipe.establish.push(Statement::new(sql));
                }
                if old.unlogged != new.unlogged {
                    let table = super::table::is_unlogged(&id.parent(ObjectKind::Table), cx);
                    recipe.establish.push(new.persistence(new.unlogged.unwrap_or(table)));
                }
                if old.comment != new.comment {
                    recipe.establish.push(new.commented());
                }
            }
            _ => {}
        }
    }
}

/// Whether the tables below get the column without its identity, which is then added by itself.
pub(super) fn is_brought_apart(table: &ObjectId, cx: &Context) -> bool {
    !shares_identity(table, cx) && !super::inheritance::heirs(table, cx).is_empty()
}

fn shares_identity(table: &ObjectId, cx: &Context) -> bool {
    cx.major() >= 17 && super::table::is_partitioned(table, cx)
}

pub(super) fn altered(id: &ObjectId, what: &str, cx: &Context) -> Statement {
    let table = id.parent(ObjectKind::Table);
    let alter = Statement::new(format!("ALTER TABLE {} ALTER COLUMN {} {what}", table.sql(), id.name()));
    let below = super::inheritance::heirs(&table, cx).into_iter().filter(|_| shares_identity(&table, cx));
    std::iter::once(table.clone()).chain(below).fold(alter, |alter, table| alter.lock(LockMode::AccessExclusive, &table))
}
