//! Who gets in with a token, and what the others are told.

use jiff::{SignedDuration, Timestamp};

use super::authority::Authority;
use super::instance::{Instance, PROD, REGION};
use super::{Environment, Said};
use crate::support::rds_iam::{Key, RdsIam, token};

const SECRET: &str = "the-secret-of-the-key";
const SESSION: &str = "the+session/token==of-the-role";

fn keys() -> Vec<Key> {
    let may_be = || ["deploy", "svc+a&b", "plain"].map(str::to_owned).to_vec();
    let key = |id: &str, session_token: Option<&str>| Key {
        id: id.to_owned(),
        secret: SECRET.to_owned(),
        session_token: session_token.map(str::to_owned),
        may_be: may_be(),
    };
    vec![key("AKIAUSER", None), key("ASIAROLE", Some(SESSION))]
}

struct World {
    iam: RdsIam,
    authority: Authority,
    prod: Instance,
}

impl World {
    fn new() -> Self {
        let iam = RdsIam::start(REGION, keys());
        let authority = Authority::new();
        let prod = Instance::start(PROD, &authority, &iam);
        Self { iam, authority, prod }
    }

    fn url(&self, role: &str) -> String {
        self.prod.url(role, &self.authority)
    }

    /// Reads the schema, and sees to it that nothing secret is said, whatever is logged.
    fn snapshot(&self, environment: &Environment, url: &str) -> Said {
        let said = environment.clone().with("MIGRATOR_LOG", "trace").migrator(&["snapshot", url]);
        let secrets = [SECRET, SESSION, "X-Amz-Signature", "s3cret"];
        for secret in secrets {
            assert!(!said.stdout.contains(secret) && !said.stderr.contains(secret), "{secret} was said: {said:?}");
        }
        for token in self.iam.tokens() {
            let signature = token.rsplit('=').next().unwrap_or_default();
            assert!(!said.stderr.contains(signature), "a signature was said: {}", said.stderr);
        }
        said
    }
}

fn user() -> Environment {
    Environment::default().key("AKIAUSER", SECRET)
}

fn role() -> Environment {
    Environment::default().key("ASIAROLE", SECRET).with("AWS_SESSION_TOKEN", SESSION)
}

#[test]
#[ignore = "make test-aws"]
fn a_good_token_opens_the_door() {
    let world = World::new();
    world.snapshot(&user(), &world.url("deploy")).succeeded();
    world.snapshot(&role(), &world.url("deploy")).succeeded();
    world.snapshot(&user(), &world.url("svc+a&b")).succeeded();
    // Within one second two tokens are the same.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    // The region of the endpoint goes before the one that the process runs in.
    world.snapshot(&user().with("AWS_REGION", "us-east-1"), &world.url("deploy")).succeeded();
    assert_eq!(world.iam.log(), ["accepted deploy", "accepted deploy", "accepted svc+a&b", "accepted deploy"]);
    let tokens = world.iam.tokens();
    assert!(tokens[0] != tokens[3], "each connection has a token of its own");
    let password = world.url("plain").replace("plain@", "plain:s3cret-of-plain@");
    world.snapshot(&Environment::default(), &password).succeeded();
}

#[test]
#[ignore = "make test-aws"]
fn a_token_that_is_refused_says_what_it_was_signed_for() {
    let world = World::new();
    let url = world.url("deploy");
    let refused = |environment: Environment, url: &str, reason: &str, words: &[&str]| {
        world.snapshot(&environment, url).failed("token-refused", words);
        assert!(world.iam.log().last().is_some_and(|line| line.ends_with(reason)), "{reason}: {:?}", world.iam.log());
    };
    refused(user(), &format!("{url}&region=us-east-1"), ": region", &["in us-east-1", "IAM policy", "clock"]);
    refused(Environment::default().key("AKIAUSER", "another"), &url, ": signature", &["access key AKIAUSER"]);
    refused(Environment::default().key("AKIANOBODY", SECRET), &url, ": key", &["access key AKIANOBODY"]);
    refused(role().with("AWS_SESSION_TOKEN", "of-another-role"), &url, ": session-token", &["access key ASIAROLE"]);
    refused(user(), &world.url("other"), ": policy", &["role other", "rds-db:connect"]);
    // An alias is verified by its own certificate, but the token must be for the endpoint.
    let alias = "db.shop.example";
    world.prod.present(&world.authority.issue(&[PROD, alias]));
    let by_alias = url.replacen(PROD, alias, 1) + "&auth=iam&region=eu-central-1";
    refused(user(), &by_alias, ": endpoint", &["db.shop.example", "its own endpoint"]);
}

#[test]
#[ignore = "make test-aws"]
fn a_token_in_place_of_a_password_is_looked_at() {
    let world = World::new();
    let key = &keys()[0];
    let with_token = |token: &str| {
        let encoded = percent_encoding::utf8_percent_encode(token, percent_encoding::NON_ALPHANUMERIC);
        world.url("deploy").replace("deploy@", &format!("deploy:{encoded}@"))
    };
    let token_of = |at: Timestamp, lasts: u64| token(&world.prod.endpoint(), "deploy", REGION, key, at, lasts);
    let good = token_of(Timestamp::now(), 900);
    world.snapshot(&Environment::default(), &with_token(&good)).succeeded();
    let tampered = good.replacen("DBUser=deploy", "DBUser=postgres", 1);
    world.snapshot(&Environment::default(), &with_token(&tampered)).failed("token-refused", &["in the address"]);
    let old = token_of(Timestamp::now() - SignedDuration::from_mins(20), 900);
    let said = world.snapshot(&Environment::default(), &with_token(&old));
    said.failed("token-refused", &["in the address", "expired"]);
    assert_eq!(world.iam.log().last().map(String::as_str), Some("refused deploy: expired"));
}

#[test]
#[ignore = "make test-aws"]
fn what_can_be_known_here_is_said_before_anybody_is_asked() {
    let world = World::new();
    let url = world.url("deploy");
    let nobody = Environment::default();
    world.snapshot(&nobody, &url).failed("credentials-missing", &["AWS_ACCESS_KEY_ID"]);
    // Lambda's emulator sets variables that are empty.
    world.snapshot(&nobody.clone().key("", ""), &url).failed("credentials-missing", &[]);
    world.snapshot(&role().without("AWS_SESSION_TOKEN"), &url).failed("credentials-missing", &["AWS_SESSION_TOKEN"]);
    let alias = url.replacen(PROD, "db.shop.example", 1) + "&auth=iam";
    world.snapshot(&user(), &alias).failed("region-missing", &["db.shop.example", "AWS_REGION"]);
    world.snapshot(&user(), &format!("{url}&sslmode=disable")).failed("tls-required", &["sslmode=disable"]);
    assert!(world.iam.log().is_empty(), "nobody was to be asked: {:?}", world.iam.log());
    world.snapshot(&user(), &world.url("plain")).failed("role-without-iam", &["rds_iam", "GRANT"]);
    world.prod.bare();
    world.snapshot(&user(), &url).failed("tls-unavailable", &["no TLS"]);
}
