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
    /// The API said something this version does not know.
    UnknownValue,
    /// A waiver has ended, and what it accepted is still there.
    WaiverExpired,
    /// A waiver ends soon.
    WaiverExpiring,
    /// A waiver accepts nothing.
    WaiverUnused,
    /// The result as a whole is suspect, by the guards of the rules file.
    MassChange,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 13] = [
        Self::MissingRule,
        Self::ChangedRule,
        Self::RenamedRule,
        Self::UnmanagedRule,
        Self::DuplicateRule,
        Self::OneSidedRule,
        Self::FilterSpelling,
        Self::IncompleteRead,
        Self::UnknownValue,
        Self::WaiverExpired,
        Self::WaiverExpiring,
        Self::WaiverUnused,
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
            Self::UnknownValue => "live/unknown-value",
            Self::WaiverExpired => "waiver/expired",
            Self::WaiverExpiring => "waiver/expiring",
            Self::WaiverUnused => "waiver/unused",
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
            Self::UnknownValue => "the API said something this version does not know",
            Self::WaiverExpired => "a waiver has ended, and what it accepted is still there",
            Self::WaiverExpiring => "a waiver ends soon",
            Self::WaiverUnused => "a waiver accepts nothing",
            Self::MassChange => "more changed at once, or less was read, than the rules file thinks possible",
        }
    }

    /// The code that output prints as this text.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == id)
    }

    /// Whether a waiver or a baseline may accept a finding of this code. What was not read cannot be accepted, nor
    /// what guards the result itself, nor what is said of waivers.
    #[must_use]
    pub fn is_acceptable(self) -> bool {
        !["live/", "guard/", "waiver/"].iter().any(|group| self.as_str().starts_with(group))
    }

    /// How bad it is unless something says otherwise.
    #[must_use]
    pub const fn default_severity(self) -> Severity {
        match self {
            Self::UnknownValue | Self::WaiverExpiring => Severity::Info,
            Self::FilterSpelling | Self::WaiverUnused => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
