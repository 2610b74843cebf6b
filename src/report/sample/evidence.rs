//! The evidence of the sample: its provenance, its policies and its topology.

use std::collections::BTreeMap;

use super::location;
use crate::finding::{PolicyCode, Severity};
use crate::graph::{
    self, Arrow, Caption, DetailLevel, Graph, InstanceRow, OmittedCounts, RuleState,
};
use crate::policy::AppliesTo;
use crate::report::{Ci, Commit, PolicySubject, Provenance, ReportedPolicy};

pub(super) fn provenance() -> Provenance {
    Provenance {
        by: Some("alice".to_owned()),
        host: Some("runner-7".to_owned()),
        ci: Some(Ci {
            name: "GitLab CI".to_owned(),
            url: Some(
                "https://gitlab.example.com/registry/rules/-/jobs/1234567890123456".to_owned(),
            ),
        }),
        commit: Some(Commit {
            id: "7c1e".repeat(10),
            dirty: true,
        }),
        no_commit_reason: None,
    }
}

pub(super) fn topology() -> Graph {
    let instance = |name: &str, declared: bool| graph::InstanceNode {
        name: name.to_owned(),
        region: declared.then(|| format!("cn-{name}")),
        incomplete: (name == "beijing").then(|| "denied".to_owned()),
        declared,
        rows: vec![InstanceRow {
            namespace: Some("shop".to_owned()),
            repo: None,
        }],
    };
    let arrow = |to: usize, state: RuleState, count: usize, rules: &[&str]| Arrow {
        from: (3, 0),
        to: (to, 0),
        state,
        count,
        rules: rules.iter().copied().map(str::to_owned).collect(),
    };
    let partner = graph::InstanceNode {
        rows: Vec::new(),
        ..instance("partner", true)
    };
    Graph {
        caption: Caption::default(),
        detail: DetailLevel::Namespace,
        instances: vec![
            instance("beijing", true),
            instance("cri-stranger00000007", false),
            partner,
            instance("shanghai", true),
        ],
        arrows: vec![
            arrow(
                0,
                RuleState::InSync,
                11,
                &["as-declared", "one of ten more"],
            ),
            arrow(0, RuleState::Changed, 2, &["filter", "waived"]),
            arrow(0, RuleState::Missing, 1, &["new"]),
            arrow(
                1,
                RuleState::Unmanaged,
                1,
                &["=HYPERLINK(\"http://evil\")|<b>"],
            ),
        ],
        counts: BTreeMap::from([
            (RuleState::InSync, 11),
            (RuleState::Changed, 2),
            (RuleState::Missing, 1),
            (RuleState::Unmanaged, 2),
        ]),
        omitted: OmittedCounts {
            arrows: 1,
            rules: 1,
        },
    }
}

pub(super) fn policies() -> Vec<ReportedPolicy> {
    let policy = |id: &str, checked: usize, failed: usize, waived: usize| ReportedPolicy {
        code: PolicyCode::new(id),
        severity: Severity::Error,
        kind: Some(id.to_owned()),
        expr: None,
        applies_to: AppliesTo::Both,
        subject: PolicySubject::Rule,
        checked,
        failed,
        accepted: waived,
        open: failed,
        waived,
        baselined: 0,
        location: Some(location(30)),
    };
    vec![
        policy("naming", 9, 0, 0),
        ReportedPolicy {
            kind: None,
            expr: Some("rule.to.instance != \"cri-stranger00000007\"".to_owned()),
            severity: Severity::Warning,
            applies_to: AppliesTo::Live,
            ..policy("no-strangers", 8, 1, 2)
        },
        ReportedPolicy {
            subject: PolicySubject::Namespace,
            ..policy("required-coverage", 0, 0, 0)
        },
    ]
}
