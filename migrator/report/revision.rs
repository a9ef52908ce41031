//! The archive's revisions, for a person and for a program.
//! Never reads the archive: what is in it is an argument.

use std::time::Duration;

use serde::Serialize;

use crate::catalog::Fingerprint;
use crate::plan::Plan;
use crate::report::text::{Palette, styled};
use crate::report::{Gated, json, one_line, plural, shortened, time};
use crate::revision::{Outcome, Ran, Revision};

/// A longer one is cut: the whole stands in the plan.
const LONGEST_STATEMENT: usize = 80;

/// A revision and its hash.
pub type Link<'a> = (&'a Fingerprint, &'a Revision);

/// A line each, newest first.
pub fn history_text(links: &[Link], pending: Option<&Revision>, palette: &Palette) -> String {
    if links.is_empty() && pending.is_none() {
        return "The archive holds no revision yet.\n".to_owned();
    }
    let mut out: Vec<String> = Vec::new();
    out.extend(pending.map(|revision| line(revision, "?", palette)));
    out.extend(links.iter().rev().map(|(hash, revision)| line(revision, hash.short(), palette)));
    let whole = format!("{}; the chain is whole", plural(links.len(), "revision"));
    format!("{}\n\n{}\n", out.join("\n"), styled(palette.quiet, &whole))
}

fn line(revision: &Revision, hash: &str, palette: &Palette) -> String {
    let Revision { number, created, outcome, invoked_by, applied, withheld, back_to, .. } = revision;
    let style = match outcome {
        Outcome::Done => palette.good,
        Outcome::Pending => palette.caution,
        Outcome::Failed | Outcome::Interrupted => palette.danger,
    };
    let outcome = styled(style, &format!("{:<11}", outcome.to_string()));
    let hash = styled(palette.quiet, &format!("{hash:<12}"));
    let steps = plural(applied.len(), "step");
    let withheld = if withheld.is_empty() { String::new() } else { format!(", {} withheld", withheld.len()) };
    let back = back_to.map_or(String::new(), |number| format!(", back to before {number}"));
    let by = invoked_by.as_ref().map_or(String::new(), |who| format!("  by {}", one_line(who)));
    format!("{number:>4}  {hash}  {}  {outcome}  {steps}{withheld}{back}{by}", one_line(created))
}

#[derive(Serialize)]
struct Entry<'a> {
    hash: &'a Fingerprint,
    #[serde(flatten)]
    revision: &'a Revision,
}

#[derive(Serialize)]
struct HistoryReport<'a> {
    format: u32,
    /// Oldest first.
    revisions: Vec<Entry<'a>>,
    pending: Option<&'a Revision>,
}

pub fn history_json(links: &[Link], pending: Option<&Revision>) -> String {
    let revisions = links.iter().map(|(hash, revision)| Entry { hash, revision }).collect();
    json::pretty(&HistoryReport { format: json::FORMAT, revisions, pending })
}

/// The head of a revision, as `git log` would show it.
pub fn text(hash: &Fingerprint, revision: &Revision, palette: &Palette) -> String {
    let parent = revision.parent.as_ref().map_or("none, it is the first", Fingerprint::as_str);
    let back_to = revision.back_to.map_or("-".to_owned(), |number| format!("before revision {number}"));
    let fields = [
        ("hash", hash.as_str()),
        ("parent", parent),
        ("database", &revision.database),
        ("planned", &revision.created),
        ("finished", revision.finished.as_deref().unwrap_or("-")),
        ("by", revision.invoked_by.as_deref().unwrap_or("-")),
        ("back to", &back_to),
        ("outcome", &revision.outcome.to_string()),
        ("error", revision.error.as_deref().unwrap_or("-")),
    ];
    let lines = fields.iter().filter(|(_, value)| *value != "-");
    let lines =
        lines.map(|(name, value)| format!("{}  {}\n", styled(palette.quiet, &format!("{name:>10}")), one_line(value)));
    let title = styled(palette.heading, &format!("Revision {}", revision.number));
    format!("{title}\n\n{}", lines.collect::<Vec<_>>().concat())
}

/// What was begun, and how long each statement took; empty for revisions that do not tell.
pub fn ran_text(revision: &Revision, plan: &Plan, palette: &Palette) -> String {
    let lines: Vec<String> = revision.ran.iter().map(|ran| ran_line(ran, plan, palette)).collect();
    if lines.is_empty() {
        return String::new();
    }
    format!("\n{}\n\n{}", styled(palette.heading, "What ran"), lines.concat())
}

fn ran_line(ran: &Ran, plan: &Plan, palette: &Palette) -> String {
    let Ran { batch, statement, status, attempts, waited_ms, took_ms } = ran;
    let statement = plan.batches.get(*batch).and_then(|batch| batch.statements.get(*statement));
    let sql = statement.map_or("?", |statement| statement.sql.as_str());
    let sql = shortened(&one_line(sql.lines().next().unwrap_or_default()), LONGEST_STATEMENT);
    let took = took_ms.map_or("-".to_owned(), |took| time(Duration::from_millis(took)));
    let waited = (*waited_ms > 0).then(|| format!("waited {}", time(Duration::from_millis(*waited_ms))));
    let tries = (*attempts > 1).then(|| plural(usize::try_from(*attempts).unwrap_or(usize::MAX), "attempt"));
    let told = [waited, tries].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let told = if told.is_empty() { told } else { format!("  {}", styled(palette.caution, &told)) };
    let failed = if status == "done" { String::new() } else { format!("  {}", styled(palette.danger, status)) };
    format!("{}  {sql}{told}{failed}\n", styled(palette.quiet, &format!("{took:>9}")))
}

#[derive(Serialize)]
struct RevisionReport<'a> {
    format: u32,
    hash: &'a Fingerprint,
    revision: &'a Revision,
    plan: json::Report<'a>,
}

pub fn json(hash: &Fingerprint, revision: &Revision, gated: Gated) -> String {
    json::pretty(&RevisionReport { format: json::FORMAT, hash, revision, plan: json::report(gated) })
}
