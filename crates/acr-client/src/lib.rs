//! Reads the sync rules of Alibaba Cloud Container Registry (ACR) Enterprise Edition instances through the API.
//!
//! [`Client::read`] lists the rules of all instances concurrently, with signed requests, retries within a time
//! [`Budget`] and an adaptive limit per endpoint. Each instance has its own [`Listing`] with a status, so the failure
//! of one does not affect the others. [`Client::confirm`] checks differences with filtered requests before they are
//! reported, since a listing with consistent counts can still lack a rule.
//!
//! The client only reads: it calls `ListRepoSyncRule` and `ListInstance` of the registry, `LookupEvents` of ActionTrail,
//! and `AssumeRole`, `AssumeRoleWithOIDC` and `GetCallerIdentity` of the security token service. The clock, random numbers, environment
//! variables and home folder come from an [`Environment`], which tests replace. Dropping the future of a call cancels
//! it.
//!
//! ```no_run
//! # async fn run(environment: acr_client::Environment) -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//!
//! use acr_client::credentials::Identity;
//! use acr_client::{Budget, Client, Options, Target};
//!
//! let client = Client::new(Options::default(), environment)?;
//! let target = Target {
//!     instance_id: "cri-shanghai00000001".into(),
//!     region: "cn-shanghai".into(),
//!     endpoint: None,
//!     identity: Identity::default(),
//! };
//! let budget = Budget::starting_now(Duration::from_secs(60));
//! for listing in client.read(&[target], budget).await? {
//!     println!("{}: {:?}, {} rules", listing.instance_id, listing.status, listing.rules.len());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! `cargo run -p acr-client --example list` reads an emulator.
//!
//! # Types
//!
//! | type | purpose |
//! |---|---|
//! | [`Client`], [`Options`], [`Environment`] | the client, its configuration and its inputs |
//! | [`Target`], [`credentials::Identity`] | an instance, and the credentials to read it with |
//! | [`RequestLimits`], [`RateLimit`], [`RequestRate`] | the limits on requests, which clients can share |
//! | [`Budget`], [`Backoff`], [`Progress`] | the time of a run, the waits before retries, the progress for display |
//! | [`RequestObserver`], [`SentRequest`] | a log of requests, one entry for each attempt |
//! | [`Confirmation`], [`Assertion`] | a difference to confirm before it is reported |
//! | [`EventSpan`], [`EventLookup`] | a time span of events of one name, and the events that were found |
//! | [`PagedResponse`], [`ProbeResult`] | the unmodified responses to a query; the diagnosis of a connection |
//!
//! # Guarantees
//!
//! - A listing is complete only if its ids are unique and their number equals a `TotalCount` that all pages share.
//! - With a [`RateLimit`], no second has more requests for an account than permitted, retries included.
//! - Each attempt of a request has its own date, nonce and signature. Throttled requests are retried until the budget
//!   ends, and the limit of their endpoint is halved.
//! - A signed request goes to the configured endpoint only: redirects are not followed, and plain HTTP is for loopback.
//! - Secrets are never part of a message or a `Debug` output. A broken source of credentials is an error; the next one
//!   could have the permissions of another user.
//! - Responses, listings, files and the output of programs have a maximum size.
//!
//! # Data flow
//!
//! `reader` (a listing, then a page) → `retry_loop` (a call with retries) → `signing` → `transport` (one HTTP
//! exchange). `limiter`, `rate` and `retry` decide without I/O. [`credentials`] provides the access keys.

mod bounded_read;
mod budget;
mod call_failure;
mod clock;
mod confirmation;
pub mod credentials;
mod endpoint;
mod environment;
mod event_lookup;
mod failure;
mod instances;
mod limiter;
mod limits;
mod options;
mod pace;
mod probe;
mod progress;
mod rate;
mod reader;
mod remedy;
mod request_log;
mod retry;
mod retry_loop;
mod signing;
mod target;
#[cfg(test)]
mod testing;
mod transport;
mod variables;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use acr_api::{
    Listing, PageQuery, public_endpoint, public_trail_endpoint, vpc_endpoint, vpc_trail_endpoint,
};
use futures_util::future::join_all;

use self::credentials::{Caller, Credentials, CredentialsCache, CredentialsError, Identity};
use self::endpoint::ServiceUrl;
use self::pace::CallPace;
use self::progress::Counters;
use self::reader::{EndpointState, InstanceReader};
use self::transport::Transport;

