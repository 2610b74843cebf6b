//! The comparison of drift findings with those of a reviewed result.

use rustc_hash::FxHashSet;

use super::Inputs;
use super::build_selection::ResultSelection;
use crate::finding::{Code, Fingerprint, Severity};
use crate::report::{ComparedExpectation, FindingStatus, ReportedFinding};
use crate::waiver::{Accepted, TriagedFinding};

/// The fingerprints of what a reviewed result says drifts; `None` where none was given.
pub(super) fn fingerprints(inputs: &Inputs<'_>) -> Option<FxHashSet<Fingerprint>> {
    Some(
        expected_drift(inputs)?
            .into_iter()
            .map(|it| it.fingerprint)
            .collect(),
    )
}

/// Compares the two; `None` where no reviewed result was given.
pub(super) fn compare(
    triaged: &[TriagedFinding<'_>],
    inputs: &Inputs<'_>,
) -> Option<ComparedExpectation> {
    let (expected, fingerprints) = (inputs.expected?, fingerprints(inputs)?);
    let drifting = triaged
        .iter()
        .filter(|it| it.is_open() && is_drift(&it.finding.code, it.finding.severity, inputs));
    let (as_expected, unexpected): (Vec<_>, Vec<_>) =
        drifting.partition(|it| fingerprints.contains(&it.finding.fingerprint));
    let there: FxHashSet<Fingerprint> = as_expected
        .iter()
        .map(|it| it.finding.fingerprint)
        .collect();
    let missing = expected_drift(inputs)?
        .into_iter()
        .filter(|it| !there.contains(&it.fingerprint))
        .map(Accepted::from);
    Some(ComparedExpectation {
        name: expected.name.to_owned(),
        expected: as_expected.len(),
        unexpected: unexpected.into_iter().map(Accepted::from).collect(),
        missing: missing.collect(),
    })
}

/// Returns the findings of the reviewed result that drift and are selected. A finding of which that is not known is
/// expected: to leave it out could hide that it is missing.
fn expected_drift<'a>(inputs: &Inputs<'a>) -> Option<Vec<&'a ReportedFinding>> {
    let result = inputs.expected?.result;
    let selection = ResultSelection::new(result, inputs.desired);
    let is_expected = |finding: &&ReportedFinding| {
        was_drift(finding, inputs.run.fail_on) && selection.has(finding) != Some(false)
    };
    Some(result.findings.iter().filter(is_expected).collect())
}

fn was_drift(finding: &ReportedFinding, fail_on: Severity) -> bool {
    finding.status == FindingStatus::Open && finding.code.is_drift() && finding.severity >= fail_on
}

fn is_drift(code: &Code, severity: Severity, inputs: &Inputs<'_>) -> bool {
    code.is_drift() && severity >= inputs.run.fail_on
}
