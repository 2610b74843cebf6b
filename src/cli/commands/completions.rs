//! `crdrift completions SHELL`.

use clap::CommandFactory;

use crate::cli::args::{Args, CompletionsArgs};
use crate::cli::failure::Failure;
use crate::cli::{Context, Exit};

pub(in crate::cli) fn run(args: &CompletionsArgs, context: &mut Context) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "crdrift", &mut script);
    context.print_unredacted(|to| to.write_all(&script))?;
    Ok(Exit::Success)
}
