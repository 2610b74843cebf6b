//! Strict stand-ins for the services that take notifications: they check what real ones check, answer as real ones do, and
//! keep what a person would see. They share no code with the program.

mod check;
mod rendered;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use crdrift::rules::TargetKind;
use futures_util::stream;
use tokio::runtime::Runtime;

pub(crate) use self::rendered::Rendered;

/// The most messages of a minute; more of them block the robot for ten.
const MOST_IN_A_MINUTE: usize = 20;
const MINUTE_MS: i64 = 60_000;
const BLOCK_MS: i64 = 600_000;

/// The key of every robot and webhook.
pub(crate) const SECRET: &str = "whsec_cGxhbnRlZC1zZWNyZXQ=";

/// The secret part of every address.
pub(crate) const TOKEN: &str = "planted-token-0123456789";

/// An answer out of the ordinary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ScriptedAnswer {
    /// A status and a body.
    Body(u16, String),
    /// Status 429, with the seconds of `Retry-After` if there are any.
    TooMany(Option<u32>),
    /// A redirect to another path of this service.
    Redirect,
    /// No answer at all.
    Hang,
    /// The beginning of an answer, then the end of the connection.
    Cut,
    /// A body of 10 MB.
    Huge,
    /// The address and the key, in the body of an error with this status.
    Echo(u16),
}

/// A request that a service received.
#[derive(Debug, Clone)]
pub(crate) struct ReceivedMessage {
    /// The time, by the clock of the test.
    pub(crate) at_ms: i64,
    /// What a person sees.
    pub(crate) rendered: Rendered,
    /// The header `webhook-id`.
    pub(crate) id: Option<String>,
}

#[derive(Debug, Default)]
struct ReceiverLog {
    messages: Vec<ReceivedMessage>,
    problems: Vec<String>,
    script: VecDeque<ScriptedAnswer>,
    blocked_until_ms: i64,
}

/// A running service.
pub(crate) struct Receiver {
    pub(crate) kind: TargetKind,
    url: String,
    log: Arc<Mutex<ReceiverLog>>,
    _runtime: Runtime,
}

#[derive(Clone)]
struct Service {
    kind: TargetKind,
    keyword: Option<&'static str>,
    log: Arc<Mutex<ReceiverLog>>,
    now_ms: Arc<dyn Fn() -> i64 + Send + Sync>,
}

impl Receiver {
    /// Starts a service with a clock.
    pub(crate) fn start(
        kind: TargetKind,
        keyword: Option<&'static str>,
        now_ms: Arc<dyn Fn() -> i64 + Send + Sync>,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let log = Arc::<Mutex<ReceiverLog>>::default();
        let service = Service {
            kind,
            keyword,
            log: Arc::clone(&log),
            now_ms,
        };
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(respond).with_state(service);
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self {
            kind,
            url: format!("http://{address}{}", check::address(kind)),
            log,
            _runtime: runtime,
        }
    }

    /// Returns the address that a target has.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Answers the next requests out of the ordinary.
    pub(crate) fn script(&self, answers: impl IntoIterator<Item = ScriptedAnswer>) {
        let mut log = self.log.lock().expect("a log");
        log.script = answers.into_iter().collect();
    }

    /// Returns the number of answers out of the ordinary that no request got yet.
    pub(crate) fn scripted(&self) -> usize {
        self.log.lock().expect("a log").script.len()
    }

    /// Returns the messages that people saw: those that the service took.
    pub(crate) fn messages(&self) -> Vec<ReceivedMessage> {
        self.log.lock().expect("a log").messages.clone()
    }

    /// Fails if a request was none that the real service takes.
    pub(crate) fn check(&self) {
        let log = self.log.lock().expect("a log");
        assert!(
            log.problems.is_empty(),
            "{:?}: {:#?}",
            self.kind,
            log.problems
        );
    }
}

async fn respond(State(service): State<Service>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.expect("a body");
    let scripted = service.log.lock().expect("a log").script.pop_front();
    let echo = format!(
        "{} {:?} {SECRET} {}",
        parts.uri,
        parts.headers,
        String::from_utf8_lossy(&body)
    );
    let checked = check::check(
        service.kind,
        (&parts.method, &parts.uri, &parts.headers),
        &body,
        (service.now_ms)(),
    );
    match scripted {
        None => accept(&service, &parts.headers, checked),
        Some(answer) => {
            if let Err(problem) = checked {
                service.log.lock().expect("a log").problems.push(problem);
            }
            play(answer, &echo).await
        }
    }
}

/// Answers as the service does.
fn accept(
    service: &Service,
    headers: &HeaderMap,
    checked: Result<Rendered, String>,
) -> Response<Body> {
    let now_ms = (service.now_ms)();
    let mut log = service.log.lock().expect("a log");
    let rendered = match checked {
        Ok(rendered) => rendered,
        Err(problem) => {
            log.problems.push(problem.clone());
            return answer(200, check::refusal(service.kind, &problem));
        }
    };
    if check::is_limited(service.kind) {
        let in_a_minute = log
            .messages
            .iter()
            .filter(|it| it.at_ms > now_ms - MINUTE_MS)
            .count();
        if in_a_minute >= MOST_IN_A_MINUTE || now_ms < log.blocked_until_ms {
            log.blocked_until_ms = now_ms + BLOCK_MS;
            log.problems
                .push(format!("more than 20 messages at {now_ms}"));
            return answer(
                200,
                r#"{"status":1111,"wait":5,"punish":"deny"}"#.to_owned(),
            );
        }
    }
    if let Some(keyword) = service.keyword
        && !rendered.text.contains(keyword)
    {
        return answer(200, check::missing_keyword(service.kind));
    }
    let id = headers.get("webhook-id").and_then(|it| it.to_str().ok());
    log.messages.push(ReceivedMessage {
        at_ms: now_ms,
        rendered,
        id: id.map(str::to_owned),
    });
    answer(200, check::success(service.kind).to_owned())
}

async fn play(scripted: ScriptedAnswer, echo: &str) -> Response<Body> {
    match scripted {
        ScriptedAnswer::Body(status, body) => answer(status, body),
        ScriptedAnswer::TooMany(seconds) => {
            let mut response = answer(429, "slow down".to_owned());
            if let Some(seconds) = seconds {
                response.headers_mut().insert("retry-after", seconds.into());
            }
            response
        }
        ScriptedAnswer::Redirect => {
            let mut response = answer(301, String::new());
            let to = "/elsewhere".parse().expect("a header");
            response.headers_mut().insert("location", to);
            response
        }
        ScriptedAnswer::Hang => std::future::pending().await,
        ScriptedAnswer::Cut => {
            let pieces = [
                Ok(Bytes::from_static(b"{\"errcode\":0,")),
                Err(std::io::Error::other("cut")),
            ];
            Response::new(Body::from_stream(stream::iter(pieces)))
        }
        ScriptedAnswer::Huge => answer(200, format!("{{\"errcode\":0{}", " ".repeat(10 << 20))),
        ScriptedAnswer::Echo(status) => answer(status, echo.to_owned()),
    }
}

fn answer(status: u16, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    response
}
