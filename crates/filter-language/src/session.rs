//! Queries of a whole run within one budget.

use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Reading;
use super::budget::QueryBudget;
use super::comparer::{Comparer, FilterQuery, PrefixMatch};
use super::error::Undecided;
use super::matcher::CompiledFilter;
use super::name_kind::NameKind;
use super::verdict::{FilterVerdict, ReadingComparison};
use super::visitor::Coverage;

/// The steps of a run without input.
const STEPS: u64 = 100_000_000;
/// The additional steps of a run per byte of input.
const STEPS_PER_BYTE: u64 = 200;
/// The divisor of the remaining steps that gives the share of one query.
const SHARE_DIVISOR: u64 = 16;
/// The minimum steps of each search of a query, while steps are left: enough for plain filters.
const MIN_SEARCH_STEPS: u64 = 200_000;
/// The limit of the memory of compiled filters and results, in bytes. Beyond it the cache is dropped.
const MAX_CACHED_BYTES: usize = 32 << 20;
/// The memory that a run may keep until its end without input, and the additional memory per byte of input, in bytes.
const KEPT_BYTES: usize = 48 << 20;
const KEPT_BYTES_PER_BYTE: usize = 8;
/// The approximate size of a cached result without its texts, in bytes.
const RESULT_BYTES: usize = 200;

/// The cached results of one kind of query, by the texts of the filters.
type ResultCache<T> = FxHashMap<Box<str>, Result<T, Undecided>>;

/// Answers all queries of a run within one budget of steps and one of memory, shared by all parts of the run.
///
/// Both budgets are counted, not measured: the same queries in the same order have the same answers on every machine. A
/// query may use a fixed share of the remaining steps, so a few expensive queries leave enough for plain ones, and a
/// series of expensive queries ends in [`Undecided`] at ever lower cost. A query without any budget left is
/// [`Undecided::Exhausted`]. [`FilterSession::over_budget`] counts the queries that exceeded the budget.
///
/// ```
/// use filter_language::{NameKind, FilterSession};
///
/// let mut session = FilterSession::default();
/// assert!(session.compare("v[0-9]", r"v\d", NameKind::Tag).in_sync);
/// assert!(session.has_no_match("Web.*", NameKind::Repository));
/// ```
pub struct FilterSession {
    comparer: Comparer,
    steps_left: u64,
    bytes_left: usize,
    compiled: FxHashMap<NameKind, ResultCache<Arc<CompiledFilter>>>,
    coverages: FxHashMap<(NameKind, Reading), ResultCache<Coverage>>,
    /// By the texts of the filters, separated by NUL.
    intersections: FxHashMap<(NameKind, Reading), ResultCache<Option<Box<str>>>>,
    cached: usize,
    over_budget: usize,
}

impl FilterSession {
    /// Returns a session for a run with `bytes` bytes of input. The budgets grow with the input.
    #[must_use]
    pub fn for_input(bytes: usize) -> Self {
        let steps = STEPS_PER_BYTE
            .saturating_mul(bytes as u64)
            .saturating_add(STEPS);
        let kept = KEPT_BYTES_PER_BYTE
            .saturating_mul(bytes)
            .saturating_add(KEPT_BYTES);
        Self {
            bytes_left: kept,
            ..Self::with_steps(steps)
        }
    }

    /// Returns a session with a number of steps.
    #[must_use]
    pub fn with_steps(steps: u64) -> Self {
        Self {
            comparer: Comparer::new(),
            steps_left: steps,
            bytes_left: KEPT_BYTES,
            compiled: FxHashMap::default(),
            coverages: FxHashMap::default(),
            intersections: FxHashMap::default(),
            cached: 0,
            over_budget: 0,
        }
    }

    /// Returns the number of queries that exceeded the budget.
    #[must_use]
    pub const fn over_budget(&self) -> usize {
        self.over_budget
    }

    /// Returns whether a budget is used up. A session without budget answers no further query.
    #[must_use]
    pub const fn is_exhausted(&self) -> bool {
        self.steps_left == 0 || self.bytes_left == 0
    }

