//! Looks up the events of one name in a time span.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use acr_api::{ErrorKind, EventPage, EventQuery, ReadStatus};
use jiff::Timestamp;

use super::budget::Budget;
use super::call_failure::{CallFailure, FailureCause};
use super::failure::CallError;
use super::reader::InstanceReader;
use super::signing::api_date;
use super::target::Target;
use super::{Client, failure};

/// The largest number of pages of one query. Edits of rules are rare, so that one page is usual.
const MAX_PAGES: usize = 20;

/// The events to look up: those of one name in a time span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSpan {
    /// The name of the events.
    pub event_name: Box<str>,
    /// The start. The service has the events of the last 90 days, and answers spans of at most 30 days.
    pub from: Timestamp,
    /// The end, after the start.
    pub until: Timestamp,
}

/// The events that were found.
#[derive(Debug)]
pub struct EventLookup {
    /// The pages, newest events first. They are kept if a later one fails.
    pub pages: Vec<EventPage>,
    /// The number of requests sent, with retries.
    pub requests: u32,
    /// The end of the lookup.
    pub end: LookupEnd,
}

/// The end of a lookup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookupEnd {
    /// Every page was read.
    Complete,
    /// Some pages are missing.
    Incomplete(CallFailure),
    /// The credentials must not look up events, or there are none.
    Denied(CallFailure),
    /// The host of the region does not resolve.
    NoEndpoint(CallFailure),
}

impl Client {
    /// Looks up events in the region of a target, with its credentials. The instance of the target is ignored.
    pub async fn lookup_events(
        &self,
        target: &Target,
        span: &EventSpan,
        budget: Budget,
    ) -> EventLookup {
        let reader = match self.trail_reader(target, budget) {
            Ok(reader) => reader,
            Err(error) => {
                let (_, failure) = failure::endpoint_failure(error);
                return EventLookup {
                    pages: Vec::new(),
                    requests: 0,
                    end: LookupEnd::Incomplete(failure),
                };
            }
        };
        let mut pages = Vec::new();
        let mut outcome = reader.look_up(span, &mut pages).await;
        if pages.is_empty()
            && let Err(LookupError::Call(error)) = &outcome
            && is_refused_span(error)
            && let Some([later, earlier]) = halves(span)
        {
            // The documentation of the longest span is contradictory.
            outcome = reader.look_up(&later, &mut pages).await;
            if outcome.is_ok() {
                outcome = reader.look_up(&earlier, &mut pages).await;
            }
        }
        EventLookup {
            pages,
            requests: reader.requests.load(Ordering::Relaxed),
            end: match outcome {
                Ok(()) => LookupEnd::Complete,
                Err(error) => error.to_end(),
            },
        }
    }
}

/// The problem of a lookup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EventProblem {
    /// The service sent a token twice.
    #[error("the service sent the token of a page twice")]
    RepeatedToken,
    /// There are too many pages.
    #[error("there are more than {limit} pages")]
    TooManyPages {
        /// The limit.
        limit: usize,
    },
    /// Elements of the response are no events.
    #[error("{count} elements of the response have no name or time of an event")]
    Unreadable {
        /// Their number.
        count: usize,
    },
}

/// The reason for missing pages.
#[derive(Debug)]
enum LookupError {
    Call(CallError),
    /// The service sent a token twice.
    RepeatedToken,
    /// There are more pages than [`MAX_PAGES`].
    TooManyPages,
    /// Elements of the response are no events.
    Unreadable(usize),
}

impl LookupError {
    fn to_end(&self) -> LookupEnd {
        let incomplete = |code, problem| {
            LookupEnd::Incomplete(CallFailure::new(code, FailureCause::Events(problem)))
        };
        match self {
            Self::Call(error) => match error.to_call_failure() {
                (ReadStatus::Denied, failure) => LookupEnd::Denied(failure),
                (_, failure) if &*failure.code == "NameNotResolved" => {
                    LookupEnd::NoEndpoint(failure)
                }
                (_, failure) => LookupEnd::Incomplete(failure),
            },
            Self::RepeatedToken => incomplete("RepeatedToken", EventProblem::RepeatedToken),
            Self::TooManyPages => incomplete(
                "TooManyPages",
                EventProblem::TooManyPages { limit: MAX_PAGES },
            ),
            Self::Unreadable(count) => incomplete(
                "UnreadableEvents",
                EventProblem::Unreadable { count: *count },
            ),
        }
    }
}

