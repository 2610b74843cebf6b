//! The verdict of a run: its numbers, outcome, exit code and reason.

use std::collections::{BTreeMap, BTreeSet};

use super::history::FindingHistory;
use super::{Inputs, guards};
use crate::diff::{ChangeKind, Origin, Plan};
use crate::finding::{ChangeId, Finding, Severity};
use crate::i18n::{Argument, Message};
use crate::report::{ComparedExpectation, FindingWeight, Outcome, Selected, Summary, Verdict};
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
pub(super) fn fails_run(
    plan: &Plan,
    triaged: &TriagedFinding<'_>,
    history: &FindingHistory,
    inputs: &Inputs<'_>,
) -> bool {
    let finding = &triaged.finding;
    triaged.is_open()
        && finding.severity >= inputs.run.fail_on
        && !finding.code.makes_incomplete()
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
            .filter(|it| it.finding.code.makes_incomplete())
            .map(|triaged| match &triaged.finding.instance {
                Some(instance) => Message::quoted(instance.as_str()),
                None => triaged.finding.code.as_str().into(),
            })
            .collect();
        let counting: Vec<_> = self
            .triaged
            .iter()
            .filter(|it| self.fails_run(it))
            .collect();
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
                let reason = incomplete_reason(names);
                let reason = match drift {
                    Some(drift) => Message::elsewhere(reason, drift),
                    None => reason,
                };
                (Outcome::Incomplete, Verdict::INCOMPLETE_EXIT_CODE, reason)
            }
        };
        let limits = selected.map(|selected| limits(selected, self.inputs));
        Verdict {
            outcome,
            exit_code,
            reason: match limits {
                Some(limits) => Message::with_detail(reason, limits),
                None => reason,
            },
        }
    }

    fn fails_run(&self, triaged: &TriagedFinding<'_>) -> bool {
        fails_run(self.plan, triaged, self.history, self.inputs)
    }

    /// Returns the outcome of a complete result.
    fn complete_outcome(&self) -> Outcome {
        let weights = self.triaged.iter().map(|triaged| FindingWeight {
            code: &triaged.finding.code,
            severity: triaged.finding.severity,
            is_open: triaged.is_open(),
            counts: self.fails_run(triaged),
        });
        match Outcome::from_findings(weights, self.expectation) {
            // Without a complete instance, no rule is known to be in sync.
            Outcome::InSync if complete_instances(self.inputs) == 0 => Outcome::Passed,
            outcome => outcome,
        }
    }

    /// Returns the rules in sync, and the open findings that do not count.
    fn passed_reason(&self) -> Message {
        let read = complete_instances(self.inputs);
        let rules = match self.summary.in_sync {
            0 => nothing_in_sync(self.plan, self.inputs),
            count => Message::rules_in_sync(count),
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
                Origin::Introduced => Message::introduced_by_change(),
                Origin::Drifted => Message::drifted_before_change(),
                Origin::Conflicting => Message::conflicting_changes(),
            };
            (count, label)
        });
        let fail_on = self.inputs.run.fail_on.as_str();
        let others = [
            (below.len(), Message::findings_below(fail_on)),
            (self.summary.waived, Message::waived_findings()),
            (self.summary.baselined, Message::baselined_findings()),
        ];
        let rest = by_origin
            .chain(others)
            .filter(|(count, _)| *count > 0)
            .map(|(count, label)| Message::label_with_count(label, count));
        let first = match self.expectation {
            Some(ComparedExpectation { name, expected, .. }) => {
                Message::drift_matches(name, Message::findings_counted(*expected))
            }
            None if read == 0 => Message::with_detail(rules, Message::no_instance_read()),
            None => Message::with_detail(rules, Message::instances_read(read)),
        };
        rest.fold(first, Message::with_detail)
    }
}

/// Returns the reason for an incomplete result, from the quoted names of the incomplete instances.
#[must_use]
pub fn incomplete_reason<T: Clone + Into<Argument>>(names: &[T]) -> Message {
    match names {
        [] => Message::default(),
        [name] => Message::is_incomplete(name.clone()),
        [others @ .., last] => {
            Message::are_incomplete(Message::both(others.to_vec(), last.clone()))
        }
    }
}

