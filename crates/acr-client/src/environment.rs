//! The clock, random numbers, environment variables and home folder that the client uses.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::request_log::RequestObserver;
use super::variables::reads_variable;

/// A lookup of an environment variable.
type VariableFn = dyn Fn(&str) -> Option<String> + Send + Sync;

/// A registry of secrets, from which an output can redact them.
pub trait SecretSink: Send + Sync {
    /// Registers a secret.
    fn add(&self, secret: &str);

    /// Registers the value of a key, such as one of a configuration file, if the name of the key suggests a secret.
    fn add_named(&self, key: &str, value: &str);
}

/// Registers nothing.
impl SecretSink for () {
    fn add(&self, _secret: &str) {}

    fn add_named(&self, _key: &str, _value: &str) {}
}

/// The inputs of the client from outside the program. Tests replace them.
#[derive(Clone)]
pub struct Environment {
    /// The current time, for the dates of requests and the expiry of tokens.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Returns 128 unpredictable bits, for nonces and the jitter of waits. The low 32 bits must be uniform. A version 4
    /// UUID is suitable.
    pub random: Arc<dyn Fn() -> u128 + Send + Sync>,
    /// Returns an environment variable.
    pub variable: Arc<VariableFn>,
    /// The home folder, if there is one.
    pub home: Option<PathBuf>,
    /// Receives every key, token and password that the client reads or is given.
    pub secrets: Arc<dyn SecretSink>,
    /// Receives every request that is sent.
    pub requests: Arc<dyn RequestObserver>,
}

impl Environment {
    /// Returns an environment variable that is [listed](reads_variable) and not blank.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        if !reads_variable(name) {
            return None;
        }
        (self.variable)(name).filter(|value| !value.trim().is_empty())
    }

    /// Returns whether a variable is `true`, in any case, as the SDKs read their switches.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.variable(name)
            .is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment").finish_non_exhaustive()
    }
}
