//! Webhooks with the notification document, signed as Standard Webhooks.

use secrecy::ExposeSecret;

use super::signature::{decode, sign};
use super::{Judgement, Notification, TargetAnswer, TargetRequest};
use crate::notify::NotifySettings;
use crate::notify::message::estate_url;
use crate::rules::NotifyTarget;

/// The first characters of a key.
const KEY_PREFIX: &str = "whsec_";

/// Returns the request for a notification: its document, the same bytes in every attempt.
pub(super) fn request(
    target: &NotifyTarget,
    notification: &Notification<'_>,
    settings: &NotifySettings,
    now_ms: i64,
) -> TargetRequest {
    let linked = notification.documents.iter().map(|document| {
        let mut document = document.clone();
        let base_url = settings.base_url.as_deref();
        document.link = base_url.map(|it| estate_url(it, &document.estate));
        document
    });
    let documents: Vec<_> = linked.collect();
    // The document has no value that JSON cannot write.
    let body = match documents.as_slice() {
        [only] => serde_json::to_string(only),
        all => serde_json::to_string(all),
    };
    let body = body.unwrap_or_default();
    let seconds = now_ms.div_euclid(1_000);
    let id = notification.id;
    let mut headers = vec![
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
    ];
    if let Some(secret) = &target.secret {
        let secret = secret.expose_secret();
        let encoded = secret.strip_prefix(KEY_PREFIX).unwrap_or(secret);
        let key = decode(encoded).unwrap_or_else(|| secret.as_bytes().to_vec());
        let signature = sign(&key, format!("{id}.{seconds}.{body}").as_bytes());
        headers.push(("webhook-signature", format!("v1,{signature}")));
    }
    TargetRequest {
        url: target.url.clone(),
        headers,
        body,
    }
}

/// Judges an answer: every success is a delivery.
pub(super) fn judge(answer: &TargetAnswer<'_>) -> Judgement {
    answer.judge_status().unwrap_or(Judgement::Delivered)
}