/// Returns the selection of the run, and the guards that it leaves out.
fn limits(selected: &Selected, inputs: &Inputs<'_>) -> Message {
    let guards = guards::omitted(inputs);
    if guards.is_empty() {
        Message::limited_to(&selected.options)
    } else {
        Message::limited_without_guards(&selected.options, guards)
    }
}

/// Returns the number of drifting rules by kind, then the other findings that count.
fn drift_reason(plan: &Plan, counting: &[&TriagedFinding<'_>]) -> Message {
    let changes: BTreeSet<ChangeId> = counting.iter().filter_map(|it| it.finding.change).collect();
    let count = |kinds: &[ChangeKind]| {
        let drifting = changes.iter().filter_map(|id| plan.change(*id));
        drifting.filter(|it| kinds.contains(&it.kind)).count()
    };
    let counted = [
        (
            count(&[ChangeKind::Missing]),
            Message::rules_missing as fn(usize) -> Message,
        ),
        (count(&[ChangeKind::Changed]), Message::rules_changed),
        (count(&[ChangeKind::Renamed]), Message::rules_renamed),
        (
            count(&[ChangeKind::Unmanaged, ChangeKind::Duplicate]),
            Message::rules_unmanaged,
        ),
    ];
    let counted = counted.into_iter().filter(|(count, _)| *count > 0);
    let rules: Vec<Message> = counted.map(|(count, describe)| describe(count)).collect();
    let others: Vec<&Finding> = counting
        .iter()
        .map(|it| &it.finding)
        .filter(|finding| !finding.code.is_shown_by_change())
        .collect();
    match (rules.as_slice(), others.as_slice()) {
        (_, []) => Message::list(rules),
        ([], _) => describe_findings(&others),
        _ => Message::drift_and_findings(rules, describe_findings(&others)),
    }
}

/// Returns the number of findings by severity, with their codes: `4 errors (topology/sync-loop)`.
fn describe_findings(findings: &[&Finding]) -> Message {
    let mut described = Vec::new();
    for severity in Severity::ALL {
        let findings = findings.iter().filter(|it| it.severity == severity);
        let codes: BTreeSet<&str> = findings.clone().map(|it| it.code.as_str()).collect();
        if !codes.is_empty() {
            let count = match severity {
                Severity::Error => Message::errors_counted(findings.count()),
                Severity::Warning => Message::warnings_counted(findings.count()),
                Severity::Info => Message::notes_counted(findings.count()),
            };
            let codes: Vec<_> = codes.into_iter().collect();
            described.push(Message::with_note(count, codes));
        }
    }
    Message::list(described)
}

/// Returns the difference to a reviewed result: unexpected and absent findings.
fn unexpected_reason(
    unexpected: Option<Message>,
    expectation: &ComparedExpectation,
) -> Option<Message> {
    let ComparedExpectation { name, missing, .. } = expectation;
    let missing = match missing.len() {
        0 => None,
        count => Some(Message::findings_absent(count)),
    };
    let unexpected = unexpected.map(Message::unexpected_findings);
    let parts = unexpected
        .into_iter()
        .chain(missing)
        .reduce(Message::with_detail)?;
    Some(Message::drift_differs(name, parts))
}

/// Returns the number of instances of the run that were read completely.
fn complete_instances(inputs: &Inputs<'_>) -> usize {
    inputs
        .instances()
        .filter(|(_, live)| live.is_complete())
        .count()
}

/// Returns the sentence for a result without a rule in sync.
fn nothing_in_sync(plan: &Plan, inputs: &Inputs<'_>) -> Message {
    if !plan.changes.is_empty() || !plan.unverified.is_empty() {
        return Message::no_rule_in_sync();
    }
    let selection = &inputs.desired.selection;
    let is_empty = plan.ignored.is_empty() && complete_instances(inputs) > 0;
    let with_ignored = |message: Message| match plan.ignored.len() {
        0 => message,
        count => Message::with_detail(message, Message::rules_ignored(count)),
    };
    if !selection.is_everything() && selection.has_all_rules() {
        let names: Vec<_> = selection
            .instances
            .iter()
            .map(|alias| Message::quoted(alias.as_str()))
            .collect();
        return with_ignored(if is_empty {
            Message::no_rule_starts_at(names)
        } else {
            Message::no_declared_rule_starts_at(names)
        });
    }
    with_ignored(if is_empty {
        Message::no_rule_at_all()
    } else {
        Message::no_rule_declared()
    })
}
