//! One throw-away server per PostgreSQL version for the whole test binary, and fresh databases on it.
//! It is here so that a test begins with `server(18).database("column")` and has nothing to clean up.
//! It never connects to a server that it did not start.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

use migrator::throwaway::{Settings, Throwaway};

/// psql can separate with any string; these two do not occur in text that a test would write.
const FIELD: &str = "\u{1f}";
const RECORD: &str = "\u{1e}";
/// What `Database::query` shows for NULL, so that it differs from an empty string.
pub const NULL: &str = "<null>";

/// The PostgreSQL versions to test against: `PG=15,18`.
pub fn majors() -> Vec<u32> {
    let list = std::env::var("PG").unwrap_or_else(|_| "15,18".to_owned());
    list.split(',').map(|major| major.trim().parse().expect("PG is a list of major versions, such as 15,18")).collect()
}

/// The shared server of a version, started on first use. Statics are never dropped: its watchdog stops it when this
/// process ends.
pub fn server(major: u32) -> &'static Server {
    static SERVERS: [OnceLock<Server>; 100] = [const { OnceLock::new() }; 100];
    SERVERS[major as usize].get_or_init(|| Server::start(major, &Settings::default()))
}

/// Where the programs of a version are, for a server of its own.
pub fn programs(major: u32) -> PathBuf {
    resolve(&major.to_string())
}

#[derive(Debug)]
pub struct Server {
    pub major: u32,
    cluster: Throwaway,
}

impl Server {
    /// One that nobody shares. It stops with the value.
    pub fn start(major: u32, settings: &Settings) -> Self {
        Self::of(&major.to_string(), major, settings)
    }

    /// One that can ask an LDAP server about passwords.
    pub fn start_with_ldap(settings: &Settings) -> Self {
        Self::of("ldap", 15, settings)
    }

    fn of(programs: &str, major: u32, settings: &Settings) -> Self {
        let cluster = Throwaway::start(&resolve(programs), settings).unwrap_or_else(|error| panic!("{error}"));
        Self { major, cluster }
    }

    pub fn url(&self, database: &str) -> String {
        self.cluster.url(database)
    }

    pub fn port(&self) -> u16 {
        self.cluster.port()
    }

    /// The directory that the server's account owns.
    pub fn directory(&self) -> &Path {
        self.cluster.socket_dir()
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.directory().join("log")).expect("the server's log")
    }

    /// A database that is there, and goes with its server.
    pub fn existing(&self, name: &str) -> Database {
        Database { url: self.url(name), name: name.to_owned(), maintenance: None }
    }

    /// As whom a database is entered, and what then owns what is made there.
    pub fn url_of(&self, role: &str, database: &str) -> String {
        self.url(database).replacen("postgres@", &format!("{role}@"), 1)
    }

    /// A fresh database, its name beginning with `prefix`. It is dropped with the value.
    #[track_caller]
    pub fn database(&self, prefix: &str) -> Database {
        self.database_of("postgres", prefix)
    }

    /// One that belongs to a role.
    #[track_caller]
    pub fn database_of(&self, owner: &str, prefix: &str) -> Database {
        self.create(owner, prefix, "template0")
    }

    /// A copy of a database to which nobody is connected.
    #[track_caller]
    pub fn copy(&self, original: &Database) -> Database {
        self.create("postgres", &original.name, &original.name)
    }

    #[track_caller]
    fn create(&self, owner: &str, prefix: &str, template: &str) -> Database {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let prefix: String = prefix.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(40).collect();
        let name = format!("{}_{}", prefix.to_ascii_lowercase(), NUMBER.fetch_add(1, Ordering::Relaxed));
        // Copying files is faster than copying through WAL as long as nobody fsyncs. It came with 15; 14 knows no other.
        let strategy = if self.major >= 15 { "strategy file_copy" } else { "" };
        let maintenance = self.url("postgres");
        psql(&maintenance, &format!("create database \"{name}\" owner {owner} template {template} {strategy}"), &[])
            .unwrap_or_else(|error| panic!("{error}"));
        Database { url: self.url(&name), name, maintenance: Some(maintenance) }
    }
}

/// Whether a dump tells who owns what and who may do what.
#[derive(Debug, Clone, Copy)]
pub struct DumpOptions {
    pub owner: bool,
    pub privileges: bool,
}

#[derive(Debug)]
pub struct Database {
    pub url: String,
    pub name: String,
    /// From where it is dropped; nothing for one that goes with its server.
    maintenance: Option<String>,
}

