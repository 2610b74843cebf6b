//! The reported changes and findings: indices become values, and places become locations.

use super::acceptance::AcceptanceIndex;
use super::history::FindingHistory;
use super::owners::OwnerIndex;
use super::{Inputs, verdict};
use crate::diff::{Change, Plan, Presence, Witness, rule_of};
use crate::finding::{ChangeId, Finding};
use crate::model::{Aliases, Field, SyncRule};
use crate::report::{
    AppliedWaiver, FieldValues, FindingStatus, ReportedChange, ReportedField,
    ReportedFilterComparison, ReportedFinding, ReportedWitness,
};
use crate::source::SourceMap;
use crate::waiver::{Acceptance, TriagedFinding, Waiver};

/// Builds the reported changes and findings of a run.
pub(super) struct ChangeBuilder<'a> {
    pub(super) owners: &'a OwnerIndex<'a>,
    pub(super) acceptance: &'a AcceptanceIndex,
    pub(super) history: &'a FindingHistory,
    pub(super) aliases: &'a Aliases<'a>,
    pub(super) inputs: &'a Inputs<'a>,
}

impl ChangeBuilder<'_> {
    /// Returns a change of the plan as it is reported.
    pub(super) fn build(&self, id: ChangeId, change: &Change) -> ReportedChange {
        let Inputs {
            desired,
            live,
            sources,
            ..
        } = self.inputs;
        let rule = rule_of(change, desired, live);
        let instance = &desired.instances[change.instance];
        let live_rule = change.sides.live().map(|index| live.rule(index));
        let place = match change.sides.desired() {
            Some(rule) => desired.rules[rule].place,
            None => instance.place,
        };
        let (fields, unchanged) = match (change.sides, live_rule) {
            (Presence::Both(..), Some(live)) => (
                self.differing_fields(id, change),
                self.unchanged_fields(change, rule, &live.rule),
            ),
            _ => (
                self.fields_of_one_side(change, rule),
                FieldValues::default(),
            ),
        };
        let live_id = live_rule.and_then(|it| it.id.as_ref());
        ReportedChange {
            kind: change.kind,
            instance: instance.alias.to_string(),
            name: rule.name.to_string(),
            owner: self.owners.of_change(change).map(str::to_owned),
            live_name: live_rule.map(|it| it.rule.name.to_string()),
            rule_id: live_id.map(ToString::to_string),
            modified_ms: live_rule.and_then(|it| it.modified_ms),
            origin: self.history.origin(id).map(|origin| origin.whole),
            accepted: self.acceptance.is_accepted(id),
            similarity: change.similarity,
            from: self.aliases.end(&rule.source),
            to: self.aliases.end(&rule.target),
            fields,
            unchanged,
            location: Some(sources.locate(place)),
            who: None,
        }
    }

    /// Returns a finding about a plan as it is reported.
    pub(super) fn build_finding(
        &self,
        triaged: TriagedFinding<'_>,
        plan: &Plan,
    ) -> ReportedFinding {
        let Self {
            owners,
            history,
            inputs,
            ..
        } = *self;
        let counts = verdict::fails_run(plan, &triaged, history, inputs);
        let TriagedFinding { finding, accepted } = triaged;
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
            mut paths,
        } = finding;
        let omitted_paths = paths.len().saturating_sub(ReportedFinding::MAX_PATHS);
        paths.truncate(ReportedFinding::MAX_PATHS);
        let owner = owners.of_finding(
            change.and_then(|id| plan.change(id)),
            instance.as_ref(),
            rule.as_ref(),
        );
        let origin = history.origin_of(plan, change, field);
        let sources = inputs.sources;
        ReportedFinding {
            code,
            severity,
            message,
            help,
            instance: instance.map(|alias| alias.to_string()),
            rule: rule.map(|name| name.to_string()),
            owner: owner.map(str::to_owned),
            field,
            fingerprint,
            location: place.map(|place| sources.locate(place)),
            status: match accepted {
                Acceptance::None => FindingStatus::Open,
                Acceptance::Waiver(waiver) => {
                    FindingStatus::Waived(Box::new(applied(waiver, sources)))
                }
                Acceptance::Baseline => FindingStatus::Baselined,
            },
            first_seen_ms: first_seen.map(|(first_seen_ms, _)| first_seen_ms),
            transition: first_seen.map(|(_, transition)| transition),
            origin,
            counts,
            paths,
            omitted_paths,
            who: None,
        }
    }

    /// Returns the fields of a rule that only one side has.
    fn fields_of_one_side(&self, change: &Change, rule: &SyncRule) -> Vec<ReportedField> {
        let is_desired = change.sides.desired().is_some();
        let mut fields = Vec::new();
        for (field, value) in Field::ALL.into_iter().zip(rule.fields()) {
            let Some(value) = value else { continue };
            let value = Some(self.value(field, &value));
            let (desired, live) = if is_desired {
                (value, None)
            } else {
                (None, value)
            };
            fields.push(ReportedField {
                field,
                desired,
                live,
                meaning: None,
                accepted: false,
                origin: None,
            });
        }
        fields.shrink_to_fit();
        fields
    }

    /// Returns the fields in which the two sides of a rule differ.
    fn differing_fields(&self, id: ChangeId, change: &Change) -> Vec<ReportedField> {
        let origin = self.history.origin(id);
        let mut fields = Vec::with_capacity(change.fields.len());
        for (index, differing) in change.fields.iter().enumerate() {
            let field = differing.field;
            let meaning = differing.meaning.as_ref().map(|meaning| {
                Box::new(ReportedFilterComparison {
                    relation: meaning.relation,
                    live_only: meaning.live_only.as_ref().map(reported_witness),
                    desired_only: meaning.desired_only.as_ref().map(reported_witness),
                    summary: differing.summary().unwrap_or_default(),
                })
            });
            fields.push(ReportedField {
                field,
                desired: differing.desired.as_deref().map(|it| self.value(field, it)),
                live: differing.live.as_deref().map(|it| self.value(field, it)),
                meaning,
                accepted: self.acceptance.is_field_accepted(id, field),
                origin: origin.and_then(|origin| origin.fields.get(index).copied()),
            });
        }
        fields
    }

    /// Returns the fields in which the two sides of a rule are equal, and those that only one side knows.
    fn unchanged_fields(
        &self,
        change: &Change,
        desired: &SyncRule,
        live: &SyncRule,
    ) -> FieldValues {
        let differs = |field: Field| change.fields.iter().any(|it| it.field == field);
        let values = desired.fields().into_iter().zip(live.fields());
        let mut unchanged = FieldValues::default();
        for (field, (desired_value, live_value)) in Field::ALL.into_iter().zip(values) {
            if field.applies_to(&desired.scope) && !differs(field) {
                let value = desired_value.or(live_value);
                let value = value.as_deref().map(|it| self.aliases.value(field, it));
                unchanged.push(field, value);
            }
        }
        unchanged.sorted()
    }

    /// Returns the value of a field with aliases in place of instance ids.
    fn value(&self, field: Field, value: &str) -> String {
        self.aliases.value(field, value).to_owned()
    }
}

fn reported_witness(witness: &Witness) -> ReportedWitness {
    ReportedWitness {
        example: witness.example.to_string(),
        shortest: witness.shortest.to_string(),
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
