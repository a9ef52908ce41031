//! The plan for programs: stable and versioned (docs/cli.md).
//! A form of its own, so that the plan's inner shape can change without breaking a pipeline that reads this.
//! Never drops or renames a key within a format number.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::kind::{NamePath, ObjectId};
use crate::plan::gate::Reason;
use crate::report::{Gated, Step, approvals, counts, steps};
use crate::statement::{HazardKind, LockMode, Phase, Statement, TransactionMode};

/// Counts up when a key goes or changes its meaning; new keys may come at any time.
pub const FORMAT: u32 = 1;

#[derive(Debug, Serialize)]
pub struct Report<'a> {
    format: u32,
    plan_hash: &'a str,
    fingerprints: Fingerprints<'a>,
    /// Nothing differs, or only what cannot be acted upon.
    empty: bool,
    counts: Counts,
    changes: &'a BTreeMap<String, usize>,
    steps: Vec<StepReport<'a>>,
    information: Vec<Note<'a>>,
    unmodelled: Vec<Unmodelled<'a>>,
}

#[derive(Debug, Serialize)]
struct Fingerprints<'a> {
    prod: &'a str,
    dev: &'a str,
}

#[derive(Debug, Serialize)]
struct Counts {
    statements: usize,
    withheld: usize,
    later: usize,
}

#[derive(Debug, Serialize)]
struct StepReport<'a> {
    step: usize,
    phase: Phase,
    transaction: TransactionMode,
    cause: Object<'a>,
    /// The steps without which this one must not run.
    after: Vec<usize>,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    withheld: Option<WithheldReport>,
    statements: Vec<StatementReport<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Admitted,
    Withheld,
}

#[derive(Debug, Serialize)]
struct WithheldReport {
    reason: ReasonWord,
    /// The withheld steps that it needs.
    needs: Vec<usize>,
    /// The `--allow` values that let it run.
    allow: BTreeSet<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum ReasonWord {
    Hazard,
    Phase,
    Needs,
}

#[derive(Debug, Serialize)]
struct StatementReport<'a> {
    sql: &'a str,
    locks: Vec<LockReport<'a>>,
    hazards: Vec<HazardReport<'a>>,
}

#[derive(Debug, Serialize)]
struct LockReport<'a> {
    mode: LockMode,
    on: Object<'a>,
    blocks_reads: bool,
    blocks_writes: bool,
}

#[derive(Debug, Serialize)]
struct HazardReport<'a> {
    kind: HazardKind,
    object: Object<'a>,
    note: &'a str,
}

#[derive(Debug, Serialize)]
struct Note<'a> {
    object: Object<'a>,
    note: &'a str,
}

#[derive(Debug, Serialize)]
struct Unmodelled<'a> {
    object_type: &'a str,
    identity: &'a str,
    only_in: &'static str,
}

#[derive(Debug, Serialize)]
struct Object<'a> {
    kind: &'static str,
    /// As SQL writes it.
    name: String,
    path: &'a NamePath,
}

impl<'a> From<&'a ObjectId> for Object<'a> {
    fn from(id: &'a ObjectId) -> Self {
        Self { kind: id.kind.slug(), name: id.sql(), path: &id.path }
    }
}

/// The report as a value: other answers hold it, too.
pub fn report(gated: Gated<'_>) -> Report<'_> {
    let plan = gated.plan;
    let steps = steps(gated);
    let crate::report::Counts { statements, withheld, later } = counts(&steps);
    let notes = plan.information.iter();
    let unmodelled = plan.unmodelled_difference().map(|object| Unmodelled {
        object_type: &object.object_type,
        identity: &object.identity,
        only_in: if plan.unmodelled.current.contains(object) { "prod" } else { "dev" },
    });
    Report {
        format: FORMAT,
        plan_hash: plan.hash.as_str(),
        fingerprints: Fingerprints {
            prod: plan.fingerprints.current.as_str(),
            dev: plan.fingerprints.desired.as_str(),
        },
        empty: plan.is_empty(),
        counts: Counts { statements, withheld, later },
        changes: &plan.changes,
        steps: steps.iter().map(|step| step_report(gated, step)).collect(),
        information: notes.map(|note| Note { object: (&note.object).into(), note: &note.note }).collect(),
        unmodelled: unmodelled.collect(),
    }
}

pub fn json(gated: Gated) -> String {
    pretty(&report(gated))
}

/// Indented, with a newline at the end.
pub fn pretty<T: Serialize>(value: &T) -> String {
    // Writing JSON into memory fails only for maps whose keys are no strings; a report has none.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn step_report<'a>(gated: Gated, step: &Step<'a>) -> StepReport<'a> {
    let withheld = step.withheld.map(|withheld| {
        let (reason, needs) = match &withheld.reason {
            Reason::Hazard(_) => (ReasonWord::Hazard, Vec::new()),
            Reason::Phase(_) => (ReasonWord::Phase, Vec::new()),
            Reason::Needs(needs) => (ReasonWord::Needs, needs.iter().map(|index| index + 1).collect()),
        };
        WithheldReport { reason, needs, allow: approvals(gated, withheld.batch) }
    });
    StepReport {
        step: step.number,
        phase: step.batch.phase,
        transaction: step.batch.transaction,
        cause: (&step.batch.cause).into(),
        after: step.batch.after.iter().map(|index| index + 1).collect(),
        status: if withheld.is_some() { Status::Withheld } else { Status::Admitted },
        withheld,
        statements: step.batch.statements.iter().map(statement_report).collect(),
    }
}

fn statement_report(statement: &Statement) -> StatementReport<'_> {
    let locks = statement.locks.iter().map(|lock| LockReport {
        mode: lock.mode,
        on: (&lock.on).into(),
        blocks_reads: lock.mode.blocks_reads(),
        blocks_writes: lock.mode.blocks_writes(),
    });
    let hazards = statement.hazards.iter();
    let hazards =
        hazards.map(|hazard| HazardReport { kind: hazard.kind, object: (&hazard.object).into(), note: &hazard.note });
    StatementReport { sql: statement.sql.as_str(), locks: locks.collect(), hazards: hazards.collect() }
}