pub use self::bounded_read::{FileError, SystemFailure, TextFileProblem};
pub use self::budget::Budget;
pub use self::call_failure::{
    CallAdvice, CallFailure, FailureCause, RefusedCall, RefusedRequest, RequestQueue, RetrySummary,
    StopReason,
};
pub use self::confirmation::{Assertion, Confirmation};
pub use self::endpoint::{EndpointError, EndpointProblem};
pub use self::environment::{Environment, SecretSink};
pub use self::event_lookup::{EventLookup, EventProblem, EventSpan, LookupEnd};
pub use self::limits::RequestLimits;
pub use self::options::{Network, Options};
pub use self::probe::{EndpointInfo, ProbeResult};
pub use self::progress::Progress;
pub use self::rate::{RateLimit, RequestRate};
pub use self::reader::paged_response::PagedResponse;
pub use self::reader::problem::{ListingContradiction, ListingProblem};
pub use self::remedy::CallRemedy;
pub use self::request_log::{RequestObserver, SentRequest};
pub use self::retry::Backoff;
pub use self::target::Target;
pub use self::transport::{
    CaFileProblem, ConnectionCause, ProxyError, ProxyHint, ProxyProblem, ProxyRefusal,
    RedirectSetting, SetupError, TlsProblem, TlsRemedy, TransportError,
};
pub use self::variables::reads_variable;

/// Reads instances. Connections, limits and credentials are kept for all calls of a client.
#[derive(Debug)]
pub struct Client {
    options: Options,
    environment: Environment,
    transport: Arc<Transport>,
    credentials_cache: CredentialsCache,
    limits: RequestLimits,
    counters: Counters,
    /// The pace of calls of `LookupEvents`.
    event_pace: CallPace,
}

impl Client {
    /// Returns a client. No request is sent yet.
    ///
    /// # Errors
    ///
    /// An environment variable has an invalid proxy, or the file of certificates is unusable.
    pub fn new(options: Options, environment: Environment) -> Result<Self, SetupError> {
        let transport = Arc::new(Transport::new(options.clone(), &environment)?);
        let credentials_cache =
            CredentialsCache::new(options.clone(), environment.clone(), Arc::clone(&transport));
        let limits = RequestLimits::new(options.parallelism);
        limits.set_rate(options.rate);
        Ok(Self {
            credentials_cache,
            transport,
            limits,
            counters: Counters::default(),
            event_pace: CallPace::new(options.lookups_per_second),
            options,
            environment,
        })
    }

    /// Returns the client with limits that other clients share.
    #[must_use]
    pub fn with_limits(self, limits: RequestLimits) -> Self {
        Self { limits, ..self }
    }

    /// Lists all rules of the targets concurrently. Returns one [`Listing`] per target, in the same order; a failure is
    /// part of the listing.
    ///
    /// # Errors
    ///
    /// No target has credentials, or the configuration of some is broken. No request was sent to the registry.
    pub async fn read(
        &self,
        targets: &[Target],
        budget: Budget,
    ) -> Result<Vec<Listing<CallFailure>>, CredentialsError> {
        let all_rules = PageQuery::default();
        let responses = self.for_each_target(targets, budget, async |target| {
            self.query_target(target, &all_rules, false, budget).await
        });
        let responses = responses.await?;
        let listings = targets.iter().zip(responses);
        Ok(listings
            .map(|(target, response)| response.into_listing(target))
            .collect())
    }

    /// Sends a query to all targets, for one page or for all, and returns the unmodified responses. The instance of the
    /// query is replaced by that of each target.
    ///
    /// # Errors
    ///
    /// As for [`Client::read`].
    pub async fn list(
        &self,
        targets: &[Target],
        query: &PageQuery,
        budget: Budget,
    ) -> Result<Vec<PagedResponse>, CredentialsError> {
        self.for_each_target(targets, budget, async |target| {
            self.query_target(target, query, true, budget).await
        })
        .await
    }

    /// Returns the progress of the calls of this client.
    pub fn progress(&self) -> Progress {
        self.counters.progress()
    }

    /// Returns the credentials of an identity.
    ///
    /// # Errors
    ///
    /// No credentials are configured, or their source does not answer.
    pub async fn credentials(
        &self,
        identity: &Identity,
        budget: Budget,
    ) -> Result<Arc<Credentials>, CredentialsError> {
        self.credentials_cache.get(identity, "", budget).await
    }

    /// Returns the credentials of a target. Inside a VPC, roles are assumed at the security token service of its
    /// region.
    ///
    /// # Errors
    ///
    /// No credentials are configured, or their source does not answer.
    pub async fn credentials_for(
        &self,
        target: &Target,
        budget: Budget,
    ) -> Result<Arc<Credentials>, CredentialsError> {
        self.credentials_cache
            .get(&target.identity, &target.region, budget)
            .await
    }