impl Database {
    /// Runs a script as `psql -f` does: each statement in its own transaction, stopping at the first error.
    #[track_caller]
    pub fn run(&self, script: &str) {
        self.try_run(script).unwrap_or_else(|error| panic!("{error}\nin the script\n{script}"));
    }

    /// Runs a script that may fail; the error is what psql says, with the line.
    pub fn try_run(&self, script: &str) -> Result<(), String> {
        run_at(&self.url, script)
    }

    /// The rows of one query, as text; NULL is `<null>`.
    #[track_caller]
    pub fn query(&self, sql: &str) -> Vec<Vec<String>> {
        self.try_query(sql).unwrap_or_else(|error| panic!("{error}\nin the query\n{sql}"))
    }

    /// Those of a query that may fail.
    pub fn try_query(&self, sql: &str) -> Result<Vec<Vec<String>>, String> {
        let format = ["-A", "-t", "-F", FIELD, "-R", RECORD, "-P", &format!("null={NULL}")];
        let rows = psql(&self.url, sql, &format)?;
        // The last record ends with a newline, and no record prints nothing at all.
        let Some(rows) = rows.strip_suffix('\n') else { return Ok(Vec::new()) };
        Ok(rows.split(RECORD).map(|row| row.split(FIELD).map(str::to_owned).collect()).collect())
    }

    /// The schema as `pg_dump` writes it, less the lines that differ from one dump of the same schema to the next.
    #[track_caller]
    pub fn dump(&self, options: DumpOptions) -> String {
        static PG_DUMP: OnceLock<PathBuf> = OnceLock::new();
        let mut command = Command::new(PG_DUMP.get_or_init(|| resolve("pg_dump")));
        // The ledger is no part of anybody's schema.
        command.args(["--schema-only", "--exclude-schema=migrator"]).args((!options.owner).then_some("--no-owner"));
        command.args((!options.privileges).then_some("--no-privileges")).arg(&self.url);
        let dump = finish(&mut command).unwrap_or_else(|error| panic!("{error}"));
        let lasting = |line: &&str| !["\\restrict ", "\\unrestrict ", "-- Dumped "].iter().any(|p| line.starts_with(p));
        dump.lines().filter(lasting).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some(maintenance) = &self.maintenance else { return };
        let script = DROP.replace(":name", &self.name);
        // A replication slot stays active for a moment after its walsender was told to go.
        for _ in 0..20 {
            if psql(maintenance, &script, &[]).is_ok() {
                return;
            }
            sleep(Duration::from_millis(100));
        }
        eprintln!("the database {} could not be dropped; it goes with its server", self.name);
    }
}

/// `force` ends sessions, but not what stands in the way of DROP DATABASE by itself: subscriptions, prepared
/// transactions and active logical slots.
const DROP: &str = r"
select exists (select from pg_subscription join pg_database d on d.oid = subdbid where datname = ':name')
    or exists (select from pg_prepared_xacts where database = ':name') as in_the_way \gset
\if :in_the_way
    \connect :name
    select format('rollback prepared %L', gid) from pg_prepared_xacts where database = ':name' \gexec
    select format('alter subscription %I disable', subname),
           format('alter subscription %I set (slot_name = none)', subname),
           format('drop subscription %I', subname)
      from pg_subscription join pg_database d on d.oid = subdbid where datname = ':name' \gexec
    \connect postgres
\endif
do $$ begin perform pg_terminate_backend(active_pid) from pg_replication_slots where database = ':name' and active; end $$;
drop database if exists :name with (force);
";

/// Runs a script that may fail, at an address of its own: as another role.
pub fn run_at(url: &str, script: &str) -> Result<(), String> {
    psql(url, script, &[]).map(drop)
}

/// The script goes in as a file: psql names its lines in errors, and no pipe can fill up.
fn psql(url: &str, script: &str, options: &[&str]) -> Result<String, String> {
    static PSQL: OnceLock<PathBuf> = OnceLock::new();
    let input = file_of(script).expect("a temporary file can be written");
    let mut command = Command::new(PSQL.get_or_init(|| resolve("psql")));
    command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1"]).args(options).args(["-f", "-", "-d", url]).stdin(input);
    finish(&mut command)
}

fn file_of(script: &str) -> std::io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(script.as_bytes())?;
    file.rewind()?;
    Ok(file)
}

fn resolve(what: &str) -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/postgres.sh");
    PathBuf::from(finish(Command::new(script).arg(what)).unwrap_or_else(|error| panic!("{error}")).trim_end())
}

