//! The appendix: the digests of the document and of the rules files, and the request ids.

use maud::{Markup, html};

use super::frame::PageContext;
use super::row::breakable;
use super::table::{short_table, value_table};
use crate::i18n::ReportTexts;
use crate::report::{InputFile, Report};
use crate::source::sanitize;

/// The maximum number of request ids shown per instance; the result document has all of them.
const REQUEST_IDS: usize = 100;

pub(super) fn appendix(report: &Report, document: &str, context: PageContext<'_>) -> Markup {
    let texts = context.texts;
    let label = &context.id("appendix");
    let base = report.base.iter().flat_map(|it| &it.files);
    let files = report.files.iter().chain(base).chain(&report.live_files);
    let files: Vec<_> = files.map(file).collect();
    let mut requests = Vec::new();
    for instance in &report.instances {
        let ids = &instance.evidence.request_ids;
        if !ids.is_empty() {
            requests.push(vec![
                html! { (sanitize(&instance.alias)) },
                request_ids(ids, texts),
            ]);
        }
    }
    let mut facts = vec![
        (texts.document, html! { code { (document) } }),
        (
            texts.version,
            html! { "crdrift " (sanitize(&report.version)) },
        ),
    ];
    if let Some(commit) = &report.run.commit {
        facts.push((texts.commit, html! {
            code { (sanitize(&commit.id)) } @if commit.dirty { (texts.language.comma()) (texts.commit_dirty) }
        }));
    }
    html! {
        section aria-labelledby=(context.labels("appendix")) {
            (context.heading("appendix", texts.appendix))
            (value_table(label, &facts))
            p class="faint" { (texts.document_explained) }
            @if !files.is_empty() { (short_table(label, &[texts.file, "SHA-256"], &files)) }
            @if requests.is_empty() {
                p { (texts.no_request_ids) }
            } @else {
                (short_table(label, &[texts.instance, texts.request_ids], &requests))
            }
        }
    }
}

fn file(file: &InputFile) -> Vec<Markup> {
    vec![
        html! { (breakable(&file.path)) },
        html! { code { (sanitize(&file.sha256)) } },
    ]
}

fn request_ids(ids: &[Box<str>], texts: &ReportTexts) -> Markup {
    html! {
        ul {
            @for id in ids.iter().take(REQUEST_IDS) { li { code { (sanitize(id)) } } }
            @if ids.len() > REQUEST_IDS { li { (texts.and_more(ids.len() - REQUEST_IDS)) } }
        }
    }
}
