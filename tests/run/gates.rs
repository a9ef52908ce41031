//! What stops a sync before its first statement.

use std::collections::BTreeSet;

use migrator::app;
use migrator::code::{Code, Exit};
use migrator::kind::Group;
use migrator::plan::Options;
use migrator::plan::gate::Withheld;
use migrator::scope::Extent;

use super::{World, plan, sync};
use crate::support::server::majors;
use crate::support::trial;

#[tokio::test]
async fn strict_refuses_when_anything_lacks_an_approval() {
    let world = World::new(majors()[0], "create table a (b int, c int)", "create table a (b int); create table d ()");
    let mut request = world.request();
    request.strict = true;
    let failure = sync(&request).await.unwrap_err();
    assert_eq!((failure.code, failure.code.exit(), failure.code.http()), (Code::Blocked, Exit::Blocked, 422));
    assert!(failure.message.contains("--allow data_loss:public.a.c"), "{failure}");
    assert!(failure.changed_nothing() && !world.has_ledger());
    assert_eq!(world.prod_says("select to_regclass('d') is null"), "t");
    assert!(app::history(request.archive.as_ref().unwrap()).await.unwrap().revisions.is_empty());
}

/// A type that is replaced takes its values along through text, where what is too long is cut without an error.
#[tokio::test]
async fn values_that_a_replaced_type_would_cut_wait_for_an_approval() {
    let columns = "create table a (r reach, d due, c code, p pair, t %)";
    let pair = "create type mood as enum (%); create type pair as (a mood, b int%)";
    let schema = |types: &str, moods: [&str; 2], column: &str| {
        let pair = moods.iter().fold(pair.to_owned(), |sql, part| sql.replacen('%', part, 1));
        format!("{types}; {pair}; {}", columns.replace('%', column))
    };
    let world = World::new(
        majors()[0],
        &schema(
            "create type reach as range (subtype = timestamp); create domain due as timestamp;
            create domain code as varchar(20); create domain short as varchar(5)",
            ["'x', 'y'", ", c int"],
            "text",
        ),
        &schema(
            "create type reach as range (subtype = date); create domain due as date;
            create domain code as varchar(5); create domain short as varchar(5)",
            ["'y'", ""],
            "short",
        ),
    );
    world.prod.run("insert into a values ('[2000-01-01 12:00,2000-01-02 13:00)', '2000-01-01 12:00', 'abcdefgh', '(y,1,2)', 'abcdefgh')");
    let before = world.prod_says("select * from a");
    let request = world.request();
    sync(&request).await.unwrap();
    assert_eq!(world.prod_says("select * from a"), before);
    let withheld = plan(&request).await.unwrap().withheld;
    let approvals: BTreeSet<String> = withheld.iter().flat_map(Withheld::approvals).collect();
    let lost = ["a.t", "code", "due", "pair", "reach"].map(|name| format!("data_loss:public.{name}"));
    assert_eq!(approvals, BTreeSet::from(lost));
}

#[tokio::test]
async fn a_prod_that_changed_since_it_was_planned_for_is_left_alone() {
    let world = World::new(majors()[0], "create table a (b int)", "create table a (b int, c int)");
    let request = world.request();
    let planned = plan(&request).await.unwrap();
    world.prod.run("create table somebody_was_here ()");
    let failure = app::sync(&request, Some(&planned.plan), &mut |_| {}).await.unwrap_err();
    assert_eq!((failure.code, failure.code.exit(), failure.code.http()), (Code::ProdChanged, Exit::Busy, 409));
    assert!(failure.changed_nothing() && !world.has_ledger());
    let planned = plan(&request).await.unwrap();
    world.dev.run("create table more ()");
    let failure = app::sync(&request, Some(&planned.plan), &mut |_| {}).await.unwrap_err();
    assert_eq!((failure.code, failure.code.http()), (Code::PlanChanged, 409));
    let planned = plan(&request).await.unwrap();
    app::sync(&request, Some(&planned.plan), &mut |_| {}).await.unwrap();
}

#[tokio::test]
async fn an_approved_hash_runs_that_plan_and_no_other() {
    let world = World::new(majors()[0], "create table a (b int, c int)", "create table a (b int)");
    let mut request = world.request();
    request.policy.plan_hash = Some(plan(&request).await.unwrap().plan.hash);
    world.dev.run("create table more ()");
    assert_eq!(sync(&request).await.unwrap_err().code, Code::PlanChanged);
    world.dev.run("drop table more");
    assert!(sync(&request).await.unwrap().withheld.is_empty());
}

