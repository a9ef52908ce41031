//! The cases: folders of `tests/cases/<kind>/<case>/` with current.sql and desired.sql, perhaps rows.sql and expect.toml.
//! Each is migrated forth and back on every version; `support/trial.rs` says what is asserted.
//! A case that is known to fail is pinned in `tests/cases/PINNED`, and never skipped. `CASE=text` picks cases by name,
//! `SAMPLE=8` one in eight of each kind.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use migrator::catalog::Catalog;
use migrator::context::RewriteLimit;
use migrator::pair::Pair;
use migrator::plan::{Options, plan};
use migrator::rename::Renaming;
use serde::Deserialize;

use crate::support::deeds::Lie;
use crate::support::lockbook::Lockbook;
use crate::support::server::{Server, majors, server};
use crate::support::trial::{self, Finding, Side, Trial};

/// A folder that vanishes is noticed.
const FEWEST_CASES: usize = 370;
pub const THREADS: usize = 3;
/// The roles and the tablespaces that cases speak of.
const ROLES: &str = "create role app_owner; create role app_reader; create role app_writer;
    set allow_in_place_tablespaces to on; create tablespace fast location ''; create tablespace \"Big. One\" location '';";

/// What statements of a shape may do otherwise than they declare, and why.
const EXCUSED: &[(&str, &str, &str)] = &[
    (
        "ALTER TABLE _ ALTER COLUMN _ TYPE",
        "not rewritten, and declared",
        "the time zone, or casts of an extension, decide",
    ),
    ("ALTER TABLE _ ALTER COLUMN _ TYPE", "no row read under a lock, and declared", "as above"),
    ("ALTER TABLE _ ADD CONSTRAINT _ FOREIGN KEY REFERENCES", REFERENCED, "the other side, by its index or as a whole"),
];
const REFERENCED: &str = "every row read while nobody can write, and not declared";

/// Makes the roles and tablespaces on the server of a version, once.
pub fn prepare(major: u32) {
    static PREPARED: Mutex<Vec<u32>> = Mutex::new(Vec::new());
    let mut prepared = PREPARED.lock().unwrap();
    if !prepared.contains(&major) {
        make_roles(server(major));
        prepared.push(major);
    }
}

/// Makes them on a server that nobody shares.
pub fn make_roles(server: &Server) {
    server.database("roles").run(ROLES);
}

#[derive(Debug)]
pub struct Case {
    /// `column/add-with-default`
    pub name: String,
    pub current: String,
    pub desired: String,
    pub rows: Option<String>,
    expect: Expect,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Expect {
    min_pg: u32,
    max_pg: u32,
    renames: Vec<String>,
    /// In bytes.
    rewrite_limit: Option<u64>,
    /// Whether there is a way back.
    backward: bool,
    /// For readers.
    #[allow(dead_code, reason = "it is there to be read by people")]
    note: String,
}

impl Default for Expect {
    fn default() -> Self {
        Self {
            min_pg: 0,
            max_pg: u32::MAX,
            renames: Vec::new(),
            rewrite_limit: None,
            backward: true,
            note: String::new(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    Forward,
    Backward,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forward => "forward",
            Self::Backward => "backward",
        })
    }
}

impl Case {
    fn read(folder: &Path) -> Self {
        let file = |name: &str| fs::read_to_string(folder.join(name));
        let name = folder.strip_prefix(directory()).unwrap().display().to_string();
        let must = |file_name: &str| file(file_name).unwrap_or_else(|error| panic!("{name}/{file_name}: {error}"));
        let (current, desired) = (must("current.sql"), must("desired.sql"));
        let expect = file("expect.toml").unwrap_or_default();
        let expect = toml::from_str(&expect).unwrap_or_else(|error| panic!("{name}/expect.toml: {error}"));
        Self { current, desired, rows: file("rows.sql").ok(), expect, name }
    }

    pub fn directions(&self) -> Vec<Direction> {
        if self.expect.backward { vec![Direction::Forward, Direction::Backward] } else { vec![Direction::Forward] }
    }

