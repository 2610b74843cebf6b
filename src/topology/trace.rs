//! The way of one image: which rules carry it where, declared and live, and why it stops where it stops.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use filter_language::{NameKind, PrefixMatch, Reading, Session, Undecided};
use rustc_hash::{FxHashMap, FxHashSet};

use super::flow::Image;
use super::location::compatible;
use super::rule_graph::{RuleEdge, RuleGraph, SideSet};
use crate::model::{Field, MATCH_ALL, SyncRule, Trigger};

/// How many places an image is followed to.
const MAX_PLACES: usize = 1_000;
/// Of how many filters that do not let it pass it is worked out how far they go along.
const MAX_EXPLAINED: usize = 500;

/// Everything that becomes of one image.
#[derive(Debug)]
pub struct Trace<'a> {
    /// The tag, which the image keeps.
    pub tag: String,
    /// The places it gets to; the first ones are where it sets out.
    pub places: Vec<Place<'a>>,
    /// How many of the places are where it sets out.
    pub starts: usize,
    /// Whether there are more places than it was followed to.
    pub is_cut: bool,
}

/// A place where the image is.
#[derive(Debug)]
pub struct Place<'a> {
    /// The instance's id.
    pub instance: &'a str,
    /// The namespace.
    pub namespace: String,
    /// The repository.
    pub repo: String,
    /// How it gets there as declared, and live.
    pub reached: [Option<Reached>; 2],
    /// What the rules do that are about this place: by name.
    pub legs: Vec<RuleStep<'a>>,
}

/// How an image gets to a place: on the shortest of the ways with the fewest manual rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    /// The number of manual rules of the way.
    pub manual: usize,
    /// How many rules the way has.
    pub hops: usize,
}

/// A rule at a place.
#[derive(Debug)]
pub struct RuleStep<'a> {
    /// The rule.
    pub rule: &'a SyncRule,
    /// On which sides it is.
    pub sides: SideSet,
    /// What it does with the image.
    pub outcome: Outcome<'a>,
}

/// What a rule does with an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// It carries it: an index into [`Trace::places`]; `None` where that is beyond the bound.
    Carries(Option<usize>),
    /// A filter does not let it pass.
    Stops(Stop<'a>),
    /// A filter that is not understood decides.
    Undecided(Field, &'a str, Undecided),
}

impl Outcome<'_> {
    /// Where the rule carries the image: an index into [`Trace::places`].
    #[must_use]
    pub const fn place(&self) -> Option<usize> {
        if let Self::Carries(to) = self {
            *to
        } else {
            None
        }
    }
}

/// A filter that does not let an image pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop<'a> {
    /// Which filter.
    pub field: Field,
    /// Its text.
    pub filter: &'a str,
    /// How far it goes along with the name; `None` where too many rules stop it to list this one.
    pub progress: Option<PrefixMatch>,
    /// Whether it would let the image pass if it were enough that a part of the name matches.
    pub matches_partially: bool,
}

/// An image to follow: its namespace, repository and tag.
#[derive(Debug, Clone, Copy)]
pub struct ImageRef<'t> {
    /// The namespace.
    pub namespace: &'t str,
    /// The repository.
    pub repo: &'t str,
    /// The tag.
    pub tag: &'t str,
}

/// Follows an image from some instances, or from all where a rule is about it that nothing brings there.
#[must_use]
pub fn trace<'a>(
    network: &'a RuleGraph<'a>,
    image: ImageRef<'_>,
    from: Option<&'a str>,
    session: &mut Session,
) -> Trace<'a> {
    let mut tracer = Tracer {
        network,
        tag: image.tag,
        session,
        places: Vec::new(),
        known: FxHashMap::default(),
        is_cut: false,
        explained: 0,
    };
    let starts = match from {
        Some(instance) => vec![instance],
        None => tracer.source_instances(image),
    };
    for instance in &starts {
        tracer.visit(instance, image.namespace.to_owned(), image.repo.to_owned());
    }
    tracer.follow();
    let starts = starts.len();
    let Tracer {
        mut places, is_cut, ..
    } = tracer;
    shortest_paths(&mut places, starts);
    for place in &mut places {
        let here = sides_of(place);
        place.legs.retain(|leg| !leg.sides.and(here).is_none());
    }
    Trace {
        tag: image.tag.to_owned(),
        places,
        starts,
        is_cut,
    }
}

