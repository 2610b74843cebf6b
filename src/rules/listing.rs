//! Inputs as they apply to an earlier version of the files: a listing of paths, not a disk.

use std::path::{Path, PathBuf};

use globset::GlobBuilder;

use super::discover::{is_rules_file, literal_part};

/// Where an input begins on the disk, and the glob below that, where it is one.
#[must_use]
pub fn anchor(input: &str) -> (PathBuf, Option<String>) {
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

/// The paths of a listing that an input means: the file at `at`, the rules files of the folder `at`, or what a glob
/// matches below it. Paths are divided by `/`, and the empty one is the root.
#[must_use]
pub fn chosen<'l>(at: &str, glob: Option<&str>, listing: &[&'l str]) -> Vec<&'l str> {
    let below = |path: &'l str| {
        if at.is_empty() {
            Some(path)
        } else {
            path.strip_prefix(at)?.strip_prefix('/')
        }
    };
    let visible = |rest: &str| !rest.split('/').any(|name| name.starts_with('.'));
    let matcher = glob.map(|glob| {
        GlobBuilder::new(glob)
            .literal_separator(true)
            .build()
            .map(|it| it.compile_matcher())
    });
    let is_chosen = |path: &'l str| match (&matcher, below(path)) {
        (None, None) => path == at,
        (None, Some(rest)) => {
            !rest.contains('/') && visible(rest) && is_rules_file(Path::new(rest))
        }
        (Some(Ok(matcher)), Some(rest)) => visible(rest) && matcher.is_match(rest),
        (Some(_), _) => false,
    };
    let mut chosen: Vec<&str> = listing
        .iter()
        .copied()
        .filter(|path| is_chosen(path))
        .collect();
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use super::{anchor, chosen};

    #[test]
    fn an_input_means_a_file_a_folder_or_what_a_glob_matches() {
        let listing = [
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
            assert_eq!(chosen(at, glob, &listing), expected, "{at} {glob:?}");
        }
    }

    #[test]
    fn a_glob_begins_where_its_folders_end() {
        let told = |input: &str| {
            let (path, glob) = anchor(input);
            (path.display().to_string(), glob)
        };
        assert_eq!(told("no/such.yaml"), ("no/such.yaml".to_owned(), None));
        assert_eq!(told("*.yaml"), (".".to_owned(), Some("*.yaml".to_owned())));
        assert_eq!(
            told("./x/**/*.yaml"),
            ("./x".to_owned(), Some("**/*.yaml".to_owned()))
        );
        assert_eq!(
            told("../x/*.yaml"),
            ("../x".to_owned(), Some("*.yaml".to_owned()))
        );
        assert_eq!(
            told("/x/*.yaml"),
            ("/x".to_owned(), Some("*.yaml".to_owned()))
        );
    }
}
