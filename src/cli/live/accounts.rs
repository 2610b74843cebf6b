//! The guard against another account's rules: whose the credentials are, where a rules file says whose they must be.

use std::collections::HashMap;
use std::time::Duration;

use acr_client::credentials::{Caller, CredentialsError, Identity};
use acr_client::{Budget, Target};
use futures_util::future::join_all;

use super::session::Session;
use crate::cli::console::Verbosity;
use crate::cli::context::Context;
use crate::model::{AccountId, ReadFailure};
use crate::source::sanitize_line;

/// How long the security token service may keep a run waiting: it is asked beside the reading, and does without.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whose the credentials are with which instances are read.
pub(in crate::cli) struct CallerAccounts(HashMap<Identity, Result<Caller, CredentialsError>>);

impl CallerAccounts {
    /// Asks, once for each identity among those that read an instance with a declared account.
    pub(in crate::cli) async fn ask(
        session: &Session,
        targets: &[(Option<&AccountId>, &Target)],
    ) -> Self {
        let mut asked: Vec<&Target> = Vec::new();
        for (account, target) in targets {
            let is_new = !asked.iter().any(|other| other.identity == target.identity);
            if session.checks_accounts && account.is_some() && is_new {
                asked.push(target);
            }
        }
        let budget = Budget::starting_now(PATIENCE.min(session.budget.left()));
        let callers = asked.into_iter().map(async |target| {
            let caller = session.client.caller_for(target, budget).await;
            (target.identity.clone(), caller)
        });
        Self(join_all(callers).await.into_iter().collect())
    }

    /// What the run goes on without: callers nobody could tell. Where there are no credentials the reading says so.
    fn unknown(&self) -> impl Iterator<Item = &CredentialsError> {
        let errors = self.0.values().filter_map(|caller| caller.as_ref().err());
        errors.filter(|error| matches!(error, CredentialsError::Failed { .. }))
    }

    /// Why what an instance lists must not be used: it was read with another account's credentials.
    pub(in crate::cli) fn objection(
        &self,
        declared: Option<&AccountId>,
        target: &Target,
    ) -> Option<ReadFailure> {
        let (caller, declared) = (self.caller(target)?, declared?);
        (caller.account != *declared).then(|| wrong_account(declared, caller))
    }

    /// Returns the account of the credentials of a target, where the security token service named it.
    pub(in crate::cli) fn caller(&self, target: &Target) -> Option<&Caller> {
        self.0.get(&target.identity)?.as_ref().ok()
    }

    /// Tells what the run goes on without.
    pub(in crate::cli) fn tell_unknown(&self, context: &mut Context) {
        for error in self.unknown() {
            let error = error.to_string();
            let told = format!(
                "note: whose the credentials are could not be asked: {}\n",
                sanitize_line(&error)
            );
            context.log(Verbosity::Normal, &told);
        }
    }
}

fn wrong_account(declared: &AccountId, caller: &Caller) -> ReadFailure {
    let Caller {
        account,
        arn,
        source,
    } = caller;
    let message = format!(
        "the credentials ({source}) are of account {account}, as {arn}; the rules file declares account {declared}"
    );
    ReadFailure {
        code: ReadFailure::WRONG_ACCOUNT.into(),
        message: message.into(),
        request_id: None,
    }
}
