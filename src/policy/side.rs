//! The sides that a policy applies to.

/// A side whose rules are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicySide {
    /// The rules files.
    Desired,
    /// The instances.
    Live,
}

impl PolicySide {
    /// Returns the word of the rules file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desired => "desired",
            Self::Live => "live",
        }
    }
}

/// The sides that a policy applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AppliesTo {
    /// The rules files.
    Desired,
    /// The instances.
    Live,
    /// Both.
    #[default]
    Both,
}

impl AppliesTo {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Desired, Self::Live, Self::Both];

    /// Returns the word of the rules file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desired => "desired",
            Self::Live => "live",
            Self::Both => "both",
        }
    }

    /// Returns true if the policy applies to a side.
    #[must_use]
    pub const fn includes(self, side: PolicySide) -> bool {
        match self {
            Self::Desired => matches!(side, PolicySide::Desired),
            Self::Live => matches!(side, PolicySide::Live),
            Self::Both => true,
        }
    }
}
