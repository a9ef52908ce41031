//! The address of a database: what libpq's URL says, and what of it migrator refuses.
//! It decides here, before anything is connected to, whether a connection is encrypted and how a role proves who it
//! is; no variable of the environment can weaken that. Never shows a password.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::{Host, Url};

use super::ConnectError;
use super::rds::RdsHost;
use super::token;
use crate::code::Code;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The parameters of a URL that sqlx understands and that are not ours to decide.
const PASSED_ON: [&str; 5] = ["host", "port", "dbname", "user", "password"];

/// The address of a database. What it shows of itself holds no password.
#[derive(Clone)]
pub struct DatabaseUrl {
    pub(super) options: PgConnectOptions,
    /// Where to connect to if the host's name is only there to be verified (libpq's `hostaddr`).
    pub(super) host_address: Option<IpAddr>,
    pub(super) auth: Auth,
    /// Absent where the connection goes unencrypted: over a Unix socket or a loopback address.
    pub(super) tls: Option<Tls>,
    /// The region that a token is signed for.
    pub(super) region: Option<String>,
    pub(super) timeout: Duration,
    /// What the password says of itself, if it is a token that somebody else signed.
    pub(super) given_token: Option<String>,
}

/// How a role proves who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Auth {
    Password,
    /// A token, signed anew for every connection
    /// (<https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html>).
    Iam,
}

/// How the server proves who it is: always by a certificate for the very host name (libpq's `verify-full`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tls {
    /// An authority that is trusted besides those in `certs/`.
    pub authority: Option<PathBuf>,
    /// The client's own certificate and key.
    pub identity: Option<(PathBuf, PathBuf)>,
}

/// What the query of the URL says that is ours to decide.
#[derive(Default)]
struct Parameters {
    sslmode: Option<String>,
    tls: Tls,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    host_address: Option<IpAddr>,
    auth: Option<Auth>,
    region: Option<String>,
    timeout: Option<Duration>,
}

impl FromStr for DatabaseUrl {
    type Err = ConnectError;

    fn from_str(text: &str) -> Result<Self, ConnectError> {
        // The text itself is never repeated: a URL that cannot be parsed cannot be redacted either.
        let mut url = Url::parse(&with_host(text)).map_err(|error| malformed(&format!("is no URL: {error}")))?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            let message = format!("'{}://' is not an address of PostgreSQL", url.scheme());
            return Err(ConnectError::new(Code::UnsupportedScheme, message));
        }
        let (parameters, passed_on) = Parameters::read(&url)?;
        let in_query = passed_on.iter().find(|(key, _)| key == "password").map(|(_, value)| value.clone());
        let in_authority = url.password().map(|text| percent_decode_str(text).decode_utf8_lossy().into_owned());
        let password = in_query.or(in_authority);
        url.query_pairs_mut().clear().extend_pairs(passed_on);
        // sqlx' own error may quote the value of a parameter, and that may be a password.
        let options = PgConnectOptions::from_str(url.as_str());
        let options = options.map_err(|_| malformed("has a parameter whose value is not understood"))?;
        // Encryption is ours (tls.rs), so that PGSSLMODE and its like have no say in it.
        let options = options.disable_statement_logging().ssl_mode(PgSslMode::Disable);
        // A token is signed for the name as it stands here, and a certificate is for it without its last dot.
        let host = options.get_host().trim_end_matches('.').trim_matches(['[', ']']).to_ascii_lowercase();
        let options = if is_socket(&options) { options } else { options.host(&host) };
        Self::new(options, parameters, password.as_deref())
    }
}

impl DatabaseUrl {
    fn new(options: PgConnectOptions, parameters: Parameters, password: Option<&str>) -> Result<Self, ConnectError> {
        let host = options.get_host();
        let is_remote = parameters.host_address.is_some_and(|address| !address.is_loopback());
        let is_local = is_socket(&options) || is_loopback(host) && !is_remote;
        let rds = RdsHost::of(host);
        let auth = match parameters.auth {
            Some(auth) => auth,
            None if rds.is_some() && password.is_none() => Auth::Iam,
            None => Auth::Password,
        };
        let encrypted = match parameters.sslmode.as_deref() {
            None => !is_local || auth == Auth::Iam,
            Some("verify-full" | "verify-ca" | "require") => true,
            Some("disable" | "allow" | "prefer") if is_local => false,
            Some(mode @ ("disable" | "allow" | "prefer")) => {
                let message = format!(
                    "The database address says sslmode={mode}, and {host} is not on this machine: the connection could be read or changed on its way"
                );
                return Err(ConnectError::new(Code::TlsRequired, message));
            }
            Some(_) => return Err(malformed("has an sslmode that PostgreSQL does not know")),
        };
        if is_socket(&options) && encrypted {
            return Err(malformed(
                "asks for TLS over a Unix socket, which PostgreSQL does not have; leave sslmode out",
            ));
        }
        if auth == Auth::Iam && password.is_some() {
            return Err(malformed("has a password although it says auth=iam; leave one of them out"));
        }
        if auth == Auth::Iam && !encrypted {
            let message = "The database address says auth=iam and asks for a connection without TLS: whoever reads a token can use it";
            return Err(ConnectError::new(Code::TlsRequired, message.to_owned()));
        }
        Ok(Self {
            host_address: parameters.host_address,
            auth,
            tls: encrypted.then_some(parameters.tls),
            region: parameters.region.or_else(|| rds?.region),
            timeout: parameters.timeout.unwrap_or(CONNECT_TIMEOUT),
            given_token: password.and_then(token::describe),
            options,
        })
    }

