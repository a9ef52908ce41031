//! A throw-away PostgreSQL cluster on this machine: created, started, used, removed.
//! It is here for the demo and the tests, which must not ask anybody to install and clean up a server.
//! It never outlives this process, never listens beyond 127.0.0.1, and never keeps what it was given.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use thiserror::Error;

/// Holds our end of its standard input: the kernel closes that end however we die, SIGKILL included, and the shell
/// then stops the server and removes the directory. Arguments: directory, programs, lines of postgresql.conf.
///
/// The signals are caught, not ignored, because a program would inherit "ignored". `kill -0` tells a dead server from
/// a living one only because waiting for `sleep` makes the shell reap it.
const WATCHDOG: &str = r#"
trap : HUP INT PIPE TERM
directory=$1 programs=$2 server=
shift 2
create() {
    "$programs/initdb" -D "$directory/data" -U postgres -A trust -E UTF8 --locale="$1" --no-sync </dev/null >/dev/null
}
start() {
    create C.UTF-8 || create C || { echo initdb; return; }
    printf '%s\n' "$@" >>"$directory/data/postgresql.conf"
    "$programs/postgres" -D "$directory/data" </dev/null >&2 &
    server=$! tries=0
    until grep -q '^ready' "$directory/data/postmaster.pid" 2>/dev/null; do
        sleep 0.05
        tries=$((tries + 1))
        kill -0 "$server" 2>/dev/null && [ "$tries" -lt 1200 ] || { echo postgres; return; }
    done
    echo ready
}
stop() {
    kill -s "$1" "$server" 2>/dev/null
    for _ in $(seq 100); do
        kill -0 "$server" 2>/dev/null || return 0
        sleep 0.05
    done
    return 1
}
start "$@"
read -r _
[ -z "$server" ] || stop INT || stop QUIT || stop KILL
rm -rf "$directory"
"#;

/// Durability is switched off: the data dies with the process anyway. The rest is room for tests (many locks in one
/// transaction, logical replication, prepared transactions) and sameness between machines. WAL stays small because
/// it may lie in memory.
const PARAMETERS: [(&str, &str); 12] = [
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("jit", "off"),
    ("listen_addresses", "127.0.0.1"),
    ("log_timezone", "UTC"),
    ("max_connections", "200"),
    ("max_locks_per_transaction", "1024"),
    ("max_prepared_transactions", "10"),
    ("max_wal_size", "256MB"),
    ("synchronous_commit", "off"),
    ("timezone", "UTC"),
    ("wal_level", "logical"),
];

/// A free port may be taken between our choice and the server's start.
const ATTEMPTS: usize = 5;
const GIBIBYTE_IN_KIBIBYTES: u64 = 1 << 20;
/// `sockaddr_un` holds 107 bytes: this leaves room for `/migrator-XXXXXX/.s.PGSQL.65535.lock`.
const LONGEST_PARENT: usize = 64;
const LOG_TAIL_LINES: usize = 30;

/// What may differ from one throw-away server to the next.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Lines of postgresql.conf, over the ones that every throw-away server gets.
    pub parameters: BTreeMap<String, String>,
}

/// A running cluster, stopped and removed on drop, and by a watchdog if this process dies without dropping it.
#[derive(Debug)]
pub struct Throwaway {
    directory: TempDir,
    port: u16,
    watchdog: Child,
}

#[derive(Debug, Error)]
pub enum ThrowawayError {
    #[error("PostgreSQL's initdb and postgres are not in {}", .directory.display())]
    Programs { directory: PathBuf, source: io::Error },
    #[error("PostgreSQL refuses to run as root, and this machine has neither an account postgres nor nobody")]
    Account,
    #[error("a directory for the throw-away server could not be made in {}", .parent.display())]
    Directory { parent: PathBuf, source: io::Error },
    #[error("no free port was found for the throw-away server")]
    Port { source: io::Error },
    #[error("the shell that watches over the throw-away server could not be run")]
    Watchdog { source: io::Error },
    #[error("initdb could not create the throw-away server:\n{log}")]
    Initdb { log: String },
    #[error("the throw-away server did not start:\n{log}")]
    Start { log: String },
}

impl Throwaway {
    /// Creates and starts a cluster with the programs in `programs`. Blocks for about a second.
    pub fn start(programs: &Path, settings: &Settings) -> Result<Self, ThrowawayError> {
        let programs = find_programs(programs)
            .map_err(|source| ThrowawayError::Programs { directory: programs.to_owned(), source })?;
        for _ in 1..ATTEMPTS {
            match Self::attempt(&programs, settings) {
                Err(ThrowawayError::Start { log }) if log.contains("could not bind") => {}
                result => return result,
            }
        }
        Self::attempt(&programs, settings)
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The directory of the Unix socket, and of all else that the server owns.
    pub fn socket_dir(&self) -> &Path {
        self.directory.path()
    }

    /// The address of a database, for its superuser. `database` stands in it as it is: escape it if it needs that.
    pub fn url(&self, database: &str) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The last lines of the server's log.
    pub fn log_tail(&self) -> String {
        let log = fs::read(log_path(self.directory.path())).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(LOG_TAIL_LINES)..].join("\n")
    }

