//! One call: build, sign, send, parse; and again, re-dated and re-signed, while that may help.

use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use tokio::time::{Instant, sleep};

use super::credentials::Credentials;
use super::endpoint::ServiceUrl;
use super::failure::{AttemptError, CallError, End};
use super::options::{Budget, Outside};
use super::reader::Reader;
use super::retry::{Attempts, Backoff};
use super::transport::{Request, TransportError, header_name, secret_header};
use crate::acr::signature::{acs3, canonical_query};
use crate::acr::{API_VERSION, Action, ErrorKind, Page, PageQuery, parse_page};

impl Reader<'_> {
    /// Asks for one page until it comes or asking is no use.
    pub(super) async fn page(&self, query: &PageQuery) -> Result<Page, CallError> {
        let Some(mut permit) = self.budget.within(self.lane.limiter.acquire()).await else {
            return Err(out_of_time(self.budget));
        };
        // The permit is kept over waits: a service that is overloaded gets nothing else in their place.
        let page = persist(self.budget, self.client.options.backoff, &self.client.outside, async || {
            let outcome = self.attempt(query).await;
            if outcome.as_ref().is_err_and(is_overload) {
                permit.overloaded();
            }
            outcome
        });
        let page = page.await?;
        permit.succeeded();
        Ok(page)
    }

    async fn attempt(&self, query: &PageQuery) -> Result<Page, AttemptError> {
        let client = self.client;
        let credentials = client.keyring.get(&self.lane.identity).await.map_err(AttemptError::Credentials)?;
        // A closed semaphore would let requests through, not stop them; nothing closes it.
        let _slot = client.slots.acquire().await.ok();
        let date = self.lane.date((client.outside.now)());
        let nonce = (client.outside.random)();
        let action = Action::ListRepoSyncRule.as_str();
        let request = signed(&self.lane.service, &credentials, (action, API_VERSION), query, (date, nonce));
        self.requests.fetch_add(1, Ordering::Relaxed);
        let response = client.transport.send(request?).await.map_err(AttemptError::Transport)?;
        parse_page(response.status, &response.body).map_err(|error| {
            if error.kind() == ErrorKind::Clock
                && let Some(date) = response.date()
            {
                self.lane.correct_clock((client.outside.now)(), date);
            }
            let retry_after = response.retry_after().filter(|_| response.status >= 400);
            AttemptError::Refused { error, retry_after, source: credentials.source.to_string() }
        })
    }
}

/// Attempts something until it succeeds, cannot, or the budget ends.
async fn persist<T>(
    budget: Budget,
    backoff: Backoff,
    outside: &Outside,
    mut attempt: impl AsyncFnMut() -> Result<T, AttemptError>,
) -> Result<T, CallError> {
    let started = Instant::now();
    let mut attempts = Attempts::default();
    let mut last = None;
    loop {
        let end = match budget.within(attempt()).await {
            None => End::OutOfTime(budget.total()),
            Some(Ok(value)) => return Ok(value),
            Some(Err(error)) => {
                let wait = attempts.after(&error, backoff, (outside.random)());
                last = Some(error);
                let left = budget.left();
                match wait {
                    Some(wait) if wait <= left => {
                        pause(wait).await;
                        continue;
                    }
                    Some(wait) => End::WaitTooLong { wait, left },
                    None => End::GaveUp,
                }
            }
        };
        return Err(CallError { last, attempts: attempts.count(), elapsed: started.elapsed(), end });
    }
}

/// A timer rounds up to its next tick; no wait at all is cheaper.
async fn pause(wait: Duration) {
    if !wait.is_zero() {
        sleep(wait).await;
    }
}

fn out_of_time(budget: Budget) -> CallError {
    CallError { last: None, attempts: 0, elapsed: budget.total(), end: End::OutOfTime(budget.total()) }
}

