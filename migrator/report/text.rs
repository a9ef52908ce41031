//! The plan for a person at a terminal.
//! Grouped by phase, each step with its SQL, its lock in words and its hazards; then what does not run and what would
//! let it. Never decides about colours: the palette is an argument, and an empty one prints plain text.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::plan::Plan;
use crate::plan::gate::Reason;
use crate::report::{
    Counts, Gated, Step, allow_flags, approvals, counts, lock_sentence, many_lines, one_line, plural, reason, steps,
};
use crate::statement::{Hazard, HazardKind, Phase, Statement};

const WIDTH: usize = 100;
const MARGIN: usize = 6;

/// The styles of a report; the default has none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Palette {
    pub heading: Style,
    pub quiet: Style,
    pub good: Style,
    pub caution: Style,
    pub danger: Style,
}

impl Palette {
    pub const COLOURS: Self = Self {
        heading: Style::new().bold(),
        quiet: Style::new().dimmed(),
        good: AnsiColor::Green.on_default(),
        caution: AnsiColor::Yellow.on_default(),
        danger: AnsiColor::Red.on_default().bold(),
    };
}

/// Text in a style, which ends with it.
pub fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

pub fn text(gated: Gated, palette: &Palette) -> String {
    let plan = gated.plan;
    let steps = steps(gated);
    let mut out = Vec::new();
    out.extend(runs(&steps, Phase::Expand, palette));
    out.extend(runs(&steps, Phase::Contract, palette));
    out.extend(withheld(gated, &steps, palette));
    out.extend(later(&steps, palette));
    out.extend(remarks(plan, palette));
    out.push(summary(plan, counts(&steps), palette));
    out.join("\n\n") + "\n"
}

/// What is left to tell once the plan was applied: what does not run, and what was done.
pub fn outcome(gated: Gated, ending: &str, palette: &Palette) -> String {
    let steps = steps(gated);
    let mut out: Vec<String> = withheld(gated, &steps, palette).into_iter().collect();
    out.extend(later(&steps, palette));
    out.extend(remarks(gated.plan, palette));
    let mut last = styled(palette.good, ending);
    let withheld = counts(&steps).withheld;
    if withheld > 0 {
        let _ = write!(last, ", {}", styled(palette.danger, &format!("{withheld} withheld")));
    }
    out.push(format!("{last}  {}", styled(palette.quiet, &format!("plan {}", gated.plan.hash.short()))));
    out.join("\n\n") + "\n"
}

/// The statements and nothing else.
pub fn brief(gated: Gated, palette: &Palette) -> String {
    let step = |step: &Step| {
        let sql: String = step.batch.statements.iter().map(|statement| indented(&terminated(statement))).collect();
        format!("{}{}", styled(palette.quiet, &format!("{:>4}  ", step.number)), sql.trim_start_matches(' '))
    };
    steps(gated).iter().map(step).collect()
}

/// The last line of a report: how much there is to do.
pub fn closing(gated: Gated, palette: &Palette) -> String {
    summary(gated.plan, counts(&steps(gated)), palette) + "\n"
}

/// What the reader can do with the plan, once they have read it.
pub fn next(gated: Gated, palette: &Palette) -> String {
    let mut lines = Vec::new();
    if gated.runs() {
        lines.push(("Apply it", "migrator sync, with the same arguments".to_owned()));
        let hash = gated.plan.hash.as_str();
        lines.push(("Exactly this", format!("migrator sync .. --plan-hash {hash}")));
        if !gated.withheld.is_empty() {
            lines.push(("", "(the hash approves what is withheld, too)".to_owned()));
        }
    }
    let all: std::collections::BTreeSet<String> =
        gated.withheld.iter().flat_map(|withheld| approvals(gated, withheld.batch)).collect();
    if !all.is_empty() {
        lines.push(("Admit the rest", allow_flags(&all)));
    }
    let lines = lines.iter().map(|(what, how)| format!("{}  {how}\n", styled(palette.quiet, &format!("{what:>14}"))));
    lines.collect()
}

fn runs(steps: &[Step], phase: Phase, palette: &Palette) -> Option<String> {
    let runs = steps.iter().filter(|step| step.batch.phase == phase && step.withheld.is_none());
    let blocks: Vec<String> = runs.map(|step| block(step, palette)).collect();
    let meaning = match phase {
        Phase::Expand => "what runs now goes on working",
        Phase::Contract => "for after the deploy: code that knows the old schema may break",
    };
    let title = match phase {
        Phase::Expand => "Expand",
        Phase::Contract => "Contract",
    };
    let heading = format!("{}  {}", styled(palette.heading, title), styled(palette.quiet, meaning));
    (!blocks.is_empty()).then(|| format!("{heading}\n\n{}", blocks.join("\n\n")))
}

/// `  12  ` and the statements, each with what there is to know about it.
fn block(step: &Step, palette: &Palette) -> String {
    let mut out = String::new();
    let together = step.batch.statements.len() > 1;
    if together {
        let count = plural(step.batch.statements.len(), "statement");
        out.push_str(&indented(&styled(palette.quiet, &format!("{count}, all or none:"))));
    }
    for statement in &step.batch.statements {
        out.push_str(&indented(&terminated(statement)));
        for lock in &statement.locks {
            let style = if lock.mode.blocks_writes() { palette.caution } else { palette.quiet };
            out.push_str(&paragraph(&lock_sentence(lock, statement), "  ", style));
        }
        out.extend(statement.hazards.iter().map(|hazard| self::hazard(hazard, palette)));
    }
    let number = styled(palette.quiet, &format!("{:>4}  ", step.number));
    format!("{number}{}", out.trim_start_matches(' ').trim_end())
}

