//! `max-hops`: images do not travel over long chains of rules.
//!
//! A chain goes on where a rule's target is, or may be, what the next rule copies from: the same instance, and the
//! same namespace and repository wherever both name them. Filters are not looked at, so a chain counts even if no tag
//! passes all of its filters; nor is the trigger, since a person may start each rule. Both err on the side of a finding.
//! A chain visits no place twice: what comes back to a place is a loop, which `topology/sync-loop` reports.

use filter_language::Session;
use rustc_hash::FxHashSet;

use super::Globs;
use super::view::{Subject, View};
use super::violation::{Violation, ViolationSubject};
use crate::topology::{
    Chains, Hop, Interner, Link, LocationIndex, LocationKey, Step, TooMany, unify,
};

/// Steps for each rule of each chain.
const LINK_STEPS: u64 = 200;

/// The most rules an image may travel over one after the other.
#[derive(Debug)]
pub struct MaxHops(pub u8);

impl MaxHops {
    pub(super) fn violations<'a>(
        &self,
        view: &View<'a>,
        globs: &Globs,
        session: &mut Session,
    ) -> Vec<Violation<'a>> {
        let finder = ChainFinder::new(&view.subjects);
        let Ok(chains) = finder.chains(self.0, session) else {
            return vec![self.undecided()];
        };
        let mut known = FxHashSet::default();
        let ends = chains.latest().filter(|end| {
            let rule = chains.link(*end).rule;
            known.insert(rule) && globs.includes(view, finder.rules[rule], session)
        });
        let rules = |end: usize| -> Vec<Subject<'a>> {
            chains
                .rules(end)
                .into_iter()
                .map(|rule| finder.rules[rule])
                .collect()
        };
        let mut violations: Vec<_> = ends.map(|end| self.violation(view, &rules(end))).collect();
        if chains.may_lack_some() && known.len() < finder.rules.len() {
            violations.push(self.undecided());
        }
        violations
    }

    /// What there is to say of a chain that is too long, from its beginning.
    fn violation<'a>(&self, view: &View<'a>, chain: &[Subject<'a>]) -> Violation<'a> {
        let [first, .., last] = chain else {
            return self.undecided();
        };
        let path: Vec<String> = std::iter::once(view.aliases.end(&first.rule.source))
            .chain(chain.iter().map(|it| view.aliases.end(&it.rule.target)))
            .collect();
        let names: Vec<&str> = chain.iter().map(|it| it.rule.name.as_str()).collect();
        Violation {
            about: ViolationSubject::Rule(*last),
            field: None,
            message: format!(
                "{} is hop {} of {} (over \"{}\"), expected at most {}",
                view.describe(*last),
                chain.len(),
                path.join(" -> "),
                names.join("\", \""),
                self.0,
            ),
            help: "copy directly from the first instance, or break the chain".to_owned(),
            content: names.into_iter().map(str::to_owned).collect(),
        }
    }

    fn undecided<'a>(&self) -> Violation<'a> {
        Violation {
            about: ViolationSubject::Everything,
            field: None,
            message: format!(
                "could not determine whether any chain is longer than {}: the rules form too many chains",
                self.0
            ),
            help: "name namespaces in some of the rules that cover whole instances".to_owned(),
            content: Vec::new(),
        }
    }
}

/// Rules, by where they copy from.
struct ChainFinder<'a> {
    rules: Vec<Subject<'a>>,
    hops: Vec<Hop>,
    starts: LocationIndex,
}

impl<'a> ChainFinder<'a> {
    /// Sorts the rules: the API does not guarantee the order of a listing.
    fn new(subjects: &[Subject<'a>]) -> Self {
        let mut rules = subjects.to_vec();
        let key = |it: &Subject<'a>| (&it.rule.source.instance, &it.rule.name);
        rules.sort_unstable_by(|a, b| {
            key(a)
                .cmp(&key(b))
                .then_with(|| a.rule.fields().cmp(&b.rule.fields()))
        });
        let mut numbers = Interner::default();
        let hops: Vec<Hop> = rules.iter().map(|it| numbers.hop(it.rule)).collect();
        let starts = LocationIndex::new(hops.iter().map(|hop| hop.from));
        Self {
            rules,
            hops,
            starts,
        }
    }

    /// The chains that are one rule too long: what they carry is where it is picked up, narrowed to what is copied.
    fn chains(&self, most: u8, session: &mut Session) -> Result<Chains<LocationKey>, TooMany> {
        let moving = (0..).zip(&self.hops).filter(|(_, hop)| !hop.is_self_loop());
        let mut chains = Chains::new(moving.map(|(rule, hop)| (rule, hop.from)));
        for _ in 0..most {
            let hop = |rule: usize, from: &LocationKey| (*from, self.hops[rule]);
            chains.grow(hop, |chains, at, next| {
                let Link { rule, images, .. } = *chains.link(at);
                let arrived = self.hops[rule].carry(images);
                let before = next.len();
                next.extend(self.starts.candidates(arrived).map(|rule| {
                    let images = unify(arrived, self.hops[rule].from);
                    Step {
                        rule,
                        images,
                        may_return: true,
                    }
                }));
                next.len() - before
            })?;
            session
                .charge_steps(LINK_STEPS * chains.latest().len() as u64)
                .map_err(|_| TooMany)?;
        }
        Ok(chains)
    }
}
