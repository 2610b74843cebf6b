//! Rules that meet in an image: `topology/fan-in`, `topology/overlap`, `topology/shadowed-rule`; and
//! `topology/self-sync`, a rule that meets itself.
//!
//! Two rules meet where one image, under one name, is copied by both to one place. If it comes from one place, one of
//! the two is work done twice; if it comes from two, whichever ran last determines the image of the name. A pair
//! is reported if it shows of one of its rules that it meets another: a hundred rules into one place are ninety-nine
//! findings and not five thousand.
//!
//! Rules are looked up by place and by the beginning that their filter insists on, so that rules which could never
//! meet are never held against each other.

use filter_language::NameKind;
use rustc_hash::FxHashMap;

use super::analysis::{Analysis, Detection, Evidence};
use super::filters::{Decision, beginning};
use super::flow::ImageSet;
use super::location::{LocationKey, NAMESPACE, REPO, compatible, unify};
use super::rule_graph::{RuleEdge, SideSet};
use crate::finding::Code;

/// How many pairs are held against each other before giving up.
const MAX_PAIRS: usize = 5_000_000;
/// The same, with those of which both rules have been reported already.
const MAX_LOOKS: usize = 50_000_000;

/// Finds the rules whose target is their source.
pub(super) fn find_self_syncs(analysis: &mut Analysis<'_, '_>) {
    let network = analysis.network;
    for (at, route) in network.routes.iter().enumerate() {
        if !route.hop.is_self_loop() {
            continue;
        }
        // It is wrong, even if no filter lets anything through.
        let images = analysis.image_sets[at].filter(|it| it.doubt.is_none());
        let evidence = images.map_or(Evidence::Names, |images| analysis.evidence(images));
        analysis.found.push(Detection {
            code: Code::SelfSync,
            routes: vec![at],
            sides: route.sides,
            evidence,
        });
    }
}

/// Finds the rules that copy from one place to one place.
pub(super) fn find_overlaps(analysis: &mut Analysis<'_, '_>) {
    let index = Index::new(analysis, |route| (route.hop.from, route.hop.to[0]));
    find(analysis, &index, Code::Overlap, overlap);
}

/// Finds the rules that copy from two places to one.
pub(super) fn find_fan_in(analysis: &mut Analysis<'_, '_>) {
    let index = Index::new(analysis, |route| (route.hop.carry(route.hop.from), 0));
    find(analysis, &index, Code::FanIn, fan_in);
}

/// How many bytes of a beginning rules are looked up by.
const MAX_BEGINNING: usize = 64;

/// What is found of two rules, of which the first carries such images.
type PairCheck = fn(&mut Analysis<'_, '_>, ImageSet, [usize; 2]) -> Option<Detection>;

fn find(analysis: &mut Analysis<'_, '_>, index: &Index<'_>, code: Code, meet: PairCheck) {
    let network = analysis.network;
    let mut open: Vec<SideSet> = network.routes.iter().map(|it| it.sides).collect();
    let mut doubted = vec![false; open.len()];
    let (mut pairs, mut looks) = (0, 0);
    let in_doubt: Vec<bool> = analysis
        .image_sets
        .iter()
        .map(|it| it.is_none_or(|it| it.doubt.is_some()))
        .collect();
    for at in (0..network.routes.len()).filter(|at| !network.routes[*at].hop.is_self_loop()) {
        let passed = index.candidates(at, |other| {
            looks += 1;
            if analysis.filters.is_exhausted() {
                return false;
            }
            let shared = network.routes[at].sides.and(network.routes[other].sides);
            let new = shared.and(open[at].or(open[other]));
            // Of two rules that have both been doubted there is no more to find if one of them always is in doubt.
            if new.is_none() || doubted[at] && doubted[other] && (in_doubt[at] || in_doubt[other]) {
                return looks < MAX_LOOKS;
            }
            let (one, other_one) = (at.min(other), at.max(other));
            let (Some(images), Some(_)) =
                (analysis.image_sets[one], analysis.image_sets[other_one])
            else {
                return true;
            };
            pairs += 1;
            if let Some(found) = meet(analysis, images, [one, other_one]) {
                // What is not certain does not stop the search for what is.
                if matches!(found.evidence, Evidence::Doubt(_)) {
                    if !doubted[at] || !doubted[other] {
                        analysis.found.push(Detection {
                            sides: found.sides.and(new),
                            ..found
                        });
                    }
                    (doubted[at], doubted[other]) = (true, true);
                } else {
                    let sides = found.sides.and(new);
                    for it in [at, other] {
                        open[it] = open[it].without(sides);
                    }
                    analysis.found.push(Detection { sides, ..found });
                }
            }
            pairs < MAX_PAIRS && looks < MAX_LOOKS
        });
        if !passed {
            analysis.mark_incomplete(code, network.routes[at].sides);
            break;
        }
    }
}

