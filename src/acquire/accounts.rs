//! The account guard: an instance is not compared if the credentials are of another account than the declared one.

use std::collections::HashMap;
use std::time::Duration;

use acr_client::credentials::{Caller, CredentialsError, Identity};
use acr_client::{Budget, Target};
use futures_util::future::join_all;

use super::message::origin;
use super::progress::ProgressSink;
use super::session::ReadSession;
use crate::i18n::Message;
use crate::model::{AccountId, ReadFailure};

/// The longest time for the security token service: it is called beside the reading, which goes on without it.
const STS_TIMEOUT: Duration = Duration::from_secs(10);

/// The accounts of the credentials, by identity.
#[derive(Debug)]
pub struct CallerAccounts(HashMap<Identity, Result<Caller, CredentialsError>>);

impl CallerAccounts {
    /// Determines the account of each identity that reads an instance with a declared account.
    pub async fn determine(
        session: &ReadSession,
        targets: &[(Option<&AccountId>, &Target)],
    ) -> Self {
        let mut distinct: Vec<&Target> = Vec::new();
        for (account, target) in targets {
            let mut known = distinct.iter();
            let is_new = !known.any(|other| other.identity == target.identity);
            if session.checks_accounts && account.is_some() && is_new {
                distinct.push(target);
            }
        }
        let budget = Budget::starting_now(STS_TIMEOUT.min(session.budget.left()));
        let callers = distinct.into_iter().map(async |target| {
            let caller = session.client.caller_for(target, budget).await;
            (target.identity.clone(), caller)
        });
        Self(join_all(callers).await.into_iter().collect())
    }

    /// Returns the reason why an instance must not be compared: the credentials are of another account.
    #[must_use]
    pub fn account_mismatch(
        &self,
        declared: Option<&AccountId>,
        target: &Target,
    ) -> Option<ReadFailure> {
        let (caller, declared) = (self.caller(target)?, declared?);
        (caller.account != *declared).then(|| wrong_account(declared, caller))
    }

    /// Returns the account of the credentials of a target, where the security token service named it.
    #[must_use]
    pub fn caller(&self, target: &Target) -> Option<&Caller> {
        self.0.get(&target.identity)?.as_ref().ok()
    }

    /// Prints a note for each account that could not be determined. Missing credentials are an error of the reading.
    pub fn note_errors(&self, sink: &mut dyn ProgressSink) {
        for caller in self.0.values() {
            if let Err(error @ CredentialsError::Failed { .. }) = caller {
                sink.note(&format!(
                    "could not determine the account of the credentials: {error}"
                ));
            }
        }
    }
}

fn wrong_account(declared: &AccountId, caller: &Caller) -> ReadFailure {
    let Caller {
        account,
        arn,
        source,
    } = caller;
    let message =
        Message::account_of_credentials(origin(source), account.as_str(), arn, declared.as_str());
    ReadFailure::new(ReadFailure::WRONG_ACCOUNT, message)
}
