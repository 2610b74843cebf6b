//! The values of the fields that a change leaves as they are.

use crate::model::Field;
use crate::source::Span;

/// Fields of one rule with their values, in the order of [`Field`].
///
/// The texts stand in one string: a large result has a million of them, and each in a string of its own would take three
/// times the memory.
#[derive(Debug, Clone, Default)]
pub struct FieldValues {
    texts: String,
    /// The place of each value in `texts`; `None` where the rule has none.
    places: Vec<(Field, Option<Span>)>,
}

impl FieldValues {
    /// Returns the fields with their values; `None` where the rule has none.
    pub fn iter(&self) -> impl Iterator<Item = (Field, Option<&str>)> {
        let texts = self.texts.as_str();
        let value = move |place: Span| texts.get(place.range()).unwrap_or_default();
        let places = self.places.iter();
        places.map(move |(field, place)| (*field, place.map(value)))
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
        let place = value.map(|value| {
            let start = self.texts.len();
            self.texts.push_str(value);
            Span::new(start..self.texts.len())
        });
        self.places.push((field, place));
    }

    /// Puts the fields in order, each once, and returns them in as little memory as they need.
    #[must_use]
    pub(crate) fn sorted(mut self) -> Self {
        self.places.sort_by_key(|(field, _)| *field);
        self.places.dedup_by_key(|(field, _)| *field);
        self.places.shrink_to_fit();
        self.texts.shrink_to_fit();
        self
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
