//! `allowed-target-accounts`: images are copied only to certain accounts.

use super::selection::SelectedRules;
use super::view::{RuleSubject, View};
use super::violation::{PolicyViolation, ViolationSubject};
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
            format!("account \"{account}\""),
            "choose a target of an allowed account, or allow this one in the policy",
        ),
        None => (describe_unknown_account(view, target), DECLARE_ACCOUNTS),
    };
    PolicyViolation {
        subject: ViolationSubject::Rule(subject),
        field: Some(Field::ToInstance),
        message: format!(
            "{} copies to {} ({owner}); allowed: {}",
            view.describe(subject),
            view.aliases.end(target),
            allowed.join(", "),
        ),
        help: help.to_owned(),
        content: vec![
            target.instance.to_string(),
            account.unwrap_or_default().to_owned(),
        ],
    }
}

/// The help for an unknown account.
pub(super) const DECLARE_ACCOUNTS: &str = "declare the instances at both ends with their `account`";

/// Returns the reason why the account of an endpoint is unknown.
pub(super) fn describe_unknown_account(view: &View<'_>, endpoint: &Endpoint) -> String {
    let instance = view.aliases.name(endpoint.instance.as_str());
    match view.instance(&endpoint.instance) {
        Some(_) => format!("\"{instance}\" is declared without `account`"),
        None => format!("\"{instance}\" is not declared, so its account is unknown"),
    }
}
