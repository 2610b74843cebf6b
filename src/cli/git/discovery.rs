//! The discovery of the repository of the working directory, by git's own top level.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::Repository;
use super::command::{GitFolders, GitProgram, run};
use super::error::GitError;

const VERB: &str = "rev-parse";

impl Repository {
    /// Asks git for the repository of the working directory; `var` looks up variables of the environment.
    pub(in crate::cli) fn discover(var: &dyn Fn(&str) -> Option<String>) -> Result<Self, GitError> {
        let git = GitProgram::find(var)?;
        let working = env::current_dir().map_err(GitError::Unusable)?;
        // Git before 2.38 does not know `safe.bareRepository`.
        if let Some(folder) = bare_folder_above(&working) {
            return Err(GitError::BareFolder {
                folder: escaped_path(folder),
            });
        }
        let answered = run(
            git.discover_command(&["--show-toplevel", "--absolute-git-dir"]),
            VERB,
        );
        let bytes = answered.map_err(|error| explain(error, &working))?;
        let folders = parse_folders(&bytes).ok_or_else(|| GitError::NoRepository {
            folder: escaped_path(&working),
            message: "the path of its top folder cannot be read".to_owned(),
        })?;
        // Tracked files cannot be named `.git`, so a repository among tracked files has none.
        if fs::symlink_metadata(folders.top.join(".git")).is_err() {
            return Err(GitError::BareFolder {
                folder: escaped_path(&folders.git),
            });
        }
        Ok(Self { git, folders })
    }
}

/// Returns the first folder, from this one upwards to the first with a `.git`, that git takes for a bare repository:
/// tracked files can have that layout.
fn bare_folder_above(working: &Path) -> Option<&Path> {
    for folder in working.ancestors() {
        if fs::symlink_metadata(folder.join(".git")).is_ok() {
            return None;
        }
        let has = |name: &str| fs::symlink_metadata(folder.join(name)).is_ok();
        if has("HEAD") && (has("commondir") || (has("objects") && has("refs"))) {
            return Some(folder);
        }
    }
    None
}

/// Parses the top folder and the folder of git, one on each line.
fn parse_folders(bytes: &[u8]) -> Option<GitFolders> {
    let text = std::str::from_utf8(bytes).ok()?;
    let lines: Vec<&str> = text.lines().collect();
    let [top, git] = lines.as_slice() else {
        return None;
    };
    Some(GitFolders {
        top: fs::canonicalize(top).ok()?,
        git: PathBuf::from(git),
    })
}

/// Returns the error that a message of git describes.
fn explain(error: GitError, working: &Path) -> GitError {
    let GitError::Failed { message, .. } = error else {
        return error;
    };
    let folder = escaped_path(working);
    if message.contains("safe.bareRepository") {
        return GitError::BareFolder { folder };
    }
    if !message.contains("dubious ownership") && !message.contains("unsafe repository") {
        return GitError::NoRepository { folder, message };
    }
    let remedy = message
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("git config --global"));
    let owned = message
        .split('\'')
        .nth(1)
        .unwrap_or(&folder)
        .escape_debug()
        .to_string();
    let remedy = remedy.map_or_else(
        || format!("git config --global --add safe.directory '{owned}'"),
        str::to_owned,
    );
    GitError::DubiousOwnership {
        folder: owned,
        remedy: remedy.escape_debug().to_string(),
    }
}

fn escaped_path(path: &Path) -> String {
    path.display().to_string().escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{GitError, explain};

    #[test]
    fn a_refusal_for_the_owner_keeps_the_remedy_of_git() {
        let explained = |message: &str| {
            let failed = GitError::Failed {
                verb: "rev-parse",
                message: message.to_owned(),
            };
            explain(failed, Path::new("/w/rules"))
        };
        let today = "fatal: detected dubious ownership in repository at '/w'\nTo add an exception for this directory, \
                     call:\n\n\tgit config --global --add safe.directory /w";
        let before = "fatal: unsafe repository ('/w' is owned by someone else)\nTo add an exception, call:\n\n\t\
                      git config --global --add safe.directory /w";
        for message in [today, before] {
            let error = explained(message);
            assert!(
                matches!(&error, GitError::DubiousOwnership { folder, .. } if folder == "/w"),
                "{error:?}"
            );
            assert!(
                error
                    .help()
                    .contains("`git config --global --add safe.directory /w`"),
                "{}",
                error.help()
            );
        }
        let bare = explained(
            "fatal: cannot use bare repository '/w/rules' (safe.bareRepository is 'explicit')",
        );
        assert!(matches!(bare, GitError::BareFolder { .. }), "{bare:?}");
        let none =
            explained("fatal: not a git repository (or any of the parent directories): .git");
        assert!(matches!(none, GitError::NoRepository { .. }), "{none:?}");
    }
}
