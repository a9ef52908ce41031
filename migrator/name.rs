//! Names and SQL text.
//! Everything that reaches a server is a [`Sql`], and every name in it went through [`quote`].
//! Never parses SQL: the lexer here only tells words from strings and comments, for renames and scripts.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};

use crate::pair::Pair;

/// Stands where a value is hidden. The server refuses it, so that nobody sets an empty password by mistake.
pub const HIDDEN: &str = "/* hidden */";

/// Stands behind text of which a part is hidden. The server refuses it, too.
pub const PARTLY_HIDDEN: &str = " || /* password hidden */";

/// The only string that may be executed. What it shows, stores and compares never holds a secret.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sql {
    text: String,
    #[serde(skip)]
    revealed: Option<String>,
}

impl Sql {
    /// SQL that a kind has put together from quoted names and the server's own definitions.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), revealed: None }
    }

    /// SQL that a secret stands in, and the same without it: text that the server refuses.
    pub fn with_secret(revealed: String, text: String) -> Self {
        Self { revealed: Some(revealed).filter(|revealed| *revealed != text), text }
    }

    /// SQL that holds other pieces, and their secrets.
    pub fn holding(pieces: &[&Self], text: impl Fn(&[&str]) -> String) -> Self {
        let revealed: Vec<&str> = pieces.iter().map(|piece| piece.revealed()).collect();
        let shown: Vec<&str> = pieces.iter().map(|piece| piece.as_str()).collect();
        Self::with_secret(text(&revealed), text(&shown))
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// With its secrets: for the server, and for a script that somebody is about to run.
    pub fn revealed(&self) -> &str {
        self.revealed.as_deref().unwrap_or(&self.text)
    }

    /// With nothing in the secrets' places: for a server that shall not learn them.
    pub fn blanked(&self) -> Cow<'_, str> {
        match self.revealed {
            Some(_) => self.text.replace(PARTLY_HIDDEN, "").replace(HIDDEN, "''").into(),
            None => Cow::Borrowed(&self.text),
        }
    }

    pub fn is_secret(&self) -> bool {
        self.revealed.is_some()
    }
}

impl PartialEq for Sql {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Sql {}

impl fmt::Debug for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sql({:?})", self.text)
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Quotes an identifier as the server's `quote_ident` does: only where it must be.
pub fn quote(name: &str) -> String {
    if is_plain(name) { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// `schema.name`, each part quoted where it must be.
pub fn qualified<S: AsRef<str>>(parts: impl IntoIterator<Item = S>) -> String {
    parts.into_iter().map(|part| quote(part.as_ref())).collect::<Vec<_>>().join(".")
}

/// A string literal; backslashes need the `E''` form, whatever `standard_conforming_strings` says.
pub fn literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if text.contains('\\') { format!("E'{}'", doubled.replace('\\', "\\\\")) } else { format!("'{doubled}'") }
}

/// A quoted, comma-separated list of names.
pub fn list<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| quote(name.as_ref())).collect::<Vec<_>>().join(", ")
}

fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b == b'_')
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !is_keyword(name)
}

fn is_keyword(name: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str, RandomState>> = LazyLock::new(|| KEYWORDS.split(' ').collect());
    WORDS.contains(name)
}

/// Replaces the identifier `from` by `to` wherever it stands as a token of its own in SQL that the server
/// deparsed; strings, dollar quotes and comments stay as they are.
pub fn replace_identifier(sql: &str, from: &str, to: &str) -> String {
    tokens(sql).map(|token| if token.names(from) { quote(to) } else { token.text.to_owned() }).collect()
}

/// Replaces the last of the names `from` by `to` wherever they stand with dots between.
pub fn replace_qualified<S: AsRef<str>>(sql: &str, from: &[S], to: &str) -> String {
    let tokens: Vec<Token> = tokens(sql).collect();
    let is_dot = |at: usize| tokens.get(at).is_some_and(|token| token.text == ".");
    let named = |last: usize| {
        let Some(start) = (last + 2).checked_sub(2 * from.len()) else { return false };
        let names = from.iter().zip((start..).step_by(2));
        let dots = (start + 1..last).step_by(2).all(is_dot);
        dots && !(start > 0 && is_dot(start - 1))
            && names.into_iter().all(|(name, at)| tokens.get(at).is_some_and(|token| token.names(name.as_ref())))
    };
    tokens.iter().enumerate().map(|(at, token)| if named(at) { quote(to) } else { token.text.to_owned() }).collect()
}

