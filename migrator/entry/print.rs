//! Where output goes: results to stdout, everything else to stderr.
//! Colours only where a terminal shows them and `NO_COLOR` does not forbid it. Never panics when the reader has gone:
//! `migrator plan | head` is a fair thing to do.

use std::io::{BufWriter, ErrorKind, IsTerminal, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};

use crate::app::Failure;
use crate::code::Code;
use crate::report::text::Palette;

/// The styles for stdout.
pub fn palette() -> Palette {
    chosen(AutoStream::choice(&std::io::stdout()))
}

/// The styles for stderr.
pub fn error_palette() -> Palette {
    chosen(AutoStream::choice(&std::io::stderr()))
}

pub fn is_coloured() -> bool {
    AutoStream::choice(&std::io::stdout()) != ColorChoice::Never
}

fn chosen(choice: ColorChoice) -> Palette {
    if choice == ColorChoice::Never { Palette::default() } else { Palette::COLOURS }
}

/// Whether somebody sits there who can be asked.
pub fn is_interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// A result. A reader that has gone away has seen enough.
pub fn result(text: &str) -> Result<(), Failure> {
    bytes(text.as_bytes())
}

pub fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    written(|stdout| stdout.write_all(bytes))
}

/// What `write` writes, piece by piece: it may be big.
pub fn written(write: impl FnOnce(&mut BufWriter<StdoutLock>) -> std::io::Result<()>) -> Result<(), Failure> {
    let mut stdout = BufWriter::new(std::io::stdout().lock());
    match write(&mut stdout).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(Code::OutputFailed, "The result could not be written").because(&error)),
        Ok(()) => Ok(()),
    }
}

/// A remark. There is nobody to tell if stderr is gone.
pub fn remark(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "{text}");
}

/// Whether the person says yes; anything else is a no.
pub fn confirmed(question: &str) -> bool {
    let mut stderr = std::io::stderr().lock();
    let _ = write!(stderr, "{question} [y/N] ").and_then(|()| stderr.flush());
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

/// Text in which no URL holds a password: clap quotes arguments that it does not understand.
pub fn redacted(text: &str) -> String {
    text.split_inclusive(char::is_whitespace).map(redacted_word).collect()
}

fn redacted_word(word: &str) -> String {
    let parts = word.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?)));
    match parts {
        Some((scheme, (account, rest))) => {
            let role = account.split(':').next().unwrap_or_default();
            format!("{scheme}://{role}@{rest}")
        }
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_quoted() {
        let text = "unexpected argument 'postgresql://me:s3cr@t@host/db' found\n\n  tip: x";
        assert_eq!(redacted(text), "unexpected argument 'postgresql://me@host/db' found\n\n  tip: x");
    }
}
