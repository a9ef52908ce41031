//! The command line: arguments in, result on stdout, everything else on stderr, and an exit status that pipelines can
//! act upon. Each command is parse, ask, render. Never decides what may run.

use std::process::ExitCode;

use crate::app::{self, Delivery, Failure, Planned, WayBack};
use crate::code::Exit;
use crate::entry::args::{
    Arguments, CheckArguments, Command, Format, HistoryArguments, PlanArguments, RollbackArguments, ShowArguments,
    SnapshotArguments, StatusArguments, SyncArguments,
};
use crate::entry::config::{Config, Fill};
use crate::entry::progress::Progress;
use crate::entry::{answer, log, print, request};
use crate::report::text::{self, Palette};
use crate::report::{Gated, counts, markdown, plural, revision, sql, steps};
use crate::revision::write_json;

/// Runs one command.
pub fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(error) => return explain(&error),
    };
    let mut format = arguments.command.format();
    let exit = started(arguments, &mut format).unwrap_or_else(|failure| answer::failure(&failure, format));
    ExitCode::from(exit.status())
}

/// What clap has to say: help and version go to stdout, the rest to stderr, without the passwords that it may quote.
fn explain(error: &clap::Error) -> ExitCode {
    let text = print::redacted(&error.render().ansi().to_string());
    if error.use_stderr() {
        anstream::eprint!("{text}");
        return ExitCode::from(Exit::Usage.status());
    }
    let text = if print::is_coloured() { text } else { anstream::adapter::strip_str(&text).to_string() };
    print::result(&text).map_or(ExitCode::from(Exit::Failed.status()), |()| ExitCode::SUCCESS)
}

fn started(arguments: Arguments, format: &mut Option<Format>) -> Result<Exit, Failure> {
    log::for_a_person()?;
    let config = Config::read(arguments.config.as_deref())?;
    *format = format.or(config.format());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::of_threads(&error))?;
    runtime.block_on(run(arguments.command, &config))
}

async fn run(command: Command, config: &Config) -> Result<Exit, Failure> {
    match command {
        Command::Plan(arguments) => plan(arguments, config).await,
        Command::Sync(arguments) => sync(arguments, config).await,
        Command::Rollback(arguments) => Box::pin(rollback(arguments, config)).await,
        Command::Check(arguments) => check(arguments, config).await,
        Command::History(arguments) => history(arguments, config).await,
        Command::Show(arguments) => show(arguments, config).await,
        Command::Status(arguments) => status(arguments, config).await,
        Command::Snapshot(arguments) => snapshot(arguments, config).await,
        Command::Demo(arguments) => crate::demo::run(arguments.archive, arguments.allow).await,
    }
}

async fn plan(mut arguments: PlanArguments, config: &Config) -> Result<Exit, Failure> {
    arguments.databases.fill(config);
    arguments.comparison.fill(config);
    arguments.policy.fill(config);
    arguments.output.fill(config);
    arguments.exit_code.fill(config);
    let request = request::of(&arguments.databases, &arguments.comparison, Some(&arguments.policy))?;
    let mut progress = Progress::new();
    let planned = app::plan(&request, &mut |event| progress.on(event)).await;
    progress.finish();
    let planned = planned?;
    let gated = gated(&planned);
    print::result(&rendered(&planned, arguments.output.format(), &print::palette()))?;
    if arguments.output.format() == Format::Text && print::is_interactive() {
        print::remark(&format!("\n{}", text::next(gated, &print::error_palette()).trim_end()));
    }
    let blocked = request.strict && counts(&steps(gated)).withheld > 0;
    let changes = arguments.exit_code.exit_code == Some(true) && !planned.plan.is_empty();
    // The process ends now and gives everything back at once; taking two catalogs apart would take a while.
    std::mem::forget(planned);
    Ok(if blocked {
        Exit::Blocked
    } else if changes {
        Exit::Drift
    } else {
        Exit::Done
    })
}