    /// The database's name; the server's default for it is the role's.
    pub fn database(&self) -> &str {
        self.options.get_database().unwrap_or(self.options.get_username())
    }

    /// Whether both lead to one server, as far as addresses can tell: through a socket and through a loopback address one
    /// comes to the same port of this machine.
    pub fn is_server_of(&self, other: &Self) -> bool {
        let socket = |url: &Self| {
            let path = url.options.get_socket().cloned();
            path.or_else(|| Some(PathBuf::from(url.options.get_host())).filter(|_| is_socket(&url.options)))
        };
        let host = |url: &Self| url.host_address.map_or_else(|| url.host().to_owned(), |address| address.to_string());
        let local = |url: &Self| socket(url).is_some() || is_loopback(&host(url));
        let same = match (socket(self), socket(other)) {
            (Some(path), Some(others)) => path == others,
            _ => local(self) && local(other) || host(self) == host(other) || self.host() == other.host(),
        };
        same && self.options.get_port() == other.options.get_port()
    }

    /// Another database of the same server.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        Self { options: self.options.clone().database(name), ..self.clone() }
    }

    pub(super) fn role(&self) -> &str {
        self.options.get_username()
    }

    pub(super) fn host(&self) -> &str {
        self.options.get_host()
    }

    pub(super) fn place(&self) -> String {
        match self.options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", self.options.get_host(), self.options.get_port()),
        }
    }
}

impl Parameters {
    /// Ours, and the pairs that are passed on. One that is neither is a typing error and not to be passed over.
    fn read(url: &Url) -> Result<(Self, Vec<(String, String)>), ConnectError> {
        let mut parameters = Self::default();
        let mut passed_on = Vec::new();
        for (key, value) in url.query_pairs().into_owned() {
            match key.as_str() {
                "sslmode" | "ssl-mode" => parameters.sslmode = Some(value),
                "sslrootcert" | "ssl-root-cert" | "ssl-ca" => parameters.tls.authority = Some(value.into()),
                "sslcert" | "ssl-cert" => parameters.certificate = Some(value.into()),
                "sslkey" | "ssl-key" => parameters.key = Some(value.into()),
                "hostaddr" => {
                    let address = value.parse().map_err(|_| malformed("has a hostaddr that is no IP address"))?;
                    parameters.host_address = Some(address);
                }
                "auth" => {
                    parameters.auth = Some(match value.as_str() {
                        "iam" => Auth::Iam,
                        "password" => Auth::Password,
                        _ => return Err(malformed("has an auth that is neither iam nor password")),
                    });
                }
                "region" if is_region(&value) => parameters.region = Some(value),
                "region" => return Err(malformed("has a region that is none of AWS")),
                "connect_timeout" => {
                    let seconds = value.parse().ok().filter(|seconds| *seconds > 0);
                    let seconds =
                        seconds.ok_or_else(|| malformed("has a connect_timeout that is no number of seconds"))?;
                    parameters.timeout = Some(Duration::from_secs(seconds));
                }
                _ if PASSED_ON.contains(&key.as_str()) => passed_on.push((key, value)),
                _ => return Err(malformed(&format!("has a parameter '{key}', which is not known"))),
            }
        }
        parameters.tls.identity = match (parameters.certificate.take(), parameters.key.take()) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err(malformed("has one of sslcert and sslkey; they belong together")),
        };
        Ok((parameters, passed_on))
    }
}

fn malformed(reason: &str) -> ConnectError {
    ConnectError::new(Code::MalformedUrl, format!("The database address {reason}"))
}

/// libpq takes `postgresql://role@/database?host=/socket/directory`; a URL with a role and no host is none elsewhere.
fn with_host(text: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = text.split_once("://") else { return text.into() };
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    if authority.ends_with('@') { format!("{scheme}://{authority}localhost{path}").into() } else { text.into() }
}

/// PGHOST may name a folder, too; sqlx keeps that as the host.
fn is_socket(options: &PgConnectOptions) -> bool {
    options.get_socket().is_some() || options.get_host().starts_with('/')
}

/// A name that stays on this machine: RFC 6761 says so of `localhost`.
pub fn is_loopback(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Domain(name)) => name == "localhost",
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Err(_) => host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
    }
}

