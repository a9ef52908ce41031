//! The demonstration: a small web shop, from yesterday's schema to today's, on a PostgreSQL of its own.
//! It is the first thing that people see, so it takes the very path of `plan` and `sync` and tells what it does.
//! Never touches a server that it did not start, and leaves nothing behind but the archive.

mod place;
mod proof;

use std::path::{Path, PathBuf};
use std::time::Instant;

use sqlx::{Connection, Executor, PgConnection};

use crate::app::{self, Delivery, Failure, Planned, Request};
use crate::archive::Location;
use crate::code::{Code, Exit};
use crate::entry::print;
use crate::plan::gate::Approval;
use crate::progress::Event;
use crate::report::text::{self, Palette, styled};
use crate::report::{self, Gated, allow_flags, approvals, one_line, shell_word};
use crate::throwaway::{Settings, Throwaway};

const PROD: &str = include_str!("demo/prod.sql");
const DEV: &str = include_str!("demo/dev.sql");
const RENAME: &str = "column public.product.descr -> description";
const LONGEST_STATEMENT: usize = 76;

/// Plays it from beginning to end.
pub async fn run(archive: Option<PathBuf>, allow: Vec<Approval>) -> Result<Exit, Failure> {
    let started = Instant::now();
    let mut tale = Tale { palette: print::palette(), step: 0 };
    tell("A web shop: its production database is behind, and full of rows. Let us bring it into step.")?;
    let server = Throwaway::start(&place::programs()?, &Settings::default())
        .map_err(|error| Failure::new(Code::DemoFailed, "The demo has no PostgreSQL to play with").because(&error))?;
    let archive = archive.unwrap_or_else(|| PathBuf::from("demo-archive"));
    let request = request(&server, &archive, allow)?;
    let rows = databases(&server, &mut tale).await?;
    let planned = show_plan(&request, &mut tale).await?;
    apply(&request, &planned, &mut tale).await?;
    prove(&server, &request, &rows, &mut tale).await?;
    let seconds = started.elapsed().as_secs_f64();
    farewell(&planned, &archive, seconds, &mut tale)?;
    Ok(Exit::Done)
}

/// Numbered chapters on stdout.
struct Tale {
    palette: Palette,
    step: usize,
}

impl Tale {
    fn chapter(&mut self, title: &str) -> Result<(), Failure> {
        self.step += 1;
        let number = styled(self.palette.good, &self.step.to_string());
        tell(&format!("\n{number}  {}", styled(self.palette.heading, title)))
    }

    fn command(&self, command: &str) -> Result<(), Failure> {
        tell(&format!("   {}", styled(self.palette.quiet, &format!("$ {command}"))))
    }
}

fn tell(text: &str) -> Result<(), Failure> {
    print::result(&format!("{text}\n"))
}

fn request(server: &Throwaway, archive: &Path, allow: Vec<Approval>) -> Result<Request, Failure> {
    let mut request = Request::new(&server.url("shop_dev"), &server.url("shop_prod"))?;
    request.options.renames.push(RENAME.parse().map_err(crate::plan::PlanError::Rename)?);
    request.policy.allow = allow;
    request.archive = Some(Location::Folder(archive.to_owned()));
    request.invoked_by = Some("demo".to_owned());
    Ok(request)
}

async fn databases(server: &Throwaway, tale: &mut Tale) -> Result<Vec<(String, i64)>, Failure> {
    let mut connection = open(server, "postgres").await?;
    let version: String = sqlx::query_scalar("select current_setting('server_version')")
        .fetch_one(&mut connection)
        .await
        .map_err(failed)?;
    let version = version.split(' ').next().unwrap_or_default();
    tale.chapter(&format!("PostgreSQL {version} is running, in a temporary folder. It goes when this ends."))?;
    for database in ["create database shop_prod", "create database shop_dev"] {
        connection.execute(database).await.map_err(failed)?;
    }
    let mut prod = open(server, "shop_prod").await?;
    prod.execute(PROD).await.map_err(failed)?;
    open(server, "shop_dev").await?.execute(DEV).await.map_err(failed)?;
    let rows = proof::rows(&mut prod).await.map_err(failed)?;
    tale.chapter("Two databases: shop_prod as customers use it, shop_dev as the developers want it.")?;
    let counts: Vec<String> = rows.iter().map(|(table, count)| format!("{count} {table}")).collect();
    tell(&format!("   Rows in shop_prod: {}", counts.join(", ")))?;
    Ok(rows)
}

async fn show_plan(request: &Request, tale: &mut Tale) -> Result<Planned, Failure> {
    tale.chapter("The plan: what would bring prod into step. Nothing has changed yet.")?;
    tale.command(&format!("migrator plan --dev .. --prod .. --rename {}\n", shell_word(RENAME)))?;
    let planned = app::plan(request, &mut |_| {}).await?;
    let gated = Gated { plan: &planned.plan, withheld: &planned.withheld };
    tell(text::text(gated, &tale.palette).trim_end())?;
    Ok(planned)
}

