//! The parts of a context that the checks of one process share; each check has a context of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use acr_client::RequestLimits;
use tokio::sync::watch;

use super::{Clock, Context};
use crate::cli::console::Verbosity;
use crate::cli::git::DiscoveredRepository;
use crate::cli::terminal::{Terminal, TextLayout};
use crate::redaction::SecretRegistry;
use crate::report::{Mask, Style};
use crate::rules::AllowedHosts;

/// The environment, clock and secrets of a process, without its streams.
#[derive(Clone)]
pub(in crate::cli) struct SharedContext {
    vars: Arc<BTreeMap<String, String>>,
    opaque_vars: BTreeMap<String, OsString>,
    clock: Clock,
    allowed_hosts: AllowedHosts,
    secrets: SecretRegistry,
    allowed_variables: BTreeSet<String>,
    is_masked: bool,
    verbosity: Verbosity,
    limits: RequestLimits,
    stopping: watch::Receiver<bool>,
}

/// The messages of a check, in memory. A clone shares them.
#[derive(Debug, Clone, Default)]
pub(in crate::cli) struct CheckLog(Arc<Mutex<Vec<u8>>>);

impl CheckLog {
    /// Returns the messages: redacted, and safe for a terminal.
    pub(in crate::cli) fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for CheckLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        /// The most bytes that are kept of one check.
        const MOST: usize = 1 << 20;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MOST {
            kept.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Context {
    /// Returns the parts that checks share, with the limits on their requests. `stopping` becomes true to interrupt them.
    pub(in crate::cli) fn share(
        &self,
        limits: RequestLimits,
        stopping: watch::Receiver<bool>,
    ) -> SharedContext {
        SharedContext {
            vars: Arc::clone(&self.vars),
            opaque_vars: self.opaque_vars.clone(),
            clock: Arc::clone(&self.clock),
            allowed_hosts: self.allowed_hosts.clone(),
            secrets: self.secrets.clone(),
            allowed_variables: self.allowed_variables.clone(),
            is_masked: self.mask.is_some(),
            verbosity: self.verbosity,
            limits,
            stopping,
        }
    }
}

impl SharedContext {
    /// Returns the context of a check that starts now. Its messages are kept in the log; it has no other stream.
    pub(in crate::cli) fn start(&self, log: CheckLog) -> Context {
        let style = Style::default();
        Context {
            vars: Arc::clone(&self.vars),
            opaque_vars: self.opaque_vars.clone(),
            clock: Arc::clone(&self.clock),
            stdin: Box::new(io::empty()),
            stdout: Box::new(io::sink()),
            stderr: Box::new(log),
            stdout_terminal: Terminal::default(),
            stderr_terminal: Terminal::default(),
            has_progress_line: false,
            started: Instant::now(),
            started_ms: (self.clock)().as_millisecond(),
            style,
            error_style: style,
            layout: TextLayout::default(),
            error_layout: TextLayout::default(),
            verbosity: self.verbosity,
            mask: self.is_masked.then(Mask::default),
            arguments: Vec::new(),
            allowed_hosts: self.allowed_hosts.clone(),
            repository: DiscoveredRepository::new(),
            secrets: self.secrets.clone(),
            allowed_variables: self.allowed_variables.clone(),
            limits: Some(self.limits.clone()),
            stopping: Some(self.stopping.clone()),
        }
    }

    /// Returns the same parts for checks that another sender interrupts.
    pub(in crate::cli) fn interrupted_by(&self, stopping: watch::Receiver<bool>) -> Self {
        Self {
            stopping,
            ..self.clone()
        }
    }

    /// Returns the limits on the requests of all checks.
    pub(in crate::cli) const fn limits(&self) -> &RequestLimits {
        &self.limits
    }

    /// Returns whether checks print everything.
    pub(in crate::cli) fn is_verbose(&self) -> bool {
        self.verbosity >= Verbosity::Verbose
    }

    /// Returns the current time, epoch milliseconds.
    pub(in crate::cli) fn now_ms(&self) -> i64 {
        (self.clock)().as_millisecond()
    }
}
