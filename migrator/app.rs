//! What can be asked for: plan, sync, rollback, check, history, show, status, snapshot.
//! A door turns its input into a [`Request`] and renders the answer; everything between is here. Never prints, never
//! reads an argument or an environment variable, and writes no SQL.

mod failure;
mod origin;
mod prove;
mod rollback;
mod status;
mod sync;
mod turn;

use std::time::Duration;

use crate::archive::{Archive, Entry, Location};
use crate::catalog::{Catalog, Fingerprint};
use crate::connect::DatabaseUrl;
use crate::execute::Patience;
use crate::ledger::PastRun;
use crate::pair::Pair;
use crate::plan::gate::{self, Policy, Withheld};
use crate::plan::{Options, Plan, PlanError};
use crate::progress::{Event, Listener, Side};
use crate::revision::{Bundle, Revision};

pub use failure::{FailedStatement, Failure, Standing};
pub use origin::Origin;
pub use prove::Proof;
pub use rollback::{Lost, WayBack, way_back};
pub use status::{Status, status};
pub use sync::{answered, sync};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    pub dev: Origin,
    pub prod: DatabaseUrl,
    pub archive: Option<Location>,
    /// Of a rollback: the first revision to take back, as it was named.
    pub back: Option<String>,
    pub options: Options,
    pub policy: Policy,
    /// Refuses to do anything when something would be withheld.
    pub strict: bool,
    /// Runs the plan in a copy of prod's schema first, and refuses to do anything when that fails.
    pub prove: bool,
    /// The server on which a database may be made for that; dev's, where none is named.
    pub scratch: Option<DatabaseUrl>,
    pub patience: Patience,
    /// How long a sync may take before it leaves to the server what is under way.
    pub timeout: Option<Duration>,
    /// Ends what an earlier run has left running, instead of waiting for it.
    pub takeover: bool,
    /// Who asks, for the ledger and the archive.
    pub invoked_by: Option<String>,
    /// What tells this request from every other: a sync with a key that was carried out is not carried out again.
    pub idempotency_key: Option<String>,
}

impl Request {
    /// The key, and a hash of what is asked under it: the same key with another wish is another request.
    fn identity(&self) -> Option<String> {
        let key = self.idempotency_key.as_deref().filter(|key| !key.is_empty())?;
        // What is compared in a rollback depends on what is found.
        let wish = match &self.back {
            Some(revision) => Fingerprint::of(&(revision, &self.policy, self.strict)),
            None => Fingerprint::of(&(&self.options, &self.policy, self.strict)),
        };
        Some(format!("{key} {}", wish.short()))
    }

    /// The revision before which it leads back, if it is a rollback.
    fn back_to(&self) -> Option<u64> {
        match self.dev {
            Origin::Before { number, .. } => Some(number),
            _ => None,
        }
    }

    /// A request with the default options, policy and patience, and no archive.
    pub fn new(dev: &str, prod: &str) -> Result<Self, Failure> {
        Ok(Self {
            dev: dev.parse()?,
            prod: prod.parse()?,
            archive: None,
            back: None,
            options: Options::default(),
            policy: Policy::default(),
            strict: false,
            prove: false,
            scratch: None,
            patience: Patience::default(),
            timeout: None,
            takeover: false,
            invoked_by: None,
            idempotency_key: None,
        })
    }
}

/// A plan, with what it was made from.
#[derive(Debug, Clone)]
pub struct Planned {
    pub plan: Plan,
    pub catalogs: Pair<Catalog>,
    /// What the request's policy withholds.
    pub withheld: Vec<Withheld>,
    /// Where one was asked for, and something is admitted.
    pub proof: Option<Proof>,
}

impl Planned {
    /// The way back: from dev's schema to prod's as it is now.
    pub fn down(&self) -> Result<Plan, PlanError> {
        down(self.catalogs.as_ref().reversed(), &self.plan.options)
    }
}

/// What a request for a sync comes to.
#[derive(Debug, Clone)]
pub enum Delivery {
    First(Box<Synced>),
    /// The very same request was carried out before, by this run.
    Again(Box<PastRun>),
}

/// What a sync has done.
#[derive(Debug, Clone)]
pub struct Synced {
    pub plan: Plan,
    pub catalogs: Pair<Catalog>,
    /// The plan's batches, by index, that were carried out; none when there was nothing to do.
    pub applied: Vec<usize>,
    pub withheld: Vec<Withheld>,
    /// Absent when nothing was carried out.
    pub run: Option<String>,
    /// The archived revision, if there is an archive and anything was carried out.
    pub revision: Option<u64>,
    /// Earlier runs that ended without saying so, and were closed now.
    pub interrupted: Vec<String>,
    /// Where one was asked for, and something was to be carried out.
    pub proof: Option<Proof>,
    pub elapsed: Duration,
}

