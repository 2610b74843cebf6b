//! The verdict of a run: its numbers, outcome, exit code and reason.

use std::collections::{BTreeMap, BTreeSet};

use super::history::FindingHistory;
use super::{Inputs, RunInfo, guards};
use crate::diff::{ChangeKind, Origin, Plan};
use crate::finding::ChangeId;
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
    for it in triaged {
        match it.accepted {
            Acceptance::None => summary.open += 1,
            Acceptance::Waiver(_) => summary.waived += 1,
            Acceptance::Baseline => summary.baselined += 1,
        }
    }
    summary
}

/// Returns true if a finding makes the result drift.
pub(super) fn counts(
    plan: &Plan,
    it: &TriagedFinding<'_>,
    history: &FindingHistory,
    inputs: &Inputs<'_>,
) -> bool {
    let bad_enough =
        it.finding.severity >= inputs.run.fail_on && !it.finding.code.is_about_reading();
    it.is_open() && bad_enough && history.counts(plan, it, inputs)
}

/// Returns the verdict: incomplete beats drift, drift beats findings, and findings beat passed and in sync.
pub(super) fn verdict(
    plan: &Plan,
    triaged: &[TriagedFinding<'_>],
    summary: &Summary,
    history: &FindingHistory,
    selected: Option<&Selected>,
    expectation: Option<&ComparedExpectation>,
    inputs: &Inputs<'_>,
) -> Verdict {
    let RunInfo {
        drift_exit_code, ..
    } = inputs.run;
    let unread: Vec<_> = triaged
        .iter()
        .filter(|it| it.finding.code.is_about_reading())
        .filter_map(|it| Some(format!("\"{}\"", it.finding.instance.as_ref()?)))
        .collect();
    let counting: Vec<_> = triaged
        .iter()
        .filter(|it| counts(plan, it, history, inputs))
        .collect();
    let drift = (!counting.is_empty()).then(|| drift_reason(plan, &counting));
    let drift = match expectation {
        Some(expectation) => unexpected_reason(drift, expectation),
        None => drift,
    };
    let outcome = || {
        let weights = triaged.iter().map(|it| FindingWeight {
            code: &it.finding.code,
            severity: it.finding.severity,
            is_open: it.is_open(),
            counts: counts(plan, it, history, inputs),
        });
        match Outcome::from_findings(weights, expectation) {
            // Without a complete instance, no rule is known to be in sync.
            Outcome::InSync if complete_instances(inputs) == 0 => Outcome::Passed,
            outcome => outcome,
        }
    };
    let (outcome, exit_code, reason) = match (unread.as_slice(), drift) {
        ([], None) => (
            outcome(),
            0,
            passed_reason(plan, triaged, summary, history, expectation, inputs),
        ),
        ([], Some(drift)) => (outcome(), drift_exit_code, drift),
        (unread, drift) => {
            let rest = drift
                .map(|drift| format!("; elsewhere: {drift}"))
                .unwrap_or_default();
            (
                Outcome::Incomplete,
                3,
                format!("{}{rest}", incomplete_reason(unread)),
            )
        }
    };
    let only = selected.map(|it| only(it, inputs)).unwrap_or_default();
    Verdict {
        outcome,
        exit_code,
        reason: format!("{reason}{only}"),
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

/// Returns what the run was about, where it was about a part, and which guards that leaves out.
fn only(selected: &Selected, inputs: &Inputs<'_>) -> String {
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
    let mut others: BTreeMap<&str, usize> = BTreeMap::new();
    for it in counting.iter().filter(|it| it.finding.change.is_none()) {
        *others.entry(it.finding.code.as_str()).or_default() += 1;
    }
    let parts = counted
        .into_iter()
        .chain(others.into_iter().map(|(code, count)| (count, code)));
    let parts: Vec<_> = parts
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    parts.join(", ")
}

/// Returns the difference to a reviewed result: unexpected and absent findings.
fn unexpected_reason(more: Option<String>, expectation: &ComparedExpectation) -> Option<String> {
    let ComparedExpectation { name, missing, .. } = expectation;
    let missing = match missing.len() {
        0 => None,
        1 => Some("1 expected finding is absent".to_owned()),
        count => Some(format!("{count} expected findings are absent")),
    };
    let parts: Vec<_> = more
        .map(|more| format!("unexpected: {more}"))
        .into_iter()
        .chain(missing)
        .collect();
    (!parts.is_empty()).then(|| format!("drift differs from {name}: {}", parts.join("; ")))
}

/// Returns how many instances of the run were read completely.
fn complete_instances(inputs: &Inputs<'_>) -> usize {
    inputs
        .instances()
        .filter(|(_, live)| live.is_complete())
        .count()
}

/// Returns what there is to say where no rule is in sync: that there is none, if so.
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

/// Returns the rules in sync, and the open findings that do not count.
fn passed_reason(
    plan: &Plan,
    triaged: &[TriagedFinding<'_>],
    summary: &Summary,
    history: &FindingHistory,
    expectation: Option<&ComparedExpectation>,
    inputs: &Inputs<'_>,
) -> String {
    let read = complete_instances(inputs);
    let instances = if read == 1 {
        "1 instance".to_owned()
    } else {
        format!("{read} instances")
    };
    let rules = match summary.in_sync {
        0 => nothing_in_sync(plan, inputs),
        1 => "1 declared rule is in sync".to_owned(),
        count => format!("{count} declared rules are in sync"),
    };
    let (excused, below): (Vec<_>, Vec<_>) = triaged
        .iter()
        .filter(|it| it.is_open())
        .partition(|it| it.finding.severity >= inputs.run.fail_on);
    let origins = excused
        .iter()
        .filter_map(|it| history.origin_of(plan, it.finding.change, it.finding.field));
    let mut by_origin: BTreeMap<Origin, usize> = BTreeMap::new();
    origins.for_each(|origin| *by_origin.entry(origin).or_default() += 1);
    let by_origin = by_origin.into_iter().map(|(origin, count)| {
        let label = match origin {
            Origin::Introduced => "introduced by this change",
            Origin::Drifted => "drifted before this change",
            Origin::Conflicting => "conflicting",
        };
        (count, label.to_owned())
    });
    let fail_on = inputs.run.fail_on.as_str();
    let others = [
        (below.len(), format!("findings below --fail-on {fail_on}")),
        (summary.waived, "waived".to_owned()),
        (summary.baselined, "baselined".to_owned()),
    ];
    let rest = by_origin
        .chain(others)
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("; {what}: {count}"));
    let rest = rest.collect::<Vec<_>>().concat();
    match expectation {
        Some(ComparedExpectation { name, expected, .. }) => {
            let findings = if *expected == 1 {
                "finding"
            } else {
                "findings"
            };
            format!("drift matches {name} exactly ({expected} {findings}){rest}")
        }
        None if read == 0 => format!("{rules}; no instance was read{rest}"),
        None => format!("{rules}; {instances} read completely{rest}"),
    }
}
