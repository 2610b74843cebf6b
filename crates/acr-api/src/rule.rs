//! A sync rule as the API spells it: every known field kept as text, every unknown one as it came.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// A field of a rule in `ListRepoSyncRule`'s answer. The first 18 are on the API page of December 2025; the last
/// three came with the SDK models of 2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(
    missing_docs,
    reason = "the API's own names; `model` explains what they mean"
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

/// The JSON type the API declares for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Boolean,
}

impl WireField {
    /// How many fields are known.
    pub const COUNT: usize = 21;

    /// Every known field, in the order in which rules are written.
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

    /// The API's name.
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

    const fn kind(self) -> Kind {
        match self {
            Self::CreateTime | Self::ModifiedTime | Self::Priority => Kind::Integer,
            Self::CrossUser => Kind::Boolean,
            _ => Kind::Text,
        }
    }
}

/// A rule as an answer holds it.
///
/// Known fields are texts whatever their JSON type: the same field is a number in one action of the API and a
/// string in another, and a value of an unexpected type must survive until it can be compared and shown.
/// Absent, `null` and `""` are all `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WireRule {
    values: [Option<Box<str>>; WireField::COUNT],
    /// Fields this version does not know, as they came.
    pub unknown: Vec<(Box<str>, Value)>,
}

impl WireRule {
    /// A field's text.
    #[must_use]
    pub fn get(&self, field: WireField) -> Option<&str> {
        self.values[field as usize].as_deref()
    }

    /// The text of each known field, in the order of [`WireField::ALL`].
    pub fn values(&self) -> impl Iterator<Item = Option<&str>> {
        self.values.iter().map(Option::as_deref)
    }

    /// Returns whether every known field is the same as in another rule. Fields that this version does not know may
    /// change from one answer to the next.
    #[must_use]
    pub fn has_values_of(&self, other: &Self) -> bool {
        self.values == other.values
    }

    /// Takes a field's text out, without a copy.
    pub fn take(&mut self, field: WireField) -> Option<Box<str>> {
        self.values[field as usize].take()
    }

    /// Sets a field; an empty text unsets it.
    pub fn set(&mut self, field: WireField, text: impl Into<Box<str>>) {
        self.values[field as usize] = Some(text.into()).filter(|text| !text.is_empty());
    }

    /// The same rule as the instance at its other end lists it: *Local* and *Target* swapped, the direction
    /// turned round. The id is kept; whether the service does so is not known.
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
        let mut given = [false; WireField::COUNT];
        while let Some(Key(key)) = map.next_key()? {
            match key {
                Ok(field) if std::mem::replace(&mut given[field as usize], true) => {
                    return Err(A::Error::duplicate_field(field.as_str()));
                }
                Ok(field) => {
                    let Text(text) = map.next_value()?;
                    rule.values[field as usize] = text.filter(|text| !text.is_empty());
                }
                Err(name) => rule.unknown.push((name, map.next_value()?)),
            }
        }
        Ok(rule)
    }
}

/// A key of the rule object: a known field, or the name of an unknown one.
struct Key(Result<WireField, Box<str>>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field name")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
                Ok(Key(WireField::from_name(name).ok_or_else(|| name.into())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

/// Any JSON value as text; `null` is `None`, a composite is its JSON.
struct Text(Option<Box<str>>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(Some(text.into())))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Text, E> {
        self.visit_str(if truth { "true" } else { "false" })
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Text, E> {
        Ok(Text(Some(number.to_string().into())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Text, E> {
        Ok(Text(Some(number.to_string().into())))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Text, E> {
        Ok(Text(Some(number.to_string().into())))
    }

    fn visit_unit<E: Error>(self) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Text, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Text(Some(Value::Array(items).to_string().into())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        let mut members = serde_json::Map::new();
        while let Some((key, value)) = map.next_entry()? {
            members.insert(key, value);
        }
        Ok(Text(Some(Value::Object(members).to_string().into())))
    }
}

impl Serialize for WireRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for field in WireField::ALL {
            let Some(text) = self.get(field) else {
                continue;
            };
            match (field.kind(), text.parse::<i64>(), text.parse::<bool>()) {
                (Kind::Integer, Ok(number), _) => map.serialize_entry(field.as_str(), &number)?,
                (Kind::Boolean, _, Ok(truth)) => map.serialize_entry(field.as_str(), &truth)?,
                _ => map.serialize_entry(field.as_str(), text)?,
            }
        }
        for (name, value) in &self.unknown {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
