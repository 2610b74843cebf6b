//! What differs, what was found, and what is accepted. Large results are written a row at a time.

use std::io::{self, Write};

use maud::{Markup, html};

use super::put;
use super::words::Words;
use crate::diff::Kind;
use crate::report::by_rule::ByRule;
use crate::report::escape::{sentence, visible};
use crate::report::{Report, ReportedChange, ReportedField, ReportedFinding, Status};
use crate::source::Location;

/// A table under a heading; a sentence where it would be empty.
fn table(
    id: &str,
    title: &str,
    (heads, none): (&[&str], &str),
    rows: &mut dyn Iterator<Item = Markup>,
    to: &mut dyn Write,
) -> io::Result<()> {
    writeln!(to, "<section aria-labelledby=\"{id}\">")?;
    put(html! { h2 id=(id) { (title) } }, to)?;
    let Some(first) = rows.next() else {
        put(html! { p { (none) } }, to)?;
        return writeln!(to, "</section>");
    };
    writeln!(to, "<div class=\"scroll\"><table>")?;
    put(html! { thead { tr { @for head in heads { th scope="col" { (head) } } } } }, to)?;
    writeln!(to, "<tbody>")?;
    put(first, to)?;
    for row in rows {
        put(row, to)?;
    }
    writeln!(to, "</tbody></table></div>\n</section>")
}

pub(super) fn changes(report: &Report, words: &Words, to: &mut dyn Write) -> io::Result<()> {
    let by_rule = ByRule::of(report);
    let shown = report.changes.iter().filter(|it| it.kind != Kind::InSync);
    let mut rows = shown.map(|it| change(it, &by_rule, words));
    let heads = [words.instance, words.rule, words.what, words.difference, words.place];
    table("changes", words.changes, (&heads, words.no_changes), &mut rows, to)
}

fn change(it: &ReportedChange, by_rule: &ByRule<'_>, words: &Words) -> Markup {
    html! {
        tr {
            td { (visible(&it.instance)) }
            th scope="row" { (visible(&it.name)) }
            td {
                (words.kind(it.kind))
                @if let Some(name) = it.live_name.as_ref().filter(|_| it.kind == Kind::Renamed) {
                    ": " code { (visible(name)) }
                }
                @if let Some(accepted) = by_rule.accepted(it) { br; span class="faint" { (sentence(&accepted)) } }
            }
            td { ul { @for field in &it.fields { (difference(field, it.kind, words)) } } }
            td { (place(it.location.as_ref())) }
        }
    }
}

/// A field: what is live struck out, what is declared inserted; the one value there is where only one side has it.
fn difference(it: &ReportedField, kind: Kind, words: &Words) -> Markup {
    let value = |value: &Option<String>| {
        value.as_deref().map_or_else(|| words.not_set.to_owned(), |it| visible(it).into_owned())
    };
    let is_replaced = matches!(kind, Kind::Changed | Kind::Renamed);
    html! {
        li {
            (it.field.as_str()) ": "
            @if is_replaced || it.desired.is_none() {
                span class="faint" { (words.live) " " } del { (value(&it.live)) } " "
            }
            @if is_replaced || it.live.is_none() {
                span class="faint" { (words.declared) " " } ins { (value(&it.desired)) }
            }
            @if let Some(meaning) = &it.meaning { br; span class="faint" { (sentence(&meaning.told)) } }
        }
    }
}

pub(super) fn findings(report: &Report, words: &Words, to: &mut dyn Write) -> io::Result<()> {
    let mut rows = report.findings.iter().map(|it| finding(it, report, words));
    let heads = [words.severity, words.code_of, words.instance, words.rule, words.what, words.state, words.place];
    table("findings", words.findings, (&heads, words.no_findings), &mut rows, to)
}

fn finding(it: &ReportedFinding, report: &Report, words: &Words) -> Markup {
    html! {
        tr {
            td class=(it.severity.as_str()) { (words.severity_of(it.severity)) }
            td { code { (visible(it.code.as_str())) } }
            td { (visible(it.instance.as_deref().unwrap_or_default())) }
            td { (visible(it.rule.as_deref().unwrap_or_default())) }
            td { (sentence(&it.message)) br; span class="faint" { (sentence(&it.help)) } }
            td {
                (words.state_of(&it.status))
                @if let Some(excused) = it.excused(report.fail_on) { br; span class="faint" { (sentence(&excused)) } }
            }
            td { (place(it.location.as_ref())) }
        }
    }
}

pub(super) fn waivers(report: &Report, words: &Words, to: &mut dyn Write) -> io::Result<()> {
    let waived = report.findings.iter().filter_map(|it| match &it.status {
        Status::Waived(waiver) => Some((it, waiver)),
        Status::Open | Status::Baselined => None,
    });
    let mut rows = waived.map(|(it, waiver)| {
        html! {
            tr {
                td { code { (visible(it.code.as_str())) } }
                th scope="row" { (visible(it.rule.as_deref().unwrap_or_default())) }
                td { (sentence(&waiver.owner)) }
                td { (visible(&waiver.expires)) }
                td { (sentence(&waiver.reason)) }
                td { (sentence(waiver.ticket.as_deref().unwrap_or_default())) }
                td { (place(waiver.location.as_ref())) }
            }
        }
    });
    let heads = [words.code_of, words.rule, words.owner, words.until, words.reason, words.ticket, words.place];
    table("waivers", words.waivers, (&heads, words.no_waivers), &mut rows, to)
}

fn place(location: Option<&Location>) -> Markup {
    html! { @if let Some(it) = location { code { (visible(&it.file)) ":" (it.line) } } }
}
