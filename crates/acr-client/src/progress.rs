//! How far a reading is, for whoever waits for it.

use std::sync::atomic::{AtomicUsize, Ordering};

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
}

impl Counters {
    /// So many more instances are to be read.
    pub(super) fn instances(&self, count: usize) {
        self.instances.fetch_add(count, Ordering::Relaxed);
    }

    /// An instance is done.
    pub(super) fn instance_done(&self) {
        self.instances_done.fetch_add(1, Ordering::Relaxed);
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
