//! A program of others that a test talks to over the network, on free ports of its own.
//! It is here so that `SeaweedFS` and Lambda's emulator are gone with the test process, however that ends.
//! It never hands on anything of our environment but PATH.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Holds our end of its standard input: the kernel closes that end however we die, SIGKILL included, and the shell
/// then kills all that is in its session. Not its process group: Lambda's emulator gives the function one of its own.
/// Arguments: directory, files to remove, the program and its arguments.
///
/// proc(5), stat: pid (name) state parent group session.
const WATCHDOG: &str = r#"
trap : HUP INT PIPE TERM
directory=$1 leftovers=$2
shift 2
{ "$@" </dev/null >>log 2>&1; echo "It ended with status $?." >>log; : >ended; } &
read -r _
kill_session() {
    found=
    for stat in /proc/[0-9]*/stat; do
        read -r line <"$stat" || continue
        set -- "${line%% *}" ${line##*) }
        [ "$5" = "$$" ] && [ "$1" != "$$" ] && [ "$2" != Z ] || continue
        kill -s KILL "$1"
        found=yes
    done 2>/dev/null
    [ -n "$found" ]
}
while kill_session; do sleep 0.01; done
rm -rf $leftovers "$directory"
"#;

/// A free port may be taken between our choice and the program's start.
const ATTEMPTS: usize = 5;
/// How Go's programs say so.
const TAKEN: &str = "address already in use";
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(20);
/// Long enough for a program to find its port taken and end.
const GRACE: Duration = Duration::from_millis(50);

/// What to run.
#[derive(Debug)]
pub struct Program {
    pub path: PathBuf,
    pub arguments: Vec<String>,
    /// All of its environment but PATH.
    pub environment: Vec<(String, String)>,
    /// Files that it leaves outside its directory when it is killed. No spaces in their names.
    pub leftovers: Vec<String>,
}

/// A running program, killed with all that it started on drop, and by a watchdog if this process dies before.
#[derive(Debug)]
pub struct Daemon {
    directory: TempDir,
    watchdog: Child,
}

impl Daemon {
    /// Starts what `program` says for free ports of 127.0.0.1 and a directory, the program's working directory, and
    /// waits until it is `ready`, which is told the ports and what the program has printed so far.
    pub fn start<const PORTS: usize>(
        program: impl Fn([u16; PORTS], &Path) -> Program,
        ready: impl Fn([u16; PORTS], &str) -> bool,
    ) -> (Self, [u16; PORTS]) {
        let mut log = String::new();
        for _ in 0..ATTEMPTS {
            let ports = free_ports();
            let directory = tempfile::Builder::new().prefix("migrator-").tempdir().expect("a temporary directory");
            let program = program(ports, directory.path());
            let daemon = Self::spawn(directory, &program);
            if daemon.becomes_ready(|log| ready(ports, log)) {
                return (daemon, ports);
            }
            log = daemon.log();
            if !log.contains(TAKEN) {
                break;
            }
        }
        panic!("it did not start:\n{log}");
    }

    /// What the program has printed so far, on standard output and standard error.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.directory.path().join("log")).expect("its log can be read")).into_owned()
    }

    /// A session of its own: Ctrl-C in a terminal reaches us, and the program only through us.
    fn spawn(directory: TempDir, program: &Program) -> Self {
        let log = File::options().append(true).create(true).open(directory.path().join("log"));
        let watchdog = Command::new("setsid")
            .args(["/bin/sh", "-c", WATCHDOG, "migrator-watchdog"])
            .arg(directory.path())
            .arg(program.leftovers.join(" "))
            .arg(std::path::absolute(&program.path).expect("a path"))
            .args(&program.arguments)
            .current_dir(directory.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(program.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log.expect("its log can be made"))
            .spawn()
            .expect("setsid (util-linux) runs");
        Self { directory, watchdog }
    }

    fn becomes_ready(&self, ready: impl Fn(&str) -> bool) -> bool {
        let start = Instant::now();
        while !self.has_ended() && start.elapsed() < PATIENCE {
            if ready(&self.log()) {
                // Whoever took our port answers there too.
                sleep(GRACE);
                return !self.has_ended();
            }
            sleep(PAUSE);
        }
        false
    }

    fn has_ended(&self) -> bool {
        self.directory.path().join("ended").exists()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        // The watchdog cannot be told anything more; TempDir removes what it may have left.
        let _ = self.watchdog.wait();
    }
}

/// The answer to one POST: its status and its body. By HTTP/1.0 the body comes in one piece, to the connection's end.
pub fn post(port: u16, path: &str, body: &str, patience: Duration) -> io::Result<(u16, String)> {
    let request = format!("POST {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(patience))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let parts = answer.split_once("\r\n\r\n").and_then(|(head, body)| {
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, body.to_owned()))
    });
    parts.ok_or_else(|| io::Error::other(format!("no answer of HTTP: {answer:?}")))
}

