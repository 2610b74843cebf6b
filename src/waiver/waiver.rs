//! One waiver.

use std::fmt;

use jiff::civil::Date;

use crate::finding::{Finding, Fingerprint};
use crate::i18n::Message;
use crate::model::{Alias, Field, NameGlob, RuleName};
use crate::source::Place;

/// Accepts findings for a reason, until a date.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// The codes of the accepted findings.
    pub codes: Box<[Box<str>]>,
    /// A glob over the names of their rules; `None` for all findings.
    pub rules: Option<NameGlob>,
    /// A glob over the aliases of their instances; `None` for all instances.
    pub instance: Option<NameGlob>,
    /// Their fields; empty for all fields.
    pub fields: Box<[Field]>,
    /// The fingerprint of the only accepted finding, if the waiver is bound to one.
    pub fingerprint: Option<Fingerprint>,
    /// The reason.
    pub reason: Box<str>,
    /// The owner.
    pub owner: Box<str>,
    /// The last day of the waiver.
    pub expires: Date,
    /// The ticket that tracks the waiver.
    pub ticket: Option<Box<str>>,
    /// The place of the codes.
    pub place: Place,
    /// The place of the date.
    pub expires_place: Place,
}

impl Waiver {
    /// Returns `true` until the last day of the waiver.
    #[must_use]
    pub fn is_in_force(&self, today: Date) -> bool {
        today <= self.expires
    }

    /// Returns `true` if the waiver selects a finding, whatever its fingerprint. A finding with several paths is selected
    /// if each of them would be.
    #[must_use]
    pub(super) fn covers(&self, finding: &Finding) -> bool {
        let code = finding.code.as_str();
        let matches = |glob: &Option<NameGlob>, name: Option<&str>| {
            glob.as_ref()
                .is_none_or(|glob| name.is_some_and(|name| glob.matches(name)))
        };
        self.codes.iter().any(|it| **it == *code)
            && (self.fields.is_empty()
                || finding
                    .field
                    .is_some_and(|field| self.fields.contains(&field)))
            && matches(&self.instance, finding.instance.as_ref().map(Alias::as_str))
            && matches(&self.rules, finding.rule.as_ref().map(RuleName::as_str))
            && finding.paths.iter().skip(1).all(|path| {
                let first = path.rules.first();
                matches(&self.instance, first.map(|rule| rule.instance.as_str()))
                    && matches(&self.rules, first.map(|rule| rule.name.as_str()))
            })
    }
}

impl Waiver {
    /// Returns the selection of the waiver, for a sentence.
    #[must_use]
    pub(super) fn description(&self) -> Message {
        let codes: Vec<&str> = self.codes.iter().map(|code| &**code).collect();
        let mut description = Message::waiver_of_codes(codes);
        if let Some(rules) = &self.rules {
            description = Message::waiver_for_rules(description, rules.as_str());
        }
        if let Some(instance) = &self.instance {
            description = Message::waiver_on_instance(description, instance.as_str());
        }
        description
    }
}

/// The selection of a waiver, for a fingerprint: `of drift/changed-rule for "shop-*" on "shanghai"`.
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
