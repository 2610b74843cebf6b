//! One call of the API: build, sign, send and parse; retried with a new date, nonce and signature.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use acr_api::{
    ApiAction, ApiError, ApiPage, ErrorKind, EventPage, EventQuery, InstancePage, PageQuery,
    parse_events, parse_instances, parse_page,
};

use super::InstanceReader;
use crate::budget::Budget;
use crate::call_failure::RequestQueue;
use crate::credentials::Credentials;
use crate::failure::{AttemptError, CallContext, CallError};
use crate::limits::AccountKey;
use crate::rate::{AccountPace, RateLimit};
use crate::remedy::CallRemedy;
use crate::request_log::{Attempt, RequestLabel};
use crate::retry_loop::RetryPolicy;
use crate::signing::{ApiRequest, SigningContext};

/// An action that reads.
#[derive(Debug, Clone, Copy)]
struct ReadAction<T> {
    action: ApiAction,
    /// The remedy if the action is denied.
    remedy: CallRemedy,
    parse: fn(u16, &[u8]) -> Result<T, ApiError>,
}

const LIST_RULES: ReadAction<ApiPage> = ReadAction {
    action: ApiAction::ListRepoSyncRule,
    remedy: CallRemedy::ListRules,
    parse: parse_page,
};

const LIST_INSTANCES: ReadAction<InstancePage> = ReadAction {
    action: ApiAction::ListInstance,
    remedy: CallRemedy::ListInstances,
    parse: parse_instances,
};

const LOOKUP_EVENTS: ReadAction<EventPage> = ReadAction {
    action: ApiAction::LookupEvents,
    remedy: CallRemedy::LookUpEvents,
    parse: parse_events,
};

/// The longest time to determine the account of an access key. Without it, the key has a budget of its own.
const ACCOUNT_TIMEOUT: Duration = Duration::from_secs(5);

/// A page, with its body if bodies are kept.
#[derive(Debug)]
pub(crate) struct PageResponse {
    pub(crate) page: ApiPage,
    /// The length of the body in bytes.
    pub(crate) bytes: usize,
    pub(crate) body: Option<Vec<u8>>,
}

