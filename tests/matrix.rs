//! The crash matrix: the cases, migrated by a process to which things happen.
//! The same command is given again until it says that it is done; then prod must be what an undisturbed run has made of
//! another, with nothing left behind and a chain of revisions that is whole. `FAULTS=5000` for how many things happen,
//! `SEED=7` for others, `CASE=text` for those cases.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use migrator::throwaway::Settings;

use crate::cases::{Case, Direction, Pin, all_cases, make_roles, prepare};
use crate::support::aftermath::{self, LEFTOVERS};
use crate::support::oracle;
use crate::support::proxy::{Fault, Proxy};
use crate::support::server::{Database, DumpOptions, Server, majors, server};
use crate::support::without_settings;

const FAULTS: usize = 300;
/// How often one prod is disturbed: then the next case has its turn.
const ROUNDS: usize = 10;
/// A fault comes early, so that several have room in one migration.
const EARLY: u32 = 14;
/// A command that fails as often without being disturbed fails for good.
const TRIES: usize = 4;
const PAUSE: Duration = Duration::from_millis(500);
/// A busy machine takes its time over a crash recovery.
const LONGEST_RECOVERY: Duration = Duration::from_mins(1);
const WORKERS: usize = 2;

/// How many rows each table has.
const ROWS: &str = "
    select c.oid::regclass || ' ' || (xpath('/row/n/text()', query_to_xml(
        format('select count(*) as n from only %s', c.oid::regclass), false, true, '')))[1]
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'migrator') order by 1";

/// What each column holds, in no order.
const VALUES: &str = "
    select format('%s.%I', c.oid::regclass, a.attname), (xpath('/row/n/text()', query_to_xml(format(
        'select coalesce(md5(string_agg(coalesce(%1$I::text, ''null''), '','' order by %1$I::text)), ''none'') as n from only %2$s',
        a.attname, c.oid::regclass), false, true, '')))[1]
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
        and n.nspname not in ('pg_catalog', 'information_schema', 'migrator') order by 1";

/// What happened, how often.
type Tally = BTreeMap<Fault, usize>;

/// The same numbers on every run with the same seed.
struct Dice(u64);

impl Dice {
    fn up_to(&mut self, last: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(last.max(1))).unwrap() + 1
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|value| value.parse().expect("a number"))
}

/// A prod that becomes as dev is.
struct Patient {
    prod: Database,
    proxy: Proxy,
    folder: tempfile::TempDir,
    arguments: Vec<String>,
    /// The columns that were there before: what new ones hold may differ from run to run.
    columns: BTreeSet<String>,
}

impl Patient {
    fn new(server: &Server, case: &Case, start: &str, dev: &Database, direction: Direction) -> Self {
        let prod = server.database(&case.name);
        prod.run(start);
        let proxy = Proxy::start(server, &prod);
        let folder = tempfile::tempdir().unwrap();
        let mut arguments: Vec<String> =
            ["sync", "--allow", "all", "--with", "owner,privileges"].map(String::from).into();
        arguments.extend(["--rewrite-limit", "0B", "--lock-timeout", "500ms", "--format", "json"].map(String::from));
        let addresses = [("--dev", dev.url.clone()), ("--prod", proxy.url(&prod)), ("--archive", "kept".to_owned())];
        arguments.extend(addresses.into_iter().flat_map(|(flag, value)| [flag.to_owned(), value]));
        let renames = case.renames(direction).into_iter();
        arguments.extend(renames.flat_map(|renaming| ["--rename".to_owned(), renaming.to_string()]));
        let columns = prod.query(VALUES).into_iter().map(|row| row[0].clone()).collect();
        Self { prod, proxy, folder, arguments, columns }
    }

    /// Runs the command once, with something that happens at a message or undisturbed.
    fn run(&self, armed: Option<(u32, Fault)>) -> (Option<i32>, u32, bool) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_migrator"));
        without_settings(&mut command);
        let log = std::fs::File::create(self.folder.path().join("log")).unwrap();
        command.args(&self.arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(log);
        self.proxy.run(&mut command, armed)
    }

