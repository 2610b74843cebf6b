//! The topology as a picture, and the same as a table.

use std::io::{self, Write};

use maud::html;

use super::put;
use super::words::Words;
use crate::graph::{Arrow, Facts, Format, Graph, render};
use crate::report::{Language, Report};
use crate::source::visible;

/// The picture has the colours of the page, which knows whether it is dark; its own style sheet comes behind this one and
/// is less specific.
pub(super) const STYLE: &str = "\
th .faint { font-weight: 400; } .scroll + .scroll { margin-top: 1rem; } figure { margin: 0; } figure .crdrift-graph { --page: transparent; }
@media print { h2 { break-after: avoid; } figure .crdrift-graph { --page: transparent; max-width: 100%; height: auto; max-height: 22cm; } }
";

/// Nothing where the result has none: it was saved without, or the run failed.
pub(super) fn picture(report: &Report, language: Language, to: &mut dyn Write) -> io::Result<()> {
    let Some(topology) = &report.topology else { return Ok(()) };
    let words = language.words();
    writeln!(to, "<section aria-labelledby=\"topology\">")?;
    put(html! { h2 id="topology" { (words.topology) } }, to)?;
    // A wide picture is moved with the keys of the keyboard, too.
    writeln!(to, "<figure class=\"scroll\" tabindex=\"0\" role=\"group\" aria-labelledby=\"topology\">")?;
    let facts = Facts {
        title: words.topology_title.to_owned(),
        subtitle: words.compared(report.desired_rules, report.files.len()),
    };
    render(&Graph { facts, ..topology.clone() }, Format::Svg(language), to)?;
    writeln!(to, "</figure>")?;
    table(topology, language, words, to)?;
    writeln!(to, "</section>")
}

fn table(topology: &Graph, language: Language, words: &Words, to: &mut dyn Write) -> io::Result<()> {
    if topology.arrows.is_empty() {
        return Ok(());
    }
    let heads = [words.from, words.to, words.state, words.rules];
    put(
        html! {
            details {
                summary { (words.as_a_table) }
                div class="scroll" { table {
                    thead { tr { @for head in heads { th scope="col" { (head) } } } }
                    tbody { @for it in &topology.arrows { tr {
                        td { (visible(&topology.end(it.from))) }
                        td { (visible(&topology.end(it.to))) }
                        td { (language.state(it.state)) }
                        td { (it.count) ": " (names(it, language)) }
                    } } }
                } }
            }
        },
        to,
    )
}

fn names(arrow: &Arrow, language: Language) -> String {
    let names = visible(&arrow.rules.join(", ")).into_owned();
    match arrow.count.saturating_sub(arrow.rules.len()) {
        0 => names,
        more => names + &language.and_more(more),
    }
}
