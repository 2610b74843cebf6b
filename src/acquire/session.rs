//! A session: a client, and the embedded emulator where the client calls it instead of the API.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use acr_api::ApiAction;
use acr_client::credentials::Identity;
use acr_client::{Backoff, Budget, Client, Environment, Options, RequestLimits, Target};
use acr_emulator::{
    self, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, Emulator, MirrorMode, Script, Seed,
};
use jiff::Timestamp;

use super::error::AcquireError;
use super::progress::ProgressSink;
use super::request_log::PendingLines;
use super::variables::note_ineffective_variables;
use crate::model::Instance;
use crate::snapshot::Snapshot;

/// The waits before a retry at the embedded emulator, which serves this run alone.
const EMULATED_BACKOFF: Backoff = Backoff {
    base: Duration::from_millis(1),
    cap: Duration::from_millis(20),
    max_failures: 6,
};

/// Everything that a session takes from the command line and the process.
#[derive(Debug)]
pub struct SessionConfig {
    /// The options of the client.
    pub options: Options,
    /// The clock, variables, home folder and secrets of the process.
    pub environment: Environment,
    /// The names of the variables that are set, in order.
    pub variable_names: Vec<String>,
    /// The embedded emulator, to be called instead of the API.
    pub emulator: Option<EmulatorConfig>,
    /// The limits that the sessions of one process share; `None` gives the session limits of its own.
    pub limits: Option<RequestLimits>,
    /// The longest time for all requests together.
    pub timeout: Duration,
    /// The profile of instances that declare none.
    pub profile: Option<Box<str>>,
    /// True if the account of the credentials is compared with the declared one.
    pub check_accounts: bool,
}

/// The contents of the embedded emulator.
#[derive(Debug)]
pub struct EmulatorConfig {
    /// The listings that it serves.
    pub snapshot: Snapshot,
    /// Its faults and accounts.
    pub script: Script,
}

/// A client, and the emulator that it calls. The emulator stops when this is dropped.
pub struct ReadSession {
    /// The client.
    pub client: Client,
    /// The time left for all requests together.
    pub budget: Budget,
    /// True if the account of the credentials is compared with the declared one. The embedded emulator has accounts only
    /// if a script declares some.
    pub checks_accounts: bool,
    /// True if a second request confirms each rule that would be reported.
    pub(super) confirms: bool,
    /// The clock, variables, home folder and secrets of the process.
    pub(super) environment: Environment,
    /// The requests that are not printed yet.
    requests: Arc<PendingLines>,
    emulator: Option<Emulator>,
    profile: Option<Box<str>>,
}

impl fmt::Debug for ReadSession {
    /// Leaves the client out: it holds credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadSession")
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

impl ReadSession {
    /// Starts the emulator, where there is one, and the client. No service is called yet.
    ///
    /// # Errors
    ///
    /// An emulator or a client that cannot start.
    pub async fn open(
        config: SessionConfig,
        sink: &mut dyn ProgressSink,
    ) -> Result<Self, AcquireError> {
        let SessionConfig {
            options,
            environment,
            variable_names,
            emulator,
            limits,
            timeout,
            profile,
            check_accounts,
        } = config;
        let requests = Arc::new(PendingLines::default());
        let environment = if sink.shows_details() {
            Environment {
                requests: Arc::<PendingLines>::clone(&requests),
                ..environment
            }
        } else {
            environment
        };
        let Some(emulator) = emulator else {
            note_ineffective_variables(&variable_names, &*environment.variable, sink);
            let mut client = Client::new(options, environment.clone())?;
            if let Some(limits) = limits {
                client = client.with_limits(limits);
            }
            return Ok(Self {
                client,
                budget: Budget::starting_now(timeout),
                checks_accounts: check_accounts,
                confirms: true,
                environment,
                requests,
                emulator: None,
                profile,
            });
        };
        let has_accounts = !emulator.script.accounts.is_empty();
        let emulator = start(emulator, &environment).await?;
        let options = Options {
            backoff: EMULATED_BACKOFF,
            lookups_per_second: None,
            // The endpoint of ActionTrail in a region without one has another host.
            insecure_http: true,
            ..options
        };
        let client = Client::new(options, emulated_environment(&emulator, &environment))?;
        Ok(Self {
            client,
            budget: Budget::starting_now(timeout),
            checks_accounts: check_accounts && has_accounts,
            confirms: true,
            environment,
            requests,
            emulator: Some(emulator),
            profile: None,
        })
    }

