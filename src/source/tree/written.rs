//! A scalar as it is written, beside its value: character by character, over quotes, escapes and broken lines.

use std::ops::Range;

use crate::source::Span;

/// Reads a scalar's text in step with its value.
pub(super) struct Reader<'t> {
    text: &'t str,
    /// The byte of the text that is read next.
    at: usize,
    /// The prefix of an escaped character: a backslash, or the quote that ends the scalar.
    escape: Option<char>,
    /// The number of spaces begin a line: of a block scalar, those that its first line begins with.
    indent: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, span: Span) -> Self {
        let at = span.start as usize;
        let (quote, escape) = match text.as_bytes().get(at) {
            Some(b'"') => (1, Some('\\')),
            Some(b'\'') => (1, Some('\'')),
            _ => (0, None),
        };
        let before = text.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let block = quote == 0 && line.bytes().all(|it| it == b' ');
        Self {
            text,
            at: at + quote,
            escape,
            indent: if block { line.len() } else { usize::MAX },
        }
    }

    /// Where the next character of the value is written; `None` where it is written as something else.
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
        // A line that is folded ends in a space, one that is kept in a line feed.
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
            .take_while(|it| *it == b' ')
            .count();
        self.at += spaces.min(self.indent);
    }
}

/// The bytes of the end of the line, where there is nothing before it but spaces.
fn line_break(rest: &str) -> Option<usize> {
    let behind = rest.trim_start_matches(' ');
    let behind = behind
        .strip_prefix("\r\n")
        .or_else(|| behind.strip_prefix('\n'))?;
    Some(rest.len() - behind.len())
}
