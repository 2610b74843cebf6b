//! What the rules files say: from paths to a [`DesiredState`], or every error of every file at once.
//!
//! The one verb is [`load`]. A text is parsed once, into a tree that knows every place ([`crate::source::Tree`]).
//! On the tree, aliases and merge keys are resolved and references filled in, under a budget (`document`). Each
//! rule then goes through `serde_yaml`'s values into the structs of the file format (`decode`, `schema`) and from
//! there into the model (`rule`). Whatever is wrong is noted with its place and left out, and reading goes on:
//! a load succeeds only if nothing was noted.

mod checks;
mod decode;
mod discover;
mod document;
mod error;
mod estate;
mod filter;
mod header;
mod instances;
mod interpolate;
mod matrix;
mod names;
mod policies;
mod problem;
mod read;
mod rule;
mod scalar;
mod schema;
mod scope;
mod suggest;

pub use error::{LoadError, LoadErrors};
pub use schema::schema;
pub use suggest::nearest;

use std::path::PathBuf;

use document::Document;
use error::Problems;
use estate::Estate;
use header::Header;
use problem::Problem;

use crate::model::DesiredState;
use crate::policy::Policy;
use crate::source::{FileId, Parsed, Place, SourceMap, Tree};

/// What rules files gave.
#[derive(Debug)]
pub struct Loaded {
    /// What they say.
    pub desired: DesiredState,
    /// What they demand of every rule.
    pub policies: Vec<Policy>,
    /// Their texts: what the places in [`Loaded::desired`] point into.
    pub sources: SourceMap,
}

/// Loads files, folders (their `*.yaml` and `*.yml`, sorted) and globs as one set of rules. A file that is named
/// twice is read once. `variables` is the environment that `${env.…}` asks.
///
/// # Errors
///
/// Everything that is wrong with all of the files.
pub fn load(inputs: &[String], variables: &dyn Fn(&str) -> Option<String>) -> Result<Loaded, LoadErrors> {
    let mut problems = Problems::default();
    let mut sources = SourceMap::default();
    let mut files = Vec::new();
    let paths = discover::discover(inputs, &mut problems);
    for path in &paths {
        match read::read(path, &mut sources) {
            Ok(file) => files.push(file),
            Err(fault) => problems.push_fault(fault),
        }
    }
    finish(&files, variables, problems, sources)
}

/// Loads texts, each with the name it has in errors, as [`load`] does files.
///
/// # Errors
///
/// Everything that is wrong with all of the texts.
pub fn load_texts<'a>(
    texts: impl IntoIterator<Item = (&'a str, Vec<u8>)>,
    variables: &dyn Fn(&str) -> Option<String>,
) -> Result<Loaded, LoadErrors> {
    let mut problems = Problems::default();
    let mut sources = SourceMap::default();
    let mut files = Vec::new();
    for (name, bytes) in texts {
        match read::take(name, bytes, &mut sources) {
            Ok(file) => files.push(file),
            Err(fault) => problems.push_fault(fault),
        }
    }
    finish(&files, variables, problems, sources)
}

/// The files behind files, folders and globs, in the order in which [`load`] reads them.
///
/// # Errors
///
/// Every input that leads to none.
pub fn discover(inputs: &[String]) -> Result<Vec<PathBuf>, LoadErrors> {
    let mut problems = Problems::default();
    let paths = discover::discover(inputs, &mut problems);
    problems.into_result(&SourceMap::default())?;
    Ok(paths)
}

/// The text of a file, looked at as YAML only: what it means is not asked.
///
/// # Errors
///
/// Everything for which it is no YAML that [`load`] would read on.
pub fn parse_text(name: &str, bytes: Vec<u8>) -> Result<String, LoadErrors> {
    let mut problems = Problems::default();
    let mut sources = SourceMap::default();
    let text = match read::take(name, bytes, &mut sources) {
        Err(fault) => {
            problems.push_fault(fault);
            String::new()
        }
        Ok(file) => {
            parse(file, &sources, &mut problems);
            sources.file(file).text.clone()
        }
    };
    problems.into_result(&sources).map(|()| text)
}

fn finish(
    files: &[FileId],
    variables: &dyn Fn(&str) -> Option<String>,
    mut problems: Problems,
    sources: SourceMap,
) -> Result<Loaded, LoadErrors> {
    let (desired, policies) = interpret(files, &sources, variables, &mut problems);
    problems.into_result(&sources)?;
    Ok(Loaded { desired, policies, sources })
}

/// Reads the texts together: first everybody's instances, then the rules that use them.
fn interpret(
    files: &[FileId],
    sources: &SourceMap,
    variables: &dyn Fn(&str) -> Option<String>,
    problems: &mut Problems,
) -> (DesiredState, Vec<Policy>) {
    let trees: Vec<(FileId, Option<Tree<'_>>)> =
        files.iter().map(|file| (*file, parse(*file, sources, problems))).collect();
    let mut estate = Estate::default();
    // Where anything could not be read, an instance may be declared in just that.
    estate.instances.unknown = problems.any();
    let mut documents = Vec::with_capacity(trees.len());
    for (file, tree) in &trees {
        let mut document = tree.as_ref().map(|tree| Document::new(tree, *file, variables));
        let header = document.as_mut().and_then(|document| header::read(document, &mut estate));
        estate.instances.unknown |= header.is_none() || document.as_ref().is_some_and(|it| it.exhausted);
        documents.extend(document.map(|document| (document, header)));
    }
    for (mut document, header) in documents {
        let header = header.filter(|_| !document.exhausted);
        if let Some(Header { defaults, rules, ignore, policies }) = header {
            if let Some(rules) = rules {
                rule::read_all(&mut document, &mut estate, &defaults, &rules);
            }
            if let Some(policies) = policies {
                policies::read_all(&mut document, &mut estate, &defaults, &policies);
            }
            if let Some(ignore) = ignore {
                estate.ignore(&mut document, &ignore);
            }
        }
        problems.absorb(document.problems);
    }
    let policies = std::mem::take(&mut estate.policies);
    (estate.finish(problems), policies.into_vec())
}

fn parse<'t>(file: FileId, sources: &'t SourceMap, problems: &mut Problems) -> Option<Tree<'t>> {
    let Parsed { tree, errors, omitted } = Tree::parse(&sources.file(file).text);
    let place = |span| Place { file, span };
    for error in errors {
        let problem = Problem::Yaml(error.problem);
        match error.first {
            Some(first) => problems.push_with_first(problem, place(error.span), place(first)),
            None => problems.push(problem, place(error.span)),
        }
    }
    problems.omit(omitted);
    tree
}

#[cfg(test)]
mod tests;
