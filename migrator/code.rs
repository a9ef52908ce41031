//! Every code with which a request can end, in one table.
//! A code is what pipelines and people act upon: its hint says what to do next, its numbers are the exit status and the
//! HTTP status. Never holds what happened in a particular case: that is the message's work.

use std::fmt;

use serde::{Serialize, Serializer};

/// The process' exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Exit {
    Done = 0,
    Failed = 1,
    Usage = 2,
    Drift = 3,
    Blocked = 4,
    Busy = 5,
}

impl Exit {
    pub fn status(self) -> u8 {
        self as u8
    }
}

/// What a code means, for a machine and for a person.
struct Meaning {
    slug: &'static str,
    exit: Exit,
    http: u16,
    retryable: bool,
    hint: &'static str,
}

/// `Name "slug" Exit http-status retryable? "hint"`, one line each; from it come the enum, `ALL` and the meanings.
macro_rules! codes {
    ($($name:ident $slug:literal $exit:ident $http:literal $retry:ident $hint:literal)+) => {
        /// The code of an error, a refusal or a finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($name),+ }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            fn meaning(self) -> Meaning {
                match self {
                    $(Self::$name => Meaning {
                        slug: $slug, exit: Exit::$exit, http: $http, retryable: codes!(@$retry), hint: $hint,
                    }),+
                }
            }
        }
    };
    (@again) => { true };
    (@final) => { false };
}

