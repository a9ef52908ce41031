//! RDS's IAM authentication without AWS: an LDAP server that a PostgreSQL asks whether a token is good.
//! It is here because a token that nobody verifies proves nothing: each signature is computed again from the secret.
//! It never searches, never calls AWS, and never listens beyond 127.0.0.1.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SERVICE: &str = "rds-db";
const TERMINATOR: &str = "aws4_request";
const DATE: &str = "%Y%m%dT%H%M%SZ";
/// All that a token may say.
const PARAMETERS: [&str; 9] = [
    "Action",
    "DBUser",
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];
/// What AWS leaves as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const LONGEST_LIFE: i64 = 900;
const SKEW: SignedDuration = SignedDuration::from_mins(5);

const BEFORE_ROLE: &str = "uid=";
const AFTER_ROLE: &str = ",ou=rds_iam";

// Tags of ASN.1 and LDAP.
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const ENUMERATED: u8 = 0x0a;
const MESSAGE: u8 = 0x30;
const BIND: u8 = 0x60;
const BOUND: u8 = 0x61;
const UNBIND: u8 = 0x42;
const SIMPLE: u8 = 0x80;

const SUCCESS: u8 = 0;
const INVALID_CREDENTIALS: u8 = 49;
/// PostgreSQL takes no password beyond 64 KiB.
const LARGEST_MESSAGE: usize = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(30);

/// An access key as AWS knows it.
#[derive(Debug, Clone)]
pub struct Key {
    pub id: String,
    pub secret: String,
    /// Only temporary credentials have one.
    pub session_token: Option<String>,
    /// The database roles that its owner's policy lets it connect as (`rds-db:connect`).
    pub may_be: Vec<String>,
}

/// A running server. Its listener stops on drop; a connection that is open ends with its client.
///
/// In `pg_hba.conf`: `hostssl all +rds_iam 127.0.0.1/32 ldap ldapserver=127.0.0.1 ldapport=<port> ldapprefix="uid="
/// ldapsuffix=",ou=rds_iam"`, which makes PostgreSQL bind as `uid=<role>,ou=rds_iam` with what the client sent.
#[derive(Debug)]
pub struct RdsIam {
    port: u16,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

impl RdsIam {
    /// Listens on a free port of 127.0.0.1, and refuses every token until `accept` names an endpoint.
    pub fn start(region: &str, keys: Vec<Key>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("127.0.0.1 has a free port");
        let port = listener.local_addr().expect("a listener has an address").port();
        let (stopped, seen) = (AtomicBool::new(false), Mutex::default());
        let shared = Arc::new(Shared { region: region.to_owned(), keys, stopped, seen });
        let server = Arc::clone(&shared);
        Self { port, shared, listener: Some(thread::spawn(move || server.listen(&listener))) }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// From now on, tokens are good that were signed for this `host:port`.
    pub fn accept(&self, endpoint: &str) {
        self.shared.seen().endpoints.push(endpoint.to_owned());
    }

    /// What became of each bind, oldest first: `accepted <role>` or `refused <role>: <reason>`. A reason is a word:
    /// `dn`, `token`, `parameters`, `algorithm`, `action`, `role`, `endpoint`, `credential`, `key`, `region`, `service`,
    /// `session-token`, `signed-headers`, `date`, `lifetime`, `future`, `expired`, `policy` or `signature`.
    /// `dropped: <error>` was no bind.
    pub fn log(&self) -> Vec<String> {
        self.shared.seen().log.clone()
    }

    /// Every password that was presented, good or not, oldest first: what must not be found anywhere else.
    pub fn tokens(&self) -> Vec<String> {
        self.shared.seen().tokens.clone()
    }
}

impl Drop for RdsIam {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // `accept` returns only for a connection.
        let woken = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let (Ok(_), Some(listener)) = (woken, self.listener.take()) {
            // If the thread panicked it said so itself, and we may be unwinding.
            let _ = listener.join();
        }
    }
}

/// A token as `generate-db-auth-token` makes it, but at any time and for any lifetime: to be wrong on purpose.
pub fn token(endpoint: &str, role: &str, region: &str, key: &Key, at: Timestamp, expires: u64) -> String {
    let date = at.strftime(DATE).to_string();
    let credential = format!("{}/{}/{region}/{SERVICE}/{TERMINATOR}", key.id, &date[..8]);
    let mut parameters = BTreeMap::from([
        ("Action", "connect".to_owned()),
        ("DBUser", role.to_owned()),
        ("X-Amz-Algorithm", ALGORITHM.to_owned()),
        ("X-Amz-Credential", credential),
        ("X-Amz-Date", date.clone()),
        ("X-Amz-Expires", expires.to_string()),
        ("X-Amz-SignedHeaders", "host".to_owned()),
    ]);
    if let Some(session_token) = &key.session_token {
        parameters.insert("X-Amz-Security-Token", session_token.clone());
    }
    let signature = signature(endpoint, &parameters, &date, region, &key.secret);
    format!("{endpoint}/?{}&X-Amz-Signature={signature}", canonical_query(&parameters))
}

// ---- the server

#[derive(Debug)]
struct Shared {
    region: String,
    keys: Vec<Key>,
    stopped: AtomicBool,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    endpoints: Vec<String>,
    log: Vec<String>,
    tokens: Vec<String>,
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("nothing panics while it holds this lock")
    }

