//! HTTP responses, with the faults that affect their transfer.

use std::convert::Infallible;
use std::io::{self, Write};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, DATE};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::sync::watch;

use super::connection::AbortHandle;
use super::faults::FaultEffect;
use super::reply::HttpReply;

/// The time for the bytes before a reset to be sent.
const FLUSH_TIME: Duration = Duration::from_millis(20);

/// A receiver that closes when the emulator stops.
pub(super) type StopSignal = watch::Receiver<()>;

/// The transfer of one response.
pub(super) struct Transfer<'a> {
    /// The effects of faults.
    pub(super) effects: &'a [&'a FaultEffect],
    /// Resets the connection.
    pub(super) abort: AbortHandle,
    /// Closes when the emulator stops.
    pub(super) stopping: StopSignal,
}

/// Waits for the latency of the effects, or until the emulator stops.
pub(super) async fn delay(transfer: &Transfer<'_>) {
    let mut latency = Duration::ZERO;
    for effect in transfer.effects {
        if let FaultEffect::Latency { ms } = effect {
            latency = latency.saturating_add(Duration::from_millis(*ms));
        }
    }
    pause(latency, transfer.stopping.clone()).await;
}

/// Returns the HTTP response, with the effects applied.
pub(super) fn build_response(
    mut reply: HttpReply,
    now: Timestamp,
    transfer: &Transfer<'_>,
) -> Response<Body> {
    let effects = transfer.effects;
    let mut response = Response::new(Body::empty());
    if effects.contains(&&FaultEffect::Gzip) {
        reply.body = compress(&reply.body).unwrap_or(reply.body);
        response
            .headers_mut()
            .insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    for effect in effects {
        if let FaultEffect::Truncate { keep_percent } = effect {
            reply.body.truncate(share(&reply.body, *keep_percent));
        }
    }
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(reply.body.len()));
    // Clients correct their clocks by this header; the HTTP library would send the time of the machine.
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
    if let Some(date) = date.ok().and_then(|date| HeaderValue::from_str(&date).ok()) {
        headers.insert(DATE, date);
    }
    for (name, value) in &reply.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    *response.body_mut() = response_body(reply.body.into(), transfer);
    response
}

/// Returns the body; the first effect on its transfer decides.
fn response_body(bytes: Bytes, transfer: &Transfer<'_>) -> Body {
    for effect in transfer.effects {
        match effect {
            FaultEffect::Reset {
                after_percent: None,
            } => {
                transfer.abort.abort();
                return Body::empty();
            }
            FaultEffect::Reset {
                after_percent: Some(percent),
            } => {
                let sent = bytes.slice(..share(&bytes, *percent));
                return reset_after(sent, transfer.abort.clone());
            }
            FaultEffect::Slow {
                chunk_bytes,
                pause_ms,
            } => {
                let wait = Duration::from_millis(*pause_ms);
                return chunked(bytes, *chunk_bytes, wait, transfer.stopping.clone());
            }
            _ => {}
        }
    }
    Body::from(bytes)
}

/// Returns a body that sends the bytes and then resets the connection.
fn reset_after(bytes: Bytes, abort: AbortHandle) -> Body {
    let step = |(bytes, abort): (Option<Bytes>, AbortHandle)| async move {
        if let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) {
            return Some((Ok(bytes), (None, abort)));
        }
        tokio::time::sleep(FLUSH_TIME).await;
        abort.abort();
        Some((
            Err(io::Error::from(io::ErrorKind::ConnectionReset)),
            (None, abort),
        ))
    };
    Body::from_stream(stream::unfold((Some(bytes), abort), step))
}

/// Returns a body that sends the bytes in chunks, with a pause before each.
fn chunked(bytes: Bytes, size: usize, wait: Duration, stopping: StopSignal) -> Body {
    let step = move |mut rest: Bytes| {
        let stopping = stopping.clone();
        async move {
            if rest.is_empty() {
                return None;
            }
            pause(wait, stopping).await;
            let chunk = rest.split_to(size.min(rest.len()));
            Some((Ok::<_, Infallible>(chunk), rest))
        }
    };
    Body::from_stream(stream::unfold(bytes, step))
}

/// Sleeps, at most until the emulator stops. The shortest sleep of a timer is a millisecond, so zero returns at once.
async fn pause(wait: Duration, mut stopping: StopSignal) {
    if wait.is_zero() {
        return;
    }
    tokio::select! {
        () = tokio::time::sleep(wait) => {}
        _ = stopping.changed() => {}
    }
}

fn share(bytes: &[u8], percent: u8) -> usize {
    (bytes.len() * usize::from(percent) / 100).min(bytes.len())
}

fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}
