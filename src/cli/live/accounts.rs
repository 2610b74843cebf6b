//! The guard against another account's rules: whose the credentials are, where a rules file says whose they must be.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::join_all;

use super::session::Session;
use crate::acr::Listing;
use crate::client::credentials::{Caller, CredentialsError, Identity};
use crate::client::{Budget, Target};
use crate::model::{AccountId, Instance, ReadFailure, ReadStatus};

/// How long the security token service may keep a run waiting: it is asked beside the reading, and does without.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whose the credentials are with which instances are read.
pub(in crate::cli) struct Callers(HashMap<Identity, Result<Caller, CredentialsError>>);

impl Callers {
    /// Asks, once for each identity among those that read an instance with a declared account.
    pub(in crate::cli) async fn ask(session: &Session, instances: &[(&Instance, Target)]) -> Self {
        if !session.checks_accounts {
            return Self(HashMap::new());
        }
        let declared = instances.iter().filter(|(instance, _)| instance.account.is_some());
        let mut identities: Vec<&Identity> = Vec::new();
        for (_, target) in declared {
            if !identities.contains(&&target.identity) {
                identities.push(&target.identity);
            }
        }
        let budget = Budget::starting_now(PATIENCE.min(session.budget.left()));
        let callers = identities.into_iter().map(async |identity| {
            let caller = session.client.caller(identity, budget).await;
            (identity.clone(), caller)
        });
        Self(join_all(callers).await.into_iter().collect())
    }

    /// What the run goes on without: callers nobody could tell. Where there are no credentials the reading says so.
    pub(in crate::cli) fn unknown(&self) -> impl Iterator<Item = &CredentialsError> {
        let errors = self.0.values().filter_map(|caller| caller.as_ref().err());
        errors.filter(|error| matches!(error, CredentialsError::Failed { .. }))
    }

    /// Takes away what was read of an instance with another account's credentials.
    pub(in crate::cli) fn check(&self, instance: &Instance, target: &Target, listing: Listing) -> Listing {
        let caller = self.0.get(&target.identity).and_then(|caller| caller.as_ref().ok());
        let (Some(declared), Some(caller)) = (&instance.account, caller) else { return listing };
        if caller.account == *declared {
            return listing;
        }
        Listing {
            status: ReadStatus::Skipped,
            failure: Some(wrong_account(declared, caller)),
            rules: Vec::new(),
            pages: 0,
            request_ids: Vec::new(),
            ..listing
        }
    }
}

fn wrong_account(declared: &AccountId, caller: &Caller) -> ReadFailure {
    let Caller { account, arn, source } = caller;
    let message = format!(
        "the credentials ({source}) are of account {account}, as {arn}; the rules file declares account {declared}"
    );
    ReadFailure { code: ReadFailure::WRONG_ACCOUNT.into(), message: message.into(), request_id: None }
}
