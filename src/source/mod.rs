//! Texts and places in them: all arithmetic of bytes, lines and columns.
//!
//! A [`Span`] is a byte range, a [`Place`] is a span of a file, and a [`Location`] is what people and report
//! formats read: a path with 1-based lines and columns. Everything carries places and resolves them late,
//! when something has to be shown.

mod commands;
mod digest;
mod encoding;
mod json;
mod pluralize;
mod quote;
mod sanitize;
mod snippet;
mod suggest;
mod tree;
mod user_info;
mod wrap;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

pub use commands::{CommandGuard, escape_commands, has_command, has_command_line, sanitize_lines};
pub use digest::sha256;
pub use encoding::{EncodingError, SAVE_AS_UTF8, decode};
pub use json::{BorrowedText, escape_json, read_json, write_compact, write_lines, write_pretty};
pub use pluralize::{pluralize, pronoun};
pub use quote::{quote, truncate};
pub use sanitize::{
    Sanitized, is_default_ignorable, is_invisible, is_look_alike, is_printable_ascii,
    is_private_use, is_unsafe, pad_to_width, push_sanitized, sanitize, sanitize_line, sanitize_to,
    width,
};
pub use suggest::nearest;
pub use tree::{NodeId, NodeKind, Parsed, SyntaxHelp, Tree, TreeError, TreeProblem};
pub use user_info::without_user_info;
pub use wrap::{whole_words, word_separator, wrap_line, wrap_paragraph};

/// The texts of a run, in the order in which they were read.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<Arc<SourceFile>>,
    /// The names of the files in reports, one each.
    names: Vec<Arc<str>>,
}

/// A text with a name.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as the user would write it.
    pub path: Arc<str>,
    /// The text that was parsed: UTF-8 without a byte-order mark.
    pub text: String,
    /// True if reports may quote the text: a document of another program may contain secrets.
    pub quotable: bool,
    /// SHA-256 of the bytes on disk, lower-case hex.
    pub sha256: String,
    line_starts: OnceLock<Box<[u32]>>,
    /// The text without the user info of URLs, if it has any.
    hidden: OnceLock<Option<String>>,
    /// The file with escapes for unprintable characters, if it has any.
    escaped: OnceLock<Option<Box<SourceFile>>>,
}

/// A file of a [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A byte range of a text; the loader limits files to less than 4 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

/// A span of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub span: Span,
}

impl Place {
    /// Returns a place for an item without a file.
    #[must_use]
    pub fn synthetic() -> Self {
        let file = SourceMap::default().add(String::new(), String::new(), String::new());
        Self {
            file,
            span: Span::new(0..0),
        }
    }
}

/// A place as people and report formats read it. Lines and columns count from 1, columns in characters
/// (Unicode scalar values); the end is the position after the last character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file's path.
    pub file: Arc<str>,
    /// The first line.
    pub line: u32,
    /// The first column.
    pub column: u32,
    /// The last line.
    pub end_line: u32,
    /// The column after the last character.
    pub end_column: u32,
}

impl SourceMap {
    /// Adds a text.
    pub fn add(&mut self, path: String, text: String, sha256: String) -> FileId {
        self.push(SourceFile::new(path, text, true, sha256))
    }

    /// Adds a text that reports must not quote.
    pub fn add_unquotable(&mut self, path: String, text: String, sha256: String) -> FileId {
        self.push(SourceFile::new(path, text, false, sha256))
    }

    fn push(&mut self, file: SourceFile) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.names.push(Arc::clone(&file.path));
        self.files.push(Arc::new(file));
        id
    }

    /// Sets the name of each file in reports, from its path.
    pub fn name_files(&mut self, name: impl Fn(&str) -> String) {
        self.names = self
            .files
            .iter()
            .map(|file| name(&file.path).into())
            .collect();
    }

    /// Returns the files with their names in reports, in the order of addition.
    pub fn named_files(&self) -> impl Iterator<Item = (&str, &SourceFile)> {
        self.names
            .iter()
            .map(AsRef::as_ref)
            .zip(self.files.iter().map(AsRef::as_ref))
    }

    /// Returns the file of an id of this map.
    #[must_use]
    pub fn file(&self, id: FileId) -> &Arc<SourceFile> {
        &self.files[id.0 as usize]
    }

    /// Returns the files in the order of addition.
    #[must_use]
    pub fn files(&self) -> &[Arc<SourceFile>] {
        &self.files
    }

    /// Returns the location of a place, with the name of its file in reports.
    #[must_use]
    pub fn locate(&self, place: Place) -> Location {
        let location = self.file(place.file).locate(place.span);
        match self.names.get(place.file.0 as usize) {
            Some(name) => Location {
                file: Arc::clone(name),
                ..location
            },
            None => location,
        }
    }
}

