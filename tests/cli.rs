//! The command line as its users meet it: the real binary against a real PostgreSQL.
//! Exit statuses, messages, formats and precedence are what pipelines are built upon. Never looks inside.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::server::{Database, majors, server};
use crate::support::without_settings;

const PROD: &str = "
    create table customer (id int primary key, email text not null, fax text);
    insert into customer select i, 'c' || i, 'f' from generate_series(1, 100) i;
    create table gone_soon (id int);
    create view emails as select email from customer;";
const DEV: &str = "
    create type mood as enum ('ok', 'bad');
    create table customer (id int primary key, email text not null, mood mood);
    create index customer_email on customer (email);
    create view emails as select email, id from customer;
    create function f() returns int language sql as $$ select 1 -- one; $$;";

/// What a command said, and how it ended.
struct Said {
    status: i32,
    out: String,
    err: String,
}

impl Said {
    #[track_caller]
    fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, status, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    fn explains(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "'{word}' is not in\n{}", self.err);
        }
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}", self.out))
    }
}

/// The binary in a folder of its own, without the variables of whoever runs the tests.
struct Migrator {
    folder: TempDir,
}

impl Migrator {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_migrator"));
        without_settings(&mut command);
        command.args(arguments).current_dir(self.folder()).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        said(&self.command(arguments).output().unwrap())
    }

    fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Said {
        said(&self.command(arguments).envs(variables.iter().copied()).output().unwrap())
    }

    fn config(&self, text: &str) {
        std::fs::write(self.folder().join("migrator.toml"), text).unwrap();
    }
}

fn said(output: &Output) -> Said {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Said { status: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
}

/// Prod and dev, as the two scripts make them.
fn shop(prod: &str, dev: &str) -> (Database, Database) {
    let server = server(*majors().last().unwrap());
    let databases = (server.database("prod"), server.database("dev"));
    databases.0.run(prod);
    databases.1.run(dev);
    databases
}

fn addresses<'a>(prod: &'a Database, dev: &'a Database) -> [&'a str; 4] {
    ["--prod", &prod.url, "--dev", &dev.url]
}

#[test]
fn what_is_not_understood_is_explained() {
    let migrator = Migrator::new();
    let usage = |arguments: &[&str], words: &[&str]| {
        migrator.run(arguments).exits(2).explains(words);
    };
    usage(&["plan", "--format", "yaml"], &["text, sql, json, markdown"]);
    usage(&["plan", "--phase", "later"], &["expand, contract, all"]);
    usage(&["plan", "--allow", "everything"], &["is no hazard", "data_loss, table_rewrite"]);
    usage(&["plan", "--allow", "data_los:public.t"], &["is no hazard"]);
    usage(&["plan", "--include", "tabel:public.*"], &["is no object kind", "materialized_view"]);
    usage(&["plan", "--rename", "public.a to b"], &["is no rename", "table public.old -> new"]);
    usage(&["plan", "--with", "grants"], &["owner, privileges"]);
    usage(&["plan", "--with", "owner=some"], &["off, shared, on"]);
    usage(&["plan", "--plan-hash", "abc"], &["64 hexadecimal digits"]);
    usage(&["sync", "--lock-timeout", "2"], &["500ms, 2s"]);
    usage(&["sync", "--lock-timeout", "0s"], &["above 0"]);
    usage(&["plan", "--nonsense"], &["--nonsense"]);
    usage(&["plan"], &["--dev is missing", "MIGRATOR_DEV", "migrator.toml", "hint:"]);
    usage(&["history"], &["--archive is missing"]);
    usage(&["status"], &["--prod is missing"]);
    usage(&["plan", "--rewrite-limit", "64"], &["64MB or 2GB"]);
    usage(&["history", "--archive", "x", "--format", "sql"], &["no format sql", "text and json"]);
    usage(&["history", "--archive", "ftp://x"], &["malformed-archive"]);
    migrator.run_with(&[("MIGRATOR_LOG", "=,=")], &["plan"]).exits(2).explains(&["MIGRATOR_LOG"]);
}

