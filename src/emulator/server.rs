//! The HTTP side: connections, bodies, bytes.

use std::io::IoSlice;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, DATE};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::io::{self, AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::refusal::Refusal;
use super::reply::Reply;
use super::request::Request;
use super::service::Service;

/// The longest body that is read, bytes. The API's requests have a few hundred.
const BODY_LIMIT: usize = 1 << 20;

/// How long a body may take to arrive.
const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// How many connections are served at once; more wait in the system's queue. The HTTP library bounds each of
/// them: 100 headers, 400 kB for all.
const CONNECTIONS: usize = 1024;

/// Serves until `stop` is done, and then until the requests under way are answered.
pub(super) async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let listener = Listener { listener, slots: Arc::new(Semaphore::new(CONNECTIONS)) };
    let router = Router::new().fallback(respond).with_state(service);
    // Serving has no error of its own: what fails is a connection, and that is its client's to see.
    let _ = axum::serve(listener, router).with_graceful_shutdown(stop).await;
}

async fn respond(State(service): State<Arc<Service>>, request: axum::extract::Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let reply = match receive(body).await {
        Ok(body) => service.answer(&Request::new(&parts, body.into())),
        Err(refusal) => service.refuse(&Request::new(&parts, Vec::new()), &refusal),
    };
    send(reply, &service)
}

async fn receive(body: Body) -> Result<Bytes, Refusal> {
    if axum::body::HttpBody::size_hint(&body).lower() > BODY_LIMIT as u64 {
        return Err(Refusal::too_large());
    }
    match tokio::time::timeout(BODY_PATIENCE, to_bytes(body, BODY_LIMIT)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) | Err(_) => Err(Refusal::unread_body()),
    }
}

fn send(reply: Reply, service: &Service) -> Response<Body> {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.format.content_type()));
    if let Ok(request_id) = HeaderValue::from_str(&reply.request_id) {
        headers.insert(HeaderName::from_static("x-acs-request-id"), request_id);
    }
    // The emulator's time, which clients correct their clocks by; the HTTP library would send the machine's.
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&(service.clock)());
    if let Some(date) = date.ok().and_then(|date| HeaderValue::from_str(&date).ok()) {
        headers.insert(DATE, date);
    }
    response
}

/// A listener that accepts only as many connections as it has slots for.
struct Listener {
    listener: TcpListener,
    slots: Arc<Semaphore>,
}

impl axum::serve::Listener for Listener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // Nobody closes the semaphore, so there is always a slot in the end.
        let slot = Arc::clone(&self.slots).acquire_owned().await.ok();
        let (stream, address) = axum::serve::Listener::accept(&mut self.listener).await;
        // Answers are written in one go; waiting for more to send would only cost time.
        let _ = stream.set_nodelay(true);
        (Connection { stream, _slot: slot }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection, which gives its slot back when it is closed.
struct Connection {
    stream: TcpStream,
    _slot: Option<OwnedSemaphorePermit>,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
