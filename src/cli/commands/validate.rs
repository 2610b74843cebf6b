//! `crdrift validate [FILES]`: the rules files alone, offline.

use super::{counted, load_desired};
use crate::cli::args::{OutputArgs, ValidateArgs};
use crate::cli::errors::Failure;
use crate::cli::{Exit, World, failed, output};
use crate::desired::Loaded;
use crate::report::{EstateName, Format, Outcome, Report, RulesFile, Verdict};

/// The formats that have nothing to say of rules files alone.
const WITHOUT_MEANING: [Format; 3] = [Format::Html, Format::Prometheus, Format::TerraformJson];

pub(in crate::cli) fn run(args: &ValidateArgs, world: &mut World) -> Result<Exit, Failure> {
    let outputs = OutputArgs::from(&args.output);
    if let Some(format) = outputs.output.iter().map(output::Output::format).find(|it| WITHOUT_MEANING.contains(it)) {
        return Err(Failure::usage(format!("validate reads nothing live, so {} has nothing to show", format.name()))
            .help("use text, json, ndjson, sarif, junit, gitlab, github, markdown or csv"));
    }
    let loaded = load_desired(&args.desired, world).inspect_err(|failure| {
        let estate = failure.estate().map(|name| EstateName { name: name.to_owned(), is_declared: true });
        failed::write_report(failure, "validate", estate, &outputs, world);
    })?;
    output::write_all(report(&loaded, world), &outputs, world)?;
    Ok(Exit::InSync)
}

/// The result of rules files that are valid.
fn report(loaded: &Loaded, world: &World) -> Report {
    let files = loaded.sources.named_files();
    let estate = loaded.estate.as_ref().map(|name| EstateName { name: name.clone(), is_declared: true });
    Report {
        estate,
        verdict: Verdict { outcome: Outcome::Passed, exit_code: 0, reason: summary(loaded) },
        files: files.map(|(name, file)| RulesFile { path: name.to_owned(), sha256: file.sha256.clone() }).collect(),
        desired_rules: loaded.desired.rules.len(),
        duration_ms: world.elapsed_ms(),
        ..Report::failed("validate", world.started_ms, String::new(), Vec::new())
    }
}

fn summary(loaded: &Loaded) -> String {
    let rules = counted(loaded.desired.rules.len(), "rule");
    let instances = counted(loaded.desired.instances.len(), "instance");
    let files = counted(loaded.sources.files().len(), "file");
    let policies = match loaded.policies.len() {
        0 => String::new(),
        1 => ", 1 policy".to_owned(),
        count => format!(", {count} policies"),
    };
    let warnings = match loaded.warnings.count() {
        0 => String::new(),
        count => format!("; {}", counted(count as u64, "warning")),
    };
    format!("{rules} on {instances}{policies}, declared in {files}{warnings}")
}
