//! A PostgreSQL that is reached as an instance of RDS is: over TLS, by its endpoint's name, with a token.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::thread::sleep;
use std::time::{Duration, Instant};

use migrator::throwaway::Settings;
use tempfile::TempDir;

use super::authority::{Authority, Issued};
use crate::support::rds_iam::RdsIam;
use crate::support::server::{Database, Server};

pub const REGION: &str = "eu-central-1";
pub const PROD: &str = "shop.abc123.eu-central-1.rds.amazonaws.com";
pub const DEV: &str = "shop-dev.abc123.eu-central-1.rds.amazonaws.com";

/// Who may sign in, besides the superuser: only `plain` has a password and is no member of `rds_iam`.
const ROLES: &str = r#"
    create role rds_iam;
    create role deploy login in role rds_iam;
    create role reader login in role rds_iam;
    create role other login in role rds_iam;
    create role "svc+a&b" login in role rds_iam;
    create role plain login password 's3cret-of-plain';
    create database shop;
    grant create on database shop to deploy;
"#;

pub struct Instance {
    host: &'static str,
    server: Server,
    folder: TempDir,
}

impl Instance {
    /// An instance whose certificate is for its name, and whose tokens `iam` judges.
    pub fn start(host: &'static str, authority: &Authority, iam: &RdsIam) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        let hba = folder.path().join("pg_hba.conf");
        fs::write(&hba, rules(iam.port())).expect("a file");
        let mut settings = Settings::default();
        settings.parameters.insert("hba_file".to_owned(), hba.display().to_string());
        let server = Server::start_with_ldap(&settings);
        let instance = Self { host, server, folder };
        iam.accept(&format!("{host}:{}", instance.server.port()));
        let admin = instance.admin("postgres");
        admin.run(ROLES);
        instance.present(&authority.issue(&[host]));
        instance
    }

    /// The superuser's way in, past TLS and tokens.
    pub fn admin(&self, database: &str) -> Database {
        self.server.existing(database)
    }

    /// Shows this certificate from now on.
    pub fn present(&self, issued: &Issued) {
        let account = fs::metadata(self.server.directory()).expect("the server's directory");
        for (name, text) in [("server.crt", &issued.certificate), ("server.key", &issued.key)] {
            let file = self.folder.path().join(name);
            fs::write(&file, text).expect("a file");
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("permissions");
            chown(&file, Some(account.uid()), Some(account.gid())).expect("the server's account");
        }
        let file = |name: &str| self.folder.path().join(name).display().to_string();
        self.reload(&format!(
            "alter system set ssl_cert_file = '{}'; alter system set ssl_key_file = '{}'; alter system set ssl = on;",
            file("server.crt"),
            file("server.key")
        ));
    }

    /// Offers no TLS any more.
    pub fn bare(&self) {
        self.reload("alter system set ssl = off;");
    }

    fn reload(&self, settings: &str) {
        let admin = self.admin("postgres");
        let loaded = || admin.query("select pg_conf_load_time()");
        let before = loaded();
        admin.run(&format!("{settings} select pg_reload_conf();"));
        let start = Instant::now();
        while loaded() == before {
            assert!(start.elapsed() < Duration::from_secs(10), "the settings were not loaded");
            sleep(Duration::from_millis(20));
        }
    }

    /// The address of the database `shop`, with the test's authority besides those that are built in.
    pub fn url(&self, role: &str, authority: &Authority) -> String {
        format!("{}&sslrootcert={}", self.bare_url(role, self.host), authority.file().display())
    }

    /// The same by another name, and with no authority but those that are built in.
    pub fn bare_url(&self, role: &str, host: &str) -> String {
        format!("postgresql://{role}@{host}:{}/shop?hostaddr=127.0.0.1", self.server.port())
    }

    pub fn host(&self) -> &'static str {
        self.host
    }

    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// What a token must be signed for.
    pub fn endpoint(&self) -> String {
        format!("{}:{}", self.host, self.server.port())
    }
}

/// As RDS has them: members of `rds_iam` come with a token and over TLS, others with a password.
fn rules(port: u16) -> String {
    format!(
        "host all postgres 127.0.0.1/32 trust
        hostssl all +rds_iam 127.0.0.1/32 ldap ldapserver=127.0.0.1 ldapport={port} ldapprefix=\"uid=\" ldapsuffix=\",ou=rds_iam\"
        hostssl all all 127.0.0.1/32 scram-sha-256\n"
    )
}
