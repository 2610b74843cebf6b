//! The topology as a picture, and the same as a table.

use std::io::{self, Write};

use maud::html;

use super::frame::PageContext;
use super::put;
use super::table::short_table;
use crate::graph::{Arrow, Caption, Format, Graph, render};
use crate::i18n::{GraphTexts, Language};
use crate::report::Report;
use crate::source::sanitize;

/// Writes the picture and the table; nothing where the result has no topology.
pub(super) fn write(
    report: &Report,
    context: PageContext<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let Some(topology) = &report.topology else {
        return Ok(());
    };
    let texts = context.texts;
    let picture_texts = GraphTexts::new(context.language);
    writeln!(
        to,
        "<section aria-labelledby=\"{}\">",
        context.labels("topology")
    )?;
    put(&context.heading("topology", texts.topology), to)?;
    // The script of the page builds the controls from these texts.
    let label = context.id("topology");
    writeln!(
        to,
        "<div class=\"picture\" data-full-size=\"{}\" data-close=\"{}\" data-zoom-in=\"{}\" data-zoom-out=\"{}\" \
         data-fit=\"{}\" data-keys=\"{}\">",
        picture_texts.full_size,
        picture_texts.close,
        picture_texts.zoom_in,
        picture_texts.zoom_out,
        picture_texts.fit,
        picture_texts.keys,
    )?;
    writeln!(
        to,
        "<figure class=\"scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"{label}\">"
    )?;
    let caption = Caption {
        title: texts.topology_title.to_owned(),
        subtitle: texts.compared(report.desired_rules, report.files.len()),
    };
    render(
        &Graph {
            caption,
            ..topology.clone()
        },
        Format::Svg(context.language),
        to,
    )?;
    writeln!(to, "</figure>\n</div>")?;
    table(topology, context, to)?;
    writeln!(to, "</section>")
}

fn table(topology: &Graph, context: PageContext<'_>, to: &mut dyn Write) -> io::Result<()> {
    let PageContext {
        texts, language, ..
    } = context;
    if topology.arrows.is_empty() {
        return Ok(());
    }
    let heads = [texts.from, texts.to, texts.state, texts.rules];
    let mut rows = Vec::new();
    for arrow in &topology.arrows {
        rows.push(vec![
            html! { (sanitize(&topology.end_label(arrow.from))) },
            html! { (sanitize(&topology.end_label(arrow.to))) },
            html! { (arrow.state.legend(GraphTexts::new(language))) },
            html! { (arrow.count) (texts.language.colon()) (names(arrow, language)) },
        ]);
    }
    put(
        &html! {
            details class="as-table" {
                summary { (texts.as_a_table) }
                (short_table(&context.id("topology"), &heads, &rows))
            }
        },
        to,
    )
}

fn names(arrow: &Arrow, language: Language) -> String {
    let names = sanitize(&arrow.rules.join(language.list_separator())).into_owned();
    match arrow.count.saturating_sub(arrow.rules.len()) {
        0 => names,
        more => names + &GraphTexts::new(language).and_more(more),
    }
}
