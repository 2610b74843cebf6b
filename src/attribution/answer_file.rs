//! Saved responses of `LookupEvents`, as the API and the `aliyun` command line print them: one or many in one file.

use acr_api::{EventPage, TrailEvent, parse_events};
use jiff::Timestamp;
use serde_json::Value;
use serde_json::value::RawValue;

use super::lookup::{AnswerStatus, EventAnswer};
use crate::i18n::{Message, Phrase};

/// The reason why a file has no events.
#[derive(Debug, thiserror::Error)]
pub enum AnswerFileError {
    /// The file is not complete JSON.
    #[error("invalid JSON: {0}")]
    Syntax(#[source] serde_json::Error),
    /// The file has no document.
    #[error("expected responses of LookupEvents, found an empty file")]
    Empty,
    /// A document is no response.
    #[error("document {number}: expected a response of LookupEvents, found {reason}")]
    Shape {
        /// The number of the document, from 1.
        number: usize,
        /// The reason.
        reason: Message,
    },
}

impl AnswerFileError {
    /// Returns the message, which has a text in each language.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Syntax(error) => Message::baseline_not_json(error.to_string()),
            Self::Empty => Message::events_empty(),
            Self::Shape { number, reason } => Message::events_shape(*number, reason.clone()),
        }
    }
}

/// Reads the responses of a file: documents one after the other, or lists of them. Lists of events, as a trail delivers
/// them, are read too.
///
/// # Errors
///
/// [`AnswerFileError`], for a file with any document that is no response.
pub fn read_answers(text: &str) -> Result<EventAnswer, AnswerFileError> {
    let mut file = AnswerFile::default();
    let documents = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    for document in documents {
        let document = document.map_err(AnswerFileError::Syntax)?.get();
        file.documents += 1;
        if document.starts_with('[') {
            let list: Vec<&RawValue> =
                serde_json::from_str(document).map_err(AnswerFileError::Syntax)?;
            for element in list {
                file.add(element.get())?;
            }
        } else {
            file.add(document)?;
        }
    }
    if file.documents == 0 {
        return Err(AnswerFileError::Empty);
    }
    Ok(file.into_answer())
}

/// Returns the kind of a document that is no object.
fn other_kind(document: &str) -> Option<Message> {
    match document.as_bytes().first()? {
        b'{' => None,
        b'[' => Some(Message::list_in_list()),
        b'"' => Some(Message::json_string()),
        b't' | b'f' => Some(Message::json_boolean()),
        b'n' => Some("null".into()),
        _ => Some(Phrase::number().into()),
    }
}

/// The code of an error about a document that is no response at all.
const UNREADABLE_ANSWER: &str = "UnreadableAnswer";

#[derive(Default)]
struct AnswerFile {
    documents: usize,
    pages: u32,
    /// The number of pages that have a token of a next one.
    continued: u32,
    /// The number of pages without one: the ends of queries.
    ended: u32,
    unreadable: usize,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
    events: Vec<TrailEvent>,
}

impl AnswerFile {
    fn add(&mut self, document: &str) -> Result<(), AnswerFileError> {
        let shape = |reason: Message| AnswerFileError::Shape {
            number: self.documents,
            reason,
        };
        let is_event = document.contains("\"eventName\"") && !document.contains("\"Events\"");
        if is_event {
            let value: Value = serde_json::from_str(document).map_err(AnswerFileError::Syntax)?;
            if let Some(event) = TrailEvent::from_json(&value) {
                self.events.push(event);
                return Ok(());
            }
        }
        if let Some(kind) = other_kind(document) {
            return Err(shape(kind));
        }
        let page = parse_events(200, document.as_bytes()).map_err(|error| {
            let is_unreadable = &*error.code == UNREADABLE_ANSWER;
            shape(if is_unreadable {
                let reason = error.problem.map(Message::from);
                Message::another_object(reason.unwrap_or_else(|| error.message.into()))
            } else {
                Message::from(&error)
            })
        })?;
        let EventPage {
            request_id: _,
            start_time,
            end_time,
            events,
            unreadable,
            next_token,
        } = page;
        self.pages = self.pages.saturating_add(1);
        if next_token.is_some() {
            self.continued += 1;
        } else {
            self.ended += 1;
        }
        self.unreadable += unreadable;
        let time = |text: Option<String>| {
            let time: Timestamp = text?.parse().ok()?;
            Some(time.as_millisecond())
        };
        let (start, end) = (time(start_time), time(end_time));
        self.from_ms = [self.from_ms, start].into_iter().flatten().min();
        self.until_ms = [self.until_ms, end].into_iter().flatten().max();
        self.events.extend(events);
        Ok(())
    }

    /// Returns the answer. A file does not say which names were looked up, so it counts as complete where its queries have
    /// their last pages.
    fn into_answer(self) -> EventAnswer {
        let status = if self.continued > 0 && self.ended == 0 {
            AnswerStatus::Incomplete(Message::last_page_missing())
        } else if self.unreadable > 0 {
            AnswerStatus::Incomplete(Message::elements_unreadable(self.unreadable))
        } else {
            AnswerStatus::Complete
        };
        EventAnswer {
            region: None,
            from_ms: self.from_ms,
            until_ms: self.until_ms,
            pages: self.pages,
            status,
            events: self.events,
        }
    }
}

#[cfg(test)]
mod tests {

    #[test]
    fn a_message_has_the_text_of_its_error() {
        let errors = [
            super::AnswerFileError::Syntax(serde_json::from_str::<u8>("x").expect_err("no JSON")),
            super::AnswerFileError::Empty,
            super::AnswerFileError::Shape {
                number: 2,
                reason: "text".into(),
            },
        ];
        for error in errors {
            crate::i18n::assert_message(&error.message(), &error);
        }
    }
}
