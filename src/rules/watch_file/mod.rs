//! The operator's file `watch.yaml`: estates with their schedules, the store, the page, and the targets of notifications.

mod estate;
mod target;

pub use estate::{Schedule, WatchedEstate};
pub use target::{NotifyEvent, NotifyTarget, TargetKind};
