//! `crdrift render RESULT`: a saved result in any format.

use super::{Saved, read_saved};
use crate::cli::args::RenderArgs;
use crate::cli::errors::Failure;
use crate::cli::{Exit, World, output};

pub(in crate::cli) fn run(args: &RenderArgs, world: &mut World) -> Result<Exit, Failure> {
    output::refuse_clashes(&args.output.output)?;
    world.mask = args.output.mask([]);
    let Saved { report, document, .. } = read_saved(&args.result, world)?;
    world.mask =
        args.output.mask(report.instances.iter().flat_map(|it| [Some(&*it.id), it.account.as_deref()]).flatten());
    output::write_read(report, Some(document), &args.output, world)?;
    Ok(Exit::InSync)
}
