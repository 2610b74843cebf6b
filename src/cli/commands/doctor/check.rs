//! One thing that was looked at, and how it is.

/// How a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// As it should be.
    Ok,
    /// Worth a look; reading works all the same.
    Warn,
    /// Reading does not work like this.
    Fail,
}

impl Status {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// One thing that was looked at. The texts may hold what a server said: hostile until escaped.
#[derive(Debug, Clone)]
pub(super) struct Check {
    /// What kind of thing: one word.
    pub(super) topic: &'static str,
    /// Which one: an alias, an endpoint, an identity.
    pub(super) subject: String,
    /// How it is.
    pub(super) status: Status,
    /// What is the case.
    pub(super) message: String,
    /// What to do about it.
    pub(super) help: Option<String>,
}

impl Check {
    pub(super) fn ok(
        topic: &'static str,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            topic,
            subject: subject.into(),
            status: Status::Ok,
            message: message.into(),
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
            status: Status::Warn,
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
            status: Status::Fail,
            help: Some(help.into()),
            ..Self::ok(topic, subject, message)
        }
    }
}
