//! The numbers of a result, each with a link to its rows.

use maud::{Markup, html};

use super::frame::PageContext;
use super::owners::owners;
use crate::diff::ChangeKind;
use crate::finding::Severity;
use crate::report::finding_group::group_by_code;
use crate::report::{Outcome, Report};

/// A number of the summary.
struct Tile {
    name: &'static str,
    number: usize,
    /// The section with its rows, and the filter that shows only these; `None` where it has no rows.
    rows: Option<(&'static str, String)>,
}

pub(super) fn summary(report: &Report, context: PageContext<'_>) -> Markup {
    let texts = context.texts;
    // Only where everything was read does 0 say that there is none.
    let is_complete = report.verdict.outcome.is_complete();
    let groups = [
        (texts.rules_by_state, rule_tiles(report, context)),
        (texts.other_findings, finding_tiles(report, context)),
        (texts.accepted_findings, accepted_tiles(report, context)),
    ];
    html! {
        section aria-labelledby=(context.labels("summary")) {
            (context.heading("summary", texts.numbers))
            div class="tiles" {
                @for (title, tiles) in groups {
                    div class="tile-group" {
                        p class="faint" { (title) }
                        dl class="numbers" { @for tile in tiles { (draw_tile(&tile, is_complete, context)) } }
                    }
                }
            }
            @if let Some(share) = share(report) {
                p { (texts.as_declared(report.summary.in_sync, report.desired_rules, share)) }
            }
            (owners(report, context))
        }
    }
}

/// Returns the numbers of rules. Changes that are accepted are no drift, and do not count.
fn rule_tiles(report: &Report, context: PageContext<'_>) -> Vec<Tile> {
    let texts = context.texts;
    let count = |kinds: &[ChangeKind]| {
        let open = report.changes.iter().filter(|change| !change.accepted);
        open.filter(|change| kinds.contains(&change.kind)).count()
    };
    let of_changes = |name, kinds: &[ChangeKind], state: &str| Tile {
        name,
        number: count(kinds),
        rows: Some(("changes", format!("state={state}"))),
    };
    let other = |name, number| Tile {
        name,
        number,
        rows: None,
    };
    vec![
        of_changes(texts.missing, &[ChangeKind::Missing], "missing"),
        of_changes(texts.changed, &[ChangeKind::Changed], "changed"),
        of_changes(texts.renamed, &[ChangeKind::Renamed], "renamed"),
        of_changes(
            texts.unmanaged,
            &[ChangeKind::Unmanaged, ChangeKind::Duplicate],
            "unmanaged",
        ),
        Tile {
            name: texts.in_sync,
            number: report.summary.in_sync,
            rows: Some(("rules", "state=in_sync".to_owned())),
        },
        other(texts.unverified, report.summary.unverified),
        other(texts.ignored, report.summary.ignored),
    ]
}

/// Returns the numbers of the open findings that no change shows.
fn finding_tiles(report: &Report, context: PageContext<'_>) -> Vec<Tile> {
    let groups = group_by_code(report);
    let tile = |severity: Severity| {
        let findings = groups.iter().flat_map(|group| &group.findings);
        Tile {
            name: context.texts.severity_plural(severity),
            number: findings.filter(|it| it.severity == severity).count(),
            rows: Some((
                "findings",
                format!("state=open&severity={}", severity.as_str()),
            )),
        }
    };
    Severity::ALL.map(tile).into()
}

fn accepted_tiles(report: &Report, context: PageContext<'_>) -> Vec<Tile> {
    let texts = context.texts;
    let tile = |name, number, state: &str| Tile {
        name,
        number,
        rows: Some(("changes", format!("state={state}"))),
    };
    vec![
        tile(texts.waived, report.summary.waived, "waived"),
        tile(texts.baselined, report.summary.baselined, "baselined"),
    ]
}

fn draw_tile(tile: &Tile, is_complete: bool, context: PageContext<'_>) -> Markup {
    let has_rows = tile.number > 0;
    html! {
        div class=[(!has_rows).then_some("none")] {
            dt { (tile.name) }
            dd {
                @match &tile.rows {
                    Some((section, filter)) if has_rows => {
                        a href={ "#" (context.id(section)) } data-filter=(filter) { (tile.number) }
                    }
                    _ if has_rows || is_complete => (tile.number),
                    _ => "–",
                }
            }
        }
    }
}

/// Returns the share of desired rules in sync, in percent; `None` where nothing was compared.
fn share(report: &Report) -> Option<usize> {
    if report.verdict.outcome == Outcome::Failed {
        return None;
    }
    let percent = report.summary.in_sync.saturating_mul(100);
    percent.checked_div(report.desired_rules)
}
