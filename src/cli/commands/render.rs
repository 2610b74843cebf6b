//! `crdrift render RESULT`: a saved result in any format.

use crate::cli::args::RenderArgs;
use crate::cli::failure::Failure;
use crate::cli::failure_report::FailedCommand;
use crate::cli::input::read_saved_result;
use crate::cli::{Context, Exit, failure_report, output};
use crate::report::LiveSource;

pub(in crate::cli) fn run(args: &RenderArgs, context: &mut Context) -> Result<Exit, Failure> {
    context.mask_ids(args.output.mask_ids);
    let saved = read_saved_result(&args.result, context).inspect_err(|failure| {
        let failed = FailedCommand {
            command: "render",
            estate: None,
            live: LiveSource::None,
        };
        failure_report::write_report(failure, failed, &args.output, context);
    })?;
    output::write_rendered_result(saved, &args.output, context)?;
    Ok(Exit::Success)
}
