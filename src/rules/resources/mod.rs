//! Terraform's resources as desired rules.
//!
//! [`load_terraform`] loads them. The ids in the resources give the instances; a rules file beside Terraform's files can
//! name them, and can complete a rule with what Terraform cannot express.

mod instances;
mod rule;

pub(super) use instances::declare;
pub(super) use rule::add_rules;

use std::path::{Path, PathBuf};

use super::discover::{FileKind, discover};
use super::error::LoadErrors;
use super::load::{Files, RuleSet, load_files, read_all};
use super::options::Options;
use super::problems::Problems;
use super::read::{read, read_unquotable};
use crate::model::Field;
use crate::source::{SourceMap, quote};
use crate::terraform::{
    ResourceCollector, TerraformProblem, TerraformResources, UNSUPPORTED_FIELDS,
};

/// The rules of Terraform's files, with those of the rules files beside them.
#[derive(Debug)]
pub struct TerraformLoad {
    /// The rules.
    pub rules: RuleSet,
    /// Sentences without a full stop about what was not read or not compared.
    pub notes: Vec<String>,
}

/// Loads Terraform's files, folders (their `*.tf`, sorted) and globs, and the rules files beside them, as one set of
/// rules.
///
/// # Errors
///
/// Every error of all files; the error of files without any resource.
pub fn load_terraform(
    inputs: &[String],
    rules: &[String],
    options: &Options<'_>,
) -> Result<TerraformLoad, LoadErrors> {
    let mut sources = SourceMap::default();
    let mut problems = Problems::default();
    let mut collector = ResourceCollector::default();
    for path in discover(inputs, FileKind::Terraform, &mut problems) {
        read_file(&path, &mut collector, &mut sources, &mut problems);
    }
    let TerraformResources {
        resources,
        mut notes,
        problems: terraform_problems,
        omitted_problems,
    } = collector.finish();
    for (problem, place) in terraform_problems {
        problems.push(problem, place);
    }
    problems.omit(omitted_problems);
    if resources.is_empty() && !problems.has_errors() {
        let inputs: Vec<_> = inputs.iter().map(|input| quote(input)).collect();
        let path = inputs.join(", ");
        problems.push_unplaced(TerraformProblem::NoResource { path });
    }
    let unsupported = UNSUPPORTED_FIELDS.map(Field::as_str).join(", ");
    notes.push(format!(
        "Terraform does not support {unsupported}: they are compared with their defaults; declare a rule with other \
         values in a rules file (--rules)"
    ));
    let rules = if rules.is_empty() {
        Vec::new()
    } else {
        read_all(rules, &mut sources, &mut problems)
    };
    let files = Files {
        rules,
        resources,
        sources,
    };
    let rules = load_files(files, options, problems)?;
    Ok(TerraformLoad { rules, notes })
}

/// Returns Terraform's files behind files, folders and globs, whatever is wrong with others.
#[must_use]
pub fn discover_terraform(inputs: &[String]) -> Vec<PathBuf> {
    discover(inputs, FileKind::Terraform, &mut Problems::default())
}

fn read_file(
    path: &Path,
    collector: &mut ResourceCollector,
    sources: &mut SourceMap,
    problems: &mut Problems,
) {
    let name = path.display().to_string();
    if name.ends_with(".tf.json") {
        let path = quote(&name);
        return problems.push_unplaced(TerraformProblem::JsonConfiguration { path });
    }
    if FileKind::Rules.matches(path) {
        let path = quote(&name);
        return problems.push_unplaced(TerraformProblem::RulesFile { path });
    }
    if path.extension().is_some_and(|extension| extension == "tf") {
        match read(path, sources) {
            Ok(file) => collector.read_configuration(file, sources),
            Err(errors) => problems.extend(errors),
        }
        return;
    }
    match read_unquotable(path, sources) {
        Ok(file) => collector.read_output(file, sources),
        Err(error) => problems.push_unplaced(error),
    }
}