/// The two sides that an image is followed on.
const FOLLOWED: [SideSet; 2] = [SideSet::DESIRED, SideSet::LIVE];

/// The sides on which the image gets to a place.
fn sides_of(place: &Place<'_>) -> SideSet {
    let reached = FOLLOWED
        .into_iter()
        .zip(place.reached)
        .filter(|(_, it)| it.is_some());
    reached.fold(SideSet::default(), |sides, (side, _)| sides.or(side))
}

struct Tracer<'a, 't> {
    session: &'t mut Session,
    network: &'a RuleGraph<'a>,
    tag: &'t str,
    places: Vec<Place<'a>>,
    known: FxHashMap<(&'a str, String, String), usize>,
    is_cut: bool,
    explained: usize,
}

impl<'a> Tracer<'a, '_> {
    /// The instances where a rule is about the image, without those to which it is carried from another of them. Of
    /// several that carry it to each other, the first.
    fn source_instances(&mut self, image: ImageRef<'_>) -> Vec<&'a str> {
        let mut instances: Vec<&'a str> = Vec::new();
        for route in &self.network.routes {
            let instance = route.rule.source.instance.as_str();
            let about = instances.last() != Some(&instance)
                && self.is_about(route, instance, image.namespace, image.repo);
            if about
                && !route
                    .sides
                    .and(SideSet::DESIRED.or(SideSet::LIVE))
                    .is_none()
            {
                instances.push(instance);
            }
        }
        let candidates: Vec<Option<usize>> = instances
            .iter()
            .map(|instance| self.visit(instance, image.namespace.to_owned(), image.repo.to_owned()))
            .collect();
        self.follow();
        let mut brought = FxHashSet::default();
        let mut beginnings: Vec<(&'a str, usize)> = Vec::new();
        for (instance, at) in instances.into_iter().zip(candidates) {
            let Some(at) = at.filter(|at| !brought.contains(at)) else {
                continue;
            };
            let onward = self.onward(at);
            // What was a beginning so far is none if this one brings the image there.
            beginnings.retain(|(_, before)| !onward.contains(before));
            beginnings.push((instance, at));
            brought.extend(onward);
        }
        (self.places, self.known, self.is_cut, self.explained) =
            (Vec::new(), FxHashMap::default(), false, 0);
        beginnings
            .into_iter()
            .map(|(instance, _)| instance)
            .collect()
    }

    /// The places to which an image is carried from one, over any number of rules.
    fn onward(&self, from: usize) -> FxHashSet<usize> {
        let mut known = FxHashSet::default();
        let mut open = vec![from];
        while let Some(place) = open.pop() {
            let next = self.places[place]
                .legs
                .iter()
                .filter_map(|leg| leg.outcome.place());
            open.extend(next.filter(|to| known.insert(*to)));
        }
        known
    }

    /// Whether a rule copies from a repository, as far as names tell.
    fn is_about(&self, route: &RuleEdge<'_>, instance: &str, namespace: &str, repo: &str) -> bool {
        let numbers = &self.network.numbers;
        compatible(
            route.hop.from,
            [instance, namespace, repo].map(|name| numbers.known(name)),
        )
    }

    /// A place, new or known; `None` where there are too many.
    fn visit(&mut self, instance: &'a str, namespace: String, repo: String) -> Option<usize> {
        let key = (instance, namespace, repo);
        if let Some(known) = self.known.get(&key) {
            return Some(*known);
        }
        if self.places.len() == MAX_PLACES {
            self.is_cut = true;
            return None;
        }
        self.known.insert(key.clone(), self.places.len());
        let (instance, namespace, repo) = key;
        self.places.push(Place {
            instance,
            namespace,
            repo,
            reached: [None; 2],
            legs: Vec::new(),
        });
        Some(self.places.len() - 1)
    }

    /// Finds what every rule does at every place that it gets to, on whichever side.
    fn follow(&mut self) {
        let mut at = 0;
        while at < self.places.len() {
            let Place {
                instance,
                namespace,
                repo,
                ..
            } = &self.places[at];
            let (instance, namespace, repo) = (*instance, namespace.clone(), repo.clone());
            let spot = [instance, &namespace, &repo].map(|name| self.network.numbers.known(name));
            let mut routes: Vec<usize> = self.network.starts.candidates(spot).collect();
            routes.sort_unstable();
            for route in routes {
                let route = &self.network.routes[route];
                let followed = route.sides.and(SideSet::DESIRED.or(SideSet::LIVE));
                if followed.is_none() || !compatible(route.hop.from, spot) {
                    continue;
                }
                let outcome = self.outcome(route.rule, &namespace, &repo);
                let outcome = match outcome {
                    Some(stopped) => stopped,
                    None => Outcome::Carries(self.carry(route.rule, &namespace, &repo)),
                };
                self.places[at].legs.push(RuleStep {
                    rule: route.rule,
                    sides: followed,
                    outcome,
                });
            }
            at += 1;
        }
    }

    fn carry(&mut self, rule: &'a SyncRule, namespace: &str, repo: &str) -> Option<usize> {
        let image = Image {
            namespace: namespace.into(),
            repo: repo.into(),
            tag: Box::default(),
        };
        let Image {
            namespace, repo, ..
        } = image.carried(&rule.target);
        self.visit(rule.target.instance.as_str(), namespace.into(), repo.into())
    }

    /// Why a rule does not carry an image, if it does not.
    fn outcome(&mut self, rule: &'a SyncRule, namespace: &str, repo: &str) -> Option<Outcome<'a>> {
        let filters = [
            (
                Field::NamespaceNameFilter,
                rule.scope.namespace_name_filter(),
                NameKind::Namespace,
                namespace,
            ),
            (
                Field::RepoNameFilter,
                rule.scope.repo_name_filter(),
                NameKind::Repository,
                repo,
            ),
            (
                Field::TagFilter,
                Some(&*rule.tag_filter),
                NameKind::Tag,
                self.tag,
            ),
        ];
        for (field, filter, kind, name) in filters {
            let Some(filter) = filter.filter(|filter| *filter != MATCH_ALL) else {
                continue;
            };
            match self.session.is_match(filter, name, kind, Reading::Whole) {
                Ok(true) => {}
                Ok(false) => {
                    let matches_partially =
                        self.session.is_match(filter, name, kind, Reading::Search) == Ok(true);
                    let progress = self.progress(filter, name, kind);
                    return Some(Outcome::Stops(Stop {
                        field,
                        filter,
                        progress,
                        matches_partially,
                    }));
                }
                Err(why) => return Some(Outcome::Undecided(field, filter, why)),
            }
        }
        None
    }

    fn progress(&mut self, filter: &str, name: &str, kind: NameKind) -> Option<PrefixMatch> {
        self.explained += 1;
        if self.explained > MAX_EXPLAINED {
            return None;
        }
        self.session
            .longest_prefix(filter, name, kind, Reading::Whole)
            .ok()
    }
}

/// Finds how the image gets to each place, on each side: the fewest rules by hand first, then the fewest rules.
fn shortest_paths(places: &mut [Place<'_>], starts: usize) {
    for (side, followed) in FOLLOWED.into_iter().enumerate() {
        let mut open: BinaryHeap<Reverse<(Reached, usize)>> = (0..starts.min(places.len()))
            .map(|at| Reverse((Reached { manual: 0, hops: 0 }, at)))
            .collect();
        while let Some(Reverse((reached, at))) = open.pop() {
            if places[at].reached[side].is_some() {
                continue;
            }
            places[at].reached[side] = Some(reached);
            for leg in places[at]
                .legs
                .iter()
                .filter(|leg| leg.sides.includes(followed))
            {
                if let Outcome::Carries(Some(to)) = leg.outcome {
                    let manual =
                        reached.manual + usize::from(leg.rule.trigger == Trigger::Initiative);
                    open.push(Reverse((
                        Reached {
                            manual,
                            hops: reached.hops + 1,
                        },
                        to,
                    )));
                }
            }
        }
    }
}