impl InstanceReader<'_> {
    /// Appends the pages of a span as they arrive.
    async fn look_up(
        &self,
        span: &EventSpan,
        pages: &mut Vec<EventPage>,
    ) -> Result<(), LookupError> {
        let mut query = EventQuery {
            event_name: span.event_name.clone(),
            start_time: api_date(span.from).into(),
            end_time: api_date(span.until).into(),
            next_token: None,
        };
        let mut tokens = HashSet::new();
        let mut unreadable = 0;
        for _ in 0..MAX_PAGES {
            let page = self.event_page(&query).await.map_err(LookupError::Call)?;
            unreadable += page.unreadable;
            query.next_token.clone_from(&page.next_token);
            pages.push(page);
            match &query.next_token {
                None if unreadable > 0 => return Err(LookupError::Unreadable(unreadable)),
                None => return Ok(()),
                Some(token) if !tokens.insert(token.clone()) => {
                    return Err(LookupError::RepeatedToken);
                }
                Some(_) => {}
            }
        }
        Err(LookupError::TooManyPages)
    }
}

/// Returns whether the service refused the span itself.
fn is_refused_span(error: &CallError) -> bool {
    error.refusal().is_some_and(|refusal| {
        refusal.kind() == ErrorKind::Parameter || is_range_error(refusal.code.as_str())
    })
}

/// Returns whether a code is the one that users report for a span that is too long.
fn is_range_error(code: &str) -> bool {
    code.contains("TimeRange")
}

