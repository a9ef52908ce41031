//! A proxy between migrator and a server, at which things go wrong at a chosen message.
//! It is here because a crash between two lines of a program is rare by chance and cheap by choice. It counts what changes
//! something: statements, and rows of the ledger. Never alters a message.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::server::{Database, Server};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The process dies before the message goes out, with the message on its way, or with the answer.
    KilledBefore,
    KilledDuring,
    KilledAfter,
    /// The connection breaks before the message, or before its answer.
    CutBefore,
    CutAfter,
    /// The server ends the session while it carries out the message.
    Terminated,
    /// Another process of the server dies, so that it ends all sessions and recovers. For a server that nobody shares.
    Crashed,
    /// The process stands still for a moment, as Lambda does between two invocations.
    Frozen,
    /// The network stands still for a moment.
    Stalled,
}

impl Fault {
    /// Those that no run survives.
    pub const BREAKING: [Self; 6] =
        [Self::KilledBefore, Self::KilledDuring, Self::KilledAfter, Self::CutBefore, Self::CutAfter, Self::Terminated];
}

const MOMENT: Duration = Duration::from_millis(150);

/// From which message on are counted: the first row of the ledger.
const BEGINS: &str = "insert into migrator.runs";
const LEDGER: &str = "migrator.";

#[derive(Debug, Default)]
struct State {
    begun: bool,
    /// The messages since then that change something.
    messages: u32,
    armed: Option<(u32, Fault)>,
    struck: bool,
    victim: Option<Child>,
}

#[derive(Debug)]
struct Shared {
    server: u16,
    /// Where sessions are ended from, and of which database.
    maintenance: Database,
    database: String,
    state: Mutex<State>,
    closed: AtomicBool,
}

/// Listens until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

impl Proxy {
    pub fn start(server: &Server, prod: &Database) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let shared = Arc::new(Shared {
            server: server.port(),
            maintenance: server.existing("postgres"),
            database: prod.name.clone(),
            state: Mutex::default(),
            closed: AtomicBool::new(false),
        });
        let of_listener = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if of_listener.closed.load(Ordering::Relaxed) {
                    return;
                }
                let shared = Arc::clone(&of_listener);
                thread::spawn(move || serve(&client, &shared));
            }
        });
        Self { port, shared }
    }

    /// The address of prod by way of the proxy.
    pub fn url(&self, prod: &Database) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/{}", self.port, prod.name)
    }

    /// Runs a command to its end, which may come with the fault. Tells how it ended (nothing if it was killed), how many
    /// messages changed something, and whether the fault happened.
    pub fn run(&self, command: &mut Command, armed: Option<(u32, Fault)>) -> (Option<i32>, u32, bool) {
        let mut state = self.shared.state.lock().unwrap();
        let victim = command.spawn().expect("migrator runs");
        *state = State { armed, victim: Some(victim), ..State::default() };
        loop {
            let status = state.victim.as_mut().and_then(|victim| victim.try_wait().expect("a child of ours"));
            if let Some(status) = status {
                state.victim = None;
                return (status.code(), state.messages, state.struck);
            }
            drop(state);
            thread::sleep(Duration::from_millis(3));
            state = self.shared.state.lock().unwrap();
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Relaxed);
        // Wakes the listener.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

/// One session. What goes wrong with the answer, the thread that passes answers on does.
fn serve(client: &TcpStream, shared: &Arc<Shared>) {
    let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, shared.server)) else { return };
    // Small messages would wait for each other's acknowledgements.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let answer = Arc::new(Mutex::new(None::<Fault>));
    let (Ok(mut from), Ok(mut to)) = (server.try_clone(), client.try_clone()) else { return };
    let (of_answers, at_answer) = (Arc::clone(shared), Arc::clone(&answer));
    let answers = thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            if let Some(fault) = *at_answer.lock().unwrap() {
                if fault == Fault::KilledAfter {
                    kill(&of_answers);
                }
                break;
            }
            if to.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
        let _ = from.shutdown(Shutdown::Both);
    });
    let _ = pass_on(client, &server, shared, &answer);
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
    let _ = answers.join();
}

