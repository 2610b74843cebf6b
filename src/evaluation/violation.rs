//! Violations of policies, and their findings.

use super::view::{RuleSubject, View};
use crate::finding::{Code, Finding, Fingerprint};
use crate::i18n::Message;
use crate::model::{Field, Instance, Selection};
use crate::policy::{Policy, PolicySide};
use crate::source::Place;

/// The approximate bytes of a finding and its report, without its texts.
const FINDING_BYTES: usize = 600;

/// A violation of a policy.
#[derive(Debug)]
pub(super) struct PolicyViolation<'a> {
    pub(super) subject: ViolationSubject<'a>,
    /// The wrong field.
    pub(super) field: Option<Field>,
    pub(super) message: Message,
    /// The help text, unless the policy has its own message.
    pub(super) help: Message,
    /// The values that distinguish it from other violations of the same policy, rule and field.
    pub(super) content: Vec<String>,
}

/// The subject of a violation.
#[derive(Debug, Clone, Copy)]
pub(super) enum ViolationSubject<'a> {
    /// A rule.
    Rule(RuleSubject<'a>),
    /// A namespace or a repository of an instance, by its number, that lacks a rule.
    Unit(&'a Instance, u32),
    /// All rules of the side.
    Everything,
}

impl<'a> ViolationSubject<'a> {
    /// Returns the instance whose rules have to change.
    pub(super) const fn instance(&self) -> Option<&'a Instance> {
        match self {
            Self::Rule(subject) => Some(subject.source),
            Self::Unit(instance, _) => Some(instance),
            Self::Everything => None,
        }
    }

    /// Returns the number of the rule or the unit; `None` for all of them.
    pub(super) const fn number(&self) -> Option<u32> {
        match self {
            Self::Rule(subject) => Some(subject.number),
            Self::Unit(_, number) => Some(*number),
            Self::Everything => None,
        }
    }
}

impl PolicyViolation<'_> {
    /// Returns the violation of a policy that was not evaluated to its end, because the budget of the run is exhausted.
    pub(super) fn exhausted(omitted: Message) -> Self {
        Self {
            subject: ViolationSubject::Everything,
            field: None,
            message: Message::not_checked(omitted, Message::budget_exhausted()),
            help: Message::fewer_rules_help(),
            content: Vec::new(),
        }
    }

    /// Returns the approximate bytes of the finding.
    pub(super) fn approximate_bytes(&self) -> usize {
        let content: usize = self.content.iter().map(|part| 30 + part.len()).sum();
        FINDING_BYTES + 2 * self.message.len() + self.help.len() + content
    }

    /// Returns true if the selection of the run includes it.
    pub(super) fn is_selected(&self, selection: &Selection) -> bool {
        match self.subject {
            ViolationSubject::Rule(RuleSubject { rule, source, .. }) => {
                selection.has_rule(source.alias.as_str(), rule)
            }
            ViolationSubject::Unit(instance, _) => selection.has_all_of(instance.alias.as_str()),
            ViolationSubject::Everything => selection.is_everything(),
        }
    }

    pub(super) fn into_finding(self, policy: &Policy, view: &View<'_>) -> Finding {
        let code = Code::Policy(policy.code.clone());
        let place = self.place(policy, view.side);
        let instance = self.subject.instance();
        let rule = match self.subject {
            ViolationSubject::Rule(subject) => Some(&subject.rule.name),
            ViolationSubject::Unit(..) | ViolationSubject::Everything => None,
        };
        let key = (
            instance.map_or("", |instance| instance.id.as_str()),
            rule.map_or("", |name| name.as_str()),
        );
        let content = self.content.iter().map(|part| Some(part.as_str()));
        let fingerprint = Fingerprint::new(&code, key, self.field, content);
        Finding {
            severity: policy.severity,
            message: self.message,
            help: policy.message.as_deref().map_or(self.help, Message::from),
            instance: instance.map(|instance| instance.alias.clone()),
            rule: rule.cloned(),
            field: self.field,
            fingerprint,
            place: Some(place),
            change: None,
            paths: Vec::new(),
            code,
        }
    }

    /// Returns the place to change: that of a desired rule, of the instance of a live one, or of the policy that
    /// requires a desired rule.
    fn place(&self, policy: &Policy, side: PolicySide) -> Place {
        match self.subject {
            ViolationSubject::Rule(subject) => match (subject.declared, self.field) {
                (Some(rule), Some(field)) => rule.place_of(declaring_field(field)),
                (Some(rule), None) => rule.place,
                (None, _) => subject.source.place,
            },
            ViolationSubject::Unit(instance, _) if side == PolicySide::Live => instance.place,
            ViolationSubject::Unit(..) | ViolationSubject::Everything => policy.place,
        }
    }
}

/// Returns the field of the rules file from which a value follows.
const fn declaring_field(field: Field) -> Field {
    match field {
        Field::FromRegion => Field::FromInstance,
        Field::ToRegion | Field::CrossUser => Field::ToInstance,
        other => other,
    }
}
