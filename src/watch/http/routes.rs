//! The paths and their responses.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT, HeaderName, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::response::sse::{KeepAlive, Sse};
use axum::routing::get;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::{EstateView, WatchState};
use super::ServerContext;
use super::api::{AnswerScope, ApiAnswer, ErrorAnswer};
use super::events::{COMMENT, estate_key};
use super::guard::{Guard, HEALTH, guard};
use super::health::{Readiness, is_alive};
use super::metrics::{WatchMetrics, content_type, preferred_format};
use super::page::{DeliveriesPage, EstatePage, PageState, write_fleet};
use super::records::{StoreUnavailable, whole_findings};
use super::response::{HTML, JSON, plain, respond};
use crate::report::{Format, Mask, Options, read, render};

type Shared = State<Arc<ServerContext>>;

/// The characters of a name that stay as they are in a path.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// Returns the name of an estate as a segment of a path; its key, where the name is masked or has a meaning in paths.
pub(super) fn path_segment(name: &str, mask: Option<&Mask>) -> String {
    let is_masked = mask.is_some_and(|mask| mask.text(name) != name);
    if is_masked || matches!(name, "" | "." | "..") {
        return estate_key(name);
    }
    utf8_percent_encode(name, IN_PATH).to_string()
}

/// Returns the routes of the pages.
pub(super) fn pages(context: Arc<ServerContext>) -> Router {
    let mut router = health()
        .route("/", get(fleet))
        .route("/e/{name}", get(estate))
        .route("/deliveries", get(deliveries))
        .route("/events", get(events))
        .route("/api/v1/status", get(api_status))
        .route("/api/v1/deliveries", get(api_deliveries))
        .route("/api/v1/estates/{name}", get(api_estate))
        .route("/api/v1/estates/{name}/findings", get(api_findings))
        .route("/api/v1/estates/{name}/result", get(api_result));
    if !context.has_metrics_address {
        router = router.route("/metrics", get(metrics_text));
    }
    guarded(router, context, true)
}

/// Returns the routes of the metrics, where they have an address of their own.
pub(super) fn metrics(context: Arc<ServerContext>) -> Router {
    guarded(
        health().route("/metrics", get(metrics_text)),
        context,
        false,
    )
}

fn health() -> Router<Arc<ServerContext>> {
    let [alive, ready] = HEALTH;
    Router::new()
        .route(alive, get(healthz))
        .route(ready, get(readyz))
}

fn guarded(
    router: Router<Arc<ServerContext>>,
    context: Arc<ServerContext>,
    needs_password: bool,
) -> Router {
    let state = Guard {
        context: Arc::clone(&context),
        needs_password,
    };
    router
        .fallback(not_found)
        .layer(from_fn_with_state(state, guard))
        .with_state(context)
}

async fn not_found() -> Response<Body> {
    plain(StatusCode::NOT_FOUND, "no such page")
}

async fn healthz(State(context): Shared) -> Response<Body> {
    let now_ms = context.now_ms();
    if context.state.read(|state| is_alive(state, now_ms)) {
        plain(StatusCode::OK, "ok")
    } else {
        plain(StatusCode::SERVICE_UNAVAILABLE, "the loop does not turn")
    }
}

async fn readyz(State(context): Shared) -> Response<Body> {
    let readiness = context.state.read(Readiness::from_state);
    let status = match readiness {
        Readiness::Ready | Readiness::Standby => StatusCode::OK,
        Readiness::NotReady => StatusCode::SERVICE_UNAVAILABLE,
    };
    let body = format!("{{\"status\":\"{}\"}}\n", readiness.as_str());
    respond(&context, status, JSON, body.into())
}

async fn metrics_text(State(context): Shared, headers: HeaderMap) -> Response<Body> {
    let accept = headers.get(ACCEPT).and_then(|it| it.to_str().ok());
    let format = preferred_format(accept.unwrap_or_default());
    let state = context.state.read(WatchState::clone);
    let metrics = WatchMetrics {
        state: &state,
        version: &context.version,
        mask: context.mask.as_ref(),
    };
    let mut body = Vec::new();
    if metrics.write(format, &mut body).is_err() {
        return plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "cannot write the metrics",
        );
    }
    respond(&context, StatusCode::OK, content_type(format), body)
}

async fn events(State(context): Shared, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let last = headers.get("last-event-id").and_then(|it| it.to_str().ok());
    let since = uri.query().and_then(|it| it.strip_prefix("since="));
    let Some(stream) = context.events.open(last.or(since)) else {
        let mut refusal = plain(StatusCode::SERVICE_UNAVAILABLE, "too many streams are open");
        refusal
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static("30"));
        return refusal;
    };
    let comments = KeepAlive::new().interval(COMMENT);
    let mut response = Sse::new(stream).keep_alive(comments).into_response();
    response.headers_mut().insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    response
}

async fn fleet(State(context): Shared) -> Response<Body> {
    // The revision first: a change in between is announced once more.
    let revision = context.events.id();
    let state = context.state.read(WatchState::clone);
    let page = context.page(&revision, &state);
    let mut body = Vec::new();
    if write_fleet(&state, &page, &mut body).is_err() {
        return plain(StatusCode::INTERNAL_SERVER_ERROR, "cannot write the page");
    }
    respond(&context, StatusCode::OK, HTML, body)
}