/// The images that two rules copy to one place, of those that the first one carries; and that place.
fn common(
    analysis: &mut Analysis<'_, '_>,
    images: ImageSet,
    one: &RuleEdge<'_>,
    other: &RuleEdge<'_>,
) -> Option<(LocationKey, ImageSet)> {
    let [target, second] = [one, other].map(|it| it.hop.carry(it.hop.from));
    if !compatible(target, second) {
        return None;
    }
    let target = unify(target, second);
    let images = images.intersect_at(one, other, target, &mut analysis.filters)?;
    Some((target, images))
}

/// Where a rule takes what it leaves at a place.
fn origin(route: &RuleEdge<'_>, target: LocationKey) -> LocationKey {
    let taken = |axis: usize| {
        if route.hop.to[axis] == 0 {
            target[axis]
        } else {
            route.hop.from[axis]
        }
    };
    [route.hop.from[0], taken(NAMESPACE), taken(REPO)]
}

fn fan_in(
    analysis: &mut Analysis<'_, '_>,
    images: ImageSet,
    routes: [usize; 2],
) -> Option<Detection> {
    let [first, second] = routes.map(|it| &analysis.network.routes[it]);
    // A cheap look first: rules that leave from the same place hardly ever arrive from two.
    let [target, arrived] = [first, second].map(|it| it.hop.carry(it.hop.from));
    if !compatible(target, arrived) {
        return None;
    }
    let target = unify(target, arrived);
    if origin(first, target) == origin(second, target) {
        return None;
    }
    let (_, images) = common(analysis, images, first, second)?;
    let (routes, evidence) = (routes.to_vec(), analysis.evidence(images));
    Some(Detection {
        code: Code::FanIn,
        sides: analysis.sides_of(&routes),
        routes,
        evidence,
    })
}

/// Two rules that are started alike, from one place to one place. Where one is automatic and the other is not, the
/// second is there for what was pushed before the first, and is intended.
fn overlap(
    analysis: &mut Analysis<'_, '_>,
    images: ImageSet,
    routes: [usize; 2],
) -> Option<Detection> {
    let [first, second] = routes.map(|it| &analysis.network.routes[it]);
    if first.rule.trigger != second.rule.trigger || !compatible(first.hop.from, second.hop.from) {
        return None;
    }
    let (target, images) = common(analysis, images, first, second)?;
    let [one, other] = routes;
    if origin(first, target) != origin(second, target) {
        return None;
    }
    let evidence = analysis.evidence(images);
    let (code, routes) = if is_covered(analysis, second, first) == Ok(true) {
        (Code::ShadowedRule, [other, one])
    } else if is_covered(analysis, first, second) == Ok(true) {
        (Code::ShadowedRule, [one, other])
    } else {
        (Code::Overlap, [one, other])
    };
    let routes = routes.to_vec();
    let sides = analysis.sides_of(&routes);
    // What the plan ends, a change of the plan tells: that one of the two is in no rules file, or is a duplicate.
    if sides == SideSet::LIVE {
        return None;
    }
    Some(Detection {
        code,
        routes,
        sides,
        evidence,
    })
}

/// Whether a rule copies everything that another one does, both being from one place to one place.
fn is_covered(
    analysis: &mut Analysis<'_, '_>,
    narrow: &RuleEdge<'_>,
    wide: &RuleEdge<'_>,
) -> Decision<bool> {
    let ends = [NAMESPACE, REPO].into_iter().all(|axis| {
        let same = wide.hop.from[axis] == narrow.hop.from[axis]
            && wide.hop.to[axis] == narrow.hop.to[axis];
        let wider = wide.hop.from[axis] == 0
            && wide.hop.to[axis] == 0
            && narrow.hop.from[axis] == narrow.hop.to[axis];
        same || wider
    });
    if !ends {
        return Ok(false);
    }
    for (axis, kind) in [
        (NAMESPACE, NameKind::Namespace),
        (REPO, NameKind::Repository),
    ] {
        let (wide_filter, narrow_filter) = (wide.filters[axis - 1], narrow.filters[axis - 1]);
        let covered = match (wide.hop.from[axis], narrow.hop.from[axis]) {
            (0, 0) => analysis.filters.covers(kind, wide_filter, narrow_filter)?,
            (0, name) => analysis.filters.matches(kind, wide_filter, name)?,
            _ => true,
        };
        if !covered {
            return Ok(false);
        }
    }
    analysis
        .filters
        .covers(NameKind::Tag, wide.filters[2], narrow.filters[2])
}

