//! The outcome of reading one instance.

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
