//! Findings, as data.

mod code;
mod explain;
mod fingerprint;
mod severities;

pub use code::{Code, PolicyCode};
pub use explain::{explain, has_full_width_end, title};
pub use fingerprint::Fingerprint;
pub use severities::Severities;

use crate::i18n::Message;
use crate::model::{Alias, Aliases, Field, RuleName, Trigger};
use crate::source::Place;

/// A finding of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The code.
    pub code: Code,
    /// The severity.
    pub severity: Severity,
    /// The problem, in one sentence without a full stop. Holds live values: hostile until escaped.
    pub message: Message,
    /// The remedy.
    pub help: Message,
    /// The instance it is about.
    pub instance: Option<Alias>,
    /// The rule it is about.
    pub rule: Option<RuleName>,
    /// The field it is about.
    pub field: Option<Field>,
    /// The identity of the finding.
    pub fingerprint: Fingerprint,
    /// The place in the rules files.
    pub place: Option<Place>,
    /// The change of the plan it is about.
    pub change: Option<ChangeId>,
    /// The paths of a loop, the one of the message first; empty for every other code.
    pub paths: Vec<RulePath>,
}

impl Finding {
    /// Returns a finding about no single rule: about an instance, by id, or about the whole run.
    ///
    /// `content` distinguishes it from other findings of the same code and instance.
    #[must_use]
    pub fn bare(code: Code, instance: &str, message: Message, content: &[&str]) -> Self {
        Self {
            severity: code.default_severity(),
            message,
            help: Message::default(),
            instance: None,
            rule: None,
            field: None,
            fingerprint: Fingerprint::new(
                &code,
                (instance, ""),
                None,
                content.iter().map(|part| Some(*part)),
            ),
            place: None,
            change: None,
            paths: Vec::new(),
            code,
        }
    }
}

/// Returns a value as a sentence has it: in quotes, the plain word beside a trigger, `not set` where there is none.
#[must_use]
pub fn quoted_value(aliases: &Aliases<'_>, field: Field, value: Option<&str>) -> Message {
    let Some(value) = value else {
        return Message::not_set();
    };
    if field != Field::Trigger {
        return Message::quoted(aliases.value(field, value));
    }
    match Trigger::from(value) {
        Trigger::Passive => Message::quoted_with_word(value, Message::automatic()),
        Trigger::Initiative => Message::quoted_with_word(value, Message::manual()),
        Trigger::Unknown(_) => Message::quoted(value),
    }
}

/// A path of images over rules, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulePath {
    /// The rules, in order. The first one is the rule that a finding about this path alone names.
    pub rules: Vec<PathRule>,
    /// The sides that have all of these rules, in words.
    pub sides: String,
    /// True if it is unknown whether an image takes the path, because a filter is undecided.
    pub undecided: bool,
}

/// A rule of a path. Its names are hostile until escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathRule {
    /// The alias of its source instance; the id of an undeclared one.
    pub instance: String,
    /// Its name.
    pub name: String,
}

/// The index of a change in the changes of a plan, [`Plan::changes`](crate::diff::Plan::changes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeId(pub usize);

/// The severity of a finding. Ordered: an error is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A note.
    Info,
    /// A risk that is no difference from the reviewed rules.
    Warning,
    /// A difference from the reviewed rules, or an incomplete result.
    Error,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// The word of the result document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}
