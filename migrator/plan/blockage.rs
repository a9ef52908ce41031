//! Who has to wait while a statement reads a whole table.
//! A lock is held until its transaction commits, so a statement that only reads can keep everybody out: what that takes is
//! seen only once it is known what commits together. Names no kind.

use std::collections::BTreeMap;

use crate::context::Context;
use crate::kind::ObjectId;
use crate::plan::batch::Batch;
use crate::statement::{Hazard, HazardKind, LockMode, Statement};

/// Adds the hazard to each statement that reads every row of a table which its transaction keeps others from.
pub fn confess(batches: &mut [Batch], cx: &Context) {
    for batch in batches {
        let mut held: BTreeMap<ObjectId, LockMode> = BTreeMap::new();
        for statement in &mut batch.statements {
            statement.scans.retain(|table| !cx.is_new(table));
            for lock in &statement.locks {
                let mode = held.entry(lock.on.clone()).or_insert(lock.mode);
                *mode = lock.mode.max(*mode);
            }
            let hazards: Vec<Hazard> = statement
                .scans
                .iter()
                .filter(|table| !rewrites(statement, table))
                .filter_map(|table| hazard(table, *held.get(table)?, cx))
                .collect();
            statement.hazards.extend(hazards);
        }
    }
}

/// What is written anew is read for that, and said already.
fn rewrites(statement: &Statement, table: &ObjectId) -> bool {
    statement.hazards.iter().any(|hazard| hazard.kind == HazardKind::TableRewrite && hazard.object == *table)
}

fn hazard(table: &ObjectId, held: LockMode, cx: &Context) -> Option<Hazard> {
    let (kind, who) = match held {
        mode if mode.blocks_reads() => (HazardKind::BlocksReads, "read or write"),
        mode if mode.blocks_writes() => (HazardKind::BlocksWrites, "write"),
        _ => return None,
    };
    let note = format!("every row of {} is read while nobody can {who}{}", table.sql(), cx.size_note(table));
    Some(Hazard { kind, object: table.clone(), note })
}
