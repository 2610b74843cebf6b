use jiff::civil::{Date, date};

use super::{
    Acceptance, Baseline, BaselineError, ComparedRules, TriageConfig, TriageOutcome, Waiver, triage,
};
use crate::finding::{Code, Finding, Fingerprint, PathRule, RulePath};
use crate::model::{Field, NameGlob};
use crate::testing::place;

const TODAY: Date = date(2026, 11, 24);

/// The results of [`acceptances`].
type Acceptances = &'static [(&'static str, &'static str)];

fn glob(pattern: &str) -> Option<NameGlob> {
    (!pattern.is_empty()).then(|| NameGlob::new(pattern).expect("a glob"))
}

/// Returns a waiver for the rules and the instance of a scope: `web`, `web@shanghai`, `@shanghai`, or nothing for all.
fn waiver(code: &str, scope: &str, fields: &[Field], expires: Date) -> Waiver {
    let (rules, instance) = scope.split_once('@').unwrap_or((scope, ""));
    let place = place();
    Waiver {
        codes: [code.into()].into(),
        rules: glob(rules),
        instance: glob(instance),
        fields: fields.into(),
        fingerprint: None,
        reason: "why".into(),
        owner: "who".into(),
        expires,
        ticket: None,
        place,
        expires_place: place,
    }
}

fn changed(rule: &str, field: Field, live: &str) -> Finding {
    Finding {
        instance: Some("shanghai".into()),
        rule: Some(rule.into()),
        field: Some(field),
        fingerprint: Fingerprint::new(
            &Code::ChangedRule,
            ("cri-a", rule),
            Some(field),
            [Some(live)],
        ),
        ..Finding::bare(Code::ChangedRule, "", "".into(), &[])
    }
}

fn triage_all<'a>(
    findings: Vec<Finding>,
    waivers: &'a [Waiver],
    baseline: Option<&'a Baseline>,
) -> TriageOutcome<'a> {
    triage_compared(true, findings, waivers, baseline)
}

fn triage_compared<'a>(
    whole: bool,
    findings: Vec<Finding>,
    waivers: &'a [Waiver],
    baseline: Option<&'a Baseline>,
) -> TriageOutcome<'a> {
    let config = TriageConfig {
        waivers,
        baseline,
        today: TODAY,
        expiring_within: 14,
    };
    let names = ["web", "api"];
    triage(
        findings,
        &config,
        &ComparedRules {
            names: &names,
            whole,
        },
    )
}

/// Returns the code and the acceptance of each finding.
fn acceptances<'t>(triaged: &'t TriageOutcome<'_>) -> Vec<(&'t str, &'static str)> {
    let word = |acceptance: &Acceptance<'_>| match acceptance {
        Acceptance::None => "open",
        Acceptance::Waiver(_) => "waived",
        Acceptance::Baseline => "baselined",
    };
    triaged
        .findings
        .iter()
        .map(|it| (it.finding.code.as_str(), word(&it.accepted)))
        .collect()
}

#[test]
fn a_waiver_accepts_what_it_names_until_its_last_day() {
    let far = date(2027, 3, 1);
    let tag = [Field::TagFilter];
    let cases: [(&str, Waiver, Acceptances); 12] = [
        (
            "by code",
            waiver("drift/changed-rule", "", &[], far),
            &[("drift/changed-rule", "waived")],
        ),
        (
            "by name",
            waiver("drift/changed-rule", "w*", &[], far),
            &[("drift/changed-rule", "waived")],
        ),
        (
            "by alias",
            waiver("drift/changed-rule", "@shang*", &[], far),
            &[("drift/changed-rule", "waived")],
        ),
        (
            "by field",
            waiver("drift/changed-rule", "", &tag, far),
            &[("drift/changed-rule", "waived")],
        ),
        (
            "another code",
            waiver("drift/missing-rule", "", &[], far),
            &[("drift/changed-rule", "open"), ("waiver/unused", "open")],
        ),
        (
            "another name",
            waiver("drift/changed-rule", "api", &[], far),
            &[("drift/changed-rule", "open"), ("waiver/unused", "open")],
        ),
        (
            "another alias",
            waiver("drift/changed-rule", "@shenzhen", &[], far),
            &[("drift/changed-rule", "open"), ("waiver/unused", "open")],
        ),
        (
            "another field",
            waiver("drift/changed-rule", "", &[Field::Priority], far),
            &[("drift/changed-rule", "open"), ("waiver/unused", "open")],
        ),
        (
            "on its last day",
            waiver("drift/changed-rule", "", &[], TODAY),
            &[
                ("drift/changed-rule", "waived"),
                ("waiver/expiring", "open"),
            ],
        ),
        (
            "the day after",
            waiver("drift/changed-rule", "", &[], date(2026, 11, 23)),
            &[("drift/changed-rule", "open"), ("waiver/expired", "open")],
        ),
        (
            "14 days before",
            waiver("drift/changed-rule", "", &[], date(2026, 12, 8)),
            &[
                ("drift/changed-rule", "waived"),
                ("waiver/expiring", "open"),
            ],
        ),
        (
            "15 days before",
            waiver("drift/changed-rule", "", &[], date(2026, 12, 9)),
            &[("drift/changed-rule", "waived")],
        ),
    ];
    for (name, waiver, expected) in cases {
        let waivers = [waiver];
        let triaged = triage_all(vec![changed("web", Field::TagFilter, ".*")], &waivers, None);
        assert_eq!(acceptances(&triaged), expected, "{name}");
    }
}

