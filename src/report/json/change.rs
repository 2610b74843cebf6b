//! Changes in the document, and the earlier version of the rules files: both ways.

use std::borrow::Cow;

use filter_language::Relation;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::convert::{field_from_name, read_origin, text, time, word, write_origin};
use super::document::JsonFile;
use super::field_values::JsonFieldValues;
use super::location::JsonLocation;
use super::read::ReadError;
use super::who::JsonWho;
use crate::diff::ChangeKind;
use crate::i18n::{JsonMessageTemplate, read_message, write_template};
use crate::report::time::rfc3339;
use crate::report::{
    ComparedBase, InputFile, Origin, ReportedChange, ReportedField, ReportedFilterComparison,
    ReportedWitness, ResolvedChange, Who,
};
use crate::source::Location;

/// The change that brings one rule in line.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Change")]
pub(in crate::report) struct JsonChange<'a> {
    /// The action to take. A rule cannot be edited: `replace` is delete and create.
    #[schemars(extend("enum" = ["create", "replace", "delete", "none"]))]
    #[serde(borrow)]
    pub(super) action: Cow<'a, str>,
    /// The kind of difference.
    #[schemars(extend("enum" = ["missing", "changed", "renamed", "unmanaged", "in_sync"]))]
    #[serde(borrow)]
    pub(super) kind: Cow<'a, str>,
    /// True if an unmanaged rule equals another live rule.
    pub(super) duplicate: bool,
    /// The source instance's alias.
    pub(super) instance: Cow<'a, str>,
    /// The rule's name: as declared, as live where it is not declared.
    pub(super) name: Cow<'a, str>,
    /// The declared owner of the rule; left out where none is declared, and for an unmanaged rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) owner: Option<Cow<'a, str>>,
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
    /// The fields that differ; all fields if the rule is on one side only.
    #[serde(borrow)]
    pub(super) fields: Vec<JsonField<'a>>,
    /// The other fields of a rule that is on both sides, by name; null is not set, or known on one side only.
    pub(super) unchanged: JsonFieldValues<'a>,
    /// The place of its declaration; for an unmanaged rule, of its instance.
    pub(super) location: Option<JsonLocation<'a>>,
    /// The authors of the change; absent unless `--who` asked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) who: Option<JsonWho<'a>>,
}

/// A field of a change.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Field")]
#[allow(clippy::struct_field_names, reason = "`field` is the document's key")]
pub(in crate::report) struct JsonField<'a> {
    /// The rules-file name.
    #[serde(borrow)]
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
    /// The template of the summary; absent in documents of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) summary_template: Option<JsonMessageTemplate<'a>>,
    /// The shortest name that only the live filter matches.
    pub(super) live_only: Option<Cow<'a, str>>,
    /// A name that only the live filter matches, and that people recognize if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) live_only_example: Option<Cow<'a, str>>,
    /// The shortest name that only the desired filter matches.
    pub(super) desired_only: Option<Cow<'a, str>>,
    /// A name that only the desired filter matches, and that people recognize if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) desired_only_example: Option<Cow<'a, str>>,
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

impl<'a> From<&'a ReportedChange> for JsonChange<'a> {
    fn from(change: &'a ReportedChange) -> Self {
        Self {
            action: text(change.action().as_str()),
            kind: text(change.kind.as_str()),
            duplicate: change.kind == ChangeKind::Duplicate,
            instance: text(&change.instance),
            name: text(&change.name),
            owner: change.owner.as_deref().map(text),
            live_name: change.live_name.as_deref().map(text),
            rule_id: change.rule_id.as_deref().map(text),
            modified_at: change.modified_ms.and_then(rfc3339),
            origin: change.origin.map(write_origin),
            conflicting: change.origin == Some(Origin::Conflicting),
            accepted: change.accepted,
            similarity: change.similarity,
            from: text(&change.from),
            to: text(&change.to),
            fields: change.fields.iter().map(JsonField::from).collect(),
            unchanged: JsonFieldValues::Reported(&change.unchanged),
            location: change.location.as_ref().map(JsonLocation::from),
            who: change.who.as_deref().map(JsonWho::from),
        }
    }
}

impl TryFrom<JsonChange<'_>> for ReportedChange {
    type Error = ReadError;

    fn try_from(change: JsonChange<'_>) -> Result<Self, ReadError> {
        let kind = if change.duplicate {
            ChangeKind::Duplicate
        } else {
            change_kind(&change.kind)?
        };
        Ok(Self {
            kind,
            instance: change.instance.into_owned(),
            name: change.name.into_owned(),
            owner: change.owner.map(Cow::into_owned),
            live_name: change.live_name.map(Cow::into_owned),
            rule_id: change.rule_id.map(Cow::into_owned),
            modified_ms: time("modified_at", change.modified_at.as_deref())?,
            accepted: change.accepted,
            origin: read_origin(change.origin.as_deref(), change.conflicting)?,
            similarity: change.similarity,
            from: change.from.into_owned(),
            to: change.to.into_owned(),
            fields: change
                .fields
                .into_iter()
                .map(ReportedField::try_from)
                .collect::<Result<_, _>>()?,
            unchanged: change.unchanged.into_read()?,
            location: change.location.map(Location::from),
            who: change.who.map(Who::try_from).transpose()?.map(Box::new),
        })
    }
}

