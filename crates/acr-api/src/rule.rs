//! A sync rule in the API's own terms. Known fields are texts; unknown fields are kept as they are.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// A field of a rule in the response of `ListRepoSyncRule`. The first 18 are on the API page of December 2025; the last
/// three are from the SDK models of 2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(
    missing_docs,
    reason = "the API's own names; the docs of `crdrift::model` explain them"
)]
pub enum WireField {
    SyncRuleId,
    SyncRuleName,
    LocalRegionId,
    LocalInstanceId,
    LocalNamespaceName,
    LocalRepoName,
    TargetRegionId,
    TargetInstanceId,
    TargetNamespaceName,
    TargetRepoName,
    TagFilter,
    RepoNameFilter,
    SyncScope,
    SyncDirection,
    SyncTrigger,
    CreateTime,
    ModifiedTime,
    CrossUser,
    LinkId,
    NamespaceNameFilter,
    Priority,
}

/// The JSON type that the API declares for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JsonType {
    Text,
    Integer,
    Boolean,
}

impl WireField {
    /// The number of known fields.
    pub const COUNT: usize = 21;

    /// Every known field, in the order of serialization.
    pub const ALL: [Self; Self::COUNT] = [
        Self::SyncRuleId,
        Self::SyncRuleName,
        Self::LocalRegionId,
        Self::LocalInstanceId,
        Self::LocalNamespaceName,
        Self::LocalRepoName,
        Self::TargetRegionId,
        Self::TargetInstanceId,
        Self::TargetNamespaceName,
        Self::TargetRepoName,
        Self::TagFilter,
        Self::RepoNameFilter,
        Self::SyncScope,
        Self::SyncDirection,
        Self::SyncTrigger,
        Self::CreateTime,
        Self::ModifiedTime,
        Self::CrossUser,
        Self::LinkId,
        Self::NamespaceNameFilter,
        Self::Priority,
    ];

    /// Returns the API's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SyncRuleId => "SyncRuleId",
            Self::SyncRuleName => "SyncRuleName",
            Self::LocalRegionId => "LocalRegionId",
            Self::LocalInstanceId => "LocalInstanceId",
            Self::LocalNamespaceName => "LocalNamespaceName",
            Self::LocalRepoName => "LocalRepoName",
            Self::TargetRegionId => "TargetRegionId",
            Self::TargetInstanceId => "TargetInstanceId",
            Self::TargetNamespaceName => "TargetNamespaceName",
            Self::TargetRepoName => "TargetRepoName",
            Self::TagFilter => "TagFilter",
            Self::RepoNameFilter => "RepoNameFilter",
            Self::SyncScope => "SyncScope",
            Self::SyncDirection => "SyncDirection",
            Self::SyncTrigger => "SyncTrigger",
            Self::CreateTime => "CreateTime",
            Self::ModifiedTime => "ModifiedTime",
            Self::CrossUser => "CrossUser",
            Self::LinkId => "LinkId",
            Self::NamespaceNameFilter => "NamespaceNameFilter",
            Self::Priority => "Priority",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }

    const fn json_type(self) -> JsonType {
        match self {
            Self::CreateTime | Self::ModifiedTime | Self::Priority => JsonType::Integer,
            Self::CrossUser => JsonType::Boolean,
            _ => JsonType::Text,
        }
    }
}

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
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WireRule {
    values: [Option<Box<str>>; WireField::COUNT],
    /// The unknown fields, as they are.
    pub unknown: Vec<(Box<str>, Value)>,
}

impl WireRule {
    /// Returns the text of a field.
    #[must_use]
    pub fn get(&self, field: WireField) -> Option<&str> {
        self.values[field as usize].as_deref()
    }

    /// Returns the texts of all known fields, in the order of [`WireField::ALL`].
    pub fn values(&self) -> impl Iterator<Item = Option<&str>> {
        self.values.iter().map(Option::as_deref)
    }

    /// Returns whether every known field equals that of another rule. Unknown fields may differ between responses.
    #[must_use]
    pub fn has_same_values_as(&self, other: &Self) -> bool {
        self.values == other.values
    }

    /// Moves the text of a field out.
    pub fn take(&mut self, field: WireField) -> Option<Box<str>> {
        self.values[field as usize].take()
    }

    /// Sets a field. An empty text unsets it.
    pub fn set(&mut self, field: WireField, text: impl Into<Box<str>>) {
        self.values[field as usize] = Some(text.into()).filter(|text| !text.is_empty());
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
            mirror.values.swap(local as usize, target as usize);
        }
        match self.get(WireField::SyncDirection) {
            Some("FROM") => mirror.set(WireField::SyncDirection, "TO"),
            Some("TO") => mirror.set(WireField::SyncDirection, "FROM"),
            _ => {}
        }
        mirror
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
                    let LenientText(text) = map.next_value()?;
                    rule.values[field as usize] = text.filter(|text| !text.is_empty());
                }
                Err(name) => rule.unknown.push((name, map.next_value()?)),
            }
        }
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

/// Any JSON value as text. `null` is `None`, and an array or object is its JSON.
struct LenientText(Option<Box<str>>);

impl<'de> Deserialize<'de> for LenientText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LenientTextVisitor)
    }
}

struct LenientTextVisitor;

impl<'de> Visitor<'de> for LenientTextVisitor {
    type Value = LenientText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<LenientText, E> {
        Ok(LenientText(Some(text.into())))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<LenientText, E> {
        self.visit_str(if truth { "true" } else { "false" })
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<LenientText, E> {
        Ok(LenientText(Some(number.to_string().into())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<LenientText, E> {
        Ok(LenientText(Some(number.to_string().into())))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<LenientText, E> {
        Ok(LenientText(Some(number.to_string().into())))
    }

    fn visit_unit<E: Error>(self) -> Result<LenientText, E> {
        Ok(LenientText(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<LenientText, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(LenientText(Some(Value::Array(items).to_string().into())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LenientText, A::Error> {
        let mut members = serde_json::Map::new();
        while let Some((key, value)) = map.next_entry()? {
            members.insert(key, value);
        }
        Ok(LenientText(Some(Value::Object(members).to_string().into())))
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
