//! Counts the findings that a run opened and resolved, while their deliveries are routed.

use std::sync::{Mutex, PoisonError};

use crate::finding::Severity;
use crate::store::{DeliveryRouter, NewDelivery, RunTransitions, TransitionKind};

/// Findings by severity: errors, warnings and notes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TransitionCounts {
    pub(super) opened: [u64; 3],
    pub(super) resolved: [u64; 3],
}

/// A router that counts what passes it.
#[derive(Debug)]
pub(super) struct TransitionCounter<'a> {
    router: &'a dyn DeliveryRouter,
    counts: Mutex<TransitionCounts>,
}

impl<'a> TransitionCounter<'a> {
    pub(super) fn new(router: &'a dyn DeliveryRouter) -> Self {
        Self {
            router,
            counts: Mutex::default(),
        }
    }

    pub(super) fn counts(&self) -> TransitionCounts {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DeliveryRouter for TransitionCounter<'_> {
    fn route(&self, run: &RunTransitions<'_>) -> Vec<NewDelivery> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let severities = [Severity::Error, Severity::Warning, Severity::Info];
        for finding in &run.findings {
            let of_kind = match finding.kind {
                TransitionKind::Opened | TransitionKind::Reopened => &mut counts.opened,
                TransitionKind::Resolved => &mut counts.resolved,
                TransitionKind::Accepted | TransitionKind::LeftScope => continue,
            };
            for (count, severity) in of_kind.iter_mut().zip(severities) {
                *count += u64::from(finding.facts.severity == severity.as_str());
            }
        }
        self.router.route(run)
    }
}
