//! One row of a kind's query as one of its objects.
//! The columns after the address and the names are the object's fields, by their names. Knows no kind.

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

pub fn object(id: &ObjectId, row: &PgRow, names: Names) -> Result<Object, Error> {
    let mut fields = Vec::with_capacity(row.columns().len());
    for column in row.columns().iter().skip(BEFORE_FIELDS) {
        let raw = row.try_get_raw(column.ordinal()).map_err(BoxDynError::from);
        let value = raw.and_then(|raw| value(raw, column.type_info().name()));
        fields.push((column.name(), value.map_err(serde::de::Error::custom)?));
    }
    Object::read(id, MapDeserializer::new(fields.into_iter()), names)
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
