//! The instances read, and the evidence of each reading.

use maud::{Markup, html};

use super::frame::At;
use crate::i18n::ReportTexts;
use crate::model::ReadStatus;
use crate::report::time::date;
use crate::report::{Outcome, Provenance, Report};
use crate::source::{sanitize, sanitize_line};

/// The rules files, and what was selected. Their digests are in the appendix.
pub(super) fn scope(report: &Report, at: At<'_>) -> Markup {
    let words = at.words;
    html! {
        section aria-labelledby=(at.labels("scope")) {
            (at.heading("scope", words.scope))
            @if report.verdict.outcome == Outcome::Failed {
                p { (words.nothing_compared) }
            } @else {
                p { (words.compared(report.desired_rules, report.files.len())) }
            }
            @if let Some(selected) = &report.selected {
                p { (words.only_selected) " " code { (sanitize(&selected.options)) } }
            }
            @if let Some(base) = &report.base {
                p {
                    (words.base) " " code { (sanitize(&base.name)) }
                    @if let Some(commit) = &base.commit { " (" code { (sanitize(commit)) } ")" }
                }
            }
            ul { @for file in &report.files { li { code { (sanitize(&file.path)) } } } }
        }
    }
}

/// Each instance with how its reading went.
pub(super) fn instances(report: &Report, at: At<'_>) -> Markup {
    let words = at.words;
    let heads = [
        words.instance,
        "ID",
        words.region,
        words.account,
        words.reading,
        words.rules,
        words.pages,
        words.requests,
    ];
    html! {
        section aria-labelledby=(at.labels("instances")) {
            (at.heading("instances", words.instances))
            div class="scroll" role="group" tabindex="0" aria-labelledby=(at.id("instances")) { table {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { @for it in &report.instances { tr {
                    th scope="row" { (sanitize(&it.alias)) }
                    td { code { (sanitize(&it.id)) } }
                    td { (sanitize(&it.region)) }
                    td { (account(it.account.as_deref(), it.evidence.caller.as_deref(), words)) }
                    td {
                        (words.status(it.status))
                        @if let Some(failure) = &it.failure {
                            br; code { (sanitize(&failure.code)) } " " (sanitize_line(&failure.message))
                        }
                    }
                    // What a reading that is incomplete has counted says nothing.
                    td { @if it.status == ReadStatus::Complete { (it.rules) } @else { "–" } }
                    td { (it.evidence.pages) }
                    td { (it.evidence.requests) }
                } } }
            } }
        }
    }
}

/// Draws the account of an instance: as declared, and that of the credentials.
fn account(declared: Option<&str>, caller: Option<&str>, words: &ReportTexts) -> Markup {
    let (id, note) = match (declared, caller) {
        (Some(declared), Some(caller)) if declared == caller => (declared, words.account_verified),
        (Some(declared), Some(_)) => (declared, words.account_other),
        (Some(declared), None) => (declared, words.account_declared),
        (None, Some(caller)) => (caller, words.account_of_credentials),
        (None, None) => return html! { "–" },
    };
    html! {
        code { (sanitize(id)) } br; span class="faint" { (note) }
        @if let Some(caller) = caller.filter(|it| *it != id) { " " code { (sanitize(caller)) } }
    }
}

/// The run itself; what it is of is in the appendix.
pub(super) fn run(report: &Report, at: At<'_>) -> Markup {
    let words = at.words;
    let started = date(report.started_ms).unwrap_or_else(|| words.unknown.to_owned());
    let or_unknown = |text: Option<&String>| {
        text.map_or_else(
            || words.unknown.to_owned(),
            |it| sanitize_line(it).into_owned(),
        )
    };
    let Provenance {
        by,
        host,
        ci,
        commit: _,
        no_commit_reason: _,
    } = &report.run;
    let pipeline = ci
        .as_ref()
        .map(|it| format!("{} {}", it.name, it.url.as_deref().unwrap_or_default()));
    let rows = [
        (words.ran_by, or_unknown(by.as_ref())),
        (words.host, or_unknown(host.as_ref())),
        (
            words.pipeline,
            pipeline.map_or_else(
                || "–".to_owned(),
                |it| sanitize_line(it.trim_end()).into_owned(),
            ),
        ),
        (words.command, sanitize(&report.command).into_owned()),
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
