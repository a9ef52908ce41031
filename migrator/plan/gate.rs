//! What of a plan may run.
//! The policy admits or withholds each batch; what depends on a withheld one is withheld with it. Only an
//! [`Admitted`] plan can be executed. Never reorders and never edits a statement.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use globset::Glob;
use serde::{Deserialize, Serialize};

use crate::catalog::Fingerprint;
use crate::plan::Plan;
use crate::plan::batch::Batch;
use crate::statement::{Hazard, HazardKind, Phase};

/// Hazards that never run unless somebody approves them.
pub const NEEDS_APPROVAL: &[HazardKind] =
    &[HazardKind::DataLoss, HazardKind::MaybeRename, HazardKind::NeedsNewerServer, HazardKind::PrivilegeChange];

/// `data_loss`, `data_loss:public.orders.note` or `all`: a hazard that may run, everywhere or on the objects whose
/// dotted name matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Approval {
    All,
    Hazard { kind: HazardKind, object: Option<String> },
}

impl Approval {
    fn covers(&self, hazard: &Hazard) -> bool {
        match self {
            Self::All => true,
            Self::Hazard { kind, object } => {
                *kind == hazard.kind && object.as_ref().is_none_or(|pattern| names(pattern, hazard))
            }
        }
    }
}

/// An exact name wins over a glob, so that a name with a bracket or a star in it can be approved too.
fn names(pattern: &str, hazard: &Hazard) -> bool {
    let name = hazard.object.path.join(".");
    *pattern == name
        || pattern == hazard.object.sql()
        || Glob::new(pattern).is_ok_and(|glob| glob.compile_matcher().is_match(&name))
}

impl FromStr for Approval {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        let (kind, object) = match text.split_once(':') {
            Some((kind, object)) => (kind, Some(object.to_owned())),
            None => (text, None),
        };
        Ok(Self::Hazard { kind: kind.parse()?, object })
    }
}

impl TryFrom<String> for Approval {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Approval> for String {
    fn from(approval: Approval) -> Self {
        approval.to_string()
    }
}

impl fmt::Display for Approval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Hazard { kind, object: None } => write!(f, "{kind}"),
            Self::Hazard { kind, object: Some(object) } => write!(f, "{kind}:{object}"),
        }
    }
}

/// What a run may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    pub allow: Vec<Approval>,
    /// Only this phase; both where it is absent.
    pub phase: Option<Phase>,
    /// An approved plan hash: approves everything that the plan with this very hash holds, and nothing else may run.
    pub plan_hash: Option<Fingerprint>,
}

/// Why a batch does not run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// These hazards need an approval.
    Hazard(Vec<Hazard>),
    /// It belongs to the other phase.
    Phase(Phase),
    /// It needs these withheld batches, by index.
    Needs(BTreeSet<usize>),
}

/// A batch that does not run, by its index in the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    pub batch: usize,
    pub reason: Reason,
}

impl Withheld {
    /// The `--allow` values that would let it run.
    pub fn approvals(&self) -> Vec<String> {
        let Reason::Hazard(hazards) = &self.reason else { return Vec::new() };
        let approvals: BTreeSet<String> =
            hazards.iter().map(|hazard| format!("{}:{}", hazard.kind, hazard.object.path.join("."))).collect();
        approvals.into_iter().collect()
    }
}

/// A plan that went through the gate, with what of it may run.
#[derive(Debug, Clone)]
pub struct Admitted<'a> {
    plan: &'a Plan,
    runs: Vec<usize>,
    withheld: Vec<Withheld>,
    policy: Policy,
}

impl<'a> Admitted<'a> {
    pub fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// The batches that run, with their index in the plan, in order.
    pub fn batches(&self) -> impl Iterator<Item = (usize, &'a Batch)> + use<'a, '_> {
        self.runs.iter().map(|index| (*index, &self.plan.batches[*index]))
    }

    /// How many statements run.
    pub fn statements(&self) -> usize {
        self.batches().map(|(_, batch)| batch.statements.len()).sum()
    }

    pub fn withheld(&self) -> &[Withheld] {
        &self.withheld
    }

    /// What may run of another plan under the same policy. What was approved by its hash is approved there too.
    pub fn admits<'p>(&self, plan: &'p Plan) -> Admitted<'p> {
        admit(plan, self.policy.clone())
    }

    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }
}

/// The plan is not the one that was approved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the plan is {fresh} now, and {approved} was approved")]
pub struct HashMismatch {
    pub approved: Fingerprint,
    pub fresh: Fingerprint,
}

pub fn gate<'a>(plan: &'a Plan, policy: &Policy) -> Result<Admitted<'a>, HashMismatch> {
    let mut policy = policy.clone();
    if let Some(approved) = policy.plan_hash.take() {
        if approved != plan.hash {
            return Err(HashMismatch { approved, fresh: plan.hash.clone() });
        }
        policy.allow.push(Approval::All);
    }
    Ok(admit(plan, policy))
}

fn admit(plan: &Plan, policy: Policy) -> Admitted<'_> {
    let mut runs = Vec::new();
    let mut withheld: Vec<Withheld> = Vec::new();
    let mut held = BTreeSet::new();
    for (index, batch) in plan.batches.iter().enumerate() {
        match reason(batch, policy.phase, &policy.allow, &held) {
            None => runs.push(index),
            Some(reason) => {
                held.insert(index);
                withheld.push(Withheld { batch: index, reason });
            }
        }
    }
    Admitted { plan, runs, withheld, policy }
}

fn reason(batch: &Batch, phase: Option<Phase>, approvals: &[Approval], held: &BTreeSet<usize>) -> Option<Reason> {
    if phase.is_some_and(|phase| phase != batch.phase) {
        return Some(Reason::Phase(batch.phase));
    }
    let hazards = batch.statements.iter().flat_map(|statement| &statement.hazards);
    let unapproved: Vec<Hazard> = hazards
        .filter(|hazard| NEEDS_APPROVAL.contains(&hazard.kind))
        .filter(|hazard| !approvals.iter().any(|approval| approval.covers(hazard)))
        .cloned()
        .collect();
    if !unapproved.is_empty() {
        return Some(Reason::Hazard(unapproved));
    }
    let needs: BTreeSet<usize> = batch.after.intersection(held).copied().collect();
    (!needs.is_empty()).then_some(Reason::Needs(needs))
}
