//! Brings prod into step.
//! Everything is read and planned under prod's lock, so nothing that another run does can come between the plan and its
//! execution. A crash at any line leaves what the next sync recognises: an open run in the ledger, a plan without an
//! outcome in the archive.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};
use std::time::Instant;

use sqlx::Connection;

use crate::app::failure::{standing, stopped};
use crate::app::prove::prove;
use crate::app::{Delivery, Failure, Request, Standing, Synced, down, origin, tell_plan, turn};
use crate::archive::{Archive, Contents, Tip};
use crate::catalog::Catalog;
use crate::code::Code;
use crate::connect::{Access, Connected, connect};
use crate::execute::{Cause, Executor, missing_powers, missing_privileges, missing_roles};
use crate::introspect::introspect;
use crate::ledger::{self, NewRun, PastRun, application_name};
use crate::name::Sql;
use crate::pair::Pair;
use crate::plan::Plan;
use crate::plan::gate::{Admitted, Reason, Withheld, gate};
use crate::progress::{Event, Listener, Side, Stage};
use crate::revision::{Bundle, FORMAT, Outcome, Revision};

/// Brings prod into step, as far as the policy and the time let it. With `expected`, only if the plan made now, under prod's
/// lock, is that very one.
pub async fn sync(request: &Request, expected: Option<&Plan>, listener: Listener<'_>) -> Result<Delivery, Failure> {
    let Some(time) = request.timeout else { return in_full(request, expected, listener).await };
    let (mut run, mut begun) = (None, false);
    let mut noting = |event: &Event| {
        match event {
            Event::LockTaken { run: taken } => run = Some(taken.clone()),
            Event::BatchStarted { .. } => begun = true,
            _ => {}
        }
        listener(event);
    };
    // What is given up here ends its session, and leaves to the server what is under way.
    match tokio::time::timeout(time, in_full(request, expected, &mut noting)).await {
        Ok(result) => result,
        Err(_) => Err(turn::out_of_time(request, time, run.as_deref().filter(|_| begun)).await),
    }
}

async fn in_full(request: &Request, expected: Option<&Plan>, listener: Listener<'_>) -> Result<Delivery, Failure> {
    let start = Instant::now();
    let run = run_id();
    let mut session = connect(&request.prod, Side::Prod, Access::Write, &application_name(&run)).await?;
    let (address, version) = (session.address.clone(), session.version.clone());
    listener(&Event::Connected { side: Side::Prod, address, version });
    if session.standby {
        return Err(Failure::new(Code::ProdReadOnly, format!("prod: {} is a standby", request.prod)));
    }
    turn::take(&mut session.connection, request, listener).await?;
    listener(&Event::LockTaken { run: run.clone() });
    let delivery = Sync { request, run, session: &mut session }.locked(expected, start, listener).await;
    // Ending the session gives the lock back; one that is lost has none to give.
    let _ = session.connection.close().await;
    delivery
}

/// The run that has carried out this very request, if it has a key.
pub async fn answered(request: &Request) -> Result<Option<PastRun>, Failure> {
    let Some(identity) = request.identity() else { return Ok(None) };
    let mut session = connect(&request.prod, Side::Prod, Access::Read, "migrator/answer").await?;
    let past = ledger::answer(&mut session.connection, &identity).await;
    let _ = session.connection.close().await;
    past.map_err(|error| unreadable_ledger(&error))
}

/// Sortable by time, and different for two runs of the same second.
fn run_id() -> String {
    let second = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    // A RandomState is seeded from the system's randomness; what it hashes does not matter.
    let random = RandomState::new().hash_one(&second) >> 32;
    format!("{second}-{random:08x}")
}

fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn unreadable_ledger(error: &sqlx::Error) -> Failure {
    Failure::of_session(Code::LedgerFailed, "prod: the ledger could not be read", error)
}

/// A sync that holds prod's lock.
struct Sync<'a> {
    request: &'a Request,
    run: String,
    session: &'a mut Connected,
}

/// An archive and the end of its chain.
struct Chain {
    archive: Archive,
    tip: Tip,
}

