//! How far a reading is, for whoever waits for it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// How far the readings of a client are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Instances that are to be read.
    pub instances: usize,
    /// Those that are done, whatever came of them.
    pub instances_done: usize,
    /// Pages, as far as it is known how many there are.
    pub pages: usize,
    /// Those that came.
    pub pages_done: usize,
}

/// The running counts.
#[derive(Debug, Default)]
pub(super) struct Counters {
    instances: AtomicUsize,
    instances_done: AtomicUsize,
    pages: AtomicUsize,
    pages_done: AtomicUsize,
    done: Mutex<Vec<Done>>,
}

/// An instance that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// `InstanceId`.
    pub instance_id: Box<str>,
    /// Whether it was asked: not where there was nothing to ask with.
    pub was_asked: bool,
}

impl Counters {
    /// So many more instances are to be read.
    pub(super) fn instances(&self, count: usize) {
        self.instances.fetch_add(count, Ordering::Relaxed);
    }

    /// An instance is done.
    pub(super) fn instance_done(&self, instance_id: &str, requests: u32) {
        let done = Done {
            instance_id: instance_id.into(),
            was_asked: requests > 0,
        };
        self.done
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(done);
        self.instances_done.fetch_add(1, Ordering::Relaxed);
    }

    /// Those that are done.
    pub(super) fn done(&self) -> Vec<Done> {
        self.done
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// So many more pages are known to be there.
    pub(super) fn pages(&self, count: u32) {
        self.pages.fetch_add(
            usize::try_from(count).unwrap_or(usize::MAX),
            Ordering::Relaxed,
        );
    }

    /// A page came.
    pub(super) fn page_done(&self) {
        self.pages_done.fetch_add(1, Ordering::Relaxed);
    }

    /// The counts as they are now.
    pub(super) fn read(&self) -> Progress {
        let [instances, instances_done, pages, pages_done] = [
            &self.instances,
            &self.instances_done,
            &self.pages,
            &self.pages_done,
        ]
        .map(|it| it.load(Ordering::Relaxed));
        Progress {
            instances,
            instances_done,
            pages,
            pages_done,
        }
    }
}
