//! Authors in the document: both ways.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::convert::{text, time, word};
use super::read::ReadError;
use crate::i18n::{JsonMessageTemplate, read_message, write_template};
use crate::report::time::rfc3339;
use crate::report::{
    Actor, AskedRange, Confidence, KnownRule, MatchReason, Via, Who, WhoAction, WhoEvent, WhoStatus,
};

/// The authors of a change, as ActionTrail recorded them. A note: no finding and no exit code depends on it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Who")]
pub(in crate::report) struct JsonWho<'a> {
    /// The status of the search. Every word but `found` is a reason why no author is named; none means that there is none.
    #[schemars(extend("enum" = ["found", "not-found", "too-recent", "too-old", "other-account", "denied",
        "no-endpoint", "incomplete", "in-place", "refused-only"]))]
    status: Cow<'a, str>,
    /// The least certainty of the events; null unless some were found.
    #[schemars(extend("enum" = ["exact", "strong", "likely", "possible", null]))]
    confidence: Option<Cow<'a, str>>,
    /// True if one author deleted the rule and created the live one.
    replaced: bool,
    /// The events, oldest first: at most five where they are only possible.
    events: Vec<JsonWhoEvent<'a>>,
    /// The number of possible events.
    candidates: usize,
    /// The number of calls that the service refused. They changed nothing.
    refused: usize,
    /// The last refused call; null where there is none.
    last_refused: Option<Box<JsonWhoEvent<'a>>>,
    /// The details of the status.
    reason: Option<Cow<'a, str>>,
    /// The template of the details; absent where they are a text of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason_template: Option<JsonMessageTemplate<'a>>,
    /// The time from which the event can be found: RFC 3339, UTC. Only with `too-recent`.
    #[schemars(extend("format" = "date-time"))]
    retry_at: Option<String>,
    /// The events that were looked up; null where none were.
    asked: Option<JsonAskedRange<'a>>,
}

/// An event that changed the rule, or that can have changed it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "WhoEvent")]
pub(in crate::report) struct JsonWhoEvent<'a> {
    /// The effect on the rule.
    #[schemars(extend("enum" = ["created", "deleted", "updated", "namespace-deleted", "repository-deleted",
        "instance-released"]))]
    action: Cow<'a, str>,
    /// The time: RFC 3339, UTC.
    #[schemars(extend("format" = "date-time"))]
    time: Option<String>,
    /// The author.
    actor: JsonActor<'a>,
    /// The kind of client, by its own word.
    #[schemars(extend("enum" = ["service", "terraform", "aliyun-cli", "openapi-explorer", "console",
        "likely-console", "sdk", "service-role", "other"]))]
    via: Cow<'a, str>,
    /// The client, by its own word.
    client: Option<Cow<'a, str>>,
    /// The other words of the client, such as the run of a pipeline.
    client_extra: Option<Cow<'a, str>>,
    /// The id of the event.
    event_id: Option<Cow<'a, str>>,
    /// The region.
    region: Option<Cow<'a, str>>,
    /// The address of the client; only with `--who-ip`.
    address: Option<Cow<'a, str>>,
    /// The certainty.
    #[schemars(extend("enum" = ["exact", "strong", "likely", "possible"]))]
    confidence: Cow<'a, str>,
    /// The reasons for the certainty.
    reasons: Vec<Cow<'a, str>>,
}

/// The author of an event.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Actor")]
pub(in crate::report) struct JsonActor<'a> {
    /// The type: `ram-user`, `root-account`, `assumed-role`, `system` or another word of ActionTrail.
    #[serde(rename = "type")]
    kind: Cow<'a, str>,
    /// The user or the role.
    name: Option<Cow<'a, str>>,
    /// The session of a role, as the client that assumed it named it.
    session: Option<Cow<'a, str>>,
    /// The account.
    account: Option<Cow<'a, str>>,
    /// The account that assumed the role, where it is another one.
    assumed_from: Option<Cow<'a, str>>,
}

/// The events that were looked up.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AskedRange")]
pub(in crate::report) struct JsonAskedRange<'a> {
    /// The region; null for events of a file.
    region: Option<Cow<'a, str>>,
    /// The start: RFC 3339, UTC.
    #[schemars(extend("format" = "date-time"))]
    from: Option<String>,
    /// The end.
    #[schemars(extend("format" = "date-time"))]
    until: Option<String>,
    /// The number of pages.
    pages: u32,
    /// True if every page was read.
    complete: bool,
    /// The region of the target, where its events were looked up too.
    target_region: Option<Cow<'a, str>>,
}

/// A live rule with its id.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "KnownRule")]
pub(in crate::report) struct JsonKnownRule<'a> {
    /// The alias of the source instance.
    instance: Cow<'a, str>,
    /// The name.
    name: Cow<'a, str>,
    /// The id.
    id: Cow<'a, str>,
}

impl<'a> From<&'a KnownRule> for JsonKnownRule<'a> {
    fn from(rule: &'a KnownRule) -> Self {
        Self {
            instance: text(&rule.instance),
            name: text(&rule.name),
            id: text(&rule.id),
        }
    }
}

