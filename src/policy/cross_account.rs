//! `forbid-cross-account`: images stay in the account they are in.

use super::accounts::{DECLARE, not_known};
use super::view::{Subject, View};
use super::violation::{Violation, ViolationSubject};
use crate::model::Field;

/// Nothing is copied to another account; where that is not known, nothing is allowed.
#[derive(Debug)]
pub struct ForbidCrossAccount;

impl ForbidCrossAccount {
    // The other policies have parameters, and one call for all of them.
    #[allow(clippy::unused_self, reason = "see above")]
    pub(super) fn violations<'a>(
        &self,
        view: &View<'a>,
        subjects: &[Subject<'a>],
    ) -> Vec<Violation<'a>> {
        let crossing = subjects
            .iter()
            .copied()
            .filter(|it| view.crosses(it.rule) != Some(false));
        crossing.map(|subject| violation(view, subject)).collect()
    }
}

fn violation<'a>(view: &View<'a>, subject: Subject<'a>) -> Violation<'a> {
    let rule = subject.rule;
    let known = view.crosses(rule).is_some();
    let of = |account: Option<&str>| account.map_or("another".to_owned(), |it| format!("\"{it}\""));
    let accounts = [view.account(&rule.source), view.account(&rule.target)];
    let named = view.describe(subject);
    let (message, help) = if known {
        let [from, to] = accounts.map(of);
        let message = format!(
            "{named} copies to {}, from account {from} to {to}",
            view.aliases.end(&rule.target)
        );
        (
            message,
            "choose a target of the same account, or exclude this rule with the globs of the policy",
        )
    } else {
        let unknown = if accounts[0].is_none() {
            &rule.source
        } else {
            &rule.target
        };
        let why = not_known(view, unknown);
        (
            format!("{named} may copy to another account: {why}"),
            DECLARE,
        )
    };
    Violation {
        about: ViolationSubject::Rule(subject),
        field: Some(Field::CrossUser),
        message,
        help: help.to_owned(),
        content: vec![
            rule.target.instance.to_string(),
            if known { "true" } else { "" }.to_owned(),
        ],
    }
}
