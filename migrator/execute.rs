//! Carries out an admitted plan, batch after batch.
//! The plan leaves it no choice: it opens transactions, waits for locks without making others wait, and keeps the
//! ledger. Never decides what runs, and never repairs anything: recovery is planning.

mod preflight;
mod rehearse;
mod watch;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use sqlx::{AssertSqlSafe, PgConnection};

use crate::connect::{Connected, DatabaseUrl, ServerSays, is_lost, sqlstate};
use crate::ledger::{self, Effort, Record, Status};
use crate::plan::batch::Batch;
use crate::plan::gate::Admitted;
use crate::progress::{Event, Listener, Session};
use crate::sessions;
use crate::statement::{Statement, TransactionMode};
use watch::Observer;

pub use preflight::{missing_powers, missing_privileges, missing_roles};
pub use rehearse::{Refused, rehearse};

/// How often somebody is looked at who is in the way.
const GLANCE: Duration = Duration::from_millis(500);
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
/// For one of many locks: transactions of an application are usually shorter.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);

/// A dead client's transaction is rolled back within this time, instead of when its statement ends. A concurrent
/// index build is better finished than left invalid, so it is not watched in this way.
const CLIENT_CHECK: &str = "2s";

/// How long we wait for others, and how often we try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How long a statement waits for a lock before it gives way to whoever queues behind it.
    pub lock_timeout: Duration,
    /// How often a statement that gave way is tried.
    pub attempts: u32,
    /// The longest pause between two tries.
    pub longest_pause: Duration,
    /// How long a transaction that is older than `lock_timeout`, and holds what a statement will ask for, is waited for
    /// before anything queues behind it.
    pub courtesy: Duration,
    /// How long another run that holds prod's lock is waited for.
    pub other_run: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            lock_timeout: Duration::from_secs(2),
            attempts: 10,
            longest_pause: Duration::from_secs(15),
            courtesy: Duration::from_secs(30),
            other_run: Duration::from_secs(5),
        }
    }
}

impl Patience {
    /// The pauses between the tries, ever longer, each with some chance in it so that two of us do not march in step.
    fn pauses(&self) -> ExponentialBackoff {
        ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(SHORTEST_PAUSE.min(self.longest_pause))
            .with_max_delay(self.longest_pause)
            .with_max_times(usize::try_from(self.attempts.saturating_sub(1)).unwrap_or(usize::MAX))
            .build()
    }
}

/// Why execution stopped.
#[derive(Debug, thiserror::Error)]
#[error("statement {statement} of batch {batch} failed")]
pub struct Stopped {
    /// By index in the plan.
    pub batch: usize,
    /// By index in the batch.
    pub statement: usize,
    pub cause: Cause,
    pub attempts: u32,
    /// Whether the server may have carried it out although we were not told.
    pub in_doubt: bool,
    /// The sessions behind which it waited last.
    pub blockers: Vec<Session>,
    pub source: sqlx::Error,
}

/// What stopped it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A lock did not come, however often we tried.
    Lock,
    Statement,
    /// Our own bookkeeping.
    Ledger,
    ConnectionLost,
}

/// Carries out a plan over one session.
#[derive(Debug)]
pub struct Executor<'a> {
    session: &'a mut Connected,
    observer: Observer,
    patience: Patience,
    run: &'a str,
    position: usize,
    client_check: &'static str,
}

/// A try that failed, before anybody has decided whether there is another.
struct Failed {
    statement: usize,
    ledger: bool,
    in_doubt: bool,
    source: sqlx::Error,
}

impl<'a> Executor<'a> {
    /// The address is for a second session, which looks who is in the way.
    pub fn new(session: &'a mut Connected, url: &DatabaseUrl, patience: Patience, run: &'a str) -> Self {
        let observer = Observer::new(url, run, session.pid);
        Self { session, observer, patience, run, position: 0, client_check: "0" }
    }