#[tokio::test]
async fn a_role_that_may_not_alter_is_told_before_anything_is_done() {
    let world = World::new(majors()[0], "create table a (b int)", "create table z (); create table a (b int, c int)");
    let role = format!("guest_{}", world.prod.name);
    world.prod.run(&format!("create role {role} login"));
    let url = world.prod.url.replace("postgres@", &format!("{role}@"));
    let mut request = world.request();
    request.prod = url.parse().unwrap();
    let failure = sync(&request).await.unwrap_err();
    assert_eq!((failure.code, failure.code.http()), (Code::MayNotAlter, 403));
    assert!(failure.message.contains("public.a is owned by role postgres"), "{failure}");
    assert!(failure.message.contains("may not create the schema migrator"), "{failure}");
    assert!(failure.changed_nothing() && !world.has_ledger());
    // It may plan, and it may run what it owns.
    plan(&request).await.unwrap();
    world.prod.run(&format!(
        "alter table a owner to {role}; grant create on database {} to {role}; grant create on schema public to {role}",
        world.prod.name
    ));
    sync(&request).await.unwrap();
    // Another role has no part in the ledger of the first, and hears of it.
    world.prod.run(&format!("drop owned by {role} cascade; drop role {role}"));
}

/// Between the approval and the run somebody changes prod or dev, each time in another way.
#[tokio::test]
async fn an_approved_hash_is_refused_whenever_something_has_changed() {
    let world = World::new(majors()[0], "create table a (b int)", "create table a (b int, c int)");
    let mut request = world.request();
    request.archive = None;
    let free = request.clone();
    for round in 0..100 {
        request.policy.plan_hash = Some(plan(&free).await.unwrap().plan.hash);
        let (side, change) = match round % 4 {
            0 => (&world.prod, format!("create table other_{round} ()")),
            1 => (&world.prod, format!("alter table a add d_{round} int")),
            2 => (&world.prod, format!("comment on table a is '{round}'")),
            _ => (&world.dev, format!("create view v_{round} as select {round} as n")),
        };
        side.run(&change);
        let failure = sync(&request).await.unwrap_err();
        assert_eq!(failure.code, Code::PlanChanged, "{change}");
        assert!(failure.changed_nothing(), "{change}: {failure:?}");
    }
    request.policy.plan_hash = Some(plan(&free).await.unwrap().plan.hash);
    request.options.scope.exclude.push("table:public.other_*".parse().unwrap());
    assert_eq!(sync(&request).await.unwrap_err().code, Code::PlanChanged, "other options");
    assert!(!world.has_ledger(), "nothing was ever begun");
}

/// Who is to do something else than before may do both, until it is approved that he may do less.
#[tokio::test]
async fn grants_do_not_wait_for_what_is_revoked() {
    for approved_at_once in [false, true] {
        let world = World::new(majors()[0], "create table a (b int)", "create table a (b int)");
        let role = format!("clerk_{}", world.prod.name);
        world.prod.run(&format!("create role {role}; grant select, delete on a to {role} with grant option"));
        world.dev.run(&format!(
            "grant insert on a to {role}; grant select (b), update (b) on a to {role}; grant delete on a to {role}"
        ));
        let may = |privilege: &str| format!("select has_table_privilege('{role}', 'a', '{privilege}')");
        let mut request = world.request();
        if !approved_at_once {
            let withheld = sync(&request).await.unwrap().withheld;
            assert_eq!(withheld.len(), 1, "{withheld:?}");
            assert_eq!(["insert", "select"].map(|privilege| world.prod_says(&may(privilege))), ["t", "t"]);
        }
        request.policy.allow.push("privilege_change".parse().unwrap());
        assert!(sync(&request).await.unwrap().withheld.is_empty());
        let left = ["insert", "delete", "select", "delete with grant option"];
        assert_eq!(left.map(|privilege| world.prod_says(&may(privilege))), ["t", "t", "f", "f"]);
        let column = format!(
            "select has_column_privilege('{role}', 'a', 'b', 'select') and has_column_privilege('{role}', 'a', 'b', 'update')"
        );
        assert_eq!(world.prod_says(&column), "t");
        assert!(plan(&request).await.unwrap().plan.is_empty());
        for database in [&world.dev, &world.prod] {
            database.run(&format!("drop owned by {role}"));
        }
        world.prod.run(&format!("drop role {role}"));
    }
}

