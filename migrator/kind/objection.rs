//! What prod is asked before anything runs: whether our role may do what a statement takes besides owning its object.
//! It is here because some rights can be had only on the server: CREATE of a new owner, trusted languages, hidden rows.
//! Each question returns one sentence, or nothing where nothing is in the way. Superusers are never in the way.

use crate::context::Context;
use crate::kind::{ObjectId, ObjectKind};
use crate::name::literal;

/// `told` is SQL that makes a text, `role` being ours; `rest` follows FROM.
fn question(told: &str, rest: &str) -> String {
    format!("select {told} from pg_roles role, {rest} and role.rolname = current_user and not role.rolsuper limit 1")
}

/// A new owner must have the right to create such things where it is.
pub(super) fn to_new_owner(target: &ObjectId, owner: &str, cx: &Context) -> Option<String> {
    let (owner, object) = (literal(owner), literal(&target.to_string()));
    let told = |what: &str| format!("format('role %s %s, as an owner of %s must', {owner}, {what}, {object})");
    let named = |rest: &str| format!("pg_roles o, {rest} and o.rolname = {owner} and not o.rolsuper");
    let (told, rest) = match target.kind {
        ObjectKind::Publication => (
            told("format('may not create in database %s', current_database())"),
            "pg_database d where d.datname = current_database() and not has_database_privilege(o.oid, d.oid, 'create')".to_owned(),
        ),
        ObjectKind::ForeignServer => (
            told("format('has no USAGE on foreign data wrapper %s', w.fdwname)"),
            format!(
                "pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw where s.srvname = {}
                    and not has_foreign_data_wrapper_privilege(o.oid, w.oid, 'usage')",
                literal(target.raw_name())
            ),
        ),
        _ => {
            let schema = schema(target)?;
            let name = literal(schema.raw_name());
            (told(&format!("format('may not create in schema %s', {name})")), not_in_schema(&schema, cx)?)
        }
    };
    Some(question(&told, &named(&rest)))
}

/// What the plan changes about the schema comes before: then the catalog knows who may create there, not the server.
fn not_in_schema(schema: &ObjectId, cx: &Context) -> Option<String> {
    let [ownership, privilege, initial] = rights(schema);
    let changes = |id: &ObjectId| cx.current(id) != cx.desired(id);
    if changes(&initial) {
        return None;
    }
    if !changes(&ownership) && !changes(&privilege) {
        let name = literal(schema.raw_name());
        let lacks = "not has_schema_privilege(o.oid, n.oid, 'create')";
        return Some(format!("pg_namespace n where n.nspname = {name} and {lacks}"));
    }
    let roles = |id: &ObjectId| cx.desired(id).map(|object| object.roles(id)).unwrap_or_default();
    let able: Vec<String> = [&ownership, &privilege].into_iter().flat_map(roles).map(|role| literal(&role)).collect();
    if able.is_empty() {
        return None;
    }
    let able = able.join(", ");
    let member = format!("select from pg_roles h where h.rolname in ({able}) and pg_has_role(o.oid, h.oid, 'usage')");
    Some(format!("lateral (select) x where not exists ({member})"))
}

/// What has to be as it shall be before the owner of an object is changed: who may create in its schema.
pub(super) fn before_new_owner(target: &ObjectId) -> Vec<ObjectId> {
    schema(target).map(|schema| rights(&schema).to_vec()).unwrap_or_default()
}

fn schema(target: &ObjectId) -> Option<ObjectId> {
    (target.path.len() > 1).then(|| target.ancestor(ObjectKind::Schema, 1))
}

fn rights(schema: &ObjectId) -> [ObjectId; 3] {
    let satellites = [ObjectKind::Ownership, ObjectKind::Privilege, ObjectKind::InitialPrivilege];
    satellites.map(|kind| ObjectId::satellite(kind, schema))
}

/// Only who owns the schema may.
pub(super) fn in_foreign_schema(id: &ObjectId) -> String {
    let told = format!("format('%s is in a schema that role %s does not own', {}, role.rolname)", literal(&id.to_string()));
    let schema = id.path.first().map(literal).unwrap_or_default();
    question(&told, &format!("pg_namespace n where n.nspname = {schema} and not pg_has_role(n.nspowner, 'usage')"))
}