    /// Carries out what was admitted. `applied` receives each batch that is committed.
    pub async fn execute(
        mut self,
        admitted: &Admitted<'_>,
        applied: &mut Vec<usize>,
        listener: Listener<'_>,
    ) -> Result<(), Box<Stopped>> {
        // Not every system on which a server runs can tell that a client is gone.
        if self.command(&format!("set client_connection_check_interval to '{CLIENT_CHECK}'"), 0).await.is_ok() {
            self.client_check = CLIENT_CHECK;
        }
        let done = self.batches(admitted, applied, listener).await;
        self.observer.close().await;
        done
    }

    async fn batches(
        &mut self,
        admitted: &Admitted<'_>,
        applied: &mut Vec<usize>,
        listener: Listener<'_>,
    ) -> Result<(), Box<Stopped>> {
        self.observer.steps = admitted.batches().count();
        for (step, (index, batch)) in (1..).zip(admitted.batches()) {
            self.observer.begin(step, index, batch, listener);
            let start = Instant::now();
            self.batch(index, batch, listener).await?;
            self.position += batch.statements.len();
            applied.push(index);
            listener(&Event::BatchDone { step, steps: self.observer.steps, batch: index, elapsed: start.elapsed() });
        }
        Ok(())
    }

    /// Tries a batch until it has its locks.
    async fn batch(&mut self, index: usize, batch: &Batch, listener: Listener<'_>) -> Result<(), Box<Stopped>> {
        let mut pauses = self.patience.pauses();
        let mut effort = Effort { attempts: 1, ..Effort::default() };
        loop {
            let start = Instant::now();
            self.make_way(batch, listener).await;
            let tried = match batch.transaction {
                TransactionMode::Block if !is_long(batch) => self.block(index, batch, effort, listener).await,
                _ => self.autocommit(index, batch, effort, listener).await,
            };
            let Err(failed) = tried else { return Ok(()) };
            let pause = if gives_way(&failed) && is_tried_again(batch) { pauses.next() } else { None };
            let Some(pause) = pause else { return Err(self.stopped(index, batch, effort, failed).await) };
            effort.attempts += 1;
            effort.waited += start.elapsed() + pause;
            listener(&Event::LockGivenUp {
                step: self.observer.step,
                attempt: effort.attempts - 1,
                attempts: self.patience.attempts,
                pause,
                blockers: self.observer.blockers.clone(),
            });
            tokio::time::sleep(pause).await;
        }
    }

    /// Waits while a long transaction holds what the batch is about to lock: to ask for a strong lock then would only keep
    /// everybody waiting who comes after. Best effort: whoever we may not see is met by the lock timeout.
    async fn make_way(&mut self, batch: &Batch, listener: Listener<'_>) {
        let start = Instant::now();
        let wanted = strongest_locks(batch);
        while !wanted.is_empty() && start.elapsed() < self.patience.courtesy {
            let holders = sessions::holding(&mut self.session.connection, &wanted, self.patience.lock_timeout).await;
            match holders {
                Ok(holders) if !holders.is_empty() => self.observer.waiting(holders, listener),
                _ => break,
            }
            tokio::time::sleep(GLANCE).await;
        }
        self.observer.blockers.clear();
    }

    /// All statements and their ledger rows in one transaction.
    async fn block(
        &mut self,
        index: usize,
        batch: &Batch,
        effort: Effort,
        listener: Listener<'_>,
    ) -> Result<(), Failed> {
        self.command(&format!("begin; {}", give_way(batch, self.patience.lock_timeout)), 0).await?;
        let done = self.statements(index, batch, effort, listener).await;
        if done.is_err() {
            // The session may be gone; then the server rolls back by itself.
            let _ = self.command("rollback", 0).await;
            return done;
        }
        let last = batch.statements.len().saturating_sub(1);
        // Only a COMMIT that is not answered leaves a doubt.
        self.command("commit", last).await.map_err(|failed| Failed { in_doubt: is_lost(&failed.source), ..failed })
    }

