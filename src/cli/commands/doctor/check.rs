//! A check, and its status.

/// The status of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CheckStatus {
    /// As it should be.
    Ok,
    /// Worth a look; reading works all the same.
    Warn,
    /// Reading fails.
    Fail,
}

impl CheckStatus {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// A check. The texts may quote a server: hostile until escaped.
#[derive(Debug, Clone)]
pub(super) struct DoctorCheck {
    /// The kind of the subject: one word.
    pub(super) topic: &'static str,
    /// The subject: an alias, an endpoint, an identity.
    pub(super) subject: String,
    pub(super) status: CheckStatus,
    pub(super) message: String,
    /// The parts of the message, where a person reads them better on a line each.
    pub(super) parts: Vec<String>,
    /// The remedy.
    pub(super) help: Option<String>,
}

impl DoctorCheck {
    pub(super) fn ok(
        topic: &'static str,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            topic,
            subject: subject.into(),
            status: CheckStatus::Ok,
            message: message.into(),
            parts: Vec::new(),
            help: None,
        }
    }

    pub(super) fn warn(
        topic: &'static str,
        subject: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            status: CheckStatus::Warn,
            help: Some(help.into()),
            ..Self::ok(topic, subject, message)
        }
    }

    pub(super) fn fail(
        topic: &'static str,
        subject: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            status: CheckStatus::Fail,
            help: Some(help.into()),
            ..Self::ok(topic, subject, message)
        }
    }
}
