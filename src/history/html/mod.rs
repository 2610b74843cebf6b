//! A history as a page: a summary of the estates, then each with its trends as pictures and its newest result in full.

mod chart;
mod groups;
mod trends;

use std::io::{self, Write};

use maud::{Markup, html};

use super::{EstateHistory, History, OpenAge, ResolutionStats};
use crate::i18n::{HistoryTexts, Language};
use crate::report::html::table::{RowTable, TableColumn};
use crate::report::html::{Frame, ResultView, heading, outcome, put, sentence};
use crate::report::{Outcome, date};
use crate::source::sanitize;

/// The number of rules files the title of an estate names.
const NAMED: usize = 3;

pub(super) fn render(
    history: &History,
    language: Language,
    title: Option<&str>,
    to: &mut dyn Write,
) -> io::Result<()> {
    if let [estate @ EstateHistory { newest, runs, .. }] = history.estates.as_slice()
        && runs.len() == 1
    {
        let view = ResultView {
            report: newest,
            document: document(estate),
            language,
        };
        return view.write_page(title, to);
    }
    let words = HistoryTexts::new(language);
    let title = sanitize(title.unwrap_or(words.title));
    let ids = (1..).map(|number| format!("estate-{number}"));
    let estates: Vec<_> = ids.zip(&history.estates).collect();
    let titled = estates
        .iter()
        .map(|(id, estate)| (id.clone(), name(estate, words)));
    let contents: Vec<_> = [("summary".to_owned(), words.summary.to_owned())]
        .into_iter()
        .chain(titled)
        .collect();
    let frame = Frame {
        language,
        title: &title,
        banner: banner(history, &title, words),
        contents: &contents,
        served: None,
    };
    frame.write(to, |to| {
        put(&chart::patterns(), to)?;
        summary(&estates, words, to)?;
        estates
            .iter()
            .try_for_each(|(id, history)| estate(id, history, words, to))
    })
}

/// Returns the banner: the number of estates by outcome of their newest results, the worst outcome first.
fn banner(history: &History, title: &str, words: &HistoryTexts) -> Markup {
    let count = |outcome: Outcome| {
        history
            .estates
            .iter()
            .filter(|it| it.newest.verdict.outcome == outcome)
            .count()
    };
    let counts: Vec<_> = Outcome::ALL
        .into_iter()
        .rev()
        .map(|it| (it, count(it)))
        .filter(|(_, count)| *count > 0)
        .collect();
    let worst = counts
        .first()
        .map_or(Outcome::InSync, |(outcome, _)| *outcome);
    let times = history
        .estates
        .iter()
        .flat_map(|it| &it.runs)
        .map(|it| it.time_ms);
    let first = times
        .clone()
        .min()
        .and_then(date)
        .unwrap_or_else(|| words.unknown.to_owned());
    let last = times
        .max()
        .and_then(date)
        .unwrap_or_else(|| words.unknown.to_owned());
    let gaps = history.estates.iter().map(gaps).sum();
    html! {
        header class=(worst.as_str()) {
            h1 { (title) }
            p class="verdict" {
                @for (index, (value, count)) in counts.iter().enumerate() {
                    @if index > 0 { " · " } strong { (outcome(*value, words.language)) } (words.language.colon()) (words.count_estates(*count))
                }
            }
            p class="faint" { (words.count_results(history.results(), gaps)) " · " (words.between(&first, &last)) }
        }
    }
}

fn gaps(estate: &EstateHistory) -> usize {
    estate.runs.iter().filter(|it| !it.is_complete()).count()
}

/// Returns the display name of an estate: its rules files and the selection.
fn name(estate: &EstateHistory, words: &HistoryTexts) -> String {
    let files = &estate.newest.files;
    let declared = estate.newest.estate.as_ref().filter(|it| it.is_declared);
    let mut name: Vec<_> = declared
        .iter()
        .map(|it| sanitize(&it.name).into_owned())
        .collect();
    let files = if name.is_empty() {
        files.as_slice()
    } else {
        &[]
    };
    name.extend(
        files
            .iter()
            .take(NAMED)
            .map(|it| sanitize(&it.path).into_owned()),
    );
    if files.len() > NAMED {
        name.push(words.and_more(files.len() - NAMED));
    }
    let [open, close] = words.language.brackets();
    let selected = estate
        .newest
        .selected
        .as_ref()
        .map(|it| format!("{open}{}{close}", sanitize(&it.options)));
    name.join(words.language.list_separator()) + &selected.unwrap_or_default()
}

fn summary(
    estates: &[(String, &EstateHistory)],
    words: &'static HistoryTexts,
    to: &mut dyn Write,
) -> io::Result<()> {
    writeln!(to, "<section aria-labelledby=\"summary\">")?;
    put(&heading(2, "summary", words.summary), to)?;
    let columns = [
        TableColumn::new(words.estate).wide(),
        TableColumn::new(words.newest),
        TableColumn::new(words.outcome),
        TableColumn::new(words.in_sync),
        TableColumn::new(words.open),
        TableColumn::new(words.oldest),
        TableColumn::new(words.repair),
        TableColumn::new(words.results),
    ];
    let table = RowTable {
        label: "summary",
        columns: &columns,
        is_filtered: false,
    };
    table.write(
        estates.iter().map(|(id, estate)| row(id, estate, words)),
        to,
    )?;
    put(&html! { p class="faint" { (words.how) } }, to)?;
    writeln!(to, "</section>")
}

