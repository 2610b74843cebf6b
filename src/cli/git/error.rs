//! Failures of reading a version of the files from git, each with its remedy.

use std::io;

use super::tree::TreeFile;

/// Why git could not answer.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum GitError {
    /// No git program on the path.
    #[error("git was not found")]
    Missing,
    /// The program could not be run, or ended early.
    #[error("could not run git to its end: {0}")]
    Unusable(#[source] io::Error),
    /// The working directory is in no repository.
    #[error("the working directory {folder} is in no git repository{}", complaint_after(.complaint))]
    NoRepository {
        /// The working directory.
        folder: String,
        /// The message of git; empty where git was not asked.
        complaint: String,
    },
    /// The repository belongs to another user.
    #[error(
        "git refuses the repository {folder}: dubious ownership, its folder belongs to another user"
    )]
    DubiousOwnership {
        /// The folder that git names.
        folder: String,
        /// The command that git names.
        remedy: String,
    },
    /// A folder that git would take for a repository of its own: tracked files can look like that.
    #[error("the folder {folder} has the layout of a bare git repository, which is not read")]
    BareFolder {
        /// The folder.
        folder: String,
    },
    /// The repository has no such commit.
    #[error("there is no such commit in the git repository {root}{}", detail_after(.detail))]
    NoCommit {
        /// Its top folder.
        root: String,
        /// What is known about the reference; empty where nothing is.
        detail: String,
        /// The commands and values that help.
        help: String,
    },
    /// One name, several references with different commits.
    #[error("the name is ambiguous: {}", .references.join(", "))]
    AmbiguousReference {
        /// Their full names.
        references: Vec<String>,
    },
    /// A path that is a link, or a repository of its own, in the version.
    #[error("{path} is no file there, but a link or another repository")]
    NoFile {
        /// The path.
        path: String,
    },
    /// The object is not in the repository.
    #[error("the content of {path} is not in this repository")]
    NoObject {
        /// The path.
        path: String,
    },
    /// Git failed.
    #[error("git {verb} failed: {}", first_line(.complaint))]
    Failed {
        /// The command.
        verb: &'static str,
        /// The message of git.
        complaint: String,
    },
    /// An answer above its limit.
    #[error("git {verb} answers more than {limit} bytes")]
    TooMuch {
        /// The command.
        verb: &'static str,
        /// The limit.
        limit: u64,
    },
}

/// Returns the first line of a message of git, safe for a terminal.
pub(super) fn first_line(complaint: &str) -> String {
    let line = complaint.lines().next().unwrap_or_default();
    line.trim_start_matches("fatal: ")
        .escape_debug()
        .to_string()
}

fn complaint_after(complaint: &str) -> String {
    if complaint.is_empty() {
        String::new()
    } else {
        format!(": {}", first_line(complaint))
    }
}

fn detail_after(detail: &str) -> String {
    if detail.is_empty() {
        String::new()
    } else {
        format!(": {detail}")
    }
}

impl GitError {
    /// The refusal of an entry that is no file.
    pub(super) fn no_file(entry: &TreeFile) -> Self {
        Self::NoFile {
            path: entry.path.escape_debug().to_string(),
        }
    }

    /// Returns what to do about it.
    pub(in crate::cli) fn help(&self) -> String {
        match self {
            Self::Missing => {
                "install git, or give --base a file or a folder with the rules as they were, such as ./before/"
                    .to_owned()
            }
            Self::NoRepository { .. } => {
                "run crdrift where the rules are in git, or give --base a path: ./NAME, NAME/ or NAME.yaml".to_owned()
            }
            Self::DubiousOwnership { remedy, .. } => format!("trust the folder with `{remedy}`"),
            Self::BareFolder { .. } => {
                "run crdrift from the top folder of the repository, and remove HEAD, objects and refs from that folder"
                    .to_owned()
            }
            Self::NoCommit { help, .. } => help.clone(),
            Self::AmbiguousReference { references } => {
                format!("give one of the full names: {}", references.join(" or "))
            }
            Self::NoFile { .. } => {
                "give --base a file or a folder with the rules as they were, such as ./before/".to_owned()
            }
            Self::NoObject { .. } => "this clone has only a part of the objects, and crdrift fetches nothing: run \
                                      `git fetch --refetch --filter=blob:limit=64m`, or clone without --filter"
                .to_owned(),
            Self::Unusable(_) | Self::Failed { .. } | Self::TooMuch { .. } => {
                "run git in the working directory and read its message".to_owned()
            }
        }
    }
}
