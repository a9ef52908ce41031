//! What a use case answers, for a person and for a program.
//! The plan's own reports are in `report/`; this is what stands around them: what was done, what failed and why.
//! Never prints a cause twice, and never a secret: failures hold none.

use std::fmt::Write;

use serde::Serialize;

use crate::app::{Checked, FailedStatement, Failure, Lost, Planned, Proof, Standing, Status, Synced, WayBack};
use crate::code::{Code, Exit};
use crate::entry::args::Format;
use crate::entry::print;
use crate::ledger::PastRun;
use crate::plan::Plan;
use crate::progress::{Advance, Holder, Session};
use crate::report::text::{self, Palette, styled};
use crate::report::{Gated, json, many_lines, one_line, plural, revision, sql};
use crate::revision::Bundle;

/// Tells why a request failed, and with which status to exit.
pub fn failure(failure: &Failure, format: Option<Format>) -> Exit {
    print::remark(failure_text(failure, &print::error_palette()).trim_end());
    if format == Some(Format::Json) {
        // Whoever does not read stdout has the text on stderr.
        let _ = print::result(&failure_json(failure));
    }
    failure.code.exit()
}

pub fn failure_json(failure: &Failure) -> String {
    json::pretty(&FailureAnswer { format: json::FORMAT, status: "failed", hint: failure.code.hint(), error: failure })
}

#[derive(Serialize)]
struct FailureAnswer<'a> {
    format: u32,
    status: &'static str,
    hint: &'a str,
    error: &'a Failure,
}

fn failure_text(failure: &Failure, palette: &Palette) -> String {
    let code = styled(palette.quiet, &format!("[{}]", failure.code));
    let mut text = format!("{} {} {code}\n", styled(palette.danger, "error:"), many_lines(&failure.message));
    for cause in failure.causes.iter().filter(|cause| !failure.message.contains(cause.as_str())) {
        let _ = writeln!(text, "  cause: {}", many_lines(cause).replace('\n', "\n         "));
    }
    let approvals = failure.withheld.iter().flat_map(crate::plan::gate::Withheld::approvals);
    for approval in approvals.filter(|approval| !failure.message.contains(approval.as_str())) {
        let _ = writeln!(text, "  needs: --allow {}", crate::report::shell_word(&approval));
    }
    if let Some(standing) = &failure.standing {
        text.push_str(&standing_text(standing));
    }
    let _ = writeln!(text, "{} {}", styled(palette.good, "hint:"), failure.code.hint());
    text
}

fn standing_text(standing: &Standing) -> String {
    let Standing { run, revision, applied, failed, not_run, remaining } = standing;
    let mut text = String::new();
    if let Some(failed) = failed {
        text.push_str(&failed_text(failed));
    }
    let counts = [(applied, "applied"), (not_run, "not run"), (remaining, "still to do")];
    for (statements, what) in counts.iter().filter(|(statements, _)| !statements.is_empty()) {
        let _ = writeln!(text, "  {} {what}:", plural(statements.len(), "statement"));
        for sql in *statements {
            let _ = writeln!(text, "    {}", one_line(sql.lines().next().unwrap_or_default()));
        }
    }
    let revision = revision.map_or(String::new(), |revision| format!(", archived as revision {revision}"));
    let _ = writeln!(text, "  run: {run}{revision}");
    text
}

fn failed_text(failed: &FailedStatement) -> String {
    let FailedStatement { sql, object, server, in_doubt, note } = failed;
    let mut text = format!("  at: {}\n", one_line(object));
    for line in many_lines(sql).lines() {
        let _ = writeln!(text, "    {line}");
    }
    let _ = writeln!(text, "  server: {}", many_lines(&server.message));
    let says = [("detail", &server.detail), ("hint", &server.hint), ("note", note)];
    for (word, what) in says.iter().filter_map(|(word, what)| Some((word, what.as_ref()?))) {
        let _ = writeln!(text, "  {word}: {}", one_line(what));
    }
    if *in_doubt {
        text.push_str("  The connection broke before the answer came: it may have been carried out.\n");
    }
    text
}

