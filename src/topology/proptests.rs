//! Laws of [`super::findings`], against a search that follows every image there is.

use std::collections::BTreeSet;

use filter_language::{CompiledFilter, NameKind, Reading, Session};
use proptest::prelude::*;
use rustc_hash::FxHashSet;

use super::analysis::{Analysis, Detection, Evidence};
use super::flow::Image;
use super::tests::{INSTANCES, desired, live, rule};
use super::{MAX_HOPS, RuleGraph, findings, search};
use crate::diff::diff;
use crate::finding::Code;
use crate::model::{MATCH_ALL, SyncRule, Trigger};

/// One image at one place, as the laws follow it.
type At = (&'static str, &'static str, &'static str, &'static str);

const NAMESPACES: [&str; 3] = ["nn", "mm", "team"];
const REPOS: [&str; 3] = ["x", "y", "app"];
const TAGS: [&str; 4] = ["v", "w", "v1.0.0", "latest"];

/// Rules over a vocabulary so small that they meet all the time. Whatever filters have in common, one of the names
/// above has it.
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

    /// Where it copies an image, if it does.
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

/// A place by the names of an image.
fn at(instance: &str, image: &Image) -> At {
    let same = |it: &At| {
        (it.0, it.1, it.2, it.3) == (instance, &*image.namespace, &*image.repo, &*image.tag)
    };
    everywhere()
        .find(same)
        .unwrap_or_else(|| panic!("{instance} {image:?} is not of the vocabulary"))
}

/// How many rules in a row carry an image on from a place; `None`: round and round.
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

/// What the search finds is so.
fn is_so(found: &Detection, rules: &[Copier<'_>]) -> Result<(), TestCaseError> {
    let Evidence::Image(image) = &found.evidence else {
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
                "a place comes twice"
            );
            prop_assert!(end.is_some(), "the witness does not travel the whole way");
            prop_assert_eq!(found.code == Code::SyncLoop, end == Some(start));
            prop_assert!(found.code == Code::SyncLoop || rules.len() > MAX_HOPS);
        }
        Code::FanIn => {
            let there = rules[0].copied(start);
            let elsewhere = everywhere().any(|it| it != start && rules[1].copied(it) == there);
            prop_assert!(
                there.is_some() && elsewhere,
                "they do not copy from two places to one"
            );
        }
        Code::Overlap | Code::ShadowedRule => {
            let there = rules[0].copied(start);
            prop_assert!(
                there.is_some() && there == rules[1].copied(start),
                "they do not copy the same"
            );
            let is_covered = |it: At| {
                rules[0]
                    .copied(it)
                    .is_none_or(|to| rules[1].copied(it) == Some(to))
            };
            prop_assert!(
                found.code == Code::Overlap || everywhere().all(is_covered),
                "the rule is not covered"
            );
        }
        _ => {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_told_is_so_and_what_is_so_is_told(rules in any_rules()) {
        let (desired, live) = (desired(&rules), live(&[]));
        let plan = diff(&desired, &live);
        let network = RuleGraph::new(&desired, &live, &plan);
        let mut session = Session::default();
        let mut analysis = Analysis::new(&network, &mut session);
        search(&mut analysis);
        let copiers = |it: &Detection| -> Vec<Copier<'_>> {
            it.routes.iter().map(|at| Copier::new(network.route(*at).rule)).collect()
        };
        for it in &analysis.found {
            is_so(it, &copiers(it))?;
        }
        let tells = |codes: &[Code], rule: &SyncRule| {
            let mut found = analysis.found.iter().filter(|it| codes.contains(&it.code));
            found.any(|it| it.routes.iter().any(|at| network.route(*at).rule.name == rule.name))
        };
        let all: Vec<Copier<'_>> = rules.iter().filter(|it| {
            let [from, to] = [&it.source, &it.target].map(|end| (&end.instance, &end.namespace, &end.repo));
            from != to
        }).map(Copier::new).collect();
        let automatic: Vec<&Copier<'_>> = all.iter().filter(|it| it.is_automatic()).collect();
        let longest: Vec<_> = everywhere().map(|it| hops(&automatic, it, &mut Vec::new())).collect();
        if !longest.contains(&None) {
            let long = longest.iter().any(|it| it.is_some_and(|hops| hops > MAX_HOPS));
            prop_assert_eq!(analysis.found.iter().any(|it| it.code == Code::LongChain), long);
        }
        for it in &automatic {
            let comes_back = |from: At| it.copied(from).is_some_and(|to| reaches(&automatic, to, from));
            prop_assert_eq!(tells(&[Code::SyncLoop], it.rule), everywhere().any(comes_back), "loop of {}", it.rule.name);
        }
        for (n, it) in all.iter().enumerate() {
            let (mut meets, mut overlaps) = (false, false);
            for (_, other) in all.iter().enumerate().filter(|(m, _)| *m != n) {
                for (from, to) in everywhere().filter_map(|from| Some((from, it.copied(from)?))) {
                    overlaps |= other.copied(from) == Some(to) && it.is_automatic() == other.is_automatic();
                    meets |= everywhere().any(|from_there| from_there != from && other.copied(from_there) == Some(to));
                }
            }
            prop_assert_eq!(tells(&[Code::FanIn], it.rule), meets, "fan-in of {}", it.rule.name);
            let told = tells(&[Code::Overlap, Code::ShadowedRule], it.rule);
            prop_assert_eq!(told, overlaps, "overlap of {}", it.rule.name);
        }
    }

    #[test]
    fn without_one_of_its_rules_a_loop_is_gone(rules in any_rules()) {
        let loops = |rules: &[SyncRule]| {
            let (desired, live) = (desired(rules), live(&[]));
            let found = findings(&desired, &live, &diff(&desired, &live), &mut Session::default());
            let loops = found.into_iter().filter(|it| it.code == Code::SyncLoop);
            loops.map(|it| it.message).collect::<FxHashSet<_>>()
        };
        for told in loops(&rules) {
            for n in (0..rules.len()).filter(|n| told.contains(&format!("\"{}\"", rules[*n].name))) {
                let rest = [&rules[..n], &rules[n + 1..]].concat();
                prop_assert!(!loops(&rest).contains(&told), "without {} still: {told}", rules[n].name);
            }
        }
    }
}
