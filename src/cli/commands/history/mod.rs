//! `crdrift history`: the store of results.

mod open;
mod prune;
mod record;
mod runs;
mod show;
mod status;
mod table;

use jiff::civil::Date;
use jiff::tz::Offset;
use schemars::Schema;
use serde::Serialize;

pub(in crate::cli) use self::show::decode_kept_result;
use self::table::Table;
use crate::cli::args::{HistoryArgs, HistoryCommand, HistoryFormat, HistoryOutput};
use crate::cli::failure::Failure;
use crate::cli::failure_report::FailedDocuments;
use crate::cli::{Context, Exit, failure_report, output};
use crate::source::write_pretty;

pub(in crate::cli) fn run(args: &HistoryArgs, context: &mut Context) -> Result<Exit, Failure> {
    match &args.command {
        HistoryCommand::Status(args) => status::run(args, context),
        HistoryCommand::Runs(args) => runs::run(args, context),
        HistoryCommand::Open(args) => open::run(args, context),
        HistoryCommand::Show(args) => show::run(args, context),
        HistoryCommand::Record(args) => record::run(args, context),
        HistoryCommand::Prune(args) => prune::run(args, context),
    }
}

/// Returns the JSON Schema of the document of `history status`.
pub(in crate::cli) fn status_schema() -> Schema {
    schemars::schema_for!(status::StatusDocument)
}

/// Returns the JSON Schema of the document of `history runs`.
pub(in crate::cli) fn runs_schema() -> Schema {
    schemars::schema_for!(runs::RunsDocument)
}

/// Returns the JSON Schema of the document of `history open`.
pub(in crate::cli) fn open_schema() -> Schema {
    schemars::schema_for!(open::OpenDocument)
}

/// Writes an answer in every format that is asked for.
fn write_answer(
    document: &impl Serialize,
    table: &Table,
    args: &HistoryOutput,
    context: &mut Context,
) -> Result<(), Failure> {
    output::write_each(&args.output, context, |format, style, to| match format {
        HistoryFormat::Text => table.write_text(style, to),
        HistoryFormat::Csv => table.write_csv(to),
        HistoryFormat::Json => {
            write_pretty(to, document)?;
            writeln!(to)
        }
    })
}

/// Writes the failure into every output file, so that none of an earlier run looks current.
fn write_failure(failure: &Failure, args: &HistoryOutput, context: &mut Context) {
    let documents = FailedDocuments::new("history", &args.output);
    failure_report::write_documents(failure, documents, context);
}

/// Returns the beginning of a day in UTC, epoch milliseconds.
pub(in crate::cli) fn start_of_day(day: Option<Date>) -> Option<i64> {
    let start = Offset::UTC.to_timestamp(day?.at(0, 0, 0, 0)).ok()?;
    Some(start.as_millisecond())
}

/// Returns an age in words: `5 min`, `3 h`, `12 d`.
fn describe_age(ms: i64) -> String {
    match ms.max(0) / 60_000 {
        0 => "under 1 min".to_owned(),
        minutes @ 1..=119 => format!("{minutes} min"),
        minutes @ 120..=2_879 => format!("{} h", minutes / 60),
        minutes => format!("{} d", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::describe_age;

    #[test]
    fn ages_are_in_the_largest_unit_of_two_or_more() {
        let minute = 60_000;
        let ages = [
            -5,
            59_999,
            minute,
            119 * minute,
            120 * minute,
            47 * 60 * minute,
            48 * 60 * minute,
        ];
        assert_eq!(
            ages.map(describe_age),
            [
                "under 1 min",
                "under 1 min",
                "1 min",
                "119 min",
                "2 h",
                "47 h",
                "2 d"
            ]
        );
    }
}
