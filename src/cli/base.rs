//! The base: an earlier version of the rules files, from git or from a file or folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::checkout;
use super::console::Verbosity;
use super::context::Context;
use super::failure::Failure;
use super::git::{GitError, Repository, TreeFile};
use super::load::base_failure;
use crate::i18n::Message;
use crate::rules::{self, RuleSet};
use crate::source::pluralize;

/// An earlier version of the rules files.
pub(super) struct Base {
    /// Its name: a git reference, or a path.
    pub(super) name: String,
    /// The commit of a reference.
    pub(super) commit: Option<String>,
    pub(super) loaded: RuleSet,
}

/// The kind of a value of `--base`, by its spelling alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BaseSpelling {
    /// `./x`, `../x`, `/x`, `x/` and the like, which no reference can be.
    Path,
    /// `x.yaml`: a path, although a reference can have that name.
    RulesFile,
    /// `refs/heads/x`: a reference by its full name.
    FullReference,
    /// Any other text: a reference, although a path can have that name.
    Reference,
}

impl BaseSpelling {
    fn new(name: &str) -> Self {
        let begins = ["./", "../", "/"]
            .iter()
            .any(|start| name.starts_with(start));
        // No reference has a backslash (git-check-ref-format), and Windows divides paths with it.
        if begins
            || name == "."
            || name == ".."
            || name.ends_with('/')
            || name.contains('\\')
            || has_drive(name)
        {
            return Self::Path;
        }
        if name.starts_with("refs/") {
            return Self::FullReference;
        }
        let extension = Path::new(name).extension().unwrap_or_default();
        let is_yaml = ["yaml", "yml"]
            .iter()
            .any(|ending| extension.eq_ignore_ascii_case(ending));
        if is_yaml {
            Self::RulesFile
        } else {
            Self::Reference
        }
    }
}

/// Returns whether a path begins with a drive, such as `C:/rules` on Windows.
fn has_drive(name: &str) -> bool {
    cfg!(windows) && matches!(name.as_bytes(), [drive, b':', ..] if drive.is_ascii_alphabetic())
}

/// Reads the base that `--base` names; `inputs` are the current rules files.
pub(super) fn read(name: &str, inputs: &[String], context: &mut Context) -> Result<Base, Failure> {
    let spelling = BaseSpelling::new(name);
    let is_path = fs::symlink_metadata(name).is_ok();
    match spelling {
        BaseSpelling::Path => from_path(name, context),
        BaseSpelling::RulesFile => {
            if let Ok(repository) = context.repository()
                && !matches!(repository.commit(name), Err(GitError::NoCommit { .. }))
            {
                return Err(if is_path {
                    ambiguous(name, &repository)
                } else {
                    only_a_reference(name, &repository)
                });
            }
            from_path(name, context)
        }
        BaseSpelling::FullReference => from_git(name, false, inputs, context),
        BaseSpelling::Reference => from_git(name, is_path, inputs, context),
    }
}

fn from_path(name: &str, context: &mut Context) -> Result<Base, Failure> {
    let loaded = rules::load(
        &[name.to_owned()],
        &rules::Options::new(&|name| context.environment_value(name)),
    );
    let loaded = loaded.map_err(|errors| base_failure(&errors, context))?;
    Ok(Base {
        name: name.to_owned(),
        commit: None,
        loaded,
    })
}

/// Returns the failure of a name that is both. A change may add a path with the name of the reference, so neither has
/// precedence.
fn ambiguous(name: &str, repository: &Repository) -> Failure {
    let reason = format!("--base {name:?} is both a git reference and a path");
    let reference = repository.unambiguous(name);
    Failure::usage(reason).help(format!(
        "use --base '{reference}' for the reference, or --base './{name}' for the path"
    ))
}

fn only_a_reference(name: &str, repository: &Repository) -> Failure {
    let reference = repository.unambiguous(name);
    let reason = Message::base_unreadable(format!("{name:?}"), Message::base_is_reference());
    Failure::new(reason).help(Message::help_base_reference(reference))
}

