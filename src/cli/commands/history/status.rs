//! `crdrift history status`: a line for each estate.

use schemars::JsonSchema;
use serde::Serialize;

use super::table::{Table, TableCell, column, data_column};
use super::{describe_age, start_of_day, write_answer, write_failure};
use crate::cli::args::HistoryStatusArgs;
use crate::cli::failure::Failure;
use crate::cli::{Context, Exit, store};
use crate::report::{Outcome, rfc3339};
use crate::source::{pluralize, sanitize};
use crate::store::{EstateStatus, StoreAccess};

/// The state of every estate of a store.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "crdrift history status", rename = "HistoryStatus")]
pub(super) struct StatusDocument {
    /// The version of this format: `1.0`.
    format_version: &'static str,
    /// The time of the answer: RFC 3339, UTC.
    asked_at: Option<String>,
    /// The estates, by name.
    estates: Vec<StatusEntry>,
}

/// The state of an estate.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Estate")]
struct StatusEntry {
    /// The name, or the paths of the rules files.
    estate: String,
    /// The selection, as command line options; null where everything is compared.
    selection: Option<String>,
    /// The outcome of the newest run, in one word.
    #[schemars(extend("enum" = Outcome::words()))]
    outcome: &'static str,
    /// The reason for its exit code.
    reason: String,
    /// The start of the newest run: RFC 3339, UTC.
    newest_run: Option<String>,
    /// The start of the newest complete run: RFC 3339, UTC; null where there is none.
    last_complete_run: Option<String>,
    /// The time since then, in milliseconds.
    last_complete_age_ms: Option<i64>,
    /// True if that is longer than `--max-age`; null without the option.
    is_overdue: Option<bool>,
    /// The number of rules to compare in the newest complete run.
    declared: Option<usize>,
    /// The number of them in sync.
    in_sync: Option<usize>,
    /// Open errors.
    open_errors: usize,
    /// Open warnings.
    open_warnings: usize,
    /// Open notes.
    open_infos: usize,
    /// Accepted findings.
    accepted: usize,
    /// The time since when the oldest open finding is open: RFC 3339, UTC; null where none is open.
    oldest_open_since: Option<String>,
    /// The instances that the newest run could not read.
    incomplete_instances: Vec<IncompleteEntry>,
}

/// An instance that the newest run could not read.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "IncompleteInstance")]
struct IncompleteEntry {
    /// The alias.
    alias: String,
    /// The status of the reading.
    status: String,
    /// The start of the first run with this status: RFC 3339, UTC.
    since: Option<String>,
}

pub(super) fn run(args: &HistoryStatusArgs, context: &mut Context) -> Result<Exit, Failure> {
    let read = |context: &mut Context| -> Result<Vec<EstateStatus>, Failure> {
        let mut store = store::open(args.store.store.as_ref(), StoreAccess::Read, context)?;
        let selection = &args.selection;
        Ok(store.status(
            selection.estate.as_deref(),
            selection.owner.as_deref(),
            start_of_day(selection.since),
        )?)
    };
    let estates =
        read(context).inspect_err(|failure| write_failure(failure, &args.output, context))?;
    let now_ms = context.now_ms();
    let entries: Vec<_> = estates
        .iter()
        .map(|estate| StatusEntry::new(estate, args.max_age, now_ms))
        .collect();
    let overdue: Vec<_> = entries
        .iter()
        .filter(|it| it.is_overdue == Some(true))
        .map(|it| sanitize(&it.estate).into_owned())
        .collect();
    let table = table(&estates, &entries, now_ms);
    let document = StatusDocument {
        format_version: "1.0",
        asked_at: rfc3339(now_ms),
        estates: entries,
    };
    write_answer(&document, &table, &args.output, context)?;
    let count = pluralize(estates.len(), "estate");
    let Some(first) = overdue.first() else {
        context.finish(&count, Exit::Success);
        return Ok(Exit::Success);
    };
    let more = match overdue.len() - 1 {
        0 => String::new(),
        more => format!(" and {}", pluralize(more, "more estate")),
    };
    let reason = format!("no complete check within --max-age: {first}{more}");
    context.finish(&reason, Exit::Incomplete);
    Ok(Exit::Incomplete)
}

impl StatusEntry {
    fn new(estate: &EstateStatus, max_age_ms: Option<i64>, now_ms: i64) -> Self {
        let age_ms = estate.last_complete_ms.map(|it| now_ms.saturating_sub(it));
        let incomplete = estate.incomplete.iter();
        let [open_errors, open_warnings, open_infos] = estate.open;
        Self {
            estate: estate.name.clone(),
            selection: Some(estate.selection.clone()).filter(|it| !it.is_empty()),
            outcome: estate.outcome.as_str(),
            reason: estate.reason.clone(),
            newest_run: rfc3339(estate.newest_ms),
            last_complete_run: estate.last_complete_ms.and_then(rfc3339),
            last_complete_age_ms: age_ms,
            is_overdue: max_age_ms.map(|max_ms| age_ms.is_none_or(|age_ms| age_ms > max_ms)),
            declared: estate.declared,
            in_sync: estate.in_sync,
            open_errors,
            open_warnings,
            open_infos,
            accepted: estate.accepted,
            oldest_open_since: estate.oldest_ms.and_then(rfc3339),
            incomplete_instances: incomplete
                .map(|(alias, status, since_ms)| IncompleteEntry {
                    alias: alias.clone(),
                    status: status.clone(),
                    since: rfc3339(*since_ms),
                })
                .collect(),
        }
    }
}

fn table(estates: &[EstateStatus], entries: &[StatusEntry], now_ms: i64) -> Table {
    let age = |since_ms: Option<i64>, value: &Option<String>, none: &str| {
        let text = since_ms.map_or_else(|| none.to_owned(), |it| describe_age(now_ms - it));
        TableCell::with_value(text, value.clone().unwrap_or_default())
    };
    let rows = estates.iter().zip(entries).map(|(estate, entry)| {
        let incomplete: Vec<_> = estate
            .incomplete
            .iter()
            .map(|(alias, status, since_ms)| {
                format!("{alias} {status} for {}", describe_age(now_ms - since_ms))
            })
            .collect();
        vec![
            TableCell::from(estate.name.as_str()),
            TableCell::from(estate.selection.as_str()),
            TableCell::from(entry.outcome),
            TableCell::from(entry.open_errors),
            TableCell::from(entry.open_warnings),
            TableCell::from(entry.accepted),
            age(estate.oldest_ms, &entry.oldest_open_since, ""),
            age(estate.last_complete_ms, &entry.last_complete_run, "never"),
            TableCell::from(entry.is_overdue),
            TableCell::from(incomplete.join(", ").as_str()),
            TableCell::from(entry.declared),
            TableCell::from(entry.in_sync),
            TableCell::from(entry.open_infos),
            TableCell::from(entry.newest_run.as_ref()),
            TableCell::from(entry.reason.as_str()),
        ]
    });
    Table {
        columns: vec![
            column("estate", "ESTATE"),
            column("selection", "SELECTION"),
            column("outcome", "VERDICT"),
            column("open_errors", "ERRORS"),
            column("open_warnings", "WARNINGS"),
            column("accepted", "ACCEPTED"),
            column("oldest_open_since", "OLDEST"),
            column("last_complete_run", "LAST COMPLETE"),
            data_column("is_overdue"),
            column("incomplete_instances", "INCOMPLETE"),
            data_column("declared"),
            data_column("in_sync"),
            data_column("open_infos"),
            data_column("newest_run"),
            data_column("reason"),
        ],
        rows: rows.collect(),
        empty: "No estates.",
    }
}
