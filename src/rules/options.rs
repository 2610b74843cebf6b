//! Options of loading.

use std::fmt;

use jiff::civil::Date;

use super::hosts::AllowedHosts;
use super::interpolate::EnvironmentValue;

/// An environment variable by its name, as `${env.NAME}` asks for it.
pub type Variables<'a> = &'a dyn Fn(&str) -> EnvironmentValue;

/// Limits on rules files, and the environment that they may read.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The environment that fills in `${env.NAME}`.
    pub variables: Variables<'a>,
    /// Hosts that `endpoint:` may name besides those of Alibaba Cloud and this machine. `None` allows every host: for
    /// files whose endpoints receive no request.
    pub allowed_hosts: Option<&'a AllowedHosts>,
    /// The longest time of a waiver.
    pub waiver_limit: Option<WaiverLimit>,
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("allowed_hosts", &self.allowed_hosts)
            .field("waiver_limit", &self.waiver_limit)
            .finish_non_exhaustive()
    }
}

impl<'a> Options<'a> {
    /// Returns options without limits.
    #[must_use]
    pub fn new(variables: Variables<'a>) -> Self {
        Self {
            variables,
            allowed_hosts: None,
            waiver_limit: None,
        }
    }

    /// Returns options without limits and without environment variables.
    #[must_use]
    pub fn without_variables() -> Self {
        Self::new(&|_| EnvironmentValue::Unset)
    }
}

/// The longest time of a waiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaiverLimit {
    /// The day from which days are counted.
    pub today: Date,
    /// The most days until a waiver expires.
    pub days: i32,
}
