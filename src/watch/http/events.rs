//! The stream of events: a page learns that something changed, and asks for it. An event has ids and numbers only.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::Event;
use futures_util::Stream;
use futures_util::stream::unfold;
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::super::{EstateView, SharedState};
use crate::report::Digest;

/// The most streams at once.
const MAX_STREAMS: usize = 64;

/// The time in which several changes become one event.
const SETTLE: Duration = Duration::from_millis(200);

/// The wait of a browser before it connects again.
const RETRY: Duration = Duration::from_secs(5);

/// The time between two comments of a stream without events.
pub(super) const COMMENT: Duration = Duration::from_secs(15);

/// The most estates that an event names.
const MAX_NAMED: usize = 100;

/// The number of digits of the key of an estate.
const KEY_DIGITS: usize = 12;

/// Returns the key of an estate in events: no name leaves through them.
pub(super) fn estate_key(name: &str) -> String {
    let digest = Digest::hash(name.as_bytes()).to_string();
    digest.get(..KEY_DIGITS).unwrap_or(&digest).to_owned()
}

/// A revision of the state.
#[derive(Debug, Clone, Default)]
struct Revision {
    number: u64,
    /// The revision of the last change of each estate, by its key.
    estates: Arc<BTreeMap<String, u64>>,
}

/// The source of all streams.
#[derive(Debug)]
pub(super) struct EventSource {
    /// Tells the ids of this process apart from those of any other one.
    epoch: i64,
    revisions: watch::Receiver<Revision>,
    stopping: watch::Receiver<bool>,
    slots: Arc<Semaphore>,
}

/// Returns the source of streams, and the task that numbers the changes of the state.
pub(super) fn publish(
    state: SharedState,
    epoch: i64,
    stopping: watch::Receiver<bool>,
) -> (EventSource, impl Future<Output = ()> + Send + 'static) {
    let (sender, revisions) = watch::channel(Revision::default());
    let source = EventSource {
        epoch,
        revisions,
        stopping: stopping.clone(),
        slots: Arc::new(Semaphore::new(MAX_STREAMS)),
    };
    let updates = state.updates();
    let known = state.read(|it| it.estates.clone());
    let publisher = Publisher {
        state,
        known,
        sender,
    };
    (source, publisher.run(updates, stopping))
}

struct Publisher {
    state: SharedState,
    known: BTreeMap<String, EstateView>,
    sender: watch::Sender<Revision>,
}

impl Publisher {
    async fn run(mut self, mut updates: watch::Receiver<u64>, mut stopping: watch::Receiver<bool>) {
        let mut stopped = std::pin::pin!(stopping.wait_for(|is_stopping| *is_stopping));
        loop {
            tokio::select! {
                _ = &mut stopped => return,
                changed = updates.changed() => if changed.is_err() { return },
            }
            tokio::time::sleep(SETTLE).await;
            updates.mark_unchanged();
            self.publish();
        }
    }

    fn publish(&mut self) {
        let estates = self.state.read(|it| it.estates.clone());
        self.sender.send_modify(|revision| {
            revision.number += 1;
            let keys = Arc::make_mut(&mut revision.estates);
            for name in estates.keys().chain(self.known.keys()) {
                if estates.get(name) != self.known.get(name) {
                    keys.insert(estate_key(name), revision.number);
                }
            }
        });
        self.known = estates;
    }
}

impl EventSource {
    /// Returns the id of the current revision.
    pub(super) fn id(&self) -> String {
        format!("{}-{}", self.epoch, self.revisions.borrow().number)
    }

    /// Returns a stream of the changes since the revision of an id; `None` if there are too many streams.
    pub(super) fn open(
        &self,
        since: Option<&str>,
    ) -> Option<impl Stream<Item = Result<Event, Infallible>> + Send + use<>> {
        let slot = Arc::clone(&self.slots).try_acquire_owned().ok()?;
        let stream = EventStream {
            epoch: self.epoch,
            seen: since.and_then(|id| self.number_of(id)),
            is_new: true,
            revisions: self.revisions.clone(),
            stopping: self.stopping.clone(),
            _slot: slot,
        };
        Some(unfold(stream, |mut stream| async move {
            let event = stream.next().await?;
            Some((Ok(event), stream))
        }))
    }

    /// Returns the number of an id of this process.
    fn number_of(&self, id: &str) -> Option<u64> {
        let (epoch, number) = id.rsplit_once('-')?;
        let number = number.parse().ok()?;
        (epoch.parse() == Ok(self.epoch) && number <= self.revisions.borrow().number)
            .then_some(number)
    }
}

/// One stream.
struct EventStream {
    epoch: i64,
    /// The revision that the page has; `None` if it is unknown.
    seen: Option<u64>,
    is_new: bool,
    revisions: watch::Receiver<Revision>,
    stopping: watch::Receiver<bool>,
    _slot: OwnedSemaphorePermit,
}

impl EventStream {
    /// Waits for the next event; `None` at the end.
    async fn next(&mut self) -> Option<Event> {
        if std::mem::take(&mut self.is_new) {
            return Some(Event::default().retry(RETRY));
        }
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            let revision = self.revisions.borrow_and_update().clone();
            if self.seen != Some(revision.number) {
                let event = self.event(&revision);
                self.seen = Some(revision.number);
                return Some(event);
            }
            tokio::select! {
                changed = self.revisions.changed() => changed.ok()?,
                stopped = self.stopping.changed() => stopped.ok()?,
            }
        }
    }

    fn event(&self, revision: &Revision) -> Event {
        let changed = self.seen.map(|seen| {
            let keys = revision.estates.iter();
            let keys = keys.filter(|(_, changed)| **changed > seen);
            keys.map(|(key, _)| key.as_str()).collect::<Vec<_>>()
        });
        // Without a list, any estate may have changed.
        let named = changed.filter(|keys| keys.len() <= MAX_NAMED);
        let data = json!({ "generation": revision.number, "estates": named });
        Event::default()
            .id(format!("{}-{}", self.epoch, revision.number))
            .event("changed")
            .data(data.to_string())
    }
}
