//! The Lambda door, the real binary under the runtime API: what an event comes to, and what it comes to the second time.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::runtime::{Function, Invocation};
use crate::support::server::{Database, majors, server};

struct World {
    dev: Database,
    prod: Database,
    archive: tempfile::TempDir,
}

impl World {
    fn new(prod: &str, dev: &str) -> Self {
        let server = server(majors()[0]);
        let world =
            Self { dev: server.database("dev"), prod: server.database("prod"), archive: tempfile::tempdir().unwrap() };
        world.prod.run(prod);
        world.dev.run(dev);
        world
    }

    fn function_with(&self, arguments: &[&str], more: &[(&str, &str)]) -> Function {
        let archive = self.archive.path().display().to_string();
        let own = [
            ("MIGRATOR_DEV", self.dev.url.as_str()),
            ("MIGRATOR_PROD", self.prod.url.as_str()),
            ("MIGRATOR_ARCHIVE", archive.as_str()),
        ];
        Function::start(Path::new(env!("CARGO_BIN_EXE_migrator")), arguments, &[&own[..], more].concat())
    }

    fn function(&self) -> Function {
        self.function_with(&[], &[])
    }

    fn prod_has(&self, relation: &str) -> bool {
        self.prod.query(&format!("select to_regclass('{relation}') is not null")) == [["t"]]
    }
}

fn invoke(function: &Function, request_id: &str, event: &Value) -> (u64, Value) {
    let answer = function.invoke(&Invocation::new(request_id, &event.to_string()));
    let status = answer["statusCode"].as_u64().unwrap_or_else(|| panic!("no statusCode in {answer}"));
    (status, answer["body"].clone())
}

#[test]
fn every_action_has_its_answer() {
    let world =
        World::new("create table kept (a integer)", "create table kept (a integer, b text); create table new ()");
    let function = world.function();
    let (status, plan) = invoke(&function, "1", &json!({ "action": "plan" }));
    assert_eq!((status, plan["plan_hash"].as_str().map(str::len)), (200, Some(64)), "{plan}");
    assert!(!world.prod_has("new"));
    let (status, dry) = invoke(&function, "2", &json!({ "dry_run": true }));
    assert_eq!((status, &dry["plan_hash"]), (200, &plan["plan_hash"]));
    let (status, drift) = invoke(&function, "3", &json!({ "action": "check" }));
    assert_eq!((status, drift["in_step"].as_bool()), (200, Some(false)));
    let (status, done) = invoke(&function, "4", &json!({ "plan_hash": plan["plan_hash"] }));
    assert_eq!((status, done["status"].as_str(), done["revision"].as_u64()), (200, Some("done"), Some(1)), "{done}");
    assert!(world.prod_has("new"));
    let (status, nothing) = invoke(&function, "5", &json!({}));
    assert_eq!((status, nothing["status"].as_str()), (200, Some("nothing_to_do")));
    let (status, history) = invoke(&function, "6", &json!({ "action": "history" }));
    assert_eq!((status, history["revisions"].as_array().map(Vec::len)), (200, Some(1)), "{history}");
    let (status, shown) = invoke(&function, "7", &json!({ "action": "show", "revision": "1" }));
    assert!(status == 200 && shown.to_string().contains("invoked_by\":\"lambda migrator"), "{shown}");
    let (status, missing) = invoke(&function, "8", &json!({ "action": "show", "revision": "9" }));
    assert_eq!((status, missing["error"]["code"].as_str()), (404, Some("no-such-revision")), "{missing}");
    let back = json!({ "action": "rollback", "revision": "1", "allow": ["data_loss"] });
    let (status, dry) = invoke(&function, "9", &json!({ "action": "rollback", "revision": "1", "dry_run": true }));
    assert_eq!((status, dry["back_to"].as_u64(), world.prod_has("new")), (200, Some(1), true), "{dry}");
    let (status, done) = invoke(&function, "10", &back);
    assert_eq!((status, done["revision"].as_u64(), world.prod_has("new")), (200, Some(2), false), "{done}");
}

#[test]
fn an_event_that_is_none_has_a_status_too() {
    let world = World::new("", "");
    let function = world.function();
    for (payload, status) in [
        ("", 200),
        ("  ", 200),
        ("{", 400),
        ("not json", 400),
        ("null", 400),
        ("[]", 400),
        ("{\"a\":1e999}", 400),
        ("\"\\ud800\"", 400),
    ] {
        let answer = function.invoke(&Invocation::new("1", payload));
        assert_eq!(answer["statusCode"].as_u64(), Some(status), "{payload:?}: {answer}");
    }
}

