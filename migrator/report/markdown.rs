//! The plan as a comment on a pull request (GitHub's Markdown).
//! A table to see at a glance, the SQL folded below it, what is withheld with what would admit it.
//! Never prints a name unescaped: no markup, mention or table cell can come from a schema.

use std::fmt::Write;

use crate::report::{Gated, Step, counts, lock_sentence, many_lines, one_line, plural, reason, steps};
use crate::statement::{HazardKind, Statement};

const LONGEST_CELL: usize = 90;

pub fn markdown(gated: Gated) -> String {
    let plan = gated.plan;
    let steps = steps(gated);
    let counts = counts(&steps);
    let mut text = String::from("### Schema migration\n\n");
    if plan.is_empty() {
        text.push_str("Nothing to do: prod is in step with dev.\n");
    } else {
        let _ = write!(text, "**{}** to run", plural(counts.statements, "statement"));
        if counts.withheld > 0 {
            let _ = write!(text, ", **{}** withheld", counts.withheld);
        }
        if counts.later > 0 {
            let _ = write!(text, ", {} left for the other phase", counts.later);
        }
        text.push_str(".\n");
    }
    let (runs, others): (Vec<Step>, Vec<Step>) = steps.iter().partition(|step| step.withheld.is_none());
    text.push_str(&section("", &runs));
    text.push_str(&section("#### Does not run\n\n", &others));
    text.push_str(&reasons(gated, &others));
    text.push_str(&remarks(gated));
    let _ = write!(text, "\nPlan `{}`\n", plan.hash);
    text
}

fn section(heading: &str, steps: &[Step]) -> String {
    if steps.is_empty() {
        return String::new();
    }
    let rows: String =
        steps.iter().flat_map(|step| step.batch.statements.iter().map(|statement| row(step, statement))).collect();
    let sql: String = steps.iter().map(folded).collect();
    let fence = fence(&sql);
    format!(
        "\n{heading}| Step | Phase | Statement | Lock | Rewrites | Hazards |\n| ---: | --- | --- | --- | --- | --- |\n{rows}\
        \n<details><summary>SQL</summary>\n\n{fence}sql\n{sql}{fence}\n\n</details>\n"
    )
}

fn row(step: &Step, statement: &Statement) -> String {
    let locks = statement.locks.iter().map(|lock| escaped(&lock_sentence(lock, statement)));
    let lock = locks.collect::<Vec<_>>().join("<br>");
    let rewrites = statement.hazards.iter().any(|hazard| hazard.kind == HazardKind::TableRewrite);
    let rewrites = if rewrites { "yes" } else { "" };
    let hazards =
        statement.hazards.iter().map(|hazard| format!("**{}** {}", escaped(hazard.kind.slug()), escaped(&hazard.note)));
    let hazards = hazards.collect::<Vec<_>>().join("<br>");
    let sql = code(&first_line(statement));
    format!("| {} | {} | {sql} | {lock} | {rewrites} | {hazards} |\n", step.number, step.batch.phase)
}

fn first_line(statement: &Statement) -> String {
    let sql = statement.sql.as_str();
    let line: String = sql.lines().next().unwrap_or_default().chars().take(LONGEST_CELL).collect();
    if line.len() < sql.len() { format!("{line} …") } else { line }
}

fn folded(step: &Step) -> String {
    let statements = step.batch.statements.iter();
    let sql: Vec<String> = statements.map(|statement| format!("{};\n", many_lines(statement.sql.as_str()))).collect();
    format!("-- step {}\n{}", step.number, sql.concat())
}

/// Longer than any run of backticks in the text, so that the text cannot end its block.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

fn reasons(gated: Gated, steps: &[Step]) -> String {
    let reasons = steps.iter().filter_map(|step| Some((step.number, step.withheld?)));
    let line = |(number, withheld)| format!("- Step {number}: {}\n", code(&reason(gated, withheld)));
    let lines: Vec<String> = reasons.map(line).collect();
    if lines.is_empty() { String::new() } else { format!("\n{}", lines.concat()) }
}

fn remarks(gated: Gated) -> String {
    let plan = gated.plan;
    let informed = plan.information.iter();
    let informed = informed
        .map(|information| format!("- {}: {}\n", code(&information.object.to_string()), escaped(&information.note)));
    let unmodelled = plan.unmodelled_difference().map(|object| {
        format!("- {}: different, and not compared\n", code(&format!("{} {}", object.object_type, object.identity)))
    });
    let lines: String = informed.chain(unmodelled).collect();
    if lines.is_empty() { lines } else { format!("\n#### To know\n\n{lines}") }
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// As text and nothing else: every character that Markdown or HTML could read becomes an entity, and an `@` mentions
/// nobody.
fn escaped(text: &str) -> String {
    let plain = |c: char| !c.is_ascii_punctuation() || ",.;/".contains(c);
    let shown = |c: char| match c {
        '@' => "&#64;&#8203;".to_owned(),
        c if plain(c) => c.to_string(),
        c => format!("&#{};", u32::from(c)),
    };
    one_line(text).chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_markup_comes_from_a_name() {
        let text = code("<img src=x> | [a](b) `c` **d** @team\n# e");
        let inner = text.trim_start_matches("<code>").trim_end_matches("</code>");
        assert!(!inner.contains(['<', '>', '|', '[', '`', '*', '@', '\n']), "{inner}");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fence("a"), "```");
        assert_eq!(fence("a ```` b"), "`````");
    }
}
