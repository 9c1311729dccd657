//! From JSON to a value that serde can read.

use super::{Fault, Json};
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

/// The value that `json` holds.
pub(crate) fn from_json<'de, T: Deserialize<'de>>(json: Json) -> Result<T, Fault> {
    T::deserialize(json)
}

impl IntoDeserializer<'_, Fault> for Json {
    type Deserializer = Json;

    fn into_deserializer(self) -> Json {
        self
    }
}

impl<'de> Deserializer<'de> for Json {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Json::Null => visitor.visit_unit(),
            Json::Flag(flag) => visitor.visit_bool(flag),
            Json::Number(number) => match (number.parse::<u64>(), number.parse::<i64>()) {
                (Ok(whole), _) => visitor.visit_u64(whole),
                (_, Ok(whole)) => visitor.visit_i64(whole),
                _ => {
                    let parsed = number.parse::<f64>();
                    visitor.visit_f64(parsed.map_err(|error| Fault(format!("{number}: {error}")))?)
                }
            },
            Json::Text(text) => visitor.visit_string(text),
            Json::List(values) => {
                let mut values = SeqDeserializer::new(values.into_iter());
                let value = visitor.visit_seq(&mut values)?;
                values.end()?;
                Ok(value)
            }
            Json::Map(entries) => {
                let mut entries = MapDeserializer::new(entries.into_iter());
                let value = visitor.visit_map(&mut entries)?;
                entries.end()?;
                Ok(value)
            }
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self {
            Json::Number(number) if number.parse::<f32>().is_ok_and(f32::is_finite) => {
                self.deserialize_any(visitor)
            }
            Json::Number(number) => {
                Err(Fault(format!("{number} is beyond what an `f32` can hold")))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Json::Null => visitor.visit_none(),
            value => visitor.visit_some(value),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self {
            Json::Text(variant) => visitor.visit_enum(variant.into_deserializer()),
            _ => Err(Fault("a variant's name must stand here".to_owned())),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}
