//! The reason for an incomplete reading.

use std::fmt;

use acr_api::{ApiError, BodyProblem};

use crate::i18n::Message;

/// The reason for an incomplete read. Every text comes from the server: hostile until escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadFailure {
    /// The error code of the API, or a code of the reader for a request that never reached the API.
    pub code: Box<str>,
    /// The error message.
    pub message: Message,
    /// The `RequestId` of the error response, if there was one.
    pub request_id: Option<Box<str>>,
}

impl ReadFailure {
    /// Returns a failure that is not an answer of the API.
    #[must_use]
    pub fn new(code: &str, message: Message) -> Self {
        Self {
            code: code.into(),
            message,
            request_id: None,
        }
    }

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
    /// The code for a request that the limit on the rate of requests left no time for.
    pub const RATE_EXHAUSTED: &'static str = "RateExhausted";
    /// The code for a request that other requests left no place for.
    pub const REQUESTS_QUEUED: &'static str = "RequestsQueued";
    /// The code for an instance that the credentials of another account would have read.
    pub const WRONG_ACCOUNT: &'static str = "WrongAccount";
}

/// The code and the message of an error, without the status.
impl From<&ApiError> for Message {
    fn from(error: &ApiError) -> Self {
        match error.problem {
            Some(problem) => Self::with_reason(&*error.code, Self::from(problem)),
            None => error.message_and_code().into(),
        }
    }
}

impl From<BodyProblem> for Message {
    fn from(problem: BodyProblem) -> Self {
        match problem {
            BodyProblem::Empty => Self::body_empty(),
            BodyProblem::List => Self::body_is_list(),
            BodyProblem::NoSuccess => Self::body_without_success(),
            BodyProblem::FailureWithoutWords => Self::body_without_words(),
            BodyProblem::NoTotalCount => Self::body_without_total(),
            BodyProblem::NoSyncRules => Self::body_without_rules(),
            BodyProblem::NoEvents => Self::body_without_events(),
            BodyProblem::OtherForm => Self::body_of_other_form(),
        }
    }
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

#[cfg(test)]
mod tests {
    use acr_api::{ApiError, BodyProblem};

    use crate::i18n::{Message, assert_message};

    #[test]
    fn a_message_has_the_text_of_its_problem() {
        for problem in BodyProblem::ALL {
            assert_message(&problem.into(), &problem);
            let error = ApiError::unreadable("").with_problem(problem);
            assert_message(&Message::from(&error), &error.message_and_code());
        }
    }
}
