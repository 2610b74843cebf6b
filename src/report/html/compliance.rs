//! The share of rules in sync, and the results of each policy.

use maud::{Markup, html};

use super::frame::At;
use super::words::Words;
use crate::policy::AppliesTo;
use crate::report::{Outcome, PolicySubject, Report, ReportedPolicy};
use crate::source::sanitize;

pub(super) fn compliance(report: &Report, at: At<'_>) -> Markup {
    let words = at.words;
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
        section aria-labelledby=(at.labels("compliance")) {
            (at.heading("compliance", words.compliance))
            @if let Some(share) = share {
                p { (words.as_declared(report.summary.in_sync, report.desired_rules, share)) }
            }
            @if report.policies.is_empty() {
                p { (words.no_policies) }
            } @else {
                p { (words.policies_met(met, report.policies.len())) }
                @if matches!(report.verdict.outcome, Outcome::Incomplete | Outcome::Failed) { p { (words.only_what_was_read) } }
                (policies(&report.policies, at))
                p class="faint" { (words.share_explained) }
            }
        }
    }
}

fn policies(policies: &[ReportedPolicy], at: At<'_>) -> Markup {
    let words = at.words;
    let heads = [
        words.policy,
        words.severity,
        words.applies_to,
        words.checked,
        words.passed,
        words.failed,
        words.accepted,
        words.compliant,
    ];
    html! {
        div class="scroll" role="group" tabindex="0" aria-labelledby=(at.id("compliance")) { table {
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
                td class=[(it.failed > 0).then_some(it.severity.as_str())] { (words.severity_of(it.severity)) }
                td { (words.side(it.applies_to)) }
                td { (words.count_subjects(it.checked, it.subject)) }
                td { (it.passed()) }
                td class=[(it.failed > 0).then_some("error")] { (it.failed) }
                td {
                    (it.accepted)
                    @if it.waived > 0 { br; span class="faint" { (words.findings_waived(it.waived)) } }
                    @if it.baselined > 0 { br; span class="faint" { (words.findings_baselined(it.baselined)) } }
                }
                td {
                    @match it.share() {
                        Some(share) => { (share) " %" },
                        None => (words.nothing_to_meet),
                    }
                }
            } } }
        } }
    }
}

impl Words {
    fn policies_met(&self, met: usize, all: usize) -> String {
        if self.is_chinese() {
            return format!("{all} 项策略中有 {met} 项没有未处理的发现。");
        }
        format!(
            "{met} of {} no open finding.",
            if all == 1 {
                "1 policy has".to_owned()
            } else {
                format!("{all} policies have")
            }
        )
    }

    fn count_subjects(&self, count: usize, of: PolicySubject) -> String {
        let noun = match of {
            PolicySubject::Rule => self.pick("rule", "条规则"),
            PolicySubject::Namespace => self.pick("namespace", "个命名空间"),
            PolicySubject::Repository if self.is_chinese() => "个仓库",
            PolicySubject::Repository if count == 1 => "repository",
            PolicySubject::Repository => return format!("{count} repositories"),
        };
        let plural = if self.is_chinese() || count == 1 {
            ""
        } else {
            "s"
        };
        format!("{count} {noun}{plural}")
    }

    fn findings_waived(&self, count: usize) -> String {
        if self.is_chinese() {
            format!("已豁免的发现:{count}")
        } else {
            format!("findings waived: {count}")
        }
    }

    fn findings_baselined(&self, count: usize) -> String {
        if self.is_chinese() {
            format!("基线内的发现:{count}")
        } else {
            format!("findings baselined: {count}")
        }
    }

    const fn side(&self, it: AppliesTo) -> &'static str {
        match it {
            AppliesTo::Desired => self.pick("declared rules", "声明的规则"),
            AppliesTo::Live => self.pick("live rules", "实际规则"),
            AppliesTo::Both => self.pick("declared and live rules", "声明的与实际的规则"),
        }
    }
}
