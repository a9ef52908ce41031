//! A bucket that fails at each request of a sync, once or for as long as the command tries; then the same command, undisturbed.
//! Prod is never half done, no command waits without an end, and the chain of revisions is whole.

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::unreliable::{Fault, Unreliable};
use super::{Environment, Said, tool};
use crate::support::aftermath::{FIRST, PROD, SECOND, arrived, is_as_before, portrait};
use crate::support::bucket::{BUCKET, S3Server};
use crate::support::server::{Database, majors, server};

/// What happens. The command survives each if it happens once.
const FAULTS: [Fault; 7] = [
    Fault::Error(500),
    Fault::Error(503),
    Fault::Slow(Duration::from_secs(3)),
    Fault::Silent,
    Fault::Swallowed,
    Fault::Cut,
    Fault::Halted,
];
/// More than any command asks for.
const LASTING: usize = 100;
/// The longest that an operation may take, three times where an answer broke off, and room for a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(150);
/// Most of the time they wait for answers.
const WORKERS: usize = 14;

/// A prod, its dev, and a revision in the archive already.
struct Trial {
    way: Unreliable,
    dev: Database,
    prod: Database,
    environment: Environment,
    archive: String,
}

impl Trial {
    fn new(s3: &S3Server, name: &str) -> Self {
        let server = server(majors()[0]);
        let way = Unreliable::before(&s3.endpoint());
        let environment = Environment::default()
            .with("AWS_REGION", "eu-central-1")
            .with("AWS_ENDPOINT_URL_S3", way.endpoint())
            .key(s3.keys.writer.id, s3.keys.writer.secret);
        let archive = format!("s3://{BUCKET}/faults/{name}");
        let trial = Self { way, dev: server.database("dev"), prod: server.database("prod"), environment, archive };
        trial.prod.run(PROD);
        trial.dev.run(FIRST);
        trial.sync().succeeded();
        trial.dev.run(SECOND);
        trial
    }

    fn sync(&self) -> Said {
        let addresses = ["--dev", &self.dev.url, "--prod", &self.prod.url, "--archive", &self.archive];
        self.environment.migrator(&[["sync", "--allow", "all"].as_slice(), &addresses].concat())
    }

    /// Disturbs one request, or from there on every one.
    fn disturb(&self, at: usize, fault: Fault, lasting: bool) -> Result<(), String> {
        let before = portrait(&self.prod);
        let times = if lasting { LASTING } else { 1 };
        let faults: Vec<Fault> =
            std::iter::repeat_n(Fault::Passed, at).chain(std::iter::repeat_n(fault, times)).collect();
        self.way.next(&faults);
        let start = Instant::now();
        let broken = self.sync();
        let took = start.elapsed();
        if self.way.left() >= times {
            return Err("the fault did not happen".to_owned());
        }
        self.way.next(&[]);
        if took > PATIENCE {
            return Err(format!("it took {took:?}: {}", broken.stderr));
        }
        match broken.status {
            Some(0) => {}
            _ if !lasting => return Err(format!("it gave up: {}", broken.stderr)),
            _ if !broken.stderr.contains("[archive-") => return Err(format!("it is not clear why: {}", broken.stderr)),
            _ => {}
        }
        if !is_as_before(&self.prod, &before) {
            arrived(&self.prod, &self.dev).map_err(|what| format!("prod is half done: {what}"))?;
        }
        let again = self.sync();
        if again.status != Some(0) {
            return Err(format!("after\n{}\nthe same command fails for good: {}", broken.stderr, again.stderr));
        }
        arrived(&self.prod, &self.dev)?;
        let history = self.environment.migrator(&["history", "--archive", &self.archive]);
        if history.status != Some(0) || history.stdout.contains("pending") {
            return Err(format!("the chain is not whole: {}{}", history.stdout, history.stderr));
        }
        Ok(())
    }
}

#[test]
#[ignore = "make test-aws"]
fn whatever_the_bucket_does_the_same_command_ends_it() {
    let s3 = S3Server::start(&tool("weed"));
    let control = Trial::new(&s3, "control");
    control.way.next(&[Fault::Passed; LASTING]);
    control.sync().succeeded();
    let requests = LASTING - control.way.left();
    assert!((6..20).contains(&requests), "{requests} requests");
    let all: Vec<(usize, Fault, bool)> = (0..requests)
        .flat_map(|at| FAULTS.into_iter().flat_map(move |fault| [(at, fault, true), (at, fault, false)]))
        .collect();
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let Some((at, fault, lasting)) = all.get(turn) else { return };
            let ended = Trial::new(&s3, &turn.to_string()).disturb(*at, *fault, *lasting);
            if let Err(what) = ended {
                failures.lock().unwrap().push(format!("=== {fault:?} at request {at}, lasting: {lasting}\n{what}"));
            }
        }
    };
    std::thread::scope(|scope| (0..WORKERS).for_each(|_| drop(scope.spawn(work))));
    let _ = writeln!(std::io::stderr(), "a bucket that fails: {} faults at {requests} requests", all.len());
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}\n{} of {}", failures.join("\n"), failures.len(), all.len());
}
