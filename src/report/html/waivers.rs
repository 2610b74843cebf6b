//! The waived findings, with the owner and the end of each waiver.

use std::io::{self, Write};

use maud::html;

use super::frame::PageContext;
use super::put;
use super::row::{breakable, code_link, place};
use super::table::{RowTable, TableColumn};
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
            tr data-state="waived" data-severity=(finding.severity.as_str()) data-code=(finding.code.as_str())
                data-instance=[finding.instance.as_deref().map(|it| sanitize(it).into_owned())] {
                th scope="row" { (breakable(finding.rule.as_deref().unwrap_or_default())) }
                td data-head=(texts.code_of) { (code_link(&finding.code, context)) }
                td data-head=(texts.owner) { (sanitize_line(&waiver.owner)) }
                td data-head=(texts.until) { (sanitize(&waiver.expires)) }
                td data-head=(texts.reason) { (sanitize_line(&waiver.reason)) }
                td data-head=(texts.ticket) { (sanitize_line(waiver.ticket.as_deref().unwrap_or_default())) }
                td data-head=(texts.place) { (place(waiver.location.as_ref())) }
            }
        }
    });
    let columns = [
        TableColumn::new(texts.rule).middle(),
        TableColumn::new(texts.code_of).middle(),
        TableColumn::new(texts.owner).middle(),
        TableColumn::new(texts.until).middle(),
        TableColumn::new(texts.reason),
        TableColumn::new(texts.ticket).middle(),
        TableColumn::new(texts.place).middle(),
    ];
    let table = RowTable {
        label: &context.id("waivers"),
        columns: &columns,
        is_filtered: true,
    };
    match rows.next() {
        None if report.verdict.outcome == Outcome::Failed => {
            put(&html! { p { (texts.nothing_compared) } }, to)?;
        }
        None => put(&html! { p { (texts.no_waivers) } }, to)?,
        Some(first) => table.write(std::iter::once(first).chain(rows), to)?,
    }
    writeln!(to, "</section>")
}
