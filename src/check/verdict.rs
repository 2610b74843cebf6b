//! The verdict of a run: its numbers, outcome, exit code and reason.

use std::collections::{BTreeMap, BTreeSet};

use super::history::FindingHistory;
use super::{Inputs, guards};
use crate::diff::{ChangeKind, Origin, Plan};
use crate::finding::{ChangeId, Finding, Severity};
use crate::report::{ComparedExpectation, FindingWeight, Outcome, Selected, Summary, Verdict};
use crate::source::pluralize;
use crate::waiver::{Acceptance, TriagedFinding};

pub(super) fn summary(plan: &Plan, triaged: &[TriagedFinding<'_>]) -> Summary {
    let count = |kind: ChangeKind| plan.with_kind(kind).count();
    let mut summary = Summary {
        in_sync: count(ChangeKind::InSync),
        missing: count(ChangeKind::Missing),
        changed: count(ChangeKind::Changed),
        renamed: count(ChangeKind::Renamed),
        unmanaged: count(ChangeKind::Unmanaged) + count(ChangeKind::Duplicate),
        ignored: plan.ignored.len(),
        unverified: plan.unverified.len(),
        ..Summary::default()
    };
    for finding in triaged {
        match finding.accepted {
            Acceptance::None => summary.open += 1,
            Acceptance::Waiver(_) => summary.waived += 1,
            Acceptance::Baseline => summary.baselined += 1,
        }
    }
    summary
}

/// Returns true if a finding fails the run: it is open, at or above `--fail-on`, and of an origin that counts.
pub(super) fn counts(
    plan: &Plan,
    triaged: &TriagedFinding<'_>,
    history: &FindingHistory,
    inputs: &Inputs<'_>,
) -> bool {
    let finding = &triaged.finding;
    triaged.is_open()
        && finding.severity >= inputs.run.fail_on
        && !finding.code.is_about_reading()
        && history.counts(plan, triaged, inputs)
}

/// Builds the verdict of a run.
pub(super) struct VerdictBuilder<'a> {
    pub(super) plan: &'a Plan,
    pub(super) triaged: &'a [TriagedFinding<'a>],
    pub(super) summary: &'a Summary,
    pub(super) history: &'a FindingHistory,
    pub(super) expectation: Option<&'a ComparedExpectation>,
    pub(super) inputs: &'a Inputs<'a>,
}

impl VerdictBuilder<'_> {
    /// Returns the verdict: incomplete beats drift, drift beats findings, and findings beat passed and in sync.
    pub(super) fn build(&self, selected: Option<&Selected>) -> Verdict {
        let incomplete: Vec<_> = self
            .triaged
            .iter()
            .filter(|it| it.finding.code.is_about_reading())
            .map(|it| match &it.finding.instance {
                Some(instance) => format!("\"{instance}\""),
                None => it.finding.code.to_string(),
            })
            .collect();
        let counting: Vec<_> = self.triaged.iter().filter(|it| self.counts(it)).collect();
        let drift = (!counting.is_empty()).then(|| drift_reason(self.plan, &counting));
        let drift = match self.expectation {
            Some(expectation) => unexpected_reason(drift, expectation),
            None => drift,
        };
        let (outcome, exit_code, reason) = match (incomplete.as_slice(), drift) {
            ([], None) => (self.complete_outcome(), 0, self.passed_reason()),
            ([], Some(drift)) => (
                self.complete_outcome(),
                self.inputs.run.drift_exit_code,
                drift,
            ),
            (names, drift) => {
                let rest = drift.map(|drift| format!("; elsewhere: {drift}"));
                let reason = incomplete_reason(names) + &rest.unwrap_or_default();
                (Outcome::Incomplete, 3, reason)
            }
        };
        let limits = selected.map(|selected| limits(selected, self.inputs));
        Verdict {
            outcome,
            exit_code,
            reason: reason + &limits.unwrap_or_default(),
        }
    }

    fn counts(&self, triaged: &TriagedFinding<'_>) -> bool {
        counts(self.plan, triaged, self.history, self.inputs)
    }

    /// Returns the outcome of a complete result.
    fn complete_outcome(&self) -> Outcome {
        let weights = self.triaged.iter().map(|triaged| FindingWeight {
            code: &triaged.finding.code,
            severity: triaged.finding.severity,
            is_open: triaged.is_open(),
            counts: self.counts(triaged),
        });
        match Outcome::from_findings(weights, self.expectation) {
            // Without a complete instance, no rule is known to be in sync.
            Outcome::InSync if complete_instances(self.inputs) == 0 => Outcome::Passed,
            outcome => outcome,
        }
    }

    /// Returns the rules in sync, and the open findings that do not count.
    fn passed_reason(&self) -> String {
        let read = complete_instances(self.inputs);
        let instances = pluralize(read, "instance");
        let rules = match self.summary.in_sync {
            0 => nothing_in_sync(self.plan, self.inputs),
            1 => "1 declared rule is in sync".to_owned(),
            count => format!("{count} declared rules are in sync"),
        };
        let (uncounted, below): (Vec<_>, Vec<_>) = self
            .triaged
            .iter()
            .filter(|it| it.is_open())
            .partition(|it| it.finding.severity >= self.inputs.run.fail_on);
        let mut by_origin: BTreeMap<Origin, usize> = BTreeMap::new();
        for triaged in uncounted {
            let finding = &triaged.finding;
            let origin = self
                .history
                .origin_of(self.plan, finding.change, finding.field);
            if let Some(origin) = origin {
                *by_origin.entry(origin).or_default() += 1;
            }
        }
        let by_origin = by_origin.into_iter().map(|(origin, count)| {
            let label = match origin {
                Origin::Introduced => "introduced by this change",
                Origin::Drifted => "drifted before this change",
                Origin::Conflicting => "conflicting",
            };
            (count, label.to_owned())
        });
        let fail_on = self.inputs.run.fail_on.as_str();
        let others = [
            (below.len(), format!("findings below --fail-on {fail_on}")),
            (self.summary.waived, "waived".to_owned()),
            (self.summary.baselined, "baselined".to_owned()),
        ];
        let rest = by_origin
            .chain(others)
            .filter(|(count, _)| *count > 0)
            .map(|(count, label)| format!("; {label}: {count}"));
        let rest = rest.collect::<Vec<_>>().concat();
        match self.expectation {
            Some(ComparedExpectation { name, expected, .. }) => {
                let findings = pluralize(*expected, "finding");
                format!("drift matches {name} exactly ({findings}){rest}")
            }
            None if read == 0 => format!("{rules}; no instance was read{rest}"),
            None => format!("{rules}; {instances} read completely{rest}"),
        }
    }
}

