//! The compliance report: one page of HTML that needs nothing beside itself, for people who answer for the rules.
//!
//! It is written part by part, a row at a time. No script is needed to read it; a small one adds filters and sorting
//! to the tables.

mod appendix;
mod compliance;
mod evidence;
mod findings;
mod frame;
mod labels;
mod picture;
mod rules;
pub mod table;
mod waivers;

use std::io::{self, Write};

use maud::{Markup, html};

use self::frame::At;
pub use self::frame::{Frame, heading};
use super::time::date;
use super::{Digest, FindingStatus, Options, Outcome, Report, ReportedError};
use crate::i18n::{Language, ReportTexts};
use crate::source::{sanitize, sanitize_line};

pub(super) fn render(report: &Report, options: Options, to: &mut dyn Write) -> io::Result<()> {
    let document = options
        .document
        .map_or_else(|| Digest::from_report(report), Ok)?;
    page(report, &document.to_string(), options.language, None, to)
}

/// The page of one result, under a title of its own where one is given. `document` is the SHA-256 of the
/// result document, lower-case hex.
///
/// # Errors
///
/// The error of the writer.
pub fn page(
    report: &Report,
    document: &str,
    language: Language,
    title: Option<&str>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let at = At::top(language);
    let title = sanitize(title.unwrap_or(at.words.title));
    let frame = Frame {
        language,
        title: &format!("{title}: {}", at.words.outcome(report.verdict.outcome)),
        banner: html! {
            header class=(report.verdict.outcome.as_str()) { h1 { (title) } (verdict(report, at)) }
        },
        contents: &contents(report, at),
    };
    frame.write(to, |to| sections(report, document, at, to))
}

/// Everything about one result as a part of a page: its verdict, and its sections with headings of a level. `within` is
/// the id of its heading.
///
/// # Errors
///
/// The error of the writer.
pub fn part(
    report: &Report,
    document: &str,
    language: Language,
    (within, level): (&str, u8),
    to: &mut dyn Write,
) -> io::Result<()> {
    let at = At::below(language, within, level);
    let class = format!("result {}", report.verdict.outcome.as_str());
    put(&html! { div class=(class) { (verdict(report, at)) } }, to)?;
    sections(report, document, at, to)
}

/// Returns the outcome of a run in a language.
#[must_use]
pub fn outcome(outcome: Outcome, language: Language) -> &'static str {
    ReportTexts::new(language).outcome(outcome)
}

/// The sections of a result with their titles, in order.
fn contents(report: &Report, at: At<'_>) -> Vec<(String, String)> {
    let words = at.words;
    let all = [
        ("numbers", words.numbers),
        ("topology", words.topology),
        ("scope", words.scope),
        ("instances", words.instances),
        ("compliance", words.compliance),
        ("rules", words.changes),
        ("findings", words.findings),
        ("waivers", words.waivers),
        ("run", words.run),
        ("appendix", words.appendix),
    ];
    let there = all
        .iter()
        .filter(|(name, _)| *name != "topology" || report.topology.is_some());
    there
        .map(|(name, title)| (at.id(name), (*title).to_owned()))
        .collect()
}

fn sections(report: &Report, document: &str, at: At<'_>, to: &mut dyn Write) -> io::Result<()> {
    put(&numbers(report, at), to)?;
    picture::write(report, at, to)?;
    put(&evidence::scope(report, at), to)?;
    put(&evidence::instances(report, at), to)?;
    put(&compliance::compliance(report, at), to)?;
    rules::write(report, at, to)?;
    findings::write(report, at, to)?;
    waivers::write(report, at, to)?;
    put(&evidence::run(report, at), to)?;
    put(&appendix::appendix(report, document, at), to)
}

/// Writes a part of a page.
///
/// # Errors
///
/// The error of the writer.
pub fn put(part: &Markup, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "{}", part.0)
}

fn verdict(report: &Report, at: At<'_>) -> Markup {
    let words = at.words;
    let taken = report
        .taken_ms
        .and_then(date)
        .unwrap_or_else(|| words.unknown.to_owned());
    html! {
        p class="verdict" { strong { (words.outcome(report.verdict.outcome)) } }
        p { (sanitize_line(&report.verdict.reason)) }
        @if report.errors.iter().any(is_in_a_file) {
            ul class="errors" {
                @for error in report.errors.iter().filter(|it| is_in_a_file(it)) {
                    li {
                        code { (sanitize(&error.code)) } " " (sanitize_line(&error.message))
                        @if let Some(place) = &error.location {
                            " " span class="faint" { (sanitize(&place.file)) ":" (place.line) ":" (place.column) }
                        }
                    }
                }
            }
        }
        p class="faint" { (words.exit_code) " " (report.verdict.exit_code) " · " (words.live_rules_of) " " (taken) }
    }
}

/// Returns whether an error is about a rules file; any other is the reason of the run.
fn is_in_a_file(error: &ReportedError) -> bool {
    error.code != ReportedError::RUN
}

fn numbers(report: &Report, at: At<'_>) -> Markup {
    let words = at.words;
    let summary = &report.summary;
    let waived = report
        .findings
        .iter()
        .filter(|it| matches!(it.status, FindingStatus::Waived(_)))
        .count();
    let baselined = report
        .findings
        .iter()
        .filter(|it| it.status == FindingStatus::Baselined)
        .count();
    let numbers = [
        (words.in_sync, summary.in_sync),
        (words.missing, summary.missing),
        (words.changed, summary.changed),
        (words.renamed, summary.renamed),
        (words.unmanaged, summary.unmanaged),
        (words.ignored, summary.ignored),
        (words.unverified, summary.unverified),
        (words.waived, waived),
        (words.baselined, baselined),
    ];
    html! {
        section aria-labelledby=(at.labels("numbers")) {
            (at.heading("numbers", words.numbers))
            dl class="numbers" {
                @for (name, number) in numbers { div { dt { (name) } dd {
                    // Only where everything was read does 0 say that there is none.
                    @if number > 0 || report.verdict.outcome.is_complete() { (number) } @else { "–" }
                } } }
            }
        }
    }
}

#[cfg(test)]
mod tests;
