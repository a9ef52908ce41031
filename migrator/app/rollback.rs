//! The way back to what prod was before a revision.
//! A rollback is a sync towards what the revision found: the same lock, gates, proof and archive. What no statement brings
//! back, rows and values that are gone, is said before. Changes nothing itself.

use std::sync::Arc;

use serde::Serialize;

use crate::app::prove::prove;
use crate::app::sync::planned;
use crate::app::{Failure, Origin, Planned, Request, origin, tell_plan};
use crate::archive::{Archive, LATEST};
use crate::catalog::Catalog;
use crate::code::Code;
use crate::kind::ObjectId;
use crate::pair::Pair;
use crate::plan::{Options, Plan, gate};
use crate::progress::{Listener, Side};
use crate::rename::{self, Renaming};
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

/// A revision that is taken back, what it had planned, and from where.
struct Step {
    number: u64,
    /// By index in the plan; unknown while nobody knows what became of the run.
    applied: Option<Vec<usize>>,
    plan: Plan,
    before: Catalog,
}

impl Step {
    fn of(bundle: &Bundle) -> Result<Self, Failure> {
        let Revision { number, outcome, applied, .. } = &bundle.revision;
        let (plan, before) = planned(bundle)?;
        let applied = (*outcome != Outcome::Pending).then(|| applied.clone());
        Ok(Self { number: *number, applied, plan, before })
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
    let (Some(location), Some(revision)) = (&request.archive, &request.back) else {
        return Err(Failure::new(Code::BadRequest, "A rollback needs an archive, and a revision of it"));
    };
    let archive = Archive::open(location)?;
    let tip = archive.tip().await?;
    archive.check_owner(&tip, request.prod.database())?;
    // A rollback that broke off is gone on with.
    let broken_off = tip.pending.as_ref().and_then(|bundle| bundle.revision.back_to).filter(|_| revision == LATEST);
    let wanted = broken_off.map_or(revision.clone(), |number| number.to_string());
    let revisions = archive.since(tip, &wanted).await?;
    let steps = revisions.iter().map(Step::of).collect::<Result<Vec<_>, _>>()?;
    let (Some(first), Some(bundle)) = (steps.first(), revisions.first()) else {
        return Err(Failure::new(Code::NoSuchRevision, format!("The archive has no revision '{revision}'")));
    };
    let number = first.number;
    if let Some(before) = bundle.revision.back_to.filter(|_| wanted == LATEST) {
        let message = format!(
            "The latest revision, {number}, is a rollback itself: 'rollback {before}' goes on with that, 'rollback {number}' takes it back"
        );
        return Err(Failure::new(Code::RollbackUnclear, message));
    }
    let application = "migrator/rollback";
    let (now, events) =
        origin::read(&Origin::Database(Box::new(request.prod.clone())), Side::Prod, application).await?;
    events.iter().for_each(&mut *listener);
    let scope = agreed(&steps, &request.options.scope)?;
    let renames = renames_back(&steps, &now)?;
    let sides = Pair::new(&now, &first.before);
    let plan = crate::plan::plan(sides, &Options { renames, scope, ..request.options.clone() })?;
    let admitted = gate::gate(&plan, &request.policy)?;
    let withheld = admitted.withheld().to_vec();
    tell_plan(&plan, &withheld, listener);
    let proof = prove(&request, &admitted, sides, application, listener).await?;
    let lost = lost(&steps, sides);
    let before = first.before.clone();
    let request = Request {
        dev: Origin::Before { number, catalog: Arc::new(before.clone()) },
        options: plan.options.clone(),
        // Nothing but this very plan is carried out.
        prove: false,
        ..request
    };
    let planned = Planned { plan, catalogs: Pair::new(now, before), withheld, proof };
    Ok(WayBack { request, planned, number, lost })
}

fn renames_back(steps: &[Step], now: &Catalog) -> Result<Vec<Renaming>, Failure> {
    let after = steps.iter().skip(1).map(|step| &step.before).chain([now]);
    let stated: Vec<(&[Renaming], Pair<&Catalog>)> = steps
        .iter()
        .zip(after)
        .map(|(step, after)| (step.plan.options.renames.as_slice(), Pair::new(after, &step.before)))
        .collect();
    rename::reversed(&stated, now).map_err(|error| {
        let message = "The renames of these revisions cannot be turned round at once: take back the last one first";
        Failure::new(Code::RollbackUnclear, message).because(&error)
    })
}

/// What all of them compared. What is said beside that only helps where they differ.
fn agreed(steps: &[Step], said: &Scope) -> Result<Scope, Failure> {
    let unclear = |message| Err(Failure::new(Code::RollbackUnclear, message));
    let mut scopes = steps.iter().map(|step| (step.number, &step.plan.options.scope));
    let Some((number, scope)) = scopes.next() else { return Ok(said.clone()) };
    let is_said = *said != Scope::default();
    match scopes.find(|(_, other)| *other != scope) {
        Some(_) if is_said => Ok(said.clone()),
        Some((other, _)) => {
            unclear(format!("Revisions {number} and {other} did not compare the same parts of the schema"))
        }
        None if is_said && said != scope => unclear(format!(
            "Revision {number} compared other parts of the schema than --include, --exclude and --with say"
        )),
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