#[test]
fn what_is_not_admitted_is_told_by_its_status() {
    let world = World::new("create table t (a integer, secret text)", "create table t (a integer)");
    let function = world.function();
    let (status, withheld) = invoke(&function, "1", &json!({}));
    assert_eq!((status, withheld["status"].as_str()), (200, Some("nothing_to_do")));
    assert!(withheld.to_string().contains("data_loss:public.t.secret"), "{withheld}");
    let (status, blocked) = invoke(&function, "2", &json!({ "strict": true }));
    assert_eq!((status, blocked["error"]["code"].as_str()), (422, Some("blocked")));
    let (status, stale) = invoke(&function, "3", &json!({ "plan_hash": "0".repeat(64) }));
    assert_eq!((status, stale["error"]["code"].as_str()), (409, Some("plan-changed")));
    let (status, refused) = invoke(&function, "4", &json!({ "allowed": ["data_loss"] }));
    assert_eq!((status, refused["error"]["code"].as_str()), (400, Some("bad-event")));
    let (status, done) =
        invoke(&function, "5", &json!({ "allow": ["data_loss:public.t.secret"], "phase": "contract" }));
    assert_eq!((status, done["status"].as_str()), (200, Some("done")), "{done}");
    world.prod.run("create view v as select a / 0 as b from t");
    world.dev.run("create table u (a integer check (a > 0)); create view v as select a from t");
    world.prod.run("create table u (a integer); insert into u values (-1)");
    let (status, failed) = invoke(&function, "6", &json!({ "allow": ["all"] }));
    assert_eq!((status, failed["error"]["code"].as_str()), (500, Some("statement-failed")), "{failed}");
}

#[test]
fn the_same_request_has_one_effect() {
    let world = World::new("", "create table one ()");
    let mut function = world.function();
    let (_, first) = invoke(&function, "the-same", &json!({}));
    assert_eq!(first["status"].as_str(), Some("done"));
    // Dev goes on; the request that comes again is still the old one, also in another process.
    world.dev.run("create table two ()");
    for _ in 0..2 {
        let (status, again) = invoke(&function, "the-same", &json!({}));
        assert_eq!((status, again["status"].as_str()), (200, Some("done_before")), "{again}");
        assert_eq!((&again["run"]["id"], &again["run"]["revision"]), (&first["run"], &first["revision"]));
        assert!(again["run"]["statements"][0].as_str().is_some_and(|sql| sql.starts_with("CREATE TABLE")), "{again}");
        assert!(!world.prod_has("two"));
        function.kill();
        function = world.function();
    }
    // The same key for another wish is another request.
    let event = json!({ "idempotency_key": "deploy-7", "phase": "contract" });
    assert_eq!(invoke(&function, "another", &event).1["status"].as_str(), Some("nothing_to_do"));
    let (_, other) = invoke(&function, "another", &json!({ "idempotency_key": "deploy-7" }));
    assert_eq!(other["status"].as_str(), Some("done"));
    world.dev.run("create table three ()");
    let (_, again) = invoke(&function, "a-third", &json!({ "idempotency_key": "deploy-7" }));
    assert_eq!((again["status"].as_str(), world.prod_has("three")), (Some("done_before"), false));
}

#[test]
fn a_request_that_failed_is_tried_again() {
    let world =
        World::new("create table t (a integer); insert into t values (1), (1)", "create table t (a integer unique)");
    let function = world.function();
    let (status, failed) = invoke(&function, "the-same", &json!({}));
    assert_eq!(status, 500, "{failed}");
    world.prod.run("delete from t");
    let (status, done) = invoke(&function, "the-same", &json!({}));
    assert_eq!((status, done["status"].as_str()), (200, Some("done")), "{done}");
}

#[test]
fn the_same_request_meanwhile_is_still_running() {
    let world = World::new("create table t (a integer)", "create table t (a integer, b integer)");
    let lock = std::thread::scope(|scope| {
        let holder = scope.spawn(|| world.prod.run("begin; lock table t; select pg_sleep(14); commit"));
        std::thread::sleep(std::time::Duration::from_millis(500));
        let (one, two) = (world.function(), world.function());
        let first = scope.spawn(move || invoke(&one, "the-same", &json!({})));
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        let (status, again) = invoke(&two, "the-same", &json!({}));
        assert_eq!((status, again["error"]["code"].as_str()), (202, Some("still-running")), "{again}");
        let (status, other) = invoke(&two, "another", &json!({}));
        assert_eq!((status, other["error"]["code"].as_str()), (409, Some("busy")), "{other}");
        let first = first.join().unwrap();
        holder.join().unwrap();
        first
    });
    assert_eq!((lock.0, lock.1["status"].as_str()), (200, Some("done")), "{}", lock.1);
}

