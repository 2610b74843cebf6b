//! The number of findings of each owner.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::frame::PageContext;
use super::table::short_table;
use crate::finding::Severity;
use crate::report::{FindingStatus, Report};
use crate::source::sanitize_line;

/// The findings of one owner, counted.
#[derive(Default)]
struct OwnerCounts {
    errors: usize,
    warnings: usize,
    notes: usize,
    accepted: usize,
}

/// Draws the findings by owner; nothing where no finding has one.
pub(super) fn owners(report: &Report, context: PageContext<'_>) -> Markup {
    let texts = context.texts;
    let mut owners = BTreeMap::<&str, OwnerCounts>::new();
    for finding in &report.findings {
        let Some(owner) = finding.owner.as_deref() else {
            continue;
        };
        let counts = owners.entry(owner).or_default();
        *match (&finding.status, finding.severity) {
            (FindingStatus::Waived(_) | FindingStatus::Baselined, _) => &mut counts.accepted,
            (FindingStatus::Open, Severity::Error) => &mut counts.errors,
            (FindingStatus::Open, Severity::Warning) => &mut counts.warnings,
            (FindingStatus::Open, Severity::Info) => &mut counts.notes,
        } += 1;
    }
    if owners.is_empty() {
        return html! {};
    }
    let heads = [
        texts.owner,
        texts.errors,
        texts.warnings,
        texts.notes,
        texts.accepted,
    ];
    let rows: Vec<Vec<Markup>> = owners
        .into_iter()
        .map(|(owner, counts)| {
            let number = |count: usize, class: &'static str| {
                html! { span class=[(count > 0).then_some(class)] { (count) } }
            };
            vec![
                html! { (sanitize_line(owner)) },
                number(counts.errors, "error"),
                number(counts.warnings, "warning"),
                number(counts.notes, "info"),
                html! { (counts.accepted) },
            ]
        })
        .collect();
    html! {
        (context.subheading("owners", texts.by_owner))
        (short_table(&context.id("owners"), &heads, &rows))
    }
}
