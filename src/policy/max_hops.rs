//! `max-hops`: images do not travel over long chains of rules.
//!
//! A chain goes on where a rule's target is, or may be, what the next rule copies from: the same instance, and the
//! same namespace and repository wherever both name them. Filters are not looked at, so a chain counts even if no tag
//! passes all of its filters; nor is the trigger, since a person may start each rule. Both err on the side of a finding.
//! A chain visits no place twice: what comes back to a place is a loop, which `topology/sync-loop` reports.

use filter_language::Session;

use super::Globs;
use super::view::{Subject, View};
use super::violation::{Violation, ViolationSubject};
use crate::model::SyncRule;
use crate::topology::chains_beyond;

/// The most rules that an image may travel over, one after the other.
#[derive(Debug)]
pub struct MaxHops(pub u8);

impl MaxHops {
    pub(super) fn violations<'a>(
        &self,
        view: &View<'a>,
        globs: &Globs,
        session: &mut Session,
    ) -> Vec<Violation<'a>> {
        let subjects = sorted(&view.subjects);
        let rules: Vec<&SyncRule> = subjects.iter().map(|subject| subject.rule).collect();
        let Ok(found) = chains_beyond(self.0, &rules, session) else {
            return vec![self.undecided()];
        };
        let mut violations = Vec::new();
        for chain in &found.chains {
            let chain: Vec<Subject<'a>> = chain.iter().map(|rule| subjects[*rule]).collect();
            if let Some(last) = chain.last()
                && globs.includes(view, *last, session)
            {
                violations.push(self.violation(view, &chain));
            }
        }
        if found.may_lack_some {
            violations.push(self.undecided());
        }
        violations
    }

    /// What there is to say of a chain that is too long, from its beginning.
    fn violation<'a>(&self, view: &View<'a>, chain: &[Subject<'a>]) -> Violation<'a> {
        let [first, .., last] = chain else {
            return self.undecided();
        };
        let path: Vec<String> = std::iter::once(view.aliases.end(&first.rule.source))
            .chain(chain.iter().map(|it| view.aliases.end(&it.rule.target)))
            .collect();
        let names: Vec<&str> = chain.iter().map(|it| it.rule.name.as_str()).collect();
        Violation {
            about: ViolationSubject::Rule(*last),
            field: None,
            message: format!(
                "{} is hop {} of {} (over \"{}\"), expected at most {}",
                view.describe(*last),
                chain.len(),
                path.join(" -> "),
                names.join("\", \""),
                self.0,
            ),
            help: "copy directly from the first instance, or break the chain".to_owned(),
            content: names.into_iter().map(str::to_owned).collect(),
        }
    }

    fn undecided<'a>(&self) -> Violation<'a> {
        Violation {
            about: ViolationSubject::Everything,
            field: None,
            message: format!(
                "could not determine whether any chain is longer than {}: the rules form too many chains",
                self.0
            ),
            help: "name namespaces in some of the rules that cover whole instances".to_owned(),
            content: Vec::new(),
        }
    }
}

/// Returns the rules in an order that does not depend on that of a listing, which the API does not guarantee.
fn sorted<'a>(subjects: &[Subject<'a>]) -> Vec<Subject<'a>> {
    let mut sorted = subjects.to_vec();
    let key = |it: &Subject<'a>| (&it.rule.source.instance, &it.rule.name);
    sorted.sort_unstable_by(|one, other| {
        key(one)
            .cmp(&key(other))
            .then_with(|| one.rule.fields().cmp(&other.rule.fields()))
    });
    sorted
}
