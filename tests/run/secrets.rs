//! Passwords among the options of foreign servers and user mappings: set, and told to nobody.

use std::io::Read;

use migrator::plan::Plan;
use migrator::report::sql::{Secrets, sql};
use migrator::report::{Gated, json, markdown};

use super::{World, plan, sync};
use crate::support::server::majors;

const SECRET: &str = "hunter2";
const SCHEMA: &str = "create foreign data wrapper w; create server s foreign data wrapper w;";

/// The plan in every form that may be stored or shown.
fn told(plan: &Plan) -> Vec<String> {
    let gated = Gated { plan, withheld: &[] };
    let stored = serde_json::to_string(plan).unwrap();
    let reports = [sql(gated, Secrets::Hidden), json::json(gated), markdown::markdown(gated)];
    reports.into_iter().chain([stored, format!("{plan:?}")]).collect()
}

#[tokio::test]
async fn a_secret_of_a_column_reaches_prod_and_no_report() {
    let prod = format!("{SCHEMA} create foreign table g (x int options (apikey 'old')) server s;");
    let dev = format!(
        "{SCHEMA} create foreign table g (x int options (apikey '{SECRET}1'), y int options (\"accessKey\" '{SECRET}2')) server s;
        create foreign table f (a int options (jwt '{SECRET}3', column_name 'plain'), b int) server s options (bearer '{SECRET}4');"
    );
    let world = World::new(majors()[0], &prod, &dev);
    let planned = plan(&world.request()).await.unwrap();
    let told = told(&planned.plan);
    assert!(
        told.iter().all(|text| !text.contains(SECRET) && text.contains("column_name 'plain', jwt /* hidden */")),
        "{told:?}"
    );
    sync(&world.request()).await.unwrap();
    let options = "select string_agg(o, ' ' order by o) from (select unnest(attfdwoptions) from pg_attribute
        union all select unnest(ftoptions) from pg_foreign_table) o (o)";
    let said = world.prod_says(options);
    assert_eq!(said.matches(SECRET).count(), 4, "{said}");
    assert!(plan(&world.request()).await.unwrap().plan.is_empty());
}

#[tokio::test]
async fn a_password_reaches_prod_and_nothing_else() {
    let dev = format!("{SCHEMA} create user mapping for public server s options (user 'me', password '{SECRET}');");
    let world = World::new(majors()[0], SCHEMA, &dev);
    let request = world.request();
    let planned = plan(&request).await.unwrap();
    let mut told = told(&planned.plan);
    let script = sql(Gated { plan: &planned.plan, withheld: &[] }, Secrets::Revealed);
    assert!(script.contains(&format!("password '{SECRET}'")) && script.contains("CAUTION"), "{script}");

    let synced = sync(&request).await.unwrap();
    assert!(synced.withheld.is_empty());
    assert_eq!(world.prod_says("select umoptions from pg_user_mappings"), format!("{{password={SECRET},user=me}}"));
    told.push(format!("{synced:?}"));
    told.push(world.prod_says("select * from migrator.runs"));
    told.push(world.prod_says("select * from migrator.statements"));
    for entry in std::fs::read_dir(world.archive.path().join("revisions")).unwrap() {
        let mut archive = zip::ZipArchive::new(std::fs::File::open(entry.unwrap().path()).unwrap()).unwrap();
        for at in 0..archive.len() {
            let mut text = String::new();
            archive.by_index(at).unwrap().read_to_string(&mut text).unwrap();
            told.push(text);
        }
    }
    assert!(told.len() > 14 && told.iter().any(|text| text.contains("password /* hidden */")));
    for text in told {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[tokio::test]
async fn a_password_that_changes_is_a_difference() {
    let mapping =
        |password: &str| format!("{SCHEMA} create user mapping for public server s options (password '{password}');");
    let world = World::new(majors()[0], &mapping("one"), &mapping(SECRET));
    // Prod's own is not replaced by dev's unless that is approved.
    let mut request = world.request();
    assert_eq!(sync(&request).await.unwrap().withheld.len(), 1);
    assert_eq!(world.prod_says("select umoptions from pg_user_mappings"), "{password=one}");
    request.policy.allow.push("data_loss".parse().unwrap());
    sync(&request).await.unwrap();
    assert_eq!(world.prod_says("select umoptions from pg_user_mappings"), format!("{{password={SECRET}}}"));
    assert!(plan(&world.request()).await.unwrap().plan.is_empty());
}

#[tokio::test]
async fn options_that_the_role_may_not_see_are_no_difference() {
    let mapping =
        |password: &str| format!("{SCHEMA} create user mapping for postgres server s options (password '{password}');");
    let world = World::new(majors()[0], &mapping("one"), &mapping("two"));
    let role = format!("guest_{}", world.prod.name);
    world.prod.run(&format!("create role {role} login"));
    let mut request = world.request();
    request.prod = world.prod.url.replace("postgres@", &format!("{role}@")).parse().unwrap();
    let planned = plan(&request).await.unwrap();
    assert!(planned.plan.is_empty(), "{:?}", planned.plan);
    assert!(planned.plan.information[0].note.contains("may not see"), "{:?}", planned.plan.information);
    assert!(planned.plan.unmodelled.current.iter().any(|object| object.object_type == "user mapping"));
}
