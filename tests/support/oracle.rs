//! The judge: do two databases hold the same schema, as `pg_dump --schema-only` sees them?
//! It is here because a checker that used our own reader would approve whatever our reader cannot see.
//! It never compares what has no meaning: the order of statements, of columns and of a policy's roles.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

/// The lines of one statement that a difference shows.
const LINES: usize = 12;

/// What differs between two dumps, for people; `None` if nothing does.
pub fn difference(actual: &str, expected: &str) -> Option<String> {
    let mut surplus: BTreeMap<String, isize> = BTreeMap::new();
    for statement in statements(actual) {
        *surplus.entry(statement).or_default() += 1;
    }
    for statement in statements(expected) {
        *surplus.entry(statement).or_default() -= 1;
    }
    let side = |sign: isize| -> Vec<&str> {
        surplus.iter().filter(|(_, count)| **count * sign > 0).map(|(statement, _)| statement.as_str()).collect()
    };
    let (extra, mut missing) = (side(1), side(-1));
    if extra.is_empty() && missing.is_empty() {
        return None;
    }
    let mut text = String::new();
    for statement in extra {
        let first = statement.lines().next();
        match missing.iter().position(|other| other.lines().next() == first) {
            Some(at) => show_pair(&mut text, statement, missing.remove(at)),
            None => show(&mut text, '-', statement),
        }
    }
    for statement in missing {
        show(&mut text, '+', statement);
    }
    Some(format!("- is there   + should be there\n{text}"))
}

fn show(text: &mut String, sign: char, statement: &str) {
    let lines = statement.lines().count();
    for line in statement.lines().take(LINES) {
        let _ = writeln!(text, "{sign} {line}");
    }
    if lines > LINES {
        let _ = writeln!(text, "{sign} ({} more lines)", lines - LINES);
    }
}

/// Of two statements that begin alike, the first line and those lines that only one of them has.
fn show_pair(text: &mut String, actual: &str, expected: &str) {
    let lines = |statement: &str, other: &str, sign: char| -> String {
        let bare = |line: &str| line.trim_end_matches(',').to_owned();
        let other: Vec<String> = other.lines().map(bare).collect();
        statement.lines().filter(|line| !other.contains(&bare(line))).map(|line| format!("{sign} {line}\n")).collect()
    };
    let (gone, come) = (lines(actual, expected, '-'), lines(expected, actual, '+'));
    if gone.is_empty() && come.is_empty() {
        show(text, '-', actual);
        show(text, '+', expected);
    } else {
        let _ = writeln!(text, "  {}", actual.lines().next().unwrap_or_default());
        let _ = write!(text, "{gone}{come}");
    }
}

/// The statements of a dump in their normal form. What a SET before them says of them stands in front: storage
/// settings of relations, and the role that grants.
fn statements(dump: &str) -> Vec<String> {
    let mut settings: BTreeMap<String, String> = BTreeMap::new();
    let mut normal = Vec::new();
    for statement in split(dump) {
        if let Some(setting) = statement.strip_prefix("SET ") {
            let (name, value) =
                setting.split_once(" = ").unwrap_or_else(|| setting.rsplit_once(' ').unwrap_or((setting, "")));
            settings.insert(name.to_owned(), value.trim_end_matches(';').to_owned());
        } else if statement.starts_with("RESET SESSION AUTHORIZATION") {
            settings.remove("SESSION AUTHORIZATION");
        } else if !statement.starts_with("SELECT pg_catalog.set_config(") {
            normal.push(format!("{}{}", governed(&statement, &settings), normalised(&statement)));
        }
    }
    normal
}

