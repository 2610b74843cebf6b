//! The values of fields that a change leaves as they are, in the document: both ways.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::convert::field_from_name;
use super::read::ReadError;
use crate::report::FieldValues;
use crate::source::BorrowedText;

/// A map from the names of fields to their values. It is converted without a map in between, since a large document has a
/// million of them.
pub(super) enum JsonFieldValues<'a> {
    /// The values of a report, to be written.
    Reported(&'a FieldValues),
    /// The values of a document, or the error of its first unknown field.
    Read(Result<FieldValues, ReadError>),
}

impl JsonFieldValues<'_> {
    /// Returns the values of a document.
    ///
    /// # Errors
    ///
    /// A field that this version does not know.
    pub(super) fn into_read(self) -> Result<FieldValues, ReadError> {
        match self {
            Self::Reported(_) => Ok(FieldValues::default()),
            Self::Read(values) => values,
        }
    }
}

impl Serialize for JsonFieldValues<'_> {
    fn serialize<W: Serializer>(&self, serializer: W) -> Result<W::Ok, W::Error> {
        let mut fields = Vec::new();
        if let Self::Reported(values) = self {
            fields.extend(values.iter().map(|(field, value)| (field.as_str(), value)));
        }
        fields.sort_unstable_by_key(|(name, _)| *name);
        serializer.collect_map(fields)
    }
}

impl<'de> Deserialize<'de> for JsonFieldValues<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ValuesVisitor).map(Self::Read)
    }
}

struct ValuesVisitor;

impl<'de> Visitor<'de> for ValuesVisitor {
    type Value = Result<FieldValues, ReadError>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = FieldValues::default();
        while let Some(BorrowedText(name)) = map.next_key()? {
            match field_from_name(&name) {
                Ok(field) => {
                    let value: Option<BorrowedText<'_>> = map.next_value()?;
                    values.push(field, value.as_ref().map(|it| &*it.0));
                }
                Err(error) => {
                    map.next_value::<IgnoredAny>()?;
                    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                    return Ok(Err(error));
                }
            }
        }
        Ok(Ok(values.sorted()))
    }
}

/// The schema is that of a map.
impl JsonSchema for JsonFieldValues<'_> {
    fn inline_schema() -> bool {
        BTreeMap::<String, Option<String>>::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        BTreeMap::<String, Option<String>>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, Option<String>>::json_schema(generator)
    }
}