#[test]
fn what_cannot_be_reached_is_named() {
    let migrator = Migrator::new();
    let prod = server(*majors().last().unwrap()).database("reach");
    let against = |dev: &str| migrator.run(&["plan", "--prod", &prod.url, "--dev", dev]);
    against("nonsense").exits(2).explains(&["--dev", "[malformed-url]", "hint:"]);
    against("mysql://h/d").exits(2).explains(&["mysql", "[unsupported-scheme]"]);
    against(&prod.url).exits(2).explains(&["the same database"]);
    let scratch = ["plan", "--prod", &prod.url, "--dev", "missing.sql", "--scratch", &format!("{}_other", prod.url)];
    migrator.run(&scratch).exits(2).explains(&["--scratch and --prod are on the same server"]);
    against("postgresql://me@127.0.0.1:1/d").exits(1).explains(&["dev", "127.0.0.1:1", "[connection-refused]"]);
    against("postgresql://me@nowhere.invalid/d").exits(1).explains(&["nowhere.invalid", "[host-unknown]"]);
    against(&format!("{}_missing", prod.url)).exits(1).explains(&["_missing", "[no-such-database]"]);
    against("missing.json").exits(2).explains(&["missing.json", "[unreadable-origin]"]);
}

#[test]
fn no_password_is_ever_told() {
    let migrator = Migrator::new();
    let url = "postgresql://me:s3cret@127.0.0.1:1/d";
    migrator.config(&format!("prod = '{url}\ndev = 1"));
    let runs: [&[&str]; 4] = [
        &["plan", url],
        &["plan"],
        &["plan", "--config", "/dev/null", "--prod", url, "--dev", "postgresql://me:s3cret@h:port/d"],
        &["plan", "--config", "/dev/null", "--prod", url, "--dev", "postgresql://me:s3cret@127.0.0.1:2/d"],
    ];
    for arguments in runs {
        let said = migrator.run_with(&[("MIGRATOR_LOG", "trace")], arguments);
        assert!(said.status != 0 && !said.err.contains("s3cret") && !said.out.contains("s3cret"), "{}", said.err);
    }
    let help = migrator.run_with(&[("MIGRATOR_PROD", url)], &["plan", "--help"]).exits(0);
    assert!(!help.out.contains("s3cret"));
}

#[test]
fn exit_statuses_tell_pipelines_what_to_do() {
    let migrator = Migrator::new();
    let (prod, dev) = shop(PROD, DEV);
    let addresses = addresses(&prod, &dev);
    let run = |arguments: &[&str]| migrator.run(&[arguments, &addresses].concat());
    run(&["plan"]).exits(0);
    run(&["plan", "--exit-code"]).exits(3);
    run(&["plan", "--exit-code=false"]).exits(0);
    run(&["plan", "--strict"]).exits(4);
    run(&["plan", "--strict", "--allow", "all", "--exit-code"]).exits(3);
    run(&["check"]).exits(3);
    run(&["plan", "--rename", "table public.nothing -> something"]).exits(2).explains(&["[rename-refused]"]);
    let (same, again) = shop(DEV, DEV);
    let addresses = self::addresses(&same, &again);
    migrator.run(&[["plan", "--exit-code"].as_slice(), &addresses].concat()).exits(0);
    migrator.run(&[["check"].as_slice(), &addresses].concat()).exits(0);
}

