//! The operator's file `watch.yaml`: estates with their schedules, the store, the page, and the targets of notifications.
//!
//! It is no rules file: `url`, `secret` and `store` may come from the environment, and their values are secrets.

mod estate;
mod raw;
mod read;
mod schedule;
mod target;
mod values;

pub use estate::WatchedEstate;
pub use raw::watch_schema;
pub use read::{WatchFile, load_watch_file};
pub use schedule::{CronSchedule, Schedule};
pub use target::{NotifyEvent, NotifyTarget, TargetKind};
pub use values::{WatchFileOptions, parse_interval};
