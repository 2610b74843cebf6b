//! Examples of a policy: rules that it should let pass, and rules that it should not.

use filter_language::Session;

use super::evaluation::EvaluationTracker;
use super::view::View;
use super::{AppliesTo, Policy, Side};
use crate::finding::Finding;
use crate::model::{DesiredRule, DesiredState, Instance, Selection};
use crate::source::Place;

/// Rules that show what a policy means.
#[derive(Debug)]
pub struct Example {
    /// The rules, as if there were no others.
    pub rules: Vec<DesiredRule>,
    /// What the policy should say of them.
    pub expect: Expectation,
    /// Where it is written.
    pub place: Place,
}

/// What a policy should say of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expectation {
    /// Nothing.
    Pass,
    /// Something.
    Fail,
}

/// An example that was tried.
#[derive(Debug)]
pub struct ExampleResult<'a> {
    /// The example.
    pub example: &'a Example,
    /// What the policy says of it.
    pub findings: Vec<Finding>,
}

impl ExampleResult<'_> {
    /// Whether the policy says what it should.
    #[must_use]
    pub fn as_expected(&self) -> bool {
        self.findings.is_empty() == (self.example.expect == Expectation::Pass)
    }
}

/// Checks a policy against each of its examples, as if its rules were found on the side the policy is about: declared
/// ones where it is about both.
#[must_use]
pub fn try_examples<'a>(
    policy: &'a Policy,
    instances: &[Instance],
    session: &mut Session,
) -> Vec<ExampleResult<'a>> {
    let side = if policy.applies_to == AppliesTo::Live {
        Side::Live
    } else {
        Side::Desired
    };
    let tried = policy.examples.iter().map(|example| {
        let rules = example.rules.clone();
        let state = DesiredState {
            instances: instances.to_vec(),
            rules,
            ..DesiredState::default()
        };
        let view = View::example(side, &state);
        let everything = Selection::default();
        let violations =
            policy.violations(&view, &mut EvaluationTracker::new(0, &everything), session);
        ExampleResult {
            example,
            findings: violations
                .into_iter()
                .map(|it| it.into_finding(policy, &view))
                .collect(),
        }
    });
    tried.collect()
}
