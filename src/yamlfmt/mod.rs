//! The canonical layout of a rules file: the same for everybody, with every comment where it was.
//!
//! The one verb is [`format()`]. It takes a text apart into entries that own their comments, puts keys in the order of the
//! format, and writes them again: two blanks of indentation, ends of rules on one line each with their braces under one
//! another, quotes around ambiguous texts and every filter. What it writes is parsed and compared
//! with what it read before anybody gets it, so a text comes back with the same meaning, or not at all.
//!
//! No general formatter of YAML knows the order of these keys, or that an end belongs on one line.

mod cst;
mod equivalence;
mod insert;
mod keys;
mod lines;
mod print;
mod scalar;

pub use insert::{Entry, InsertError, block, insert};
pub use scalar::{literal, quoted, text};

use self::cst::{Collection, Content, parse_cst};
use self::keys::SchemaNode;
use crate::source::{Span, Tree};

/// An error of formatting a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// It is not YAML, or keys are given twice: [`Tree::parse`] tells what and where.
    #[error("not a valid file")]
    Invalid,
    /// It uses syntax that the formatter does not support.
    #[error("{what} cannot be formatted")]
    Unknown {
        /// The syntax, as the beginning of a sentence.
        what: &'static str,
        /// The place.
        span: Span,
    },
    /// The formatted text is not what was read.
    #[error("formatting would change the values here")]
    Changed {
        /// The first value or comment that would be another, or the whole text.
        span: Span,
    },
}

impl FormatError {
    const fn new(what: &'static str, span: Span) -> Self {
        Self::Unknown { what, span }
    }
}

/// A rules file's text in canonical layout. Line breaks stay as they are.
///
/// # Errors
///
/// [`FormatError`]: what it says could not be kept.
pub fn format(text: &str) -> Result<String, FormatError> {
    let tree = parse(text).ok_or(FormatError::Invalid)?;
    let Some(Content::Collection(mut content)) = parse_cst(text, &tree)? else {
        return Ok(text.to_owned());
    };
    let as_written = written(text, &content);
    put_in_order(&mut content);
    // An anchor has to stand before what refers to it: where the order of keys would turn that round, they keep theirs.
    let candidates = [written(text, &content), as_written];
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

fn written(text: &str, content: &Collection<'_>) -> String {
    let written = lines::join(print::lines(content));
    let written = if text.contains("\r\n") {
        written.replace('\n', "\r\n")
    } else {
        written
    };
    let Some(marker) = document_marker(text) else {
        return written;
    };
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let prologue = text.get(..marker).unwrap_or_default();
    format!("{prologue}---{newline}{written}")
}

/// The offset of the `---` that begins the document. Above it are directives, comments and empty lines, which stay.
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

/// Puts keys in the order of the format, each with its comments.
fn put_in_order(collection: &mut Collection<'_>) {
    let node = collection.node;
    if collection.mapping {
        let rank =
            |entry: &cst::CstEntry<'_>| entry.key.as_ref().map_or(0, |key| node.rank(&key.value));
        let header = if node == SchemaNode::File {
            header(collection)
        } else {
            Vec::new()
        };
        let spaced = collection.entries.first().is_some_and(|first| first.spaced);
        collection.entries.sort_by_key(rank);
        if let Some(first) = collection.entries.first_mut() {
            first.spaced |= spaced && !header.is_empty();
            first.before.splice(0..0, header);
        }
    }
    for entry in &mut collection.entries {
        let Content::Collection(inner) = &mut entry.value else {
            continue;
        };
        put_in_order(inner);
        if !collection.mapping {
            entry.before.append(&mut inner.first_comments());
        }
    }
}

/// Takes the comments at the top that are about the whole file: those that an empty line sets off, and what editors
/// look for on the first line.
fn header<'t>(collection: &mut Collection<'t>) -> Vec<cst::Comment<'t>> {
    let Some(first) = collection.entries.first_mut() else {
        return Vec::new();
    };
    let end = if first.spaced {
        first.before.len()
    } else {
        let set_off = first
            .before
            .iter()
            .rposition(|comment| comment.spaced)
            .unwrap_or_default();
        let for_editors = first
            .before
            .first()
            .is_some_and(|it| it.text.contains("yaml-language-server"));
        set_off.max(usize::from(for_editors))
    };
    first.before.drain(..end).collect()
}

#[cfg(test)]
mod tests;
