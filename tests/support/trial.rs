//! One migration on real databases: planned, applied, and judged.
//! It is here so that a case says only where it starts and where it shall end.
//! It never decides which findings are known already: that is the caller's part.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use migrator::catalog::Catalog;
use migrator::introspect::introspect;
use migrator::kind::{Group, ObjectId, ObjectKind};
use migrator::pair::Pair;
use migrator::plan::gate::{Approval, Policy, gate};
use migrator::plan::{Information, Options, Plan, plan};
use migrator::rename::Renaming;
use migrator::scope::{Extent, Scope};
use migrator::statement::{HazardKind, Phase, Statement, TransactionMode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::deeds::{self, Deed, Lie, Watch, follow};
use super::oracle;
use super::server::{Database, DumpOptions, Server};
use super::witness::{self, Path, Sights, Table, View};

/// What the product sets for its session, and a limit against a test that waits for ever.
const SESSION: &str = "set search_path to ''; set check_function_bodies to off; set statement_timeout to '60s'";

/// Something that is not as it should be.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What was looked at: `apply`, `dump`, `rows`, ...
    pub category: &'static str,
    pub detail: String,
}

impl Finding {
    pub fn new(category: &'static str, detail: impl Into<String>) -> Self {
        Self { category, detail: detail.into() }
    }
}

/// What came of one migration.
#[derive(Debug, Default)]
pub struct Trial {
    pub plan: Option<Plan>,
    pub findings: Vec<Finding>,
    pub deeds: Vec<Deed>,
    pub lies: Vec<Lie>,
    /// What planning again tells of the differences that nothing can change, by the table, as SQL names it.
    pub told: BTreeMap<String, String>,
}

impl Trial {
    fn find(&mut self, category: &'static str, detail: impl Into<String>) {
        self.findings.push(Finding::new(category, detail));
    }
}

/// A database as a script left it, and what is to be known of it before anything is migrated.
#[derive(Debug)]
pub struct Side {
    pub database: Database,
    /// Reads the catalog and carries out plans.
    pub connection: PgConnection,
    /// Sees everything, whoever carries out plans.
    witness: PgConnection,
    dump: String,
    unseen: Vec<String>,
}

impl Side {
    /// Loads the script into a fresh database and reads its catalog.
    pub async fn load(server: &Server, name: &str, script: &str) -> Result<(Self, Catalog), Finding> {
        let database = server.database(name);
        database.try_run(script).map_err(|error| Finding::new("load", error))?;
        let url = database.url.clone();
        Self::of(database, &url).await
    }

    /// A loaded database; the address says as whom its catalog is read and plans are carried out.
    pub async fn of(database: Database, url: &str) -> Result<(Self, Catalog), Finding> {
        let dump = dump(&database);
        let mut connection = session(url).await?;
        let mut witness = session(&database.url).await?;
        let unseen = witness::unseen(&mut witness).await.map_err(|error| Finding::new("load", error.to_string()))?;
        let catalog = read(&mut connection).await?;
        Ok((Self { database, connection, witness, dump, unseen }, catalog))
    }

    /// What `pg_dump` and the probes beside it say of the schema.
    pub fn portrait(&self) -> Portrait {
        Portrait { dump: self.dump.clone(), unseen: self.unseen.clone() }
    }
}

/// A schema as others than us see it.
#[derive(Debug)]
pub struct Portrait {
    dump: String,
    unseen: Vec<String>,
}

async fn session(url: &str) -> Result<PgConnection, Finding> {
    let failed = |error: sqlx::Error| Finding::new("load", error.to_string());
    let mut connection = PgConnection::connect(url).await.map_err(failed)?;
    sqlx::raw_sql(SESSION).execute(&mut connection).await.map_err(failed)?;
    Ok(connection)
}

fn dump(database: &Database) -> String {
    database.dump(DumpOptions { owner: true, privileges: true })
}

async fn read(connection: &mut PgConnection) -> Result<Catalog, Finding> {
    let catalog = introspect(connection).await.map_err(|error| Finding::new("introspect", chain(&error)))?;
    spelling(connection, &catalog).await?;
    Ok(catalog)
}

