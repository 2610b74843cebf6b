//! The progress of a run, for display.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The progress of the readings of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// The number of instances to read.
    pub instances: usize,
    /// The number of instances that are read or failed.
    pub instances_done: usize,
    /// The number of pages, as far as known.
    pub pages: usize,
    /// The number of pages received.
    pub pages_done: usize,
}

/// The counters behind [`Progress`].
#[derive(Debug, Default)]
pub(crate) struct Counters {
    instances: AtomicUsize,
    instances_done: AtomicUsize,
    pages: AtomicUsize,
    pages_done: AtomicUsize,
}

impl Counters {
    /// Adds instances to read.
    pub(crate) fn add_instances(&self, count: usize) {
        self.instances.fetch_add(count, Ordering::Relaxed);
    }

    /// Counts an instance as done.
    pub(crate) fn instance_done(&self) {
        self.instances_done.fetch_add(1, Ordering::Relaxed);
    }

    /// Adds pages to receive.
    pub(crate) fn add_pages(&self, count: u32) {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.pages.fetch_add(count, Ordering::Relaxed);
    }

    /// Counts a page as received.
    pub(crate) fn page_done(&self) {
        self.pages_done.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the current progress.
    pub(crate) fn progress(&self) -> Progress {
        Progress {
            instances: self.instances.load(Ordering::Relaxed),
            instances_done: self.instances_done.load(Ordering::Relaxed),
            pages: self.pages.load(Ordering::Relaxed),
            pages_done: self.pages_done.load(Ordering::Relaxed),
        }
    }
}
