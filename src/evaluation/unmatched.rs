//! Findings about policies whose globs match no rule: such a policy checks nothing.

use filter_language::FilterSession;

use super::selection::{GLOB_STEPS, matches, select};
use super::view::View;
use crate::finding::{Code, Finding, Fingerprint, Severity};
use crate::i18n::Message;
use crate::policy::{Glob, Policy};

/// Returns a finding for each glob that matches no rule; one for all of them together where each one matches some rule
/// and no rule matches all. Returns none where a rule may match that was not read.
pub(super) fn findings(
    policy: &Policy,
    views: &[View<'_>; 2],
    session: &mut FilterSession,
) -> Vec<Finding> {
    let globs = &policy.globs.0;
    let mut applicable: Vec<&View<'_>> = views.iter().collect();
    applicable.retain(|view| policy.applies_to.includes(view.side));
    if globs.is_empty() || applicable.iter().any(|view| !view.is_complete) {
        return Vec::new();
    }
    let rules: usize = applicable.iter().map(|view| view.subjects.len()).sum();
    let pairs = rules * (1 + globs.len());
    let charged = session.charge_steps(GLOB_STEPS.saturating_mul(pairs as u64));
    if charged.is_err() {
        return Vec::new();
    }
    for view in &applicable {
        if select(view, &policy.globs, session).next().is_some() {
            return Vec::new();
        }
    }
    let mut findings = Vec::new();
    for glob in globs {
        if !matches_any(glob, &applicable, session) {
            let message = Message::globs_match_nothing(quote(glob));
            findings.push(finding(policy, message, glob));
        }
    }
    if let (Some(first), true) = (globs.first(), findings.is_empty()) {
        let all = globs.iter().map(|glob| Message::from(quote(glob)));
        let all = all.reduce(Message::both).unwrap_or_default();
        let message = Message::globs_together_match_nothing(all);
        findings.push(finding(policy, message, first));
    }
    findings
}

fn matches_any(glob: &Glob, views: &[&View<'_>], session: &mut FilterSession) -> bool {
    views.iter().any(|view| {
        let mut subjects = view.subjects.iter();
        subjects.any(|subject| matches(glob, view, *subject, session))
    })
}

/// Returns a glob as the rules file has it.
fn quote(glob: &Glob) -> String {
    format!("`{}: {}`", glob.key(), glob.pattern.as_str())
}

fn finding(policy: &Policy, message: Message, glob: &Glob) -> Finding {
    let code = Code::Policy(policy.code.clone());
    let content = ["no rule", glob.key(), glob.pattern.as_str()].map(Some);
    Finding {
        severity: policy.severity.min(Severity::Warning),
        message,
        help: Message::glob_help(),
        instance: None,
        rule: None,
        field: None,
        fingerprint: Fingerprint::new(&code, ("", ""), None, content),
        place: Some(glob.place),
        change: None,
        paths: Vec::new(),
        code,
    }
}
