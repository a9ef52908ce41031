//! The OPTIONS of foreign-data wrappers, servers, user mappings, foreign tables and their columns (chapter 5.12).
//! Passwords stand among them. A secret is compared, and written into the statement that needs it; it is never shown
//! or stored. Of a secret that was read from a snapshot nothing but its mark is known.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::secret::{is_harmless, is_named};
use crate::catalog::Fingerprint;
use crate::kind::ObjectId;
use crate::name::{HIDDEN, Sql, literal, quote};
use crate::pair::Pair;
use crate::statement::{HazardKind, Statement};

pub(super) const UNKNOWN: &str = "has a secret there whose value a snapshot does not hold";

/// Sorted by name; the catalogs' order means nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Read>")]
pub(super) struct GenericOptions(Vec<GenericOption>);

/// As the catalogs hold it, `name=value`, or in parts.
#[derive(Deserialize)]
#[serde(untagged)]
enum Read {
    Whole(String),
    Parts(Stored),
}

impl From<Vec<Read>> for GenericOptions {
    fn from(read: Vec<Read>) -> Self {
        let mut options: Vec<GenericOption> = read.into_iter().map(|read| Stored::from(read).into()).collect();
        options.sort_by(|a, b| a.name.cmp(&b.name));
        Self(options)
    }
}

impl From<Read> for Stored {
    fn from(read: Read) -> Self {
        let whole = match read {
            Read::Parts(stored) => return stored,
            Read::Whole(whole) => whole,
        };
        let (name, value) = whole.split_once('=').unwrap_or((&whole, ""));
        Self { name: name.to_owned(), value: Some(value.to_owned()), secret: None, mark: None }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
struct GenericOption {
    name: String,
    value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Plain(String),
    Secret(Secret),
}

#[derive(Clone)]
struct Secret {
    /// Absent where it was read from a snapshot.
    value: Option<String>,
    mark: String,
}

/// Queries return `value`, or `secret` where PostgreSQL itself hides the values; snapshots hold `value` or `mark`.
#[derive(Serialize, Deserialize)]
struct Stored {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(default, skip_serializing)]
    secret: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<String>,
}

impl From<Stored> for GenericOption {
    fn from(stored: Stored) -> Self {
        let Stored { name, value, secret, mark } = stored;
        let value = match (value, secret) {
            (None, Some(secret)) if !is_harmless(&name) => Value::Secret(Secret::new(&name, secret)),
            (Some(value), _) if is_secret(&name, &value) => Value::Secret(Secret::new(&name, value)),
            (Some(value), _) | (None, Some(value)) => Value::Plain(value),
            (None, None) => Value::Secret(Secret { value: None, mark: mark.unwrap_or_default() }),
        };
        Self { name, value }
    }
}

impl From<GenericOption> for Stored {
    fn from(option: GenericOption) -> Self {
        let (value, mark) = match option.value {
            Value::Plain(value) => (Some(value), None),
            Value::Secret(secret) => (None, Some(secret.mark)),
        };
        Self { name: option.name, value, secret: None, mark }
    }
}

impl Secret {
    /// Four digits tell one secret from the next, in a fingerprint and in an archive; against them nobody can try a
    /// dictionary, because every 65536th guess fits.
    fn new(name: &str, value: String) -> Self {
        let digest = Fingerprint::of(&(name, &value));
        Self { mark: digest.as_str().chars().take(4).collect(), value: Some(value) }
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Some(value), Some(other)) => value == other,
            _ => self.mark == other.mark,
        }
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hidden")
    }
}

fn is_secret(name: &str, value: &str) -> bool {
    if is_harmless(name) {
        return false;
    }
    // A connection string: what stands before each equals sign.
    let last = |text: &str| text.trim_end().rsplit([' ', ';', '&', '?', ',', '\'']).next().is_some_and(is_named);
    let inside = value.match_indices('=').any(|(at, _)| last(&value[..at]));
    // postgresql://user:password@host
    let authority = value.split_once("://").and_then(|(_, rest)| rest.split('/').next()?.rsplit_once('@'));
    is_named(name) || inside || authority.is_some_and(|(user, _)| user.contains(':'))
}

impl GenericOption {
    /// `name 'value'`, in full and as it may be shown; `None` where nobody knows the value.
    fn sql(&self) -> Option<(String, String)> {
        let name = quote(&self.name);
        match &self.value {
            Value::Plain(value) => {
                let option = format!("{name} {}", literal(value));
                Some((option.clone(), option))
            }
            Value::Secret(secret) => {
                Some((format!("{name} {}", literal(secret.value.as_ref()?)), format!("{name} {HIDDEN}")))
            }
        }
    }
}

impl GenericOptions {
    /// Whether one of these, not there already, is set to something else than `true`.
    pub fn frees(&self, current: &Self, names: &[&str]) -> bool {
        let is_true = |option: &GenericOption| match &option.value {
            Value::Plain(value) => value == "true",
            Value::Secret(secret) => secret.value.as_deref() == Some("true"),
        };
        let new = self.0.iter().filter(|option| !current.0.contains(option));
        new.into_iter().any(|option| names.contains(&option.name.as_str()) && !is_true(option))
    }

