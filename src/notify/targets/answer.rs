//! The answers of services.

use serde_json::{Map, Value};

/// An answer.
#[derive(Debug, Clone, Copy)]
pub struct TargetAnswer<'a> {
    /// The status of HTTP.
    pub status: u16,
    /// The header `Retry-After`.
    pub retry_after: Option<&'a str>,
    /// The body, or its beginning.
    pub body: &'a str,
}

/// The judgement of an answer. The reasons quote the answer: they are hostile, and may repeat a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// The service proves that it took the message.
    Delivered,
    /// The next attempt may succeed.
    Retry {
        /// The wait that the service asks for, milliseconds.
        after_ms: Option<u64>,
        /// The reason.
        reason: String,
    },
    /// The service takes no such message.
    Refused {
        /// The reason.
        reason: String,
    },
    /// The service takes no message at all: the address, the key or a keyword is wrong.
    Broken {
        /// The reason.
        reason: String,
    },
}

impl Judgement {
    pub(in crate::notify) fn retry(reason: impl Into<String>) -> Self {
        Self::Retry {
            after_ms: None,
            reason: reason.into(),
        }
    }

    pub(in crate::notify) fn refused(reason: impl Into<String>) -> Self {
        Self::Refused {
            reason: reason.into(),
        }
    }

    pub(in crate::notify) fn broken(reason: impl Into<String>) -> Self {
        Self::Broken {
            reason: reason.into(),
        }
    }
}

impl TargetAnswer<'_> {
    /// Judges the status of HTTP. `None` for a success, of which the body decides.
    pub(super) fn judge_status(&self) -> Option<Judgement> {
        let reason = || format!("HTTP {}: {}", self.status, self.body.trim());
        match self.status {
            200..=299 => None,
            300..=399 => Some(Judgement::broken(format!(
                "HTTP {}: a redirect, which is not followed",
                self.status
            ))),
            408 | 429 | 500.. => Some(Judgement::Retry {
                after_ms: self.retry_after_ms(),
                reason: reason(),
            }),
            401 | 403 | 404 | 407 | 410 => Some(Judgement::broken(reason())),
            _ => Some(Judgement::refused(reason())),
        }
    }

    /// Returns the seconds of `Retry-After`, as milliseconds. A date counts as absent: clocks differ.
    pub(super) fn retry_after_ms(&self) -> Option<u64> {
        let seconds: u64 = self.retry_after?.trim().parse().ok()?;
        Some(seconds.saturating_mul(1_000))
    }

    /// Returns the body as an object of JSON.
    pub(super) fn object(&self) -> Option<Map<String, Value>> {
        match serde_json::from_str(self.body) {
            Ok(Value::Object(object)) => Some(object),
            _ => None,
        }
    }

    /// Returns the judgement of a success without the proof that the service gives.
    pub(super) fn unproven(&self, proof: &str) -> Judgement {
        Judgement::retry(format!(
            "expected {proof} in the answer, found {}",
            self.body.trim()
        ))
    }
}
