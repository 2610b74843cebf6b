//! What was there before: by the result of an earlier run, by an earlier version of the rules files, and by what
//! somebody reviewed.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Base, Inputs, expected};
use crate::diff::{ChangeOrigin, Fixed, Origin, Origins, Plan, origins};
use crate::finding::Fingerprint;
use crate::model::Field;
use crate::pattern::Session;
use crate::report::{ComparedBase, FixedChange, RulesFile, Transition};
use crate::waiver::Judged;

/// Since when findings and changes are there.
pub(super) struct Since {
    /// When each finding of the previous result was first seen, epoch milliseconds; `None` without one.
    known: Option<FxHashMap<Fingerprint, i64>>,
    now_ms: i64,
    /// `None` without a base.
    origins: Option<Origins>,
    /// What a reviewed result says drifts.
    expected: Option<FxHashSet<Fingerprint>>,
}

impl Since {
    pub(super) fn of(plan: &Plan, inputs: &Inputs<'_>, session: &mut Session) -> Self {
        let known = inputs.previous.map(|previous| {
            let findings = previous.findings.iter();
            findings.map(|it| (it.fingerprint, it.first_seen_ms.unwrap_or(previous.started_ms))).collect()
        });
        let origins =
            inputs.base.map(|base| origins(plan, inputs.desired, base.desired, inputs.live, inputs.selection, session));
        Self { known, now_ms: inputs.run.started_ms, origins, expected: expected::fingerprints(inputs) }
    }

    /// When a finding was first seen, epoch milliseconds, and what became of it since.
    pub(super) fn first_seen(&self, fingerprint: Fingerprint) -> Option<(i64, Transition)> {
        let known = self.known.as_ref()?;
        Some(match known.get(&fingerprint) {
            Some(first_seen_ms) => (*first_seen_ms, Transition::Still),
            None => (self.now_ms, Transition::Opened),
        })
    }

    /// The origin of a change, by its index.
    pub(super) fn origin(&self, change: usize) -> Option<&ChangeOrigin> {
        self.origins.as_ref()?.changes.get(change)?.as_ref()
    }

    /// The origin of what a finding is about; `None` where it is about no difference, or there is no base.
    pub(super) fn origin_of(&self, plan: &Plan, change: Option<usize>, field: Option<Field>) -> Option<Origin> {
        let at = change?;
        let origin = self.origin(at)?;
        let fields = plan.changes.get(at)?.fields.iter().map(|it| it.field);
        let of_field = field.and_then(|field| fields.zip(&origin.fields).find(|(it, _)| *it == field));
        Some(of_field.map_or(origin.whole, |(_, origin)| *origin))
    }

    /// Whether a finding counts for what it is about: a difference of an origin that counts, and that nobody
    /// expects; or no difference at all.
    pub(super) fn counts(&self, plan: &Plan, judged: &Judged<'_>, inputs: &Inputs<'_>) -> bool {
        let is_expected = |expected: &FxHashSet<Fingerprint>| expected.contains(&judged.finding.fingerprint);
        if judged.finding.code.is_drift() && self.expected.as_ref().is_some_and(is_expected) {
            return false;
        }
        let origin = self.origin_of(plan, judged.finding.change, judged.finding.field);
        origin.zip(inputs.base).is_none_or(|(origin, base)| base.fail_on.contains(&origin))
    }

    /// What is reported of the base.
    pub(super) fn base(&self, inputs: &Inputs<'_>) -> Option<ComparedBase> {
        let (origins, Base { name, commit, sources, .. }) = (self.origins.as_ref()?, inputs.base?);
        let count = |wanted: Origin| origins.changes.iter().flatten().filter(|it| it.whole == wanted).count();
        let files = sources.named_files();
        let files = files.map(|(name, file)| RulesFile { path: name.to_owned(), sha256: file.sha256.clone() });
        let fixed = origins.fixed.iter().map(|Fixed { kind, instance, name }| FixedChange {
            kind: *kind,
            instance: inputs.desired.instances[*instance].alias.to_string(),
            name: name.to_string(),
        });
        Some(ComparedBase {
            name: name.to_owned(),
            commit: commit.map(str::to_owned),
            files: files.collect(),
            introduced: count(Origin::Introduced),
            drifted: count(Origin::Drifted),
            conflicting: count(Origin::Conflicting),
            fixed: fixed.collect(),
        })
    }
}
