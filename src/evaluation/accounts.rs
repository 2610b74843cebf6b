//! `allowed-target-accounts`: images are copied only to certain accounts.

use super::selection::SelectedRules;
use super::view::{RuleSubject, View};
use super::violation::{PolicyViolation, ViolationSubject};
use crate::i18n::Message;
use crate::model::{AccountId, Endpoint, Field};
use crate::policy::AllowedTargetAccounts;

pub(super) fn violations<'a>(
    allowed: &AllowedTargetAccounts,
    rules: &SelectedRules<'_, 'a>,
) -> Vec<PolicyViolation<'a>> {
    let AllowedTargetAccounts(accounts) = allowed;
    let mut violations = Vec::new();
    for subject in rules.iter() {
        let account = rules.view.target_account(subject.rule);
        let is_allowed =
            account.is_some_and(|account| accounts.iter().any(|it| it.as_str() == account));
        if !is_allowed {
            violations.push(violation(accounts, rules.view, subject, account));
        }
    }
    violations
}

fn violation<'a>(
    allowed: &[AccountId],
    view: &View<'a>,
    subject: RuleSubject<'a>,
    account: Option<&str>,
) -> PolicyViolation<'a> {
    let target = &subject.rule.target;
    let allowed: Vec<&str> = allowed.iter().map(AccountId::as_str).collect();
    let (owner, help) = match account {
        Some(account) => (
            Message::account_named(account),
            Message::target_account_help(),
        ),
        None => (
            describe_unknown_account(view, target),
            Message::declare_accounts_help(),
        ),
    };
    PolicyViolation {
        subject: ViolationSubject::Rule(subject),
        field: Some(Field::ToInstance),
        message: Message::forbidden_account(
            view.describe(subject),
            view.aliases.end(target),
            owner,
            allowed,
        ),
        help,
        content: vec![
            target.instance.to_string(),
            account.unwrap_or_default().to_owned(),
        ],
    }
}

/// Returns the reason why the account of an endpoint is unknown.
pub(super) fn describe_unknown_account(view: &View<'_>, endpoint: &Endpoint) -> Message {
    let instance = view.aliases.name(endpoint.instance.as_str());
    match view.instance(&endpoint.instance) {
        Some(_) => Message::declared_without_account(instance),
        None => Message::undeclared_account(instance),
    }
}
