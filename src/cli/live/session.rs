//! A client, and the emulator it asks where it asks one.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use acr_api::ApiAction;
use acr_client::credentials::Identity;
use acr_client::{Backoff, Budget, Client, Environment, Options, Target};
use acr_emulator::{
    self, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, Emulator, MirrorMode, Script, Seed,
};

use super::variables::note_ineffective_variables;
use crate::cli::args::{ConnectionArgs, EmulatorSourceArgs};
use crate::cli::context::{Context, VariableLookup};
use crate::cli::failure::Failure;
use crate::cli::input::{read_script, read_snapshot};

/// Waits before the embedded emulator is asked again. Nobody else asks it, so there is nobody to be patient with.
const EMULATED_BACKOFF: Backoff = Backoff {
    base: Duration::from_millis(1),
    cap: Duration::from_millis(20),
    max_failures: 6,
};

/// A client, and the emulator it asks where it asks one. It stops when this is dropped.
pub(in crate::cli) struct Session {
    pub(in crate::cli) client: Client,
    /// The time that is left for everything.
    pub(in crate::cli) budget: Budget,
    /// Whether somebody is asked whose the credentials are. The embedded emulator has accounts only where a script
    /// gives it some.
    pub(in crate::cli) checks_accounts: bool,
    emulator: Option<Emulator>,
    /// The profile of the command line.
    profile: Option<Box<str>>,
}

impl Session {
    /// Starts what the options name. No service has been asked yet.
    pub(in crate::cli) async fn open(
        options: Options,
        connection: &ConnectionArgs,
        emulator: &EmulatorSourceArgs,
        context: &mut Context,
    ) -> Result<Self, Failure> {
        let script = emulator
            .faults
            .as_deref()
            .map(|path| read_script(path, context))
            .transpose()?
            .unwrap_or_default();
        let has_accounts = emulator.emulate.is_none() || !script.accounts.is_empty();
        let emulator = match &emulator.emulate {
            Some(path) => Some(emulate(path, script, context).await?),
            None => None,
        };
        if emulator.is_none() {
            note_ineffective_variables(context);
        }
        let backoff = if emulator.is_some() {
            EMULATED_BACKOFF
        } else {
            options.backoff
        };
        let client = Client::new(
            Options { backoff, ..options },
            environment(emulator.as_ref(), context),
        );
        Ok(Self {
            client: client.map_err(|error| Failure::new(error.to_string()))?,
            budget: Budget::starting_now(connection.timeout),
            checks_accounts: has_accounts && !connection.no_account_check,
            emulator,
            profile: connection.profile.as_deref().map(Into::into),
        })
    }

    /// Whose credentials are used where an instance declares nobody's.
    pub(in crate::cli) fn default_identity(&self) -> Identity {
        let profile = self.profile.clone().filter(|_| self.emulator.is_none());
        Identity {
            profile,
            role_arn: None,
        }
    }

    /// Returns whether the embedded emulator is asked.
    pub(in crate::cli) const fn is_emulated(&self) -> bool {
        self.emulator.is_some()
    }

    /// How many requests for sync rules the emulator counted, where one is asked.
    pub(in crate::cli) fn emulated_requests(&self) -> Option<u64> {
        self.emulator
            .as_ref()
            .map(|emulator| emulator.request_counts().count(ApiAction::ListRepoSyncRule))
    }

    /// Points a target at the emulator, or at the profile of the command line where it has none of its own.
    pub(in crate::cli) fn target(&self, declared: impl Into<Target>) -> Target {
        let mut target = declared.into();
        match &self.emulator {
            Some(emulator) => {
                target.endpoint = Some(emulator.url().into());
                target.identity = Identity::default();
            }
            None if target.identity.profile.is_none() => {
                target.identity.profile.clone_from(&self.profile);
            }
            None => {}
        }
        target
    }
}

async fn emulate(path: &Path, script: Script, context: &mut Context) -> Result<Emulator, Failure> {
    let snapshot = read_snapshot(path, context)?;
    let seed = Seed::new(snapshot.listings, MirrorMode::Both);
    let options = acr_emulator::Options {
        script,
        ..acr_emulator::Options::new(seed, context.clock())
    };
    acr_emulator::start(options)
        .await
        .map_err(|error| Failure::new(error.to_string()))
}

/// What the client may use of the context; beside the emulator, only the emulator's own keys and services.
fn environment(emulator: Option<&Emulator>, context: &Context) -> Environment {
    let (variable, home): (VariableLookup, _) = match emulator.map(Emulator::url) {
        Some(url) => (Arc::new(move |name| emulated_variable(name, &url)), None),
        None => (context.variable_lookup(), context.home()),
    };
    let (random, secrets) = (
        Arc::new(|| uuid::Uuid::new_v4().as_u128()),
        Arc::new(context.secrets.clone()),
    );
    Environment {
        now: context.clock(),
        random,
        variable,
        home,
        secrets,
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
