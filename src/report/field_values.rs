//! The values of the fields that a change leaves as they are.

use crate::model::Field;

/// Fields of one rule with their values, in the order of [`Field`].
///
/// The texts stand in one string: a large result has a million of them, and each in a string of its own would take three
/// times the memory.
#[derive(Debug, Clone, Default)]
pub struct FieldValues {
    /// The values, one after the other.
    texts: String,
    fields: Vec<FieldEnd>,
}

/// A field, and the end of its value.
#[derive(Debug, Clone, Copy)]
struct FieldEnd {
    field: Field,
    /// False where the rule has no value.
    has_value: bool,
    /// The end of the value in the texts, in bytes. It starts where the one before ends.
    end: u32,
}

impl FieldValues {
    /// Returns the fields with their values; `None` where the rule has none.
    pub fn iter(&self) -> impl Iterator<Item = (Field, Option<&str>)> {
        let mut start = 0;
        self.fields.iter().map(move |field| {
            let end = field.end as usize;
            let value = self.texts.get(start..end).unwrap_or_default();
            start = end;
            (field.field, field.has_value.then_some(value))
        })
    }

    /// Returns the value of a field; `None` where the rule has none, and for a field that is not listed.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        let mut values = self.iter();
        let (_, value) = values.find(|(other, _)| *other == field)?;
        value
    }

    /// Adds a field.
    pub(crate) fn push(&mut self, field: Field, value: Option<&str>) {
        self.texts.push_str(value.unwrap_or_default());
        self.fields.push(FieldEnd {
            field,
            has_value: value.is_some(),
            end: u32::try_from(self.texts.len()).unwrap_or(u32::MAX),
        });
    }

    /// Puts the fields in order, each once, and returns them in as little memory as they need.
    #[must_use]
    pub(crate) fn sorted(self) -> Self {
        let mut values: Vec<_> = self.iter().collect();
        values.sort_by_key(|(field, _)| *field);
        values.dedup_by_key(|(field, _)| *field);
        let bytes = values.iter().map(|(_, value)| value.map_or(0, str::len));
        let mut sorted = Self {
            texts: String::with_capacity(bytes.sum()),
            fields: Vec::with_capacity(values.len()),
        };
        for (field, value) in values {
            sorted.push(field, value);
        }
        sorted
    }
}

impl PartialEq for FieldValues {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for FieldValues {}

impl<V: AsRef<str>> FromIterator<(Field, Option<V>)> for FieldValues {
    fn from_iter<I: IntoIterator<Item = (Field, Option<V>)>>(fields: I) -> Self {
        let mut values = Self::default();
        for (field, value) in fields {
            values.push(field, value.as_ref().map(V::as_ref));
        }
        values.sorted()
    }
}

#[cfg(test)]
mod tests {
    use super::FieldValues;
    use crate::model::Field;

    #[test]
    fn values_are_equal_whatever_the_order_they_came_in() {
        let fields = [
            (Field::Name, Some("a")),
            (Field::LinkId, None),
            (Field::Scope, Some("")),
        ];
        let values: FieldValues = fields.into_iter().collect();
        let reversed: FieldValues = fields.into_iter().rev().collect();
        assert_eq!(values, reversed);
        let listed: Vec<_> = values.iter().collect();
        assert_eq!(listed, [fields[0], fields[2], fields[1]]);
        assert_eq!(values.get(Field::Scope), Some(""));
        assert_eq!(values.get(Field::LinkId), None);
        assert_eq!(values.get(Field::TagFilter), None);
    }

    #[test]
    fn the_first_of_two_values_of_a_field_counts() {
        let twice = [(Field::Name, Some("a")), (Field::Name, Some("b"))];
        let values: FieldValues = twice.into_iter().collect();
        assert_eq!(values.iter().collect::<Vec<_>>(), [twice[0]]);
    }
}
