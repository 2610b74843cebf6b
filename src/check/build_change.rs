//! Changes and findings → what is reported of them: indices become values, places become locations.

use super::acceptance::AcceptanceIndex;
use super::history::FindingHistory;
use super::{Inputs, verdict};
use crate::diff::{Change, Plan, Presence, rule_of};
use crate::finding::Finding;
use crate::model::{Aliases, Field, SyncRule};
use crate::report::{
    AppliedWaiver, FindingStatus, ReportedChange, ReportedField, ReportedFinding, ReportedMeaning,
};
use crate::source::SourceMap;
use crate::waiver::{Acceptance, TriagedFinding, Waiver};

/// The change at an index of the plan.
pub(super) fn build_change(
    at: usize,
    change: &Change,
    acceptance: &AcceptanceIndex,
    history: &FindingHistory,
    aliases: &Aliases<'_>,
    inputs: &Inputs<'_>,
) -> ReportedChange {
    let Inputs {
        desired,
        live,
        sources,
        ..
    } = inputs;
    let rule = rule_of(change, desired, live);
    let instance = &desired.instances[change.instance];
    let live_rule = change.sides.live().map(|index| live.rule(index));
    let place = change
        .sides
        .desired()
        .map_or(instance.place, |rule| desired.rules[rule].place);
    let value = |field: Field, value: &str| aliases.value(field, value).to_owned();
    let one_sided = || {
        let is_desired = change.sides.desired().is_some();
        let given = Field::ALL
            .into_iter()
            .zip(rule.fields())
            .filter_map(|(field, it)| Some((field, it?)));
        let fields = given.map(|(field, it)| {
            let it = Some(value(field, &it));
            let (desired, live) = if is_desired { (it, None) } else { (None, it) };
            ReportedField {
                field,
                desired,
                live,
                meaning: None,
                accepted: false,
                origin: None,
            }
        });
        fields.collect::<Vec<_>>()
    };
    let origin = history.origin(at);
    let differing = || {
        let fields = change
            .fields
            .iter()
            .enumerate()
            .map(|(number, it)| ReportedField {
                field: it.field,
                desired: it.desired.as_deref().map(|text| value(it.field, text)),
                live: it.live.as_deref().map(|text| value(it.field, text)),
                meaning: it.meaning.as_ref().map(|meaning| ReportedMeaning {
                    relation: meaning.relation,
                    live_only: meaning.live_only.as_deref().map(str::to_owned),
                    desired_only: meaning.desired_only.as_deref().map(str::to_owned),
                    summary: it.summary().unwrap_or_default(),
                }),
                accepted: acceptance.is_field_accepted(at, it.field),
                origin: origin.and_then(|origin| origin.fields.get(number).copied()),
            });
        fields.collect()
    };
    let unchanged = |live: &SyncRule| {
        let values = rule
            .fields()
            .into_iter()
            .zip(live.fields())
            .map(|(desired, live)| desired.or(live));
        let differs = |field: Field| change.fields.iter().any(|it| it.field == field);
        let fields = Field::ALL
            .into_iter()
            .zip(values)
            .filter(|(it, _)| it.applies_to(&rule.scope) && !differs(*it));
        fields
            .map(|(field, it)| (field, it.map(|it| value(field, &it))))
            .collect()
    };
    let (fields, unchanged) = match (change.sides, live_rule) {
        (Presence::Both(..), Some(live)) => (differing(), unchanged(&live.rule)),
        _ => (one_sided(), Vec::new()),
    };
    ReportedChange {
        kind: change.kind,
        instance: instance.alias.to_string(),
        name: rule.name.to_string(),
        live_name: live_rule.map(|it| it.rule.name.to_string()),
        rule_id: live_rule
            .and_then(|it| it.id.as_ref())
            .map(ToString::to_string),
        modified_ms: live_rule.and_then(|it| it.modified_ms),
        origin: origin.map(|origin| origin.whole),
        accepted: acceptance.is_accepted(at),
        similarity: change.similarity,
        from: aliases.end(&rule.source),
        to: aliases.end(&rule.target),
        fields,
        unchanged,
        location: Some(sources.locate(place)),
    }
}

pub(super) fn build_finding(
    it: TriagedFinding<'_>,
    plan: &Plan,
    history: &FindingHistory,
    inputs: &Inputs<'_>,
) -> ReportedFinding {
    let counts = verdict::counts(plan, &it, history, inputs);
    let TriagedFinding { finding, accepted } = it;
    let first_seen = history.first_seen(&finding);
    let Finding {
        code,
        severity,
        message,
        help,
        instance,
        rule,
        field,
        fingerprint,
        place,
        change,
    } = finding;
    let origin = history.origin_of(plan, change, field);
    let sources = inputs.sources;
    ReportedFinding {
        code,
        severity,
        message,
        help,
        instance: instance.map(|alias| alias.to_string()),
        rule: rule.map(|name| name.to_string()),
        field,
        fingerprint,
        location: place.map(|place| sources.locate(place)),
        status: match accepted {
            Acceptance::None => FindingStatus::Open,
            Acceptance::Waiver(waiver) => FindingStatus::Waived(applied(waiver, sources)),
            Acceptance::Baseline => FindingStatus::Baselined,
        },
        first_seen_ms: first_seen.map(|(first_seen_ms, _)| first_seen_ms),
        transition: first_seen.map(|(_, transition)| transition),
        origin,
        counts,
    }
}

fn applied(waiver: &Waiver, sources: &SourceMap) -> AppliedWaiver {
    AppliedWaiver {
        reason: waiver.reason.to_string(),
        owner: waiver.owner.to_string(),
        expires: waiver.expires.to_string(),
        ticket: waiver.ticket.as_ref().map(ToString::to_string),
        location: Some(sources.locate(waiver.place)),
    }
}
