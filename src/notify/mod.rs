//! Notifications: messages for the transitions of a run, and the services that take them.
//!
//! [`NotifyRouter`] decides which targets are notified, while the store records a run. What it writes is a
//! [`NotificationDocument`] for each of them. [`Deliverer`] claims these documents, makes requests of them and judges the
//! answers: a message is delivered only if the service proves it. All of it is pure but [`Deliverer`], which sends.
//!
//! Every value of a document is hostile: [`targets`] escapes it for its service, so that no value mentions anybody, makes
//! a link or a picture, or ends a line.

mod alerts;
mod client;
mod deliver;
mod document;
mod escape;
mod excerpt;
mod message;
mod retry;
mod router;
mod sample;
pub mod targets;

pub use alerts::{Alert, AlertSource, alerts};
pub use client::{NotifyClient, SendError};
pub use deliver::{Deliverer, DelivererOptions, DeliveryResult, TargetReport};
pub use document::{NotificationDocument, NotifiedFinding, NotifiedRun, document_schema};
pub use message::{ChatLine, ChatMessage, MessageForm, MessageOptions, MessageSize, MessageTone};
pub use retry::{GIVE_UP_MS, MAX_TRIES, retry_delay_ms};
pub use router::{NotifyRouter, TargetChoice};
pub use sample::sample_documents;

use crate::i18n::Language;
use crate::rules::{NotifyTarget, WatchFile};

/// The targets of a watch file, with the settings that all of them share.
#[derive(Debug, Clone)]
pub struct NotifySettings {
    /// The targets.
    pub targets: Vec<NotifyTarget>,
    /// The address of the pages that messages link to; `None` without links.
    pub base_url: Option<String>,
    /// The language of targets that have none.
    pub language: Language,
    /// The number of incomplete runs in a row before a notification.
    pub incomplete_after: usize,
}

impl From<&WatchFile> for NotifySettings {
    fn from(file: &WatchFile) -> Self {
        Self {
            targets: file.targets.clone(),
            base_url: file.base_url.clone(),
            language: file.language,
            incomplete_after: usize::try_from(file.incomplete_after).unwrap_or(usize::MAX),
        }
    }
}

impl NotifySettings {
    /// Returns the language of a target.
    #[must_use]
    pub fn language_of(&self, target: &NotifyTarget) -> Language {
        target.language.unwrap_or(self.language)
    }

    /// Returns the target of a name.
    #[must_use]
    pub fn target(&self, name: &str) -> Option<&NotifyTarget> {
        self.targets.iter().find(|it| it.name == name)
    }
}
