//! Checking on a schedule: the times, the state that pages and metrics show, and the server of both.

mod http;
mod state;
mod summary;

pub use http::{Server, ServerOptions, StoreOpener, WatchClock, schema, start};
pub use state::{
    CheckOutcome, EstateView, LastCheck, SharedState, TargetView, WatchState, WatchUpdates,
};
pub use summary::CheckSummary;
