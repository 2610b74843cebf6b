//! Lists of the document that are as long as an estate.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::read::ReadError;

/// A list of the document: `S` is an item of the report, and `T` the item of the document that it is written as.
///
/// Each item is converted when its turn to be written or read comes: a copy of a large report would take as much memory
/// as the report.
pub(in crate::report) struct JsonList<'a, S, T> {
    items: ListItems<'a, S>,
    item_type: PhantomData<T>,
}

enum ListItems<'a, S> {
    /// The items of a report, to be written.
    Reported(&'a [S]),
    /// The items of a document, or the first error of one.
    Read(Result<Vec<S>, ReadError>),
}

impl<'a, S, T> JsonList<'a, S, T> {
    /// Returns the list of the items of a report.
    pub(super) const fn from_report(items: &'a [S]) -> Self {
        Self {
            items: ListItems::Reported(items),
            item_type: PhantomData,
        }
    }

    /// Returns true for a list without items to write.
    pub(super) const fn is_empty(&self) -> bool {
        match self.items {
            ListItems::Reported(items) => items.is_empty(),
            ListItems::Read(_) => true,
        }
    }

    /// Returns the items of a document.
    ///
    /// # Errors
    ///
    /// The first error of an item.
    pub(super) fn into_read(self) -> Result<Vec<S>, ReadError> {
        match self.items {
            ListItems::Reported(_) => Ok(Vec::new()),
            ListItems::Read(items) => items,
        }
    }
}

impl<S, T> Default for JsonList<'_, S, T> {
    fn default() -> Self {
        Self {
            items: ListItems::Read(Ok(Vec::new())),
            item_type: PhantomData,
        }
    }
}

impl<'a, S, T: From<&'a S> + Serialize> Serialize for JsonList<'a, S, T> {
    fn serialize<W: Serializer>(&self, serializer: W) -> Result<W::Ok, W::Error> {
        let items = match self.items {
            ListItems::Reported(items) => items,
            ListItems::Read(_) => &[],
        };
        serializer.collect_seq(items.iter().map(T::from))
    }
}

impl<'de, S: TryFrom<T>, T: Deserialize<'de>> Deserialize<'de> for JsonList<'_, S, T>
where
    ReadError: From<S::Error>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = deserializer.deserialize_seq(ListVisitor(PhantomData))?;
        Ok(Self {
            items: ListItems::Read(items),
            item_type: PhantomData,
        })
    }
}

struct ListVisitor<S, T>(PhantomData<(S, T)>);

impl<'de, S: TryFrom<T>, T: Deserialize<'de>> Visitor<'de> for ListVisitor<S, T>
where
    ReadError: From<S::Error>,
{
    type Value = Result<Vec<S>, ReadError>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element::<T>()? {
            match S::try_from(item) {
                Ok(item) => items.push(item),
                Err(error) => {
                    while list.next_element::<IgnoredAny>()?.is_some() {}
                    return Ok(Err(error.into()));
                }
            }
        }
        Ok(Ok(items))
    }
}

/// The schema is that of the items in a list.
impl<S, T: JsonSchema> JsonSchema for JsonList<'_, S, T> {
    fn inline_schema() -> bool {
        Vec::<T>::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        Vec::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<T>::json_schema(generator)
    }
}
