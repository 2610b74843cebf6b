//! The page of one estate: its state, its open findings with their age, its checks, and its newest complete report.

use std::collections::HashMap;
use std::io;

use maud::{Markup, html};

use super::super::super::EstateView;
use super::super::events::estate_key;
use super::super::records::EstateRecords;
use super::super::routes::path_segment;
use super::{PageParts, PageState, draw_outcome, outcome_class};
use crate::i18n::Message;
use crate::report::html::table::{RowTable, TableColumn};
use crate::report::html::{ResultView, heading, outcome, put};
use crate::report::{Digest, Mask, Report, date, read};
use crate::source::{sanitize, sanitize_line};
use crate::store::{EpisodeStatus, OpenFinding, RunSummary};

/// The page of an estate.
#[derive(Debug)]
pub(in crate::watch::http) struct EstatePage<'a> {
    pub(in crate::watch::http) name: &'a str,
    pub(in crate::watch::http) view: &'a EstateView,
    /// The records of the store; `None` if it does not answer.
    pub(in crate::watch::http) records: Option<&'a EstateRecords>,
    pub(in crate::watch::http) page: PageState<'a>,
}

/// The newest complete report of an estate.
enum NewestReport {
    Missing,
    Unreadable,
    Found(Box<(Report, Digest)>),
}

impl NewestReport {
    fn new(records: Option<&EstateRecords>, mask: Option<&Mask>) -> Self {
        let Some(kept) = records.and_then(|it| it.complete.as_ref()) else {
            return Self::Missing;
        };
        let Some(text) = &kept.text else {
            return Self::Missing;
        };
        let Ok(report) = read(text.as_bytes()) else {
            return Self::Unreadable;
        };
        let report = match mask {
            Some(mask) => mask.report(report),
            None => report,
        };
        Self::Found(Box::new((report, Digest::hash(text.as_bytes()))))
    }

    /// Returns the messages of the findings, by fingerprint. They have a text in each language; those of the store are
    /// English.
    fn messages(&self) -> HashMap<String, &Message> {
        let Self::Found(found) = self else {
            return HashMap::new();
        };
        let findings = found.0.findings.iter();
        findings
            .map(|finding| (finding.fingerprint.to_string(), &finding.message))
            .collect()
    }
}

