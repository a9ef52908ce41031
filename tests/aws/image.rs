//! The image: built from the Dockerfile without a Docker daemon, and run as Lambda and as the command line.
//! The base of the build stands in for Rust's: its `cargo` hands over the static binary that `make binary` has built.

use std::fs;
use std::net::{Ipv4Addr, UdpSocket};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use serde_json::Value;
use tempfile::TempDir;

use super::authority::Authority;
use super::instance::{DEV, Instance, PROD, REGION};
use super::{Environment, Said};
use crate::support::rds_iam::{Key, RdsIam};
use crate::support::runtime::{Function, Invocation};

/// Where the image's name server listens. Every resolver asks port 53.
const NAME_SERVER: Ipv4Addr = Ipv4Addr::new(127, 0, 53, 53);

const STAND_IN: &str = "FROM scratch\nENV PATH=/stand-in:/usr/bin:/bin\n";

/// `cargo build`, as far as the Dockerfile can tell.
const CARGO: &str = "#!/bin/sh\nset -eu\n[ \"$1\" = build ]\nout=target/$(uname -m)-unknown-linux-gnu/release\n\
    mkdir -p \"$out\"\ncp /stand-in/migrator \"$out/migrator\"\n";

/// Images and containers of this test alone.
struct Buildah {
    store: TempDir,
}

impl Buildah {
    fn command(&self) -> Command {
        let folder = |name: &str| self.store.path().join(name).display().to_string();
        let mut command = Command::new("buildah");
        command.args(["--root", &folder("root"), "--runroot", &folder("run"), "--storage-driver", "vfs"]);
        command
    }

    fn run(&self, arguments: &[&str]) -> String {
        Said::of(self.command().args(arguments)).succeeded().trim().to_owned()
    }

    fn build(&self) {
        let stand_in = self.store.path().join("stand-in");
        fs::create_dir(&stand_in).expect("a folder");
        fs::write(stand_in.join("Dockerfile"), STAND_IN).expect("a file");
        fs::write(stand_in.join("cargo"), CARGO).expect("a file");
        fs::set_permissions(stand_in.join("cargo"), fs::Permissions::from_mode(0o755)).expect("permissions");
        fs::copy(binary(), stand_in.join("migrator")).expect("the binary");
        let context = stand_in.display().to_string();
        self.run(&["bud", "--quiet", "--isolation", "chroot", "--pull-never", "-t", "rust-stand-in", &context]);
        let mounts = [
            format!("{context}:/stand-in:ro"),
            "/usr:/usr:ro".to_owned(),
            "/usr/bin:/bin:ro".to_owned(),
            "/usr/lib:/lib:ro".to_owned(),
            "/usr/lib64:/lib64:ro".to_owned(),
        ];
        let mut build = self.command();
        build.args(["bud", "--quiet", "--isolation", "chroot", "--pull-never", "-t", "migrator"]);
        build.args(["--build-arg", "RUST=localhost/rust-stand-in"]);
        build.args(mounts.iter().flat_map(|mount| ["-v", mount])).arg(env!("CARGO_MANIFEST_DIR"));
        Said::of(&mut build).succeeded();
    }

    /// A program that runs the image's in a new container, with the variables that it is given and these files in it.
    fn program(&self, files: &[(&Path, &str)]) -> PathBuf {
        let container = self.run(&["from", "--pull-never", "--dns", &NAME_SERVER.to_string(), "migrator"]);
        let program = self.store.path().join(format!("run-{container}"));
        let command = format!("{:?}", self.command()).replace('"', "'");
        let names = "env | sed -n 's/^\\(MIGRATOR_[A-Z_]*\\|AWS_[A-Z0-9_]*\\)=.*/\\1/p'";
        let mounts: String = files.iter().map(|(file, place)| format!("-v {}:{place}:ro ", file.display())).collect();
        let script = format!(
            "#!/bin/sh\nfor name in $({names}); do set -- --env \"$name=$(printenv $name)\" \"$@\"; done\n\
             exec {command} run --isolation chroot {mounts}\"$@\" {container} -- /migrator ${{ARGUMENT:-}}\n"
        );
        fs::write(&program, script).expect("a file");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("permissions");
        program
    }
}

