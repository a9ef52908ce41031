//! The Lambda: an event in, `{"statusCode", "body"}` out.
//! A pipeline decides by `statusCode` alone, so everything is answered, also a panic and the end of the time; only the
//! handler `task`, made for Step Functions, fails the function itself. Never decides what may run, and never logs an
//! event: that is the caller's.

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lambda_runtime::tower::util::MapRequestLayer;
use lambda_runtime::{Context, Diagnostic, LambdaEvent, LambdaInvocation, Runtime, service_fn};
use serde::Serialize;
use serde_json::{Value, json};

use crate::app::{self, Delivery, Failure, Origin, Request, WayBack};
use crate::archive::{LATEST, Location};
use crate::code::{Code, Exit};
use crate::entry::args::{Arguments, Command, Prod, RollbackArguments, SyncArguments};
use crate::entry::config::{Config, Fill};
use crate::entry::event::{Action, Event, Handler};
use crate::entry::{answer, log, request};
use crate::progress;
use crate::report::revision;

/// Lambda takes 6 MB in an answer, and the escaping of JSON in JSON costs some of it
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>).
const LARGEST_BODY: usize = 5_000_000;

/// Of an answer that is too long, parts above this are left out.
const LARGEST_PART: usize = 100_000;

/// The longest that Lambda lets anything run; a deadline beyond it, or in the past, is an emulator's invention.
const LONGEST_INVOCATION: Duration = Duration::from_mins(15);

/// What is kept of the time to note in the ledger that it is over, and to answer in.
const RESERVE: Duration = Duration::from_secs(3);

/// Of which so much is for the note, and so much at least for the answer.
const GRACE: Duration = Duration::from_secs(2);
const MARGIN: Duration = Duration::from_millis(500);

/// Serves invocations until Lambda ends the process. `argument` is the handler, where the image's command names one.
pub fn main(argument: Option<OsString>) -> ExitCode {
    // What is wrong with the configuration is told to whoever invokes.
    let handler = log::as_lines().and_then(|()| configured_handler(argument));
    match serve(&handler) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ExitCode::from(answer::failure(&failure, None).status()),
    }
}

fn serve(handler: &Result<Handler, Failure>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::of_threads(&error))?;
    let service = service_fn(|event| invoked(event, handler.clone()));
    let serving = async { Runtime::new(service).layer(MapRequestLayer::new(readable)).run().await };
    runtime.block_on(serving).map_err(|error| {
        Failure::new(Code::ConnectionLost, "Lambda's runtime API cannot be reached").because(error.as_ref())
    })
}

/// An event that is no JSON would be answered without a `statusCode`, before it came to us. Where nothing was sent,
/// Lambda itself sends `{}` and its emulator sends nothing.
fn readable(mut invocation: LambdaInvocation) -> LambdaInvocation {
    if invocation.body.trim_ascii().is_empty() {
        invocation.body = "{}".into();
    } else if serde_json::from_slice::<Value>(&invocation.body).is_err() {
        invocation.body = "null".into();
    }
    invocation
}

/// The image's command, else Lambda's `_HANDLER`, else `MIGRATOR_HANDLER`. A function that was deployed as a zip has
/// something in `_HANDLER` that no one chose with us in mind, so it counts only if it is one of ours.
fn configured_handler(argument: Option<OsString>) -> Result<Handler, Failure> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let argument = argument.map(|argument| argument.to_string_lossy().into_owned());
    let by_lambda = variable("_HANDLER").filter(|name| name.parse::<Handler>().is_ok());
    let name = argument.or(by_lambda).or_else(|| variable("MIGRATOR_HANDLER"));
    name.map_or(Ok(Handler::Migrate), |name| name.parse())
}

/// What Lambda returns to the caller.
#[derive(Debug, Serialize)]
struct Answer {
    #[serde(rename = "statusCode")]
    status_code: u16,
    body: Value,
}

/// How an invocation ended, for the answer and for a function error.
struct Outcome {
    answer: Answer,
    failure: Option<Failure>,
}

