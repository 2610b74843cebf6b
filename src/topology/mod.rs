//! What many rules do together: loops, chains, rules that meet in one place, and the way of one image.
//!
//! The rules of all sides, declared, live, and what would be live once the plan is applied, are one [`RuleGraph`]: each
//! different rule is a [`RuleEdge`] from its source to its target, and knows which [`SideSet`] it is on. [`findings()`], the
//! one verb, tells what there is to tell of it, each thing once and on which sides it is so.
//!
//! Names and filters decide what travels on. A rule's images are a set: an instance, a namespace and a repository that
//! are named or left open, and filters that the open names and the tag have to match. Following a rule narrows the set
//! to what the rule copies, and an empty set goes nowhere: a loop whose filters have no tag in common is none. What is
//! reported is shown with an image that really goes that way. Filters are read as having to match a whole name, as is
//! likely; whatever matches a whole name matches a part of it too, so what is found holds under either reading.
//!
//! That what a rule has copied starts the automatic rules of its target is likely and documented nowhere.
//!
//! Every search is bounded by counts, not by a clock, so that the same rules give the same findings everywhere; where
//! a bound is hit, or a filter is not understood, that is a finding.

mod analysis;
mod chains;
mod conflicts;
mod filters;
mod findings;
mod flow;
mod location;
mod loops;
#[cfg(test)]
mod proptests;
mod rule_graph;
mod scc;
#[cfg(test)]
mod tests;
mod trace;

pub use chains::MAX_HOPS;
pub use rule_graph::{RuleEdge, RuleGraph, SideSet};
pub use trace::{ImageRef, Outcome, Place, Reached, RuleStep, Stop, Trace, trace};

pub(crate) use chains::{Chains, Link, Step, TooMany};
pub(crate) use location::{Hop, Interner, LocationIndex, LocationKey, unify};

use filter_language::Session;

use self::analysis::Analysis;
use self::scc::{Components, NodeTable};
use crate::diff::Plan;
use crate::finding::Finding;
use crate::model::{DesiredState, LiveState};

/// What there is to tell of all rules together. `plan` is what would make live equal desired. Of what is found, that
/// is reported which a selected rule has a part in.
#[must_use]
pub fn findings(
    desired: &DesiredState,
    live: &LiveState,
    plan: &Plan,
    session: &mut Session,
) -> Vec<Finding> {
    let network = RuleGraph::new(desired, live, plan);
    let mut analysis = Analysis::new(&network, session);
    search(&mut analysis);
    findings::findings(&analysis, desired, live)
}

fn search(analysis: &mut Analysis<'_, '_>) {
    conflicts::find_self_syncs(analysis);
    let places = NodeTable::new(analysis.network);
    for side in analysis.sides.clone() {
        let components = Components::new(analysis.network, &places, side);
        loops::find(analysis, &components, side);
        chains::find(analysis, &components, side);
    }
    conflicts::find_overlaps(analysis);
    conflicts::find_fan_in(analysis);
}
