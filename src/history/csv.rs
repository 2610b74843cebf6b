//! A history as a table for spreadsheets: a row for each result, the oldest of each estate first.

use std::io::{self, Write};

use super::{Age, EstateHistory, History, RecordedRun};
use crate::report::{escape_formula, rfc3339, write_error};

pub(super) fn render(history: &History, to: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(to);
    let mut is_first = true;
    for estate in &history.estates {
        for run in &estate.runs {
            let cells = cells(estate, run);
            if std::mem::take(&mut is_first) {
                table
                    .write_record(cells.iter().map(|(column, _)| *column))
                    .map_err(write_error)?;
            }
            let values = cells.iter().map(|(_, value)| escape_formula(value));
            table
                .write_record(values.collect::<Vec<_>>().iter().map(|it| it.as_bytes()))
                .map_err(write_error)?;
        }
    }
    table.flush()
}

/// Returns every column with its value, in order. The counts of an incomplete result are empty.
fn cells(estate: &EstateHistory, run: &RecordedRun) -> Vec<(&'static str, String)> {
    let newest = &estate.newest;
    let joined = |names: Vec<&str>| names.join(" ");
    let if_complete = |number: usize| {
        if run.is_complete() {
            number.to_string()
        } else {
            String::new()
        }
    };
    let summary = &run.summary;
    let delta =
        |of: fn(&super::FindingDelta) -> usize| run.delta.as_ref().map(of).map(|it| it.to_string());
    let mut cells = vec![
        (
            "estate",
            newest
                .estate
                .as_ref()
                .map(|it| it.name.clone())
                .unwrap_or_default(),
        ),
        (
            "rules_files",
            joined(newest.files.iter().map(|it| it.path.as_str()).collect()),
        ),
        (
            "instances",
            joined(
                newest
                    .instances
                    .iter()
                    .map(|it| it.alias.as_str())
                    .collect(),
            ),
        ),
        (
            "selection",
            newest
                .selected
                .as_ref()
                .map(|it| it.options.clone())
                .unwrap_or_default(),
        ),
        ("result", run.name.clone()),
        ("started_at", rfc3339(run.time_ms).unwrap_or_default()),
        ("outcome", run.outcome.as_str().to_owned()),
        ("reason", run.reason.clone()),
        ("declared", run.declared.to_string()),
        ("in_sync", if_complete(summary.in_sync)),
        (
            "in_sync_percent",
            run.share_percent().map(if_complete).unwrap_or_default(),
        ),
        ("missing", if_complete(summary.missing)),
        ("changed", if_complete(summary.changed)),
        ("renamed", if_complete(summary.renamed)),
        ("unmanaged", if_complete(summary.unmanaged)),
        ("opened", delta(|it| it.opened).unwrap_or_default()),
        ("resolved", delta(|it| it.resolved).unwrap_or_default()),
        ("accepted", delta(|it| it.accepted).unwrap_or_default()),
    ];
    let findings = [
        (
            ["open_errors", "open_warnings", "open_infos"],
            run.findings.open,
        ),
        (
            ["waived_errors", "waived_warnings", "waived_infos"],
            run.findings.waived,
        ),
        (
            ["baselined_errors", "baselined_warnings", "baselined_infos"],
            run.findings.baselined,
        ),
    ];
    for (columns, counts) in findings {
        cells.extend(columns.into_iter().zip(counts.map(if_complete)));
    }
    let ages = run.ages.map_or(Age::ALL.map(|_| String::new()), |ages| {
        ages.map(|count| count.to_string())
    });
    cells.extend(
        [
            "open_under_1_day",
            "open_under_7_days",
            "open_under_30_days",
            "open_30_days_and_more",
            "open_for_unknown_time",
        ]
        .into_iter()
        .zip(ages),
    );
    cells.push((
        "oldest_open_since",
        run.oldest_ms.and_then(rfc3339).unwrap_or_default(),
    ));
    cells.push((
        "gap_before_ms",
        run.gap_ms.map(|it| it.to_string()).unwrap_or_default(),
    ));
    cells.push(("sha256", run.sha256.clone()));
    cells.push(("left_scope", delta(|it| it.left_scope).unwrap_or_default()));
    cells
}