impl<'a> From<&'a ReportedField> for JsonField<'a> {
    /// Of two witnesses, the one that is copied and should not be comes first.
    fn from(field: &'a ReportedField) -> Self {
        let meaning = field.meaning.as_ref();
        let (witness, synchronized_by) = match meaning.map(|it| (&it.live_only, &it.desired_only)) {
            Some((Some(name), _)) => (Some(text(&name.example)), Some(text("live"))),
            Some((None, Some(name))) => (Some(text(&name.example)), Some(text("desired"))),
            Some((None, None)) | None => (None, None),
        };
        Self {
            field: text(field.field.as_str()),
            desired: field.desired.as_deref().map(text),
            live: field.live.as_deref().map(text),
            relation: meaning.map(|it| text(it.relation.as_str())),
            witness,
            synchronized_by,
            meaning: meaning.map(|meaning| JsonFilterRelation {
                summary: text(&meaning.summary),
                summary_template: write_template(&meaning.summary),
                live_only: meaning.live_only.as_ref().map(|it| text(&it.shortest)),
                live_only_example: meaning.live_only.as_ref().map(|it| text(&it.example)),
                desired_only: meaning.desired_only.as_ref().map(|it| text(&it.shortest)),
                desired_only_example: meaning.desired_only.as_ref().map(|it| text(&it.example)),
            }),
            accepted: field.accepted,
            origin: field.origin.map(write_origin),
            conflicting: field.origin == Some(Origin::Conflicting),
        }
    }
}

impl TryFrom<JsonField<'_>> for ReportedField {
    type Error = ReadError;

    fn try_from(field: JsonField<'_>) -> Result<Self, ReadError> {
        let relation = field
            .relation
            .map(|it| word("relation", &it, &Relation::ALL, Relation::as_str))
            .transpose()?;
        let meaning = relation.zip(field.meaning).map(|(relation, meaning)| {
            Box::new(ReportedFilterComparison {
                relation,
                live_only: read_witness(meaning.live_only, meaning.live_only_example),
                desired_only: read_witness(meaning.desired_only, meaning.desired_only_example),
                summary: read_message(meaning.summary, meaning.summary_template),
            })
        });
        Ok(Self {
            field: field_from_name(&field.field)?,
            desired: field.desired.map(Cow::into_owned),
            live: field.live.map(Cow::into_owned),
            meaning,
            accepted: field.accepted,
            origin: read_origin(field.origin.as_deref(), field.conflicting)?,
        })
    }
}

impl<'a> From<&'a ComparedBase> for JsonBase<'a> {
    fn from(base: &'a ComparedBase) -> Self {
        let resolved = base.resolved.iter().map(|change| JsonResolvedChange {
            kind: text(change.kind.as_str()),
            instance: text(&change.instance),
            name: text(&change.name),
        });
        Self {
            name: text(&base.name),
            commit: base.commit.as_deref().map(text),
            files: base.files.iter().map(JsonFile::from).collect(),
            introduced: base.introduced,
            drifted: base.drifted,
            conflicting: base.conflicting,
            resolved: resolved.collect(),
        }
    }
}

impl TryFrom<JsonBase<'_>> for ComparedBase {
    type Error = ReadError;

    fn try_from(base: JsonBase<'_>) -> Result<Self, ReadError> {
        let resolved = base.resolved.into_iter().map(|change| {
            Ok(ResolvedChange {
                kind: change_kind(&change.kind)?,
                instance: change.instance.into_owned(),
                name: change.name.into_owned(),
            })
        });
        Ok(Self {
            name: base.name.into_owned(),
            commit: base.commit.map(Cow::into_owned),
            files: base.files.into_iter().map(InputFile::from).collect(),
            introduced: base.introduced,
            drifted: base.drifted,
            conflicting: base.conflicting,
            resolved: resolved.collect::<Result<_, ReadError>>()?,
        })
    }
}

fn change_kind(name: &str) -> Result<ChangeKind, ReadError> {
    let kinds = [
        ChangeKind::Missing,
        ChangeKind::Changed,
        ChangeKind::Renamed,
        ChangeKind::Unmanaged,
        ChangeKind::InSync,
    ];
    word("kind", name, &kinds, ChangeKind::as_str)
}

/// Returns a witness; documents of earlier versions have the shortest name only.
fn read_witness(
    shortest: Option<Cow<'_, str>>,
    example: Option<Cow<'_, str>>,
) -> Option<ReportedWitness> {
    let shortest = shortest?.into_owned();
    Some(ReportedWitness {
        example: example.map_or_else(|| shortest.clone(), Cow::into_owned),
        shortest,
    })
}
