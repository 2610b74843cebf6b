//! What many rules do together: loops, chains, rules that meet in one place, and the way of one image.
//!
//! The rules of all sides, declared, live, and what would be live once the plan is applied, are one [`Network`]: each
//! different rule is a [`Route`] from its source to its target, and knows which [`Sides`] it is on. [`findings`], the
//! one verb, tells what there is to tell of it, each thing once and on which sides it is so.
//!
//! Names and filters decide what travels on. A rule's images are a set: an instance, a namespace and a repository that
//! are named or left open, and filters that the open names and the tag have to match. Following a rule narrows the set
//! to what the rule copies, and an empty set goes nowhere: a loop whose filters have no tag in common is none. What is
//! told is shown with an image that really goes that way. Filters are read as having to match a whole name, as is
//! likely; whatever matches a whole name matches a part of it too, so what is found holds under either reading.
//!
//! That what a rule has copied starts the automatic rules of its target is likely and documented nowhere.
//!
//! Every search is bounded by counts, not by a clock, so that the same rules give the same findings everywhere; where
//! a bound is hit, or a filter is not understood, that is a finding.

mod cargo;
mod chains;
mod components;
mod filters;
#[cfg(test)]
mod laws;
mod loops;
mod meetings;
mod network;
mod spot;
mod survey;
#[cfg(test)]
mod tests;
mod told;
mod trace;

pub use chains::MAX_HOPS;
pub use network::{Network, Route, Sides};
pub use trace::{Leg, Outcome, Place, Reached, Stop, Trace, Traced, trace};

pub(crate) use chains::{Chains, Link, Step, TooMany};
pub(crate) use spot::{Hop, Numbers, Spot, Spots, both};

use filter_language::Session;

use self::components::{Components, Places};
use self::survey::Survey;
use crate::diff::Plan;
use crate::finding::Finding;
use crate::model::{DesiredState, LiveState, Selection};

/// What there is to tell of all rules together. `plan` is what would make live equal desired. Of what is found, that
/// is told which a selected rule has a part in.
#[must_use]
pub fn findings(
    desired: &DesiredState,
    live: &LiveState,
    plan: &Plan,
    selection: &Selection,
    session: &mut Session,
) -> Vec<Finding> {
    let network = Network::new(desired, live, plan);
    let mut survey = Survey::new(&network, session);
    search(&mut survey);
    told::findings(&survey, desired, live, selection)
}

fn search(survey: &mut Survey<'_, '_>) {
    meetings::find_self(survey);
    let places = Places::of(survey.network);
    for side in survey.sides.clone() {
        let components = Components::of(survey.network, &places, side);
        loops::find(survey, &components, side);
        chains::find(survey, &components, side);
    }
    meetings::find_overlaps(survey);
    meetings::find_fan_in(survey);
}
