//! The error for characters that a reviewer does not see.

use miette::Diagnostic;
use thiserror::Error;

use crate::source::{name_invisible, quote};

/// Keys whose values are texts for people. An escape in double quotes may put any character into them.
pub(super) const FREE_TEXTS: [&str; 4] = ["reason", "owner", "message", "ticket"];

/// An invisible character, or a line end that only some readers take for one.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("{place} has the invisible character U+{code:04X} ({name})")]
#[diagnostic(code("rules/invisible-character"))]
pub(super) struct InvisibleProblem {
    /// What has it, for a sentence.
    place: String,
    code: u32,
    name: &'static str,
    #[help]
    help: &'static str,
}

impl InvisibleProblem {
    /// The problem of a character of the text itself.
    pub(super) fn in_text(character: char) -> Self {
        let help = match character {
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                "some readers of YAML begin a new line here, and most editors and diffs do not: end lines with LF or CRLF"
            }
            _ => {
                "remove it; `reason`, `owner`, `message` and `ticket` may have it as an escape in double quotes"
            }
        };
        Self::new("the file".to_owned(), character, help)
    }

    /// The problem of a character of a value, written as an escape or filled in by a reference.
    pub(super) fn in_value(key: Option<&str>, character: char) -> Self {
        let place = key.map_or_else(|| "an item of the list".to_owned(), quote);
        Self::new(
            place,
            character,
            "remove it: names and filters that differ in it look alike",
        )
    }

    /// The problem of a character of a key.
    pub(super) fn in_key(key: &str, character: char) -> Self {
        Self::new(
            format!("key {}", quote(key)),
            character,
            "remove it: keys that differ in it look alike",
        )
    }

    fn new(place: String, character: char, help: &'static str) -> Self {
        Self {
            place,
            code: character.into(),
            name: name_invisible(character),
            help,
        }
    }
}
