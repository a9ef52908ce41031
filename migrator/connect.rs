//! From an address to a session that is set up as every statement of ours expects.
//! The role proves itself by a password or a token, the server by a certificate of an authority in `certs/`. Each way in which a connection can fail has a code of its own, because each has a different remedy. Never prints a
//! password, and never retries: whoever asked decides that.

mod address;
mod rds;
pub mod roots;
mod tls;
mod token;

use std::borrow::Cow;
use std::io::ErrorKind;

use secrecy::ExposeSecret;
use sqlx::postgres::PgDatabaseError;
use sqlx::{Connection, PgConnection, Row};

use crate::code::Code;
use crate::progress::Side;
use address::Auth;
use tls::Tunnel;

pub use address::{DatabaseUrl, is_loopback, is_region};
pub use token::region_of_process;

const SUPPORTED: std::ops::RangeInclusive<i32> = 14..=18;

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

    /// The error, with the database that it is about.
    fn of(self, side: Side) -> Self {
        Self { message: format!("{side}: {}", self.message), ..self }
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
    let opening = tokio::time::timeout(url.timeout, open(url, application));
    let opened = opening.await.unwrap_or_else(|_| {
        let message = format!("no answer from {} within {} s", url.place(), url.timeout.as_secs());
        Err(ConnectError::new(Code::ConnectTimeout, message))
    });
    let mut connection = opened.map_err(|error| error.of(side))?;
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
    let row = setup.await.map_err(|source| explain(url, None, source).of(side))?;
    let (number, version): (i32, String) = (row.get(0), row.get(1));
    if !SUPPORTED.contains(&(number / 10_000)) {
        let message = format!("{side}: {} is PostgreSQL {version}; 14 to 18 are supported", url.place());
        return Err(ConnectError::new(Code::ServerUnsupported, message));
    }
    let version = version.split_whitespace().next().unwrap_or_default().to_owned();
    Ok(Connected { connection, side, address: url.to_string(), version, pid: row.get(2), standby: row.get(3) })
}

/// A connection, by whichever way and proof the address asks for.
async fn open(url: &DatabaseUrl, application: &str) -> Result<PgConnection, ConnectError> {
    // sqlx sends them along, and they would hold for every statement of ours.
    if std::env::var_os("PGOPTIONS").is_some_and(|options| !options.is_empty()) {
        let message = "PGOPTIONS is set, and would change every session of ours".to_owned();
        return Err(ConnectError::new(Code::ForeignOptions, message));
    }
    let mut options = url.options.clone().application_name(application);
    let mut claim = url.given_token.clone();
    if url.auth == Auth::Iam {
        let token = token::sign(url).await?;
        options = options.password(token.secret.expose_secret());
        claim = Some(token.claim);
    }
    let tunnel = match &url.tls {
        Some(tls) => Some(Tunnel::open(url, tls).await?),
        None => None,
    };
    if let Some(tunnel) = &tunnel {
        options = options.socket(tunnel.folder());
    } else if let Some(address) = url.host_address {
        options = options.host(&address.to_string());
    }
    PgConnection::connect_with(&options).await.map_err(|source| explain(url, claim.as_deref(), source))
}

/// `claim` is what the token said, if the role came with one.
fn explain(url: &DatabaseUrl, claim: Option<&str>, source: sqlx::Error) -> ConnectError {
    let place = url.place();
    let (code, message) = match &source {
        sqlx::Error::Io(error) => explain_io(error, url),
        sqlx::Error::Tls(_) => (Code::TlsFailed, format!("no secure connection to {place} came about")),
        sqlx::Error::Protocol(_) => (Code::NotPostgres, format!("what listens at {place} is not PostgreSQL")),
        sqlx::Error::Database(error) => {
            let refused = claim.and_then(|claim| explain_refusal(error.as_ref(), url, claim));
            refused.unwrap_or_else(|| explain_server(error.as_ref(), url))
        }
        _ => (Code::ConnectionFailed, format!("the connection to {place} failed")),
    };
    ConnectError { code, message, source: Some(Box::new(source)) }
}

/// A server that takes tokens looks at them in PAM and calls every refusal `invalid_authorization_specification`; one
/// that asks for a password instead does so because the role is no member of `rds_iam`.
fn explain_refusal(error: &dyn sqlx::error::DatabaseError, url: &DatabaseUrl, claim: &str) -> Option<(Code, String)> {
    let (place, role) = (url.place(), url.role());
    match error.code().as_deref() {
        Some("28P01") if url.auth == Auth::Iam => Some((
            Code::RoleWithoutIam,
            format!("{place} took the token of role {role} for a password: the role is not a member of rds_iam"),
        )),
        Some("28000") if !error.message().contains("does not exist") && !error.message().contains("pg_hba.conf") => {
            Some((Code::TokenRefused, format!("{place} refuses {claim}")))
        }
        _ => None,
    }
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
        // What sqlx takes for the beginning of a message, and no server of PostgreSQL would leave unfinished.
        ErrorKind::UnexpectedEof if !error.to_string().contains("got 0 bytes") => {
            (Code::NotPostgres, format!("what listens at {place} is not PostgreSQL"))
        }
        // The standard library has no kind for a failed lookup.
        _ if error.to_string().contains("lookup address") => {
            (Code::HostUnknown, format!("the host name {} has no address", url.host()))
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
