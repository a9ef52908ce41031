//! AWS' own emulator of Lambda's runtime interface, running a program as its function.
//! It is here so that the runtime API, time-outs and restarts are those of AWS and not of our making.
//! It never listens beyond 127.0.0.1, and never gives it two events at once: it would crash.

use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::daemon::{Daemon, Program, post};

/// The emulator knows one function, by this name.
const INVOCATIONS: &str = "/2015-03-31/functions/function/invocations";
/// What an answer may take over the function's own limit: starting it, and ending it.
const OVERHEAD: Duration = Duration::from_secs(30);

/// A running emulator, gone with the value, its function as well.
#[derive(Debug)]
pub struct Emulator {
    daemon: Daemon,
    port: u16,
    patience: Duration,
    turn: Mutex<()>,
}

impl Emulator {
    /// `rie` is the emulator (`tools/aws.sh rie`), `binary` the function. It is started with the first event, with
    /// `environment`, PATH and what Lambda sets; the last of its arguments is its `_HANDLER`.
    pub fn start(
        rie: &Path,
        binary: &Path,
        arguments: &[&str],
        environment: &[(&str, String)],
        timeout_seconds: u32,
    ) -> Self {
        let binary = std::path::absolute(binary).expect("a path").into_os_string().into_string().expect("UTF-8");
        let program = |[port, api]: [u16; 2], _: &Path| {
            let own = [
                format!("--runtime-interface-emulator-address=127.0.0.1:{port}"),
                format!("--runtime-api-address=127.0.0.1:{api}"),
                binary.clone(),
            ];
            let given = environment.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
            let limit = ("AWS_LAMBDA_FUNCTION_TIMEOUT".to_owned(), timeout_seconds.to_string());
            Program {
                path: rie.to_owned(),
                arguments: own.into_iter().chain(arguments.iter().map(|&argument| argument.to_owned())).collect(),
                environment: given.chain([limit]).collect(),
                leftovers: Vec::new(),
            }
        };
        let listens = |port: u16| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
        let (daemon, [port, _]) = Daemon::start(program, |ports, _| ports.into_iter().all(listens));
        let patience = Duration::from_secs(timeout_seconds.into()) + OVERHEAD;
        Self { daemon, port, patience, turn: Mutex::new(()) }
    }

    /// The address, for `aws lambda invoke --endpoint-url` (with `--function-name function`). Whoever uses it sees to
    /// it that nobody else sends an event meanwhile.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What came of one event: the function's answer, its error (an object with `errorType`), or, as plain text,
    /// `Task timed out after 5.00 seconds`. The emulator's status tells no more: it is 200 for most errors, too.
    #[track_caller]
    pub fn invoke(&self, payload: &str) -> String {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        match post(self.port, INVOCATIONS, payload, self.patience) {
            Ok((_, answer)) => answer,
            Err(error) => panic!("the emulator gave no answer: {error}\n{}", self.log()),
        }
    }

    /// What the emulator and the function have printed so far.
    pub fn log(&self) -> String {
        self.daemon.log()
    }
}
