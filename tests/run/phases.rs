//! The two phases: `expand` leaves what runs now working, `contract` does the rest, and both together are all.
//! Applications are lists of queries, sent to a real server before, between and after; each is rolled back, so that one
//! leaves nothing to the next. That no phase waits for what the other one leaves out, `support/trial.rs` asserts of every case.

mod pairs;
mod shop;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use migrator::app::{Request, Synced};
use migrator::plan::gate::Reason;
use migrator::statement::Phase;

use super::{World, plan, statements, sync};
use crate::cases::{Case, Direction, Pin, all_cases, prepare};
use crate::support::oracle;
use crate::support::server::{Database, DumpOptions, majors, server};
use crate::support::trial;

use pairs::{CLERK, Change, PAIRS};

const WHOLE: DumpOptions = DumpOptions { owner: true, privileges: true };

/// What a query returns, or how the server refuses it.
type Answer = Result<Vec<Vec<String>>, String>;

fn ask(database: &Database, session: &str, sql: &str) -> Answer {
    database.try_query(&format!("{session}; begin; {sql}; set constraints all immediate; rollback"))
}

fn in_phase(request: &Request, phase: Option<Phase>) -> Request {
    let mut request = request.clone();
    request.policy.allow = vec!["all".parse().unwrap()];
    request.policy.phase = phase;
    request
}

/// What ran.
fn applied(synced: &Synced) -> Vec<String> {
    let batches = synced.applied.iter().flat_map(|batch| &synced.plan.batches[*batch].statements);
    batches.map(|statement| statement.sql.to_string()).collect()
}

/// The shop as it was.
fn shop(major: u32) -> World {
    let world = World::new(major, CLERK, CLERK);
    world.prod.run(shop::OLD);
    world.prod.run(shop::ROWS);
    world.dev.run(shop::NEW);
    world
}

fn request(world: &World) -> Request {
    let mut request = world.request();
    request.options.renames.push(shop::RENAME.parse().unwrap());
    request
}

#[tokio::test]
async fn the_old_and_the_new_application_work_between_the_phases() {
    for major in majors() {
        let world = shop(major);
        let request = request(&world);
        let answers = |queries: &[&'static str]| -> BTreeMap<&str, Answer> {
            queries.iter().map(|sql| (*sql, ask(&world.prod, "set role clerk", sql))).collect()
        };
        let works = |when: &str, queries: &[&'static str]| {
            let answers = answers(queries);
            let refused: Vec<_> = answers.iter().filter(|(_, answer)| answer.is_err()).collect();
            assert!(refused.is_empty(), "on {major}, {when}: {refused:#?}");
            answers
        };
        let refused = |when: &str, queries: &[&'static str]| {
            let taken: Vec<&str> = queries.iter().copied().filter(|sql| answers(&[sql])[sql].is_ok()).collect();
            assert!(taken.is_empty(), "on {major}, {when} these should be refused: {taken:#?}");
        };
        let before = works("before", shop::OLD_APPLICATION);
        refused("before", shop::NEEDS_CONTRACT);

        let expand = sync(&in_phase(&request, Some(Phase::Expand))).await.unwrap();
        let between = works(&format!("after\n{}", trial::sql(&expand.plan)), shop::OLD_APPLICATION);
        // A star brings the new columns too.
        for (sql, answer) in before.iter().filter(|(sql, _)| !sql.contains('*')) {
            assert_eq!(between[sql], *answer, "on {major}: {sql}");
        }
        works("between", shop::NEW_APPLICATION);
        refused("between", shop::NEEDS_CONTRACT);
        let again = sync(&in_phase(&request, Some(Phase::Expand))).await.unwrap();
        assert!(again.applied.is_empty() && again.run.is_none(), "{:?}", applied(&again));

        let contract = sync(&in_phase(&request, Some(Phase::Contract))).await.unwrap();
        works("after", shop::NEW_APPLICATION);
        works("after", shop::NEEDS_CONTRACT);
        refused("after", shop::REFUSED);
        assert_eq!(statements(&plan(&in_phase(&request, None)).await.unwrap().plan), [""; 0]);

        // The same start, all at once.
        let other = shop(major);
        let all = sync(&in_phase(&self::request(&other), None)).await.unwrap();
        assert_eq!(oracle::difference(&world.prod.dump(WHOLE), &other.prod.dump(WHOLE)), None);
        let (mut parts, mut all) = ([applied(&expand), applied(&contract)].concat(), applied(&all));
        parts.sort();
        all.sort();
        assert_eq!(parts, all);
    }
}

/// Contract alone runs what needs nothing of expand, leaves the rest, and expand and contract after it do that.
#[tokio::test]
async fn contract_before_expand_leaves_what_needs_it() {
    let world = shop(majors()[0]);
    let request = request(&world);
    let contract = sync(&in_phase(&request, Some(Phase::Contract))).await.unwrap();
    let ran = applied(&contract);
    assert!(ran.contains(&"DROP TABLE public.coupons".to_owned()), "{ran:#?}");
    let needs = contract.withheld.iter().filter(|withheld| matches!(withheld.reason, Reason::Needs(_)));
    let waiting: Vec<&str> = needs
        .flat_map(|withheld| &contract.plan.batches[withheld.batch].statements)
        .map(|statement| statement.sql.as_str())
        .collect();
    assert!(waiting.iter().any(|sql| sql.contains("accepted_by")), "{waiting:#?}");
    assert_eq!(world.prod_says("select to_regclass('vouchers') is null"), "t");
    for phase in [Phase::Expand, Phase::Contract] {
        sync(&in_phase(&request, Some(phase))).await.unwrap();
    }
    assert_eq!(statements(&plan(&in_phase(&request, None)).await.unwrap().plan), [""; 0]);
}

