//! `crdrift history show`: a recorded result in any format.

use crate::cli::args::HistoryShowArgs;
use crate::cli::failure::Failure;
use crate::cli::failure_report::FailedCommand;
use crate::cli::input::SavedResult;
use crate::cli::{Context, Exit, failure_report, output, store};
use crate::report::{self, LiveSource};
use crate::store::{KeptResult, StoreAccess};

pub(super) fn run(args: &HistoryShowArgs, context: &mut Context) -> Result<Exit, Failure> {
    context.mask_ids(args.output.mask_ids);
    let saved = read(args, context).inspect_err(|failure| {
        let failed = FailedCommand {
            command: "history",
            estate: None,
            live: LiveSource::None,
        };
        failure_report::write_report(failure, failed, &args.output, context);
    })?;
    output::write_rendered_result(saved, &args.output, context)?;
    Ok(Exit::Success)
}

fn read(args: &HistoryShowArgs, context: &mut Context) -> Result<SavedResult, Failure> {
    let mut store = store::open(args.store.store.as_ref(), StoreAccess::Read, context)?;
    let kept = if args.run == "latest" {
        store.latest_run(args.estate.as_deref())?
    } else {
        store.find_run(&args.run)?
    };
    decode_kept_result(kept)
}

/// Reads the document of a kept result.
pub(in crate::cli) fn decode_kept_result(kept: KeptResult) -> Result<SavedResult, Failure> {
    let Some(text) = kept.text else {
        return Err(Failure::new(format!(
            "the document of run {} was pruned",
            kept.id.short()
        ))
        .help("list the runs that have one: crdrift history runs -o json"));
    };
    let report = report::read(text.as_bytes())
        .map_err(|error| Failure::new(format!("cannot read run {}: {error}", kept.id.short())))?;
    Ok(SavedResult {
        name: kept.name,
        digest: report::Digest::hash(text.as_bytes()),
        text,
        report,
    })
}
