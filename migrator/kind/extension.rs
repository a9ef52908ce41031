//! Extensions (documentation chapter 36.17; catalog `pg_extension`).
//! The members belong to the extension and are read by nobody else; the version is ours to compare, though `pg_dump`
//! does not print it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, NamePath, Object, ObjectId, ObjectKind};
use crate::name::{literal, quote};
use crate::pair::Pair;
use crate::rename::Moving;
use crate::statement::{Alteration, Fragment, HazardKind, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    version: String,
    schema: String,
    relocatable: bool,
    /// What stands in its schema, by name.
    #[serde(skip_serializing, default)]
    names: Names,
    /// As statements speak of them.
    #[serde(skip_serializing, default)]
    members: Members,
}

/// Follows from the members: two are never different.
#[derive(Debug, Clone, Default, Deserialize)]
struct Names(BTreeSet<String>);

impl PartialEq for Names {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Names {}

/// Follows from the version, but for what is added and dropped by hand. A snapshot does not know.
#[derive(Debug, Clone, Default, Deserialize)]
struct Members(Option<BTreeSet<String>>);

impl Members {
    /// Those that another one does not have.
    fn beyond<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a String> {
        let known = self.0.as_ref().zip(other.0.as_ref());
        known.into_iter().flat_map(|(own, others)| own.difference(others))
    }
}

impl PartialEq for Members {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.0.is_none() || other.0.is_none()
    }
}

impl Eq for Members {}

impl Kind for Extension {
    const LABEL: &'static str = "extension";
    const QUERY: &'static str = "
        select 'pg_extension'::regclass::oid, e.oid, 0, array[e.extname]::text[],
            e.extversion as version, n.nspname as schema, e.extrelocatable as relocatable, (
                select array_agg(distinct m.name) from pg_depend d cross join lateral (select case d.classid
                    when 'pg_proc'::regclass then (select o.proname from pg_proc o where o.oid = d.objid)
                    when 'pg_type'::regclass then (select o.typname from pg_type o where o.oid = d.objid)
                    when 'pg_class'::regclass then (select o.relname from pg_class o where o.oid = d.objid)
                    when 'pg_operator'::regclass then (select o.oprname from pg_operator o where o.oid = d.objid)
                    when 'pg_opclass'::regclass then (select o.opcname from pg_opclass o where o.oid = d.objid)
                    when 'pg_opfamily'::regclass then (select o.opfname from pg_opfamily o where o.oid = d.objid)
                    when 'pg_collation'::regclass then (select o.collname from pg_collation o where o.oid = d.objid)
                    when 'pg_conversion'::regclass then (select o.conname from pg_conversion o where o.oid = d.objid)
                    when 'pg_ts_config'::regclass then (select o.cfgname from pg_ts_config o where o.oid = d.objid)
                    when 'pg_ts_dict'::regclass then (select o.dictname from pg_ts_dict o where o.oid = d.objid)
                    when 'pg_ts_parser'::regclass then (select o.prsname from pg_ts_parser o where o.oid = d.objid)
                    when 'pg_ts_template'::regclass then (select o.tmplname from pg_ts_template o where o.oid = d.objid)
                    end::text) m (name)
                where d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e' and m.name is not null
            ) as names, (
                select array_agg(replace(upper(i.type) || ' ' || i.identity, 'pg_catalog.', ''))
                from pg_depend d cross join lateral pg_identify_object(d.classid, d.objid, 0) i
                where d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e'
            ) as members
        from pg_extension e join pg_namespace n on n.oid = e.extnamespace
        where not exists (select from member m where m.classid = 'pg_extension'::regclass and m.objid = e.oid)";

    fn claims(&self, _: &ObjectId) -> Vec<Claim> {
        self.members.0.iter().flatten().map(|member| claim(member)).collect()
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        // One that is not relocatable may live in a schema of the user's choice all the same, but for the system's.
        let chosen = self.relocatable || self.schema != "pg_catalog";
        let schema = if chosen { format!(" SCHEMA {}", quote(&self.schema)) } else { String::new() };
        // Another major version brings other versions of the extensions: prod's own is the right one there.
        let catalogs = cx.catalogs;
        let same = catalogs.current.major == catalogs.desired.major;
        let version = if same { format!(" VERSION {}", literal(&self.version)) } else { String::new() };
        let create = Statement::new(format!("CREATE EXTENSION {}{schema}{version}", id.sql()));
        let create = create.unless(objection(id, same.then_some(&self.version)));
        Recipe::many(super::default_privilege::around(create, id, &self.schema, cx))
    }

