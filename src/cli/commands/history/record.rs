//! `crdrift history record`: saved results into the store.

use crate::cli::args::HistoryRecordArgs;
use crate::cli::commands::report::result_paths;
use crate::cli::console::Verbosity;
use crate::cli::failure::Failure;
use crate::cli::input::{give_a_result, read_comparison};
use crate::cli::{Context, Exit, store};
use crate::source::{pluralize, sanitize};
use crate::store::{RecordOutcome, StoreAccess};

pub(super) fn run(args: &HistoryRecordArgs, context: &mut Context) -> Result<Exit, Failure> {
    let (paths, mut wrong) = result_paths(&args.results, context)?;
    let mut store = store::open(args.store.store.as_ref(), StoreAccess::Write, context)?;
    let (mut recorded, mut known) = (0, 0);
    for path in &paths {
        let saved = match read_comparison(path, context) {
            Ok(saved) => saved,
            Err(failure) => {
                context.warn(&failure);
                wrong += 1;
                continue;
            }
        };
        context.refuse_secrets(&saved.name, saved.text.as_bytes())?;
        let name = sanitize(&saved.name).into_owned();
        let parts = (saved.name.as_str(), saved.text.as_str());
        let line = match store::record_report(&mut store, parts, &saved.report, context)? {
            RecordOutcome::Recorded => {
                recorded += 1;
                format!("recorded {name}\n")
            }
            RecordOutcome::RecordedLate => {
                recorded += 1;
                format!("recorded {name}, older than the newest run of its estate\n")
            }
            RecordOutcome::Known => {
                known += 1;
                format!("{name} is recorded already\n")
            }
        };
        context.log(Verbosity::Normal, &line);
    }
    if wrong > 0 {
        return Err(Failure::new(format!(
            "{} cannot be used, {recorded} recorded",
            pluralize(wrong, "input")
        ))
        .help(give_a_result()));
    }
    let recorded = pluralize(recorded, "result");
    context.finish(
        &format!("recorded {recorded}, {known} known"),
        Exit::Success,
    );
    Ok(Exit::Success)
}
