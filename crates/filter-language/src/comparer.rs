//! Queries about filters, with a cache of automata and verdicts.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::automaton::Automaton;
use super::budget::{BudgetTracker, QueryBudget};
use super::error::Undecided;
use super::lowering::lower;
use super::name_kind::NameKind;
use super::product::ProductBfs;
use super::verdict::{FilterSide, FilterVerdict, ReadingComparison, UndecidedReason};
use super::visitor::{Coverage, DifferenceFinder, IntersectionFinder, ProductVisitor};
use super::{Reading, java};

/// The limit of the memory of the automata, in bytes. Beyond it all of them are dropped, and built again on demand.
const MAX_BYTES: usize = 32 << 20;
/// The limit of the memory of filters and verdicts, in bytes. Beyond it the whole cache is dropped.
const MAX_TEXT_BYTES: usize = 64 << 20;
/// The approximate size of a filter or a verdict without its texts, in bytes.
const ENTRY_BYTES: usize = 300;
/// The steps per byte of a parsed filter, and per operation of its program.
const PARSE_STEPS: u64 = 100;
const LOWER_STEPS: u64 = 50;
/// The steps of a cache lookup.
const LOOKUP_STEPS: u64 = 200;

/// Compares filters, and caches their automata and the verdicts. The cache is bounded: a cache that exceeds its limit
/// is dropped.
///
/// ```
/// use filter_language::{Comparer, NameKind, QueryBudget, Reading};
///
/// let mut comparer = Comparer::new();
/// let budget = QueryBudget::default();
/// let name = comparer.intersection(&["v.*", ".*-rc"], NameKind::Tag, Reading::Whole, &budget)?;
/// assert_eq!(name.as_deref(), Some("v-rc"));
/// # Ok::<(), filter_language::Undecided>(())
/// ```
#[derive(Debug, Default)]
pub struct Comparer {
    ids: FxHashMap<NameKind, FxHashMap<Box<str>, FilterId>>,
    slots: Vec<AutomatonSlot>,
    verdicts: FxHashMap<(FilterId, FilterId), Arc<FilterVerdict>>,
    /// The size of the automata, in bytes.
    bytes: usize,
    /// The size of the filters and the verdicts, in bytes.
    text_bytes: usize,
    /// The steps of all queries since the last [`Self::take_spent`].
    spent: u64,
    /// The number of comparisons that exceeded their budget since the last [`Self::take_too_large`].
    too_large: usize,
}

type FilterId = usize;

/// A filter's automaton under each [`Reading`]; `None` if it is not built.
type AutomatonSlot = [Option<Result<Box<Automaton>, Undecided>>; 2];

/// The result of matching the prefixes of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrefixMatch {
    /// The filter matches the name.
    Full,
    /// The filter does not match the name.
    Partial {
        /// The length of the longest prefix of the name that some match begins with, in characters (all ASCII).
        length: usize,
        /// The first match that begins with the prefix.
        example: String,
    },
    /// The filter matches no name.
    Empty,
}

/// A filter, with the way in which it is applied to names.
#[derive(Debug, Clone, Copy)]
pub struct FilterQuery<'a> {
    /// The filter.
    pub filter: &'a str,
    /// The kind of the names.
    pub kind: NameKind,
    /// The reading of the filter.
    pub reading: Reading,
}

/// A search of the names that begin with a prefix.
struct NameSearch<'a> {
    /// Distinct filters.
    filters: &'a [&'a str],
    prefix: &'a str,
    kind: NameKind,
    reading: Reading,
}

impl Comparer {
    /// Returns a comparer with an empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Compares a desired and a live filter. Equal texts are equal, even if they are invalid.
    pub fn compare(
        &mut self,
        desired: &str,
        live: &str,
        kind: NameKind,
        budget: &QueryBudget,
    ) -> Arc<FilterVerdict> {
        if desired == live {
            return Arc::new(FilterVerdict::from_equal_texts(kind, desired));
        }
        self.evict();
        self.spent += LOOKUP_STEPS;
        let pair = (self.id(desired, kind), self.id(live, kind));
        if let Some(verdict) = self.verdicts.get(&pair) {
            return Arc::clone(verdict);
        }
        let filters = [desired, live];
        let whole = self.compare_reading(filters, kind, Reading::Whole, budget);
        let search = self.compare_reading(filters, kind, Reading::Search, budget);
        let verdict = Arc::new(FilterVerdict::new(kind, filters, whole, search));
        self.text_bytes += 2 * ENTRY_BYTES + desired.len() + live.len();
        self.verdicts.insert(pair, Arc::clone(&verdict));
        verdict
    }

