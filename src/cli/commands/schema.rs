//! `crdrift schema DOCUMENT`.

use acr_emulator::Script;

use crate::cli::args::{Document, SchemaArgs};
use crate::cli::failure::Failure;
use crate::cli::{Context, Exit};
use crate::{history, report, rules, snapshot, waiver};

pub(in crate::cli) fn run(args: &SchemaArgs, context: &mut Context) -> Result<Exit, Failure> {
    let schema = match args.document {
        Document::Rules => rules::schema(),
        Document::Snapshot => snapshot::schema(),
        Document::Result => report::schema(),
        Document::ResultLine => report::line_schema(),
        Document::History => history::schema(),
        Document::Baseline => waiver::schema(),
        Document::Trace => super::trace::schema(),
        Document::Faults => Script::schema(),
    };
    context.print_unredacted(|to| {
        serde_json::to_writer_pretty(&mut *to, &schema)?;
        writeln!(to)
    })?;
    Ok(Exit::Success)
}
