//! `forbid-cross-account`: no rule copies to another account, or to one that may be another.

use super::accounts::{DECLARE_ACCOUNTS, describe_unknown_account};
use super::selection::SelectedRules;
use super::view::{RuleSubject, View};
use super::violation::{PolicyViolation, ViolationSubject};
use crate::model::Field;

pub(super) fn violations<'a>(rules: &SelectedRules<'_, 'a>) -> Vec<PolicyViolation<'a>> {
    let mut violations = Vec::new();
    for subject in rules.iter() {
        let crosses = rules.view.crosses_accounts(subject.rule);
        if crosses != Some(false) {
            violations.push(violation(rules.view, subject, crosses.is_some()));
        }
    }
    violations
}

fn violation<'a>(
    view: &View<'a>,
    subject: RuleSubject<'a>,
    is_certain: bool,
) -> PolicyViolation<'a> {
    let rule = subject.rule;
    let [source, target] = [&rule.source, &rule.target].map(|endpoint| view.account(endpoint));
    let name = view.describe(subject);
    let (message, help) = if is_certain {
        let quote = |account: Option<&str>| match account {
            Some(account) => format!("\"{account}\""),
            None => "another".to_owned(),
        };
        let end = view.aliases.end(&rule.target);
        let (source, target) = (quote(source), quote(target));
        (
            format!("{name} copies to {end}, from account {source} to {target}"),
            "choose a target of the same account, or exclude this rule with the globs of the policy",
        )
    } else {
        let unknown = if source.is_none() {
            &rule.source
        } else {
            &rule.target
        };
        let reason = describe_unknown_account(view, unknown);
        (
            format!("{name} may copy to another account: {reason}"),
            DECLARE_ACCOUNTS,
        )
    };
    let crosses = if is_certain { "true" } else { "" };
    PolicyViolation {
        subject: ViolationSubject::Rule(subject),
        field: Some(Field::CrossUser),
        message,
        help: help.to_owned(),
        content: vec![rule.target.instance.to_string(), crosses.to_owned()],
    }
}