fn governed(statement: &str, settings: &BTreeMap<String, String>) -> String {
    let begins = |words: &[&str]| words.iter().any(|word| statement.starts_with(word));
    let table = begins(&["CREATE TABLE", "CREATE UNLOGGED TABLE", "CREATE MATERIALIZED VIEW"]);
    let index = begins(&["CREATE INDEX", "CREATE UNIQUE INDEX", "ALTER TABLE"]);
    let partitioned = statement.contains("\nPARTITION BY ");
    let relevant = |name: &str, value: &str| match name {
        "default_tablespace" => (table || index) && value != "''",
        "default_table_access_method" => table && !partitioned && value != "heap",
        "SESSION AUTHORIZATION" => begins(&["GRANT", "REVOKE"]) && value != "DEFAULT",
        _ => false,
    };
    let relevant = settings.iter().filter(|(name, value)| relevant(name, value));
    relevant.map(|(name, value)| format!("/* {name} {value} */ ")).collect()
}

fn normalised(statement: &str) -> String {
    let begins = |words: &[&str]| words.iter().any(|word| statement.starts_with(word));
    if begins(&["CREATE TABLE", "CREATE UNLOGGED TABLE", "CREATE FOREIGN TABLE"]) {
        with_sorted_columns(statement)
    } else if begins(&["CREATE POLICY"]) {
        with_sorted_list(statement, "TO", &["USING", "WITH"])
    } else if begins(&["CREATE STATISTICS"]) {
        with_sorted_list(statement, "ON", &["FROM"])
    } else if begins(&["ALTER PUBLICATION"]) {
        with_sorted_column_list(statement)
    } else {
        statement.to_owned()
    }
}

fn with_sorted_columns(statement: &str) -> String {
    let Some(Range { start, end }) = in_parentheses(statement) else { return statement.to_owned() };
    let columns = sorted(&statement[start..end]).join(",\n    ");
    format!("{}\n    {columns}\n{}", &statement[..start], &statement[end..])
}

/// What stands between the first parenthesis and the one that closes it.
fn in_parentheses(statement: &str) -> Option<Range<usize>> {
    let open = tokens(statement).find(|token| token.is('('))?.at.end;
    let mut depth = 1;
    let close = tokens(&statement[open..]).find_map(|token| {
        depth += token.depth();
        (depth == 0).then_some(open + token.at.start)
    });
    Some(open..close?)
}

/// `pg_dump` lists a policy's roles in the order in which the cluster got them, and what statistics are of in the order
/// of the table's columns.
fn with_sorted_list(statement: &str, before: &str, behind: &[&str]) -> String {
    let word = |wanted: &[&str], from: usize| {
        let mut depth = 0;
        tokens(&statement[from..]).find_map(|token| {
            depth += token.depth();
            let found =
                token.kind == Kind::Word && depth == 0 && wanted.contains(&&statement[from..][token.at.clone()]);
            found.then_some(from + token.at.start..from + token.at.end)
        })
    };
    let Some(to) = word(&[before], 0) else { return statement.to_owned() };
    let end = word(behind, to.end).map_or(statement.trim_end_matches(';').len(), |word| word.start);
    format!("{} {} {}", &statement[..to.end], sorted(&statement[to.end..end]).join(", "), &statement[end..])
}

/// A publication has its column lists in the order of the table's columns.
fn with_sorted_column_list(statement: &str) -> String {
    let list = in_parentheses(statement).filter(|list| !statement[..list.start].contains(" WHERE "));
    let Some(Range { start, end }) = list else { return statement.to_owned() };
    format!("{}{}{}", &statement[..start], sorted(&statement[start..end]).join(", "), &statement[end..])
}

/// The parts between the commas outside parentheses, in order.
fn sorted(list: &str) -> Vec<&str> {
    let (mut depth, mut start) = (0, 0);
    let mut parts = Vec::new();
    for token in tokens(list) {
        depth += token.depth();
        if token.is(',') && depth == 0 {
            parts.push(list[start..token.at.start].trim());
            start = token.at.end;
        }
    }
    parts.push(list[start..].trim());
    parts.sort_unstable();
    parts
}

