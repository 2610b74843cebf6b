//! What was found, kept for the run.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::source::{Recipe, first_configured};
use super::{Credentials, CredentialsError, Identity};
use crate::client::options::Outside;

/// The credentials of a run. The source that was found for an identity is kept, so a later change of the
/// environment cannot mix two accounts in one run.
#[derive(Debug)]
pub(in crate::client) struct Keyring {
    outside: Outside,
    found: Mutex<HashMap<Identity, Arc<OnceCell<Arc<Credentials>>>>>,
}

impl Keyring {
    pub(in crate::client) fn new(outside: Outside) -> Self {
        Self { outside, found: Mutex::default() }
    }

    /// The credentials of an identity.
    pub(in crate::client) async fn get(&self, identity: &Identity) -> Result<Arc<Credentials>, CredentialsError> {
        let cell = {
            let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(found.entry(identity.clone()).or_default())
        };
        let credentials = cell.get_or_try_init(async || match first_configured(&self.outside, identity)? {
            Recipe::Static(credentials) => Ok(credentials),
        });
        credentials.await.cloned()
    }
}
