//! A sync rule in the API's own terms. Known fields are texts; unknown fields are kept as they are.

use std::fmt::{self, Write as _};

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::wire_field::{JsonType, WireField};

/// A rule in a response.
///
/// Known fields are texts whatever their JSON type: the same field is a number in one action of the API and a string in
/// another, and a value of an unexpected type must survive until it can be compared and printed. Absent, `null` and
/// `""` are all `None`.
///
/// ```
/// use acr_api::{WireField, WireRule};
///
/// let rule: WireRule = serde_json::from_str(r#"{"SyncDirection": "FROM", "Priority": 3}"#)?;
/// assert_eq!(rule.get(WireField::Priority), Some("3"));
/// assert_eq!(rule.mirrored().get(WireField::SyncDirection), Some("TO"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct WireRule {
    /// The texts of the known fields, one after the other: a listing of an estate has a million of them.
    texts: String,
    places: [TextPlace; WireField::COUNT],
    /// The unknown fields, as they are.
    pub unknown: Vec<(Box<str>, Value)>,
}

/// The place of a text in the texts of a rule, bytes; empty for a field that has none.
#[derive(Clone, Copy, Default)]
struct TextPlace {
    start: u32,
    end: u32,
}

impl WireRule {
    /// Returns the text of a field.
    #[must_use]
    pub fn get(&self, field: WireField) -> Option<&str> {
        let TextPlace { start, end } = self.places[field as usize];
        let text = self.texts.get(start as usize..end as usize);
        text.filter(|text| !text.is_empty())
    }

    /// Returns the texts of all known fields, in the order of [`WireField::ALL`].
    pub fn values(&self) -> impl Iterator<Item = Option<&str>> {
        WireField::ALL.into_iter().map(|field| self.get(field))
    }

    /// Returns whether every known field equals that of another rule. Unknown fields may differ between responses.
    #[must_use]
    pub fn has_same_values_as(&self, other: &Self) -> bool {
        self.values().eq(other.values())
    }

    /// Sets a field. An empty text unsets it.
    pub fn set(&mut self, field: WireField, text: impl AsRef<str>) {
        let mut changed = Self {
            unknown: std::mem::take(&mut self.unknown),
            ..Self::default()
        };
        for other in WireField::ALL {
            let start = changed.texts.len();
            changed.texts += if other == field {
                text.as_ref()
            } else {
                self.get(other).unwrap_or_default()
            };
            changed.end_text(other, start);
        }
        *self = changed;
    }

    /// Makes the texts from `start` on the text of a field.
    fn end_text(&mut self, field: WireField, start: usize) {
        let offset = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        self.places[field as usize] = TextPlace {
            start: offset(start),
            end: offset(self.texts.len()),
        };
    }

    /// Returns the rule as the instance at its other endpoint lists it: with *Local* and *Target* swapped and the
    /// direction reversed. The id stays, although the service may use another one.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let mut mirror = self.clone();
        for (local, target) in [
            (WireField::LocalRegionId, WireField::TargetRegionId),
            (WireField::LocalInstanceId, WireField::TargetInstanceId),
            (
                WireField::LocalNamespaceName,
                WireField::TargetNamespaceName,
            ),
            (WireField::LocalRepoName, WireField::TargetRepoName),
        ] {
            mirror.places.swap(local as usize, target as usize);
        }
        match self.get(WireField::SyncDirection) {
            Some("FROM") => mirror.set(WireField::SyncDirection, "TO"),
            Some("TO") => mirror.set(WireField::SyncDirection, "FROM"),
            _ => {}
        }
        mirror
    }
}

impl PartialEq for WireRule {
    fn eq(&self, other: &Self) -> bool {
        self.has_same_values_as(other) && self.unknown == other.unknown
    }
}

impl fmt::Debug for WireRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_map();
        for field in WireField::ALL {
            if let Some(text) = self.get(field) {
                fields.entry(&field, &text);
            }
        }
        fields.entries(self.unknown.iter().map(|(name, value)| (name, value)));
        fields.finish()
    }
}

impl<'de> Deserialize<'de> for WireRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RuleVisitor)
    }
}

struct RuleVisitor;

