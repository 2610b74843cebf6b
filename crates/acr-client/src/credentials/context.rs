//! The dependencies of providers that send requests.

use std::sync::Arc;

use crate::budget::Budget;
use crate::clock::ServiceClock;
use crate::environment::Environment;
use crate::options::{Network, Options};
use crate::retry_loop::RetryPolicy;
use crate::transport::Transport;

/// The dependencies of providers that send requests.
#[derive(Debug)]
pub(super) struct FetchContext {
    pub(super) options: Options,
    pub(super) environment: Environment,
    pub(super) transport: Arc<Transport>,
    /// The clock of the security token service.
    pub(super) sts_clock: ServiceClock,
}

impl FetchContext {
    /// Returns the retry policy for one request.
    pub(super) fn retry_policy(&self, budget: Budget) -> RetryPolicy<'_> {
        RetryPolicy {
            budget,
            backoff: self.options.backoff,
            environment: &self.environment,
        }
    }

    /// Returns the default region of the security token service for an instance in `region`: inside a VPC the same
    /// region, since the global endpoint is on the internet.
    pub(super) fn sts_region<'a>(&self, region: &'a str) -> Option<&'a str> {
        let region = region.trim();
        let is_vpc = self.options.network == Network::Vpc;
        (is_vpc && !region.is_empty()).then_some(region)
    }
}
