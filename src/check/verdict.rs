//! What comes of a run: the numbers, the outcome, the exit code and the reason for it.

use std::collections::BTreeMap;

use super::{Inputs, Run};
use crate::diff::{Kind, Plan};
use crate::finding::{Code, Finding, Severity};
use crate::model::DesiredState;
use crate::report::{Outcome, Selected, Summary, Verdict};

/// A result that is mostly drift says more about the run than about the rules.
pub(super) fn mass_change(plan: &Plan, desired: &DesiredState) -> Option<Finding> {
    let limit = desired.guards.max_drift_percent?;
    let all = plan.changes.len();
    let drifting = all - plan.of(Kind::InSync).count();
    let percent = (100 * drifting).checked_div(all)?;
    (percent > usize::from(limit)).then(|| Finding {
        help: "before believing it, check that the right account, regions and instance ids were read".to_owned(),
        ..Finding::bare(
            Code::MassChange,
            "",
            format!("{drifting} of {all} rules drift ({percent} %), and max_drift_percent is {limit}"),
            &[],
        )
    })
}

pub(super) fn summary(plan: &Plan, open: usize) -> Summary {
    let count = |kind: Kind| plan.of(kind).count();
    Summary {
        in_sync: count(Kind::InSync),
        missing: count(Kind::Missing),
        changed: count(Kind::Changed),
        renamed: count(Kind::Renamed),
        unmanaged: count(Kind::Unmanaged) + count(Kind::Duplicate),
        ignored: plan.ignored.len(),
        unverified: plan.unverified.len(),
        open,
        waived: 0,
        baselined: 0,
    }
}

/// Incomplete beats drift, and drift beats in sync.
pub(super) fn verdict(
    findings: &[Finding],
    summary: &Summary,
    selected: Option<&Selected>,
    inputs: &Inputs<'_>,
) -> Verdict {
    let Run { fail_on, drift_exit_code, .. } = inputs.run;
    let unread: Vec<_> = findings
        .iter()
        .filter(|finding| is_about_reading(finding.code))
        .filter_map(|finding| Some(format!("\"{}\"", finding.instance.as_ref()?)))
        .collect();
    let drift = drift_reason(findings, summary, fail_on);
    let (outcome, exit_code, reason) = match (unread.as_slice(), drift) {
        ([], None) => (Outcome::InSync, 0, in_sync_reason(findings, summary, inputs)),
        ([], Some(drift)) => (Outcome::Drift, drift_exit_code, drift),
        (unread, drift) => {
            let rest = drift.map(|drift| format!("; in what was read: {drift}")).unwrap_or_default();
            (Outcome::Incomplete, 3, format!("could not read {} whole{rest}", unread.join(", ")))
        }
    };
    let only = selected.map(|it| format!("; only what {} selects was compared", it.options)).unwrap_or_default();
    Verdict { outcome, exit_code, reason: format!("{reason}{only}") }
}

/// Whether a finding says that an instance was not read whole: the result is incomplete, whatever its severity.
const fn is_about_reading(code: Code) -> bool {
    matches!(code, Code::IncompleteRead | Code::WrongAccount)
}

fn drift_reason(findings: &[Finding], summary: &Summary, fail_on: Severity) -> Option<String> {
    let counts = |finding: &&Finding| finding.severity >= fail_on && !is_about_reading(finding.code);
    let open: Vec<_> = findings.iter().filter(counts).collect();
    if open.is_empty() {
        return None;
    }
    let mut others: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in open.iter().filter(|finding| !finding.code.is_told_by_a_change()) {
        *others.entry(finding.code.as_str()).or_default() += 1;
    }
    let Summary { missing, changed, renamed, unmanaged, .. } = summary;
    let kinds = [(missing, "missing"), (changed, "changed"), (renamed, "renamed"), (unmanaged, "unmanaged")];
    let kinds = kinds.into_iter().filter(|(count, _)| **count > 0).map(|(count, kind)| format!("{count} {kind}"));
    let others = others.into_iter().map(|(code, count)| format!("{count} {code}"));
    Some(kinds.chain(others).collect::<Vec<_>>().join(", "))
}

fn in_sync_reason(findings: &[Finding], summary: &Summary, inputs: &Inputs<'_>) -> String {
    let read = inputs.instances().filter(|(_, live)| live.is_complete()).count();
    let rules = if summary.in_sync == 1 {
        "1 declared rule is".to_owned()
    } else {
        format!("{} declared rules are", summary.in_sync)
    };
    let instances = if read == 1 { "1 instance".to_owned() } else { format!("{read} instances") };
    let below = match findings.len() {
        0 => String::new(),
        count => format!("; findings below --fail-on {}: {count}", inputs.run.fail_on.as_str()),
    };
    format!("{rules} live as declared, read whole from {instances}{below}")
}
