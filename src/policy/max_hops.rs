//! `max-hops`: images do not travel over long chains of rules.
//!
//! A chain goes on where a rule's target is, or may be, what the next rule copies from: the same instance, and the
//! same namespace and repository wherever both name them. Filters are not looked at, so a chain counts even if no tag
//! passes all of its filters; nor is the trigger, since somebody may start each rule by hand. Both err on the side of
//! a finding. A circle of rules is a chain of any length.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Globs;
use super::breach::{About, Breach};
use super::filter::Filters;
use super::view::{Subject, View, named};
use crate::model::{Endpoint, Scope};

/// How many pairs of rules are looked at before giving up, which is a finding too.
const MAX_PAIRS: usize = 2_000_000;

/// The most rules an image may travel over one after the other.
#[derive(Debug)]
pub struct MaxHops(pub u8);

/// An instance, a namespace and a repository, each by a number; 0 is one that is not named.
type Spot = [u32; 3];

/// A rule of a chain.
#[derive(Debug, Clone, Copy)]
struct Link {
    rule: u32,
    /// What arrives at the rule's source, narrowed to what it copies.
    cargo: Spot,
    /// The link before: an index into [`Chains::links`]; its own where there is none.
    before: u32,
}

impl MaxHops {
    pub(super) fn breaches<'a>(&self, view: &View<'a>, globs: &Globs) -> Vec<Breach<'a>> {
        let mut chains = Chains::new(&view.subjects);
        for _ in 0..self.0 {
            if !chains.grow() {
                return vec![self.undecided()];
            }
        }
        let (mut known, mut filters) = (FxHashSet::default(), Filters::default());
        let ends = chains.latest.clone().filter(|link| {
            let rule = chains.links[*link].rule;
            known.insert(rule) && globs.includes(view, chains.rules[rule as usize], &mut filters)
        });
        ends.map(|link| self.breach(view, &chains.of(link))).collect()
    }

    /// What there is to say of a chain that is too long, from its beginning.
    fn breach<'a>(&self, view: &View<'a>, chain: &[Subject<'a>]) -> Breach<'a> {
        let [first, .., last] = chain else { return self.undecided() };
        let path: Vec<String> = std::iter::once(view.aliases.end(&first.rule.source))
            .chain(chain.iter().map(|it| view.aliases.end(&it.rule.target)))
            .collect();
        let names: Vec<&str> = chain.iter().map(|it| it.rule.name.as_str()).collect();
        Breach {
            about: About::Rule(*last),
            field: None,
            message: format!(
                "{} is hop {} of {} (over \"{}\"), and {} is the most allowed",
                view.told(*last),
                chain.len(),
                path.join(" -> "),
                names.join("\", \""),
                self.0,
            ),
            help: "copy straight from where the images are made, or break the chain".to_owned(),
            content: names.into_iter().map(str::to_owned).collect(),
        }
    }

    fn undecided<'a>(&self) -> Breach<'a> {
        Breach {
            about: About::Everything,
            field: None,
            message: format!("the chains of these rules are too many to tell whether any is longer than {}", self.0),
            help: "rules that cover whole instances feed each other: name namespaces in some of them".to_owned(),
            content: Vec::new(),
        }
    }
}

/// Chains that grow by a rule at a time.
struct Chains<'a> {
    rules: Vec<Subject<'a>>,
    hops: Vec<Hop>,
    starts: Starts,
    links: Vec<Link>,
    /// The last links of the longest chains.
    latest: Range<usize>,
    pairs: usize,
}

/// From where to where a rule copies.
#[derive(Debug, Clone, Copy)]
struct Hop {
    from: Spot,
    to: Spot,
    /// Whether the namespace, and the repository, keep their names.
    keeps: [bool; 2],
}