fn terminated(statement: &Statement) -> String {
    format!("{};", many_lines(statement.sql.as_str().trim_end().trim_end_matches(';')))
}

fn hazard(hazard: &Hazard, palette: &Palette) -> String {
    let style = match hazard.kind {
        HazardKind::DataLoss | HazardKind::Irreversible => palette.danger,
        _ => palette.caution,
    };
    paragraph(&format!("{}: {}", hazard.kind.slug().replace('_', " "), one_line(&hazard.note)), "! ", style)
}

fn withheld(gated: Gated, steps: &[Step], palette: &Palette) -> Option<String> {
    let blocks: Vec<String> = steps
        .iter()
        .filter_map(|step| Some((step, step.withheld?)))
        .filter(|(_, withheld)| !matches!(withheld.reason, Reason::Phase(_)))
        .map(|(step, withheld)| {
            let reason = paragraph(&reason(gated, withheld), "> ", palette.heading);
            format!("{}\n{}", block(step, palette), reason.trim_end())
        })
        .collect();
    let meaning = styled(palette.quiet, "does not run unless somebody approves it");
    (!blocks.is_empty())
        .then(|| format!("{}  {meaning}\n\n{}", styled(palette.danger, "Withheld"), blocks.join("\n\n")))
}

/// Steps of the phase that was not asked for: a line each is enough.
fn later(steps: &[Step], palette: &Palette) -> Option<String> {
    let later = steps.iter().filter_map(|step| match step.withheld.map(|withheld| &withheld.reason) {
        Some(Reason::Phase(phase)) => Some((step, phase)),
        _ => None,
    });
    let lines: Vec<String> = later
        .map(|(step, phase)| {
            let first = step.batch.statements.first().map_or("", |statement| statement.sql.as_str());
            let first = one_line(first.lines().next().unwrap_or_default());
            format!(
                "{}{first}  {}",
                styled(palette.quiet, &format!("{:>4}  ", step.number)),
                styled(palette.quiet, &format!("--phase {phase}"))
            )
        })
        .collect();
    let heading = styled(palette.heading, "Left for the other phase");
    (!lines.is_empty()).then(|| format!("{heading}\n\n{}", lines.join("\n")))
}

fn remarks(plan: &Plan, palette: &Palette) -> Option<String> {
    let informed = plan.information.iter();
    let mut lines: Vec<String> = informed
        .map(|information| {
            let line = format!("{}: {}", one_line(&information.object.to_string()), one_line(&information.note));
            paragraph(&line, "- ", palette.quiet)
        })
        .collect();
    for object in plan.unmodelled_difference() {
        let side = if plan.unmodelled.current.contains(object) { "prod" } else { "dev" };
        let name = format!("{} {}", one_line(&object.object_type), one_line(&object.identity));
        lines.push(paragraph(&format!("{name}: only in {side}, and not compared"), "- ", palette.caution));
    }
    let heading = styled(palette.heading, "To know");
    (!lines.is_empty()).then(|| format!("{heading}\n\n{}", lines.concat().trim_end()))
}

/// `21 statements, 2 withheld (created 4, altered 3)   plan 3f2a9c1b04de`
fn summary(plan: &Plan, counts: Counts, palette: &Palette) -> String {
    let hash = styled(palette.quiet, &format!("plan {}", plan.hash.short()));
    if plan.is_empty() {
        return format!("{}  {hash}", styled(palette.good, "Nothing to do: prod is in step with dev."));
    }
    let mut parts = vec![plural(counts.statements, "statement")];
    if counts.withheld > 0 {
        parts.push(format!("{} withheld", counts.withheld));
    }
    if counts.later > 0 {
        parts.push(format!("{} left for the other phase", counts.later));
    }
    let mut text = styled(palette.heading, &parts.join(", "));
    let counted = |word: &&str| plan.changes.get(*word).map(|count| format!("{count} {word}"));
    let changes: Vec<String> = ["created", "altered", "renamed", "dropped"].iter().filter_map(counted).collect();
    let _ = write!(text, "  {}  {hash}", styled(palette.quiet, &format!("objects: {}", changes.join(", "))));
    text
}

/// Every line moved to the right of the numbers.
fn indented(text: &str) -> String {
    let margin = " ".repeat(MARGIN);
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{margin}{line}\n") }).collect()
}

/// A sentence behind a mark, wrapped, its lines aligned behind the mark.
fn paragraph(text: &str, mark: &str, style: Style) -> String {
    let margin = " ".repeat(MARGIN);
    let hanging = " ".repeat(mark.chars().count());
    let marks = std::iter::once(mark).chain(std::iter::repeat(hanging.as_str()));
    let lines = wrapped(text, WIDTH - MARGIN - mark.len());
    let line = |(mark, line): (&str, &String)| format!("{margin}{}\n", styled(style, &format!("{mark}{line}")));
    marks.zip(&lines).map(line).collect::<Vec<_>>().concat()
}

/// Cut at spaces; a word that is too long stays whole, so that it can be copied.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_at_spaces_only() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("a-very-long-word b", 4), ["a-very-long-word", "b"]);
    }

    #[test]
    fn an_empty_palette_prints_plain_text() {
        assert_eq!(styled(Palette::default().danger, "x"), "x");
        assert!(styled(Palette::COLOURS.danger, "x").contains('\u{1b}'));
    }
}