#[test]
fn a_waiver_of_one_field_leaves_the_other_open() {
    let waivers = [waiver(
        "drift/changed-rule",
        "web",
        &[Field::Priority],
        date(2027, 1, 1),
    )];
    let findings = vec![
        changed("web", Field::TagFilter, ".*"),
        changed("web", Field::Priority, "5"),
    ];
    assert_eq!(
        acceptances(&triage_all(findings, &waivers, None)),
        [
            ("drift/changed-rule", "open"),
            ("drift/changed-rule", "waived")
        ]
    );
}

#[test]
fn a_fingerprint_binds_a_waiver_to_the_difference() {
    let bound = |live: &str| Waiver {
        fingerprint: Some(changed("web", Field::TagFilter, live).fingerprint),
        ..waiver("drift/changed-rule", "web", &[], date(2027, 1, 1))
    };
    let (same, other) = ([bound(".*")], [bound("v.*")]);
    let findings = || vec![changed("web", Field::TagFilter, ".*")];
    assert_eq!(
        acceptances(&triage_all(findings(), &same, None)),
        [("drift/changed-rule", "waived")]
    );
    let triaged = triage_all(findings(), &other, None);
    assert_eq!(
        acceptances(&triaged),
        [("drift/changed-rule", "open"), ("waiver/unused", "open")]
    );
    assert!(
        triaged.findings[1]
            .finding
            .message
            .ends_with("its fingerprint no longer matches the difference")
    );
}

#[test]
fn why_a_waiver_is_unused_is_said() {
    for (rules, expires, why) in [
        (
            "shop-*",
            date(2027, 1, 1),
            "no desired or live rule matches \"shop-*\"",
        ),
        ("web", date(2027, 1, 1), "no finding matches it"),
        (
            "web",
            date(2026, 11, 1),
            "it expired on 2026-11-01, and no open finding matches it",
        ),
    ] {
        let waivers = [waiver("drift/missing-rule", rules, &[], expires)];
        let triaged = triage_all(Vec::new(), &waivers, None);
        let message = &triaged.findings[0].finding.message;
        assert!(message.ends_with(why), "{message}");
    }
}

#[test]
fn a_waiver_or_entry_of_an_unread_instance_is_neither_unused_nor_resolved() {
    let unread = || Finding {
        instance: Some("shanghai".into()),
        ..Finding::bare(Code::IncompleteRead, "cri-a", "".into(), &[])
    };
    let waivers = [
        waiver("drift/missing-rule", "web@shanghai", &[], date(2027, 1, 1)),
        waiver("drift/missing-rule", "web", &[], date(2027, 1, 1)),
        waiver("drift/missing-rule", "web@shenzhen", &[], date(2027, 1, 1)),
    ];
    let was = triage_all(vec![changed("web", Field::Priority, "5")], &[], None);
    let baseline = Baseline::from_open(&was.findings, TODAY);
    let triaged = triage_all(vec![unread()], &waivers, Some(&baseline));
    assert_eq!(
        acceptances(&triaged),
        [("live/incomplete-read", "open"), ("waiver/unused", "open")]
    );
    assert!(triaged.findings[1].finding.message.contains("shenzhen"));
    assert!(triaged.resolved.is_empty());
    assert_eq!(
        triage_all(Vec::new(), &[], Some(&baseline)).resolved.len(),
        1
    );
}

#[test]
fn a_plan_of_a_part_reports_nothing_as_unused_or_resolved() {
    let waivers = [waiver("drift/missing-rule", "web", &[], date(2027, 1, 1))];
    let baseline = Baseline::from_open(
        &triage_all(vec![changed("web", Field::Priority, "5")], &[], None).findings,
        TODAY,
    );
    let triaged = triage_compared(false, Vec::new(), &waivers, Some(&baseline));
    assert!(triaged.findings.is_empty() && triaged.resolved.is_empty());
}

#[test]
fn incomplete_reads_and_guards_cannot_be_accepted() {
    let codes = [
        Code::IncompleteRead,
        Code::UnknownValue,
        Code::MassChange,
        Code::WaiverUnused,
    ];
    for code in codes {
        let waivers = [waiver(code.as_str(), "", &[], date(2027, 1, 1))];
        let finding = || Finding::bare(code.clone(), "", "".into(), &[]);
        let mut baseline =
            Baseline::from_open(&triage_all(vec![finding()], &[], None).findings, TODAY);
        assert_eq!(baseline.accepted, []);
        baseline
            .accepted
            .push((&triage_all(vec![finding()], &[], None).findings[0]).into());
        let triaged = triage_all(vec![finding()], &waivers, Some(&baseline));
        assert_eq!(acceptances(&triaged)[0], (code.as_str(), "open"));
    }
}