/// The statements of a script, without comments and psql's own commands.
fn split(script: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut text = String::new();
    let (mut parentheses, mut atomic, mut after_begin) = (0, 0, false);
    let mut end = 0;
    for token in tokens(script) {
        let piece = &script[token.at.clone()];
        if !text.is_empty() {
            text.push_str(&script[end..token.at.start]);
        }
        end = token.at.end;
        if token.kind == Kind::Comment || text.is_empty() && token.kind == Kind::Meta {
            continue;
        }
        text.push_str(piece);
        parentheses += token.depth();
        if token.kind == Kind::Word {
            match piece {
                "ATOMIC" if after_begin && atomic == 0 => atomic = 1,
                "CASE" | "BEGIN" if atomic > 0 => atomic += 1,
                "END" if atomic > 0 => atomic -= 1,
                _ => {}
            }
        }
        after_begin = piece == "BEGIN";
        if token.is(';') && parentheses == 0 && atomic == 0 {
            statements.push(std::mem::take(&mut text));
        }
    }
    let rest = text.trim();
    statements.extend((!rest.is_empty()).then(|| rest.to_owned()));
    statements
}

/// A statement's keywords outside of parentheses, names and constants as `_`.
pub fn words(sql: &str) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    let mut parentheses = 0;
    for token in tokens(sql) {
        let text = &sql[token.at.clone()];
        parentheses += token.depth();
        let keyword = token.kind == Kind::Word && text.bytes().all(|byte| byte.is_ascii_uppercase());
        let word = if keyword { text } else { "_" };
        let outside = parentheses == 0 && !token.is(')');
        if outside && (word != "_" || words.last() != Some(&"_")) {
            words.push(word);
        }
    }
    words
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    /// A string, a quoted name or a dollar-quoted body.
    Quoted,
    Symbol(char),
    Comment,
    /// `\restrict ..`
    Meta,
}

#[derive(Debug)]
struct Token {
    kind: Kind,
    at: Range<usize>,
}

impl Token {
    fn is(&self, symbol: char) -> bool {
        self.kind == Kind::Symbol(symbol)
    }

    fn depth(&self) -> i32 {
        i32::from(self.is('(')) - i32::from(self.is(')'))
    }
}

/// Everything but white space.
fn tokens(sql: &str) -> impl Iterator<Item = Token> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += sql[at..].find(|c: char| !c.is_ascii_whitespace())?;
        let (kind, length) = token(&sql[at..])?;
        let start = at;
        at += length;
        Some(Token { kind, at: start..at })
    })
}

fn token(rest: &str) -> Option<(Kind, usize)> {
    let first = rest.chars().next()?;
    let line = || rest.find('\n').unwrap_or(rest.len());
    Some(match first {
        '-' if rest.starts_with("--") => (Kind::Comment, line()),
        '/' if rest.starts_with("/*") => (Kind::Comment, block_comment(rest)),
        '\\' => (Kind::Meta, line()),
        'e' | 'E' if rest[1..].starts_with('\'') => (Kind::Quoted, 1 + quoted(&rest[1..], '\'', true)),
        '\'' => (Kind::Quoted, quoted(rest, '\'', false)),
        '"' => (Kind::Quoted, quoted(rest, '"', false)),
        '$' => dollar_quoted(rest).map_or((Kind::Symbol('$'), 1), |length| (Kind::Quoted, length)),
        c if is_word(c) => (Kind::Word, rest.find(|c| !is_word(c) && c != '$').unwrap_or(rest.len())),
        c => (Kind::Symbol(c), c.len_utf8()),
    })
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

fn quoted(text: &str, quote: char, backslashes: bool) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        let escaped = backslashes && c == '\\' || c == quote && chars.peek().is_some_and(|(_, next)| *next == quote);
        if escaped {
            chars.next();
        } else if c == quote {
            return at + 1;
        }
    }
    text.len()
}

