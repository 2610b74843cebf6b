//! The checks that every request passes before its route, and the headers of every response.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{ALLOW, AUTHORIZATION, HOST, HeaderValue, WWW_AUTHENTICATE};
use axum::http::{Method, Response, StatusCode};
use axum::middleware::Next;

use super::ServerContext;
use super::connection::ConnectionInfo;
use super::response::{harden, plain};

/// The longest address of a request, bytes.
const MAX_URI: usize = 4_096;

/// The longest time to build a response.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

/// The paths of health: they answer before the password.
pub(super) const HEALTH: [&str; 2] = ["/healthz", "/readyz"];

/// The guard of a listener.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    pub(super) context: Arc<ServerContext>,
    /// True if the password is needed where there is one.
    pub(super) needs_password: bool,
}

/// Answers a request, or refuses it.
pub(super) async fn guard(
    State(guard): State<Guard>,
    ConnectInfo(connection): ConnectInfo<ConnectionInfo>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let mut response = match refuse(&guard, connection, &request) {
        Some(refusal) => refusal,
        None => match tokio::time::timeout(RESPONSE_TIMEOUT, next.run(request)).await {
            Ok(response) => response,
            Err(_) => plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "the response took too long",
            ),
        },
    };
    harden(response.headers_mut());
    response
}

fn refuse(guard: &Guard, connection: ConnectionInfo, request: &Request) -> Option<Response<Body>> {
    let context = &guard.context;
    let uri = request.uri();
    let length = uri.path().len() + uri.query().map_or(0, str::len);
    if length > MAX_URI {
        return Some(plain(
            StatusCode::URI_TOO_LONG,
            "expected a shorter address",
        ));
    }
    let mut named = request.headers().get_all(HOST).iter();
    let (Some(host), None) = (named.next(), named.next()) else {
        return Some(plain(StatusCode::BAD_REQUEST, "expected one Host header"));
    };
    let authority = uri.authority().map(axum::http::uri::Authority::as_str);
    let is_allowed = |host: &str| context.hosts.allows(host, connection.local);
    if !host.to_str().is_ok_and(is_allowed) || !authority.is_none_or(is_allowed) {
        return Some(plain(
            StatusCode::MISDIRECTED_REQUEST,
            "this host is not allowed; add it to `hosts` of the configuration",
        ));
    }
    let is_health = HEALTH.contains(&uri.path());
    if !is_health
        && guard.needs_password
        && let Some(password) = &context.password
    {
        let header = request.headers().get(AUTHORIZATION);
        if !header.is_some_and(|it| password.is_in(it.as_bytes())) {
            let mut refusal = plain(StatusCode::UNAUTHORIZED, "expected the password");
            let challenge = HeaderValue::from_static("Basic realm=\"crdrift\", charset=\"UTF-8\"");
            refusal.headers_mut().insert(WWW_AUTHENTICATE, challenge);
            return Some(refusal);
        }
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refusal = plain(StatusCode::METHOD_NOT_ALLOWED, "expected GET or HEAD");
        let allowed = HeaderValue::from_static("GET, HEAD");
        refusal.headers_mut().insert(ALLOW, allowed);
        return Some(refusal);
    }
    None
}
