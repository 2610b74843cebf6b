//! The API of Alertmanager, version 2.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::{Judgement, TargetAnswer, TargetRequest};
use crate::notify::NotificationDocument;
use crate::notify::alerts::Alert;
use crate::notify::message::estate_url;
use crate::report::rfc3339;
use crate::rules::NotifyTarget;

/// The most alerts of a request.
pub const MAX_ALERTS: usize = 500;

/// The path behind the address of Alertmanager.
const PATH: &str = "/api/v2/alerts";

/// The time for which a sample is active, milliseconds.
const SAMPLE_MS: i64 = 60_000;

/// Returns the request with alerts, at most [`MAX_ALERTS`].
#[must_use]
pub fn alert_request(
    target: &NotifyTarget,
    alerts: &[Alert],
    base_url: Option<&str>,
) -> TargetRequest {
    let alerts: Vec<Value> = alerts.iter().map(|it| alert(it, base_url)).collect();
    TargetRequest {
        url: alerts_url(target),
        headers: Vec::new(),
        body: Value::Array(alerts).to_string(),
    }
}

/// Returns the request for the documents of a sample.
pub(super) fn notification_request(
    target: &NotifyTarget,
    documents: &[NotificationDocument],
    base_url: Option<&str>,
    now_ms: i64,
) -> TargetRequest {
    let mut alerts = Vec::new();
    for document in documents {
        for finding in &document.findings {
            let ends_ms = if finding.is_open() {
                now_ms + SAMPLE_MS
            } else {
                now_ms
            };
            alerts.push(Alert::from_notified(
                &document.estate,
                finding,
                (now_ms, ends_ms),
            ));
        }
    }
    alert_request(target, &alerts, base_url)
}

fn alerts_url(target: &NotifyTarget) -> SecretString {
    let url = target.url.expose_secret().trim_end_matches('/');
    if url.ends_with(PATH) {
        return target.url.clone();
    }
    SecretString::from(format!("{url}{PATH}"))
}

/// Returns an alert. Its labels are its identity; values that change are annotations.
fn alert(alert: &Alert, base_url: Option<&str>) -> Value {
    let texts = |pairs: &[(&'static str, String)]| {
        let filled = pairs.iter().filter(|(_, value)| !value.is_empty());
        let pairs = filled.map(|(name, value)| ((*name).to_owned(), json!(value)));
        Value::Object(pairs.collect::<Map<_, _>>())
    };
    let mut body = json!({
        "labels": texts(&alert.labels),
        "annotations": texts(&alert.annotations),
        "startsAt": rfc3339(alert.starts_ms.min(alert.ends_ms)),
        "endsAt": rfc3339(alert.ends_ms),
    });
    if let (Some(base_url), Value::Object(body)) = (base_url, &mut body) {
        body.insert(
            "generatorURL".to_owned(),
            json!(estate_url(base_url, &alert.estate)),
        );
    }
    body
}

/// Judges an answer: status 200 alone is a delivery. After a 400, the valid alerts of the request were taken, and sending
/// them again is harmless.
pub(super) fn judge(answer: &TargetAnswer<'_>) -> Judgement {
    match answer.judge_status() {
        Some(judgement) => judgement,
        None if answer.status == 200 => Judgement::Delivered,
        None => answer.unproven("HTTP 200"),
    }
}
