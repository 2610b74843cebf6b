//! Every change, the worst first: what is copied where, what differs, and the place to change it.

use std::io::{self, Write};

use maud::{Markup, html};

use super::frame::PageContext;
use super::put;
use super::row::{RowIds, authors, breakable, code_link, fingerprint, place, rule_link, sentence};
use super::table::{RowTable, TableColumn};
use crate::diff::ChangeKind;
use crate::finding::Severity;
use crate::i18n::ReportTexts;
use crate::model::{Field, Trigger};
use crate::report::finding_index::FindingIndex;
use crate::report::time::date;
use crate::report::{
    Action, FindingStatus, NoChanges, Report, ReportedChange, ReportedField, ReportedFinding,
    worst_first,
};
use crate::source::{sanitize, sanitize_line};

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
        context.labels("changes")
    )?;
    put(&context.heading("changes", texts.changes), to)?;
    let mut changes = worst_first(report);
    changes.retain(|change| change.kind != ChangeKind::InSync);
    if changes.is_empty() {
        put(
            &html! { p { (texts.without_changes(NoChanges::from_report(report))) } },
            to,
        )?;
    } else {
        let columns = [
            TableColumn::new(texts.rule).wide(),
            TableColumn::new(texts.state).middle(),
            TableColumn::new(texts.difference),
            TableColumn::new(texts.place).middle(),
        ];
        let table = RowTable {
            label: &context.id("changes"),
            columns: &columns,
            is_filtered: true,
        };
        let index = FindingIndex::new(report);
        let mut writer = ChangeWriter {
            index,
            context,
            ids,
            now_ms: report.started_ms,
        };
        table.write(changes.into_iter().map(|change| writer.row(change)), to)?;
    }
    if report.authors().next().is_some() {
        put(&html! { p class="faint" { (texts.clients_explained) } }, to)?;
    }
    writeln!(to, "</section>")
}

/// Draws the rows of changes.
struct ChangeWriter<'a, 'b, 'c> {
    index: FindingIndex<'a>,
    context: PageContext<'a>,
    ids: &'b mut RowIds<'c>,
    /// The time of the run, epoch milliseconds.
    now_ms: i64,
}

impl ChangeWriter<'_, '_, '_> {
    fn row(&mut self, change: &ReportedChange) -> Markup {
        let Self {
            index,
            context,
            ids,
            now_ms,
        } = self;
        let (context, texts) = (*context, context.texts);
        let id = ids.rule(&change.instance, &change.name);
        let findings = index.findings(&change.instance, &change.name);
        let code = change.code();
        let mut findings: Vec<&ReportedFinding> = findings.to_vec();
        findings.retain(|finding| Some(&finding.code) == code.as_ref());
        let severity = findings.iter().map(|finding| finding.severity).max();
        let status = index.accepting_status(change);
        let state = status.map_or_else(|| state(change.kind), FindingStatus::as_str);
        let cells = html! {
            th scope="row" {
                span class="faint" { (breakable(&change.instance)) } " " (breakable(&change.name)) (rule_link(&id, &change.name, context))
                (route(change, texts))
                @for fact in facts(change, texts) { span class="fact" { (fact) } }
                (authors(change.into(), change.who.as_deref(), *now_ms, context))
                @if let Some(status) = status { span class="fact" { (texts.acceptance(status)) } }
                @for finding in &findings { (fingerprint(finding, &ids.finding(finding.fingerprint), false, context)) }
            }
            td data-rank=(rank(change)) {
                span class={ "kind " (state_class(change.kind)) } { (texts.kind(change.kind)) }
                @if let Some(percent) = change.similarity { " " (texts.likely(percent)) }
                (describe_code(code.as_ref(), severity, context))
            }
            td { (difference(change, &findings, context)) }
            td { (place(change.location.as_ref())) @if change.action() == Action::Delete { br; span class="faint" { (texts.of_instance) } } }
        };
        html! {
            tr id=(id) data-state=(state) data-severity=[severity.map(Severity::as_str)]
                data-code=[code.as_ref().map(crate::finding::Code::as_str)] data-instance=(sanitize(&change.instance))
                data-owner=[change.owner.as_deref().map(|it| sanitize_line(it).into_owned())] { (cells) }
        }
    }
}

/// Draws the fields that differ; a line of all fields where the rule is on one side only.
fn difference(
    change: &ReportedChange,
    findings: &[&ReportedFinding],
    context: PageContext<'_>,
) -> Markup {
    match change.action() {
        Action::Replace => html! {
            ul { @for field in &change.fields {
                li {
                    (replaced_value(field, context))
                    @for finding in findings.iter().filter(|it| it.field == Some(field.field) && it.status != FindingStatus::Open) {
                        @if !change.accepted { br; span class="faint" { (context.texts.acceptance(&finding.status)) } }
                    }
                }
            } }
        },
        Action::Create | Action::Delete | Action::None => one_line(&change.fields, context.texts),
    }
}

