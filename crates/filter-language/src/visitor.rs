//! Visitors of the product automaton: one for each query.

use super::automaton::Residual;
use super::name_kind::NameKind;
use super::verdict::{ReadingComparison, Relation, UndecidedReason};

/// A visitor of the names that a [`ProductBfs`](super::product::ProductBfs) enumerates.
pub(super) trait ProductVisitor {
    /// Visits a name. `matches` holds the result of each automaton, and `name` spells the name.
    ///
    /// Names come in order of length, then of bytes; of the names that lead to the same states only the first is
    /// visited.
    fn visit(&mut self, matches: &[bool], name: &dyn Fn() -> String);

    /// Returns whether names beyond a node with these residuals are of interest.
    fn should_expand(&self, residuals: &[Residual]) -> bool;
}

/// A visitor that finds the first name that only the desired filter (the first automaton) matches, the first one that
/// only the live filter matches, and whether both match some name.
#[derive(Debug, Default)]
pub(super) struct DifferenceFinder {
    desired_only: Option<String>,
    live_only: Option<String>,
    has_common: bool,
}

/// A visitor that finds the first name that every filter matches.
#[derive(Debug, Default)]
pub(super) struct IntersectionFinder {
    pub(super) name: Option<String>,
}

/// The share of all possible names that a filter matches: all, some or none, each with a witness.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// The first name that the filter matches; `None` if it matches no name.
    pub matched: Option<String>,
    /// The first name that the filter does not match; `None` if it matches every name.
    pub unmatched: Option<String>,
}

impl DifferenceFinder {
    /// Returns the relation that the visited names prove. Two filters that both match no name are undecided: they agree
    /// on every name, but no name shows that they have the same meaning.
    pub(super) fn into_comparison(self, kind: NameKind) -> ReadingComparison {
        let relation = match (&self.desired_only, &self.live_only) {
            (None, None) if self.has_common => Relation::Equal,
            (None, None) => {
                return ReadingComparison::undecided(UndecidedReason::NoName(kind));
            }
            (None, Some(_)) => Relation::Wider,
            (Some(_), None) => Relation::Narrower,
            (Some(_), Some(_)) if self.has_common => Relation::Overlapping,
            (Some(_), Some(_)) => Relation::Disjoint,
        };
        ReadingComparison {
            relation,
            desired_only: self.desired_only,
            live_only: self.live_only,
            reason: None,
        }
    }
}

impl ProductVisitor for DifferenceFinder {
    fn visit(&mut self, matches: &[bool], name: &dyn Fn() -> String) {
        match matches {
            [true, true] => self.has_common = true,
            [true, false] => {
                self.desired_only.get_or_insert_with(name);
            }
            [false, true] => {
                self.live_only.get_or_insert_with(name);
            }
            _ => {}
        }
    }

    fn should_expand(&self, residuals: &[Residual]) -> bool {
        let [desired, live] = residuals else {
            return false;
        };
        let desired_can_match = *desired != Residual::Empty;
        let live_can_match = *live != Residual::Empty;
        let wants_desired_only = self.desired_only.is_none();
        let wants_live_only = self.live_only.is_none();
        (wants_desired_only && desired_can_match && *live != Residual::Universal)
            || (wants_live_only && live_can_match && *desired != Residual::Universal)
            || (!self.has_common && desired_can_match && live_can_match)
    }
}

impl ProductVisitor for IntersectionFinder {
    fn visit(&mut self, matches: &[bool], name: &dyn Fn() -> String) {
        if matches.iter().all(|matches| *matches) {
            self.name.get_or_insert_with(name);
        }
    }

    fn should_expand(&self, residuals: &[Residual]) -> bool {
        self.name.is_none() && !residuals.contains(&Residual::Empty)
    }
}

impl ProductVisitor for Coverage {
    fn visit(&mut self, matches: &[bool], name: &dyn Fn() -> String) {
        let side = if matches == [true] {
            &mut self.matched
        } else {
            &mut self.unmatched
        };
        side.get_or_insert_with(name);
    }

    fn should_expand(&self, residuals: &[Residual]) -> bool {
        (self.matched.is_none() && !residuals.contains(&Residual::Empty))
            || (self.unmatched.is_none() && !residuals.contains(&Residual::Universal))
    }
}