    async fn statements(
        &mut self,
        index: usize,
        batch: &Batch,
        effort: Effort,
        listener: Listener<'_>,
    ) -> Result<(), Failed> {
        let mut efforts = Vec::new();
        for (at, statement) in batch.statements.iter().enumerate() {
            // The tries that gave way are the transaction's, and told once.
            let waited = if at == 0 { effort.waited } else { Duration::ZERO };
            efforts.push(self.run(at, statement, Effort { waited, ..effort }, listener).await?);
        }
        for (at, effort) in efforts.into_iter().enumerate() {
            self.record(index, batch, at, effort, Status::Done).await?;
        }
        Ok(())
    }

    /// A statement that commits by itself: the ledger knows that it was started before it is, and that it is done
    /// after.
    async fn autocommit(
        &mut self,
        index: usize,
        batch: &Batch,
        effort: Effort,
        listener: Listener<'_>,
    ) -> Result<(), Failed> {
        let patient = is_patient(batch);
        let usual = (self.patience.lock_timeout.as_millis(), self.client_check);
        let (timeout, check) = if patient { (0, "0") } else { usual };
        for (at, statement) in batch.statements.iter().enumerate() {
            self.record(index, batch, at, effort, Status::Started).await?;
            self.command(
                &format!("set client_connection_check_interval to '{check}'; set lock_timeout to {timeout}"),
                at,
            )
            .await?;
            let ran = self.run(at, statement, effort, listener).await;
            let effort = ran.map_err(|failed| Failed { in_doubt: is_lost(&failed.source), ..failed })?;
            let usual =
                format!("set client_connection_check_interval to '{}'; set lock_timeout to 0", self.client_check);
            self.command(&usual, at).await?;
            self.record(index, batch, at, effort, Status::Done).await?;
        }
        Ok(())
    }

    /// The statement itself, by the simple protocol: nothing is prepared, and nothing comes back but how long it took.
    async fn run(
        &mut self,
        at: usize,
        statement: &Statement,
        effort: Effort,
        listener: Listener<'_>,
    ) -> Result<Effort, Failed> {
        let start = Instant::now();
        let work = sqlx::raw_sql(AssertSqlSafe(statement.sql.revealed())).execute(&mut self.session.connection);
        let (done, waited) = self.observer.watch(work, listener).await;
        done.map_err(|source| Failed { statement: at, ledger: false, in_doubt: false, source })?;
        Ok(Effort { waited: effort.waited + waited, took: Some(start.elapsed()), ..effort })
    }

    async fn command(&mut self, sql: &str, at: usize) -> Result<(), Failed> {
        let result = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.session.connection).await;
        result.map(drop).map_err(|source| Failed { statement: at, ledger: false, in_doubt: false, source })
    }

    async fn record(
        &mut self,
        index: usize,
        batch: &Batch,
        at: usize,
        effort: Effort,
        status: Status<'_>,
    ) -> Result<(), Failed> {
        let row = row(self.run, self.position, index, batch, at);
        let result = ledger::record(&mut self.session.connection, &row, effort, status).await;
        result.map_err(|source| Failed { statement: at, ledger: true, in_doubt: false, source })
    }

    /// Best effort: what is left is taken away by the next run.
    async fn undo(&mut self, failed: Option<&Statement>) {
        let Some(sql) = failed.and_then(|statement| statement.undo.as_deref()) else { return };
        let mut pauses = self.patience.pauses();
        loop {
            let timeout = self.patience.lock_timeout.as_millis();
            let sql = format!("begin; set local lock_timeout to {timeout}; {sql}; commit");
            let Err(error) = self.command(&sql, 0).await else { return };
            let _ = self.command("rollback", 0).await;
            let Some(pause) = pauses.next().filter(|_| gives_way(&error)) else { return };
            tokio::time::sleep(pause).await;
        }
    }

    /// Writes down what failed, as far as there still is a session to write it with.
    async fn stopped(&mut self, index: usize, batch: &Batch, effort: Effort, failed: Failed) -> Box<Stopped> {
        let lost = is_lost(&failed.source);
        if !lost {
            self.undo(batch.statements.get(failed.statement)).await;
            let says = ServerSays::of(&failed.source);
            let row = row(self.run, self.position, index, batch, failed.statement);
            let connection: &mut PgConnection = &mut self.session.connection;
            // The failure itself is what the user must hear of, whatever becomes of its row.
            let _ = sqlx::raw_sql("set lock_timeout to 0").execute(&mut *connection).await;
            let _ = ledger::record(connection, &row, effort, Status::Failed(&says)).await;
        }
        let cause = match () {
            () if lost => Cause::ConnectionLost,
            () if gives_way(&failed) => Cause::Lock,
            () if failed.ledger => Cause::Ledger,
            () => Cause::Statement,
        };
        Box::new(Stopped {
            batch: index,
            statement: failed.statement,
            cause,
            attempts: effort.attempts,
            in_doubt: failed.in_doubt,
            blockers: std::mem::take(&mut self.observer.blockers),
            source: failed.source,
        })
    }
}

