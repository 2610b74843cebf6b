//! The findings that no change shows: the open ones by code, the worst first, then the accepted ones.

use std::collections::BTreeSet;
use std::io::{self, Write};

use maud::{Markup, html};

use super::frame::PageContext;
use super::put;
use super::row::{RowIds, authors, breakable, code_link, fingerprint, place, sentence};
use super::table::{RowTable, TableColumn};
use crate::report::finding_group::{FindingGroup, group_by_code};
use crate::report::{FindingStatus, Outcome, Report, ReportedFinding};
use crate::source::{sanitize, sanitize_line};

/// The most findings of one code that are shown at once, on a screen and on paper.
const MAX_OPEN: usize = 10;

pub(super) fn write(
    report: &Report,
    context: PageContext<'_>,
    ids: &mut RowIds<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let texts = context.texts;
    writeln!(
        to,
        "<section aria-labelledby=\"{}\">",
        context.labels("findings")
    )?;
    put(&context.heading("findings", texts.findings), to)?;
    let groups = group_by_code(report);
    let is_accepted = |finding: &&ReportedFinding| {
        !finding.code.is_shown_by_change() && finding.status != FindingStatus::Open
    };
    let accepted: Vec<&ReportedFinding> = report.findings.iter().filter(is_accepted).collect();
    if groups.is_empty() && accepted.is_empty() {
        let sentence = match report.verdict.outcome {
            Outcome::Failed => texts.nothing_compared,
            _ if report.findings.is_empty() => texts.no_findings,
            _ => texts.no_other_findings,
        };
        put(&html! { p { (sentence) } }, to)?;
    }
    let mut writer = FindingWriter {
        report,
        context,
        ids,
    };
    for (index, group) in groups.iter().enumerate() {
        writer.write_group(index, group, to)?;
    }
    if !accepted.is_empty() {
        put(
            &context.subheading("findings-accepted", texts.accepted_findings),
            to,
        )?;
        writer.write_list("findings-accepted", &accepted, true, to)?;
    }
    writeln!(to, "</section>")
}

/// Writes findings as tables.
struct FindingWriter<'a, 'b, 'c> {
    report: &'a Report,
    context: PageContext<'a>,
    ids: &'b mut RowIds<'c>,
}

impl FindingWriter<'_, '_, '_> {
    fn write_group(
        &mut self,
        index: usize,
        group: &FindingGroup<'_>,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        let context = self.context;
        let name = format!("findings-{index}");
        let title = html! {
            span class=(group.severity.as_str()) { (context.texts.severity_of(group.severity)) } " "
            (code_link(group.code, context)) (context.texts.language.colon()) (context.texts.count_findings(group.findings.len()))
        };
        writeln!(to, "<div class=\"group\">")?;
        put(&context.marked_subheading(&name, &title), to)?;
        let help = common_help(group, context);
        if let Some(help) = &help {
            put(&html! { p class="help" { (sanitize_line(help)) } }, to)?;
        }
        self.write_list(&name, &group.findings, help.is_none(), to)?;
        writeln!(to, "</div>")
    }

    /// Writes findings, all but the first few of them closed.
    fn write_list(
        &mut self,
        name: &str,
        findings: &[&ReportedFinding],
        has_help: bool,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        let (open, closed) = findings.split_at(findings.len().min(MAX_OPEN));
        self.write_table(name, open, has_help, to)?;
        if closed.is_empty() {
            return Ok(());
        }
        writeln!(to, "<details class=\"more\">")?;
        let more = self.context.texts.more_findings(closed.len());
        put(
            &html! { summary { (more) span class="on-paper" { (self.context.texts.not_on_paper) } } },
            to,
        )?;
        self.write_table(name, closed, has_help, to)?;
        writeln!(to, "</details>")
    }

    fn write_table(
        &mut self,
        name: &str,
        findings: &[&ReportedFinding],
        has_help: bool,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        let texts = self.context.texts;
        let columns = [
            TableColumn::new(texts.rule).wide(),
            TableColumn::new(texts.what),
            TableColumn::new(texts.state).middle(),
            TableColumn::new(texts.place).middle(),
        ];
        let table = RowTable {
            label: &self.context.id(name),
            columns: &columns,
            is_filtered: true,
        };
        table.write(findings.iter().map(|it| self.row(it, has_help)), to)
    }

    fn row(&mut self, finding: &ReportedFinding, has_help: bool) -> Markup {
        let PageContext {
            texts, language, ..
        } = self.context;
        let id = self.ids.finding(finding.fingerprint);
        let instance = finding.instance.as_deref();
        html! {
            tr id=(id) data-state=(finding.status.as_str()) data-severity=(finding.severity.as_str())
                data-code=(finding.code.as_str()) data-instance=[instance.map(|it| sanitize(it).into_owned())]
                data-owner=[finding.owner.as_deref().map(|it| sanitize_line(it).into_owned())] {
                th scope="row" {
                    span class="faint" { (breakable(instance.unwrap_or(texts.whole_run))) } " "
                    (breakable(finding.rule.as_deref().unwrap_or_default()))
                    @if let Some(owner) = &finding.owner {
                        span class="fact" { (texts.owner) (texts.language.colon()) (sanitize_line(owner)) }
                    }
                    (authors(finding.into(), finding.who.as_deref(), self.report.started_ms, self.context))
                    (fingerprint(finding, &id, true, self.context))
                }
                td {
                    (sentence(&finding.message.to_language(language)))
                    @if has_help { br; span class="faint" { (sentence(&finding.help.to_language(language))) } }
                }
                td data-rank=(state_rank(&finding.status)) {
                    span class=(finding.severity.as_str()) { (texts.severity_of(finding.severity)) } " "
                    span { (texts.state_of(&finding.status)) }
                    @if finding.status != FindingStatus::Open { " " (code_link(&finding.code, self.context)) }
                    @if let Some(reason) = texts.reason_not_counted(finding, self.report.fail_on) {
                        br; span class="faint" { (reason) }
                    }
                }
                td { (place(finding.location.as_ref())) }
            }
        }
    }
}

/// Returns the help of a group, where all of its findings have the same.
fn common_help(group: &FindingGroup<'_>, context: PageContext<'_>) -> Option<String> {
    let findings = group.findings.iter();
    let helps: BTreeSet<&str> = findings.clone().map(|it| it.help.as_str()).collect();
    let first = group.findings.first()?;
    (helps.len() == 1).then(|| first.help.to_language(context.language))
}

const fn state_rank(status: &FindingStatus) -> u8 {
    match status {
        FindingStatus::Open => 0,
        FindingStatus::Waived(_) => 1,
        FindingStatus::Baselined => 2,
    }
}