impl InstanceReader<'_> {
    /// Requests one page of rules.
    pub(crate) async fn page(&self, query: &PageQuery) -> Result<PageResponse, CallError> {
        let (page, body) = self.call(LIST_RULES, &query.parameters()).await?;
        Ok(PageResponse {
            page,
            bytes: body.len(),
            body: self.keeps_bodies.then_some(body),
        })
    }

    /// Requests one page of the instances in the region of the endpoint.
    pub(crate) async fn instance_page(
        &self,
        number: u32,
        size: u32,
    ) -> Result<InstancePage, CallError> {
        let parameters = [
            ("PageNo", number.to_string()),
            ("PageSize", size.to_string()),
        ];
        let (page, _) = self.call(LIST_INSTANCES, &parameters).await?;
        Ok(page)
    }

    /// Requests one page of events.
    pub(crate) async fn event_page(&self, query: &EventQuery) -> Result<EventPage, CallError> {
        let (page, _) = self.call(LOOKUP_EVENTS, &query.parameters()).await?;
        Ok(page)
    }

    async fn call<T>(
        &self,
        action: ReadAction<T>,
        parameters: &[(&'static str, String)],
    ) -> Result<(T, Vec<u8>), CallError> {
        let client = self.client;
        let policy = RetryPolicy {
            budget: self.budget,
            backoff: client.options.backoff,
            environment: &client.environment,
        };
        let mut kept_permit = None;
        let page = policy.run(async |attempt| {
            let mut permit = if let Some(permit) = kept_permit.take() {
                permit
            } else {
                let permit = self.endpoint.limiter.acquire();
                self.wait_for(RequestQueue::Parallelism, permit).await?
            };
            let outcome = self.attempt(&action, parameters, attempt).await;
            // The permit is kept while the call waits for an overloaded service, so that no other request takes its
            // place. After other failures it is released to the other instances of the endpoint.
            match &outcome {
                Ok(_) => kept_permit = Some(permit),
                Err(error) if is_overload(error) => {
                    permit.overloaded();
                    kept_permit = Some(permit);
                }
                Err(_) => drop(permit),
            }
            outcome
        });
        let page = page.await?;
        if let Some(permit) = kept_permit {
            permit.succeeded();
        }
        Ok(page)
    }

    async fn attempt<T>(
        &self,
        action: &ReadAction<T>,
        parameters: &[(&'static str, String)],
        attempt: Attempt,
    ) -> Result<(T, Vec<u8>), AttemptError> {
        let (client, endpoint) = (self.client, &self.endpoint);
        let (cache, region) = (&client.credentials_cache, &self.target.region);
        let credentials = cache
            .get(&endpoint.identity, region, self.budget)
            .await
            .map_err(AttemptError::Credentials)?;
        // The turn is first: while requests of one account wait for theirs, those of others take the permits.
        let pace = self.account_pace(&credentials).await;
        let turn = match &pace {
            Some(pace) => {
                let turn = pace.turn(client.limits.subscribe_rate());
                Some(self.wait_for(RequestQueue::Rate, turn).await?)
            }
            None => None,
        };
        // The semaphore is never closed; an error would only lift the limit.
        let permit = client.limits.permits().acquire();
        let _permit = self.wait_for(RequestQueue::Parallelism, permit).await?.ok();
        let query: Vec<_> = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let request = ApiRequest {
            service: &endpoint.url,
            action: action.action.as_str(),
            version: action.action.version(),
            query: &query,
        };
        if action.action == ApiAction::LookupEvents {
            let turn = client.event_pace.wait();
            self.wait_for(RequestQueue::Lookups, turn).await?;
        }
        if let Some(turn) = turn {
            turn.start();
        }
        let signing = SigningContext {
            date: endpoint.clock.date((client.environment.now)()),
            nonce: (client.environment.random)(),
        };
        let request = request
            .sign(&credentials, signing)
            .map_err(AttemptError::Transport)?;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let instance_id = Some(&self.target.instance_id).filter(|id| !id.is_empty());
        let label = RequestLabel {
            instance_id: instance_id.cloned(),
            action: action.action.as_str(),
            credentials: Arc::clone(&credentials.source),
            attempt,
        };
        let response = client
            .transport
            .send(request, label)
            .await
            .map_err(AttemptError::Transport)?;
        let now = (client.environment.now)();
        endpoint.clock.observe(now, &response);
        let error = match (action.parse)(response.status, &response.body) {
            Ok(page) => return Ok((page, response.body)),
            Err(error) => error,
        };
        match error.kind() {
            ErrorKind::Clock => endpoint.clock.correct(now, &response),
            ErrorKind::TokenExpired => {
                cache
                    .drop_expired(&endpoint.identity, region, &credentials)
                    .await;
            }
            _ => {}
        }
        Err(AttemptError::Refused {
            error,
            problem: None,
            retry_after: response.retry_after(now),
            context: CallContext {
                credentials_source: Arc::clone(&credentials.source),
                remedy: action.remedy,
            },
        })
    }
}

impl InstanceReader<'_> {
    /// Waits for a turn in a queue within the time budget.
    async fn wait_for<T>(
        &self,
        queue: RequestQueue,
        turn: impl Future<Output = T>,
    ) -> Result<T, AttemptError> {
        let has_ended = || self.budget.left().is_zero();
        if has_ended() {
            return Ok(turn.await);
        }
        let turn = self.budget.within(turn).await;
        // At the end of the budget, the requests that are given up leave their places to those that wait.
        turn.filter(|_| !has_ended())
            .ok_or(AttemptError::NoTurn(queue))
    }

    /// Returns the pace of the account of credentials; `None` without a limit on the rate.
    async fn account_pace(&self, credentials: &Credentials) -> Option<Arc<AccountPace>> {
        let limits = &self.client.limits;
        if limits.rate() == RateLimit::Unlimited {
            return None;
        }
        let id = credentials.access_key_id();
        let account = limits.account(id);
        let account = account
            .get_or_init(async || {
                let budget = Budget::starting_now(ACCOUNT_TIMEOUT.min(self.budget.left()));
                // The future of a request is large: boxed, it does not enlarge that of every call.
                let caller = Box::pin(self.client.caller_for(self.target, budget)).await;
                match caller {
                    Ok(caller) => AccountKey::Account(caller.account.as_str().to_owned()),
                    Err(_) => AccountKey::AccessKey(id.to_owned()),
                }
            })
            .await;
        Some(limits.pace(account))
    }
}

/// Returns whether a failure may be an overload of the service; a missing response counts as one.
fn is_overload(error: &AttemptError) -> bool {
    match error {
        AttemptError::Refused {
            error, retry_after, ..
        } => retry_after.is_some() || error.kind() == ErrorKind::Throttled,
        AttemptError::Transport(error) => error.is_temporary(),
        AttemptError::Credentials(_) | AttemptError::NoTurn(_) => false,
    }
}

#[cfg(test)]
mod tests;