impl From<JsonKnownRule<'_>> for KnownRule {
    fn from(rule: JsonKnownRule<'_>) -> Self {
        Self {
            instance: rule.instance.into_owned(),
            name: rule.name.into_owned(),
            id: rule.id.into_owned(),
        }
    }
}

impl<'a> From<&'a Who> for JsonWho<'a> {
    fn from(who: &'a Who) -> Self {
        Self {
            status: text(who.status.as_str()),
            confidence: who.confidence.map(|it| text(it.as_str())),
            replaced: who.replaced,
            events: who.events.iter().map(JsonWhoEvent::from).collect(),
            candidates: who.candidates,
            refused: who.refused,
            last_refused: who
                .last_refused
                .as_deref()
                .map(|event| Box::new(JsonWhoEvent::from(event))),
            reason: who.reason.as_deref().map(text),
            reason_template: who.reason.as_ref().and_then(write_template),
            retry_at: who.retry_ms.and_then(rfc3339),
            asked: who.asked.as_ref().map(JsonAskedRange::from),
        }
    }
}

impl TryFrom<JsonWho<'_>> for Who {
    type Error = ReadError;

    fn try_from(who: JsonWho<'_>) -> Result<Self, ReadError> {
        let last_refused = who.last_refused.map(|event| WhoEvent::try_from(*event));
        Ok(Self {
            status: word("status", &who.status, &WhoStatus::ALL, WhoStatus::as_str)?,
            confidence: who.confidence.map(|it| confidence(&it)).transpose()?,
            replaced: who.replaced,
            events: who
                .events
                .into_iter()
                .map(WhoEvent::try_from)
                .collect::<Result<_, _>>()?,
            candidates: who.candidates,
            refused: who.refused,
            last_refused: last_refused.transpose()?.map(Box::new),
            reason: who
                .reason
                .map(|reason| read_message(reason, who.reason_template)),
            retry_ms: time("retry_at", who.retry_at.as_deref())?,
            asked: who.asked.map(AskedRange::try_from).transpose()?,
        })
    }
}

impl<'a> From<&'a WhoEvent> for JsonWhoEvent<'a> {
    fn from(event: &'a WhoEvent) -> Self {
        let actor = &event.actor;
        Self {
            action: text(event.action.as_str()),
            time: rfc3339(event.time_ms),
            actor: JsonActor {
                kind: text(&actor.kind),
                name: actor.name.as_deref().map(text),
                session: actor.session.as_deref().map(text),
                account: actor.account.as_deref().map(text),
                assumed_from: actor.assumed_from.as_deref().map(text),
            },
            via: text(event.via.as_str()),
            client: event.client.as_deref().map(text),
            client_extra: event.client_extra.as_deref().map(text),
            event_id: event.event_id.as_deref().map(text),
            region: event.region.as_deref().map(text),
            address: event.address.as_deref().map(text),
            confidence: text(event.confidence.as_str()),
            reasons: event
                .reasons
                .iter()
                .map(|it| it.message().to_string().into())
                .collect(),
        }
    }
}

impl TryFrom<JsonWhoEvent<'_>> for WhoEvent {
    type Error = ReadError;

    fn try_from(event: JsonWhoEvent<'_>) -> Result<Self, ReadError> {
        let actor = event.actor;
        Ok(Self {
            action: word("action", &event.action, &WhoAction::ALL, WhoAction::as_str)?,
            time_ms: time("time", event.time.as_deref())?.unwrap_or_default(),
            actor: Actor {
                kind: actor.kind.into_owned(),
                name: actor.name.map(Cow::into_owned),
                session: actor.session.map(Cow::into_owned),
                account: actor.account.map(Cow::into_owned),
                assumed_from: actor.assumed_from.map(Cow::into_owned),
            },
            via: word("via", &event.via, &Via::ALL, Via::as_str)?,
            client: event.client.map(Cow::into_owned),
            client_extra: event.client_extra.map(Cow::into_owned),
            event_id: event.event_id.map(Cow::into_owned),
            region: event.region.map(Cow::into_owned),
            address: event.address.map(Cow::into_owned),
            confidence: confidence(&event.confidence)?,
            reasons: event
                .reasons
                .iter()
                .filter_map(|it| MatchReason::from_text(it))
                .collect(),
        })
    }
}

impl<'a> From<&'a AskedRange> for JsonAskedRange<'a> {
    fn from(asked: &'a AskedRange) -> Self {
        Self {
            region: asked.region.as_deref().map(text),
            from: asked.from_ms.and_then(rfc3339),
            until: asked.until_ms.and_then(rfc3339),
            pages: asked.pages,
            complete: asked.complete,
            target_region: asked.target_region.as_deref().map(text),
        }
    }
}

impl TryFrom<JsonAskedRange<'_>> for AskedRange {
    type Error = ReadError;

    fn try_from(asked: JsonAskedRange<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            region: asked.region.map(Cow::into_owned),
            from_ms: time("from", asked.from.as_deref())?,
            until_ms: time("until", asked.until.as_deref())?,
            pages: asked.pages,
            complete: asked.complete,
            target_region: asked.target_region.map(Cow::into_owned),
        })
    }
}

fn confidence(name: &str) -> Result<Confidence, ReadError> {
    word("confidence", name, &Confidence::ALL, Confidence::as_str)
}