#[test]
fn a_baseline_accepts_a_finding_as_often_as_it_holds_it() {
    let one = || changed("web", Field::TagFilter, ".*");
    let baseline = Baseline::from_open(&triage_all(vec![one(), one()], &[], None).findings, TODAY);
    let three = triage_all(vec![one(), one(), one()], &[], Some(&baseline));
    assert_eq!(
        acceptances(&three)
            .iter()
            .map(|it| it.1)
            .collect::<Vec<_>>(),
        ["baselined", "baselined", "open"]
    );
    let none = triage_all(vec![one()], &[], Some(&baseline));
    assert_eq!(none.resolved.len(), 1);
    let more = Baseline::from_open(&three.findings, TODAY);
    assert_eq!(
        (
            more.accepted.len(),
            more.difference(&baseline).len(),
            baseline.difference(&more).len()
        ),
        (1, 0, 1)
    );
}

#[test]
fn a_waiver_comes_before_the_baseline_and_uses_its_entry_up() {
    let waivers = [waiver("drift/changed-rule", "", &[], date(2027, 1, 1))];
    let findings = || vec![changed("web", Field::TagFilter, ".*")];
    let baseline = Baseline::from_open(&triage_all(findings(), &[], None).findings, TODAY);
    let triaged = triage_all(findings(), &waivers, Some(&baseline));
    assert_eq!(acceptances(&triaged), [("drift/changed-rule", "waived")]);
    assert!(triaged.resolved.is_empty());
}

#[test]
fn an_ended_waiver_of_what_the_baseline_accepts_is_unused() {
    let waivers = [waiver("drift/changed-rule", "", &[], date(2026, 1, 1))];
    let findings = || vec![changed("web", Field::TagFilter, ".*")];
    let baseline = Baseline::from_open(&triage_all(findings(), &[], None).findings, TODAY);
    let triaged = triage_all(findings(), &waivers, Some(&baseline));
    assert_eq!(
        acceptances(&triaged),
        [
            ("drift/changed-rule", "baselined"),
            ("waiver/unused", "open")
        ]
    );
}

#[test]
fn a_baseline_reads_back_and_any_other_document_is_an_error() {
    let findings = vec![
        changed("web", Field::TagFilter, ".*"),
        changed("a\u{1b}\"", Field::Priority, "5"),
    ];
    let baseline = Baseline::from_open(&triage_all(findings, &[], None).findings, TODAY);
    let mut written = Vec::new();
    baseline.write(&mut written).expect("memory");
    assert_eq!(Baseline::read(&written).expect("a baseline"), baseline);
    let entry = |fingerprint: &str| {
        format!(
            r#"{{"format_version":"1.9","date":"2026-11-24","later":1,"accepted":[{{"code":"x/y","instance":null,"rule":null,"field":null,"fingerprint":"{fingerprint}","later":1}}]}}"#
        )
    };
    assert_eq!(
        Baseline::read(entry(&"0".repeat(64)).as_bytes())
            .expect("a later 1.x")
            .accepted
            .len(),
        1
    );
    for (text, expected) in [
        ("", "invalid JSON"),
        ("version: 1", "invalid JSON"),
        ("[]", "expected a baseline of crdrift"),
        (r#"{"format_version":"1.0"}"#, "missing field `date`"),
        (
            r#"{"format_version":"1.0","date":"soon","accepted":[]}"#,
            "expected a baseline of crdrift",
        ),
        (
            r#"{"format_version":"2.0","entries":[]}"#,
            "expected format version 1.x, found \"2.0\"",
        ),
        (&entry("12"), "as the fingerprint of entry 1, found \"12\""),
    ] {
        let error = Baseline::read(text.as_bytes()).expect_err(text);
        assert!(error.to_string().contains(expected), "{text}: {error}");
    }
    assert!(matches!(
        Baseline::read(b"{"),
        Err(BaselineError::Syntax(_))
    ));
}

#[test]
fn a_waiver_of_rules_covers_a_finding_only_if_it_covers_each_path() {
    let path = |name: &str| RulePath {
        rules: ["there", "back"]
            .map(|way| PathRule {
                instance: "shanghai".to_owned(),
                name: format!("{name}-{way}"),
            })
            .into(),
        sides: "desired".to_owned(),
        undecided: false,
    };
    let waivers = [waiver(
        "topology/sync-loop",
        "shop-*",
        &[],
        date(2027, 1, 1),
    )];
    for (names, accepted) in [
        (&["shop-web"][..], true),
        (&["shop-web", "shop-api"], true),
        (&["shop-web", "base"], false),
    ] {
        let finding = Finding {
            instance: Some("shanghai".into()),
            rule: Some("shop-web-there".into()),
            paths: names.iter().map(|name| path(name)).collect(),
            ..Finding::bare(Code::SyncLoop, "", "".into(), &[])
        };
        let triaged = triage_all(vec![finding], &waivers, None);
        let is_accepted = matches!(triaged.findings[0].accepted, Acceptance::Waiver(_));
        assert_eq!(is_accepted, accepted, "{names:?}");
    }
}
