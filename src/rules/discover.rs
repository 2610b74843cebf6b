//! The files of a run: those behind the given files, folders and globs, in a fixed order, each file once.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::problem::{FileProblem, Problem, StructureProblem};
use super::problems::Problems;
use crate::i18n::{Message, Phrase};
use crate::links::{Bound, escaping_link, resolve};
use crate::source::{quote, truncate};

/// The most files and folders that one folder or glob visits.
const MAX_VISITED: usize = 100_000;

/// The longest glob, in bytes. `globset` panics on one beyond its size limit, which is far larger.
const MAX_PATTERN: usize = 4_096;

/// A kind of files that a folder is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Rules files.
    Rules,
    /// Terraform's files.
    Terraform,
    /// Saved results.
    Results,
}

impl FileKind {
    /// Returns `true` if a folder's file of this name is one of the kind.
    pub(super) fn matches(self, path: impl AsRef<Path>) -> bool {
        let path = path.as_ref();
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let extension = path.extension().unwrap_or_default();
        match self {
            Self::Rules => extension == "yaml" || extension == "yml",
            Self::Terraform => name.ends_with(b".tf") || name.ends_with(b".tf.json"),
            Self::Results => extension == "json",
        }
    }

    /// Returns the names of the files, for a message.
    fn description(self) -> Message {
        match self {
            Self::Rules => Phrase::yaml_files().into(),
            Self::Terraform => "*.tf".into(),
            Self::Results => "*.json".into(),
        }
    }

    /// Returns the glob that matches the files in subfolders too.
    const fn nested_glob(self) -> &'static str {
        match self {
            Self::Rules => "**/*.yaml",
            Self::Terraform => "**/*.tf",
            Self::Results => "**/*.json",
        }
    }

    /// Returns the help for an input that does not exist.
    fn hint(self) -> Message {
        match self {
            Self::Rules => Message::help_no_rules_file(),
            Self::Terraform => Message::help_no_terraform_file(),
            Self::Results => Message::help_no_result_file(),
        }
    }
}

/// Returns the files behind the inputs, and reports the problems of the inputs.
pub(super) fn discover(inputs: &[String], kind: FileKind, problems: &mut Problems) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut known = HashSet::new();
    for input in inputs {
        let found = match find(input, kind) {
            Ok(found) => found,
            Err(problem) => {
                problems.push_unplaced(problem);
                continue;
            }
        };
        for FoundFile { path, problem } in found {
            if let Some(problem) = problem {
                problems.push_unplaced(problem);
            } else if known.insert(canonical(&path)) {
                files.push(path);
            }
        }
    }
    if inputs.is_empty() {
        problems.push_unplaced(FileProblem::NoFile);
    }
    files
}

/// Returns the canonical path of a file; the given one for a pipe, which has none.
fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// A file of an input; a file that must not be read has a problem.
struct FoundFile {
    path: PathBuf,
    problem: Option<Problem>,
}

fn find(input: &str, kind: FileKind) -> Result<Vec<FoundFile>, Problem> {
    let path = Path::new(input);
    if input == "-" {
        return Err(FileProblem::StandardInput { hint: kind.hint() }.into());
    }
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => find_in_folder(path, kind),
        Ok(_) => Ok(vec![FoundFile {
            path: path.to_owned(),
            problem: find_link_out(path, None).map(Problem::from),
        }]),
        Err(_) if is_glob(input) => find_matches(input),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(find_dangling_link(path)
            .unwrap_or_else(|| not_found(path, input, kind))
            .into()),
        Err(error) => Err(unreadable(path, &error).into()),
    }
}

/// Returns `true` if a text has a special character of globs.
pub(super) fn is_glob(input: &str) -> bool {
    input.contains(['*', '?', '[', '{'])
}

/// Returns the files of a folder itself, by name.
fn find_in_folder(folder: &Path, kind: FileKind) -> Result<Vec<FoundFile>, Problem> {
    let mut found = Vec::new();
    for name in list_names(folder, &mut 0)? {
        let path = folder.join(name);
        if kind.matches(&path) {
            found.extend(check_found(path, folder));
        }
    }
    if found.is_empty() {
        return Err(FileProblem::EmptyFolder {
            path: truncate(&folder.display().to_string()),
            description: kind.description(),
            nested_glob: kind.nested_glob(),
        }
        .into());
    }
    Ok(found)
}

