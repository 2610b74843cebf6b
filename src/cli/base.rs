//! The rules files as they were before: from git, or from a file or folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use miette::Diagnostic;

use super::commands::load;
use super::errors::Failure;
use super::git::{GitError, Repository, TreeFile};
use super::world::{Verbosity, World};
use crate::desired::{self, Loaded};

/// An earlier version of the rules files.
pub(super) struct Base {
    /// What it is called: a reference of git, or a path.
    pub(super) name: String,
    /// The commit, where it is a reference.
    pub(super) commit: Option<String>,
    pub(super) loaded: Loaded,
}

/// Reads the base that `--base` names; `inputs` are the files as they are now.
pub(super) fn read(name: &str, inputs: &[String], world: &mut World) -> Result<Base, Failure> {
    if Path::new(name).exists() {
        let loaded = load(&[name.to_owned()], world).map_err(|failure| failure.about("the base"))?;
        return Ok(Base { name: name.to_owned(), commit: None, loaded });
    }
    from_git(name, inputs, world)
}

fn from_git(name: &str, inputs: &[String], world: &mut World) -> Result<Base, Failure> {
    let refused = |error: &GitError| refusal(name, error);
    let anchors: Vec<_> = inputs.iter().map(|input| (input, desired::anchor(input))).collect();
    let first = anchors.first().map_or(Path::new("."), |(_, (path, _))| path.as_path());
    let folder = if first.is_dir() { first } else { first.parent().unwrap_or(first) };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let repository = Repository::around(folder).map_err(|error| refused(&error))?;
    let commit = repository.commit(name).map_err(|error| refused(&error))?;
    let mut wanted = Vec::new();
    for (input, (path, glob)) in anchors {
        wanted.push((input, path_in(&repository, &path, name)?, glob));
    }
    let paths: Vec<&str> = wanted.iter().map(|(_, path, _)| path.as_str()).collect();
    let files = repository.files(&commit, &paths).map_err(|error| refused(&error))?;
    let by_path: BTreeMap<&str, &TreeFile> = files.iter().map(|file| (file.path.as_str(), file)).collect();
    let listing: Vec<&str> = by_path.keys().copied().collect();
    let mut chosen: Vec<&TreeFile> = Vec::new();
    let mut known = BTreeSet::new();
    for (input, path, glob) in &wanted {
        let found = desired::chosen(path, glob.as_deref(), &listing);
        if found.is_empty() {
            let told = format!("{input} does not exist in {name}: every rule of it counts as introduced\n");
            world.tell(Verbosity::Normal, &told);
        }
        let new = found.into_iter().filter(|path| known.insert(*path));
        chosen.extend(new.filter_map(|path| by_path.get(path).copied()));
    }
    let contents = repository.read(&chosen).map_err(|error| refused(&error))?;
    let names: Vec<String> = chosen.iter().map(|file| format!("{name}:{}", file.path)).collect();
    let texts = names.iter().map(String::as_str).zip(contents);
    let loaded = desired::load_texts(texts, &|name| world.var(name)).map_err(|errors| {
        let reports = errors.iter().map(|error| error as &dyn Diagnostic);
        Failure::new(errors.to_string()).with_reports(reports, world).about("the base")
    })?;
    Ok(Base { name: name.to_owned(), commit: Some(commit), loaded })
}

/// The path of something on the disk from the top folder of the repository, divided by `/`.
fn path_in(repository: &Repository, path: &Path, name: &str) -> Result<String, Failure> {
    let root = fs::canonicalize(&repository.root).unwrap_or_else(|_| repository.root.clone());
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let Ok(inside) = real.strip_prefix(&root) else {
        let (path, root) = (path.display(), root.display());
        let reason = format!("cannot read the base {name:?}: {path} is not in the git repository {root}");
        return Err(Failure::new(reason).help("give --base a file or a folder with the rules as they were"));
    };
    let names: Vec<_> = inside.iter().map(|name| name.to_string_lossy()).collect();
    Ok(names.join("/"))
}

fn refusal(name: &str, error: &GitError) -> Failure {
    let help = match error {
        GitError::Missing => "install git, or give --base a file or a folder with the rules as they were".to_owned(),
        GitError::NoRepository { .. } => {
            "there is no such file or folder either: give one, or run it where the rules are in git".to_owned()
        }
        // No reference of git begins like that (git-check-ref-format).
        GitError::NoCommit { reference, .. } if reference.starts_with(['.', '/']) => {
            "there is no such file or folder: correct the path, or give a reference of git such as origin/main"
                .to_owned()
        }
        GitError::NoCommit { reference, .. } => format!(
            "there is no such file or folder either; a shallow clone has few commits: fetch it first, such as with \
             `git fetch origin {}` (GitHub Actions: fetch-depth: 0)",
            reference.strip_prefix("origin/").unwrap_or(reference),
        ),
        GitError::NoFile { .. } => "give --base a file or a folder with the rules as they were".to_owned(),
        _ => "look at what git says in the folder of the rules files".to_owned(),
    };
    Failure::new(format!("cannot read the base {name:?}: {error}")).help(help)
}
