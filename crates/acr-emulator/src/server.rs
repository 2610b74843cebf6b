//! The HTTP side: bodies in, replies out.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::Response;
use tokio::net::TcpListener;

use super::connection::{Fate, Listener};
use super::delivery::{self, Stopping};
use super::refusal::Refusal;
use super::request::Request;
use super::service::Service;

/// The longest body that is read, bytes. The API's requests have a few hundred.
const BODY_LIMIT: usize = 1 << 20;

/// How long a body may take to arrive.
const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// Serves until the emulator stops, and then until the requests under way are answered.
pub(super) async fn serve(listener: TcpListener, service: Arc<Service>, stopping: Stopping) {
    let mut stopped = stopping.clone();
    let router = Router::new()
        .fallback(respond)
        .with_state((service, stopping));
    let router = router.into_make_service_with_connect_info::<Fate>();
    let signal = async move {
        // Nothing is ever sent: what changes is that the sender is gone.
        let _ = stopped.changed().await;
    };
    // Serving has no error of its own: what fails is a connection, and that is its client's to see.
    let _ = axum::serve(Listener::new(listener), router)
        .with_graceful_shutdown(signal)
        .await;
}

async fn respond(
    State((service, stopping)): State<(Arc<Service>, Stopping)>,
    ConnectInfo(fate): ConnectInfo<Fate>,
    request: axum::extract::Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let (request, refusal) = match receive(body).await {
        Ok(body) => (Request::new(&parts, body.into()), None),
        Err(refusal) => (Request::new(&parts, Vec::new()), Some(refusal)),
    };
    let effects = service.meet(&request);
    delivery::delay(&effects, &stopping).await;
    let reply = match refusal {
        None => service.answer(&request, &effects),
        Some(refusal) => Service::reject(&request, &refusal),
    };
    delivery::deliver(reply, &effects, service.now(&effects), &fate, &stopping)
}

async fn receive(body: Body) -> Result<Bytes, Refusal> {
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(Refusal::too_large());
    }
    match tokio::time::timeout(BODY_PATIENCE, to_bytes(body, BODY_LIMIT)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) | Err(_) => Err(Refusal::unread_body()),
    }
}
