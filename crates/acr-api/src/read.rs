//! The outcome of reading one instance.

use std::fmt;

/// How the reading of one instance went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadStatus {
    /// Everything was read, and the parts agree.
    Complete,
    /// The credentials may not list this instance's rules.
    Denied,
    /// The service kept refusing for too many requests.
    Throttled,
    /// No usable answer came.
    Unreachable,
    /// The parts never agreed: rules changed while they were read, or the service contradicts itself.
    Inconsistent,
    /// There is no such instance.
    NotFound,
    /// It was not asked.
    Skipped,
}

impl ReadStatus {
    /// All there are.
    pub const ALL: [Self; 7] = [
        Self::Complete,
        Self::Denied,
        Self::Throttled,
        Self::Unreachable,
        Self::Inconsistent,
        Self::NotFound,
        Self::Skipped,
    ];

    /// The word of the result document.
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

/// Why an instance could not be read whole. Every text is the server's: hostile until escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadFailure {
    /// The API's error code, or a word of ours for what never reached the API.
    pub code: Box<str>,
    /// What happened.
    pub message: Box<str>,
    /// `RequestId` of the failing answer, where there was one.
    pub request_id: Option<Box<str>>,
}

impl ReadFailure {
    /// The code where live rules that were given hold no listing of an instance.
    pub const NOT_GIVEN: &'static str = "NotInSnapshot";
    /// The code where an answer that was given names no instance, and can be of several.
    pub const ANONYMOUS_ANSWER: &'static str = "AnonymousAnswer";
    /// The code where answers that were given are not all of one listing.
    pub const INCOMPLETE_ANSWERS: &'static str = "IncompleteAnswers";
    /// The code where what was given holds an instance, or a rule of its listing, more than once.
    pub const REPEATED: &'static str = "RepeatedListing";
    /// The code where an instance is declared `read: false`.
    pub const NOT_READ: &'static str = "NotRead";
    /// The code where an instance would have been read with another account's credentials.
    pub const WRONG_ACCOUNT: &'static str = "WrongAccount";
}

impl fmt::Display for ReadFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_told_by_message = [
            Self::NOT_GIVEN,
            Self::ANONYMOUS_ANSWER,
            Self::INCOMPLETE_ANSWERS,
            Self::REPEATED,
            Self::NOT_READ,
        ];
        if !is_told_by_message.contains(&&*self.code) {
            write!(f, "{}: ", self.code)?;
        }
        f.write_str(&self.message)
    }
}
