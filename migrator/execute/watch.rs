//! Looks, over a second session, at what a running statement waits for and how far it is.
//! Once a `lock_timeout` has fired nobody can tell any more who was in the way. Best effort: without a second session the
//! work goes on unwatched. Never ends or delays anything.

use std::pin::pin;
use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};

use crate::connect::{Access, DatabaseUrl, connect};
use crate::ledger::application_name;
use crate::plan::batch::Batch;
use crate::progress::{Advance, Event, Listener, Session, Side};
use crate::sessions;

/// A statement that is done sooner is not looked at.
const FIRST_LOOK: Duration = Duration::from_millis(400);
const NEXT_LOOK: Duration = Duration::from_secs(1);
/// One that waits is looked at more often: how long it waited is told afterwards.
const LOOK_AT_WAITING: Duration = Duration::from_millis(250);

/// Who looks, and what was seen last.
#[derive(Debug)]
pub(super) struct Observer {
    url: DatabaseUrl,
    application: String,
    /// The session that is watched.
    pid: i32,
    connection: Option<PgConnection>,
    pub step: usize,
    pub steps: usize,
    pub blockers: Vec<Session>,
    advance: Option<Advance>,
}

impl Observer {
    pub fn new(url: &DatabaseUrl, run: &str, pid: i32) -> Self {
        Self {
            url: url.clone(),
            application: application_name(run) + " observer",
            pid,
            connection: None,
            step: 0,
            steps: 0,
            blockers: Vec::new(),
            advance: None,
        }
    }

    pub fn begin(&mut self, step: usize, index: usize, batch: &Batch, listener: Listener<'_>) {
        self.step = step;
        self.blockers.clear();
        self.advance = None;
        listener(&Event::BatchStarted {
            step,
            steps: self.steps,
            batch: index,
            statements: batch.statements.iter().map(|statement| statement.sql.to_string()).collect(),
            object: batch.cause.to_string(),
        });
    }

    /// Waits for the work, and looks at it from time to time. Beside its result, how long it was seen to wait for locks.
    pub async fn watch<T>(&mut self, work: impl Future<Output = T>, listener: Listener<'_>) -> (T, Duration) {
        let mut work = pin!(work);
        let (mut pause, mut waits) = (FIRST_LOOK, false);
        let (mut waited, mut last) = (Duration::ZERO, Instant::now());
        loop {
            let look = async {
                tokio::time::sleep(pause).await;
                self.look().await
            };
            let (done, seen) = tokio::select! {
                biased;
                done = &mut work => (Some(done), None),
                seen = look => (None, seen),
            };
            // Whoever waits at the end of a while is taken to have waited through it.
            waits = seen.as_ref().map_or(waits, |(blockers, _)| !blockers.is_empty());
            waited += if waits { last.elapsed() } else { Duration::ZERO };
            if let Some(done) = done {
                return (done, waited);
            }
            last = Instant::now();
            pause = if waits { LOOK_AT_WAITING } else { NEXT_LOOK };
            if let Some((blockers, advance)) = seen {
                self.tell(blockers, advance, listener);
            }
        }
    }

    /// Nothing when there is no second session to look with.
    async fn look(&mut self) -> Option<(Vec<Session>, Option<Advance>)> {
        // Set until the look is over: a session that broke, or whose query was given up, is not used again.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => match connect(&self.url, Side::Prod, Access::Read, &self.application).await {
                Ok(session) => session.connection,
                // There may be room for a second session later.
                Err(_) => return None,
            },
        };
        let blockers = sessions::blocking(&mut connection, self.pid).await.ok()?;
        let advance = sessions::advance(&mut connection, self.pid).await.ok()?;
        self.connection = Some(connection);
        Some((blockers, advance))
    }

    /// Tells who is waited for, unless that was told last.
    pub fn waiting(&mut self, blockers: Vec<Session>, listener: Listener<'_>) {
        let pids = |sessions: &[Session]| sessions.iter().map(|session| session.pid).collect::<Vec<_>>();
        let new = pids(&blockers) != pids(&self.blockers);
        self.blockers = blockers;
        if new {
            listener(&Event::Waiting { step: self.step, blockers: self.blockers.clone() });
        }
    }

    fn tell(&mut self, blockers: Vec<Session>, advance: Option<Advance>, listener: Listener<'_>) {
        if !blockers.is_empty() {
            self.waiting(blockers, listener);
        }
        if advance != self.advance {
            self.advance.clone_from(&advance);
            if let Some(Advance { phase, done, total }) = advance {
                listener(&Event::Advancing { step: self.step, phase, done, total });
            }
        }
    }

    /// Says goodbye, so that the server does not log a broken connection.
    pub async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            let _ = connection.close().await;
        }
    }
}
