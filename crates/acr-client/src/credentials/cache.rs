//! The credentials of a run, renewed before they expire.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::context::FetchContext;
use super::error::CredentialsError;
use super::provider::{ProviderConfig, ProviderKind};
use super::sts::{self, StsEndpoint};
use super::{Caller, Credentials, Identity, chain};
use crate::budget::Budget;
use crate::clock::ServiceClock;
use crate::environment::Environment;
use crate::options::Options;
use crate::transport::Transport;

/// The time before their end at which credentials are renewed, as in the Go SDK.
const RENEWAL_MARGIN: SignedDuration = SignedDuration::from_secs(180);

/// The shortest time between renewals. Without it, credentials that are issued shortly before their end, or a wrong
/// clock, would cause a renewal before each request.
const MIN_USE: SignedDuration = SignedDuration::from_secs(60);

/// An identity, and the default region of the security token service.
type CacheKey = (Identity, Option<Box<str>>);

/// The entry of one identity. The lock is held during a renewal, so that concurrent calls wait for it.
type SharedEntry = Arc<tokio::sync::Mutex<CacheEntry>>;

/// The credentials of a run.
#[derive(Debug)]
pub(crate) struct CredentialsCache {
    context: FetchContext,
    entries: Mutex<HashMap<CacheKey, SharedEntry>>,
}

#[derive(Debug, Default)]
struct CacheEntry {
    /// The first configured provider. It is kept, so that a later failure does not continue with the credentials of
    /// another one.
    provider: Option<ProviderConfig>,
    /// The current credentials, and the time of their renewal.
    current: Option<(Arc<Credentials>, Timestamp)>,
    /// The denial of the service that issues the credentials. It is final for the run, since repeated wrong keys and
    /// passwords lock accounts.
    denied: Option<CredentialsError>,
}

impl CredentialsCache {
    /// Returns an empty cache.
    pub(crate) fn new(
        options: Options,
        environment: Environment,
        transport: Arc<Transport>,
    ) -> Self {
        let context = FetchContext {
            options,
            environment,
            transport,
            sts_clock: ServiceClock::default(),
        };
        Self {
            context,
            entries: Mutex::default(),
        }
    }

    /// Returns the credentials of an identity for instances of a region.
    pub(crate) async fn get(
        &self,
        identity: &Identity,
        region: &str,
        budget: Budget,
    ) -> Result<Arc<Credentials>, CredentialsError> {
        let region = self.context.sts_region(region);
        let entry = self.entry(identity, region);
        let mut entry = entry.lock().await;
        let now = (self.context.environment.now)();
        if let Some((current, since)) = &entry.current
            && (!expires_soon(current, now) || now.duration_since(*since) < MIN_USE)
        {
            return Ok(Arc::clone(current));
        }
        if let Some(error) = &entry.denied {
            return Err(error.clone());
        }
        // The future of a renewal is large: boxed, it does not enlarge that of every call.
        let renewed = Box::pin(self.renew(&mut entry, identity, region, budget)).await;
        let error = match renewed {
            Ok(credentials) => {
                let credentials = Arc::new(credentials);
                entry.current = Some((Arc::clone(&credentials), now));
                return Ok(credentials);
            }
            Err(error) => error,
        };
        if let Some((current, _)) = &entry.current
            && current.expires.is_some_and(|expires| expires > now)
        {
            return Ok(Arc::clone(current));
        }
        if error.is_denial() {
            entry.denied = Some(error.clone());
        }
        Err(error)
    }

    /// Drops credentials that the service calls expired, unless they were renewed meanwhile. If they came from a file,
    /// the file is read again.
    pub(crate) async fn drop_expired(
        &self,
        identity: &Identity,
        region: &str,
        expired: &Arc<Credentials>,
    ) {
        let entry = self.entry(identity, self.context.sts_region(region));
        let mut entry = entry.lock().await;
        let is_current = |(current, _): &(Arc<Credentials>, _)| Arc::ptr_eq(current, expired);
        if !entry.current.as_ref().is_some_and(is_current) {
            return;
        }
        entry.current = None;
        if let Some(provider) = &entry.provider
            && matches!(provider.kind, ProviderKind::Static(_))
        {
            entry.provider = None;
        }
    }