/// Returns `true` if an input, a folder or a glob, leads to a file at this path once the file exists.
#[must_use]
pub fn leads_to(input: &str, kind: FileKind, path: &Path) -> bool {
    let (Some(name), Some(folder)) = (path.file_name(), path.parent()) else {
        return false;
    };
    let file = resolve(or_current(folder)).join(name);
    if Path::new(input).is_dir() {
        return file.parent() == Some(&resolve(Path::new(input)))
            && !is_hidden(Path::new(name))
            && kind.matches(&file);
    }
    let Ok(matcher) = compile(input) else {
        return false;
    };
    let start = literal_part(input);
    let Ok(below) = file.strip_prefix(resolve(or_current(start))) else {
        return false;
    };
    !is_hidden(below) && is_match(&matcher, &start.join(below))
}

/// Returns `true` if a part of a relative path is hidden.
pub(super) fn is_hidden(path: &Path) -> bool {
    path.iter()
        .any(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Rules files in the subfolders of a given folder, which are not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadFiles {
    /// The folder as given.
    pub folder: String,
    /// The number of files.
    pub count: usize,
    /// The first file.
    pub first: PathBuf,
}

/// Returns the rules files in subfolders of the inputs that no input leads to, for each folder with any. A subfolder
/// that cannot be listed counts as empty.
#[must_use]
pub fn find_unread(inputs: &[String]) -> Vec<UnreadFiles> {
    let read = discover(inputs, FileKind::Rules, &mut Problems::default());
    let read: HashSet<PathBuf> = read.iter().map(|path| canonical(path)).collect();
    let mut unread = Vec::new();
    for input in inputs {
        if !Path::new(input).is_dir() {
            continue;
        }
        let mut below = BTreeSet::new();
        // A folder with too many files has those that were visited until then.
        let _ = collect_below(Path::new(input), &mut 0, &mut below);
        below.retain(|path| !read.contains(&canonical(path)));
        let count = below.len();
        if let Some(first) = below.pop_first() {
            unread.push(UnreadFiles {
                folder: input.clone(),
                count,
                first,
            });
        }
    }
    unread
}

/// Collects the rules files in a folder and below. Links to folders are not followed.
fn collect_below(
    folder: &Path,
    visited: &mut usize,
    files: &mut BTreeSet<PathBuf>,
) -> Result<(), FileProblem> {
    for name in list_names(folder, visited)? {
        let path = folder.join(name);
        let Ok(metadata) = fs::symlink_metadata(&path) else {
            continue;
        };
        if metadata.is_dir() {
            // A subfolder that cannot be listed does not hide the others.
            let _ = collect_below(&path, visited, files);
        } else if FileKind::Rules.matches(&path) && path.is_file() {
            files.insert(path);
        }
    }
    Ok(())
}

/// Compiles a glob.
fn compile(pattern: &str) -> Result<GlobMatcher, StructureProblem> {
    let invalid = |why: Message| StructureProblem::InvalidGlob {
        pattern: quote(pattern),
        why,
    };
    if pattern.len() > MAX_PATTERN {
        return Err(invalid(Message::glob_too_long(MAX_PATTERN)));
    }
    let glob = GlobBuilder::new(pattern.strip_prefix("./").unwrap_or(pattern))
        .literal_separator(true)
        .build()
        .map_err(|error| invalid(error.kind().to_string().into()))?;
    Ok(glob.compile_matcher())
}

fn is_match(matcher: &GlobMatcher, path: &Path) -> bool {
    matcher.is_match(path.strip_prefix(".").unwrap_or(path))
}

/// Returns the files that a glob matches.
fn find_matches(pattern: &str) -> Result<Vec<FoundFile>, Problem> {
    let matcher = compile(pattern)?;
    let mut paths = BTreeSet::new();
    let start = literal_part(pattern);
    collect_matches(start, &matcher, &mut 0, &mut paths)?;
    let folder = or_current(start);
    let found: Vec<_> = paths
        .into_iter()
        .filter_map(|path| check_found(path, folder))
        .collect();
    if found.is_empty() {
        let pattern = quote(pattern);
        return Err(FileProblem::NoMatch { pattern }.into());
    }
    Ok(found)
}

/// Returns the folders at the beginning of a glob that have no special character.
pub(super) fn literal_part(pattern: &str) -> &Path {
    let special = pattern
        .find(['*', '?', '[', '{', '\\'])
        .unwrap_or(pattern.len());
    let folder = match pattern.get(..special).and_then(|start| start.rfind('/')) {
        None => "",
        Some(0) => "/",
        Some(slash) => pattern.get(..slash).unwrap_or_default(),
    };
    Path::new(folder)
}

/// Returns a folder; the working directory for the empty path.
fn or_current(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

/// Collects the files below a folder that a glob matches. Follows links, except one that leads to a folder above.
fn collect_matches(
    folder: &Path,
    matcher: &GlobMatcher,
    visited: &mut usize,
    paths: &mut BTreeSet<PathBuf>,
) -> Result<(), FileProblem> {
    let listed = or_current(folder);
    for name in list_names(listed, visited)? {
        let path = folder.join(name);
        if path.is_dir() {
            if !leads_to_ancestor(&path, listed) {
                collect_matches(&path, matcher, visited, paths)?;
            }
        } else if is_match(matcher, &path) {
            paths.insert(path);
        }
    }
    Ok(())
}

/// Returns `true` if a path in a folder is a link to the folder or to one above it.
fn leads_to_ancestor(path: &Path, folder: &Path) -> bool {
    if !path.is_symlink() {
        return false;
    }
    match (fs::canonicalize(path), fs::canonicalize(folder)) {
        (Ok(target), Ok(folder)) => folder.starts_with(target),
        _ => false,
    }
}

/// Returns the names in a folder, sorted, without hidden ones; none where there is no such folder.
fn list_names(folder: &Path, visited: &mut usize) -> Result<BTreeSet<OsString>, FileProblem> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries.map_err(|error| unreadable(folder, &error))?,
    };
    let mut names = BTreeSet::new();
    for entry in entries {
        *visited += 1;
        if *visited > MAX_VISITED {
            return Err(FileProblem::TooManyFiles {
                path: quote_path(folder),
                limit: MAX_VISITED,
            });
        }
        let name = entry
            .map_err(|error| unreadable(folder, &error))?
            .file_name();
        if !name.as_encoded_bytes().starts_with(b".") {
            names.insert(name);
        }
    }
    Ok(names)
}

/// Checks a path that was found in a folder; `None` for a folder. A pipe, a dangling link and a link that leads out have
/// a problem: reading them might never end or reveal a secret, and ignoring them would lose rules.
fn check_found(path: PathBuf, folder: &Path) -> Option<FoundFile> {
    let problem = match fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => return None,
        Ok(metadata) if metadata.is_file() => find_link_out(&path, Some(folder)),
        Ok(_) => Some(FileProblem::NotAFile {
            path: quote_path(&path),
        }),
        Err(error) => Some(find_dangling_link(&path).unwrap_or_else(|| unreadable(&path, &error))),
    };
    Some(FoundFile {
        path,
        problem: problem.map(Problem::from),
    })
}