async fn sync(mut arguments: SyncArguments, config: &Config) -> Result<Exit, Failure> {
    arguments.fill(config);
    let mut request = request::of_sync(&arguments)?;
    let mut progress = Progress::new();
    let mut approved = None;
    if print::is_interactive() && arguments.execution.yes != Some(true) {
        let planned = app::plan(&request, &mut |event| progress.on(event)).await?;
        if !asked(&planned, &request.prod.to_string()) {
            print::remark("Nothing was changed.");
            return Ok(Exit::Failed);
        }
        // Nothing but this very plan is carried out.
        request.prove &= planned.proof.is_none();
        approved = Some(planned.plan);
    }
    let delivery = app::sync(&request, approved.as_ref(), &mut |event| progress.on(event)).await;
    progress.finish();
    delivered(&delivery?, None, arguments.output.format())
}

async fn rollback(mut arguments: RollbackArguments, config: &Config) -> Result<Exit, Failure> {
    arguments.fill(config);
    let format = arguments.output.format();
    let mut progress = Progress::new();
    let request = request::of_rollback(&arguments)?;
    if let Some(past) = app::answered(&request).await?.filter(|_| !arguments.dry_run) {
        return delivered(&Delivery::Again(Box::new(past)), None, format);
    }
    let way = app::way_back(request, &mut |event| progress.on(event)).await;
    if arguments.dry_run || way.is_err() {
        progress.finish();
        let way = way?;
        let text = rendered(&way.planned, format, &print::palette());
        print::result(&match format {
            Format::Json => answer::way_back(&way),
            _ => answer::with_lost(text, &way, format),
        })?;
        return Ok(Exit::Done);
    }
    let way = way?;
    if print::is_interactive() && arguments.execution.yes != Some(true) {
        print::remark(answer::lost_text(&way, &print::error_palette()).trim_end());
        if !asked(&way.planned, &way.request.prod.to_string()) {
            print::remark("Nothing was changed.");
            return Ok(Exit::Failed);
        }
    }
    // What prod was called when the renames were turned round, it must still be.
    let expected = Some(&way.planned.plan);
    let delivery = app::sync(&way.request, expected, &mut |event| progress.on(event)).await;
    progress.finish();
    delivered(&delivery?, Some(&way), format)
}

fn delivered(delivery: &Delivery, way: Option<&WayBack>, format: Format) -> Result<Exit, Failure> {
    let synced = match delivery {
        Delivery::First(synced) => synced,
        Delivery::Again(past) => {
            print::result(&if format == Format::Json { answer::past(past) } else { answer::past_text(past) })?;
            return Ok(Exit::Done);
        }
    };
    let gated = Gated { plan: &synced.plan, withheld: &synced.withheld };
    let text = match format {
        Format::Text => text::outcome(gated, &answer::ending(synced), &print::palette()),
        Format::Sql => sql::sql(gated, sql::Secrets::Hidden),
        Format::Json => answer::synced(synced, way),
        Format::Markdown => format!("{}\n{}\n", markdown::markdown(gated), answer::ending(synced)),
    };
    print::result(&match way {
        Some(way) if format != Format::Json => answer::with_lost(text, way, format),
        _ => text,
    })?;
    Ok(Exit::Done)
}

/// Shows the plan and asks. Without a statement to run there is nothing to ask.
fn asked(planned: &Planned, prod: &str) -> bool {
    let gated = gated(planned);
    if !gated.runs() {
        return true;
    }
    print::remark(&text::text(gated, &print::error_palette()));
    let statements = plural(counts(&steps(gated)).statements, "statement");
    print::confirmed(&format!("Apply {statements} to {prod}?"))
}

