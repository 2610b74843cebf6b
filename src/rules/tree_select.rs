//! Inputs applied to the paths of a git tree: an earlier version of the files, which is not on the disk.

use std::path::{Path, PathBuf};

use globset::GlobBuilder;

use super::discover::{FileKind, is_hidden, literal_part};

/// Returns the path that an input begins with, and the glob below it if the input is one.
#[must_use]
pub fn split_glob(input: &str) -> (PathBuf, Option<String>) {
    let path = Path::new(input);
    if path.exists() || !input.contains(['*', '?', '[', '{']) {
        return (path.to_owned(), None);
    }
    let literal = literal_part(input);
    let rest = Path::new(input).strip_prefix(literal).unwrap_or(path);
    let below = if literal.as_os_str().is_empty() {
        Path::new(".")
    } else {
        literal
    };
    let rest = rest.to_string_lossy();
    (
        below.to_owned(),
        Some(rest.strip_prefix("./").unwrap_or(&rest).to_owned()),
    )
}

/// Returns the paths of a git tree that an input selects, sorted: the file at `start`, the rules files of the folder at
/// `start`, or the matches of a glob below it. Slashes separate paths, and the root is the empty one.
#[must_use]
pub fn select_paths<'t>(start: &str, glob: Option<&str>, paths: &[&'t str]) -> Vec<&'t str> {
    let matcher = match glob {
        Some(glob) => match GlobBuilder::new(glob).literal_separator(true).build() {
            Ok(glob) => Some(glob.compile_matcher()),
            Err(_) => return Vec::new(),
        },
        None => None,
    };
    let mut selected = Vec::new();
    for path in paths {
        let is_selected = match (&matcher, path_below(path, start)) {
            (None, None) => *path == start,
            (None, Some(rest)) => {
                !rest.contains('/') && !is_hidden(Path::new(rest)) && FileKind::Rules.matches(rest)
            }
            (Some(matcher), Some(rest)) => !is_hidden(Path::new(rest)) && matcher.is_match(rest),
            (Some(_), None) => false,
        };
        if is_selected {
            selected.push(*path);
        }
    }
    selected.sort_unstable();
    selected
}

/// Returns the rest of a path below a folder.
fn path_below<'t>(path: &'t str, folder: &str) -> Option<&'t str> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

#[cfg(test)]
mod tests {
    use super::{select_paths, split_glob};

    #[test]
    fn inputs_select_a_file_a_folder_or_the_matches_of_a_glob() {
        let paths = [
            "rules.yaml",
            "rules/b.yml",
            "rules/a.yaml",
            "rules/.hidden.yaml",
            "rules/notes.txt",
            "rules/deep/c.yaml",
            "rules-of-others/d.yaml",
            "rules/.git/e.yaml",
        ];
        let cases: [(&str, Option<&str>, &[&str]); 8] = [
            ("rules.yaml", None, &["rules.yaml"]),
            ("rules", None, &["rules/a.yaml", "rules/b.yml"]),
            ("", None, &["rules.yaml"]),
            ("gone.yaml", None, &[]),
            ("rules", Some("*.yaml"), &["rules/a.yaml"]),
            (
                "rules",
                Some("**/*.yaml"),
                &["rules/a.yaml", "rules/deep/c.yaml"],
            ),
            (
                "",
                Some("rules/**/[ac].yaml"),
                &["rules/a.yaml", "rules/deep/c.yaml"],
            ),
            ("rules", Some("["), &[]),
        ];
        for (at, glob, expected) in cases {
            assert_eq!(select_paths(at, glob, &paths), expected, "{at} {glob:?}");
        }
    }

    #[test]
    fn globs_begin_after_their_literal_folders() {
        let split = |input: &str| {
            let (path, glob) = split_glob(input);
            (path.display().to_string(), glob)
        };
        assert_eq!(split("no/such.yaml"), ("no/such.yaml".to_owned(), None));
        assert_eq!(split("*.yaml"), (".".to_owned(), Some("*.yaml".to_owned())));
        assert_eq!(
            split("./x/**/*.yaml"),
            ("./x".to_owned(), Some("**/*.yaml".to_owned()))
        );
        assert_eq!(
            split("../x/*.yaml"),
            ("../x".to_owned(), Some("*.yaml".to_owned()))
        );
        assert_eq!(
            split("/x/*.yaml"),
            ("/x".to_owned(), Some("*.yaml".to_owned()))
        );
    }
}
