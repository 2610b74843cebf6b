//! What was looked at, and what shows that it was.

use maud::{Markup, html};

use super::frame::At;
use super::words::Words;
use crate::model::ReadStatus;
use crate::report::Report;
use crate::report::time::date;
use crate::source::{sentence, visible};

/// How many request ids of an instance are shown; the result document has all of them.
const REQUEST_IDS: usize = 20;

/// The rules files with their digests, and what was selected.
pub(super) fn scope(report: &Report, at: At<'_>) -> Markup {
    let words = at.words;
    html! {
        section aria-labelledby=(at.labels("scope")) {
            (at.heading("scope", words.scope))
            p { (words.compared(report.desired_rules, report.files.len())) }
            @if let Some(selected) = &report.selected {
                p { (words.only_selected) " " code { (visible(&selected.options)) } }
            }
            @if let Some(base) = &report.base {
                p {
                    (words.base) " " code { (visible(&base.name)) }
                    @if let Some(commit) = &base.commit { " (" code { (visible(commit)) } ")" }
                }
            }
            div class="scroll" role="group" tabindex="0" aria-labelledby=(at.id("scope")) { table {
                thead { tr { th scope="col" { (words.file) } th scope="col" { "SHA-256" } } }
                tbody {
                    @for file in &report.files {
                        tr { th scope="row" { (visible(&file.path)) } td { code { (visible(&file.sha256)) } } }
                    }
                }
            } }
        }
    }
}

/// Each instance with how its reading went.
pub(super) fn instances(report: &Report, at: At<'_>) -> Markup {
    let words = at.words;
    let heads =
        [words.instance, "ID", words.region, words.reading, words.rules, words.pages, words.requests, "RequestId"];
    html! {
        section aria-labelledby=(at.labels("instances")) {
            (at.heading("instances", words.instances))
            div class="scroll" role="group" tabindex="0" aria-labelledby=(at.id("instances")) { table {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { @for it in &report.instances { tr {
                    th scope="row" { (visible(&it.alias)) }
                    td { code { (visible(&it.id)) } }
                    td { (visible(&it.region)) }
                    td {
                        (words.status(it.status))
                        @if let Some(failure) = &it.failure {
                            br; code { (visible(&failure.code)) } " " (sentence(&failure.message))
                        }
                    }
                    // What a reading that is not whole has counted says nothing.
                    td { @if it.status == ReadStatus::Complete { (it.rules) } @else { "–" } }
                    td { (it.evidence.pages) }
                    td { (it.evidence.requests) }
                    td { (request_ids(&it.evidence.request_ids, words)) }
                } } }
            } }
        }
    }
}

fn request_ids(ids: &[Box<str>], words: &Words) -> Markup {
    html! {
        @if !ids.is_empty() {
            details {
                summary { (ids.len()) }
                ul {
                    @for id in ids.iter().take(REQUEST_IDS) { li { code { (visible(id)) } } }
                    @if ids.len() > REQUEST_IDS { li { (words.and_more(ids.len() - REQUEST_IDS)) } }
                }
            }
        }
    }
}

/// The run itself.
pub(super) fn run(report: &Report, at: At<'_>) -> Markup {
    let words = at.words;
    let started = date(report.started_ms).unwrap_or_else(|| words.unknown.to_owned());
    let rows = [
        (words.version, format!("crdrift {}", visible(&report.version))),
        (words.command, visible(&report.command).into_owned()),
        (words.started, started),
        (words.duration, format!("{} ms", report.duration_ms)),
        (words.live_from, report.live.as_str().to_owned()),
        (words.fails_on, report.fail_on.as_str().to_owned()),
    ];
    html! {
        section aria-labelledby=(at.labels("run")) {
            (at.heading("run", words.run))
            table { tbody { @for (name, value) in rows { tr { th scope="row" { (name) } td { (value) } } } } }
        }
    }
}
