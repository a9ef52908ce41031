//! The proof that a plan works, before prod is touched.
//! Prod's schema is built from its catalog in a scratch database, the very statements are run there, and what comes of them
//! is compared with dev. It says nothing of what depends on rows or secrets, for there are none. Never writes to prod.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::app::sync::left_over;
use crate::app::{Failure, Origin, Request};
use crate::catalog::Catalog;
use crate::code::Code;
use crate::connect::{Access, Connected, DatabaseUrl, ServerSays, connect, is_lost};
use crate::execute::{Refused, rehearse};
use crate::introspect::introspect;
use crate::name::Sql;
use crate::pair::Pair;
use crate::plan::gate::Admitted;
use crate::plan::{Options, Plan};
use crate::progress::{Event, Listener, Side};
use crate::scope::Scope;
use crate::scratch::Scratch;

/// What was shown, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The address of the server that had the scratch database.
    pub server: String,
    /// Of prod's schema, built there.
    pub objects: usize,
    /// Of the plan, run there.
    pub statements: usize,
    #[serde(skip)]
    pub elapsed: Duration,
}

/// Runs what was admitted in a copy of prod's schema, if that is asked for and anything was. That there can be no copy is
/// a failure too: nothing is shown then.
pub(super) async fn prove(
    request: &Request,
    admitted: &Admitted<'_>,
    catalogs: Pair<&Catalog>,
    application: &str,
    listener: Listener<'_>,
) -> Result<Option<Proof>, Failure> {
    if !request.prove || admitted.is_empty() {
        return Ok(None);
    }
    let start = Instant::now();
    let server = server(request)?;
    let scratch = Scratch::make(server, application).await?;
    let shown = shown(&scratch.url, &request.options, admitted, catalogs, application).await;
    let discarded = scratch.discard().await;
    shown?;
    discarded?;
    let statements = admitted.statements();
    let server = server.to_string();
    let proof = Proof { server, objects: catalogs.current.objects().len(), statements, elapsed: start.elapsed() };
    listener(&Event::Proved { objects: proof.objects, statements, elapsed: proof.elapsed });
    Ok(Some(proof))
}

/// The one that was named for such things, or dev's.
fn server(request: &Request) -> Result<&DatabaseUrl, Failure> {
    let dev = match &request.dev {
        Origin::Database(url) => Some(&**url),
        Origin::Script { scratch, .. } => scratch.as_deref(),
        _ => None,
    };
    let message = "A proof needs a server, and dev is none";
    request.scratch.as_ref().or(dev).ok_or_else(|| Failure::new(Code::ScratchMissing, message))
}

async fn shown(
    url: &DatabaseUrl,
    options: &Options,
    admitted: &Admitted<'_>,
    catalogs: Pair<&Catalog>,
    application: &str,
) -> Result<(), Failure> {
    let mut session = connect(url, Side::Dev, Access::Write, application).await?;
    let before = read(&mut session).await?;
    if before.major != catalogs.current.major {
        let majors = Pair::new(catalogs.current.major, before.major);
        let message = format!("prod is PostgreSQL {}, and {url} is PostgreSQL {}", majors.current, majors.desired);
        return Err(Failure::new(Code::NotProvable, message));
    }
    build(&mut session, &before, catalogs.current, options).await?;
    let ran = rehearse(&mut session.connection, admitted.batches()).await;
    ran.map_err(|refused| {
        failure(Code::ProofFailed, "The proof failed in a copy of prod's schema", admitted.plan(), &refused)
    })?;
    let remaining = open(left_over(admitted, Pair::new(&read(&mut session).await?, catalogs.desired))?);
    if !remaining.is_empty() {
        let message =
            "The proof failed: every statement ran in a copy of prod's schema, and yet it is not like dev then";
        return Err(Failure { causes: needed(&remaining), ..Failure::new(Code::ProofFailed, message) });
    }
    Ok(())
}

async fn read(session: &mut Connected) -> Result<Catalog, Failure> {
    introspect(&mut session.connection).await.map_err(|error| Failure::of_reading(Side::Dev, &error))
}

/// Makes an empty database like prod: all of it, whatever part the plan is about.
async fn build(session: &mut Connected, empty: &Catalog, prod: &Catalog, options: &Options) -> Result<(), Failure> {
    let scope = Scope { with: options.scope.with.clone(), ..Scope::default() };
    let options = Options { scope, ..Options::default() };
    let plan = crate::plan::plan(Pair::new(empty, prod), &options)?;
    let built = rehearse(&mut session.connection, plan.batches.iter().enumerate()).await;
    built.map_err(|refused| {
        failure(Code::NotProvable, "There is no proof: prod's schema cannot be built there", &plan, &refused)
    })?;
    let left = crate::plan::plan(Pair::new(&read(session).await?, prod), &options)?;
    let left = open(left.batches.iter().flat_map(|batch| &batch.statements).map(|statement| statement.sql.clone()));
    if left.is_empty() {
        return Ok(());
    }
    let message = "There is no proof: what was built of prod's schema in a scratch database is not like it";
    Err(Failure { causes: needed(&left), ..Failure::new(Code::NotProvable, message) })
}

/// What is about more than the secrets that the copy has not got.
fn open(statements: impl IntoIterator<Item = Sql>) -> Vec<String> {
    statements.into_iter().filter(|sql| !sql.is_secret()).map(|sql| sql.to_string()).collect()
}

/// The first few of what would still be needed.
fn needed(statements: &[String]) -> Vec<String> {
    let shown = statements.iter().take(5).map(|sql| format!("this would still be needed: {sql}"));
    let more = statements.len().checked_sub(6).map(|more| format!("and {} more", more + 1));
    shown.chain(more).collect()
}

/// A statement that was refused in the copy, or while that was being made.
fn failure(code: Code, told: &str, plan: &Plan, refused: &Refused) -> Failure {
    let batch = &plan.batches[refused.batch];
    let sql = batch.statements.get(refused.statement).map(|statement| statement.sql.to_string());
    let ServerSays { sqlstate, message, detail, hint, .. } = ServerSays::of(&refused.source);
    let code = if is_lost(&refused.source) { Code::ConnectionLost } else { code };
    let causes = [sql, detail, hint].into_iter().flatten().collect();
    Failure { causes, sqlstate, ..Failure::new(code, format!("{told}, at {}: {message}", batch.cause)) }
}