#[test]
fn the_script_runs_in_psql_and_is_all_there_is_to_do() {
    let migrator = Migrator::new();
    let (prod, dev) = shop(PROD, DEV);
    let addresses = addresses(&prod, &dev);
    let script = |arguments: &[&str]| {
        migrator.run(&[["plan", "--format", "sql"].as_slice(), arguments, &addresses].concat()).exits(0).out
    };
    let admitted = script(&[]);
    assert!(admitted.contains("-- DROP TABLE public.gone_soon;"), "{admitted}");
    assert!(admitted.contains("--allow data_loss:public.gone_soon"), "{admitted}");
    assert!(admitted.contains("SET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY"), "{admitted}");
    prod.run(&admitted);
    assert_eq!(prod.query("select count(*) from customer where fax is not null"), [["100"]]);
    prod.run(&script(&["--allow", "all"]));
    let empty = script(&[]);
    let speaks = |line: &&str| !line.is_empty() && !line.starts_with("--") && !line.starts_with("SET ");
    assert_eq!(empty.lines().find(speaks), None);
    assert!(empty.contains("-- nothing to do"), "{empty}");
    prod.run(&empty);
}

/// Every name here tries to end the comment, the line or the quote that it stands in.
#[test]
fn hostile_names_stay_where_they_are() {
    let migrator = Migrator::new();
    let hostile = "x\ndrop table customer; --\r\ndrop table customer;\u{1b}[31m|`<b>*/";
    let create =
        format!("create table \"{hostile}\" (\"{hostile}\" int); create index on \"{hostile}\" (\"{hostile}\");");
    let (prod, dev) = shop(&format!("{PROD}{create}"), DEV);
    let addresses = addresses(&prod, &dev);
    let plan =
        |format: &str| migrator.run(&[["plan", "--format", format].as_slice(), &addresses].concat()).exits(0).out;
    let script = plan("sql");
    prod.run(&script);
    assert_eq!(prod.query("select count(*) from public.customer"), [["100"]]);
    assert!(!script.contains('\u{1b}') && !script.contains('\r'), "{script}");
    let text = plan("text");
    assert!(!text.contains('\u{1b}') && !text.lines().any(|line| line.starts_with("drop table")), "{text}");
    let markdown = plan("markdown");
    let folded = markdown.split("```").step_by(2).collect::<String>();
    assert!(!folded.contains("<b>"), "{markdown}");
    plan("json");

    // The other way about, the names are created.
    let (prod, dev) = shop(DEV, &format!("{DEV}{create}"));
    let addresses = self::addresses(&prod, &dev);
    let script = migrator.run(&[["plan", "--format", "sql"].as_slice(), &addresses].concat()).exits(0).out;
    prod.run(&script);
    migrator.run(&[["plan", "--exit-code"].as_slice(), &addresses].concat()).exits(0);
}

#[test]
fn json_has_the_documented_keys() {
    let migrator = Migrator::new();
    let (prod, dev) = shop(PROD, DEV);
    let addresses = addresses(&prod, &dev);
    let plan = migrator.run(&[["plan", "--format", "json"].as_slice(), &addresses].concat()).exits(0).json();
    assert_eq!(plan["format"], 1);
    assert_eq!(plan["empty"], false);
    assert_eq!(plan["plan_hash"].as_str().map(str::len), Some(64));
    assert!(plan["fingerprints"]["prod"].is_string() && plan["fingerprints"]["dev"].is_string());
    assert!(plan["counts"]["statements"].as_u64() > Some(0) && plan["counts"]["later"] == 0);
    assert!(plan["information"].is_array() && plan["unmodelled"].is_array() && plan["changes"].is_object());
    let steps = plan["steps"].as_array().unwrap();
    let keys = ["step", "phase", "transaction", "cause", "after", "status", "statements"];
    assert!(steps.iter().all(|step| keys.iter().all(|key| !step[key].is_null())), "{steps:?}");
    let withheld = steps.iter().find(|step| step["cause"]["name"] == "public.gone_soon").unwrap();
    assert_eq!(withheld["status"], "withheld");
    assert_eq!(withheld["withheld"]["reason"], "hazard");
    assert_eq!(withheld["withheld"]["allow"], serde_json::json!(["data_loss:public.gone_soon"]));
    let statement = &withheld["statements"][0];
    assert_eq!(statement["hazards"][0]["kind"], "data_loss");
    assert_eq!(statement["locks"][0]["mode"], "access_exclusive");
    let again = migrator.run(&[["plan", "--format", "json"].as_slice(), &addresses].concat()).json();
    assert_eq!(again, plan, "the same databases give the same plan");

    let failed = migrator.run(&["plan", "--format", "json"]).exits(2).json();
    assert_eq!((failed["format"].as_u64(), failed["status"].as_str()), (Some(1), Some("failed")));
    assert_eq!(failed["error"]["code"], "bad-request");
    assert!(failed["hint"].is_string());
}

