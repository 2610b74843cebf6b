//! Errors of git, each with its remedy.

use std::io;

use super::tree::TreeFile;

/// An error of git.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum GitError {
    /// No git program on the path.
    #[error("git was not found")]
    Missing,
    /// The program could not start, or ended early.
    #[error("could not run git: {0}")]
    Unusable(#[source] io::Error),
    /// The working directory is in no repository.
    #[error("the working directory {folder} is in no git repository{}", message_after(.message))]
    NoRepository {
        /// The working directory.
        folder: String,
        /// The message of git; empty where git did not run.
        message: String,
    },
    /// The repository belongs to another user.
    #[error(
        "git refuses the repository {folder}: dubious ownership, its folder belongs to another user"
    )]
    DubiousOwnership {
        /// The folder in the message of git.
        folder: String,
        /// The command in the message of git.
        remedy: String,
    },
    /// A folder that git takes for a repository of its own: tracked files can have that layout.
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
        /// The reason; empty where it is unknown.
        detail: String,
        /// The commands and values of the remedy.
        help: String,
    },
    /// One name, several references with different commits.
    #[error("the name is ambiguous: {}", .references.join(", "))]
    AmbiguousReference {
        /// Their full names.
        references: Vec<String>,
    },
    /// A path that is a link or a submodule in the commit.
    #[error("expected a file at {path}, found a link or a submodule")]
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
    #[error("git {verb} failed: {}", first_line(.message))]
    Failed {
        /// The command.
        verb: &'static str,
        /// The message of git.
        message: String,
    },
    /// An output above its limit.
    #[error("git {verb} prints more than {limit} bytes")]
    TooMuch {
        /// The command.
        verb: &'static str,
        /// The limit.
        limit: u64,
    },
}

/// Returns the first line of a message of git, safe for a terminal.
pub(super) fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    line.trim_start_matches("fatal: ")
        .escape_debug()
        .to_string()
}

fn message_after(message: &str) -> String {
    if message.is_empty() {
        String::new()
    } else {
        format!(": {}", first_line(message))
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
    /// Returns the error of an entry that is no file.
    pub(super) fn no_file(entry: &TreeFile) -> Self {
        Self::NoFile {
            path: entry.path.escape_debug().to_string(),
        }
    }

    /// Returns the remedy.
    pub(in crate::cli) fn help(&self) -> String {
        match self {
            Self::Missing => {
                "install git, or use --base with a file or folder of the earlier rules, such as ./before/"
                    .to_owned()
            }
            Self::NoRepository { .. } => {
                "run crdrift in the git repository of the rules, or use --base with a path: ./NAME, NAME/ or NAME.yaml".to_owned()
            }
            Self::DubiousOwnership { remedy, .. } => format!("trust the folder with `{remedy}`"),
            Self::BareFolder { .. } => {
                "run crdrift from the top folder of the repository, and remove HEAD, objects and refs from that folder"
                    .to_owned()
            }
            Self::NoCommit { help, .. } => help.clone(),
            Self::AmbiguousReference { references } => {
                format!("use one of the full names: {}", references.join(" or "))
            }
            Self::NoFile { .. } => {
                "use --base with a file or folder of the earlier rules, such as ./before/".to_owned()
            }
            Self::NoObject { .. } => "this clone is partial, and crdrift fetches nothing: run \
                                      `git fetch --refetch --filter=blob:limit=64m`, or clone without --filter"
                .to_owned(),
            Self::Unusable(_) | Self::Failed { .. } | Self::TooMuch { .. } => {
                "run git in the working directory and read its message".to_owned()
            }
        }
    }
}
