//! The targets of notifications, as a table.

use std::collections::BTreeMap;
use std::io;

use maud::{Markup, html};

use super::super::super::TargetView;
use super::PageState;
use crate::report::html::table::short_table;
use crate::report::html::{heading, put};

pub(super) fn write(
    targets: &BTreeMap<String, TargetView>,
    page: &PageState<'_>,
    to: &mut dyn io::Write,
) -> io::Result<()> {
    if targets.is_empty() {
        return Ok(());
    }
    let words = page.words();
    let heads = [
        words.target,
        words.kind,
        words.state,
        words.pending,
        words.delivered,
        words.retried,
        words.refused,
        words.last_success,
    ];
    let rows = targets
        .iter()
        .map(|(name, target)| cells(name, target, page));
    let rows: Vec<_> = rows.collect();
    writeln!(to, "<section aria-labelledby=\"targets\">")?;
    put(&heading(2, "targets", words.targets), to)?;
    put(&short_table("targets", &heads, &rows), to)?;
    writeln!(to, "</section>")
}

fn cells(name: &str, target: &TargetView, page: &PageState<'_>) -> Vec<Markup> {
    let words = page.words();
    let count = |word: &str| target.results.get(word).copied().unwrap_or_default();
    let state = html! {
        @if let Some(reason) = &target.broken {
            span class="error" { (words.broken) } (page.language.colon()) (page.text(reason))
        } @else { (words.working) }
    };
    let last = target.last_success_ms.map(|ms| page.moments().passed(ms));
    vec![
        html! { (page.text(name)) },
        html! { (target.kind) },
        state,
        html! { (target.pending) },
        html! { (count("delivered")) },
        html! { (count("retry")) },
        html! { (count("refused")) },
        html! { @match last { Some(last) => (last), None => (words.never) } },
    ]
}
