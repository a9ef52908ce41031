//! One row of a kind's query as one of its objects.
//! The columns after the address and the names are the object's fields, by their names. Knows no kind.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use serde::de::value::{BorrowedStrDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Error as _, IntoDeserializer, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_json::{Error, Value};
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgRow, PgValueRef, Postgres};
use sqlx::types::Json;
use sqlx::{Column, Decode, Row, TypeInfo, ValueRef};

use super::spelling::Spelled;
use crate::kind::definition::Names;
use crate::kind::{Named, Object, ObjectId};

/// How many columns come before the fields: classid, objid, objsubid and the path, or two that say it.
fn before_fields(id: &ObjectId) -> usize {
    if id.kind.named() == Named::ByPath { 4 } else { 5 }
}

/// The second row holds fields that are the same for several objects.
pub fn object(id: &ObjectId, row: &PgRow, shared: Option<&PgRow>, names: Names) -> Result<Object, Error> {
    Object::read(id, MapDeserializer::new(fields(id, row, shared)?.into_iter()), names)
}

fn fields<'r>(id: &ObjectId, row: &'r PgRow, shared: Option<&'r PgRow>) -> Result<Vec<(&'r str, Field<'r>)>, Error> {
    let mut fields = Vec::with_capacity(row.columns().len());
    let own = row.columns().iter().skip(before_fields(id)).map(|column| (row, column));
    let shared = shared.into_iter().flat_map(|row| row.columns().iter().skip(1).map(move |column| (row, column)));
    for (row, column) in own.chain(shared).filter(|(_, column)| column.type_info().name() != ONE_FOR_EACH) {
        let raw = row.try_get_raw(column.ordinal()).map_err(Error::custom)?;
        fields.push((column.name(), Field::Sent { raw, data_type: column.type_info().name() }));
    }
    Ok(fields)
}

/// The type of a field of which each object of a group has its own.
const ONE_FOR_EACH: &str = "JSON[]";

/// Objects that have a row in common.
pub struct Group<'r> {
    row: &'r PgRow,
    own: Vec<(&'r str, Vec<Option<Json<Value>>>)>,
    /// Those that have nothing of their own, by what is spelled out for them.
    same: HashMap<Option<u32>, Object, RandomState>,
}

impl<'r> Group<'r> {
    pub fn of(row: &'r PgRow) -> Result<Self, Error> {
        let own = row.columns().iter().filter(|column| column.type_info().name() == ONE_FOR_EACH);
        let own = own.map(|column| {
            let values = row.try_get_raw(column.ordinal()).map_err(Error::custom).and_then(decoded)?;
            Ok((column.name(), values))
        });
        Ok(Self { row, own: own.collect::<Result<_, Error>>()?, same: HashMap::default() })
    }

    /// The nth.
    pub fn object(
        &mut self,
        nth: usize,
        id: &ObjectId,
        spelled: &Spelled,
        object: u32,
        names: Names,
    ) -> Result<Object, Error> {
        let own = self.own.iter_mut().filter_map(|(name, values)| Some((*name, values.get_mut(nth)?.take()?)));
        let own: Vec<_> = own.map(|(name, Json(value))| (name, Field::Own(value))).collect();
        let (asked, alone) = (spelled.asked(object), !own.is_empty());
        if let Some(object) = self.same.get(&asked).filter(|_| !alone) {
            return Ok(object.clone());
        }
        let fields = fields(id, self.row, spelled.of(object))?.into_iter().chain(own);
        let object = Object::read(id, MapDeserializer::new(fields), names)?;
        if !alone {
            self.same.insert(asked, object.clone());
        }
        Ok(object)
    }
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
        for (row, skipped) in [(Some(row), before_fields(id)), (shared, 1)] {
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
enum Field<'r> {
    Sent { raw: PgValueRef<'r>, data_type: &'r str },
    Own(Value),
}

impl Field<'_> {
    fn is_null(&self) -> bool {
        matches!(self, Self::Sent { raw, .. } if raw.is_null())
    }
}

fn decoded<'r, T: Decode<'r, Postgres>>(raw: PgValueRef<'r>) -> Result<T, Error> {
    T::decode(raw).map_err(Error::custom)
}

/// A list of texts, which holds no null. In an array's text sqlx takes a quoted "NULL" for one, and that is a name.
pub fn texts(raw: PgValueRef) -> Result<Vec<String>, Error> {
    let texts: Vec<Option<String>> = decoded(raw)?;
    Ok(texts.into_iter().map(|text| text.unwrap_or_else(|| "NULL".to_owned())).collect())
}

impl<'de> IntoDeserializer<'de, Error> for Field<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Field<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let (raw, data_type) = match self {
            Self::Sent { raw, data_type } => (raw, data_type),
            Self::Own(value) => return value.deserialize_any(visitor),
        };
        if raw.is_null() {
            return visitor.visit_unit();
        }
        match data_type {
            "BOOL" => visitor.visit_bool(decoded(raw)?),
            "INT2" => visitor.visit_i16(decoded(raw)?),
            "INT4" => visitor.visit_i32(decoded(raw)?),
            "INT8" => visitor.visit_i64(decoded(raw)?),
            "OID" => visitor.visit_u32(decoded::<Oid>(raw)?.0),
            "INT2[]" => SeqDeserializer::new(decoded::<Vec<i16>>(raw)?.into_iter()).deserialize_any(visitor),
            "TEXT[]" => SeqDeserializer::new(texts(raw)?.into_iter()).deserialize_any(visitor),
            "JSONB" => decoded::<Json<Value>>(raw)?.0.deserialize_any(visitor),
            "JSON" => serde_json::Deserializer::from_str(raw.as_str().map_err(Error::custom)?).deserialize_any(visitor),
            // text, name and "char" are sent as they are.
            _ => visitor.visit_borrowed_str(raw.as_str().map_err(Error::custom)?),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    /// Nothing is sent sooner than an empty list.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_null() {
            return visitor.visit_seq(SeqDeserializer::<_, Error>::new(std::iter::empty::<()>()));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::Sent { raw, .. } => {
                visitor.visit_enum(BorrowedStrDeserializer::new(raw.as_str().map_err(Error::custom)?))
            }
            Self::Own(value) => value.deserialize_enum(name, variants, visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple
        tuple_struct map struct identifier ignored_any
    }
}
