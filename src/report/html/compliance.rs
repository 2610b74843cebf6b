//! The share of rules in sync, and the results of each policy.

use maud::{Markup, html};

use super::frame::PageContext;
use crate::report::{Outcome, Report, ReportedPolicy};
use crate::source::sanitize;

pub(super) fn compliance(report: &Report, context: PageContext<'_>) -> Markup {
    let texts = context.texts;
    // A run that failed compared nothing.
    let compared = if report.verdict.outcome == Outcome::Failed {
        0
    } else {
        report.desired_rules
    };
    let share = report
        .summary
        .in_sync
        .saturating_mul(100)
        .checked_div(compared);
    let met = report.policies.iter().filter(|it| it.open == 0).count();
    html! {
        section aria-labelledby=(context.labels("compliance")) {
            (context.heading("compliance", texts.compliance))
            @if let Some(share) = share {
                p { (texts.as_declared(report.summary.in_sync, report.desired_rules, share)) }
            }
            @if report.policies.is_empty() {
                p { (texts.no_policies) }
            } @else {
                p { (texts.policies_met(met, report.policies.len())) }
                @if matches!(report.verdict.outcome, Outcome::Incomplete | Outcome::Failed) { p { (texts.only_what_was_read) } }
                (policies(&report.policies, context))
                p class="faint" { (texts.share_explained) }
            }
        }
    }
}

fn policies(policies: &[ReportedPolicy], context: PageContext<'_>) -> Markup {
    let texts = context.texts;
    let heads = [
        texts.policy,
        texts.severity,
        texts.applies_to,
        texts.checked,
        texts.passed,
        texts.failed,
        texts.accepted,
        texts.compliant,
    ];
    html! {
        div class="scroll" role="group" tabindex="0" aria-labelledby=(context.id("compliance")) { table {
            thead { tr { @for head in heads { th scope="col" { (head) } } } }
            tbody { @for it in policies { tr {
                th scope="row" {
                    code { (sanitize(it.code.id())) }
                    br; span class="faint" {
                        @match (&it.kind, &it.expr) {
                            (_, Some(expr)) => { code { (sanitize(expr)) } },
                            (kind, None) => (sanitize(kind.as_deref().unwrap_or_default())),
                        }
                    }
                }
                td class=[(it.failed > 0).then_some(it.severity.as_str())] { (texts.severity_of(it.severity)) }
                td { (texts.sides(it.applies_to)) }
                td { (texts.count_subjects(it.checked, it.subject)) }
                td { (it.passed()) }
                td class=[(it.failed > 0).then_some("error")] { (it.failed) }
                td {
                    (it.accepted)
                    @if it.waived > 0 { br; span class="faint" { (texts.findings_waived(it.waived)) } }
                    @if it.baselined > 0 { br; span class="faint" { (texts.findings_baselined(it.baselined)) } }
                }
                td {
                    @match it.share() {
                        Some(share) => { (share) " %" },
                        None => (texts.nothing_to_meet),
                    }
                }
            } } }
        } }
    }
}