#[test]
fn flag_wins_over_variable_and_variable_over_file() {
    let migrator = Migrator::new();
    let (prod, dev) = shop(PROD, DEV);
    migrator.config(&format!(
        "prod = '{}'\ndev = '{}'\nformat = 'json'\nstrict = true\nallow = ['all']",
        prod.url, dev.url
    ));
    let by_file = migrator.run(&["plan"]).exits(0);
    assert_eq!(by_file.json()["counts"]["withheld"], 0);
    let by_variable = migrator.run_with(&[("MIGRATOR_FORMAT", "sql"), ("MIGRATOR_STRICT", "no")], &["plan"]).exits(0);
    assert!(by_variable.out.starts_with("-- migrator plan"));
    let by_flag = migrator.run_with(&[("MIGRATOR_FORMAT", "sql")], &["plan", "--format", "markdown"]).exits(0);
    assert!(by_flag.out.starts_with("### Schema migration"));
    migrator.run(&["plan", "--allow", "table_rewrite"]).exits(4);
    let allow = [("MIGRATOR_ALLOW", "table_rewrite\ndata_loss:public.gone_soon\ndata_loss:public.customer.fax\n")];
    migrator.run_with(&allow, &["plan"]).exits(0);
    let empty = [("MIGRATOR_PROD", ""), ("MIGRATOR_PHASE", ""), ("MIGRATOR_PLAN_HASH", "")];
    migrator.run_with(&empty, &["plan"]).exits(0);

    migrator.config("prdo = 'x'");
    migrator.run(&["plan"]).exits(2).explains(&["migrator.toml, line 1", "prdo", "expected one of"]);
    migrator.config("dev = 'x'\nrename = ['a b']");
    migrator.run(&["plan"]).exits(2).explains(&["line 2", "is no rename"]);
    migrator.run(&["plan", "--config", "elsewhere.toml"]).exits(2).explains(&["elsewhere.toml", "cannot be read"]);
}

