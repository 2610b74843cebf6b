//! Responses: their bodies without secrets, and their headers.

use std::io::Write;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Response, StatusCode};

use super::ServerContext;
use super::page;
use crate::redaction::RedactingWriter;

pub(super) const HTML: &str = "text/html; charset=utf-8";
pub(super) const JSON: &str = "application/json";
pub(super) const TEXT: &str = "text/plain; charset=utf-8";

/// Returns a response with a body, every secret in it replaced.
pub(super) fn respond(
    context: &ServerContext,
    status: StatusCode,
    content_type: &'static str,
    body: Vec<u8>,
) -> Response<Body> {
    let redactor = context.secrets.redactor();
    let body = if redactor.is_empty() {
        body
    } else {
        let mut redacted = Vec::with_capacity(body.len());
        let mut writer = RedactingWriter::new(redactor, &mut redacted);
        // Memory takes every write.
        let _ = writer.write_all(&body).and_then(|()| writer.finish());
        redacted
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// Returns a response of one line, which contains no value.
pub(super) fn plain(status: StatusCode, line: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(format!("{line}\n")));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(TEXT));
    response
}

/// Adds the headers that every response has.
pub(super) fn harden(headers: &mut HeaderMap) {
    let all = [
        ("content-security-policy", page::policy()),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ];
    for (name, value) in all {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}
