//! Values of a rules file as serde decodes them. Texts borrow from the file, so that decoding copies each once.

use std::borrow::Cow;
use std::iter;

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_yaml::{Mapping, Number, Value};

/// A value, with its references filled in.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FileValue<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    /// A list. Its items are read one by one, and are not in it.
    List,
    Mapping(Vec<(&'a str, FileValue<'a>)>),
}

impl FileValue<'_> {
    /// Returns the whole number of a value that is one.
    pub(super) fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// Returns the value as `serde_yaml` has it.
    pub(super) fn to_yaml(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Text(text) => Value::String(text.clone().into_owned()),
            Self::List => Value::Sequence(Vec::new()),
            Self::Mapping(entries) => {
                let mut mapping = Mapping::with_capacity(entries.len());
                for (key, value) in entries {
                    mapping.insert(Value::String((*key).to_owned()), value.to_yaml());
                }
                Value::Mapping(mapping)
            }
        }
    }
}

impl<'de> Deserializer<'de> for &'de FileValue<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            FileValue::Null => visitor.visit_unit(),
            FileValue::Bool(truth) => visitor.visit_bool(*truth),
            FileValue::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => visitor.visit_i64(whole),
                (None, Some(fraction)) => visitor.visit_f64(fraction),
                (None, None) => visitor.visit_unit(),
            },
            FileValue::Text(text) => visitor.visit_str(text),
            FileValue::List => visitor.visit_seq(SeqDeserializer::new(iter::empty::<()>())),
            FileValue::Mapping(entries) => {
                let entries = entries.iter().map(|(key, value)| (*key, value));
                visitor.visit_map(MapDeserializer::new(entries))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            FileValue::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// Decodes a word of an enumeration; the format has no other ones.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            FileValue::Text(text) => {
                let word = IntoDeserializer::<Error>::into_deserializer(&**text);
                word.deserialize_enum(name, variants, visitor)
            }
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de> for &'de FileValue<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
