//! Guards: limits on the result as a whole.

use std::collections::BTreeSet;

use super::Inputs;
use super::history::FindingHistory;
use crate::diff::Plan;
use crate::finding::{Code, Finding};
use crate::i18n::Message;
use crate::model::{Alias, Guards, Instance, Limit, LiveInstance, ReadStatus};
use crate::source::Place;
use crate::waiver::TriagedFinding;

/// Returns a finding for each guard that the result exceeds.
pub(super) fn findings(
    plan: &Plan,
    triaged: &[TriagedFinding<'_>],
    history: &FindingHistory,
    inputs: &Inputs<'_>,
) -> Vec<Finding> {
    let about_reading = triaged
        .iter()
        .filter(|it| it.finding.code.makes_incomplete());
    let unread: BTreeSet<&Alias> = about_reading
        .filter_map(|it| it.finding.instance.as_ref())
        .collect();
    let mut findings = Vec::new();
    // Limits on the whole do not apply to a part.
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

/// Returns a finding if most rules drift, which says more about the run than about the rules. Accepted findings and
/// those of an origin that does not count are no drift here.
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
    let message = Message::too_much_drift(drifting, all, percent, number);
    (percent > number as usize)
        .then(|| mass_change_finding(place, message, Message::check_help(), &[]))
}

/// Returns a finding if there are too few live rules: an empty answer is complete, and so is that of another account.
fn min_rules(inputs: &Inputs<'_>) -> Option<Finding> {
    let Limit { number, place } = inputs.desired.guards.min_rules?;
    let rules: usize = inputs
        .live
        .instances
        .iter()
        .map(|it| it.outgoing.len())
        .sum();
    let message = Message::too_few_rules(number, rules);
    (rules < number as usize)
        .then(|| mass_change_finding(place, message, Message::check_help(), &["min_rules"]))
}

/// Returns a finding for each expected instance that is not read: a run without its file would pass.
fn expected_instances(unread: &BTreeSet<&Alias>, inputs: &Inputs<'_>) -> Vec<Finding> {
    let read = |alias: &Alias| {
        let mut both = inputs.desired.instances.iter().zip(&inputs.live.instances);
        both.find(|(instance, _)| instance.alias == *alias)
    };
    let findings = inputs
        .desired
        .guards
        .expected_instances
        .iter()
        .filter_map(|(alias, place)| {
            let (message, help) = match read(alias) {
                None => (
                    Message::expected_undeclared(alias.as_str()),
                    Message::every_file_help(),
                ),
                Some((instance, _)) if !instance.read => (
                    Message::expected_excluded(alias.as_str()),
                    Message::read_false_help(),
                ),
                Some((_, live))
                    if live.status == ReadStatus::Skipped && !unread.contains(alias) =>
                {
                    (
                        Message::expected_unread(alias.as_str()),
                        Message::every_listing_help(),
                    )
                }
                Some(_) => return None,
            };
            Some(mass_change_finding(
                *place,
                message,
                help,
                &["expected_instances", alias.as_str()],
            ))
        });
    findings.collect()
}

/// Returns a finding for each listing that lost most of its rules since the previous result: an instance rarely does, an
/// incomplete reading may. Only instances that are selected as a whole are compared.
fn shrunken_listings(inputs: &Inputs<'_>) -> Vec<Finding> {
    let Some(previous) = inputs.previous else {
        return Vec::new();
    };
    let selected = inputs
        .instances()
        .filter(|(instance, _)| inputs.desired.selection.has_all_of(instance.alias.as_str()));
    let findings = selected.filter_map(|(instance, live)| {
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
    findings.collect()
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
    let (message, place) = match limit {
        _ if now == 0 => (
            Message::listing_empty(alias.as_str(), before),
            instance.place,
        ),
        Some(Limit { number, place }) if percent > number as usize => (
            Message::listing_shrunk(now, alias.as_str(), before, percent, number),
            place,
        ),
        _ => return None,
    };
    let content = ["max_shrink_percent"];
    Some(Finding {
        help: Message::shrunk_help(),
        place: Some(place),
        instance: Some(alias.clone()),
        ..Finding::bare(Code::MassChange, instance.id.as_str(), message, &content)
    })
}

/// Returns a finding about the result as a whole.
fn mass_change_finding(place: Place, message: Message, help: Message, content: &[&str]) -> Finding {
    let bare = Finding::bare(Code::MassChange, "", message, content);
    Finding {
        help,
        place: Some(place),
        ..bare
    }
}
