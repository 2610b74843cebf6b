//! Problems of characters that a reviewer does not see.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::Message;
use crate::source::{name_invisible, quote};

/// An invisible character, or a line end that only some readers recognize.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("{container} contains the invisible character U+{code:04X} ({name})")]
#[diagnostic(code("rules/invisible-character"))]
pub(in crate::rules) struct InvisibleProblem {
    /// The text with the character, for a sentence.
    container: Message,
    code: u32,
    name: &'static str,
    #[help]
    help: &'static str,
}

impl InvisibleProblem {
    /// Returns the problem of a character of the file itself.
    pub(in crate::rules) fn in_file(character: char) -> Self {
        let help = match character {
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                "end lines with LF or CRLF: some YAML readers start a new line here, most editors and diffs do not"
            }
            _ => {
                "remove it; `reason`, `owner`, `message` and `ticket` may contain it as an escape in double quotes"
            }
        };
        Self::new(Message::from_phrase("the file"), character, help)
    }

    /// Returns the problem of a character of a value, written as an escape or inserted by a reference.
    pub(in crate::rules) fn in_value(key: Option<&str>, character: char) -> Self {
        let container = match key {
            Some(key) => quote(key).into(),
            None => Message::from_phrase("an item of the list"),
        };
        Self::new(
            container,
            character,
            "remove it: names and filters that differ only in it look alike",
        )
    }

    /// Returns the problem of a character of a key.
    pub(in crate::rules) fn in_key(key: &str, character: char) -> Self {
        Self::new(
            Message::key_named(quote(key)),
            character,
            "remove it: keys that differ only in it look alike",
        )
    }

    fn new(container: Message, character: char, help: &'static str) -> Self {
        Self {
            container,
            code: character.into(),
            name: name_invisible(character),
            help,
        }
    }
}

impl From<&InvisibleProblem> for Message {
    fn from(problem: &InvisibleProblem) -> Self {
        Self::invisible_character(
            problem.container.clone(),
            format!("{:04X}", problem.code),
            Self::from_phrase(problem.name),
        )
    }
}
