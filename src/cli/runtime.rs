//! The runtime of the commands that call services.

use std::future::Future;

use tokio::runtime::Runtime;

use super::failure::Failure;
use super::signals::Signals;
use crate::i18n::Message;

/// Starts a runtime.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Message::runtime_unavailable(Message::from_io(&error))))
}

/// Runs a future to its end, or until a signal interrupts it.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = runtime()?;
    let result = block_on_in(&runtime, work);
    runtime.shutdown_background();
    result
}

/// Runs a future on a runtime, to its end or until a signal interrupts it.
pub(super) fn block_on_in<T>(
    runtime: &Runtime,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    runtime.block_on(async {
        let mut signals = listen()?;
        tokio::select! {
            result = work => result,
            () = signals.received() => Err(Failure::interrupted()),
        }
    })
}

/// Installs the handlers of the signals that end a run; needs a runtime.
pub(super) fn listen() -> Result<Signals, Failure> {
    Signals::listen().map_err(|error| Failure::new(Message::signals_unavailable(error.to_string())))
}