/// Two clusters, because roles are a cluster's; one role is on both.
#[test]
fn privileges_are_compared_as_far_as_one_says() {
    let migrator = Migrator::new();
    let majors = majors();
    let [prod, dev] = [majors[0], *majors.last().unwrap()].map(|major| server(major).database("with"));
    let name = |what: &str| format!("{what}_{}", prod.name);
    let [both, only_prod, only_dev] = ["both", "only_prod", "only_dev"].map(name);
    let table = "create table t (id int); create table u (id int);";
    prod.run(&format!(
        "create role {both}; create role {only_prod}; {table} grant insert on t to {both}; grant select on t to {only_prod};
        alter default privileges grant select on tables to {only_prod}, {both}"
    ));
    dev.run(&format!(
        "create role {both}; create role {only_dev}; {table} grant select on t to {both}, {only_dev}; create table v (id int);
        alter table u owner to {both}; alter default privileges for role {only_dev} grant select on tables to {both};
        create policy p on t to {only_dev}"
    ));
    let plan = |with: &[&str]| {
        let arguments = [&["plan", "--format", "sql", "--exclude", "policy:*"], with, &addresses(&prod, &dev)].concat();
        migrator.run(&arguments).exits(0).out
    };
    let shared = plan(&[]);
    assert_eq!(shared, plan(&["--with", "owner=off,privileges=shared"]));
    for expected in [
        &format!("GRANT SELECT ON TABLE public.t TO {both};"),
        &format!("REVOKE INSERT ON TABLE public.t FROM {both};"),
        &format!("REVOKE SELECT ON TABLE public.v FROM {both};"),
    ] {
        assert!(shared.contains(expected), "{expected}\n{shared}");
    }
    assert!(!shared.contains(&only_prod) && !shared.contains(&only_dev) && !shared.contains("OWNER"), "{shared}");
    let off = plan(&["--with", "privileges=off"]);
    assert!(!off.contains("GRANT") && !off.contains("REVOKE"), "{off}");
    let owner = plan(&["--with", "owner=shared", "--with", "privileges=off"]);
    assert!(owner.contains(&format!("ALTER TABLE public.u OWNER TO {both};")), "{owner}");
    let on = plan(&["--with", "privileges"]);
    assert!(on.contains(&format!("REVOKE SELECT ON TABLE public.t FROM {only_prod};")), "{on}");
    assert!(on.contains(&format!("missing_role: prod has no role {only_dev}")), "{on}");

    // A plan that names a role which prod lacks is refused as a whole; so it is where no grant but a policy names it.
    for with in ["privileges=on", "privileges=off"] {
        let sync = ["sync", "--with", with, "--allow", "privilege_change"];
        let refused = migrator.run(&[&sync, &addresses(&prod, &dev)[..]].concat()).exits(1);
        refused.explains(&["[role-missing]", &format!("no role {only_dev} for"), "policy public.t.p"]);
    }
    // Nobody loses anything unless that is approved.
    let sync = |more: &[&str]| {
        migrator.run(&[&["sync", "--exclude", "policy:*"], more, &addresses(&prod, &dev)[..]].concat()).exits(0);
    };
    sync(&[]);
    let left = plan(&[]);
    assert!(left.contains(&format!("-- REVOKE INSERT ON TABLE public.t FROM {both};")), "{left}");
    sync(&["--allow", "privilege_change"]);
    assert!(plan(&[]).contains("nothing to do"));
}

#[test]
fn colours_are_for_terminals_and_a_closed_pipe_is_no_failure() {
    let migrator = Migrator::new();
    let (prod, dev) = shop(PROD, DEV);
    let addresses = addresses(&prod, &dev);
    let plan = [["plan"].as_slice(), &addresses].concat();
    let plain = migrator.run(&plan).exits(0);
    assert!(!plain.out.contains('\u{1b}') && !plain.err.contains('\u{1b}'));
    assert_eq!(plain.err, "", "nothing but the result");
    let coloured = migrator.run_with(&[("CLICOLOR_FORCE", "1")], &plan);
    assert!(coloured.out.contains('\u{1b}'));
    let forbidden = migrator.run_with(&[("CLICOLOR_FORCE", "0"), ("NO_COLOR", "1")], &plan);
    assert!(!forbidden.out.contains('\u{1b}'));

    let mut child = migrator.command(&plan).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let closed = said(&child.wait_with_output().unwrap());
    assert_eq!(closed.err, "");
    closed.exits(0);
}

#[test]
fn a_snapshot_stands_in_for_dev() {
    let migrator = Migrator::new();
    let (prod, dev) = shop(PROD, DEV);
    let snapshot = migrator.run(&["snapshot", &dev.url]).exits(0).out;
    std::fs::write(migrator.folder().join("dev.json"), snapshot).unwrap();
    let live = migrator.run(&[["plan", "--format", "json"].as_slice(), &addresses(&prod, &dev)].concat()).json();
    let stored = migrator.run(&["plan", "--format", "json", "--prod", &prod.url, "--dev", "dev.json"]).exits(0).json();
    assert_eq!(live["plan_hash"], stored["plan_hash"]);
    std::fs::write(migrator.folder().join("broken.json"), "{}").unwrap();
    migrator.run(&["plan", "--prod", &prod.url, "--dev", "broken.json"]).exits(2).explains(&["[unreadable-origin]"]);
}

