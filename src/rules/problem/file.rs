//! Problems of finding and reading files.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::{Message, Phrase};
use crate::source::EncodingError;

/// A problem of one file, folder or glob.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum FileProblem {
    #[error("no rules file given")]
    #[diagnostic(code("rules/no-file"))]
    NoFile,
    #[error("no such file or folder: {path}")]
    #[diagnostic(code("rules/file-not-found"))]
    FileNotFound { path: String, help: Message },
    #[error("{path} is a symbolic link to {target}, which does not exist")]
    #[diagnostic(code("rules/dangling-link"))]
    DanglingLink { path: String, target: String },
    #[error("{path} is a symbolic link that leads {crossed}, to {target}")]
    #[diagnostic(code("rules/link-out"))]
    LinkOut {
        path: String,
        crossed: Phrase,
        target: String,
    },
    #[error("this command does not read standard input (`-`)")]
    #[diagnostic(code("rules/standard-input"))]
    StandardInput { hint: Message },
    #[error("no file matches {pattern}")]
    #[diagnostic(code("rules/no-match"))]
    NoMatch { pattern: String },
    #[error("folder {path} has no {description} file")]
    #[diagnostic(code("rules/empty-folder"))]
    EmptyFolder {
        path: String,
        description: Message,
        nested_glob: &'static str,
    },
    #[error("cannot read {path}: {why}")]
    #[diagnostic(code("rules/unreadable"))]
    Unreadable { path: String, why: String },
    #[error("{path} is not a regular file")]
    #[diagnostic(code("rules/not-a-file"))]
    NotAFile { path: String },
    #[error("{path} is larger than {limit} bytes")]
    #[diagnostic(code("rules/too-large"))]
    TooLarge { path: Message, limit: u64 },
    #[error("more than {limit} files and folders below {path}")]
    #[diagnostic(code("rules/too-many-files"))]
    TooManyFiles { path: String, limit: usize },
    #[error("{path} is not UTF-8 text: {why}")]
    #[diagnostic(code("rules/encoding"))]
    Encoding { path: String, why: EncodingError },
}