/// Returns the problem of a path whose symbolic link leads out of the repository; outside of a repository, out of the
/// folder where the path was found.
fn find_link_out(path: &Path, folder: Option<&Path>) -> Option<FileProblem> {
    let escaping = escaping_link(path, folder)?;
    let target = fs::read_link(&escaping.link).unwrap_or(escaping.target);
    Some(FileProblem::LinkOut {
        path: quote_path(&escaping.link),
        crossed: match escaping.bound {
            Bound::Repository => Phrase::out_of_repository(),
            Bound::GitFolder => Phrase::into_git_folder(),
            Bound::Folder => Phrase::out_of_folder(),
        },
        target: quote_path(&target),
    })
}

/// Returns the problem of a symbolic link without a target.
fn find_dangling_link(path: &Path) -> Option<FileProblem> {
    let target = fs::read_link(path).ok()?;
    let is_missing = fs::metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound);
    is_missing.then(|| FileProblem::DanglingLink {
        path: quote_path(path),
        target: quote_path(&target),
    })
}

fn not_found(path: &Path, input: &str, kind: FileKind) -> FileProblem {
    let parent = or_current(path.parent().unwrap_or(Path::new("")));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let names = list_names(parent, &mut 0).unwrap_or_default();
    let help = match Message::from_nearest(&name, names.iter().filter_map(|name| name.to_str())) {
        Some(question) => question,
        None if parent.is_dir() => kind.hint(),
        None => Message::help_create_folder(quote_path(parent)),
    };
    let path = quote(input);
    FileProblem::FileNotFound { path, help }
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> FileProblem {
    FileProblem::Unreadable {
        path: quote_path(path),
        why: error.to_string(),
    }
}

fn quote_path(path: &Path) -> String {
    quote(&path.display().to_string())
}
