//! The cases as a role that is no superuser: it owns the databases and what is in them, as on RDS.
//! What a plan needs beyond that must be told before anything runs, and must really be needed: `tests/cases/SUPERUSER`
//! lists such migrations. All others arrive and are judged as in `cases.rs`, on the oldest of the versions.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use migrator::catalog::Catalog;
use migrator::execute::{missing_powers, missing_privileges, missing_roles};
use migrator::pair::Pair;
use migrator::plan::gate::{Approval, Policy, gate};
use migrator::plan::{Options, plan};

use crate::cases::{self, Case, Direction, Pin, THREADS};
use crate::support::server::{Server, majors, run_at, server};
use crate::support::trial::{self, Finding, Portrait, Side, Trial};

/// What the one that runs migrations on RDS has besides: CREATEROLE, the roles that own, room in the tablespaces.
const RIGHTS: &str = "create role {role} login createrole; grant app_owner, app_reader, app_writer to {role};
    grant create on tablespace fast to {role}; grant create on tablespace \"Big. One\" to {role}";

const ROOM: &str = "grant create on schema public to app_owner, app_writer;";
/// What tells that something is not known to the role, and so not compared.
const HIDDEN: [&str; 3] = ["may not see", "hidden from the role", "only a superuser may see"];

/// A migration that was judged, or that was refused beforehand.
#[derive(Debug)]
struct Attempt {
    trial: Trial,
    refusal: Vec<String>,
}

/// A role of its own for each thread, for the cluster's roles are everybody's.
struct Tenant {
    server: &'static Server,
    role: String,
}

impl Tenant {
    fn new(major: u32, number: usize) -> Self {
        // Two grants on one tablespace at a time are one too many for the server.
        static ONE_BY_ONE: Mutex<()> = Mutex::new(());
        let (server, role) = (server(major), format!("tenant_{number}"));
        let _turn = ONE_BY_ONE.lock().unwrap();
        server.existing("postgres").run(&RIGHTS.replace("{role}", &role));
        Self { server, role }
    }

    /// Both sides, loaded by the role; if that cannot be, with room for the new owners in the schema public; if that
    /// does not help, as a superuser for as long as the scripts take.
    async fn load(&self, case: &Case) -> Result<Pair<(Side, Catalog)>, Finding> {
        let scripts = Pair::new(&case.current, &case.desired);
        let try_load = |before: &str| -> Result<_, String> {
            let load = |script: &String| {
                let database = self.server.database_of(&self.role, &case.name);
                run_at(&self.server.url_of(&self.role, &database.name), &format!("{before}{script}"))?;
                Ok::<_, String>(database)
            };
            Ok(Pair::new(load(scripts.current)?, load(scripts.desired)?))
        };
        let be = |what: &str| self.server.existing("postgres").run(&format!("alter role {} {what}", self.role));
        let loaded = try_load("").or_else(|_| try_load(ROOM)).or_else(|_| {
            be("superuser");
            let loaded = try_load(ROOM);
            be("nosuperuser");
            loaded
        });
        let loaded = loaded.map_err(|error| Finding::new("load", error))?;
        let url = |name: &str| self.server.url_of(&self.role, name);
        let urls = Pair::new(url(&loaded.current.name), url(&loaded.desired.name));
        Ok(Pair::new(Side::of(loaded.current, &urls.current).await?, Side::of(loaded.desired, &urls.desired).await?))
    }

    async fn there_and_back(&self, case: &Case) -> Result<Vec<(Direction, Attempt)>, Finding> {
        let Pair { current: (mut current, from), desired: (mut desired, to) } = self.load(case).await?;
        let portraits = Pair::new(current.portrait(), desired.portrait());
        if let Some(rows) = &case.rows {
            current.database.try_run(rows).map_err(|error| Finding::new("load", error))?;
        }
        let catalogs = Pair::new(&from, &to);
        let mut attempts = Vec::new();
        for direction in case.directions() {
            let options = case.options(direction);
            let attempt = match direction {
                Direction::Forward => attempt(&mut current, catalogs, &portraits.desired, &options).await,
                Direction::Backward => attempt(&mut desired, catalogs.reversed(), &portraits.current, &options).await,
            };
            attempts.push((direction, attempt));
        }
        Ok(attempts)
    }

