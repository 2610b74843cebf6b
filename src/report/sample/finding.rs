//! The findings of the sample: every status, and findings of the run, of an instance and of a rule.

use super::location;
use crate::finding::{Code, Fingerprint, Severity};
use crate::model::Field;
use crate::report::{AppliedWaiver, FindingStatus, ReportedFinding, Transition};

pub(super) fn findings() -> Vec<ReportedFinding> {
    let finding =
        |code: Code, rule: Option<&str>, field: Option<Field>, message: &str| ReportedFinding {
            severity: code.default_severity(),
            message: message.into(),
            help: "declare what is live, or make it as declared".into(),
            instance: Some("shanghai".to_owned()),
            rule: rule.map(str::to_owned),
            owner: (rule == Some("filter")).then(|| "team-shop".to_owned()),
            field,
            fingerprint: Fingerprint::new(
                &code,
                ("cri-shanghai00000001", rule.unwrap_or_default()),
                field,
                [],
            ),
            location: Some(location(10)),
            status: FindingStatus::Open,
            first_seen_ms: None,
            transition: None,
            origin: None,
            counts: code.default_severity() == Severity::Error && !code.makes_incomplete(),
            paths: Vec::new(),
            omitted_paths: 0,
            who: None,
            code,
        };
    let waiver = AppliedWaiver {
        reason: "until the new registry is there".to_owned(),
        owner: "team-shop".to_owned(),
        expires: "2026-12-31".to_owned(),
        ticket: Some("CHG-123".to_owned()),
        location: Some(location(40)),
    };
    vec![
        ReportedFinding {
            instance: None,
            location: None,
            ..finding(
                Code::MassChange,
                None,
                None,
                "6 of 7 rules drift (85 %), and max_drift_percent is 50",
            )
        },
        ReportedFinding {
            instance: Some("beijing".to_owned()),
            ..finding(
                Code::IncompleteRead,
                None,
                None,
                "\"beijing\" was not read completely (denied): NoPrivilege: \u{1b}[31m",
            )
        },
        finding(
            Code::UnknownValue,
            None,
            None,
            "1 rule has SyncScope \"GALAXY\", which this version does not know",
        ),
        ReportedFinding {
            severity: Severity::Warning,
            ..finding(
                Code::UnmanagedRule,
                Some("=HYPERLINK(\"http://evil\")|<b>"),
                None,
                "rule \"=HYPERLINK(\"http://evil\")|<b>\" is live and in no rules file",
            )
        },
        ReportedFinding {
            status: FindingStatus::Baselined,
            ..finding(
                Code::DuplicateRule,
                Some("as-declared"),
                None,
                "rule \"as-declared\" is there twice",
            )
        },
        ReportedFinding {
            first_seen_ms: Some(1_795_400_000_000),
            transition: Some(Transition::Still),
            ..finding(
                Code::ChangedRule,
                Some("filter"),
                Some(Field::TagFilter),
                "rule \"filter\": tag_filter is \".*\" live and \"v[0-9.]+\" in the rules file",
            )
        },
        ReportedFinding {
            first_seen_ms: Some(1_795_500_000_000),
            transition: Some(Transition::Opened),
            ..finding(
                Code::MissingRule,
                Some("new"),
                None,
                "rule \"new\" is declared and not live",
            )
        },
        finding(
            Code::RenamedRule,
            Some("renamed"),
            Some(Field::Name),
            "rule \"renamed\" is live as \"old name\"",
        ),
        ReportedFinding {
            status: FindingStatus::Waived(Box::new(waiver)),
            ..finding(
                Code::ChangedRule,
                Some("waived"),
                Some(Field::TagFilter),
                "rule \"waived\": tag_filter is \"](http://evil) `x` ##[error]x\" live",
            )
        },
    ]
}