impl EstatePage<'_> {
    /// Writes the page.
    pub(in crate::watch::http) fn write(&self, to: &mut dyn io::Write) -> io::Result<()> {
        let words = self.page.words();
        let report = NewestReport::new(self.records, self.page.mask);
        let name = self.page.text(self.name);
        let contents = [
            ("findings", words.findings),
            ("timeline", words.timeline),
            ("report", words.report),
        ];
        let contents = contents.map(|(id, title)| (id.to_owned(), title.to_owned()));
        let title = match &self.view.last {
            Some(last) => format!(
                "{name}{}{}",
                self.page.language.colon(),
                outcome(last.outcome, self.page.language)
            ),
            None => name.clone(),
        };
        let parts = PageParts {
            title: &title,
            banner: self.draw_banner(&name),
            contents: &contents,
            estate_key: Some(&estate_key(self.name)),
        };
        self.page.write(parts, to, |to| {
            if let Some(records) = self.records {
                self.write_findings(&records.findings, &report.messages(), to)?;
                self.write_timeline(&records.runs, to)?;
            }
            self.write_report(&report, to)
        })
    }

    fn draw_banner(&self, name: &str) -> Markup {
        let (page, view) = (&self.page, self.view);
        let words = page.words();
        let moments = page.moments();
        let reason = view.last.as_ref();
        let reason = reason.map(|it| page.text(&it.reason.to_language(page.language)));
        let owner = view.owner.as_deref().map(|it| page.text(it));
        let facts = [
            (words.owner, owner.map(|it| html! { (it) })),
            (words.schedule, Some(html! { (page.text(&view.schedule)) })),
            (
                words.last,
                view.last.as_ref().map(|it| moments.dated(it.started_ms)),
            ),
            (
                words.last_complete,
                Some(
                    view.last_complete_ms
                        .map_or_else(|| html! { (words.never) }, |it| moments.dated(it)),
                ),
            ),
            (words.next, view.next_ms.map(|it| moments.left(it))),
        ];
        html! {
            header class=(outcome_class(view)) {
                p class="faint" { a href="/" { (words.all_estates) } }
                h1 { (name) }
                p class="verdict" { (draw_outcome(view, page)) }
                @if let Some(reason) = reason { p { (reason) } }
                p class="facts" {
                    @for (name, fact) in facts {
                        @if let Some(fact) = fact {
                            span { span class="faint" { (name) (page.language.colon()) } (fact) } " "
                        }
                    }
                }
                (page.freshness(&format!("/e/{}", path_segment(self.name, page.mask))))
            }
        }
    }

    fn write_findings(
        &self,
        findings: &[OpenFinding],
        messages: &HashMap<String, &Message>,
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        let words = self.page.words();
        writeln!(to, "<section aria-labelledby=\"findings\">")?;
        put(&heading(2, "findings", words.findings), to)?;
        if findings.is_empty() {
            put(&html! { p { (words.no_findings) } }, to)?;
        } else {
            let columns = [
                TableColumn::new(words.rule).wide(),
                TableColumn::new(words.message),
                TableColumn::new(words.severity).middle(),
                TableColumn::new(words.age).middle(),
            ];
            let table = RowTable {
                label: "findings",
                columns: &columns,
                is_filtered: true,
            };
            let rows = findings.iter().map(|finding| {
                let message = messages.get(&finding.fingerprint);
                let message = message.map(|it| it.to_language(self.page.language));
                self.draw_finding(finding, message.as_deref())
            });
            table.write(rows, to)?;
        }
        writeln!(to, "</section>")
    }

    /// Draws a finding; `message` is its message in the language of the page, if the newest report has it.
    fn draw_finding(&self, finding: &OpenFinding, message: Option<&str>) -> Markup {
        let page = &self.page;
        let words = page.words();
        let facts = &finding.facts;
        let text = |text: &Option<String>| text.as_deref().map(|it| page.text(it));
        let [instance, rule, owner] = [&facts.instance, &facts.rule, &facts.owner].map(text);
        let severity = match facts.severity.as_str() {
            "error" => words.error,
            "warning" => words.warning,
            _ => words.info,
        };
        let status = match facts.status {
            EpisodeStatus::Open => None,
            EpisodeStatus::Waived => Some(words.waived),
            EpisodeStatus::Baselined => Some(words.baselined),
        };
        let rank = page.now_ms.saturating_sub(finding.since_ms);
        html! {
            tr data-state=(facts.status.as_str()) data-severity=(sanitize(&facts.severity)) data-code=(sanitize(&facts.code))
                data-instance=[instance.as_deref()] data-owner=[owner.as_deref()] {
                th scope="row" {
                    span class="faint" { (instance.as_deref().unwrap_or_default()) } " "
                    (rule.as_deref().unwrap_or_default())
                    @if let Some(owner) = &owner {
                        span class="fact" { (words.owner) (page.language.colon()) (owner) }
                    }
                }
                td data-head=(words.message) { (page.text(message.unwrap_or(&facts.message))) }
                td data-head=(words.severity) {
                    span class=(sanitize(&facts.severity)) { (severity) }
                    br; code { (sanitize_line(&facts.code)) }
                    @if let Some(status) = status { br; span class="faint" { (status) } }
                }
                td data-head=(words.age) data-rank=(rank) { (page.moments().age(finding.since_ms)) }
            }
        }
    }

    fn write_timeline(&self, runs: &[RunSummary], to: &mut dyn io::Write) -> io::Result<()> {
        let words = self.page.words();
        writeln!(to, "<section aria-labelledby=\"timeline\">")?;
        put(&heading(2, "timeline", words.timeline), to)?;
        if runs.is_empty() {
            put(&html! { p { (words.no_runs) } }, to)?;
            return writeln!(to, "</section>");
        }
        let squares = runs.iter().rev().map(|run| {
            let text = format!(
                "{}{}{}",
                date(run.started_ms).unwrap_or_default(),
                self.page.language.colon(),
                outcome(run.outcome, self.page.language)
            );
            html! { li class=(run.outcome.as_str()) title=(text) {} }
        });
        let squares =
            html! { ol class="strip" aria-hidden="true" { @for square in squares { (square) } } };
        put(&squares, to)?;
        writeln!(to, "<details>")?;
        put(&html! { summary { (words.newest_runs(runs.len())) } }, to)?;
        let columns = [
            TableColumn::new(words.time).middle(),
            TableColumn::new(words.outcome),
            TableColumn::new(words.open),
            TableColumn::new(words.opened),
            TableColumn::new(words.resolved),
            TableColumn::new(words.reason).wide(),
        ];
        let table = RowTable {
            label: "timeline",
            columns: &columns,
            is_filtered: false,
        };
        table.write(runs.iter().map(|it| self.draw_run(it)), to)?;
        writeln!(to, "</details>\n</section>")
    }

    fn draw_run(&self, run: &RunSummary) -> Markup {
        let page = &self.page;
        let words = page.words();
        let count =
            |count: Option<usize>| count.map_or_else(|| "–".to_owned(), |it| it.to_string());
        let open = run.outcome.is_complete();
        let open = open.then(|| super::describe_open(run.open, words));
        html! {
            tr {
                th scope="row" data-rank=(run.started_ms) {
                    (date(run.started_ms).unwrap_or_default()) br;
                    span class="faint" { (page.moments().passed(run.started_ms)) }
                }
                td data-head=(words.outcome) {
                    span class={ "verdict-" (run.outcome.as_str()) } { (outcome(run.outcome, page.language)) }
                }
                td data-head=(words.open) { (open.as_deref().unwrap_or("–")) }
                td data-head=(words.opened) { (count(run.opened)) }
                td data-head=(words.resolved) { (count(run.resolved)) }
                td data-head=(words.reason) { (page.text(&run.reason.to_language(page.language))) }
            }
        }
    }

    fn write_report(&self, report: &NewestReport, to: &mut dyn io::Write) -> io::Result<()> {
        let words = self.page.words();
        writeln!(to, "<section aria-labelledby=\"report\">")?;
        put(&heading(2, "report", words.report), to)?;
        match report {
            NewestReport::Missing => {
                put(&html! { p { (words.no_report) } }, to)?;
            }
            NewestReport::Unreadable => {
                put(&html! { p class="error" { (words.report_unreadable) } }, to)?;
            }
            NewestReport::Found(found) => {
                let (report, digest) = &**found;
                let segment = path_segment(self.name, self.page.mask);
                let path = format!("/api/v1/estates/{segment}/result");
                let time = self.page.moments().dated(report.started_ms);
                let line = html! { p class="faint" { (time) " · " a href=(path) { "JSON" } } };
                put(&line, to)?;
                let view = ResultView {
                    report,
                    document: &digest.to_string(),
                    language: self.page.language,
                };
                view.write_part("report", 3, to)?;
            }
        }
        writeln!(to, "</section>")
    }
}
