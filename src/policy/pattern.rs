//! Regular expressions of policies, in the dialect of RE2, which CEL has too. Filters of rules have another dialect.

use std::ops::Range;

use regex::{Error, Regex, RegexBuilder};

use crate::i18n::Message;

/// The most bytes of a compiled pattern, which limits the cost of matching it.
const MAX_COMPILED_BYTES: usize = 1 << 18;

/// A regular expression that matches whole texts.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: Box<str>,
    whole: Regex,
}

/// The error of a text that is no regular expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPattern {
    /// The wrong bytes: one character, or the whole text.
    pub span: Range<usize>,
    /// The reason, as a fragment of a sentence.
    pub reason: Message,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is no regular expression, or too large.
    pub fn new(text: &str) -> Result<Self, InvalidPattern> {
        // The text alone has to be valid: its brackets must not close the group around it.
        compile_search(text)?;
        let whole =
            compile(&format!("^(?:{text})$")).map_err(|error| InvalidPattern::new(text, &error))?;
        Ok(Self {
            text: text.into(),
            whole,
        })
    }

    /// Returns true if the pattern matches the whole text.
    pub(crate) fn matches(&self, text: &str) -> bool {
        self.whole.is_match(text)
    }

    /// Returns the pattern as the file has it.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

/// Compiles a pattern that is searched for in texts.
///
/// # Errors
///
/// Returns an error if the text is no regular expression, or too large.
pub(super) fn compile_search(text: &str) -> Result<Regex, InvalidPattern> {
    compile(text).map_err(|error| InvalidPattern::new(text, &error))
}

fn compile(text: &str) -> Result<Regex, Error> {
    RegexBuilder::new(text)
        .size_limit(MAX_COMPILED_BYTES)
        .build()
}

impl InvalidPattern {
    fn new(text: &str, error: &Error) -> Self {
        let message = error.to_string();
        let span = match marked_character(text, &message) {
            Some((start, character)) => start..start + character.len_utf8(),
            None => 0..text.len(),
        };
        let reason = match error {
            Error::CompiledTooBig(_) => Message::pattern_memory(),
            // The last line of the message is the sentence.
            _ => message
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ")
                .into(),
        };
        Self { span, reason }
    }
}

/// Returns the character that a message of `regex` marks by `^` below the pattern, with its position in bytes.
fn marked_character(text: &str, message: &str) -> Option<(usize, char)> {
    const INDENT: usize = 4;
    if text.contains('\n') {
        return None;
    }
    let is_marker =
        |line: &&str| !line.is_empty() && line.chars().all(|it| matches!(it, ' ' | '^'));
    let marker = message.lines().find(is_marker)?;
    let column = marker.find('^')?.checked_sub(INDENT)?;
    text.char_indices().nth(column)
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_pattern_matches_whole_texts() {
        let cases = [
            ("a|b", "a", true),
            ("a|b", "ab", false),
            ("a", "xa", false),
            ("[a-z-]+", "web-1", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(
                Pattern::new(pattern).expect(pattern).matches(text),
                expected,
                "{pattern} {text}"
            );
        }
    }

    #[test]
    fn an_invalid_pattern_has_a_span_and_a_reason() {
        let cases = [
            ("a(b", 1..2, "unclosed group"),
            ("标(b", 3..4, "unclosed group"),
            ("a)|(b", 1..2, "unopened group"),
            (
                "(?=a)",
                0..1,
                "look-around, including look-ahead and look-behind, is not supported",
            ),
            ("*", 0..1, "repetition operator missing expression"),
            ("((a{50}){50}){50}", 0..17, "it would need too much memory"),
        ];
        for (pattern, span, reason) in cases {
            let invalid = Pattern::new(pattern).expect_err(pattern);
            assert_eq!(
                (invalid.span, invalid.reason.as_str()),
                (span, reason),
                "{pattern}"
            );
        }
    }
}
