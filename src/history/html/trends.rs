//! The pictures of one estate, each with a table of the same numbers.

use std::io::{self, Write};

use maud::{Markup, html};

use super::chart::{self, Chart, Part};
use crate::history::{Age, Estate, RecordedRun};
use crate::i18n::HistoryTexts;
use crate::report::date;
use crate::report::html::table::{self, TableColumn};
use crate::report::html::{outcome, put};
use crate::source::sanitize;

/// A number of a result; `None` where it is not known.
type Number = fn(&RecordedRun) -> Option<usize>;

/// One picture: what it is called, what it is made of, and each result's numbers.
struct Trend<'a> {
    name: &'static str,
    title: &'static str,
    /// The drawing function, and the class and name of each number.
    draw: fn(&Chart<'_>) -> Markup,
    parts: Vec<Part>,
    numbers: &'a dyn Fn(&RecordedRun) -> Option<Vec<usize>>,
    /// Numbers that stand in the table alone.
    beside: &'a [(&'static str, Number)],
}

pub(super) fn write(
    id: &str,
    estate: &Estate,
    words: &HistoryTexts,
    to: &mut dyn Write,
) -> io::Result<()> {
    if estate.runs.len() < 2 {
        return put(&html! { p { (words.one_result) } }, to);
    }
    let drift = |it: &RecordedRun| {
        let summary = &it.summary;
        it.is_whole().then(|| {
            vec![
                summary.missing,
                summary.changed,
                summary.renamed,
                summary.unmanaged,
            ]
        })
    };
    let share = |it: &RecordedRun| {
        it.is_whole()
            .then(|| it.share_percent().map(|it| vec![it]))
            .flatten()
    };
    let ages = |it: &RecordedRun| it.ages.map(Vec::from);
    let part = |class: &'static str, name: &'static str| Part { class, name };
    let kinds = vec![
        part("missing", words.missing),
        part("changed", words.changed),
        part("renamed", words.renamed),
        part("unmanaged", words.unmanaged),
    ];
    let classes = ["day", "week", "month", "older", "unknown"];
    let trends = [
        Trend {
            name: "drift",
            title: words.drift,
            draw: chart::stacked,
            parts: kinds,
            numbers: &drift,
            beside: &[
                (words.opened, |it| it.delta.map(|it| it.opened)),
                (words.resolved, |it| it.delta.map(|it| it.resolved)),
                (words.accepted, |it| it.delta.map(|it| it.accepted)),
            ],
        },
        Trend {
            name: "share",
            title: words.share,
            draw: chart::line,
            parts: vec![part("in-sync", words.in_sync)],
            numbers: &share,
            beside: &[
                (words.declared, |it| Some(it.declared)),
                (words.in_sync, |it| {
                    it.is_whole().then_some(it.summary.in_sync)
                }),
            ],
        },
        Trend {
            name: "ages",
            title: words.ages,
            draw: chart::stacked,
            parts: Age::ALL
                .into_iter()
                .zip(classes)
                .map(|(age, class)| part(class, age_text(age, words)))
                .collect(),
            numbers: &ages,
            beside: &[
                (words.waived, |it| {
                    it.is_whole().then_some(it.summary.waived)
                }),
                (words.baselined, |it| {
                    it.is_whole().then_some(it.summary.baselined)
                }),
            ],
        },
    ];
    trends
        .iter()
        .try_for_each(|it| figure(&format!("{id}-{}", it.name), it, &estate.runs, words, to))
}

fn figure(
    id: &str,
    trend: &Trend<'_>,
    runs: &[RecordedRun],
    words: &HistoryTexts,
    to: &mut dyn Write,
) -> io::Result<()> {
    let drawn = runs.get(first_drawn(runs)..).unwrap_or(runs);
    let mut columns = Vec::with_capacity(chart::COLUMNS);
    for (index, run) in drawn.iter().enumerate() {
        if let Some(before) = before_gap(drawn, index) {
            let time = words.between(&time(before, words), &time(run, words));
            columns.push(chart::Column {
                time,
                numbers: None,
            });
        }
        columns.push(chart::Column {
            time: time(run, words),
            numbers: (trend.numbers)(run),
        });
    }
    let ends =
        [drawn.first(), drawn.last()].map(|it| it.map_or_else(String::new, |it| time(it, words)));
    let description = words.description(drawn.len(), &words.between(&ends[0], &ends[1]));
    let chart = Chart {
        id,
        title: trend.title,
        description: &description,
        parts: &trend.parts,
        columns: &columns,
        gap: words.gap,
    };
    writeln!(to, "<figure>")?;
    put(&html! { figcaption id=(id) { (trend.title) } }, to)?;
    put(
        &html! { div class="scroll" role="group" tabindex="0" aria-labelledby=(id) { ((trend.draw)(&chart)) } },
        to,
    )?;
    put(&chart.legend(), to)?;
    if drawn.len() < runs.len() {
        put(
            &html! { p class="faint" { (words.newest_of(drawn.len(), runs.len())) } },
            to,
        )?;
    }
    writeln!(to, "<details>")?;
    put(&html! { summary { (words.numbers) } }, to)?;
    let heads = trend
        .parts
        .iter()
        .map(|it| it.name)
        .chain(trend.beside.iter().map(|(name, _)| *name));
    let columns: Vec<_> = [
        TableColumn::text(words.result).wide(),
        TableColumn::choice(words.outcome).middle(),
    ]
    .into_iter()
    .chain(heads.map(TableColumn::text))
    .collect();
    table::write(
        id,
        &columns,
        runs.iter().map(|it| row(it, trend, words)),
        to,
    )?;
    writeln!(to, "</details>\n</figure>")
}

/// Returns the result before a gap that has no result in it: it needs a column of its own. Any other gap has columns
/// already, those of its results that are incomplete.
fn before_gap(runs: &[RecordedRun], index: usize) -> Option<&RecordedRun> {
    runs.get(index)?.gap_ms?;
    runs.get(index.checked_sub(1)?)
        .filter(|before| before.is_whole())
}

/// Returns the first result of those that a picture has room for, gaps between them included.
fn first_drawn(runs: &[RecordedRun]) -> usize {
    let mut columns = 0;
    for index in (0..runs.len()).rev() {
        columns += 1 + usize::from(before_gap(runs, index).is_some());
        if columns > chart::COLUMNS {
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
    let numbers = (0..trend.parts.len())
        .map(number)
        .chain(trend.beside.iter().map(|(_, of)| of(run)));
    html! {
        tr {
            th scope="row" data-rank=(run.time_ms) {
                (time(run, words)) br; span class="faint" { (sanitize(&run.name)) }
                @if let Some(gap) = run.gap_ms { br; span class="faint" { (words.gap_before(&words.duration(gap))) } }
            }
            td { span { (outcome(run.outcome, words.language)) } }
            @for number in numbers {
                td { @match number { Some(number) => (number), None => "–" } }
            }
        }
    }
}