async fn estate(State(context): Shared, Path(segment): Path<String>) -> Response<Body> {
    let revision = context.events.id();
    let Some((name, view)) = context.find_estate(&segment) else {
        return plain(StatusCode::NOT_FOUND, "no such estate");
    };
    let now_ms = context.now_ms();
    let records = context.stores.estate(&name, view.interval_ms, now_ms);
    let records = records.await.ok();
    let written = tokio::task::spawn_blocking(move || {
        let page = context.state.read(|state| context.page(&revision, state));
        let page = EstatePage {
            name: &name,
            view: &view,
            records: records.as_ref(),
            page: PageState {
                is_store_up: records.is_some(),
                ..page
            },
        };
        let mut body = Vec::new();
        page.write(&mut body)
            .map(|()| respond(&context, StatusCode::OK, HTML, body))
    });
    match written.await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) | Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "cannot write the page"),
    }
}

async fn deliveries(State(context): Shared) -> Response<Body> {
    let revision = context.events.id();
    let state = context.state.read(WatchState::clone);
    let records = context.stores.deliveries().await.ok();
    let page = DeliveriesPage {
        state: &state,
        records: records.as_deref(),
        page: PageState {
            is_store_up: records.is_some(),
            ..context.page(&revision, &state)
        },
    };
    let mut body = Vec::new();
    if page.write(&mut body).is_err() {
        return plain(StatusCode::INTERNAL_SERVER_ERROR, "cannot write the page");
    }
    respond(&context, StatusCode::OK, HTML, body)
}

async fn api_deliveries(State(context): Shared) -> Response<Body> {
    let state = context.state.read(WatchState::clone);
    match context.stores.deliveries().await {
        Ok(records) => {
            let answer = context.scope().deliveries(&state, &records);
            answer_json(&context, StatusCode::OK, &answer)
        }
        Err(StoreUnavailable) => store_unavailable(&context),
    }
}

async fn api_status(State(context): Shared) -> Response<Body> {
    let revision = context.events.id();
    let state = context.state.read(WatchState::clone);
    let answer = context.scope().status(&state, &context.version, revision);
    answer_json(&context, StatusCode::OK, &answer)
}

async fn api_estate(State(context): Shared, Path(segment): Path<String>) -> Response<Body> {
    let Some((name, view)) = context.find_estate(&segment) else {
        return unknown_estate(&context);
    };
    let answer = context.scope().estate(&name, &view);
    answer_json(&context, StatusCode::OK, &answer)
}

async fn api_findings(State(context): Shared, Path(segment): Path<String>) -> Response<Body> {
    let Some((name, _)) = context.find_estate(&segment) else {
        return unknown_estate(&context);
    };
    let estate = name.clone();
    let findings = context
        .stores
        .read(move |store| whole_findings(store, &estate));
    match findings.await {
        Ok(findings) => {
            let answer = context.scope().findings(&name, findings);
            answer_json(&context, StatusCode::OK, &answer)
        }
        Err(StoreUnavailable) => store_unavailable(&context),
    }
}

async fn api_result(State(context): Shared, Path(segment): Path<String>) -> Response<Body> {
    let Some((name, view)) = context.find_estate(&segment) else {
        return unknown_estate(&context);
    };
    let records = context
        .stores
        .estate(&name, view.interval_ms, context.now_ms());
    let records = match records.await {
        Ok(records) => records,
        Err(StoreUnavailable) => return store_unavailable(&context),
    };
    let Some(text) = records.complete.and_then(|it| it.text) else {
        let answer = ApiAnswer::Error(ErrorAnswer::new("no_result"));
        return answer_json(&context, StatusCode::NOT_FOUND, &answer);
    };
    let Some(mask) = &context.mask else {
        return respond(&context, StatusCode::OK, JSON, text.into_bytes());
    };
    let mut body = Vec::new();
    if let Ok(report) = read(text.as_bytes())
        && render(
            &mask.report(report),
            Format::Json,
            Options::default(),
            &mut body,
        )
        .is_ok()
    {
        return respond(&context, StatusCode::OK, JSON, body);
    }
    let answer = ApiAnswer::Error(ErrorAnswer::new("no_result"));
    answer_json(&context, StatusCode::NOT_FOUND, &answer)
}

fn unknown_estate(context: &ServerContext) -> Response<Body> {
    let answer = ApiAnswer::Error(ErrorAnswer::new("unknown_estate"));
    answer_json(context, StatusCode::NOT_FOUND, &answer)
}

fn store_unavailable(context: &ServerContext) -> Response<Body> {
    let answer = ApiAnswer::Error(ErrorAnswer::new("store_unavailable"));
    answer_json(context, StatusCode::SERVICE_UNAVAILABLE, &answer)
}

fn answer_json(context: &ServerContext, status: StatusCode, answer: &ApiAnswer) -> Response<Body> {
    match serde_json::to_vec_pretty(answer) {
        Ok(mut body) => {
            body.push(b'\n');
            respond(context, status, JSON, body)
        }
        Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "cannot write the answer"),
    }
}

impl ServerContext {
    /// Returns the name and the state of the estate that a segment of a path names, by its name or its key.
    fn find_estate(&self, segment: &str) -> Option<(String, EstateView)> {
        self.state.read(|state| {
            let named = state.estates.get_key_value(segment);
            let mut others = state.estates.iter();
            let found = named.or_else(|| others.find(|(name, _)| estate_key(name) == segment));
            found.map(|(name, view)| (name.clone(), view.clone()))
        })
    }

    fn scope(&self) -> AnswerScope<'_> {
        AnswerScope {
            now_ms: self.now_ms(),
            mask: self.mask.as_ref(),
        }
    }

    fn page<'a>(&'a self, revision: &'a str, state: &WatchState) -> PageState<'a> {
        PageState {
            language: self.language,
            now_ms: self.now_ms(),
            mask: self.mask.as_ref(),
            revision,
            is_store_up: state.is_store_up,
            is_config_valid: state.is_config_valid,
        }
    }
}
