//! What runs on a database now, and what ran last.
//! For the person whose deploy hangs: the run, its statement, how far that is, and who is in its way. Changes nothing,
//! and needs no more than to connect; what our role may not see of others is left out.

use sqlx::{Connection, PgConnection};

use crate::app::Failure;
use crate::code::Code;
use crate::connect::{Access, DatabaseUrl, connect};
use crate::ledger::{self, PastRun};
use crate::progress::{Holder, Session, Side};
use crate::sessions;

/// What is to be known of a database that may be being migrated.
#[derive(Debug, Clone)]
pub struct Status {
    /// The run that holds the lock, and its session.
    pub running: Option<Holder>,
    /// The sessions that it waits for.
    pub blockers: Vec<Session>,
    /// The last run that the ledger knows.
    pub last: Option<PastRun>,
}

/// Looks at prod without waiting for anybody.
pub async fn status(prod: &DatabaseUrl) -> Result<Status, Failure> {
    let mut session = connect(prod, Side::Prod, Access::Read, "migrator/status").await?;
    let seen = look(&mut session.connection).await;
    let seen = seen
        .map_err(|error| Failure::of_session(Code::ConnectionFailed, "prod: the sessions could not be read", &error));
    let _ = session.connection.close().await;
    seen
}

async fn look(connection: &mut PgConnection) -> Result<Status, sqlx::Error> {
    let running = ledger::holder(connection).await?;
    let mut blockers = Vec::new();
    if let Some(Holder { session, .. }) = &running {
        blockers = sessions::blocking(connection, session.pid).await?;
    }
    // The ledger may be another role's, whose runs are then not ours to see.
    let last = ledger::last(connection).await.unwrap_or_default();
    Ok(Status { running, blockers, last })
}
