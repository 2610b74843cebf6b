//! What the searches share: the network, its filters, and what has been found so far.

use filter_language::Session;
use rustc_hash::FxHashMap;

use super::filters::Filters;
use super::flow::{Image, ImageSet};
use super::rule_graph::{RuleGraph, SideSet};
use crate::finding::Code;

/// One thing that was found.
#[derive(Debug)]
pub(super) struct Detection {
    pub(super) code: Code,
    /// The routes it is about, the one that is reported first in front.
    pub(super) routes: Vec<usize>,
    pub(super) sides: SideSet,
    pub(super) evidence: Evidence,
}

/// What shows that it is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Evidence {
    /// An image, at the source of the first route.
    Image(Image),
    /// Names alone.
    Names,
    /// It may be so: why that is not known.
    Doubt(String),
}

/// What the searches share.
#[derive(Debug)]
pub(super) struct Analysis<'n, 'a> {
    pub(super) network: &'n RuleGraph<'a>,
    pub(super) filters: Filters<'n>,
    /// Of each route: everything it copies, at its source; `None` where that is nothing.
    pub(super) image_sets: Vec<Option<ImageSet>>,
    pub(super) found: Vec<Detection>,
    /// Where a search was given up, by what it looked for, and on which sides.
    pub(super) incomplete: FxHashMap<Code, SideSet>,
    /// The sides that are looked at one after the other: one that has the same routes as another is not.
    pub(super) sides: Vec<SideSet>,
}

impl<'n, 'a> Analysis<'n, 'a> {
    pub(super) fn new(network: &'n RuleGraph<'a>, session: &'n mut Session) -> Self {
        let mut sides: Vec<SideSet> = Vec::new();
        for side in SideSet::EACH {
            let same = |other: &SideSet| {
                network
                    .routes
                    .iter()
                    .all(|it| it.sides.includes(side) == it.sides.includes(*other))
            };
            if !sides.iter().any(same) {
                sides.push(side);
            }
        }
        let mut filters = Filters::new(&network.numbers, session);
        let image_sets = network
            .routes
            .iter()
            .map(|it| ImageSet::from_rule(it, &mut filters))
            .collect();
        Self {
            network,
            filters,
            image_sets,
            found: Vec::new(),
            incomplete: FxHashMap::default(),
            sides,
        }
    }

    /// The sides that all of these routes are on.
    pub(super) fn sides_of(&self, routes: &[usize]) -> SideSet {
        let all = SideSet::DESIRED.or(SideSet::LIVE).or(SideSet::PLANNED);
        routes.iter().fold(all, |sides, route| {
            sides.and(self.network.route(*route).sides)
        })
    }

    /// What shows that there is such images.
    pub(super) fn evidence(&mut self, images: ImageSet) -> Evidence {
        if let Some(why) = images.doubt {
            return Evidence::Doubt(self.filters.doubt(why).to_owned());
        }
        let numbers = &self.network.numbers;
        let image = images.example(&mut self.filters, |name| numbers.text(name).into());
        image.map_or(Evidence::Names, Evidence::Image)
    }

    pub(super) fn mark_incomplete(&mut self, code: Code, side: SideSet) {
        let sides = self.incomplete.entry(code).or_default();
        *sides = sides.or(side);
    }
}
