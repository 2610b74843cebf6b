//! From the answers to the authors: one search for each side of a change, combined to one result.

use rustc_hash::FxHashMap;

use super::actor::{reported, terraform_trace};
use super::index::{EventIndex, TimedEvent};
use super::lookup::{AnswerStatus, EventAnswer};
use super::question::{EditedRule, Question, QuestionSubject, Questions};
use super::{DELAY_MS, KEPT_MS, MAX_LISTED, REPLACEMENT_MS, creation, deletion};
use crate::diff::ChangeKind;
use crate::report::{AskedRange, Confidence, Who, WhoAction, WhoEvent, WhoStatus};

/// The events of one side of a change.
#[derive(Debug, Default)]
pub(super) struct Search {
    events: Vec<WhoEvent>,
    candidates: usize,
    refused: usize,
    last_refused: Option<WhoEvent>,
}

impl Search {
    /// Sets the events that were found, oldest first: the newest of many.
    pub(super) fn set(&mut self, mut events: Vec<WhoEvent>) {
        self.candidates = events.len();
        let excess = events.len().saturating_sub(MAX_LISTED);
        events.drain(..excess);
        self.events = events;
    }

    /// Counts a call that was refused.
    pub(super) fn add_refused(&mut self, call: TimedEvent<'_>, action: WhoAction) {
        self.refused += 1;
        self.last_refused = Some(reported(call, action, Confidence::Possible, &[]));
    }

    fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
}

/// Returns the authors of each question, in their order, with the addresses of their clients. `groups` has the answer of each declared instance; an answer of
/// a file is that of all.
#[must_use]
pub fn attribute(
    questions: &Questions<'_>,
    answers: &[EventAnswer],
    groups: &[usize],
    now_ms: i64,
) -> Vec<(QuestionSubject, Who)> {
    let attribution = Attribution::new(questions, answers, groups, now_ms);
    let questions = questions.list.iter();
    questions
        .map(|question| (question.subject, attribution.answer(question)))
        .collect()
}

/// Returns whether older events can change nothing: every question has an event with the id of its rule, or with its
/// name, time and parameters.
#[must_use]
pub fn is_certain(authors: &[(QuestionSubject, Who)]) -> bool {
    authors
        .iter()
        .all(|(_, who)| who.confidence >= Some(Confidence::Strong))
}

struct Attribution<'a> {
    questions: &'a Questions<'a>,
    answers: &'a [EventAnswer],
    groups: &'a [usize],
    indexes: Vec<EventIndex<'a>>,
    /// The traces of the events, by id.
    traces: FxHashMap<&'a str, &'a str>,
    /// The number of missing rules without a known id, by instance.
    rivals: FxHashMap<usize, usize>,
    now_ms: i64,
}

impl<'a> Attribution<'a> {
    fn new(
        questions: &'a Questions<'a>,
        answers: &'a [EventAnswer],
        groups: &'a [usize],
        now_ms: i64,
    ) -> Self {
        let indexes: Vec<_> = answers
            .iter()
            .map(|answer| EventIndex::new(&answer.events))
            .collect();
        let mut traces = FxHashMap::default();
        for event in answers.iter().flat_map(|answer| &answer.events) {
            if let (Some(id), Some(trace)) = (&event.id, terraform_trace(event)) {
                traces.insert(&**id, trace);
            }
        }
        let mut attribution = Self {
            questions,
            answers,
            groups,
            indexes,
            traces,
            rivals: FxHashMap::default(),
            now_ms,
        };
        for question in &questions.list {
            if question.kind == ChangeKind::Missing && attribution.deleted_id(question).is_none() {
                *attribution.rivals.entry(question.instance).or_default() += 1;
            }
        }
        attribution
    }

