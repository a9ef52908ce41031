//! Expressions, each spelled out once.
//! A schema has few defaults that are not the same as some other, and the tables of a partition tree have the same checks:
//! `pg_get_expr` has to open a relation for most. Knows no kind.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use futures_util::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::{IntrospectError, PREAMBLE, failed};
use crate::kind::ObjectKind;
use crate::kind::definition::{Names, Spelling, gist};

/// What the server has spelled out, by the objects that have it.
#[derive(Default)]
pub struct Spelled {
    /// The object for which it was asked, of all that have the same.
    asked: HashMap<u32, u32, RandomState>,
    rows: HashMap<u32, PgRow, RandomState>,
}

impl Spelled {
    pub fn of(&self, object: u32) -> Option<&PgRow> {
        self.rows.get(&self.asked(object)?)
    }

    /// The same for all that have the same.
    pub fn asked(&self, object: u32) -> Option<u32> {
        self.asked.get(&object).copied()
    }
}

pub async fn spelled(
    connection: &mut PgConnection,
    kind: ObjectKind,
    spelling: Spelling,
    names: Names<'_>,
) -> Result<Spelled, IntrospectError> {
    let mut spelled = Spelled::default();
    let mut first: HashMap<String, u32, RandomState> = HashMap::default();
    let mut objects = Vec::new();
    let trees = AssertSqlSafe(format!("{PREAMBLE} {}", spelling.trees));
    let mut rows = sqlx::raw_sql(trees).fetch(&mut *connection);
    while let Some(row) = rows.try_next().await.map_err(failed(kind.label()))? {
        let (object, relation) = (row.get::<Oid, _>(0).0, row.get::<Oid, _>(1).0);
        // Nobody's to read: other sessions' temporary tables, which may be locked.
        if relation != 0 && names.relation(relation).is_none() {
            continue;
        }
        let asked = match gist(row.get(2), relation, names) {
            Some(gist) => *first.entry(gist).or_insert(object),
            None => object,
        };
        if asked == object {
            objects.push(Oid(object));
        }
        spelled.asked.insert(object, asked);
    }
    drop(rows);
    if objects.is_empty() {
        return Ok(spelled);
    }
    let rows = sqlx::query(spelling.fields).bind(objects).fetch_all(connection).await.map_err(failed(kind.label()))?;
    spelled.rows = rows.into_iter().map(|row| (row.get::<Oid, _>(0).0, row)).collect();
    Ok(spelled)
}