async fn invoked(event: LambdaEvent<Value>, handler: Result<Handler, Failure>) -> Result<Answer, Diagnostic> {
    let LambdaEvent { payload, context } = event;
    let start = Instant::now();
    let request_id = context.request_id.clone();
    let configured = handler.as_ref().ok().copied();
    let parsed = handler.map_err(misconfigured).and_then(|handler| Event::read(payload, handler));
    let raises = [configured, parsed.as_ref().ok().map(|(_, handler)| *handler)].contains(&Some(Handler::Task));
    let outcome = match parsed {
        Ok((event, _)) => outcome_of(event, context).await,
        Err(failure) => failed(failure),
    };
    let status_code = outcome.answer.status_code;
    let code = outcome.failure.as_ref().map(|failure| failure.code);
    let elapsed_ms = start.elapsed().as_millis();
    let line = json!({ "event": "answered", "status_code": status_code, "code": code, "elapsed_ms": elapsed_ms });
    log::line(&request_id, &line);
    match outcome.failure {
        Some(Failure { code, message, .. }) if raises => {
            Err(Diagnostic { error_type: format!("{code:?}"), error_message: format!("{message} {}", code.hint()) })
        }
        _ => Ok(shortened(outcome.answer)),
    }
}

/// What comes of an event: in any case something, and in time.
async fn outcome_of(event: Event, context: Context) -> Outcome {
    let left = budget(&context);
    let time = event.timeout.map_or(left, |timeout| timeout.min(left));
    // A task of its own: a panic in it ends it and nothing else. A sync that has begun keeps to the time by itself, and has
    // something to say then.
    let writes = matches!(event.action(), Action::Sync | Action::Rollback);
    let last = if writes { (time + GRACE).min(left_at_all(&context).saturating_sub(MARGIN)).max(time) } else { time };
    let begun = Arc::new(AtomicBool::new(false));
    match tokio::spawn(tokio::time::timeout(last, carry_out(event, context, time, Arc::clone(&begun)))).await {
        Ok(Ok(Ok(outcome))) => outcome,
        Ok(Ok(Err(failure))) => failed(failure),
        Ok(Err(_)) => failed(out_of_time(time, begun.load(Ordering::Relaxed))),
        Err(panic) => {
            failed(Failure::new(Code::Defect, "The invocation ended in a defect of migrator").because(&panic))
        }
    }
}

/// What is left of the invocation's time.
fn left_at_all(context: &Context) -> Duration {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let left = Duration::from_millis(context.deadline).saturating_sub(now);
    if left.is_zero() || left > LONGEST_INVOCATION { LONGEST_INVOCATION } else { left }
}

/// The same, less what the answer takes.
fn budget(context: &Context) -> Duration {
    let left = left_at_all(context);
    left.saturating_sub(RESERVE).max(left / 2)
}

/// For whatever did not keep to the time by itself.
fn out_of_time(time: Duration, begun: bool) -> Failure {
    let time = format!("{} s were not enough", time.as_secs());
    if begun {
        let message = format!("{time}: what was begun goes on in the server, or is rolled back if it is a transaction");
        return Failure::new(Code::StillRunning, message);
    }
    Failure::new(Code::OutOfTime, format!("{time} to come to the first statement; nothing was changed"))
}

fn failed(failure: Failure) -> Outcome {
    // 400 is for what the caller can correct; everything else of that kind is the function's own.
    let status_code = match (failure.code, failure.code.http()) {
        (Code::BadEvent | Code::RenameRefused | Code::RollbackUnclear, status) => status,
        (_, 400) => 500,
        (_, status) => status,
    };
    let body = value(&answer::failure_json(&failure));
    Outcome { answer: Answer { status_code, body }, failure: Some(failure) }
}

fn done(body: &str) -> Outcome {
    Outcome { answer: Answer { status_code: 200, body: value(body) }, failure: None }
}

/// What the command line would print with `--format json`.
fn value(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|_| Value::from(body))
}