    fn listen(self: &Arc<Self>, listener: &TcpListener) {
        for stream in listener.incoming() {
            if self.stopped.load(Ordering::SeqCst) {
                return;
            }
            let server = Arc::clone(self);
            thread::spawn(move || {
                let served = stream.and_then(|stream| server.serve(stream));
                // A client may just leave, instead of unbinding.
                if let Some(error) = served.err().filter(|error| error.kind() == ErrorKind::InvalidData) {
                    server.seen().log.push(format!("dropped: {error}"));
                }
            });
        }
    }

    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        loop {
            let message = content(MESSAGE, &mut stream)?;
            let mut message = message.as_slice();
            let id = content(INTEGER, &mut message)?;
            if id.len() > 4 {
                return Err(malformed("a message id beyond 32 bits"));
            }
            match element(&mut message)? {
                (BIND, bind) => stream.write_all(&self.bind(&id, &bind)?)?,
                (UNBIND, _) => return Ok(()),
                (tag, _) => return Err(malformed(&format!("operation {tag:#04x} is neither bind nor unbind"))),
            }
        }
    }

    /// The answer to a bind. It is in the log before the client can know it.
    fn bind(&self, id: &[u8], mut bind: &[u8]) -> io::Result<Vec<u8>> {
        let _version = content(INTEGER, &mut bind)?;
        let text = |octets: Vec<u8>| String::from_utf8_lossy(&octets).into_owned();
        let dn = text(content(OCTETS, &mut bind)?);
        let token = text(content(SIMPLE, &mut bind)?);
        let verdict = self.verify(&dn, &token, Timestamp::now());
        let mut seen = self.seen();
        let role = dn_role(&dn).unwrap_or(&dn);
        seen.log.push(match verdict {
            Ok(()) => format!("accepted {role}"),
            Err(reason) => format!("refused {role}: {reason}"),
        });
        seen.tokens.push(token);
        // PostgreSQL writes the reason into its log.
        let (code, reason) = verdict.map_or_else(|reason| (INVALID_CREDENTIALS, reason), |()| (SUCCESS, ""));
        let matched = "";
        let result =
            [encode(ENUMERATED, &[code]), encode(OCTETS, matched.as_bytes()), encode(OCTETS, reason.as_bytes())];
        Ok(encode(MESSAGE, &[encode(INTEGER, id), encode(BOUND, &result.concat())].concat()))
    }

    /// `Err` says in a word why not. The signature comes last, since it is wrong along with almost everything else.
    fn verify(&self, dn: &str, token: &str, now: Timestamp) -> Result<(), &'static str> {
        let role = dn_role(dn)?;
        let token = Token::parse(token)?;
        let user = token.get("DBUser")?;
        ensure(token.get("X-Amz-Algorithm")? == ALGORITHM, "algorithm")?;
        ensure(token.get("Action")? == "connect", "action")?;
        ensure(user == role || user == unescape(role), "role")?;
        ensure(self.seen().endpoints.iter().any(|endpoint| endpoint == token.endpoint), "endpoint")?;

        let scope: Vec<&str> = token.get("X-Amz-Credential")?.split('/').collect();
        let [id, day, region, service, terminator] = scope[..] else { return Err("credential") };
        let key = self.keys.iter().find(|key| key.id == id).ok_or("key")?;
        ensure(region == self.region, "region")?;
        ensure(service == SERVICE && terminator == TERMINATOR, "service")?;
        let session_token = token.parameters.get("X-Amz-Security-Token");
        ensure(session_token == key.session_token.as_ref(), "session-token")?;
        ensure(token.get("X-Amz-SignedHeaders")? == "host", "signed-headers")?;

        let date = token.get("X-Amz-Date")?;
        ensure(date.get(..8) == Some(day), "date")?;
        let at = DateTime::strptime(DATE, date).and_then(|at| at.to_zoned(TimeZone::UTC)).or(Err("date"))?.timestamp();
        let life = token.get("X-Amz-Expires")?.parse().or(Err("lifetime"))?;
        ensure((1..=LONGEST_LIFE).contains(&life), "lifetime")?;
        ensure(at.duration_since(now) <= SKEW, "future")?;
        ensure(now.duration_since(at) <= SignedDuration::from_secs(life), "expired")?;

        ensure(key.may_be.iter().any(|role| role == user), "policy")?;
        let expected = signature(token.endpoint, &token.parameters, date, region, &key.secret);
        ensure(token.signature == expected, "signature")
    }
}

