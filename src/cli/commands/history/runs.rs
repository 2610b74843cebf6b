//! `crdrift history runs`: the recorded runs.

use schemars::JsonSchema;
use serde::Serialize;

use super::table::{Table, TableCell, column, data_column};
use super::{start_of_day, write_answer, write_failure};
use crate::cli::args::HistoryRunsArgs;
use crate::cli::failure::Failure;
use crate::cli::{Context, Exit, store};
use crate::report::{Outcome, rfc3339};
use crate::source::pluralize;
use crate::store::{RunSummary, StoreAccess};

/// The recorded runs of a store.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "crdrift history runs", rename = "HistoryRuns")]
pub(super) struct RunsDocument {
    /// The version of this format: `1.0`.
    format_version: &'static str,
    /// The runs, the newest first.
    runs: Vec<RunEntry>,
}

/// A recorded run.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecordedRun")]
struct RunEntry {
    /// The id: SHA-256 of the result document, lower-case hex.
    id: String,
    /// The name of the estate, or the paths of the rules files.
    estate: String,
    /// The selection, as command line options; null where everything was compared.
    selection: Option<String>,
    /// The start: RFC 3339, UTC.
    started_at: Option<String>,
    /// The outcome, in one word.
    #[schemars(extend("enum" = Outcome::words()))]
    outcome: &'static str,
    /// The exit code.
    exit_code: i64,
    /// The reason for the exit code.
    reason: String,
    /// The number of rules to compare.
    declared: usize,
    /// The number of them in sync; null in an incomplete run.
    in_sync: Option<usize>,
    /// Open errors; null in an incomplete run.
    open_errors: Option<usize>,
    /// Open warnings; null in an incomplete run.
    open_warnings: Option<usize>,
    /// Open notes; null in an incomplete run.
    open_infos: Option<usize>,
    /// Accepted findings; null in an incomplete run.
    accepted_findings: Option<usize>,
    /// The findings opened since the complete run before; null where there is none, and in an incomplete run.
    opened: Option<usize>,
    /// The findings resolved since then.
    resolved: Option<usize>,
    /// The open findings that were accepted since then.
    accepted: Option<usize>,
    /// The findings about instances that are compared no longer.
    left_scope: Option<usize>,
    /// True if the store has the result document.
    has_document: bool,
}

pub(super) fn run(args: &HistoryRunsArgs, context: &mut Context) -> Result<Exit, Failure> {
    let read = |context: &mut Context| -> Result<Vec<RunSummary>, Failure> {
        let mut store = store::open(args.store.store.as_ref(), StoreAccess::Read, context)?;
        let selection = &args.selection;
        Ok(store.runs(
            selection.estate.as_deref(),
            selection.owner.as_deref(),
            start_of_day(selection.since),
        )?)
    };
    let runs =
        read(context).inspect_err(|failure| write_failure(failure, &args.output, context))?;
    let count = pluralize(runs.len(), "run");
    let table = table(&runs);
    let document = RunsDocument {
        format_version: "1.0",
        runs: runs.into_iter().map(RunEntry::from).collect(),
    };
    write_answer(&document, &table, &args.output, context)?;
    context.finish(&count, Exit::Success);
    Ok(Exit::Success)
}

impl From<RunSummary> for RunEntry {
    fn from(run: RunSummary) -> Self {
        let if_complete = |count: usize| run.outcome.is_complete().then_some(count);
        let [errors, warnings, infos] = run.open;
        Self {
            in_sync: if_complete(run.in_sync),
            open_errors: if_complete(errors),
            open_warnings: if_complete(warnings),
            open_infos: if_complete(infos),
            accepted_findings: if_complete(run.accepted_findings),
            id: run.id.0,
            estate: run.estate,
            selection: Some(run.selection).filter(|it| !it.is_empty()),
            started_at: rfc3339(run.started_ms),
            outcome: run.outcome.as_str(),
            exit_code: run.exit_code,
            reason: run.reason.to_string(),
            declared: run.declared,
            opened: run.opened,
            resolved: run.resolved,
            accepted: run.accepted,
            left_scope: run.left_scope,
            has_document: run.has_document,
        }
    }
}

fn table(runs: &[RunSummary]) -> Table {
    let rows = runs.iter().map(|run| {
        let if_complete =
            |count: usize| TableCell::from(run.outcome.is_complete().then_some(count));
        let [errors, warnings, infos] = run.open;
        let short = run.id.short().to_owned();
        vec![
            TableCell::with_value(short, run.id.0.clone()),
            TableCell::from(rfc3339(run.started_ms)),
            TableCell::from(run.estate.as_str()),
            TableCell::from(run.selection.as_str()),
            TableCell::from(run.outcome.as_str()),
            if_complete(errors),
            if_complete(warnings),
            TableCell::from(run.opened),
            TableCell::from(run.resolved),
            TableCell::from(run.accepted),
            TableCell::from(run.left_scope),
            TableCell::from(Some(run.exit_code)),
            TableCell::from(run.declared),
            if_complete(run.in_sync),
            if_complete(infos),
            if_complete(run.accepted_findings),
            TableCell::from(Some(run.has_document)),
            TableCell::from(run.reason.as_str()),
        ]
    });
    Table {
        columns: vec![
            column("id", "RUN"),
            column("started_at", "STARTED (UTC)"),
            column("estate", "ESTATE"),
            column("selection", "SELECTION"),
            column("outcome", "VERDICT"),
            column("open_errors", "ERRORS"),
            column("open_warnings", "WARNINGS"),
            column("opened", "OPENED"),
            column("resolved", "RESOLVED"),
            column("accepted", "ACCEPTED"),
            data_column("left_scope"),
            data_column("exit_code"),
            data_column("declared"),
            data_column("in_sync"),
            data_column("open_infos"),
            data_column("accepted_findings"),
            data_column("has_document"),
            data_column("reason"),
        ],
        rows: rows.collect(),
        empty: "No runs.",
    }
}
