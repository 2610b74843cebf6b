//! Paths from the top folder of a repository: the names of files in reports, which do not depend on the working
//! directory.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::context::Context;

/// Variables with the top folder of a checkout, for pipelines that copy files without their `.git`.
const WORKSPACES: [&str; 2] = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"];

/// Returns the path of a file from the top folder of its repository, separated by `/` and without `..`.
///
/// Outside of a repository, returns the path from the working directory for files below it, and the absolute path for
/// others. The path of a file that does not exist is returned unchanged.
pub(super) fn path_in_repository(path: &Path, context: &Context) -> String {
    let as_given = || path.to_string_lossy().into_owned();
    let Ok(working) = env::current_dir() else {
        return as_given();
    };
    if fs::symlink_metadata(path).is_err() {
        return as_given();
    }
    let (real, lexical) = (without_links(path), normalized(&working.join(path)));
    for spelling in real.iter().chain([&lexical]) {
        if let Some(top) = repository_above(spelling)
            && let Some(path) = relative(spelling, &top)
        {
            return path;
        }
    }
    let workspaces = WORKSPACES
        .iter()
        .filter_map(|name| context.var(name))
        .map(PathBuf::from);
    let tops: Vec<PathBuf> = workspaces
        .filter(|top| top.is_absolute())
        .chain([working])
        .collect();
    for top in tops {
        let real_top = fs::canonicalize(&top).unwrap_or(top);
        if let Some(path) = real.as_deref().and_then(|real| relative(real, &real_top)) {
            return path;
        }
    }
    let absolute = real.unwrap_or(lexical);
    absolute
        .to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

/// Returns the path of a file or folder from a top folder without links, separated by `/`; the top folder itself is "".
///
/// A link inside of the top folder is not followed: a change may add one in the place of a folder.
pub(super) fn path_below(top: &Path, path: &Path) -> Option<String> {
    let working = env::current_dir().ok()?;
    let real_working = fs::canonicalize(&working).unwrap_or(working);
    relative(&normalized(&real_working.join(path)), top)
        .or_else(|| relative(&fs::canonicalize(path).ok()?, top))
        .or_else(|| relative(&without_links(path)?, top))
}

/// Returns the top folder of the repository of a file: the nearest folder above it with a `.git`.
pub(super) fn repository_above(path: &Path) -> Option<PathBuf> {
    let mut folders = path.ancestors().skip(1);
    folders
        .find(|folder| fs::symlink_metadata(folder.join(".git")).is_ok())
        .map(Path::to_owned)
}

/// Returns a path without links in its folder. The last name is kept: git stores a link under its own name.
fn without_links(path: &Path) -> Option<PathBuf> {
    let Some(name) = path.file_name() else {
        return fs::canonicalize(path).ok();
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    Some(fs::canonicalize(folder).ok()?.join(name))
}

/// Returns a path without `.` and `..`, by its names alone.
fn normalized(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            other => result.push(other),
        }
    }
    result
}

/// Returns the names of a path below a folder, separated by `/`.
fn relative(path: &Path, folder: &Path) -> Option<String> {
    let inside = path.strip_prefix(folder).ok()?;
    let names: Vec<_> = inside.iter().map(OsStr::to_string_lossy).collect();
    Some(names.join("/"))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{normalized, relative, repository_above, without_links};

    #[test]
    fn a_path_loses_its_dots_by_its_names() {
        for (path, expected) in [
            ("/a/./b/../c", "/a/c"),
            ("/../a", "/a"),
            ("/a/b/../../..", "/"),
        ] {
            assert_eq!(normalized(Path::new(path)), Path::new(expected), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_file_keeps_its_name_and_a_linked_folder_does_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let top = fs::canonicalize(folder.path()).expect("a path");
        fs::create_dir_all(top.join(".git")).expect("a folder");
        fs::create_dir_all(top.join("real/below")).expect("a folder");
        fs::write(top.join("real/a.yaml"), "").expect("a file");
        std::os::unix::fs::symlink("real", top.join("linked")).expect("a link");
        std::os::unix::fs::symlink("/etc/hosts", top.join("real/out.yaml")).expect("a link");
        for (path, expected) in [
            ("linked/a.yaml", "real/a.yaml"),
            ("real/out.yaml", "real/out.yaml"),
            ("real/below/../a.yaml", "real/a.yaml"),
        ] {
            let path = without_links(&top.join(path)).expect("it exists");
            let above = repository_above(&path).expect("a repository");
            assert_eq!(
                (relative(&path, &above).as_deref(), above),
                (Some(expected), top.clone())
            );
        }
    }
}
