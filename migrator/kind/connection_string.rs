//! Where a subscription connects to (chapter 32.1.1), of which only the passwords are nobody's business.
//! They are compared, and written into the statement that needs them; they are never shown or stored. Of those in a
//! snapshot nothing but a mark is known.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::catalog::Fingerprint;
use crate::name::{PARTLY_HIDDEN, literal};

#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub(super) struct ConnectionString {
    /// With its secrets; absent where it was read from a snapshot and holds any.
    value: Option<String>,
    /// Without them.
    pub shown: String,
    mark: Option<String>,
}

/// Queries return `value`; snapshots hold the others.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(default, skip_serializing)]
    value: Option<String>,
    #[serde(default)]
    shown: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<String>,
}

impl From<Stored> for ConnectionString {
    fn from(stored: Stored) -> Self {
        match (stored.value, stored.mark) {
            (Some(value), _) => Self::new(value),
            (None, None) => Self::new(stored.shown),
            (None, mark) => Self { value: None, shown: stored.shown, mark },
        }
    }
}

impl From<ConnectionString> for Stored {
    fn from(connection: ConnectionString) -> Self {
        Self { value: None, shown: connection.shown, mark: connection.mark }
    }
}

impl ConnectionString {
    fn new(value: String) -> Self {
        let shown = without_secrets(&value).unwrap_or_default();
        // Four digits tell one secret from the next; against them nobody can try a dictionary.
        let mark = (shown != value).then(|| Fingerprint::of(&value).as_str().chars().take(4).collect());
        Self { value: Some(value), shown, mark }
    }

    /// Whether a secret belongs to it that is not known here.
    pub fn is_incomplete(&self) -> bool {
        self.value.is_none()
    }

    /// As a literal for the server.
    pub fn revealed(&self) -> String {
        literal(self.value.as_ref().unwrap_or(&self.shown))
    }

    /// As it may be shown: where a secret is left out, the server refuses it.
    pub fn hidden(&self) -> String {
        let hint = if self.value.is_some() && self.mark.is_some() { PARTLY_HIDDEN } else { "" };
        format!("{}{hint}", literal(&self.shown))
    }
}

impl PartialEq for ConnectionString {
    fn eq(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Some(value), Some(other)) => value == other,
            _ => self.shown == other.shown && self.mark == other.mark,
        }
    }
}

impl Eq for ConnectionString {}

impl fmt::Debug for ConnectionString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown, f)
    }
}

/// `None` where its form is not understood: then nothing of it may be shown.
fn without_secrets(value: &str) -> Option<String> {
    match value.split_once("://") {
        Some((scheme @ ("postgres" | "postgresql"), rest)) => Some(format!("{scheme}://{}", uri(rest))),
        _ => words(value),
    }
}

/// `user:password@host/name?parameters`, without the password.
fn uri(text: &str) -> String {
    // As libpq: whatever stands before the first @ or / are credentials, a question mark as well.
    let (user, rest) = match text.find(['@', '/']).map(|at| text.split_at(at)) {
        Some((credentials, rest)) if rest.starts_with('@') => {
            (format!("{}@", credentials.split(':').next().unwrap_or_default()), &rest[1..])
        }
        _ => (String::new(), text),
    };
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let (hosts, path) = place.split_at(place.find('/').unwrap_or(place.len()));
    // What is left of a password with an @ of its own is no host.
    let authority = format!("{user}{}", hosts.rsplit('@').next().unwrap_or_default());
    let named = |parameter: &&str| !is_secret(parameter.split('=').next().unwrap_or_default());
    let parameters = parameters.split('&').filter(named).collect::<Vec<_>>().join("&");
    let question = if parameters.is_empty() { "" } else { "?" };
    format!("{authority}{path}{question}{parameters}")
}

/// `name = value` by `name = 'it\'s'`, as libpq reads them; as they stand where none is a secret.
fn words(text: &str) -> Option<String> {
    let mut kept = Vec::new();
    let mut rest = text.trim_start();
    let mut secret = false;
    while !rest.is_empty() {
        let (name, tail) = rest.split_once('=')?;
        let tail = tail.trim_start();
        let end = value_length(tail)?;
        if is_secret(name.trim_end()) {
            secret = true;
        } else {
            kept.push(format!("{}={}", name.trim_end(), &tail[..end]));
        }
        rest = tail[end..].trim_start();
    }
    Some(if secret { kept.join(" ") } else { text.to_owned() })
}

/// A backslash takes the next character's meaning away, in quotes and outside.
fn value_length(text: &str) -> Option<usize> {
    let quoted = text.starts_with('\'');
    let mut chars = text.char_indices().skip(usize::from(quoted));
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '\'' if quoted => return Some(at + 1),
            c if !quoted && c.is_whitespace() => return Some(at),
            _ => {}
        }
    }
    (!quoted).then_some(text.len())
}

/// Percent signs may hide a name; then it is not shown either.
fn is_secret(name: &str) -> bool {
    super::secret::is_named(name) || name.contains('%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_left_out_and_nothing_else() {
        let pairs = [
            ("host=h  dbname=d", "host=h  dbname=d"),
            ("", ""),
            ("host=h password=hunter2 user=u", "host=h user=u"),
            ("password = 'hunter2 it\\'s' host = 'a b'", "host='a b'"),
            ("host=h sslpassword=hunter\\ 2 port=1", "host=h port=1"),
            ("postgresql://u:hunter2@h:1,i:2/d?sslmode=require", "postgresql://u@h:1,i:2/d?sslmode=require"),
            ("postgres://h/d?password=hunter2&a=b", "postgres://h/d?a=b"),
            ("postgres://h/d?pass%77ord=hunter2", "postgres://h/d"),
            ("postgres://u:hun@ter2@h", "postgres://u@h"),
            ("postgresql://u:hunter?2@h/d", "postgresql://u@h/d"),
            ("postgres://h", "postgres://h"),
            ("host=h password='hunter2", ""),
            ("hunter2", ""),
            ("other://u:hunter2@h/password=x", ""),
        ];
        for (value, shown) in pairs {
            let connection = ConnectionString::new(value.to_owned());
            assert_eq!(connection.shown, shown, "{value}");
            assert_eq!(connection.mark.is_some(), shown != value, "{value}");
        }
    }

    #[test]
    fn a_password_is_neither_shown_nor_stored_and_its_change_is_noticed() {
        let read = |password: &str| -> ConnectionString {
            serde_json::from_str(&format!(r#"{{"value":"host=h password={password}"}}"#)).unwrap()
        };
        let (one, two) = (read("hunter1"), read("hunter2"));
        assert_ne!(one, two);
        assert_eq!(one.revealed(), "'host=h password=hunter1'");
        let stored = serde_json::to_string(&one).unwrap();
        for text in [&stored, &format!("{one:?}"), &one.hidden()] {
            assert!(text.contains("host=h") && !text.contains("hunter"), "{text}");
        }
        let back: ConnectionString = serde_json::from_str(&stored).unwrap();
        assert!(back == one && back != two && back.is_incomplete());
        assert_eq!(serde_json::to_string(&back).unwrap(), stored);
    }
}
