//! Errors of git, each with its remedy.

use std::io;

use super::tree::TreeFile;
use crate::i18n::Message;

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
    #[error("there is no such commit in the git repository {root}{}", detail_after(.detail.as_ref()))]
    NoCommit {
        /// Its top folder.
        root: String,
        /// The reason, if it is known.
        detail: Option<Message>,
        /// The commands and values of the remedy.
        help: Message,
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

fn detail_after(detail: Option<&Message>) -> String {
    detail.map_or_else(String::new, |detail| format!(": {detail}"))
}

impl GitError {
    /// Returns the error of an entry that is no file.
    pub(super) fn no_file(entry: &TreeFile) -> Self {
        Self::NoFile {
            path: entry.path.escape_debug().to_string(),
        }
    }

    /// Returns the message, which has a text in each language. Messages of git are quoted.
    pub(in crate::cli) fn message(&self) -> Message {
        match self {
            Self::Missing => Message::git_missing(),
            Self::Unusable(error) => Message::git_unusable(Message::from_io(error)),
            Self::NoRepository { folder, message } => {
                let none = Message::git_no_repository(folder);
                if message.is_empty() {
                    none
                } else {
                    Message::with_reason(none, first_line(message))
                }
            }
            Self::DubiousOwnership { folder, .. } => Message::git_ownership(folder),
            Self::BareFolder { folder } => Message::git_bare(folder),
            Self::NoCommit { root, detail, .. } => {
                let none = Message::git_no_commit(root);
                match detail {
                    Some(detail) => Message::with_reason(none, detail.clone()),
                    None => none,
                }
            }
            Self::AmbiguousReference { references } => Message::git_ambiguous(references.clone()),
            Self::NoFile { path } => Message::git_no_file(path),
            Self::NoObject { path } => Message::git_no_object(path),
            Self::Failed { verb, message } => Message::git_failed(*verb, first_line(message)),
            Self::TooMuch { verb, limit } => Message::git_too_much(*verb, *limit),
        }
    }

    /// Returns the remedy.
    pub(in crate::cli) fn help(&self) -> Message {
        match self {
            Self::Missing => Message::help_install_git(),
            Self::NoRepository { .. } => {
                Message::help_in_repository("./NAME", "NAME/", "NAME.yaml")
            }
            Self::DubiousOwnership { remedy, .. } => {
                Message::help_trust_folder(format!("`{remedy}`"))
            }
            Self::BareFolder { .. } => Message::help_top_folder(),
            Self::NoCommit { help, .. } => help.clone(),
            Self::AmbiguousReference { references } => {
                Message::help_full_names(references.join(" or "))
            }
            Self::NoFile { .. } => Message::help_earlier_rules(),
            Self::NoObject { .. } => {
                Message::help_partial_clone("`git fetch --refetch --filter=blob:limit=64m`")
            }
            Self::Unusable(_) | Self::Failed { .. } | Self::TooMuch { .. } => {
                Message::help_git_message()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::GitError;
    use crate::i18n::Message;
    use crate::i18n::assert_message;

    #[test]
    fn a_message_has_the_text_of_its_error() {
        let text = || "text".to_owned();
        let errors = [
            GitError::Missing,
            GitError::Unusable(io::Error::other("a reason")),
            GitError::NoRepository {
                folder: text(),
                message: String::new(),
            },
            GitError::NoRepository {
                folder: text(),
                message: "fatal: no\nsecond".to_owned(),
            },
            GitError::DubiousOwnership {
                folder: text(),
                remedy: text(),
            },
            GitError::BareFolder { folder: text() },
            GitError::NoCommit {
                root: text(),
                detail: None,
                help: Message::help_git_name(),
            },
            GitError::NoCommit {
                root: text(),
                detail: Some(Message::git_empty()),
                help: Message::help_git_commit(),
            },
            GitError::AmbiguousReference {
                references: vec![text(), text()],
            },
            GitError::NoFile { path: text() },
            GitError::NoObject { path: text() },
            GitError::Failed {
                verb: "show",
                message: text(),
            },
            GitError::TooMuch {
                verb: "show",
                limit: 9,
            },
        ];
        for error in errors {
            assert_message(&error.message(), &error);
            assert_message(&error.help(), &error.help());
        }
    }
}
