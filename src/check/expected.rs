//! What drifts against what a reviewed result says would drift.

use rustc_hash::FxHashSet;

use super::Inputs;
use crate::finding::{Code, Fingerprint, Severity};
use crate::report::{Expectation, ReportedFinding, Status};
use crate::waiver::{Accepted, Judged};

/// The fingerprints of what a reviewed result says drifts; `None` where none was given.
pub(super) fn fingerprints(inputs: &Inputs<'_>) -> Option<FxHashSet<Fingerprint>> {
    let expected = inputs.expected?;
    let drifting = expected.result.findings.iter().filter(|it| was_drift(it, inputs.run.fail_on));
    Some(drifting.map(|it| it.fingerprint).collect())
}

/// Compares the two; `None` where no reviewed result was given.
pub(super) fn compare(judged: &[Judged<'_>], inputs: &Inputs<'_>) -> Option<Expectation> {
    let (expected, fingerprints) = (inputs.expected?, fingerprints(inputs)?);
    let drifting = judged.iter().filter(|it| it.is_open() && is_drift(&it.finding.code, it.finding.severity, inputs));
    let (as_expected, more): (Vec<_>, Vec<_>) = drifting.partition(|it| fingerprints.contains(&it.finding.fingerprint));
    let there: FxHashSet<Fingerprint> = as_expected.iter().map(|it| it.finding.fingerprint).collect();
    let said = expected.result.findings.iter().filter(|it| was_drift(it, inputs.run.fail_on));
    let missing = said.filter(|it| !there.contains(&it.fingerprint)).map(Accepted::from);
    Some(Expectation {
        name: expected.name.to_owned(),
        as_expected: as_expected.len(),
        more: more.into_iter().map(Accepted::from).collect(),
        missing: missing.collect(),
    })
}

fn was_drift(it: &ReportedFinding, fail_on: Severity) -> bool {
    it.status == Status::Open && it.code.is_drift() && it.severity >= fail_on
}

fn is_drift(code: &Code, severity: Severity, inputs: &Inputs<'_>) -> bool {
    code.is_drift() && severity >= inputs.run.fail_on
}