    fn kind(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    pub fn runs_on(&self, major: u32) -> bool {
        (self.expect.min_pg..=self.expect.max_pg).contains(&major)
    }

    pub fn renames(&self, direction: Direction) -> Vec<Renaming> {
        let stated = self.expect.renames.iter();
        let stated: Vec<Renaming> =
            stated.map(|text| text.parse().unwrap_or_else(|error| panic!("{}: {error}", self.name))).collect();
        match direction {
            Direction::Forward => stated,
            Direction::Backward => stated.iter().rev().map(inverse).collect(),
        }
    }

    pub fn options(&self, direction: Direction) -> Options {
        let rewrite_limit = self.expect.rewrite_limit.map(RewriteLimit).unwrap_or_default();
        Options { rewrite_limit, ..trial::options(self.renames(direction)) }
    }
}

fn inverse(renaming: &Renaming) -> Renaming {
    Renaming::new(renaming.to(), renaming.from.raw_name())
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

pub fn all_cases() -> Vec<Case> {
    let folders = |directory: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect()
    };
    let mut cases: Vec<Case> =
        folders(&directory()).iter().flat_map(|kind| folders(kind)).map(|folder| Case::read(&folder)).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

/// What a script makes of a database on each version; `Forward` stands for the script of the desired side.
type Schemas = BTreeMap<(String, Direction), BTreeMap<u32, Catalog>>;

/// Migrates a case forth and back on one version.
fn check(case: &Case, major: u32, schemas: &Mutex<Schemas>) -> Vec<(Direction, Trial)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let both = |finding: &Finding| {
        let failed = || Trial { findings: vec![finding.clone()], ..Trial::default() };
        case.directions().into_iter().map(|direction| (direction, failed())).collect()
    };
    let checked = catch_unwind(AssertUnwindSafe(|| runtime.block_on(there_and_back(case, major, schemas))));
    match checked {
        Ok(Ok(trials)) => trials,
        Ok(Err(finding)) => both(&finding),
        Err(panic) => both(&Finding::new("panic", trial::panic_text(&*panic))),
    }
}

/// The way there ends in one database, with the case's rows; the way back starts from the other, without.
async fn there_and_back(case: &Case, major: u32, schemas: &Mutex<Schemas>) -> Result<Vec<(Direction, Trial)>, Finding> {
    let server = server(major);
    let (mut current, current_catalog) = Side::load(server, &case.name, &case.current).await?;
    let (mut desired, desired_catalog) = Side::load(server, &case.name, &case.desired).await?;
    let portraits = Pair::new(current.portrait(), desired.portrait());
    let catalogs = Pair::new(&current_catalog, &desired_catalog);
    if let Some(rows) = &case.rows {
        current.database.try_run(rows).map_err(|error| Finding::new("load", error))?;
    }
    let mut trials = Vec::new();
    for direction in case.directions() {
        let options = case.options(direction);
        let trial = match direction {
            Direction::Forward => trial::migrate(&mut current, catalogs, &portraits.desired, &options).await,
            Direction::Backward => {
                trial::migrate(&mut desired, catalogs.reversed(), &portraits.current, &options).await
            }
        };
        trials.push((direction, trial));
    }
    for (direction, catalog) in [(Direction::Forward, desired_catalog), (Direction::Backward, current_catalog)] {
        schemas.lock().unwrap().entry((case.name.clone(), direction)).or_default().insert(major, catalog);
    }
    Ok(trials)
}

/// One migration of one case on one version.
pub type Run = (String, Direction, u32);

/// `case direction major reason`; a `*` stands for every version.
#[derive(Debug)]
pub struct Pin {
    pub case: String,
    pub direction: String,
    major: String,
}

impl Pin {
    /// The lines of a file beside the cases.
    pub fn read_all(file: &str) -> Vec<Self> {
        let text = fs::read_to_string(directory().join(file)).unwrap_or_default();
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        lines
            .map(|line| {
                let words: Vec<&str> = line.splitn(4, ' ').collect();
                let [case, direction, major, _reason] = words[..] else { panic!("{file}: '{line}' gives no reason") };
                Self { case: case.to_owned(), direction: direction.to_owned(), major: major.to_owned() }
            })
            .collect()
    }