/// What a run has done, before it is known whether that was right.
struct Ended<'p> {
    admitted: &'p Admitted<'p>,
    applied: Vec<usize>,
    verdict: Result<(), Failure>,
    after: Catalog,
}

impl Sync<'_> {
    async fn locked(
        mut self,
        expected: Option<&Plan>,
        start: Instant,
        listener: Listener<'_>,
    ) -> Result<Delivery, Failure> {
        let interrupted = self.close_interrupted(listener).await?;
        if let Some(past) = self.answer().await? {
            self.catch_up(listener).await?;
            return Ok(Delivery::Again(Box::new(past)));
        }
        let catalogs = self.read(listener).await?;
        let chain = self.open_archive(Some(&catalogs.current), listener).await?;
        let plan = crate::plan::plan(catalogs.as_ref(), &self.request.options)?;
        check_expected(expected, &plan)?;
        let admitted = gate(&plan, &self.request.policy)?;
        let withheld = admitted.withheld().to_vec();
        tell_plan(&plan, &withheld, listener);
        if self.request.strict {
            check_strict(&withheld)?;
        }
        let mut synced = Synced {
            plan: plan.clone(),
            applied: Vec::new(),
            withheld,
            run: None,
            revision: None,
            interrupted,
            proof: None,
            elapsed: start.elapsed(),
            catalogs,
        };
        if !admitted.is_empty() {
            self.check_privileges(&admitted).await?;
            let application = application_name(&self.run);
            synced.proof = prove(self.request, &admitted, synced.catalogs.as_ref(), &application, listener).await?;
            (synced.applied, synced.revision) =
                self.carry_out(&admitted, synced.catalogs.as_ref(), chain, listener).await?;
            synced.run = Some(self.run);
        }
        synced.elapsed = start.elapsed();
        Ok(Delivery::First(Box::new(synced)))
    }

    /// The run may have died between its last statement and the archive.
    async fn catch_up(&mut self, listener: Listener<'_>) -> Result<(), Failure> {
        self.open_archive(None, listener).await.map(drop)
    }

    /// The run that has carried out this very request.
    async fn answer(&mut self) -> Result<Option<PastRun>, Failure> {
        let Some(request) = self.request.identity() else { return Ok(None) };
        ledger::answer(&mut self.session.connection, &request).await.map_err(|error| unreadable_ledger(&error))
    }

    async fn close_interrupted(&mut self, listener: Listener<'_>) -> Result<Vec<String>, Failure> {
        let closed = ledger::close_interrupted(&mut self.session.connection).await;
        let runs = closed.map_err(|error| unreadable_ledger(&error))?;
        for run in &runs {
            listener(&Event::RunInterrupted { run: run.clone() });
        }
        Ok(runs)
    }

    async fn read_prod(&mut self) -> Result<Catalog, Failure> {
        let read = introspect(&mut self.session.connection).await;
        read.map_err(|error| Failure::of_reading(Side::Prod, &error))
    }

    /// Both sides at the same time; prod over the session that holds the lock.
    async fn read(&mut self, listener: Listener<'_>) -> Result<Pair<Catalog>, Failure> {
        let application = application_name(&self.run);
        let desired = origin::reader(self.request.dev.clone(), Side::Dev, application);
        let current = self.read_prod().await?;
        let (desired, events) = desired.await?;
        listener(&Event::CatalogRead { side: Side::Prod, objects: current.objects().len() });
        events.iter().for_each(listener);
        Ok(Pair::new(current, desired))
    }

    /// Opens the archive, and closes the revision of a run that did not live to do it.
    async fn open_archive(&mut self, prod: Option<&Catalog>, listener: Listener<'_>) -> Result<Option<Chain>, Failure> {
        let Some(location) = &self.request.archive else { return Ok(None) };
        let archive = Archive::open(location)?;
        let mut tip = archive.tip().await?;
        archive.check_owner(&tip, self.request.prod.database())?;
        if let Some(pending) = tip.pending.take() {
            let number = pending.revision.number;
            let bundle = match prod {
                Some(prod) => self.closed(*pending, prod).await?,
                None => {
                    let prod = self.read_prod().await?;
                    self.closed(*pending, &prod).await?
                }
            };
            let (entry, end) = archive.conclude(&tip, bundle).await?;
            listener(&Event::Archived { revision: number, stage: Stage::Recovered, entry });
            tip = end;
        }
        Ok(Some(Chain { archive, tip }))
    }

    /// The revision of a run that died, with what the ledger knows of it and prod as it is now.
    async fn closed(&mut self, pending: Bundle, prod: &Catalog) -> Result<Bundle, Failure> {
        let (plan, before) = planned(&pending)?;
        let past = ledger::past(&mut self.session.connection, &pending.revision.run).await;
        let past = past.map_err(|error| unreadable_ledger(&error))?;
        let mut revision = pending.revision.clone();
        revision.finished = Some(now());
        revision.outcome = past.as_ref().map_or(Outcome::Interrupted, |past| past.outcome);
        if let Some(past) = past {
            (revision.applied, revision.error) = (past.applied, past.error);
        }
        let first = |batch| position(&plan, &pending.revision.withheld, batch);
        let ran = ledger::ran(&mut self.session.connection, &pending.revision.run, first).await;
        revision.ran = ran.map_err(|error| unreadable_ledger(&error))?;
        Ok(bundle(revision, &plan, &before, Some(prod)))
    }

    async fn check_privileges(&mut self, admitted: &Admitted<'_>) -> Result<(), Failure> {
        let lacking = missing_roles(admitted);
        if !lacking.is_empty() {
            return Err(Failure::new(
                Code::RoleMissing,
                format!("prod lacks what the plan names: {}", lacking.join("; ")),
            ));
        }
        let failed =
            |error| Failure::of_session(Code::ConnectionFailed, "prod: the privileges could not be read", &error);
        let connection = &mut self.session.connection;
        let powers = missing_powers(connection, admitted).await.map_err(failed)?;
        if !powers.is_empty() {
            return Err(Failure::new(Code::PowerMissing, format!("prod: {}", powers.join("; "))));
        }
        let missing = missing_privileges(connection, admitted).await.map_err(failed)?;
        if !missing.is_empty() {
            return Err(Failure::new(Code::MayNotAlter, format!("prod: {}", missing.join("; "))));
        }
        Ok(())
    }

    /// Archives the plan, carries it out, proves it, archives the outcome.
    async fn carry_out(
        &mut self,
        admitted: &Admitted<'_>,
        catalogs: Pair<&Catalog>,
        chain: Option<Chain>,
        listener: Listener<'_>,
    ) -> Result<(Vec<usize>, Option<u64>), Failure> {
        let number = chain.as_ref().map(|chain| chain.tip.next());
        let revision = self.revision(admitted, chain.as_ref());
        if let Some(Chain { archive, .. }) = &chain {
            let bundle = bundle(revision.clone(), admitted.plan(), catalogs.current, None);
            let entry = archive.propose(&bundle).await?;
            listener(&Event::Archived { revision: revision.number, stage: Stage::Planned, entry });
        }
        let mut applied = Vec::new();
        let begun = self.begin(admitted, number).await;
        let done = match &begun {
            Ok(()) => {
                let executor = Executor::new(self.session, &self.request.prod, self.request.patience, &self.run);
                executor.execute(admitted, &mut applied, listener).await
            }
            Err(_) => Ok(()),
        };
        if let Err(error) = &done
            && error.cause == Cause::ConnectionLost
        {
            // What became of prod nobody can tell from here: the next sync reads it, and closes the revision.
            return Err(stopped(error, standing(&self.run, number, admitted, &applied), admitted));
        }
        let standing = standing(&self.run, number, admitted, &applied);
        let after = self.read_prod().await;
        let verdict = match (begun, done) {
            (Err(failure), _) => Err(failure),
            (Ok(()), Err(error)) => Err(stopped(&error, standing, admitted)),
            (Ok(()), Ok(())) => match &after {
                Ok(after) => verify(admitted, Pair::new(after, catalogs.desired), standing),
                Err(failure) => Err(failure.clone()),
            },
        };
        let Ok(after) = after else { return verdict.map(|()| (applied, number)) };
        let ended = Ended { admitted, applied, verdict, after };
        self.conclude(ended, revision, catalogs.current, chain, listener).await
    }

    fn revision(&self, admitted: &Admitted<'_>, chain: Option<&Chain>) -> Revision {
        let plan = admitted.plan();
        Revision {
            format: FORMAT,
            number: chain.map_or(0, |chain| chain.tip.next()),
            parent: chain.and_then(|chain| chain.tip.hash().cloned()),
            database: self.request.prod.database().to_owned(),
            run: self.run.clone(),
            created: now(),
            invoked_by: self.request.invoked_by.clone(),
            back_to: self.request.back_to(),
            outcome: Outcome::Pending,
            finished: None,
            error: None,
            plan_hash: plan.hash.clone(),
            before: plan.fingerprints.current.clone(),
            after: None,
            applied: Vec::new(),
            ran: Vec::new(),
            withheld: admitted.withheld().to_vec(),
            files: BTreeMap::new(),
        }
    }

    async fn begin(&mut self, admitted: &Admitted<'_>, revision: Option<u64>) -> Result<(), Failure> {
        let connection = &mut self.session.connection;
        let prepared = ledger::prepare(connection).await;
        let failed = |what: &str, error: &(dyn std::error::Error + 'static)| {
            Failure::of_session(Code::LedgerFailed, format!("prod: the ledger could not be {what}"), error)
        };
        prepared.map_err(|error| failed("prepared", &error))?;
        let run = NewRun {
            id: &self.run,
            invoked_by: self.request.invoked_by.as_deref(),
            plan_hash: admitted.plan().hash.as_str(),
            statements: admitted.statements(),
            revision,
            request: self.request.identity(),
            back_to: self.request.back_to(),
        };
        ledger::begin(connection, &run).await.map_err(|error| failed("written", &error))
    }

    /// Writes the outcome into the ledger first: the archive is closed from it, should we die between the two.
    async fn conclude(
        &mut self,
        ended: Ended<'_>,
        mut revision: Revision,
        before: &Catalog,
        chain: Option<Chain>,
        listener: Listener<'_>,
    ) -> Result<(Vec<usize>, Option<u64>), Failure> {
        let Ended { admitted, applied, verdict, after } = ended;
        let outcome = if verdict.is_ok() { Outcome::Done } else { Outcome::Failed };
        let error = verdict.as_ref().err();
        let told = error.map(|failure| (failure.code, failure.message.as_str()));
        let finished = ledger::finish(&mut self.session.connection, &self.run, outcome, told).await;
        let mut number = None;
        if let Some(Chain { archive, tip }) = chain {
            revision.outcome = outcome;
            revision.finished = Some(now());
            revision.error = error.map(|failure| failure.message.clone());
            revision.applied.clone_from(&applied);
            // What the ledger does not tell is missed in the archive, and nothing else.
            let first = |batch| position(admitted.plan(), admitted.withheld(), batch);
            revision.ran = ledger::ran(&mut self.session.connection, &self.run, first).await.unwrap_or_default();
            number = Some(revision.number);
            let bundle = bundle(revision, admitted.plan(), before, Some(&after));
            match archive.conclude(&tip, bundle).await {
                Ok((entry, _)) => listener(&Event::Archived { revision: tip.next(), stage: Stage::Finished, entry }),
                // What went wrong in prod is the graver news.
                Err(error) if verdict.is_ok() => {
                    let standing = standing(&self.run, number, admitted, &applied);
                    return Err(Failure { standing: Some(Box::new(standing)), ..Failure::from(error) });
                }
                Err(_) => {}
            }
        }
        verdict?;
        finished.map_err(|error| {
            Failure::of_session(Code::LedgerFailed, "prod is in step, but the ledger could not be written", &error)
        })?;
        listener(&Event::Verified { withheld: admitted.withheld().len() });
        Ok((applied, number))
    }
}

