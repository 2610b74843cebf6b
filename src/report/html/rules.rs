//! Every known rule, in a table for each source instance: rules that differ, then rules in sync.

use std::collections::BTreeMap;
use std::io::{self, Write};

use maud::{Markup, html};

use super::frame::PageContext;
use super::put;
use super::table::{self, TableColumn, place};
use crate::diff::ChangeKind;
use crate::i18n::ReportTexts;
use crate::model::ReadStatus;
use crate::report::finding_index::FindingIndex;
use crate::report::{NoChanges, Report, ReportedChange, ReportedField};
use crate::source::{Location, sanitize, sanitize_line};

/// The rules that start at one instance.
#[derive(Default)]
struct Group<'a> {
    status: Option<ReadStatus>,
    changes: Vec<&'a ReportedChange>,
    in_sync: &'a [String],
    /// The places of the rules in sync, which a result has only where it lists them in full.
    places: BTreeMap<&'a str, &'a Location>,
}

pub(super) fn write(
    report: &Report,
    context: PageContext<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let texts = context.texts;
    writeln!(
        to,
        "<section aria-labelledby=\"{}\">",
        context.labels("rules")
    )?;
    put(&context.heading("rules", texts.changes), to)?;
    if report
        .changes
        .iter()
        .all(|it| it.kind == ChangeKind::InSync)
    {
        put(
            &html! { p { (texts.without_changes(NoChanges::from_report(report))) } },
            to,
        )?;
    }
    let finding_index = FindingIndex::new(report);
    for (index, (alias, group)) in groups(report).into_iter().enumerate() {
        instance((index, alias), &group, &finding_index, context, to)?;
    }
    writeln!(to, "</section>")
}

fn groups(report: &Report) -> BTreeMap<&str, Group<'_>> {
    let mut groups = BTreeMap::<&str, Group<'_>>::new();
    for instance in &report.instances {
        groups.entry(&instance.alias).or_default().status = Some(instance.status);
    }
    for (alias, rules) in &report.in_sync {
        groups.entry(alias).or_default().in_sync = rules;
    }
    for change in &report.changes {
        let group = groups.entry(&change.instance).or_default();
        if change.kind == ChangeKind::InSync {
            group.places.extend(
                change
                    .location
                    .as_ref()
                    .map(|place| (change.name.as_str(), place)),
            );
        } else {
            group.changes.push(change);
        }
    }
    groups
}

fn instance(
    (index, alias): (usize, &str),
    group: &Group<'_>,
    finding_index: &FindingIndex<'_>,
    context: PageContext<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let texts = context.texts;
    let name = format!("rules-{index}");
    put(&context.subheading(&name, &sanitize(alias)), to)?;
    let unread = group.status.filter(|it| *it != ReadStatus::Complete);
    if let Some(status) = unread {
        let class = if status == ReadStatus::Skipped {
            "faint"
        } else {
            "warning"
        };
        put(
            &html! { p class=(class) { (texts.incomplete(status)) } },
            to,
        )?;
    }
    if group.changes.is_empty() && group.in_sync.is_empty() {
        return if unread.is_some() {
            Ok(())
        } else {
            put(&html! { p { (texts.no_rule_known) } }, to)
        };
    }
    let mut columns = vec![
        TableColumn::text(texts.rule).middle(),
        TableColumn::choice(texts.state).middle(),
        TableColumn::text(texts.difference),
        TableColumn::text(texts.place).middle(),
    ];
    let has_owners = group.changes.iter().any(|it| it.owner.is_some());
    if has_owners {
        columns.insert(1, TableColumn::choice(texts.owner).middle());
    }
    let differing = group
        .changes
        .iter()
        .map(|it| change(it, has_owners, finding_index, texts));
    let in_sync = group.in_sync.iter().map(|name| {
        let place = group.places.get(name.as_str()).copied();
        as_declared(name, has_owners, place, texts)
    });
    table::write(&context.id(&name), &columns, differing.chain(in_sync), to)
}

fn as_declared(
    name: &str,
    has_owners: bool,
    location: Option<&Location>,
    texts: &ReportTexts,
) -> Markup {
    html! {
        tr {
            th scope="row" { (sanitize(name)) }
            @if has_owners { td {} }
            td data-rank=(rank(ChangeKind::InSync)) { span class="good" { (texts.in_sync) } }
            td {}
            td { (place(location)) }
        }
    }
}

fn change(
    change: &ReportedChange,
    has_owners: bool,
    finding_index: &FindingIndex<'_>,
    texts: &ReportTexts,
) -> Markup {
    html! {
        tr {
            th scope="row" { (sanitize(&change.name)) }
            @if has_owners { td { span { (sanitize_line(change.owner.as_deref().unwrap_or_default())) } } }
            td data-rank=(rank(change.kind)) {
                span { (texts.kind(change.kind)) }
                @if let Some(percent) = change.similarity { " " (texts.likely(percent)) }
                @if let Some(name) = change.live_name.as_ref().filter(|_| change.kind == ChangeKind::Renamed) {
                    ": " code { (sanitize(name)) }
                }
                @if let Some(accepted) = finding_index.acceptance(change) { br; span class="faint" { (sanitize_line(&accepted)) } }
            }
            td { ul { @for field in &change.fields { (difference(field, change.kind, texts)) } } }
            td { (place(change.location.as_ref())) }
        }
    }
}

/// The order of rules by relevance: missing, changed, unmanaged.
const fn rank(kind: ChangeKind) -> u8 {
    match kind {
        ChangeKind::Missing => 0,
        ChangeKind::Changed => 1,
        ChangeKind::Renamed => 2,
        ChangeKind::Unmanaged => 3,
        ChangeKind::Duplicate => 4,
        ChangeKind::InSync => 5,
    }
}

/// Renders a field: the live value struck out, the declared value inserted; one value where only one side has it.
fn difference(field: &ReportedField, kind: ChangeKind, texts: &ReportTexts) -> Markup {
    let value = |value: &Option<String>| {
        value
            .as_deref()
            .map_or_else(|| texts.not_set.to_owned(), |it| sanitize(it).into_owned())
    };
    let is_replaced = matches!(kind, ChangeKind::Changed | ChangeKind::Renamed);
    html! {
        li {
            (field.field.as_str()) ": "
            @if is_replaced || field.desired.is_none() {
                span class="faint" { (texts.live) " " } del { (value(&field.live)) } " "
            }
            @if is_replaced || field.live.is_none() {
                span class="faint" { (texts.declared) " " } ins { (value(&field.desired)) }
            }
            @if let Some(meaning) = &field.meaning { br; span class="faint" { (sanitize_line(&meaning.summary)) } }
        }
    }
}
