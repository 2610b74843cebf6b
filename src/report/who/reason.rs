//! The reasons for the certainty of an event.

use crate::i18n::Message;

/// A reason for the certainty that an event is the one of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchReason {
    /// Name, time and parameters of the rule agree.
    SameRule,
    /// Name and parameters agree.
    SameNameAndParameters,
    /// No other call created a rule of the name around the time.
    OnlyCallOfName,
    /// The name agrees.
    SameName,
    /// Parameters and time agree, and the name does not.
    OtherName,
    /// The event has no id of a rule.
    NoId,
    /// A rule of the same name was created afterwards, and is gone too.
    CreatedAgain,
    /// The id of the rule is the one of its creation.
    IdOfCreation,
    /// No other call deleted a rule that is unknown.
    OnlyDeletion,
    /// The id of the rule is unknown.
    UnknownId,
    /// The namespace, the repository or the instance contained the rule.
    ContainedRule,
    /// The event names another service.
    OtherService,
}

impl MatchReason {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::SameRule,
        Self::SameNameAndParameters,
        Self::OnlyCallOfName,
        Self::SameName,
        Self::OtherName,
        Self::NoId,
        Self::CreatedAgain,
        Self::IdOfCreation,
        Self::OnlyDeletion,
        Self::UnknownId,
        Self::ContainedRule,
        Self::OtherService,
    ];

    /// Returns the reason in words, as the result document has it in English.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::SameRule => Message::same_rule(),
            Self::SameNameAndParameters => Message::same_name_and_parameters(),
            Self::OnlyCallOfName => Message::only_call_of_name(),
            Self::SameName => Message::same_name(),
            Self::OtherName => Message::same_rule_of_other_name(),
            Self::NoId => Message::no_id_recorded(),
            Self::CreatedAgain => Message::created_again(),
            Self::IdOfCreation => Message::id_of_creation(),
            Self::OnlyDeletion => Message::only_deletion(),
            Self::UnknownId => Message::rule_id_unknown(),
            Self::ContainedRule => Message::contained_rule(),
            Self::OtherService => Message::names_other_service(),
        }
    }

    /// Returns the reason whose English words are `text`.
    pub(in crate::report) fn from_text(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|it| it.message().as_str() == text)
    }
}