#[tokio::test]
async fn what_takes_more_than_owning_is_told_before_anything_is_done() {
    let dev = "create table a (b int); create table c ();
        create extension file_fdw; create extension citext;
        create function f() returns int language sql leakproof immutable return 1;
        create function g() returns int language internal strict as 'int4pl';";
    let prod = "create table p (a int primary key); create table q (a int references p);
        alter table q drop constraint q_a_fkey, add constraint q_a_fkey foreign key (a) references p not valid;
        alter table p enable row level security, force row level security";
    let dev = format!(
        "{dev} create table p (a int primary key); create table q (a int references p);
        alter table p enable row level security, force row level security"
    );
    let world = World::new(majors()[0], prod, &dev);
    let (name, role) = (&world.prod.name, format!("master_{}", world.prod.name));
    world.prod.run(&format!(
        "create role {role} login; alter table p owner to {role}; alter table q owner to {role};
        grant create on database {name} to {role}; grant create on schema public to {role}"
    ));
    let mut request = world.request();
    request.prod = world.prod.url.replace("postgres@", &format!("{role}@")).parse().unwrap();
    let failure = sync(&request).await.unwrap_err();
    assert_eq!((failure.code, failure.code.http()), (Code::PowerMissing, 403));
    let told = [
        format!("extension file_fdw is not trusted, only a superuser has it made: role {role} is none"),
        format!("function public.f() is not for role {role}: only a superuser defines leakproof functions"),
        format!("function public.g() is written in internal, which role {role} may not use"),
        format!(
            "public.p cannot be read in full: row level security is forced on it, and role {role} does not bypass it"
        ),
    ];
    for line in told {
        assert!(failure.message.contains(&line), "{line}\n{failure}");
    }
    assert!(!failure.message.contains("citext"), "{failure}");
    assert!(failure.changed_nothing() && !world.has_ledger());
    // Nothing of this stops a superuser.
    request.prod = world.prod.url.parse().unwrap();
    sync(&request).await.unwrap();
    world.prod.run(&format!("drop owned by {role} cascade; drop role {role}"));
}

/// PostgreSQL refuses such a rule: that is known before anything runs, whoever has dropped the column.
#[tokio::test]
async fn a_rule_that_returns_rows_of_a_table_that_lost_a_column_is_told() {
    let dev = "create table a (b int); create table log ();
        create rule r as on insert to a do instead insert into log default values returning 1";
    for prod in ["create table a (b int, c int); alter table a drop c", "create table a (b int, c int)"] {
        let world = World::new(majors()[0], prod, dev);
        let mut request = world.request();
        request.policy.allow.push("data_loss:public.a.c".parse().unwrap());
        let failure = sync(&request).await.unwrap_err();
        assert_eq!(failure.code, Code::PowerMissing);
        let told =
            "rule public.a.r has RETURNING, which PostgreSQL refuses on a table that ever lost a column: public.a";
        assert!(failure.message.contains(told), "{failure}");
        assert!(failure.changed_nothing() && !world.has_ledger());
    }
    let world = World::new(majors()[0], "create table a (b int)", dev);
    sync(&world.request()).await.unwrap();
    assert_eq!(world.prod_says("select count(*) from pg_rules where tablename = 'a'"), "1");
}

#[tokio::test]
async fn an_expression_that_would_go_over_three_levels_is_told() {
    let tree = |column: &str| {
        format!("create table a (x int, {column}); create table b () inherits (a); create table c () inherits (b)")
    };
    let (prod, dev) = (tree("y int generated always as (x * 2) stored"), tree("y int"));
    let world = World::new(majors()[0], &prod, &dev);
    let failure = sync(&world.request()).await.unwrap_err();
    assert_eq!(failure.code, Code::PowerMissing);
    assert!(failure.message.contains("column public.a.y cannot cease to be generated"), "{failure}");
    assert!(failure.changed_nothing() && !world.has_ledger());
}

