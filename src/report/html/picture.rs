//! The topology as a picture, and the same as a table.

use std::io::{self, Write};

use maud::html;

use super::frame::At;
use super::put;
use crate::graph::{Arrow, Caption, Format, Graph, render};
use crate::i18n::{GraphTexts, Language};
use crate::report::Report;
use crate::source::sanitize;

/// `None` where the result has none: it was saved without, or the run failed.
pub(super) fn write(report: &Report, at: At<'_>, to: &mut dyn Write) -> io::Result<()> {
    let Some(topology) = &report.topology else {
        return Ok(());
    };
    let words = at.words;
    writeln!(
        to,
        "<section aria-labelledby=\"{}\">",
        at.labels("topology")
    )?;
    put(&at.heading("topology", words.topology), to)?;
    // A wide picture is moved, with the keys of the keyboard too; a smaller one would be unreadable.
    let label = at.id("topology");
    writeln!(
        to,
        "<figure class=\"scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"{label}\">"
    )?;
    let caption = Caption {
        title: words.topology_title.to_owned(),
        subtitle: words.compared(report.desired_rules, report.files.len()),
    };
    render(
        &Graph {
            caption,
            ..topology.clone()
        },
        Format::Svg(at.language),
        to,
    )?;
    writeln!(to, "</figure>")?;
    table(topology, at, to)?;
    writeln!(to, "</section>")
}

fn table(topology: &Graph, at: At<'_>, to: &mut dyn Write) -> io::Result<()> {
    let At {
        words, language, ..
    } = at;
    if topology.arrows.is_empty() {
        return Ok(());
    }
    let heads = [words.from, words.to, words.state, words.rules];
    put(
        &html! {
            details {
                summary { (words.as_a_table) }
                div class="scroll" role="group" tabindex="0" aria-labelledby=(at.id("topology")) { table {
                    thead { tr { @for head in heads { th scope="col" { (head) } } } }
                    tbody { @for it in &topology.arrows { tr {
                        td { (sanitize(&topology.end(it.from))) }
                        td { (sanitize(&topology.end(it.to))) }
                        td { (it.state.legend(GraphTexts::new(language))) }
                        td { (it.count) ": " (names(it, language)) }
                    } } }
                } }
            }
        },
        to,
    )
}

fn names(arrow: &Arrow, language: Language) -> String {
    let names = sanitize(&arrow.rules.join(", ")).into_owned();
    match arrow.count.saturating_sub(arrow.rules.len()) {
        0 => names,
        more => names + &GraphTexts::new(language).and_more(more),
    }
}
