//! The findings of an estate by owner and by code, as tables.

use std::io::{self, Write};

use maud::{Markup, html};

use super::{age, repair};
use crate::history::{EstateHistory, GroupStats};
use crate::i18n::HistoryTexts;
use crate::report::html::table::short_table;
use crate::report::html::{heading, put};
use crate::source::sanitize;

/// Writes a table for each kind of group that has any.
pub(super) fn write(
    id: &str,
    estate: &EstateHistory,
    words: &HistoryTexts,
    to: &mut dyn Write,
) -> io::Result<()> {
    let tables = [
        ("owners", words.by_owner, words.owner, &estate.by_owner),
        ("codes", words.by_code, words.code, &estate.by_code),
    ];
    for (kind, title, head, groups) in tables {
        if groups.is_empty() {
            continue;
        }
        let label = format!("{id}-{kind}");
        put(&heading(3, &label, title), to)?;
        let rows: Vec<_> = groups.iter().map(|group| cells(group, words)).collect();
        let heads = [head, words.open, words.oldest, words.repair];
        put(&short_table(&label, &heads, &rows), to)?;
    }
    Ok(())
}

fn cells(group: &GroupStats, words: &HistoryTexts) -> Vec<Markup> {
    let name = group.name.as_deref().map(sanitize);
    let oldest = group.oldest.map(|it| age(it, words));
    vec![
        html! { (name.as_deref().unwrap_or(words.none)) },
        html! { (group.open()) },
        html! { (oldest.as_deref().unwrap_or(words.none)) },
        html! { (repair(&group.resolution, words)) },
    ]
}
