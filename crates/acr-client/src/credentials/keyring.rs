//! What was found, kept for the run and renewed before it ends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::issuer::Issuer;
use super::recipe::{Recipe, Sts, Way};
use super::source::{Source, Unusable, with_role};
use super::{Caller, Credentials, CredentialsError, Identity, PassedOver, named, sts};
use crate::clock::ServiceClock;
use crate::options::{Budget, Network, Options, Outside};
use crate::transport::Transport;

/// How long before their end credentials are renewed (Go SDK).
const MARGIN: SignedDuration = SignedDuration::from_secs(180);

/// How long credentials are used before they are renewed, however soon they end: an issuer that hands out what
/// is nearly over, or a clock that is wrong, must not make a request of every request.
const SHORTEST_USE: SignedDuration = SignedDuration::from_secs(60);

/// An identity, and the region whose security token service is asked where nothing configures one.
type SlotKey = (Identity, Option<Box<str>>);

/// The credentials of a run.
#[derive(Debug)]
pub(crate) struct Keyring {
    issuer: Issuer,
    slots: Mutex<HashMap<SlotKey, Arc<Slot>>>,
}

/// One identity's. Whoever holds the lock looks or renews; the others wait and have it for free.
#[derive(Debug, Default)]
struct Slot(tokio::sync::Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    /// The source that answered first. It is kept: a later failure must not fall through to somebody else's
    /// credentials.
    recipe: Option<Recipe>,
    /// The credentials, and since when.
    current: Option<(Arc<Credentials>, Timestamp)>,
    /// The refusal of the service that issues them. It is not asked again in this run: wrong keys and passwords lock
    /// accounts.
    denied: Option<CredentialsError>,
}

impl Keyring {
    pub(crate) fn new(options: Options, outside: Outside, transport: Arc<Transport>) -> Self {
        let issuer = Issuer {
            options,
            outside,
            transport,
            clock: ServiceClock::default(),
        };
        Self {
            issuer,
            slots: Mutex::default(),
        }
    }

    /// Returns the credentials of an identity for instances of a region, good for some minutes.
    pub(crate) async fn get(
        &self,
        identity: &Identity,
        region: &str,
        budget: Budget,
    ) -> Result<Arc<Credentials>, CredentialsError> {
        let region = self.sts_region(region);
        let slot = self.slot(identity, region);
        let mut held = slot.0.lock().await;
        let now = (self.issuer.outside.now)();
        if let Some((current, since)) = &held.current
            && (!ends_soon(current, now) || now.duration_since(*since) < SHORTEST_USE)
        {
            return Ok(Arc::clone(current));
        }
        if let Some(error) = &held.denied {
            return Err(error.clone());
        }
        // It takes much more room than most calls need: boxed, it costs the others none.
        let renewed = Box::pin(self.renew(&mut held, identity, region, budget)).await;
        match (renewed, &held.current) {
            (Ok(credentials), _) => {
                let credentials = Arc::new(credentials);
                held.current = Some((Arc::clone(&credentials), now));
                Ok(credentials)
            }
            // What is not over yet is better than nothing.
            (Err(_), Some((current, _)))
                if current.expires.is_some_and(|expires| expires > now) =>
            {
                Ok(Arc::clone(current))
            }
            (Err(error), _) => {
                held.denied = Some(error.clone()).filter(CredentialsError::is_denial);
                Err(error)
            }
        }
    }

    /// Forgets credentials that the service calls expired, unless they were renewed meanwhile. What a file holds
    /// may have been renewed there, so it is looked for anew.
    pub(crate) async fn drop_expired(
        &self,
        identity: &Identity,
        region: &str,
        expired: &Arc<Credentials>,
    ) {
        let slot = self.slot(identity, self.sts_region(region));
        let mut held = slot.0.lock().await;
        if held
            .current
            .as_ref()
            .is_some_and(|(current, _)| Arc::ptr_eq(current, expired))
        {
            held.current = None;
            held.recipe = held
                .recipe
                .take()
                .filter(|recipe| !matches!(recipe.way, Way::Static(_)));
        }
    }

    /// Returns the account and the user of an identity's credentials, asked in a region.
    pub(crate) async fn caller(
        &self,
        identity: &Identity,
        region: &str,
        budget: Budget,
    ) -> Result<Caller, CredentialsError> {
        let credentials = self.get(identity, region, budget).await?;
        let caller =
            sts::caller_identity(&self.issuer, &credentials, self.sts_region(region), budget);
        let caller = Box::pin(caller).await;
        caller.map_err(|error| CredentialsError::from_source(credentials.source.to_string(), error))
    }

