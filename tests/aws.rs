//! The product as it runs in AWS, against what stands in for it here: PostgreSQL over TLS that asks whether a token's
//! signature is right, an S3 server that verifies signatures, Lambda's own emulator.
//! `make test-aws` fetches these and runs the tests; `make test` leaves them out.

mod authority;
mod bucket;
mod faults;
mod iam;
mod image;
mod instance;
mod lambda;
mod tls;
mod unreliable;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A program that `tools/aws.sh` finds or fetches.
fn tool(name: &str) -> PathBuf {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tools/aws.sh");
    let output = Command::new(script).arg(name).stderr(Stdio::inherit()).output().expect("tools/aws.sh runs");
    assert!(output.status.success(), "tools/aws.sh {name} failed");
    PathBuf::from(String::from_utf8(output.stdout).expect("a path").trim())
}

/// What a process said.
#[derive(Debug)]
struct Said {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Said {
    fn of(command: &mut Command) -> Self {
        let output = command.stdin(Stdio::null()).output().expect("the process runs");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Self { status: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// That it failed, with this code and with these words.
    #[track_caller]
    fn failed(&self, code: &str, words: &[&str]) {
        assert!(self.status != Some(0), "it succeeded instead of {code}\n{}", self.stdout);
        assert!(self.stderr.contains(&format!("[{code}]")), "it is not {code}\n{}", self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "'{word}' is not in\n{}", self.stderr);
        }
    }

    #[track_caller]
    fn succeeded(&self) -> &str {
        assert_eq!(self.status, Some(0), "{}\n{}", self.stdout, self.stderr);
        &self.stdout
    }
}

/// The environment of a process, and nothing besides.
#[derive(Debug, Clone, Default)]
struct Environment(BTreeMap<&'static str, String>);

impl Environment {
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.insert(name, value.into());
        self
    }

    fn without(mut self, name: &'static str) -> Self {
        self.0.remove(name);
        self
    }

    fn key(self, id: &str, secret: &str) -> Self {
        self.with("AWS_ACCESS_KEY_ID", id).with("AWS_SECRET_ACCESS_KEY", secret)
    }

    /// Runs migrator's command line.
    fn migrator(&self, arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_migrator"));
        Said::of(command.env_clear().envs(&self.0).current_dir(std::env::temp_dir()).args(arguments))
    }
}
