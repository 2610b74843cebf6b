//! The services: a message to a request, and an answer to a judgement. Pure; a file for each service.

mod alertmanager;
mod answer;
mod dingtalk;
mod feishu;
mod signature;
mod slack;
mod webhook;
mod wecom;

use std::fmt;

use secrecy::SecretString;

pub use self::alertmanager::{MAX_ALERTS, alert_request};
pub use self::answer::{Judgement, TargetAnswer};
use super::message::{ChatMessage, MessageForm, MessageOptions, MessageSize};
use super::{NotificationDocument, NotifySettings};
use crate::rules::{NotifyTarget, TargetKind};
use crate::store::SendBudget;

/// A request to a target: `POST`, with a body in JSON.
#[derive(Clone)]
pub struct TargetRequest {
    /// The URL, with a signature where the service has it there.
    pub url: SecretString,
    /// The headers besides those of every request.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

impl fmt::Debug for TargetRequest {
    /// Leaves the URL out, and the body, which a service has its signature in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TargetRequest")
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What a target is to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Notification<'a> {
    /// The id of the delivery, the same in every attempt.
    pub id: &'a str,
    /// The documents: that of one run, or those of a digest.
    pub documents: &'a [NotificationDocument],
    /// The form.
    pub form: MessageForm,
}

/// Returns the request for a notification. `now_ms` is the time of its signature, epoch milliseconds.
#[must_use]
pub fn request(
    target: &NotifyTarget,
    notification: &Notification<'_>,
    settings: &NotifySettings,
    now_ms: i64,
) -> TargetRequest {
    let options = MessageOptions {
        prefix: &target.prefix,
        language: settings.language_of(target),
        base_url: settings.base_url.as_deref(),
        form: notification.form,
    };
    let message = |size: MessageSize| ChatMessage::new(notification.documents, &options, size);
    match target.kind {
        TargetKind::Dingtalk => dingtalk::request(target, &message, now_ms),
        TargetKind::Feishu => feishu::request(target, &message, now_ms),
        TargetKind::Wecom => wecom::request(target, &message),
        TargetKind::Slack => slack::request(target, &message),
        TargetKind::Webhook => webhook::request(target, notification, settings, now_ms),
        TargetKind::Alertmanager => alertmanager::notification_request(
            target,
            notification.documents,
            settings.base_url.as_deref(),
            now_ms,
        ),
    }
}

/// Returns the judgement of an answer.
#[must_use]
pub fn judge(kind: TargetKind, answer: &TargetAnswer<'_>) -> Judgement {
    match kind {
        TargetKind::Dingtalk => dingtalk::judge(answer),
        TargetKind::Feishu => feishu::judge(answer),
        TargetKind::Wecom => wecom::judge(answer),
        TargetKind::Slack => slack::judge(answer),
        TargetKind::Webhook => webhook::judge(answer),
        TargetKind::Alertmanager => alertmanager::judge(answer),
    }
}

/// The time in which the messages of a claim are sent: they count from its beginning, milliseconds.
const SENDING_MS: i64 = 35_000;

/// Returns the most messages that a target takes; `None` without a bound. The Chinese services block a robot for ten
/// minutes after 20 messages in one; however slowly the messages of a claim are sent, there are at most 15.
#[must_use]
pub const fn budget(kind: TargetKind) -> Option<SendBudget> {
    match kind {
        TargetKind::Dingtalk | TargetKind::Feishu | TargetKind::Wecom => Some(SendBudget {
            messages: 15,
            window_ms: 60_000 + SENDING_MS,
        }),
        TargetKind::Slack => Some(SendBudget {
            messages: 1,
            window_ms: 1_000,
        }),
        TargetKind::Webhook | TargetKind::Alertmanager => None,
    }
}

/// Returns the largest body whose size is within a limit in bytes; the smallest one where none is.
fn fit(limit: usize, body: impl Fn(MessageSize) -> String) -> String {
    let mut fitted = String::new();
    for size in MessageSize::STEPS {
        fitted = body(size);
        if fitted.len() <= limit {
            break;
        }
    }
    fitted
}

#[cfg(test)]
mod tests;
