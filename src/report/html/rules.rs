//! The rules in sync, a closed table for each source instance, and the instances that are incomplete.

use std::collections::BTreeMap;
use std::io::{self, Write};

use maud::{Markup, html};

use super::changes::{draw_values, is_shown};
use super::frame::PageContext;
use super::put;
use super::row::{RowIds, breakable, place, rule_link};
use super::table::{RowTable, TableColumn};
use crate::diff::ChangeKind;
use crate::i18n::ReportTexts;
use crate::model::{Field, ReadStatus};
use crate::report::{Outcome, Report, ReportedChange};
use crate::source::sanitize;

/// The rules that start at one instance.
#[derive(Default)]
struct InstanceRules<'a> {
    status: Option<ReadStatus>,
    in_sync: &'a [String],
    /// The rules in sync in full, by name; a saved result may lack them.
    details: BTreeMap<&'a str, &'a ReportedChange>,
}

impl InstanceRules<'_> {
    /// Returns whether the instance may have more rules than were read.
    fn is_incomplete(&self) -> bool {
        self.status
            .is_some_and(|status| status != ReadStatus::Complete)
    }
}

pub(super) fn write(
    report: &Report,
    context: PageContext<'_>,
    ids: &mut RowIds<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    writeln!(
        to,
        "<section aria-labelledby=\"{}\">",
        context.labels("rules")
    )?;
    put(&context.heading("rules", context.texts.rules_in_sync), to)?;
    let mut instances = by_instance(report);
    instances.retain(|_, rules| !rules.in_sync.is_empty() || rules.is_incomplete());
    if instances.is_empty() {
        let sentence = match report.verdict.outcome {
            Outcome::Failed => context.texts.nothing_compared,
            _ => context.texts.none_in_sync,
        };
        put(&html! { p { (sentence) } }, to)?;
    }
    for (index, (alias, rules)) in instances.into_iter().enumerate() {
        let name = format!("rules-{index}");
        put(&context.subheading(&name, &sanitize(alias)), to)?;
        let table = InSyncTable {
            alias,
            name: &name,
            rules: &rules,
            context,
        };
        table.write(ids, to)?;
    }
    writeln!(to, "</section>")
}

fn by_instance(report: &Report) -> BTreeMap<&str, InstanceRules<'_>> {
    let mut by_instance = BTreeMap::<&str, InstanceRules<'_>>::new();
    for instance in &report.instances {
        by_instance.entry(&instance.alias).or_default().status = Some(instance.status);
    }
    for (alias, rules) in &report.in_sync {
        by_instance.entry(alias).or_default().in_sync = rules;
    }
    for change in report.changes.iter().chain(&report.in_sync_rules) {
        if change.kind == ChangeKind::InSync {
            let rules = by_instance.entry(&change.instance).or_default();
            rules.details.insert(&change.name, change);
        }
    }
    by_instance
}

/// The table of the rules in sync of one instance.
struct InSyncTable<'a> {
    alias: &'a str,
    /// The name of the section in the page.
    name: &'a str,
    rules: &'a InstanceRules<'a>,
    context: PageContext<'a>,
}

impl InSyncTable<'_> {
    fn write(&self, ids: &mut RowIds<'_>, to: &mut dyn Write) -> io::Result<()> {
        let Self {
            alias,
            name,
            rules,
            context,
        } = *self;
        let texts = context.texts;
        if let Some(status) = rules.status.filter(|it| *it != ReadStatus::Complete) {
            let class = match status {
                ReadStatus::Skipped => "faint",
                _ => "warning",
            };
            put(
                &html! { p class=(class) { (texts.incomplete(status)) } },
                to,
            )?;
        }
        if rules.in_sync.is_empty() {
            return Ok(());
        }
        let mut columns = vec![TableColumn::new(texts.rule).wide()];
        let has_details = !rules.details.is_empty();
        if has_details {
            columns.push(TableColumn::new(texts.from_and_to));
            columns.push(TableColumn::new(texts.filters));
            columns.push(TableColumn::new(texts.place).middle());
        }
        writeln!(to, "<details class=\"in-sync-rules\">")?;
        put(
            &html! { summary { (texts.count_in_sync(rules.in_sync.len())) } },
            to,
        )?;
        if !has_details {
            put(&html! { p class="faint" { (texts.all_shows_details) } }, to)?;
        }
        let table = RowTable {
            label: &context.id(name),
            columns: &columns,
            is_filtered: true,
        };
        let rows = rules.in_sync.iter().map(|rule| {
            let id = ids.rule(alias, rule);
            let link = rule_link(&id, rule, context);
            html! {
                tr id=(id) data-state="in_sync" data-instance=(sanitize(alias)) {
                    th scope="row" { (breakable(rule)) (link) }
                    @if has_details { (details(rules.details.get(rule.as_str()).copied(), texts)) }
                }
            }
        });
        table.write(rows, to)?;
        writeln!(to, "</details>")
    }
}

/// Draws the ends, the filters and the place of a rule in sync.
fn details(change: Option<&ReportedChange>, texts: &ReportTexts) -> Markup {
    let Some(change) = change else {
        return html! { td {} td {} td {} };
    };
    let mut values: Vec<(Field, &str)> = Vec::new();
    let fields = change.fields.iter();
    let fields = fields.map(|it| (it.field, it.desired.as_deref()));
    for (field, value) in change.unchanged.iter().chain(fields) {
        if let Some(value) = value.filter(|value| is_shown(field, value)) {
            values.push((field, value));
        }
    }
    html! {
        td { (breakable(&change.from)) " → " (breakable(&change.to)) }
        td { (draw_values(&values, texts)) }
        td { (place(change.location.as_ref())) }
    }
}
