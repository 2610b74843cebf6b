//! The name of what a run checks.

use std::path::Path;

use super::checkout::path_in_repository;
use super::world::World;
use crate::report::{EstateName, RulesFile};
use crate::rules::anchor;
use crate::source::SourceMap;

/// Returns the estate of a run: as the command line names it, as the rules files do, or else the paths of the files,
/// which are the same however they are spelled and wherever the run starts.
pub(super) fn estate(
    option: Option<&str>,
    declared: Option<&str>,
    sources: &SourceMap,
) -> EstateName {
    let paths = || {
        joined(
            sources
                .named_files()
                .map(|(name, _)| name.to_owned())
                .collect(),
        )
    };
    named(option, declared).unwrap_or_else(|| EstateName {
        name: paths(),
        is_declared: false,
    })
}

/// Returns the estate of a run that could not load its rules files. `files` are those that were read; without any,
/// `inputs` name the estate.
pub(super) fn estate_of_failure(
    option: Option<&str>,
    declared: Option<&str>,
    files: &[RulesFile],
    inputs: &[String],
    world: &World,
) -> EstateName {
    let paths = || match files {
        [] => joined(inputs.iter().map(|input| path_of(input, world)).collect()),
        files => joined(files.iter().map(|file| file.path.clone()).collect()),
    };
    named(option, declared).unwrap_or_else(|| EstateName {
        name: paths(),
        is_declared: false,
    })
}

fn named(option: Option<&str>, declared: Option<&str>) -> Option<EstateName> {
    option.or(declared).map(|name| EstateName {
        name: name.to_owned(),
        is_declared: true,
    })
}

/// Joins paths, sorted, each once.
fn joined(mut paths: Vec<String>) -> String {
    paths.sort_unstable();
    paths.dedup();
    paths.join(", ")
}

/// Returns the path of an input; a glob is the folder that it looks into.
fn path_of(input: &str, world: &World) -> String {
    if input == "-" {
        input.to_owned()
    } else {
        path_in_repository(Path::new(&anchor(input).0), world)
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
