//! The archive in a bucket of S3, and everything that a bucket can say against it.

use std::process::Command;
use std::time::{Duration, Instant};

use migrator::archive::bucket::{Bucket, BucketAddress, Timeouts};
use migrator::archive::store::{Store, StoreError};
use migrator::code::Code;

use super::unreliable::{Fault, Unreliable};
use super::{Environment, Said, tool};
use crate::run::store::behaves;
use crate::support::bucket::{ABSENT_BUCKET, BUCKET, DENIED_PREFIX, Key, S3Server};
use crate::support::server::{Database, majors, server};

fn environment(endpoint: &str, key: Key) -> Environment {
    let environment = Environment::default().with("AWS_REGION", "eu-central-1").with("AWS_ENDPOINT_URL_S3", endpoint);
    environment.key(key.id, key.secret)
}

/// Runs one test of this binary with variables that a process can only be born with.
fn born_with(environment: &Environment, test: &str) {
    let this = std::env::current_exe().expect("this binary");
    let arguments = ["--exact", test, "--ignored", "--nocapture"];
    let said = Said::of(Command::new(this).env_clear().envs(&environment.0).env("BORN_FOR", test).args(arguments));
    assert!(said.succeeded().contains("1 passed"), "{said:?}");
}

fn is_born_for(test: &str) -> bool {
    std::env::var("BORN_FOR").is_ok_and(|name| name == test)
}

fn address(prefix: &str) -> BucketAddress {
    format!("s3://{BUCKET}/{prefix}").parse().expect("an address")
}

#[tokio::test]
#[ignore = "make test-aws"]
async fn a_bucket_keeps_revisions() {
    let test = "aws::bucket::a_bucket_keeps_revisions";
    if is_born_for(test) {
        for prefix in ["", "shop/prod", "encrypted?sse=AES256", "kms?sse=aws:kms&kms_key=alias/archive"] {
            behaves(&Bucket::new(&address(prefix), Timeouts::default()).unwrap()).await;
        }
        return;
    }
    let s3 = S3Server::start(&tool("weed"));
    born_with(&environment(&s3.endpoint(), s3.keys.writer), test);
}

#[tokio::test]
#[ignore = "make test-aws"]
async fn nobody_waits_for_ever() {
    let test = "aws::bucket::nobody_waits_for_ever";
    if is_born_for(test) {
        let time = Duration::from_millis;
        let timeouts = Timeouts { connect: time(300), attempt: time(400), operation: time(1_000) };
        let bucket = Bucket::new(&address("x"), timeouts).unwrap();
        let start = Instant::now();
        for result in [bucket.get("HEAD").await.map(drop), bucket.put_new("HEAD", b"x").await] {
            let error = result.unwrap_err();
            assert!(matches!(error, StoreError::Bucket { code: Code::ArchiveTimeout, .. }), "{error:?}");
        }
        assert!(start.elapsed() < Duration::from_secs(20), "the silence lasts for 60 s: {:?}", start.elapsed());
        return;
    }
    let s3 = S3Server::start(&tool("weed"));
    let way = Unreliable::before(&s3.endpoint());
    way.next(&[Fault::Silent; 20]);
    born_with(&environment(&way.endpoint(), s3.keys.writer), test);
}

struct World {
    s3: S3Server,
    dev: Database,
    prod: Database,
}

impl World {
    fn new() -> Self {
        let server = server(majors()[0]);
        let (dev, prod) = (server.database("dev"), server.database("prod"));
        dev.run("create table one (a integer)");
        Self { s3: S3Server::start(&tool("weed")), dev, prod }
    }

    fn sync(&self, environment: &Environment, archive: &str) -> Said {
        environment.migrator(&["sync", "--dev", &self.dev.url, "--prod", &self.prod.url, "--archive", archive])
    }

    fn is_untouched(&self) -> bool {
        self.prod.query("select to_regclass('public.one') is null and to_regnamespace('migrator') is null") == [["t"]]
    }
}

#[test]
#[ignore = "make test-aws"]
fn a_chain_of_revisions_lives_in_a_bucket() {
    let world = World::new();
    let archive = format!("s3://{BUCKET}/shop");
    let environment = environment(&world.s3.endpoint(), world.s3.keys.writer);
    world.sync(&environment, &archive).succeeded();
    world.dev.run("create table two (b text)");
    world.sync(&environment, &archive).succeeded();
    let history = environment.migrator(&["history", "--archive", &archive]);
    assert_eq!(history.succeeded().matches("done").count(), 2, "{}", history.stdout);
    let shown = environment.migrator(&["show", "2", "--format", "sql", "--archive", &archive]);
    assert!(shown.succeeded().contains("two"), "{shown:?}");
    let url = ["--dev", &world.dev.url, "--prod", &world.prod.url, "--archive", &archive];
    environment.migrator(&[&["check"][..], &url].concat()).succeeded();
    // What the first revision left behind stands for dev.
    let back = environment.migrator(&["plan", "--dev", &format!("{archive}#1"), "--prod", &world.prod.url]);
    assert!(back.succeeded().contains("DROP TABLE public.two"), "{back:?}");
    // Somebody who may write puts something else in a revision's place.
    let admin = world.s3.keys.admin;
    let cli = Environment::default()
        .key(admin.id, admin.secret)
        .with("AWS_DEFAULT_REGION", "eu-central-1")
        .with("AWS_ENDPOINT_URL", world.s3.endpoint());
    let objects = format!("{archive}/revisions");
    let copy = ["s3", "cp", &format!("{objects}/000002.zip"), &format!("{objects}/000001.zip")];
    Said::of(Command::new(tool("cli")).env_clear().envs(&cli.0).args(copy)).succeeded();
    environment.migrator(&["history", "--archive", &archive]).failed("archive-damaged", &["revision 1"]);
}

