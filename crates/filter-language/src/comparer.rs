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
/// Bytes of filters and verdicts beyond which everything is forgotten.
const MAX_TEXT_BYTES: usize = 64 << 20;
/// About how many bytes a filter and a verdict take besides their texts.
const ENTRY_BYTES: usize = 300;
/// Steps for each byte of a filter that is parsed, and for each operation of its program.
const PARSE_STEPS: u64 = 100;
const LOWER_STEPS: u64 = 50;
/// Steps for looking up what is known.
const LOOKUP_STEPS: u64 = 200;

/// Compares filters, and keeps the automata and the verdicts: filters repeat, and pairs do. What it keeps is
/// bounded; when there is too much of it, it starts anew.
#[derive(Debug, Default)]
pub struct Comparer {
    ids: FxHashMap<Kind, FxHashMap<Box<str>, FilterId>>,
    slots: Vec<Slot>,
    verdicts: FxHashMap<(FilterId, FilterId), Arc<Verdict>>,
    /// The bytes of the automata.
    bytes: usize,
    /// The bytes of the filters and the verdicts.
    text_bytes: usize,
    /// The steps of the questions so far.
    spent: u64,
    /// How many comparisons had too small a budget.
    too_large: usize,
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
    pub fn compare(
        &mut self,
        desired: &str,
        live: &str,
        kind: Kind,
        budget: &Budget,
    ) -> Arc<Verdict> {
        if desired == live {
            return Arc::new(Verdict::new(
                kind,
                desired,
                live,
                Comparison::EQUAL,
                Comparison::EQUAL,
            ));
        }
        self.tidy();
        self.spent += LOOKUP_STEPS;
        let pair = (self.id(desired, kind), self.id(live, kind));
        if let Some(verdict) = self.verdicts.get(&pair) {
            return Arc::clone(verdict);
        }
        let [whole, search] = Reading::ALL.map(|reading| {
            self.relate([desired, live], kind, reading, budget)
                .unwrap_or_else(|(side, undecided)| {
                    self.too_large += usize::from(undecided == Undecided::TooLarge);
                    Comparison::undecided(format!("{side}{undecided}"))
                })
        });
        let verdict = Arc::new(Verdict::new(kind, desired, live, whole, search));
        self.text_bytes += 2 * ENTRY_BYTES + desired.len() + live.len();
        self.verdicts.insert(pair, Arc::clone(&verdict));
        verdict
    }

    /// Returns how many comparisons had too small a budget since the last call.
    pub(super) const fn take_too_large(&mut self) -> usize {
        std::mem::replace(&mut self.too_large, 0)
    }

    /// Returns the steps that questions have taken since the last call.
    pub(super) const fn take_spent(&mut self) -> u64 {
        std::mem::replace(&mut self.spent, 0)
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
        budget: &Budget,
    ) -> Result<Option<String>, Undecided> {
        self.tidy();
        let mut distinct = filters.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.is_empty() {
            distinct.push(".*");
        }
        let mut quest = Common::default();
        self.question(budget, |comparer, meter| {
            comparer.walk(&distinct, "", kind, reading, &mut quest, meter)
        })?;
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
        budget: &Budget,
    ) -> Result<Extent, Undecided> {
        self.tidy();
        let mut extent = Extent::default();
        self.question(budget, |comparer, meter| {
            comparer.walk(&[filter], "", kind, reading, &mut extent, meter)
        })?;
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
        budget: &Budget,
    ) -> Result<Progress, Undecided> {
        self.tidy();
        self.question(budget, |comparer, meter| {
            comparer.find_progress(filter, name, kind, reading, meter)
        })
    }