    /// Returns the number of comparisons that exceeded their budget since the last call.
    pub(super) const fn take_too_large(&mut self) -> usize {
        std::mem::replace(&mut self.too_large, 0)
    }

    /// Returns the steps of all queries since the last call.
    pub(super) const fn take_spent(&mut self) -> u64 {
        std::mem::replace(&mut self.spent, 0)
    }

    /// Returns the first name that all filters match; `None` if there is none. Without filters, every name qualifies.
    ///
    /// # Errors
    ///
    /// [`Undecided`] if one of the filters is not supported, or if the query exceeds the budget.
    pub fn intersection(
        &mut self,
        filters: &[&str],
        kind: NameKind,
        reading: Reading,
        budget: &QueryBudget,
    ) -> Result<Option<String>, Undecided> {
        self.evict();
        let mut distinct = filters.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.is_empty() {
            distinct.push(".*");
        }
        let mut visitor = IntersectionFinder::default();
        let search = NameSearch {
            filters: &distinct,
            prefix: "",
            kind,
            reading,
        };
        self.run_query(budget, |comparer, tracker| {
            comparer.search(&search, &mut visitor, tracker)
        })?;
        Ok(visitor.name)
    }

    /// Returns the first name that a filter matches and the first one that it does not match.
    ///
    /// # Errors
    ///
    /// [`Undecided`] if the filter is not supported, or if the query exceeds the budget.
    pub fn coverage(
        &mut self,
        filter: &str,
        kind: NameKind,
        reading: Reading,
        budget: &QueryBudget,
    ) -> Result<Coverage, Undecided> {
        self.evict();
        let mut coverage = Coverage::default();
        let search = NameSearch {
            filters: &[filter],
            prefix: "",
            kind,
            reading,
        };
        self.run_query(budget, |comparer, tracker| {
            comparer.search(&search, &mut coverage, tracker)
        })?;
        Ok(coverage)
    }

    /// Returns whether a filter matches a name and, if not, the longest prefix of the name that some match begins with.
    ///
    /// # Errors
    ///
    /// [`Undecided`] if the filter is not supported, or if the query exceeds the budget.
    pub fn longest_prefix(
        &mut self,
        query: FilterQuery<'_>,
        name: &str,
        budget: &QueryBudget,
    ) -> Result<PrefixMatch, Undecided> {
        self.evict();
        self.run_query(budget, |comparer, tracker| {
            comparer.find_longest_prefix(query, name, tracker)
        })
    }

    fn find_longest_prefix(
        &mut self,
        query: FilterQuery<'_>,
        name: &str,
        tracker: &mut BudgetTracker,
    ) -> Result<PrefixMatch, Undecided> {
        let FilterQuery {
            filter,
            kind,
            reading,
        } = query;
        let mut first_match = |length: usize| {
            let mut visitor = IntersectionFinder::default();
            let search = NameSearch {
                filters: &[filter],
                prefix: name.get(..length).unwrap_or_default(),
                kind,
                reading,
            };
            self.search(&search, &mut visitor, tracker)
                .map(|()| visitor.name)
        };
        let Some(mut example) = first_match(0)? else {
            return Ok(PrefixMatch::Empty);
        };
        // Binary search: a prefix of a viable prefix is viable.
        let mut length = 0;
        let mut too_long = kind.grammar().longest_prefix(name) + 1;
        while too_long - length > 1 {
            let middle = length.midpoint(too_long);
            match first_match(middle)? {
                Some(name) => {
                    length = middle;
                    example = name;
                }
                None => too_long = middle,
            }
        }
        Ok(if example == name {
            PrefixMatch::Full
        } else {
            PrefixMatch::Partial { length, example }
        })
    }