/// Draws the severity and the code of the findings about a change.
fn describe_code(
    code: Option<&crate::finding::Code>,
    severity: Option<Severity>,
    context: PageContext<'_>,
) -> Markup {
    html! {
        @if let Some(severity) = severity { br; span class=(severity.as_str()) { (context.texts.severity_of(severity)) } }
        @if let Some(code) = code { " " (code_link(code, context)) }
    }
}

/// Draws the source and the target of a rule.
fn route(change: &ReportedChange, texts: &ReportTexts) -> Markup {
    html! {
        span class="route" {
            (breakable(&change.from)) " → " (breakable(&change.to))
            @if change.is_cross_account() { " " span class="error" { (texts.another_account) } }
        }
    }
}

/// Returns the facts about a change, a line each.
fn facts(change: &ReportedChange, texts: &ReportTexts) -> Vec<Markup> {
    let mut facts = Vec::new();
    if let Some(name) = change
        .live_name
        .as_ref()
        .filter(|_| change.kind == ChangeKind::Renamed)
    {
        facts.push(html! { (texts.live_name) (texts.language.colon()) code { (breakable(name)) } });
    }
    if let Some(owner) = &change.owner {
        facts.push(html! { (texts.owner) (texts.language.colon()) (sanitize_line(owner)) });
    }
    if let Some(id) = &change.rule_id {
        let modified = change.modified_ms.and_then(date);
        facts.push(html! {
            code { (sanitize(id)) }
            @if let Some(modified) = modified { " · " (texts.modified) " " (sentence(&modified)) }
        });
    }
    if let Some(origin) = change.origin {
        facts.push(html! { (texts.origin(origin)) });
    }
    facts
}

/// The word for the state of an open change in the filter of the page.
const fn state(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Missing => "missing",
        ChangeKind::Changed => "changed",
        ChangeKind::Renamed => "renamed",
        ChangeKind::Unmanaged | ChangeKind::Duplicate => "unmanaged",
        ChangeKind::InSync => "in_sync",
    }
}

/// The class of a state, which has its colour.
const fn state_class(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::InSync => "in-sync",
        other => state(other),
    }
}

/// The rank of a change, by which its column is sorted.
fn rank(change: &ReportedChange) -> u8 {
    change.rank() as u8
}

/// Draws a field: its live value as deleted, its desired value as inserted. Neither is struck out: a line through a filter
/// hides its hyphens.
fn replaced_value(field: &ReportedField, context: PageContext<'_>) -> Markup {
    let texts = context.texts;
    let value = |value: &Option<String>| {
        if let Some(value) = value {
            html! { (breakable(value)) (plain_word(field.field, value, texts)) }
        } else {
            html! { (texts.not_set) }
        }
    };
    html! {
        (field.field.as_str()) (texts.language.colon())
        span class="faint" { (texts.live) " " } del { (value(&field.live)) } " "
        span class="faint" { (texts.desired) " " } ins { (value(&field.desired)) }
        @if let Some(meaning) = &field.meaning {
            br; span class="meaning" { (sentence(&meaning.summary.to_language(context.language))) }
        }
    }
}

/// Draws the fields of a rule that is on one side only, without its ends and default values, in one line.
fn one_line(fields: &[ReportedField], texts: &ReportTexts) -> Markup {
    let mut shown = Vec::new();
    for field in fields {
        let value = field.desired.as_deref().or(field.live.as_deref());
        if let Some(value) = value
            && is_shown(field.field, value)
        {
            shown.push((field.field, value));
        }
    }
    draw_values(&shown, texts)
}

/// Draws fields with their values, in one line.
pub(super) fn draw_values(values: &[(Field, &str)], texts: &ReportTexts) -> Markup {
    html! {
        @for (index, (field, value)) in values.iter().enumerate() {
            @if index > 0 { " · " }
            (field.as_str()) " " code { (breakable(value)) } (plain_word(*field, value, texts))
        }
    }
}

/// Returns whether a field says more than the ends of its rule and the defaults of the format.
pub(super) fn is_shown(field: Field, value: &str) -> bool {
    let is_end = matches!(
        field,
        Field::Name
            | Field::FromInstance
            | Field::FromRegion
            | Field::FromNamespace
            | Field::FromRepo
            | Field::ToInstance
            | Field::ToRegion
            | Field::ToNamespace
            | Field::ToRepo
    );
    !is_end && (field == Field::Trigger || !field.is_default(value))
}

/// Draws the plain word beside a trigger.
fn plain_word(field: Field, value: &str, texts: &ReportTexts) -> Markup {
    let word = match Trigger::from(value) {
        Trigger::Passive if field == Field::Trigger => texts.automatic,
        Trigger::Initiative if field == Field::Trigger => texts.manual,
        _ => return html! {},
    };
    let [open, close] = texts.language.brackets();
    html! { (open) (word) (close) }
}
