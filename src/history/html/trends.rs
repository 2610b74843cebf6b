//! The pictures of one estate, each with a table of the same numbers.

use std::io::{self, Write};

use maud::{Markup, html};

use super::chart::{self, Chart, ChartSeries};
use crate::history::{Age, EstateHistory, RecordedRun};
use crate::i18n::HistoryTexts;
use crate::report::date;
use crate::report::html::table::{RowTable, TableColumn};
use crate::report::html::{breakable, outcome, put};

/// Returns a number of a result; `None` where it is unknown.
type Number = fn(&RecordedRun) -> Option<usize>;

/// One picture: its titles, its series, and the numbers of each result.
struct Trend<'a> {
    /// The id of the figure.
    id: String,
    title: &'static str,
    /// The drawing function, and the class and name of each number.
    draw: fn(&Chart<'_>) -> Markup,
    parts: Vec<ChartSeries>,
    numbers: &'a dyn Fn(&RecordedRun) -> Option<Vec<usize>>,
    /// Numbers that only the table has.
    table_only: &'a [(&'static str, Number)],
}

pub(super) fn write(
    id: &str,
    estate: &EstateHistory,
    words: &'static HistoryTexts,
    to: &mut dyn Write,
) -> io::Result<()> {
    if estate.runs.len() < 2 {
        return put(&html! { p { (words.one_result) } }, to);
    }
    let drift = |run: &RecordedRun| {
        let summary = &run.summary;
        run.is_complete().then(|| {
            vec![
                summary.missing,
                summary.changed,
                summary.renamed,
                summary.unmanaged,
            ]
        })
    };
    let share = |run: &RecordedRun| {
        run.is_complete()
            .then(|| run.share_percent().map(|it| vec![it]))
            .flatten()
    };
    let ages = |run: &RecordedRun| run.ages.map(Vec::from);
    let part = |class: &'static str, name: &'static str| ChartSeries { class, name };
    let kinds = vec![
        part("missing", words.missing),
        part("changed", words.changed),
        part("renamed", words.renamed),
        part("unmanaged", words.unmanaged),
    ];
    let classes = ["day", "week", "month", "older", "unknown"];
    let trends = [
        Trend {
            id: format!("{id}-drift"),
            title: words.drift,
            draw: chart::draw_bars,
            parts: kinds,
            numbers: &drift,
            table_only: &[
                (words.opened, |run| run.delta.map(|it| it.opened)),
                (words.resolved, |run| run.delta.map(|it| it.resolved)),
                (words.accepted, |run| run.delta.map(|it| it.accepted)),
            ],
        },
        Trend {
            id: format!("{id}-share"),
            title: words.share,
            draw: chart::draw_line,
            parts: vec![part("in-sync", words.in_sync_percent)],
            numbers: &share,
            table_only: &[
                (words.declared, |it| Some(it.declared)),
                (words.rules_in_sync, |run| {
                    run.is_complete().then_some(run.summary.in_sync)
                }),
            ],
        },
        Trend {
            id: format!("{id}-ages"),
            title: words.ages,
            draw: chart::draw_bars,
            parts: Age::ALL
                .into_iter()
                .zip(classes)
                .map(|(age, class)| part(class, age_text(age, words)))
                .collect(),
            numbers: &ages,
            table_only: &[
                (words.waived, |run| {
                    run.is_complete().then_some(run.summary.waived)
                }),
                (words.baselined, |run| {
                    run.is_complete().then_some(run.summary.baselined)
                }),
            ],
        },
    ];
    trends
        .iter()
        .try_for_each(|trend| figure(trend, &estate.runs, words, to))
}

fn figure(
    trend: &Trend<'_>,
    runs: &[RecordedRun],
    words: &'static HistoryTexts,
    to: &mut dyn Write,
) -> io::Result<()> {
    let id = &*trend.id;
    let interval_ms = usual_interval_ms(runs);
    let drawn = runs.get(first_drawn(runs, interval_ms)..).unwrap_or(runs);
    let mut columns = Vec::with_capacity(chart::MAX_COLUMNS);
    for (index, run) in drawn.iter().enumerate() {
        if let Some(before) = before_gap(drawn, index, interval_ms) {
            columns.push(chart::ChartColumn {
                label: words.between(&time(before, words), &time(run, words)),
                period: before.time_ms..=run.time_ms,
                numbers: None,
            });
        }
        columns.push(chart::ChartColumn {
            label: time(run, words),
            period: run.time_ms..=run.time_ms,
            numbers: (trend.numbers)(run),
        });
    }
    let ends =
        [drawn.first(), drawn.last()].map(|run| run.map_or_else(String::new, |it| time(it, words)));
    let description = words.description(drawn.len(), &words.between(&ends[0], &ends[1]));
    let chart = Chart {
        id,
        title: trend.title,
        description: &description,
        parts: &trend.parts,
        columns: &columns,
        words,
    };
    writeln!(to, "<figure>")?;
    put(&html! { figcaption id=(id) { (trend.title) } }, to)?;
    put(
        &html! { div class="scroll newest" role="group" tabindex="0" aria-labelledby=(id) { ((trend.draw)(&chart)) } },
        to,
    )?;
    put(&chart.legend(), to)?;
    if drawn.len() < runs.len() {
        put(
            &html! { p class="faint" { (words.newest_of(drawn.len(), runs.len())) } },
            to,
        )?;
    }
    writeln!(to, "<details class=\"as-table\">")?;
    put(&html! { summary { (words.numbers) } }, to)?;
    let heads = trend
        .parts
        .iter()
        .map(|it| it.name)
        .chain(trend.table_only.iter().map(|(name, _)| *name));
    let columns: Vec<_> = [
        TableColumn::new(words.result).wide(),
        TableColumn::new(words.outcome).middle(),
    ]
    .into_iter()
    .chain(heads.map(TableColumn::new))
    .collect();
    let table = RowTable {
        label: id,
        columns: &columns,
        is_filtered: false,
    };
    table.write(runs.iter().map(|it| row(it, trend, words)), to)?;
    writeln!(to, "</details>\n</figure>")
}

