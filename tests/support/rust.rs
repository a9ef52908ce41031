//! Rust sources as words and symbols, without comments and strings: as much of the language as `guard.rs` needs.
//! It is here so that a guard is not fooled by what a comment says.
//! It never knows what anything means.

use std::ops::Range;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    /// From 1.
    pub line: usize,
}

#[derive(Debug)]
pub struct Source {
    /// From the repository's root.
    pub path: String,
    pub lines: usize,
    pub all: Vec<Token>,
    /// What is no test.
    pub code: Vec<Token>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let all = tokens(text);
        Self { path: path.to_owned(), lines: text.lines().count(), code: without_tests(&all), all }
    }

    /// The module at the root of the crate: `plan` for `migrator/plan/gate.rs`.
    pub fn module(&self) -> &str {
        let below = self.path.split('/').nth(1).unwrap_or_default();
        below.strip_suffix(".rs").unwrap_or(below)
    }

    /// The file's own name.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.strip_suffix(".rs").unwrap_or(name)
    }

    /// Every function with the lines from its `fn` to its closing brace.
    pub fn functions(&self) -> Vec<(String, Range<usize>)> {
        let starts = (0..self.all.len()).filter(|at| self.all[*at].text == "fn");
        let function = |at: usize| {
            let end = end_of_item(&self.all, at);
            let name = self.all.get(at + 1)?.text.clone();
            Some((name, self.all[at].line..self.all.get(end)?.line + 1))
        };
        starts.filter_map(function).collect()
    }
}

/// The words and symbols of a piece of code.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    tokens(text).into_iter().map(|token| token.text)
}

fn without_tests(all: &[Token]) -> Vec<Token> {
    let test: Vec<String> = words("#[cfg(test)]").collect();
    let mut code = Vec::new();
    let mut at = 0;
    while at < all.len() {
        if all[at..].iter().map(|token| &token.text).take(test.len()).eq(&test) {
            at = end_of_item(all, at + test.len()) + 1;
        } else {
            code.push(all[at].clone());
            at += 1;
        }
    }
    code
}

/// Where the item that begins at `at` ends: at its closing brace, or at the semicolon of one without a body.
fn end_of_item(all: &[Token], at: usize) -> usize {
    let mut depth = 0;
    for (at, token) in all.iter().enumerate().skip(at) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 && ["}", ";"].contains(&token.text.as_str()) {
            return at;
        }
    }
    all.len().saturating_sub(1)
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let length = length(rest, first);
        let (token, tail) = rest.split_at(length);
        if !first.is_whitespace() && !is_silent(token) {
            tokens.push(Token { text: token.to_owned(), line });
        }
        line += token.matches('\n').count();
        rest = tail;
    }
    tokens
}

/// Comments, strings and characters: nothing in them is code. A lifetime is.
fn is_silent(token: &str) -> bool {
    let quoted = token.ends_with(['"', '\'', '#']) && token.contains(['"', '\'']);
    token.starts_with("//") || token.starts_with("/*") || quoted
}

fn length(rest: &str, first: char) -> usize {
    let end = |found: Option<usize>| found.unwrap_or(rest.len());
    if rest.starts_with("//") {
        return end(rest.find('\n'));
    }
    if rest.starts_with("/*") {
        return end(rest.find("*/").map(|at| at + 2));
    }
    if let Some(length) = raw_string(rest) {
        return length;
    }
    match first {
        '"' => quoted(rest, 0),
        'b' | 'c' if rest[1..].starts_with('"') => quoted(rest, 1),
        '\'' => character(rest).unwrap_or_else(|| 1 + word(&rest[1..])),
        ':' if rest.starts_with("::") => 2,
        c if is_word(c) => word(rest),
        c => c.len_utf8(),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn word(text: &str) -> usize {
    text.find(|c| !is_word(c)).unwrap_or(text.len())
}

/// The length of a string that begins, with its quote, at `start`.
fn quoted(text: &str, start: usize) -> usize {
    let mut chars = text.char_indices().skip(start + 1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// `r"..."`, `br#"..."#`
fn raw_string(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('b').unwrap_or(text).strip_prefix('r')?;
    let hashes = inner.len() - inner.trim_start_matches('#').len();
    let body = inner[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let start = text.len() - body.len();
    Some(body.find(&close).map_or(text.len(), |at| start + at + close.len()))
}

/// `'x'`, `'\n'`, `'\u{1f}'`; `None` for a lifetime.
fn character(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        chars.next();
        return chars.find(|(_, c)| *c == '\'').map(|(at, _)| at + 1);
    }
    chars.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_characters_are_no_code() {
        let text = "a /* b */ \"c \\\" d\" r#\"e \" f\"# 'g' '\\'' '\\u{1f}' h::i // j\n&'k l br\"m\" b\"n\"";
        assert_eq!(words(text).collect::<Vec<_>>(), ["a", "h", "::", "i", "&", "'k", "l"]);
    }

    #[test]
    fn a_token_knows_its_line() {
        let tokens = tokens("a\n\"\n\"\nb");
        assert_eq!(tokens.iter().map(|token| token.line).collect::<Vec<_>>(), [1, 4]);
    }
}
