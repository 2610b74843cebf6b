//! Every finding, a table for each instance: those of the run as a whole first.

use std::collections::BTreeMap;
use std::io::{self, Write};

use maud::{Markup, html};

use super::frame::PageContext;
use super::put;
use super::table::{self, TableColumn, place};
use crate::finding::Severity;
use crate::i18n::ReportTexts;
use crate::report::{FindingStatus, Outcome, Report, ReportedFinding};
use crate::source::{sanitize, sanitize_line};

pub(super) fn write(
    report: &Report,
    context: PageContext<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let texts = context.texts;
    writeln!(
        to,
        "<section aria-labelledby=\"{}\">",
        context.labels("findings")
    )?;
    put(&context.heading("findings", texts.findings), to)?;
    if report.findings.is_empty() {
        let is_compared = report.verdict.outcome != Outcome::Failed;
        put(
            &html! { p { (if is_compared { texts.no_findings } else { texts.nothing_compared }) } },
            to,
        )?;
    }
    write_owners(report, context, to)?;
    let has_owners = report.findings.iter().any(|it| it.owner.is_some());
    let mut groups = BTreeMap::<Option<&str>, Vec<&ReportedFinding>>::new();
    for finding in &report.findings {
        groups
            .entry(finding.instance.as_deref())
            .or_default()
            .push(finding);
    }
    for (index, (alias, findings)) in groups.into_iter().enumerate() {
        let name = format!("findings-{index}");
        put(
            &context.subheading(
                &name,
                &alias.map_or(texts.whole_run.to_owned(), |alias| sanitize(alias).into()),
            ),
            to,
        )?;
        let mut columns = vec![
            TableColumn::choice(texts.severity).narrow(),
            TableColumn::choice(texts.code_of).middle(),
            TableColumn::text(texts.rule).middle(),
            TableColumn::text(texts.what),
            TableColumn::choice(texts.state).middle(),
            TableColumn::text(texts.place).middle(),
        ];
        if has_owners {
            columns.insert(3, TableColumn::choice(texts.owner).middle());
        }
        table::write(
            &context.id(&name),
            &columns,
            findings
                .into_iter()
                .map(|it| row(it, has_owners, report, texts)),
            to,
        )?;
    }
    writeln!(to, "</section>")
}

/// The findings of one owner, counted.
#[derive(Default)]
struct OwnerCounts {
    open: [usize; Severity::ALL.len()],
    accepted: usize,
}

/// Writes the number of findings of each owner, if any has one.
fn write_owners(report: &Report, context: PageContext<'_>, to: &mut dyn Write) -> io::Result<()> {
    let texts = context.texts;
    let mut owners = BTreeMap::<&str, OwnerCounts>::new();
    for finding in &report.findings {
        let Some(owner) = finding.owner.as_deref() else {
            continue;
        };
        let counts = owners.entry(owner).or_default();
        let [errors, warnings, infos] = &mut counts.open;
        *match (&finding.status, finding.severity) {
            (FindingStatus::Waived(_) | FindingStatus::Baselined, _) => &mut counts.accepted,
            (FindingStatus::Open, Severity::Error) => errors,
            (FindingStatus::Open, Severity::Warning) => warnings,
            (FindingStatus::Open, Severity::Info) => infos,
        } += 1;
    }
    if owners.is_empty() {
        return Ok(());
    }
    put(&context.subheading("owners", texts.by_owner), to)?;
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let columns = [
        TableColumn::text(texts.owner),
        TableColumn::text(texts.severity_of(Severity::Error)).narrow(),
        TableColumn::text(texts.severity_of(Severity::Warning)).narrow(),
        TableColumn::text(texts.severity_of(Severity::Info)).narrow(),
        TableColumn::text(texts.accepted).narrow(),
    ];
    let rows = owners.into_iter().map(|(owner, counts)| {
        html! {
            tr {
                th scope="row" { (sanitize_line(owner)) }
                @for (severity, count) in severities.iter().zip(counts.open) {
                    td { span class=[(count > 0).then_some(severity.as_str())] { (count) } }
                }
                td { (counts.accepted) }
            }
        }
    });
    table::write(&context.id("owners"), &columns, rows, to)
}

fn row(
    finding: &ReportedFinding,
    has_owners: bool,
    report: &Report,
    texts: &ReportTexts,
) -> Markup {
    html! {
        tr {
            td data-rank=(rank(finding.severity)) { span class=(finding.severity.as_str()) { (texts.severity_of(finding.severity)) } }
            td { code { (sanitize(finding.code.as_str())) } }
            td { (sanitize(finding.rule.as_deref().unwrap_or_default())) }
            @if has_owners { td { span { (sanitize_line(finding.owner.as_deref().unwrap_or_default())) } } }
            td { (sanitize_line(&finding.message)) br; span class="faint" { (sanitize_line(&finding.help)) } }
            td data-rank=(state_rank(&finding.status)) {
                span { (texts.state_of(&finding.status)) }
                @if let Some(reason) = finding.reason_not_counted(report.fail_on) { br; span class="faint" { (sanitize_line(&reason)) } }
            }
            td { (place(finding.location.as_ref())) }
        }
    }
}

/// The worst first.
const fn rank(severity: Severity) -> u8 {
    match severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Info => 2,
    }
}

const fn state_rank(status: &FindingStatus) -> u8 {
    match status {
        FindingStatus::Open => 0,
        FindingStatus::Waived(_) => 1,
        FindingStatus::Baselined => 2,
    }
}