/// Standard output, or standard error if the program failed.
fn finish(command: &mut Command) -> Result<String, String> {
    let Output { status, stdout, stderr } = command.env_remove("PGOPTIONS").output().expect("the program can be run");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    if status.success() { Ok(text(stdout)) } else { Err(text(stderr)) }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::net::TcpStream;
    use std::process::Stdio;
    use std::time::Instant;

    use super::*;

    #[test]
    fn every_major_is_the_one_asked_for() {
        for major in majors() {
            let database = server(major).database("Version of/a server");
            let rows = database.query("select current_setting('server_version_num')::int / 10000, null, ''");
            assert_eq!(rows, [[major.to_string().as_str(), NULL, ""]]);
            assert!(database.query("select where false").is_empty());
            assert!(database.name.starts_with("version_of_a_server_"), "{}", database.name);
        }
    }

    #[test]
    fn scripts_are_run_in_autocommit_and_stop_at_the_first_error() {
        for major in majors() {
            let database = server(major).database("script");
            database.run("create table t (a int); create index concurrently on t (a);");
            let error = database.try_run("insert into t values (1);\nselect 1 / 0;\ninsert into t values (2);");
            assert!(error.as_ref().is_err_and(|error| error.contains("<stdin>:2")), "{error:?}");
            assert_eq!(database.query("select a from t"), [["1"]]);
        }
    }

    #[test]
    fn a_dump_is_the_same_twice_and_tells_owners_only_when_asked() {
        for major in majors() {
            let database = server(major).database("dump");
            database.run("create table t (); grant select on t to public");
            let quiet = DumpOptions { owner: false, privileges: false };
            let dump = database.dump(quiet);
            assert_eq!(dump, database.dump(quiet));
            assert!(dump.contains("CREATE TABLE public.t") && !dump.contains("GRANT") && !dump.contains("OWNER TO"));
            let dump = database.dump(DumpOptions { owner: true, privileges: true });
            assert!(dump.contains("GRANT SELECT") && dump.contains("OWNER TO postgres"));
        }
    }

    #[test]
    fn a_database_is_dropped_whatever_holds_it() {
        for major in majors() {
            let server = server(major);
            let publisher = server.database("publisher");
            publisher.run("create table t (a int primary key); create publication p for table t;");
            let subscriber = server.database("subscriber");
            let slot = format!("slot_of_{}", subscriber.name);
            publisher.run(&format!("select pg_create_logical_replication_slot('{slot}', 'pgoutput')"));
            subscriber.run(&format!(
                "create table t (a int primary key);
                create subscription {slot} connection '{}' publication p with (create_slot = false);
                begin; insert into t values (1); prepare transaction '{slot}';",
                publisher.url
            ));
            let names = [publisher.name.clone(), subscriber.name.clone()];
            drop(publisher);
            drop(subscriber);
            let rest = server.database("rest").query("select datname from pg_database");
            assert!(rest.iter().all(|row| !names.contains(&row[0])), "{names:?} are still among {rest:?}");
        }
    }

    /// This test is also the process that it kills: it runs itself, with `VICTIM` set.
    #[test]
    fn a_killed_process_leaves_no_server_behind() {
        const VICTIM: &str = "MIGRATOR_TEST_VICTIM";
        let major = majors()[0];
        if std::env::var_os(VICTIM).is_some() {
            let server = Throwaway::start(&resolve(&major.to_string()), &Settings::default()).expect("it starts");
            println!("\nvictim {} {}", server.port(), server.socket_dir().display());
            sleep(Duration::from_mins(1));
            return;
        }
        let (_, module) = module_path!().split_once("::").expect("a module of the test binary");
        let test = format!("{module}::a_killed_process_leaves_no_server_behind");
        let mut child = Command::new(std::env::current_exe().expect("its own path"))
            .args(["--exact", &test, "--nocapture"])
            .env(VICTIM, "1")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the test binary runs");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let line = lines.find(|line| line.starts_with("victim ")).expect("the victim says where its server is");
        let words: Vec<&str> = line.split(' ').collect();
        let (port, directory): (u16, _) = (words[1].parse().expect("a port"), Path::new(words[2]));
        TcpStream::connect(("127.0.0.1", port)).expect("its server runs");

        child.kill().expect("SIGKILL");
        child.wait().expect("it is dead");

        let start = Instant::now();
        while directory.exists() {
            assert!(start.elapsed() < Duration::from_secs(15), "{} is still there", directory.display());
            sleep(Duration::from_millis(20));
        }
        TcpStream::connect(("127.0.0.1", port)).expect_err("its server is gone");
    }
}
