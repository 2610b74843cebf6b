//! The compliance report: one page of HTML that needs nothing beside itself, for people who answer for the rules.
//!
//! It is written part by part, a row at a time. No script is needed to read it; a small one adds filters and sorting
//! to the tables.

mod evidence;
mod findings;
mod frame;
mod rules;
pub mod table;
mod waivers;
mod words;

use std::io::{self, Write};

use maud::{Markup, html};

use self::frame::At;
pub use self::frame::{Frame, heading};
pub use self::words::Language;
use super::time::date;
use super::{Outcome, Report, Status};
use crate::finding::Code;
use crate::source::{sentence, visible};

pub(super) fn render(report: &Report, language: Language, to: &mut dyn Write) -> io::Result<()> {
    page(report, language, None, to)
}

/// The page of one result, under a title of its own where one is given.
///
/// # Errors
///
/// What the writer says.
pub fn page(report: &Report, language: Language, title: Option<&str>, to: &mut dyn Write) -> io::Result<()> {
    let at = At::top(language);
    let title = visible(title.unwrap_or(at.words.title));
    let frame = Frame {
        language,
        title: &format!("{title}: {}", at.words.outcome(report.verdict.outcome)),
        banner: html! {
            header class=(report.verdict.outcome.as_str()) { h1 { (title) } (verdict(report, at)) }
        },
        contents: &contents(at),
    };
    frame.write(to, |to| sections(report, at, to))
}

/// Everything about one result as a part of a page: its verdict, and its sections with headings of a level. `within` is
/// the id of the heading it stands under.
///
/// # Errors
///
/// What the writer says.
pub fn part(report: &Report, language: Language, within: &str, level: u8, to: &mut dyn Write) -> io::Result<()> {
    let at = At::below(language, within, level);
    let class = format!("result {}", report.verdict.outcome.as_str());
    put(&html! { div class=(class) { (verdict(report, at)) } }, to)?;
    sections(report, at, to)
}

/// What came of a run, in the words of a language.
#[must_use]
pub fn outcome(outcome: Outcome, language: Language) -> &'static str {
    language.words().outcome(outcome)
}

/// The sections of a result with their titles, in order.
fn contents(at: At<'_>) -> Vec<(String, String)> {
    let words = at.words;
    let all = [
        ("numbers", words.numbers),
        ("scope", words.scope),
        ("instances", words.instances),
        ("compliance", words.compliance),
        ("rules", words.changes),
        ("findings", words.findings),
        ("waivers", words.waivers),
        ("run", words.run),
    ];
    all.iter().map(|(name, title)| (at.id(name), (*title).to_owned())).collect()
}

fn sections(report: &Report, at: At<'_>, to: &mut dyn Write) -> io::Result<()> {
    put(&numbers(report, at), to)?;
    put(&evidence::scope(report, at), to)?;
    put(&evidence::instances(report, at), to)?;
    put(&compliance(report, at), to)?;
    rules::write(report, at, to)?;
    findings::write(report, at, to)?;
    waivers::write(report, at, to)?;
    put(&evidence::run(report, at), to)
}

/// Writes a part of a page.
///
/// # Errors
///
/// What the writer says.
pub fn put(part: &Markup, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "{}", part.0)
}

fn verdict(report: &Report, at: At<'_>) -> Markup {
    let words = at.words;
    let taken = report.taken_ms.and_then(date).unwrap_or_else(|| words.unknown.to_owned());
    html! {
        p class="verdict" { strong { (words.outcome(report.verdict.outcome)) } }
        p { (sentence(&report.verdict.reason)) }
        p class="faint" { (words.exit_code) " " (report.verdict.exit_code) " · " (words.live_rules_of) " " (taken) }
    }
}

fn numbers(report: &Report, at: At<'_>) -> Markup {
    let words = at.words;
    let summary = &report.summary;
    let waived = report.findings.iter().filter(|it| matches!(it.status, Status::Waived(_))).count();
    let baselined = report.findings.iter().filter(|it| it.status == Status::Baselined).count();
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
                @for (name, number) in numbers { div { dt { (name) } dd { (number) } } }
            }
        }
    }
}

/// What the policies say: each with how much of what breaks it is open, and how much is accepted.
fn compliance(report: &Report, at: At<'_>) -> Markup {
    let words = at.words;
    let mut policies = std::collections::BTreeMap::<&Code, (usize, usize)>::new();
    for finding in report.findings.iter().filter(|it| matches!(it.code, Code::Policy(_))) {
        let (open, accepted) = policies.entry(&finding.code).or_default();
        *if finding.status == Status::Open { open } else { accepted } += 1;
    }
    let share = report.summary.in_sync.saturating_mul(100).checked_div(report.desired_rules);
    html! {
        section aria-labelledby=(at.labels("compliance")) {
            (at.heading("compliance", words.compliance))
            @if let Some(share) = share {
                p { (words.as_declared(report.summary.in_sync, report.desired_rules, share)) }
            }
            @if policies.is_empty() {
                p { (words.no_policy_broken) }
            } @else {
                table {
                    thead { tr { @for head in [words.policy, words.open, words.accepted] { th scope="col" { (head) } } } }
                    tbody {
                        @for (code, (open, accepted)) in policies {
                            tr { th scope="row" { code { (visible(code.as_str())) } } td { (open) } td { (accepted) } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