/// `21 statements applied in 1.4 s, archived as revision 3`.
pub fn ending(synced: &Synced) -> String {
    if synced.run.is_none() {
        return "Nothing to do".to_owned();
    }
    let applied = synced.applied.iter().filter_map(|batch| synced.plan.batches.get(*batch));
    let statements = applied.map(|batch| batch.statements.len()).sum();
    let revision = synced.revision.map_or(String::new(), |revision| format!(", archived as revision {revision}"));
    format!("{} applied in {:.1} s{revision}", plural(statements, "statement"), synced.elapsed.as_secs_f64())
}

#[derive(Serialize)]
struct SyncedAnswer<'a> {
    format: u32,
    status: &'static str,
    applied: Vec<usize>,
    run: Option<&'a str>,
    revision: Option<u64>,
    interrupted: &'a [String],
    elapsed_ms: u128,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<&'a Proof>,
    #[serde(flatten)]
    back: Option<Back<'a>>,
    plan: json::Report<'a>,
}

/// Where a rollback leads, and what it cannot bring back.
#[derive(Serialize)]
struct Back<'a> {
    back_to: u64,
    lost: &'a [Lost],
}

impl<'a> Back<'a> {
    fn of(way: &'a WayBack) -> Self {
        Self { back_to: way.number, lost: &way.lost }
    }
}

pub fn synced(synced: &Synced, way: Option<&WayBack>) -> String {
    json::pretty(&SyncedAnswer {
        format: json::FORMAT,
        status: if synced.run.is_some() { "done" } else { "nothing_to_do" },
        applied: synced.applied.iter().map(|batch| batch + 1).collect(),
        run: synced.run.as_deref(),
        revision: synced.revision,
        interrupted: &synced.interrupted,
        elapsed_ms: synced.elapsed.as_millis(),
        proof: synced.proof.as_ref().or(way.and_then(|way| way.planned.proof.as_ref())),
        back: way.map(Back::of),
        plan: json::report(Gated { plan: &synced.plan, withheld: &synced.withheld }),
    })
}

#[derive(Serialize)]
struct PlannedAnswer<'a> {
    #[serde(flatten)]
    back: Option<Back<'a>>,
    #[serde(flatten)]
    plan: json::Report<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<&'a Proof>,
}

/// A plan, with its proof where one was asked for.
pub fn planned(planned: &Planned) -> String {
    json::pretty(&planned_answer(planned, None))
}

fn planned_answer<'a>(planned: &'a Planned, back: Option<Back<'a>>) -> PlannedAnswer<'a> {
    let Planned { plan, withheld, proof, .. } = planned;
    PlannedAnswer { back, proof: proof.as_ref(), plan: json::report(Gated { plan, withheld }) }
}

/// The plan of a rollback, as that of a sync, with what cannot be brought back.
pub fn way_back(way: &WayBack) -> String {
    json::pretty(&planned_answer(&way.planned, Some(Back::of(way))))
}

/// What a rollback cannot bring back; empty where it brings back all.
pub fn lost_text(way: &WayBack, palette: &Palette) -> String {
    let lines = way.lost.iter().map(|Lost { object, revision, note }| {
        format!("  {}: {} (revision {revision})\n", one_line(&object.to_string()), one_line(note))
    });
    let lines = lines.collect::<Vec<_>>().concat();
    if lines.is_empty() {
        return lines;
    }
    format!("{}\n{lines}", styled(palette.danger, "What does not come back:"))
}

/// The text of a rollback: what is lost stands where it is seen, in a script as a comment.
pub fn with_lost(text: String, way: &WayBack, format: Format) -> String {
    match format {
        _ if way.lost.is_empty() => text,
        Format::Sql => sql::comment(&lost_text(way, &Palette::default())) + "\n" + &text,
        Format::Markdown => format!("{text}\n```\n{}```\n", lost_text(way, &Palette::default())),
        Format::Text | Format::Json => format!("{text}\n{}", lost_text(way, &print::palette())),
    }
}

#[derive(Serialize)]
struct PastAnswer<'a> {
    format: u32,
    status: &'static str,
    run: &'a PastRun,
}

/// The same request was carried out before: what came of it then.
pub fn past(past: &PastRun) -> String {
    json::pretty(&PastAnswer { format: json::FORMAT, status: "done_before", run: past })
}

