//! What the rules files say: from paths to a [`DesiredState`], or every error of every file at once.
//!
//! The one verb is [`load`]. A text is parsed once, into a tree that knows every place ([`crate::source::Tree`]).
//! On the tree, aliases and merge keys are resolved and references filled in, under a budget (`document`). Each
//! rule then goes through `serde_yaml`'s values into the structs of the file format (`decode`, `schema`) and from
//! there into the model (`rule`). Whatever is wrong is noted with its place and left out, and reading goes on:
//! a load succeeds only if nothing was noted.

mod checks;
mod codes;
mod declarable;
mod decode;
mod discover;
mod document;
mod error;
mod estate;
mod file_problem;
mod filters;
mod guards;
mod header;
mod hosts;
mod instances;
mod interpolate;
mod invisible_problem;
mod listing;
mod matrix;
mod names;
mod policies;
mod problem;
mod read;
mod reference_problem;
mod rule;
mod scalar;
mod schema;
mod scope;
mod terraform;
mod waivers;

pub use declarable::{declarable, declarable_instance};
pub use discover::UnreadFiles;
pub use error::{LoadError, LoadErrors, LoadWarnings};
pub use hosts::AllowedHosts;
pub use interpolate::EnvironmentValue;
pub use listing::{anchor, chosen};
pub use schema::schema;
pub use terraform::{Bridged, discover as discover_terraform, load as load_terraform};

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use document::Document;
use error::Problems;
use estate::Estate;
use header::Header;
use problem::Problem;
use terraform::Resource;

use crate::finding::Severities;
use crate::model::DesiredState;
use crate::policy::Policy;
use crate::source::{FileId, Parsed, Place, SourceMap, Tree};
use crate::waiver::Waiver;

/// What rules files gave.
#[derive(Debug)]
pub struct Loaded {
    /// The name of the estate, where the files give one.
    pub estate: Option<String>,
    /// What they say.
    pub desired: DesiredState,
    /// What they demand of every rule.
    pub policies: Vec<Policy>,
    /// What they accept.
    pub waivers: Vec<Waiver>,
    /// How bad they say findings are.
    pub severities: Severities,
    /// Their texts: what every place points into.
    pub sources: SourceMap,
    /// What is likely to be a slip in them.
    pub warnings: LoadWarnings,
}

/// An environment variable by its name, as `${env.NAME}` asks for it.
pub type Variables<'a> = &'a dyn Fn(&str) -> EnvironmentValue;

/// Limits on what rules files may say, and the environment that they may read.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The environment that `${env.NAME}` is filled in from.
    pub variables: Variables<'a>,
    /// Hosts that `endpoint:` may name besides those of Alibaba Cloud and this machine. `None` allows every host,
    /// which suits files whose endpoints are never asked.
    pub allowed_hosts: Option<&'a AllowedHosts>,
    /// How long a waiver may last.
    pub waiver_limit: Option<WaiverLimit>,
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("allowed_hosts", &self.allowed_hosts)
            .field("waiver_limit", &self.waiver_limit)
            .finish_non_exhaustive()
    }
}

impl<'a> Options<'a> {
    /// Returns options without limits.
    #[must_use]
    pub fn new(variables: Variables<'a>) -> Self {
        Self {
            variables,
            allowed_hosts: None,
            waiver_limit: None,
        }
    }

    /// Returns options without limits and without a single variable.
    #[must_use]
    pub fn without_variables() -> Self {
        Self::new(&|_| EnvironmentValue::Unset)
    }
}

/// How long a waiver may last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaiverLimit {
    /// The day from which days are counted.
    pub today: Date,
    /// The most days until a waiver ends.
    pub days: i32,
}

impl WaiverLimit {
    /// Reports a waiver that lasts too long, at its day.
    fn check(self, waiver: &Waiver, problems: &mut Problems) {
        let days = (waiver.expires - self.today).get_days();
        if days > self.days {
            let problem = Problem::WaiverTooLong {
                expires: waiver.expires.to_string(),
                days,
                limit: self.days,
            };
            problems.push(problem, waiver.expires_place);
        }
    }
}

