//! Asks questions about many filters, and remembers what it worked out.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::automaton::Automaton;
use super::budget::{Budget, Meter};
use super::error::Undecided;
use super::kind::Kind;
use super::lower::lower;
use super::quest::{Common, Differences, Extent};
use super::verdict::{Comparison, Verdict};
use super::walk::{Quest, Walk};
use super::{Reading, java};

/// Bytes of automata beyond which they are dropped; they are made again when they are needed.
const MAX_BYTES: usize = 32 << 20;
/// Filters, and verdicts, beyond which everything is forgotten.
const MAX_ENTRIES: usize = 200_000;

/// Compares filters, and keeps the automata and the verdicts: filters repeat, and pairs do. What it keeps is
/// bounded; when there is too much of it, it starts anew.
#[derive(Debug, Default)]
pub struct Comparer {
    ids: FxHashMap<Kind, FxHashMap<Box<str>, FilterId>>,
    slots: Vec<Slot>,
    verdicts: FxHashMap<(FilterId, FilterId), Arc<Verdict>>,
    bytes: usize,
}

type FilterId = usize;

/// A filter's automaton for each [`Reading`], if there is one at the moment.
type Slot = [Option<Result<Box<Automaton>, Undecided>>; 2];

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
        self.tidy();
        let pair = (self.id(desired, kind), self.id(live, kind));
        if let Some(verdict) = self.verdicts.get(&pair) {
            return Arc::clone(verdict);
        }
        let mut expired = false;
        let [whole, search] = Reading::ALL.map(|reading| {
            self.relate([desired, live], kind, reading, budget).unwrap_or_else(|(side, undecided)| {
                expired |= undecided == Undecided::Expired;
                Comparison::undecided(format!("{side}{undecided}"))
            })
        });
        let verdict = Arc::new(Verdict::new(kind, desired, live, whole, search));
        if !expired {
            self.verdicts.insert(pair, Arc::clone(&verdict));
        }
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
        self.tidy();
        let mut distinct = filters.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.is_empty() {
            distinct.push(".*");
        }
        let mut quest = Common::default();
        self.walk(&distinct, "", kind, reading, &mut quest, &mut Meter::new(budget))?;
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
        self.tidy();
        let mut extent = Extent::default();
        self.walk(&[filter], "", kind, reading, &mut extent, &mut Meter::new(budget))?;
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
        self.tidy();
        let meter = &mut Meter::new(budget);
        let mut first_match = |length: usize| {
            let mut quest = Common::default();
            let prefix = name.get(..length).unwrap_or_default();
            self.walk(&[filter], prefix, kind, reading, &mut quest, meter).map(|()| quest.name)
        };
        let Some(mut example) = first_match(0)? else { return Ok(Progress::Never) };
        // If some match begins with so much of the name, one begins with less of it.
        let (mut length, mut too_long) = (0, kind.grammar().beginning(name) + 1);
        while too_long - length > 1 {
            let middle = length.midpoint(too_long);
            match first_match(middle)? {
                Some(name) => (length, example) = (middle, name),
                None => too_long = middle,
            }
        }
        Ok(if example == name { Progress::Matches } else { Progress::Stops { length, example } })
    }

    fn relate(
        &mut self,
        filters: [&str; 2],
        kind: Kind,
        reading: Reading,
        budget: &Budget<'_>,
    ) -> Result<Comparison, (&'static str, Undecided)> {
        for (filter, side) in filters.into_iter().zip(["desired filter: ", "live filter: "]) {
            self.automaton(filter, kind, reading).map_err(|undecided| (side, undecided))?;
        }
        let mut quest = Differences::default();
        let walk = self.walk(&filters, "", kind, reading, &mut quest, &mut Meter::new(budget));
        walk.map(|()| quest.into_comparison()).map_err(|undecided| ("", undecided))
    }

    /// Walks over the names that begin with `prefix`, along the automata of different filters.
    fn walk(
        &mut self,
        filters: &[&str],
        prefix: &str,
        kind: Kind,
        reading: Reading,
        quest: &mut dyn Quest,
        meter: &mut Meter<'_>,
    ) -> Result<(), Undecided> {
        let ids = filters.iter().map(|filter| self.automaton(filter, kind, reading));
        let ids = ids.collect::<Result<Vec<FilterId>, Undecided>>()?;
        // The automata are lent to the walk and put back, grown.
        let lent = ids.iter().filter_map(|id| self.slots[*id][reading as usize].take());
        let mut automata = lent.collect::<Result<Vec<Box<Automaton>>, Undecided>>()?;
        let before: usize = automata.iter().map(|automaton| automaton.bytes()).sum();
        let result = Walk::new(&mut automata, kind.grammar()).run(prefix, quest, meter);
        self.bytes += automata.iter().map(|automaton| automaton.bytes()).sum::<usize>() - before;
        for (id, automaton) in ids.iter().zip(automata) {
            self.slots[*id][reading as usize] = Some(Ok(automaton));
        }
        result
    }

    fn id(&mut self, filter: &str, kind: Kind) -> FilterId {
        let ids = self.ids.entry(kind).or_default();
        if let Some(id) = ids.get(filter) {
            return *id;
        }
        let id = self.slots.len();
        self.slots.push(Slot::default());
        ids.insert(filter.into(), id);
        id
    }

    /// Makes a filter's automaton, unless it is there.
    fn automaton(&mut self, filter: &str, kind: Kind, reading: Reading) -> Result<FilterId, Undecided> {
        let id = self.id(filter, kind);
        let automaton = self.slots[id][reading as usize].get_or_insert_with(|| {
            let grammar = kind.grammar();
            let program = lower(filter, &java::parse(filter)?, grammar, reading)?;
            let automaton = Automaton::new(program, grammar.alphabet());
            self.bytes += automaton.bytes();
            Ok(Box::new(automaton))
        });
        automaton.as_ref().map(|_| id).map_err(Clone::clone)
    }

    fn tidy(&mut self) {
        if self.slots.len() > MAX_ENTRIES || self.verdicts.len() > MAX_ENTRIES {
            *self = Self::default();
        } else if self.bytes > MAX_BYTES {
            self.slots.fill_with(Slot::default);
            self.bytes = 0;
        }
    }
}
