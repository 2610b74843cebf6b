//! Checking on a schedule: the times, the state that pages and metrics show, and the server of both.

mod scheduler;
mod signature;
mod state;
mod store_link;

pub use scheduler::{CheckEnd, DueCheck, Scheduler};
pub use signature::files_signature;
pub use store_link::{CheckedResult, StoreLink};
pub use state::{
    CheckOutcome, EstateView, LastCheck, SharedState, TargetView, WatchState, WatchUpdates,
};
