//! The outcome of reading one instance.

use std::fmt;

/// The outcome of reading one instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadStatus {
    /// All pages were read, and they agree.
    Complete,
    /// The credentials have no permission to list the rules of the instance.
    Denied,
    /// The service rejected every attempt for too many requests.
    Throttled,
    /// No usable response arrived.
    Unreachable,
    /// The pages of all attempts contradict each other: rules changed during the read, or the service is inconsistent.
    Inconsistent,
    /// The instance does not exist.
    NotFound,
    /// The instance was not read.
    Skipped,
}

impl ReadStatus {
    /// All outcomes.
    pub const ALL: [Self; 7] = [
        Self::Complete,
        Self::Denied,
        Self::Throttled,
        Self::Unreachable,
        Self::Inconsistent,
        Self::NotFound,
        Self::Skipped,
    ];

    /// Returns the word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Denied => "denied",
            Self::Throttled => "throttled",
            Self::Unreachable => "unreachable",
            Self::Inconsistent => "inconsistent",
            Self::NotFound => "not_found",
            Self::Skipped => "skipped",
        }
    }
}

/// The reason for an incomplete read. Every text comes from the server: hostile until escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadFailure {
    /// The error code of the API, or a code of the reader for a request that never reached the API.
    pub code: Box<str>,
    /// The error message.
    pub message: Box<str>,
    /// The `RequestId` of the error response, if there was one.
    pub request_id: Option<Box<str>>,
}

impl ReadFailure {
    /// The code for an instance without a listing in the live rules given as a file.
    pub const NOT_IN_SNAPSHOT: &'static str = "NotInSnapshot";
    /// The code for a response given as a file that names no instance, and can be of several.
    pub const ANONYMOUS_ANSWER: &'static str = "AnonymousAnswer";
    /// The code for responses given as files that do not make up one listing.
    pub const INCOMPLETE_ANSWERS: &'static str = "IncompleteAnswers";
    /// The code for an instance, or a rule of its listing, that a file has more than once.
    pub const REPEATED_LISTING: &'static str = "RepeatedListing";
    /// The code for an instance declared with `read: false`.
    pub const NOT_READ: &'static str = "NotRead";
    /// The code for an instance that the credentials of another account would have read.
    pub const WRONG_ACCOUNT: &'static str = "WrongAccount";
}

impl fmt::Display for ReadFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes_in_message = [
            Self::NOT_IN_SNAPSHOT,
            Self::ANONYMOUS_ANSWER,
            Self::INCOMPLETE_ANSWERS,
            Self::REPEATED_LISTING,
            Self::NOT_READ,
        ];
        if !codes_in_message.contains(&&*self.code) {
            write!(f, "{}: ", self.code)?;
        }
        f.write_str(&self.message)
    }
}