    /// Returns the endpoint of the security token service for a target.
    pub fn sts_endpoint(&self, target: &Target) -> String {
        self.credentials_cache.sts_endpoint(&target.region)
    }

    /// Returns the account and user of an identity's credentials.
    ///
    /// # Errors
    ///
    /// There are no credentials, or the security token service refuses them.
    pub async fn caller(
        &self,
        identity: &Identity,
        budget: Budget,
    ) -> Result<Caller, CredentialsError> {
        self.credentials_cache.caller(identity, "", budget).await
    }

    /// Returns the account and user of a target's credentials. Inside a VPC, the request goes to the security token
    /// service of its region.
    ///
    /// # Errors
    ///
    /// As for [`Client::caller`].
    pub async fn caller_for(
        &self,
        target: &Target,
        budget: Budget,
    ) -> Result<Caller, CredentialsError> {
        self.credentials_cache
            .caller(&target.identity, &target.region, budget)
            .await
    }

    /// Runs an operation concurrently for all targets that have credentials.
    async fn for_each_target(
        &self,
        targets: &[Target],
        budget: Budget,
        operation: impl AsyncFn(&Target) -> PagedResponse,
    ) -> Result<Vec<PagedResponse>, CredentialsError> {
        let credentials = targets.iter().map(|target| {
            self.credentials_cache
                .get(&target.identity, &target.region, budget)
        });
        let credentials = join_all(credentials).await;
        if let Some(error) = fatal_error(&credentials) {
            return Err(error.clone());
        }
        self.counters.add_instances(targets.len());
        let responses = targets
            .iter()
            .zip(credentials)
            .map(async |(target, credentials)| {
                let response = match credentials {
                    Ok(_) => operation(target).await,
                    Err(error) => PagedResponse::failed(failure::credentials_failure(&error)),
                };
                self.counters.instance_done();
                response
            });
        Ok(join_all(responses).await)
    }

    async fn query_target(
        &self,
        target: &Target,
        query: &PageQuery,
        keeps_bodies: bool,
        budget: Budget,
    ) -> PagedResponse {
        let query = PageQuery {
            instance_id: target.instance_id.to_string(),
            ..query.clone()
        };
        let reader = match self.reader(target, budget) {
            Ok(reader) => reader,
            Err(error) => return PagedResponse::failed(failure::endpoint_failure(error)),
        };
        let reader = InstanceReader {
            keeps_bodies,
            ..reader
        };
        reader.query(&query).await
    }

    fn reader<'a>(
        &'a self,
        target: &'a Target,
        budget: Budget,
    ) -> Result<InstanceReader<'a>, EndpointError> {
        let region = target.region.trim();
        let default = match self.options.network {
            Network::Public => public_endpoint(region),
            Network::Vpc => vpc_endpoint(region),
        };
        self.reader_at(&default, target, budget)
    }

    /// Returns a reader of ActionTrail in the region of a target.
    fn trail_reader<'a>(
        &'a self,
        target: &'a Target,
        budget: Budget,
    ) -> Result<InstanceReader<'a>, EndpointError> {
        let region = target.region.trim();
        let default = match self.options.network {
            Network::Public => public_trail_endpoint(region),
            Network::Vpc => vpc_trail_endpoint(region),
        };
        self.reader_at(&default, target, budget)
    }

    /// Returns a reader of the endpoint of a target, or of the default one.
    fn reader_at<'a>(
        &'a self,
        default_endpoint: &str,
        target: &'a Target,
        budget: Budget,
    ) -> Result<InstanceReader<'a>, EndpointError> {
        let Options {
            insecure_http,
            parallelism,
            page_size,
            ..
        } = self.options;
        let endpoint = target.endpoint.as_deref().unwrap_or(default_endpoint);
        let url = ServiceUrl::parse(endpoint, insecure_http)?;
        let key = (url, target.identity.clone());
        let endpoint = self.limits.endpoint(key, |(url, identity)| {
            let (url, identity) = (url.clone(), identity.clone());
            EndpointState::new(url, identity, parallelism.get(), page_size)
        });
        Ok(InstanceReader {
            client: self,
            endpoint,
            target,
            budget,
            keeps_bodies: false,
            requests: AtomicU32::new(0),
        })
    }
}

/// Returns the error that prevents all requests: a broken configuration, or the lack of any.
fn fatal_error(
    credentials: &[Result<Arc<Credentials>, CredentialsError>],
) -> Option<&CredentialsError> {
    let errors: Vec<_> = credentials
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect();
    if let Some(broken) = errors.iter().find(|error| error.is_broken()) {
        return Some(broken);
    }
    let is_local = errors.iter().all(|error| error.is_local());
    if is_local && errors.len() == credentials.len() {
        return errors.first().copied();
    }
    None
}
