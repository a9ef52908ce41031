//! The whole job over the real wire: Lambda's emulator, two databases that ask for tokens, a bucket.

use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::authority::Authority;
use super::instance::{DEV, Instance, PROD, REGION};
use super::{Environment, Said, tool};
use crate::support::bucket::{BUCKET, S3Server};
use crate::support::emulator::Emulator;
use crate::support::oracle::difference;
use crate::support::rds_iam::{Key, RdsIam};
use crate::support::server::{DumpOptions, majors, server};

const SHOP: &str = include_str!("../../migrator/demo/prod.sql");
const SHOP_TO_BE: &str = include_str!("../../migrator/demo/dev.sql");
const RENAME: &str = "column public.product.descr -> description";

/// The pipeline step as people have it.
const STEP: &str = r#"aws lambda invoke --function-name function response.json
status_code=$(grep -o '"statusCode": *[0-9]*' response.json | grep -o '[0-9]*')
if [ "$status_code" -ge 500 ]; then exit 1; fi"#;

/// The role in dev that comes with a password.
const WITH_PASSWORD: &str = "plain:s3cret-of-plain";

struct World {
    iam: RdsIam,
    authority: Authority,
    dev: Instance,
    prod: Instance,
    s3: S3Server,
}

impl World {
    fn new() -> Self {
        let s3 = S3Server::start(&tool("weed"));
        let writer = s3.keys.writer;
        let key = Key {
            id: writer.id.to_owned(),
            secret: writer.secret.to_owned(),
            session_token: None,
            may_be: vec!["deploy".to_owned(), "reader".to_owned()],
        };
        let iam = RdsIam::start(REGION, vec![key]);
        let authority = Authority::new();
        let dev = Instance::start(DEV, &authority, &iam);
        let prod = Instance::start(PROD, &authority, &iam);
        for (instance, script) in [(&dev, SHOP_TO_BE), (&prod, SHOP)] {
            let script = format!("set role deploy; {script}");
            let admin = instance.admin("shop");
            admin.run("alter schema public owner to deploy");
            admin.run(&script);
        }
        Self { iam, authority, dev, prod, s3 }
    }

    /// With a token for prod and, unless another address is given, a reader's for dev.
    fn function(&self, prod: &str) -> Emulator {
        self.function_for(&self.dev.url("reader", &self.authority), prod)
    }

    fn function_for(&self, dev: &str, prod: &str) -> Emulator {
        let writer = self.s3.keys.writer;
        let [id, secret] = writer.variables();
        let environment = [
            ("MIGRATOR_DEV", dev.to_owned()),
            ("MIGRATOR_PROD", prod.to_owned()),
            ("MIGRATOR_ARCHIVE", format!("s3://{BUCKET}/shop")),
            ("MIGRATOR_LOG", "trace".to_owned()),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ENDPOINT_URL_S3", self.s3.endpoint()),
            ("AWS_LAMBDA_FUNCTION_NAME", "migrator".to_owned()),
            id,
            secret,
        ];
        let binary = Path::new(env!("CARGO_BIN_EXE_migrator"));
        Emulator::start(&tool("rie"), binary, &["migrate"], &environment, 60)
    }

    fn prod_url(&self) -> String {
        self.prod.url("deploy", &self.authority)
    }

    fn aws(&self, folder: &TempDir) -> Command {
        let admin = self.s3.keys.admin;
        let programs = tool("cli").parent().expect("a folder").display().to_string();
        let environment = Environment::default()
            .key(admin.id, admin.secret)
            .with("AWS_DEFAULT_REGION", REGION)
            .with("PATH", format!("{programs}:/usr/bin:/bin"))
            .with("HOME", folder.path().display().to_string());
        let mut command = Command::new("sh");
        command.env_clear().envs(&environment.0).current_dir(folder.path()).arg("-euc");
        command
    }

    /// Runs the pipeline's step against a function.
    fn step(&self, function: &Emulator) -> (Said, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let said = Said::of(self.aws(&folder).env("AWS_ENDPOINT_URL", function.url()).arg(STEP));
        let response = std::fs::read_to_string(folder.path().join("response.json")).unwrap_or_default();
        (said, response)
    }

    /// That none of these texts holds a secret key, a signature or a password.
    fn holds_no_secret(&self, texts: Vec<String>) {
        let tokens = self.iam.tokens();
        assert!(!tokens.is_empty(), "nobody came with a token");
        let mut secrets = vec![self.s3.keys.writer.secret, "X-Amz-Signature", "Signature=", "s3cret"];
        secrets.extend(tokens.iter().map(|token| token.rsplit('=').next().unwrap_or_default()));
        for text in texts {
            for secret in &secrets {
                assert!(!text.contains(secret), "{secret} stands in\n{text}");
            }
        }
    }

