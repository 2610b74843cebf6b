//! The live side: reads the sync rules of many instances through the API, side by side.
//!
//! [`Client::read`] lists every instance, and [`Client::confirm`] asks again before anything is reported missing
//! or unmanaged. Nothing here writes: the registry is asked for `ListRepoSyncRule` and `ListInstance` alone, the security
//! token service for sessions and identities. Async lives here; dropping the future of a reading stops it.
//!
//! A reading goes through `pages` (a listing, whole or not) → `call` (one page, as often as it takes) →
//! `transport` (one request). `limiter` and `retry` decide, and do nothing else. [`credentials`] finds what to
//! sign with.

mod answers;
mod call;
mod clock;
mod confirm;
pub mod credentials;
mod endpoint;
mod failure;
mod file;
mod instances;
mod limiter;
mod options;
mod page_contract;
mod pages;
mod persist;
mod probe;
mod progress;
mod reader;
mod retry;
mod sign;
#[cfg(test)]
mod testing;
mod transport;
mod variables;
mod volume;

use std::collections::HashMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError};

use acr_api::{Listing, PageQuery, public_endpoint, vpc_endpoint};
use futures_util::future::join_all;
use tokio::sync::Semaphore;

use self::credentials::{Caller, Credentials, CredentialsError, Identity, Keyring};
use self::endpoint::{EndpointError, ServiceUrl};
use self::progress::Counters;
use self::reader::{Lane, Reader};
use self::transport::Transport;

pub use self::answers::Answers;
pub use self::confirm::{Claim, Question};
pub use self::options::{Budget, Network, Options, Outside, SecretSink, Target};
pub use self::probe::{Probe, Way};
pub use self::progress::Progress;
pub use self::retry::Backoff;
pub use self::transport::{ProxyError, SetupError};
pub use self::variables::reads_variable;

/// Reads instances. One client serves a whole run: connections, limits and credentials are kept in it.
#[derive(Debug)]
pub struct Client {
    options: Options,
    outside: Outside,
    transport: Arc<Transport>,
    keyring: Keyring,
    /// The global bound on requests under way.
    slots: Semaphore,
    counters: Counters,
    lanes: Mutex<HashMap<(ServiceUrl, Identity), Arc<Lane>>>,
}

impl Client {
    /// A client that has asked nobody anything yet.
    ///
    /// # Errors
    ///
    /// The environment names a proxy that is none, or the file of certificates cannot be used.
    pub fn new(options: Options, outside: Outside) -> Result<Self, SetupError> {
        let transport = Arc::new(Transport::new(options.clone(), &outside)?);
        Ok(Self {
            keyring: Keyring::new(options.clone(), outside.clone(), Arc::clone(&transport)),
            transport,
            slots: Semaphore::new(options.parallelism.get()),
            counters: Counters::default(),
            lanes: Mutex::default(),
            options,
            outside,
        })
    }

    /// Lists every target: all side by side, one [`Listing`] each, in the same order. What cannot be read says
    /// so in its listing and costs the others nothing.
    ///
    /// # Errors
    ///
    /// There are credentials for none of the targets, or a configuration of credentials is broken. No request was sent to
    /// any of them.
    pub async fn read(
        &self,
        targets: &[Target],
        budget: Budget,
    ) -> Result<Vec<Listing>, CredentialsError> {
        let everything = PageQuery::default();
        let answers = self.ask(targets, budget, async |target| {
            self.answers(target, &everything, false, budget).await
        });
        let answers = answers.await?;
        Ok(targets
            .iter()
            .zip(answers)
            .map(|(target, answers)| answers.into_listing(target))
            .collect())
    }

    /// Asks every target as the API is asked by hand: with filters, for one page or for all of them. The answers
    /// are kept as they came. The query's instance is each target's own.
    ///
    /// # Errors
    ///
    /// As for [`Client::read`].
    pub async fn list(
        &self,
        targets: &[Target],
        query: &PageQuery,
        budget: Budget,
    ) -> Result<Vec<Answers>, CredentialsError> {
        self.ask(targets, budget, async |target| {
            self.answers(target, query, true, budget).await
        })
        .await
    }

    /// How far the readings of this client are.
    pub fn progress(&self) -> Progress {
        self.counters.read()
    }