async fn apply(request: &Request, planned: &Planned, tale: &mut Tale) -> Result<(), Failure> {
    tale.chapter("Apply it: one statement at a time, none waiting long for a lock.")?;
    tale.command(&format!("migrator sync --dev .. --prod .. --rename {} --archive ..\n", shell_word(RENAME)))?;
    let mut running = String::new();
    let palette = tale.palette;
    let mut listener = |event: &Event| match event {
        Event::BatchStarted { statements, .. } => running = heading(statements),
        Event::BatchDone { batch, elapsed, .. } => {
            let time = styled(palette.quiet, &format!("{:>5} ms", elapsed.as_millis()));
            // A full disk stops the tale at the next chapter, but not the work.
            let _ = print::result(&format!("{:>4}  {time}  {running}\n", batch + 1));
        }
        _ => {}
    };
    // The demo's request has no idempotency key, so that it is always carried out.
    let Delivery::First(synced) = app::sync(request, Some(&planned.plan), &mut listener).await? else { return Ok(()) };
    let revision = synced.revision.map_or(String::new(), |revision| format!(", archived as revision {revision}"));
    let done = format!("Done in {:.1} s{revision}.", synced.elapsed.as_secs_f64());
    tell(&format!("\n   {}", styled(palette.good, &done)))
}

/// The first line of the first statement, and how many more there are.
fn heading(statements: &[String]) -> String {
    let first = statements.first().and_then(|sql| sql.lines().next()).unwrap_or_default();
    let text = report::shortened(&one_line(first), LONGEST_STATEMENT);
    let more = statements.len().saturating_sub(1);
    if more > 0 { format!("{text}  (and {more} more, all or none)") } else { text }
}

async fn prove(
    server: &Throwaway,
    request: &Request,
    before: &[(String, i64)],
    tale: &mut Tale,
) -> Result<(), Failure> {
    tale.chapter("The proof.")?;
    let again = app::plan(request, &mut |_| {}).await?;
    let left = again.plan.batches.len();
    if left != again.withheld.len() {
        return Err(Failure::new(Code::DemoFailed, "A second plan found more to do than what was withheld"));
    }
    let what = if left == 0 { "nothing" } else { "only what was withheld" };
    check(tale, "A second plan finds", &format!("{what} to do"))?;
    let mut prod = open(server, "shop_prod").await?;
    let after = proof::rows(&mut prod).await.map_err(failed)?;
    let lost: Vec<&str> = before.iter().filter(|old| !after.contains(old)).map(|(table, _)| table.as_str()).collect();
    if !lost.is_empty() {
        return Err(Failure::new(Code::DemoFailed, format!("Rows were lost in {}", lost.join(", "))));
    }
    let total: i64 = before.iter().map(|(_, count)| count).sum();
    check(tale, "Rows before and after", &format!("{total} and {total}, the same in every table"))?;
    let difference = place::pg_dump().and_then(|pg_dump| proof::dump_difference(&pg_dump, server));
    match difference.as_deref() {
        None => check(tale, "pg_dump of both", "left out: no pg_dump is here that is as new as the server"),
        Some([]) => check(tale, "pg_dump of both", "the same, whatever the order"),
        Some(lines) => {
            check(tale, "pg_dump of both", &format!("the same, whatever the order, but for: {}", lines.join("; ")))
        }
    }
}

fn check(tale: &Tale, what: &str, result: &str) -> Result<(), Failure> {
    tell(&format!("   {} {what:<22} {result}", styled(tale.palette.good, "*")))
}

fn farewell(planned: &Planned, archive: &Path, seconds: f64, tale: &mut Tale) -> Result<(), Failure> {
    tale.chapter("Where to look, and what to try next.")?;
    let migrator = place::this_program();
    let archive = shell_word(&archive.display().to_string());
    let gated = Gated { plan: &planned.plan, withheld: &planned.withheld };
    let withheld = planned.withheld.iter().flat_map(|withheld| approvals(gated, withheld.batch)).collect();
    let mut next = vec![
        ("What was archived", format!("{migrator} history --archive {archive}")),
        ("One revision", format!("{migrator} show latest --archive {archive}")),
        ("Its script", format!("{migrator} show latest --archive {archive} --format sql")),
    ];
    if !planned.withheld.is_empty() {
        next.push(("The drop, approved", format!("{} {}", place::this_demo(), allow_flags(&withheld))));
    }
    next.push(("Your own databases", format!("{migrator} plan --dev postgresql://.. --prod postgresql://..")));
    for (what, command) in next {
        tell(&format!("   {what:<20} {}", styled(tale.palette.heading, &command)))?;
    }
    let quiet = format!("\n{seconds:.0} seconds. The server is gone; {archive} stays.");
    tell(&styled(tale.palette.quiet, &quiet))
}

async fn open(server: &Throwaway, database: &str) -> Result<PgConnection, Failure> {
    PgConnection::connect(&server.url(database)).await.map_err(failed)
}

#[allow(clippy::needless_pass_by_value, reason = "the signature that map_err calls")]
fn failed(error: sqlx::Error) -> Failure {
    Failure::new(Code::DemoFailed, "The demo's own server refused").because(&error)
}
