//! Whose turn it is: prod's lock, and the time that a request has.
//! A session keeps the lock until its statement has ended, whatever became of its client: so what is left running is known
//! by the ledger, waited for, and ended only on request. Never ends a session whose client may still be there.

use std::time::Duration;

use sqlx::{Connection, PgConnection};

use crate::app::{Failure, Request};
use crate::code::Code;
use crate::connect::{Access, connect};
use crate::ledger::{self, LockError, application_name};
use crate::progress::{Event, Holder, Listener, Side};
use crate::sessions;

/// A statement of a client that lives is looked at over a second session by then.
const UNWATCHED: Duration = Duration::from_secs(5);

/// What noting that one gives up may take: of the time that there was, none is left.
const FAREWELL: Duration = Duration::from_millis(1500);

/// Takes prod's lock; on request from a run that nobody waits for.
pub async fn take(connection: &mut PgConnection, request: &Request, listener: Listener<'_>) -> Result<(), Failure> {
    let taken = ledger::lock(connection, request.patience.other_run, &mut *listener).await;
    let holder = match taken {
        Ok(()) => return Ok(()),
        Err(LockError::Failed(error)) => return Err(not_taken(&error)),
        Err(LockError::Busy(holder)) => holder,
    };
    if let Some(holder) = holder.as_ref().filter(|_| request.takeover)
        && is_forsaken(connection, holder).await.map_err(|error| not_taken(&error))?
    {
        let message = || format!("prod: {} could not be ended", holder.session);
        let ended = sessions::end(connection, holder.session.pid).await;
        let failed = |error| Failure::of_session(Code::TakeoverFailed, message(), &error);
        if !ended.map_err(failed)? {
            return Err(Failure::new(Code::TakeoverFailed, message()));
        }
        listener(&Event::TakenOver { holder: holder.clone() });
        return match ledger::lock(connection, request.patience.other_run, listener).await {
            Ok(()) => Ok(()),
            Err(LockError::Failed(error)) => Err(not_taken(&error)),
            Err(LockError::Busy(holder)) => Err(busy(holder, request)),
        };
    }
    Err(busy(holder, request))
}

fn not_taken(error: &sqlx::Error) -> Failure {
    Failure::of_session(Code::ConnectionFailed, "prod: the lock could not be taken", error)
}

/// Whether its client has said that it gives up, or has not looked after its statement for a while.
async fn is_forsaken(connection: &mut PgConnection, holder: &Holder) -> Result<bool, sqlx::Error> {
    if holder.run.as_ref().is_some_and(|run| run.left.is_some()) {
        return Ok(true);
    }
    let Some(run) = &holder.run else { return Ok(false) };
    Ok(ledger::is_under_way(connection, &run.id).await?
        && sessions::is_unwatched(connection, holder.session.pid, UNWATCHED).await?)
}

fn busy(holder: Option<Box<Holder>>, request: &Request) -> Failure {
    let run = holder.as_ref().and_then(|holder| holder.run.as_ref());
    let mine = run.filter(|run| run.request.is_some() && run.request == request.identity());
    let (code, message) = match (&holder, run, mine) {
        (_, _, Some(run)) => {
            let (done, of) = (run.done, run.statements);
            let message =
                format!("this very request is being carried out by run {}: {done} of {of} statements done", run.id);
            (Code::StillRunning, message)
        }
        (Some(holder), Some(run), _) if run.left.is_some() => {
            (Code::StillRunning, format!("what an earlier run has begun goes on in the server: {holder}"))
        }
        (Some(holder), ..) => (Code::Busy, format!("another run is at work: {holder}")),
        (None, ..) => (Code::Busy, "another run is at work".to_owned()),
    };
    Failure { holder, ..Failure::new(code, format!("prod: {message}")) }
}

/// What is to be said when the time is over: whether a statement had begun, and of a run that had, what it left behind. Its
/// session must be gone by now.
pub async fn out_of_time(request: &Request, time: Duration, begun: Option<&str>) -> Failure {
    let time = format!("{} s were not enough", time.as_secs());
    let Some(run) = begun else {
        return Failure::new(Code::OutOfTime, format!("{time} to come to the first statement; nothing was changed"));
    };
    // Without the note the next run takes this one for one that died, or works.
    let holder = tokio::time::timeout(FAREWELL, farewell(request, run)).await.ok().flatten();
    let what = match &holder {
        Some((holder, true)) => format!("what was begun goes on in the server: {holder}"),
        Some((_, false)) => "the transaction that was begun is rolled back in the server".to_owned(),
        None => "what runs in the server goes on there, or is rolled back if it is a transaction".to_owned(),
    };
    let holder = holder.map(|(holder, _)| holder);
    Failure { holder, ..Failure::new(Code::StillRunning, format!("prod: {time}: {what}")) }
}

/// The run's session, if it is there still, and whether it goes on.
async fn farewell(request: &Request, run: &str) -> Option<(Box<Holder>, bool)> {
    let application = application_name(run) + " farewell";
    let mut session = connect(&request.prod, Side::Prod, Access::Write, &application).await.ok()?;
    let connection = &mut session.connection;
    ledger::leave(connection, run).await.ok()?;
    let holder = ledger::holder(connection).await.ok()?;
    let goes_on = ledger::is_under_way(connection, run).await.ok()?;
    let _ = session.connection.close().await;
    let holder = holder.filter(|holder| holder.run.as_ref().is_some_and(|holder| holder.id == run));
    holder.map(|holder| (Box::new(holder), goes_on))
}