    fn match_versions(&mut self, _: &ObjectId, prod: &Self, _: Pair<u32>) -> Option<String> {
        let dev = std::mem::replace(&mut self.version, prod.version.clone());
        let note = format!("is version {} here and {dev} there, on another version of PostgreSQL; it is left as it is", prod.version);
        self.members = Members(None);
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

    fn moving(&self, id: &ObjectId, desired: &Catalog) -> Option<Moving> {
        let Some(Object::Extension(desired)) = desired.get(id) else { return None };
        let change = Pair::new(self, desired.as_ref());
        let recipe = Recipe::one(set_schema(id, &desired.schema));
        is_moved(change).then(|| Moving {
            schemas: change.map(|extension| extension.schema.clone()),
            members: self.names.0.clone(),
            recipe: recipe.needs([ObjectId::new(ObjectKind::Schema, [&desired.schema])]),
        })
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Extension { version, schema, relocatable, names: _, members: _ } = change.desired;
        let moved = is_moved(change);
        if *schema != change.current.schema && !*relocatable && !moved {
            return Alteration::Replace;
        }
        if *version == change.current.version && *schema == change.current.schema {
            return with_other_members(id, change, cx);
        }
        let mut statements = Vec::new();
        if *version != change.current.version {
            let sql = format!("ALTER EXTENSION {} UPDATE TO {}", id.sql(), literal(version));
            let absent = objection(id, Some(version));
            let unreachable = no_path(id, change.map(|extension| &extension.version));
            let update = Statement::new(sql).unless(format!("select coalesce(({absent}), ({unreachable}))"));
            statements.extend(super::default_privilege::around(update, id, &change.current.schema, cx));
        }
        if *schema != change.current.schema && !moved {
            statements.push(set_schema(id, schema));
        }
        Alteration::InPlace(Recipe::many(statements))
    }
}

impl Extension {
    /// How many members, in a schema or everywhere, those default privileges are about; a snapshot does not know.
    pub(super) fn members_under(&self, word: &str, schema: Option<&str>) -> Option<usize> {
        let within = schema.map(|schema| format!(" {}.", quote(schema)));
        let stands = |member: &str| within.as_ref().is_none_or(|within| member.contains(within));
        let meant = |member: &&String| super::default_privilege::word(member) == Some(word) && stands(member);
        Some(self.members.0.as_ref()?.iter().filter(meant).count())
    }
}

/// What is a member here and stands alone there would be dropped, or made a second time; what is not there at all is nobody's.
fn with_other_members(id: &ObjectId, change: Pair<&Extension>, cx: &Context) -> Alteration {
    let Pair { current, desired } = change.map(|extension| &extension.members);
    let mut joins = desired.beyond(current).filter_map(|member| Some((alone(member, cx.catalogs.current)?, "ADD")));
    let mut leaves = current.beyond(desired).filter_map(|member| Some((alone(member, cx.catalogs.desired)?, "DROP")));
    let Some((address, verb)) = joins.next().or_else(|| leaves.next()) else {
        let others: Vec<&str> = desired.beyond(current).chain(current.beyond(desired)).map(String::as_str).collect();
        return Alteration::Inform(format!("has other members here than there: {}", others.join(", ")));
    };
    let sql = format!("ALTER EXTENSION {} {verb} {address}", id.sql());
    let told = format!("{address} is a member of {id} on one side only: run {sql} in prod, and plan again");
    Alteration::InPlace(Recipe::one(Statement::new(sql).unless(format!("select {}", literal(&told)))))
}

/// How statements speak of it, where it is an object of its own.
fn alone(member: &str, catalog: &Catalog) -> Option<String> {
    let mut addresses = catalog.objects().iter().map(|(id, object)| object.address(id));
    addresses.find(|address| as_member(address) == member)
}

/// What is there as a member is there only once.
pub fn claim(member: &str) -> Claim {
    ("member", NamePath::from_iter([member]))
}

/// How `pg_identify_object` writes what statements address so: domains are types to it.
pub fn as_member(address: &str) -> String {
    address.replace(", ", ",").replacen("DOMAIN ", "TYPE ", 1)
}

/// Whether it is moved before all else: the system's schema is the one that names leave out.
fn is_moved(change: Pair<&Extension>) -> bool {
    let schemas = change.map(|extension| &extension.schema);
    schemas.differs() && change.current.relocatable && schemas.current != "pg_catalog" && schemas.desired != "pg_catalog"
}

fn set_schema(id: &ObjectId, schema: &str) -> Statement {
    let set = Statement::new(format!("ALTER EXTENSION {} SET SCHEMA {}", id.sql(), quote(schema))).contract();
    set.unless(super::objection::on_foreign_members(id))
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
