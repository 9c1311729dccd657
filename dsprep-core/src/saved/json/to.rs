//! From a value that serde can write to JSON.

use super::{Fault, Json};
use serde::ser::{self, Impossible, Serialize, Serializer};

/// The value as JSON.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<Json, Fault> {
    value.serialize(Writer)
}

struct Writer;

/// A list or a map that is not full yet.
struct List(Vec<Json>);
struct Map(Vec<(String, Json)>);

fn unknown<T>(what: &str) -> Result<T, Fault> {
    Err(Fault(format!("no model holds {what}")))
}

macro_rules! whole_numbers {
    ($($method:ident $number:ty),*) => {$(
        fn $method(self, value: $number) -> Result<Json, Fault> {
            Ok(Json::Number(value.to_string()))
        }
    )*};
}

impl Serializer for Writer {
    type Ok = Json;
    type Error = Fault;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = Impossible<Json, Fault>;
    type SerializeMap = Impossible<Json, Fault>;
    type SerializeStruct = Map;
    type SerializeStructVariant = Impossible<Json, Fault>;

    whole_numbers!(
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64
    );

    fn serialize_bool(self, value: bool) -> Result<Json, Fault> {
        Ok(Json::Flag(value))
    }

    fn serialize_f32(self, value: f32) -> Result<Json, Fault> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<Json, Fault> {
        if value.is_finite() {
            // Debug writes the shortest text that reads back as the same number, with an exponent if need be.
            return Ok(Json::Number(format!("{value:?}")));
        }
        Err(Fault(format!("{value} is not a finite number")))
    }

    fn serialize_char(self, value: char) -> Result<Json, Fault> {
        Ok(Json::Text(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Result<Json, Fault> {
        Ok(Json::Text(value.to_owned()))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Json, Fault> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<Json, Fault> {
        Ok(Json::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Json, Fault> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Json, Fault> {
        Ok(Json::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Json, Fault> {
        Ok(Json::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Json, Fault> {
        Ok(Json::Text(variant.to_owned()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Json, Fault> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Json, Fault> {
        Ok(Json::Map(vec![(variant.to_owned(), to_json(value)?)]))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List, Fault> {
        Ok(List(Vec::with_capacity(length.unwrap_or(0))))
    }

    fn serialize_tuple(self, length: usize) -> Result<List, Fault> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<List, Fault> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Fault> {
        unknown("a variant of several values")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Fault> {
        unknown("a map, whose order would not be told")
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Map, Fault> {
        Ok(Map(Vec::with_capacity(length)))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Fault> {
        unknown("a variant with fields")
    }
}

macro_rules! lists {
    ($($kind:ident $method:ident),*) => {$(
        impl ser::$kind for List {
            type Ok = Json;
            type Error = Fault;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
                self.0.push(to_json(value)?);
                Ok(())
            }

            fn end(self) -> Result<Json, Fault> {
                Ok(Json::List(self.0))
            }
        }
    )*};
}

lists!(SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field);

impl ser::SerializeStruct for Map {
    type Ok = Json;
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Fault> {
        self.0.push((key.to_owned(), to_json(value)?));
        Ok(())
    }

    fn end(self) -> Result<Json, Fault> {
        Ok(Json::Map(self.0))
    }
}
