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
        help: Option<SyntaxHelp>,
    },
    /// Collections in collections in collections.
    #[error("nested more than {limit} levels deep")]
    #[diagnostic(code("yaml/too-deep"))]
    TooDeep {
        /// The most levels.
        limit: usize,
    },
    /// More nodes than the size of the text allows.
    #[error("more than {limit} keys and values")]
    #[diagnostic(code("yaml/too-many-nodes"))]
    TooManyNodes {
        /// The most nodes.
        limit: usize,
    },
    /// More comments in a row than the size of the text allows.
    #[error("more than {limit} comments in a row")]
    #[diagnostic(code("yaml/too-many-comments"))]
    TooManyComments {
        /// The most comments.
        limit: usize,
    },
    /// A key twice in one mapping.
    #[error("duplicate key `{key}`")]
    #[diagnostic(code("yaml/duplicate-key"))]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// A list, a mapping or an alias as a key.
    #[error("expected plain text as the key")]
    #[diagnostic(code("yaml/key-not-text"))]
    KeyNotText,
    /// A tag other than `!!str`.
    #[error("unsupported tag `{tag}`")]
    #[diagnostic(code("yaml/unknown-tag"))]
    UnknownTag {
        /// The tag as written.
        tag: String,
    },
    /// An alias without an anchor before it.
    #[error("no anchor `&{name}` is set before the alias `*{name}`")]
    #[diagnostic(code("yaml/unknown-anchor"))]
    UnknownAnchor {
        /// The alias.
        name: String,
    },
    /// An alias inside its own target.
    #[error("`{alias}` is inside the value that it refers to")]
    #[diagnostic(code("yaml/recursive-alias"))]
    RecursiveAlias {
        /// The alias with its star.
        alias: String,
    },
    /// A second document.
    #[error("expected one YAML document, found more")]
    #[diagnostic(code("yaml/several-documents"))]
    SeveralDocuments,
    /// A second document after an empty one.
    #[error("the YAML document above this line is empty")]
    #[diagnostic(code("yaml/several-documents"))]
    EmptyFirstDocument,
}

/// The most likely remedy for a text that is not YAML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyntaxHelp {
    /// Spaces in place of tabs.
    Tabs,
    /// Single quotes around a text with a backslash.
    Escape,
    /// The end of a quoted text.
    Quote,
    /// The ends of mappings and lists in brackets.
    Brackets,
    /// Quotes around a text with a colon.
    Colon,
    /// Quotes around a text that begins with a character of the syntax.
    SpecialCharacter,
    /// The indentation of the lines.
    Indentation,
    /// Quotes around a value with a reference.
    Reference,
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
        | ErrorKind::TabAtBlockScalarStart => Some(SyntaxHelp::Tabs),
        ErrorKind::UnknownQuotedScalarEscape | ErrorKind::InvalidQuotedScalarHexEscape => {
            Some(SyntaxHelp::Escape)
        }
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::UnexpectedEof
        | ErrorKind::DocumentIndicatorInQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent => Some(SyntaxHelp::Quote),
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::MisplacedFlowCollectionEnd
        | ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator => Some(SyntaxHelp::Brackets),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            Some(SyntaxHelp::Colon)
        }
        ErrorKind::MissingAnchorOrAliasName
        | ErrorKind::UnexpectedCharacter { .. }
        | ErrorKind::ExpectedTagBang => Some(SyntaxHelp::SpecialCharacter),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::SimpleKeyExpected
        | ErrorKind::InvalidSimpleKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::BlockSequenceEntryNotAllowed => Some(SyntaxHelp::Indentation),
        _ => None,
    };
    let help = quote_help(text, at).or(help);
    TreeProblem::Syntax {
        what: error.kind().to_string(),
        help,
    }
}

/// Returns the help for an error at text that needs quotes, most often a regular expression.
fn quote_help(text: &str, at: usize) -> Option<SyntaxHelp> {
    let (before, after) = text.split_at_checked(at)?;
    if before.ends_with('$') && after.starts_with('{') {
        return Some(SyntaxHelp::Reference);
    }
    let line = before.rsplit('\n').next()?;
    let value = line.split_once(": ")?.1.trim_start();
    value
        .starts_with(['*', '&', '!', '%', '@', '`', '['])
        .then_some(SyntaxHelp::SpecialCharacter)
}