    /// Returns the endpoint that is asked for the owner of credentials.
    pub(crate) fn sts_endpoint(&self, region: &str) -> String {
        let configured = Sts::configured(&self.issuer.outside, &self.issuer.options);
        configured
            .or(None, self.sts_region(region), false)
            .endpoint()
    }

    /// Returns the region whose security token service is asked where nothing configures one: inside a VPC, that of
    /// the instance, since the global endpoint is on the internet.
    fn sts_region<'a>(&self, region: &'a str) -> Option<&'a str> {
        let is_vpc = self.issuer.options.network == Network::Vpc;
        Some(region.trim()).filter(|region| is_vpc && !region.is_empty())
    }

    fn slot(&self, identity: &Identity, region: Option<&str>) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            slots
                .entry((identity.clone(), region.map(Into::into)))
                .or_default(),
        )
    }

    async fn renew(
        &self,
        held: &mut Held,
        identity: &Identity,
        region: Option<&str>,
        budget: Budget,
    ) -> Result<Credentials, CredentialsError> {
        if let Some(recipe) = &held.recipe {
            let renewed = self.issuer.obtain(recipe, region, budget).await;
            return renewed
                .map_err(|error| CredentialsError::from_source(recipe.origin.to_string(), error));
        }
        let (recipe, credentials) = self.first_configured(identity, region, budget).await?;
        held.recipe = Some(recipe);
        Ok(credentials)
    }

    /// The first source that is configured, and what it brings.
    async fn first_configured(
        &self,
        identity: &Identity,
        region: Option<&str>,
        budget: Budget,
    ) -> Result<(Recipe, Credentials), CredentialsError> {
        let mut attempts = Vec::new();
        for source in Source::for_identity(identity) {
            if *source == Source::CliProfile {
                named::require_files(&self.issuer.outside)?;
            }
            let error = match self.recipe(*source, identity) {
                Ok(recipe) => match self.issuer.obtain(&recipe, region, budget).await {
                    Ok(credentials) => return Ok((recipe, credentials)),
                    Err(Unusable::NotConfigured(reason)) => Unusable::NotConfigured(reason),
                    Err(error) => {
                        return Err(CredentialsError::from_source(
                            recipe.origin.to_string(),
                            error,
                        ));
                    }
                },
                Err(error) => error,
            };
            match error {
                Unusable::NotConfigured(reason) => {
                    if identity.profile.is_none() {
                        named::require_profile(&self.issuer.outside, *source, &reason, &attempts)?;
                    }
                    attempts.push(PassedOver {
                        origin: source.name().to_owned(),
                        reason,
                    });
                }
                error => {
                    return Err(CredentialsError::from_source(
                        source.name().to_owned(),
                        error,
                    ));
                }
            }
        }
        match &identity.profile {
            None => Err(CredentialsError::NotConfigured { attempts }),
            Some(profile) => {
                let attempts: Vec<_> = attempts.iter().map(ToString::to_string).collect();
                let (origin, problem) = (format!("profile `{profile}`"), attempts.join("; "));
                Err(CredentialsError::Broken { origin, problem })
            }
        }
    }

    fn recipe(&self, source: Source, identity: &Identity) -> Result<Recipe, Unusable> {
        let Issuer {
            outside, options, ..
        } = &self.issuer;
        let recipe = source.recipe(outside, options, identity.profile.as_deref())?;
        Ok(match &identity.role_arn {
            Some(role_arn) => with_role(recipe, role_arn, outside, options),
            None => recipe,
        })
    }
}