    fn find_progress(
        &mut self,
        filter: &str,
        name: &str,
        kind: Kind,
        reading: Reading,
        meter: &mut Meter,
    ) -> Result<Progress, Undecided> {
        let mut first_match = |length: usize| {
            let mut quest = Common::default();
            let prefix = name.get(..length).unwrap_or_default();
            self.walk(&[filter], prefix, kind, reading, &mut quest, meter)
                .map(|()| quest.name)
        };
        let Some(mut example) = first_match(0)? else {
            return Ok(Progress::Never);
        };
        // If some match begins with so much of the name, one begins with less of it.
        let (mut length, mut too_long) = (0, kind.grammar().beginning(name) + 1);
        while too_long - length > 1 {
            let middle = length.midpoint(too_long);
            match first_match(middle)? {
                Some(name) => (length, example) = (middle, name),
                None => too_long = middle,
            }
        }
        Ok(if example == name {
            Progress::Matches
        } else {
            Progress::Stops { length, example }
        })
    }

    fn relate(
        &mut self,
        filters: [&str; 2],
        kind: Kind,
        reading: Reading,
        budget: &Budget,
    ) -> Result<Comparison, (&'static str, Undecided)> {
        for (filter, side) in filters
            .into_iter()
            .zip(["desired filter: ", "live filter: "])
        {
            self.automaton(filter, kind, reading)
                .map_err(|undecided| (side, undecided))?;
        }
        let mut quest = Differences::default();
        let walk = self.question(budget, |comparer, meter| {
            comparer.walk(&filters, "", kind, reading, &mut quest, meter)
        });
        walk.map(|()| quest.into_comparison(kind))
            .map_err(|undecided| ("", undecided))
    }

    /// Answers one question within its budget, and counts its steps.
    fn question<T>(
        &mut self,
        budget: &Budget,
        answer: impl FnOnce(&mut Self, &mut Meter) -> T,
    ) -> T {
        let mut meter = Meter::new(budget);
        let answered = answer(self, &mut meter);
        self.spent += LOOKUP_STEPS + meter.spent();
        answered
    }

    /// Walks over the names that begin with `prefix`, along the automata of different filters.
    fn walk(
        &mut self,
        filters: &[&str],
        prefix: &str,
        kind: Kind,
        reading: Reading,
        quest: &mut dyn Quest,
        meter: &mut Meter,
    ) -> Result<(), Undecided> {
        let ids = filters
            .iter()
            .map(|filter| self.automaton(filter, kind, reading));
        let ids = ids.collect::<Result<Vec<FilterId>, Undecided>>()?;
        // The automata are lent to the walk and put back, grown.
        let lent = ids
            .iter()
            .filter_map(|id| self.slots[*id][reading as usize].take());
        let mut automata = lent.collect::<Result<Vec<Box<Automaton>>, Undecided>>()?;
        let before: usize = automata.iter().map(|automaton| automaton.bytes()).sum();
        let result = Walk::new(&mut automata, kind.grammar()).run(prefix, quest, meter);
        self.bytes += automata
            .iter()
            .map(|automaton| automaton.bytes())
            .sum::<usize>()
            - before;
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
        self.text_bytes += ENTRY_BYTES + filter.len();
        ids.insert(filter.into(), id);
        id
    }

    /// Makes a filter's automaton, unless it is there.
    fn automaton(
        &mut self,
        filter: &str,
        kind: Kind,
        reading: Reading,
    ) -> Result<FilterId, Undecided> {
        let id = self.id(filter, kind);
        let automaton = self.slots[id][reading as usize].get_or_insert_with(|| {
            let grammar = kind.grammar();
            self.spent += PARSE_STEPS * filter.len() as u64;
            let program = lower(filter, &java::parse(filter)?, grammar, reading)?;
            self.spent += LOWER_STEPS * program.ops.len() as u64;
            let automaton = Automaton::new(program, grammar.alphabet());
            self.bytes += automaton.bytes();
            Ok(Box::new(automaton))
        });
        automaton.as_ref().map(|_| id).map_err(Clone::clone)
    }

    fn tidy(&mut self) {
        if self.text_bytes > MAX_TEXT_BYTES {
            *self = Self {
                spent: self.spent,
                too_large: self.too_large,
                ..Self::default()
            };
        } else if self.bytes > MAX_BYTES {
            self.slots.fill_with(Slot::default);
            self.bytes = 0;
        }
    }
}