/// Returns the reason for an incomplete result, from the quoted names of the incomplete instances.
#[must_use]
pub fn incomplete_reason(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => format!("{name} is incomplete"),
        [others @ .., last] => format!("{} and {last} are incomplete", others.join(", ")),
    }
}

/// Returns the selection of the run, and the guards that it leaves out.
fn limits(selected: &Selected, inputs: &Inputs<'_>) -> String {
    let guards = match guards::omitted(inputs).as_slice() {
        [] => String::new(),
        names => format!(", without the guards {}", names.join(", ")),
    };
    format!("; limited to {}{guards}", selected.options)
}

/// Returns the number of drifting rules by kind, then the other findings that count.
fn drift_reason(plan: &Plan, counting: &[&TriagedFinding<'_>]) -> String {
    let changes: BTreeSet<ChangeId> = counting.iter().filter_map(|it| it.finding.change).collect();
    let kinds = [
        (&[ChangeKind::Missing][..], "missing"),
        (&[ChangeKind::Changed], "changed"),
        (&[ChangeKind::Renamed], "renamed"),
        (&[ChangeKind::Unmanaged, ChangeKind::Duplicate], "unmanaged"),
    ];
    let counted = kinds.map(|(kinds, word)| {
        let of_kind = changes
            .iter()
            .filter_map(|id| plan.change(*id))
            .filter(|it| kinds.contains(&it.kind));
        (of_kind.count(), word)
    });
    let rules: Vec<_> = counted
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| format!("{count} {noun}"))
        .collect();
    let others: Vec<&Finding> = counting
        .iter()
        .map(|it| &it.finding)
        .filter(|finding| !finding.code.is_shown_by_change())
        .collect();
    match (rules.as_slice(), others.as_slice()) {
        (_, []) => rules.join(", "),
        ([], _) => describe_findings(&others),
        _ => format!(
            "{}; findings: {}",
            rules.join(", "),
            describe_findings(&others)
        ),
    }
}

/// Returns the number of findings by severity, with their codes: `4 errors (topology/sync-loop)`.
fn describe_findings(findings: &[&Finding]) -> String {
    let nouns = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Info, "note"),
    ];
    let mut described = Vec::new();
    for (severity, noun) in nouns {
        let findings = findings.iter().filter(|it| it.severity == severity);
        let codes: BTreeSet<&str> = findings.clone().map(|it| it.code.as_str()).collect();
        if !codes.is_empty() {
            let count = pluralize(findings.count(), noun);
            let codes: Vec<_> = codes.into_iter().collect();
            described.push(format!("{count} ({})", codes.join(", ")));
        }
    }
    described.join(", ")
}

/// Returns the difference to a reviewed result: unexpected and absent findings.
fn unexpected_reason(
    unexpected: Option<String>,
    expectation: &ComparedExpectation,
) -> Option<String> {
    let ComparedExpectation { name, missing, .. } = expectation;
    let missing = match missing.len() {
        0 => None,
        1 => Some("1 expected finding is absent".to_owned()),
        count => Some(format!("{count} expected findings are absent")),
    };
    let parts: Vec<_> = unexpected
        .map(|findings| format!("unexpected: {findings}"))
        .into_iter()
        .chain(missing)
        .collect();
    (!parts.is_empty()).then(|| format!("drift differs from {name}: {}", parts.join("; ")))
}

/// Returns the number of instances of the run that were read completely.
fn complete_instances(inputs: &Inputs<'_>) -> usize {
    inputs
        .instances()
        .filter(|(_, live)| live.is_complete())
        .count()
}

/// Returns the sentence for a result without a rule in sync.
fn nothing_in_sync(plan: &Plan, inputs: &Inputs<'_>) -> String {
    if !plan.changes.is_empty() || !plan.unverified.is_empty() {
        return "no declared rule is in sync".to_owned();
    }
    let selection = &inputs.desired.selection;
    let is_empty = plan.ignored.is_empty() && complete_instances(inputs) > 0;
    let ignored = match plan.ignored.len() {
        0 => String::new(),
        count => format!("; ignored: {count}"),
    };
    if !selection.is_everything() && selection.has_all_rules() {
        let names: Vec<_> = selection
            .instances
            .iter()
            .map(|alias| format!("\"{alias}\""))
            .collect();
        let rules = if is_empty {
            "no rule starts"
        } else {
            "no declared rule starts"
        };
        return format!("{rules} at {}{ignored}", names.join(", "));
    }
    let rules = if is_empty {
        "no rule is declared or live"
    } else {
        "no rule is declared"
    };
    format!("{rules}{ignored}")
}