impl<'a> Chains<'a> {
    /// Each rule is a chain. The order of a listing is nobody's promise, so it must not decide which is told.
    fn new(subjects: &[Subject<'a>]) -> Self {
        let mut rules = subjects.to_vec();
        let key = |it: &Subject<'a>| (&it.rule.source.instance, &it.rule.name);
        rules.sort_unstable_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.rule.fields().cmp(&b.rule.fields())));
        let mut numbers = Numbers::default();
        let hops: Vec<Hop> = rules.iter().map(|it| numbers.hop(*it)).collect();
        let starts = Starts::of(&hops);
        let links: Vec<Link> =
            (0..).zip(&hops).map(|(rule, hop)| Link { rule, cargo: hop.from, before: rule }).collect();
        Self { rules, hops, starts, latest: 0..links.len(), links, pairs: 0 }
    }

    /// Adds to each chain every rule that goes on from its end; `false` where those are too many.
    fn grow(&mut self) -> bool {
        let mut known: FxHashSet<(u32, Spot)> = FxHashSet::default();
        let before = self.latest.clone();
        for at in before.clone() {
            let Link { rule, cargo, .. } = self.links[at];
            let arrived = self.hops[rule as usize].carry(cargo);
            for next in self.starts.from(arrived) {
                self.pairs += 1;
                if self.pairs > MAX_PAIRS {
                    return false;
                }
                let cargo = both(arrived, self.hops[next as usize].from);
                if known.insert((next, cargo)) {
                    // There are fewer links than pairs.
                    self.links.push(Link { rule: next, cargo, before: u32::try_from(at).unwrap_or(u32::MAX) });
                }
            }
        }
        self.latest = before.end..self.links.len();
        true
    }

    /// The rules of the chain that ends in a link, from its beginning.
    fn of(&self, last: usize) -> Vec<Subject<'a>> {
        let before = |at: &usize| {
            let before = self.links[*at].before as usize;
            (before != *at).then_some(before)
        };
        let links = std::iter::successors(Some(last), before);
        let mut rules: Vec<_> = links.map(|at| self.rules[self.links[at].rule as usize]).collect();
        rules.reverse();
        rules
    }
}

impl Hop {
    /// What is at the target when this is at the source: what the scope leaves open keeps its name.
    fn carry(&self, cargo: Spot) -> Spot {
        let [keeps_namespace, keeps_repo] = self.keeps;
        let [instance, namespace, repo] = self.to;
        [instance, if keeps_namespace { cargo[1] } else { namespace }, if keeps_repo { cargo[2] } else { repo }]
    }
}

/// What two descriptions of one place have in common, where they do not contradict each other.
fn both(one: Spot, other: Spot) -> Spot {
    [one[0], one[1].max(other[1]), one[2].max(other[2])]
}

/// Where rules copy from, in order.
struct Starts(Vec<(Spot, u32)>);

impl Starts {
    fn of(hops: &[Hop]) -> Self {
        let mut starts: Vec<(Spot, u32)> = hops.iter().map(|hop| hop.from).zip(0..).collect();
        starts.sort_unstable();
        Self(starts)
    }

    /// The rules that may copy what is there: those that name the same, or less.
    fn from(&self, [instance, namespace, repo]: Spot) -> impl Iterator<Item = u32> {
        const ANY: u32 = u32::MAX;
        let less = ([instance, 0, 0], [instance, 0, ANY]);
        let ranges = match (namespace, repo) {
            (0, _) => [Some(([instance, 0, 0], [instance, ANY, ANY])), None, None],
            (_, 0) => [Some(([instance, namespace, 0], [instance, namespace, ANY])), Some(less), None],
            _ => {
                let same = [instance, namespace, repo];
                let whole = [instance, namespace, 0];
                [Some((same, same)), Some((whole, whole)), Some(less)]
            }
        };
        ranges.into_iter().flatten().flat_map(|(low, high)| {
            let start = self.0.partition_point(|(spot, _)| *spot < low);
            let rest = self.0.get(start..).unwrap_or_default();
            rest.iter().take_while(move |(spot, _)| *spot <= high).map(|(_, rule)| *rule)
        })
    }
}

/// Gives every name a number, from 1.
#[derive(Default)]
struct Numbers<'a>(FxHashMap<&'a str, u32>);

impl<'a> Numbers<'a> {
    fn hop(&mut self, Subject { rule, .. }: Subject<'a>) -> Hop {
        let keeps = match rule.scope {
            Scope::Repo | Scope::Unknown(_) => [false, false],
            Scope::Namespace => [false, true],
            Scope::Instance => [true, true],
        };
        Hop { from: self.spot(&rule.source), to: self.spot(&rule.target), keeps }
    }

    fn spot(&mut self, end: &'a Endpoint) -> Spot {
        let (namespace, repo) = named(end);
        [Some(end.instance.as_str()), namespace, repo].map(|name| name.map_or(0, |name| self.number(name)))
    }

    fn number(&mut self, name: &'a str) -> u32 {
        let next = u32::try_from(self.0.len() + 1).unwrap_or(u32::MAX);
        *self.0.entry(name).or_insert(next)
    }
}
