//! Whether everything that a server's catalogs hold is read, named or refused.
//! It is here because what a reader does not know of, no comparison of what it read can miss.
//! It never changes a catalog by hand but in a database that is dropped afterwards.

use std::collections::BTreeSet;

use migrator::catalog::Catalog;
use migrator::introspect::introspect;
use migrator::introspect::strange::CATALOGS;
use migrator::pair::Pair;
use migrator::plan::{Options, plan};
use sqlx::{Connection, PgConnection};

use crate::support::server::{Database, majors, server};

fn read_as(database: &Database, role: &str) -> Result<Catalog, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        let role = sqlx::AssertSqlSafe(format!("set role {role}"));
        sqlx::raw_sql(role).execute(&mut connection).await.unwrap();
        introspect(&mut connection).await.map_err(|error| error.to_string())
    })
}

fn unmodelled(catalog: &Catalog) -> Vec<String> {
    catalog.unmodelled.iter().map(|object| format!("{} {}", object.object_type, object.identity)).collect()
}

#[test]
fn every_catalog_has_its_place() {
    let sql = "select relname from pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r' and oid < 16384";
    let known: BTreeSet<&str> = CATALOGS.iter().map(|(name, _)| *name).collect();
    for major in majors() {
        let found: BTreeSet<String> =
            server(major).database("catalogs").query(sql).into_iter().map(|mut row| row.remove(0)).collect();
        let unknown: Vec<_> = found.iter().filter(|name| !known.contains(name.as_str())).collect();
        assert!(unknown.is_empty(), "PostgreSQL {major} has catalogs that nobody answers for: {unknown:?}");
        let gone: Vec<_> = known.iter().filter(|name| !found.contains(**name)).collect();
        // What came with PostgreSQL 15.
        let later = ["pg_parameter_acl", "pg_publication_namespace"];
        assert!(gone.iter().all(|name| major < 15 && later.contains(name)), "PostgreSQL {major} has no {gone:?}");
    }
}

/// A newer server's sorts of objects, made by hand.
#[test]
fn what_nobody_knows_is_refused() {
    let strangers = [
        (
            "update pg_class set relkind = 'z' where relname = 't'",
            "pg_class.relkind is 'z' for public.t: this version knows no such sort of object",
        ),
        (
            "update pg_type set typtype = 'z' where typname = 'y'",
            "pg_type.typtype is 'z' for public.y: this version knows no such sort of object",
        ),
        (
            "update pg_proc set prokind = 'z' where proname = 'f'",
            "pg_proc.prokind is 'z' for f: this version knows no such sort of object",
        ),
        (
            "update pg_constraint set contype = 'z' where conname = 'k'",
            "pg_constraint.contype is 'z' for k: this version knows no such sort of object",
        ),
        (
            "update pg_depend set deptype = 'z' where classid = 'pg_constraint'::regclass and deptype = 'a'",
            "pg_depend.deptype is 'z' for a dependency: this version knows no such sort of object",
        ),
        (
            "insert into pg_depend values ('pg_authid'::regclass, 16500, 0, 'pg_class'::regclass, 16501, 0, 'n')",
            "pg_depend.classid is '1260' for pg_authid: this version knows no such sort of object",
        ),
    ];
    for major in majors() {
        for (change, message) in strangers {
            let database = server(major).database("strange");
            database.run(
                "create table t (a integer constraint k check (a > 0)); create type y as enum ();
                create function f() returns integer language sql as 'select 1';",
            );
            read_as(&database, "postgres").expect("it holds nothing strange");
            database.run(&format!("set allow_system_table_mods to on; {change}"));
            assert_eq!(read_as(&database, "postgres").map(|_| ()), Err(message.to_owned()), "PostgreSQL {major}");
        }
    }
}

#[test]
fn what_is_not_read_is_named() {
    for major in majors() {
        let database = server(major).database("unread");
        database.run(
            "create view v as select 1 as a; alter view v alter a set default 3;
            create table t (a integer default 1 check (a > 0), b integer generated always as (a) stored);
            create rule r as on insert to t do also nothing; create policy p on t;
            create domain d as integer not null constraint k check (value > 0);
            create table root (a integer primary key) partition by range (a);
            create table leaf partition of root default;
            create function f() returns trigger language plpgsql as 'begin end';
            create trigger g after insert on root for each row execute function f();
            create table refers (a integer references root);
            create publication everything; create publication migrators;
            create schema migrator; create table migrator.ledger (a integer);
            alter publication migrators add table migrator.ledger;",
        );
        let catalog = read_as(&database, "postgres").unwrap();
        assert!(unmodelled(&catalog).is_empty(), "PostgreSQL {major}: {:?}", unmodelled(&catalog));
    }
}

