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
    help: Message,
}

impl InvisibleProblem {
    /// Returns the problem of a character of the file itself.
    pub(in crate::rules) fn in_file(character: char) -> Self {
        let help = match character {
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Message::help_line_end(),
            _ => Message::help_invisible_escape(),
        };
        Self::new(Message::from_phrase("the file"), character, help)
    }

    /// Returns the problem of a character of a value, written as an escape or inserted by a reference.
    pub(in crate::rules) fn in_value(key: Option<&str>, character: char) -> Self {
        let container = match key {
            Some(key) => quote(key).into(),
            None => Message::from_phrase("an item of the list"),
        };
        Self::new(container, character, Message::help_invisible_in_name())
    }

    /// Returns the problem of a character of a key.
    pub(in crate::rules) fn in_key(key: &str, character: char) -> Self {
        Self::new(
            Message::key_named(quote(key)),
            character,
            Message::help_invisible_in_key(),
        )
    }

    /// Returns the help.
    pub(super) fn remedy(&self) -> Message {
        self.help.clone()
    }

    fn new(container: Message, character: char, help: Message) -> Self {
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
