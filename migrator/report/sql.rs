//! The plan as a script that `psql -v ON_ERROR_STOP=1 -f -` runs as it is, in autocommit.
//! For those who want to read, keep or run the SQL themselves; what the policy withholds stands in it as comments.
//! Never lets text leave a comment: every line of every comment goes through [`comment`].

use std::fmt::Write;

use indexmap::IndexSet;

use crate::plan::Plan;
use crate::plan::batch::Batch;
use crate::report::{
    Gated, Step, counts, lock_sentence, many_lines, one_line, plural, reason, steps, waits_harmlessly,
};
use crate::statement::Statement;

/// What execution sets in its session: names are read with an empty search path, bodies are not checked before what
/// they use exists, and nobody queues behind us for long.
const SETTINGS: &str = "\
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET client_min_messages = warning;
SET search_path = '';
SET check_function_bodies = off;
SET default_tablespace = '';
SET lock_timeout = '2s';
";

/// Whether the script holds the secrets that its statements need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// A statement that needs one cannot be run.
    Hidden,
    /// It is about to be run, and is as confidential as what `pg_dump` writes.
    Revealed,
}

pub fn sql(gated: Gated, secrets: Secrets) -> String {
    let plan = gated.plan;
    let steps = steps(gated);
    let mut script = header(plan, &steps);
    script.push_str(&caution(&steps, secrets));
    let runs = steps.iter().any(|step| step.withheld.is_none());
    if runs {
        script.push('\n');
        script.push_str(SETTINGS);
    } else {
        script.push_str("--\n-- nothing to do\n");
    }
    for step in &steps {
        script.push('\n');
        script.push_str(&block(gated, step, secrets));
    }
    script.push_str(&remarks(plan));
    script
}

fn header(plan: &Plan, steps: &[Step]) -> String {
    let counts = counts(steps);
    let mut text = format!("{}, {} withheld", plural(counts.statements, "statement"), counts.withheld);
    if counts.later > 0 {
        let _ = write!(text, ", {} left for the other phase", counts.later);
    }
    comment(&format!(
        "migrator plan {}\nprod {}\ndev  {}\n{text}",
        plan.hash, plan.fingerprints.current, plan.fingerprints.desired
    ))
}

fn caution(steps: &[Step], secrets: Secrets) -> String {
    let mut statements = steps.iter().filter(|step| step.withheld.is_none()).flat_map(|step| &step.batch.statements);
    if !statements.any(|statement| statement.sql.is_secret()) {
        return String::new();
    }
    comment(match secrets {
        Secrets::Hidden => "Passwords are hidden: statements that need one cannot be run from here",
        Secrets::Revealed => "CAUTION: passwords stand in this script",
    })
}

fn block(gated: Gated, step: &Step, secrets: Secrets) -> String {
    let mut text = comment(&describe(gated, step));
    let secrets = if step.withheld.is_some() { Secrets::Hidden } else { secrets };
    let body = body(step.batch, secrets);
    let body = if step.withheld.is_some() { comment(body.trim_end()) } else { body };
    text.push_str(&body);
    text
}

/// What the batch does, its locks and hazards; a line each, once for all of its statements.
fn describe(gated: Gated, step: &Step) -> String {
    let title = format!("Step {}, {}: {}", step.number, step.batch.phase, one_line(&step.batch.cause.to_string()));
    let mut lines = IndexSet::from([title]);
    for statement in &step.batch.statements {
        lines.extend(statement.locks.iter().map(|lock| format!("  lock: {}", lock_sentence(lock, statement))));
        let hazards = statement.hazards.iter();
        lines.extend(hazards.map(|hazard| format!("  {}: {}", hazard.kind, one_line(&hazard.note))));
    }
    lines.extend(step.withheld.map(|withheld| format!("  {}", reason(gated, withheld))));
    lines.into_iter().collect::<Vec<_>>().join("\n")
}

fn body(batch: &Batch, secrets: Secrets) -> String {
    let statements: String = batch.statements.iter().map(|statement| terminated(statement, secrets)).collect();
    if batch.statements.len() > 1 {
        format!("BEGIN;\n{statements}COMMIT;\n")
    } else if waits_harmlessly(batch) {
        format!("SET lock_timeout = 0;\n{statements}SET lock_timeout = '2s';\n")
    } else {
        statements
    }
}

/// With its semicolon, which a comment at the end must not swallow.
pub fn terminated(statement: &Statement, secrets: Secrets) -> String {
    let sql = match secrets {
        Secrets::Hidden => statement.sql.as_str(),
        Secrets::Revealed => statement.sql.revealed(),
    };
    let sql = sql.trim_end().trim_end_matches(';');
    let commented = sql.lines().next_back().is_some_and(|line| line.contains("--"));
    let end = if commented { "\n;\n" } else { ";\n" };
    format!("{sql}{end}")
}

fn remarks(plan: &Plan) -> String {
    let mut text = String::new();
    for information in &plan.information {
        let line = format!("Note: {}: {}", one_line(&information.object.to_string()), one_line(&information.note));
        text.push_str(&comment(&line));
    }
    for object in plan.unmodelled_difference() {
        let line =
            format!("Not compared, and different: {} {}", one_line(&object.object_type), one_line(&object.identity));
        text.push_str(&comment(&line));
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

/// Every line of the text as a comment of its own. A comment ends at a carriage return too (chapter 4.1.5).
pub fn comment(text: &str) -> String {
    let comment = |line: &str| if line.is_empty() { "--\n".to_owned() } else { format!("-- {line}\n") };
    many_lines(text).lines().map(comment).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_a_comment() {
        let text = comment("one\ntwo\rDROP TABLE t;\r\nthree\u{b}\u{c}\u{85}\u{2028}four");
        assert!(text.lines().all(|line| line.starts_with("-- ")), "{text}");
        assert!(!text.contains(['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}']));
    }

    #[test]
    fn every_statement_ends() {
        let end = |sql: &str| terminated(&Statement::new(sql), Secrets::Hidden);
        assert_eq!(end("SELECT 1"), "SELECT 1;\n");
        assert_eq!(end("SELECT 1; \n"), "SELECT 1;\n");
        assert_eq!(end("SELECT 1 -- one"), "SELECT 1 -- one\n;\n");
    }
}
