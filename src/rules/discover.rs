//! Which files a run reads: the files, folders and globs it was given, in a fixed order, each file once.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::error::Problems;
use super::file_problem::FileProblem;
use super::problem::Problem;
use crate::links::{escaping_link, resolve};
use crate::source::{did_you_mean, quote, truncate};

/// The most files and folders that one folder or glob looks at.
const MAX_LOOKED_AT: usize = 100_000;

/// The longest glob, in bytes. `globset` panics on one that outgrows its size limit, which this is far from.
const MAX_PATTERN: usize = 4_096;

/// Which files of a folder are meant when the folder is named.
pub(super) struct Wanted {
    /// Whether a file is one of them.
    pub(super) takes: fn(&Path) -> bool,
    /// How that is told.
    pub(super) told: &'static str,
    /// The glob for the folders inside of it.
    pub(super) nested: &'static str,
    /// What to name instead of what is not there.
    pub(super) instead: &'static str,
}

/// Rules files.
pub(super) const RULES: Wanted = Wanted {
    takes: is_rules_file,
    told: "*.yaml or *.yml",
    nested: "**/*.yaml",
    instead: "name a rules file, a folder of them, or a glob such as 'rules/*.yaml'",
};

/// Saved results.
pub(super) const RESULTS: Wanted = Wanted {
    takes: |path| path.extension().is_some_and(|it| it == "json"),
    told: "*.json",
    nested: "**/*.json",
    instead: "name a saved result, a folder of them, or a glob such as 'results/*.json'",
};

/// The files behind the inputs. What is wrong with an input is reported.
pub(super) fn discover(
    inputs: &[String],
    wanted: &Wanted,
    problems: &mut Problems,
) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut known = HashSet::new();
    for input in inputs {
        let found = match find(input, wanted) {
            Ok(found) => found,
            Err(problem) => {
                problems.push_without_place(problem);
                continue;
            }
        };
        for (path, problem) in found {
            match problem {
                Some(problem) => problems.push_without_place(problem),
                // A pipe has no path of its own; then the one that was given must do.
                None if known.insert(fs::canonicalize(&path).unwrap_or_else(|_| path.clone())) => {
                    files.push(path);
                }
                None => {}
            }
        }
    }
    if inputs.is_empty() {
        problems.push_without_place(FileProblem::NoFile.into());
    }
    files
}

/// Files of one input; with some that match and cannot be read goes the reason.
type Found = Vec<(PathBuf, Option<Problem>)>;

fn find(input: &str, wanted: &Wanted) -> Result<Found, Problem> {
    let path = Path::new(input);
    if input == "-" {
        return Err(FileProblem::StandardInput {
            instead: wanted.instead,
        }
        .into());
    }
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => folder(path, wanted),
        Ok(_) => Ok(vec![(
            path.to_owned(),
            link_out(path, None).map(Problem::from),
        )]),
        Err(_) if input.contains(['*', '?', '[', '{']) => glob(input),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(dangling_link(path).map_or_else(|| not_found(path, input, wanted), Problem::from))
        }
        Err(error) => Err(FileProblem::Unreadable {
            path: quote(input),
            why: error.to_string(),
        }
        .into()),
    }
}

/// The files of a folder itself, by name.
fn folder(path: &Path, wanted: &Wanted) -> Result<Found, Problem> {
    let paths = names(path, &mut 0)?.into_iter().map(|name| path.join(name));
    let found: Found = paths
        .filter(|path| (wanted.takes)(path))
        .filter_map(|it| file(it, path))
        .collect();
    if found.is_empty() {
        let Wanted { told, nested, .. } = wanted;
        return Err(FileProblem::EmptyFolder {
            path: truncate(&path.display().to_string()),
            wanted: told,
            nested,
        }
        .into());
    }
    Ok(found)
}

/// Returns `true` if an input, a folder or a glob, leads to a file at this path once the file exists.
pub(super) fn leads_to(input: &str, wanted: &Wanted, path: &Path) -> bool {
    let (Some(name), Some(folder)) = (path.file_name(), path.parent()) else {
        return false;
    };
    let file = resolve(listed(folder)).join(name);
    if Path::new(input).is_dir() {
        let is_hidden = name.as_encoded_bytes().starts_with(b".");
        return file.parent() == Some(&resolve(Path::new(input)))
            && !is_hidden
            && (wanted.takes)(&file);
    }
    let Ok(matcher) = matcher(input) else {
        return false;
    };
    let start = literal_part(input);
    let Ok(below) = file
        .strip_prefix(resolve(listed(start)))
        .map(Path::to_owned)
    else {
        return false;
    };
    let is_hidden = below
        .iter()
        .any(|name| name.as_encoded_bytes().starts_with(b"."));
    let path = start.join(below);
    !is_hidden && matcher.is_match(path.strip_prefix(".").unwrap_or(&path))
}