#[test]
fn sync_does_what_is_admitted_and_then_the_rest() {
    let migrator = Migrator::new();
    let (prod, dev) = shop(PROD, DEV);
    let addresses = addresses(&prod, &dev);
    let sync =
        |arguments: &[&str]| migrator.run(&[["sync", "--archive", "kept"].as_slice(), arguments, &addresses].concat());
    let first = sync(&[]).exits(0);
    assert!(first.out.contains("--allow data_loss:public.gone_soon"), "{}", first.out);
    assert!(first.out.contains("archived as revision 1"), "{}", first.out);
    assert!(first.err.contains("CREATE INDEX CONCURRENTLY"), "{}", first.err);
    assert_eq!(prod.query("select count(*) from gone_soon"), [["0"]]);
    let second = sync(&["--format", "json"]).exits(0).json();
    assert_eq!(
        (second["status"].as_str(), second["applied"].as_array().map(Vec::len)),
        (Some("nothing_to_do"), Some(0))
    );
    let third = sync(&["--format", "json", "--allow", "all"]).exits(0).json();
    assert_eq!((third["status"].as_str(), third["revision"].as_u64()), (Some("done"), Some(2)));
    assert_eq!(third["plan"]["counts"]["withheld"], 0);
    migrator.run(&[["plan", "--exit-code"].as_slice(), &addresses].concat()).exits(0);
    assert_eq!(prod.query("select count(*) from customer"), [["100"]]);
}

#[test]
fn sync_refuses_before_it_changes_anything() {
    let migrator = Migrator::new();
    let (prod, dev) = shop(PROD, DEV);
    let addresses = addresses(&prod, &dev);
    let sync = |arguments: &[&str]| migrator.run(&[["sync"].as_slice(), arguments, &addresses].concat());
    let plan = |arguments: &[&str]| {
        migrator.run(&[["plan", "--format", "json"].as_slice(), arguments, &addresses].concat()).json()
    };
    let before = plan(&[])["fingerprints"]["prod"].clone();
    sync(&["--strict"]).exits(4).explains(&["[blocked]", "--allow data_loss:public.gone_soon", "hint:"]);
    sync(&["--plan-hash", &"0".repeat(64)]).explains(&["[plan-changed]"]);
    let failed = sync(&["--strict", "--format", "json"]).exits(4).json();
    assert_eq!(failed["error"]["code"], "blocked");
    assert_eq!(plan(&[])["fingerprints"]["prod"], before);
    let hash = plan(&[])["plan_hash"].as_str().unwrap().to_owned();
    sync(&["--plan-hash", &hash]).exits(0);
    assert_eq!(plan(&[])["empty"], true);
}

/// What an extension holds is read by nobody: on the other side it would be dropped, or made a second time.
#[test]
fn a_member_on_one_side_only_is_refused() {
    let migrator = Migrator::new();
    let alone = "CREATE EXTENSION hstore; CREATE TABLE t (a integer); CREATE DOMAIN d AS integer;";
    let member = format!("{alone} ALTER EXTENSION hstore ADD DOMAIN d; ALTER EXTENSION hstore ADD TABLE t;");
    for (prod, dev, told) in [(alone, &*member, "hstore ADD TABLE"), (&*member, alone, "hstore DROP TABLE")] {
        let (prod, dev) = shop(prod, dev);
        let addresses = addresses(&prod, &dev);
        let refused = migrator.run(&[["sync", "--allow", "all"].as_slice(), &addresses].concat()).exits(1);
        refused.explains(&["ALTER EXTENSION", told, "on one side only"]);
    }
    let (prod, dev) = shop("CREATE EXTENSION hstore;", &member);
    let planned = migrator.run(&[["plan"].as_slice(), &addresses(&prod, &dev)].concat()).exits(0);
    assert!(planned.out.contains("has other members here than there"), "{}", planned.out);
}

#[test]
fn two_phases_make_a_whole() {
    let migrator = Migrator::new();
    let (prod, dev) = shop(PROD, DEV);
    let addresses = addresses(&prod, &dev);
    let sync = |phase| migrator.run(&[["sync", "--allow", "all", "--phase", phase].as_slice(), &addresses].concat());
    let expand = sync("expand").exits(0);
    assert!(expand.out.contains("--phase contract"), "{}", expand.out);
    assert_eq!(prod.query("select count(*) from gone_soon"), [["0"]]);
    sync("contract").exits(0);
    migrator.run(&[["check"].as_slice(), &addresses].concat()).exits(0);
}