/// What we compose is what the server says, to the letter.
async fn spelling(connection: &mut PgConnection, catalog: &Catalog) -> Result<(), Finding> {
    let definitions =
        witness::definitions(connection).await.map_err(|error| Finding::new("spelling", error.to_string()))?;
    for (slug, path, definition) in definitions {
        let id = ObjectId::new(slug.parse().map_err(|error: String| Finding::new("spelling", error))?, &path);
        let ours = catalog.get(&id).and_then(|object| serde_json::to_value(object).ok());
        let ours = ours.as_ref().and_then(|object| object["object"]["definition"].as_str());
        if let Some(ours) = ours.filter(|ours| *ours != definition) {
            return Err(Finding::new("spelling", format!("{id}\nis: {ours}\nshould be: {definition}")));
        }
    }
    Ok(())
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    std::iter::once(error.to_string()).chain(causes.map(ToString::to_string)).collect::<Vec<_>>().join(": ")
}

/// Everything is compared, the optional kinds included.
pub fn options(renames: Vec<Renaming>) -> Options {
    let with = Group::ALL.into_iter().map(|group| (group, Extent::On)).collect();
    Options { renames, scope: Scope { with, ..Scope::default() }, ..Options::default() }
}

/// Plans the way between two catalogs, applies it where the first is real, and looks at what came of it.
pub async fn migrate(start: &mut Side, catalogs: Pair<&Catalog>, goal: &Portrait, options: &Options) -> Trial {
    let mut trial = Trial::default();
    let Some(plan) = planned(&mut trial, catalogs, options) else { return trial };
    trial.plan = Some(plan.clone());
    if let Err(finding) = perform(&mut trial, start, catalogs.desired, goal, &plan).await {
        trial.findings.push(finding);
    }
    trial
}

/// The plan, once it has shown that it depends on nothing but its arguments.
fn planned(trial: &mut Trial, catalogs: Pair<&Catalog>, options: &Options) -> Option<Plan> {
    let plan = attempt(catalogs, options).map_err(|error| trial.find("plan", error)).ok()?;
    match attempt(catalogs, options) {
        Ok(again) if json(&again) == json(&plan) => {}
        _ => trial.find("determinism", "planning twice gives two plans"),
    }
    round_trip(trial, "plan", &plan, &plan);
    phases(trial, &plan);
    let mut stored = catalogs.current.clone();
    // Estimates of sizes are no part of what is stored.
    stored.sizes.clear();
    round_trip(trial, "catalog", catalogs.current, &stored);
    let none = self::options(Vec::new());
    match attempt(Pair::new(catalogs.current, catalogs.current), &none) {
        Ok(idle) if idle.is_empty() && idle.changes.is_empty() && idle.information.is_empty() => {}
        Ok(idle) => trial.find("itself", format!("a catalog differs from itself:\n{}", sql(&idle))),
        Err(error) => trial.find("itself", error),
    }
    Some(plan)
}

/// What one phase leaves, the other runs: expand waits for nothing of contract, and both together are all.
fn phases(trial: &mut Trial, plan: &Plan) {
    let policy = |phase| Policy { allow: vec![Approval::All], phase: Some(phase), plan_hash: None };
    let admitted = |plan: &Plan, phase| -> Vec<String> {
        let admitted = gate(plan, &policy(phase)).expect("no hash was approved");
        admitted.batches().flat_map(|(_, batch)| &batch.statements).map(|statement| statement.sql.to_string()).collect()
    };
    // As it is once expand is through: what was done is nobody's need any more.
    let mut rest = plan.clone();
    rest.batches.retain(|batch| batch.phase == Phase::Contract);
    rest.batches.iter_mut().for_each(|batch| batch.after.clear());
    let mut both = [admitted(plan, Phase::Expand), admitted(&rest, Phase::Contract)].concat();
    let all = plan.batches.iter().flat_map(|batch| &batch.statements);
    let mut all: Vec<String> = all.map(|statement| statement.sql.to_string()).collect();
    both.sort();
    all.sort();
    if both != all {
        trial.find("phases", format!("both phases run {both:#?}, and all is {all:#?}"));
    }
}

fn attempt(catalogs: Pair<&Catalog>, options: &Options) -> Result<Plan, String> {
    match catch_unwind(AssertUnwindSafe(|| plan(catalogs, options))) {
        Ok(plan) => plan.map_err(|error| chain(&error)),
        Err(panic) => Err(format!("panicked: {}", panic_text(&*panic))),
    }
}

pub fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("it can be written as JSON")
}

fn round_trip<T: Serialize + DeserializeOwned + PartialEq>(trial: &mut Trial, what: &str, value: &T, expected: &T) {
    let text = json(value);
    match serde_json::from_str::<T>(&text) {
        Ok(back) if back == *expected && json(&back) == text => {}
        Ok(_) => trial.find("round trip", format!("the {what} comes back from JSON as another one")),
        Err(error) => trial.find("round trip", format!("the {what} does not come back from JSON: {error}")),
    }
}

