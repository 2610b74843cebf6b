//! The HTTP server.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::Response;
use tokio::net::TcpListener;

use super::connection::{AbortHandle, BoundedListener};
use super::error::ErrorResponse;
use super::request::HttpRequest;
use super::response::{self, StopSignal, Transfer};
use super::service::ApiService;

/// The maximum length of a request body, in bytes. Real ones have a few hundred.
const BODY_LIMIT: usize = 1 << 20;

/// The maximum time for a request body to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves until the emulator stops, and then until open requests are answered.
pub(super) async fn serve(listener: TcpListener, service: Arc<ApiService>, stopping: StopSignal) {
    let mut stopped = stopping.clone();
    let router = Router::new()
        .fallback(respond)
        .with_state((service, stopping));
    let router = router.into_make_service_with_connect_info::<AbortHandle>();
    let signal = async move {
        // The channel never carries a value; it closes.
        let _ = stopped.changed().await;
    };
    // Serving has no errors of its own: a failed connection is the client's to report.
    let _ = axum::serve(BoundedListener::new(listener), router)
        .with_graceful_shutdown(signal)
        .await;
}

async fn respond(
    State((service, stopping)): State<(Arc<ApiService>, StopSignal)>,
    ConnectInfo(abort): ConnectInfo<AbortHandle>,
    request: axum::extract::Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let (request, error) = match receive(body).await {
        Ok(body) => (HttpRequest::new(&parts, body.into()), None),
        Err(error) => (HttpRequest::new(&parts, Vec::new()), Some(error)),
    };
    let effects = service.apply_faults(&request);
    let transfer = Transfer {
        effects: &effects,
        abort,
        stopping,
    };
    response::delay(&transfer).await;
    let reply = match error {
        None => service.respond(&request, &effects),
        Some(error) => ApiService::reject(&request, &error),
    };
    response::build_response(reply, service.now(&effects), &transfer)
}

async fn receive(body: Body) -> Result<Bytes, ErrorResponse> {
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(ErrorResponse::too_large());
    }
    match tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, BODY_LIMIT)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) | Err(_) => Err(ErrorResponse::unread_body()),
    }
}
