//! Extensions (documentation chapter 36.17; catalog `pg_extension`).
//! The members belong to the extension and are read by nobody else; the version is ours to compare, though `pg_dump`
//! does not print it.

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::kind::{Kind, ObjectId};
use crate::name::{literal, quote};
use crate::pair::Pair;
use crate::statement::{Alteration, Fragment, HazardKind, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    version: String,
    schema: String,
    relocatable: bool,
}

impl Kind for Extension {
    const LABEL: &'static str = "extension";
    const QUERY: &'static str = "
        select 'pg_extension'::regclass::oid, e.oid, 0, array[e.extname]::text[],
            e.extversion as version, n.nspname as schema, e.extrelocatable as relocatable
        from pg_extension e join pg_namespace n on n.oid = e.extnamespace
        where not exists (select from member m where m.classid = 'pg_extension'::regclass and m.objid = e.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        // One that is not relocatable may live in a schema of the user's choice all the same, but for the system's.
        let chosen = self.relocatable || self.schema != "pg_catalog";
        let schema = if chosen { format!(" SCHEMA {}", quote(&self.schema)) } else { String::new() };
        // Another major version brings other versions of the extensions: prod's own is the right one there.
        let catalogs = cx.catalogs;
        let same = catalogs.current.major == catalogs.desired.major;
        let version = if same { format!(" VERSION {}", literal(&self.version)) } else { String::new() };
        let create = Statement::new(format!("CREATE EXTENSION {}{schema}{version}", id.sql()));
        Recipe::one(create.unless(objection(id, same.then_some(&self.version))))
    }

    fn match_versions(&mut self, _: &ObjectId, prod: &Self, _: Pair<u32>) -> Option<String> {
        let dev = std::mem::replace(&mut self.version, prod.version.clone());
        let note = format!("is version {} here and {dev} there, on another version of PostgreSQL; it is left as it is", prod.version);
        (dev != prod.version).then_some(note)
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        let note = "what the extension stores of its own goes with it";
        let drop = Statement::new(format!("DROP EXTENSION {}", id.sql()));
        Recipe::one(drop.contract().hazard(HazardKind::Irreversible, id, note))
    }

    fn is_initial(&self, id: &ObjectId) -> bool {
        id.raw_name() == "plpgsql"
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let Extension { version, schema, relocatable } = change.desired;
        if *schema != change.current.schema && !*relocatable {
            return Alteration::Replace;
        }
        let mut statements = Vec::new();
        if *version != change.current.version {
            let sql = format!("ALTER EXTENSION {} UPDATE TO {}", id.sql(), literal(version));
            let (absent, unreachable) = (objection(id, Some(version)), no_path(id, Pair::new(&change.current.version, version)));
            statements.push(Statement::new(sql).unless(format!("select coalesce(({absent}), ({unreachable}))")));
        }
        if *schema != change.current.schema {
            let set = Statement::new(format!("ALTER EXTENSION {} SET SCHEMA {}", id.sql(), quote(schema)));
            statements.push(set.unless(super::objection::on_foreign_members(id)));
        }
        Alteration::InPlace(Recipe::many(statements))
    }
}

/// Why the extension cannot get from one version to the other.
fn no_path(id: &ObjectId, versions: Pair<&String>) -> String {
    let told = format!("{id} has no way from version {} to version {}", versions.current, versions.desired);
    let (from, to) = (literal(versions.current), literal(versions.desired));
    format!(
        "select {} where not exists (
            select from pg_extension_update_paths({}) p where p.source = {from} and p.target = {to} and p.path is not null)",
        literal(&told),
        literal(id.raw_name())
    )
}

/// Why the server does not let our role have the extension: it lacks the files, or lets only superusers have it. Where
/// RDS has files it lets its own superusers have what they hold.
fn objection(id: &ObjectId, version: Option<&String>) -> String {
    let name = literal(id.raw_name());
    let (of_version, told) = match version {
        Some(version) => (format!(" and v.version = {}", literal(version)), format!(" in version {version}")),
        None => (String::new(), String::new()),
    };
    let absent = literal(&format!("{id} is not to be had on this server{told}"));
    let untrusted = literal(&format!("{id} is not trusted, only a superuser has it made: role "));
    format!(
        "select case when count(*) = 0 then {absent} when not bool_or(v.trusted or not v.superuser) and not exists (
                select from pg_roles r where r.rolname = current_user and r.rolsuper
                    or r.rolname = 'rds_superuser' and pg_has_role(r.oid, 'usage'))
            then {untrusted} || current_user || ' is none' end
        from pg_available_extension_versions v where v.name = {name}{of_version}"
    )
}
