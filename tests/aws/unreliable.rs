//! A way to a server on which things go wrong.

use std::collections::VecDeque;
use std::io::{Read, Write, copy};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What happens to a connection.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// Every answer is late by this.
    Slow(Duration),
    /// The server says that it cannot.
    Error(u16),
    /// As `Error(500)`, for requests that begin so.
    ErrorFor(&'static str),
    /// The answer breaks off after its head and a few bytes of its body.
    Cut,
    /// Nothing ever comes back.
    Silent,
    /// The answer begins, and nothing more of it ever comes.
    Halted,
    /// The request is carried out, and the connection is closed instead of an answer.
    Swallowed,
    /// None: one request, answered as it should be. It is here to be counted.
    Passed,
}

/// Passes connections on, after the faults that were asked for.
pub struct Unreliable {
    port: u16,
    faults: Arc<Mutex<VecDeque<Fault>>>,
    broken: Arc<Mutex<Option<&'static str>>>,
}

impl Unreliable {
    /// In front of `http://127.0.0.1:port`. It ends with the process.
    pub fn before(endpoint: &str) -> Self {
        let server: u16 = endpoint.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let faults = Arc::new(Mutex::new(VecDeque::new()));
        let broken = Arc::new(Mutex::new(None));
        let (queue, refused) = (Arc::clone(&faults), Arc::clone(&broken));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let refused = *refused.lock().expect("nobody panics with it");
                let fault = queue.lock().expect("nobody panics with it").pop_front();
                let fault = fault.or(refused.map(Fault::ErrorFor));
                // A client that goes away is what this is about.
                thread::spawn(move || serve(client, server, fault).unwrap_or_default());
            }
        });
        Self { port, faults, broken }
    }

    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on requests that begin so are answered with 500, all others as they should be.
    pub fn refuse(&self, requests: Option<&'static str>) {
        *self.broken.lock().expect("nobody panics with it") = requests;
    }

    /// How many of the faults have not happened.
    pub fn left(&self) -> usize {
        self.faults.lock().expect("nobody panics with it").len()
    }

    /// The next connections fare like this, those after them well.
    pub fn next(&self, faults: &[Fault]) {
        let mut queue = self.faults.lock().expect("nobody panics with it");
        queue.clear();
        queue.extend(faults);
    }
}

fn refuse(client: &mut TcpStream, status: u16) -> std::io::Result<()> {
    let body = "<Error><Code>InternalError</Code><Message>Try again.</Message></Error>";
    let length = body.len();
    write!(client, "HTTP/1.1 {status} Failed\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}

/// One request and its answer; then the connection is closed.
fn pass_on(client: &mut TcpStream, request: &[u8], server: u16) -> std::io::Result<()> {
    let mut upstream = TcpStream::connect((Ipv4Addr::LOCALHOST, server))?;
    upstream.write_all(request)?;
    let answer = message(&mut upstream)?;
    // Or the next request would come here too.
    let line = answer.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    client.write_all(&[&answer[..line], b"Connection: close\r\n", &answer[line..]].concat())
}

fn serve(mut client: TcpStream, server: u16, fault: Option<Fault>) -> std::io::Result<()> {
    match fault {
        Some(Fault::Error(status)) => {
            message(&mut client)?;
            return refuse(&mut client, status);
        }
        Some(Fault::ErrorFor(beginning)) => {
            let request = message(&mut client)?;
            let is_refused = request.starts_with(beginning.as_bytes());
            return if is_refused { refuse(&mut client, 500) } else { pass_on(&mut client, &request, server) };
        }
        Some(Fault::Silent) => return message(&mut client).map(|_| thread::sleep(Duration::from_mins(1))),
        Some(Fault::Passed) => {
            let request = message(&mut client)?;
            return pass_on(&mut client, &request, server);
        }
        Some(Fault::Swallowed) => {
            let request = message(&mut client)?;
            let mut upstream = TcpStream::connect((Ipv4Addr::LOCALHOST, server))?;
            upstream.write_all(&request)?;
            return message(&mut upstream).map(drop);
        }
        Some(Fault::Cut | Fault::Halted) => {
            let request = message(&mut client)?;
            let mut upstream = TcpStream::connect((Ipv4Addr::LOCALHOST, server))?;
            upstream.write_all(&request)?;
            let mut answer = vec![0; 1 << 16];
            let length = upstream.read(&mut answer)?;
            let head = answer.windows(4).position(|four| four == b"\r\n\r\n").map_or(length, |at| at + 4);
            client.write_all(&answer[..length.min(head + 10)])?;
            if matches!(fault, Some(Fault::Halted)) {
                thread::sleep(Duration::from_mins(5));
            }
            return Ok(());
        }
        Some(Fault::Slow(_)) | None => {}
    }
    let upstream = TcpStream::connect((Ipv4Addr::LOCALHOST, server))?;
    let (mut from_client, mut to_server) = (client.try_clone()?, upstream.try_clone()?);
    let sending = thread::spawn(move || {
        let _ = copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    let mut from_server = upstream;
    let mut some = [0; 1 << 14];
    loop {
        let length = from_server.read(&mut some)?;
        if length == 0 {
            break;
        }
        if let Some(Fault::Slow(time)) = fault {
            thread::sleep(time);
        }
        client.write_all(&some[..length])?;
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = sending.join();
    Ok(())
}

/// A whole request or answer: its head, and as much of a body as the head says.
fn message(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut some = [0; 1 << 14];
    loop {
        let length = client.read(&mut some)?;
        bytes.extend_from_slice(&some[..length]);
        let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
        let body = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
        if length == 0 || bytes.len() >= head + 4 + body {
            return Ok(bytes);
        }
    }
}
