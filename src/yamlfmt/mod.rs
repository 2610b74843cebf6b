//! The canonical layout of a rules file, with every comment in its place.
//!
//! [`format()`] parses a text into entries that own their comments, sorts the keys in the order of the file format, and
//! prints the entries: two spaces of indentation, each endpoint of a rule on one line with its braces aligned, quotes
//! around ambiguous texts and every filter. It parses its own output and compares it with the input, so the result has
//! the same values and comments, or there is none.
//!
//! General YAML formatters know neither the order of these keys nor that an endpoint belongs on one line.

mod cst;
mod cst_parser;
mod equivalence;
mod insert;
mod keys;
mod line_index;
mod lines;
mod print;
mod scalar;

pub use insert::{InsertError, NewEntry, insert, print_entries};
pub use scalar::{escape_references, format_scalar, quote_scalar};

use self::cst::{Collection, CstValue};
use self::cst_parser::parse_cst;
use self::keys::SchemaNode;
use crate::source::{Span, Tree};

/// An error of formatting a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// The text is not YAML or repeats a key: [`Tree::parse`] returns the errors with their places.
    #[error("not a valid file")]
    Invalid,
    /// The text uses syntax that the formatter does not support.
    #[error("{what} cannot be formatted")]
    Unknown {
        /// The syntax, as the beginning of a sentence.
        what: &'static str,
        /// The place.
        span: Span,
    },
    /// The formatted text has other values or comments.
    #[error("formatting would change the values here")]
    Changed {
        /// The first value or comment that differs, or the whole text.
        span: Span,
    },
}

impl FormatError {
    const fn new(what: &'static str, span: Span) -> Self {
        Self::Unknown { what, span }
    }
}

/// Formats the text of a rules file. It keeps its kind of line breaks.
///
/// # Errors
///
/// [`FormatError`], if the text is invalid or formatting cannot keep its values and comments.
pub fn format(text: &str) -> Result<String, FormatError> {
    let tree = parse(text).ok_or(FormatError::Invalid)?;
    let Some(CstValue::Collection(mut content)) = parse_cst(text, &tree)? else {
        return Ok(text.to_owned());
    };
    let unsorted = print(text, &content);
    sort_keys(&mut content);
    // An anchor comes before its aliases: if sorting breaks that, the keys keep their order.
    let candidates = [print(text, &content), unsorted];
    let mut changed = Span::new(0..text.len());
    for candidate in candidates {
        let Some(again) = parse(&candidate) else {
            continue;
        };
        match equivalence::first_difference(&tree, text, &again, &candidate) {
            None => return Ok(candidate),
            Some(span) => changed = span,
        }
    }
    Err(FormatError::Changed { span: changed })
}

fn parse(text: &str) -> Option<Tree<'_>> {
    let parsed = Tree::parse(text);
    parsed.tree.filter(|_| parsed.errors.is_empty())
}

fn print(text: &str, content: &Collection<'_>) -> String {
    let mut printed = lines::join(print::lines(content));
    if text.contains("\r\n") {
        printed = printed.replace('\n', "\r\n");
    }
    let Some(marker) = document_marker(text) else {
        return printed;
    };
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let prologue = text.get(..marker).unwrap_or_default();
    format!("{prologue}---{newline}{printed}")
}

/// Returns the offset of the `---` that begins the document. The directives, comments and empty lines above it are kept.
fn document_marker(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.split_whitespace().next() == Some("---") && line.starts_with("---") {
            return Some(at);
        }
        if !line.trim().is_empty() && !line.trim_start().starts_with('#') && !line.starts_with('%')
        {
            return None;
        }
        at += line.len();
    }
    None
}

/// Sorts keys in the order of the file format, each with its comments.
fn sort_keys(collection: &mut Collection<'_>) {
    let node = collection.node;
    if collection.is_mapping {
        let rank =
            |entry: &cst::CstEntry<'_>| entry.key.as_ref().map_or(0, |key| node.rank(&key.value));
        let file_comments = if node == SchemaNode::File {
            take_file_comments(collection)
        } else {
            Vec::new()
        };
        let has_blank_above = collection
            .entries
            .first()
            .is_some_and(|first| first.has_blank_above);
        collection.entries.sort_by_key(rank);
        if let Some(first) = collection.entries.first_mut() {
            first.has_blank_above |= has_blank_above && !file_comments.is_empty();
            first.before.splice(0..0, file_comments);
        }
    }
    for entry in &mut collection.entries {
        let CstValue::Collection(inner) = &mut entry.value else {
            continue;
        };
        sort_keys(inner);
        if !collection.is_mapping {
            entry.before.append(&mut inner.take_first_comments());
        }
    }
}

/// Removes and returns the comments about the whole file: those above an empty line, and the modeline of editors on the
/// first line.
fn take_file_comments<'t>(collection: &mut Collection<'t>) -> Vec<cst::Comment<'t>> {
    let Some(first) = collection.entries.first_mut() else {
        return Vec::new();
    };
    let end = if first.has_blank_above {
        first.before.len()
    } else {
        let before_blank = first
            .before
            .iter()
            .rposition(|comment| comment.has_blank_above)
            .unwrap_or_default();
        let has_modeline = first
            .before
            .first()
            .is_some_and(|comment| comment.text.contains("yaml-language-server"));
        before_blank.max(usize::from(has_modeline))
    };
    first.before.drain(..end).collect()
}

#[cfg(test)]
mod tests;
