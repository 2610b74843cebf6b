//! The appendix: the digests of the document and of the rules files, and the request ids.

use maud::{Markup, html};

use super::frame::PageContext;
use crate::i18n::ReportTexts;
use crate::report::{Report, RulesFile};
use crate::source::sanitize;

/// The maximum number of request ids shown per instance; the result document has all of them.
const REQUEST_IDS: usize = 100;

pub(super) fn appendix(report: &Report, document: &str, context: PageContext<'_>) -> Markup {
    let texts = context.texts;
    let base = report.base.iter().flat_map(|it| &it.files);
    let asked: Vec<_> = report
        .instances
        .iter()
        .filter(|it| !it.evidence.request_ids.is_empty())
        .collect();
    html! {
        section aria-labelledby=(context.labels("appendix")) {
            (context.heading("appendix", texts.appendix))
            div class="scroll" role="group" tabindex="0" aria-labelledby=(context.id("appendix")) { table { tbody {
                tr { th scope="row" { (texts.document) } td { code { (document) } } }
                tr { th scope="row" { (texts.version) } td { "crdrift " (sanitize(&report.version)) } }
                @if let Some(commit) = &report.run.commit {
                    tr { th scope="row" { (texts.commit) } td {
                        code { (sanitize(&commit.id)) } @if commit.dirty { ", " (texts.commit_dirty) }
                    } }
                }
            } } }
            p class="faint" { (texts.document_explained) }
            div class="scroll" role="group" tabindex="0" aria-labelledby=(context.id("appendix")) { table {
                thead { tr { th scope="col" { (texts.file) } th scope="col" { "SHA-256" } } }
                tbody { @for it in report.files.iter().chain(base) { (file(it)) } }
            } }
            @if asked.is_empty() {
                p { (texts.no_request_ids) }
            } @else {
                div class="scroll" role="group" tabindex="0" aria-labelledby=(context.id("appendix")) { table {
                    thead { tr { th scope="col" { (texts.instance) } th scope="col" { (texts.request_ids) } } }
                    tbody { @for it in asked {
                        tr { th scope="row" { (sanitize(&it.alias)) } td { (request_ids(&it.evidence.request_ids, texts)) } }
                    } }
                } }
            }
        }
    }
}

fn file(file: &RulesFile) -> Markup {
    html! { tr { th scope="row" { (sanitize(&file.path)) } td { code { (sanitize(&file.sha256)) } } } }
}

fn request_ids(ids: &[Box<str>], texts: &ReportTexts) -> Markup {
    html! {
        ul {
            @for id in ids.iter().take(REQUEST_IDS) { li { code { (sanitize(id)) } } }
            @if ids.len() > REQUEST_IDS { li { (texts.and_more(ids.len() - REQUEST_IDS)) } }
        }
    }
}
