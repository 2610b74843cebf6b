//! The results of each policy.

use maud::{Markup, html};

use super::frame::PageContext;
use super::row::breakable;
use super::table::short_table;
use crate::i18n::ReportTexts;
use crate::report::{Outcome, Report, ReportedPolicy};
use crate::source::sanitize;

pub(super) fn compliance(report: &Report, context: PageContext<'_>) -> Markup {
    let texts = context.texts;
    let met = report.policies.iter().filter(|it| it.open == 0).count();
    html! {
        section aria-labelledby=(context.labels("compliance")) {
            (context.heading("compliance", texts.compliance))
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
    let rows: Vec<_> = policies.iter().map(|it| row(it, texts)).collect();
    short_table(&context.id("compliance"), &heads, &rows)
}

fn row(policy: &ReportedPolicy, texts: &ReportTexts) -> Vec<Markup> {
    let has_failed = policy.failed > 0;
    let name = html! {
        code { (breakable(policy.code.id())) }
        br; span class="faint" {
            @match (&policy.kind, &policy.expr) {
                (_, Some(expr)) => { code { (breakable(expr)) } },
                (kind, None) => (sanitize(kind.as_deref().unwrap_or_default())),
            }
        }
    };
    let severity = has_failed.then_some(policy.severity.as_str());
    let accepted = html! {
        (policy.accepted)
        @if policy.waived > 0 { br; span class="faint" { (texts.findings_waived(policy.waived)) } }
        @if policy.baselined > 0 { br; span class="faint" { (texts.findings_baselined(policy.baselined)) } }
    };
    let share = if let Some(share) = policy.share() {
        html! { (share) " %" }
    } else {
        html! { (texts.nothing_to_meet) }
    };
    vec![
        name,
        html! { span class=[severity] { (texts.severity_of(policy.severity)) } },
        html! { (texts.sides(policy.applies_to)) },
        html! { (texts.count_subjects(policy.checked, policy.subject)) },
        html! { (policy.passed()) },
        html! { span class=[has_failed.then_some("error")] { (policy.failed) } },
        accepted,
        share,
    ]
}
