//! Resources of the type `alicloud_cr_ee_sync_rule`: from the output of `terraform show -json`, or from configuration
//! with literal values.
//!
//! [`ResourceCollector`] reads texts and collects their resources, each with its places; `rules` makes rules of them.

mod configuration;
mod output;
mod problem;
mod resource;

pub use problem::TerraformProblem;
pub use resource::{
    RESOURCE_TYPE, Resource, ResourceAttribute, ResourceEndpoint, UNSUPPORTED_FIELDS,
};

use std::collections::HashMap;

use crate::source::{FileId, Place, SourceMap};

/// The most notes that are kept; further ones are counted.
const MAX_NOTES: usize = 100;

/// The most problems that are kept; further ones are counted.
const MAX_PROBLEMS: usize = 100;

/// The resources of the files read so far.
#[derive(Debug, Default)]
pub struct ResourceCollector {
    resources: Vec<Resource>,
    notes: Vec<String>,
    omitted_notes: usize,
    problems: Vec<(TerraformProblem, Place)>,
    omitted_problems: usize,
    providers: Vec<Provider>,
    /// The indices of resources of the configuration with their providers, as `alicloud.alias`; `None` for the default
    /// provider.
    provider_references: Vec<(usize, Option<String>)>,
}

/// The resources of all files.
#[derive(Debug)]
pub struct TerraformResources {
    /// The valid resources.
    pub resources: Vec<Resource>,
    /// Sentences without a full stop about files and attributes that were not read.
    pub notes: Vec<String>,
    /// The problems with their places, at most 100.
    pub problems: Vec<(TerraformProblem, Place)>,
    /// The number of further problems.
    pub omitted_problems: usize,
}

/// A provider of the configuration.
#[derive(Debug)]
struct Provider {
    alias: Option<String>,
    region: Option<String>,
}

impl ResourceCollector {
    /// Reads configuration.
    pub fn read_configuration(&mut self, file: FileId, sources: &SourceMap) {
        configuration::read(file, sources, self);
    }

    /// Reads the output of `terraform show -json`; a text that is not JSON as configuration.
    pub fn read_output(&mut self, file: FileId, sources: &SourceMap) {
        let text = without_wrapper(&sources.file(file).text);
        if text.trim_start().starts_with(['{', '[']) {
            output::read(file, sources, self);
        } else {
            configuration::read(file, sources, self);
        }
    }

    /// Returns the resources, those of the configuration with the regions of their providers.
    #[must_use]
    pub fn finish(mut self) -> TerraformResources {
        self.resolve_regions();
        if self.omitted_notes > 0 {
            self.notes
                .push(format!("{} more notes omitted", self.omitted_notes));
        }
        TerraformResources {
            resources: self.resources,
            notes: self.notes,
            problems: self.problems,
            omitted_problems: self.omitted_problems,
        }
    }

    /// Adds a note, once.
    fn note(&mut self, note: String) {
        if self.notes.contains(&note) {
            return;
        }
        if self.notes.len() >= MAX_NOTES {
            self.omitted_notes += 1;
        } else {
            self.notes.push(note);
        }
    }

    fn report(&mut self, problem: TerraformProblem, place: Place) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push((problem, place));
        } else {
            self.omitted_problems += 1;
        }
    }

    /// Returns the number of problems.
    fn problem_count(&self) -> usize {
        self.problems.len() + self.omitted_problems
    }

    /// Sets the region of each resource of the configuration to that of its provider, which may be in another file.
    fn resolve_regions(&mut self) {
        let mut by_alias: HashMap<Option<&str>, &Provider> = HashMap::new();
        for provider in &self.providers {
            by_alias
                .entry(provider.alias.as_deref())
                .or_insert(provider);
        }
        for (index, reference) in &self.provider_references {
            let alias = reference
                .as_deref()
                .and_then(|reference| reference.strip_prefix("alicloud."));
            let region = by_alias
                .get(&alias)
                .and_then(|provider| provider.region.clone());
            if let Some(resource) = self.resources.get_mut(*index) {
                resource.provider_region = region;
            }
        }
    }
}

/// Returns the document in the output of the wrapper that GitHub's setup-terraform installs: it prints a line
/// `[command]…` before Terraform's output, and lines of workflow commands after it.
fn without_wrapper(text: &str) -> &str {
    let Some((_, document)) = text
        .trim_start()
        .strip_prefix("[command]")
        .and_then(|rest| rest.split_once('\n'))
    else {
        return text;
    };
    // No line of a JSON document begins with two colons.
    document
        .find("\n::")
        .and_then(|end| document.get(..=end))
        .unwrap_or(document)
}