    fn index(&self, instance: usize) -> Option<&EventIndex<'a>> {
        self.indexes.get(*self.groups.get(instance)?)
    }

    fn deleted_id(&self, question: &'a Question<'a>) -> Option<(&'a str, bool)> {
        let index = self.index(question.instance)?;
        deletion::id_of(question.deleted.as_ref()?, index, self.questions)
    }

    fn answer(&self, question: &'a Question<'a>) -> Who {
        if question.is_foreign {
            return self.without_event(question, WhoStatus::OtherAccount, Search::default());
        }
        if let Some(edited) = &question.edited
            && edited.has_same_id
        {
            return self.edited(question, edited);
        }
        let Some(index) = self.index(question.instance) else {
            return self.without_event(question, self.status(question), Search::default());
        };
        let creation = match &question.created {
            Some(created) if question.kind != ChangeKind::Missing => creation::find(created, index),
            _ => Search::default(),
        };
        let deletion = self.find_deletion(question, index);
        if creation.is_empty() && (question.kind != ChangeKind::Missing || deletion.is_empty()) {
            if let Some(edited) = &question.edited {
                return self.edited(question, edited);
            }
            let search = if question.kind == ChangeKind::Missing {
                deletion
            } else {
                creation
            };
            let status = if search.refused > 0 && self.is_complete(question) {
                WhoStatus::RefusedOnly
            } else {
                self.status(question)
            };
            return self.without_event(question, status, search);
        }
        self.found(question, creation, deletion)
    }

    fn find_deletion(&self, question: &'a Question<'a>, index: &EventIndex<'a>) -> Search {
        let Some(deleted) = &question.deleted else {
            return Search::default();
        };
        let is_required = question.kind == ChangeKind::Missing;
        let id = self.deleted_id(question);
        let mut search = match id {
            Some(id) => deletion::find_by_id(deleted, id, index),
            None if is_required => {
                let rivals = self.rivals.get(&question.instance).copied();
                deletion::find_without_id(
                    deleted,
                    rivals.unwrap_or_default(),
                    index,
                    self.questions,
                )
            }
            None => Search::default(),
        };
        if search.is_empty() && is_required {
            let target = question.target.and_then(|target| self.index(target));
            if let (Some(id), Some(target)) = (id, target) {
                let found = deletion::find_by_id(deleted, id, target);
                if !found.is_empty() {
                    return found;
                }
            }
            for index in std::iter::once(index).chain(target) {
                let container = deletion::find_container(deleted, index);
                if !container.is_empty() {
                    search.set(container.events);
                    break;
                }
            }
        }
        search
    }

    /// Combines the events of both sides.
    fn found(&self, question: &Question<'_>, creation: Search, deletion: Search) -> Who {
        let replaced = self.is_replacement(&creation, &deletion);
        let refused = creation.refused + deletion.refused;
        let last_refused = match (creation.last_refused, deletion.last_refused) {
            (Some(one), Some(other)) if other.time_ms > one.time_ms => Some(other),
            (one, other) => one.or(other),
        };
        let candidates = creation.candidates.max(deletion.candidates);
        let mut events = deletion.events;
        events.extend(creation.events);
        events.sort_by_key(|event| event.time_ms);
        let confidence = events.iter().map(|event| event.confidence).min();
        Who {
            status: WhoStatus::Found,
            confidence,
            replaced,
            events,
            candidates,
            refused,
            last_refused: last_refused.map(Box::new),
            ..self.without_event(question, WhoStatus::Found, Search::default())
        }
    }

    /// Returns whether one author deleted the rule and created the live one: in one run of Terraform, or within minutes.
    fn is_replacement(&self, creation: &Search, deletion: &Search) -> bool {
        let ([created], [deleted]) = (creation.events.as_slice(), deletion.events.as_slice())
        else {
            return false;
        };
        let trace = |event: &WhoEvent| {
            let id = event.event_id.as_deref()?;
            self.traces.get(id).copied()
        };
        let is_one_run = trace(created).is_some() && trace(created) == trace(deleted);
        let distance = created.time_ms.abs_diff(deleted.time_ms);
        let is_one_author =
            created.actor == deleted.actor && distance <= REPLACEMENT_MS.unsigned_abs();
        let is_certain =
            created.confidence > Confidence::Possible && deleted.confidence > Confidence::Possible;
        is_certain && (is_one_run || is_one_author)
    }

    /// Returns the author of an edit. No public action edits a rule, so that one is hardly found.
    fn edited(&self, question: &Question<'_>, edited: &EditedRule<'_>) -> Who {
        let index = self.index(question.instance);
        let updates = match (index, edited.id) {
            (Some(index), Some(id)) => index.updates_of(id),
            _ => &[],
        };
        let mut search = Search::default();
        if let Some(call) = updates.iter().rfind(|it| it.is_success) {
            let confidence = Confidence::Exact;
            let event = reported(*call, WhoAction::Updated, confidence, &[]);
            search.set(vec![event]);
            return self.found(question, search, Search::default());
        }
        self.without_event(question, WhoStatus::InPlace, search)
    }

    /// Returns the status of a question without an event.
    fn status(&self, question: &Question<'_>) -> WhoStatus {
        let created_ms = question.created.as_ref().and_then(|it| it.created_ms);
        let is_missing = question.kind == ChangeKind::Missing;
        let oldest = self.now_ms.saturating_sub(KEPT_MS);
        if !is_missing && created_ms.is_some_and(|ms| ms < oldest) {
            return WhoStatus::TooOld;
        }
        match self.answer_of(question).map(|answer| &answer.status) {
            None | Some(AnswerStatus::Incomplete(_)) => return WhoStatus::Incomplete,
            Some(AnswerStatus::Denied(_)) => return WhoStatus::Denied,
            Some(AnswerStatus::NoEndpoint(_)) => return WhoStatus::NoEndpoint,
            Some(AnswerStatus::Complete) => {}
        }
        let changed_ms = if is_missing {
            question.deleted.as_ref().and_then(|it| it.last_seen_ms)
        } else {
            created_ms
        };
        let recent = self.now_ms.saturating_sub(DELAY_MS);
        if changed_ms.is_some_and(|ms| ms > recent) {
            WhoStatus::TooRecent
        } else {
            WhoStatus::NotFound
        }
    }

    fn answer_of(&self, question: &Question<'_>) -> Option<&'a EventAnswer> {
        self.answers.get(*self.groups.get(question.instance)?)
    }

    fn is_complete(&self, question: &Question<'_>) -> bool {
        let answer = self.answer_of(question);
        answer.is_some_and(|answer| answer.status == AnswerStatus::Complete)
    }

    fn without_event(&self, question: &Question<'_>, status: WhoStatus, search: Search) -> Who {
        let is_asked = !matches!(status, WhoStatus::OtherAccount | WhoStatus::TooOld);
        let answer = self.answer_of(question).filter(|_| is_asked);
        let reason = answer.and_then(|answer| match &answer.status {
            AnswerStatus::Complete => None,
            AnswerStatus::Incomplete(reason)
            | AnswerStatus::Denied(reason)
            | AnswerStatus::NoEndpoint(reason) => Some(reason.clone()),
        });
        let changed_ms = match (&question.created, &question.deleted) {
            (Some(created), _) => created.created_ms,
            (None, Some(deleted)) => deleted.last_seen_ms,
            (None, None) => None,
        };
        let retry_ms = changed_ms.map(|ms| ms.saturating_add(DELAY_MS));
        Who {
            status,
            confidence: None,
            replaced: false,
            events: Vec::new(),
            candidates: 0,
            refused: search.refused,
            last_refused: search.last_refused.map(Box::new),
            reason: reason.filter(|_| status != WhoStatus::Found),
            retry_ms: retry_ms.filter(|_| status == WhoStatus::TooRecent),
            asked: answer.map(|answer| self.asked(question, answer)),
        }
    }

    fn asked(&self, question: &Question<'_>, answer: &EventAnswer) -> AskedRange {
        let target = question
            .target
            .filter(|_| question.kind == ChangeKind::Missing);
        let target = target.and_then(|target| self.answers.get(*self.groups.get(target)?));
        AskedRange {
            region: answer.region.clone(),
            from_ms: answer.from_ms,
            until_ms: answer.until_ms,
            pages: answer.pages,
            complete: answer.status == AnswerStatus::Complete,
            target_region: target
                .and_then(|answer| answer.region.clone())
                .filter(|region| Some(region) != answer.region.as_ref()),
        }
    }
}
