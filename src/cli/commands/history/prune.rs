//! `crdrift history prune`: what a store forgets.

use crate::cli::args::HistoryPruneArgs;
use crate::cli::failure::Failure;
use crate::cli::{Context, Exit, store};
use crate::source::pluralize;
use crate::store::{Retention, StoreAccess};

const DAY_MS: i64 = 86_400_000;

pub(super) fn run(args: &HistoryPruneArgs, context: &mut Context) -> Result<Exit, Failure> {
    let mut store = store::open(args.store.store.as_ref(), StoreAccess::Write, context)?;
    let from = |days: i32| context.now_ms() - i64::from(days) * DAY_MS;
    let retention = Retention {
        runs_from_ms: from(args.keep_runs),
        documents_from_ms: from(args.keep_documents),
    };
    let pruned = store.prune(args.estate.as_deref(), retention, args.dry_run)?;
    let verb = if args.dry_run {
        "would remove"
    } else {
        "removed"
    };
    let summary = format!(
        "{verb} {}, {}, {}",
        pluralize(pruned.runs, "run"),
        pluralize(pruned.documents, "document"),
        pluralize(pruned.findings, "closed finding"),
    );
    context.finish(&summary, Exit::Success);
    Ok(Exit::Success)
}
