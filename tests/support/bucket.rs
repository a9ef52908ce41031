//! A real S3 server on this machine: `SeaweedFS`, which verifies signatures and evaluates IAM policies.
//! It is here so that what S3 refuses (a second write, a wrong secret, a forbidden key) is refused by a server.
//! It never listens beyond 127.0.0.1, never reports to its makers, and keeps nothing.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::daemon::{Daemon, Program, post};

/// The bucket that is there from the start.
pub const BUCKET: &str = "revisions";
/// The writer and the reader may use this bucket as well, but nobody made it.
pub const ABSENT_BUCKET: &str = "absent";
/// Where the writer may do nothing, not even read.
pub const DENIED_PREFIX: &str = "denied/";

/// An access key.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub id: &'static str,
    pub secret: &'static str,
}

impl Key {
    /// The variables in which everybody looks for it.
    pub fn variables(self) -> [(&'static str, String); 2] {
        [("AWS_ACCESS_KEY_ID", self.id.to_owned()), ("AWS_SECRET_ACCESS_KEY", self.secret.to_owned())]
    }
}

/// Whom the server knows.
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    /// May do everything.
    pub admin: Key,
    /// May get, put and list, not delete; nothing under `DENIED_PREFIX`.
    pub writer: Key,
    /// May get and list.
    pub reader: Key,
}

const KEYS: Keys = Keys {
    admin: Key { id: "admin-key", secret: "admin-secret" },
    writer: Key { id: "writer-key", secret: "writer-secret" },
    reader: Key { id: "reader-key", secret: "reader-secret" },
};

/// Master, volume, filer and S3, each with a port for gRPC.
type Ports = [u16; 8];

/// The sockets that it leaves in /tmp, whatever TMPDIR says: whose, and which of the ports is in the name.
const SOCKETS: [(&str, usize); 4] = [("master", 1), ("volume", 3), ("filer", 5), ("s3", 7)];

/// A running server, gone with the value. It takes some two seconds to start.
#[derive(Debug)]
pub struct S3Server {
    pub keys: Keys,
    daemon: Daemon,
    port: u16,
}

impl S3Server {
    /// `weed` is the program of `SeaweedFS`: `tools/aws.sh weed`.
    pub fn start(weed: &Path) -> Self {
        // The server listens when it says that it starts.
        let signs = ["added volume server", "Start Seaweed S3 API Server"];
        let (daemon, ports) = Daemon::start(
            |ports, directory| program(weed, ports, directory),
            |_, log| signs.iter().all(|sign| log.contains(sign)),
        );
        let [_, _, _, _, filer, _, port, _] = ports;
        let server = Self { keys: KEYS, daemon, port };
        // A bucket is a directory of the filer, and the filer, unlike S3, wants no signature.
        match post(filer, &format!("/buckets/{BUCKET}/"), "", Duration::from_secs(30)) {
            Ok((201, _)) => server,
            answer => panic!("the bucket could not be made: {answer:?}\n{}", server.log()),
        }
    }

    /// The address, for `AWS_ENDPOINT_URL`.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What the server has printed so far.
    pub fn log(&self) -> String {
        self.daemon.log()
    }
}

/// `weed server` and not `weed mini`, which brings administration and workers along. A single master need not wait
/// for its peers; buckets are not made by writing to them; nobody is granted anything by an API.
fn program(weed: &Path, ports: Ports, directory: &Path) -> Program {
    std::fs::write(directory.join("s3.json"), configuration()).expect("the configuration can be written");
    let [master, master_grpc, volume, volume_grpc, filer, filer_grpc, s3, s3_grpc] = ports;
    let arguments = [
        "-logtostderr=true",
        "server",
        "-dir=.",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-master.peers=none",
        "-master.telemetry=false",
        "-volume.max=100",
        "-filer",
        "-filer.localSocket=filer.sock",
        "-s3",
        "-s3.config=s3.json",
        "-s3.localSocket=s3.sock",
        "-s3.autoCreateBucket=false",
        "-s3.iam=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        &format!("-master.port={master}"),
        &format!("-master.port.grpc={master_grpc}"),
        &format!("-volume.port={volume}"),
        &format!("-volume.port.grpc={volume_grpc}"),
        &format!("-filer.port={filer}"),
        &format!("-filer.port.grpc={filer_grpc}"),
        &format!("-s3.port={s3}"),
        &format!("-s3.port.grpc={s3_grpc}"),
    ];
    let socket = |(name, port): (&str, usize)| format!("/tmp/seaweedfs-{name}-grpc-{}.sock", ports[port]);
    Program {
        path: weed.to_owned(),
        arguments: arguments.map(str::to_owned).to_vec(),
        environment: vec![
            ("TMPDIR".to_owned(), directory.display().to_string()),
            // The key of sse=AES256. That of aws:kms is made by the local KMS when it is first asked for.
            ("WEED_S3_SSE_KEY".to_owned(), "throw-away".to_owned()),
        ],
        leftovers: SOCKETS.map(socket).to_vec(),
    }
}

/// <https://github.com/seaweedfs/seaweedfs/wiki/Amazon-S3-API>
fn configuration() -> String {
    let identity = |name: &str, key: Key| {
        let credentials = json!([{ "accessKey": key.id, "secretKey": key.secret }]);
        json!({ "name": name, "credentials": credentials, "policyNames": [name] })
    };
    let buckets = [BUCKET, ABSENT_BUCKET].map(|bucket| format!("arn:aws:s3:::{bucket}"));
    let objects = buckets.clone().map(|bucket| format!("{bucket}/*"));
    let denied = format!("arn:aws:s3:::{BUCKET}/{DENIED_PREFIX}*");
    let allow =
        |action: &str, resource: &[String]| json!({ "Effect": "Allow", "Action": action, "Resource": resource });
    let read = [allow("s3:GetObject", &objects), allow("s3:ListBucket", &buckets)];
    let write = [allow("s3:PutObject", &objects), json!({ "Effect": "Deny", "Action": "s3:*", "Resource": denied })];
    let policy = |name: &str, statements: &[serde_json::Value]| {
        let content = json!({ "Version": "2012-10-17", "Statement": statements });
        json!({ "name": name, "content": content.to_string() })
    };
    let mut admin = identity("admin", KEYS.admin);
    admin["actions"] = json!(["Admin"]);
    admin["policyNames"] = json!([]);
    json!({
        "identities": [admin, identity("writer", KEYS.writer), identity("reader", KEYS.reader)],
        "policies": [policy("writer", &[read.as_slice(), &write].concat()), policy("reader", &read)],
        "kms": { "default_provider": "local", "providers": { "local": { "type": "local", "enableOnDemandCreate": true } } },
    })
    .to_string()
}
