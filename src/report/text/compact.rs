//! The plan, short: a line for each change and each finding that no change tells.

use std::io;

use super::{Page, block, rest};
use crate::diff::Kind;
use crate::report::by_rule::ByRule;
use crate::report::{ReportedChange, ReportedField, ReportedFinding};
use crate::source::{sentence, visible};

pub(super) fn render(page: &mut Page<'_>) -> io::Result<()> {
    page.errors()?;
    let by_rule = ByRule::of(page.report);
    for it in &page.report.changes {
        let accepted = by_rule.accepted(it);
        change(it, accepted.as_deref(), page)?;
    }
    rest(page.report)
        .into_iter()
        .try_for_each(|it| finding(it, page))?;
    page.summary()
}

fn change(it: &ReportedChange, accepted: Option<&str>, page: &mut Page<'_>) -> io::Result<()> {
    let paint = page.style.action(it.action());
    let symbol = block::symbol(it.action());
    write!(
        page.to,
        "{paint}{symbol:>3}{paint:#} {}: \"{}\" ",
        visible(&it.instance),
        visible(&it.name)
    )?;
    match it.kind {
        Kind::Changed => write!(page.to, "is changed: {}", fields(&it.fields, page))?,
        Kind::Renamed if it.fields.len() > 1 => {
            let (likely, alike) = block::likely(it);
            write!(
                page.to,
                "is {likely}renamed{alike} and changed: {}",
                fields(&it.fields, page)
            )?;
        }
        _ => write!(page.to, "{}", block::sentence(it))?,
    }
    if let Some(accepted) = accepted {
        let faint = page.style.faint();
        write!(page.to, " {faint}[{}]{faint:#}", sentence(accepted))?;
    }
    if let Some(origin) = it.origin {
        let faint = page.style.faint();
        write!(page.to, " {faint}[{}]{faint:#}", block::since(origin))?;
    }
    writeln!(page.to, "{}", block::place(it))
}

fn fields(fields: &[ReportedField], page: &Page<'_>) -> String {
    let paint = page.style.action(crate::report::Action::Replace);
    let told = fields.iter().map(
        |ReportedField {
             field,
             desired,
             live,
             meaning,
             ..
         }| {
            let (live, desired) = (
                block::quoted(*field, live.as_deref()),
                block::quoted(*field, desired.as_deref()),
            );
            let meaning = meaning
                .as_ref()
                .map(|it| format!(" ({})", sentence(&it.summary)))
                .unwrap_or_default();
            format!("{field} {live} {paint}->{paint:#} {desired}{meaning}")
        },
    );
    told.collect::<Vec<_>>().join(", ")
}

fn finding(it: &ReportedFinding, page: &mut Page<'_>) -> io::Result<()> {
    let paint = page.style.severity(it.severity);
    write!(
        page.to,
        "{paint}{}{paint:#} {}: {}",
        it.severity.as_str(),
        it.code,
        sentence(&it.message)
    )?;
    if let Some(accepted) = it.status.accepted() {
        let faint = page.style.faint();
        write!(page.to, " {faint}[{}]{faint:#}", sentence(&accepted))?;
    }
    let place = it
        .location
        .as_ref()
        .map(|it| format!(" ({}:{})", visible(&it.file), it.line));
    writeln!(page.to, "{}", place.unwrap_or_default())
}
