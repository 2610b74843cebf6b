//! `forbid-cross-account`: no rule copies to another account, or to one that may be another.

use super::accounts::describe_unknown_account;
use super::selection::SelectedRules;
use super::view::{RuleSubject, View};
use super::violation::{PolicyViolation, ViolationSubject};
use crate::i18n::Message;
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
            Some(account) => Message::quoted(account),
            None => Message::another_account(),
        };
        let end = view.aliases.end(&rule.target);
        let (source, target) = (quote(source), quote(target));
        (
            Message::crosses_accounts(name, end, source, target),
            Message::same_account_help(),
        )
    } else {
        let unknown = if source.is_none() {
            &rule.source
        } else {
            &rule.target
        };
        let reason = describe_unknown_account(view, unknown);
        (
            Message::may_cross_accounts(name, reason),
            Message::declare_accounts_help(),
        )
    };
    let crosses = if is_certain { "true" } else { "" };
    PolicyViolation {
        subject: ViolationSubject::Rule(subject),
        field: Some(Field::CrossUser),
        message,
        help,
        content: vec![rule.target.instance.to_string(), crosses.to_owned()],
    }
}
