//! Problems of a text as YAML.

use granit_parser::{ErrorKind, ScanError};
use miette::Diagnostic;
use thiserror::Error;

use crate::source::Span;

/// A problem of a YAML text, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeError {
    /// The message.
    pub problem: TreeProblem,
    /// The place.
    pub span: Span,
    /// The place that the problem conflicts with: the first of two equal keys, the anchor of an alias.
    pub first: Option<Span>,
}

/// A problem of a YAML text, without its place.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum TreeProblem {
    /// The text is not YAML.
    #[error("not valid YAML: {what}")]
    #[diagnostic(code("yaml/syntax"))]
    Syntax {
        /// The error of the parser.
        what: String,
        /// The help, if known.
        #[help]
        help: Option<&'static str>,
    },
    /// Collections in collections in collections.
    #[error("nested more than {limit} levels deep")]
    #[diagnostic(
        code("yaml/too-deep"),
        help("rules files need about five levels; check for an unclosed bracket")
    )]
    TooDeep {
        /// The most levels.
        limit: usize,
    },
    /// More nodes than the size of the text allows.
    #[error("more than {limit} keys and values")]
    #[diagnostic(code("yaml/too-many-nodes"), help("split the rules file"))]
    TooManyNodes {
        /// The most nodes.
        limit: usize,
    },
    /// More comments in a row than the size of the text allows.
    #[error("more than {limit} comments in a row")]
    #[diagnostic(code("yaml/too-many-comments"), help("remove the empty comments"))]
    TooManyComments {
        /// The most comments.
        limit: usize,
    },
    /// A key twice in one mapping.
    #[error("duplicate key `{key}`")]
    #[diagnostic(
        code("yaml/duplicate-key"),
        help("remove one of the two; merge several anchors with a list: `<<: [*a, *b]`")
    )]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// A list, a mapping or an alias as a key.
    #[error("expected plain text as the key")]
    #[diagnostic(
        code("yaml/key-not-text"),
        help("write `key: value`; quote keys that begin with one of * [ {{")
    )]
    KeyNotText,
    /// A tag other than `!!str`.
    #[error("unsupported tag `{tag}`")]
    #[diagnostic(code("yaml/unknown-tag"), help("quote text that begins with `!`"))]
    UnknownTag {
        /// The tag as written.
        tag: String,
    },
    /// An alias without an anchor before it.
    #[error("no anchor `&{name}` is set before the alias `*{name}`")]
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
    /// An alias inside its own target.
    #[error("`{alias}` is inside the value that it refers to")]
    #[diagnostic(
        code("yaml/recursive-alias"),
        help("move the anchor to the value to repeat")
    )]
    RecursiveAlias {
        /// The alias with its star.
        alias: String,
    },
    /// A second document.
    #[error("expected one YAML document, found more")]
    #[diagnostic(
        code("yaml/several-documents"),
        help("move each document to a file of its own, and pass all files or their folder")
    )]
    SeveralDocuments,
    /// A second document after an empty one.
    #[error("the YAML document above this line is empty")]
    #[diagnostic(
        code("yaml/several-documents"),
        help("remove one of the two `---`: a file contains one document")
    )]
    EmptyFirstDocument,
}

/// Returns an error of the parser with a help that does not require the grammar of YAML.
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
        | ErrorKind::InvalidQuotedScalarIndent => Some("close the quote opened here or above"),
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::MisplacedFlowCollectionEnd
        | ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator => Some(
            "check that each `{` and `[` is closed, and quote text that contains brackets, braces or commas",
        ),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => Some(
            "a colon and a space make a key; quote text that contains them, and check the indentation",
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
    let help = quote_help(text, at).or(help);
    TreeProblem::Syntax {
        what: error.kind().to_string(),
        help,
    }
}

const QUOTE: &str = "quote text that begins with one of * & ! % @ ` | > [ {";

/// Returns the help for an error at text that needs quotes, most often a regular expression.
fn quote_help(text: &str, at: usize) -> Option<&'static str> {
    let (before, after) = text.split_at_checked(at)?;
    if before.ends_with('$') && after.starts_with('{') {
        return Some("inside `{ }` and `[ ]`, quote values with a reference: \"${key}\"");
    }
    let line = before.rsplit('\n').next()?;
    let value = line.split_once(": ")?.1.trim_start();
    value
        .starts_with(['*', '&', '!', '%', '@', '`', '['])
        .then_some(QUOTE)
}