async fn perform(
    trial: &mut Trial,
    start: &mut Side,
    desired: &Catalog,
    goal: &Portrait,
    plan: &Plan,
) -> Result<(), Finding> {
    let lost = |error: sqlx::Error| Finding::new("server", error.to_string());
    let before = witness::tables(&mut start.witness).await.map_err(lost)?;
    let positions = witness::sequences(&mut start.witness).await.map_err(lost)?;
    apply(trial, start, plan).await?;
    let positions = Pair::new(positions, witness::sequences(&mut start.witness).await.map_err(lost)?);
    let after = witness::tables(&mut start.witness).await.map_err(lost)?;
    let unseen = witness::unseen(&mut start.witness).await.map_err(lost)?;
    if unseen != goal.unseen {
        trial.find("unseen", format!("is there: {unseen:?}\nshould be: {:?}", goal.unseen));
    }
    fallen_back(trial, plan, &positions);
    survival(trial, plan, &before, &after);
    let reached = read(&mut start.connection).await?;
    let rest = attempt(Pair::new(&reached, desired), &options(Vec::new()));
    for Information { object, note } in rest.iter().flat_map(|rest| &rest.information) {
        trial.told.entry(object.ancestor(ObjectKind::Table, 2).sql()).or_default().push_str(note);
    }
    if let Some(difference) = oracle::difference(&dump(&start.database), &goal.dump) {
        // The worst: something differs, and nobody is told.
        let told = |rest: &Plan| {
            let unmodelled = !rest.unmodelled.current.is_empty() || !rest.unmodelled.desired.is_empty();
            unmodelled || !rest.is_empty() || !rest.information.is_empty()
        };
        trial.find(if rest.as_ref().is_ok_and(|rest| !told(rest)) { "silent" } else { "dump" }, difference);
    }
    match rest {
        Ok(rest) if rest.is_empty() => {}
        Ok(rest) => trial.find("replan", format!("planning again still finds:\n{}", sql(&rest))),
        Err(error) => trial.find("replan", error),
    }
    Ok(())
}

async fn apply(trial: &mut Trial, start: &mut Side, plan: &Plan) -> Result<(), Finding> {
    let lost = |error: sqlx::Error| Finding::new("server", error.to_string());
    let pid: i32 =
        sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut start.connection).await.map_err(lost)?;
    let mut before = witness::sights(&mut start.witness, pid, View::Outside).await.map_err(lost)?;
    let mut watch = Watch::new(&before, &plan.options.renames);
    for (number, batch) in plan.batches.iter().enumerate() {
        match batch.transaction {
            TransactionMode::Block => {
                run(&mut start.connection, number, "begin").await?;
                before = witness::sights(&mut start.connection, pid, View::Inside).await.map_err(lost)?;
                for statement in &batch.statements {
                    run(&mut start.connection, number, statement.sql.revealed()).await?;
                    let after = witness::sights(&mut start.connection, pid, View::Inside).await.map_err(lost)?;
                    watch.judge(statement, &before, &after, true);
                    before = after;
                }
                run(&mut start.connection, number, "commit").await?;
            }
            TransactionMode::Autocommit => {
                for statement in &batch.statements {
                    alone(start, pid, number, statement, &mut watch).await?;
                }
            }
        }
    }
    (trial.deeds, trial.lies) = (watch.deeds, watch.lies);
    Ok(())
}

/// A statement that commits by itself: a bystander keeps it waiting until its locks have been looked at.
async fn alone(
    start: &mut Side,
    pid: i32,
    number: usize,
    statement: &Statement,
    watch: &mut Watch,
) -> Result<(), Finding> {
    let lost = |error: sqlx::Error| Finding::new("server", error.to_string());
    let Side { connection, witness, .. } = start;
    let before = seen_from_outside(connection, witness, pid).await.map_err(lost)?;
    deeds::stand_by(witness, statement, &before).await.map_err(lost)?;
    let ended = Cell::new(false);
    let work = async {
        let done = run(connection, number, statement.sql.revealed()).await;
        ended.set(true);
        done
    };
    let look = async {
        let seen = deeds::caught(witness, pid, &ended).await;
        sqlx::raw_sql("rollback").execute(&mut *witness).await.and(seen)
    };
    let (done, seen) = tokio::join!(work, look);
    done?;
    let mut after = seen_from_outside(connection, witness, pid).await.map_err(lost)?;
    after.locks = seen.map_err(lost)?;
    watch.judge(statement, &before, &after, sends_statistics(connection));
    Ok(())
}

