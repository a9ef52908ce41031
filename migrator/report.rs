//! What people and programs read of a plan that went through the gate.
//! The four formats tell the same steps in the same words, so those are here: numbers, locks, what is withheld and why.
//! Never decides anything, and never lets the name of an object leave the place that it is printed in.

pub mod json;
pub mod markdown;
pub mod revision;
pub mod sql;
pub mod text;

use std::collections::BTreeSet;
use std::time::Duration;

use crate::plan::Plan;
use crate::plan::batch::Batch;
use crate::plan::gate::{Reason, Withheld};
use crate::statement::{HazardKind, Lock, LockMode, Statement, TransactionMode};

/// A plan, and what the gate withheld of it.
#[derive(Debug, Clone, Copy)]
pub struct Gated<'a> {
    pub plan: &'a Plan,
    pub withheld: &'a [Withheld],
}

impl<'a> Gated<'a> {
    fn withheld(self, batch: usize) -> Option<&'a Withheld> {
        self.withheld.iter().find(|withheld| withheld.batch == batch)
    }

    /// Whether anything runs.
    pub fn runs(self) -> bool {
        self.withheld.len() < self.plan.batches.len()
    }
}

/// A batch of the plan, under the number that every report gives it.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// Its place in the plan, from 1.
    pub number: usize,
    pub batch: &'a Batch,
    /// Why it does not run; absent where it does.
    pub withheld: Option<&'a Withheld>,
}

/// All steps of the plan, in order.
pub fn steps(gated: Gated<'_>) -> Vec<Step<'_>> {
    let batches = gated.plan.batches.iter().enumerate();
    batches.map(|(index, batch)| Step { number: index + 1, batch, withheld: gated.withheld(index) }).collect()
}

/// What a count of steps says at a glance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Statements that run.
    pub statements: usize,
    /// Statements that the policy withholds, with those that need them.
    pub withheld: usize,
    /// Statements that belong to the phase that was not asked for.
    pub later: usize,
}

pub fn counts(steps: &[Step]) -> Counts {
    let mut counts = Counts::default();
    for step in steps {
        let count = match step.withheld.map(|withheld| &withheld.reason) {
            None => &mut counts.statements,
            Some(Reason::Phase(_)) => &mut counts.later,
            Some(Reason::Hazard(_) | Reason::Needs(_)) => &mut counts.withheld,
        };
        *count += step.batch.statements.len();
    }
    counts
}

/// The `--allow` values that let a withheld batch run: its own, and those of everything that it needs.
pub fn approvals(gated: Gated, batch: usize) -> BTreeSet<String> {
    let mut approvals = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![batch];
    while let Some(batch) = open.pop() {
        let Some(withheld) = gated.withheld(batch) else { continue };
        if !seen.insert(batch) {
            continue;
        }
        approvals.extend(withheld.approvals());
        if let Reason::Needs(needs) = &withheld.reason {
            open.extend(needs);
        }
    }
    approvals
}

/// `--allow data_loss:public.t.c --allow ..`, ready to be pasted into a shell.
pub fn allow_flags(approvals: &BTreeSet<String>) -> String {
    approvals.iter().map(|approval| format!("--allow {}", shell_word(approval))).collect::<Vec<_>>().join(" ")
}

/// Why a batch does not run, in one sentence, with what would let it.
pub fn reason(gated: Gated, withheld: &Withheld) -> String {
    let flags = allow_flags(&approvals(gated, withheld.batch));
    match &withheld.reason {
        Reason::Hazard(_) => format!("withheld; to let it run: {flags}"),
        Reason::Phase(phase) => format!("left for the {phase} phase: --phase {phase}"),
        Reason::Needs(needs) => {
            let numbers: Vec<String> = needs.iter().map(|index| (index + 1).to_string()).collect();
            let needed = format!("withheld because it needs step {}", numbers.join(", "));
            if flags.is_empty() { needed } else { format!("{needed}; to let it run: {flags}") }
        }
    }
}