    /// Turns confirmation on or off: by default, a second request confirms each rule that would be reported.
    #[must_use]
    pub fn with_confirmation(self, confirms: bool) -> Self {
        Self { confirms, ..self }
    }

    /// Gives the requests of instances their aliases, for `--verbose`.
    pub fn name_instances(&self, instances: &[Instance]) {
        self.requests.name_instances(instances);
    }

    /// Prints the requests since the last call, with `--verbose`.
    pub fn print_requests(&self, sink: &mut dyn ProgressSink) {
        for line in self.requests.take() {
            sink.detail(&line);
        }
    }

    /// Returns the current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.environment.now)()
    }

    /// Returns the identity of instances that declare none.
    #[must_use]
    pub fn default_identity(&self) -> Identity {
        Identity {
            profile: self.profile.clone(),
            role_arn: None,
        }
    }

    /// Returns whether the client calls the embedded emulator.
    #[must_use]
    pub const fn is_emulated(&self) -> bool {
        self.emulator.is_some()
    }

    /// Returns how many requests for sync rules the embedded emulator counted.
    #[must_use]
    pub fn emulated_requests(&self) -> Option<u64> {
        let emulator = self.emulator.as_ref()?;
        Some(emulator.request_counts().count(ApiAction::ListRepoSyncRule))
    }

    /// Returns the endpoint of ActionTrail that the emulator has for a region.
    pub(super) fn emulated_trail(&self, region: &str) -> Option<String> {
        let emulator = self.emulator.as_ref()?;
        Some(emulator.trail_url(region))
    }

    /// Returns a target with the endpoint of the emulator, or with the default profile where it declares none.
    pub fn target(&self, declared: impl Into<Target>) -> Target {
        let mut target = declared.into();
        if let Some(emulator) = &self.emulator {
            target.endpoint = Some(emulator.url().into());
            target.identity = Identity::default();
        } else if target.identity.profile.is_none() {
            target.identity.profile.clone_from(&self.profile);
        }
        target
    }
}

async fn start(
    config: EmulatorConfig,
    environment: &Environment,
) -> Result<Emulator, AcquireError> {
    let listings = config.snapshot.listings.into_iter();
    let listings = listings.map(|listing| listing.map_failure(drop)).collect();
    let seed = Seed::new(listings, MirrorMode::Both);
    let options = acr_emulator::Options {
        script: config.script,
        ..acr_emulator::Options::new(seed, Arc::clone(&environment.now))
    };
    Ok(acr_emulator::start(options).await?)
}

/// Returns the environment of a client that calls the emulator: its keys and its services, and nothing of this user.
fn emulated_environment(emulator: &Emulator, environment: &Environment) -> Environment {
    let url = emulator.url();
    Environment {
        variable: Arc::new(move |name| emulated_variable(name, &url)),
        home: None,
        ..environment.clone()
    }
}

fn emulated_variable(name: &str, url: &str) -> Option<String> {
    let value = match name {
        "ALIBABA_CLOUD_ACCESS_KEY_ID" => DEFAULT_ACCESS_KEY_ID,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET" => DEFAULT_ACCESS_KEY_SECRET,
        "ALIBABA_CLOUD_STS_ENDPOINT" => url,
        _ => return None,
    };
    Some(value.to_owned())
}