#[test]
fn a_function_is_what_its_handler_says() {
    let world = World::new("", "create table one ()");
    let plan = world.function_with(&["plan"], &[]);
    assert!(invoke(&plan, "1", &json!({})).1["plan_hash"].is_string() && !world.prod_has("one"));
    let (status, denied) = invoke(&plan, "3", &json!({ "action": "sync" }));
    assert_eq!((status, denied["error"]["code"].as_str(), world.prod_has("one")), (403, Some("action-denied"), false));
    // Lambda's own variable counts if it names a handler of ours, and before ours.
    let by_lambda = world.function_with(&[], &[("_HANDLER", "check"), ("MIGRATOR_HANDLER", "migrate")]);
    assert_eq!(invoke(&by_lambda, "1", &json!({})).1["in_step"].as_bool(), Some(false));
    let by_variable = world.function_with(&[], &[("_HANDLER", "bootstrap"), ("MIGRATOR_HANDLER", "check")]);
    assert_eq!(invoke(&by_variable, "1", &json!({})).1["in_step"].as_bool(), Some(false));
    let (status, unknown) = invoke(&world.function_with(&["nonsense"], &[]), "1", &json!({}));
    assert_eq!((status, unknown["error"]["code"].as_str()), (500, Some("misconfigured")), "{unknown}");
    let envelope = json!({ "handler": "check", "event": {} });
    assert_eq!(invoke(&world.function(), "1", &envelope).1["in_step"].as_bool(), Some(false));
    // For Step Functions a failure is the function's own, by its name.
    let task = world.function_with(&["task"], &[]);
    let answer = task.invoke(&Invocation::new("1", &json!({ "plan_hash": "0".repeat(64) }).to_string()));
    assert_eq!((answer["errorType"].as_str(), answer["statusCode"].as_u64()), (Some("PlanChanged"), None), "{answer}");
    let error = |event: &Value| task.invoke(&Invocation::new("1", &event.to_string()))["errorType"].clone();
    assert_eq!(error(&json!({ "nonsense": 1 })).as_str(), Some("BadEvent"));
    assert_eq!(error(&json!({ "timeout": "1ms" })).as_str(), Some("OutOfTime"));
    assert_eq!(invoke(&task, "2", &json!({})).1["status"].as_str(), Some("done"));
}

#[test]
fn a_function_that_is_not_configured_says_so() {
    let binary = Path::new(env!("CARGO_BIN_EXE_migrator"));
    let none = Function::start(binary, &[], &[]);
    let (status, answer) = invoke(&none, "1", &json!({}));
    assert_eq!((status, answer["error"]["code"].as_str()), (500, Some("misconfigured")));
    assert!(answer.to_string().contains("MIGRATOR_DEV"), "{answer}");
    let wrong =
        Function::start(binary, &[], &[("MIGRATOR_PROD", "postgresql://u:s3cret@h:x/d"), ("MIGRATOR_DEV", "x.json")]);
    let (status, answer) = invoke(&wrong, "1", &json!({}));
    assert_eq!((status, answer["error"]["code"].as_str()), (500, Some("misconfigured")), "{answer}");
    assert!(!answer.to_string().contains("s3cret"), "{answer}");
    for mistaken in [("MIGRATOR_PHASE", "sometimes"), ("MIGRATOR_LOG", "a=b=c"), ("MIGRATOR_HANDLER", "nonsense")] {
        let (status, answer) = invoke(&Function::start(binary, &[], &[mistaken]), "1", &json!({}));
        assert_eq!((status, answer["error"]["code"].as_str()), (500, Some("misconfigured")), "{answer}");
    }
    let missing = "postgresql://u@db.example/d?sslrootcert=/no/such/file";
    let late = Function::start(binary, &[], &[("MIGRATOR_PROD", missing), ("MIGRATOR_DEV", "/no/such/dev.json")]);
    assert_eq!(invoke(&late, "1", &json!({ "action": "plan" })).0, 500, "the caller cannot correct it");
}

#[test]
fn the_end_of_the_time_is_no_end_of_the_work() {
    let world = World::new("create table t (a integer)", "create table t (a integer, b integer)");
    let function = world.function();
    let mut soon = Invocation::new("1", "{}");
    soon.deadline -= 116_000;
    std::thread::scope(|scope| {
        let holder = scope.spawn(|| world.prod.run("begin; lock table t; select pg_sleep(7); commit"));
        std::thread::sleep(std::time::Duration::from_millis(500));
        let answer = function.invoke(&soon);
        assert_eq!(
            (answer["statusCode"].as_u64(), answer["body"]["error"]["code"].as_str()),
            (Some(202), Some("still-running"))
        );
        holder.join().unwrap();
    });
    // A deadline that lies is not believed.
    let mut past = Invocation::new("1", "{}");
    past.deadline = 1_000;
    assert_eq!(function.invoke(&past)["body"]["status"].as_str(), Some("done"));
}
