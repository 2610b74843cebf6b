//! Policies as they are reported, those without a violation included.

use crate::finding::{PolicyCode, Severity};
use crate::policy::AppliesTo;
use crate::source::Location;

/// A policy of the rules files, and its results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedPolicy {
    /// The code of its findings.
    pub code: PolicyCode,
    /// The severity of its findings.
    pub severity: Severity,
    /// Its kind; `None` for an expression.
    pub kind: Option<String>,
    /// Its expression; `None` for a built-in kind.
    pub expr: Option<String>,
    /// The side that it applies to.
    pub applies_to: AppliesTo,
    /// The kind of subject that it checks.
    pub subject: PolicySubject,
    /// The number of subjects checked. One that is desired and live counts once.
    pub checked: usize,
    /// The number of subjects with an open finding.
    pub failed: usize,
    /// The number of subjects whose findings are all waived or baselined.
    pub accepted: usize,
    /// Its findings that count.
    pub open: usize,
    /// Its findings that a waiver accepts.
    pub waived: usize,
    /// Its findings that a baseline accepts.
    pub baselined: usize,
    /// The place of the declaration.
    pub location: Option<Location>,
}

impl ReportedPolicy {
    /// Returns the number of subjects that pass.
    #[must_use]
    pub const fn passed(&self) -> usize {
        self.checked
            .saturating_sub(self.failed)
            .saturating_sub(self.accepted)
    }

    /// Returns the share of subjects that pass, in whole percent, rounded down. Accepted subjects are left out; `None` where
    /// no other is left.
    #[must_use]
    pub fn share(&self) -> Option<usize> {
        self.passed()
            .saturating_mul(100)
            .checked_div(self.checked.saturating_sub(self.accepted))
    }
}

/// The kind of subject that a policy checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicySubject {
    /// Rules.
    Rule,
    /// Namespaces: of `required-coverage`.
    Namespace,
    /// Repositories: of `required-coverage`, where it selects those.
    Repository,
}

impl PolicySubject {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rule, Self::Namespace, Self::Repository];

    /// Returns the word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Namespace => "namespace",
            Self::Repository => "repository",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PolicySubject;
    use crate::report::sample::sample;

    #[test]
    fn accepted_violations_neither_pass_nor_count() {
        let policy = sample()
            .policies
            .into_iter()
            .next()
            .expect("the sample has policies");
        let cases = [
            ((10, 0, 0), (10, Some(100))),
            ((10, 0, 4), (6, Some(100))),
            ((10, 2, 0), (8, Some(80))),
            ((10, 2, 4), (4, Some(66))),
            ((1_000, 1, 0), (999, Some(99))),
            ((3, 0, 3), (0, None)),
            ((0, 0, 0), (0, None)),
            ((1, 2, 3), (0, None)),
        ];
        for ((checked, failed, accepted), expected) in cases {
            let it = super::ReportedPolicy {
                checked,
                failed,
                accepted,
                ..policy.clone()
            };
            assert_eq!(
                (it.passed(), it.share()),
                expected,
                "{checked} {failed} {accepted}"
            );
        }
        assert_eq!(
            PolicySubject::ALL.map(PolicySubject::as_str),
            ["rule", "namespace", "repository"]
        );
    }
}
