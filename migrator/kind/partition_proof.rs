//! What shows before ATTACH PARTITION that no row is where it must not be, so that it looks at none under its lock
//! (<https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE>).
//! A check that is validated while everybody reads and writes, and goes with the statement that it is for.

use crate::context::Context;
use crate::kind::ObjectId;
use crate::name::quote;
use crate::statement::{HazardKind, LockMode, Statement};

/// A check on a table, from before it or another one is attached until afterwards.
pub(super) struct PartitionProof {
    pub table: ObjectId,
    pub name: String,
    pub condition: String,
    /// Whether rows that could be written until now are refused meanwhile.
    pub refuses: bool,
}

impl PartitionProof {
    pub fn before(&self, cx: &Context) -> [Statement; 2] {
        let (table, name, tree) = (self.table.sql(), quote(&self.name), super::inheritance::tree(&self.table, cx));
        let add = format!(
            "ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}, ADD CONSTRAINT {name} CHECK ({}) NOT VALID",
            self.condition
        );
        let note = "a row that belongs elsewhere makes the validation fail";
        let validate = Statement::new(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"))
            .lock_each(LockMode::ShareUpdateExclusive, &tree)
            .scanning(&tree)
            .hazard(HazardKind::MayFailOnData, &self.table, note);
        let add = Statement::new(add).lock_each(LockMode::AccessExclusive, &tree);
        let drop = format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}");
        let note = "rows for the partition that comes are refused until it is attached";
        let add = if self.refuses { add.hazard(HazardKind::BreaksOldCode, &self.table, note) } else { add };
        [add, validate.undone_by(drop)]
    }

    pub fn after(&self, cx: &Context) -> Statement {
        let drop = format!("ALTER TABLE {} DROP CONSTRAINT {}", self.table.sql(), quote(&self.name));
        Statement::new(drop).lock_each(LockMode::AccessExclusive, super::inheritance::tree(&self.table, cx)).joined()
    }
}