    /// Returns the caller of an identity's credentials, from the security token service for a region.
    pub(crate) async fn caller(
        &self,
        identity: &Identity,
        region: &str,
        budget: Budget,
    ) -> Result<Caller, CredentialsError> {
        let credentials = self.get(identity, region, budget).await?;
        let sts_region = self.context.sts_region(region);
        let caller = sts::caller_identity(&self.context, &credentials, sts_region, budget);
        Box::pin(caller)
            .await
            .map_err(|error| CredentialsError::from_provider(&credentials.source, error))
    }

    /// Returns the endpoint of the security token service for a region.
    pub(crate) fn sts_endpoint(&self, region: &str) -> String {
        let FetchContext {
            environment,
            options,
            ..
        } = &self.context;
        StsEndpoint::configured(environment, options)
            .or(None, self.context.sts_region(region), false)
            .url()
    }

    fn entry(&self, identity: &Identity, region: Option<&str>) -> SharedEntry {
        let key = (identity.clone(), region.map(Into::into));
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(entries.entry(key).or_default())
    }

    async fn renew(
        &self,
        entry: &mut CacheEntry,
        identity: &Identity,
        region: Option<&str>,
        budget: Budget,
    ) -> Result<Credentials, CredentialsError> {
        if let Some(provider) = &entry.provider {
            return provider
                .fetch(&self.context, region, budget)
                .await
                .map_err(|error| CredentialsError::from_provider(&provider.origin, error));
        }
        let (provider, credentials) =
            chain::first_configured(&self.context, identity, region, budget).await?;
        entry.provider = Some(provider);
        Ok(credentials)
    }
}

