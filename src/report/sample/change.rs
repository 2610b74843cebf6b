//! The changes of the sample: every kind, and every origin.

use filter_language::Relation;

use super::{location, witness};
use crate::diff::ChangeKind;
use crate::model::Field;
use crate::report::{FieldValues, Origin, ReportedChange, ReportedField, ReportedFilterComparison};

pub(super) fn changes() -> Vec<ReportedChange> {
    let field = |field: Field, desired: Option<&str>, live: Option<&str>| ReportedField {
        field,
        desired: desired.map(str::to_owned),
        live: live.map(str::to_owned),
        meaning: None,
        accepted: false,
        origin: None,
    };
    let filter = |desired: &str, live: &str| {
        let meaning = ReportedFilterComparison {
            relation: Relation::Overlapping,
            live_only: Some(witness("latest", "0")),
            desired_only: Some(witness("v1.0", "v1.0")),
            summary: "live also copies \"0\", and does not copy \"v1.0\"".into(),
        };
        vec![ReportedField {
            meaning: Some(Box::new(meaning)),
            ..field(Field::TagFilter, Some(desired), Some(live))
        }]
    };
    let change = |kind: ChangeKind, name: &str, fields: Vec<ReportedField>| {
        let is_live = kind != ChangeKind::Missing;
        let both = matches!(
            kind,
            ChangeKind::Changed | ChangeKind::Renamed | ChangeKind::InSync
        );
        let unchanged = [
            (Field::Scope, Some("REPO")),
            (Field::FromInstance, Some("shanghai")),
            (Field::FromNamespace, Some("shop")),
            (Field::FromRepo, Some("web")),
            (Field::ToInstance, Some("beijing")),
            (Field::LinkId, None),
        ];
        ReportedChange {
            kind,
            instance: "shanghai".to_owned(),
            name: name.to_owned(),
            owner: (name == "filter").then(|| "team-shop".to_owned()),
            live_name: is_live.then(|| name.to_owned()),
            rule_id: is_live.then(|| format!("crsr-{name}")),
            modified_ms: is_live.then_some(1_795_000_000_000),
            origin: None,
            similarity: (kind == ChangeKind::Renamed).then_some(83),
            accepted: name == "waived" || kind == ChangeKind::Duplicate,
            from: "shanghai/shop/web".to_owned(),
            to: "beijing/shop/web".to_owned(),
            fields,
            unchanged: if both {
                unchanged.into_iter().collect()
            } else {
                FieldValues::default()
            },
            location: Some(location(10)),
            who: None,
        }
    };
    let of_one_side = |is_desired: bool| {
        let values = [
            (Field::Scope, "REPO"),
            (Field::FromInstance, "shanghai"),
            (Field::FromNamespace, "shop"),
            (Field::FromRepo, "web"),
            (
                Field::ToInstance,
                if is_desired {
                    "beijing"
                } else {
                    "cri-stranger00000007"
                },
            ),
            (Field::Trigger, "INITIATIVE"),
            (Field::TagFilter, "v[0-9]+"),
        ];
        let fields = values.into_iter().map(|(name, value)| {
            if is_desired {
                field(name, Some(value), None)
            } else {
                field(name, None, Some(value))
            }
        });
        fields.collect::<Vec<_>>()
    };
    vec![
        change(
            ChangeKind::Unmanaged,
            "=HYPERLINK(\"http://evil\")|<b>",
            of_one_side(false),
        ),
        change(ChangeKind::InSync, "as-declared", Vec::new()),
        change(ChangeKind::Duplicate, "as-declared", of_one_side(false)),
        ReportedChange {
            origin: Some(Origin::Introduced),
            ..change(ChangeKind::Changed, "filter", filter("v[0-9.]+", ".*"))
        },
        ReportedChange {
            origin: Some(Origin::Introduced),
            ..change(ChangeKind::Missing, "new", of_one_side(true))
        },
        ReportedChange {
            origin: Some(Origin::Drifted),
            live_name: Some("old name".to_owned()),
            ..change(
                ChangeKind::Renamed,
                "renamed",
                vec![field(Field::Name, Some("renamed"), Some("old name"))],
            )
        },
        change(
            ChangeKind::Changed,
            "waived",
            filter("release-[a-z]{2}", "](http://evil) `x` ##[error]x"),
        ),
    ]
}
