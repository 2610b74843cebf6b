//! One report with everything a format has to draw: every kind of change, every status, every origin, instances of
//! every fate, and values that mean harm.

mod evidence;

use std::collections::BTreeMap;

use filter_language::Relation;

use self::evidence::{policies, provenance, topology};
use super::{
    AppliedBaseline, AppliedWaiver, Ci, ComparedBase, ComparedExpectation, EstateName,
    FindingStatus, Format, LiveSource, Options, Origin, Outcome, ReadInstance, Report,
    ReportedChange, ReportedError, ReportedField, ReportedFinding, ReportedMeaning, ResolvedChange,
    RulesFile, Selected, Summary, Transition, Verdict, render,
};
use crate::diff::ChangeKind;
use crate::finding::{Code, Fingerprint, Severity};
use crate::model::{Field, ReadEvidence, ReadFailure, ReadStatus};
use crate::source::Location;
use crate::waiver::Accepted;

/// Renders a report in a format.
pub(crate) fn drawn(report: &Report, format: Format, options: Options) -> String {
    let mut bytes = Vec::new();
    render(report, format, options, &mut bytes).expect("memory");
    String::from_utf8(bytes).expect("UTF-8")
}

/// Names that mean harm, each in its own way: for terminals, runners, browsers, spreadsheets, parsers.
pub(crate) fn nasty() -> Vec<String> {
    serde_json::from_str(include_str!("../../tests/nasty.json")).expect("a list of texts")
}

/// A report with everything.
pub(crate) fn sample() -> Report {
    Report {
        version: "0.1.0".to_owned(),
        command: "plan".to_owned(),
        estate: Some(EstateName { name: "shop".to_owned(), is_declared: true }),
        errors: Vec::new(),
        verdict: Verdict {
            outcome: Outcome::Incomplete,
            exit_code: 3,
            reason: "could not read \"beijing\" whole; in what was read: 1 missing, 2 changed, 1 renamed, 2 unmanaged"
                .to_owned(),
        },
        started_ms: 1_795_500_000_000,
        duration_ms: 1_234,
        run: provenance(),
        files: vec![
            RulesFile { path: "rules/base.yaml".to_owned(), sha256: "ab".repeat(32) },
            RulesFile { path: "rules/团队 one.yaml".to_owned(), sha256: "cd".repeat(32) },
        ],
        desired_rules: 7,
        selected: Some(Selected {
            instances: vec!["shanghai".to_owned()],
            rules: vec!["*".to_owned()],
            namespaces: Vec::new(),
            options: "--instance shanghai --rule '*'".to_owned(),
            rules_selected: 7,
            rules_declared: 12,
        }),
        live: LiveSource::Api,
        taken_ms: Some(1_795_500_001_000),
        instances: instances(),
        fail_on: Severity::Error,
        summary: Summary {
            in_sync: 1,
            missing: 1,
            changed: 2,
            renamed: 1,
            unmanaged: 2,
            ignored: 1,
            unverified: 2,
            open: 6,
            waived: 1,
            baselined: 1,
        },
        in_sync: BTreeMap::from([("shanghai".to_owned(), vec!["as-declared".to_owned()])]),
        policies: policies(),
        topology: Some(topology()),
        changes: changes(),
        findings: findings(),
        baseline: Some(AppliedBaseline {
            date: "2026-11-01".to_owned(),
            resolved: vec![Accepted {
                instance: Some("shanghai".to_owned()),
                rule: Some("long gone".to_owned()),
                code: "drift/changed-rule".to_owned(),
                field: Some("priority".to_owned()),
                fingerprint: Fingerprint::new(&Code::ChangedRule, ("cri-shanghai00000001", "long gone"), None, []),
            }],
        }),
        expectation: Some(ComparedExpectation {
            name: "reviewed.json".to_owned(),
            expected: 5,
            unexpected: vec![Accepted {
                instance: Some("shanghai".to_owned()),
                rule: Some("filter".to_owned()),
                code: "drift/changed-rule".to_owned(),
                field: Some("tag_filter".to_owned()),
                fingerprint: Fingerprint::new(&Code::ChangedRule, ("cri-shanghai00000001", "filter"), None, []),
            }],
            missing: Vec::new(),
        }),
        base: Some(ComparedBase {
            name: "origin/main".to_owned(),
            commit: Some("4f2c".repeat(10)),
            files: vec![RulesFile { path: "origin/main:rules/base.yaml".to_owned(), sha256: "ef".repeat(32) }],
            introduced: 2,
            drifted: 4,
            conflicting: 0,
            resolved: vec![ResolvedChange {
                kind: ChangeKind::Missing,
                instance: "shanghai".to_owned(),
                name: "not needed".to_owned(),
            }],
        }),
    }
}

