//! What a role will not be allowed to do, known before anything is done.
//! A run that stops half-way for want of a privilege helps nobody. Best effort: what only the server's own check can
//! tell is left to it.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, PgConnection, Row};

use crate::ledger;
use crate::plan::gate::Admitted;
use crate::statement::{HazardKind, LockMode, Statement};

/// What admitted statements say of roles that prod lacks, one line each.
pub fn missing_roles(admitted: &Admitted<'_>) -> Vec<String> {
    let hazards = statements(admitted).flat_map(|statement| &statement.hazards);
    let lacking = hazards.filter(|hazard| hazard.kind == HazardKind::MissingRole);
    let lines = lacking.map(|hazard| format!("{} for {}", hazard.note, hazard.object));
    lines.collect::<BTreeSet<_>>().into_iter().collect()
}

fn statements<'a>(admitted: &'a Admitted<'a>) -> impl Iterator<Item = &'a Statement> {
    admitted.batches().flat_map(|(_, batch)| &batch.statements)
}

/// How many questions make one query: each would be a journey of its own otherwise.
const ASKED_AT_ONCE: usize = 50;

/// What takes a superuser, or a server that has more than prod, one line each.
pub async fn missing_powers(
    connection: &mut PgConnection,
    admitted: &Admitted<'_>,
) -> Result<Vec<String>, sqlx::Error> {
    let sql = "select r.rolsuper, r.rolname::text,
            array(select d.rolname::text from pg_roles d where pg_has_role(r.oid, d.oid, 'usage'))
        from pg_roles r where r.rolname = current_user";
    let row = sqlx::query(sql).fetch_one(&mut *connection).await?;
    let (superuser, role, memberships): (bool, String, Vec<String>) = (row.get(0), row.get(1), row.get(2));
    let mut missing = BTreeSet::new();
    for statement in statements(admitted) {
        if !superuser && !statement.deputies.iter().any(|deputy| memberships.contains(deputy)) {
            let needs = statement.hazards.iter().filter(|hazard| hazard.kind == HazardKind::NeedsSuperuser);
            missing.extend(needs.map(|hazard| format!("{} is not for role {role}: {}", hazard.object, hazard.note)));
        }
    }
    let objections: BTreeSet<&str> =
        statements(admitted).filter_map(|statement| statement.objection.as_deref()).collect();
    let objections: Vec<&str> = objections.into_iter().collect();
    for some in objections.chunks(ASKED_AT_ONCE) {
        let sql = format!("({})", some.join(") union all ("));
        let told: Vec<Option<String>> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut *connection).await?;
        missing.extend(told.into_iter().flatten());
    }
    Ok(missing.into_iter().collect())
}

/// Why the role cannot carry the plan out, one line each; nothing if nothing is known to be in the way.
pub async fn missing_privileges(
    connection: &mut PgConnection,
    admitted: &Admitted<'_>,
) -> Result<Vec<String>, sqlx::Error> {
    let mut missing = Vec::new();
    if !ledger::exists(connection).await? {
        let sql =
            "select current_user::text, current_database()::text, has_database_privilege(current_database(), 'create')";
        let row = sqlx::query(sql).fetch_one(&mut *connection).await?;
        if !row.get::<bool, _>(2) {
            let (role, database): (&str, &str) = (row.get(0), row.get(1));
            missing.push(format!("role {role} may not create the schema migrator in database {database}"));
        }
    }
    let (schemas, names): (Vec<String>, Vec<String>) = locked_relations(admitted).into_iter().unzip();
    let sql = "select format('%s is owned by role %s, and role %s is no member of it',
            c.oid::regclass, pg_get_userbyid(c.relowner), current_user)
        from unnest($1::text[], $2::text[]) with ordinality u (schema, name, place)
        join pg_namespace n on n.nspname = u.schema
        join pg_class c on c.relnamespace = n.oid and c.relname = u.name
        where not pg_has_role(c.relowner, 'usage') order by u.place";
    let rows = sqlx::query(sql).bind(schemas).bind(names).fetch_all(&mut *connection).await?;
    missing.extend(rows.iter().map(|row| row.get::<String, _>(0)));
    let roles: BTreeSet<&String> = statements(admitted).filter_map(|statement| statement.member_of.as_ref()).collect();
    let sql = "select format('role %s is no member of %s', current_user, r.rolname) from pg_roles r
        where r.rolname = any ($1::text[]) and not pg_has_role(r.oid, 'member') order by r.rolname";
    let rows = sqlx::query(sql).bind(Vec::from_iter(roles)).fetch_all(connection).await?;
    missing.extend(rows.iter().map(|row| row.get::<String, _>(0)));
    Ok(missing)
}

/// What is locked is altered, and only its owner may do that; but SHARE ROW EXCLUSIVE is what a trigger and a foreign
/// key take, and for those a privilege is enough.
fn locked_relations(admitted: &Admitted<'_>) -> BTreeSet<(String, String)> {
    let locks = statements(admitted).flat_map(|statement| &statement.locks);
    let locks = locks.filter(|lock| lock.mode != LockMode::ShareRowExclusive);
    locks.filter_map(|lock| Some((lock.on.path.first()?.to_owned(), lock.on.path.get(1)?.to_owned()))).collect()
}
