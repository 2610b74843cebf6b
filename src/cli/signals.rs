//! The signals that end the program: SIGINT and SIGTERM, or Ctrl-C on Windows.

use std::io;

use crate::watch::ServiceSignal;

/// The handlers of the signals.
#[derive(Debug)]
pub(super) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl Signals {
    /// Installs the handlers; needs a runtime.
    pub(super) fn listen() -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }
        #[cfg(windows)]
        Ok(Self {
            interrupt: tokio::signal::windows::ctrl_c()?,
        })
    }

    /// Waits for one of them.
    pub(super) async fn received(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(windows)]
        let _ = self.interrupt.recv().await;
    }
}

/// The handlers of the signals of `crdrift watch`: SIGHUP too.
#[derive(Debug)]
pub(super) struct ServiceSignals {
    stop: Signals,
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
}

impl ServiceSignals {
    /// Installs the handlers; needs a runtime.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            stop: Signals::listen()?,
            #[cfg(unix)]
            hangup: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())?,
        })
    }

    /// Waits for one of them.
    pub(super) async fn received(&mut self) -> ServiceSignal {
        #[cfg(unix)]
        tokio::select! {
            () = self.stop.received() => ServiceSignal::Stop,
            _ = self.hangup.recv() => ServiceSignal::Reload,
        }
        #[cfg(not(unix))]
        {
            self.stop.received().await;
            ServiceSignal::Stop
        }
    }
}