    pub fn covers(&self, (case, direction, major): &Run) -> bool {
        self.case == *case
            && self.direction == direction.to_string()
            && ["*", &major.to_string()].contains(&&*self.major)
    }
}

#[test]
fn every_case_is_migrated_there_and_back() {
    let start = Instant::now();
    let filter = std::env::var("CASE").unwrap_or_default();
    let cases = all_cases();
    assert!(cases.len() >= FEWEST_CASES, "only {} cases are left", cases.len());
    let picked: Vec<&Case> = cases.iter().filter(|case| case.name.contains(&filter)).collect();
    assert!(!picked.is_empty(), "no case is called anything like '{filter}'");
    let one_in = std::env::var("SAMPLE").map_or(1, |text| text.parse().expect("SAMPLE is a number"));
    let whole = filter.is_empty() && one_in == 1;
    let jobs: Vec<(&Case, u32)> = majors()
        .into_iter()
        .inspect(|major| prepare(*major))
        .flat_map(|major| sample(&picked, major, one_in).into_iter().map(move |case| (case, major)))
        .collect();
    let trials = run_all(&jobs);
    let expected: usize = jobs.iter().map(|(case, _)| case.directions().len()).sum();
    assert_eq!(trials.len(), expected, "some case was not run");

    let verdict = Verdict::new(&trials, &Pin::read_all("PINNED"), whole);
    let seconds = start.elapsed().as_secs();
    let numbers = format!("{} of {} migrations failed in {seconds} s", verdict.failed, trials.len());
    assert!(verdict.text.is_empty(), "{}\n{numbers}, {} of them pinned", verdict.text, verdict.pinned);
    println!("{numbers}: all of them pinned");
}

/// Of each kind one case in so many, but at least one, and others for each version.
pub fn sample<'a>(cases: &[&'a Case], major: u32, one_in: usize) -> Vec<&'a Case> {
    let mut kinds: BTreeMap<&str, Vec<&'a Case>> = BTreeMap::new();
    for case in cases.iter().filter(|case| case.runs_on(major)) {
        kinds.entry(case.kind()).or_default().push(case);
    }
    let some = |cases: Vec<&'a Case>| {
        let first = major as usize % one_in.min(cases.len());
        cases.into_iter().skip(first).step_by(one_in)
    };
    kinds.into_values().flat_map(some).collect()
}

fn run_all(jobs: &[(&Case, u32)]) -> BTreeMap<Run, Trial> {
    let (trials, schemas) = (Mutex::new(BTreeMap::new()), Mutex::new(Schemas::new()));
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((case, major)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            for (direction, trial) in check(case, *major, &schemas) {
                trials.lock().unwrap().insert((case.name.clone(), direction, *major), trial);
            }
        }
    };
    std::thread::scope(|scope| (0..THREADS).for_each(|_| drop(scope.spawn(work))));
    let mut trials = trials.into_inner().unwrap();
    across_versions(&schemas.into_inner().unwrap(), &mut trials);
    trials
}

/// The same script on two versions leaves nothing to migrate from one to the other.
fn across_versions(schemas: &Schemas, trials: &mut BTreeMap<Run, Trial>) {
    for ((case, direction), by_major) in schemas {
        let (Some(oldest), Some(newest)) = (by_major.first_key_value(), by_major.last_key_value()) else { continue };
        for (prod, dev) in [(oldest, newest), (newest, oldest)] {
            let Some(trial) = trials.get_mut(&(case.clone(), *direction, *prod.0)) else { continue };
            match plan(Pair::new(prod.1, dev.1), &trial::options(Vec::new())) {
                Ok(plan) if plan.is_empty() => {}
                Ok(plan) => {
                    let what =
                        format!("the same script on dev {} and prod {} differs:\n{}", dev.0, prod.0, trial::sql(&plan));
                    trial.findings.push(Finding::new("versions", what));
                }
                Err(error) => trial.findings.push(Finding::new("versions", error.to_string())),
            }
        }
    }
}

