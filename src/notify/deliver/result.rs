//! The results of messages.

use crate::store::DeliveryMark;

/// The result of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryResult {
    /// The target took it; the answer that proves it.
    Delivered(String),
    /// The attempt failed, and another one follows.
    Retry(String),
    /// The last attempt failed.
    GaveUp(String),
    /// The target takes no such message.
    Refused(String),
    /// The target takes no message at all.
    Broken(String),
}

impl DeliveryResult {
    /// Returns the word of metrics.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Delivered(_) => "delivered",
            Self::Retry(_) => "retry",
            Self::GaveUp(_) => "gave_up",
            Self::Refused(_) => "refused",
            Self::Broken(_) => "broken",
        }
    }

    /// Returns the answer or the reason, without secrets.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Delivered(text)
            | Self::Retry(text)
            | Self::GaveUp(text)
            | Self::Refused(text)
            | Self::Broken(text) => text,
        }
    }
}

/// What a pass did for a target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetReport {
    /// The name of the target.
    pub target: String,
    /// The results of the messages, in order.
    pub results: Vec<DeliveryResult>,
    /// The reason why the target takes no messages until the configuration is loaded again, without secrets.
    pub broken: Option<String>,
    /// The error of the store, where it is away: then messages wait.
    pub store_error: Option<String>,
}

/// A result to write.
#[derive(Debug, Clone)]
pub(super) enum MarkedResult {
    /// A message was sent; the time is that of the next attempt.
    Sent(DeliveryResult, i64),
    /// No message was sent; the time is that of the next attempt.
    Released(i64),
}

impl MarkedResult {
    pub(super) fn mark(&self) -> DeliveryMark<'_> {
        match self {
            Self::Sent(DeliveryResult::Delivered(text), _) => DeliveryMark::Delivered(text),
            Self::Sent(DeliveryResult::Retry(text), next_ms) => DeliveryMark::Retry(text, *next_ms),
            Self::Sent(DeliveryResult::GaveUp(text), _) => DeliveryMark::GaveUp(text),
            Self::Sent(DeliveryResult::Refused(text), _) => DeliveryMark::Refused(text),
            Self::Sent(DeliveryResult::Broken(text), _) => DeliveryMark::Broken(text),
            Self::Released(next_ms) => DeliveryMark::Released(*next_ms),
        }
    }
}
