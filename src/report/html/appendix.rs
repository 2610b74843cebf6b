//! The appendix: what shows that the report is of this run, of these files and of these answers.

use maud::{Markup, html};

use super::frame::At;
use crate::i18n::ReportTexts;
use crate::report::{Report, RulesFile};
use crate::source::sanitize;

/// The maximum number of request ids shown per instance; the result document has all of them.
const REQUEST_IDS: usize = 100;

pub(super) fn appendix(report: &Report, document: &str, at: At<'_>) -> Markup {
    let words = at.words;
    let base = report.base.iter().flat_map(|it| &it.files);
    let asked: Vec<_> = report
        .instances
        .iter()
        .filter(|it| !it.evidence.request_ids.is_empty())
        .collect();
    html! {
        section aria-labelledby=(at.labels("appendix")) {
            (at.heading("appendix", words.appendix))
            div class="scroll" role="group" tabindex="0" aria-labelledby=(at.id("appendix")) { table { tbody {
                tr { th scope="row" { (words.document) } td { code { (document) } } }
                tr { th scope="row" { (words.version) } td { "crdrift " (sanitize(&report.version)) } }
                @if let Some(commit) = &report.run.commit {
                    tr { th scope="row" { (words.commit) } td {
                        code { (sanitize(&commit.id)) } @if commit.dirty { ", " (words.commit_dirty) }
                    } }
                }
            } } }
            p class="faint" { (words.document_explained) }
            div class="scroll" role="group" tabindex="0" aria-labelledby=(at.id("appendix")) { table {
                thead { tr { th scope="col" { (words.file) } th scope="col" { "SHA-256" } } }
                tbody { @for it in report.files.iter().chain(base) { (file(it)) } }
            } }
            @if asked.is_empty() {
                p { (words.no_request_ids) }
            } @else {
                div class="scroll" role="group" tabindex="0" aria-labelledby=(at.id("appendix")) { table {
                    thead { tr { th scope="col" { (words.instance) } th scope="col" { (words.request_ids) } } }
                    tbody { @for it in asked {
                        tr { th scope="row" { (sanitize(&it.alias)) } td { (request_ids(&it.evidence.request_ids, words)) } }
                    } }
                } }
            }
        }
    }
}

fn file(file: &RulesFile) -> Markup {
    html! { tr { th scope="row" { (sanitize(&file.path)) } td { code { (sanitize(&file.sha256)) } } } }
}

fn request_ids(ids: &[Box<str>], words: &ReportTexts) -> Markup {
    html! {
        ul {
            @for id in ids.iter().take(REQUEST_IDS) { li { code { (sanitize(id)) } } }
            @if ids.len() > REQUEST_IDS { li { (words.and_more(ids.len() - REQUEST_IDS)) } }
        }
    }
}
