//! The waived findings, with the owner and the end of each waiver.

use std::io::{self, Write};

use maud::html;

use super::frame::PageContext;
use super::put;
use super::table::{self, TableColumn, place};
use crate::report::{FindingStatus, Outcome, Report};
use crate::source::{sanitize, sanitize_line};

pub(super) fn write(
    report: &Report,
    context: PageContext<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let texts = context.texts;
    writeln!(
        to,
        "<section aria-labelledby=\"{}\">",
        context.labels("waivers")
    )?;
    put(&context.heading("waivers", texts.waivers), to)?;
    let waived = report
        .findings
        .iter()
        .filter_map(|finding| match &finding.status {
            FindingStatus::Waived(waiver) => Some((finding, waiver)),
            FindingStatus::Open | FindingStatus::Baselined => None,
        });
    let mut rows = waived.map(|(finding, waiver)| {
        html! {
            tr {
                td { code { (sanitize(finding.code.as_str())) } }
                th scope="row" { (sanitize(finding.rule.as_deref().unwrap_or_default())) }
                td { span { (sanitize_line(&waiver.owner)) } }
                td { (sanitize(&waiver.expires)) }
                td { (sanitize_line(&waiver.reason)) }
                td { (sanitize_line(waiver.ticket.as_deref().unwrap_or_default())) }
                td { (place(waiver.location.as_ref())) }
            }
        }
    });
    let columns = [
        TableColumn::choice(texts.code_of).middle(),
        TableColumn::text(texts.rule).middle(),
        TableColumn::choice(texts.owner).middle(),
        TableColumn::text(texts.until).narrow(),
        TableColumn::text(texts.reason),
        TableColumn::text(texts.ticket).narrow(),
        TableColumn::text(texts.place).middle(),
    ];
    match rows.next() {
        None if report.verdict.outcome == Outcome::Failed => {
            put(&html! { p { (texts.nothing_compared) } }, to)?;
        }
        None => put(&html! { p { (texts.no_waivers) } }, to)?,
        Some(first) => table::write(
            &context.id("waivers"),
            &columns,
            std::iter::once(first).chain(rows),
            to,
        )?,
    }
    writeln!(to, "</section>")
}
