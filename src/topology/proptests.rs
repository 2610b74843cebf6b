//! Properties of [`super::findings`], checked against a search that follows every image.

use std::collections::BTreeSet;

use filter_language::{CompiledFilter, FilterSession, NameKind, Reading};
use proptest::prelude::*;
use rustc_hash::FxHashSet;

use super::analysis::{Analysis, Detection, DetectionEvidence};
use super::flow::Image;
use super::tests::{INSTANCES, desired, live, rule};
use super::{MAX_HOPS, RuleGraph, findings, search};
use crate::diff::diff;
use crate::finding::Code;
use crate::model::{MATCH_ALL, SyncRule, Trigger};

/// An image at a location: instance, namespace, repository and tag.
type At = (&'static str, &'static str, &'static str, &'static str);

const NAMESPACES: [&str; 3] = ["nn", "mm", "team"];
const REPOS: [&str; 3] = ["x", "y", "app"];
const TAGS: [&str; 4] = ["v", "w", "v1.2.3", "latest"];

/// Rules over a vocabulary so small that they are often in conflict. Filters that have a name in common have one of
/// the names above in common.
fn any_rules() -> impl Strategy<Value = Vec<SyncRule>> {
    let word = |words: &'static [&'static str]| prop::sample::select(words);
    let parts = (
        (
            word(&["a", "b", "c", "d"]),
            word(&["nn", "mm"]),
            word(&["x", "y"]),
        ),
        (
            word(&["a", "b", "c", "d"]),
            word(&["nn", "mm"]),
            word(&["x", "y"]),
        ),
        0..6_u8,
        (
            word(&[".*", "nn|mm", "nn"]),
            word(&[".*", "x|y", "y.*"]),
            word(&[".*", "v.*", "w.*", "v1.*|w.*"]),
        ),
        prop::bool::weighted(0.2),
    );
    prop::collection::vec(parts, 1..7).prop_map(|rules| {
        let texts =
            rules
                .into_iter()
                .enumerate()
                .map(|(n, (from, to, scope, (ns, repo, tag), manual))| {
                    let manual = if manual { " !" } else { "" };
                    match scope {
                        0..3 => format!(
                            "r{n}: {}/{}/{} :{tag}{manual} -> {}/{}/{}",
                            from.0, from.1, from.2, to.0, to.1, to.2
                        ),
                        3..5 => format!(
                            "r{n}: {}/{} /{repo} :{tag}{manual} -> {}/{}",
                            from.0, from.1, to.0, to.1
                        ),
                        _ => format!("r{n}: {} %{ns} /{repo} :{tag}{manual} -> {}", from.0, to.0),
                    }
                });
        texts.map(|text| rule(&text)).collect()
    })
}

/// A rule that copies one image at a time.
struct Copier<'a> {
    rule: &'a SyncRule,
    filters: [(NameKind, CompiledFilter); 3],
}

impl<'a> Copier<'a> {
    fn new(rule: &'a SyncRule) -> Self {
        let filters = [
            (
                NameKind::Namespace,
                rule.scope.namespace_name_filter().unwrap_or(MATCH_ALL),
            ),
            (
                NameKind::Repository,
                rule.scope.repo_name_filter().unwrap_or(MATCH_ALL),
            ),
            (NameKind::Tag, &*rule.tag_filter),
        ];
        Self {
            rule,
            filters: filters
                .map(|(kind, text)| (kind, CompiledFilter::new(text, kind).expect("a filter"))),
        }
    }

