//! Checking on a schedule: the times, the state that pages and metrics show, and the server of both.

mod scheduler;
mod state;

pub use scheduler::{CheckEnd, DueCheck, Scheduler};
pub use state::{
    CheckOutcome, EstateView, LastCheck, SharedState, TargetView, WatchState, WatchUpdates,
};
