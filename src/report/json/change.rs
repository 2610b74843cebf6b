//! Changes in the document, and the earlier version of the rules files that they are seen against.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::{JsonFile, JsonLocation};

/// The change that brings one rule in line.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Change")]
pub(in crate::report) struct JsonChange<'a> {
    /// The action to take. A rule cannot be edited: `replace` is delete and create.
    #[schemars(extend("enum" = ["create", "replace", "delete", "none"]))]
    pub(super) action: Cow<'a, str>,
    /// The kind of difference.
    #[schemars(extend("enum" = ["missing", "changed", "renamed", "unmanaged", "in_sync"]))]
    pub(super) kind: Cow<'a, str>,
    /// True if an unmanaged rule equals another live rule.
    pub(super) duplicate: bool,
    /// The source instance's alias.
    pub(super) instance: Cow<'a, str>,
    /// The rule's name: as declared, as live where it is not declared.
    pub(super) name: Cow<'a, str>,
    /// The live rule's name; null where there is none.
    pub(super) live_name: Option<Cow<'a, str>>,
    /// The similarity of the two sides in percent, for a likely rename, which no other evidence
    /// confirms. Null otherwise.
    #[schemars(range(max = 100))]
    #[serde(alias = "likeness")]
    pub(super) similarity: Option<u8>,
    /// The live rule's id.
    pub(super) rule_id: Option<Cow<'a, str>>,
    /// The time of the live rule's last modification: RFC 3339, UTC.
    #[schemars(extend("format" = "date-time"))]
    pub(super) modified_at: Option<String>,
    /// The origin: introduced by this version of the rules files, or drifted before it; null where no
    /// base was given.
    #[schemars(extend("enum" = ["introduced", "drifted", null]))]
    pub(super) origin: Option<Cow<'a, str>>,
    /// True if live and this version of the rules files both changed, to different values. Counts as drifted.
    pub(super) conflicting: bool,
    /// True if every finding about it is waived or baselined, so that it is not drift.
    pub(super) accepted: bool,
    /// The source: `instance/namespace/repository`, with `*` for parts that the scope leaves open.
    pub(super) from: Cow<'a, str>,
    /// The target.
    pub(super) to: Cow<'a, str>,
    /// The fields that differ; all there are where the rule is on one side only.
    pub(super) fields: Vec<JsonField<'a>>,
    /// The other fields of a rule that is on both sides, by name; null is not set, or known on one side only.
    pub(super) unchanged: BTreeMap<Cow<'a, str>, Option<Cow<'a, str>>>,
    /// The place of its declaration; for an unmanaged rule, of its instance.
    pub(super) location: Option<JsonLocation<'a>>,
}

/// A field of a change.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Field")]
#[allow(clippy::struct_field_names, reason = "`field` is the document's key")]
pub(in crate::report) struct JsonField<'a> {
    /// The rules-file name.
    pub(super) field: Cow<'a, str>,
    /// The desired value.
    pub(super) desired: Option<Cow<'a, str>>,
    /// The live value.
    pub(super) live: Option<Cow<'a, str>>,
    /// The relation of the live filter's language to the desired one's; null where not compared.
    #[schemars(extend("enum" = ["equal", "wider", "narrower", "overlapping", "disjoint", "undecided", null]))]
    pub(super) relation: Option<Cow<'a, str>>,
    /// A name that shows the difference.
    pub(super) witness: Option<Cow<'a, str>>,
    /// The side that synchronizes the witness.
    #[schemars(extend("enum" = ["live", "desired", null]))]
    pub(super) synchronized_by: Option<Cow<'a, str>>,
    /// Details of the relation; absent for fields that are not filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) meaning: Option<JsonFilterRelation<'a>>,
    /// True if the finding about it is waived or baselined. Absent, like the keys below, where false or
    /// null: a rule on one side only has all its fields, and they would be most of a large document.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) accepted: bool,
    /// The origin: introduced by this version of the rules files, or drifted before it; absent where no base was
    /// given, or the rule is on one side only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["introduced", "drifted", null]))]
    pub(super) origin: Option<Cow<'a, str>>,
    /// True if both sides changed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) conflicting: bool,
}

/// The relation of a live filter to the desired one.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Meaning")]
pub(in crate::report) struct JsonFilterRelation<'a> {
    /// All of it as a fragment of a sentence.
    #[serde(alias = "told")]
    pub(super) summary: Cow<'a, str>,
    /// The shortest name that only the live filter matches.
    pub(super) live_only: Option<Cow<'a, str>>,
    /// The shortest name that only the desired filter matches.
    pub(super) desired_only: Option<Cow<'a, str>>,
}

/// The earlier version of the rules files that a run was compared with.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Base")]
pub(in crate::report) struct JsonBase<'a> {
    /// The name: a git reference, or a path.
    pub(super) name: Cow<'a, str>,
    /// The commit; null where it is a path.
    pub(super) commit: Option<Cow<'a, str>>,
    /// The files.
    pub(super) files: Vec<JsonFile<'a>>,
    /// The number of changes that this version introduces.
    pub(super) introduced: usize,
    /// The number of changes that drifted before, except the conflicting ones.
    pub(super) drifted: usize,
    /// The number of changes where live and this version both changed.
    pub(super) conflicting: usize,
    /// The resolved differences from the base, by instance and name.
    #[serde(alias = "fixed")]
    pub(super) resolved: Vec<JsonResolvedChange<'a>>,
}

/// A difference from the base that is resolved.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FixedChange")]
pub(in crate::report) struct JsonResolvedChange<'a> {
    /// The kind of difference.
    #[schemars(extend("enum" = ["missing", "changed", "renamed", "unmanaged"]))]
    pub(super) kind: Cow<'a, str>,
    /// The source instance's alias.
    pub(super) instance: Cow<'a, str>,
    /// The rule's name: as the base declared it, as live where it did not.
    pub(super) name: Cow<'a, str>,
}