    /// An identity's credentials, which show where they come from and nothing of what they are.
    ///
    /// # Errors
    ///
    /// There are none.
    pub async fn credentials(
        &self,
        identity: &Identity,
        budget: Budget,
    ) -> Result<Arc<Credentials>, CredentialsError> {
        self.keyring.get(identity, "", budget).await
    }

    /// Returns the credentials that a target is read with. Inside a VPC, the security token service of its region is
    /// asked.
    ///
    /// # Errors
    ///
    /// There are none.
    pub async fn credentials_for(
        &self,
        target: &Target,
        budget: Budget,
    ) -> Result<Arc<Credentials>, CredentialsError> {
        self.keyring
            .get(&target.identity, &target.region, budget)
            .await
    }

    /// Returns the endpoint that is asked for the owner of the credentials of a target.
    pub fn sts_endpoint(&self, target: &Target) -> String {
        self.keyring.sts_endpoint(&target.region)
    }

    /// Whose credentials an identity's are: the account, for targets that declare theirs.
    ///
    /// # Errors
    ///
    /// There are no such credentials, or the security token service does not know them.
    pub async fn caller(
        &self,
        identity: &Identity,
        budget: Budget,
    ) -> Result<Caller, CredentialsError> {
        self.keyring.caller(identity, "", budget).await
    }

    /// Returns the account and the user of the credentials that a target is read with. Inside a VPC, the security token
    /// service of its region is asked.
    ///
    /// # Errors
    ///
    /// As for [`Client::caller`].
    pub async fn caller_for(
        &self,
        target: &Target,
        budget: Budget,
    ) -> Result<Caller, CredentialsError> {
        self.keyring
            .caller(&target.identity, &target.region, budget)
            .await
    }

    /// Does something for every target that there are credentials for, all side by side.
    async fn ask(
        &self,
        targets: &[Target],
        budget: Budget,
        ask: impl AsyncFn(&Target) -> Answers,
    ) -> Result<Vec<Answers>, CredentialsError> {
        let credentials = targets
            .iter()
            .map(|target| self.keyring.get(&target.identity, &target.region, budget));
        let credentials = join_all(credentials).await;
        let errors = || {
            credentials
                .iter()
                .filter_map(|outcome| outcome.as_ref().err())
        };
        let broken = errors().find(|error| error.is_broken());
        let are_all_local = errors().filter(|error| error.is_local()).count() == credentials.len();
        let unconfigured = errors().next().filter(|_| are_all_local);
        if let Some(error) = broken.or(unconfigured) {
            return Err(error.clone());
        }
        self.counters.instances(targets.len());
        let answers = targets
            .iter()
            .zip(credentials)
            .map(async |(target, credentials)| {
                let answers = match credentials {
                    Ok(_) => ask(target).await,
                    Err(error) => Answers::none(failure::credentials(&error)),
                };
                self.counters.instance_done();
                answers
            });
        Ok(join_all(answers).await)
    }

    async fn answers(
        &self,
        target: &Target,
        query: &PageQuery,
        keeps_bodies: bool,
        budget: Budget,
    ) -> Answers {
        let query = PageQuery {
            instance_id: target.instance_id.to_string(),
            ..query.clone()
        };
        match self.reader(target, budget) {
            Ok(reader) => {
                Reader {
                    keeps_bodies,
                    ..reader
                }
                .answers(&query)
                .await
            }
            Err(error) => Answers::none(failure::endpoint(&error)),
        }
    }

    fn reader<'a>(
        &'a self,
        target: &'a Target,
        budget: Budget,
    ) -> Result<Reader<'a>, EndpointError> {
        let Options {
            network,
            insecure_http,
            ..
        } = self.options;
        let region = target.region.trim();
        let service = match (&target.endpoint, network) {
            (Some(endpoint), _) => ServiceUrl::parse(endpoint, insecure_http)?,
            (None, Network::Public) => ServiceUrl::parse(&public_endpoint(region), insecure_http)?,
            (None, Network::Vpc) => ServiceUrl::parse(&vpc_endpoint(region), insecure_http)?,
        };
        let key = (service, target.identity.clone());
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry(key).or_insert_with_key(|(service, identity)| {
            let Options {
                parallelism,
                page_size,
                ..
            } = self.options;
            Arc::new(Lane::new(
                service.clone(),
                identity.clone(),
                parallelism.get(),
                page_size,
            ))
        });
        Ok(Reader {
            client: self,
            lane: Arc::clone(lane),
            target,
            budget,
            keeps_bodies: false,
            requests: AtomicU32::new(0),
        })
    }
}