/// Loads files, folders (their `*.yaml` and `*.yml`, sorted) and globs as one set of rules. A file that is named
/// twice is read once.
///
/// # Errors
///
/// Everything that is wrong with all of the files.
pub fn load(inputs: &[String], options: &Options<'_>) -> Result<Loaded, LoadErrors> {
    let mut problems = Problems::default();
    let mut sources = SourceMap::default();
    let files = read_all(inputs, &mut sources, &mut problems);
    finish(&files, &[], options, problems, sources)
}

/// Loads a text, with the name that it has in errors, and the files behind the inputs, as [`load`] does.
///
/// # Errors
///
/// Everything that is wrong with the text and the files.
pub fn load_with_text(
    (name, bytes): (&str, Vec<u8>),
    inputs: &[String],
    options: &Options<'_>,
) -> Result<Loaded, LoadErrors> {
    let mut problems = Problems::default();
    let mut sources = SourceMap::default();
    let mut files = Vec::new();
    match read::take(name, bytes, &mut sources) {
        Ok(file) => files.push(file),
        Err(faults) => problems.push_faults(faults),
    }
    if !inputs.is_empty() {
        files.extend(read_all(inputs, &mut sources, &mut problems));
    }
    finish(&files, &[], options, problems, sources)
}

/// Reads rules files into the map.
fn read_all(inputs: &[String], sources: &mut SourceMap, problems: &mut Problems) -> Vec<FileId> {
    let mut files = Vec::new();
    for path in discover::discover(inputs, &discover::RULES, problems) {
        match read::read(&path, sources) {
            Ok(file) => files.push(file),
            Err(faults) => problems.push_faults(faults),
        }
    }
    files
}

/// Loads texts, each with the name it has in errors, as [`load`] does files.
///
/// # Errors
///
/// Everything that is wrong with all of the texts.
pub fn load_texts<'a>(
    texts: impl IntoIterator<Item = (&'a str, Vec<u8>)>,
    options: &Options<'_>,
) -> Result<Loaded, LoadErrors> {
    let mut problems = Problems::default();
    let mut sources = SourceMap::default();
    let mut files = Vec::new();
    for (name, bytes) in texts {
        match read::take(name, bytes, &mut sources) {
            Ok(file) => files.push(file),
            Err(faults) => problems.push_faults(faults),
        }
    }
    finish(&files, &[], options, problems, sources)
}

/// The files behind files, folders and globs, in the order in which [`load`] reads them.
///
/// # Errors
///
/// Every input that leads to none.
pub fn discover(inputs: &[String]) -> Result<Vec<PathBuf>, LoadErrors> {
    let mut problems = Problems::default();
    let paths = discover::discover(inputs, &discover::RULES, &mut problems);
    problems.into_result(&SourceMap::default())?;
    Ok(paths)
}

/// Returns the rules files in subfolders of the inputs that [`load`] does not read, for each folder that has some.
#[must_use]
pub fn unread_below(inputs: &[String]) -> Vec<UnreadFiles> {
    discover::unread_below(inputs)
}

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

/// Returns `true` if a folder or a glob leads to a file at this path once the file exists.
#[must_use]
pub fn leads_to(input: &str, kind: FileKind, path: &Path) -> bool {
    let wanted = match kind {
        FileKind::Rules => &discover::RULES,
        FileKind::Terraform => &terraform::WANTED,
        FileKind::Results => &discover::RESULTS,
    };
    discover::leads_to(input, wanted, path)
}

/// Returns the same files where some inputs lead to none.
#[must_use]
pub fn discover_rules(inputs: &[String]) -> Vec<PathBuf> {
    discover::discover(inputs, &discover::RULES, &mut Problems::default())
}