fn ensure(holds: bool, otherwise: &'static str) -> Result<(), &'static str> {
    if holds { Ok(()) } else { Err(otherwise) }
}

/// The role as PostgreSQL puts it into the DN: as it is, nothing escaped.
fn dn_role(dn: &str) -> Result<&str, &'static str> {
    dn.strip_prefix(BEFORE_ROLE).and_then(|rest| rest.strip_suffix(AFTER_ROLE)).ok_or("dn")
}

/// The role as any other client puts it into the DN (RFC 4514): `\` and two hexadecimal digits are a byte, `\` and
/// another character are that character.
fn unescape(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    loop {
        let (byte, after) = match rest {
            [b'\\', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digits = String::from_iter([char::from(*high), char::from(*low)]);
                (u8::from_str_radix(&digits, 16).expect("two hexadecimal digits are a byte"), after)
            }
            [b'\\', byte, after @ ..] | [byte, after @ ..] => (*byte, after),
            [] => return String::from_utf8_lossy(&bytes).into_owned(),
        };
        bytes.push(byte);
        rest = after;
    }
}

// ---- tokens

/// `host:port/?name=value&…`, with the values decoded. `+` is a plus: Signature Version 4 knows no forms.
struct Token<'a> {
    endpoint: &'a str,
    /// Without the signature.
    parameters: BTreeMap<&'static str, String>,
    signature: String,
}

impl<'a> Token<'a> {
    fn parse(token: &'a str) -> Result<Self, &'static str> {
        let (endpoint, query) = token.split_once("/?").ok_or("token")?;
        let mut parameters = BTreeMap::new();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').ok_or("parameters")?;
            let name = PARAMETERS.into_iter().find(|known| *known == name).ok_or("parameters")?;
            let value = percent_decode_str(value).decode_utf8().or(Err("parameters"))?.into_owned();
            ensure(parameters.insert(name, value).is_none(), "parameters")?;
        }
        let signature = parameters.remove("X-Amz-Signature").ok_or("parameters")?;
        Ok(Self { endpoint, parameters, signature })
    }

    fn get(&self, name: &str) -> Result<&str, &'static str> {
        self.parameters.get(name).map(String::as_str).ok_or("parameters")
    }
}

/// Sorted by name, because the map is and because no name of ours needs encoding.
fn canonical_query(parameters: &BTreeMap<&str, String>) -> String {
    let pair = |(name, value): (&&str, &String)| format!("{name}={}", utf8_percent_encode(value, ENCODED));
    parameters.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// Signature Version 4 of a GET request for `/` without a body.
fn signature(endpoint: &str, parameters: &BTreeMap<&str, String>, date: &str, region: &str, secret: &str) -> String {
    let query = canonical_query(parameters);
    let body = hex(&Sha256::digest(""));
    let request = format!("GET\n/\n{query}\nhost:{endpoint}\n\nhost\n{body}");
    let scope = [&date[..8], region, SERVICE, TERMINATOR];
    let request = hex(&Sha256::digest(request));
    let text = format!("{ALGORITHM}\n{date}\n{}\n{request}", scope.join("/"));
    let key = scope.iter().fold(format!("AWS4{secret}").into_bytes(), |key, part| hmac(&key, part));
    hex(&hmac(&key, &text))
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    hmac.update(text.as_bytes());
    hmac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

// ---- BER, as much of it as a bind needs

fn malformed(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

/// The next element: its tag and what it holds.
fn element(from: &mut impl Read) -> io::Result<(u8, Vec<u8>)> {
    let mut header = [0; 2];
    from.read_exact(&mut header)?;
    let [tag, first] = header;
    let length = match first {
        0..=0x7f => usize::from(first),
        0x81..=0x84 => {
            let mut long = [0; 4];
            from.read_exact(&mut long[usize::from(0x84 - first)..])?;
            usize::try_from(u32::from_be_bytes(long)).unwrap_or(usize::MAX)
        }
        _ => return Err(malformed("a length of no or too many bytes")),
    };
    if length > LARGEST_MESSAGE {
        return Err(malformed(&format!("an element of {length} bytes")));
    }
    let mut content = vec![0; length];
    from.read_exact(&mut content)?;
    Ok((tag, content))
}

fn content(wanted: u8, from: &mut impl Read) -> io::Result<Vec<u8>> {
    match element(from)? {
        (tag, content) if tag == wanted => Ok(content),
        (tag, _) => Err(malformed(&format!("tag {tag:#04x} instead of {wanted:#04x}"))),
    }
}

fn encode(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).ok().filter(|length| *length < 0x80).expect("our answers are short");
    [&[tag, length], content].concat()
}
