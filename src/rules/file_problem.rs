//! What can be wrong with finding and reading rules files, before a word of them is understood.

use miette::Diagnostic;
use thiserror::Error;

use crate::source::{EncodingError, SAVE_AS_UTF8};

/// One file, folder or glob that gives nothing to read.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(super) enum FileProblem {
    #[error("no rules file is given")]
    #[diagnostic(
        code("rules/no-file"),
        help("name a rules file, a folder of them, or a glob such as 'rules/*.yaml'")
    )]
    NoFile,
    #[error("no such file or folder: {path}")]
    #[diagnostic(code("rules/file-not-found"))]
    FileNotFound {
        path: String,
        #[help]
        help: String,
    },
    #[error("{path} is a symbolic link to {target}, which does not exist")]
    #[diagnostic(
        code("rules/dangling-link"),
        help(
            "create what it leads to, or remove the link; a relative target is looked up from the link's folder"
        )
    )]
    DanglingLink { path: String, target: String },
    #[error("{path} is a symbolic link that leads {crossed}, to {target}")]
    #[diagnostic(
        code("rules/link-out"),
        help(
            "replace the link by the file itself: a change could add a link to any file, and errors quote what they read"
        )
    )]
    LinkOut {
        path: String,
        crossed: &'static str,
        target: String,
    },
    #[error("this command does not read standard input as `-`")]
    #[diagnostic(
        code("rules/standard-input"),
        help("{instead}; `crdrift validate -` and `crdrift fmt -` read rules from standard input")
    )]
    StandardInput { instead: &'static str },
    #[error("no file matches {pattern}")]
    #[diagnostic(
        code("rules/no-match"),
        help(
            "`*` stays inside one folder, `**` goes through folders; hidden files and folders are not matched"
        )
    )]
    NoMatch { pattern: String },
    #[error("folder {path} has no {wanted} file")]
    #[diagnostic(
        code("rules/empty-folder"),
        help(
            "only the folder itself is read; for the folders inside of it give a glob: '{path}/{nested}'"
        )
    )]
    EmptyFolder {
        path: String,
        wanted: &'static str,
        nested: &'static str,
    },
    #[error("{path} cannot be read: {why}")]
    #[diagnostic(
        code("rules/unreadable"),
        help("check that it exists and that you may read it")
    )]
    Unreadable { path: String, why: String },
    #[error("{path} is not a regular file")]
    #[diagnostic(
        code("rules/not-a-file"),
        help(
            "a folder or a glob takes regular files only; name the pipe or device itself to read it"
        )
    )]
    NotAFile { path: String },
    #[error("{path} is larger than {limit} bytes")]
    #[diagnostic(
        code("rules/too-large"),
        help("is this a rules file? split it if it is")
    )]
    TooLarge { path: String, limit: u64 },
    #[error("more than {limit} files and folders under {path}")]
    #[diagnostic(code("rules/too-many-files"), help("name a folder further down"))]
    TooManyFiles { path: String, limit: usize },
    #[error("{path} is not UTF-8 text: {why}")]
    #[diagnostic(code("rules/encoding"), help("{}", SAVE_AS_UTF8))]
    Encoding { path: String, why: EncodingError },
}
