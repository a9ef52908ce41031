//! From an address to a session that is set up as every statement of ours expects.
//! Each way in which a connection can fail has a code of its own, because each has a different remedy. Never prints a
//! password, and never retries: whoever asked decides that.

use std::borrow::Cow;
use std::fmt;
use std::io::ErrorKind;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgDatabaseError};
use sqlx::{ConnectOptions, Connection, PgConnection, Row};
use url::Url;

use crate::code::Code;
use crate::progress::Side;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const SUPPORTED: std::ops::RangeInclusive<i32> = 14..=18;

/// The parameters of a URL that mean something to us; another one is a typing error and not to be passed over.
const PARAMETERS: [&str; 16] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "connect_timeout",
];

/// Whatever a role or a database has as its defaults, the deparsers and the statements see these. The timeouts are off
/// because it is we who decide how long a statement may take; `lock_timeout` is the executor's to set.
const SESSION: &str = "
    set search_path to '';
    set statement_timeout to 0;
    set lock_timeout to 0;
    set idle_in_transaction_session_timeout to 0;
    set standard_conforming_strings to on;
    set check_function_bodies to off;
    set client_min_messages to warning;
    set default_transaction_isolation to 'read committed';
    set default_transaction_deferrable to off;
    set default_tablespace to '';
    set default_table_access_method to heap;
    set xmloption to content;
    set quote_all_identifiers to off;
    set row_security to off;
    select set_config(name, '0', false) from pg_settings where name in ('transaction_timeout', 'idle_session_timeout')";

/// The address of a database. What it shows of itself holds no password.
#[derive(Clone)]
pub struct DatabaseUrl {
    options: PgConnectOptions,
    timeout: Duration,
}

impl FromStr for DatabaseUrl {
    type Err = ConnectError;

    fn from_str(text: &str) -> Result<Self, ConnectError> {
        // The text itself is never repeated: a URL that cannot be parsed cannot be redacted either.
        let malformed =
            |reason: String| ConnectError::new(Code::MalformedUrl, format!("The database address {reason}"));
        let url = Url::parse(&with_host(text)).map_err(|error| malformed(format!("is no URL: {error}")))?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            let message = format!("'{}://' is not an address of PostgreSQL", url.scheme());
            return Err(ConnectError::new(Code::UnsupportedScheme, message));
        }
        let mut timeout = CONNECT_TIMEOUT;
        for (key, value) in url.query_pairs() {
            if !PARAMETERS.contains(&&*key) {
                return Err(malformed(format!("has a parameter '{key}', which is not known")));
            }
            if key == "connect_timeout" {
                let seconds = value.parse().ok().filter(|seconds| *seconds > 0);
                let seconds =
                    seconds.ok_or_else(|| malformed("has a connect_timeout that is no number of seconds".into()))?;
                timeout = Duration::from_secs(seconds);
            }
        }
        let mut url = url;
        let kept: Vec<(String, String)> =
            url.query_pairs().into_owned().filter(|(key, _)| key != "connect_timeout").collect();
        url.query_pairs_mut().clear().extend_pairs(kept);
        // sqlx' own error may quote the value of a parameter, and that may be a password.
        let options = PgConnectOptions::from_str(url.as_str());
        let options = options.map_err(|_| malformed("has a parameter whose value is not understood".into()))?;
        Ok(Self { options: options.disable_statement_logging(), timeout })
    }
}

/// libpq takes `postgresql://role@/database?host=/socket/directory`; a URL with a role and no host is none elsewhere.
fn with_host(text: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = text.split_once("://") else { return text.into() };
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    if authority.ends_with('@') { format!("{scheme}://{authority}localhost{path}").into() } else { text.into() }
}

impl DatabaseUrl {
    /// The database's name; the server's default for it is the role's.
    pub fn database(&self) -> &str {
        self.options.get_database().unwrap_or(self.options.get_username())
    }

    fn role(&self) -> &str {
        self.options.get_username()
    }