    fn attempt(programs: &Path, settings: &Settings) -> Result<Self, ThrowawayError> {
        let port = free_port().map_err(|source| ThrowawayError::Port { source })?;
        let (directory, account) = make_directory()?;
        let log = make_log(directory.path(), account)
            .map_err(|source| ThrowawayError::Directory { parent: directory.path().to_owned(), source })?;
        let watchdog = watchdog(programs, directory.path(), account, log)
            .args(configuration(directory.path(), port, settings))
            .spawn()
            .map_err(|source| ThrowawayError::Watchdog { source })?;
        let mut server = Self { directory, port, watchdog };
        server.await_ready()?;
        Ok(server)
    }

    fn await_ready(&mut self) -> Result<(), ThrowawayError> {
        let mut word = String::new();
        if let Some(stdout) = self.watchdog.stdout.take() {
            BufReader::new(stdout).read_line(&mut word).map_err(|source| ThrowawayError::Watchdog { source })?;
        }
        match word.trim_end() {
            "ready" => Ok(()),
            "initdb" => Err(ThrowawayError::Initdb { log: self.log_tail() }),
            _ => Err(ThrowawayError::Start { log: self.log_tail() }),
        }
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        // The watchdog cannot be told anything more; TempDir removes what it may have left.
        let _ = self.watchdog.wait();
    }
}

/// Its own process group: Ctrl-C in a terminal reaches us, and the server only through us. Nothing of our
/// environment but PATH: our passwords and the variables that PostgreSQL reads are none of the server's business.
fn watchdog(programs: &Path, directory: &Path, account: Option<Account>, log: File) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", WATCHDOG, "migrator-watchdog"]).arg(directory).arg(programs);
    command.current_dir(directory).env_clear().env("LC_ALL", "C");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
    if let Some(Account { user, group }) = account {
        command.uid(user).gid(group);
    }
    command
}

fn configuration(directory: &Path, port: u16, settings: &Settings) -> Vec<String> {
    let mut parameters: BTreeMap<&str, String> =
        PARAMETERS.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    parameters.insert("port", port.to_string());
    parameters.insert("unix_socket_directories", directory.display().to_string());
    for (name, value) in &settings.parameters {
        parameters.insert(name, value.clone());
    }
    let quote = |value: &str| value.replace('\\', r"\\").replace('\'', "''");
    parameters.iter().map(|(name, value)| format!("{name} = '{}'", quote(value))).collect()
}

fn find_programs(directory: &Path) -> io::Result<PathBuf> {
    let directory = directory.canonicalize()?;
    for program in ["initdb", "postgres"] {
        fs::metadata(directory.join(program))?;
    }
    Ok(directory)
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// In memory where there is room for it. When we are root it belongs to the account that will run the server.
fn make_directory() -> Result<(TempDir, Option<Account>), ThrowawayError> {
    let parent = parent_directory();
    let failed = |source| ThrowawayError::Directory { parent: parent.clone(), source };
    let directory = tempfile::Builder::new().prefix("migrator-").tempdir_in(&parent).map_err(failed)?;
    // Whoever made a directory owns it, so its owner is who we are.
    if fs::metadata(directory.path()).map_err(failed)?.uid() != 0 {
        return Ok((directory, None));
    }
    let account = unprivileged_account().ok_or(ThrowawayError::Account)?;
    chown(directory.path(), Some(account.user), Some(account.group)).map_err(failed)?;
    Ok((directory, Some(account)))
}

fn parent_directory() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if free_kibibytes(&memory).is_some_and(|free| free >= GIBIBYTE_IN_KIBIBYTES) {
        return memory;
    }
    let temporary = std::env::temp_dir();
    if temporary.as_os_str().len() <= LONGEST_PARENT { temporary } else { PathBuf::from("/tmp") }
}

fn free_kibibytes(directory: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(directory).output().ok()?;
    String::from_utf8_lossy(&output.stdout).lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

fn make_log(directory: &Path, account: Option<Account>) -> io::Result<File> {
    let path = log_path(directory);
    let log = OpenOptions::new().append(true).create(true).open(&path)?;
    if let Some(Account { user, group }) = account {
        chown(&path, Some(user), Some(group))?;
    }
    Ok(log)
}

fn log_path(directory: &Path) -> PathBuf {
    directory.join("log")
}

#[derive(Debug, Clone, Copy)]
struct Account {
    user: u32,
    group: u32,
}

/// tools/postgres.sh makes the same choice.
fn unprivileged_account() -> Option<Account> {
    let passwd = fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|name| passwd.lines().find_map(|line| account_on(line, name)))
}

/// A line of passwd(5): `name:password:user:group:...`.
fn account_on(line: &str, name: &str) -> Option<Account> {
    let mut fields = line.strip_prefix(name)?.strip_prefix(':')?.split(':').skip(1).map(str::parse);
    Some(Account { user: fields.next()?.ok()?, group: fields.next()?.ok()? })
}