    /// Says which secrets, not there already, the statement lacks because only their marks are known.
    pub fn confess(&self, current: &Self, statement: Statement, id: &ObjectId) -> Statement {
        let unknown = self.0.iter().filter(|option| option.sql().is_none() && !current.0.contains(option));
        let names: Vec<&str> = unknown.map(|option| option.name.as_str()).collect();
        if names.is_empty() {
            return statement;
        }
        let note = format!("a snapshot holds no secrets; to be set by hand: {}", names.join(", "));
        statement.hazard(HazardKind::BreaksOldCode, id, note)
    }

    /// ` OPTIONS (..)` behind the text that begins an object's creation; the text alone where there are none.
    pub fn behind(&self, text: &str) -> Sql {
        let (full, shown): (Vec<String>, Vec<String>) = self.0.iter().filter_map(GenericOption::sql).unzip();
        finished(text, &full, &shown)
    }

    /// The same behind text that may hold secrets too.
    pub fn behind_secret(&self, text: &Sql) -> Sql {
        let revealed = self.behind(text.revealed()).revealed().to_owned();
        Sql::with_secret(revealed, self.behind(text.as_str()).as_str().to_owned())
    }

    /// `text OPTIONS (ADD .., SET .., DROP ..)`; `None` where there is nothing to change.
    pub fn change(change: Pair<&Self>, text: &str) -> Option<Sql> {
        let Pair { current, desired } = change;
        let find = |options: &'_ Self, name: &str| options.0.iter().find(|option| option.name == name).cloned();
        let dropped = current.0.iter().filter(|option| find(desired, &option.name).is_none());
        let dropped = dropped.map(|option| format!("DROP {}", quote(&option.name)));
        let (mut full, mut shown): (Vec<String>, Vec<String>) = dropped.map(|drop| (drop.clone(), drop)).unzip();
        for option in &desired.0 {
            let verb = match find(current, &option.name) {
                Some(old) if old == *option => continue,
                Some(_) => "SET",
                None => "ADD",
            };
            if let Some((option, hidden)) = option.sql() {
                full.push(format!("{verb} {option}"));
                shown.push(format!("{verb} {hidden}"));
            }
        }
        (!full.is_empty()).then(|| finished(text, &full, &shown))
    }
}

fn finished(text: &str, full: &[String], shown: &[String]) -> Sql {
    if full.is_empty() {
        return Sql::new(text);
    }
    let with = |options: &[String]| format!("{text} OPTIONS ({})", options.join(", "));
    Sql::with_secret(with(full), with(shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(json: &str) -> GenericOptions {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn secrets_are_neither_shown_nor_stored() {
        let read = options(r#"[{"name":"host","value":"h"},{"name":"Password","value":"hunter2"},{"name":"q","secret":"hunter2"}]"#);
        let stored = serde_json::to_string(&read).unwrap();
        let sql = read.behind("CREATE");
        for text in [stored.as_str(), sql.as_str(), &format!("{read:?}{sql:?}{sql}"), &serde_json::to_string(&sql).unwrap()] {
            assert!(!text.contains("hunter2"), "{text}");
        }
        assert_eq!(sql.revealed(), "CREATE OPTIONS (\"Password\" 'hunter2', host 'h', q 'hunter2')");
        assert_eq!(options(&stored), read);
        let id = ObjectId::new(crate::kind::ObjectKind::ForeignServer, ["s"]);
        let noted = options(&stored).confess(&GenericOptions::default(), Statement::new(""), &id);
        assert!(noted.hazards[0].note.ends_with("Password, q"));
        assert!(options(&stored).confess(&read, Statement::new(""), &id).hazards.is_empty());
        assert_eq!(options(&stored).behind("CREATE").revealed(), "CREATE OPTIONS (host 'h')");
    }

    #[test]
    fn a_secret_that_changes_is_noticed() {
        let option = |password: &str| options(&format!(r#"[{{"name":"password","value":"{password}"}}]"#));
        let (old, new) = (option("one"), option("two"));
        let change = GenericOptions::change(Pair::new(&old, &new), "ALTER").unwrap();
        assert_eq!(change.revealed(), "ALTER OPTIONS (SET password 'two')");
        assert_eq!(change.as_str(), "ALTER OPTIONS (SET password /* hidden */)");
        assert_ne!(serde_json::to_string(&old).unwrap(), serde_json::to_string(&new).unwrap());
    }

    #[test]
    fn secrets_are_known_by_name_and_by_form() {
        for (name, value) in
            [("sslpassword", "x"), ("AWS_SECRET", "x"), ("dbserver", "Driver=x;PWD = y"), ("uri", "http://a:b@c/d"), ("query", "https://h/?api_key=x")]
        {
            assert!(is_secret(name, value), "{name}");
        }
        for (name, value) in [("password_required", "false"), ("host", "pwd.example"), ("uri", "http://c/d:e@f")] {
            assert!(!is_secret(name, value), "{name}");
        }
    }
}
