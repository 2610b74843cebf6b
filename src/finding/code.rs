//! The codes of findings. A code never changes its meaning and is never reused.

use std::fmt;

use super::Severity;

/// What kind of thing a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A declared rule is not live.
    MissingRule,
    /// A declared rule is live with another value in a field.
    ChangedRule,
    /// A declared rule is live under another name.
    RenamedRule,
    /// A live rule is not declared.
    UnmanagedRule,
    /// Two live rules are the same rule.
    DuplicateRule,
    /// Only one of its two ends lists a rule.
    OneSidedRule,
    /// A filter is spelled otherwise and likely means the same.
    FilterSpelling,
    /// An instance could not be read whole.
    IncompleteRead,
    /// An instance would have been read with another account's credentials.
    WrongAccount,
    /// The API said something this version does not know.
    UnknownValue,
    /// More rules drift than the rules file thinks possible.
    MassChange,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 11] = [
        Self::MissingRule,
        Self::ChangedRule,
        Self::RenamedRule,
        Self::UnmanagedRule,
        Self::DuplicateRule,
        Self::OneSidedRule,
        Self::FilterSpelling,
        Self::IncompleteRead,
        Self::WrongAccount,
        Self::UnknownValue,
        Self::MassChange,
    ];

    /// The code as output prints it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissingRule => "drift/missing-rule",
            Self::ChangedRule => "drift/changed-rule",
            Self::RenamedRule => "drift/renamed-rule",
            Self::UnmanagedRule => "drift/unmanaged-rule",
            Self::DuplicateRule => "drift/duplicate-rule",
            Self::OneSidedRule => "drift/one-sided-rule",
            Self::FilterSpelling => "drift/filter-spelling",
            Self::IncompleteRead => "live/incomplete-read",
            Self::WrongAccount => "live/wrong-account",
            Self::UnknownValue => "live/unknown-value",
            Self::MassChange => "guard/mass-change",
        }
    }

    /// What it means, in a few words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::MissingRule => "a declared rule is not live",
            Self::ChangedRule => "a live rule differs from the declared one",
            Self::RenamedRule => "a declared rule is live under another name",
            Self::UnmanagedRule => "a live rule is not declared",
            Self::DuplicateRule => "two live rules are the same rule",
            Self::OneSidedRule => "the two ends of a live rule do not list it alike",
            Self::FilterSpelling => "a filter is spelled otherwise and likely means the same",
            Self::IncompleteRead => "an instance could not be read whole",
            Self::WrongAccount => "the credentials are of another account than the instance",
            Self::UnknownValue => "the API said something this version does not know",
            Self::MassChange => "more rules drift than the rules file allows for",
        }
    }

    /// Whether a finding of this code is what some change of the plan already shows.
    #[must_use]
    pub const fn is_told_by_a_change(self) -> bool {
        matches!(
            self,
            Self::MissingRule | Self::ChangedRule | Self::RenamedRule | Self::UnmanagedRule | Self::DuplicateRule
        )
    }

    /// How bad it is unless something says otherwise.
    #[must_use]
    pub const fn default_severity(self) -> Severity {
        match self {
            Self::FilterSpelling => Severity::Warning,
            Self::UnknownValue => Severity::Info,
            _ => Severity::Error,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