    fn place(&self) -> String {
        match self.options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", self.options.get_host(), self.options.get_port()),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (role, database) = (self.role(), self.database());
        match self.options.get_socket() {
            Some(socket) => write!(f, "postgresql://{role}@/{database}?host={}", socket.display()),
            None => write!(f, "postgresql://{role}@{}/{database}", self.place()),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ConnectError {
    pub code: Code,
    pub message: String,
    pub source: Option<Box<sqlx::Error>>,
}

impl ConnectError {
    fn new(code: Code, message: String) -> Self {
        Self { code, message, source: None }
    }
}

/// What a session may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Read,
    Write,
}

/// A session that is set up.
#[derive(Debug)]
pub struct Connected {
    pub connection: PgConnection,
    pub side: Side,
    pub address: String,
    /// `18.1`
    pub version: String,
    pub pid: i32,
    pub standby: bool,
}

/// Connects and sets the session up. `application` is what other sessions see in `pg_stat_activity`.
pub async fn connect(
    url: &DatabaseUrl,
    side: Side,
    access: Access,
    application: &str,
) -> Result<Connected, ConnectError> {
    let options = url.options.clone().application_name(application);
    let connecting = tokio::time::timeout(url.timeout, PgConnection::connect_with(&options));
    let mut connection = match connecting.await {
        Ok(connected) => connected.map_err(|source| explain(url, side, source))?,
        Err(_) => {
            let place = url.place();
            let message = format!("{side}: no answer from {place} within {} s", url.timeout.as_secs());
            return Err(ConnectError::new(Code::ConnectTimeout, message));
        }
    };
    let setup = async {
        sqlx::raw_sql(SESSION).execute(&mut connection).await?;
        let only = if access == Access::Read { "on" } else { "off" };
        sqlx::query("select set_config('default_transaction_read_only', $1, false)")
            .bind(only)
            .execute(&mut connection)
            .await?;
        let sql = "select current_setting('server_version_num')::integer, current_setting('server_version'),
            pg_backend_pid(), pg_is_in_recovery()";
        sqlx::query(sql).fetch_one(&mut connection).await
    };
    let row = setup.await.map_err(|source| explain(url, side, source))?;
    let (number, version): (i32, String) = (row.get(0), row.get(1));
    if !SUPPORTED.contains(&(number / 10_000)) {
        let message = format!("{side}: {} is PostgreSQL {version}; 14 to 18 are supported", url.place());
        return Err(ConnectError::new(Code::ServerUnsupported, message));
    }
    let version = version.split_whitespace().next().unwrap_or_default().to_owned();
    Ok(Connected { connection, side, address: url.to_string(), version, pid: row.get(2), standby: row.get(3) })
}

fn explain(url: &DatabaseUrl, side: Side, source: sqlx::Error) -> ConnectError {
    let place = url.place();
    let (code, what) = match &source {
        sqlx::Error::Io(error) => explain_io(error, url),
        sqlx::Error::Tls(_) => (Code::TlsFailed, format!("no secure connection to {place} came about")),
        sqlx::Error::Protocol(_) => (Code::NotPostgres, format!("what listens at {place} is not PostgreSQL")),
        sqlx::Error::Database(error) => explain_server(error.as_ref(), url),
        _ => (Code::ConnectionFailed, format!("the connection to {place} failed")),
    };
    ConnectError { code, message: format!("{side}: {what}"), source: Some(Box::new(source)) }
}

fn explain_io(error: &std::io::Error, url: &DatabaseUrl) -> (Code, String) {
    let place = url.place();
    match error.kind() {
        ErrorKind::ConnectionRefused => (Code::ConnectionRefused, format!("{place} refuses connections")),
        ErrorKind::NotFound => (Code::ConnectionRefused, format!("there is no server's socket in {place}")),
        ErrorKind::PermissionDenied => (Code::AccessDenied, format!("this account may not use the socket in {place}")),
        ErrorKind::TimedOut => (Code::ConnectTimeout, format!("{place} does not answer")),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            (Code::Unreachable, format!("there is no way to {place}"))
        }
        // The standard library has no kind for a failed lookup.
        _ if error.to_string().contains("lookup address") => {
            (Code::HostUnknown, format!("the host name {} has no address", url.options.get_host()))
        }
        _ => (Code::ConnectionFailed, format!("the connection to {place} broke while it was being made")),
    }
}

/// By SQLSTATE (<https://www.postgresql.org/docs/current/errcodes-appendix.html>): messages come in the server's language.
fn explain_server(error: &dyn sqlx::error::DatabaseError, url: &DatabaseUrl) -> (Code, String) {
    let (place, role, database) = (url.place(), url.role(), url.database());
    match error.code().as_deref() {
        Some("28P01") => (Code::WrongPassword, format!("{place} does not accept the password of role {role}")),
        Some("28000") if error.message().contains("does not exist") => {
            (Code::NoSuchRole, format!("{place} has no role {role}"))
        }
        Some("28000") => (Code::AccessDenied, format!("{place} does not admit role {role}")),
        Some("3D000") => (Code::NoSuchDatabase, format!("{place} has no database {database}")),
        Some("42501") => (Code::AccessDenied, format!("role {role} may not connect to database {database} on {place}")),
        Some("53300") => (Code::TooManyConnections, format!("{place} has no connection left")),
        Some("57P03") => (Code::ServerNotReady, format!("{place} does not take connections yet")),
        _ => (Code::ConnectionFailed, format!("{place} refused the connection")),
    }
}

/// Whether the session is gone, so that nobody can tell what became of its last statement.
pub fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        // admin_shutdown, crash_shutdown, cannot_connect_now: the server ends the session after these.
        sqlx::Error::Database(error) => matches!(error.code().as_deref(), Some("57P01" | "57P02" | "57P03")),
        _ => false,
    }
}