/// The saved results behind files, folders (their `*.json`, sorted) and globs, each file once; and what is wrong with
/// the inputs that lead to none.
#[must_use]
pub fn discover_results(inputs: &[String]) -> (Vec<PathBuf>, Option<LoadErrors>) {
    let mut problems = Problems::default();
    let paths = discover::discover(inputs, &discover::RESULTS, &mut problems);
    (paths, problems.into_result(&SourceMap::default()).err())
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
        Err(faults) => {
            problems.push_faults(faults);
            String::new()
        }
        Ok(file) => {
            parse(file, &sources, &mut problems);
            sources.file(file).text.clone()
        }
    };
    problems.into_result(&sources).map(|()| text)
}

/// Makes one of what rules files and Terraform's resources say.
fn finish(
    files: &[FileId],
    resources: &[Resource],
    options: &Options<'_>,
    mut problems: Problems,
    sources: SourceMap,
) -> Result<Loaded, LoadErrors> {
    let mut estate = interpret(files, resources, &sources, options.variables, &mut problems);
    let policies = std::mem::take(&mut estate.policies).into_vec();
    let name = estate.name().map(str::to_owned);
    if let Some(allowed) = options.allowed_hosts {
        for endpoint in &estate.instances.endpoints {
            endpoint.check(allowed, &mut problems);
        }
    }
    let (desired, waivers, severities) = estate.finish(&mut problems);
    if let Some(limit) = options.waiver_limit {
        for waiver in &waivers {
            limit.check(waiver, &mut problems);
        }
    }
    let warnings = problems.take_warnings(&sources);
    if let Err(errors) = problems.into_result(&sources) {
        return Err(errors.of_estate(name));
    }
    Ok(Loaded {
        estate: name,
        desired,
        policies,
        waivers,
        severities,
        sources,
        warnings,
    })
}

/// Reads the texts together: first everybody's instances, then the rules that use them.
fn interpret(
    files: &[FileId],
    resources: &[Resource],
    sources: &SourceMap,
    variables: Variables<'_>,
    problems: &mut Problems,
) -> Estate {
    let trees: Vec<(FileId, Option<Tree<'_>>)> = files
        .iter()
        .map(|file| (*file, parse(*file, sources, problems)))
        .collect();
    let mut estate = Estate::default();
    // Where anything could not be read, an instance may be declared in just that.
    estate.instances.unknown = problems.any();
    let mut documents = Vec::with_capacity(trees.len());
    for (file, tree) in &trees {
        let mut document = tree
            .as_ref()
            .map(|tree| Document::new(tree, *file, variables));
        let header = document
            .as_mut()
            .and_then(|document| header::read(document, &mut estate));
        estate.instances.unknown |=
            header.is_none() || document.as_ref().is_some_and(|it| it.exhausted);
        documents.extend(document.map(|document| (document, header)));
    }
    terraform::declare(resources, &mut estate.instances, problems);
    for (mut document, header) in documents {
        let header = header.filter(|_| !document.exhausted);
        if let Some(Header {
            defaults,
            rules,
            ignore,
            policies,
            waivers,
        }) = header
        {
            if let Some(rules) = rules {
                rule::read_all(&mut document, &mut estate, &defaults, &rules);
            }
            if let Some(policies) = policies {
                policies::read_all(&mut document, &mut estate, &defaults, &policies);
            }
            if let Some(ignore) = ignore {
                estate.ignore(&mut document, &ignore);
            }
            if let Some(waivers) = waivers {
                let read = waivers::read_all(&mut document, &estate.instances, &waivers);
                estate.waivers.extend(read);
            }
        }
        problems.absorb(document.problems);
    }
    terraform::add(resources, &mut estate, problems);
    estate
}

fn parse<'t>(file: FileId, sources: &'t SourceMap, problems: &mut Problems) -> Option<Tree<'t>> {
    let Parsed {
        tree,
        errors,
        omitted,
    } = Tree::parse(&sources.file(file).text);
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