    /// Compares a desired and a live filter under one reading. A reason names the filter that causes it.
    fn compare_reading(
        &mut self,
        filters: [&str; 2],
        kind: NameKind,
        reading: Reading,
        budget: &QueryBudget,
    ) -> ReadingComparison {
        for (filter, side) in filters
            .into_iter()
            .zip([FilterSide::Desired, FilterSide::Live])
        {
            if let Err(undecided) = self.automaton(filter, kind, reading) {
                self.count_too_large(&undecided);
                return ReadingComparison::undecided(UndecidedReason::Filter { side, undecided });
            }
        }
        let mut visitor = DifferenceFinder::default();
        let search = NameSearch {
            filters: &filters,
            prefix: "",
            kind,
            reading,
        };
        let outcome = self.run_query(budget, |comparer, tracker| {
            comparer.search(&search, &mut visitor, tracker)
        });
        match outcome {
            Ok(()) => visitor.into_comparison(kind),
            Err(undecided) => {
                self.count_too_large(&undecided);
                ReadingComparison::undecided(undecided)
            }
        }
    }

    fn count_too_large(&mut self, undecided: &Undecided) {
        if *undecided == Undecided::TooLarge {
            self.too_large += 1;
        }
    }

    /// Runs one query within its budget, and counts its steps.
    fn run_query<T>(
        &mut self,
        budget: &QueryBudget,
        query: impl FnOnce(&mut Self, &mut BudgetTracker) -> T,
    ) -> T {
        let mut tracker = BudgetTracker::new(budget);
        let result = query(self, &mut tracker);
        self.spent += LOOKUP_STEPS + tracker.spent_steps();
        result
    }

    /// Searches names in the product of the automata of the filters.
    fn search(
        &mut self,
        search: &NameSearch<'_>,
        visitor: &mut dyn ProductVisitor,
        tracker: &mut BudgetTracker,
    ) -> Result<(), Undecided> {
        let NameSearch {
            filters,
            prefix,
            kind,
            reading,
        } = *search;
        let mut ids: Vec<FilterId> = Vec::with_capacity(filters.len());
        for filter in filters {
            ids.push(self.automaton(filter, kind, reading)?);
        }
        // The search borrows the automata mutably; they are moved out of their slots and back.
        let mut automata = Vec::with_capacity(ids.len());
        for id in &ids {
            if let Some(automaton) = self.slots[*id][reading as usize].take() {
                automata.push(automaton?);
            }
        }
        let size_before = total_bytes(&automata);
        let result = ProductBfs::new(&mut automata, kind.grammar()).run(prefix, visitor, tracker);
        self.bytes += total_bytes(&automata) - size_before;
        for (id, automaton) in ids.iter().zip(automata) {
            self.slots[*id][reading as usize] = Some(Ok(automaton));
        }
        result
    }

    /// Returns the id of a filter, a new one if the filter is not cached.
    fn id(&mut self, filter: &str, kind: NameKind) -> FilterId {
        let ids = self.ids.entry(kind).or_default();
        if let Some(id) = ids.get(filter) {
            return *id;
        }
        let id = self.slots.len();
        self.slots.push(AutomatonSlot::default());
        self.text_bytes += ENTRY_BYTES + filter.len();
        ids.insert(filter.into(), id);
        id
    }

    /// Builds the automaton of a filter, unless it is cached.
    fn automaton(
        &mut self,
        filter: &str,
        kind: NameKind,
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

    /// Drops the cache, or the automata only, beyond their limits.
    fn evict(&mut self) {
        if self.text_bytes > MAX_TEXT_BYTES {
            *self = Self {
                spent: self.spent,
                too_large: self.too_large,
                ..Self::default()
            };
        } else if self.bytes > MAX_BYTES {
            self.slots.fill_with(AutomatonSlot::default);
            self.bytes = 0;
        }
    }
}

fn total_bytes(automata: &[Box<Automaton>]) -> usize {
    automata.iter().map(|automaton| automaton.bytes()).sum()
}