/// The SQLSTATE, if the server sent one.
pub fn sqlstate(error: &sqlx::Error) -> Option<String> {
    error.as_database_error()?.code().map(Cow::into_owned)
}

/// What the server says of an error, without the row values that it may quote.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ServerSays {
    pub sqlstate: Option<String>,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl ServerSays {
    pub fn of(error: &sqlx::Error) -> Self {
        let Some(server) = error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
        else {
            return Self { sqlstate: None, message: error.to_string(), detail: None, hint: None };
        };
        let (message, detail) = without_values(server.code(), server.message(), server.detail());
        Self {
            sqlstate: Some(server.code().to_owned()),
            message: message.to_owned(),
            detail: detail.map(str::to_owned),
            hint: server.hint().map(str::to_owned),
        }
    }
}

/// Class 22 (data exception) quotes the value at the end of its message, class 23 (integrity violation) the row in
/// its detail.
fn without_values<'a>(sqlstate: &str, message: &'a str, detail: Option<&'a str>) -> (&'a str, Option<&'a str>) {
    match sqlstate.get(..2) {
        Some("22") => (message.split_once(": \"").map_or(message, |(before, _)| before), None),
        Some("23") => (message, None),
        _ => (message, detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        text.parse::<DatabaseUrl>().unwrap_err().code
    }

    #[test]
    fn an_address_shows_everything_but_its_password() {
        let url: DatabaseUrl =
            "postgres://app:s3cr%21t@db.example:6432/shop?sslmode=require&connect_timeout=3".parse().unwrap();
        assert_eq!(url.to_string(), "postgresql://app@db.example:6432/shop");
        assert!(!format!("{url:?}").contains("s3cr"));
        assert_eq!(url.timeout, Duration::from_secs(3));
        let url: DatabaseUrl = "postgresql://app@/shop?host=/run/postgresql&password=s3cret".parse().unwrap();
        assert_eq!(url.to_string(), "postgresql://app@/shop?host=/run/postgresql");
        assert_eq!(url.database(), "shop");
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        assert_eq!(code("db.example/shop"), Code::MalformedUrl);
        assert_eq!(code("postgresql://app:s3cret@host:port/shop"), Code::MalformedUrl);
        assert_eq!(code("postgresql://app@host/shop?sslmode=perhaps"), Code::MalformedUrl);
        assert_eq!(code("mysql://app@host/shop"), Code::UnsupportedScheme);
        let error = "postgresql://app@host/shop?pasword=s3cret".parse::<DatabaseUrl>().unwrap_err();
        assert!(error.message.contains("'pasword'") && !error.message.contains("s3cret"), "{}", error.message);
    }

    #[test]
    fn row_values_are_left_out_of_what_the_server_says() {
        let detail = Some("Key (email)=(a@example.org) is duplicated.");
        assert_eq!(
            without_values("23505", "could not create unique index \"u\"", detail),
            ("could not create unique index \"u\"", None)
        );
        let message = "invalid input syntax for type integer: \"secret\"";
        assert_eq!(without_values("22P02", message, None).0, "invalid input syntax for type integer");
    }
}