/// Replaces the schema of whatever is called by one of the names, operators among them, and of what a string names for a
/// cast to an object (`'s.t'::regclass`).
pub fn replace_schema(sql: &str, schemas: Pair<&str>, named: &dyn Fn(&str) -> bool) -> String {
    let tokens: Vec<Token> = tokens(sql).collect();
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    let operator = |at: usize| tokens[at..].iter().map(|token| token.text).take_while(|text| OPERATOR.contains(text));
    let replaced = tokens.iter().enumerate().map(|(at, token)| {
        if token.text.starts_with('\'') && text(at + 1) == ":" && text(at + 3).starts_with("reg") {
            let inner = token.text.trim_matches('\'').replace("''", "'");
            return literal(&replace_schema(&inner, schemas, named));
        }
        let alone = text(at + 1) == "." && !(at > 0 && text(at - 1) == ".");
        if !alone || !token.names(schemas.current) {
            return token.text.to_owned();
        }
        let name = tokens.get(at + 2).and_then(Token::name);
        let follows = match name {
            Some(name) => named(&name),
            None => named(&operator((at + 2).min(tokens.len())).collect::<String>()),
        };
        if follows { quote(schemas.desired) } else { token.text.to_owned() }
    });
    replaced.collect()
}

/// What operators are made of (chapter 4.1.3).
const OPERATOR: [&str; 17] = ["+", "-", "*", "/", "<", ">", "=", "~", "!", "@", "#", "%", "^", "&", "|", "`", "?"];

/// Replaces the string `from` by `to` wherever it is a literal that is followed by `cast`, as the server deparses constants
/// of the types that it does not know of its own.
pub fn replace_literal(sql: &str, from: &str, to: &str, cast: &str) -> String {
    let (old, new) = (literal(from), literal(to));
    let mut at = 0;
    let pieces = tokens(sql).map(|token| {
        at += token.text.len();
        let tail = sql[at..].strip_prefix(cast).filter(|_| token.text == old);
        let ends = tail.is_some_and(|tail| cast.is_empty() || !tail.starts_with(|c| is_word(c) || c == '.'));
        if ends { new.as_str() } else { token.text }
    });
    pieces.collect()
}

/// Whether these keywords stand in SQL that the server deparsed: in capitals, one after the other.
pub fn has_keywords(sql: &str, keywords: &str) -> bool {
    let words: Vec<&str> = tokens(sql).map(|token| token.text).filter(|text| !text.trim().is_empty()).collect();
    let keywords: Vec<&str> = keywords.split(' ').collect();
    words.windows(keywords.len()).any(|window| window == keywords)
}

/// A word, a string, a comment, or one character.
#[derive(Debug, Clone, Copy)]
pub struct Token<'a> {
    pub text: &'a str,
    identifier: bool,
}

impl Token<'_> {
    fn names(&self, name: &str) -> bool {
        self.name().is_some_and(|own| own == name)
    }

    /// What an identifier says.
    fn name(&self) -> Option<Cow<'_, str>> {
        let quoted = self.text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let name = quoted.map_or(Cow::Borrowed(self.text), |quoted| Cow::Owned(quoted.replace("\"\"", "\"")));
        self.identifier.then_some(name)
    }

    pub fn is_comment(&self) -> bool {
        self.text.starts_with("--") || self.text.starts_with("/*")
    }
}

/// All of the text, in pieces (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html>).
pub fn tokens(sql: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (length, identifier) = match first {
            '"' => (quoted_length(rest, '"'), true),
            '\'' => (quoted_length(rest, '\''), false),
            '$' => (dollar_length(rest), false),
            '-' if rest.starts_with("--") => (rest.find('\n').unwrap_or(rest.len()), false),
            '/' if rest.starts_with("/*") => (comment_length(rest), false),
            'e' | 'E' if rest[1..].starts_with('\'') => (escaped_length(rest), false),
            c if is_word(c) => (rest.find(|c| !is_word(c) && c != '$').unwrap_or(rest.len()), true),
            c => (c.len_utf8(), false),
        };
        let (text, tail) = rest.split_at(length);
        rest = tail;
        Some(Token { text, identifier })
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn quoted_length(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != quote {
            continue;
        }
        if chars.peek().is_some_and(|(_, next)| *next == quote) {
            chars.next();
        } else {
            return at + 1;
        }
    }
    text.len()
}

/// `E'it\'s'`
fn escaped_length(text: &str) -> usize {
    let mut chars = text.char_indices().skip(2).peekable();
    while let Some((at, c)) = chars.next() {
        let doubled = c == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'');
        if c == '\\' || doubled {
            chars.next();
        } else if c == '\'' {
            return at + 1;
        }
    }
    text.len()
}

