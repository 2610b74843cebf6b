//! Since when findings are there, by the result of an earlier run.

use rustc_hash::FxHashMap;

use super::Inputs;
use crate::finding::Fingerprint;
use crate::report::Transition;

/// When each finding of the previous result was first seen.
pub(super) struct Since {
    /// Epoch milliseconds; `None` where there is no previous result.
    known: Option<FxHashMap<Fingerprint, i64>>,
    now_ms: i64,
}

impl Since {
    pub(super) fn of(inputs: &Inputs<'_>) -> Self {
        let known = inputs.previous.map(|previous| {
            let findings = previous.findings.iter();
            findings.map(|it| (it.fingerprint, it.first_seen_ms.unwrap_or(previous.started_ms))).collect()
        });
        Self { known, now_ms: inputs.run.started_ms }
    }

    /// When a finding was first seen, epoch milliseconds, and what became of it since.
    pub(super) fn tell(&self, fingerprint: Fingerprint) -> Option<(i64, Transition)> {
        let known = self.known.as_ref()?;
        Some(match known.get(&fingerprint) {
            Some(first_seen_ms) => (*first_seen_ms, Transition::Still),
            None => (self.now_ms, Transition::Opened),
        })
    }
}