async fn check(mut arguments: CheckArguments, config: &Config) -> Result<Exit, Failure> {
    arguments.databases.fill(config);
    arguments.archive.fill(config);
    arguments.comparison.fill(config);
    arguments.output.fill(config);
    let format = arguments.output.one_of("check", &[Format::Text, Format::Json])?;
    let mut request = request::of(&arguments.databases, &arguments.comparison, None)?;
    request.archive = request::archive(&arguments.archive)?;
    let mut progress = Progress::new();
    let checked = app::check(&request, &mut |event| progress.on(event)).await;
    progress.finish();
    let checked = checked?;
    print::result(&if format == Format::Json {
        answer::checked_json(&checked)
    } else {
        answer::checked_text(&checked, &print::palette())
    })?;
    Ok(if checked.in_step() { Exit::Done } else { Exit::Drift })
}

async fn history(mut arguments: HistoryArguments, config: &Config) -> Result<Exit, Failure> {
    arguments.archive.fill(config);
    arguments.output.fill(config);
    let format = arguments.output.one_of("history", &[Format::Text, Format::Json])?;
    let history = app::history(&request::needed_archive(&arguments.archive)?).await?;
    let links: Vec<_> = history.revisions.iter().map(|entry| (&entry.hash, &entry.revision)).collect();
    let pending = history.pending.as_ref();
    print::result(&match format {
        Format::Json => revision::history_json(&links, pending),
        _ => revision::history_text(&links, pending, &print::palette()),
    })?;
    Ok(Exit::Done)
}

async fn show(mut arguments: ShowArguments, config: &Config) -> Result<Exit, Failure> {
    arguments.archive.fill(config);
    arguments.output.fill(config);
    let bundle = app::show(&request::needed_archive(&arguments.archive)?, &arguments.revision).await?;
    let plan = answer::plan_of(&bundle)?;
    let gated = Gated { plan: &plan, withheld: &bundle.revision.withheld };
    let hash = bundle.hash();
    print::result(&match arguments.output.format() {
        Format::Sql => bundle.text("up.sql").unwrap_or_default().to_owned(),
        Format::Json => answer::shown_json(&bundle)?,
        Format::Markdown => markdown::markdown(gated),
        Format::Text => {
            let head = revision::text(&hash, &bundle.revision, &print::palette());
            let ran = revision::ran_text(&bundle.revision, &plan, &print::palette());
            format!("{head}{ran}\n{}", text::text(gated, &print::palette()))
        }
    })?;
    Ok(Exit::Done)
}

async fn status(mut arguments: StatusArguments, config: &Config) -> Result<Exit, Failure> {
    arguments.fill(config);
    let format = arguments.output.one_of("status", &[Format::Text, Format::Json])?;
    let status = app::status(&request::prod_of(&arguments.prod)?).await?;
    print::result(&match format {
        Format::Json => answer::status_json(&status),
        _ => answer::status_text(&status, &print::palette()),
    })?;
    Ok(Exit::Done)
}

async fn snapshot(mut arguments: SnapshotArguments, config: &Config) -> Result<Exit, Failure> {
    if arguments.database.is_none() {
        arguments.databases.fill(config);
    }
    let url = request::needed(arguments.database.as_ref().or(arguments.databases.prod.as_ref()), "--prod")?;
    let mut progress = Progress::new();
    let catalog = app::snapshot(&url.parse()?, &mut |event| progress.on(event)).await;
    progress.finish();
    let catalog = catalog?;
    print::written(|stdout| write_json(stdout, &catalog))?;
    Ok(Exit::Done)
}

fn gated(planned: &Planned) -> Gated<'_> {
    Gated { plan: &planned.plan, withheld: &planned.withheld }
}

fn rendered(planned: &Planned, format: Format, palette: &Palette) -> String {
    let gated = gated(planned);
    match format {
        Format::Text => text::text(gated, palette),
        Format::Sql => sql::sql(gated, sql::Secrets::Revealed),
        Format::Json => answer::planned(planned),
        Format::Markdown => markdown::markdown(gated),
    }
}
