//! The estate of a run.

use std::path::Path;

use super::args::DesiredArgs;
use super::checkout::path_in_repository;
use super::context::Context;
use super::failure::Failure;
use crate::report::EstateName;
use crate::rules::split_glob;
use crate::source::SourceMap;

/// Returns the estate of a run, named by the command line, by the rules files or, without a name, by the paths of the
/// files in the repository.
pub(super) fn estate(
    option: Option<&str>,
    declared: Option<&str>,
    sources: &SourceMap,
) -> EstateName {
    let name = option.or(declared).map(str::to_owned);
    let paths = || sources.named_files().map(|(name, _)| name.to_owned());
    estate_name(name, || paths().collect())
}

/// Returns the estate of a run that could not load its rules files, named by the files that were read or, if there are
/// none, by the inputs.
pub(super) fn estate_of_failure(
    failure: &Failure,
    option: Option<&str>,
    desired: &DesiredArgs,
    context: &Context,
) -> EstateName {
    let name = option.or(failure.estate()).map(str::to_owned);
    estate_name(name, || {
        let files = failure.files().iter().map(|file| file.path.clone());
        let files: Vec<String> = files.collect();
        if files.is_empty() {
            let inputs = desired.paths();
            return inputs.iter().map(|input| path_of(input, context)).collect();
        }
        files
    })
}

/// Returns the estate with a declared name; without one, its paths are the name, sorted, each once.
fn estate_name(declared: Option<String>, paths: impl FnOnce() -> Vec<String>) -> EstateName {
    if let Some(name) = declared {
        return EstateName {
            name,
            is_declared: true,
        };
    }
    let mut paths = paths();
    paths.sort_unstable();
    paths.dedup();
    EstateName {
        name: paths.join(", "),
        is_declared: false,
    }
}

/// Returns the path of an input; of a glob, the folder that it searches.
fn path_of(input: &str, context: &Context) -> String {
    if input == "-" {
        input.to_owned()
    } else {
        path_in_repository(Path::new(&split_glob(input).0), context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_beats_paths_and_the_command_line_beats_the_file() {
        let mut sources = SourceMap::default();
        for path in ["rules/b.yaml", "rules/a.yaml"] {
            sources.add(path.to_owned(), String::new(), String::new());
        }
        let name = |option, declared| estate(option, declared, &sources).name;
        assert_eq!(name(Some("a"), Some("b")), "a");
        assert_eq!(name(None, Some("b")), "b");
        assert_eq!(name(None, None), "rules/a.yaml, rules/b.yaml");
        assert!(!estate(None, None, &sources).is_declared);
    }
}
