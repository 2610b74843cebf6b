//! What the searches share: the network, its filters, and what has been found so far.

use filter_language::Session;
use rustc_hash::FxHashMap;

use super::cargo::{Cargo, Image};
use super::filters::Filters;
use super::network::{Network, Sides};
use crate::finding::Code;

/// One thing that was found.
#[derive(Debug)]
pub(super) struct Discovery {
    pub(super) code: Code,
    /// The routes it is about, the one that is told first in front.
    pub(super) routes: Vec<usize>,
    pub(super) sides: Sides,
    pub(super) proof: Proof,
}

/// What shows that it is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Proof {
    /// An image, at the source of the first route.
    Image(Image),
    /// Names alone.
    Names,
    /// It may be so: why that is not known.
    Doubt(String),
}

/// What the searches share.
#[derive(Debug)]
pub(super) struct Survey<'n, 'a> {
    pub(super) network: &'n Network<'a>,
    pub(super) filters: Filters<'n>,
    /// Of each route: everything it copies, at its source; `None` where that is nothing.
    pub(super) cargos: Vec<Option<Cargo>>,
    pub(super) found: Vec<Discovery>,
    /// Where a search was given up, by what it looked for, and on which sides.
    pub(super) given_up: FxHashMap<Code, Sides>,
    /// The sides that are looked at one after the other: one that has the same routes as another is not.
    pub(super) sides: Vec<Sides>,
}

impl<'n, 'a> Survey<'n, 'a> {
    pub(super) fn new(network: &'n Network<'a>, session: &'n mut Session) -> Self {
        let mut sides: Vec<Sides> = Vec::new();
        for side in Sides::EACH {
            let same = |other: &Sides| {
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
        let cargos = network
            .routes
            .iter()
            .map(|it| Cargo::of(it, &mut filters))
            .collect();
        Self {
            network,
            filters,
            cargos,
            found: Vec::new(),
            given_up: FxHashMap::default(),
            sides,
        }
    }

    /// The sides that all of these routes are on.
    pub(super) fn sides_of(&self, routes: &[usize]) -> Sides {
        let all = Sides::DESIRED.or(Sides::LIVE).or(Sides::PLANNED);
        routes.iter().fold(all, |sides, route| {
            sides.and(self.network.route(*route).sides)
        })
    }

    /// What shows that there is such cargo.
    pub(super) fn proof(&mut self, cargo: Cargo) -> Proof {
        if let Some(why) = cargo.doubt {
            return Proof::Doubt(self.filters.doubt(why).to_owned());
        }
        let numbers = &self.network.numbers;
        let image = cargo.example(&mut self.filters, |name| numbers.text(name).into());
        image.map_or(Proof::Names, Proof::Image)
    }

    pub(super) fn give_up(&mut self, code: Code, side: Sides) {
        let sides = self.given_up.entry(code).or_default();
        *sides = sides.or(side);
    }
}