/// `eu-central-1`, `us-gov-west-1`.
pub fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    match parts.split_last() {
        Some((number, words)) => {
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            words.len() >= 2 && words.iter().all(letters) && is_number
        }
        None => false,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> DatabaseUrl {
        text.parse().unwrap()
    }

    fn code(text: &str) -> Code {
        text.parse::<DatabaseUrl>().unwrap_err().code
    }

    #[test]
    fn an_address_shows_everything_but_its_password() {
        let shown = url("postgres://app:s3cr%21t@db.example:6432/shop?sslmode=require&connect_timeout=3");
        assert_eq!(shown.to_string(), "postgresql://app@db.example:6432/shop");
        assert!(!format!("{shown:?}").contains("s3cr"));
        assert_eq!(shown.timeout, Duration::from_secs(3));
        let shown = url("postgresql://app@/shop?host=/run/postgresql&password=s3cret");
        assert_eq!(shown.to_string(), "postgresql://app@/shop?host=/run/postgresql");
        assert_eq!(shown.database(), "shop");
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        assert_eq!(code("db.example/shop"), Code::MalformedUrl);
        assert_eq!(code("postgresql://app:s3cret@host:port/shop"), Code::MalformedUrl);
        assert_eq!(code("postgresql://app@host/shop?sslmode=perhaps"), Code::MalformedUrl);
        assert_eq!(code("postgresql://app@host/shop?region=Frankfurt"), Code::MalformedUrl);
        assert_eq!(code("postgresql://app@host/shop?auth=kerberos"), Code::MalformedUrl);
        assert_eq!(code("mysql://app@host/shop"), Code::UnsupportedScheme);
        let error = "postgresql://app@host/shop?pasword=s3cret".parse::<DatabaseUrl>().unwrap_err();
        assert!(error.message.contains("'pasword'") && !error.message.contains("s3cret"), "{}", error.message);
    }

    #[test]
    fn only_this_machine_is_reached_without_tls() {
        for local in ["127.0.0.1", "127.9.9.9", "localhost", "[::1]"] {
            assert_eq!(url(&format!("postgresql://app@{local}/shop")).tls, None, "{local}");
            assert!(url(&format!("postgresql://app@{local}/shop?sslmode=verify-full")).tls.is_some(), "{local}");
        }
        assert_eq!(url("postgresql://app@/shop?host=/run/postgresql").tls, None);
        for remote in ["db.example", "10.0.0.7", "localhost.example", "[2001:db8::1]"] {
            assert!(url(&format!("postgresql://app@{remote}/shop")).tls.is_some(), "{remote}");
            assert!(url(&format!("postgresql://app@{remote}/shop?sslmode=require")).tls.is_some(), "{remote}");
            for mode in ["disable", "allow", "prefer"] {
                assert_eq!(code(&format!("postgresql://app@{remote}/shop?sslmode={mode}")), Code::TlsRequired);
            }
        }
        // What is only called so is not on this machine.
        assert!(url("postgresql://app@localhost/shop?hostaddr=10.0.0.7").tls.is_some());
        assert_eq!(code("postgresql://app@127.0.0.1/shop?hostaddr=10.0.0.7&sslmode=disable"), Code::TlsRequired);
        assert_eq!(url("postgresql://app@[2001:db8::1]/shop").host(), "2001:db8::1");
        // An address that is only verified does not become a local one by being reached locally.
        assert!(url("postgresql://app@db.example/shop?hostaddr=127.0.0.1").tls.is_some());
    }

    #[test]
    fn rds_is_entered_with_a_token() {
        let prod = "postgresql://deploy@shop.abc123.eu-central-1.rds.amazonaws.com/shop";
        assert_eq!((url(prod).auth, url(prod).region.as_deref()), (Auth::Iam, Some("eu-central-1")));
        assert_eq!(
            url(&prod.replace("shop.abc", "Shop.ABC").replace(".com/", ".com./")).host(),
            "shop.abc123.eu-central-1.rds.amazonaws.com"
        );
        let elsewhere = url(&format!("{prod}?region=us-east-1"));
        assert_eq!(elsewhere.region.as_deref(), Some("us-east-1"));
        assert_eq!(url(&prod.replace("deploy@", "deploy:s3cret@")).auth, Auth::Password);
        assert_eq!(url(&format!("{prod}?auth=password")).auth, Auth::Password);
        assert_eq!(
            code(&prod.replace("deploy@", "deploy:s3cret@").replace("/shop", "/shop?auth=iam")),
            Code::MalformedUrl
        );
        assert_eq!(code("postgresql://deploy@localhost/shop?auth=iam&sslmode=disable"), Code::TlsRequired);
        assert!(url("postgresql://deploy@localhost/shop?auth=iam").tls.is_some());
    }

    #[test]
    fn one_server_has_many_addresses() {
        let same = |one: &str, other: &str| {
            let [one, other] = [one, other].map(|place| url(&format!("postgresql://a@{place}")));
            one.is_server_of(&other) && other.is_server_of(&one)
        };
        assert!(same("h/d", "H.:5432/e") && same("localhost/d", "127.0.0.1/e") && same("/d?host=/run/pg", "[::1]/d"));
        assert!(same("/d?host=/run/pg", "/e?host=/run/pg") && same("h/d?hostaddr=10.0.0.7", "10.0.0.7/d"));
        assert!(!same("h/d", "h:5433/d") && !same("h/d", "i/d") && !same("h/d", "localhost/d"));
        assert!(!same("/d?host=/run/pg", "/d?host=/tmp") && !same("/d?host=/run/pg", "localhost:5433/d"));
    }
}