impl SourceFile {
    fn new(path: impl Into<Arc<str>>, text: String, quotable: bool, sha256: String) -> Self {
        let (line_starts, hidden, escaped) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self {
            path: path.into(),
            text,
            quotable,
            sha256,
            line_starts,
            hidden,
            escaped,
        }
    }

    /// Returns the location of a span of this file, with the path as given.
    #[must_use]
    pub fn locate(&self, span: Span) -> Location {
        let range = self.on_boundaries(span.range());
        let (line, column) = self.position(to_u32(range.start));
        let (end_line, end_column) = self.position(to_u32(range.end));
        Location {
            file: Arc::clone(&self.path),
            line,
            column,
            end_line,
            end_column,
        }
    }

    /// Returns the smallest range of whole characters that contains a range of bytes.
    #[must_use]
    pub fn on_boundaries(&self, range: Range<usize>) -> Range<usize> {
        let start = self.boundary(range.start);
        let end = (range.end..self.text.len()).find(|at| self.text.is_char_boundary(*at));
        start..end.unwrap_or(self.text.len()).max(start)
    }

    /// Returns the last boundary of characters at or before an offset.
    fn boundary(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        (0..=offset)
            .rev()
            .find(|at| self.text.is_char_boundary(*at))
            .unwrap_or_default()
    }

    /// Returns the text without the user names and passwords of URLs, at the same offsets.
    fn shown(&self) -> &str {
        let hidden = self
            .hidden
            .get_or_init(|| match without_user_info(&self.text) {
                Cow::Owned(hidden) => Some(hidden),
                Cow::Borrowed(_) => None,
            });
        hidden.as_deref().unwrap_or(&self.text)
    }

    /// Returns the line and the column of a byte offset, both from 1; an offset past the end counts as the end, one inside
    /// a character as its beginning.
    #[must_use]
    pub fn position(&self, offset: u32) -> (u32, u32) {
        let offset = to_u32(self.boundary(offset as usize));
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let start = starts[line - 1] as usize;
        let end = (offset as usize).clamp(start, self.text.len());
        let before = self.text.get(start..end).unwrap_or_default();
        (to_u32(line), to_u32(before.chars().count() + 1))
    }

    /// Returns the byte offset of a line and a byte in it, both from 1; the end for a position past it.
    #[must_use]
    pub fn offset(&self, line: usize, byte: usize) -> u32 {
        let start = self
            .line_starts()
            .get(line.saturating_sub(1))
            .map_or(self.text.len(), |start| *start as usize);
        let at = start
            .saturating_add(byte.saturating_sub(1))
            .min(self.text.len());
        to_u32(self.boundary(at))
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.match_indices('\n');
            std::iter::once(0)
                .chain(breaks.map(|(at, _)| to_u32(at + 1)))
                .collect()
        })
    }
}

impl Span {
    /// Returns the span of a byte range, limited to 4 GiB.
    #[must_use]
    pub fn new(range: Range<usize>) -> Self {
        Self {
            start: to_u32(range.start),
            end: to_u32(range.end),
        }
    }

    /// Returns the span of a part that was borrowed from a text; the beginning of the text for any other part.
    #[must_use]
    pub fn from_part(part: &str, text: &str) -> Self {
        let start = part.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
        let end = start.saturating_add(part.len());
        if end <= text.len() {
            Self::new(start..end)
        } else {
            Self::new(0..0)
        }
    }

    /// Returns the byte range.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{SourceMap, Span};
    use crate::source::Place;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let mut map = SourceMap::default();
        let text = "a: b\n标签: v1 # 备注\r\nlast";
        let file = map.add("rules.yaml".to_owned(), text.to_owned(), String::new());
        let at = |needle: &str| {
            let start = text.find(needle).expect("needle");
            let place = Place {
                file,
                span: Span::new(start..start + needle.len()),
            };
            let location = map.locate(place);
            (
                location.line,
                location.column,
                location.end_line,
                location.end_column,
            )
        };
        assert_eq!(at("a: b"), (1, 1, 1, 5));
        assert_eq!(at("v1"), (2, 5, 2, 7));
        assert_eq!(at("备注"), (2, 10, 2, 12));
        assert_eq!(at("b\n标"), (1, 4, 2, 2));
        assert_eq!(at("last"), (3, 1, 3, 5));
        assert_eq!(map.file(file).position(9_999), (3, 5));
        let inside = Place {
            file,
            span: Span::new(6..9),
        };
        let location = map.locate(inside);
        assert_eq!(
            (
                location.line,
                location.column,
                location.end_line,
                location.end_column
            ),
            (2, 1, 2, 3),
            "whole characters"
        );
        assert_eq!(map.file(file).on_boundaries(6..7), 5..8);
        assert_eq!(
            map.file(file).on_boundaries(9_999..99_999),
            text.len()..text.len()
        );
    }
}
