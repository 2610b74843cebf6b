//! The history of findings: from the result of an earlier run, an earlier version of the rules files, and a reviewed
//! result.

use filter_language::FilterSession;
use rustc_hash::{FxHashMap, FxHashSet};

use super::build_selection::selection_of;
use super::{BaseVersion, Inputs, expected};
use crate::diff::{
    ChangeOrigin, DesiredVersions, Origin, Origins, Plan, ResolvedDifference, origins,
};
use crate::finding::{ChangeId, Finding, Fingerprint};
use crate::model::{Aliases, Field, SyncRule};
use crate::report::{ComparedBase, InputFile, Report, ResolvedChange, Transition};
use crate::waiver::TriagedFinding;

/// The first sighting of findings, and the origin of changes.
pub(super) struct FindingHistory {
    /// The first sighting of each finding of the previous result, epoch milliseconds; `None` without a previous result.
    known: Option<FxHashMap<Fingerprint, i64>>,
    /// The rules that the previous result compared, by instance and name; `None` where it compared everything.
    compared: Option<FxHashSet<(String, String)>>,
    now_ms: i64,
    /// `None` without a base.
    origins: Option<Origins>,
    /// The drift findings of a reviewed result; `None` without one.
    expected: Option<FxHashSet<Fingerprint>>,
}

impl FindingHistory {
    pub(super) fn new(plan: &Plan, inputs: &Inputs<'_>, session: &mut FilterSession) -> Self {
        let known = inputs.previous.map(|previous| {
            let findings = previous.findings.iter();
            findings
                .map(|finding| {
                    (
                        finding.fingerprint,
                        finding.first_seen_ms.unwrap_or(previous.started_ms),
                    )
                })
                .collect()
        });
        let origins = inputs
            .base
            .map(|base| DesiredVersions {
                head: inputs.desired,
                base: base.desired,
            })
            .map(|versions| origins(plan, versions, inputs.live, session));
        Self {
            known,
            compared: inputs
                .previous
                .and_then(|previous| compared_by(previous, inputs)),
            now_ms: inputs.run.started_ms,
            origins,
            expected: expected::fingerprints(inputs),
        }
    }

    /// Returns when a finding was first seen, epoch milliseconds, and what became of it since; `None` where the previous
    /// result does not know, since it was about less.
    pub(super) fn first_seen(&self, finding: &Finding) -> Option<(i64, Transition)> {
        let known = self.known.as_ref()?;
        match known.get(&finding.fingerprint) {
            Some(first_seen_ms) => Some((*first_seen_ms, Transition::Still)),
            None if self.was_compared(finding) => Some((self.now_ms, Transition::Opened)),
            None => None,
        }
    }

    fn was_compared(&self, finding: &Finding) -> bool {
        let Some(compared) = &self.compared else {
            return true;
        };
        let (Some(instance), Some(rule)) = (&finding.instance, &finding.rule) else {
            return false;
        };
        compared.contains(&(instance.to_string(), rule.to_string()))
    }

    /// Returns the origin of a change; `None` for a rule in sync, or without a base.
    pub(super) fn origin(&self, change: ChangeId) -> Option<&ChangeOrigin> {
        self.origins.as_ref()?.origin(change)
    }

    /// Returns the origin of a change, or of one of its fields; `None` without a change or a base.
    pub(super) fn origin_of(
        &self,
        plan: &Plan,
        change: Option<ChangeId>,
        field: Option<Field>,
    ) -> Option<Origin> {
        let change = change?;
        let origin = self.origin(change)?;
        let fields = plan.change(change)?.fields.iter().map(|it| it.field);
        let of_field = field.and_then(|field| {
            fields
                .zip(&origin.fields)
                .find(|(candidate, _)| *candidate == field)
        });
        Some(of_field.map_or(origin.whole, |(_, origin)| *origin))
    }

    /// Returns whether a finding can fail the run: it is unexpected, and its difference, if it has one, is of an origin
    /// that counts.
    pub(super) fn counts(
        &self,
        plan: &Plan,
        triaged: &TriagedFinding<'_>,
        inputs: &Inputs<'_>,
    ) -> bool {
        let is_expected =
            |expected: &FxHashSet<Fingerprint>| expected.contains(&triaged.finding.fingerprint);
        if triaged.finding.code.is_drift() && self.expected.as_ref().is_some_and(is_expected) {
            return false;
        }
        let origin = self.origin_of(plan, triaged.finding.change, triaged.finding.field);
        origin
            .zip(inputs.base)
            .is_none_or(|(origin, base)| base.fail_on.contains(&origin))
    }

    /// Returns the reported comparison with the base.
    pub(super) fn base(&self, inputs: &Inputs<'_>) -> Option<ComparedBase> {
        let (
            origins,
            BaseVersion {
                name,
                commit,
                sources,
                ..
            },
        ) = (self.origins.as_ref()?, inputs.base?);
        let count = |origin: Origin| origins.count(origin);
        let files = sources.named_files();
        let files = files.map(|(name, file)| InputFile {
            path: name.to_owned(),
            sha256: file.sha256.clone(),
        });
        let resolved = origins.resolved.iter().map(
            |ResolvedDifference {
                 kind,
                 instance,
                 name,
             }| ResolvedChange {
                kind: *kind,
                instance: inputs.desired.instances[*instance].alias.to_string(),
                name: name.to_string(),
            },
        );
        Some(ComparedBase {
            name: name.to_owned(),
            commit: commit.map(str::to_owned),
            files: files.collect(),
            introduced: count(Origin::Introduced),
            drifted: count(Origin::Drifted),
            conflicting: count(Origin::Conflicting),
            resolved: resolved.collect(),
        })
    }
}

/// Returns the rules that a selection of the previous result selects, by instance and name: as they are desired and live
/// now. `None` where it selected everything.
fn compared_by(previous: &Report, inputs: &Inputs<'_>) -> Option<FxHashSet<(String, String)>> {
    let Some(selection) = selection_of(previous) else {
        return Some(FxHashSet::default());
    };
    if selection.is_everything() {
        return None;
    }
    let aliases = Aliases::from_desired(inputs.desired);
    let mut compared = FxHashSet::default();
    let mut take = |listed_by: Option<&str>, rule: &SyncRule| {
        let source = aliases.name(rule.source.instance.as_str());
        if selection.has_rule(source, rule) {
            for alias in [Some(source), listed_by].into_iter().flatten() {
                compared.insert((alias.to_owned(), rule.name.to_string()));
            }
        }
    };
    inputs
        .desired
        .rules
        .iter()
        .for_each(|it| take(None, &it.rule));
    for listing in &inputs.live.instances {
        let listed_by = aliases.name(listing.id.as_str());
        listing
            .outgoing
            .iter()
            .chain(&listing.incoming)
            .for_each(|it| take(Some(listed_by), &it.rule));
    }
    Some(compared)
}
