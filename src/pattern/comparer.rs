//! Asks questions about many filters, and remembers what it worked out.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::automaton::{Automaton, Outlook};
use super::budget::{Budget, Meter};
use super::error::Undecided;
use super::kind::Kind;
use super::lower::lower;
use super::verdict::{Comparison, Differences, Verdict};
use super::walk::{Quest, Walk};
use super::{Reading, java};

/// Bytes of automata beyond which everything is forgotten.
const MAX_BYTES: usize = 64 << 20;
/// Filters beyond which everything is forgotten.
const MAX_FILTERS: usize = 100_000;

/// Compares filters, keeping the automaton of each and the verdict on each pair. What it keeps is bounded: when
/// there is too much of it, it starts anew.
#[derive(Debug, Default)]
pub struct Comparer {
    ids: FxHashMap<Kind, FxHashMap<Box<str>, FilterId>>,
    filters: Vec<Filter>,
    verdicts: FxHashMap<(FilterId, FilterId), Arc<Verdict>>,
    bytes: usize,
}

type FilterId = usize;

/// A filter's automaton under each [`Reading`].
type Filter = [Result<Box<Automaton>, Undecided>; 2];

/// How much of what exists a filter matches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extent {
    /// The first name it matches; `None`: it matches nothing.
    pub matched: Option<String>,
    /// The first name it does not match; `None`: it matches everything.
    pub unmatched: Option<String>,
}

/// How far a filter goes along with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The filter matches.
    Matches,
    /// No name that begins with more than the first `length` characters of this one matches.
    Stops {
        /// How many characters of the name (all ASCII) could still begin a match.
        length: usize,
        /// The first name that begins with them and matches.
        example: String,
    },
    /// The filter matches no name at all.
    Never,
}

impl Comparer {
    /// A comparer that knows nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Compares a desired and a live filter. Equal texts are equal, whatever they mean.
    pub fn compare(&mut self, desired: &str, live: &str, kind: Kind, budget: &Budget<'_>) -> Arc<Verdict> {
        if desired == live {
            return Arc::new(Verdict::new(kind, desired, live, Comparison::EQUAL, Comparison::EQUAL));
        }
        let pair = (self.filter(desired, kind), self.filter(live, kind));
        if let Some(verdict) = self.verdicts.get(&pair) {
            return Arc::clone(verdict);
        }
        let mut expired = false;
        let [whole, search] = Reading::ALL.map(|reading| {
            self.relate(pair, kind, reading, budget).unwrap_or_else(|(side, undecided)| {
                expired |= undecided == Undecided::Expired;
                Comparison::undecided(format!("{side}{undecided}"))
            })
        });
        let verdict = Arc::new(Verdict::new(kind, desired, live, whole, search));
        if !expired {
            self.verdicts.insert(pair, Arc::clone(&verdict));
        }
        self.forget_if_too_much();
        verdict
    }

    /// The first name that all of the filters match; `None` where there is none. No filters at all match
    /// everything.
    ///
    /// # Errors
    ///
    /// Where one of the filters is not understood, or the budget is used up.
    pub fn meet(
        &mut self,
        filters: &[&str],
        kind: Kind,
        reading: Reading,
        budget: &Budget<'_>,
    ) -> Result<Option<String>, Undecided> {
        let mut ids: Vec<FilterId> = filters.iter().map(|filter| self.filter(filter, kind)).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut quest = Common::default();
        self.walk(&ids, "", kind, reading, &mut quest, &mut Meter::new(budget))?;
        self.forget_if_too_much();
        Ok(quest.name)
    }

    /// Whether a filter matches everything, or nothing, with names that show that it does not.
    ///
    /// # Errors
    ///
    /// Where the filter is not understood, or the budget is used up.
    pub fn extent(
        &mut self,
        filter: &str,
        kind: Kind,
        reading: Reading,
        budget: &Budget<'_>,
    ) -> Result<Extent, Undecided> {
        let id = self.filter(filter, kind);
        let mut extent = Extent::default();
        self.walk(&[id], "", kind, reading, &mut extent, &mut Meter::new(budget))?;
        self.forget_if_too_much();
        Ok(extent)
    }

