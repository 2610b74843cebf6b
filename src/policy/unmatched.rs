//! Findings about policies whose globs match no rule: such a policy checks nothing.

use filter_language::Session;

use super::view::View;
use super::{GLOB_STEPS, Glob, Globs, Policy};
use crate::finding::{Code, Finding, Fingerprint, Severity};

/// What there is to say of a policy that selects no rule: a glob that alone matches none, or all of them together.
/// Nothing where a rule that was not read may be the one.
pub(super) fn findings(
    policy: &Policy,
    views: &[View<'_>; 2],
    session: &mut Session,
) -> Vec<Finding> {
    let views: Vec<&View<'_>> = views
        .iter()
        .filter(|view| policy.applies_to.includes(view.side))
        .collect();
    let Globs(globs) = &policy.globs;
    if globs.is_empty() || !views.iter().all(|view| view.whole) {
        return Vec::new();
    }
    let rules: usize = views.iter().map(|view| view.subjects.len()).sum();
    if session
        .charge_steps(GLOB_STEPS.saturating_mul((rules * (1 + globs.len())) as u64))
        .is_err()
    {
        return Vec::new();
    }
    let mut selects = |view: &&View<'_>| view.selected(&policy.globs, session).next().is_some();
    if views.iter().any(&mut selects) {
        return Vec::new();
    }
    let mut matches = |glob: &&Glob| {
        views.iter().any(|view| {
            view.subjects
                .iter()
                .any(|it| glob.includes(view, *it, session))
        })
    };
    let alone: Vec<Finding> = globs
        .iter()
        .filter(|glob| !matches(glob))
        .map(|glob| {
            let message = format!(
                "no rule matches `{}: {}`, so nothing is checked",
                key(glob),
                glob.pattern.as_str()
            );
            finding(policy, message, glob)
        })
        .collect();
    if !alone.is_empty() {
        return alone;
    }
    let all: Vec<String> = globs
        .iter()
        .map(|glob| format!("`{}: {}`", key(glob), glob.pattern.as_str()))
        .collect();
    let message = format!(
        "no rule matches {} together, so nothing is checked",
        all.join(" and ")
    );
    globs
        .first()
        .map(|glob| finding(policy, message, glob))
        .into_iter()
        .collect()
}

fn finding(policy: &Policy, message: String, glob: &Glob) -> Finding {
    let code = Code::Policy(policy.code.clone());
    let content = ["no rule", key(glob), glob.pattern.as_str()].map(Some);
    Finding {
        severity: policy.severity.min(Severity::Warning),
        message,
        help: "correct the glob; the finding is resolved once such a rule exists".to_owned(),
        instance: None,
        rule: None,
        field: None,
        fingerprint: Fingerprint::new(&code, ("", ""), None, content),
        place: Some(glob.place),
        change: None,
        code,
    }
}

/// What the glob's key is called in a policy.
fn key(glob: &Glob) -> &'static str {
    match glob.field {
        crate::model::Field::Name => "rules",
        field => field.as_str(),
    }
}