/// Only who owns the type may; it is given as `format_type` writes it.
pub(super) fn on_foreign_type(id: &ObjectId, type_name: &str) -> String {
    let told = format!(
        "format('%s is for the owner of type %s, and role %s is not', {}, t.oid::regtype, role.rolname)",
        literal(&id.to_string())
    );
    let named = literal(type_name);
    question(&told, &format!("pg_type t where t.oid = to_regtype({named}) and not pg_has_role(t.typowner, 'usage')"))
}

/// Only superusers write functions in an untrusted language.
pub(super) fn in_language(id: &ObjectId, language: &str) -> String {
    let told = format!(
        "format('%s is written in %s, which role %s may not use', {}, l.lanname, role.rolname)",
        literal(&id.to_string())
    );
    let may = "l.lanpltrusted and has_language_privilege(l.oid, 'usage')";
    question(&told, &format!("pg_language l where l.lanname = {} and not ({may})", literal(language)))
}

/// Where row level security is forced its tables hide rows from their owner too: a query of ours would overlook them.
pub(super) fn by_hidden_rows(id: &ObjectId, tables: &[&ObjectId]) -> String {
    let told = format!(
        "format('%s cannot be read in full: row level security is forced on it, and role %s does not bypass it (for %s)',
            c.oid::regclass, role.rolname, {})",
        literal(&id.to_string())
    );
    let names: Vec<String> = tables.iter().map(|table| format!("to_regclass({})", literal(&table.sql()))).collect();
    question(
        &told,
        &format!(
            "pg_class c where c.oid in ({}) and c.relrowsecurity and c.relforcerowsecurity and not role.rolbypassrls",
            names.join(", ")
        ),
    )
}

/// PostgreSQL refuses a rule with RETURNING on a table that ever lost a column, as this plan's may.
pub(super) fn by_dropped_columns(rule: &ObjectId, table: &ObjectId, drops: bool) -> String {
    let told = format!(
        "{rule} has RETURNING, which PostgreSQL refuses on a table that ever lost a column: {} must be made anew, or go without the rule",
        table.sql()
    );
    let lost = format!("select from pg_attribute a where a.attrelid = to_regclass({}) and a.attisdropped", literal(&table.sql()));
    format!("select {} where {drops} or exists ({lost})", literal(&told))
}

/// PostgreSQL refuses DROP EXPRESSION where a child has children.
pub(super) fn over_three_levels(column: &ObjectId) -> String {
    let told = format!(
        "{column} cannot cease to be generated: PostgreSQL refuses that where children have children; take them out of the tree, and plan again"
    );
    format!("select {}", literal(&told))
}

/// `postgres_fdw` lets only superusers say such things in a user mapping.
pub(super) fn in_mapping(id: &ObjectId, server: &str) -> String {
    let told = format!("format('%s says what only a superuser may, and role %s is none', {}, role.rolname)", literal(&id.to_string()));
    question(
        &told,
        &format!(
            "pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw join pg_proc p on p.oid = w.fdwvalidator
            where s.srvname = {} and p.proname = 'postgres_fdw_validator'",
            literal(server)
        ),
    )
}

/// With a trusted extension that somebody else than a superuser made, the functions are the system's superuser's; only
/// superusers move parsers and templates of text search.
pub(super) fn on_foreign_members(id: &ObjectId) -> String {
    let told = format!(
        "format('%s cannot be moved to another schema by role %s: its functions belong to role %s',
            {}, role.rolname, pg_get_userbyid(coalesce(p.proowner, 10)))",
        literal(&id.to_string())
    );
    question(
        &told,
        &format!(
            "pg_extension e join pg_depend d on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e'
                left join pg_proc p on d.classid = 'pg_proc'::regclass and d.objid = p.oid
            where e.extname = {} and (not pg_has_role(p.proowner, 'usage')
                or d.classid in ('pg_ts_parser'::regclass, 'pg_ts_template'::regclass))",
            literal(id.raw_name())
        ),
    )
}
