//! The report of each policy: its subjects and the state of its findings.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Inputs;
use crate::evaluation::PolicyStats;
use crate::finding::{Code, Fingerprint};
use crate::model::Field;
use crate::policy::{Policy, Requirement};
use crate::report::{PolicySubject, ReportedPolicy};
use crate::waiver::{Acceptance, TriagedFinding};

/// Returns the policies in their order. `stats` has the statistics of each.
pub(super) fn build_policies(
    stats: &[PolicyStats],
    triaged: &[TriagedFinding<'_>],
    inputs: &Inputs<'_>,
) -> Vec<ReportedPolicy> {
    let of_policies = triaged
        .iter()
        .filter(|it| matches!(it.finding.code, Code::Policy(_)));
    let accepted: FxHashMap<Fingerprint, Acceptance<'_>> = of_policies
        .map(|it| (it.finding.fingerprint, it.accepted))
        .collect();
    inputs
        .policies
        .iter()
        .zip(stats)
        .map(|(policy, stats)| build_policy(policy, stats, &accepted, inputs))
        .collect()
}

fn build_policy(
    policy: &Policy,
    stats: &PolicyStats,
    accepted: &FxHashMap<Fingerprint, Acceptance<'_>>,
    inputs: &Inputs<'_>,
) -> ReportedPolicy {
    let code = Code::Policy(policy.code.clone());
    let mut report = ReportedPolicy {
        code: policy.code.clone(),
        severity: inputs.severities.adjust(&code, policy.severity),
        kind: policy.requirement.kind().map(str::to_owned),
        expr: match &policy.requirement {
            Requirement::Expression(expression) => Some(expression.text().to_owned()),
            _ => None,
        },
        applies_to: policy.applies_to,
        subject: match &policy.requirement {
            Requirement::RequiredCoverage(_) if policy.globs.over(Field::FromRepo).is_some() => {
                PolicySubject::Repository
            }
            Requirement::RequiredCoverage(_) => PolicySubject::Namespace,
            _ => PolicySubject::Rule,
        },
        checked: stats.checked,
        failed: 0,
        accepted: 0,
        open: 0,
        waived: 0,
        baselined: 0,
        location: Some(inputs.sources.locate(policy.place)),
    };
    let (mut broken, mut excused) = (FxHashSet::default(), FxHashSet::default());
    for (fingerprint, number) in &stats.findings {
        let acceptance = accepted
            .get(fingerprint)
            .copied()
            .unwrap_or(Acceptance::None);
        match acceptance {
            Acceptance::None => report.open += 1,
            Acceptance::Waiver(_) => report.waived += 1,
            Acceptance::Baseline => report.baselined += 1,
        }
        if matches!(acceptance, Acceptance::None) {
            broken.insert(*number)
        } else {
            excused.insert(*number)
        };
    }
    // What is said of everything at once is that nothing can be said of any: nothing passes by that.
    report.failed = if broken.contains(&None) {
        stats.checked
    } else {
        broken.len()
    };
    let rest = stats.checked.saturating_sub(report.failed);
    report.accepted = if excused.contains(&None) {
        rest
    } else {
        excused.difference(&broken).count().min(rest)
    };
    report
}