/// What an archived plan leads to, and from where.
pub fn planned(bundle: &Bundle) -> Result<(Plan, Catalog), Failure> {
    let damaged = |file: &'static str| move |error| Failure::of_revision(bundle.revision.number, file, &error);
    Ok((bundle.plan().map_err(damaged("plan.json"))?, bundle.before().map_err(damaged("before.json"))?))
}

/// A revision's files. The way back leads from what prod has become; before that is known, from what it shall become.
fn bundle(revision: Revision, plan: &Plan, before: &Catalog, after: Option<&Catalog>) -> Bundle {
    let back = match after {
        Some(after) => down(Pair::new(after, before), &plan.options).map_err(|error| error.to_string()),
        None => Err("The way back is written when the outcome is known.".to_owned()),
    };
    let down = back.as_ref().map_err(String::as_str);
    Contents { plan, down, before, after }.bundle(revision)
}

/// How many statements of a run come before a batch, by its index in the plan.
fn position(plan: &Plan, withheld: &[Withheld], batch: usize) -> usize {
    let runs = |at: &usize| !withheld.iter().any(|withheld| withheld.batch == *at);
    (0..batch.min(plan.batches.len())).filter(runs).map(|at| plan.batches[at].statements.len()).sum()
}

fn check_expected(expected: Option<&Plan>, plan: &Plan) -> Result<(), Failure> {
    let Some(expected) = expected.filter(|expected| expected.hash != plan.hash) else { return Ok(()) };
    if expected.fingerprints.current != plan.fingerprints.current {
        let message = "prod is no longer what the plan was made for; nothing was changed";
        return Err(Failure::new(Code::ProdChanged, message));
    }
    let message = format!("the plan is {} now, and {} was expected; nothing was changed", plan.hash, expected.hash);
    Err(Failure::new(Code::PlanChanged, message))
}

