//! `max-hops`: images do not travel over long chains of rules.
//!
//! A chain goes on where a rule's target is, or may be, what the next rule copies from: the same instance, and the
//! same namespace and repository wherever both name them. Filters are not looked at, so a chain counts even if no tag
//! passes all of its filters; nor is the trigger, since somebody may start each rule by hand. Both err on the side of
//! a finding. A circle of rules is a chain of any length.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Globs;
use super::breach::{About, Breach};
use super::filter::Filters;
use super::view::{Subject, View, named};
use crate::model::{Scope, SyncRule};

/// How many pairs of rules are looked at before giving up, which is a finding too.
const MAX_PAIRS: usize = 2_000_000;

/// The most rules an image may travel over one after the other.
#[derive(Debug)]
pub struct MaxHops(pub u8);

/// What a chain carries so far: a namespace and a repository, as far as its rules name them.
type Cargo<'a> = (Option<&'a str>, Option<&'a str>);

/// A rule of a chain.
#[derive(Debug, Clone, Copy)]
struct Link<'a> {
    rule: usize,
    /// What arrives at the rule's source, narrowed to what it copies.
    cargo: Cargo<'a>,
    /// The link before: an index into [`Chains::links`].
    before: Option<usize>,
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
        let ends = chains.links[chains.latest.clone()].iter();
        let mut selected = |link: &&Link<'a>| globs.includes(view, chains.rules[link.rule], &mut filters);
        let ends = ends.filter(|link| selected(link) && known.insert(link.rule));
        ends.map(|link| self.breach(view, &chains, link)).collect()
    }

    fn breach<'a>(&self, view: &View<'a>, chains: &Chains<'a>, last: &Link<'a>) -> Breach<'a> {
        let rules = chains.of(last);
        let path: Vec<String> = std::iter::once(view.aliases.end(&rules[0].rule.source))
            .chain(rules.iter().map(|it| view.aliases.end(&it.rule.target)))
            .collect();
        let names: Vec<&str> = rules.iter().map(|it| it.rule.name.as_str()).collect();
        Breach {
            about: About::Rule(chains.rules[last.rule]),
            field: None,
            message: format!(
                "{} is hop {} of {} (over {}), and {} is the most allowed",
                view.told(chains.rules[last.rule]),
                rules.len(),
                path.join(" -> "),
                names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", "),
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
    index: Index<'a>,
    links: Vec<Link<'a>>,
    /// The last links of the longest chains.
    latest: std::ops::Range<usize>,
    pairs: usize,
}

impl<'a> Chains<'a> {
    /// Each rule is a chain. The order of a listing is nobody's promise, so it must not decide which is told.
    fn new(subjects: &[Subject<'a>]) -> Self {
        let mut rules = subjects.to_vec();
        let key = |it: &Subject<'a>| (&it.rule.source.instance, &it.rule.name);
        rules.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.rule.fields().cmp(&b.rule.fields())));
        let start = |(rule, it): (usize, &Subject<'a>)| Link { rule, cargo: named(&it.rule.source), before: None };
        let links: Vec<_> = rules.iter().enumerate().map(start).collect();
        Self { index: Index::of(&rules), latest: 0..links.len(), rules, links, pairs: 0 }
    }

    /// Adds to each chain every rule that goes on from its end; `false` where those are too many.
    fn grow(&mut self) -> bool {
        let mut known: FxHashSet<(usize, Cargo<'a>)> = FxHashSet::default();
        let before = self.latest.clone();
        for at in before.clone() {
            let link = self.links[at];
            let rule = self.rules[link.rule].rule;
            let cargo = carried(rule, link.cargo);
            for next in self.index.from(rule.target.instance.as_str(), cargo) {
                self.pairs += 1;
                if self.pairs > MAX_PAIRS {
                    return false;
                }
                let narrowed = both(cargo, named(&self.rules[*next].rule.source));
                if let Some(cargo) = narrowed.filter(|cargo| known.insert((*next, *cargo))) {
                    self.links.push(Link { rule: *next, cargo, before: Some(at) });
                }
            }
        }
        self.latest = before.end..self.links.len();
        true
    }

    /// The rules of a chain, from its beginning.
    fn of(&self, last: &Link<'a>) -> Vec<Subject<'a>> {
        let links = std::iter::successors(Some(last), |link| link.before.map(|before| &self.links[before]));
        let mut rules: Vec<_> = links.map(|link| self.rules[link.rule]).collect();
        rules.reverse();
        rules
    }
}

/// Which rules copy from where.
#[derive(Default)]
struct Index<'a> {
    /// Rules that name no namespace.
    whole: FxHashMap<&'a str, Vec<usize>>,
    namespaces: FxHashMap<(&'a str, &'a str), Vec<usize>>,
    /// Of a namespace, the rules that name this repository, or none.
    repos: FxHashMap<(&'a str, &'a str, Option<&'a str>), Vec<usize>>,
    all: FxHashMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    fn of(rules: &[Subject<'a>]) -> Self {
        let mut index = Self::default();
        for (at, subject) in rules.iter().enumerate() {
            let source = &subject.rule.source;
            let instance = source.instance.as_str();
            let (namespace, repo) = named(source);
            index.all.entry(instance).or_default().push(at);
            match namespace {
                None => index.whole.entry(instance).or_default().push(at),
                Some(namespace) => {
                    index.namespaces.entry((instance, namespace)).or_default().push(at);
                    index.repos.entry((instance, namespace, repo)).or_default().push(at);
                }
            }
        }
        index
    }

    /// The rules that may copy what is there.
    fn from<'s>(&'s self, instance: &'s str, cargo: Cargo<'s>) -> impl Iterator<Item = &'s usize> {
        let lists = match cargo {
            (None, _) => [self.all.get(instance), None, None],
            (Some(namespace), None) => [self.namespaces.get(&(instance, namespace)), self.whole.get(instance), None],
            (Some(namespace), repo) => [
                self.repos.get(&(instance, namespace, repo)),
                self.repos.get(&(instance, namespace, None)),
                self.whole.get(instance),
            ],
        };
        lists.into_iter().flatten().flatten()
    }
}

/// What is at a rule's target when this is at its source: what the scope leaves open keeps its name.
fn carried<'a>(rule: &'a SyncRule, cargo: Cargo<'a>) -> Cargo<'a> {
    let target = named(&rule.target);
    match rule.scope {
        Scope::Repo | Scope::Unknown(_) => target,
        Scope::Namespace => (target.0, cargo.1),
        Scope::Instance => cargo,
    }
}

/// What two descriptions have in common.
fn both<'a>(one: Cargo<'a>, other: Cargo<'a>) -> Option<Cargo<'a>> {
    let part = |one: Option<&'a str>, other: Option<&'a str>| match (one, other) {
        (Some(one), Some(other)) => (one == other).then_some(Some(one)),
        (one, other) => Some(one.or(other)),
    };
    Some((part(one.0, other.0)?, part(one.1, other.1)?))
}