/// A report of a run in which everything is as declared.
pub(crate) fn in_sync() -> Report {
    let sample = sample();
    let verdict = Verdict {
        outcome: Outcome::InSync,
        exit_code: 0,
        reason: "1 declared rule is live as declared, read whole from 1 instance".to_owned(),
    };
    Report {
        verdict,
        desired_rules: 1,
        selected: None,
        instances: sample
            .instances
            .into_iter()
            .filter(|it| it.status == ReadStatus::Complete)
            .collect(),
        summary: Summary {
            in_sync: 1,
            ..Summary::default()
        },
        policies: sample
            .policies
            .into_iter()
            .filter(|it| it.open == 0)
            .collect(),
        changes: Vec::new(),
        findings: Vec::new(),
        baseline: None,
        base: None,
        expectation: None,
        ..sample
    }
}

/// A report of a run whose rules files have errors.
pub(crate) fn failed() -> Report {
    let location = |line, column| Location {
        file: "rules/team.yaml".to_owned(),
        line,
        column,
        end_line: line,
        end_column: column + 4,
    };
    let error = |code: &str, message: &str, help: Option<&str>, location| ReportedError {
        code: code.to_owned(),
        message: message.to_owned(),
        help: help.map(str::to_owned),
        location,
    };
    let errors = vec![
        error(
            "rules/unknown-key",
            "unknown key `form`",
            Some("did you mean `from`?"),
            Some(location(6, 5)),
        ),
        error(
            "rules/expected-text",
            "expected text, found the number 12",
            None,
            Some(location(7, 40)),
        ),
        error(
            "rules/file-not-found",
            "rules/other.yaml does not exist",
            Some("name a rules file"),
            None,
        ),
    ];
    Report::failed(
        "plan",
        1_795_500_000_000,
        "the rules have 3 errors".to_owned(),
        errors,
    )
}

/// The sample, with one text wherever a live value, a name or a server's word may stand.
pub(crate) fn sample_of(text: &str) -> Report {
    let mut report = sample();
    let own = |it: &mut String| text.clone_into(it);
    own(&mut report
        .selected
        .as_mut()
        .expect("the sample selects")
        .options);
    report.run.by = Some(text.to_owned());
    report.run.host = Some(text.to_owned());
    report.run.ci = Some(Ci {
        name: text.to_owned(),
        url: Some(text.to_owned()),
    });
    for it in &mut report.instances {
        own(&mut it.region);
        it.account = it.account.as_ref().map(|_| text.to_owned());
        it.evidence.caller = it.evidence.caller.as_ref().map(|_| text.into());
        if let Some(failure) = &mut it.failure {
            failure.code = text.into();
            failure.message = text.into();
        }
    }
    for it in &mut report.policies {
        it.kind = it.kind.as_ref().map(|_| text.to_owned());
        it.expr = it.expr.as_ref().map(|_| text.to_owned());
    }
    let topology = report.topology.as_mut().expect("the sample has a topology");
    for it in &mut topology.instances {
        own(&mut it.name);
        it.region = it.region.as_ref().map(|_| text.to_owned());
        for row in &mut it.rows {
            row.namespace = row.namespace.as_ref().map(|_| text.to_owned());
        }
    }
    topology
        .arrows
        .iter_mut()
        .flat_map(|it| &mut it.rules)
        .for_each(own);
    for it in &mut report.changes {
        own(&mut it.name);
        own(&mut it.from);
        own(&mut it.to);
        it.live_name = it.live_name.as_ref().map(|_| text.to_owned());
        it.rule_id = it.rule_id.as_ref().map(|_| text.to_owned());
        for it in &mut it.fields {
            it.desired = it.desired.as_ref().map(|_| text.to_owned());
            it.live = it.live.as_ref().map(|_| text.to_owned());
            if let Some(meaning) = &mut it.meaning {
                own(&mut meaning.summary);
                meaning.live_only = Some(text.to_owned());
            }
        }
    }
    for it in &mut report.findings {
        it.message = format!("rule \"{text}\" is not as declared");
        own(&mut it.help);
        it.rule = it.rule.as_ref().map(|_| text.to_owned());
        if let FindingStatus::Waived(waiver) = &mut it.status {
            own(&mut waiver.reason);
            own(&mut waiver.owner);
            waiver.ticket = Some(text.to_owned());
        }
    }
    let resolved = report.baseline.iter_mut().flat_map(|it| &mut it.resolved);
    let more = report
        .expectation
        .iter_mut()
        .flat_map(|it| &mut it.unexpected);
    resolved
        .chain(more)
        .for_each(|it| it.rule = Some(text.to_owned()));
    if let Some(base) = &mut report.base {
        own(&mut base.name);
        base.resolved.iter_mut().for_each(|it| own(&mut it.name));
    }
    report.in_sync.values_mut().flatten().for_each(own);
    report
}

