//! `crdrift completions SHELL`.

use clap::CommandFactory;

use crate::cli::args::{Args, CompletionsArgs};
use crate::cli::errors::Failure;
use crate::cli::{Exit, World};

pub(in crate::cli) fn run(args: &CompletionsArgs, world: &mut World) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "crdrift", &mut script);
    world.print_unredacted(|to| to.write_all(&script))?;
    Ok(Exit::InSync)
}