fn expires_soon(credentials: &Credentials, now: Timestamp) -> bool {
    credentials
        .expires
        .is_some_and(|expires| expires.duration_since(now) <= RENEWAL_MARGIN)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use futures_util::future::join_all;
    use jiff::Timestamp;

    use super::*;
    use crate::testing::{self, Reply, Server, budget, options};

    /// Issues `count` credentials, numbered from 0 and valid for ten minutes, and then fails.
    async fn issuer(clock: &Arc<AtomicI64>, count: usize) -> Server {
        let clock = Arc::clone(clock);
        Server::start(move |_, before| {
            let end = Timestamp::from_second(clock.load(Ordering::Relaxed) + 600).expect("a time");
            let body = format!(
                r#"{{"AccessKeyId":"{before}","AccessKeySecret":"s","SecurityToken":"t","Expiration":"{end}"}}"#
            );
            if before < count { Reply::json(200, body) } else { Reply::json(404, "gone") }
        })
        .await
    }

    fn cache(clock: &Arc<AtomicI64>, server: &Server) -> CredentialsCache {
        let clock = Arc::clone(clock);
        let uri = format!("{}/?key=planted", server.url);
        let variables = [
            ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
            ("ALIBABA_CLOUD_CREDENTIALS_URI", &uri),
            ("ALIBABA_CLOUD_STS_ENDPOINT", server.url.as_str()),
        ];
        let now = Arc::new(move || {
            Timestamp::from_second(clock.load(Ordering::Relaxed)).expect("a time")
        });
        let environment = Environment {
            now,
            ..testing::environment(&variables)
        };
        let transport = Transport::new(options(), &environment).expect("transport");
        CredentialsCache::new(options(), environment, Arc::new(transport))
    }

    async fn id(cache: &CredentialsCache) -> String {
        let credentials = cache.get(&Identity::default(), "", budget()).await;
        credentials.map_or_else(
            |error| error.to_string(),
            |it| it.access_key_id().to_owned(),
        )
    }

    #[tokio::test]
    async fn credentials_are_renewed_once_before_they_expire() {
        let clock = Arc::new(AtomicI64::new(1_000_000));
        let server = issuer(&clock, 9).await;
        let cache = cache(&clock, &server);
        assert_eq!(join_all((0..9).map(|_| id(&cache))).await, ["0"; 9]);
        for (at, expected) in [(419, "0"), (420, "1"), (420, "1"), (1_500, "2")] {
            clock.store(1_000_000 + at, Ordering::Relaxed);
            assert_eq!(
                join_all((0..9).map(|_| id(&cache))).await,
                [expected; 9],
                "after {at} s"
            );
        }
        assert_eq!(server.received().len(), 3);
    }

    #[tokio::test]
    async fn valid_credentials_are_used_while_a_renewal_fails() {
        let clock = Arc::new(AtomicI64::new(1_000_000));
        let server = issuer(&clock, 1).await;
        let cache = cache(&clock, &server);
        assert_eq!(id(&cache).await, "0");
        clock.fetch_add(599, Ordering::Relaxed);
        assert_eq!(id(&cache).await, "0");
        clock.fetch_add(1, Ordering::Relaxed);
        assert!(
            id(&cache).await.contains("gone (HTTP 404)"),
            "expired credentials are not used"
        );
    }

    #[tokio::test]
    async fn short_lived_credentials_are_not_renewed_at_every_request() {
        let clock = Arc::new(AtomicI64::new(1_000_000));
        let server = Server::start(|_, before| {
            let end = Timestamp::from_second(1_000_000).expect("a time");
            Reply::json(
                200,
                format!(
                    r#"{{"AccessKeyId":"{before}","AccessKeySecret":"s","Expiration":"{end}"}}"#
                ),
            )
        })
        .await;
        let cache = cache(&clock, &server);
        for (after, expected) in [(0, "0"), (59, "0"), (1, "1")] {
            clock.fetch_add(after, Ordering::Relaxed);
            assert_eq!(id(&cache).await, expected);
        }
    }

    #[tokio::test]
    async fn expired_credentials_are_dropped_once() {
        let clock = Arc::new(AtomicI64::new(1_000_000));
        let server = issuer(&clock, 9).await;
        let cache = cache(&clock, &server);
        let identity = Identity::default();
        let first = cache
            .get(&identity, "", budget())
            .await
            .expect("credentials");
        for _ in 0..3 {
            cache.drop_expired(&identity, "", &first).await;
            assert_eq!(id(&cache).await, "1", "the renewed ones are kept");
        }
    }

    #[tokio::test]
    async fn a_denial_is_final_and_a_failure_is_not() {
        let clock = Arc::new(AtomicI64::new(1_000_000));
        for (status, requests) in [(403, 1), (500, 12)] {
            let server = Server::start(move |_, _| Reply::error(status, "CodeOfTheService")).await;
            let cache = cache(&clock, &server);
            for _ in 0..2 {
                cache
                    .get(&Identity::default(), "", budget())
                    .await
                    .expect_err("no credentials");
            }
            assert_eq!(server.received().len(), requests, "{status}");
        }
    }

    #[tokio::test]
    async fn the_caller_is_requested_with_a_signature() {
        let clock = Arc::new(AtomicI64::new(1_000_000));
        let server = Server::start(|request, _| match request.headers.get("x-acs-action") {
            Some(_) => Reply::json(
                200,
                r#"{"AccountId":"42","Arn":"acs:ram::42:user/me","UserId":"7"}"#,
            ),
            None => Reply::json(200, r#"{"AccessKeyId":"id","AccessKeySecret":"s"}"#),
        })
        .await;
        let caller = cache(&clock, &server)
            .caller(&Identity::default(), "", budget())
            .await
            .expect("a caller");
        assert_eq!(
            (caller.account.as_str(), &*caller.arn),
            ("42", "acs:ram::42:user/me")
        );
        assert_eq!(caller.source.to_string(), "credentials URI");
        assert_eq!(
            server.received()[1].headers["x-acs-action"],
            "GetCallerIdentity"
        );
    }

    #[tokio::test]
    async fn debug_output_contains_no_secret() {
        let clock = Arc::new(AtomicI64::new(1_000_000));
        let server = Server::start(|_, _| {
            Reply::json(
                200,
                r#"{"AccessKeyId":"planted-id","AccessKeySecret":"planted-secret","SecurityToken":"planted-token"}"#,
            )
        })
        .await;
        let cache = cache(&clock, &server);
        let credentials = cache
            .get(&Identity::default(), "", budget())
            .await
            .expect("credentials");
        assert!(!format!("{cache:?} {credentials:?}").contains("planted"));
    }
}
