//! A rename that nobody stated looks like a drop and a create: the plan asks, and the drop waits.

use migrator::app::Request;
use migrator::code::Code;
use migrator::plan::gate::Reason;
use migrator::statement::HazardKind;

use super::{World, plan, statements, sync};
use crate::support::server::majors;

const PROD: &str = "
    create table client (id int primary key, mail text);
    insert into client values (1, 'a@example.org');
    create table parcel (id int primary key, weight int, label text check (label <> ''));
    insert into parcel values (1, 5, 'x');
    create index parcel_by_weight on parcel (weight);";

const DEV: &str = "
    create table customer (id int constraint client_pkey primary key, mail text);
    create table parcel (id int primary key, weight_grams int, label text constraint labelled check (label <> ''));
    create index parcel_weight on parcel (weight_grams);
    create table other (id int);";

/// What is withheld: the hazard's kind, and its note.
async fn withheld(request: &Request) -> Vec<(HazardKind, String)> {
    let planned = plan(request).await.unwrap();
    let reasons = planned.withheld.iter().filter_map(|withheld| match &withheld.reason {
        Reason::Hazard(hazards) => Some(hazards.clone()),
        _ => None,
    });
    reasons.flatten().map(|hazard| (hazard.kind, hazard.note)).collect()
}

#[tokio::test]
async fn every_candidate_is_shown_with_the_rename_that_keeps_it() {
    let world = World::new(majors()[0], PROD, DEV);
    let mut request = world.request();
    let asked = withheld(&request).await;
    let answers = [
        "table public.client -> customer",
        "column public.parcel.weight -> weight_grams",
        "constraint public.parcel.parcel_label_check -> labelled",
    ];
    for answer in answers {
        let flag = format!("--rename '{answer}' keeps it");
        assert!(asked.iter().any(|(_, note)| note.contains(&flag)), "{flag}: {asked:?}");
    }
    // A constraint loses no rows, but its drop waits for the answer as well.
    assert!(
        asked.iter().any(|(kind, note)| *kind == HazardKind::MaybeRename && note.contains("labelled")),
        "{asked:?}"
    );
    assert!(!asked.iter().any(|(_, note)| note.contains("-> other")), "{asked:?}");

    request.options.renames = answers.iter().map(|answer| answer.parse().unwrap()).collect();
    // With the column's new name, the index is the same but for its own.
    let asked = withheld(&request).await;
    let flag = "--rename 'index public.parcel_by_weight -> parcel_weight' keeps it";
    assert!(asked.len() == 2 && asked.iter().all(|(_, note)| note.contains(flag)), "{asked:?}");
    request.options.renames.push("index public.parcel_by_weight -> parcel_weight".parse().unwrap());
    let synced = sync(&request).await.unwrap();
    assert!(synced.withheld.is_empty() && !statements(&synced.plan).iter().any(|sql| sql.contains("DROP")));
    assert_eq!(world.prod_says("select mail from customer"), "a@example.org");
    assert_eq!(world.prod_says("select weight_grams from parcel"), "5");
}

#[tokio::test]
async fn a_drop_that_is_no_rename_runs_once_that_is_said() {
    let world = World::new(
        majors()[0],
        "create table a (b int); create index one on a (b)",
        "create table a (b int); create index two on a (b)",
    );
    let mut request = world.request();
    // The other one is withheld with it: with both there, nobody could answer any more.
    for _ in 0..2 {
        assert_eq!(sync(&request).await.unwrap().withheld.len(), 2);
        assert_eq!(world.prod_says("select indexrelid::regclass from pg_index where indrelid = 'a'::regclass"), "one");
    }
    request.policy.allow.push("maybe_rename:public.one".parse().unwrap());
    assert!(sync(&request).await.unwrap().withheld.is_empty());
    assert_eq!(world.prod_says("select count(*) from pg_index where indrelid = 'a'::regclass"), "1");
}

#[tokio::test]
async fn a_label_that_may_only_be_called_something_else_is_asked_about() {
    let schema = |labels: &str| format!("create type mood as enum ({labels}); create table a (b mood)");
    let world = World::new(majors()[0], &schema("'sad', 'ok', 'gone'"), &schema("'low', 'ok'"));
    world.prod.run("insert into a values ('sad')");
    let mut request = world.request();
    let asked = withheld(&request).await;
    let flag = "--rename 'enum label public.mood.sad -> low' keeps it";
    assert!(asked.len() == 1 && asked[0].0 == HazardKind::MaybeRename && asked[0].1.contains(flag), "{asked:?}");
    sync(&request).await.unwrap();
    assert_eq!(world.prod_says("select enum_range(null::mood)"), "{sad,ok,gone}");
    request.options.renames.push("enum label public.mood.sad -> low".parse().unwrap());
    assert!(sync(&request).await.unwrap().withheld.is_empty());
    assert_eq!(world.prod_says("select b, enum_range(null::mood) from a"), "low|{low,ok}");
    // The same command again finds it done.
    assert!(plan(&request).await.unwrap().plan.is_empty());
}

/// After a swap everything is called as before: whoever gave the command again would have it back.
#[tokio::test]
async fn names_that_change_hands_are_refused_and_those_that_move_on_are_not() {
    let renamed = |renames: &[&str], world: &World| {
        let mut request = world.request();
        request.options.renames = renames.iter().map(|rename| rename.parse().unwrap()).collect();
        request
    };
    let world = World::new(majors()[0], "create table t (a int, b int)", "create table t (b int, a int)");
    let swap = ["column public.t.a -> aside", "column public.t.b -> a", "column public.t.aside -> b"];
    let failure = plan(&renamed(&swap, &world)).await.unwrap_err();
    assert!(failure.code == Code::RenameRefused && failure.message.contains("in two syncs"), "{failure}");

    let world = World::new(majors()[0], "create table t (a int, b int)", "create table t (b int, c int)");
    world.prod.run("insert into t values (1, 2)");
    let request = renamed(&["column public.t.b -> c", "column public.t.a -> b"], &world);
    for _ in 0..2 {
        sync(&request).await.unwrap();
        assert_eq!(world.prod_says("select b, c from t"), "1|2");
    }
    assert!(plan(&request).await.unwrap().plan.is_empty());
}
