//! Proofs: every case's plan is run in a copy of where it starts from, built from nothing but the catalog.
//! The copy must be like the original, and end as dev is. `CASE=text` picks cases, `SAMPLE=8` one in eight of each kind.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use migrator::app::{self, Request};
use migrator::plan::gate::{Approval, Policy};

use crate::cases::{self, Case, Direction, Pin, THREADS};
use crate::support::server::{Server, majors, server};

/// As many of each kind as do not keep anybody waiting who runs all tests.
const ONE_IN: usize = 24;

/// Their provider is entered into the catalog by hand, and no server has it.
const NO_COPY: &str = "security_label/";

/// What a proof of the way in one direction comes to.
async fn proved(case: &Case, direction: Direction, urls: [&str; 2]) -> Result<(), String> {
    let [prod, dev] = urls;
    let request = Request {
        options: case.options(direction),
        policy: Policy { allow: vec![Approval::All], ..Policy::default() },
        prove: true,
        ..Request::new(dev, prod).map_err(|failure| failure.to_string())?
    };
    let planned = app::plan(&request, &mut |_| {}).await;
    let planned = planned.map_err(|failure| format!("{}: {}\n{}", failure.code, failure, failure.causes.join("\n")))?;
    let statements = planned.plan.batches.iter().map(|batch| batch.statements.len()).sum::<usize>();
    match planned.proof.map(|proof| proof.statements) {
        Some(proved) if proved != statements => Err(format!("{proved} of {statements} statements are proved")),
        None if statements > 0 => Err("there is no proof".to_owned()),
        _ => Ok(()),
    }
}

fn check(case: &Case, server: &Server) -> Vec<(Direction, Result<(), String>)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (current, desired) = (server.database(&case.name), server.database(&case.name));
    let loaded = current.try_run(&case.current).and_then(|()| desired.try_run(&case.desired));
    let (current, desired) = (server.url(&current.name), server.url(&desired.name));
    let prove = |direction| {
        let urls = match direction {
            Direction::Forward => [&*current, &*desired],
            Direction::Backward => [&*desired, &*current],
        };
        (direction, loaded.clone().and_then(|()| runtime.block_on(proved(case, direction, urls))))
    };
    case.directions().into_iter().map(prove).collect()
}

#[test]
fn every_plan_is_proved_in_a_copy() {
    let filter = std::env::var("CASE").unwrap_or_default();
    let usual = if filter.is_empty() { ONE_IN } else { 1 };
    let one_in = std::env::var("SAMPLE").map_or(usual, |text| text.parse().expect("SAMPLE is a number"));
    let cases = cases::all_cases();
    let picked: Vec<&Case> =
        cases.iter().filter(|case| case.name.contains(&filter) && !case.name.starts_with(NO_COPY)).collect();
    let jobs: Vec<(&Case, u32)> = majors()
        .into_iter()
        .inspect(|major| cases::prepare(*major))
        .flat_map(|major| cases::sample(&picked, major, one_in).into_iter().map(move |case| (case, major)))
        .collect();
    let pins = Pin::read_all("PINNED");
    let (next, proofs, failures) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((case, major)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            for (direction, proof) in check(case, server(*major)) {
                proofs.fetch_add(1, Ordering::Relaxed);
                let run = (case.name.clone(), direction, *major);
                if let Err(failure) = proof
                    && !pins.iter().any(|pin| pin.covers(&run))
                {
                    failures.lock().unwrap().push(format!("=== {} {direction} {major}\n{failure}", case.name));
                }
            }
        }
    };
    std::thread::scope(|scope| (0..THREADS).for_each(|_| drop(scope.spawn(work))));
    let (proofs, failures) = (proofs.into_inner(), failures.into_inner().unwrap());
    assert!(failures.is_empty(), "{}\n{} of {proofs} proofs failed", failures.join("\n"), failures.len());
    assert!(proofs > 0, "nothing was proved");
}