/// `ACCESS EXCLUSIVE on public.orders: blocks reads and writes, for a moment`.
pub fn lock_sentence(lock: &Lock, statement: &Statement) -> String {
    let effect = lock_effect(lock.mode);
    let on = one_line(&lock.on.sql());
    if !lock.mode.blocks_writes() {
        let reads = if statement.scans.contains(&lock.on) { " while every row is read" } else { "" };
        return format!("{} on {on}: {effect}{reads}", lock.mode);
    }
    let time = if lasts(statement) { "until it is done" } else { "for a moment" };
    format!("{} on {on}: {effect}, {time}", lock.mode)
}

fn lock_effect(mode: LockMode) -> &'static str {
    if mode.blocks_reads() {
        "blocks reads and writes"
    } else if mode.blocks_writes() {
        "blocks writes"
    } else {
        "reads and writes go on"
    }
}

/// Whether the statement's time grows with the table, as its hazards tell.
fn lasts(statement: &Statement) -> bool {
    use HazardKind::{BlocksReads, BlocksWrites, LongRunning, TableRewrite};
    let slow = [BlocksReads, BlocksWrites, LongRunning, TableRewrite];
    statement.hazards.iter().any(|hazard| slow.contains(&hazard.kind))
}

/// Whether the batch waits for other transactions without blocking anybody who would notice: a lock timeout would only
/// break it (a concurrent build that is interrupted leaves an invalid index).
pub fn waits_harmlessly(batch: &Batch) -> bool {
    let blocks =
        |statement: &Statement| !statement.patient && statement.locks.iter().any(|lock| lock.mode.blocks_writes());
    batch.transaction == TransactionMode::Autocommit && !batch.statements.iter().any(blocks)
}

/// A time as people say it, to two digits or three.
pub fn time(time: Duration) -> String {
    match time.as_millis() {
        ms @ 0..1_000 => format!("{ms} ms"),
        1_000..100_000 => format!("{:.1} s", time.as_secs_f64()),
        _ => format!("{} min", time.as_secs() / 60),
    }
}

pub fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Text as it may stand in one line: what would end the line, steer a terminal or turn the direction of writing is
/// shown by its code.
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if is_harmless(c) { c.to_string() } else { c.escape_unicode().to_string() }).collect()
}

/// The same for text of several lines: line ends and tabs stay.
pub fn many_lines(text: &str) -> String {
    let shown = |c: char| if is_harmless(c) || c == '\t' { c.to_string() } else { c.escape_unicode().to_string() };
    text.replace("\r\n", "\n").lines().map(|line| line.chars().map(shown).collect()).collect::<Vec<String>>().join("\n")
}

/// The beginning of a text that is too long for its place.
pub fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(longest.saturating_sub(2)).collect();
    format!("{} ..", beginning.trim_end())
}

fn is_harmless(c: char) -> bool {
    let turns_direction = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let ends_line = matches!(c, '\u{2028}' | '\u{2029}');
    !(c.is_control() || turns_direction || ends_line)
}

/// A word that a POSIX shell (bash, where it holds control characters) takes as it is.
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.:/@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    if text.chars().all(is_harmless) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let escaped = text.chars().map(|c| match c {
        '\\' | '\'' => format!("\\{c}"),
        c if is_harmless(c) => c.to_string(),
        c => format!("\\U{:08x}", u32::from(c)),
    });
    format!("$'{}'", escaped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_line() {
        assert_eq!(one_line("a\nb\u{1b}[31m\r\u{202e}é"), r"a\u{a}b\u{1b}[31m\u{d}\u{202e}é");
        assert_eq!(many_lines("a\r\nb\tc\u{7}"), "a\nb\tc\\u{7}");
    }

    #[test]
    fn shell_words_survive_the_shell() {
        assert_eq!(shell_word("data_loss:public.t.c"), "data_loss:public.t.c");
        assert_eq!(shell_word("data_loss:public.it's"), r"'data_loss:public.it'\''s'");
        assert_eq!(shell_word("a\nb'"), r"$'a\U0000000ab\''");
    }
}
