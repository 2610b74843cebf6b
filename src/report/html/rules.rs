//! Every rule that is known, a table for each instance it starts at: what differs first, then what is in sync.

use std::collections::BTreeMap;
use std::io::{self, Write};

use maud::{Markup, html};

use super::frame::At;
use super::put;
use super::table::{self, TableColumn, place};
use crate::diff::ChangeKind;
use crate::i18n::ReportTexts;
use crate::model::ReadStatus;
use crate::report::by_rule::ByRule;
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

pub(super) fn write(report: &Report, at: At<'_>, to: &mut dyn Write) -> io::Result<()> {
    let words = at.words;
    writeln!(to, "<section aria-labelledby=\"{}\">", at.labels("rules"))?;
    put(&at.heading("rules", words.changes), to)?;
    if report
        .changes
        .iter()
        .all(|it| it.kind == ChangeKind::InSync)
    {
        put(
            &html! { p { (words.without_changes(NoChanges::of_report(report))) } },
            to,
        )?;
    }
    let by_rule = ByRule::new(report);
    for (index, (alias, group)) in groups(report).into_iter().enumerate() {
        instance((index, alias), &group, &by_rule, at, to)?;
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
    by_rule: &ByRule<'_>,
    at: At<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let words = at.words;
    let name = format!("rules-{index}");
    put(&at.subheading(&name, &sanitize(alias)), to)?;
    let unread = group.status.filter(|it| *it != ReadStatus::Complete);
    if let Some(status) = unread {
        let class = if status == ReadStatus::Skipped {
            "faint"
        } else {
            "warning"
        };
        put(
            &html! { p class=(class) { (words.incomplete(status)) } },
            to,
        )?;
    }
    if group.changes.is_empty() && group.in_sync.is_empty() {
        return if unread.is_some() {
            Ok(())
        } else {
            put(&html! { p { (words.no_rule_known) } }, to)
        };
    }
    let columns = [
        TableColumn::text(words.rule).middle(),
        TableColumn::choice(words.state).middle(),
        TableColumn::text(words.difference),
        TableColumn::text(words.place).middle(),
    ];
    let differing = group.changes.iter().map(|it| change(it, by_rule, words));
    let in_sync = group
        .in_sync
        .iter()
        .map(|it| as_declared(it, group.places.get(it.as_str()).copied(), words));
    table::write(&at.id(&name), &columns, differing.chain(in_sync), to)
}

fn as_declared(name: &str, location: Option<&Location>, words: &ReportTexts) -> Markup {
    html! {
        tr {
            th scope="row" { (sanitize(name)) }
            td data-rank=(rank(ChangeKind::InSync)) { span class="good" { (words.in_sync) } }
            td {}
            td { (place(location)) }
        }
    }
}

fn change(change: &ReportedChange, by_rule: &ByRule<'_>, words: &ReportTexts) -> Markup {
    html! {
        tr {
            th scope="row" { (sanitize(&change.name)) }
            td data-rank=(rank(change.kind)) {
                span { (words.kind(change.kind)) }
                @if let Some(percent) = change.similarity { " " (words.likely(percent)) }
                @if let Some(name) = change.live_name.as_ref().filter(|_| change.kind == ChangeKind::Renamed) {
                    ": " code { (sanitize(name)) }
                }
                @if let Some(accepted) = by_rule.accepted(change) { br; span class="faint" { (sanitize_line(&accepted)) } }
            }
            td { ul { @for field in &change.fields { (difference(field, change.kind, words)) } } }
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

/// A field: what is live struck out, what is declared inserted; the one value there is where only one side has it.
fn difference(field: &ReportedField, kind: ChangeKind, words: &ReportTexts) -> Markup {
    let value = |value: &Option<String>| {
        value
            .as_deref()
            .map_or_else(|| words.not_set.to_owned(), |it| sanitize(it).into_owned())
    };
    let is_replaced = matches!(kind, ChangeKind::Changed | ChangeKind::Renamed);
    html! {
        li {
            (field.field.as_str()) ": "
            @if is_replaced || field.desired.is_none() {
                span class="faint" { (words.live) " " } del { (value(&field.live)) } " "
            }
            @if is_replaced || field.live.is_none() {
                span class="faint" { (words.declared) " " } ins { (value(&field.desired)) }
            }
            @if let Some(meaning) = &field.meaning { br; span class="faint" { (sanitize_line(&meaning.summary)) } }
        }
    }
}