/// What is to be said of all runs; the text is empty if all is well.
#[derive(Debug, Default)]
struct Verdict {
    text: String,
    failed: usize,
    pinned: usize,
}

impl Verdict {
    fn new(trials: &BTreeMap<Run, Trial>, pins: &[Pin], whole: bool) -> Self {
        let mut verdict = Self::default();
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for (run, trial) in trials {
            let lies: Vec<&Lie> = trial.lies.iter().filter(|lie| !is_excused(lie)).collect();
            let failed = !trial.findings.is_empty() || !lies.is_empty();
            verdict.failed += usize::from(failed);
            match (pins.iter().any(|pin| pin.covers(run)), failed) {
                (true, true) => verdict.pinned += 1,
                (true, false) => {
                    let _ =
                        writeln!(verdict.text, "{} {} {} is pinned and passes: remove the pin", run.0, run.1, run.2);
                }
                (false, true) => {
                    verdict.text.push_str(&failure(run, trial, &lies));
                    trial.findings.iter().for_each(|finding| *kinds.entry(finding.category).or_default() += 1);
                    *kinds.entry("lies").or_default() += usize::from(!lies.is_empty());
                }
                (false, false) => {}
            }
        }
        let strays = pins.iter().filter(|pin| whole && !trials.keys().any(|run| pin.covers(run)));
        for pin in strays {
            let _ = writeln!(verdict.text, "PINNED: there is no {} {} {}", pin.case, pin.direction, pin.major);
        }
        verdict.text.push_str(&lies(trials));
        verdict.text.push_str(&lockbook(trials, whole));
        if !kinds.is_empty() {
            let _ = writeln!(verdict.text, "\nBy category: {kinds:?}");
        }
        verdict
    }
}

pub fn failure((case, direction, major): &Run, trial: &Trial, lies: &[&Lie]) -> String {
    let mut text = format!("\n=== {case} {direction} {major}\n");
    for Finding { category, detail } in &trial.findings {
        let _ = writeln!(text, "{category}: {}", detail.trim_end());
    }
    for lie in lies {
        let _ = writeln!(text, "lie: {}: {} ({})", lie.shape, lie.what, lie.relation);
    }
    if let Some(plan) = &trial.plan {
        let _ = writeln!(text, "--- plan\n{}", trial::sql(plan).trim_end());
    }
    text
}

fn is_excused(lie: &Lie) -> bool {
    EXCUSED.iter().any(|(shape, what, _)| lie.shape == *shape && lie.what == *what)
}

/// What statements do and do not declare, one line for each cause.
fn lies(trials: &BTreeMap<Run, Trial>) -> String {
    let mut found: BTreeMap<(&str, &str), (usize, &Run, &Lie)> = BTreeMap::new();
    let told = trials.iter().flat_map(|(run, trial)| trial.lies.iter().map(move |lie| (run, lie)));
    for (run, lie) in told.filter(|(_, lie)| !is_excused(lie)) {
        found.entry((&lie.shape, &lie.what)).or_insert((0, run, lie)).0 += 1;
    }
    let mut text = String::new();
    for ((shape, what), (count, (case, direction, major), lie)) in found {
        let _ = writeln!(
            text,
            "\n{count} x {shape}: {what}\n    {case} {direction} {major}, {}: {}",
            lie.relation, lie.sql
        );
    }
    text
}

/// `LOCKS=write` writes the page, once all was seen on every version; else what is seen must stand on it.
fn lockbook(trials: &BTreeMap<Run, Trial>, whole: bool) -> String {
    let mut book = Lockbook::default();
    for ((_, _, major), trial) in trials {
        trial.deeds.iter().for_each(|deed| book.add(*major, deed));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/locks.md");
    if std::env::var("LOCKS").is_ok_and(|what| what == "write") {
        fs::write(path, book.page()).unwrap();
        return String::new();
    }
    let complaints = book.complaints(&fs::read_to_string(path).unwrap_or_default(), &majors(), whole);
    let hint = if complaints.is_empty() { "" } else { "docs/locks.md is written by make locks\n" };
    complaints.iter().map(|complaint| format!("{complaint}\n")).chain([hint.to_owned()]).collect()
}
