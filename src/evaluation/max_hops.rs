//! `max-hops`: images do not travel over long chains of rules.
//!
//! A chain continues where the target of a rule may be the source of the next one: the same instance, and the same
//! namespace and repository where both name them. Filters and triggers are not considered: a chain counts even if no
//! tag passes all of its filters, or if its rules are manual. Both err on the side of a finding. A chain
//! visits no location twice: a way back is a loop, which `topology/sync-loop` reports.

use filter_language::FilterSession;

use super::selection::{SelectedRules, matches_all};
use super::view::{RuleSubject, View};
use super::violation::{PolicyViolation, ViolationSubject};
use crate::i18n::Message;
use crate::model::SyncRule;
use crate::policy::MaxHops;
use crate::topology::chains_beyond;

/// Returns the chains that end in a selected rule. The rules before may be any.
pub(super) fn violations<'a>(
    limit: &MaxHops,
    rules: &SelectedRules<'_, 'a>,
    session: &mut FilterSession,
) -> Vec<PolicyViolation<'a>> {
    let view = rules.view;
    let all_rules: Vec<&SyncRule> = view.subjects.iter().map(|subject| subject.rule).collect();
    let Ok(found) = chains_beyond(limit.0, &all_rules, session) else {
        return vec![undecided(limit)];
    };
    let mut violations = Vec::new();
    for chain in &found.chains {
        let chain: Vec<RuleSubject<'a>> = chain.iter().map(|rule| view.subjects[*rule]).collect();
        if let Some(last) = chain.last()
            && matches_all(rules.globs, view, *last, session)
        {
            violations.push(violation(limit, view, &chain, *last));
        }
    }
    if found.may_lack_some {
        violations.push(undecided(limit));
    }
    violations
}

/// Returns the violation of a chain, which names its last rule.
fn violation<'a>(
    limit: &MaxHops,
    view: &View<'a>,
    chain: &[RuleSubject<'a>],
    last: RuleSubject<'a>,
) -> PolicyViolation<'a> {
    let first = chain.first().unwrap_or(&last);
    let mut locations = vec![view.aliases.end(&first.rule.source)];
    let mut names = Vec::new();
    for subject in chain {
        locations.push(view.aliases.end(&subject.rule.target));
        names.push(subject.rule.name.to_string());
    }
    PolicyViolation {
        subject: ViolationSubject::Rule(last),
        field: None,
        message: describe_chain(view.describe(last), &locations, &names, limit),
        help: Message::hops_help(),
        content: names,
    }
}

/// Describes a chain, of which `rule` is the last one.
fn describe_chain(
    rule: Message,
    locations: &[String],
    names: &[String],
    limit: &MaxHops,
) -> Message {
    let over: Vec<Message> = names.iter().map(Message::quoted).collect();
    Message::too_many_hops(rule, names.len(), locations.join(" -> "), over, limit.0)
}

fn undecided<'a>(limit: &MaxHops) -> PolicyViolation<'a> {
    PolicyViolation {
        subject: ViolationSubject::Everything,
        field: None,
        message: Message::chains_undecided(limit.0),
        help: Message::name_namespaces_help(),
        content: Vec::new(),
    }
}
