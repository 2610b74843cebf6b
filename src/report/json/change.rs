//! Changes in the document, and the earlier version of the rules files that they are seen against.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::{File, Place};

/// What would make one rule equal.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Change<'a> {
    /// What a person would do. A rule cannot be edited: `replace` is delete and create.
    #[schemars(extend("enum" = ["create", "replace", "delete", "none"]))]
    pub(super) action: Cow<'a, str>,
    /// What is the matter.
    #[schemars(extend("enum" = ["missing", "changed", "renamed", "unmanaged", "in_sync"]))]
    pub(super) kind: Cow<'a, str>,
    /// Whether an unmanaged rule is what another live rule already is.
    pub(super) duplicate: bool,
    /// The source instance's alias.
    pub(super) instance: Cow<'a, str>,
    /// The rule's name: as declared, as live where it is not declared.
    pub(super) name: Cow<'a, str>,
    /// The live rule's name; null where there is none.
    pub(super) live_name: Option<Cow<'a, str>>,
    /// How alike the two sides are, in percent, where nothing else says that they are one rule: the rename is likely
    /// and no more. Null everywhere else.
    #[schemars(range(max = 100))]
    #[serde(alias = "likeness")]
    pub(super) similarity: Option<u8>,
    /// The live rule's id.
    pub(super) rule_id: Option<Cow<'a, str>>,
    /// When the live rule was last modified: RFC 3339, UTC.
    #[schemars(extend("format" = "date-time"))]
    pub(super) modified_at: Option<String>,
    /// Whether the change was introduced by this version of the rules files or was there before; null where no
    /// base was given.
    #[schemars(extend("enum" = ["introduced", "drifted", null]))]
    pub(super) origin: Option<Cow<'a, str>>,
    /// Whether live and this version of the rules files both moved, to something else. It counts as drifted.
    pub(super) conflicting: bool,
    /// Whether every finding about it is waived or baselined, so that it is not drift.
    pub(super) accepted: bool,
    /// Where its images come from: `instance/namespace/repository`, with `*` for what the scope leaves open.
    pub(super) from: Cow<'a, str>,
    /// Where they go.
    pub(super) to: Cow<'a, str>,
    /// The fields that differ; all there are where the rule is on one side only.
    pub(super) fields: Vec<Field<'a>>,
    /// The other fields of a rule that is on both sides, by name; null is not set, or known on one side only.
    pub(super) unchanged: BTreeMap<Cow<'a, str>, Option<Cow<'a, str>>>,
    /// Where it is declared; where its instance is, for a rule nobody declared.
    pub(super) location: Option<Place<'a>>,
}

/// A field of a change.
#[derive(Serialize, Deserialize, JsonSchema)]
#[allow(clippy::struct_field_names, reason = "`field` is the document's key")]
pub(super) struct Field<'a> {
    /// Its rules-file name.
    pub(super) field: Cow<'a, str>,
    /// What the rules file says.
    pub(super) desired: Option<Cow<'a, str>>,
    /// What the instance says.
    pub(super) live: Option<Cow<'a, str>>,
    /// How the live filter's language relates to the desired one's; null where that was not compared.
    #[schemars(extend("enum" = ["equal", "wider", "narrower", "overlapping", "disjoint", "undecided", null]))]
    pub(super) relation: Option<Cow<'a, str>>,
    /// A name that shows the difference.
    pub(super) witness: Option<Cow<'a, str>>,
    /// Which side synchronizes the witness.
    #[schemars(extend("enum" = ["live", "desired", null]))]
    pub(super) synchronized_by: Option<Cow<'a, str>>,
    /// More of how the two relate; not there where they are no filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) meaning: Option<Meaning<'a>>,
    /// Whether the finding about it is waived or baselined. This and what follows is left out where there is nothing
    /// to tell: a rule on one side only has all its fields, and they would be most of a large document.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) accepted: bool,
    /// Whether this version of the rules files introduced it or it was there before; not there where no base was
    /// given, or the rule is on one side only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["introduced", "drifted", null]))]
    pub(super) origin: Option<Cow<'a, str>>,
    /// Whether both moved.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) conflicting: bool,
}

/// How a live filter relates to the desired one.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Meaning<'a> {
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
pub(super) struct Base<'a> {
    /// What it is called: a reference of git, or a path.
    pub(super) name: Cow<'a, str>,
    /// The commit; null where it is a path.
    pub(super) commit: Option<Cow<'a, str>>,
    /// Its files.
    pub(super) files: Vec<File<'a>>,
    /// How many changes this version introduces.
    pub(super) introduced: usize,
    /// How many were there before, other than the conflicting ones.
    pub(super) drifted: usize,
    /// How many there are of which live and this version both moved.
    pub(super) conflicting: usize,
    /// What differed from the base and does not differ any more: by instance and name.
    #[serde(alias = "fixed")]
    pub(super) resolved: Vec<FixedChange<'a>>,
}

/// A difference from the base that is none any more.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct FixedChange<'a> {
    /// What was the matter.
    #[schemars(extend("enum" = ["missing", "changed", "renamed", "unmanaged"]))]
    pub(super) kind: Cow<'a, str>,
    /// The source instance's alias.
    pub(super) instance: Cow<'a, str>,
    /// The rule's name: as the base declared it, as live where it did not.
    pub(super) name: Cow<'a, str>,
}