    /// Whether a filter matches a name and, where it does not, how much of the name it could go along with.
    ///
    /// # Errors
    ///
    /// Where the filter is not understood, or the budget is used up.
    pub fn progress(
        &mut self,
        filter: &str,
        name: &str,
        kind: Kind,
        reading: Reading,
        budget: &Budget<'_>,
    ) -> Result<Progress, Undecided> {
        let id = self.filter(filter, kind);
        let meter = &mut Meter::new(budget);
        let mut could_match = |length: usize| {
            let mut quest = Common::default();
            let prefix = name.get(..length).unwrap_or_default();
            self.walk(&[id], prefix, kind, reading, &mut quest, meter).map(|()| quest.name)
        };
        // The longest beginning that some match has: if one has it, so have all shorter ones.
        let Some(mut example) = could_match(0)? else { return Ok(Progress::Never) };
        let (mut length, mut too_long) = (0, kind.grammar().beginning(name) + 1);
        while too_long - length > 1 {
            let middle = length.midpoint(too_long);
            match could_match(middle)? {
                Some(name) => (length, example) = (middle, name),
                None => too_long = middle,
            }
        }
        self.forget_if_too_much();
        Ok(if example == name { Progress::Matches } else { Progress::Stops { length, example } })
    }

    fn relate(
        &mut self,
        (desired, live): (FilterId, FilterId),
        kind: Kind,
        reading: Reading,
        budget: &Budget<'_>,
    ) -> Result<Comparison, (&'static str, Undecided)> {
        for (id, side) in [(desired, "desired filter: "), (live, "live filter: ")] {
            if let Err(undecided) = &self.filters[id][reading as usize] {
                return Err((side, undecided.clone()));
            }
        }
        let mut quest = Differences::default();
        let walk = self.walk(&[desired, live], "", kind, reading, &mut quest, &mut Meter::new(budget));
        walk.map(|()| quest.into_comparison()).map_err(|undecided| ("", undecided))
    }

    /// Walks the automata of some filters, all different ones.
    fn walk(
        &mut self,
        ids: &[FilterId],
        prefix: &str,
        kind: Kind,
        reading: Reading,
        quest: &mut dyn Quest,
        meter: &mut Meter<'_>,
    ) -> Result<(), Undecided> {
        if let Some(undecided) = ids.iter().find_map(|id| self.filters[*id][reading as usize].as_ref().err()) {
            return Err(undecided.clone());
        }
        // The automata are lent to the walk and put back, grown.
        let mut automata: Vec<Box<Automaton>> = Vec::with_capacity(ids.len());
        for id in ids {
            automata.extend(std::mem::replace(&mut self.filters[*id][reading as usize], Err(Undecided::Expired)));
        }
        let before: usize = automata.iter().map(|automaton| automaton.bytes()).sum();
        let result = Walk::new(&mut automata, kind.grammar()).run(prefix, quest, meter);
        let after: usize = automata.iter().map(|automaton| automaton.bytes()).sum();
        self.bytes += after - before;
        for (id, automaton) in ids.iter().zip(automata) {
            self.filters[*id][reading as usize] = Ok(automaton);
        }
        result
    }

    fn filter(&mut self, text: &str, kind: Kind) -> FilterId {
        let ids = self.ids.entry(kind).or_default();
        if let Some(id) = ids.get(text) {
            return *id;
        }
        let id = self.filters.len();
        ids.insert(text.into(), id);
        let grammar = kind.grammar();
        let tree = java::parse(text);
        self.filters.push(Reading::ALL.map(|reading| {
            let program = lower(text, tree.as_ref().map_err(Clone::clone)?, grammar, reading)?;
            Ok(Box::new(Automaton::new(program, grammar.alphabet())))
        }));
        id
    }

    fn forget_if_too_much(&mut self) {
        if self.bytes > MAX_BYTES || self.filters.len() > MAX_FILTERS {
            *self = Self::default();
        }
    }
}

/// Looks for a name that every automaton matches.
#[derive(Default)]
struct Common {
    name: Option<String>,
}

impl Quest for Common {
    fn meet(&mut self, matches: &[bool], name: &dyn Fn() -> String) {
        if matches.iter().all(|matches| *matches) {
            self.name.get_or_insert_with(name);
        }
    }

    fn wants(&self, outlooks: &[Outlook]) -> bool {
        self.name.is_none() && !outlooks.contains(&Outlook::None)
    }
}

impl Quest for Extent {
    fn meet(&mut self, matches: &[bool], name: &dyn Fn() -> String) {
        let side = if matches == [true] { &mut self.matched } else { &mut self.unmatched };
        side.get_or_insert_with(name);
    }

    fn wants(&self, outlooks: &[Outlook]) -> bool {
        (self.matched.is_none() && !outlooks.contains(&Outlook::None))
            || (self.unmatched.is_none() && !outlooks.contains(&Outlook::All))
    }
}