#[test]
fn the_archive_is_read_back() {
    let migrator = Migrator::new();
    let (prod, dev) = shop(PROD, DEV);
    let addresses = addresses(&prod, &dev);
    assert!(migrator.run(&["history", "--archive", "kept"]).exits(0).out.contains("no revision yet"));
    let status = || migrator.run(&["status", "--prod", addresses[1]]).exits(0).out;
    assert!(status().contains("Nothing runs.\nNo run is known"), "{}", status());
    migrator.run(&[["sync", "--archive", "kept", "--allow", "all"].as_slice(), &addresses].concat()).exits(0);
    assert!(status().contains("The last run, ") && status().contains("(done)"), "{}", status());
    let as_json = migrator.run(&["status", "--prod", addresses[1], "--format", "json"]).exits(0).json();
    assert!(as_json["running"].is_null() && as_json["last"]["outcome"] == "done", "{as_json}");
    let history = migrator.run(&["history", "--archive", "kept"]).exits(0).out;
    assert!(history.contains("done") && history.contains("the chain is whole"), "{history}");
    let history = migrator.run(&["history", "--archive", "kept", "--format", "json"]).exits(0).json();
    let hash = history["revisions"][0]["hash"].as_str().unwrap();
    for name in ["1", "latest", &hash[..8]] {
        let shown = migrator.run(&["show", name, "--archive", "kept", "--format", "json"]).exits(0).json();
        assert_eq!(shown["hash"], hash);
    }
    let text = migrator.run(&["show", "1", "--archive", "kept"]).exits(0).out;
    assert!(text.contains("Revision 1") && text.contains("DROP TABLE public.gone_soon"), "{text}");
    let ran = text.lines().skip_while(|line| *line != "What ran").skip(2).take_while(|line| !line.is_empty());
    let statements = history["revisions"][0]["ran"].as_array().unwrap();
    assert!(ran.clone().all(|line| line.trim_start().starts_with(|c: char| c.is_ascii_digit())), "{text}");
    assert_eq!(ran.count(), statements.len());
    assert!(statements.len() > 1 && statements.iter().all(|ran| ran["status"] == "done"), "{statements:?}");
    let script = migrator.run(&["show", "1", "--archive", "kept", "--format", "sql"]).exits(0).out;
    assert!(script.contains("CREATE INDEX CONCURRENTLY"), "{script}");
    migrator.run(&["show", "7", "--archive", "kept"]).exits(1).explains(&["[no-such-revision]", "migrator history"]);

    let check = [["check", "--archive", "kept"].as_slice(), &addresses].concat();
    assert!(migrator.run(&check).exits(0).out.contains("as revision 1 left it"));
    prod.run("create table by_hand (id int)");
    let drift = migrator.run(&check).exits(3).out;
    assert!(drift.contains("changed since revision 1") && drift.contains("by_hand"), "{drift}");
    let drift = migrator.run(&[check.as_slice(), &["--format", "json"]].concat()).exits(3).json();
    assert_eq!((drift["in_step"].as_bool(), drift["code"].as_str()), (Some(false), Some("drift")));
    assert_eq!(drift["since_archived"]["revision"], 1);
}

