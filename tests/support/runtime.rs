//! Lambda's runtime API (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>), with a function behind it.
//! It is here for what AWS' own emulator does not do: the same request twice, a deadline that lies, the time until the
//! function asks for its first event. It never listens beyond 127.0.0.1.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

const PATIENCE: Duration = Duration::from_mins(1);

/// What Lambda hands to a function.
#[derive(Debug, Clone)]
pub struct Invocation {
    pub request_id: String,
    pub payload: String,
    /// Milliseconds since 1970.
    pub deadline: u128,
}

impl Invocation {
    pub fn new(request_id: &str, payload: &str) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
        let deadline = (now + Duration::from_mins(2)).as_millis();
        Self { request_id: request_id.to_owned(), payload: payload.to_owned(), deadline }
    }
}

/// A function under the runtime API. It is killed with the value.
#[derive(Debug)]
pub struct Function {
    process: Child,
    waiting: Arc<Mutex<VecDeque<Invocation>>>,
    answers: Receiver<(String, String)>,
}

impl Function {
    /// Starts the program, with these variables, PATH and what Lambda sets.
    pub fn start(binary: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("its address").to_string();
        let waiting = Arc::new(Mutex::new(VecDeque::new()));
        let (queue, (sender, answers)) = (Arc::clone(&waiting), channel());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (queue, sender) = (Arc::clone(&queue), sender.clone());
                thread::spawn(move || serve(stream, &queue, &sender).unwrap_or_default());
            }
        });
        let mut command = Command::new(binary);
        command.env_clear().args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("AWS_LAMBDA_RUNTIME_API", address);
        let lambda = ["FUNCTION_NAME", "FUNCTION_VERSION", "LOG_STREAM_NAME", "LOG_GROUP_NAME"];
        for name in lambda {
            command.env(format!("AWS_LAMBDA_{name}"), "migrator");
        }
        command.env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256").envs(environment.iter().copied());
        Self { process: command.spawn().expect("the function starts"), waiting, answers }
    }

    /// What comes of an invocation: the function's answer, or its error.
    pub fn invoke(&self, invocation: &Invocation) -> Value {
        self.waiting.lock().expect("nobody panics with it").push_back(invocation.clone());
        let (request_id, answer) = self.answers.recv_timeout(PATIENCE).expect("an answer");
        assert_eq!(request_id, invocation.request_id);
        serde_json::from_str(&answer).expect("JSON")
    }

    pub fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it ends");
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn serve(
    stream: TcpStream,
    queue: &Mutex<VecDeque<Invocation>>,
    sender: &Sender<(String, String)>,
) -> std::io::Result<()> {
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            if let Some(number) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = number.trim().parse().unwrap_or(0);
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let path = first.split(' ').nth(1).unwrap_or_default();
        if path.ends_with("/invocation/next") {
            let invocation = next(queue);
            let Invocation { request_id, payload, deadline } = &invocation;
            write!(
                writer,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nLambda-Runtime-Aws-Request-Id: {request_id}\r\n\
                 Lambda-Runtime-Deadline-Ms: {deadline}\r\nLambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-central-1:123456789012:function:migrator\r\n\r\n{payload}",
                payload.len()
            )?;
        } else {
            let request_id = path.split('/').nth_back(1).unwrap_or_default().to_owned();
            let _ = sender.send((request_id, String::from_utf8_lossy(&body).into_owned()));
            write!(writer, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")?;
        }
    }
}

fn next(queue: &Mutex<VecDeque<Invocation>>) -> Invocation {
    loop {
        if let Some(invocation) = queue.lock().expect("nobody panics with it").pop_front() {
            return invocation;
        }
        thread::sleep(Duration::from_millis(5));
    }
}