    /// What it said last.
    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn portrait(&self) -> (String, Vec<Vec<String>>, Vec<Vec<String>>) {
        let dump = self.prod.dump(DumpOptions { owner: true, privileges: true });
        let mut values = self.prod.query(VALUES);
        values.retain(|row| self.columns.contains(&row[0]));
        (dump, self.prod.query(LEFTOVERS), [self.prod.query(ROWS), values].concat())
    }
}

/// Two statements, each with BEGIN, COMMIT and its row, and the ledger's own before and after.
const FEWEST_MESSAGES: u32 = 10;

/// What happens next.
type Fate<'a> = &'a mut dyn FnMut() -> Fault;

/// Disturbs one migration again and again. A migration that comes to fewer than two statements has nothing in between.
fn torment(
    (case, direction): &(Case, Direction),
    server: &Server,
    dice: &mut Dice,
    fate: Fate<'_>,
    tally: &Mutex<Tally>,
) -> Result<(), String> {
    let direction = *direction;
    let (start, goal) = match direction {
        Direction::Forward => (case.current.clone() + "\n" + case.rows.as_deref().unwrap_or_default(), &case.desired),
        Direction::Backward => (case.desired.clone(), &case.current),
    };
    let dev = server.database("dev");
    dev.run(goal);
    let control = Patient::new(server, case, &start, &dev, direction);
    let (status, messages, _) = control.run(None);
    if status != Some(0) {
        return Err(format!("an undisturbed run ended with {status:?}:\n{}", control.log()));
    }
    if messages < FEWEST_MESSAGES {
        return Ok(());
    }
    let patient = Patient::new(server, case, &start, &dev, direction);
    let mut story = String::new();
    let mut ended = false;
    for _ in 0..ROUNDS {
        let at = dice.up_to(messages.min(EARLY));
        let fault = fate();
        let (status, _, struck) = patient.run(Some((at, fault)));
        if struck {
            *tally.lock().unwrap().entry(fault).or_default() += 1;
            let _ = write!(story, "{fault:?} at {at}: {status:?}; ");
        }
        ended = status == Some(0);
        if ended {
            break;
        }
    }
    let mut tries = 0;
    recovered(&patient.prod);
    while !ended && patient.run(None).0 != Some(0) {
        tries += 1;
        thread::sleep(PAUSE);
        if tries == TRIES {
            return Err(format!("{story}and then it fails for good:\n{}", patient.log()));
        }
    }
    let (is, should_be) = (patient.portrait(), control.portrait());
    if let Some(difference) = oracle::difference(&is.0, &should_be.0) {
        return Err(format!("{story}and then prod is not as it should be:\n{difference}"));
    }
    if is.1 != should_be.1 {
        return Err(format!("{story}and then there is {:?}, where {:?} should be", is.1, should_be.1));
    }
    if is.2 != should_be.2 {
        return Err(format!("{story}and then the tables have {:?}, where {:?} should be", is.2, should_be.2));
    }
    aftermath::chain(&patient.folder.path().join("kept"))
        .map_err(|error| format!("{story}and then the archive: {error}"))
}

/// Waits for a server that has lost a process. A crash after the last statement does not keep the command from ending well.
fn recovered(prod: &Database) {
    let start = Instant::now();
    while let Err(error) = prod.try_run("select 1") {
        assert!(start.elapsed() < LONGEST_RECOVERY, "{error}");
        thread::sleep(PAUSE);
    }
}