    fn check(&self, case: &Case) -> Vec<(Direction, Attempt)> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let checked = catch_unwind(AssertUnwindSafe(|| runtime.block_on(self.there_and_back(case))));
        let finding = match checked {
            Ok(Ok(attempts)) => return attempts,
            // A refusal to read the catalog is one too.
            Ok(Err(finding)) if finding.detail.contains("permission denied for table pg_") => {
                let attempt = |_| Attempt { trial: Trial::default(), refusal: vec![finding.detail.clone()] };
                return case.directions().into_iter().map(|direction| (direction, attempt(direction))).collect();
            }
            Ok(Err(finding)) => finding,
            Err(panic) => Finding::new("panic", trial::panic_text(&*panic)),
        };
        let failed =
            |_| Attempt { trial: Trial { findings: vec![finding.clone()], ..Trial::default() }, refusal: Vec::new() };
        case.directions().into_iter().map(|direction| (direction, failed(direction))).collect()
    }
}

async fn attempt(start: &mut Side, catalogs: Pair<&Catalog>, goal: &Portrait, options: &Options) -> Attempt {
    let refusal = match plan(catalogs, options) {
        Ok(plan) => {
            let policy = Policy { allow: vec![Approval::All], ..Policy::default() };
            let admitted = gate(&plan, &policy).unwrap();
            let mut refusal = missing_roles(&admitted);
            refusal.extend(missing_powers(&mut start.connection, &admitted).await.unwrap());
            refusal.extend(missing_privileges(&mut start.connection, &admitted).await.unwrap());
            refusal
        }
        // The trial below tells it.
        Err(_) => Vec::new(),
    };
    let mut trial = trial::migrate(start, catalogs, goal, options).await;
    let told = trial.plan.as_ref().map(|plan| serde_json::to_string(plan).unwrap()).unwrap_or_default();
    if refusal.is_empty() && HIDDEN.iter().any(|words| told.contains(words)) {
        trial.findings.retain(|finding| finding.category != "dump");
        return Attempt { trial, refusal: vec!["something is hidden".to_owned()] };
    }
    if !refusal.is_empty() {
        // insufficient_privilege
        let rightly = trial.findings.iter().any(|finding| finding.detail.starts_with("42501"));
        trial.findings.clear();
        if !rightly {
            trial.findings.push(Finding::new("refusal", format!("nothing needs it: {}", refusal.join("; "))));
        }
    }
    Attempt { trial, refusal }
}

#[test]
fn every_case_is_migrated_by_a_role_that_only_owns() {
    let start = Instant::now();
    let filter = std::env::var("CASE").unwrap_or_default();
    let major = majors()[0];
    cases::prepare(major);
    let cases: Vec<Case> = cases::all_cases().into_iter().filter(|case| case.runs_on(major)).collect();
    let picked: Vec<&Case> = cases.iter().filter(|case| case.name.contains(&filter)).collect();
    let attempts = Mutex::new(BTreeMap::new());
    let next = AtomicUsize::new(0);
    let work = |number: usize| {
        let tenant = Tenant::new(major, number);
        while let Some(case) = picked.get(next.fetch_add(1, Ordering::Relaxed)) {
            for (direction, attempt) in tenant.check(case) {
                attempts.lock().unwrap().insert((case.name.clone(), direction, major), attempt);
            }
        }
    };
    std::thread::scope(|scope| (0..THREADS).for_each(|number| drop(scope.spawn(move || work(number)))));
    let attempts = attempts.into_inner().unwrap();
    let expected: usize = picked.iter().map(|case| case.directions().len()).sum();
    assert_eq!(attempts.len(), expected, "some case was not run");

    let text = verdict(&attempts, filter.is_empty());
    let refused = attempts.values().filter(|attempt| !attempt.refusal.is_empty()).count();
    let numbers = format!("{expected} migrations, {refused} refused, in {} s", start.elapsed().as_secs());
    assert!(text.is_empty(), "{text}\n{numbers}");
    println!("{numbers}");
}

fn verdict(attempts: &BTreeMap<cases::Run, Attempt>, whole: bool) -> String {
    let (pins, known) = (Pin::read_all("PINNED"), Pin::read_all("SUPERUSER"));
    let mut text = String::new();
    for (run, Attempt { trial, refusal }) in attempts {
        let (is_known, is_pinned) = (known.iter().any(|pin| pin.covers(run)), pins.iter().any(|pin| pin.covers(run)));
        if !trial.findings.is_empty() && !is_pinned {
            text.push_str(&cases::failure(run, trial, &[]));
        }
        if is_known && refusal.is_empty() {
            let _ = writeln!(text, "SUPERUSER: {} {} needs nobody else: remove it", run.0, run.1);
        } else if !is_known && !refusal.is_empty() {
            let _ = writeln!(text, "{} {} * {}", run.0, run.1, refusal.join("; "));
        }
    }
    for pin in known.iter().filter(|pin| whole && !attempts.keys().any(|run| pin.covers(run))) {
        let _ = writeln!(text, "SUPERUSER: there is no {} {}", pin.case, pin.direction);
    }
    text
}
