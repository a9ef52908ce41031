//! A file of SQL, taken apart into its statements as psql does it.
//! Each is sent by itself, so that one that refuses a transaction block may stand in it, and so that an error has a
//! line. Never understands a statement, and runs no command of psql.

use crate::name::{Sql, Token, tokens};

/// A statement, and the line of the file on which it begins, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub line: usize,
    pub sql: Sql,
}

/// What a file of SQL must not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    #[error("line {line}: {command} is a command of psql, not a statement")]
    Command { line: usize, command: String },
    #[error("line {line}: rows are loaded here, and only the schema is wanted (pg_dump --schema-only)")]
    Rows { line: usize },
}

/// What stands at the beginning and the end of `pg_dump`'s scripts, for psql alone.
const HARMLESS: [&str; 2] = ["\\restrict", "\\unrestrict"];

/// The statements of a script, in its order.
pub fn statements(script: &str) -> Result<Vec<Piece>, ScriptError> {
    let mut pieces = Vec::new();
    let mut statement = Statement::default();
    let (mut line, mut at) = (1, 0);
    let mut command_ends = 0;
    for token in tokens(script) {
        let begins = at;
        at += token.text.len();
        if begins < command_ends {
            continue;
        }
        if token.text == "\\" {
            let command = script[begins..].split_whitespace().next().unwrap_or_default();
            if !HARMLESS.contains(&command) || !statement.words.is_empty() {
                return Err(ScriptError::Command { line, command: command.to_owned() });
            }
            command_ends = script[begins..].find('\n').map_or(script.len(), |length| begins + length);
        } else if token.text == ";" && statement.may_end() {
            pieces.extend(statement.ended(script, begins)?);
            statement = Statement::default();
        } else {
            statement.take(token, line, begins);
        }
        line += token.text.matches('\n').count();
    }
    pieces.extend(statement.ended(script, script.len())?);
    Ok(pieces)
}

/// A statement whose end has not come yet.
#[derive(Debug, Default)]
struct Statement {
    /// Where its first token is: the line, and the place in the script.
    begins: Option<(usize, usize)>,
    /// Its first words, in lower case; those inside parentheses do not count.
    words: Vec<String>,
    parentheses: usize,
    /// How deep inside `BEGIN ATOMIC .. END`, whose statements end with semicolons of their own.
    blocks: usize,
}

impl Statement {
    fn take(&mut self, token: Token<'_>, line: usize, at: usize) {
        if token.is_comment() || token.text.trim().is_empty() {
            return;
        }
        self.begins.get_or_insert((line, at));
        match token.text {
            "(" => self.parentheses += 1,
            ")" => self.parentheses = self.parentheses.saturating_sub(1),
            word if self.parentheses == 0 => self.word(word.to_lowercase()),
            _ => {}
        }
    }

    fn word(&mut self, word: String) {
        match word.as_str() {
            "begin" if self.is_routine() => self.blocks += 1,
            "case" if self.blocks > 0 => self.blocks += 1,
            "end" => self.blocks = self.blocks.saturating_sub(1),
            _ => {}
        }
        self.words.push(word);
    }

    fn is_routine(&self) -> bool {
        let words: Vec<&str> = self.words.iter().take(4).map(String::as_str).collect();
        let created = words.strip_prefix(&["create", "or", "replace"]).or(words.strip_prefix(&["create"]));
        matches!(created.and_then(<[&str]>::first), Some(&"function" | &"procedure"))
    }

    fn may_end(&self) -> bool {
        self.parentheses == 0 && self.blocks == 0
    }

    fn ended(&self, script: &str, at: usize) -> Result<Option<Piece>, ScriptError> {
        let Some((line, begins)) = self.begins else { return Ok(None) };
        let has = |word: &str| self.words.iter().any(|other| other == word);
        if self.words.first().is_some_and(|word| word == "copy") && has("from") && has("stdin") {
            return Err(ScriptError::Rows { line });
        }
        Ok(Some(Piece { line, sql: Sql::new(script[begins..at].trim_end()) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(script: &str) -> Vec<(usize, String)> {
        let pieces = statements(script).unwrap();
        pieces.into_iter().map(|piece| (piece.line, piece.sql.as_str().to_owned())).collect()
    }

    #[test]
    fn semicolons_that_end_nothing() {
        let script = "-- a; b\ncreate table a (b text default ';'); /* ; */\n\ncreate rule r as on insert to a do (select 1; select 2);
            create function f() returns int language sql begin atomic select case when true then 1 end; select 2; end;
            do $x$ begin; end; $x$;\n select E'\\';', \"a;b\"";
        let lines: Vec<usize> = split(script).iter().map(|piece| piece.0).collect();
        assert_eq!(lines, [2, 4, 5, 6, 7]);
        assert!(split(script)[2].1.ends_with("end"));
    }

    #[test]
    fn a_transaction_block_is_made_of_statements() {
        assert_eq!(split("begin; select 1; commit;;").len(), 3);
    }

    #[test]
    fn what_only_psql_understands() {
        assert_eq!(split("\\restrict abc\nselect 1;\n\\unrestrict abc\n"), [(2, "select 1".to_owned())]);
        let command = statements("select 1;\n\\connect x").unwrap_err();
        assert_eq!(command, ScriptError::Command { line: 2, command: "\\connect".to_owned() });
        assert_eq!(statements("copy a (b) from stdin;\n1\n\\.\n"), Err(ScriptError::Rows { line: 1 }));
    }
}
