//! One row of a kind's query as one of its objects.
//! The columns after the address and the names are the object's fields, by their names. Knows no kind.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use serde::de::value::MapDeserializer;
use serde_json::{Error, Value};
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgRow, PgValueRef};
use sqlx::{Column, Decode, Row, TypeInfo, ValueRef};

use crate::kind::definition::Names;
use crate::kind::{Object, ObjectId};

/// classid, objid, objsubid and the names.
const BEFORE_FIELDS: usize = 4;

/// The second row holds fields that are the same for several objects.
pub fn object(id: &ObjectId, row: &PgRow, shared: Option<&PgRow>, names: Names) -> Result<Object, Error> {
    let mut fields = Vec::with_capacity(row.columns().len());
    let own = row.columns().iter().skip(BEFORE_FIELDS).map(|column| (row, column));
    let shared = shared.into_iter().flat_map(|row| row.columns().iter().skip(1).map(move |column| (row, column)));
    for (row, column) in own.chain(shared) {
        let raw = row.try_get_raw(column.ordinal()).map_err(BoxDynError::from);
        let value = raw.and_then(|raw| value(raw, column.type_info().name()));
        fields.push((column.name(), value.map_err(serde::de::Error::custom)?));
    }
    Object::read(id, MapDeserializer::new(fields.into_iter()), names)
}

/// Objects of one kind by what the query said of them: most have the same as some other, and are shared then.
#[derive(Default)]
pub struct Alike(HashMap<Vec<u8>, Object, RandomState>);

/// The rows that many have come early; a kind whose rows are all different shall not be kept twice.
const MOST_KEPT: usize = 4096;

impl Alike {
    /// As [`object`], for a kind whose objects are made of nothing but the fields.
    pub fn object(
        &mut self,
        id: &ObjectId,
        row: &PgRow,
        shared: Option<&PgRow>,
        names: Names,
    ) -> Result<Object, Error> {
        let mut said = Vec::with_capacity(64);
        for (row, skipped) in [(Some(row), BEFORE_FIELDS), (shared, 1)] {
            for column in row.into_iter().flat_map(Row::columns).skip(skipped) {
                let raw = row.and_then(|row| row.try_get_raw(column.ordinal()).ok());
                let bytes = raw.as_ref().and_then(|raw| raw.as_bytes().ok());
                said.extend(bytes.map_or(usize::MAX, <[u8]>::len).to_ne_bytes());
                said.extend(bytes.unwrap_or_default());
            }
        }
        if let Some(object) = self.0.get(&said) {
            return Ok(object.clone());
        }
        let object = object(id, row, shared, names)?;
        if self.0.len() < MOST_KEPT {
            self.0.insert(said, object.clone());
        }
        Ok(object)
    }
}

/// What a column holds, in the form in which a snapshot would store it.
fn value(raw: PgValueRef<'_>, data_type: &str) -> Result<Value, BoxDynError> {
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let decoded = match data_type {
        "BOOL" => Value::Bool(Decode::decode(raw)?),
        "INT2" => Value::from(<i16 as Decode<_>>::decode(raw)?),
        "INT4" => Value::from(<i32 as Decode<_>>::decode(raw)?),
        "INT8" => Value::from(<i64 as Decode<_>>::decode(raw)?),
        "OID" => Value::from(<Oid as Decode<_>>::decode(raw)?.0),
        "INT2[]" => Value::from(<Vec<i16> as Decode<_>>::decode(raw)?),
        "TEXT[]" => Value::from(<Vec<String> as Decode<_>>::decode(raw)?),
        "JSON" => serde_json::from_str(raw.as_str()?)?,
        // text, name and "char" are sent as they are.
        _ => Value::from(raw.as_str()?),
    };
    Ok(decoded)
}
