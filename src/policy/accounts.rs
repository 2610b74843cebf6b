//! `allowed-target-accounts`: images are copied only to certain accounts.

use super::view::{Subject, View};
use super::violation::{Violation, ViolationSubject};
use crate::model::{AccountId, Endpoint, Field};

/// Targets belong to certain accounts. An account that is not known is none of them.
#[derive(Debug)]
pub struct AllowedTargetAccounts(pub Vec<AccountId>);

impl AllowedTargetAccounts {
    pub(super) fn violations<'a>(
        &self,
        view: &View<'a>,
        subjects: &[Subject<'a>],
    ) -> Vec<Violation<'a>> {
        let allowed = |account: Option<&str>| {
            account.is_some_and(|it| self.0.iter().any(|one| one.as_str() == it))
        };
        let others = subjects
            .iter()
            .copied()
            .filter(|it| !allowed(view.target_account(it.rule)));
        others
            .map(|subject| self.violation(view, subject))
            .collect()
    }

    fn violation<'a>(&self, view: &View<'a>, subject: Subject<'a>) -> Violation<'a> {
        let target = &subject.rule.target;
        let account = view.target_account(subject.rule);
        let allowed: Vec<&str> = self.0.iter().map(AccountId::as_str).collect();
        let whose =
            account.map_or_else(|| not_known(view, target), |it| format!("account \"{it}\""));
        let help = match account {
            Some(_) => "choose a target of an allowed account, or allow this one in the policy",
            None => DECLARE,
        };
        Violation {
            about: ViolationSubject::Rule(subject),
            field: Some(Field::ToInstance),
            message: format!(
                "{} copies to {} ({whose}); allowed: {}",
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
}

/// What to do about an account that is not known.
pub(super) const DECLARE: &str = "declare the instances at both ends with their `account`";

/// Why the account of an end is not known.
pub(super) fn not_known(view: &View<'_>, end: &Endpoint) -> String {
    let instance = view.aliases.name(end.instance.as_str());
    match view.instance(&end.instance) {
        Some(_) => format!("\"{instance}\" is declared without `account`"),
        None => format!("\"{instance}\" is not declared, so its account is unknown"),
    }
}
