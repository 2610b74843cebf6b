//! `crdrift schema DOCUMENT`.

use acr_emulator::Script;

use crate::cli::args::{SchemaArgs, SchemaDocument};
use crate::cli::failure::Failure;
use crate::cli::{Context, Exit};
use crate::{history, notify, report, rules, snapshot, waiver, watch};

pub(in crate::cli) fn run(args: &SchemaArgs, context: &mut Context) -> Result<Exit, Failure> {
    let schema = match args.document {
        SchemaDocument::Rules => rules::schema(),
        SchemaDocument::Snapshot => snapshot::schema(),
        SchemaDocument::Result => report::schema(),
        SchemaDocument::ResultLine => report::line_schema(),
        SchemaDocument::History => history::schema(),
        SchemaDocument::HistoryStatus => super::history::status_schema(),
        SchemaDocument::HistoryRuns => super::history::runs_schema(),
        SchemaDocument::HistoryOpen => super::history::open_schema(),
        SchemaDocument::Baseline => waiver::schema(),
        SchemaDocument::Trace => super::trace::schema(),
        SchemaDocument::Faults => Script::schema(),
        SchemaDocument::Notification => notify::document_schema(),
        SchemaDocument::Watch => rules::watch_schema(),
        SchemaDocument::WatchApi => watch::schema(),
    };
    context.print_unredacted(|to| {
        serde_json::to_writer_pretty(&mut *to, &schema)?;
        writeln!(to)
    })?;
    Ok(Exit::Success)
}
