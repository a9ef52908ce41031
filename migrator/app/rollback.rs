//! The way back to what prod was before a revision.
//! A rollback is a sync towards what the revision found: the same lock, gates, proof and archive. What no statement brings
//! back, rows and values that are gone, is said before. Changes nothing itself.

use std::sync::Arc;

use serde::Serialize;

use crate::app::sync::planned;
use crate::app::{Failure, Origin, Planned, Request, down, origin, tell_plan};
use crate::archive::{Archive, LATEST};
use crate::catalog::Catalog;
use crate::code::Code;
use crate::kind::ObjectId;
use crate::pair::Pair;
use crate::plan::{Options, Plan, gate};
use crate::progress::{Listener, Side};
use crate::rename::Renaming;
use crate::revision::{Bundle, Outcome, Revision};
use crate::scope::Scope;
use crate::statement::{Hazard, HazardKind};

/// How prod becomes again what it was.
#[derive(Debug, Clone)]
pub struct WayBack {
    /// The request to carry out: its dev is what the revision found.
    pub request: Request,
    /// What that comes to, as prod is now.
    pub planned: Planned,
    /// The first of the revisions that are taken back.
    pub number: u64,
    pub lost: Vec<Lost>,
}

/// What was lost with a revision, and does not come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lost {
    /// As it is called again after the rollback.
    pub object: ObjectId,
    pub revision: u64,
    pub note: String,
}

/// A revision that is taken back, and what it had planned.
struct Step {
    number: u64,
    /// By index in the plan; unknown while nobody knows what became of the run.
    applied: Option<Vec<usize>>,
    plan: Plan,
}

impl Step {
    fn of(bundle: &Bundle) -> Result<Self, Failure> {
        let revision = &bundle.revision;
        let plan = bundle.plan().map_err(|error| Failure::of_revision(revision.number, "plan.json", &error))?;
        let applied = (revision.outcome != Outcome::Pending).then(|| revision.applied.clone());
        Ok(Self { number: revision.number, applied, plan })
    }

    /// What it has lost, or may have lost: of a run whose end nobody knows, what is there no more.
    fn losses<'a>(&'a self, now: &'a Catalog) -> impl Iterator<Item = &'a Hazard> {
        let carried_out = |at: usize| self.applied.as_ref().is_none_or(|applied| applied.contains(&at));
        let batches = self.plan.batches.iter().enumerate().filter(move |(at, _)| carried_out(*at));
        let hazards = batches.flat_map(|(_, batch)| &batch.statements).flat_map(|statement| &statement.hazards);
        let is_gone = |hazard: &Hazard| self.applied.is_some() || !now.contains(&hazard.object);
        hazards.filter(move |hazard| hazard.kind == HazardKind::DataLoss && is_gone(hazard))
    }
}

/// Turns a request for a revision of an archive into one for what that revision found, and plans it.
pub async fn way_back(request: Request, listener: Listener<'_>) -> Result<WayBack, Failure> {
    let Origin::Revision { archive, revision } = &request.dev else {
        return Err(Failure::new(
            Code::BadRequest,
            "A rollback leads back to a revision of an archive, and to nothing else",
        ));
    };
    let archive = Archive::open(archive)?;
    let tip = archive.tip().await?;
    archive.check_owner(&tip, request.prod.database())?;
    let revisions = archive.since(tip, revision).await?;
    let Some(first) = revisions.first() else {
        return Err(Failure::new(Code::NoSuchRevision, format!("The archive has no revision '{revision}'")));
    };
    let Revision { number, back_to, .. } = first.revision;
    if let Some(before) = back_to.filter(|_| revision == LATEST) {
        let message = format!(
            "The latest revision, {number}, is a rollback itself: 'rollback {before}' goes on with that, 'rollback {number}' takes it back"
        );
        return Err(Failure::new(Code::RollbackUnclear, message));
    }
    let (_, before) = planned(first)?;
    let steps = revisions.iter().map(Step::of).collect::<Result<Vec<_>, _>>()?;
    let application = "migrator/rollback";
    let (now, events) =
        origin::read(&Origin::Database(Box::new(request.prod.clone())), Side::Prod, application).await?;
    events.iter().for_each(&mut *listener);
    let scope = if request.options.scope == Scope::default() { agreed(&steps)? } else { request.options.scope.clone() };
    let renames = steps.iter().flat_map(|step| step.plan.options.renames.clone()).collect();
    let plan = down(Pair::new(&now, &before), &Options { renames, scope, ..request.options.clone() })?;
    let withheld = gate::gate(&plan, &request.policy)?.withheld().to_vec();
    tell_plan(&plan, &withheld, listener);
    let lost = lost(&steps, Pair::new(&now, &before));
    let request = Request {
        dev: Origin::Before { number, catalog: Arc::new(before.clone()) },
        options: plan.options.clone(),
        ..request
    };
    Ok(WayBack { request, planned: Planned { plan, catalogs: Pair::new(now, before), withheld }, number, lost })
}

/// What all of them compared.
fn agreed(steps: &[Step]) -> Result<Scope, Failure> {
    let mut scopes = steps.iter().map(|step| (step.number, &step.plan.options.scope));
    let Some((number, scope)) = scopes.next() else { return Ok(Scope::default()) };
    match scopes.find(|(_, other)| *other != scope) {
        Some((other, _)) => {
            let message = format!("Revisions {number} and {other} did not compare the same parts of the schema");
            Err(Failure::new(Code::RollbackUnclear, message))
        }
        None => Ok(scope.clone()),
    }
}

/// What was there before and cannot come back as it was, by the names that it had then.
fn lost(steps: &[Step], sides: Pair<&Catalog>) -> Vec<Lost> {
    let mut renames: Vec<&Renaming> = Vec::new();
    let mut lost = Vec::new();
    for step in steps {
        renames.extend(&step.plan.options.renames);
        for hazard in step.losses(sides.current) {
            let mut object = hazard.object.clone();
            for renaming in renames.iter().rev() {
                Renaming::new(renaming.to(), renaming.from.raw_name()).id(&mut object);
            }
            // What a revision that is taken back had made itself is not missed.
            if sides.desired.contains(&object) {
                lost.push(Lost { object, revision: step.number, note: hazard.note.clone() });
            }
        }
    }
    lost
}