codes! {
    // What was asked.
    BadRequest "bad-request" Usage 400 final "Correct the argument that the message names; --help explains each."
    BadEvent "bad-event" Usage 400 final "Correct the event; docs/lambda.md lists every field."
    ActionDenied "action-denied" Failed 403 final "Invoke the function that is meant for this action, or change this one's handler."
    Misconfigured "misconfigured" Failed 500 final "Correct the function's environment variables, its command or its migrator.toml; docs/lambda.md lists them."
    MalformedUrl "malformed-url" Usage 400 final "Write the address as postgresql://user@host:5432/database, or postgresql:///database?host=/socket/directory."
    UnsupportedScheme "unsupported-scheme" Usage 400 final "Begin the address with postgresql:// or postgres://."
    UnreadableOrigin "unreadable-origin" Usage 400 final "Name a postgresql:// address, a snapshot (dev.json), a revision (archive#3 or 000003.zip), or a .sql file or folder of them."
    ScratchMissing "scratch-missing" Usage 400 final "Give --scratch the address of a server on which a database may be made and dropped, never prod's."
    ScratchFailed "scratch-failed" Failed 500 final "Let the role of --scratch create databases (ALTER ROLE .. CREATEDB), and see that the server has room."
    ScriptFailed "script-failed" Usage 400 final "Mend the script at that line; psql -v ON_ERROR_STOP=1 runs it in the same way."
    RollbackUnclear "rollback-unclear" Usage 400 final "Name the revision by its number; where several compared different parts, say with --include, --exclude and --with what is to be taken back."
    RenameRefused "rename-refused" Usage 400 final "Correct the --rename, or leave it out; it names the object as prod calls it now."
    // Reaching a database.
    HostUnknown "host-unknown" Failed 503 again "Check the host name for a typing error, and that this machine resolves it."
    Unreachable "unreachable" Failed 503 again "Check the host, the port, the routes and the firewalls between here and the server."
    ConnectionRefused "connection-refused" Failed 503 again "Check that the server runs and listens on this host and port."
    ConnectTimeout "connect-timeout" Failed 504 again "Check the security groups and firewalls: packets to this host and port get no answer."
    NotPostgres "not-postgres" Failed 503 final "Check the port: what answers there does not speak PostgreSQL's protocol."
    TlsRequired "tls-required" Usage 400 final "Leave sslmode out: migrator then verifies the server's certificate and name. Only a Unix socket or a loopback address goes without TLS."
    ForeignOptions "foreign-options" Usage 400 final "Unset PGOPTIONS; what a role needs in every session is set with ALTER ROLE .. SET."
    TlsUnavailable "tls-unavailable" Failed 503 final "Turn ssl on in the server, or reach it over a Unix socket or a loopback address."
    TlsFailed "tls-failed" Failed 503 final "Check the server's certificate and its TLS settings; the cause is below."
    CertificateUntrusted "certificate-untrusted" Failed 503 final "Name the authority's certificate with sslrootcert=FILE in the address; those of RDS are built in (certs/)."
    CertificateForAnother "certificate-for-another" Failed 503 final "Use the host name that the certificate was issued for: the instance's endpoint, not an alias or an IP address."
    CertificateExpired "certificate-expired" Failed 503 final "Renew the server's certificate (on RDS: modify the instance's CA and reboot), and check this machine's clock."
    CertificateUnreadable "certificate-unreadable" Usage 400 final "Check the path and the form of sslrootcert, sslcert and sslkey: PEM files."
    RegionUnknown "region-unknown" Failed 400 final "Use a newer build, or name the region's bundle with sslrootcert=FILE (certs/README.md says where it is)."
    // Signing in at RDS.
    CredentialsMissing "credentials-missing" Failed 403 final "Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, of a role, AWS_SESSION_TOKEN; or add a password or auth=password to the address."
    RegionMissing "region-missing" Usage 400 final "Use the instance's own endpoint, add region=eu-central-1 to the address, or set AWS_REGION."
    TokenUnsigned "token-unsigned" Failed 500 final "Check the role's and the host's name in the address, and report this with the cause below."
    TokenRefused "token-refused" Failed 403 final "Check, in this order: rds-db:connect for this role and instance in the IAM policy, IAM authentication of the instance, its own endpoint as host, the region, the clock, the credentials."
    RoleWithoutIam "role-without-iam" Failed 403 final "Run GRANT rds_iam TO the role, as a member of rds_superuser."
    WrongPassword "wrong-password" Failed 403 final "Check the role and its password; in a URL, special characters of a password are percent-encoded."
    NoSuchRole "no-such-role" Failed 403 final "Check the role's name for a typing error, or create it with CREATE ROLE .. LOGIN."
    AccessDenied "access-denied" Failed 403 final "Let the server admit this role from this machine (pg_hba.conf, LOGIN, GRANT CONNECT)."
    NoSuchDatabase "no-such-database" Failed 404 final "Check the database's name for a typing error, or create it with CREATE DATABASE."
    TooManyConnections "too-many-connections" Failed 503 again "Try again when sessions have ended, or raise max_connections."
    ServerNotReady "server-not-ready" Failed 503 again "Try again in a moment: the server is starting, stopping or recovering."
    ServerUnsupported "server-unsupported" Failed 400 final "Use a PostgreSQL server of version 14 to 18."
    ProdReadOnly "prod-read-only" Failed 400 final "Give the address of the primary: a standby cannot be changed."
    ConnectionFailed "connection-failed" Failed 503 again "Read the cause below; try again if it is of the passing kind."
    ConnectionLost "connection-lost" Failed 503 again "Run the same command again: it reads what is there and does the rest."
    // Reading and planning.
    MayNotRead "may-not-read" Failed 403 final "Let the role read the system catalogs, which PostgreSQL by default allows to everybody."
    CatalogUnreadable "catalog-unreadable" Failed 500 final "Report this with the message below: the server's catalog holds what this version does not understand."
    PlanCircular "plan-circular" Failed 500 final "Report this with the circle below; --exclude one of its objects in the meantime."
    Drift "drift" Drift 200 final "Run `migrator plan` to see the changes, `migrator sync` to make them."
    // Before the first statement.
    Busy "busy" Busy 409 again "Wait until the other run has ended, then run the same command again."
    OutOfTime "out-of-time" Failed 504 again "Give it more time: the function's timeout, or the event's; a database or S3 that answers slowly may be the cause."
    StillRunning "still-running" Busy 202 again "Run the same again: it tells how far that is, and goes on from what it finds; --takeover ends it instead."
    TakeoverFailed "takeover-failed" Failed 403 final "Run as the role that left the session, as a member of it, or of pg_signal_backend; or wait until it has ended."
    PlanChanged "plan-changed" Blocked 409 final "Plan again, look at what is new, and approve the new hash."
    ProdChanged "prod-changed" Busy 409 again "Plan again: somebody changed prod after it was planned for."
    Blocked "blocked" Blocked 422 final "Approve what is listed with --allow, or leave --strict out to do the rest without it."
    NotProvable "not-provable" Blocked 422 final "Give --scratch a server of prod's version that has its extensions and roles, or go on without --prove."
    ProofFailed "proof-failed" Blocked 422 final "Prod was not touched. Look at that statement, and at what dev asks for; report it if dev's schema is sound."
    MayNotAlter "may-not-alter" Failed 403 final "Run as the owner of these objects, or as a member of the owner's role."
    PowerMissing "power-missing" Failed 403 final "Have a superuser run what is listed (migrator plan --format sql), or leave it out with --exclude."
    RoleMissing "role-missing" Failed 422 final "Create these roles in prod first, or leave them out: --with privileges=shared,owner=off, --exclude."
    LedgerFailed "ledger-failed" Failed 500 final "Let the role create the schema migrator in prod, and use the newest migrator that ever ran there."
    // Executing.
    LockTimeout "lock-timeout" Busy 503 again "Wait for the session that holds the lock, or end it, then run the same command again."
    StatementFailed "statement-failed" Failed 500 final "Remove the cause, then run the same command again: it reads what is there and does the rest."
    NotInStep "not-in-step" Failed 500 final "Run the same command again; if the same statements remain, report them."
    // The archive.
    MalformedArchive "malformed-archive" Usage 400 final "Write the archive as s3://bucket/prefix, as a folder or as file:///folder."
    ArchiveUnreachable "archive-unreachable" Failed 503 again "Check that the folder exists or can be made and that the disk has room; for S3, the gateway endpoint, its route and AWS_ENDPOINT_URL_S3."
    ArchiveTimeout "archive-timeout" Failed 504 again "Check the gateway endpoint for S3, its route in this subnet's table, and that the security group lets HTTPS out to its prefix list."
    ArchiveCut "archive-cut" Failed 503 again "Try again: the connection to S3 broke in the middle of an answer."
    ArchiveDenied "archive-denied" Failed 403 final "Let this account read and write the archive: the folder, or s3:GetObject and s3:PutObject under the prefix and s3:ListBucket on the bucket."
    BucketMissing "bucket-missing" Failed 404 final "Check the bucket's name, or create it; migrator never does."
    BucketElsewhere "bucket-elsewhere" Failed 400 final "Add region=eu-central-1 to the archive's address, or set AWS_REGION: the region of the bucket."
    EndpointRefused "endpoint-refused" Usage 400 final "Write it as https://host; http:// is for a loopback address only."
    CredentialsRefused "credentials-refused" Failed 403 final "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, which belong together, and this machine's clock."
    ArchiveConflict "archive-conflict" Busy 409 again "Run the same command again: another run has written to the archive in the meantime."
    ArchiveDamaged "archive-damaged" Failed 500 final "Restore the archive from a backup or from an older version of its objects, or begin a new one in an empty folder or prefix."
    ArchiveForeign "archive-foreign" Usage 400 final "Give every production database an archive of its own."
    // Around it all.
    OutputFailed "output-failed" Failed 500 again "Check where the output goes: the disk may be full."
    Defect "defect" Failed 500 final "Report this with the log of the invocation. Whatever was begun, the next sync finds and finishes."
    OutOfResources "out-of-resources" Failed 500 again "Try again when this machine has memory and file descriptors to spare."
    DemoFailed "demo-failed" Failed 500 final "Install PostgreSQL 14 to 18, or run `make demo`, which fetches it; MIGRATOR_POSTGRES names the folder of initdb."
    NoSuchRevision "no-such-revision" Failed 404 final "Run `migrator history` for the revisions that there are."
}

impl Code {
    /// Kebab-case and stable.
    pub fn slug(self) -> &'static str {
        self.meaning().slug
    }

    /// What to do next: an imperative sentence.
    pub fn hint(self) -> &'static str {
        self.meaning().hint
    }

    pub fn exit(self) -> Exit {
        self.meaning().exit
    }

    pub fn http(self) -> u16 {
        self.meaning().http
    }

    /// Whether the very same request may succeed later, without anybody doing anything.
    pub fn is_retryable(self) -> bool {
        self.meaning().retryable
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.slug())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_code_is_unique_and_teaches() {
        let mut seen = HashSet::new();
        for code in Code::ALL {
            let slug = code.slug();
            assert!(seen.insert(slug), "{slug} stands twice in the table");
            assert!(slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{slug}");
            let hint = code.hint();
            assert!(hint.starts_with(|c: char| c.is_ascii_uppercase()) && hint.ends_with('.'), "{slug}: {hint}");
            assert!((200..=504).contains(&code.http()), "{slug}");
            assert!(code.exit() != Exit::Done, "{slug} is a code, and success has none");
            assert!(code.exit() != Exit::Busy || code.is_retryable(), "{slug}: busy means try again");
        }
    }
}
