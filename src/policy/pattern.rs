//! Regular expressions of a policy, in the dialect of RE2, which is also CEL's. A filter is none of them: the
//! registry reads those.

use std::ops::Range;

use regex::{Error, Regex, RegexBuilder};

/// The largest program an expression may compile to, in bytes: what a policy matches must stay cheap.
const MAX_COMPILED: usize = 1 << 18;

/// An expression that matches whole texts.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: Box<str>,
    whole: Regex,
}

/// Why a text is no regular expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPattern {
    /// The bytes that are wrong; all of them where it is the whole.
    pub part: Range<usize>,
    /// What is wrong, as a fragment of a sentence.
    pub why: String,
}

impl Pattern {
    /// Compiles an expression.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it, and where.
    pub fn new(text: &str) -> Result<Self, InvalidPattern> {
        // Alone first: what closes a group of its own must not close ours.
        searching(text)?;
        let whole =
            compile(&format!("^(?:{text})$")).map_err(|error| InvalidPattern::new(text, &error))?;
        Ok(Self {
            text: text.into(),
            whole,
        })
    }

    /// Whether it matches the whole of a text.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.whole.is_match(text)
    }

    /// The expression as it was written.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }
}

/// Compiles an expression that is looked for in texts.
///
/// # Errors
///
/// Says what is wrong with it, and where.
pub(super) fn searching(text: &str) -> Result<Regex, InvalidPattern> {
    compile(text).map_err(|error| InvalidPattern::new(text, &error))
}

fn compile(text: &str) -> Result<Regex, Error> {
    RegexBuilder::new(text).size_limit(MAX_COMPILED).build()
}

impl InvalidPattern {
    /// The error's sentence is the last line of what `regex` says, and its place is marked by `^` under the text.
    fn new(text: &str, error: &Error) -> Self {
        let message = error.to_string();
        let why = match error {
            Error::CompiledTooBig(_) => "it would need too much memory",
            _ => message
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: "),
        };
        let marked = message
            .lines()
            .find(|line| !line.is_empty() && line.bytes().all(|it| matches!(it, b' ' | b'^')));
        // The text is indented by four characters.
        let column = marked
            .and_then(|line| line.find('^'))
            .and_then(|at| at.checked_sub(4));
        let at = column
            .and_then(|column| text.char_indices().nth(column))
            .filter(|_| !text.contains('\n'));
        let part = at.map_or(0..text.len(), |(at, character)| {
            at..at + character.len_utf8()
        });
        Self {
            part,
            why: why.to_owned(),
        }
    }
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
    fn what_is_wrong_is_told_with_its_place() {
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
        for (pattern, part, why) in cases {
            let invalid = Pattern::new(pattern).expect_err(pattern);
            assert_eq!(
                (invalid.part, invalid.why.as_str()),
                (part, why),
                "{pattern}"
            );
        }
    }
}
