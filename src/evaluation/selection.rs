//! The rules that the globs of a policy select.

use std::borrow::Cow;

use filter_language::{FilterSession, NameKind, Undecided};

use super::filter::may_intersect;
use super::view::{RuleSubject, View, endpoint_names};
use crate::model::{Field, MATCH_ALL};
use crate::policy::{Glob, Globs};

/// Steps for selecting one rule, and for each of its globs.
const RULE_STEPS: u64 = 100;
pub(super) const GLOB_STEPS: u64 = 50;

/// The rules of one side that a policy selects.
#[derive(Debug)]
pub(super) struct SelectedRules<'v, 'a> {
    pub(super) view: &'v View<'a>,
    pub(super) globs: &'a Globs,
    pub(super) subjects: Cow<'v, [RuleSubject<'a>]>,
}

impl<'v, 'a> SelectedRules<'v, 'a> {
    /// Selects the rules of one side.
    ///
    /// # Errors
    ///
    /// Returns an error if the budget of the run is exhausted.
    pub(super) fn new(
        view: &'v View<'a>,
        globs: &'a Globs,
        session: &mut FilterSession,
    ) -> Result<Self, Undecided> {
        let steps_per_rule = RULE_STEPS + GLOB_STEPS * globs.0.len() as u64;
        session.charge_steps(steps_per_rule.saturating_mul(view.subjects.len() as u64))?;
        let subjects: Cow<'v, [RuleSubject<'a>]> = if globs.0.is_empty() {
            Cow::Borrowed(&view.subjects)
        } else {
            select(view, globs, session).collect()
        };
        Ok(Self {
            view,
            globs,
            subjects,
        })
    }

    /// Returns the selected rules.
    pub(super) fn iter(&self) -> impl Iterator<Item = RuleSubject<'a>> {
        self.subjects.iter().copied()
    }
}

/// Returns the rules of one side that match all globs.
pub(super) fn select<'a>(
    view: &View<'a>,
    globs: &Globs,
    session: &mut FilterSession,
) -> impl Iterator<Item = RuleSubject<'a>> {
    view.subjects
        .iter()
        .copied()
        .filter(move |subject| matches_all(globs, view, *subject, session))
}

/// Returns true if a rule matches all globs.
pub(super) fn matches_all(
    globs: &Globs,
    view: &View<'_>,
    subject: RuleSubject<'_>,
    session: &mut FilterSession,
) -> bool {
    globs
        .0
        .iter()
        .all(|glob| matches(glob, view, subject, session))
}

/// Returns true if a rule matches a glob. A rule that leaves a namespace or a repository open matches unless its filter
/// excludes every name of the glob, both as whole names and as searches: `platform-.*` may match
/// `customer-platform-1`, and `^platform-.*$` does not.
pub(super) fn matches(
    glob: &Glob,
    view: &View<'_>,
    subject: RuleSubject<'_>,
    session: &mut FilterSession,
) -> bool {
    let rule = subject.rule;
    let (source_namespace, source_repo) = endpoint_names(&rule.source);
    let (target_namespace, target_repo) = endpoint_names(&rule.target);
    let (name, kind) = match glob.field {
        Field::FromNamespace => (source_namespace, NameKind::Namespace),
        Field::ToNamespace => (target_namespace, NameKind::Namespace),
        Field::FromRepo => (source_repo, NameKind::Repository),
        Field::ToRepo => (target_repo, NameKind::Repository),
        Field::FromInstance => {
            let instance = view.aliases.name(rule.source.instance.as_str());
            return glob.pattern.matches(instance);
        }
        Field::ToInstance => {
            let instance = view.aliases.name(rule.target.instance.as_str());
            return glob.pattern.matches(instance);
        }
        _ => return glob.pattern.matches(rule.name.as_str()),
    };
    if let Some(name) = name {
        return glob.pattern.matches(name);
    }
    let filter = if kind == NameKind::Namespace {
        rule.scope.namespace_name_filter()
    } else {
        rule.scope.repo_name_filter()
    };
    may_intersect(session, filter.unwrap_or(MATCH_ALL), &glob.pattern, kind)
}
