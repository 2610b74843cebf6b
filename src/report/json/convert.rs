//! Values in the document: texts, words, times, fingerprints and origins.

use std::borrow::Cow;

use jiff::Timestamp;

use super::read::ReadError;
use crate::finding::Fingerprint;
use crate::model::Field;
use crate::report::Origin;
use crate::source::sanitize;

/// Returns a borrowed text.
pub(in crate::report) fn text(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

/// Returns the value of `all` whose word is `word`.
pub(super) fn word<T: Copy>(
    key: &'static str,
    word: &str,
    all: &[T],
    as_str: impl Fn(T) -> &'static str,
) -> Result<T, ReadError> {
    let found = all.iter().copied().find(|it| as_str(*it) == word);
    found.ok_or_else(|| ReadError::UnknownWord {
        key,
        word: quote(word),
    })
}

pub(super) fn field_from_name(name: &str) -> Result<Field, ReadError> {
    word("field", name, &Field::ALL, Field::as_str)
}

/// Returns a time in epoch milliseconds.
pub(super) fn time(key: &'static str, text: Option<&str>) -> Result<Option<i64>, ReadError> {
    let parse = |text: &str| {
        let time: Result<Timestamp, _> = text.parse();
        time.map(Timestamp::as_millisecond)
            .map_err(|_| ReadError::UnknownWord {
                key,
                word: quote(text),
            })
    };
    text.map(parse).transpose()
}

pub(super) fn fingerprint(text: &str) -> Result<Fingerprint, ReadError> {
    let fault = || ReadError::UnknownWord {
        key: "fingerprint",
        word: quote(text),
    };
    Fingerprint::from_hex(text).ok_or_else(fault)
}

pub(super) fn read_origin(
    text: Option<&str>,
    conflicting: bool,
) -> Result<Option<Origin>, ReadError> {
    match text {
        Some("drifted") if conflicting => Ok(Some(Origin::Conflicting)),
        Some("drifted") => Ok(Some(Origin::Drifted)),
        Some("introduced") => Ok(Some(Origin::Introduced)),
        Some(other) => Err(ReadError::UnknownWord {
            key: "origin",
            word: quote(other),
        }),
        None => Ok(None),
    }
}

/// Returns the word of an origin. A conflicting difference counts as drifted: `conflicting` is a key of its own.
pub(super) fn write_origin(origin: Origin) -> Cow<'static, str> {
    text(match origin {
        Origin::Introduced => "introduced",
        Origin::Drifted | Origin::Conflicting => "drifted",
    })
}

/// Returns a value of the document as an error shows it.
pub(super) fn quote(text: &str) -> String {
    sanitize(text).into_owned()
}
