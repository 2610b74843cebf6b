//! Problems of characters that a reviewer does not see.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::{Message, Phrase};
use crate::source::{is_default_ignorable, is_private_use, quote};

/// An invisible character, or a line end that only some readers recognize.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("{container} contains the invisible character U+{code:04X} ({name})")]
#[diagnostic(code("rules/invisible-character"))]
pub(in crate::rules) struct InvisibleProblem {
    /// The text with the character, for a sentence.
    container: Message,
    code: u32,
    name: Phrase,
    help: Message,
}

impl InvisibleProblem {
    /// Returns the problem of a character of the file itself.
    pub(in crate::rules) fn in_file(character: char) -> Self {
        let help = match character {
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Message::help_line_end(),
            _ => Message::help_invisible_escape(),
        };
        Self::new(Message::from(Phrase::file()), character, help)
    }

    /// Returns the problem of a character of a value, written as an escape or inserted by a reference.
    pub(in crate::rules) fn in_value(key: Option<&str>, character: char) -> Self {
        let container = match key {
            Some(key) => quote(key).into(),
            None => Message::from(Phrase::item_of_list()),
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
            name: name_character(character),
            help,
        }
    }
}

impl From<&InvisibleProblem> for Message {
    fn from(problem: &InvisibleProblem) -> Self {
        Self::invisible_character(
            problem.container.clone(),
            format!("{:04X}", problem.code),
            problem.name,
        )
    }
}

/// Returns the name of an invisible or look-alike character.
fn name_character(character: char) -> Phrase {
    match character {
        '\r' => Phrase::carriage_return(),
        '\u{85}' => Phrase::next_line(),
        '\u{ad}' => Phrase::soft_hyphen(),
        '\u{34f}' => Phrase::grapheme_joiner(),
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => Phrase::hangul_filler(),
        '\u{180b}'..='\u{180d}'
        | '\u{180f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0100}'..='\u{e01ef}' => Phrase::variation_selector(),
        '\u{180e}' => Phrase::vowel_separator(),
        '\u{200b}' => Phrase::zero_width_space(),
        '\u{200c}' => Phrase::zero_width_non_joiner(),
        '\u{200d}' => Phrase::zero_width_joiner(),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Phrase::bidirectional()
        }
        '\u{a0}' | '\u{202f}' => Phrase::no_break_space(),
        '\u{1680}' => Phrase::ogham(),
        '\u{2000}'..='\u{200a}' | '\u{205f}' => Phrase::blank(),
        '\u{3000}' => Phrase::ideographic_space(),
        '\u{16fe4}' => Phrase::khitan(),
        '\u{2028}' => Phrase::line_separator(),
        '\u{2029}' => Phrase::paragraph_separator(),
        '\u{2060}' => Phrase::word_joiner(),
        '\u{2061}'..='\u{2064}' => Phrase::mathematical(),
        '\u{2800}' => Phrase::braille(),
        '\u{feff}' => Phrase::byte_order_mark(),
        '\u{e0000}'..='\u{e007f}' => Phrase::tag_character(),
        _ if is_private_use(character) => Phrase::private_use(),
        _ if character.is_control() => Phrase::control(),
        _ if is_default_ignorable(character) => Phrase::default_ignorable(),
        _ => Phrase::without_glyph(),
    }
}

#[cfg(test)]
mod tests {
    use super::name_character;
    use crate::i18n::Phrase;

    #[test]
    fn characters_have_names() {
        let cases = [
            ('\u{200b}', Phrase::zero_width_space()),
            ('\u{7}', Phrase::control()),
            ('\u{17b4}', Phrase::default_ignorable()),
            ('\u{e000}', Phrase::private_use()),
            ('\u{fff9}', Phrase::without_glyph()),
        ];
        for (character, expected) in cases {
            assert_eq!(name_character(character), expected, "{character:?}");
        }
    }
}