    /// Returns the copy of an image; `None` where the rule does not copy it.
    fn copied(&self, (instance, namespace, repo, tag): At) -> Option<At> {
        let find = |name: &str| -> &'static str {
            let known = INSTANCES.iter().chain(&NAMESPACES).chain(&REPOS);
            known.copied().find(|it| *it == name).expect("a known name")
        };
        let SyncRule { source, target, .. } = self.rule;
        let names = [namespace, repo, tag];
        let named = [source.namespace.is_some(), source.repo.is_some(), false];
        let passes =
            (0..3).all(|at| named[at] || self.filters[at].1.is_match(names[at], Reading::Whole));
        let here = source.instance.as_str() == instance
            && source
                .namespace
                .as_ref()
                .is_none_or(|it| it.as_str() == namespace)
            && source.repo.as_ref().is_none_or(|it| it.as_str() == repo);
        let namespace = target
            .namespace
            .as_ref()
            .map_or(namespace, |it| find(it.as_str()));
        let repo = target.repo.as_ref().map_or(repo, |it| find(it.as_str()));
        (here && passes).then(|| (find(target.instance.as_str()), namespace, repo, tag))
    }

    fn is_automatic(&self) -> bool {
        self.rule.trigger == Trigger::Passive
    }
}

fn everywhere() -> impl Iterator<Item = At> {
    let places = INSTANCES
        .iter()
        .flat_map(|i| NAMESPACES.iter().map(move |n| (*i, *n)));
    let repos = places.flat_map(|(i, n)| REPOS.iter().map(move |r| (i, n, *r)));
    repos.flat_map(|(i, n, r)| TAGS.iter().map(move |t| (i, n, r, *t)))
}

/// Returns an image on an instance.
fn at(instance: &str, image: &Image) -> At {
    let same = |place: &At| {
        (place.0, place.1, place.2, place.3)
            == (instance, &*image.namespace, &*image.repo, &*image.tag)
    };
    everywhere()
        .find(same)
        .unwrap_or_else(|| panic!("{instance} {image:?} is not of the vocabulary"))
}