    /// A revision, as it lies in the bucket.
    fn revision(&self, number: u32) -> Vec<u8> {
        let folder = tempfile::tempdir().expect("a folder");
        let copy = format!("aws s3 cp --quiet s3://{BUCKET}/shop/revisions/{number:06}.zip revision.zip");
        Said::of(self.aws(&folder).env("AWS_ENDPOINT_URL", self.s3.endpoint()).arg(copy)).succeeded();
        std::fs::read(folder.path().join("revision.zip")).expect("the revision")
    }
}

fn by_curl(function: &Emulator, event: &Value) -> Value {
    let url = format!("{}/2015-03-31/functions/function/invocations", function.url());
    let said = Said::of(Command::new("curl").args(["-sS", &url, "-d", &event.to_string()]));
    serde_json::from_str(said.succeeded()).unwrap_or_else(|_| panic!("no JSON: {}", said.stdout))
}

/// The texts in a zip.
fn files(zip: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).expect("a zip");
    let file = |at: usize| {
        let mut entry = archive.by_index(at).expect("an entry");
        let mut text = String::new();
        entry.read_to_string(&mut text).expect("text");
        (entry.name().expect("a name").into_owned(), text)
    };
    (0..zip::ZipArchive::new(Cursor::new(zip)).expect("a zip").len()).map(file).collect()
}

#[test]
#[ignore = "make test-aws"]
fn the_whole_job_over_the_real_wire() {
    let world = World::new();
    let function = world.function(&world.prod_url());
    let rows = "select (select count(*) from customer), (select count(*) from product)";
    let before = world.prod.admin("shop").query(rows);

    let event = json!({ "action": "plan", "renames": [RENAME] });
    let plan: Value = serde_json::from_str(&function.invoke(&event.to_string())).expect("JSON");
    assert_eq!(plan["statusCode"].as_u64(), Some(200), "{plan}");
    let event = json!({ "renames": [RENAME], "allow": ["all"], "idempotency_key": "deploy-7" });
    let done = by_curl(&function, &event);
    assert_eq!((done["statusCode"].as_u64(), done["body"]["status"].as_str()), (Some(200), Some("done")), "{done}");
    let again = by_curl(&function, &event);
    assert_eq!(again["body"]["status"].as_str(), Some("done_before"), "{again}");
    let (said, response) = world.step(&function);
    said.succeeded();
    assert!(response.contains("nothing_to_do"), "{response}");

    let dump = DumpOptions { owner: true, privileges: true };
    let desired = world.dev.admin("shop").dump(dump);
    world.prod.admin("shop").run("drop schema migrator cascade");
    assert_eq!(difference(&world.prod.admin("shop").dump(dump), &desired), None);
    assert_eq!(world.prod.admin("shop").query(rows), before, "rows were lost");

    let revision = files(&world.revision(1));
    let after = revision.iter().find(|(name, _)| name == "after.sql").map(|(_, sql)| sql).expect("after.sql");
    let rebuilt = server(majors()[0]).database("rebuilt");
    rebuilt.run(after);
    let bare = DumpOptions { owner: false, privileges: false };
    assert_eq!(difference(&rebuilt.dump(bare), &world.dev.admin("shop").dump(bare)), None);

    let answers = [plan.to_string(), done.to_string(), again.to_string(), response];
    let texts = revision.into_iter().map(|(_, text)| text).chain(answers).chain([function.log()]);
    world.holds_no_secret(texts.collect());
    let log = function.log();
    let lines = log.lines().filter(|line| line.starts_with('{'));
    let events: Vec<Value> = lines.map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    let has = |name: &str| events.iter().any(|event| event["event"] == name && event["requestId"].is_string());
    assert!(has("connected") && has("batch_done") && has("verified") && has("answered"), "{log}");
}

#[test]
#[ignore = "make test-aws"]
fn the_pipeline_stops_when_it_should() {
    let world = World::new();
    // Nothing listens there.
    let nowhere = world.prod_url().replacen(&format!(":{}", world.prod.port()), ":1", 1);
    let (said, response) = world.step(&world.function(&nowhere));
    assert_eq!(said.status, Some(1), "{response}");
    assert!(response.contains("503") && response.contains("connection-refused"), "{response}");
    let (said, response) = world.step(&world.function("postgresql://deploy@nonsense:port/x"));
    assert_eq!(said.status, Some(1), "{response}");
    assert!(response.contains("misconfigured"), "{response}");
    // A statement that fails.
    world.prod.admin("shop").run(
        "update customer set name = 'x' where id = 1; create table extra (a integer); insert into extra values (-1)",
    );
    world.prod.admin("shop").run("alter table extra owner to deploy");
    world.dev.admin("shop").run("set role deploy; create table extra (a integer check (a > 0))");
    let function = world.function_for(&world.dev.url(WITH_PASSWORD, &world.authority), &world.prod_url());
    let (said, response) = world.step(&function);
    assert_eq!(said.status, Some(1), "{response}");
    assert!(response.contains("statement-failed"), "{response}");
    world.holds_no_secret(vec![response, function.log(), format!("{said:?}")]);
}