fn kill(shared: &Shared) {
    if let Some(victim) = &mut shared.state.lock().unwrap().victim {
        // It may have ended by itself.
        let _ = victim.kill();
    }
}

/// Those of the victim.
fn sessions(shared: &Shared) -> String {
    format!("from pg_stat_activity where datname = '{}' and application_name like 'migrator/%'", shared.database)
}

fn signal(shared: &Shared, name: &str) {
    let victim = shared.state.lock().unwrap().victim.as_ref().map(Child::id);
    if let Some(id) = victim {
        let _ = Command::new("kill").args([name, &id.to_string()]).status();
    }
}

/// From the client to the server, message by message, until one of them is gone
/// (<https://www.postgresql.org/docs/current/protocol-message-formats.html>).
fn pass_on(
    mut client: &TcpStream,
    mut server: &TcpStream,
    shared: &Shared,
    answer: &Mutex<Option<Fault>>,
) -> std::io::Result<()> {
    let mut started = false;
    let mut prepared: HashMap<Vec<u8>, bool> = HashMap::new();
    let mut bound = false;
    loop {
        let mut head = vec![0; if started { 5 } else { 4 }];
        client.read_exact(&mut head)?;
        let length = u32::from_be_bytes(head[head.len() - 4..].try_into().expect("four bytes"));
        let mut body = vec![0; length as usize - 4];
        client.read_exact(&mut body)?;
        let message = [head.clone(), body.clone()].concat();
        if !started {
            // What is no request for encryption begins the session.
            started = !(body.starts_with(&[0x04, 0xd2, 0x16, 0x2f]) || body.starts_with(&[0x04, 0xd2, 0x16, 0x30]));
            server.write_all(&message)?;
            continue;
        }
        let text = String::from_utf8_lossy(&body);
        let mut parts = body.split(|byte| *byte == 0);
        let counts = match head[0] {
            b'P' => {
                prepared.insert(parts.next().unwrap_or_default().to_vec(), text.contains(LEDGER));
                false
            }
            b'B' => {
                bound = parts.nth(1).and_then(|name| prepared.get(name)).copied().unwrap_or(false);
                false
            }
            b'E' => bound,
            // What only reads is written in small letters.
            b'Q' => !text.trim_start().starts_with("select") && !text.trim_start().starts_with("with"),
            _ => false,
        };
        let fault = {
            let mut state = shared.state.lock().unwrap();
            state.begun |= text.contains(BEGINS);
            state.messages += u32::from(counts && state.begun);
            let due = state.armed.filter(|(at, _)| counts && *at == state.messages && state.begun && !state.struck);
            state.struck |= due.is_some();
            due.map(|(_, fault)| fault)
        };
        match fault {
            None => server.write_all(&message)?,
            Some(Fault::KilledBefore) => {
                kill(shared);
                return Ok(());
            }
            Some(Fault::KilledDuring) => {
                server.write_all(&message)?;
                kill(shared);
                return Ok(());
            }
            Some(Fault::CutBefore) => return Ok(()),
            Some(fault @ (Fault::KilledAfter | Fault::CutAfter)) => {
                *answer.lock().unwrap() = Some(fault);
                server.write_all(&message)?;
            }
            Some(Fault::Terminated) => {
                server.write_all(&message)?;
                shared.maintenance.run(&format!("select pg_terminate_backend(pid) {}", sessions(shared)));
            }
            Some(Fault::Crashed) => {
                server.write_all(&message)?;
                for row in shared.maintenance.query(&format!("select pid {}", sessions(shared))) {
                    let _ = Command::new("kill").args(["-KILL", &row[0]]).status();
                }
                // The server notices in a moment.
                thread::sleep(MOMENT);
                while shared.maintenance.try_run("select 1").is_err() {
                    thread::sleep(MOMENT);
                }
                return Ok(());
            }
            Some(Fault::Frozen) => {
                signal(shared, "-STOP");
                server.write_all(&message)?;
                thread::sleep(MOMENT);
                signal(shared, "-CONT");
            }
            Some(Fault::Stalled) => {
                thread::sleep(MOMENT);
                server.write_all(&message)?;
            }
        }
    }
}
