//! Carries out statements where nobody else is: in a scratch database.
//! No ledger, no waiting, no second try: what does not work at once does not work. Never meets prod, and never tells the
//! server a secret.

use sqlx::{AssertSqlSafe, PgConnection};

use crate::plan::batch::Batch;
use crate::statement::TransactionMode;

/// A statement that was refused.
#[derive(Debug, thiserror::Error)]
#[error("statement {statement} of batch {batch} was refused")]
pub struct Refused {
    /// By index in the plan.
    pub batch: usize,
    /// By index in the batch; the last one for what a COMMIT refuses.
    pub statement: usize,
    pub source: sqlx::Error,
}

/// Runs batches as they would run in prod, up to the first that is refused.
pub async fn rehearse<'b>(
    connection: &mut PgConnection,
    batches: impl Iterator<Item = (usize, &'b Batch)>,
) -> Result<(), Refused> {
    for (at, batch) in batches {
        let refused = |statement| move |source| Refused { batch: at, statement, source };
        let block = batch.transaction == TransactionMode::Block;
        if block {
            send(connection, "begin").await.map_err(refused(0))?;
        }
        for (number, statement) in batch.statements.iter().enumerate() {
            send(connection, &statement.sql.blanked()).await.map_err(refused(number))?;
        }
        if block {
            send(connection, "commit").await.map_err(refused(batch.statements.len().saturating_sub(1)))?;
        }
    }
    Ok(())
}

async fn send(connection: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
}
