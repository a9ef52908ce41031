//! Dev and prod of different major versions.

use migrator::plan::gate::{Reason, Withheld};
use migrator::statement::HazardKind;

use super::{World, plan, statements, sync};
use crate::support::server::{majors, server};

/// Dev on the newest version, prod on the oldest.
fn world(prod: &str, dev: &str) -> World {
    let (oldest, newest) = (majors()[0], majors()[majors().len() - 1]);
    let world = World::new(oldest, prod, "");
    let newer = server(newest).database("dev");
    newer.run(dev);
    World { dev: newer, ..world }
}

#[tokio::test]
async fn what_prod_is_too_old_for_is_named_and_the_rest_is_done() {
    if majors().len() == 1 {
        return;
    }
    let world = world(
        "create table a (b int)",
        "create table a (b int, c int); create table v (a int, b int generated always as (a * 2) virtual);
        create view over as select b from v; create extension citext",
    );
    let synced = sync(&world.request()).await.unwrap();
    let first = |batch: usize| synced.plan.batches[batch].statements[0].sql.as_str();
    let withheld: Vec<&str> = synced.withheld.iter().map(|withheld| first(withheld.batch)).collect();
    assert!(
        withheld.len() == 2 && withheld[0].contains("public.v") && withheld[1].contains("public.over"),
        "{withheld:?}"
    );
    let Reason::Hazard(hazards) = &synced.withheld[0].reason else { panic!("{:?}", synced.withheld[0]) };
    assert_eq!(hazards[0].kind, HazardKind::NeedsNewerServer);
    assert!(hazards[0].note.contains("virtual generated column since version 18"), "{}", hazards[0].note);
    assert_eq!(world.prod_says("select count(*) from pg_attribute where attrelid = 'a'::regclass and attnum > 0"), "2");
    assert_eq!(world.prod_says("select count(*) from pg_extension where extname = 'citext'"), "1");
    let again = plan(&world.request()).await.unwrap();
    assert_eq!(again.plan.batches.len(), 2, "{:?}", statements(&again.plan));
}

#[tokio::test]
async fn what_is_too_young_for_prod_is_known_of_every_kind() {
    if majors().len() == 1 {
        return;
    }
    let world = world(
        "create table plain (a int)",
        "create table plain (a int) with (autovacuum_vacuum_max_threshold = 7);
        create publication p with (publish_generated_columns = stored);
        create collation c (provider = builtin, locale = 'C.UTF-8');
        create table part (a int) partition by list (a) using heap;
        create subscription s connection 'host=nowhere' publication p with (connect = false, slot_name = none, origin = none)",
    );
    let synced = sync(&world.request()).await.unwrap();
    let hazards = |withheld: &Withheld| match &withheld.reason {
        Reason::Hazard(hazards) => hazards.clone(),
        _ => Vec::new(),
    };
    let hazards: Vec<_> = synced.withheld.iter().flat_map(hazards).collect();
    let mut young: Vec<String> = hazards
        .iter()
        .filter(|hazard| hazard.kind == HazardKind::NeedsNewerServer)
        .map(|hazard| hazard.object.to_string())
        .collect();
    young.sort();
    let expected = ["collation public.c", "publication p", "subscription s", "table public.part", "table public.plain"];
    assert_eq!(young, expected, "{hazards:?}");
    assert_eq!(synced.withheld.len(), expected.len());
}

/// What everybody may do in the schema public is not the same since version 15.
#[tokio::test]
async fn new_databases_are_the_same_and_versions_of_extensions_are_told() {
    if majors().len() == 1 {
        return;
    }
    let world = world("create extension pg_stat_statements", "create extension pg_stat_statements");
    for request in [world.request(), World { dev: world.prod, prod: world.dev, ..world }.request()] {
        let planned = plan(&request).await.unwrap();
        assert!(planned.plan.is_empty(), "{:?}", statements(&planned.plan));
        let told: Vec<String> =
            planned.plan.information.iter().map(|told| format!("{} {}", told.object, told.note)).collect();
        assert!(told.len() == 1 && told[0].starts_with("extension pg_stat_statements is version 1."), "{told:?}");
    }
}