/// Comments of this sort stand inside each other.
fn comment_length(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0);
    while let Some(found) = text[at..].find(['/', '*']) {
        at += found;
        let step = match text.get(at..at + 2) {
            Some("/*") => 1,
            Some("*/") => -1,
            _ => 0,
        };
        at += if step == 0 { 1 } else { 2 };
        depth += step;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

fn dollar_length(text: &str) -> usize {
    let Some(end) = text[1..].find('$').map(|at| at + 2) else { return 1 };
    let tag = &text[..end];
    if !tag[1..end - 1].chars().all(is_word) || tag[1..].starts_with(|c: char| c.is_ascii_digit()) {
        return 1;
    }
    text[end..].find(tag).map_or(1, |at| end + at + end)
}

/// Every word that `pg_get_keywords()` does not call unreserved, on any of PostgreSQL 14 to 18.
const KEYWORDS: &str = "\
    all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both \
    case cast char character check coalesce collate collation column concurrently constraint create cross \
    current_catalog current_date current_role current_schema current_time current_timestamp current_user dec \
    decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign \
    freeze from full grant greatest group grouping having ilike in initially inner inout int integer intersect \
    interval into is isnull join json json_array json_arrayagg json_exists json_object json_objectagg json_query \
    json_scalar json_serialize json_table json_value lateral leading least left like limit localtime \
    localtimestamp merge_action national natural nchar none normalize not notnull null nullif numeric offset on \
    only or order out outer overlaps overlay placing position precision primary real references returning right \
    row select session_user setof similar smallint some substring symmetric system_user table tablesample then \
    time timestamp to trailing treat trim true union unique user using values varchar variadic verbose when \
    where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi \
    xmlroot xmlserialize xmltable";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_only_where_it_must() {
        assert_eq!(quote("orders"), "orders");
        assert_eq!(quote("select"), "\"select\"");
        assert_eq!(quote("Orders"), "\"Orders\"");
        assert_eq!(quote("a\"b"), "\"a\"\"b\"");
        assert_eq!(quote(""), "\"\"");
        assert_eq!(qualified(["public", "my table"]), "public.\"my table\"");
    }

    #[test]
    fn literals_survive_quotes_and_backslashes() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\b'"), "E'a\\\\b'''");
    }

    #[test]
    fn replaces_constants_of_one_type_only() {
        let sql = "CASE WHEN a = 'x'::s.e THEN 'x'::text ELSE ('x'::s.e)::text || 'x'::s.ee || 'it''s x' END";
        let replaced = replace_literal(sql, "x", "it's", "::s.e");
        assert_eq!(replaced, sql.replacen("'x'", "'it''s'", 1).replace("('x'", "('it''s'"));
        assert_eq!(replace_literal("FOR VALUES IN ('x', 'y')", "x", "z", ""), "FOR VALUES IN ('z', 'y')");
    }

    #[test]
    fn replaces_names_with_their_schemas() {
        let sql = "s.e, text, e, \"S\".e, s.e[], s.ee, x.s.e";
        assert_eq!(replace_qualified(sql, &["s", "e"], "E"), "s.\"E\", text, e, \"S\".e, s.\"E\"[], s.ee, x.s.e");
    }

    #[test]
    fn replaces_the_schema_of_what_moves() {
        let named = |name: &str| ["e", "<>", "D d"].contains(&name);
        let replaced = |sql| replace_schema(sql, Pair::new("s", "S"), &named);
        assert_eq!(replaced("s.e[], s.f, t.s.e, \"s\".\"D d\", s"), "\"S\".e[], s.f, t.s.e, \"S\".\"D d\", s");
        assert_eq!(replaced("(a OPERATOR(s.<>) 's.e')"), "(a OPERATOR(\"S\".<>) 's.e')");
        assert_eq!(replaced("a OPERATOR(s.<) 's.e'::regtype"), "a OPERATOR(s.<) '\"S\".e'::regtype");
        assert_eq!(replaced("s."), "s.");
    }

    #[test]
    fn keywords_are_no_strings() {
        assert!(has_keywords("UNIQUE NULLS NOT DISTINCT (a)", "NULLS NOT DISTINCT"));
        assert!(!has_keywords("CHECK (a <> 'NOT ENFORCED' AND \"NOT ENFORCED\")", "NOT ENFORCED"));
    }

    #[test]
    fn replaces_identifiers_but_not_strings() {
        let sql = "CHECK (a.old > 1 AND \"old\" <> 'old' AND older = $x$old$x$)";
        assert_eq!(
            replace_identifier(sql, "old", "new one"),
            "CHECK (a.\"new one\" > 1 AND \"new one\" <> 'old' AND older = $x$old$x$)"
        );
        let sql = "old$x /* old /* old */ old */ E'\\'old' -- old\n$1 old";
        assert_eq!(replace_identifier(sql, "old", "new"), sql.replace("$1 old", "$1 new"));
    }
}
