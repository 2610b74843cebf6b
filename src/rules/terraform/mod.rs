//! Desired state out of Terraform: what `terraform show -json` prints, and configuration that is literal.
//!
//! The one verb is [`load`]. Instances follow from the ids in the resources; a rules file beside them can call them
//! something, and can complete a rule with what Terraform cannot express.

mod config;
mod instances;
mod problem;
mod resource;
mod rules;
mod state;

pub(super) use self::instances::declare;
pub(super) use self::problem::TerraformProblem;
pub(super) use self::resource::Resource;
pub(super) use self::rules::add;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::discover::{self, Wanted};
use super::error::Problems;
use super::problem::Problem;
use super::{LoadErrors, Loaded, Options, finish, read};
use crate::source::{FileId, SourceMap, quote, truncate};

/// Terraform's files, as a folder has them.
pub(super) const WANTED: Wanted = Wanted {
    takes: is_terraform,
    told: "*.tf",
    nested: "**/*.tf",
    instead: "name a file, a folder of them, or a glob such as 'infra/*.tf'",
};

/// Configuration, in either of its two spellings.
fn is_terraform(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    name.ends_with(b".tf") || name.ends_with(b".tf.json")
}

/// The most notes that are kept; further ones are counted.
const MAX_NOTES: usize = 100;

/// What Terraform's files gave, and what there is to know about it.
#[derive(Debug)]
pub struct Bridged {
    /// What they say, with the rules files beside them.
    pub loaded: Loaded,
    /// What was not followed or not known: sentences without a full stop.
    pub notes: Vec<String>,
}

/// Loads Terraform's files, folders (their `*.tf`, sorted) and globs, and the rules files beside them, as one set of
/// rules.
///
/// # Errors
///
/// Everything that is wrong with all of the files; a set of files without a single resource is wrong as well.
pub fn load(
    inputs: &[String],
    rules: &[String],
    options: &Options<'_>,
) -> Result<Bridged, LoadErrors> {
    let mut sources = SourceMap::default();
    let mut found = Found::default();
    for path in discover::discover(inputs, &WANTED, &mut found.problems) {
        read_file(&path, &mut sources, &mut found);
    }
    found.serve();
    if found.resources.is_empty() && !found.problems.any() {
        let path = inputs
            .iter()
            .map(|input| quote(input))
            .collect::<Vec<_>>()
            .join(", ");
        found
            .problems
            .push_without_place(TerraformProblem::NoResource { path }.into());
    }
    let Found {
        resources,
        mut notes,
        omitted_notes,
        mut problems,
        ..
    } = found;
    if omitted_notes > 0 {
        notes.push(format!(
            "{omitted_notes} further notes of this kind are not shown"
        ));
    }
    notes.push(inexpressible());
    let rules = if rules.is_empty() {
        Vec::new()
    } else {
        super::read_all(rules, &mut sources, &mut problems)
    };
    let loaded = finish(&rules, &resources, options, problems, sources)?;
    Ok(Bridged { loaded, notes })
}

/// Returns the files of Terraform behind files, folders and globs, also where some of them lead to none.
#[must_use]
pub fn discover(inputs: &[String]) -> Vec<PathBuf> {
    discover::discover(inputs, &WANTED, &mut Problems::default())
}

/// What nobody should have to find out.
fn inexpressible() -> String {
    let fields = resource::INEXPRESSIBLE
        .map(crate::model::Field::as_str)
        .join(", ");
    format!(
        "Terraform cannot express {fields}: they are compared with what it creates; where something else is meant, \
         declare the rule in a rules file beside it (--rules)"
    )
}

fn read_file(path: &Path, sources: &mut SourceMap, found: &mut Found) {
    let name = path.display().to_string();
    let refuse = |found: &mut Found, problem: TerraformProblem| {
        found.problems.push_without_place(problem.into());
    };
    if name.ends_with(".tf.json") {
        return refuse(
            found,
            TerraformProblem::JsonConfiguration { path: quote(&name) },
        );
    }
    if path
        .extension()
        .is_some_and(|it| it == "yaml" || it == "yml")
    {
        return refuse(found, TerraformProblem::RulesFile { path: quote(&name) });
    }
    let is_config = path.extension().is_some_and(|it| it == "tf");
    let read = if is_config {
        read::read(path, sources)
    } else {
        read::read_document(path, sources)
    };
    match read {
        Ok(file) if is_config || !is_json(file, sources) => config::read(file, sources, found),
        Ok(file) => state::read(file, sources, found),
        Err(faults) => found.problems.push_faults(faults),
    }
}

fn is_json(file: FileId, sources: &SourceMap) -> bool {
    unwrapped(&sources.file(file).text)
        .trim_start()
        .starts_with(['{', '['])
}

/// Returns the document within the output of the wrapper that GitHub's setup-terraform installs: it prints a line
/// `[command]…` before what Terraform prints, and lines of workflow commands behind it.
fn unwrapped(text: &str) -> &str {
    let Some((_, document)) = text
        .trim_start()
        .strip_prefix("[command]")
        .and_then(|rest| rest.split_once('\n'))
    else {
        return text;
    };
    // No line of a JSON document begins with a colon twice.
    document
        .find("\n::")
        .and_then(|end| document.get(..=end))
        .unwrap_or(document)
}

/// What was found in the files so far.
#[derive(Debug, Default)]
struct Found {
    resources: Vec<Resource>,
    notes: Vec<String>,
    /// Notes beyond those that are kept.
    omitted_notes: usize,
    problems: Problems,
    providers: Vec<Provider>,
    /// Which resource of the configuration is served by which provider, as `alicloud.alias`; `None`: the default one.
    served: Vec<(usize, Option<String>)>,
}

/// A provider of the configuration.
#[derive(Debug)]
struct Provider {
    alias: Option<String>,
    region: Option<String>,
}

impl Found {
    /// Takes a note, once.
    fn note(&mut self, note: String) {
        if self.notes.len() >= MAX_NOTES {
            self.omitted_notes += 1;
        } else if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Gives each resource of the configuration the region of its provider, which may be in another file.
    fn serve(&mut self) {
        let mut by_alias: HashMap<Option<&str>, &Provider> = HashMap::new();
        for provider in &self.providers {
            by_alias
                .entry(provider.alias.as_deref())
                .or_insert(provider);
        }
        for (resource, provider) in &self.served {
            let alias = provider
                .as_deref()
                .and_then(|it| it.strip_prefix("alicloud."));
            let serving = by_alias.get(&alias);
            if let Some(resource) = self.resources.get_mut(*resource) {
                resource.region = serving.and_then(|it| it.region.clone());
            }
        }
    }
}

impl From<TerraformProblem> for Problem {
    fn from(problem: TerraformProblem) -> Self {
        Self::Terraform(problem)
    }
}
