//! The targets of notifications.

use std::fmt;

use secrecy::SecretString;

use crate::finding::Severity;
use crate::i18n::Language;
use crate::model::NameGlob;

/// The service that a target posts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKind {
    /// A custom robot of `DingTalk`.
    Dingtalk,
    /// A custom bot of Feishu or Lark.
    Feishu,
    /// A group robot of `WeCom`.
    Wecom,
    /// An incoming webhook of Slack.
    Slack,
    /// A webhook with the notification document, signed as Standard Webhooks.
    Webhook,
    /// The API of Alertmanager, version 2.
    Alertmanager,
}

impl TargetKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Dingtalk,
        Self::Feishu,
        Self::Wecom,
        Self::Slack,
        Self::Webhook,
        Self::Alertmanager,
    ];

    /// Returns the word of `kind:`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dingtalk => "dingtalk",
            Self::Feishu => "feishu",
            Self::Wecom => "wecom",
            Self::Slack => "slack",
            Self::Webhook => "webhook",
            Self::Alertmanager => "alertmanager",
        }
    }

    /// Returns the kind of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// An event that a target is notified of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotifyEvent {
    /// Findings opened.
    Opened,
    /// Findings are resolved.
    Resolved,
    /// An estate could not be read completely, several times in a row.
    Incomplete,
    /// An estate was read completely again.
    Recovered,
    /// A run failed.
    Failed,
}

impl NotifyEvent {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Opened,
        Self::Resolved,
        Self::Incomplete,
        Self::Recovered,
        Self::Failed,
    ];

    /// Returns the word of `on:`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Resolved => "resolved",
            Self::Incomplete => "incomplete",
            Self::Recovered => "recovered",
            Self::Failed => "failed",
        }
    }

    /// Returns the event of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// A target of notifications. The URL is a secret: whoever has it can post.
#[derive(Clone)]
pub struct NotifyTarget {
    /// The name, unique in the file.
    pub name: String,
    /// The service.
    pub kind: TargetKind,
    /// The URL: https, or http to this machine.
    pub url: SecretString,
    /// The key of signatures; the services that have none ignore it.
    pub secret: Option<SecretString>,
    /// The events, in the order of [`NotifyEvent::ALL`].
    pub events: Vec<NotifyEvent>,
    /// Owners of findings; empty takes all.
    pub owners: Vec<NameGlob>,
    /// Names of estates; empty takes all.
    pub estates: Vec<NameGlob>,
    /// Codes of findings; empty takes all.
    pub codes: Vec<NameGlob>,
    /// The lowest severity of findings.
    pub min_severity: Severity,
    /// The language of messages; `None` is that of the file.
    pub language: Option<Language>,
    /// True if the target takes what no other target takes.
    pub is_default: bool,
    /// The first word of every message; robots with keywords only pass messages that contain theirs.
    pub prefix: String,
}

impl NotifyTarget {
    /// The first word of messages where a target has no other one.
    pub const DEFAULT_PREFIX: &str = "crdrift";
}

impl fmt::Debug for NotifyTarget {
    /// Leaves the URL and the key out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotifyTarget")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
