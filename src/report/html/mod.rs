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
mod rules;
pub mod table;
mod topology;
mod waivers;

use std::io::{self, Write};

use maud::{Markup, html};

use self::frame::PageContext;
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

/// Writes the page of one result, under a title of its own where one is given. `document` is the SHA-256 of the
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
    let context = PageContext::top(language);
    let title = sanitize(title.unwrap_or(context.texts.title));
    let frame = Frame {
        language,
        title: &format!("{title}: {}", context.texts.outcome(report.verdict.outcome)),
        banner: html! {
            header class=(report.verdict.outcome.as_str()) { h1 { (title) } (verdict(report, context)) }
        },
        contents: &contents(report, context),
    };
    frame.write(to, |to| sections(report, document, context, to))
}

/// Writes one result as a part of a page: its verdict, and its sections with headings of a level. `within` is
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
    let context = PageContext::below(language, within, level);
    let class = format!("result {}", report.verdict.outcome.as_str());
    put(
        &html! { div class=(class) { (verdict(report, context)) } },
        to,
    )?;
    sections(report, document, context, to)
}

/// Returns the outcome of a run in a language.
#[must_use]
pub fn outcome(outcome: Outcome, language: Language) -> &'static str {
    ReportTexts::new(language).outcome(outcome)
}

/// Returns the id and the title of each section, in order.
fn contents(report: &Report, context: PageContext<'_>) -> Vec<(String, String)> {
    let texts = context.texts;
    let all = [
        ("numbers", texts.numbers),
        ("topology", texts.topology),
        ("scope", texts.scope),
        ("instances", texts.instances),
        ("compliance", texts.compliance),
        ("rules", texts.changes),
        ("findings", texts.findings),
        ("waivers", texts.waivers),
        ("run", texts.run),
        ("appendix", texts.appendix),
    ];
    let there = all
        .iter()
        .filter(|(name, _)| *name != "topology" || report.topology.is_some());
    there
        .map(|(name, title)| (context.id(name), (*title).to_owned()))
        .collect()
}

fn sections(
    report: &Report,
    document: &str,
    context: PageContext<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    put(&numbers(report, context), to)?;
    topology::write(report, context, to)?;
    put(&evidence::scope(report, context), to)?;
    put(&evidence::instances(report, context), to)?;
    put(&compliance::compliance(report, context), to)?;
    rules::write(report, context, to)?;
    findings::write(report, context, to)?;
    waivers::write(report, context, to)?;
    put(&evidence::run(report, context), to)?;
    put(&appendix::appendix(report, document, context), to)
}

/// Writes a part of a page.
///
/// # Errors
///
/// The error of the writer.
pub fn put(part: &Markup, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "{}", part.0)
}

fn verdict(report: &Report, context: PageContext<'_>) -> Markup {
    let texts = context.texts;
    let taken = report
        .taken_ms
        .and_then(date)
        .unwrap_or_else(|| texts.unknown.to_owned());
    html! {
        p class="verdict" { strong { (texts.outcome(report.verdict.outcome)) } }
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
        p class="faint" { (texts.exit_code) " " (report.verdict.exit_code) " · " (texts.live_rules_of) " " (taken) }
    }
}

/// Returns whether an error is about a rules file; any other is the reason of the run.
fn is_in_a_file(error: &ReportedError) -> bool {
    error.code != ReportedError::RUN
}

fn numbers(report: &Report, context: PageContext<'_>) -> Markup {
    let texts = context.texts;
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
        (texts.in_sync, summary.in_sync),
        (texts.missing, summary.missing),
        (texts.changed, summary.changed),
        (texts.renamed, summary.renamed),
        (texts.unmanaged, summary.unmanaged),
        (texts.ignored, summary.ignored),
        (texts.unverified, summary.unverified),
        (texts.waived, waived),
        (texts.baselined, baselined),
    ];
    html! {
        section aria-labelledby=(context.labels("numbers")) {
            (context.heading("numbers", texts.numbers))
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
