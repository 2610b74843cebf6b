//! A file as the reports on the terminal quote it.

use std::ops::Range;
use std::sync::Arc;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::SourceFile;
use super::sanitize::escape_lines;

/// Lines longer than this, in bytes, are quoted in part: a file on one line must not fill the screen.
const LONG_LINE: usize = 400;
/// The context quoted on either side of a span in a long line, in bytes.
const WINDOW: usize = 40;

/// Unlike miette's own sources this one finds lines by the table of line starts, so that a hundred errors in
/// a file of many megabytes do not read it hundreds of times.
impl SourceCode for SourceFile {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, length) = (span.offset(), span.len());
        if start.saturating_add(length) > self.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let Range { start, end } = self.on_boundaries(start..start + length);
        let shown = if lines_before == 0 && lines_after == 0 {
            start..end
        } else {
            self.surroundings(start..end, lines_before, lines_after)
        };
        let data = self
            .shown()
            .get(shown.clone())
            .ok_or(MietteError::OutOfBounds)?;
        let (line, column) = self.position(super::to_u32(shown.start));
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.escape_debug().to_string(),
            data.as_bytes(),
            (shown.start, data.len()).into(),
            line as usize - 1,
            column as usize - 1,
            data.lines().count(),
        )))
    }
}

impl SourceFile {
    /// Returns the file as reports quote it: the same lines, with an escape for each character that a terminal would not
    /// print as itself.
    #[must_use]
    pub fn as_shown(&self) -> &Self {
        let escape = || {
            let text = escape_lines(&self.text)?;
            Some(Box::new(Self::new(
                Arc::clone(&self.path),
                text,
                self.quotable,
                self.sha256.clone(),
            )))
        };
        self.escaped.get_or_init(escape).as_deref().unwrap_or(self)
    }

    /// Returns the offset and the length that a byte range of this file has in [`SourceFile::as_shown`].
    #[must_use]
    pub fn shown_range(&self, range: Range<usize>) -> (usize, usize) {
        let start = self.shown_offset(range.start);
        (start, self.shown_offset(range.end).saturating_sub(start))
    }

    fn shown_offset(&self, offset: usize) -> usize {
        let shown = self.as_shown();
        if std::ptr::eq(shown, self) {
            return offset;
        }
        let line = self.line_of(offset);
        let before = self
            .text
            .get(self.line(line).start..self.boundary(offset))
            .unwrap_or_default();
        // A carriage return is one without its line feed only where the text goes on otherwise.
        let at_line_feed = before.ends_with('\r')
            && self
                .text
                .get(offset..)
                .is_some_and(|rest| rest.starts_with('\n'));
        let length = if at_line_feed {
            before.len()
        } else {
            escape_lines(before).map_or(before.len(), |it| it.len())
        };
        shown.line(line).start + length
    }

    /// The whole lines round a span, or a part of its line where that is long.
    fn surroundings(&self, span: Range<usize>, before: usize, after: usize) -> Range<usize> {
        let first = self.line_of(span.start);
        let last = self.line_of(span.end);
        let mut shown = self.line(first).start..self.line(last).end;
        if shown.len() > LONG_LINE + span.len() {
            let start = self
                .boundary(span.start.saturating_sub(WINDOW))
                .max(shown.start);
            let end = self
                .boundary(span.end.saturating_add(WINDOW))
                .min(shown.end);
            return start..end;
        }
        for line in (first.saturating_sub(before)..first)
            .rev()
            .map(|line| self.line(line))
        {
            if line.len() > LONG_LINE {
                break;
            }
            shown.start = line.start;
        }
        for line in (last + 1..=last + after).map(|line| self.line(line)) {
            if line.is_empty() || line.len() > LONG_LINE {
                break;
            }
            shown.end = line.end;
        }
        shown
    }

    /// The line a byte is on, from 0.
    fn line_of(&self, offset: usize) -> usize {
        self.line_starts()
            .partition_point(|start| *start as usize <= offset)
            .saturating_sub(1)
    }

