//! One waiver.

use std::fmt;

use jiff::civil::Date;

use crate::finding::{Finding, Fingerprint};
use crate::model::{Alias, Field, NameGlob, RuleName};
use crate::source::Place;

/// Accepts findings for a reason, until a date.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// The codes it accepts, as output prints them.
    pub codes: Box<[Box<str>]>,
    /// Which rules, by name; `None`: whatever it is about.
    pub rules: Option<NameGlob>,
    /// On which instances, by alias; `None`: on all.
    pub instance: Option<NameGlob>,
    /// Which fields; none: all of them.
    pub fields: Box<[Field]>,
    /// The one finding it accepts, where it is bound to its content.
    pub fingerprint: Option<Fingerprint>,
    /// Why, in the words of the file.
    pub reason: Box<str>,
    /// Who answers for it.
    pub owner: Box<str>,
    /// The last day on which it accepts anything.
    pub expires: Date,
    /// The ticket that tracks it.
    pub ticket: Option<Box<str>>,
    /// Where it is written: the place of its codes.
    pub place: Place,
    /// The place of its date.
    pub expires_place: Place,
}

impl Waiver {
    /// Whether it still accepts anything.
    #[must_use]
    pub fn is_in_force(&self, today: Date) -> bool {
        today <= self.expires
    }

    /// Whether a finding is of the kind it accepts; its content may still be another one than it is bound to.
    #[must_use]
    pub(super) fn covers(&self, finding: &Finding) -> bool {
        let code = finding.code.as_str();
        let named = |glob: &Option<NameGlob>, name: Option<&str>| {
            glob.as_ref()
                .is_none_or(|glob| name.is_some_and(|name| glob.matches(name)))
        };
        self.codes.iter().any(|it| **it == *code)
            && (self.fields.is_empty()
                || finding
                    .field
                    .is_some_and(|field| self.fields.contains(&field)))
            && named(&self.instance, finding.instance.as_ref().map(Alias::as_str))
            && named(&self.rules, finding.rule.as_ref().map(RuleName::as_str))
    }
}

/// What it is about, for a sentence: `of drift/changed-rule for "shop-*" on "shanghai"`.
impl fmt::Display for Waiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "of {}", self.codes.join(", "))?;
        if let Some(rules) = &self.rules {
            write!(f, " for \"{}\"", rules.as_str())?;
        }
        if let Some(instance) = &self.instance {
            write!(f, " on \"{}\"", instance.as_str())?;
        }
        Ok(())
    }
}