#[tokio::test]
async fn a_new_owner_who_may_not_create_there_is_told() {
    let world = World::new(majors()[0], "create schema s; create table s.t ()", "create schema s; create table s.t ()");
    let (role, us) = (format!("owner_{}", world.prod.name), format!("master_{}", world.prod.name));
    world.prod.run(&format!(
        "create role {role}; create role {us} login; grant {role} to {us}; grant create on database {} to {us};
        alter schema s owner to {us}; alter table s.t owner to {us}",
        world.prod.name
    ));
    world.dev.run(&format!("alter schema s owner to {us}; alter table s.t owner to {role}"));
    let mut request = world.request();
    request.prod = world.prod.url.replace("postgres@", &format!("{us}@")).parse().unwrap();
    request.options.scope.with = [(Group::Owner, Extent::On)].into();
    request.policy.allow.push("privilege_change".parse().unwrap());
    let failure = sync(&request).await.unwrap_err();
    assert_eq!(failure.code, Code::PowerMissing);
    let told = format!("role {role} may not create in schema s, as an owner of table s.t must");
    assert!(failure.message.contains(&told), "{failure}");
    // What dev grants comes before, and makes it possible.
    world.dev.run(&format!("grant create on schema s to {role}"));
    sync(&request).await.unwrap();
    assert_eq!(world.prod_says(&format!("select tableowner = '{role}' from pg_tables where tablename = 't'")), "t");
}

#[tokio::test]
async fn privileges_in_which_our_role_has_no_say_are_told_and_left() {
    let dev = "create table a (b int); create table c (); revoke all on schema public from public";
    let world = World::new(majors()[0], "create table a (b int)", dev);
    let (name, role) = (&world.prod.name, format!("tenant_{}", world.prod.name));
    world.prod.run(&format!(
        "create role {role} login; alter table a owner to {role};
        grant create on database {name} to {role}; grant create on schema public to {role}"
    ));
    let mut request = world.request();
    request.prod = world.prod.url.replace("postgres@", &format!("{role}@")).parse().unwrap();
    request.options.scope.with = [(Group::Privileges, Extent::On)].into();
    request.policy.allow.push("privilege_change".parse().unwrap());
    let failure = sync(&request).await.unwrap_err();
    assert_eq!(failure.code, Code::MayNotAlter);
    assert!(failure.message.contains(&format!("role {role} is no member of pg_database_owner")), "{failure}");
    request.options = Options::default();
    let synced = sync(&request).await.unwrap();
    let notes: Vec<&str> = synced.plan.information.iter().map(|information| information.note.as_str()).collect();
    assert_eq!(notes, [format!("left as it is: the role {role} is no member of pg_database_owner")]);
    world.prod.run(&format!("drop owned by {role} cascade; drop role {role}"));
}

#[tokio::test]
async fn a_role_that_may_not_read_is_told_what() {
    let world = World::new(majors()[0], "create table a (b int)", "create table a (b int)");
    let role = format!("blind_{}", world.prod.name);
    world.prod.run(&format!("create role {role} login; revoke select on pg_proc from public"));
    let mut request = world.request();
    request.prod = world.prod.url.replace("postgres@", &format!("{role}@")).parse().unwrap();
    let failure = plan(&request).await.unwrap_err();
    assert_eq!((failure.code, failure.sqlstate.as_deref()), (Code::MayNotRead, Some("42501")));
    assert!(failure.message.starts_with("prod: "), "{failure}");
    world.prod.run(&format!("drop role {role}"));
}

#[tokio::test]
async fn a_rename_of_nothing_is_refused() {
    let world = World::new(majors()[0], "create table a (b int)", "create table a (b int)");
    let mut request = world.request();
    request.options.renames.push("table public.nothing -> something".parse().unwrap());
    assert_eq!(sync(&request).await.unwrap_err().code, Code::RenameRefused);
}

#[tokio::test]
async fn a_rename_to_a_name_that_a_child_has_is_refused() {
    let tree = |child: &str| format!("create table p (a int); create table c ({child}) inherits (p)");
    let dev = tree("a int, b int").replace("p (a int)", "p (b int)");
    let world = World::new(majors()[0], &tree("a int, b int"), &dev);
    let mut request = world.request();
    request.options.renames.push("column public.p.a -> b".parse().unwrap());
    let failure = sync(&request).await.unwrap_err();
    assert_eq!(failure.code, Code::RenameRefused);
    assert!(failure.message.contains("column public.c.a cannot be renamed to b: prod already has"), "{failure}");
}

#[tokio::test]
async fn default_privileges_are_not_touched_where_privileges_are_not_compared() {
    let role = "pg_read_all_data";
    let prod = format!("alter default privileges grant select on tables to {role}");
    let world = World::new(majors()[0], &prod, &format!("create extension pg_stat_statements; {prod}"));
    let mut request = world.request();
    request.options.scope.with = [(Group::Privileges, Extent::Off)].into();
    assert!(!trial::sql(&plan(&request).await.unwrap().plan).contains("DEFAULT PRIVILEGES"));
    request.options = Options::default();
    assert!(trial::sql(&plan(&request).await.unwrap().plan).contains("REVOKE SELECT ON TABLES"));
}