/// All are held until all are chosen: no two are the same.
fn free_ports<const PORTS: usize>() -> [u16; PORTS] {
    let held = [(); PORTS].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port"));
    held.map(|listener| listener.local_addr().expect("its address").port())
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::{BufRead, BufReader};

    use super::*;

    fn shell(script: &str) -> Program {
        Program {
            path: PathBuf::from("/bin/sh"),
            arguments: vec!["-c".to_owned(), script.to_owned()],
            environment: vec![("GIVEN".to_owned(), "a b".to_owned())],
            leftovers: Vec::new(),
        }
    }

    #[test]
    fn a_program_gets_nothing_of_our_environment() {
        let (daemon, []) =
            Daemon::start(|[], _| shell("env; echo ready; exec sleep 60"), |[], log| log.ends_with("ready\n"));
        let log = daemon.log();
        // PWD, SHLVL and _ are of the shell's own making.
        let names = log.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name);
        let names: Vec<&str> = names.filter(|name| !["PWD", "OLDPWD", "SHLVL", "_"].contains(name)).collect();
        assert!(names.len() == 2 && names.contains(&"PATH") && log.contains("GIVEN=a b\n"), "{log}");
    }

    #[test]
    fn taken_ports_are_chosen_again() {
        let seen = RefCell::new(Vec::new());
        let program = |ports: [u16; 2], _: &Path| {
            seen.borrow_mut().push(ports);
            let first = "echo 'listen tcp: bind: address already in use'; exit 1";
            shell(if seen.borrow().len() == 1 { first } else { "echo ready; exec sleep 60" })
        };
        // Ready at once: as if the one who took the port answered.
        let (daemon, ports) = Daemon::start(program, |_, log| !log.is_empty());
        assert_eq!(seen.borrow().len(), 2);
        assert_eq!(seen.borrow()[1], ports);
        assert_eq!(daemon.log(), "ready\n");
    }

    #[test]
    #[should_panic(expected = "it did not start:\nwhat is this\nIt ended with status 3.")]
    fn a_program_that_ends_is_not_waited_for() {
        Daemon::start(|[], _| shell("echo what is this; exit 3"), |[], _| false);
    }

    /// This test is also the process that it kills: it runs itself, with `VICTIM` set. `timeout` does what Lambda's
    /// emulator does: it makes a process group of its own.
    #[test]
    fn a_killed_process_leaves_nothing_behind() {
        const VICTIM: &str = "MIGRATOR_TEST_VICTIM_OF_DAEMON";
        if let Some(leftover) = std::env::var_os(VICTIM) {
            let leftover = leftover.into_string().expect("UTF-8");
            let script = format!("touch {leftover}; timeout 90 sleep 90 & echo ready $! $PPID; wait");
            let program = |[]: [u16; 0], _: &Path| Program { leftovers: vec![leftover.clone()], ..shell(&script) };
            let (daemon, []) = Daemon::start(program, |[], log| log.contains("ready"));
            println!("\nvictim {} {}", daemon.directory.path().display(), daemon.log().replace('\n', " "));
            sleep(Duration::from_mins(1));
            return;
        }
        let scratch = tempfile::tempdir().expect("a temporary directory");
        let leftover = scratch.path().join("leftover");
        let (_, module) = module_path!().split_once("::").expect("a module of the test binary");
        let mut child = Command::new(std::env::current_exe().expect("its own path"))
            .args(["--exact", &format!("{module}::a_killed_process_leaves_nothing_behind"), "--nocapture"])
            .env(VICTIM, &leftover)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the test binary runs");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let line = lines.find(|line| line.starts_with("victim ")).expect("the victim says what runs");
        let words: Vec<&str> = line.split_whitespace().collect();
        // Of a dead process that nobody has waited for, an empty command line is left.
        let runs = |id: &&str| fs::read(Path::new("/proc").join(id).join("cmdline")).is_ok_and(|line| !line.is_empty());
        let left = || -> Vec<&str> {
            let files =
                [words[1], leftover.to_str().expect("UTF-8")].into_iter().filter(|path| Path::new(path).exists());
            files.chain(words[3..].iter().copied().filter(runs)).collect()
        };
        assert_eq!(left().len(), 4, "{line}");

        child.kill().expect("SIGKILL");
        child.wait().expect("it is dead");

        let start = Instant::now();
        while !left().is_empty() {
            assert!(start.elapsed() < Duration::from_secs(15), "{:?} are still there", left());
            sleep(PAUSE);
        }
    }
}