    /// The bytes of a line with its line feed; empty behind the last line.
    fn line(&self, line: usize) -> Range<usize> {
        let starts = self.line_starts();
        let at = |line: usize| {
            starts
                .get(line)
                .map_or(self.text.len(), |start| *start as usize)
        };
        at(line)..at(line + 1)
    }
}

#[cfg(test)]
mod tests {
    use miette::SourceCode;

    use crate::source::SourceMap;

    #[test]
    fn a_snippet_has_whole_lines() {
        let mut map = SourceMap::default();
        let file = map.add(
            "rules.yaml".to_owned(),
            "a\nb\ncäd\ne\nf".to_owned(),
            String::new(),
        );
        let read = |offset: usize, length: usize, context: usize| {
            let file = map.file(file);
            let it = file
                .read_span(&(offset, length).into(), context, context)
                .expect("inside");
            (
                String::from_utf8_lossy(it.data()).into_owned(),
                it.line(),
                it.column(),
            )
        };
        assert_eq!(read(7, 1, 0), ("d".to_owned(), 2, 2));
        assert_eq!(read(7, 1, 1), ("b\ncäd\ne\n".to_owned(), 1, 0));
        assert_eq!(read(0, 1, 1), ("a\nb\n".to_owned(), 0, 0));
        assert_eq!(read(11, 1, 9), ("a\nb\ncäd\ne\nf".to_owned(), 0, 0));
        assert!(map.file(file).read_span(&(40, 1).into(), 1, 1).is_err());
        assert_eq!(
            read(6, 1, 0),
            ("ä".to_owned(), 2, 1),
            "a span in the middle of a character holds all of it"
        );
    }

    #[test]
    fn a_password_is_hidden_in_every_snippet() {
        let mut map = SourceMap::default();
        let text = "a: \"https://usér:pw@host/x\"\nb: c\n";
        let file = map.add("rules.yaml".to_owned(), text.to_owned(), String::new());
        let it = map
            .file(file)
            .read_span(&(text.len() - 3, 1).into(), 2, 2)
            .expect("inside");
        assert_eq!(
            String::from_utf8_lossy(it.data()),
            "a: \"https://********@host/x\"\nb: c\n"
        );
    }

    #[test]
    fn unprintable_characters_are_escaped_and_marked() {
        let mut map = SourceMap::default();
        let text = "a\u{200b}\tb\r\nc\u{1b}d\re\n";
        let id = map.add("rules.yaml".to_owned(), text.to_owned(), String::new());
        let file = map.file(id);
        let shown = file.as_shown();
        assert_eq!(shown.text, "a\\u{200b}\tb\r\nc\\u{1b}d\\u{d}e\n");
        for (written, marked) in [
            ("a", "a"),
            ("\u{200b}", "\\u{200b}"),
            ("b", "b"),
            ("b\r\n", "b\r\n"),
            ("\u{1b}d", "\\u{1b}d"),
            ("e", "e"),
        ] {
            let at = text.find(written).expect("a part");
            let (start, length) = file.shown_range(at..at + written.len());
            assert_eq!(&shown.text[start..start + length], marked);
        }
        let plain = map.add("plain.yaml".to_owned(), "a: é\n".to_owned(), String::new());
        assert!(std::ptr::eq(
            map.file(plain).as_shown(),
            &raw const **map.file(plain)
        ));
    }

    #[test]
    fn a_long_line_is_truncated() {
        let mut map = SourceMap::default();
        let text = format!(
            "{}\n{}here{}\n",
            "a".repeat(900),
            "ä".repeat(5_000),
            "ü".repeat(5_000)
        );
        let file = map.add("rules.yaml".to_owned(), text, String::new());
        let it = map
            .file(file)
            .read_span(&(901 + 10_000, 4).into(), 2, 2)
            .expect("inside");
        assert!(it.data().len() < 300, "{}", it.data().len());
        assert_eq!((it.line(), it.column()), (1, 5_000 - 20));
    }
}
