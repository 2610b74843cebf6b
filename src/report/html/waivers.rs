//! The waived findings, with the owner and the end of each waiver.

use std::io::{self, Write};

use maud::html;

use super::frame::At;
use super::put;
use super::table::{self, TableColumn, place};
use crate::report::{FindingStatus, Outcome, Report};
use crate::source::{sanitize, sanitize_line};

pub(super) fn write(report: &Report, at: At<'_>, to: &mut dyn Write) -> io::Result<()> {
    let words = at.words;
    writeln!(to, "<section aria-labelledby=\"{}\">", at.labels("waivers"))?;
    put(&at.heading("waivers", words.waivers), to)?;
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
        TableColumn::choice(words.code_of).middle(),
        TableColumn::text(words.rule).middle(),
        TableColumn::choice(words.owner).middle(),
        TableColumn::text(words.until).narrow(),
        TableColumn::text(words.reason),
        TableColumn::text(words.ticket).narrow(),
        TableColumn::text(words.place).middle(),
    ];
    match rows.next() {
        None if report.verdict.outcome == Outcome::Failed => {
            put(&html! { p { (words.nothing_compared) } }, to)?;
        }
        None => put(&html! { p { (words.no_waivers) } }, to)?,
        Some(first) => table::write(
            &at.id("waivers"),
            &columns,
            std::iter::once(first).chain(rows),
            to,
        )?,
    }
    writeln!(to, "</section>")
}