/// Rules files below a folder that was named, which are not read: only the folder's own are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadFiles {
    /// The folder, as it was given.
    pub folder: String,
    /// How many there are.
    pub count: usize,
    /// The first of them.
    pub first: PathBuf,
}

/// Returns the rules files in subfolders of the inputs that no input leads to, for each folder that has some. What cannot be
/// listed is left out.
pub(super) fn unread_below(inputs: &[String]) -> Vec<UnreadFiles> {
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let read = discover(inputs, &RULES, &mut Problems::default());
    let read: HashSet<PathBuf> = read.iter().map(|path| real(path)).collect();
    let unread = |input: &String| {
        let mut below = BTreeSet::new();
        // A folder with too many files shows those that were seen until then.
        let _ = collect_below(Path::new(input), &mut 0, &mut below);
        below.retain(|path| !read.contains(&real(path)));
        Some(UnreadFiles {
            folder: input.clone(),
            count: below.len(),
            first: below.pop_first()?,
        })
    };
    inputs
        .iter()
        .filter(|input| Path::new(input).is_dir())
        .filter_map(unread)
        .collect()
}

/// Collects the rules files in a folder and below. Links to folders are not followed.
fn collect_below(
    folder: &Path,
    looked_at: &mut usize,
    files: &mut BTreeSet<PathBuf>,
) -> Result<(), Problem> {
    for name in names(folder, looked_at)? {
        let path = folder.join(name);
        let Ok(metadata) = fs::symlink_metadata(&path) else {
            continue;
        };
        if metadata.is_dir() {
            // A subfolder that cannot be listed does not hide the others.
            let _ = collect_below(&path, looked_at, files);
        } else if is_rules_file(&path) && path.is_file() {
            files.insert(path);
        }
    }
    Ok(())
}

/// Whether a folder's file is one of its rules files.
pub(super) fn is_rules_file(path: &Path) -> bool {
    path.extension()
        .is_some_and(|it| it == "yaml" || it == "yml")
}

/// Returns the matcher of a glob.
fn matcher(pattern: &str) -> Result<GlobMatcher, Problem> {
    if pattern.len() > MAX_PATTERN {
        let why = format!("it is longer than {MAX_PATTERN} bytes");
        return Err(Problem::InvalidGlob {
            pattern: quote(pattern),
            why,
        });
    }
    let matcher = GlobBuilder::new(pattern.strip_prefix("./").unwrap_or(pattern))
        .literal_separator(true)
        .build();
    match matcher {
        Ok(glob) => Ok(glob.compile_matcher()),
        Err(error) => Err(Problem::InvalidGlob {
            pattern: quote(pattern),
            why: error.kind().to_string(),
        }),
    }
}

/// The files that a glob matches.
fn glob(pattern: &str) -> Result<Found, Problem> {
    let matcher = matcher(pattern)?;
    let mut paths = BTreeSet::new();
    let start = literal_part(pattern);
    walk(start, &matcher, &mut 0, &mut paths)?;
    let folder = listed(start);
    let found: Found = paths
        .into_iter()
        .filter_map(|it| file(it, folder))
        .collect();
    if found.is_empty() {
        Err(FileProblem::NoMatch {
            pattern: quote(pattern),
        }
        .into())
    } else {
        Ok(found)
    }
}

/// The folders at the beginning of a pattern that have nothing to match in them.
pub(super) fn literal_part(pattern: &str) -> &Path {
    let special = pattern
        .find(['*', '?', '[', '{', '\\'])
        .unwrap_or(pattern.len());
    let folder = pattern
        .get(..special)
        .and_then(|start| start.rfind('/'))
        .map_or("", |slash| match slash {
            0 => "/",
            slash => pattern.get(..slash).unwrap_or_default(),
        });
    Path::new(folder)
}