fn binary() -> PathBuf {
    let name = std::env::var("IMAGE_BINARY").expect("IMAGE_BINARY names the static binary: run make test-aws");
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Says of every name that it is 127.0.0.1 (RFC 1035), until the process ends.
fn name_server() -> std::io::Result<()> {
    let socket = UdpSocket::bind((NAME_SERVER, 53))?;
    thread::spawn(move || {
        let mut query = [0; 512];
        while let Ok((length, client)) = socket.recv_from(&mut query) {
            let question = &query[12..length];
            let end = question.iter().position(|byte| *byte == 0).unwrap_or_default() + 5;
            let is_a = question.get(end - 3) == Some(&1);
            let mut answer = query[..2].to_vec();
            answer.extend([0x81, 0x80, 0, 1, 0, u8::from(is_a), 0, 0, 0, 0]);
            answer.extend(&question[..end]);
            if is_a {
                answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
            }
            let _ = socket.send_to(&answer, client);
        }
    });
    Ok(())
}

/// What keeps this test from running here, if anything does.
fn obstacle() -> Option<&'static str> {
    if Command::new("buildah").arg("--version").output().is_err() {
        return Some("buildah is not installed");
    }
    (Said::of(Command::new("id").arg("-u")).stdout.trim() != "0").then_some("it needs root: port 53, and chroot")
}

#[test]
#[ignore = "make test-aws"]
fn the_image_holds_one_binary_that_is_lambda_and_command_line() {
    if let Some(obstacle) = obstacle() {
        // make test-aws says so, too.
        println!("SKIPPED: {obstacle}");
        return;
    }
    name_server().expect("port 53");
    let buildah = Buildah { store: tempfile::tempdir().expect("a folder") };
    buildah.build();
    let config: Value = serde_json::from_str(&buildah.run(&["inspect", "--type", "image", "migrator"])).expect("JSON");
    let config = &config["OCIv1"]["config"];
    assert_eq!((config["User"].as_str(), config["Cmd"].is_null()), (Some("10001:10001"), true), "{config}");
    assert_eq!(config["Entrypoint"][0].as_str(), Some("/migrator"));
    let container = buildah.run(&["from", "--pull-never", "migrator"]);
    let root = PathBuf::from(buildah.run(&["mount", &container]));
    let mut names: Vec<_> = fs::read_dir(&root).expect("the image").flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    assert_eq!(names, ["migrator", "tmp"], "no shell, no library, nothing else");
    assert_eq!(fs::metadata(root.join("tmp")).expect("/tmp").permissions().mode() & 0o7777, 0o1777);
    let size = fs::metadata(root.join("migrator")).expect("the binary").len();
    assert!(size < 40_000_000, "{size} bytes");

    // Both databases by their names, which only the name server knows.
    let key = Key {
        id: "AKIAIMAGE".to_owned(),
        secret: "secret".to_owned(),
        session_token: None,
        may_be: vec!["deploy".to_owned()],
    };
    let iam = RdsIam::start(REGION, vec![key]);
    let authority = Authority::new();
    let (dev, prod) = (Instance::start(DEV, &authority, &iam), Instance::start(PROD, &authority, &iam));
    dev.admin("shop").run("create table one (a integer)");
    prod.admin("shop").run("alter schema public owner to deploy");
    let program = buildah.program(&[(&authority.file(), "/ca.pem")]);
    let version = Said::of(Command::new(&program).env("ARGUMENT", "--version"));
    assert_eq!(version.succeeded().trim(), concat!("migrator ", env!("CARGO_PKG_VERSION")));
    let url = |instance: &Instance| {
        instance.bare_url("deploy", instance.host()).replace("hostaddr=127.0.0.1", "sslrootcert=/ca.pem")
    };
    let environment = Environment::default()
        .key("AKIAIMAGE", "secret")
        .with("MIGRATOR_DEV", url(&dev))
        .with("MIGRATOR_PROD", url(&prod))
        .with("MIGRATOR_ARCHIVE", "/tmp/archive");
    let variables: Vec<(&str, &str)> = environment.0.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let function = Function::start(&program, &[], &variables);
    let answer = function.invoke(&Invocation::new("1", "{}"));
    assert_eq!(
        (answer["statusCode"].as_u64(), answer["body"]["status"].as_str()),
        (Some(200), Some("done")),
        "{answer}"
    );
    assert_eq!(prod.admin("shop").query("select to_regclass('public.one')"), [["one"]]);
    assert_eq!(iam.log().last().map(String::as_str), Some("accepted deploy"));
    let mut plan = Command::new(&program);
    let said = Said::of(plan.envs(variables).env("ARGUMENT", "plan"));
    assert!(said.succeeded().contains("in step") || said.stdout.contains("Nothing"), "{said:?}");
}