impl<'de> Visitor<'de> for RuleVisitor {
    type Value = WireRule;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sync rule object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WireRule, A::Error> {
        let mut rule = WireRule::default();
        let mut seen = [false; WireField::COUNT];
        while let Some(FieldKey(key)) = map.next_key()? {
            match key {
                Ok(field) if std::mem::replace(&mut seen[field as usize], true) => {
                    return Err(A::Error::duplicate_field(field.as_str()));
                }
                Ok(field) => {
                    let start = rule.texts.len();
                    map.next_value_seed(LenientText(&mut rule.texts))?;
                    rule.end_text(field, start);
                }
                Err(name) => rule.unknown.push((name, map.next_value()?)),
            }
        }
        rule.texts.shrink_to_fit();
        Ok(rule)
    }
}

/// A key of a rule object: a known field, or the name of an unknown one.
struct FieldKey(Result<WireField, Box<str>>);

impl<'de> Deserialize<'de> for FieldKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldKeyVisitor;
        impl Visitor<'_> for FieldKeyVisitor {
            type Value = FieldKey;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field name")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<FieldKey, E> {
                Ok(FieldKey(
                    WireField::from_name(name).ok_or_else(|| name.into()),
                ))
            }
        }
        deserializer.deserialize_str(FieldKeyVisitor)
    }
}

/// Appends any JSON value as text: nothing for `null`, and its JSON for an array or object.
struct LenientText<'t>(&'t mut String);

impl<'de> DeserializeSeed<'de> for LenientText<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl LenientText<'_> {
    fn append<E: Error>(self, text: impl fmt::Display) -> Result<(), E> {
        write!(self.0, "{text}").map_err(E::custom)
    }
}

impl<'de> Visitor<'de> for LenientText<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.0.push_str(text);
        Ok(())
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<(), E> {
        self.append(truth)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.append(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.append(number)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.append(number)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        let array = Value::deserialize(SeqAccessDeserializer::new(seq))?;
        self.append(array)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let object = Value::deserialize(MapAccessDeserializer::new(map))?;
        self.append(object)
    }
}

impl Serialize for WireRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for field in WireField::ALL {
            let Some(text) = self.get(field) else {
                continue;
            };
            match (field.json_type(), text.parse::<i64>(), text.parse::<bool>()) {
                (JsonType::Integer, Ok(number), _) => {
                    map.serialize_entry(field.as_str(), &number)?;
                }
                (JsonType::Boolean, _, Ok(truth)) => map.serialize_entry(field.as_str(), &truth)?,
                _ => map.serialize_entry(field.as_str(), text)?,
            }
        }
        for (name, value) in &self.unknown {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::{WireField, WireRule};

    fn rule(json: &str) -> WireRule {
        serde_json::from_str(json).expect("a rule")
    }

    #[test]
    fn values_of_every_type_are_texts() {
        let rule = rule(
            r#"{"Priority": 3, "CreateTime": -1.5, "CrossUser": true, "TagFilter": "v\u0031", "LinkId": null,
                "SyncScope": "", "SyncRuleId": [1, {"a": null}], "SyncTrigger": {"b": 2, "a": "x"}, "New": [1]}"#,
        );
        let texts: Vec<_> = rule.values().flatten().collect();
        assert_eq!(
            texts,
            [
                r#"[1,{"a":null}]"#,
                "v1",
                r#"{"a":"x","b":2}"#,
                "-1.5",
                "true",
                "3"
            ]
        );
        assert_eq!(rule.get(WireField::LinkId), None);
        assert_eq!(rule.get(WireField::SyncScope), None);
        assert_eq!(rule.unknown, [("New".into(), serde_json::json!([1]))]);
    }

    #[test]
    fn a_field_that_is_set_leaves_the_others() {
        let mut changed = rule(r#"{"TagFilter": "v.*", "SyncRuleName": "web", "New": 1}"#);
        changed.set(WireField::SyncRuleName, "a longer name");
        changed.set(WireField::Priority, "4");
        changed.set(WireField::TagFilter, "");
        let expected = rule(r#"{"New": 1, "Priority": 4, "SyncRuleName": "a longer name"}"#);
        assert_eq!(changed, expected);
        assert_ne!(
            changed,
            rule(r#"{"Priority": 4, "SyncRuleName": "a longer name"}"#)
        );
        assert_eq!(
            format!("{changed:?}"),
            r#"{SyncRuleName: "a longer name", Priority: "4", "New": Number(1)}"#
        );
    }

    #[test]
    fn a_field_twice_is_an_error() {
        assert!(serde_json::from_str::<WireRule>(r#"{"Priority": 4, "Priority": 4}"#).is_err());
    }
}