/// Whether the service may simply have too much to do; silence is taken for it.
fn is_overload(error: &AttemptError) -> bool {
    match error {
        AttemptError::Refused { error, retry_after, .. } => {
            retry_after.is_some() || error.kind() == ErrorKind::Throttled
        }
        AttemptError::Transport(error) => error.is_passing(),
        AttemptError::Credentials(_) => false,
    }
}

/// A signed request: POST `/` with everything in the query, as the official SDKs send it.
///
/// The query is encoded once and goes to the signer and the wire alike.
fn signed(
    service: &ServiceUrl,
    credentials: &Credentials,
    (action, version): (&str, &str),
    query: &PageQuery,
    (date, nonce): (Timestamp, u128),
) -> Result<Request, AttemptError> {
    let query: Vec<_> = query.parameters().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let payload_hash = acs3::payload_hash(b"");
    let mut signed = vec![
        ("host".to_owned(), service.authority()),
        ("x-acs-action".to_owned(), action.to_owned()),
        ("x-acs-content-sha256".to_owned(), payload_hash.clone()),
        ("x-acs-date".to_owned(), date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        ("x-acs-signature-nonce".to_owned(), format!("{nonce:032x}")),
        ("x-acs-version".to_owned(), version.to_owned()),
    ];
    if let Some(token) = credentials.token() {
        signed.push(("x-acs-accesskey-id".to_owned(), credentials.access_key_id().to_owned()));
        signed.push(("x-acs-security-token".to_owned(), token.to_owned()));
    }
    let canonical =
        acs3::Request { method: "POST", path: "/", query: &query, headers: &signed, payload_hash: &payload_hash };
    let signature = acs3::sign(credentials.secret(), &acs3::string_to_sign(&canonical.canonical()));
    let authorization = acs3::authorization(credentials.access_key_id(), &canonical.signed_headers(), &signature);
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    for (name, value) in
        signed.iter().map(|(name, value)| (&**name, value)).chain([(AUTHORIZATION.as_str(), &authorization)])
    {
        // HTTP writes the host itself, the same one.
        if name != "host" {
            let (Some(name), Some(value)) = (header_name(name), secret_header(value)) else {
                let problem = format!("the header {name} would hold characters that no header can");
                return Err(AttemptError::Transport(TransportError::Setup(problem)));
            };
            headers.insert(name, value);
        }
    }
    Ok(Request {
        method: Method::POST,
        url: service.with_query(&canonical_query(&query)),
        headers,
        body: String::new(),
    })
}

/// `now` as the service sees it, given the offset between the clocks in milliseconds.
pub(super) fn at_service(now: Timestamp, offset_ms: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_millis(offset_ms)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::time::Duration;

    use crate::acr::signature::acs3;
    use crate::client::testing::{
        NOW, Received, Reply, Server, budget, client, client_with, options, outside, with_keys,
    };
    use crate::client::{Budget, Client, Target};
    use crate::model::ReadStatus;

    fn empty() -> Reply {
        Reply::page(1, 100, 0, &[])
    }

    async fn one(client: &Client, target: &Target) -> crate::acr::Listing {
        client.read(std::slice::from_ref(target), budget()).await.expect("credentials").remove(0)
    }

    /// Signs what came over the wire and compares.
    fn is_signed(received: &Received, secret: &str) -> bool {
        let authorization = &received.headers["authorization"];
        let (_, rest) = authorization.split_once("SignedHeaders=").expect("signed headers");
        let (names, signature) = rest.split_once(",Signature=").expect("signature");
        let headers: Vec<_> = names.split(';').map(|name| (name.to_owned(), received.headers[name].clone())).collect();
        let pairs = received.query().split('&').filter_map(|pair| pair.split_once('='));
        let query: Vec<_> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let payload_hash = acs3::payload_hash(b"");
        let request =
            acs3::Request { method: "POST", path: "/", query: &query, headers: &headers, payload_hash: &payload_hash };
        acs3::sign(secret, &acs3::string_to_sign(&request.canonical())) == signature
    }

    #[tokio::test]
    async fn requests_are_as_the_sdks_send_them() {
        let server = Server::start(|_, _| empty()).await;
        let token = [
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", " testId\n"),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testSecret"),
            ("ALIBABA_CLOUD_SECURITY_TOKEN", "token=="),
        ];
        for world in [with_keys(), outside(&token)] {
            let listing = one(&client_with(options(), world), &server.target("cri-1")).await;
            assert_eq!((listing.status, listing.requests, listing.pages), (ReadStatus::Complete, 1, 1));
        }
        let received = server.received();
        for request in &received {
            assert_eq!((&*request.method, &*request.target), ("POST", "/?InstanceId=cri-1&PageNo=1&PageSize=100"));
            let header = |name: &str| request.headers.get(name).map(String::as_str);
            assert_eq!(header("content-length"), Some("0"));
            assert_eq!((header("content-type"), &*request.body), (None, ""));
            assert_eq!(header("accept"), Some("application/json"));
            assert_eq!(header("host"), server.url.strip_prefix("http://"));
            assert_eq!(header("x-acs-date"), Some(NOW));
            assert_eq!(header("x-acs-action"), Some("ListRepoSyncRule"));
            assert_eq!(header("user-agent"), Some(concat!("crdrift/", env!("CARGO_PKG_VERSION"))));
            assert!(is_signed(request, "testSecret"));
        }
        assert_eq!(received[0].headers.get("x-acs-security-token"), None);
        assert_eq!(received[1].headers["x-acs-security-token"], "token==");
        assert_eq!(received[1].headers["x-acs-accesskey-id"], "testId");
    }

    #[tokio::test]
    async fn every_attempt_is_signed_anew() {
        let server = Server::start(|_, before| match before {
            0 => Reply::error(500, "SystemError"),
            1 => Reply::error(400, "Throttling.User"),
            2 => Reply::error(429, "Throttling").with("x-acs-retry-after", "1"),
            3 => Reply::CutOff("{".to_owned()),
            4 => Reply::Nothing,
            5 => Reply::json(200, r#"{"RequestId":"#),
            6 => Reply::error(400, "SignatureNonceUsed"),
            7 => Reply::json(502, "<html>proxy</html>"),
            _ => empty(),
        })
        .await;
        // Six faults in a row would end it; the throttled attempts do not count.
        let target = server.target("cri-1");
        let listing = one(&client(), &target).await;
        assert_eq!((listing.status, listing.requests), (ReadStatus::Unreachable, 8));
        let listing = one(&client(), &target).await;
        assert_eq!((listing.status, listing.requests), (ReadStatus::Complete, 1));
        let received = server.received();
        let nonces: HashSet<_> = received[..8].iter().map(|it| it.headers["x-acs-signature-nonce"].clone()).collect();
        assert_eq!(nonces.len(), 8);
        assert!(received.iter().all(|request| is_signed(request, "testSecret")));
    }

    #[tokio::test]
    async fn a_wrong_clock_is_corrected_once() {
        let server = Server::start(|request, _| {
            let right = request.headers["x-acs-date"].starts_with("2026-03-01T11");
            let reply = if right { empty() } else { Reply::error(400, "InvalidTimeStamp.Expired") };
            reply.with("Date", "Sun, 01 Mar 2026 11:00:07 GMT")
        })
        .await;
        let client = client();
        let listing = one(&client, &server.target("cri-1")).await;
        assert_eq!((listing.status, listing.requests), (ReadStatus::Complete, 2));
        assert_eq!(server.received()[1].headers["x-acs-date"], "2026-03-01T11:00:07Z");
        assert_eq!(one(&client, &server.target("cri-2")).await.requests, 1, "the offset is kept");

        let broken = Server::start(|_, _| Reply::error(400, "InvalidTimeStamp.Expired")).await;
        let listing = one(&client, &broken.target("cri-1")).await;
        let failure = listing.failure.expect("failure");
        assert_eq!((listing.status, listing.requests), (ReadStatus::Unreachable, 2));
        assert!(failure.message.contains("check this machine's clock"), "{failure:?}");
    }

    #[tokio::test]
    async fn refusals_say_what_to_do() {
        let cases = [
            (Reply::error(403, "NoPrivilege"), ReadStatus::Denied, "NoPrivilege", "allow cr:ListSyncRule"),
            (
                Reply::error(404, "InvalidAccessKeyId.NotFound"),
                ReadStatus::Denied,
                "InvalidAccessKeyId.NotFound",
                "check the credentials (environment variables)",
            ),
            (
                Reply::error(200, "INSTANCE_NOT_EXIST"),
                ReadStatus::NotFound,
                "INSTANCE_NOT_EXIST",
                "check the instance's id",
            ),
            (Reply::error(404, "HTTP 404"), ReadStatus::Unreachable, "HTTP 404", "words"),
            (
                Reply::json(307, "").with("Location", "https://user:secret@other.example/x?token=secret"),
                ReadStatus::Unreachable,
                "Redirected",
                "https://other.example/x, which is not followed",
            ),
        ];
        for (reply, status, code, words) in cases {
            let server = Server::start(move |_, _| reply.clone()).await;
            let listing = one(&client(), &server.target("cri-1")).await;
            let failure = listing.failure.expect("failure");
            assert_eq!((listing.status, &*failure.code, listing.requests), (status, code, 1), "{failure:?}");
            assert!(failure.message.contains(words) && !failure.message.contains("secret"), "{failure:?}");
        }
    }

    #[tokio::test]
    async fn endpoints_that_cannot_be_reached_are_named() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port");
        let plain = Server::start(|_, _| empty()).await;
        let encrypted = plain.url.replace("http://", "https://");
        let cases = [
            (format!("http://{free}"), "ConnectionFailed", format!("cannot connect to http://{free}")),
            (encrypted.clone(), "NotTrusted", format!("cannot trust {encrypted}")),
            ("http://cr.example".to_owned(), "InvalidEndpoint", "plain http is for this machine only".to_owned()),
        ];
        for (endpoint, code, words) in cases {
            let server = Server::start(|_, _| empty()).await;
            let target = Target { endpoint: Some(endpoint.into()), ..server.target("cri-1") };
            let listings = client().read(&[target, server.target("cri-2")], budget()).await.expect("credentials");
            let failure = listings[0].failure.as_ref().expect("failure");
            assert_eq!((listings[0].status, &*failure.code), (ReadStatus::Unreachable, code), "{failure:?}");
            assert!(failure.message.contains(&words), "{failure:?}");
            assert_eq!(listings[1].status, ReadStatus::Complete, "the other one is read all the same");
        }
    }

    #[tokio::test]
    async fn the_budget_ends_everything_with_a_story() {
        let server = Server::start(|_, _| Reply::error(429, "Throttling.User").with("x-acs-retry-after", "5000")).await;
        let targets = [server.target("cri-1")];
        let listing =
            client().read(&targets, Budget::starting_now(Duration::from_secs(3))).await.expect("keys").remove(0);
        let failure = listing.failure.expect("failure");
        assert_eq!((listing.status, listing.requests), (ReadStatus::Throttled, 1));
        assert!(failure.message.contains("the next attempt was due in 5.0 s"), "{failure:?}");
        assert_eq!(failure.request_id.as_deref(), Some("R-1"));

        let listing = client().read(&targets, Budget::starting_now(Duration::ZERO)).await.expect("keys").remove(0);
        let failure = listing.failure.expect("failure");
        assert_eq!((listing.status, &*failure.code), (ReadStatus::Unreachable, "OutOfTime"));
    }

    #[tokio::test]
    async fn without_any_keys_nothing_is_asked() {
        let server = Server::start(|_, _| empty()).await;
        let error = client_with(options(), outside(&[])).read(&[server.target("cri-1")], budget()).await;
        let error = error.expect_err("no credentials").to_string();
        assert!(error.contains("set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET"), "{error}");
        assert!(server.received().is_empty());
    }
}
