//! The live side: reads the sync rules of many instances through the API, side by side.
//!
//! [`Client::read`] lists every instance, and [`Client::confirm`] asks again before anything is reported missing
//! or unmanaged. Nothing here writes: the registry is asked for `ListRepoSyncRule` alone, the security token
//! service for sessions and identities. Async lives here; dropping the future of a reading stops it.
//!
//! A reading goes through `pages` (a listing, whole or not) → `call` (one page, as often as it takes) →
//! `transport` (one request). `limiter` and `retry` decide, and do nothing else. [`credentials`] finds what to
//! sign with.

mod call;
mod clock;
mod confirm;
pub mod credentials;
mod endpoint;
mod failure;
mod file;
mod limiter;
mod options;
mod pages;
mod persist;
mod reader;
mod retry;
mod sign;
#[cfg(test)]
mod testing;
mod transport;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::join_all;
use tokio::sync::Semaphore;

use self::credentials::{Caller, CredentialsError, Identity, Keyring};
use self::endpoint::{EndpointError, ServiceUrl};
use self::pages::{Walk, WalkError};
use self::reader::{Lane, Reader};
use self::transport::Transport;
use crate::acr::{Listing, PageQuery, public_endpoint, vpc_endpoint};
use crate::model::{ReadFailure, ReadStatus};

pub use self::confirm::{Claim, Question};
pub use self::options::{Budget, Network, Options, Outside, Target};
pub use self::retry::Backoff;
pub use self::transport::{ProxyError, SetupError};

/// Reads instances. One client serves a whole run: connections, limits and credentials are kept in it.
#[derive(Debug)]
pub struct Client {
    options: Options,
    outside: Outside,
    transport: Arc<Transport>,
    keyring: Keyring,
    /// The global bound on requests under way.
    slots: Semaphore,
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
    /// There are credentials for none of the targets. No request was sent to any of them.
    pub async fn read(&self, targets: &[Target], budget: Budget) -> Result<Vec<Listing>, CredentialsError> {
        let credentials = targets.iter().map(|target| self.keyring.get(&target.identity, budget));
        let credentials = join_all(credentials).await;
        if credentials.iter().all(|it| it.as_ref().is_err_and(CredentialsError::is_local))
            && let Some(Err(error)) = credentials.first()
        {
            return Err(error.clone());
        }
        let listings = targets.iter().zip(credentials).map(async |(target, credentials)| match credentials {
            Ok(_) => self.list(target, budget).await,
            Err(error) => unread(target, failure::credentials(&error)),
        });
        Ok(join_all(listings).await)
    }

    /// Whose credentials an identity's are: the account, for targets that declare theirs.
    ///
    /// # Errors
    ///
    /// There are no such credentials, or the security token service does not know them.
    pub async fn caller(&self, identity: &Identity, budget: Budget) -> Result<Caller, CredentialsError> {
        self.keyring.caller(identity, budget).await
    }

    /// Lists one target.
    async fn list(&self, target: &Target, budget: Budget) -> Listing {
        match self.reader(target, budget) {
            Ok(reader) => reader.listing().await,
            Err(error) => unread(target, failure::endpoint(&error)),
        }
    }

    fn reader<'a>(&'a self, target: &'a Target, budget: Budget) -> Result<Reader<'a>, EndpointError> {
        let Options { network, insecure_http, .. } = self.options;
        let region = target.region.trim();
        let service = match (&target.endpoint, network) {
            (Some(endpoint), _) => ServiceUrl::parse(endpoint, insecure_http)?,
            (None, Network::Public) => ServiceUrl::parse(&public_endpoint(region), insecure_http)?,
            (None, Network::Vpc) => ServiceUrl::parse(&vpc_endpoint(region), insecure_http)?,
        };
        let key = (service, target.identity.clone());
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry(key).or_insert_with_key(|(service, identity)| {
            let Options { parallelism, page_size, .. } = self.options;
            Arc::new(Lane::new(service.clone(), identity.clone(), parallelism.get(), page_size))
        });
        Ok(Reader { client: self, lane: Arc::clone(lane), target, budget, requests: AtomicU32::new(0) })
    }
}

impl Reader<'_> {
    async fn listing(&self) -> Listing {
        let walk = self.list(&self.query()).await;
        self.concluded(walk)
    }

    /// The query for everything: only the instance, since what the other parameters do is not documented.
    fn query(&self) -> PageQuery {
        PageQuery { instance_id: self.target.instance_id.to_string(), ..PageQuery::default() }
    }

    fn concluded(&self, walk: Walk) -> Listing {
        let Walk { pages, end } = walk;
        let (status, failure) = match end {
            Ok(()) => (ReadStatus::Complete, None),
            Err(WalkError::Call(error)) => {
                let (status, failure) = error.report();
                (status, Some(failure))
            }
            Err(WalkError::Disagreement(what)) => {
                let (status, failure) = failure::inconsistent(&what);
                (status, Some(failure))
            }
        };
        Listing {
            instance_id: self.target.instance_id.clone(),
            region_id: Some(self.target.region.clone()),
            status,
            failure,
            pages: u32::try_from(pages.len()).unwrap_or(u32::MAX),
            requests: self.requests.load(Ordering::Relaxed),
            request_ids: pages.iter().map(|page| page.request_id.as_str().into()).collect(),
            rules: pages.into_iter().flat_map(|page| page.sync_rules).collect(),
        }
    }
}

/// The listing of a target that was not asked.
fn unread(target: &Target, (status, failure): (ReadStatus, ReadFailure)) -> Listing {
    let region_id = Some(target.region.clone());
    Listing { region_id, status, ..Listing::skipped(target.instance_id.clone(), Some(failure)) }
}
