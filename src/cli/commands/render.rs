//! `crdrift render RESULT`: a saved result in any format.

use super::{Saved, read_saved};
use crate::cli::args::RenderArgs;
use crate::cli::errors::Failure;
use crate::cli::{Exit, World, failed, output};

pub(in crate::cli) fn run(args: &RenderArgs, world: &mut World) -> Result<Exit, Failure> {
    world.mask = args.output.mask([]);
    let saved = read_saved(&args.result, world);
    let Saved {
        report, document, ..
    } = saved.inspect_err(|failure| {
        failed::write_report(failure, "render", None, &args.output, world);
    })?;
    world.mask = args.output.mask(
        report
            .instances
            .iter()
            .flat_map(|it| [Some(&*it.id), it.account.as_deref()])
            .flatten(),
    );
    output::write_read(report, Some(document), &args.output, world)?;
    Ok(Exit::InSync)
}