/// Returns the result before a gap that has no result in it: it needs a column of its own. Any other gap has columns
/// already, those of its results that are incomplete.
///
/// A result of a regular series that is missing is a gap too, however short: nothing ran there.
fn before_gap(
    runs: &[RecordedRun],
    index: usize,
    interval_ms: Option<i64>,
) -> Option<&RecordedRun> {
    let run = runs.get(index)?;
    let before = runs.get(index.checked_sub(1)?)?;
    let distance_ms = run.time_ms.saturating_sub(before.time_ms);
    // 1.75 intervals: a result that is late is none that is missing.
    let is_missing = interval_ms.is_some_and(|usual| distance_ms / 7 > usual / 4);
    let is_gap = run.gap_ms.is_some() || is_missing;
    (is_gap && before.is_complete()).then_some(before)
}

/// The fewest intervals between results that show a schedule.
const MIN_INTERVALS: usize = 3;

/// Returns the usual time between two results, milliseconds; `None` where they have no schedule: there are few of them, or
/// fewer than half of the intervals are about as long.
fn usual_interval_ms(runs: &[RecordedRun]) -> Option<i64> {
    let after = runs.iter().skip(1);
    let pairs = runs.iter().zip(after);
    let mut intervals: Vec<i64> = pairs
        .map(|(before, run)| run.time_ms.saturating_sub(before.time_ms))
        .collect();
    intervals.sort_unstable();
    let median = *intervals.get(intervals.len().saturating_sub(1) / 2)?;
    let is_usual = |interval: &&i64| (**interval - median).abs() <= median / 4;
    let usual = intervals.iter().filter(is_usual).count();
    let has_schedule = intervals.len() >= MIN_INTERVALS && usual * 2 >= intervals.len();
    (median > 0 && has_schedule).then_some(median)
}

/// Returns the index of the first result that the picture has room for, including the gaps.
fn first_drawn(runs: &[RecordedRun], interval_ms: Option<i64>) -> usize {
    let mut columns = 0;
    for index in (0..runs.len()).rev() {
        columns += 1 + usize::from(before_gap(runs, index, interval_ms).is_some());
        if columns > chart::MAX_COLUMNS {
            return index + 1;
        }
    }
    0
}

const fn age_text(age: Age, words: &HistoryTexts) -> &'static str {
    match age {
        Age::Day => words.under_a_day,
        Age::Week => words.under_a_week,
        Age::Month => words.under_a_month,
        Age::Older => words.a_month_and_more,
        Age::Unknown => words.unknown,
    }
}

fn time(run: &RecordedRun, words: &HistoryTexts) -> String {
    date(run.time_ms).unwrap_or_else(|| words.unknown.to_owned())
}

fn row(run: &RecordedRun, trend: &Trend<'_>, words: &HistoryTexts) -> Markup {
    let numbers = (trend.numbers)(run);
    let number = |index: usize| numbers.as_ref().and_then(|it| it.get(index)).copied();
    let drawn = trend.parts.iter().enumerate();
    let drawn = drawn.map(|(index, part)| (part.name, number(index)));
    let cells = drawn.chain(trend.table_only.iter().map(|(name, of)| (*name, of(run))));
    html! {
        tr {
            th scope="row" data-rank=(run.time_ms) {
                (time(run, words)) br; span class="faint" { (breakable(&run.name)) }
                @if let Some(gap) = run.gap_ms { br; span class="faint" { (words.gap_before(&words.duration(gap))) } }
            }
            td data-head=(words.outcome) { span { (outcome(run.outcome, words.language)) } }
            @for (head, number) in cells {
                td data-head=(head) { @match number { Some(number) => (number), None => "–" } }
            }
        }
    }
}
