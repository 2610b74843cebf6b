//! A report with everything that a format renders: every kind of change, status and origin, complete and incomplete
//! instances, and hostile values.

mod change;
mod evidence;
mod finding;

use std::collections::BTreeMap;

use self::change::changes;
use self::evidence::{policies, provenance, topology};
use self::finding::findings;
use super::{
    AppliedBaseline, Ci, ComparedBase, ComparedExpectation, EstateName, FindingStatus, Format,
    InputFile, LiveSource, Options, Outcome, ReadInstance, Report, ReportedError, ReportedWitness,
    ResolvedChange, Selected, Summary, Verdict, render,
};
use crate::diff::ChangeKind;
use crate::finding::{Code, Fingerprint, Severity};
use crate::i18n::Message;
use crate::model::{ReadEvidence, ReadFailure, ReadStatus};
use crate::source::Location;
use crate::waiver::Accepted;

/// Renders a report in a format.
pub(crate) fn drawn(report: &Report, format: Format, options: Options) -> String {
    let mut bytes = Vec::new();
    render(report, format, options, &mut bytes).expect("memory");
    String::from_utf8(bytes).expect("UTF-8")
}

/// Returns texts that attack terminals, runners, browsers, spreadsheets or parsers.
pub(crate) fn hostile_texts() -> Vec<String> {
    serde_json::from_str(include_str!("../../tests/hostile.json")).expect("a list of texts")
}

/// Returns a report with everything.
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
                .into(),
        },
        started_ms: 1_795_500_000_000,
        duration_ms: 1_234,
        run: provenance(),
        files: vec![
            InputFile { path: "rules/base.yaml".to_owned(), sha256: "ab".repeat(32) },
            InputFile { path: "rules/团队 one.yaml".to_owned(), sha256: "cd".repeat(32) },
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
        live_files: Vec::new(),
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
        in_sync_rules: Vec::new(),
        rule_ids: Vec::new(),
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
                rule_id: None,
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
                rule_id: None,
            }],
            missing: Vec::new(),
        }),
        base: Some(ComparedBase {
            name: "origin/main".to_owned(),
            commit: Some("4f2c".repeat(10)),
            files: vec![InputFile { path: "origin/main:rules/base.yaml".to_owned(), sha256: "ef".repeat(32) }],
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

/// Returns a report of a run in which everything is as declared.
pub(crate) fn in_sync() -> Report {
    let sample = sample();
    let verdict = Verdict {
        outcome: Outcome::InSync,
        exit_code: 0,
        reason: "1 desired rule is live as declared, read completely from 1 instance".into(),
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

/// Returns a report of a run whose rules files have errors.
pub(crate) fn failed() -> Report {
    let location = |line, column| Location {
        file: "rules/team.yaml".into(),
        line,
        column,
        end_line: line,
        end_column: column + 4,
    };
    let error = |code: &str, message: &str, help: Option<Message>, location| ReportedError {
        code: code.to_owned(),
        message: message.into(),
        parts: Vec::new(),
        help,
        location,
    };
    let errors = vec![
        error(
            "rules/unknown-key",
            "unknown key `form`",
            Some(Message::help_did_you_mean("`from`")),
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
            Some("name a rules file".into()),
            None,
        ),
    ];
    Report::failed(
        "plan",
        1_795_500_000_000,
        "the rules have 3 errors".into(),
        errors,
    )
}

/// Returns the sample with one text in place of every live value, name and message of a server.
pub(crate) fn sample_with(text: &str) -> Report {
    let mut report = sample();
    let mut replace = |value: &mut String| text.clone_into(value);
    replace(
        &mut report
            .selected
            .as_mut()
            .expect("the sample selects")
            .options,
    );
    report.run.by = Some(text.to_owned());
    report.run.host = Some(text.to_owned());
    report.run.ci = Some(Ci {
        name: text.to_owned(),
        url: Some(text.to_owned()),
    });
    report.live_files = vec![InputFile {
        path: text.to_owned(),
        sha256: "ab".repeat(32),
    }];
    for instance in &mut report.instances {
        replace(&mut instance.region);
        instance.account = instance.account.as_ref().map(|_| text.to_owned());
        instance.evidence.caller = instance.evidence.caller.as_ref().map(|_| text.into());
        if let Some(failure) = &mut instance.failure {
            failure.code = text.into();
            failure.message = text.into();
        }
    }
    for policy in &mut report.policies {
        policy.kind = policy.kind.as_ref().map(|_| text.to_owned());
        policy.expr = policy.expr.as_ref().map(|_| text.to_owned());
    }
    let topology = report.topology.as_mut().expect("the sample has a topology");
    for instance in &mut topology.instances {
        replace(&mut instance.name);
        instance.region = instance.region.as_ref().map(|_| text.to_owned());
        for row in &mut instance.rows {
            row.namespace = row.namespace.as_ref().map(|_| text.to_owned());
        }
    }
    topology
        .arrows
        .iter_mut()
        .flat_map(|it| &mut it.rules)
        .for_each(&mut replace);
    for change in &mut report.changes {
        replace(&mut change.name);
        replace(&mut change.from);
        replace(&mut change.to);
        change.live_name = change.live_name.as_ref().map(|_| text.to_owned());
        change.rule_id = change.rule_id.as_ref().map(|_| text.to_owned());
        for field in &mut change.fields {
            field.desired = field.desired.as_ref().map(|_| text.to_owned());
            field.live = field.live.as_ref().map(|_| text.to_owned());
            if let Some(meaning) = &mut field.meaning {
                meaning.summary.update(&mut replace);
                meaning.live_only = Some(witness(text, text));
            }
        }
    }
    for finding in &mut report.findings {
        finding.message = Message::rule_missing(text);
        finding.help.update(&mut replace);
        finding.rule = finding.rule.as_ref().map(|_| text.to_owned());
        if let FindingStatus::Waived(waiver) = &mut finding.status {
            replace(&mut waiver.reason);
            replace(&mut waiver.owner);
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
        replace(&mut base.name);
        base.resolved
            .iter_mut()
            .for_each(|it| replace(&mut it.name));
    }
    report.in_sync.values_mut().flatten().for_each(replace);
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
        file: "rules/base.yaml".into(),
        line,
        column: 11,
        end_line: line,
        end_column: 20,
    }
}

fn witness(example: &str, shortest: &str) -> ReportedWitness {
    ReportedWitness {
        example: example.to_owned(),
        shortest: shortest.to_owned(),
    }
}
