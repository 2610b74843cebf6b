//! The compliance report: one page of HTML that needs nothing beside itself, for people who answer for the rules.
//!
//! It is written part by part, a row at a time. No script is needed to read it and there is none: a live value that
//! got through as markup could not run anyway, since the page forbids it.

mod appendix;
mod compliance;
mod evidence;
mod picture;
mod tables;
mod words;

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};

pub use self::words::Language;
use self::words::Words;
use super::time::date;
use super::{Digest, Options, Report, Status};
use crate::source::sentence;

/// How the page looks: light and dark, on a screen and on paper.
const STYLE: &str = include_str!("page.css");

/// Nothing is loaded and nothing runs, whatever the page holds.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

pub(super) fn render(report: &Report, options: Options, to: &mut dyn Write) -> io::Result<()> {
    let (language, words) = (options.language, options.language.words());
    to.write_all(head(report, words).as_bytes())?;
    put(verdict(report, words), to)?;
    put(numbers(report, words), to)?;
    picture::picture(report, language, to)?;
    put(evidence::scope(report, words), to)?;
    put(evidence::instances(report, words), to)?;
    put(compliance::compliance(report, words), to)?;
    tables::changes(report, words, to)?;
    tables::findings(report, words, to)?;
    tables::waivers(report, words, to)?;
    put(evidence::run(report, words), to)?;
    let document = options.document.map_or_else(|| Digest::of(report), Ok)?;
    put(appendix::appendix(report, document, words), to)?;
    to.write_all(b"</main>\n</body>\n</html>\n")
}

fn put(part: Markup, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "{}", part.into_string())
}

/// Everything before the first part; what it opens, [`render`] closes.
fn head(report: &Report, words: &Words) -> String {
    let title = format!("{}: {}", words.title, words.outcome(report.verdict.outcome));
    let head = html! {
        (DOCTYPE)
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="color-scheme" content="light dark";
            title { (title) }
            style { (PreEscaped(STYLE)) (PreEscaped(picture::STYLE)) }
        }
    };
    let head = head.into_string();
    let (doctype, rest) = head.split_at(DOCTYPE.into_string().len());
    format!("{doctype}\n<html lang=\"{}\">\n{rest}\n<body>\n<main>\n", words.code)
}

fn verdict(report: &Report, words: &Words) -> Markup {
    let taken = report.taken_ms.and_then(date).unwrap_or_else(|| words.unknown.to_owned());
    html! {
        header class=(report.verdict.outcome.as_str()) {
            h1 { (words.title) }
            p class="verdict" { strong { (words.outcome(report.verdict.outcome)) } }
            p { (sentence(&report.verdict.reason)) }
            p class="faint" { (words.exit_code) " " (report.verdict.exit_code) " · " (words.live_rules_of) " " (taken) }
        }
    }
}

fn numbers(report: &Report, words: &Words) -> Markup {
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
        section aria-labelledby="numbers" {
            h2 id="numbers" { (words.numbers) }
            dl class="numbers" {
                @for (name, number) in numbers { div { dt { (name) } dd { (number) } } }
            }
        }
    }
}

#[cfg(test)]
mod tests;
