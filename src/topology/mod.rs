//! Conditions of many rules together: loops, chains, conflicts, and the way of one image.
//!
//! The rules of all sides, desired, live, and live after the plan is applied, form one [`RuleGraph`]: each different
//! rule is an edge from its source to its target, with the [`SideSet`] that has it. [`findings()`] searches the graph and
//! reports each result once, with its sides.
//!
//! Names and filters decide which images a rule copies. Such a set of images is symbolic: an instance, a namespace and
//! a repository that are named or open, and the filters that the open names and the tag have to match. Following a rule
//! narrows the set to the images that the rule copies. The empty set ends the search: rules whose filters have no tag in
//! common form no loop. Every finding has an image as evidence that goes this way. Filters are read as matching whole
//! names, which is likely the dialect of the API; a filter that matches a whole name finds it as a search too, so the
//! evidence holds under either reading.
//!
//! An image that a rule has copied triggers the automatic rules of its target. This is likely, and not documented.
//!
//! Counts bound every search, not a clock, so that the same rules give the same findings everywhere. A search that hits
//! a bound, and a filter that is undecided, is a finding.

mod analysis;
mod chains;
mod components;
mod conflict_index;
mod conflicts;
mod filters;
mod findings;
mod flow;
mod interner;
mod location;
mod long_chains;
mod loops;
mod merge;
mod name_chains;
#[cfg(test)]
mod proptests;
mod rule_graph;
#[cfg(test)]
mod tests;
mod trace;
mod tracer;

pub use chains::TooManyChains;
pub use long_chains::MAX_HOPS;
pub use name_chains::{NameChains, chains_beyond};
pub use rule_graph::{RuleGraph, SideSet};
pub use trace::{
    FilterMismatch, ImageRef, PathLength, RuleStep, StepOutcome, Trace, TracePlace, trace,
};

use filter_language::FilterSession;

use self::analysis::Analysis;
use self::components::{Components, NodeTable};
use crate::diff::Plan;
use crate::finding::Finding;
use crate::model::{DesiredState, LiveState};
use crate::parallel::{MIN_RULES, join};

/// Returns the findings about all rules together that involve a selected rule. `plan` is the plan from live to desired.
#[must_use]
pub fn findings(
    desired: &DesiredState,
    live: &LiveState,
    plan: &Plan,
    session: &mut FilterSession,
) -> Vec<Finding> {
    let graph = RuleGraph::new(desired, live, plan);
    let mut analysis = Analysis::new(&graph, session);
    search(&mut analysis);
    findings::findings(analysis, desired, live)
}

fn search(analysis: &mut Analysis<'_, '_>) {
    let graph = analysis.graph;
    let index_conflicts = || {
        [
            conflicts::index_overlaps(graph),
            conflicts::index_fan_in(graph),
        ]
    };
    let search_ways = || {
        conflicts::find_self_syncs(analysis);
        let nodes = NodeTable::new(graph);
        for side in analysis.sides.clone() {
            let components = Components::new(graph, &nodes, side);
            loops::find(analysis, &components, side);
            long_chains::find(analysis, &components, side);
        }
    };
    let is_large = graph.edges.len() >= MIN_RULES;
    let ([overlaps, fan_in], ()) = join(is_large, index_conflicts, search_ways);
    conflicts::find_overlaps(analysis, &overlaps);
    conflicts::find_fan_in(analysis, &fan_in);
}
