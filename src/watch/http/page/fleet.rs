//! The page of all estates.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

use maud::{Markup, html};

use super::super::super::{EstateView, WatchState};
use super::super::routes::path_segment;
use super::{
    PageParts, PageState, describe_open, draw_outcome, is_overdue, outcome_class, targets,
};
use crate::report::Outcome;
use crate::report::html::table::{RowTable, TableColumn};
use crate::report::html::{heading, outcome, put};

/// Writes the page.
pub(in crate::watch::http) fn write_fleet(
    state: &WatchState,
    page: &PageState<'_>,
    to: &mut dyn io::Write,
) -> io::Result<()> {
    let words = page.words();
    let mut contents = vec![("estates".to_owned(), words.estates.to_owned())];
    if !state.targets.is_empty() {
        contents.push(("targets".to_owned(), words.targets.to_owned()));
    }
    let parts = PageParts {
        title: words.title,
        banner: banner(state, page),
        contents: &contents,
        estate_key: None,
    };
    page.write(parts, to, |to| {
        write_estates(state, page, to)?;
        targets::write(&state.targets, page, to)
    })
}

/// Returns the rank of an estate: the worst first, and an estate without a check before those that passed.
fn rank(view: &EstateView, now_ms: i64) -> usize {
    let of_outcome = |outcome: Outcome| match outcome {
        Outcome::Failed => 0,
        Outcome::Incomplete => 1,
        Outcome::Drift => 2,
        Outcome::Findings => 3,
        Outcome::Passed | Outcome::InSync if is_overdue(view, now_ms) => 4,
        Outcome::Passed => 6,
        Outcome::InSync => 7,
    };
    view.last
        .as_ref()
        .map_or(5, |last| of_outcome(last.outcome))
}

/// Returns the estates, the worst first.
fn worst_first(state: &WatchState, now_ms: i64) -> Vec<(&String, &EstateView)> {
    let mut estates: Vec<_> = state.estates.iter().collect();
    estates.sort_by_key(|(name, view)| (rank(view, now_ms), Reverse(view.open), *name));
    estates
}

/// Draws the banner: the number of estates by outcome, the worst first.
fn banner(state: &WatchState, page: &PageState<'_>) -> Markup {
    let words = page.words();
    let mut counts: BTreeMap<usize, (&'static str, &'static str, usize)> = BTreeMap::new();
    for view in state.estates.values() {
        let class = outcome_class(view);
        let last = view.last.as_ref();
        let text = last.map_or(words.unchecked, |it| outcome(it.outcome, page.language));
        // An overdue estate counts with its outcome.
        let key = rank(view, view.last_complete_ms.unwrap_or_default());
        counts.entry(key).or_insert((class, text, 0)).2 += 1;
    }
    let is_overdue = state.estates.values().any(|it| is_overdue(it, page.now_ms));
    let worst = counts.values().next().map_or("unchecked", |it| it.0);
    let class = if worst == "in_sync" && is_overdue {
        "unchecked"
    } else {
        worst
    };
    html! {
        header class=(class) {
            h1 { (words.title) }
            p class="verdict" {
                @if counts.is_empty() { (words.no_estates) }
                @for (index, (_, text, count)) in counts.values().enumerate() {
                    @if index > 0 { " · " } strong { (text) } (page.language.colon()) (count)
                }
            }
            @if !counts.is_empty() { p { (words.count_estates(state.estates.len())) } }
            p { a href="/deliveries" { (words.deliveries) } }
            (page.freshness("/"))
        }
    }
}

fn write_estates(
    state: &WatchState,
    page: &PageState<'_>,
    to: &mut dyn io::Write,
) -> io::Result<()> {
    let words = page.words();
    writeln!(to, "<section aria-labelledby=\"estates\">")?;
    put(&heading(2, "estates", words.estates), to)?;
    let columns = [
        TableColumn::new(words.estate).middle(),
        TableColumn::new(words.owner).middle(),
        TableColumn::new(words.outcome).wide(),
        TableColumn::new(words.open),
        TableColumn::new(words.oldest),
        TableColumn::new(words.last_complete),
        TableColumn::new(words.next),
    ];
    let table = RowTable {
        label: "estates",
        columns: &columns,
        is_filtered: true,
    };
    let estates = worst_first(state, page.now_ms);
    let rows = estates.into_iter();
    table.write(rows.map(|(name, view)| draw_row(name, view, page)), to)?;
    writeln!(to, "</section>")
}

fn draw_row(name: &str, view: &EstateView, page: &PageState<'_>) -> Markup {
    let words = page.words();
    let moments = page.moments();
    let owner = view.owner.as_deref().map(|it| page.text(it));
    let reason = view.last.as_ref();
    let reason = reason.map(|it| page.text(&it.reason.to_language(page.language)));
    let [errors, warnings, notes] = view.open;
    let open = errors * 1_000_000 + warnings * 1_000 + notes;
    html! {
        tr data-state=(outcome_class(view)) data-owner=[owner.as_deref()] {
            th scope="row" { a href={ "/e/" (path_segment(name, page.mask)) } { (page.text(name)) } }
            td data-head=(words.owner) { (owner.as_deref().unwrap_or("–")) }
            td data-head=(words.outcome) data-rank=(rank(view, page.now_ms)) {
                (draw_outcome(view, page))
                @if let Some(reason) = reason { br; span class="faint" { (reason) } }
            }
            td data-head=(words.open) data-rank=(open) {
                @match view.last_complete_ms {
                    Some(_) => (describe_open(view.open, words)),
                    None => "–",
                }
            }
            td data-head=(words.oldest) data-rank=(view.oldest_open_ms.unwrap_or(i64::MAX)) {
                @match view.oldest_open_ms { Some(ms) => (moments.age(ms)), None => "–" }
            }
            td data-head=(words.last_complete) data-rank=(view.last_complete_ms.unwrap_or_default()) {
                @match view.last_complete_ms { Some(ms) => (moments.passed(ms)), None => (words.never) }
            }
            td data-head=(words.next) data-rank=(view.next_ms.unwrap_or(i64::MAX)) {
                @match view.next_ms { Some(ms) => (moments.left(ms)), None => "–" }
            }
        }
    }
}