#[test]
#[ignore = "make test-aws"]
fn what_a_bucket_refuses_is_said_before_prod_is_touched() {
    let world = World::new();
    let endpoint = world.s3.endpoint();
    let (writer, reader) = (world.s3.keys.writer, world.s3.keys.reader);
    let archive = format!("s3://{BUCKET}/shop");
    let refused = |environment: Environment, archive: &str, code: &str, words: &[&str]| {
        let said = world.sync(&environment, archive);
        said.failed(code, words);
        assert!(world.is_untouched(), "{code}: prod was touched");
        assert!(!said.stderr.contains("writer-secret") && !said.stderr.contains("Signature="), "{said:?}");
    };
    let good = || environment(&endpoint, writer);
    refused(good(), &format!("s3://{ABSENT_BUCKET}/shop"), "bucket-missing", &[ABSENT_BUCKET]);
    refused(good(), &format!("s3://{BUCKET}/{DENIED_PREFIX}"), "archive-denied", &["s3:PutObject"]);
    refused(environment(&endpoint, reader), &archive, "archive-denied", &["AccessDenied"]);
    let wrong = Key { secret: "wrong", ..writer };
    refused(environment(&endpoint, wrong), &archive, "credentials-refused", &["SignatureDoesNotMatch"]);
    let unknown = Key { id: "nobody", ..writer };
    refused(environment(&endpoint, unknown), &archive, "credentials-refused", &["InvalidAccessKeyId"]);
    refused(good().without("AWS_SECRET_ACCESS_KEY"), &archive, "credentials-missing", &["AWS_SECRET_ACCESS_KEY"]);
    refused(good().without("AWS_REGION"), &archive, "bucket-elsewhere", &["AWS_REGION"]);
    refused(environment("http://127.0.0.1:1", writer), &archive, "archive-unreachable", &["gateway endpoint"]);
    refused(environment("http://s3.example", writer), &archive, "endpoint-refused", &["https://"]);
    refused(good(), "s3://No_Bucket/x", "malformed-archive", &["No_Bucket"]);
    // The reader may read.
    environment(&endpoint, reader).migrator(&["history", "--archive", &archive]).succeeded();
}

#[test]
#[ignore = "make test-aws"]
fn a_way_that_fails_now_and_then_is_gone_again() {
    let world = World::new();
    let way = Unreliable::before(&world.s3.endpoint());
    let environment = environment(&way.endpoint(), world.s3.keys.writer);
    let archive = format!("s3://{BUCKET}/shop");
    way.next(&[Fault::Error(503), Fault::Error(500), Fault::Slow(Duration::from_millis(300))]);
    world.sync(&environment, &archive).succeeded();
    let history = |faults: &[Fault]| {
        way.next(faults);
        environment.migrator(&["history", "--archive", &archive])
    };
    assert!(history(&[Fault::Cut]).succeeded().contains("done"));
    assert!(history(&[Fault::Slow(Duration::from_secs(1))]).succeeded().contains("done"));
    history(&[Fault::Cut; 20]).failed("archive-cut", &["broke"]);
    history(&[Fault::Error(500); 20]).failed("archive-unreachable", &["500"]);
}

#[test]
#[ignore = "make test-aws"]
fn an_outcome_that_cannot_be_archived_is_archived_by_the_next_sync() {
    let world = World::new();
    let way = Unreliable::before(&world.s3.endpoint());
    let environment = environment(&way.endpoint(), world.s3.keys.writer).with("MIGRATOR_IDEMPOTENCY_KEY", "deploy-7");
    let archive = format!("s3://{BUCKET}/shop");
    way.refuse(Some("PUT /revisions/shop/revisions/000001.zip"));
    world.sync(&environment, &archive).failed("archive-unreachable", &["000001.zip", "applied", "CREATE TABLE"]);
    assert_eq!(world.prod.query("select to_regclass('public.one')"), [["one"]], "the work was done");
    let history = || environment.migrator(&["history", "--archive", &archive]);
    assert!(history().succeeded().contains("pending"), "{}", history().stdout);
    way.refuse(None);
    // The same request again: it was carried out, and what is missing is made up for.
    assert!(world.sync(&environment, &archive).succeeded().contains("carried out before"));
    assert!(!history().succeeded().contains("pending"), "{}", history().stdout);
    assert_eq!(
        environment
            .migrator(&["history", "--archive", &archive, "--format", "json"])
            .stdout
            .matches("\"outcome\": \"done\"")
            .count(),
        1
    );
}
