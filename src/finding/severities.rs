//! Severities that a rules file sets for codes.

use std::collections::BTreeMap;

use super::{Code, Finding, Severity};

/// The severities of codes that differ from the default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Severities(BTreeMap<Code, Severity>);

impl Severities {
    /// Gives a finding the severity that is set for its code. One that was already less bad than its code says,
    /// such as an unmanaged rule under `unmanaged: warn`, does not become worse by that.
    pub fn apply(&self, finding: &mut Finding) {
        finding.severity = self.adjust(&finding.code, finding.severity);
    }

    /// Returns the severity of a finding with a code and its own severity.
    #[must_use]
    pub fn adjust(&self, code: &Code, severity: Severity) -> Severity {
        let Some(set) = self.0.get(code).copied() else {
            return severity;
        };
        if severity < code.default_severity() {
            set.min(severity)
        } else {
            set
        }
    }
}

impl FromIterator<(Code, Severity)> for Severities {
    fn from_iter<T: IntoIterator<Item = (Code, Severity)>>(iter: T) -> Self {
        Self(iter.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Severities;
    use crate::finding::{Code, Finding, Severity};
    use crate::i18n::Message;

    #[test]
    fn set_severities_apply_and_lowered_ones_stay() {
        use Severity::{Error, Info, Warning};
        for (given, set, expected) in [
            (Error, Warning, Warning),
            (Error, Info, Info),
            (Warning, Error, Warning),
            (Warning, Info, Info),
        ] {
            let severities = Severities::from_iter([(Code::UnmanagedRule, set)]);
            let mut finding = Finding {
                severity: given,
                ..Finding::bare(Code::UnmanagedRule, "", Message::default(), &[])
            };
            severities.apply(&mut finding);
            assert_eq!(finding.severity, expected, "{given:?} with {set:?}");
        }
        let mut other = Finding::bare(Code::MissingRule, "", Message::default(), &[]);
        Severities::from_iter([(Code::UnmanagedRule, Info)]).apply(&mut other);
        assert_eq!(other.severity, Error);
    }
}
