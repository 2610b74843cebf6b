//! `crdrift validate [FILES]`: the rules files alone, offline.

use super::{counted, load_desired};
use crate::cli::args::ValidateArgs;
use crate::cli::errors::Failure;
use crate::cli::{Exit, World};

pub(in crate::cli) fn run(args: &ValidateArgs, world: &mut World) -> Result<Exit, Failure> {
    let loaded = load_desired(&args.desired, world)?;
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
    world.print(&format!("Valid: {rules} on {instances}{policies}, declared in {files}{warnings}.\n"))?;
    Ok(Exit::InSync)
}
