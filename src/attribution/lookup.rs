//! The events to look up for the questions of a run, and the answers.

use acr_api::TrailEvent;

use super::facts::EventName;
use super::question::{Question, QuestionSubject, Questions};
use super::{AROUND_MS, KEPT_MS};
use crate::diff::ChangeKind;
use crate::i18n::Message;
use crate::report::{Who, WhoStatus};

/// The events of a region to look up with one identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionLookup {
    /// The group of instances: their region and identity.
    pub group: usize,
    /// The names of the events.
    pub names: Vec<EventName>,
    /// The start, epoch milliseconds.
    pub from_ms: i64,
    /// The end.
    pub until_ms: i64,
}

/// The events that a region, or a file, answered with.
#[derive(Debug, Clone, Default)]
pub struct EventAnswer {
    /// The region; `None` for a file.
    pub region: Option<String>,
    /// The start, epoch milliseconds.
    pub from_ms: Option<i64>,
    /// The end.
    pub until_ms: Option<i64>,
    /// The number of pages.
    pub pages: u32,
    /// True if every page was read.
    pub status: AnswerStatus,
    /// The events.
    pub events: Vec<TrailEvent>,
}

/// The completeness of an answer, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AnswerStatus {
    /// Every page was read.
    #[default]
    Complete,
    /// Pages are missing.
    Incomplete(Message),
    /// The credentials must not look up events.
    Denied(Message),
    /// The region has no endpoint.
    NoEndpoint(Message),
}

/// Returns the events to look up, one lookup for each group of instances with a question. `groups` has the group of each
/// declared instance.
#[must_use]
pub fn lookups(questions: &Questions<'_>, groups: &[usize], now_ms: i64) -> Vec<RegionLookup> {
    let oldest = now_ms.saturating_sub(KEPT_MS);
    let mut lookups: Vec<RegionLookup> = Vec::new();
    for question in &questions.list {
        let Some(group) = groups.get(question.instance) else {
            continue;
        };
        let Some((from_ms, until_ms)) = range(question, oldest, now_ms) else {
            continue;
        };
        let mut known = lookups.iter_mut();
        let Some(lookup) = known.find(|lookup| lookup.group == *group) else {
            lookups.push(RegionLookup {
                group: *group,
                names: vec![EventName::RuleCreated, EventName::RuleDeleted],
                from_ms,
                until_ms,
            });
            continue;
        };
        lookup.from_ms = lookup.from_ms.min(from_ms);
        lookup.until_ms = lookup.until_ms.max(until_ms);
    }
    lookups.sort_by_key(|lookup| lookup.group);
    lookups
}

/// Returns the time of the events of a question; `None` where no event can answer it.
fn range(question: &Question<'_>, oldest: i64, now_ms: i64) -> Option<(i64, i64)> {
    if question.is_foreign {
        return None;
    }
    let around = |ms: i64| (ms - AROUND_MS, ms + AROUND_MS);
    if let Some(edited) = question.edited.as_ref().filter(|it| it.has_same_id) {
        return clamped(around(edited.modified_ms), oldest, now_ms);
    }
    let created = question.created.as_ref();
    if question.kind != ChangeKind::Missing {
        let Some(ms) = created.and_then(|it| it.created_ms) else {
            return Some((oldest, now_ms));
        };
        let (from, until) = clamped(around(ms), oldest, now_ms)?;
        // The rule before it was deleted earlier, and after it was last seen.
        let deleted = question.deleted.as_ref().filter(|it| it.id.is_some());
        let last_seen = deleted.map(|it| it.last_seen_ms.unwrap_or(oldest).max(oldest));
        return Some((last_seen.unwrap_or(from).min(from), until));
    }
    let deleted = question.deleted.as_ref()?;
    let is_known = deleted.id.is_some();
    let since = deleted.last_seen_ms.filter(|_| is_known);
    clamped((since.unwrap_or(oldest), now_ms), oldest, now_ms)
}

fn clamped((from, until): (i64, i64), oldest: i64, now_ms: i64) -> Option<(i64, i64)> {
    let (from, until) = (from.max(oldest), until.min(now_ms));
    (from < until).then_some((from, until))
}

/// Returns the events to look up for questions that the first answers leave open: deletions of what contained a missing
/// rule, deletions in the region of its target, and edits.
#[must_use]
pub fn fallback_lookups(
    questions: &Questions<'_>,
    authors: &[(QuestionSubject, Who)],
    groups: &[usize],
    now_ms: i64,
) -> Vec<RegionLookup> {
    let oldest = now_ms.saturating_sub(KEPT_MS);
    let mut lookups: Vec<RegionLookup> = Vec::new();
    let mut add = |group: usize, name: EventName, from_ms: i64, until_ms: i64| {
        let mut known = lookups.iter_mut();
        match known.find(|lookup| lookup.group == group && lookup.names == [name]) {
            Some(lookup) => {
                lookup.from_ms = lookup.from_ms.min(from_ms);
                lookup.until_ms = lookup.until_ms.max(until_ms);
            }
            None => lookups.push(RegionLookup {
                group,
                names: vec![name],
                from_ms,
                until_ms,
            }),
        }
    };
    for (question, (_, who)) in questions.list.iter().zip(authors) {
        let Some(group) = groups.get(question.instance).copied() else {
            continue;
        };
        if who.status == WhoStatus::InPlace
            && let Some(edited) = &question.edited
            && let Some((from, until)) = clamped(
                (
                    edited.modified_ms - AROUND_MS,
                    edited.modified_ms + AROUND_MS,
                ),
                oldest,
                now_ms,
            )
        {
            add(group, EventName::RuleUpdated, from, until);
        }
        let is_open = question.kind == ChangeKind::Missing && who.status == WhoStatus::NotFound;
        let Some(deleted) = question.deleted.as_ref().filter(|_| is_open) else {
            continue;
        };
        let since = deleted.last_seen_ms.unwrap_or(oldest);
        let Some((from, until)) = clamped((since, now_ms), oldest, now_ms) else {
            continue;
        };
        add(group, EventName::NamespaceDeleted, from, until);
        add(group, EventName::RepositoryDeleted, from, until);
        for end in &question.unread_ends {
            if let Some(end) = groups.get(*end) {
                add(*end, EventName::InstanceReleased, from, until);
                add(*end, EventName::InstanceDeleted, from, until);
            }
        }
        let target = question.target.and_then(|target| groups.get(target));
        if let Some(target) = target.filter(|target| **target != group) {
            add(*target, EventName::RuleDeleted, from, until);
        }
    }
    lookups
}
