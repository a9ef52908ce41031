//! Dev and prod of different major versions.

use migrator::plan::gate::Reason;
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