/// Lists of statements are what makes an answer long, and they are in the archive.
fn shortened(mut answer: Answer) -> Answer {
    if answer.body.to_string().len() > LARGEST_BODY {
        trim(&mut answer.body);
        if let Some(body) = answer.body.as_object_mut() {
            let why = "The answer would be larger than Lambda allows: the archive has the whole of it.";
            body.insert("omitted".to_owned(), why.into());
        }
    }
    answer
}

fn trim(part: &mut Value) {
    if let Some(fields) = part.as_object_mut() {
        fields.values_mut().for_each(trim);
        fields.retain(|_, field| field.to_string().len() < LARGEST_PART);
    }
}

async fn carry_out(event: Event, context: Context, time: Duration, begun: Arc<AtomicBool>) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let settings = settings(&event)?;
    let listener = &mut |event: &progress::Event| {
        begun.fetch_or(matches!(event, progress::Event::BatchStarted { .. }), Ordering::Relaxed);
        log::line(&context.request_id, event);
    };
    match event.action() {
        Action::Plan => {
            let planned = app::plan(&database_request(&settings, &context)?, listener).await?;
            Ok(done(&answer::planned(&planned)))
        }
        Action::Sync => {
            let mut request = database_request(&settings, &context)?;
            request.timeout = Some(request.timeout.map_or(time, |timeout| timeout.min(time)));
            request.idempotency_key.get_or_insert_with(|| context.request_id.clone());
            Ok(done(&delivered(&app::sync(&request, None, listener).await?, None)))
        }
        Action::Rollback => {
            let mut request = rollback_request(settings, &event, &context)?;
            request.idempotency_key.get_or_insert_with(|| context.request_id.clone());
            if let Some(past) = app::answered(&request).await?.filter(|_| event.dry_run != Some(true)) {
                return Ok(done(&answer::past(&past)));
            }
            let mut way = app::way_back(request, listener).await?;
            let left = time.saturating_sub(start.elapsed());
            way.request.timeout = Some(way.request.timeout.map_or(left, |timeout| timeout.min(left)));
            if event.dry_run == Some(true) {
                return Ok(done(&answer::way_back(&way)));
            }
            Ok(done(&delivered(&app::sync(&way.request, Some(&way.planned.plan), listener).await?, Some(&way))))
        }
        Action::Check => {
            let checked = app::check(&database_request(&settings, &context)?, listener).await?;
            Ok(done(&answer::checked_json(&checked)))
        }
        Action::Status => {
            let prod = Prod { prod: settings.databases.prod };
            let status = app::status(&request::prod_of(&prod).map_err(misconfigured)?).await?;
            Ok(done(&answer::status_json(&status)))
        }
        Action::History => {
            let history = app::history(&archive(&settings)?).await?;
            let links: Vec<_> = history.revisions.iter().map(|entry| (&entry.hash, &entry.revision)).collect();
            Ok(done(&revision::history_json(&links, history.pending.as_ref())))
        }
        Action::Show => {
            let bundle = app::show(&archive(&settings)?, event.revision.as_deref().unwrap_or(LATEST)).await?;
            Ok(done(&answer::shown_json(&bundle)?))
        }
    }
}

/// The variables and the file, as the command line reads them, with what the event says on top.
fn settings(event: &Event) -> Result<SyncArguments, Failure> {
    let arguments = Arguments::of(["migrator", "sync"]).map_err(|error| {
        let message = crate::entry::print::redacted(&error.render().to_string());
        misconfigured(Failure::new(Code::BadRequest, message.trim().to_owned()))
    })?;
    let config = Config::read(arguments.config.as_deref()).map_err(misconfigured)?;
    let Command::Sync(mut settings) = arguments.command else {
        return Err(Failure::new(Code::Defect, "The settings of a sync are read as another command's"));
    };
    event.apply_to(&mut settings);
    settings.fill(&config);
    Ok(settings)
}

/// The databases are the function's to name, not the caller's.
fn database_request(settings: &SyncArguments, context: &Context) -> Result<Request, Failure> {
    Ok(invoked_by(context, request::of_sync(settings).map_err(misconfigured)?))
}

