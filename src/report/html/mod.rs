//! The compliance report: one page of HTML that needs nothing beside itself, for people who answer for the rules.
//!
//! It is written part by part, a row at a time: the verdict, the findings, the changes, then what is in sync, and the
//! evidence. No script is needed to read it; a small one adds a filter, sorting and buttons that copy.

mod appendix;
mod changes;
mod compliance;
mod evidence;
mod explanations;
mod findings;
mod frame;
mod labels;
mod owners;
mod row;
mod rules;
mod summary;
pub mod table;
mod topology;
mod waivers;

use std::io::{self, Write};

use maud::{Markup, html};

use self::frame::PageContext;
pub use self::frame::{Frame, ServedPage, heading};
use self::row::RowIds;
pub(crate) use self::row::{breakable, sentence};
use super::time::date;
use super::{Digest, Options, Outcome, Report, ReportedError};
use crate::i18n::{Language, ReportTexts};
use crate::source::sanitize;

pub(super) fn render(report: &Report, options: Options, to: &mut dyn Write) -> io::Result<()> {
    let document = options
        .document
        .map_or_else(|| Digest::from_report(report), Ok)?;
    let view = ResultView {
        report,
        document: &document.to_string(),
        language: options.language,
    };
    view.write_page(None, to)
}

/// A result as HTML: a page, or a part of one.
#[derive(Debug, Clone, Copy)]
pub struct ResultView<'a> {
    /// The result.
    pub report: &'a Report,
    /// The SHA-256 of the result document, lower-case hex.
    pub document: &'a str,
    /// The language of the texts.
    pub language: Language,
}

impl ResultView<'_> {
    /// Writes the page of the result, under a title of its own where one is given.
    ///
    /// # Errors
    ///
    /// The error of the writer.
    pub fn write_page(&self, title: Option<&str>, to: &mut dyn Write) -> io::Result<()> {
        let context = PageContext::top(self.language);
        let outcome = self.report.verdict.outcome;
        let title = sanitize(title.unwrap_or(context.texts.title));
        let frame = Frame {
            language: self.language,
            title: &format!(
                "{title}{}{}",
                context.texts.language.colon(),
                context.texts.outcome(outcome)
            ),
            banner: html! {
                header class=(outcome.as_str()) { h1 { (title) } (verdict(self.report, context)) }
            },
            contents: &contents(self.report, context),
            served: None,
        };
        frame.write(to, |to| self.write_sections(context, to))
    }

    /// Writes the result as a part of a page: its verdict, and its sections with headings of a level. `within` is
    /// the id of its heading.
    ///
    /// # Errors
    ///
    /// The error of the writer.
    pub fn write_part(&self, within: &str, level: u8, to: &mut dyn Write) -> io::Result<()> {
        let context = PageContext::below(self.language, within, level);
        let class = format!("result {}", self.report.verdict.outcome.as_str());
        put(
            &html! { div class=(class) { (verdict(self.report, context)) } },
            to,
        )?;
        self.write_sections(context, to)
    }

    fn write_sections(&self, context: PageContext<'_>, to: &mut dyn Write) -> io::Result<()> {
        let report = self.report;
        if report.verdict.outcome == Outcome::Failed {
            put(&evidence::scope(report, context), to)?;
            put(&evidence::run(report, context), to)?;
            return put(&appendix::appendix(report, self.document, context), to);
        }
        let mut ids = RowIds::new(context);
        put(&summary::summary(report, context), to)?;
        findings::write(report, context, &mut ids, to)?;
        changes::write(report, context, &mut ids, to)?;
        topology::write(report, context, to)?;
        put(&compliance::compliance(report, context), to)?;
        rules::write(report, context, &mut ids, to)?;
        waivers::write(report, context, to)?;
        put(&evidence::scope(report, context), to)?;
        put(&evidence::instances(report, context), to)?;
        put(&evidence::run(report, context), to)?;
        put(&appendix::appendix(report, self.document, context), to)?;
        explanations::write(report, context, to)
    }
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
        ("summary", texts.numbers),
        ("findings", texts.findings),
        ("changes", texts.changes),
        ("topology", texts.topology),
        ("compliance", texts.compliance),
        ("rules", texts.rules_in_sync),
        ("waivers", texts.waivers),
        ("scope", texts.scope),
        ("instances", texts.instances),
        ("run", texts.run),
        ("appendix", texts.appendix),
        ("explanations", texts.explanations),
    ];
    let mut contents = Vec::new();
    for (name, title) in all {
        let is_failed = report.verdict.outcome == Outcome::Failed;
        let is_there = match name {
            "scope" | "run" | "appendix" => true,
            _ if is_failed => false,
            "topology" => report.topology.is_some(),
            "explanations" => !report.findings.is_empty(),
            _ => true,
        };
        if is_there {
            contents.push((context.id(name), title.to_owned()));
        }
    }
    contents
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
    html! {
        p class="verdict" { strong { (texts.outcome(report.verdict.outcome)) } }
        @if !report.errors.iter().any(|error| repeats(error, &report.verdict.reason)) {
            p { (sentence(&report.verdict.reason.to_language(context.language))) }
        }
        @for error in report.errors.iter().filter(|it| !is_in_a_file(it)) {
            @if !error.parts.is_empty() {
                p { (sentence(&report.verdict.reason.to_language(context.language))) }
                ul class="parts" {
                    @for part in &error.parts { li { (sentence(&part.to_language(context.language))) } }
                }
            } @else if error.message != report.verdict.reason {
                p { (sentence(&error.message.to_language(context.language))) }
            }
            (help(error, context))
        }
        @if report.errors.iter().any(is_in_a_file) {
            ul class="errors" {
                @for error in report.errors.iter().filter(|it| is_in_a_file(it)) {
                    li {
                        code { (sanitize(&error.code)) } " " (sentence(&error.message.to_language(context.language)))
                        @if let Some(place) = &error.location {
                            " " span class="faint" { (sanitize(&place.file)) ":" (place.line) ":" (place.column) }
                        }
                        (help(error, context))
                    }
                }
            }
        }
        p class="faint" {
            (texts.exit_code) " " (report.verdict.exit_code)
            @if let Some(taken) = describe_time(report, texts) { " · " (taken) }
        }
    }
}

/// Returns whether an error begins with the reason of the run, and says more.
fn repeats(error: &ReportedError, reason: &str) -> bool {
    !is_in_a_file(error) && *error.message != *reason && error.message.starts_with(reason)
}

/// Renders the remedy of an error, if it has one.
fn help(error: &ReportedError, context: PageContext<'_>) -> Markup {
    html! {
        @if let Some(help) = &error.help {
            p class="help" { (sentence(&help.to_language(context.language))) }
        }
    }
}

/// Describes the time of the live rules; `None` for a run that compared nothing.
fn describe_time(report: &Report, texts: &ReportTexts) -> Option<Markup> {
    match report.taken_ms.and_then(date) {
        Some(taken) => Some(html! { (texts.live_rules_of) " " span class="whole" { (taken) } }),
        None if report.verdict.outcome == Outcome::Failed => None,
        None => Some(html! { (texts.live_rules_undated) }),
    }
}

/// Returns whether an error is about a rules file; any other is the reason of the run.
fn is_in_a_file(error: &ReportedError) -> bool {
    error.code != ReportedError::RUN
}

#[cfg(test)]
mod tests;
