//! Violations of policies, and their findings.

use filter_language::Undecided;

use super::view::{Subject, View};
use super::{Policy, Side};
use crate::finding::{Code, Finding, Fingerprint};
use crate::model::{Field, Instance, Selection};
use crate::source::Place;

/// The approximate bytes of a finding and its report, without its texts.
const FINDING_BYTES: usize = 600;

/// A violation of a policy.
#[derive(Debug)]
pub(super) struct Violation<'a> {
    pub(super) about: ViolationSubject<'a>,
    /// The field that is wrong.
    pub(super) field: Option<Field>,
    /// What is the case.
    pub(super) message: String,
    /// What to change, where the policy itself does not say it.
    pub(super) help: String,
    /// What makes it differ from another one of the same policy, rule and field.
    pub(super) content: Vec<String>,
}

/// The subject of a violation.
#[derive(Debug, Clone, Copy)]
pub(super) enum ViolationSubject<'a> {
    /// A rule.
    Rule(Subject<'a>),
    /// A namespace or a repository of an instance, by its number: that it lacks a rule.
    Unit(&'a Instance, u32),
    /// The side as a whole.
    Everything,
}

impl<'a> ViolationSubject<'a> {
    /// The instance whose rules are to change.
    pub(super) const fn instance(&self) -> Option<&'a Instance> {
        match self {
            Self::Rule(subject) => Some(subject.source),
            Self::Unit(instance, _) => Some(instance),
            Self::Everything => None,
        }
    }

    /// The number of the rule or the unit; `None` where it is all of them.
    pub(super) const fn number(&self) -> Option<u32> {
        match self {
            Self::Rule(subject) => Some(subject.number),
            Self::Unit(_, number) => Some(*number),
            Self::Everything => None,
        }
    }
}

impl Violation<'_> {
    /// A policy that was not evaluated to its end: what is left out is unknown, and never passed.
    pub(super) fn undecided(omitted: &str) -> Self {
        Self {
            about: ViolationSubject::Everything,
            field: None,
            message: format!("{omitted} could not be checked: {}", Undecided::Exhausted),
            help: "select fewer rules with the globs of the policy, or check fewer policies in one run"
                .to_owned(),
            content: Vec::new(),
        }
    }

    /// Returns the approximate size in bytes.
    pub(super) fn bytes(&self) -> usize {
        let content: usize = self.content.iter().map(|part| 30 + part.len()).sum();
        FINDING_BYTES + 2 * self.message.len() + self.help.len() + content
    }

    /// Returns true if the selection of the run includes it.
    pub(super) fn is_selected(&self, selection: &Selection) -> bool {
        match self.about {
            ViolationSubject::Rule(Subject { rule, source, .. }) => {
                selection.has_rule(source.alias.as_str(), rule)
            }
            ViolationSubject::Unit(instance, _) => selection.has_all_of(instance.alias.as_str()),
            ViolationSubject::Everything => selection.is_everything(),
        }
    }

    pub(super) fn into_finding(self, policy: &Policy, view: &View<'_>) -> Finding {
        let Self {
            about,
            field,
            message,
            help,
            content,
        } = self;
        let code = Code::Policy(policy.code.clone());
        let instance = about.instance();
        let rule = match about {
            ViolationSubject::Rule(subject) => Some(&subject.rule.name),
            ViolationSubject::Unit(..) | ViolationSubject::Everything => None,
        };
        let key = (
            instance.map_or("", |it| it.id.as_str()),
            rule.map_or("", |name| name.as_str()),
        );
        Finding {
            severity: policy.severity,
            message,
            help: policy.message.as_deref().map_or(help, str::to_owned),
            instance: instance.map(|it| it.alias.clone()),
            rule: rule.cloned(),
            field,
            fingerprint: Fingerprint::new(
                &code,
                key,
                field,
                content.iter().map(|part| Some(part.as_str())),
            ),
            place: Some(place(about, field, policy, view.side)),
            change: None,
            code,
        }
    }
}

/// What is declared has its own place, what is live belongs where its instance is declared, and what is not there
/// where it is asked for.
fn place(about: ViolationSubject<'_>, field: Option<Field>, policy: &Policy, side: Side) -> Place {
    match about {
        ViolationSubject::Rule(Subject {
            declared: Some(rule),
            ..
        }) => field.map_or(rule.place, |field| rule.place_of(written_as(field))),
        ViolationSubject::Rule(Subject {
            declared: None,
            source,
            ..
        }) => source.place,
        ViolationSubject::Unit(instance, _) if side == Side::Live => instance.place,
        ViolationSubject::Unit(..) | ViolationSubject::Everything => policy.place,
    }
}

/// The field of the rules file that a value follows from.
const fn written_as(field: Field) -> Field {
    match field {
        Field::FromRegion => Field::FromInstance,
        Field::ToRegion | Field::CrossUser => Field::ToInstance,
        other => other,
    }
}