/// Returns the most rules that copy an image on, one after the other; `None` for a loop.
fn hops(rules: &[&Copier<'_>], from: At, way: &mut Vec<At>) -> Option<usize> {
    if way.contains(&from) {
        return None;
    }
    way.push(from);
    let mut most = Some(0);
    for to in rules.iter().filter_map(|rule| rule.copied(from)) {
        most = match (most, hops(rules, to, way)) {
            (Some(most), Some(more)) => Some(most.max(more + 1)),
            _ => None,
        };
    }
    way.pop();
    most
}

fn reaches(rules: &[&Copier<'_>], from: At, to: At) -> bool {
    let mut known = FxHashSet::default();
    let mut open = vec![from];
    while let Some(here) = open.pop() {
        if here == to {
            return true;
        }
        if known.insert(here) {
            open.extend(rules.iter().filter_map(|rule| rule.copied(here)));
        }
    }
    false
}

/// Checks that the evidence of a detection proves it.
fn check_detection(found: &Detection, rules: &[Copier<'_>]) -> Result<(), TestCaseError> {
    let DetectionEvidence::Image(image) = &found.evidence else {
        return Ok(());
    };
    let start = at(rules[0].rule.source.instance.as_str(), image);
    match found.code {
        Code::SyncLoop | Code::LongChain => {
            let mut places = vec![start];
            let end = rules.iter().try_fold(start, |here, rule| {
                let there = rule.copied(here).filter(|_| rule.is_automatic())?;
                places.push(there);
                Some(there)
            });
            let different: BTreeSet<At> = places.iter().copied().collect();
            prop_assert!(
                found.code == Code::SyncLoop || different.len() == places.len(),
                "expected each location once"
            );
            prop_assert!(
                end.is_some(),
                "expected evidence that travels the whole way"
            );
            prop_assert_eq!(found.code == Code::SyncLoop, end == Some(start));
            prop_assert!(found.code == Code::SyncLoop || rules.len() > MAX_HOPS);
        }
        Code::FanIn => {
            let there = rules[0].copied(start);
            let elsewhere = everywhere().any(|it| it != start && rules[1].copied(it) == there);
            prop_assert!(
                there.is_some() && elsewhere,
                "expected two sources of one target"
            );
        }
        Code::Overlap | Code::ShadowedRule => {
            let there = rules[0].copied(start);
            prop_assert!(
                there.is_some() && there == rules[1].copied(start),
                "expected two copies of one image"
            );
            let is_covered = |place: At| {
                rules[0]
                    .copied(place)
                    .is_none_or(|to| rules[1].copied(place) == Some(to))
            };
            prop_assert!(
                found.code == Code::Overlap || everywhere().all(is_covered),
                "expected a covered rule"
            );
        }
        _ => {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn detections_equal_those_of_brute_force(rules in any_rules()) {
        let (desired, live) = (desired(&rules), live(&[]));
        let plan = diff(&desired, &live);
        let graph = RuleGraph::new(&desired, &live, &plan);
        let mut session = FilterSession::default();
        let mut analysis = Analysis::new(&graph, &mut session);
        search(&mut analysis);
        let copiers = |detection: &Detection| -> Vec<Copier<'_>> {
            detection.edges.iter().map(|at| Copier::new(graph.edge(*at).rule)).collect()
        };
        for detection in &analysis.detections {
            check_detection(detection, &copiers(detection))?;
        }
        let is_detected = |codes: &[Code], rule: &SyncRule| {
            let mut found = analysis.detections.iter().filter(|it| codes.contains(&it.code));
            found.any(|it| it.edges.iter().any(|at| graph.edge(*at).rule.name == rule.name))
        };
        let all: Vec<Copier<'_>> = rules.iter().filter(|copier| {
            let [from, to] = [&copier.source, &copier.target].map(|end| (&end.instance, &end.namespace, &end.repo));
            from != to
        }).map(Copier::new).collect();
        let automatic: Vec<&Copier<'_>> = all.iter().filter(|it| it.is_automatic()).collect();
        let longest: Vec<_> = everywhere().map(|it| hops(&automatic, it, &mut Vec::new())).collect();
        if !longest.contains(&None) {
            let long = longest.iter().any(|it| it.is_some_and(|hops| hops > MAX_HOPS));
            prop_assert_eq!(analysis.detections.iter().any(|it| it.code == Code::LongChain), long);
        }
        for copier in &automatic {
            let comes_back = |from: At| copier.copied(from).is_some_and(|to| reaches(&automatic, to, from));
            prop_assert_eq!(is_detected(&[Code::SyncLoop], copier.rule), everywhere().any(comes_back), "loop of {}", copier.rule.name);
        }
        for (n, copier) in all.iter().enumerate() {
            let (mut fans_in, mut overlaps) = (false, false);
            for (_, other) in all.iter().enumerate().filter(|(m, _)| *m != n) {
                for (from, to) in everywhere().filter_map(|from| Some((from, copier.copied(from)?))) {
                    overlaps |= other.copied(from) == Some(to) && copier.is_automatic() == other.is_automatic();
                    fans_in |= everywhere().any(|from_there| from_there != from && other.copied(from_there) == Some(to));
                }
            }
            prop_assert_eq!(is_detected(&[Code::FanIn], copier.rule), fans_in, "fan-in of {}", copier.rule.name);
            let detected = is_detected(&[Code::Overlap, Code::ShadowedRule], copier.rule);
            prop_assert_eq!(detected, overlaps, "overlap of {}", copier.rule.name);
        }
    }

    #[test]
    fn a_loop_needs_each_of_its_rules(rules in any_rules()) {
        let loops = |rules: &[SyncRule]| {
            let (desired, live) = (desired(rules), live(&[]));
            let found = findings(&desired, &live, &diff(&desired, &live), &mut FilterSession::default());
            let loops = found.into_iter().filter(|it| it.code == Code::SyncLoop);
            loops.map(|it| it.message.to_string()).collect::<FxHashSet<_>>()
        };
        for message in loops(&rules) {
            for n in (0..rules.len()).filter(|n| message.contains(&format!("\"{}\"", rules[*n].name))) {
                let rest = [&rules[..n], &rules[n + 1..]].concat();
                prop_assert!(!loops(&rest).contains(&message), "without {} still: {message}", rules[n].name);
            }
        }
    }
}