#[test]
fn a_revision_is_taken_back() {
    let (prod, dev) = shop(PROD, DEV);
    let migrator = Migrator::new();
    let addresses = ["--prod", prod.url.as_str(), "--archive", "kept"];
    let run = |arguments: &[&str]| migrator.run(&[arguments, &addresses[..]].concat());
    run(&["sync", "--dev", &dev.url, "--allow", "all"]).exits(0);
    let lost = "column public.customer.fax: every value of the column is lost (revision 1)";
    let dry = run(&["rollback", "1", "--dry-run"]).exits(0).out;
    assert!(dry.contains("What does not come back:") && dry.contains(lost) && dry.contains("ADD COLUMN fax"), "{dry}");
    let script = run(&["rollback", "1", "--dry-run", "--format", "sql"]).exits(0).out;
    assert!(script.starts_with("-- What does not come back:") && script.contains(&format!("--   {lost}")), "{script}");
    let dry = run(&["rollback", "latest", "--dry-run", "--format", "json"]).exits(0).json();
    assert_eq!((dry["back_to"].as_u64(), dry["lost"].as_array().map(Vec::len)), (Some(1), Some(2)), "{dry}");

    run(&["rollback", "1", "--strict"]).exits(4).explains(&["data_loss:public.customer.mood"]);
    let hash = dry["plan_hash"].as_str().unwrap();
    let back = run(&["rollback", "1", "--plan-hash", hash, "--format", "json"]).exits(0).json();
    assert_eq!((back["revision"].as_u64(), &back["lost"]), (Some(2), &dry["lost"]), "{back}");
    assert!(run(&["rollback", "1"]).exits(0).out.contains("Nothing to do"));
    run(&["rollback", "latest"]).exits(2).explains(&["[rollback-unclear]", "'rollback 1' goes on with that"]);
    run(&["rollback", "7"]).exits(1).explains(&["[no-such-revision]"]);
    let history = migrator.run(&["history", "--archive", "kept"]).exits(0).out;
    assert!(history.contains("back to before 1"), "{history}");
}

#[test]
fn the_time_is_over_before_the_index_is_built() {
    let (prod, dev) = shop("create table t (a int)", "create table t (a int); create index t_a on t (a)");
    let migrator = Migrator::new();
    let run = |more: &[&str]| migrator.run(&[&["sync"], &addresses(&prod, &dev)[..], more].concat());
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| prod.run("begin; insert into t values (1); select pg_sleep(9); commit"));
        std::thread::sleep(std::time::Duration::from_millis(500));
        let goes_on = ["[still-running]", "left by its client", "CREATE INDEX CONCURRENTLY t_a", "waiting for writers"];
        run(&["--timeout", "2s"]).exits(5).explains(&goes_on);
        writer.join().unwrap();
    });
    assert!(run(&[]).exits(0).out.contains("Nothing to do"), "the server has built it");
    run(&["--timeout", "soon"]).exits(2).explains(&["a time is a number above 0"]);
}

#[test]
fn a_failing_statement_tells_all_there_is_to_know() {
    let migrator = Migrator::new();
    let dev = DEV.replace("email text not null", "email text not null check (email = 'x')");
    let (prod, dev) = shop(PROD, &dev);
    let failed = migrator.run(&[["sync"].as_slice(), &addresses(&prod, &dev)].concat()).exits(1);
    failed.explains(&["[statement-failed]", "VALIDATE CONSTRAINT", "server:", "applied", "hint:"]);
}

#[test]
fn the_demo_plays_to_its_end() {
    let migrator = Migrator::new();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/postgres.sh");
    let place = |what: &str| said(&Command::new(&script).arg(what).output().unwrap()).out.trim().to_owned();
    let (programs, pg_dump) = (place(&majors().last().unwrap().to_string()), place("pg_dump"));
    let variables = [("MIGRATOR_POSTGRES", programs.as_str()), ("MIGRATOR_PG_DUMP", pg_dump.as_str())];
    let told = migrator.run_with(&variables, &["demo"]).exits(0);
    assert!(told.out.contains("only what was withheld") && told.out.contains("but for: fax text"), "{}", told.out);
    assert_eq!(told.err, "");
    let approved = migrator.run_with(&variables, &["demo", "--allow", "data_loss:public.customer.fax"]).exits(0);
    assert!(approved.out.contains("nothing to do"), "{}", approved.out);
    assert!(migrator.run(&["history", "--archive", "demo-archive"]).exits(0).out.contains("2 revisions"));
}
