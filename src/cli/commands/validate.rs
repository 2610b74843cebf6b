//! `crdrift validate [FILES]`: the rules files alone, offline.

use super::{counted, load};
use crate::cli::args::ValidateArgs;
use crate::cli::errors::Failure;
use crate::cli::{Exit, World};

pub(in crate::cli) fn run(args: &ValidateArgs, world: &mut World) -> Result<Exit, Failure> {
    let loaded = load(&args.files, world)?;
    let rules = counted(loaded.desired.rules.len(), "rule");
    let instances = counted(loaded.desired.instances.len(), "instance");
    let files = counted(loaded.sources.files().len(), "file");
    world.print(&format!("Valid: {rules} on {instances}, declared in {files}.\n"))?;
    Ok(Exit::InSync)
}