/// Returns the two halves of a span, the later one first; `None` where it is too short.
fn halves(span: &EventSpan) -> Option<[EventSpan; 2]> {
    let middle = span.from.as_second().midpoint(span.until.as_second());
    let middle = Timestamp::from_second(middle).ok()?;
    if middle <= span.from || middle >= span.until {
        return None;
    }
    let later = EventSpan {
        from: middle,
        ..span.clone()
    };
    let earlier = EventSpan {
        until: middle,
        ..span.clone()
    };
    Some([later, earlier])
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;
    use std::time::Duration;

    use serde_json::json;

    use super::{EventSpan, LookupEnd};
    use crate::testing::{Reply, Server, budget, client, client_with, options, with_keys};
    use crate::{Budget, Options};

    fn span() -> EventSpan {
        EventSpan {
            event_name: "DeleteRepoSyncRule".into(),
            from: "2026-01-30T00:00:00Z".parse().expect("a time"),
            until: "2026-03-01T00:00:00Z".parse().expect("a time"),
        }
    }

    fn page(token: Option<&str>) -> Reply {
        let event = json!({"eventName": "DeleteRepoSyncRule", "eventTime": "2026-02-01T00:00:00Z"});
        Reply::json(
            200,
            json!({"RequestId": "R", "NextToken": token, "Events": [event]}).to_string(),
        )
    }

    #[tokio::test]
    async fn pages_have_the_same_parameters_and_the_token_untouched() {
        const TOKEN: &str = "CAES+/==";
        let server = Server::start(|request, _| match request.parameter("NextToken") {
            None => page(Some(TOKEN)),
            Some(token) => {
                assert_eq!(token, "CAES%2B%2F%3D%3D");
                page(None)
            }
        })
        .await;
        let lookup = client()
            .lookup_events(&server.target("cri-a"), &span(), budget())
            .await;
        assert_eq!(lookup.end, LookupEnd::Complete);
        assert_eq!((lookup.pages.len(), lookup.requests), (2, 2));
        for request in server.received() {
            assert_eq!(
                request.parameter("StartTime"),
                Some("2026-01-30T00%3A00%3A00Z")
            );
            assert_eq!(
                request.parameter("EndTime"),
                Some("2026-03-01T00%3A00%3A00Z")
            );
            assert_eq!(request.parameter("MaxResults"), Some("50"));
            assert_eq!(
                request.parameter("LookupAttribute.1.Value"),
                Some("DeleteRepoSyncRule")
            );
        }
    }

    #[tokio::test]
    async fn endless_pages_end() {
        let server = Server::start(|_, number| page(Some(&number.to_string()))).await;
        let lookup = client()
            .lookup_events(&server.target("cri-a"), &span(), budget())
            .await;
        assert!(
            matches!(&lookup.end, LookupEnd::Incomplete(failure) if &*failure.code == "TooManyPages")
        );
        let repeating = Server::start(|_, _| page(Some("same"))).await;
        let lookup = client()
            .lookup_events(&repeating.target("cri-a"), &span(), budget())
            .await;
        assert!(
            matches!(&lookup.end, LookupEnd::Incomplete(failure) if &*failure.code == "RepeatedToken")
        );
        assert_eq!(lookup.requests, 2);
    }

    #[tokio::test]
    async fn a_lookup_without_a_turn_is_named() {
        let server = Server::start(|_, _| page(None)).await;
        let options = Options {
            lookups_per_second: NonZeroUsize::new(1),
            ..options()
        };
        let client = client_with(options, with_keys());
        let (target, span) = (server.target("cri-a"), span());
        let lookup = |budget| client.lookup_events(&target, &span, budget);
        assert_eq!(lookup(budget()).await.end, LookupEnd::Complete);
        let late = lookup(Budget::starting_now(Duration::from_millis(500))).await;
        assert!(
            matches!(&late.end, LookupEnd::Incomplete(failure) if &*failure.code == "LookupsQueued")
        );
        assert_eq!(late.requests, 0);
    }

    #[tokio::test]
    async fn a_refused_span_is_halved_once() {
        let server = Server::start(|request, _| {
            if request.parameter("StartTime") == Some("2026-01-30T00%3A00%3A00Z")
                && request.parameter("EndTime") == Some("2026-03-01T00%3A00%3A00Z")
            {
                Reply::error(400, "InvalidParameterStartTime")
            } else {
                page(None)
            }
        })
        .await;
        let lookup = client()
            .lookup_events(&server.target("cri-a"), &span(), budget())
            .await;
        assert_eq!(lookup.end, LookupEnd::Complete);
        let starts: Vec<_> = server
            .received()
            .iter()
            .map(|it| it.parameter("StartTime").unwrap_or_default().to_owned())
            .collect();
        assert_eq!(
            starts,
            [
                "2026-01-30T00%3A00%3A00Z",
                "2026-02-14T00%3A00%3A00Z",
                "2026-01-30T00%3A00%3A00Z"
            ]
        );
        let refusing = Server::start(|_, _| Reply::error(400, "InvalidQueryParameter")).await;
        let lookup = client()
            .lookup_events(&refusing.target("cri-a"), &span(), budget())
            .await;
        assert!(matches!(lookup.end, LookupEnd::Incomplete(_)));
        assert_eq!(lookup.requests, 2);
    }

    #[tokio::test]
    async fn refusals_and_unknown_hosts_have_ends_of_their_own() {
        let denying = Server::start(|_, _| Reply::error(403, "NoPermission")).await;
        let lookup = client()
            .lookup_events(&denying.target("cri-a"), &span(), budget())
            .await;
        let LookupEnd::Denied(failure) = lookup.end else {
            panic!("{lookup:?}");
        };
        assert!(failure.message().contains("actiontrail:LookupEvents"));
        // A label of more than 63 characters is refused before any name server is asked.
        let mut target = denying.target("cri-a");
        target.endpoint = Some(format!("http://actiontrail.{}.invalid", "x".repeat(64)).into());
        let plain = Options {
            insecure_http: true,
            ..options()
        };
        let client = client_with(plain, with_keys());
        let lookup = client.lookup_events(&target, &span(), budget()).await;
        assert!(matches!(lookup.end, LookupEnd::NoEndpoint(_)), "{lookup:?}");
        let slow = Server::start(|_, number| {
            if number == 0 {
                Reply::error(400, "Throttling.User")
            } else {
                page(None)
            }
        })
        .await;
        let lookup = client
            .lookup_events(&slow.target("cri-a"), &span(), budget())
            .await;
        assert_eq!((lookup.end, lookup.requests), (LookupEnd::Complete, 2));
    }
}
