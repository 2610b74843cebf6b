//! What can be wrong with a text as YAML.

use granit_parser::{ErrorKind, ScanError};
use miette::Diagnostic;
use thiserror::Error;

use crate::source::Span;

/// A problem of a YAML text, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeError {
    /// What is wrong.
    pub problem: TreeProblem,
    /// Where.
    pub span: Span,
    /// The place it collides with: the first of two equal keys, the anchor of an alias.
    pub first: Option<Span>,
}

/// What is wrong with a YAML text.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum TreeProblem {
    /// The text is not YAML.
    #[error("not valid YAML: {what}")]
    #[diagnostic(code("yaml/syntax"))]
    Syntax {
        /// What the parser met.
        what: String,
        /// What to do about it, where that is known.
        #[help]
        help: Option<&'static str>,
    },
    /// Collections in collections in collections.
    #[error("nested more than {limit} levels deep")]
    #[diagnostic(
        code("yaml/too-deep"),
        help("a rules file needs about five levels; is something unclosed?")
    )]
    TooDeep {
        /// The most levels.
        limit: usize,
    },
    /// More nodes than a text of this size honestly has.
    #[error("more than {limit} keys and values, far more than a file of this size has")]
    #[diagnostic(
        code("yaml/too-many-nodes"),
        help("is this a rules file? split it if it is")
    )]
    TooManyNodes {
        /// The most nodes.
        limit: usize,
    },
    /// More comments, one after the other, than a text of this size honestly has.
    #[error("more than {limit} comments in a row")]
    #[diagnostic(
        code("yaml/too-many-comments"),
        help("is this a rules file? remove the empty comments if it is")
    )]
    TooManyComments {
        /// The most comments.
        limit: usize,
    },
    /// A key twice in one mapping.
    #[error("key `{key}` is given twice")]
    #[diagnostic(
        code("yaml/duplicate-key"),
        help("keep one of the two; several anchors are merged with a list: `<<: [*a, *b]`")
    )]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// A list, a mapping or an alias as a key.
    #[error("a key must be plain text")]
    #[diagnostic(
        code("yaml/key-not-text"),
        help("write `key: value`; quote a key that begins with one of * [ {{")
    )]
    KeyNotText,
    /// A tag other than `!!str`.
    #[error("the tag `{tag}` has no meaning here")]
    #[diagnostic(code("yaml/unknown-tag"), help("quote text that begins with `!`"))]
    UnknownTag {
        /// The tag as written.
        tag: String,
    },
    /// An alias without an anchor before it.
    #[error("`*{name}` refers to an anchor that is not set before it")]
    #[diagnostic(
        code("yaml/unknown-anchor"),
        help(
            "quote text that begins with `*`, as \"*{name}\"; or set the anchor `&{name}` further up"
        )
    )]
    UnknownAnchor {
        /// The alias.
        name: String,
    },
    /// An alias inside of what it stands for.
    #[error("`{alias}` stands inside of what it refers to, which would never end")]
    #[diagnostic(
        code("yaml/recursive-alias"),
        help("move the anchor to what is really meant to be repeated")
    )]
    RecursiveAlias {
        /// The alias with its star.
        alias: String,
    },
    /// A second document.
    #[error("the file holds more than one YAML document")]
    #[diagnostic(
        code("yaml/several-documents"),
        help("give each document a file of its own, and name them all or their folder")
    )]
    SeveralDocuments,
    /// A second document behind an empty one.
    #[error("the YAML document above this line is empty")]
    #[diagnostic(
        code("yaml/several-documents"),
        help("remove one of the two `---`: each begins a document, and a file holds one")
    )]
    EmptyFirstDocument,
}

/// The parser's error in words for somebody who does not know YAML's grammar.
pub(super) fn explain(error: &ScanError, text: &str, at: usize) -> TreeProblem {
    let help = match error.kind() {
        ErrorKind::TooManyComments => {
            return TreeProblem::TooManyComments {
                limit: super::build::comment_limit(text),
            };
        }
        ErrorKind::RecursionLimitExceeded => {
            return TreeProblem::TooDeep {
                limit: super::build::MAX_DEPTH,
            };
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => Some("indent with spaces, never with tabs"),
        ErrorKind::UnknownQuotedScalarEscape | ErrorKind::InvalidQuotedScalarHexEscape => Some(
            "in double quotes a backslash begins an escape; write a regular expression in single quotes",
        ),
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::UnexpectedEof
        | ErrorKind::DocumentIndicatorInQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent => {
            Some("close the quote that was opened here or above")
        }
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::MisplacedFlowCollectionEnd
        | ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator => Some(
            "check that each `{` and `[` is closed, and quote text with brackets, braces or commas in it",
        ),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => Some(
            "a colon and a blank make a key; quote text that has them in it, and check the indentation",
        ),
        ErrorKind::MissingAnchorOrAliasName
        | ErrorKind::UnexpectedCharacter { .. }
        | ErrorKind::ExpectedTagBang => Some(QUOTE),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::SimpleKeyExpected
        | ErrorKind::InvalidSimpleKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::BlockSequenceEntryNotAllowed => {
            Some("check the indentation here and on the lines above, and that each key has a `: `")
        }
        _ => None,
    };
    let help = unquoted(text, at).or(help);
    TreeProblem::Syntax {
        what: error.kind().to_string(),
        help,
    }
}

const QUOTE: &str = "quote text that begins with one of * & ! % @ ` | > [ {";

/// Advice where the parser stumbles over text that should have been quoted: most often a regular expression.
fn unquoted(text: &str, at: usize) -> Option<&'static str> {
    let (before, after) = text.split_at_checked(at)?;
    if before.ends_with('$') && after.starts_with('{') {
        return Some("inside of `{ }` and `[ ]`, quote what has a reference: \"${key}\"");
    }
    let line = before.rsplit('\n').next()?;
    let value = line.split_once(": ")?.1.trim_start();
    value
        .starts_with(['*', '&', '!', '%', '@', '`', '['])
        .then_some(QUOTE)
}
