//! Guards: limits on the result as a whole.

use std::collections::BTreeSet;

use super::Inputs;
use super::history::FindingHistory;
use crate::diff::Plan;
use crate::finding::{Code, Finding};
use crate::model::{Alias, Guards, Instance, Limit, LiveInstance, ReadStatus};
use crate::source::Place;
use crate::waiver::TriagedFinding;

const LOOK: &str = "check that the right account, regions and instance ids were read";

/// Returns a finding for each guard that the result exceeds.
pub(super) fn findings(
    plan: &Plan,
    triaged: &[TriagedFinding<'_>],
    history: &FindingHistory,
    inputs: &Inputs<'_>,
) -> Vec<Finding> {
    let about_reading = triaged
        .iter()
        .filter(|it| it.finding.code.is_about_reading());
    let unread: BTreeSet<&Alias> = about_reading
        .filter_map(|it| it.finding.instance.as_ref())
        .collect();
    let mut findings = Vec::new();
    // A part says nothing about the whole.
    if inputs.desired.selection.is_everything() {
        findings.extend(mass_change(plan, triaged, history, inputs));
        findings.extend(expected_instances(&unread, inputs));
        if unread.is_empty() {
            findings.extend(min_rules(inputs));
        }
    }
    findings.extend(shrunken_listings(inputs));
    findings
}

/// Returns the guards of the rules files that are not applied, since they are about more than what is selected.
pub(super) fn omitted(inputs: &Inputs<'_>) -> Vec<&'static str> {
    let Guards {
        max_drift_percent,
        max_shrink_percent,
        min_rules,
        expected_instances,
    } = &inputs.desired.guards;
    let selection = &inputs.desired.selection;
    let is_part = !selection.is_everything();
    let guards = [
        ("max_drift_percent", is_part && max_drift_percent.is_some()),
        ("min_rules", is_part && min_rules.is_some()),
        (
            "expected_instances",
            is_part && !expected_instances.is_empty(),
        ),
        (
            "max_shrink_percent",
            max_shrink_percent.is_some() && inputs.previous.is_some() && !selection.has_all_rules(),
        ),
    ];
    guards
        .into_iter()
        .filter_map(|(name, is_left_out)| is_left_out.then_some(name))
        .collect()
}

/// A result that is mostly drift says more about the run than about the rules. What is accepted is no drift, nor what
/// a change introduces where that does not count.
fn mass_change(
    plan: &Plan,
    triaged: &[TriagedFinding<'_>],
    history: &FindingHistory,
    inputs: &Inputs<'_>,
) -> Option<Finding> {
    let Limit { number, place } = inputs.desired.guards.max_drift_percent?;
    let counting = triaged
        .iter()
        .filter(|it| it.is_open() && history.counts(plan, it, inputs));
    let open = counting.filter_map(|it| it.finding.change);
    let drifting = open.collect::<BTreeSet<_>>().len();
    let all = plan.changes.len();
    let percent = (100 * drifting).checked_div(all)?;
    let message = format!(
        "{drifting} of {all} rules drift ({percent} %), expected at most {number} % (max_drift_percent)"
    );
    (percent > number as usize).then(|| suspect("", place, message, LOOK, &[]))
}

/// An empty answer is complete, and so is one of another account with two rules of its own.
fn min_rules(inputs: &Inputs<'_>) -> Option<Finding> {
    let Limit { number, place } = inputs.desired.guards.min_rules?;
    let rules: usize = inputs
        .live
        .instances
        .iter()
        .map(|it| it.outgoing.len())
        .sum();
    let message = format!("expected at least {number} live rules (min_rules), found {rules}");
    (rules < number as usize).then(|| suspect("", place, message, LOOK, &["min_rules"]))
}

/// A run that was not given every file is green about what it does not see.
fn expected_instances(unread: &BTreeSet<&Alias>, inputs: &Inputs<'_>) -> Vec<Finding> {
    let read = |alias: &Alias| {
        let mut both = inputs.desired.instances.iter().zip(&inputs.live.instances);
        both.find(|(it, _)| it.alias == *alias)
    };
    let findings = inputs
        .desired
        .guards
        .expected_instances
        .iter()
        .filter_map(|(alias, place)| {
            let (why, help) = match read(alias) {
                None => (
                    "is not declared by any rules file of this run",
                    "pass every rules file, or correct the alias in the guard",
                ),
                Some((instance, _)) if !instance.read => (
                    "is declared `read: false`",
                    "remove `read: false`, or remove the instance from the guard",
                ),
                Some((_, live))
                    if live.status == ReadStatus::Skipped && !unread.contains(alias) =>
                {
                    ("was not read", "pass the listings of every instance")
                }
                Some(_) => return None,
            };
            let message = format!("expected instance \"{alias}\" {why}");
            Some(suspect(
                "",
                *place,
                message,
                help,
                &["expected_instances", alias.as_str()],
            ))
        });
    findings.collect()
}

/// An instance does not lose most of its rules between two runs; a reading may. A listing is triaged where all of its
/// instance is selected: what a part of it lost says nothing about the whole, nor does an instance that is read only as a
/// target.
fn shrunken_listings(inputs: &Inputs<'_>) -> Vec<Finding> {
    let Some(previous) = inputs.previous else {
        return Vec::new();
    };
    let triaged = inputs
        .instances()
        .filter(|(instance, _)| inputs.desired.selection.has_all_of(instance.alias.as_str()));
    let shrunken_listings = triaged.filter_map(|(instance, live)| {
        let before = previous
            .instances
            .iter()
            .find(|it| it.id == instance.id.as_str())?;
        let comparable = before.status == ReadStatus::Complete && live.is_complete();
        comparable.then(|| {
            shrunken(
                instance,
                live,
                before.rules,
                inputs.desired.guards.max_shrink_percent,
            )
        })?
    });
    shrunken_listings.collect()
}

fn shrunken(
    instance: &Instance,
    live: &LiveInstance,
    before: usize,
    limit: Option<Limit>,
) -> Option<Finding> {
    let now = live.outgoing.len() + live.incoming.len();
    let percent = (100 * before.saturating_sub(now)).checked_div(before)?;
    let Instance { alias, .. } = instance;
    let rules = if now == 1 {
        "1 rule".to_owned()
    } else {
        format!("{now} rules")
    };
    let (message, place) = match limit {
        _ if now == 0 => (
            format!("\"{alias}\" lists no rules, but listed {before} in the previous result"),
            instance.place,
        ),
        Some(Limit { number, place }) if percent > number as usize => (
            format!(
                "\"{alias}\" lists {rules}, but listed {before} in the previous result: {percent} % fewer, expected at \
                 most {number} % (max_shrink_percent)"
            ),
            place,
        ),
        _ => return None,
    };
    let help = "check in the console for a bulk deletion or a wrong instance id before creating rules again";
    let finding = suspect(
        instance.id.as_str(),
        place,
        message,
        help,
        &["max_shrink_percent"],
    );
    Some(Finding {
        instance: Some(alias.clone()),
        ..finding
    })
}

fn suspect(instance: &str, place: Place, message: String, help: &str, content: &[&str]) -> Finding {
    let bare = Finding::bare(Code::MassChange, instance, message, content);
    Finding {
        help: help.to_owned(),
        place: Some(place),
        ..bare
    }
}
