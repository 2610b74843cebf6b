//! The targets of notifications.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use super::raw::{RawTarget, RawTargetKind};
use super::values::WatchReader;
use crate::finding::Severity;
use crate::i18n::{Argument, Language, Message, Phrase};
use crate::model::NameGlob;
use crate::rules::decode::decode;
use crate::rules::problem::{StructureProblem, WatchProblem};
use crate::rules::reader::{MappingNode, RequiredKey};
use crate::source::{Place, truncate};

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

/// A target of notifications. The URL is a secret: it is enough to post.
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

impl From<RawTargetKind> for TargetKind {
    fn from(raw: RawTargetKind) -> Self {
        match raw {
            RawTargetKind::Dingtalk => Self::Dingtalk,
            RawTargetKind::Feishu => Self::Feishu,
            RawTargetKind::Wecom => Self::Wecom,
            RawTargetKind::Slack => Self::Slack,
            RawTargetKind::Webhook => Self::Webhook,
            RawTargetKind::Alertmanager => Self::Alertmanager,
        }
    }
}

/// Reads an item of `notify:`; returns it with the place of its name.
pub(super) fn read<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
) -> Option<(NotifyTarget, Place)> {
    let lists = ["on", "owners", "estates", "codes"];
    let raw: RawTarget = decode(&mut reader.yaml, mapping, &lists).value;
    let required: [RequiredKey; 2] = [
        ("name", || Message::help_add_name("`name: ops`")),
        ("kind", || Message::help_add_service("`kind: dingtalk`")),
    ];
    for (key, help) in required {
        reader.yaml.require(mapping, Phrase::target(), key, help);
    }
    if mapping.get("url_file").is_none() {
        reader.yaml.require(mapping, Phrase::target(), "url", || {
            Message::help_add_url("`url: ${env.DINGTALK_URL}`")
        });
    }
    let name = reader.name(mapping, raw.name);
    let url = reader.secret(mapping, ("url", "url_file"), (raw.url, raw.url_file));
    if let Some(url) = &url
        && !is_allowed_url(url.expose_secret())
    {
        let key = if mapping.get("url").is_some() {
            "url"
        } else {
            "url_file"
        };
        let node = mapping.value_or_head(key);
        reader.yaml.report(WatchProblem::InvalidUrl { key }, node);
    }
    let keys = ("secret", "secret_file");
    let secret = reader.secret(mapping, keys, (raw.secret, raw.secret_file));
    let kind = raw.kind.map(TargetKind::from);
    if let (Some(kind), Some(secret)) = (kind, &secret) {
        check_secret(reader, mapping, kind, secret);
    }
    let events = read_events(reader, mapping);
    let [owners, estates, codes] =
        ["owners", "estates", "codes"].map(|key| read_globs(reader, mapping, key));
    let prefix = read_prefix(reader, mapping, raw.prefix);
    let (name, place) = name?;
    let target = NotifyTarget {
        name,
        kind: kind?,
        url: url?,
        secret,
        events,
        owners,
        estates,
        codes,
        min_severity: raw.min_severity.map_or(Severity::Info, Into::into),
        language: raw.lang.map(Into::into),
        is_default: raw.default.unwrap_or(false),
        prefix,
    };
    Some((target, place))
}

/// Returns whether a service may be called: over TLS, or on this machine.
fn is_allowed_url(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_local)
}

/// Reports a key that a service does not have, or cannot use.
fn check_secret<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
    kind: TargetKind,
    secret: &SecretString,
) {
    let word = kind.as_str();
    let problem = match kind {
        TargetKind::Dingtalk | TargetKind::Feishu => return,
        TargetKind::Webhook if secret.expose_secret().starts_with("whsec_") => return,
        TargetKind::Webhook => WatchProblem::InvalidSecret {
            kind: word,
            why: Phrase::webhook_secret(),
        },
        TargetKind::Wecom | TargetKind::Slack | TargetKind::Alertmanager => {
            WatchProblem::SecretWithoutEffect { kind: word }
        }
    };
    let key = if mapping.get("secret").is_some() {
        "secret"
    } else {
        "secret_file"
    };
    reader.yaml.report(problem, mapping.value_or_head(key));
}

/// Returns the events in the order of [`NotifyEvent::ALL`]; all of them without the key.
fn read_events<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
) -> Vec<NotifyEvent> {
    let Some(texts) = reader.yaml.texts(mapping, "on") else {
        return NotifyEvent::ALL.to_vec();
    };
    let mut events = Vec::new();
    for (text, node) in texts {
        if let Some(event) = NotifyEvent::from_word(&text) {
            events.push(event);
            continue;
        }
        let words = || NotifyEvent::ALL.into_iter().map(NotifyEvent::as_str);
        let help = Message::from_nearest(&text, words())
            .unwrap_or_else(|| Message::help_events(Argument::from_words(words())));
        let problem = StructureProblem::UnknownWord {
            key: "on".to_owned(),
            given: truncate(&text),
            help,
        };
        reader.yaml.report(problem, node);
    }
    events.sort_unstable();
    events.dedup();
    events
}

fn read_globs<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
    key: &str,
) -> Vec<NameGlob> {
    let texts = reader.yaml.texts(mapping, key).unwrap_or_default();
    let mut globs = Vec::with_capacity(texts.len());
    for (text, node) in texts {
        globs.extend(reader.yaml.glob(&text, node));
    }
    globs
}

/// Returns the first word of messages.
fn read_prefix<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
    given: Option<String>,
) -> String {
    const LONGEST: usize = 64;
    let Some(prefix) = given else {
        return NotifyTarget::DEFAULT_PREFIX.to_owned();
    };
    let trimmed = prefix.trim();
    if trimmed.is_empty() || trimmed.chars().count() > LONGEST {
        let problem = StructureProblem::EmptyValue {
            what: "`prefix`".into(),
            help: Message::help_length_or_remove(LONGEST),
        };
        reader.yaml.report(problem, mapping.value_or_head("prefix"));
    }
    trimmed.to_owned()
}
