//! The topology as a picture, and the same as a table.

use std::io::{self, Write};

use maud::html;

use super::frame::PageContext;
use super::put;
use super::table::short_table;
use crate::graph::{Arrow, Caption, Graph, PictureSize, RuleState, write_picture};
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
    let captioned = Graph {
        caption,
        ..topology.clone()
    };
    let size = write_picture(&captioned, context.language, to)?;
    writeln!(to, "</figure>\n</div>")?;
    table(topology, is_readable_on_paper(size), context, to)?;
    writeln!(to, "</section>")
}

/// Returns whether a picture that is made as small as a page in landscape, 1,030 by 600 pixels, has texts of at least half
/// their size.
const fn is_readable_on_paper(size: PictureSize) -> bool {
    size.width <= 2_060 && size.height <= 1_200
}

/// Writes the arrows as a table. Where the picture is too large for paper, the arrows that are not in sync are printed
/// in its place.
fn table(
    topology: &Graph,
    is_readable: bool,
    context: PageContext<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
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
            html! { span class=[in_sync_class(arrow)] { (arrow.state.legend(GraphTexts::new(language))) } },
            html! { (arrow.count) (texts.language.colon()) (names(arrow, language)) },
        ]);
    }
    let is_printed = !is_readable && topology.arrows.iter().any(|it| in_sync_class(it).is_none());
    put(
        &html! {
            details class={ "as-table" @if is_printed { " printed" } } {
                summary { (texts.as_a_table) }
                @if is_printed { p class="on-paper" { (texts.topology_on_paper) } }
                (short_table(&context.id("topology"), &heads, &rows))
            }
        },
        to,
    )
}

/// Returns the class of an arrow in sync.
fn in_sync_class(arrow: &Arrow) -> Option<&'static str> {
    (arrow.state == RuleState::InSync).then_some("in-sync")
}

fn names(arrow: &Arrow, language: Language) -> String {
    let names = sanitize(&arrow.rules.join(language.list_separator())).into_owned();
    match arrow.count.saturating_sub(arrow.rules.len()) {
        0 => names,
        more => names + &GraphTexts::new(language).and_more(more),
    }
}