fn instances() -> Vec<ReadInstance> {
    let instance = |alias: &str, id: &str, status: ReadStatus| ReadInstance {
        alias: alias.to_owned(),
        id: id.to_owned(),
        region: format!("cn-{alias}"),
        account: (alias != "partner").then(|| "1234567890123456".to_owned()),
        profile: (alias == "beijing").then(|| "prod".to_owned()),
        role_arn: (alias == "beijing").then(|| "acs:ram::1234567890123456:role/crdrift".to_owned()),
        status,
        rules: if status == ReadStatus::Complete { 9 } else { 0 },
        evidence: ReadEvidence {
            pages: 1,
            requests: 3,
            request_ids: vec!["8F3E-1".into(), "8F3E-2".into()],
            caller: (status == ReadStatus::Complete).then(|| "1234567890123456".into()),
        },
        failure: None,
    };
    let denied = ReadFailure {
        code: "NoPrivilege".into(),
        message: "cri-beijing000000003 of 1234567890123456 may not be \u{1b}[31mlisted".into(),
        request_id: Some("8F3E-3".into()),
    };
    vec![
        ReadInstance {
            failure: Some(denied),
            ..instance("beijing", "cri-beijing000000003", ReadStatus::Denied)
        },
        instance("partner", "cri-partner000000009", ReadStatus::Skipped),
        instance("shanghai", "cri-shanghai00000001", ReadStatus::Complete),
    ]
}

fn location(line: u32) -> Location {
    Location {
        file: "rules/base.yaml".to_owned(),
        line,
        column: 11,
        end_line: line,
        end_column: 20,
    }
}

fn changes() -> Vec<ReportedChange> {
    let field = |field: Field, desired: Option<&str>, live: Option<&str>| ReportedField {
        field,
        desired: desired.map(str::to_owned),
        live: live.map(str::to_owned),
        meaning: None,
        accepted: false,
        origin: None,
    };
    let filter = |desired: &str, live: &str| {
        let meaning = ReportedMeaning {
            relation: Relation::Overlapping,
            live_only: Some("0".to_owned()),
            desired_only: Some("v1.0".to_owned()),
            summary: "live also copies \"0\", and does not copy \"v1.0\"".to_owned(),
        };
        vec![ReportedField {
            meaning: Some(meaning),
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
        let unchanged = unchanged
            .into_iter()
            .map(|(field, value)| (field, value.map(str::to_owned)));
        ReportedChange {
            kind,
            instance: "shanghai".to_owned(),
            name: name.to_owned(),
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
                unchanged.collect()
            } else {
                Vec::new()
            },
            location: Some(location(10)),
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

fn findings() -> Vec<ReportedFinding> {
    let finding =
        |code: Code, rule: Option<&str>, field: Option<Field>, message: &str| ReportedFinding {
            severity: code.default_severity(),
            message: message.to_owned(),
            help: "declare what is live, or make it as declared".to_owned(),
            instance: Some("shanghai".to_owned()),
            rule: rule.map(str::to_owned),
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
            counts: code.default_severity() == Severity::Error && !code.is_about_reading(),
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
                "\"beijing\" was not read whole (denied): NoPrivilege: \u{1b}[31m",
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
            status: FindingStatus::Waived(waiver),
            ..finding(
                Code::ChangedRule,
                Some("waived"),
                Some(Field::TagFilter),
                "rule \"waived\": tag_filter is \"](http://evil) `x` ##[error]x\" live",
            )
        },
    ]
}