/// Whether one can have them sent; PostgreSQL 14 does it when it pleases.
fn sends_statistics(session: &PgConnection) -> bool {
    session.server_version_num().is_some_and(|version| version >= 150_000)
}

/// Once both sessions have sent their statistics.
async fn seen_from_outside(session: &mut PgConnection, witness: &mut PgConnection, pid: i32) -> sqlx::Result<Sights> {
    if sends_statistics(session) {
        for connection in [session, &mut *witness] {
            sqlx::raw_sql("select pg_stat_force_next_flush()").execute(connection).await?;
        }
    }
    witness::sights(witness, pid, View::Outside).await
}

async fn run(connection: &mut PgConnection, batch: usize, sql: &str) -> Result<(), Finding> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.map(drop).map_err(|error| {
        let database = error.as_database_error();
        let code = database.and_then(sqlx::error::DatabaseError::code).unwrap_or_default();
        let detail = database
            .and_then(|error| error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>())
            .and_then(|error| error.detail().map(|detail| format!("\n    {detail}")));
        let detail = detail.unwrap_or_default();
        let message = database.map_or_else(|| error.to_string(), |error| error.message().to_owned());
        Finding::new("apply", format!("{code} {message}{detail}\n    in batch {number}: {sql}", number = batch + 1))
    })
}

fn path_of(id: &ObjectId) -> Path {
    id.path.iter().map(str::to_owned).collect()
}

/// The hazards of the plan, by what they are and the object that they name.
fn declares(plan: &Plan, kind: HazardKind, paths: &[&[String]]) -> bool {
    let hazards = plan.batches.iter().flat_map(|batch| &batch.statements).flat_map(|statement| &statement.hazards);
    hazards.filter(|hazard| hazard.kind == kind).any(|hazard| paths.contains(&path_of(&hazard.object).as_slice()))
}

/// No row and no value is lost unless the plan says so.
fn survival(trial: &mut Trial, plan: &Plan, before: &BTreeMap<Path, Table>, after: &BTreeMap<Path, Table>) {
    let renames = &plan.options.renames;
    for (path, table) in before.iter().filter(|(_, table)| table.plain) {
        let new = follow(path, renames);
        if declares(plan, HazardKind::DataLoss, &[path, &new]) {
            continue;
        }
        let survivor = after.get(&new).filter(|survivor| survivor.plain);
        let rows = survivor.map_or(0, |survivor| survivor.rows);
        if rows < table.rows {
            trial.find("rows", format!("{} had {} rows and has {rows}", path.join("."), table.rows));
            continue;
        }
        for (name, column) in table.columns.iter().filter(|(_, column)| !column.generated) {
            let full: Path = path.iter().chain([name]).cloned().collect();
            let full_new = follow(&full, renames);
            let new_name = full_new.last().map_or("", String::as_str);
            let heir = survivor.and_then(|survivor| table.heir(column, new_name, survivor));
            let kept = heir.map_or(0, |heir| heir.values);
            if kept < column.values && !declares(plan, HazardKind::DataLoss, &[&full, &full_new]) {
                trial.find("rows", format!("{} had {} values and has {kept}", full.join("."), column.values));
            }
        }
    }
}

/// No sequence that stays hands out again what it has handed out, unless its start or direction changes with the plan.
fn fallen_back(trial: &mut Trial, plan: &Plan, positions: &Pair<BTreeMap<Path, i64>>) {
    for (path, before) in &positions.current {
        let after = positions.desired.get(&follow(path, &plan.options.renames));
        if let Some(after) = after.filter(|after| *after < before) {
            trial.find("sequence", format!("{} stood at {before} and stands at {after}", path.join(".")));
        }
    }
}

/// The plan as a script, with what its statements confess.
pub fn sql(plan: &Plan) -> String {
    let mut text = String::new();
    for (number, batch) in plan.batches.iter().enumerate() {
        let _ = writeln!(text, "-- {} {:?}", number + 1, batch.transaction);
        for statement in &batch.statements {
            let locks = statement.locks.iter().map(|lock| format!("{} on {}", lock.mode, lock.on));
            let hazards = statement.hazards.iter().map(|hazard| format!("{} of {}", hazard.kind, id(&hazard.object)));
            let confession: Vec<String> = locks.chain(hazards).collect();
            let _ = write!(text, "{};", statement.sql);
            let _ =
                if confession.is_empty() { writeln!(text) } else { writeln!(text, "  -- {}", confession.join(", ")) };
        }
    }
    text
}

fn id(object: &ObjectId) -> String {
    object.to_string()
}