fn from_git(
    name: &str,
    is_path: bool,
    inputs: &[String],
    context: &mut Context,
) -> Result<Base, Failure> {
    let failure = |error: &GitError| git_failure(name, is_path, error);
    let repository = context.repository().map_err(|error| failure(&error))?;
    let commit = repository.commit(name).map_err(|error| failure(&error))?;
    if is_path {
        return Err(ambiguous(name, &repository));
    }
    let mut requested = Vec::new();
    for input in inputs {
        let (path, glob) = rules::split_glob(input);
        let path = path_in(&repository, &path, name)?;
        requested.push((
            input,
            repository
                .follow_links(&commit, &path)
                .map_err(|error| failure(&error))?,
            glob,
        ));
    }
    let paths: Vec<&str> = requested.iter().map(|(_, path, _)| path.as_str()).collect();
    let files = repository
        .files(&commit, &paths)
        .map_err(|error| failure(&error))?;
    let by_path: BTreeMap<&str, &TreeFile> = files
        .iter()
        .map(|file| (file.path.as_str(), file))
        .collect();
    let listing: Vec<&str> = by_path.keys().copied().collect();
    let mut chosen: Vec<&TreeFile> = Vec::new();
    let mut known = BTreeSet::new();
    for (input, path, glob) in &requested {
        let found = rules::select_paths(path, glob.as_deref(), &listing);
        if found.is_empty() {
            let note = format!(
                "note: {input} does not exist in {name}: all of its rules count as introduced\n"
            );
            context.log(Verbosity::Normal, &note);
        }
        let new = found.into_iter().filter(|path| known.insert(*path));
        chosen.extend(new.filter_map(|path| by_path.get(path).copied()));
    }
    let contents = repository.read(&chosen).map_err(|error| failure(&error))?;
    let names: Vec<String> = chosen
        .iter()
        .map(|file| format!("{name}:{}", file.path))
        .collect();
    let texts = names.iter().map(String::as_str).zip(contents);
    let loaded = rules::load_texts(
        texts,
        &rules::Options::new(&|name| context.environment_value(name)),
    )
    .map_err(|errors| base_failure(&errors, context))?;
    note_behind(name, &repository, &commit, context);
    Ok(Base {
        name: name.to_owned(),
        commit: Some(commit),
        loaded,
    })
}

/// Prints a note if the base has commits that the checked out branch lacks: their differences count as introduced.
fn note_behind(name: &str, repository: &Repository, commit: &str, context: &mut Context) {
    let Some(behind @ 1..) = repository.behind(commit) else {
        return;
    };
    let commits = pluralize(behind, "commit");
    let note = format!(
        "note: this branch is {commits} behind {name}: its newer differences count as introduced by this \
         change; merge or rebase first\n"
    );
    context.log(Verbosity::Normal, &note);
}

/// Returns the path of an input from the top folder of the repository.
fn path_in(repository: &Repository, path: &Path, name: &str) -> Result<String, Failure> {
    checkout::path_below(repository.top(), path).ok_or_else(|| {
        let (path, root) = (path.display(), repository.top().display());
        let outside = Message::base_outside(path.to_string(), root.to_string());
        let reason = Message::base_unreadable(format!("{name:?}"), outside);
        Failure::new(reason).help(Message::help_base_folder())
    })
}

fn git_failure(name: &str, is_path: bool, error: &GitError) -> Failure {
    let reason = Message::base_unreadable(format!("{name:?}"), error.message());
    let failure = match error {
        GitError::AmbiguousReference { .. } => Failure::usage(reason),
        _ => Failure::new(reason),
    };
    if is_path {
        return failure.help(Message::help_base_path(name));
    }
    failure.help(error.help())
}

#[cfg(test)]
mod tests {
    use super::BaseSpelling;

    #[test]
    fn a_path_is_known_by_its_spelling() {
        use BaseSpelling::{FullReference, Path, Reference, RulesFile};
        let cases = [
            ("./main", Path),
            ("../main", Path),
            ("/main", Path),
            ("main/", Path),
            (".", Path),
            ("..", Path),
            (".\\main", Path),
            ("rules\\old", Path),
            ("./x.yaml", Path),
            ("old.yaml", RulesFile),
            ("a/old.yml", RulesFile),
            ("OLD.YAML", RulesFile),
            ("refs/heads/main", FullReference),
            ("refs/heads/main.yaml", FullReference),
            ("main", Reference),
            ("origin/main", Reference),
            ("HEAD", Reference),
            ("HEAD~1", Reference),
            (".hidden", Reference),
            ("yaml", Reference),
            ("main.yaml^{commit}", Reference),
            ("", Reference),
        ];
        for (name, spelling) in cases {
            assert_eq!(BaseSpelling::new(name), spelling, "{name}");
        }
    }
}
