//! The instances read, and the evidence of each reading.

use maud::{Markup, html};

use super::frame::PageContext;
use super::row::{breakable, sentence};
use super::table::{short_table, value_table};
use crate::i18n::ReportTexts;
use crate::model::ReadStatus;
use crate::report::time::date;
use crate::report::{Outcome, Provenance, ReadInstance, Report};
use crate::source::{sanitize, sanitize_line};

/// Renders the rules files and the selection. The digests are in the appendix.
pub(super) fn scope(report: &Report, context: PageContext<'_>) -> Markup {
    let texts = context.texts;
    let [open, close] = context.language.brackets();
    html! {
        section aria-labelledby=(context.labels("scope")) {
            (context.heading("scope", texts.scope))
            @if report.verdict.outcome == Outcome::Failed {
                p { (texts.nothing_compared) }
            } @else {
                p { (texts.compared(report.desired_rules, report.files.len())) }
            }
            @if let Some(selected) = &report.selected {
                p { (texts.only_selected) (texts.language.colon()) code { (sanitize(&selected.options)) } }
            }
            @if let Some(base) = &report.base {
                p {
                    (texts.base) " " code { (sanitize(&base.name)) }
                    @if let Some(commit) = &base.commit { (open) code { (sanitize(commit)) } (close) }
                }
            }
            ul { @for file in &report.files { li { code { (breakable(&file.path)) } } } }
        }
    }
}

/// Renders each instance with the result of its reading.
pub(super) fn instances(report: &Report, context: PageContext<'_>) -> Markup {
    let texts = context.texts;
    let heads = [
        texts.instance,
        "ID",
        texts.region,
        texts.account,
        texts.reading,
        texts.rules_listed,
        texts.pages,
        texts.requests,
    ];
    let rows: Vec<_> = report
        .instances
        .iter()
        .map(|it| instance(it, texts))
        .collect();
    html! {
        section aria-labelledby=(context.labels("instances")) {
            (context.heading("instances", texts.instances))
            @if rows.is_empty() {
                p { (texts.no_instances) }
            } @else {
                (short_table(&context.id("instances"), &heads, &rows))
                p class="faint" { (texts.rules_listed_explained) }
            }
        }
    }
}

fn instance(instance: &ReadInstance, texts: &ReportTexts) -> Vec<Markup> {
    let account = account(
        instance.account.as_deref(),
        instance.evidence.caller.as_deref(),
        texts,
    );
    let status = html! {
        (texts.status(instance.status))
        @if let Some(failure) = &instance.failure {
            @let message = failure.message.to_language(texts.language);
            br; code { (sanitize(&failure.code)) } " " span class="faint" { (sentence(&message)) }
        }
    };
    // The count of an incomplete reading proves nothing.
    let rules = if instance.status == ReadStatus::Complete {
        html! { (instance.rules) }
    } else {
        html! { "–" }
    };
    vec![
        html! { (breakable(&instance.alias)) },
        html! { code { (breakable(&instance.id)) } },
        html! { (sanitize(&instance.region)) },
        account,
        status,
        rules,
        count_requests(instance.evidence.pages, instance),
        count_requests(instance.evidence.requests, instance),
    ]
}

/// Draws a number of pages or requests. A listing that comes from a file was read by none.
fn count_requests(count: u32, instance: &ReadInstance) -> Markup {
    html! { @if instance.evidence.requests == 0 { "–" } @else { (count) } }
}

/// Draws the account of an instance: as declared, and that of the credentials.
fn account(declared: Option<&str>, caller: Option<&str>, texts: &ReportTexts) -> Markup {
    let (id, note) = match (declared, caller) {
        (Some(declared), Some(caller)) if declared == caller => (declared, texts.account_verified),
        (Some(declared), Some(_)) => (declared, texts.account_other),
        (Some(declared), None) => (declared, texts.account_declared),
        (None, Some(caller)) => (caller, texts.account_of_credentials),
        (None, None) => return html! { "–" },
    };
    html! {
        code { (sanitize(id)) } br; span class="faint" { (note) }
        @if let Some(caller) = caller.filter(|it| *it != id) { " " code { (sanitize(caller)) } }
    }
}

/// Returns the source of the live rules, with the paths of its files.
fn live_source(report: &Report, texts: &ReportTexts) -> String {
    let source = texts.live_source(report.live);
    let paths = report
        .live_files
        .iter()
        .map(|file| sanitize_line(&file.path));
    match paths.collect::<Vec<_>>().as_slice() {
        [] => source.to_owned(),
        paths => {
            let language = texts.language;
            format!(
                "{source}{}{}",
                language.colon(),
                paths.join(language.list_separator())
            )
        }
    }
}

/// Renders the provenance of the run. Its commit is in the appendix.
pub(super) fn run(report: &Report, context: PageContext<'_>) -> Markup {
    let texts = context.texts;
    let started = date(report.started_ms).unwrap_or_else(|| texts.unknown.to_owned());
    let or_unknown = |text: Option<&String>| {
        text.map_or_else(
            || texts.unknown.to_owned(),
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
    let rows: [(&str, String); 8] = [
        (texts.ran_by, or_unknown(by.as_ref())),
        (texts.host, or_unknown(host.as_ref())),
        (
            texts.pipeline,
            pipeline.map_or_else(
                || "–".to_owned(),
                |it| sanitize_line(it.trim_end()).into_owned(),
            ),
        ),
        (texts.command, sanitize(&report.command).into_owned()),
        (texts.started, started),
        (texts.duration, format!("{} ms", report.duration_ms)),
        (texts.live_from, live_source(report, texts)),
        (texts.fails_on, texts.severity_of(report.fail_on).to_owned()),
    ];
    let rows = rows.map(|(name, value)| (name, html! { (value) }));
    html! {
        section aria-labelledby=(context.labels("run")) {
            (context.heading("run", texts.run))
            (value_table(&context.id("run"), &rows))
        }
    }
}
