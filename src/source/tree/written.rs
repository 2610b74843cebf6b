//! The text of a scalar beside its value: character by character, over quotes, escapes and line breaks.

use std::ops::Range;

use crate::source::Span;

/// Reads the text of a scalar in step with its value.
pub(super) struct ScalarReader<'t> {
    text: &'t str,
    /// The offset of the next byte of the text.
    at: usize,
    /// The prefix of an escaped character: a backslash, or the quote that ends the scalar.
    escape: Option<char>,
    /// The spaces at the beginning of a line; of a block scalar, those of its first line.
    indent: usize,
}

impl<'t> ScalarReader<'t> {
    pub(super) fn new(text: &'t str, span: Span) -> Self {
        let at = span.start as usize;
        let (quote, escape) = match text.as_bytes().get(at) {
            Some(b'"') => (1, Some('\\')),
            Some(b'\'') => (1, Some('\'')),
            _ => (0, None),
        };
        let before = text.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let is_block = quote == 0 && line.bytes().all(|byte| byte == b' ');
        Self {
            text,
            at: at + quote,
            escape,
            indent: if is_block { line.len() } else { usize::MAX },
        }
    }

    /// Returns the bytes of the next character of the value; `None` if the text has another character.
    pub(super) fn step(&mut self, character: char) -> Option<Range<usize>> {
        let rest = self.text.get(self.at..)?;
        let escaped = usize::from(self.escape.is_some_and(|escape| rest.starts_with(escape)));
        if rest.get(escaped..)?.starts_with(character)
            && !(character == ' ' && line_break(rest).is_some())
        {
            let start = self.at + escaped;
            self.at = start + character.len_utf8();
            if character == '\n' {
                self.skip_indent();
            }
            return Some(start..start + character.len_utf8());
        }
        // In the value, a folded line ends with a space, a kept one with a line feed.
        let length = line_break(rest).filter(|_| matches!(character, ' ' | '\n'))?;
        let start = self.at;
        self.at += length;
        self.skip_indent();
        Some(start..start + length)
    }

    fn skip_indent(&mut self) {
        let spaces = self
            .text
            .get(self.at..)
            .unwrap_or_default()
            .bytes()
            .take_while(|byte| *byte == b' ')
            .count();
        self.at += spaces.min(self.indent);
    }
}

/// Returns the length of the spaces and the line break at the beginning of a text, if there are any.
fn line_break(rest: &str) -> Option<usize> {
    let behind = rest.trim_start_matches(' ');
    let behind = behind
        .strip_prefix("\r\n")
        .or_else(|| behind.strip_prefix('\n'))?;
    Some(rest.len() - behind.len())
}
