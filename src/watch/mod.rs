//! Checking on a schedule: the times, the state that pages and metrics show, and the server of both.

mod http;
mod scheduler;
mod service;
mod signature;
mod state;
mod store_link;
mod summary;

pub use http::{Server, ServerOptions, WatchClock, schema, start};
pub use scheduler::{CheckEnd, DueCheck, Scheduler};
pub use service::{
    EstateChecker, FinishedCheck, MadeCheck, Service, ServiceEnd, ServiceSignal, stop_signal,
};
pub use signature::files_signature;
pub use state::{
    CheckOutcome, EstateView, LastCheck, SharedState, TargetView, WatchState, WatchUpdates,
};
pub use store_link::{CheckedResult, StoreLink};
pub use summary::CheckSummary;
