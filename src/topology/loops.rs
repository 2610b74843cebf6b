//! `topology/sync-loop`: images that come back to where they set out, and set out again.
//!
//! Only rules that run by themselves make a loop: at a manual one, an image stops. The search goes
//! from each route that leads in circles, breadth first, so the first loop found is a shortest one over it. Every
//! such route is in a loop that is reported, or in none, or in one that was not found within the bounds, which is reported.

use rustc_hash::FxHashSet;

use super::analysis::{Analysis, Detection, Evidence};
use super::flow::ImageSet;
use super::rule_graph::SideSet;
use super::scc::Components;
use crate::finding::Code;

/// How many routes are tried from one route on.
const MAX_TRIED: usize = 20_000;
/// How many routes are tried altogether, on each side.
const MAX_TRIED_IN_ALL: usize = 2_000_000;

/// Where a search has come to.
struct Step {
    route: usize,
    /// What has been delivered by the route.
    images: ImageSet,
    /// The step before: an index into the steps; its own where there is none.
    before: usize,
}

/// Looks for loops on one side.
pub(super) fn find(analysis: &mut Analysis<'_, '_>, components: &Components, side: SideSet) {
    let mut reported: FxHashSet<usize> = FxHashSet::default();
    let known = analysis
        .found
        .iter()
        .filter(|it| it.code == Code::SyncLoop && it.sides.includes(side));
    reported.extend(known.flat_map(|it| &it.routes));
    let mut left = MAX_TRIED_IN_ALL;
    for start in 0..analysis.network.routes.len() {
        if components.cycle_id(start).is_none() || reported.contains(&start) {
            continue;
        }
        let mut search = Search {
            analysis,
            components,
            side,
            start,
            steps: Vec::new(),
            left: left.min(MAX_TRIED),
        };
        let before = search.left;
        let (found, gave_up) = (search.run(), search.left == 0);
        left -= before - search.left;
        match found {
            Some((routes, images)) => {
                reported.extend(&routes);
                let detection = loop_of(analysis, &routes, images);
                analysis.found.push(detection);
            }
            None if gave_up => analysis.mark_incomplete(Code::SyncLoop, side),
            None => {}
        }
    }
}

/// A loop is reported from its first route on: where it was come across is no part of it.
fn loop_of(analysis: &mut Analysis<'_, '_>, routes: &[usize], images: ImageSet) -> Detection {
    let turned = |by: usize| [&routes[by..], &routes[..by]].concat();
    let by = (0..routes.len())
        .min_by_key(|by| turned(*by))
        .unwrap_or_default();
    let evidence = match analysis.evidence(images) {
        Evidence::Image(image) => Evidence::Image(routes[..by].iter().fold(image, |image, it| {
            image.carried(&analysis.network.route(*it).rule.target)
        })),
        evidence => evidence,
    };
    Detection {
        code: Code::SyncLoop,
        routes: turned(by),
        sides: analysis.sides_of(routes),
        evidence,
    }
}

struct Search<'s, 'n, 'a> {
    analysis: &'s mut Analysis<'n, 'a>,
    components: &'s Components,
    side: SideSet,
    start: usize,
    steps: Vec<Step>,
    left: usize,
}

impl Search<'_, '_, '_> {
    /// The shortest loop over the route to begin with; one of which that is certain, where there is one.
    fn run(&mut self) -> Option<(Vec<usize>, ImageSet)> {
        let network = self.analysis.network;
        let first = network.route(self.start);
        let images = self.analysis.image_sets[self.start]?.project_to_target(first);
        self.steps.push(Step {
            route: self.start,
            images,
            before: 0,
        });
        let (mut known, mut doubtful) = (FxHashSet::default(), None);
        let mut at = 0;
        while at < self.steps.len() {
            let arrived = self.steps[at].images;
            for next in network.starts.candidates(arrived.at) {
                if self.left == 0 || self.analysis.filters.is_exhausted() {
                    self.left = 0;
                    return doubtful;
                }
                self.left -= 1;
                if next == self.start
                    && let Some(all_round) = arrived.close_cycle(&mut self.analysis.filters)
                {
                    let found = Some((self.way(at), all_round));
                    if all_round.doubt.is_none() {
                        return found;
                    }
                    doubtful = doubtful.or(found);
                }
                if let Some(images) = self.goes_on(arrived, next)
                    && known.insert((next, images))
                {
                    self.steps.push(Step {
                        route: next,
                        images,
                        before: at,
                    });
                }
            }
            at += 1;
        }
        doubtful
    }

    /// What a route of the same component and side delivers of what has arrived.
    fn goes_on(&mut self, arrived: ImageSet, next: usize) -> Option<ImageSet> {
        let route = self.analysis.network.route(next);
        let same = self.components.cycle_id(next) == self.components.cycle_id(self.start);
        if !same || !route.sides.includes(self.side) {
            return None;
        }
        Some(
            arrived
                .restrict_to_source(route, &mut self.analysis.filters)?
                .project_to_target(route),
        )
    }

    /// The routes up to a step.
    fn way(&self, last: usize) -> Vec<usize> {
        let before = |at: &usize| (self.steps[*at].before != *at).then_some(self.steps[*at].before);
        let mut routes: Vec<usize> = std::iter::successors(Some(last), before)
            .map(|at| self.steps[at].route)
            .collect();
        routes.reverse();
        routes
    }
}