#[test]
fn whatever_happens_the_same_command_ends_it() {
    let wanted = number("FAULTS").map_or(FAULTS, |wanted| usize::try_from(wanted).unwrap());
    let seed = number("SEED").unwrap_or(1);
    let pick = std::env::var("CASE").ok();
    let mut cases: Vec<(Case, Direction)> = Vec::new();
    for direction in [Direction::Forward, Direction::Backward] {
        let runs = all_cases().into_iter().filter(|case| case.directions().contains(&direction));
        cases.extend(runs.map(|case| (case, direction)));
    }
    cases.retain(|(case, _)| pick.as_ref().is_none_or(|pick| case.name.contains(pick)));
    // A stride that meets every kind early, and others with another seed.
    let stride = 37;
    let firsts = (0..stride).map(|first| (first + usize::try_from(seed).unwrap()) % stride);
    let order: Vec<usize> = firsts.flat_map(|first| (first..cases.len()).step_by(stride)).collect();
    let (tally, failures) = (Mutex::new(Tally::new()), Mutex::new(Vec::new()));
    let (next, pins) = (AtomicUsize::new(0), Pin::read_all("PINNED"));
    let done = |tally: &Mutex<Tally>| tally.lock().unwrap().values().sum::<usize>();
    let failed = |(case, direction): &(Case, Direction), major: u32, failure: String| {
        failures.lock().unwrap().push(format!("=== {} {direction} {major}\n{failure}", case.name));
    };
    majors().into_iter().for_each(prepare);
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while done(&tally) < wanted {
                    let turn = next.fetch_add(1, Ordering::Relaxed);
                    if turn >= order.len() && (pick.is_some() || turn >= order.len() * 100) {
                        return;
                    }
                    let case = &cases[order[turn % order.len()]];
                    let of_version: Vec<u32> = majors().into_iter().filter(|major| case.0.runs_on(*major)).collect();
                    let Some(major) = of_version.get(turn % of_version.len().max(1)) else { continue };
                    if pins.iter().any(|pin| pin.covers(&(case.0.name.clone(), case.1, *major))) {
                        continue;
                    }
                    let mut dice = Dice(seed.wrapping_mul(1_000_003).wrapping_add(turn as u64));
                    let mut fates = Dice(dice.0);
                    // Nothing breaks off where all only stands still for a moment: then the case has seen enough.
                    let mut fate = || match fates.up_to(14) {
                        13 => Fault::Frozen,
                        14 => Fault::Stalled,
                        other => Fault::BREAKING[other as usize % Fault::BREAKING.len()],
                    };
                    if let Err(failure) = torment(case, server(*major), &mut dice, &mut fate, &tally) {
                        failed(case, *major, failure);
                    }
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap();
    let happened = tally.values().sum::<usize>();
    // Past the harness, which keeps what tests print that pass.
    let _ = writeln!(std::io::stderr(), "crash matrix: {happened} faults, {tally:?}");
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}\n{} of them", failures.join("\n"), failures.len());
    assert!(pick.is_some() || happened >= wanted, "only {happened} faults");
}

/// A server that loses a process ends every session and recovers, as after an immediate shutdown.
#[test]
fn whatever_the_server_loses_the_same_command_ends_it() {
    let major = majors()[0];
    let server = Server::start(major, &Settings::default());
    make_roles(&server);
    let picked =
        ["column/volatile-default", "constraint/primary-key", "index/attached", "inheritance/arrives", "view/"];
    let cases = all_cases().into_iter().filter(|case| case.runs_on(major));
    let cases: Vec<_> = cases.filter(|case| picked.iter().any(|name| case.name.starts_with(name))).collect();
    let tally = Mutex::new(Tally::new());
    let mut dice = Dice(1);
    for case in cases.into_iter().step_by(4).map(|case| (case, Direction::Forward)) {
        let ended = torment(&case, &server, &mut dice, &mut || Fault::Crashed, &tally);
        ended.unwrap_or_else(|failure| panic!("=== {}\n{failure}", case.0.name));
    }
    let _ = writeln!(std::io::stderr(), "crash matrix: {:?}", tally.lock().unwrap());
    assert!(tally.into_inner().unwrap()[&Fault::Crashed] >= 10);
}