/// Rules by a place of each and, within one, by the beginning of the repositories they are about.
struct Index<'a> {
    places: FxHashMap<(LocationKey, u32), Vec<(&'a str, usize)>>,
    /// Of each rule, the place and the beginning.
    keys: Vec<((LocationKey, u32), &'a str)>,
}

impl<'a> Index<'a> {
    fn new(
        analysis: &Analysis<'_, 'a>,
        place: impl Fn(&RuleEdge<'_>) -> (LocationKey, u32),
    ) -> Self {
        let numbers = &analysis.network.numbers;
        let key = |route: &RuleEdge<'_>| {
            let place = place(route);
            let beginning = match place.0[REPO] {
                0 => beginning(numbers.text(route.filters[1])),
                repo => numbers.text(repo),
            };
            // Long names are hostile, and not worth a look at each of their beginnings.
            let short = (0..=MAX_BEGINNING)
                .rev()
                .find_map(|length| beginning.get(..length));
            (
                place,
                if beginning.len() > MAX_BEGINNING {
                    short.unwrap_or_default()
                } else {
                    beginning
                },
            )
        };
        let keys: Vec<_> = analysis.network.routes.iter().map(key).collect();
        let mut places: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for (at, (place, beginning)) in keys.iter().enumerate() {
            if !analysis.network.routes[at].hop.is_self_loop() {
                places.entry(*place).or_default().push((*beginning, at));
            }
        }
        for rules in places.values_mut() {
            rules.sort_unstable();
        }
        Self { places, keys }
    }

    /// Passes on the rules that may meet a rule, until that is enough, which is `false`: those around its place; of two
    /// at one place with one beginning, only the later one is passed the earlier one.
    fn candidates(&self, at: usize, mut pass: impl FnMut(usize) -> bool) -> bool {
        let (place, beginning) = self.keys[at];
        let ([instance, namespace, repo], more) = place;
        let rules = |spot: LocationKey| {
            self.places
                .get(&(spot, more))
                .map_or(&[][..], Vec::as_slice)
        };
        let own = rules(place.0);
        let earlier = equal(own, beginning).take_while(|it| *it < at);
        let wider = [
            [instance, 0, 0],
            [instance, 0, repo],
            [instance, namespace, 0],
        ];
        let is_first = |at: usize| wider[at] != place.0 && !wider[..at].contains(&wider[at]);
        let around = (0..wider.len()).filter(|at| is_first(*at)).flat_map(|at| {
            let rules = rules(wider[at]);
            let longer = from(rules, beginning)
                .take_while(|(it, _)| it.starts_with(beginning))
                .map(|it| it.1);
            shorter(rules, beginning).chain(longer)
        });
        earlier
            .chain(shorter(own, beginning))
            .chain(around)
            .all(&mut pass)
    }
}

/// The rules of the proper beginnings of a beginning, the shortest first. Few rules are looked at one by one.
fn shorter<'r>(
    rules: &'r [(&'r str, usize)],
    beginning: &'r str,
) -> impl Iterator<Item = usize> + 'r {
    let few = if rules.len() <= beginning.len() {
        rules
    } else {
        &[]
    };
    let lengths = if rules.len() <= beginning.len() {
        0..0
    } else {
        0..beginning.len()
    };
    let looked_up = lengths
        .filter_map(|length| beginning.get(..length))
        .flat_map(|it| equal(rules, it));
    let is_shorter =
        |it: &&(&str, usize)| it.0.len() < beginning.len() && beginning.starts_with(it.0);
    few.iter()
        .filter(is_shorter)
        .map(|it| it.1)
        .chain(looked_up)
}

/// The rules of this very beginning.
fn equal<'r>(
    rules: &'r [(&'r str, usize)],
    beginning: &'r str,
) -> impl Iterator<Item = usize> + 'r {
    from(rules, beginning)
        .take_while(move |(it, _)| *it == beginning)
        .map(|it| it.1)
}

/// The rules from a beginning on.
fn from<'r>(
    rules: &'r [(&'r str, usize)],
    beginning: &str,
) -> impl Iterator<Item = &'r (&'r str, usize)> + use<'r> {
    let start = rules.partition_point(|(it, _)| *it < beginning);
    rules.get(start..).unwrap_or_default().iter()
}
