//! The newest deliveries: their answer under `/api/v1`.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::WatchState;
use super::api::{AnswerScope, ApiAnswer, FORMAT_VERSION};
use crate::report::rfc3339;
use crate::store::{DeliveryRecord, DeliveryState};

/// The most deliveries of a page or an answer.
pub(super) const MAX_DELIVERIES: usize = 200;

/// The newest deliveries of all estates and targets.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeliveriesAnswer {
    /// The version of this format: `1.0`.
    format_version: &'static str,
    /// The time of the answer: RFC 3339, UTC.
    asked_at: Option<String>,
    /// The deliveries, the newest first, at most 200.
    deliveries: Vec<DeliveryEntry>,
}

/// The delivery of the changes of a run to a target. It has neither the address nor a secret of the target.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Delivery")]
struct DeliveryEntry {
    /// The id: the same for every attempt.
    id: String,
    /// The name of the target.
    target: String,
    /// The kind of the target; null if the watch file has it no longer.
    kind: Option<&'static str>,
    /// The name of the estate.
    estate: String,
    /// The id of the run.
    run: String,
    /// The events: opened, resolved, incomplete, recovered, failed.
    events: Vec<String>,
    /// The state.
    #[schemars(extend("enum" = state_words()))]
    state: &'static str,
    /// The number of attempts.
    attempts: usize,
    /// The proof of the target, or the reason of the state; null before the first attempt.
    reason: Option<String>,
    /// The time when it was written: RFC 3339, UTC.
    created_at: Option<String>,
    /// The time of its last change: RFC 3339, UTC.
    changed_at: Option<String>,
    /// The earliest time of the next attempt: RFC 3339, UTC; null where no other one follows.
    next_attempt: Option<String>,
}

fn state_words() -> [&'static str; DeliveryState::ALL.len()] {
    DeliveryState::ALL.map(DeliveryState::as_str)
}

/// Returns the kind of a target; `None` if the configuration has it no longer.
pub(super) fn kind_of(state: &WatchState, target: &str) -> Option<&'static str> {
    state.targets.get(target).map(|it| it.kind)
}

impl AnswerScope<'_> {
    /// Returns the answer of `/api/v1/deliveries`.
    pub(super) fn deliveries(&self, state: &WatchState, records: &[DeliveryRecord]) -> ApiAnswer {
        ApiAnswer::Deliveries(DeliveriesAnswer {
            format_version: FORMAT_VERSION,
            asked_at: rfc3339(self.now_ms),
            deliveries: records.iter().map(|it| self.delivery(state, it)).collect(),
        })
    }

    fn delivery(&self, state: &WatchState, record: &DeliveryRecord) -> DeliveryEntry {
        DeliveryEntry {
            id: record.id.clone(),
            target: self.text(&record.target),
            kind: kind_of(state, &record.target),
            estate: self.text(&record.estate),
            run: record.run.clone(),
            events: record.events.iter().map(|it| self.text(it)).collect(),
            state: record.state.as_str(),
            attempts: record.tries,
            reason: Some(&record.reason)
                .filter(|it| !it.is_empty())
                .map(|it| self.text(it)),
            created_at: rfc3339(record.created_ms),
            changed_at: rfc3339(record.changed_ms),
            next_attempt: record.next_ms.and_then(rfc3339),
        }
    }
}