    /// Compares a desired and a live filter. Equal texts are equal, even if they are invalid.
    pub fn compare(&mut self, desired: &str, live: &str, kind: NameKind) -> Arc<FilterVerdict> {
        if desired == live {
            return Arc::new(FilterVerdict::from_equal_texts(kind, desired));
        }
        match self.next_budget(Reading::ALL.len() as u64) {
            Ok(budget) => {
                let verdict = self.comparer.compare(desired, live, kind, &budget);
                self.deduct_spent();
                if self.comparer.take_too_large() > 0 {
                    self.over_budget += 1;
                }
                verdict
            }
            Err(undecided) => {
                let comparison = ReadingComparison::undecided(undecided);
                Arc::new(FilterVerdict::new(
                    kind,
                    [desired, live],
                    comparison.clone(),
                    comparison,
                ))
            }
        }
    }

    /// Returns the first name that all filters match; `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`Undecided`] if one of the filters is not supported, or if the query exceeds the budget.
    pub fn intersection(
        &mut self,
        filters: &[&str],
        kind: NameKind,
        reading: Reading,
    ) -> Result<Option<Box<str>>, Undecided> {
        let key = filters.join("\0").into_boxed_str();
        if let Some(known) = self
            .intersections
            .get(&(kind, reading))
            .and_then(|results| results.get(&key))
        {
            return known.clone();
        }
        let name = self
            .run_query(|comparer, budget| comparer.intersection(filters, kind, reading, budget))
            .map(|name| name.map(String::into_boxed_str));
        self.cache(key.len());
        self.intersections
            .entry((kind, reading))
            .or_default()
            .insert(key, name.clone());
        name
    }

    /// Returns the first name that a filter matches and the first one that it does not match.
    ///
    /// # Errors
    ///
    /// As for [`FilterSession::intersection`].
    pub fn coverage(
        &mut self,
        filter: &str,
        kind: NameKind,
        reading: Reading,
    ) -> Result<Coverage, Undecided> {
        if let Some(known) = self
            .coverages
            .get(&(kind, reading))
            .and_then(|results| results.get(filter))
        {
            return known.clone();
        }
        let coverage =
            self.run_query(|comparer, budget| comparer.coverage(filter, kind, reading, budget));
        self.cache(filter.len());
        self.coverages
            .entry((kind, reading))
            .or_default()
            .insert(filter.into(), coverage.clone());
        coverage
    }

    /// Returns whether a filter matches no name as a whole; false if that is undecided.
    pub fn has_no_match(&mut self, filter: &str, kind: NameKind) -> bool {
        !has_obvious_match(filter, kind)
            && self
                .coverage(filter, kind, Reading::Whole)
                .is_ok_and(|coverage| coverage.matched.is_none())
    }

    /// Returns whether a filter matches a name and, if not, the longest prefix of the name that some match begins with.
    ///
    /// # Errors
    ///
    /// As for [`FilterSession::intersection`].
    pub fn longest_prefix(
        &mut self,
        filter: &str,
        name: &str,
        kind: NameKind,
        reading: Reading,
    ) -> Result<PrefixMatch, Undecided> {
        let query = FilterQuery {
            filter,
            kind,
            reading,
        };
        self.run_query(|comparer, budget| comparer.longest_prefix(query, name, budget))
    }

    /// Returns whether a filter matches a name.
    ///
    /// # Errors
    ///
    /// As for [`FilterSession::intersection`].
    pub fn is_match(
        &mut self,
        filter: &str,
        name: &str,
        kind: NameKind,
        reading: Reading,
    ) -> Result<bool, Undecided> {
        let compiled = self.compile(filter, kind)?;
        self.charge_steps(compiled.match_steps(name))?;
        Ok(compiled.is_match(name, reading))
    }

    /// Charges steps of other work than queries to the budget.
    ///
    /// # Errors
    ///
    /// [`Undecided::Exhausted`] if fewer steps are left.
    pub fn charge_steps(&mut self, steps: u64) -> Result<(), Undecided> {
        let left = self.steps_left.checked_sub(steps);
        self.steps_left = left.unwrap_or_default();
        match left {
            Some(_) => Ok(()),
            None => Err(self.count_exhausted()),
        }
    }

    /// Charges memory that is kept until the end of the run to the budget.
    ///
    /// # Errors
    ///
    /// [`Undecided::Exhausted`] if fewer bytes are left.
    pub fn charge_bytes(&mut self, bytes: usize) -> Result<(), Undecided> {
        let left = self.bytes_left.checked_sub(bytes);
        self.bytes_left = left.unwrap_or_default();
        match left {
            Some(_) => Ok(()),
            None => Err(self.count_exhausted()),
        }
    }