/// Dev has no part in it.
fn rollback_request(settings: SyncArguments, event: &Event, context: &Context) -> Result<Request, Failure> {
    let SyncArguments { databases, archive, comparison, policy, execution, output } = settings;
    let dev = databases.dev.and_then(|dev| dev.parse().ok());
    let arguments = RollbackArguments {
        revision: event.revision.clone().unwrap_or_default(),
        prod: Prod { prod: databases.prod },
        scratch: databases.scratch,
        archive,
        bounds: comparison.bounds,
        policy,
        execution,
        dry_run: event.dry_run == Some(true),
        output,
    };
    let mut request = request::of_rollback(&arguments).map_err(misconfigured)?;
    // What serves for a proof of the way there serves for one of the way back.
    if let (None, Some(Origin::Database(dev))) = (&request.scratch, dev) {
        request.scratch = Some(*dev);
    }
    Ok(invoked_by(context, request))
}

fn invoked_by(context: &Context, request: Request) -> Request {
    Request { invoked_by: Some(format!("lambda {}", context.env_config.function_name)), ..request }
}

fn delivered(delivery: &Delivery, way: Option<&WayBack>) -> String {
    match delivery {
        Delivery::First(synced) => answer::synced(synced, way),
        Delivery::Again(past) => answer::past(past),
    }
}

fn archive(settings: &SyncArguments) -> Result<Location, Failure> {
    request::needed_archive(&settings.archive).map_err(misconfigured)
}

/// What would be a mistake of the person who types a command is one of the function's configuration here: the caller
/// can do nothing about it.
fn misconfigured(failure: Failure) -> Failure {
    if failure.code.exit() != Exit::Usage {
        return failure;
    }
    let causes = [vec![failure.code.hint().to_owned()], failure.causes].concat();
    let message = format!("The function is not configured as it must be. {}", failure.message);
    Failure { code: Code::Misconfigured, message, causes, ..failure }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(deadline: u64) -> Context {
        let mut context = Context::default();
        context.deadline = deadline;
        context
    }

    #[test]
    fn a_deadline_is_believed_only_if_it_can_be_true() {
        let now = jiff::Timestamp::now().as_millisecond().unsigned_abs();
        for invented in [0, 1, now - 60_000, now + 3_600_000] {
            assert_eq!(budget(&context(invented)), LONGEST_INVOCATION.saturating_sub(RESERVE), "{invented}");
        }
        let left = budget(&context(now + 60_000));
        assert!(left > Duration::from_secs(55) && left <= Duration::from_secs(58), "{left:?}");
        assert!(budget(&context(now + 2_500)) > Duration::from_millis(900));
    }

    #[test]
    fn the_end_of_the_time_tells_whether_anything_was_begun() {
        let status = |begun| failed(out_of_time(Duration::from_secs(9), begun)).answer.status_code;
        assert_eq!((status(true), status(false)), (202, 504));
    }

    #[test]
    fn what_the_caller_cannot_correct_is_no_400() {
        for code in Code::ALL {
            let status = failed(Failure::new(*code, "x")).answer.status_code;
            assert!(
                status != 400 || matches!(code, Code::BadEvent | Code::RenameRefused | Code::RollbackUnclear),
                "{code}"
            );
        }
    }

    #[test]
    fn an_answer_that_is_too_long_loses_its_longest_part() {
        let error = json!({ "code": "busy", "standing": { "run": "r", "applied": ["x".repeat(LARGEST_BODY)] } });
        let answer = shortened(Answer { status_code: 200, body: json!({ "error": error, "revision": 7 }) });
        let (error, standing) = (&answer.body["error"], &answer.body["error"]["standing"]);
        assert_eq!((answer.body["revision"].as_u64(), error["code"].as_str()), (Some(7), Some("busy")));
        assert_eq!((standing["run"].as_str(), standing.get("applied")), (Some("r"), None));
        assert!(answer.body["omitted"].is_string());
    }
}
