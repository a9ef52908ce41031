//! Which certificates are believed.

use super::Environment;
use super::authority::Authority;
use super::instance::{Instance, PROD, REGION};
use crate::support::rds_iam::RdsIam;

const PASSWORD: &str = "plain:s3cret-of-plain";

#[test]
#[ignore = "make test-aws"]
fn only_the_right_certificate_of_a_known_authority_will_do() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let instance = Instance::start(PROD, &authority, &RdsIam::start(REGION, Vec::new()));
    let nothing = Environment::default();
    let url = instance.url(PASSWORD, &authority);
    nothing.migrator(&["snapshot", &url]).succeeded();
    // What asks for less gets as much.
    nothing.migrator(&["snapshot", &format!("{url}&sslmode=require")]).succeeded();

    let by_a_stranger = instance.url(PASSWORD, &stranger);
    nothing.migrator(&["snapshot", &by_a_stranger]).failed("certificate-untrusted", &[PROD, "sslrootcert"]);
    let elsewhere = url.replacen(PROD, "other.abc123.eu-central-1.rds.amazonaws.com", 1);
    nothing.migrator(&["snapshot", &elsewhere]).failed("certificate-for-another", &["other.abc123"]);
    let missing = format!("{}&sslrootcert=/no/such/file", instance.bare_url(PASSWORD, PROD));
    nothing.migrator(&["snapshot", &missing]).failed("certificate-unreadable", &["/no/such/file"]);

    instance.present(&authority.issue_expired(PROD));
    nothing.migrator(&["snapshot", &url]).failed("certificate-expired", &["Renew"]);
    instance.bare();
    nothing.migrator(&["snapshot", &url]).failed("tls-unavailable", &["in the clear"]);
    for mode in ["disable", "allow", "prefer"] {
        nothing.migrator(&["snapshot", &format!("{url}&sslmode={mode}")]).failed("tls-required", &[mode]);
    }
}

#[test]
#[ignore = "make test-aws"]
fn nothing_in_the_environment_makes_an_authority_of_another() {
    let system = Authority::new();
    let instance = Instance::start(PROD, &system, &RdsIam::start(REGION, Vec::new()));
    let bundle = system.file().display().to_string();
    // The places where OpenSSL, rustls-native-certs and libpq look.
    let environment = Environment::default()
        .with("SSL_CERT_FILE", bundle.clone())
        .with("SSL_CERT_DIR", system.file().parent().expect("a folder").display().to_string())
        .with("PGSSLROOTCERT", bundle.clone())
        .with("PGSSLMODE", "disable")
        .with("PGHOSTADDR", "127.0.0.1")
        .with("PGPASSWORD", "s3cret-of-plain")
        .with("AWS_CA_BUNDLE", bundle);
    for url in [instance.bare_url("plain", PROD), instance.bare_url(PASSWORD, PROD)] {
        let said = environment.clone().key("AKIAUSER", "secret").migrator(&["snapshot", &url]);
        said.failed("certificate-untrusted", &[PROD]);
    }
    let good = instance.url(PASSWORD, &system);
    environment.migrator(&["snapshot", &good]).succeeded();
    let options = environment.with("PGOPTIONS", "-c role=postgres");
    options.migrator(&["snapshot", &good]).failed("foreign-options", &["PGOPTIONS"]);
}

#[test]
#[ignore = "make test-aws"]
fn a_region_without_authorities_is_named() {
    let url =
        "postgresql://app:s3cret@shop.abc123.il-central-1.rds.amazonaws.com/shop?hostaddr=127.0.0.1&connect_timeout=2";
    Environment::default().migrator(&["snapshot", url]).failed("region-unknown", &["il-central-1", "sslrootcert"]);
}
