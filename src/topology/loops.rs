//! `topology/sync-loop`: images that come back to where they set out, and set out again.
//!
//! Only rules that run by themselves make a loop: at one that somebody has to start, an image stops. The search goes
//! from each route that leads in circles, breadth first, so the first loop found is a shortest one over it. Every
//! such route is in a loop that is told, or in none, or in one that was not found within the bounds, which is told.

use rustc_hash::FxHashSet;

use super::cargo::Cargo;
use super::components::Components;
use super::network::Sides;
use super::survey::{Discovery, Proof, Survey};
use crate::finding::Code;

/// How many routes are tried from one route on.
const MAX_TRIED: usize = 20_000;
/// How many routes are tried altogether, on each side.
const MAX_TRIED_IN_ALL: usize = 2_000_000;

/// Where a search has come to.
struct Step {
    route: usize,
    /// What has been delivered by the route.
    cargo: Cargo,
    /// The step before: an index into the steps; its own where there is none.
    before: usize,
}

/// Looks for loops on one side.
pub(super) fn find(survey: &mut Survey<'_, '_>, components: &Components, side: Sides) {
    let mut told: FxHashSet<usize> = FxHashSet::default();
    let known = survey
        .found
        .iter()
        .filter(|it| it.code == Code::SyncLoop && it.sides.includes(side));
    told.extend(known.flat_map(|it| &it.routes));
    let mut left = MAX_TRIED_IN_ALL;
    for start in 0..survey.network.routes.len() {
        if components.circle(start).is_none() || told.contains(&start) {
            continue;
        }
        let mut search = Search {
            survey,
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
            Some((routes, cargo)) => {
                told.extend(&routes);
                let discovery = loop_of(survey, &routes, cargo);
                survey.found.push(discovery);
            }
            None if gave_up => survey.give_up(Code::SyncLoop, side),
            None => {}
        }
    }
}

/// A loop is told from its first route on: where it was come across is no part of it.
fn loop_of(survey: &mut Survey<'_, '_>, routes: &[usize], cargo: Cargo) -> Discovery {
    let turned = |by: usize| [&routes[by..], &routes[..by]].concat();
    let by = (0..routes.len())
        .min_by_key(|by| turned(*by))
        .unwrap_or_default();
    let proof = match survey.proof(cargo) {
        Proof::Image(image) => Proof::Image(routes[..by].iter().fold(image, |image, it| {
            image.carried(&survey.network.route(*it).rule.target)
        })),
        proof => proof,
    };
    Discovery {
        code: Code::SyncLoop,
        routes: turned(by),
        sides: survey.sides_of(routes),
        proof,
    }
}

struct Search<'s, 'n, 'a> {
    survey: &'s mut Survey<'n, 'a>,
    components: &'s Components,
    side: Sides,
    start: usize,
    steps: Vec<Step>,
    left: usize,
}

impl Search<'_, '_, '_> {
    /// The shortest loop over the route to begin with; one of which that is certain, where there is one.
    fn run(&mut self) -> Option<(Vec<usize>, Cargo)> {
        let network = self.survey.network;
        let first = network.route(self.start);
        let cargo = self.survey.cargos[self.start]?.delivered(first);
        self.steps.push(Step {
            route: self.start,
            cargo,
            before: 0,
        });
        let (mut known, mut doubtful) = (FxHashSet::default(), None);
        let mut at = 0;
        while at < self.steps.len() {
            let arrived = self.steps[at].cargo;
            for next in network.starts.around(arrived.at) {
                if self.left == 0 || self.survey.filters.is_exhausted() {
                    self.left = 0;
                    return doubtful;
                }
                self.left -= 1;
                if next == self.start
                    && let Some(all_round) = arrived.returned(&mut self.survey.filters)
                {
                    let found = Some((self.way(at), all_round));
                    if all_round.doubt.is_none() {
                        return found;
                    }
                    doubtful = doubtful.or(found);
                }
                if let Some(cargo) = self.goes_on(arrived, next)
                    && known.insert((next, cargo))
                {
                    self.steps.push(Step {
                        route: next,
                        cargo,
                        before: at,
                    });
                }
            }
            at += 1;
        }
        doubtful
    }

    /// What a route of the same component and side delivers of what has arrived.
    fn goes_on(&mut self, arrived: Cargo, next: usize) -> Option<Cargo> {
        let route = self.survey.network.route(next);
        let same = self.components.circle(next) == self.components.circle(self.start);
        if !same || !route.sides.includes(self.side) {
            return None;
        }
        Some(
            arrived
                .picked_up(route, &mut self.survey.filters)?
                .delivered(route),
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