/// Returns the folder that a path names; the empty path is the working directory.
fn listed(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

/// Collects what matches below a folder, through links too, unless one leads back to where it is.
fn walk(
    folder: &Path,
    matcher: &GlobMatcher,
    looked_at: &mut usize,
    paths: &mut BTreeSet<PathBuf>,
) -> Result<(), Problem> {
    let listed = listed(folder);
    for name in names(listed, looked_at)? {
        let path = folder.join(name);
        if path.is_dir() {
            if !leads_back(listed, &path) {
                walk(&path, matcher, looked_at, paths)?;
            }
        } else if matcher.is_match(path.strip_prefix(".").unwrap_or(&path)) {
            paths.insert(path);
        }
    }
    Ok(())
}

fn leads_back(folder: &Path, path: &Path) -> bool {
    let link = path
        .is_symlink()
        .then(|| fs::canonicalize(path).ok())
        .flatten();
    link.is_some_and(|target| {
        fs::canonicalize(folder).is_ok_and(|folder| folder.starts_with(target))
    })
}

/// The names in a folder, sorted, without hidden ones; none where there is no such folder.
fn names(folder: &Path, looked_at: &mut usize) -> Result<BTreeSet<OsString>, Problem> {
    let unreadable = |error: std::io::Error| FileProblem::Unreadable {
        path: quote(&folder.display().to_string()),
        why: error.to_string(),
    };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries.map_err(unreadable)?,
    };
    let mut names = BTreeSet::new();
    for entry in entries {
        *looked_at += 1;
        too_many(folder, *looked_at)?;
        let name = entry.map_err(unreadable)?.file_name();
        if !name.as_encoded_bytes().starts_with(b".") {
            names.insert(name);
        }
    }
    Ok(names)
}

fn too_many(folder: &Path, looked_at: usize) -> Result<(), Problem> {
    if looked_at > MAX_LOOKED_AT {
        let path = quote(&folder.display().to_string());
        return Err(FileProblem::TooManyFiles {
            path,
            limit: MAX_LOOKED_AT,
        }
        .into());
    }
    Ok(())
}

/// A file that was found in a folder, not named: a folder is passed over; a pipe, a dangling link or a link that leads out
/// is reported, as reading it might never end or show a secret, and passing over it would lose rules.
fn file(path: PathBuf, folder: &Path) -> Option<(PathBuf, Option<Problem>)> {
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => None,
        Ok(metadata) if metadata.is_file() => {
            let problem = link_out(&path, Some(folder));
            Some((path, problem.map(Problem::from)))
        }
        status => {
            let name = quote(&path.display().to_string());
            let problem = match status {
                Ok(_) => FileProblem::NotAFile { path: name },
                Err(error) => dangling_link(&path).unwrap_or_else(|| FileProblem::Unreadable {
                    path: name,
                    why: error.to_string(),
                }),
            };
            Some((path, Some(problem.into())))
        }
    }
}

/// Returns the problem of a path that a symbolic link leads out of its repository; outside of a repository, out of the folder
/// it was found in.
fn link_out(path: &Path, folder: Option<&Path>) -> Option<FileProblem> {
    let found = escaping_link(path, folder)?;
    let target = fs::read_link(&found.link).unwrap_or(found.target);
    let text = |path: &Path| quote(&path.display().to_string());
    Some(FileProblem::LinkOut {
        path: text(&found.link),
        crossed: found.bound.crossed(),
        target: text(&target),
    })
}

/// Returns the problem of a symbolic link that leads to nothing.
fn dangling_link(path: &Path) -> Option<FileProblem> {
    let target = fs::read_link(path).ok()?;
    let is_missing = fs::metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound);
    let text = |path: &Path| quote(&path.display().to_string());
    is_missing.then(|| FileProblem::DanglingLink {
        path: text(path),
        target: text(&target),
    })
}

fn not_found(path: &Path, input: &str, wanted: &Wanted) -> Problem {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let neighbours = names(parent, &mut 0).unwrap_or_default();
    let help = match did_you_mean(name, neighbours.iter().filter_map(|name| name.to_str())) {
        Some(guess) => guess,
        None if parent.is_dir() => wanted.instead.to_owned(),
        None => format!(
            "there is no folder {} either",
            quote(&parent.display().to_string())
        ),
    };
    FileProblem::FileNotFound {
        path: quote(input),
        help,
    }
    .into()
}