/// What the other phase holds was asked to be left out; everything else that is withheld lacks an approval.
fn check_strict(withheld: &[Withheld]) -> Result<(), Failure> {
    let asked: Vec<usize> = withheld
        .iter()
        .filter(|withheld| matches!(withheld.reason, Reason::Phase(_)))
        .map(|withheld| withheld.batch)
        .collect();
    let lacking: Vec<Withheld> = withheld
        .iter()
        .filter(|withheld| match &withheld.reason {
            Reason::Phase(_) => false,
            Reason::Hazard(_) => true,
            Reason::Needs(needs) => !needs.iter().all(|need| asked.contains(need)),
        })
        .cloned()
        .collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let approvals: Vec<String> =
        lacking.iter().flat_map(Withheld::approvals).map(|allow| format!("--allow {allow}")).collect();
    let message = format!("nothing was changed: the plan needs {}", approvals.join(" "));
    Err(Failure { withheld: lacking, ..Failure::new(Code::Blocked, message) })
}

/// What a new plan still holds although nobody withheld it from this one, nor would. What is left may be spelled otherwise
/// there: the index of a table that was new is built concurrently now.
pub(super) fn left_over(admitted: &Admitted<'_>, catalogs: Pair<&Catalog>) -> Result<Vec<Sql>, Failure> {
    let plan = admitted.plan();
    let left = crate::plan::plan(catalogs, &plan.options)?;
    let withheld = admitted.withheld().iter().flat_map(|withheld| &plan.batches[withheld.batch].statements);
    let withheld: BTreeSet<&str> = withheld.map(|statement| statement.sql.as_str()).collect();
    let left = admitted.admits(&left);
    let left = left.batches().flat_map(|(_, batch)| &batch.statements).map(|statement| &statement.sql);
    Ok(left.filter(|sql| !withheld.contains(sql.as_str())).cloned().collect())
}

/// Prod is in step when nothing is left over.
fn verify(admitted: &Admitted<'_>, catalogs: Pair<&Catalog>, standing: Standing) -> Result<(), Failure> {
    let remaining = left_over(admitted, catalogs)?;
    if remaining.is_empty() {
        return Ok(());
    }
    let message = format!("prod: every statement was carried out, and yet {} would be needed", remaining.len());
    let remaining = remaining.iter().map(ToString::to_string).collect();
    let standing = Some(Box::new(Standing { remaining, ..standing }));
    Err(Failure { standing, ..Failure::new(Code::NotInStep, message) })
}
