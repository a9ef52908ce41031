//! Generated columns (documentation chapter 5.4; `pg_attribute.attgenerated`): what they are computed from, and how that
//! changes. A part of the column, never an object of its own.

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::kind::{ObjectId, ObjectKind};
use crate::statement::{HazardKind, LockMode, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Generated {
    pub expression: String,
    pub stored: bool,
}

impl Generated {
    pub fn sql(&self) -> String {
        format!("GENERATED ALWAYS AS ({}) {}", self.expression, if self.stored { "STORED" } else { "VIRTUAL" })
    }
}

/// What becomes of the generation expression.
pub(super) enum Generation {
    Same,
    Changed(Box<Statement>),
    /// Only a new column will do.
    Impossible,
}

pub(super) fn generation_change(
    id: &ObjectId,
    current: Option<&Generated>,
    desired: Option<&Generated>,
    cx: &Context,
) -> Generation {
    let table = id.parent(ObjectKind::Table);
    let below = super::inheritance::descendants(&table, cx);
    let alter = |what: String| {
        let sql = format!("ALTER TABLE {} ALTER COLUMN {} {what}", table.sql(), id.name());
        Statement::new(sql).lock(LockMode::AccessExclusive, &table).lock_each(LockMode::AccessExclusive, &below)
    };
    match (current, desired) {
        (None, None) => Generation::Same,
        (Some(old), Some(new)) if old == new => Generation::Same,
        (Some(old), None) if old.stored => {
            let refused = has_grandchildren(&table, cx).then(|| super::objection::over_three_levels(id));
            Generation::Changed(Box::new(Statement { objection: refused, ..alter("DROP EXPRESSION".to_owned()).contract() }))
        }
        // A virtual one's is not altered where a check could see it, or a subscriber.
        (Some(_), Some(new)) if !new.stored && is_watched(&table, cx) => Generation::Impossible,
        (Some(old), Some(new)) if old.stored == new.stored && cx.major() >= 17 => {
            let set = alter(format!("SET EXPRESSION AS ({})", new.expression));
            let note = format!("every row is computed anew: the table is rewritten{}", cx.size_note(&table));
            let rewriting = |set: Statement| super::inheritance::rewriting_below(set.hazard(HazardKind::TableRewrite, &table, note), &below, cx);
            Generation::Changed(Box::new(if new.stored { rewriting(set) } else { set }))
        }
        _ => Generation::Impossible,
    }
}

fn has_grandchildren(table: &ObjectId, cx: &Context) -> bool {
    let children = super::inheritance::heirs(table, cx);
    children.iter().any(|child| !super::inheritance::heirs(child, cx).is_empty())
}

/// Whether the table has a check, or a publication may have the table.
fn is_watched(table: &ObjectId, cx: &Context) -> bool {
    let current = cx.catalogs.current;
    let checked = current.used_by(table).any(|part| super::constraint::is_check(current.get(part)));
    checked || current.objects().keys().any(|id| id.kind == ObjectKind::Publication)
}