/// How far prod is from where it should be.
#[derive(Debug, Clone)]
pub struct Checked {
    /// From prod to dev; empty when they are in step.
    pub plan: Plan,
    pub catalogs: Pair<Catalog>,
    /// Absent without an archive, or when it is empty.
    pub archived: Option<SinceArchived>,
}

/// What was done to prod since its last revision, past this program.
#[derive(Debug, Clone)]
pub struct SinceArchived {
    pub revision: u64,
    /// From the archived schema to prod as it is: what somebody did by hand.
    pub by_hand: Plan,
}

impl Checked {
    pub fn in_step(&self) -> bool {
        self.plan.is_empty() && self.archived.as_ref().is_none_or(|archived| archived.by_hand.is_empty())
    }
}

/// An archive's chain, oldest first, each with its hash; it has been verified.
#[derive(Debug, Clone)]
pub struct History {
    pub revisions: Vec<Entry>,
    /// A plan whose outcome is not known: a run that goes on, or one that died.
    pub pending: Option<Revision>,
}

/// The ordered statements that would bring prod into step, what of them the policy withholds, and, if that is asked for,
/// the proof that they work. Changes nothing.
pub async fn plan(request: &Request, listener: Listener<'_>) -> Result<Planned, Failure> {
    let application = "migrator/plan";
    let catalogs = read_both(request, application, listener).await?;
    let plan = crate::plan::plan(catalogs.as_ref(), &request.options)?;
    let admitted = gate::gate(&plan, &request.policy)?;
    let withheld = admitted.withheld().to_vec();
    tell_plan(&plan, &withheld, listener);
    let proof = prove::prove(request, &admitted, catalogs.as_ref(), application, listener).await?;
    Ok(Planned { plan, catalogs, withheld, proof })
}

/// The catalog of one database.
pub async fn snapshot(url: &DatabaseUrl, listener: Listener<'_>) -> Result<Catalog, Failure> {
    let (catalog, events) =
        origin::read(&Origin::Database(Box::new(url.clone())), Side::Prod, "migrator/snapshot").await?;
    events.iter().for_each(listener);
    Ok(catalog)
}

/// Both sides at the same time, each in a task of its own.
async fn read_both(request: &Request, application: &str, listener: Listener<'_>) -> Result<Pair<Catalog>, Failure> {
    let prod = Origin::Database(Box::new(request.prod.clone()));
    let current = origin::reader(prod, Side::Prod, application.to_owned());
    let desired = origin::reader(request.dev.clone(), Side::Dev, application.to_owned());
    let ((current, prod), (desired, dev)) = (current.await?, desired.await?);
    prod.iter().chain(&dev).for_each(listener);
    Ok(Pair::new(current, desired))
}

fn tell_plan(plan: &Plan, withheld: &[Withheld], listener: Listener<'_>) {
    listener(&Event::Planned {
        hash: plan.hash.clone(),
        batches: plan.batches.len(),
        statements: plan.batches.iter().map(|batch| batch.statements.len()).sum(),
        withheld: withheld.len(),
    });
}

/// The plan back: the renames that were carried out, in reverse.
fn down(catalogs: Pair<&Catalog>, options: &Options) -> Result<Plan, PlanError> {
    let renames = crate::rename::reversed(&[(&options.renames, catalogs)], catalogs.current)?;
    crate::plan::plan(catalogs, &Options { renames, ..options.clone() })
}

/// Compares prod with dev, and with the last archived revision. Changes nothing.
pub async fn check(request: &Request, listener: Listener<'_>) -> Result<Checked, Failure> {
    let Planned { plan, catalogs, .. } = self::plan(request, listener).await?;
    let mut archived = None;
    if let Some(location) = &request.archive {
        let archive = Archive::open(location)?;
        let tip = archive.tip().await?;
        archive.check_owner(&tip, request.prod.database())?;
        if let Some((_, bundle)) = tip.last {
            archived = Some(since(&bundle, &catalogs.current, request)?);
        }
    }
    Ok(Checked { plan, catalogs, archived })
}

fn since(bundle: &Bundle, prod: &Catalog, request: &Request) -> Result<SinceArchived, Failure> {
    let number = bundle.revision.number;
    let after = bundle.after().map_err(|error| Failure::of_revision(number, "after.json", &error))?;
    let options = Options { renames: Vec::new(), ..request.options.clone() };
    let by_hand = crate::plan::plan(Pair::new(&after, prod), &options)?;
    Ok(SinceArchived { revision: number, by_hand })
}

/// The archive's revisions. A missing or altered one is an error.
pub async fn history(archive: &Location) -> Result<History, Failure> {
    let (revisions, pending) = Archive::open(archive)?.history().await?;
    Ok(History { revisions, pending })
}

/// One revision with its files: by its number, by the beginning of its hash, or `latest`.
pub async fn show(archive: &Location, revision: &str) -> Result<Bundle, Failure> {
    Ok(Archive::open(archive)?.find(revision).await?)
}