/// The locks that keep writers out, or readers too, by schema and name.
fn strongest_locks(batch: &Batch) -> Vec<sessions::Wanted<'_>> {
    let locks = batch.statements.iter().flat_map(|statement| &statement.locks).filter(|lock| lock.mode.blocks_writes());
    let mut wanted = Vec::new();
    for lock in locks {
        if let (Some(schema), Some(name)) = (lock.on.path.first(), lock.on.path.get(1)) {
            wanted.push(sessions::Wanted { schema, name, exclusive: lock.mode.blocks_reads() });
        }
    }
    wanted
}

/// What makes a transaction give way in time. Whoever holds one table and waits for the next can stand in a circle with the
/// application; the server looks for one after `deadlock_timeout` and ends who looks first, which is who waited first. So
/// where several tables are locked, all our waiting together is shorter than that.
fn give_way(batch: &Batch, lock_timeout: Duration) -> String {
    let tables: BTreeSet<_> = strongest_locks(batch).iter().map(|lock| (lock.schema, lock.name)).collect();
    let usual = lock_timeout.as_millis();
    if tables.len() < 2 {
        return format!("set local lock_timeout to {usual}");
    }
    format!(
        "select set_config('lock_timeout', least({usual}, greatest(setting::integer / {}, {}))::text, true)
        from pg_settings where name = 'deadlock_timeout'",
        tables.len(),
        SHORTEST_WAIT.as_millis(),
    )
}

fn row<'r>(run: &'r str, position: usize, index: usize, batch: &'r Batch, at: usize) -> Record<'r> {
    let sql = batch.statements.get(at).map_or("", |statement| statement.sql.as_str());
    Record { run, position: position + at, batch: index, object: batch.cause.to_string(), sql }
}

/// `lock_not_available` and `deadlock_detected`: others were in the way, and nothing was done.
fn gives_way(failed: &Failed) -> bool {
    matches!(sqlstate(&failed.source).as_deref(), Some("55P03" | "40P01"))
}

/// Whether the batch may wait for as long as it takes: nobody who reads or writes queues behind its lock. In a
/// concurrent build `lock_timeout` would also fire while it waits for old snapshots, and leave an invalid index. Or whether
/// a statement says so itself.
pub fn is_patient(batch: &Batch) -> bool {
    let harmless = |statement: &Statement| {
        let in_the_way = statement.locks.iter().any(|lock| lock.mode.blocks_writes());
        statement.patient || !statement.locks.is_empty() && !in_the_way
    };
    (batch.transaction == TransactionMode::Autocommit || is_long(batch)) && batch.statements.iter().all(harmless)
}

/// What fails leaves nothing behind, but for an index, or the detaching of a partition, that is not finished.
fn is_tried_again(batch: &Batch) -> bool {
    batch.transaction == TransactionMode::Block || !is_patient(batch)
}

/// Whether it is a validation by itself: one statement is a transaction of its own, and one that reads every row under a lock
/// that is in nobody's way is better left to the server than begun again when its client is gone.
fn is_long(batch: &Batch) -> bool {
    let [statement] = &batch.statements[..] else { return false };
    let harmless = statement.locks.iter().all(|lock| !lock.mode.blocks_writes());
    !statement.scans.is_empty() && !statement.locks.is_empty() && harmless
}