fn ends_soon(credentials: &Credentials, now: Timestamp) -> bool {
    credentials
        .expires
        .is_some_and(|expires| expires.duration_since(now) <= MARGIN)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use futures_util::future::join_all;
    use jiff::Timestamp;

    use super::*;
    use crate::testing::{Reply, Server, budget, options, outside};

    /// Issues credentials that last ten minutes, numbered from 0, until it breaks down after `most`.
    async fn issuer(clock: &Arc<AtomicI64>, most: usize) -> Server {
        let clock = Arc::clone(clock);
        Server::start(move |_, before| {
            let end = Timestamp::from_second(clock.load(Ordering::Relaxed) + 600).expect("a time");
            let body = format!(
                r#"{{"AccessKeyId":"{before}","AccessKeySecret":"s","SecurityToken":"t","Expiration":"{end}"}}"#
            );
            if before < most { Reply::json(200, body) } else { Reply::json(404, "gone") }
        })
        .await
    }

    fn keyring(clock: &Arc<AtomicI64>, server: &Server) -> Keyring {
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
        let outside = Outside {
            now,
            ..outside(&variables)
        };
        let transport = Transport::new(options(), &outside).expect("transport");
        Keyring::new(options(), outside, Arc::new(transport))
    }

    async fn id(keyring: &Keyring) -> String {
        let credentials = keyring.get(&Identity::default(), "", budget()).await;
        credentials.map_or_else(
            |error| error.to_string(),
            |it| it.access_key_id().to_owned(),
        )
    }

    #[tokio::test]
    async fn credentials_are_renewed_before_they_end_and_by_one() {
        let clock = Arc::new(AtomicI64::new(1_000_000));
        let server = issuer(&clock, 9).await;
        let keyring = keyring(&clock, &server);
        assert_eq!(join_all((0..9).map(|_| id(&keyring))).await, ["0"; 9]);
        for (at, expected) in [(419, "0"), (420, "1"), (420, "1"), (1_500, "2")] {
            clock.store(1_000_000 + at, Ordering::Relaxed);
            assert_eq!(
                join_all((0..9).map(|_| id(&keyring))).await,
                [expected; 9],
                "after {at} s"
            );
        }
        assert_eq!(server.received().len(), 3);
    }

    #[tokio::test]
    async fn what_is_not_over_outlives_an_issuer_that_broke_down() {
        let clock = Arc::new(AtomicI64::new(1_000_000));
        let server = issuer(&clock, 1).await;
        let keyring = keyring(&clock, &server);
        assert_eq!(id(&keyring).await, "0");
        clock.fetch_add(599, Ordering::Relaxed);
        assert_eq!(id(&keyring).await, "0");
        clock.fetch_add(1, Ordering::Relaxed);
        assert!(
            id(&keyring).await.contains("gone (HTTP 404)"),
            "what is over is not used"
        );
    }

    #[tokio::test]
    async fn what_is_nearly_over_is_not_renewed_at_every_request() {
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
        let keyring = keyring(&clock, &server);
        for (after, expected) in [(0, "0"), (59, "0"), (1, "1")] {
            clock.fetch_add(after, Ordering::Relaxed);
            assert_eq!(id(&keyring).await, expected);
        }
    }

    #[tokio::test]
    async fn credentials_called_expired_are_dropped_once() {
        let clock = Arc::new(AtomicI64::new(1_000_000));
        let server = issuer(&clock, 9).await;
        let keyring = keyring(&clock, &server);
        let identity = Identity::default();
        let first = keyring
            .get(&identity, "", budget())
            .await
            .expect("credentials");
        for _ in 0..3 {
            keyring.drop_expired(&identity, "", &first).await;
            assert_eq!(id(&keyring).await, "1", "whoever comes late drops nothing");
        }
    }

    #[tokio::test]
    async fn a_service_that_denies_is_asked_once_and_one_that_fails_again() {
        let clock = Arc::new(AtomicI64::new(1_000_000));
        for (status, requests) in [(403, 1), (500, 12)] {
            let server = Server::start(move |_, _| Reply::error(status, "CodeOfTheService")).await;
            let keyring = keyring(&clock, &server);
            for _ in 0..2 {
                keyring
                    .get(&Identity::default(), "", budget())
                    .await
                    .expect_err("no credentials");
            }
            assert_eq!(server.received().len(), requests, "{status}");
        }
    }

    #[tokio::test]
    async fn a_caller_is_asked_for_by_signature() {
        let clock = Arc::new(AtomicI64::new(1_000_000));
        let server = Server::start(|request, _| match request.headers.get("x-acs-action") {
            Some(_) => Reply::json(
                200,
                r#"{"AccountId":"42","Arn":"acs:ram::42:user/me","UserId":"7"}"#,
            ),
            None => Reply::json(200, r#"{"AccessKeyId":"id","AccessKeySecret":"s"}"#),
        })
        .await;
        let caller = keyring(&clock, &server)
            .caller(&Identity::default(), "", budget())
            .await
            .expect("a caller");
        assert_eq!(
            (caller.account.as_str(), &*caller.arn),
            ("42", "acs:ram::42:user/me")
        );
        assert_eq!(&*caller.source, "credentials URI");
        assert_eq!(
            server.received()[1].headers["x-acs-action"],
            "GetCallerIdentity"
        );
    }

    #[tokio::test]
    async fn nothing_prints_a_secret() {
        let clock = Arc::new(AtomicI64::new(1_000_000));
        let server = Server::start(|_, _| {
            Reply::json(
                200,
                r#"{"AccessKeyId":"planted-id","AccessKeySecret":"planted-secret","SecurityToken":"planted-token"}"#,
            )
        })
        .await;
        let keyring = keyring(&clock, &server);
        let credentials = keyring
            .get(&Identity::default(), "", budget())
            .await
            .expect("credentials");
        assert!(!format!("{keyring:?} {credentials:?}").contains("planted"));
    }
}
