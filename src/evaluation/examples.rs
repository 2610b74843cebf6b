//! The evaluation of the examples of a policy.

use filter_language::FilterSession;

use super::stats::SubjectCounter;
use super::view::View;
use super::violations;
use crate::finding::Finding;
use crate::model::{DesiredState, Instance, Selection};
use crate::policy::{AppliesTo, Example, ExampleExpectation, Policy, PolicySide};

/// The result of evaluating an example.
#[derive(Debug)]
pub struct ExampleResult<'a> {
    /// The example.
    pub example: &'a Example,
    /// The findings about its rules.
    pub findings: Vec<Finding>,
}

impl ExampleResult<'_> {
    /// Returns true if the example has the result that it expects.
    #[must_use]
    pub fn is_expected(&self) -> bool {
        match self.example.expect {
            ExampleExpectation::Pass => self.findings.is_empty(),
            ExampleExpectation::Fail => !self.findings.is_empty(),
        }
    }
}

/// Checks the rules of each example against its policy. They are rules of the side that the policy applies to: desired
/// ones where it applies to both.
#[must_use]
pub fn evaluate_examples<'a>(
    policy: &'a Policy,
    instances: &[Instance],
    session: &mut FilterSession,
) -> Vec<ExampleResult<'a>> {
    let side = match policy.applies_to {
        AppliesTo::Live => PolicySide::Live,
        AppliesTo::Desired | AppliesTo::Both => PolicySide::Desired,
    };
    let everything = Selection::default();
    let mut results = Vec::new();
    for example in &policy.examples {
        let state = DesiredState {
            instances: instances.to_vec(),
            rules: example.rules.clone(),
            ..DesiredState::default()
        };
        let mut view = View::from_desired(&state);
        view.side = side;
        let mut counter = SubjectCounter::new(0, &everything);
        let violations = violations(policy, &view, &mut counter, session);
        results.push(ExampleResult {
            example,
            findings: violations
                .into_iter()
                .map(|violation| violation.into_finding(policy, &view))
                .collect(),
        });
    }
    results
}
