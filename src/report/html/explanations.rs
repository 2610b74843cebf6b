//! The explanation of each code that occurs, once in a page: what `crdrift explain` prints.

use std::collections::BTreeMap;
use std::io::{self, Write};

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::frame::PageContext;
use super::put;
use super::row::explanation_id;
use crate::finding::{Code, PolicyCode, explain, has_full_width_end};
use crate::report::Report;

pub(super) fn write(
    report: &Report,
    context: PageContext<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    if report.findings.is_empty() {
        return Ok(());
    }
    let mut codes: BTreeMap<String, &Code> = BTreeMap::new();
    for finding in &report.findings {
        codes
            .entry(explanation_id(&finding.code))
            .or_insert(&finding.code);
    }
    writeln!(
        to,
        "<section class=\"explanations\" aria-labelledby=\"{}\">",
        context.labels("explanations")
    )?;
    put(
        &context.heading("explanations", context.texts.explanations),
        to,
    )?;
    for (id, code) in codes {
        let name = match code {
            Code::Policy(_) => PolicyCode::ANY,
            code => code.as_str(),
        };
        put(
            &html! {
                details class="explanation" {
                    summary { code { (name) } }
                    div id=(context.id(&id)) { (render_page(explain(code, context.language), context)) }
                }
            },
            to,
        )?;
    }
    writeln!(to, "</section>")
}

/// Renders a page of Markdown: the title becomes a paragraph, and the headings of its parts follow the level of the
/// section.
fn render_page(page: &str, context: PageContext<'_>) -> Markup {
    let mut is_joined = false;
    let events = Parser::new(page).map(|event| match event {
        Event::SoftBreak if is_joined => Event::Text("".into()),
        Event::Text(text) => {
            is_joined = has_full_width_end(&text);
            Event::Text(text)
        }
        Event::Start(Tag::Heading { level, .. }) => match shifted(level, context) {
            None => Event::Start(Tag::Paragraph),
            Some(level) => Event::Start(Tag::Heading {
                level,
                id: None,
                classes: Vec::new(),
                attrs: Vec::new(),
            }),
        },
        Event::End(TagEnd::Heading(level)) => match shifted(level, context) {
            None => Event::End(TagEnd::Paragraph),
            Some(level) => Event::End(TagEnd::Heading(level)),
        },
        event => event,
    });
    let mut rendered = String::new();
    pulldown_cmark::html::push_html(&mut rendered, events);
    html! { (PreEscaped(rendered)) }
}

/// Returns the level of a heading of a page; `None` for its title.
fn shifted(level: HeadingLevel, context: PageContext<'_>) -> Option<HeadingLevel> {
    match level {
        HeadingLevel::H1 => None,
        other => {
            let level = usize::from(context.level()) + other as usize - 1;
            HeadingLevel::try_from(level.min(6)).ok()
        }
    }
}