pub fn past_text(past: &PastRun) -> String {
    let finished = past.finished.as_deref().map_or(String::new(), |finished| format!(" at {finished}"));
    let statements = plural(past.statements.len(), "statement");
    let revision = past.revision.map_or(String::new(), |revision| format!(", archived as revision {revision}"));
    format!("This request was carried out before, by run {}{finished}: {statements} applied{revision}\n", past.id)
}

/// An archived plan.
pub fn plan_of(bundle: &Bundle) -> Result<Plan, Failure> {
    bundle.plan().map_err(|error| {
        Failure::new(Code::ArchiveDamaged, "The revision's plan.json is not understood").because(&error)
    })
}

pub fn shown_json(bundle: &Bundle) -> Result<String, Failure> {
    let plan = plan_of(bundle)?;
    let gated = Gated { plan: &plan, withheld: &bundle.revision.withheld };
    Ok(revision::json(&bundle.hash(), &bundle.revision, gated))
}

#[derive(Serialize)]
struct CheckedAnswer<'a> {
    format: u32,
    in_step: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
    /// From prod to dev.
    plan: json::Report<'a>,
    since_archived: Option<SinceArchived<'a>>,
}

#[derive(Serialize)]
struct SinceArchived<'a> {
    revision: u64,
    /// From the archived schema to prod as it is.
    by_hand: json::Report<'a>,
}

pub fn checked_json(checked: &Checked) -> String {
    json::pretty(&CheckedAnswer {
        format: json::FORMAT,
        in_step: checked.in_step(),
        code: (!checked.in_step()).then_some(Code::Drift),
        plan: json::report(Gated { plan: &checked.plan, withheld: &[] }),
        since_archived: checked.archived.as_ref().map(|archived| SinceArchived {
            revision: archived.revision,
            by_hand: json::report(Gated { plan: &archived.by_hand, withheld: &[] }),
        }),
    })
}

pub fn checked_text(checked: &Checked, palette: &Palette) -> String {
    let mut text = String::new();
    if let Some(archived) = &checked.archived {
        let revision = archived.revision;
        if archived.by_hand.is_empty() {
            let _ = writeln!(text, "Prod is as revision {revision} left it.\n");
        } else {
            let heading = format!("Prod was changed since revision {revision}, and not by migrator:");
            let changes = text::brief(Gated { plan: &archived.by_hand, withheld: &[] }, palette);
            let _ = writeln!(text, "{}\n\n{changes}", styled(palette.danger, &heading));
        }
    }
    let gated = Gated { plan: &checked.plan, withheld: &[] };
    if !checked.plan.is_empty() {
        let heading = styled(palette.heading, "What would bring prod into step with dev:");
        let _ = writeln!(text, "{heading}\n\n{}", text::brief(gated, palette));
    }
    text.push_str(&text::closing(gated, palette));
    text
}

#[derive(Serialize)]
struct StatusAnswer<'a> {
    format: u32,
    running: Option<&'a Holder>,
    advance: Option<&'a Advance>,
    blockers: &'a [Session],
    last: Option<&'a PastRun>,
}

pub fn status_json(status: &Status) -> String {
    let Status { running, blockers, last } = status;
    let advance = running.as_ref().and_then(|running| running.advance.as_ref());
    json::pretty(&StatusAnswer {
        format: json::FORMAT,
        running: running.as_ref(),
        advance,
        blockers,
        last: last.as_ref(),
    })
}

pub fn status_text(status: &Status, palette: &Palette) -> String {
    let Status { running, blockers, last } = status;
    let Some(running) = running else {
        let last = last.as_ref().map_or("No run is known".to_owned(), last_text);
        return format!("{}\n{last}\n", styled(palette.good, "Nothing runs."));
    };
    let mut text = format!("{} {}\n", styled(palette.heading, "Running:"), one_line(&running.to_string()));
    for blocker in blockers {
        let _ = writeln!(text, "  {} {}", styled(palette.caution, "waits for:"), one_line(&blocker.to_string()));
    }
    text
}

fn last_text(last: &PastRun) -> String {
    let finished = last.finished.as_deref().map_or(String::new(), |finished| format!(" at {finished}"));
    let statements = plural(last.statements.len(), "statement");
    let error = last.error.as_deref().map_or(String::new(), |error| format!(": {}", one_line(error)));
    format!("The last run, {}, ended{finished} ({}), {statements} applied{error}", last.id, last.outcome)
}
