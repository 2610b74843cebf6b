//! Examples of a policy: rules that pass, and rules that fail.

use crate::model::DesiredRule;
use crate::source::Place;

/// Rules that show the meaning of a policy.
#[derive(Debug)]
pub struct Example {
    /// The rules, which are checked without any others.
    pub rules: Vec<DesiredRule>,
    /// The result that they should have.
    pub expect: ExampleExpectation,
    /// The place in the rules file.
    pub place: Place,
}

/// The result that an example should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExampleExpectation {
    /// No finding.
    Pass,
    /// A finding.
    Fail,
}