#[tokio::test]
async fn what_old_code_cannot_live_with_waits_for_the_contract_phase() {
    for major in majors() {
        let side = |pick: fn(&Change) -> &str| {
            let schema = |change: &Change| {
                let name = change.name;
                let head =
                    format!("create schema {name}; grant usage on schema {name} to clerk; set search_path = {name}");
                format!("{head}; {};", pick(change))
            };
            PAIRS.iter().map(schema).collect::<Vec<_>>().join("\n")
        };
        let world = World::new(major, CLERK, CLERK);
        world.prod.run(&side(|change| change.old));
        world.dev.run(&side(|change| change.new));
        let ask_all = || -> BTreeMap<(&str, &str), Answer> {
            let queries = PAIRS.iter().flat_map(|change| change.queries.iter().map(|sql| (change.name, *sql)));
            queries
                .map(|(name, sql)| ((name, sql), ask(&world.prod, &format!("set search_path = {name}"), sql)))
                .collect()
        };
        let before = ask_all();
        for (query, answer) in &before {
            assert!(answer.is_ok(), "{query:?} works at no time: {answer:?}");
        }
        let request = world.request();
        let expand = sync(&in_phase(&request, Some(Phase::Expand))).await.unwrap();
        let after = ask_all();
        let broken: Vec<String> = before
            .iter()
            .filter(|(query, answer)| after[query] != **answer)
            .map(|((name, sql), answer)| format!("{name}: {sql}\n    {answer:?}\n    {:?}", after[&(*name, *sql)]))
            .collect();
        assert!(broken.is_empty(), "on {major}, after\n{}\n{}", trial::sql(&expand.plan), broken.join("\n"));
        sync(&in_phase(&request, Some(Phase::Contract))).await.unwrap();
        assert_eq!(statements(&plan(&in_phase(&request, None)).await.unwrap().plan), [""; 0]);
    }
}

/// One in so many of the cases, forth and back: `PHASES=1` for all of them, `CASE=text` for those cases.
const ONE_IN: usize = 32;
const WORKERS: usize = 2;

/// Migrates a case in two phases.
async fn in_two(case: &Case, direction: Direction, major: u32) -> Result<(), String> {
    let (current, desired) = match direction {
        Direction::Forward => (case.current.clone() + "\n" + case.rows.as_deref().unwrap_or_default(), &case.desired),
        Direction::Backward => (case.desired.clone(), &case.current),
    };
    let server = server(major);
    let (prod, dev) = (server.database("prod"), server.database("dev"));
    prod.run(&current);
    dev.run(desired);
    let mut request = Request::new(&dev.url, &prod.url).unwrap();
    request.options = case.options(direction);
    request.patience.courtesy = std::time::Duration::ZERO;
    let failed = |phase: &'static str| move |failure| format!("{phase}: {failure:#?}");
    let all = plan(&in_phase(&request, None)).await.map_err(failed("plan"))?.plan;
    let expand = sync(&in_phase(&request, Some(Phase::Expand))).await.map_err(failed("expand"))?;
    let between = plan(&in_phase(&request, None)).await.map_err(failed("plan"))?.plan;
    if between.batches.iter().any(|batch| batch.phase == Phase::Expand) {
        return Err(format!(
            "after\n{}\nthere is still something to expand:\n{}",
            trial::sql(&all),
            trial::sql(&between)
        ));
    }
    sync(&in_phase(&request, Some(Phase::Contract))).await.map_err(failed("contract"))?;
    if let Some(difference) = oracle::difference(&prod.dump(WHOLE), &dev.dump(WHOLE)) {
        return Err(difference);
    }
    let first = all.batches.iter().filter(|batch| batch.phase == Phase::Expand).flat_map(|batch| &batch.statements);
    let first: Vec<String> = first.map(|statement| statement.sql.to_string()).collect();
    if applied(&expand) == first { Ok(()) } else { Err(format!("expand ran {:#?} of {first:#?}", applied(&expand))) }
}

#[test]
fn two_phases_make_of_every_case_what_one_sync_makes() {
    let one_in = std::env::var("PHASES").map_or(ONE_IN, |text| text.parse().expect("a number"));
    let pick = std::env::var("CASE").unwrap_or_default();
    majors().into_iter().for_each(prepare);
    let pins = Pin::read_all("PINNED");
    let cases = all_cases().into_iter().filter(|case| case.name.contains(&pick));
    let runs = cases.flat_map(|case| {
        let case = std::sync::Arc::new(case);
        case.directions()
            .into_iter()
            .map(move |direction| (std::sync::Arc::clone(&case), direction))
            .collect::<Vec<_>>()
    });
    let step = if pick.is_empty() { one_in } else { 1 };
    let runs: Vec<_> = runs.step_by(step).collect();
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let Some((case, direction)) = runs.get(turn) else { return };
            let majors: Vec<u32> = majors().into_iter().filter(|major| case.runs_on(*major)).collect();
            let Some(major) = majors.get(turn % majors.len().max(1)) else { continue };
            if pins.iter().any(|pin| pin.covers(&(case.name.clone(), *direction, *major))) {
                continue;
            }
            if let Err(failure) = runtime.block_on(in_two(case, *direction, *major)) {
                failures.lock().unwrap().push(format!("=== {} {direction} {major}\n{failure}", case.name));
            }
        }
    };
    std::thread::scope(|scope| (0..WORKERS).for_each(|_| drop(scope.spawn(work))));
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}\n{} of {}", failures.join("\n"), failures.len(), runs.len());
}
