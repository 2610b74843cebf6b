//! `crdrift render RESULT`: a saved result in any format.

use super::{DOCUMENT_LIMIT, read_input};
use crate::cli::args::RenderArgs;
use crate::cli::errors::Failure;
use crate::cli::{Exit, World, output};
use crate::report;

pub(in crate::cli) fn run(args: &RenderArgs, world: &mut World) -> Result<Exit, Failure> {
    output::refuse_clashes(&args.output.output)?;
    world.mask = args.output.mask([]);
    let (name, bytes) = read_input(&args.result, DOCUMENT_LIMIT, world);
    let bytes = bytes.map_err(|error| Failure::new(format!("cannot read a result from {name}: {error}")))?;
    let report = report::read(&bytes).map_err(|error| {
        Failure::new(format!("cannot read a result from {name}: {error}"))
            .help("give what `crdrift plan -o json=result.json` wrote")
    })?;
    world.mask = args.output.mask(report.instances.iter().map(|it| it.id.as_str()));
    output::write_all(report, &args.output, world)?;
    Ok(Exit::InSync)
}