fn row(id: &str, estate: &EstateHistory, words: &HistoryTexts) -> Markup {
    let verdict = estate.newest.verdict.outcome;
    let time = date(estate.newest.started_ms).unwrap_or_else(|| words.unknown.to_owned());
    let whole = estate.newest_complete();
    let open = whole.map(|it| it.summary.open);
    html! {
        tr {
            th scope="row" { a href={ "#" (id) } { (sentence(&name(estate, words))) } }
            td data-head=(words.newest) data-rank=(estate.newest.started_ms) { (time) }
            td data-head=(words.outcome) data-rank=[rank(verdict)] { span class={ "verdict-" (verdict.as_str()) } { (outcome(verdict, words.language)) } }
            td data-head=(words.in_sync) data-rank=(whole.and_then(super::RecordedRun::share_percent).unwrap_or_default()) {
                (share(estate, words))
                @if let Some(text) = not_newest(estate, words) { br; span class="faint" { (text) } }
            }
            td data-head=(words.open) { (known(open.map(|it| it.to_string()), words)) }
            td data-head=(words.oldest) data-rank=(estate.oldest_age_ms().unwrap_or_default()) { (oldest(estate, words)) }
            td data-head=(words.repair) data-rank=(estate.resolution.mean_ms().unwrap_or_default()) { (repair(&estate.resolution, words)) }
            td data-head=(words.results) data-rank=(estate.runs.len()) { (words.count_results(estate.runs.len(), gaps(estate))) }
        }
    }
}

/// The rank of an outcome, the worst first.
fn rank(outcome: Outcome) -> Option<usize> {
    Outcome::ALL.iter().rev().position(|it| *it == outcome)
}

fn known(text: Option<String>, words: &HistoryTexts) -> String {
    text.unwrap_or_else(|| words.unknown.to_owned())
}

fn share(estate: &EstateHistory, words: &HistoryTexts) -> String {
    let text = |run: &super::RecordedRun| {
        run.share_percent()
            .map(|percent| words.share_of_declared(run.summary.in_sync, run.declared, percent))
    };
    known(estate.newest_complete().and_then(text), words)
}

/// Returns the time of the numbers, where the newest result is incomplete.
fn not_newest(estate: &EstateHistory, words: &HistoryTexts) -> Option<String> {
    let whole = estate.newest_complete()?;
    let is_newest = estate.runs.last() == Some(whole);
    (!is_newest).then(|| words.as_of(&known(date(whole.time_ms), words)))
}

fn oldest(estate: &EstateHistory, words: &HistoryTexts) -> String {
    let Some(newest) = estate.newest_complete() else {
        return words.unknown.to_owned();
    };
    let Some(oldest) = newest.oldest else {
        return words.none.to_owned();
    };
    let age = age(oldest, words);
    match estate.newest_gap_ms() {
        Some(gap) if estate.has_unknown_ages() => words.with_gap(&age, &words.duration(gap)),
        _ => age,
    }
}

/// Describes the age of a finding.
fn age(age: OpenAge, words: &HistoryTexts) -> String {
    match words.duration(age.ms) {
        exact if !age.is_at_least => exact,
        _ if age.ms == 0 => words.unknown.to_owned(),
        least => words.at_least(&least),
    }
}

/// Describes the time to resolve findings.
fn repair(resolution: &ResolutionStats, words: &HistoryTexts) -> String {
    let over_gap = resolution.count.saturating_sub(resolution.timed);
    let untimed = if over_gap > 0 {
        words.resolved_over_gap(over_gap)
    } else {
        String::new()
    };
    match (resolution.mean_ms(), over_gap) {
        (Some(ms), _) => {
            let mean = match resolution.at_least {
                0 => words.duration(ms),
                _ => words.at_least(&words.duration(ms)),
            };
            words.mean_of(&mean, resolution.timed, &untimed)
        }
        (None, 0) => words.nothing_repaired.to_owned(),
        (None, _) => words.mean_of(words.unknown, 0, &untimed),
    }
}

/// The digest of the newest result.
fn document(estate: &EstateHistory) -> &str {
    estate.runs.last().map_or("", |it| &it.sha256)
}

fn estate(
    id: &str,
    estate: &EstateHistory,
    words: &'static HistoryTexts,
    to: &mut dyn Write,
) -> io::Result<()> {
    let newest = &estate.newest;
    writeln!(to, "<section aria-labelledby=\"{id}\">")?;
    put(&heading(2, id, &name(estate, words)), to)?;
    let aliases: Vec<_> = newest
        .instances
        .iter()
        .map(|it| sanitize(&it.alias))
        .collect();
    if !aliases.is_empty() {
        put(
            &html! {
                p class="faint" {
                    (words.instances) (words.language.colon()) (aliases.join(words.language.list_separator()))
                }
            },
            to,
        )?;
    }
    put(&heading(3, &format!("{id}-trends"), words.trends), to)?;
    trends::write(id, estate, words, to)?;
    groups::write(id, estate, words, to)?;
    put(&heading(3, &format!("{id}-newest"), words.whole_report), to)?;
    let view = ResultView {
        report: newest,
        document: document(estate),
        language: words.language,
    };
    view.write_part(id, 4, to)?;
    writeln!(to, "</section>")
}
