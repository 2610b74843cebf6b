//! How a reply gets to the client: whole and at once, unless the weather is bad.

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

use super::connection::Fate;
use super::faults::Effect;
use super::reply::Reply;

/// How long the bytes before a reset are given to leave.
const FLUSHED: Duration = Duration::from_millis(20);

/// Turns true, or closes, when the emulator stops.
pub(super) type Stopping = watch::Receiver<()>;

/// Waits as long as the effects say, or until the emulator stops.
pub(super) async fn delay(effects: &[&Effect], stopping: &Stopping) {
    let wait = effects.iter().map(|effect| match effect {
        Effect::Latency { ms } => Duration::from_millis(*ms),
        _ => Duration::ZERO,
    });
    pause(wait.sum(), stopping.clone()).await;
}

/// Sends a reply as the effects say.
pub(super) fn deliver(
    mut reply: Reply,
    effects: &[&Effect],
    now: Timestamp,
    fate: &Fate,
    stopping: &Stopping,
) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    let gzip = effects.contains(&&Effect::Gzip);
    if gzip {
        reply.body = compress(&reply.body).unwrap_or(reply.body);
        response
            .headers_mut()
            .insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    for effect in effects {
        if let Effect::Truncate { keep_percent } = effect {
            reply.body.truncate(share(&reply.body, *keep_percent));
        }
    }
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(reply.body.len()));
    // The emulator's time, which clients correct their clocks by; the HTTP library would send the machine's.
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
    if let Some(date) = date.ok().and_then(|date| HeaderValue::from_str(&date).ok()) {
        headers.insert(DATE, date);
    }
    for (name, value) in &reply.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    *response.body_mut() = body(reply.body.into(), effects, fate, stopping);
    response
}

fn body(bytes: Bytes, effects: &[&Effect], fate: &Fate, stopping: &Stopping) -> Body {
    let way = effects.iter().find_map(|effect| match effect {
        Effect::Reset {
            after_percent: None,
        } => {
            fate.cut();
            Some(Body::empty())
        }
        Effect::Reset {
            after_percent: Some(percent),
        } => Some(broken_off(
            bytes.slice(..share(&bytes, *percent)),
            fate.clone(),
        )),
        Effect::Slow {
            chunk_bytes,
            pause_ms,
        } => Some(in_pieces(
            bytes.clone(),
            *chunk_bytes,
            Duration::from_millis(*pause_ms),
            stopping.clone(),
        )),
        _ => None,
    });
    way.unwrap_or_else(|| Body::from(bytes))
}

/// The bytes, and then the end of the connection.
fn broken_off(bytes: Bytes, fate: Fate) -> Body {
    let step = |(bytes, fate): (Option<Bytes>, Fate)| async move {
        if let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) {
            return Some((Ok(bytes), (None, fate)));
        }
        tokio::time::sleep(FLUSHED).await;
        fate.cut();
        Some((
            Err(io::Error::from(io::ErrorKind::ConnectionReset)),
            (None, fate),
        ))
    };
    Body::from_stream(stream::unfold((Some(bytes), fate), step))
}

fn in_pieces(bytes: Bytes, size: usize, wait: Duration, stopping: Stopping) -> Body {
    let step = move |mut rest: Bytes| {
        let stopping = stopping.clone();
        async move {
            if rest.is_empty() {
                return None;
            }
            pause(wait, stopping).await;
            let piece = rest.split_to(size.min(rest.len()));
            Some((Ok::<_, Infallible>(piece), rest))
        }
    };
    Body::from_stream(stream::unfold(bytes, step))
}

/// Sleeps, but not past the emulator's end. A timer's shortest sleep is a millisecond, so no sleep is none.
async fn pause(wait: Duration, mut stopping: Stopping) {
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