fn dollar_quoted(text: &str) -> Option<usize> {
    let tag = &text[..text[1..].find('$')? + 2];
    let name = &tag[1..tag.len() - 1];
    if !name.chars().all(is_word) || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some(text[tag.len()..].find(tag).map_or(text.len(), |at| at + 2 * tag.len()))
}

/// Comments nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let step = if text[at..].starts_with("/*") {
            depth += 1;
            2
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            2
        } else {
            text[at..].chars().next().map_or(1, char::len_utf8)
        };
        at += step;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_where_statements_end() {
        let script = "\\restrict x\n-- a; b\nSELECT ';' || E'\\';' || \"a;\"\"b\";\nCREATE FUNCTION f() AS $b$ ; $b$;\n\
            CREATE FUNCTION g()\n    BEGIN ATOMIC\n SELECT CASE WHEN true THEN 1 END;\n SELECT 2;\nEND;\n/* ; /* */ ; */CREATE RULE r DO (a; b);";
        let statements = split(script);
        assert_eq!(statements.len(), 4, "{statements:#?}");
        assert_eq!(statements[0], "SELECT ';' || E'\\';' || \"a;\"\"b\";");
        assert!(statements[2].ends_with("SELECT 2;\nEND;"), "{}", statements[2]);
        assert_eq!(statements[3], "CREATE RULE r DO (a; b);");
    }

    #[test]
    fn order_has_no_meaning_where_it_has_none() {
        let equal = [
            ("A;\nB;", "SET x = 1;\nB;\n-- comment\nA;"),
            (
                "CREATE TABLE t (\n    a numeric(3,1),\n    b text DEFAULT ','::text\n);",
                "CREATE TABLE t (\n    b text DEFAULT ','::text,\n    a numeric(3,1)\n);",
            ),
            (
                "CREATE POLICY p ON t FOR SELECT TO a, b USING ((x > 1));",
                "CREATE POLICY p ON t FOR SELECT TO b, a USING ((x > 1));",
            ),
            ("CREATE POLICY p ON t TO a, b;", "CREATE POLICY p ON t TO b, a;"),
            ("CREATE STATISTICS s (mcv) ON a, b FROM t;", "CREATE STATISTICS s (mcv) ON b, a FROM t;"),
            (
                "ALTER PUBLICATION p ADD TABLE ONLY t (a, b) WHERE ((a > b));",
                "ALTER PUBLICATION p ADD TABLE ONLY t (b, a) WHERE ((a > b));",
            ),
        ];
        for (a, b) in equal {
            assert_eq!(difference(a, b), None, "{a}");
        }
    }

    #[test]
    fn everything_else_is_a_difference() {
        let different = [
            ("A;", ""),
            ("A;", "A;\nA;"),
            ("COMMENT ON TABLE t IS 'a';", "COMMENT ON TABLE t IS 'b';"),
            (
                "CREATE TYPE t AS (\n    a integer,\n    b text\n);",
                "CREATE TYPE t AS (\n    b text,\n    a integer\n);",
            ),
            ("SET default_tablespace = fast;\nCREATE TABLE t ();", "SET default_tablespace = '';\nCREATE TABLE t ();"),
            (
                "SET default_table_access_method = x;\nCREATE TABLE t ();",
                "SET default_table_access_method = heap;\nCREATE TABLE t ();",
            ),
            ("SET SESSION AUTHORIZATION a;\nGRANT SELECT ON t TO b;", "GRANT SELECT ON t TO b;"),
            ("CREATE POLICY p ON t TO a, b;", "CREATE POLICY p ON t TO a;"),
        ];
        for (a, b) in different {
            assert!(difference(a, b).is_some(), "{a}");
        }
        let (a, b) = ("CREATE TABLE t (\n    a int,\n    b int\n);", "CREATE TABLE t (\n    a int,\n    c int\n);");
        assert_eq!(
            difference(a, b).as_deref(),
            Some("- is there   + should be there\n  CREATE TABLE t (\n-     b int\n+     c int\n")
        );
    }
}
