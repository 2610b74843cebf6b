//! The codes of findings. A code never changes its meaning and is never reused.

use std::fmt;
use std::sync::Arc;

use super::Severity;

/// The code of a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A desired rule is not live.
    MissingRule,
    /// A desired rule is live with another value in a field.
    ChangedRule,
    /// A desired rule is live under another name.
    RenamedRule,
    /// A live rule is not declared.
    UnmanagedRule,
    /// Two live rules are the same rule.
    DuplicateRule,
    /// Source and target instance disagree about a live rule.
    OneSidedRule,
    /// A filter is spelled differently and is likely equivalent.
    FilterSpelling,
    /// An instance could not be read completely.
    IncompleteRead,
    /// An instance would have been read with another account's credentials.
    WrongAccount,
    /// The API returned a value that this version does not know.
    UnknownValue,
    /// Rules copy images in a loop.
    SyncLoop,
    /// Two rules copy the same images from one place to one place.
    Overlap,
    /// A rule copies only images that another rule copies too.
    ShadowedRule,
    /// Images from two sources are copied to one name.
    FanIn,
    /// Images pass through a long chain of rules.
    LongChain,
    /// A rule copies onto its own source.
    SelfSync,
    /// A waiver has expired, and its finding is still there.
    WaiverExpired,
    /// A waiver expires soon.
    WaiverExpiring,
    /// A waiver accepts no finding.
    WaiverUnused,
    /// The result as a whole is suspect, by the guards of the rules file.
    MassChange,
    /// A policy of the rules files is violated: one code for each policy.
    Policy(PolicyCode),
}

/// The code of one policy's findings: `policy/` and the policy's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyCode(Arc<str>);

impl PolicyCode {
    /// The first part of every such code.
    pub const PREFIX: &'static str = "policy/";
    /// The placeholder for the code of any policy in documentation.
    pub const ANY: &'static str = "policy/<id>";

    /// The code of a policy.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self([Self::PREFIX, id].concat().into())
    }

    /// The policy's id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.strip_prefix(Self::PREFIX).unwrap_or_default()
    }
}

impl Code {
    /// Every code but those of policies, of which each rules file has its own.
    pub const ALL: [Self; 20] = [
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
        Self::SyncLoop,
        Self::Overlap,
        Self::ShadowedRule,
        Self::FanIn,
        Self::LongChain,
        Self::SelfSync,
        Self::WaiverExpired,
        Self::WaiverExpiring,
        Self::WaiverUnused,
        Self::MassChange,
    ];

    /// The code as output prints it.
    #[must_use]
    pub fn as_str(&self) -> &str {
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
            Self::SyncLoop => "topology/sync-loop",
            Self::Overlap => "topology/overlap",
            Self::ShadowedRule => "topology/shadowed-rule",
            Self::FanIn => "topology/fan-in",
            Self::LongChain => "topology/long-chain",
            Self::SelfSync => "topology/self-sync",
            Self::WaiverExpired => "waiver/expired",
            Self::WaiverExpiring => "waiver/expiring",
            Self::WaiverUnused => "waiver/unused",
            Self::MassChange => "guard/mass-change",
            Self::Policy(code) => &code.0,
        }
    }

    /// Returns the title: a clause that says what the code means.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::MissingRule => "a desired rule is missing",
            Self::ChangedRule => "a live rule differs from the desired one",
            Self::RenamedRule => "a live rule is renamed",
            Self::UnmanagedRule => "a live rule is unmanaged",
            Self::DuplicateRule => "a live rule duplicates another one",
            Self::OneSidedRule => "source and target instance disagree about a live rule",
            Self::FilterSpelling => "a filter is spelled differently and is likely equivalent",
            Self::IncompleteRead => "an instance is incomplete",
            Self::WrongAccount => "the credentials belong to another account than the instance",
            Self::UnknownValue => "the API returned a value that this version does not know",
            Self::SyncLoop => "rules copy images in a loop",
            Self::Overlap => "two rules copy the same images from one source to one target",
            Self::ShadowedRule => "a rule copies only images that another rule copies too",
            Self::FanIn => "images from two sources are copied to one name",
            Self::LongChain => "images pass through a long chain of rules",
            Self::SelfSync => "a rule copies images onto its own source",
            Self::WaiverExpired => "a waiver has expired, and its finding is still there",
            Self::WaiverExpiring => "a waiver expires soon",
            Self::WaiverUnused => "a waiver accepts no finding",
            Self::MassChange => "more rules drift, or fewer are listed, than the guards allow",
            Self::Policy(_) => "a policy of the rules files is violated",
        }
    }

    /// Returns the code with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let own = Self::ALL.into_iter().find(|code| code.as_str() == name);
        let of_policy = || {
            name.strip_prefix(PolicyCode::PREFIX)
                .filter(|id| !id.is_empty())
        };
        own.or_else(|| Some(Self::Policy(PolicyCode::new(of_policy()?))))
    }

    /// Returns whether findings of this code report a difference between live and desired.
    #[must_use]
    pub fn is_drift(&self) -> bool {
        self.as_str().starts_with("drift/")
    }

    /// Returns whether a waiver or a baseline may accept a finding of this code. Findings about the reading, guards and
    /// waivers cannot be accepted.
    #[must_use]
    pub fn is_acceptable(&self) -> bool {
        !["live/", "guard/", "waiver/"]
            .iter()
            .any(|group| self.as_str().starts_with(group))
    }

    /// Returns whether a finding of this code reports an incomplete instance. The result is incomplete then, at any
    /// severity.
    #[must_use]
    pub const fn makes_incomplete(&self) -> bool {
        matches!(self, Self::IncompleteRead | Self::WrongAccount)
    }

    /// Returns whether a change of the plan shows the same facts as a finding of this code.
    #[must_use]
    pub const fn is_shown_by_change(&self) -> bool {
        matches!(
            self,
            Self::MissingRule
                | Self::ChangedRule
                | Self::RenamedRule
                | Self::UnmanagedRule
                | Self::DuplicateRule
        )
    }

    /// Returns the severity unless a rules file sets another.
    #[must_use]
    pub const fn default_severity(&self) -> Severity {
        match self {
            Self::UnknownValue | Self::WaiverExpiring => Severity::Info,
            Self::FilterSpelling
            | Self::Overlap
            | Self::ShadowedRule
            | Self::FanIn
            | Self::LongChain
            | Self::SelfSync
            | Self::WaiverUnused => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, PolicyCode};

    #[test]
    fn a_code_is_found_by_its_name() {
        for code in Code::ALL {
            assert_eq!(Code::from_name(code.as_str()), Some(code));
        }
        let policy = Code::Policy(PolicyCode::new("no-abroad"));
        assert_eq!(policy.as_str(), "policy/no-abroad");
        assert_eq!(Code::from_name("policy/no-abroad"), Some(policy));
        for unknown in ["", "policy/", "missing-rule", "drift/"] {
            assert_eq!(Code::from_name(unknown), None, "{unknown}");
        }
    }
}
