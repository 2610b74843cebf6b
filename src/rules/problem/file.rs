//! Problems of finding and reading files.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::Message;
use crate::source::{EncodingError, SAVE_AS_UTF8};

/// A problem of one file, folder or glob.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum FileProblem {
    #[error("no rules file given")]
    #[diagnostic(
        code("rules/no-file"),
        help(
            "pass a rules file, a folder of rules files, or a glob such as 'rules/*.yaml'; `crdrift import` writes the first rules file from live rules"
        )
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
            "create the target or remove the link; a relative target starts at the folder of the link"
        )
    )]
    DanglingLink { path: String, target: String },
    #[error("{path} is a symbolic link that leads {crossed}, to {target}")]
    #[diagnostic(
        code("rules/link-out"),
        help(
            "replace the link with the file itself: errors quote the files they read, and a change could link to any file"
        )
    )]
    LinkOut {
        path: String,
        crossed: &'static str,
        target: String,
    },
    #[error("this command does not read standard input (`-`)")]
    #[diagnostic(
        code("rules/standard-input"),
        help("{hint}; `crdrift validate -` and `crdrift fmt -` read rules from standard input")
    )]
    StandardInput { hint: &'static str },
    #[error("no file matches {pattern}")]
    #[diagnostic(
        code("rules/no-match"),
        help("`*` matches inside one folder, `**` across folders; neither matches hidden files")
    )]
    NoMatch { pattern: String },
    #[error("folder {path} has no {description} file")]
    #[diagnostic(
        code("rules/empty-folder"),
        help("subfolders are not searched; to include them, pass the glob '{path}/{nested_glob}'")
    )]
    EmptyFolder {
        path: String,
        description: &'static str,
        nested_glob: &'static str,
    },
    #[error("cannot read {path}: {why}")]
    #[diagnostic(
        code("rules/unreadable"),
        help("check that the file exists and that you have permission to read it")
    )]
    Unreadable { path: String, why: String },
    #[error("{path} is not a regular file")]
    #[diagnostic(
        code("rules/not-a-file"),
        help(
            "folders and globs include regular files only; to read a pipe or a device, pass its path"
        )
    )]
    NotAFile { path: String },
    #[error("{path} is larger than {limit} bytes")]
    #[diagnostic(
        code("rules/too-large"),
        help("check that this is a rules file; split a large one")
    )]
    TooLarge { path: Message, limit: u64 },
    #[error("more than {limit} files and folders below {path}")]
    #[diagnostic(code("rules/too-many-files"), help("pass a folder further down"))]
    TooManyFiles { path: String, limit: usize },
    #[error("{path} is not UTF-8 text: {why}")]
    #[diagnostic(code("rules/encoding"), help("{}", SAVE_AS_UTF8))]
    Encoding { path: String, why: EncodingError },
}