/// Where a subscription connects to is no business of ordinary roles: they compare the rest.
#[test]
fn an_ordinary_role_reads_all_but_the_connections() {
    for major in majors() {
        let made = |name: &str, connection: &str| {
            let database = server(major).database(name);
            database.run(&format!(
                "create table t (a integer); create publication p for table t;
                do $$ begin create role onlooker; exception when others then null; end $$;
                create subscription s connection '{connection}' publication p with (connect = false, slot_name = none);"
            ));
            database
        };
        let (one, two) = (made("one", "host=a password=hunter2"), made("two", "host=b password=hunter3"));
        let catalogs = [read_as(&one, "onlooker").unwrap(), read_as(&two, "postgres").unwrap()];
        assert_eq!(unmodelled(&catalogs[0]), ["subscription s, whose connection only a superuser may see"]);
        assert!(unmodelled(&catalogs[1]).is_empty());
        let options = Options::default();
        let [hidden, seen] = &catalogs;
        let apart = plan(Pair::new(hidden, seen), &options).unwrap();
        assert!(apart.is_empty() && apart.information.len() == 1, "{:?}", apart.batches);

        let open = read_as(&one, "postgres").unwrap();
        let moved = plan(Pair::new(&open, seen), &options).unwrap();
        let statement = &moved.batches[0].statements[0];
        assert_eq!(statement.sql.revealed(), "ALTER SUBSCRIPTION s CONNECTION 'host=b password=hunter3'");
        for text in [serde_json::to_string(&moved).unwrap(), format!("{moved:?}"), serde_json::to_string(seen).unwrap()]
        {
            assert!(text.contains("host=b") && !text.contains("hunter"), "{text}");
        }
    }
}

/// No provider is at hand: the labels are written by hand, and the statements are read, not run.
#[test]
fn security_labels_are_read_and_planned() {
    let labelled = |labels: &str| {
        format!(
            "create table t (a integer); create schema s; create function s.f(integer) returns integer language sql as 'select 1';
            set allow_system_table_mods to on;
            insert into pg_seclabel select o.oid, o.class, o.part, o.provider, o.label from (values {labels}) o (oid, class, part, provider, label)"
        )
    };
    for major in majors() {
        let (one, two) = (server(major).database("labels"), server(major).database("labels"));
        one.run(&labelled(
            "('t'::regclass::oid, 'pg_class'::regclass, 0, 'p', 'old'), ('t'::regclass, 'pg_class'::regclass, 0, 'q', 'same'),
            ('t'::regclass, 'pg_class'::regclass, 1, 'gone', 'x')",
        ));
        two.run(&labelled(
            "('t'::regclass::oid, 'pg_class'::regclass, 0, 'p', 'it''s'), ('t'::regclass, 'pg_class'::regclass, 0, 'q', 'same'),
            ('s.f(integer)'::regprocedure, 'pg_proc'::regclass, 0, 'P \"r\"', 'new'),
            ((select oid from pg_namespace where nspname = 's'), 'pg_namespace'::regclass, 0, 'p', 'new')",
        ));
        let catalogs = [read_as(&one, "postgres").unwrap(), read_as(&two, "postgres").unwrap()];
        let plan = plan(Pair::new(&catalogs[0], &catalogs[1]), &Options::default()).unwrap();
        let mut statements: Vec<&str> =
            plan.batches.iter().flat_map(|batch| &batch.statements).map(|s| s.sql.as_str()).collect();
        statements.sort_unstable();
        assert_eq!(
            statements,
            [
                "SECURITY LABEL FOR \"P \"\"r\"\"\" ON FUNCTION s.f(integer) IS 'new'",
                "SECURITY LABEL FOR gone ON COLUMN public.t.a IS NULL",
                "SECURITY LABEL FOR p ON SCHEMA s IS 'new'",
                "SECURITY LABEL FOR p ON TABLE public.t IS 'it''s'",
            ],
            "PostgreSQL {major}"
        );
    }
}

/// Only a superuser alters them, and `pg_dump` does not tell either.
#[test]
fn altered_configurations_of_the_system_are_named() {
    for major in majors() {
        let database = server(major).database("mappings");
        assert!(unmodelled(&read_as(&database, "postgres").unwrap()).is_empty(), "PostgreSQL {major}");
        database.run(
            "alter text search configuration pg_catalog.english alter mapping for word with simple;
            alter text search configuration pg_catalog.german drop mapping for email;
            alter text search configuration pg_catalog.russian alter mapping for host with russian_stem",
        );
        let named = ["english", "german", "russian"]
            .map(|name| format!("text search configuration pg_catalog.{name}, with mappings of its own"));
        assert_eq!(unmodelled(&read_as(&database, "postgres").unwrap()), named, "PostgreSQL {major}");
    }
}