    /// Returns the compiled form of a filter, from the cache if possible.
    fn compile(&mut self, filter: &str, kind: NameKind) -> Result<Arc<CompiledFilter>, Undecided> {
        let cached = self.compiled.get(&kind);
        if let Some(known) = cached.and_then(|results| results.get(filter)) {
            return known.clone();
        }
        self.charge_steps(CompiledFilter::compile_steps(filter))?;
        let compiled = CompiledFilter::new(filter, kind).map(Arc::new);
        let bytes = match &compiled {
            Ok(compiled) => compiled.bytes(),
            Err(_) => 0,
        };
        self.steps_left = self.steps_left.saturating_sub(bytes as u64);
        self.cache(filter.len() + bytes);
        self.compiled
            .entry(kind)
            .or_default()
            .insert(filter.into(), compiled.clone());
        compiled
    }

    /// Accounts for a new entry of the cache, and drops the cache if it exceeds its limit.
    fn cache(&mut self, bytes: usize) {
        self.cached += RESULT_BYTES + bytes;
        if self.cached > MAX_CACHED_BYTES {
            self.compiled.clear();
            self.coverages.clear();
            self.intersections.clear();
            self.cached = 0;
        }
    }

    /// Runs one query of one search within its share of the budget.
    fn run_query<T>(
        &mut self,
        query: impl FnOnce(&mut Comparer, &QueryBudget) -> Result<T, Undecided>,
    ) -> Result<T, Undecided> {
        let budget = self.next_budget(1)?;
        let result = query(&mut self.comparer, &budget);
        self.deduct_spent();
        if matches!(result, Err(Undecided::TooLarge)) {
            self.over_budget += 1;
        }
        result
    }

    /// Returns the budget of each search of the next query.
    fn next_budget(&mut self, searches: u64) -> Result<QueryBudget, Undecided> {
        if self.steps_left == 0 {
            return Err(self.count_exhausted());
        }
        let maximum = QueryBudget::default();
        let share = (self.steps_left / (SHARE_DIVISOR * searches))
            .max(MIN_SEARCH_STEPS)
            .min(self.steps_left);
        Ok(QueryBudget {
            steps: share.min(maximum.steps),
            ..maximum
        })
    }

    /// Subtracts the steps that the comparer has spent.
    fn deduct_spent(&mut self) {
        let spent = self.comparer.take_spent();
        self.steps_left = self.steps_left.saturating_sub(spent);
    }

    fn count_exhausted(&mut self) -> Undecided {
        self.over_budget += 1;
        Undecided::Exhausted
    }
}

impl Default for FilterSession {
    /// Returns a session for a run without input.
    fn default() -> Self {
        Self::for_input(0)
    }
}

impl fmt::Debug for FilterSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilterSession")
            .field("steps_left", &self.steps_left)
            .field("bytes_left", &self.bytes_left)
            .field("over_budget", &self.over_budget)
            .finish_non_exhaustive()
    }
}

/// Returns whether a filter of literal text, `.*`, `.+` and `\.` obviously matches a name. No automaton is needed.
fn has_obvious_match(filter: &str, kind: NameKind) -> bool {
    let filter = filter.strip_prefix('^').unwrap_or(filter);
    let filter = filter.strip_suffix('$').unwrap_or(filter);
    let mut name = String::with_capacity(filter.len());
    let mut rest = filter;
    while let Some(ch) = rest.chars().next() {
        let (more, length) = match ch {
            '.' if rest.starts_with(".*") => ("", 2),
            '.' if rest.starts_with(".+") => ("a", 2),
            '.' => ("a", 1),
            '\\' if rest.starts_with("\\.") => (".", 2),
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' | '/' => {
                (rest.get(..1).unwrap_or_default(), 1)
            }
            _ => return false,
        };
        name.push_str(more);
        rest = rest.get(length..).unwrap_or_default();
    }
    // Two more characters satisfy the minimum length and the grammar of either end.
    kind.is_name(&name)
        || (filter.ends_with(".*") && kind.is_name(&format!("{name}aa")))
        || (filter.starts_with(".*") && kind.is_name(&format!("aa{name}")))
}

#[cfg(test)]
mod tests;
