//! One budget for all questions of a run.

use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Reading;
use super::budget::Budget;
use super::comparer::{Comparer, Progress};
use super::error::Undecided;
use super::kind::Kind;
use super::matcher::Pattern;
use super::quest::Extent;
use super::verdict::{Comparison, Verdict};

/// Steps of a run, whatever it has read.
const STEPS: u64 = 100_000_000;
/// Steps of a run for each byte that it has read.
const STEPS_PER_BYTE: u64 = 200;
/// The part of what is left that one question may take.
const SHARE: u64 = 16;
/// The steps that each walk of a question may take at least, while there are any left: enough for plain filters.
const LEAST_STEPS: u64 = 200_000;
/// Bytes of patterns and answers beyond which they are dropped; they are made again when they are needed.
const MAX_CACHED: usize = 32 << 20;
/// Bytes that the parts of a run may keep of their work, and those for each byte that it has read.
const KEPT: usize = 48 << 20;
const KEPT_PER_BYTE: usize = 8;
/// About how many bytes a remembered answer takes besides its texts.
const ANSWER_BYTES: usize = 200;

/// The remembered answers to one kind of question, by the text of the filters.
type Decisions<T> = FxHashMap<Box<str>, Result<T, Undecided>>;

/// Answers all questions of a run within one budget of steps and one of memory, whichever part of the run asks.
///
/// Both budgets are counted, so the same questions in the same order have the same answers on every machine. One
/// question may take a fixed share of the steps that are left: a few hopeless questions leave enough for plain ones,
/// and many of them end in [`Undecided`] ever sooner. A question that finds the budget used up is
/// [`Undecided::Exhausted`], and [`Session::undecided`] counts it.
pub struct Session {
    comparer: Comparer,
    steps_left: u64,
    bytes_left: usize,
    patterns: FxHashMap<Kind, Decisions<Arc<Pattern>>>,
    extents: FxHashMap<(Kind, Reading), Decisions<Extent>>,
    /// By the filters, with a NUL between them.
    meetings: FxHashMap<(Kind, Reading), Decisions<Option<Box<str>>>>,
    cached: usize,
    undecided: usize,
}

impl Session {
    /// A session for a run that has read `bytes` bytes of rules: what is large is worth more work.
    #[must_use]
    pub fn for_input(bytes: usize) -> Self {
        let steps = STEPS_PER_BYTE
            .saturating_mul(bytes as u64)
            .saturating_add(STEPS);
        let kept = KEPT_PER_BYTE.saturating_mul(bytes).saturating_add(KEPT);
        Self {
            bytes_left: kept,
            ..Self::with_steps(steps)
        }
    }

    /// A session with a given number of steps.
    #[must_use]
    pub fn with_steps(steps: u64) -> Self {
        Self {
            comparer: Comparer::new(),
            steps_left: steps,
            bytes_left: KEPT,
            patterns: FxHashMap::default(),
            extents: FxHashMap::default(),
            meetings: FxHashMap::default(),
            cached: 0,
            undecided: 0,
        }
    }

    /// The number of questions that the budget left undecided.
    #[must_use]
    pub const fn undecided(&self) -> usize {
        self.undecided
    }

    /// Whether a budget is used up, so that no further question is answered.
    #[must_use]
    pub const fn is_exhausted(&self) -> bool {
        self.steps_left == 0 || self.bytes_left == 0
    }

    /// Compares a desired and a live filter. Equal texts are equal, whatever they mean.
    pub fn compare(&mut self, desired: &str, live: &str, kind: Kind) -> Arc<Verdict> {
        if desired == live {
            return Arc::new(Verdict::new(
                kind,
                desired,
                live,
                Comparison::EQUAL,
                Comparison::EQUAL,
            ));
        }
        match self.question(Reading::ALL.len() as u64) {
            Ok(budget) => {
                let verdict = self.comparer.compare(desired, live, kind, &budget);
                self.settle();
                self.undecided += usize::from(self.comparer.take_too_large() > 0);
                verdict
            }
            Err(undecided) => {
                let [whole, search] =
                    Reading::ALL.map(|_| Comparison::undecided(undecided.to_string()));
                Arc::new(Verdict::new(kind, desired, live, whole, search))
            }
        }
    }

    /// Returns the first name that all of the filters match; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Where one of the filters is not understood, or the budget does not suffice.
    pub fn meet(
        &mut self,
        filters: &[&str],
        kind: Kind,
        reading: Reading,
    ) -> Result<Option<Box<str>>, Undecided> {
        let key = filters.join("\0").into_boxed_str();
        if let Some(known) = self
            .meetings
            .get(&(kind, reading))
            .and_then(|known| known.get(&key))
        {
            return known.clone();
        }
        let met = self.ask(|comparer, budget| comparer.meet(filters, kind, reading, budget));
        let met = met.map(|name| name.map(String::into_boxed_str));
        self.cache(key.len());
        self.meetings
            .entry((kind, reading))
            .or_default()
            .insert(key, met.clone());
        met
    }

    /// Returns whether a filter matches everything, or nothing, with names that show that it does not.
    ///
    /// # Errors
    ///
    /// As for [`Session::meet`].
    pub fn extent(
        &mut self,
        filter: &str,
        kind: Kind,
        reading: Reading,
    ) -> Result<Extent, Undecided> {
        if let Some(known) = self
            .extents
            .get(&(kind, reading))
            .and_then(|known| known.get(filter))
        {
            return known.clone();
        }
        let extent = self.ask(|comparer, budget| comparer.extent(filter, kind, reading, budget));
        self.cache(filter.len());
        self.extents
            .entry((kind, reading))
            .or_default()
            .insert(filter.into(), extent.clone());
        extent
    }

    /// Returns whether a filter matches no name that can exist, as a whole; false where that is not certain.
    pub fn matches_nothing(&mut self, filter: &str, kind: Kind) -> bool {
        !has_plain_name(filter, kind)
            && self
                .extent(filter, kind, Reading::Whole)
                .is_ok_and(|extent| extent.matched.is_none())
    }

    /// Returns whether a filter matches a name and, where it does not, how much of the name it could go along with.
    ///
    /// # Errors
    ///
    /// As for [`Session::meet`].
    pub fn progress(
        &mut self,
        filter: &str,
        name: &str,
        kind: Kind,
        reading: Reading,
    ) -> Result<Progress, Undecided> {
        self.ask(|comparer, budget| comparer.progress(filter, name, kind, reading, budget))
    }

    /// Returns whether a filter matches a name.
    ///
    /// # Errors
    ///
    /// As for [`Session::meet`].
    pub fn is_match(
        &mut self,
        filter: &str,
        name: &str,
        kind: Kind,
        reading: Reading,
    ) -> Result<bool, Undecided> {
        let pattern = self.pattern(filter, kind)?;
        self.work(pattern.match_steps(name))?;
        Ok(pattern.is_match(name, reading))
    }

    /// Takes steps off the budget for work that is no question about a filter.
    ///
    /// # Errors
    ///
    /// [`Undecided::Exhausted`] where fewer steps are left.
    pub fn work(&mut self, steps: u64) -> Result<(), Undecided> {
        let left = self.steps_left.checked_sub(steps);
        self.steps_left = left.unwrap_or_default();
        match left {
            Some(_) => Ok(()),
            None => Err(self.exhausted()),
        }
    }

    /// Takes bytes off the budget, for what is kept to the end of the run.
    ///
    /// # Errors
    ///
    /// [`Undecided::Exhausted`] where fewer bytes are left.
    pub fn keep(&mut self, bytes: usize) -> Result<(), Undecided> {
        let left = self.bytes_left.checked_sub(bytes);
        self.bytes_left = left.unwrap_or_default();
        match left {
            Some(_) => Ok(()),
            None => Err(self.exhausted()),
        }
    }

    fn pattern(&mut self, filter: &str, kind: Kind) -> Result<Arc<Pattern>, Undecided> {
        if let Some(known) = self.patterns.get(&kind).and_then(|known| known.get(filter)) {
            return known.clone();
        }
        self.work(Pattern::parse_steps(filter))?;
        let pattern = Pattern::new(filter, kind).map(Arc::new);
        let bytes = pattern.as_ref().map_or(0, |pattern| pattern.bytes());
        self.steps_left = self.steps_left.saturating_sub(bytes as u64);
        self.cache(filter.len() + bytes);
        self.patterns
            .entry(kind)
            .or_default()
            .insert(filter.into(), pattern.clone());
        pattern
    }

    /// Makes room for one more answer.
    fn cache(&mut self, bytes: usize) {
        self.cached += ANSWER_BYTES + bytes;
        if self.cached > MAX_CACHED {
            self.patterns.clear();
            self.extents.clear();
            self.meetings.clear();
            self.cached = 0;
        }
    }

    fn ask<T>(
        &mut self,
        answer: impl FnOnce(&mut Comparer, &Budget) -> Result<T, Undecided>,
    ) -> Result<T, Undecided> {
        let budget = self.question(1)?;
        let answered = answer(&mut self.comparer, &budget);
        self.settle();
        self.undecided += usize::from(matches!(answered, Err(Undecided::TooLarge)));
        answered
    }

    /// Returns the budget of each walk of one more question.
    fn question(&mut self, walks: u64) -> Result<Budget, Undecided> {
        if self.steps_left == 0 {
            return Err(self.exhausted());
        }
        let most = Budget::default();
        let share = (self.steps_left / (SHARE * walks))
            .max(LEAST_STEPS)
            .min(self.steps_left);
        Ok(Budget {
            steps: share.min(most.steps),
            ..most
        })
    }

    /// Takes off what the comparer has spent.
    fn settle(&mut self) {
        let spent = self.comparer.take_spent();
        self.steps_left = self.steps_left.saturating_sub(spent);
    }

    fn exhausted(&mut self) -> Undecided {
        self.undecided += 1;
        Undecided::Exhausted
    }
}

impl Default for Session {
    /// A session for a run that has read next to nothing.
    fn default() -> Self {
        Self::for_input(0)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("steps_left", &self.steps_left)
            .field("bytes_left", &self.bytes_left)
            .field("undecided", &self.undecided)
            .finish_non_exhaustive()
    }
}

/// Whether a filter matches a name for a reason that needs no automaton: it is literal text with `.*`, `.+` and `\.`.
fn has_plain_name(filter: &str, kind: Kind) -> bool {
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
    let is_whole = filter.ends_with(".*") && kind.is_name(&format!("{name}aa"));
    is_whole
        || filter.starts_with(".*") && kind.is_name(&format!("aa{name}"))
        || kind.is_name(&name)
}

#[cfg(test)]
mod tests {
    use super::{Session, has_plain_name};
    use crate::{Kind, Reading, Relation, Undecided};

    #[test]
    fn hopeless_questions_leave_enough_for_plain_ones_and_end_sooner_and_sooner() {
        let mut session = Session::default();
        let before = session.steps_left;
        for i in 0..40 {
            let verdict = session.compare(&format!(".*a.{{40}}{i}"), ".*b.{40}", Kind::Tag);
            assert_eq!(verdict.whole.relation, Relation::Undecided);
        }
        assert!(
            session.steps_left > before / 100 && session.undecided() == 40,
            "{session:?}"
        );
        assert!(session.compare("v[0-9]+", r"v\d+", Kind::Tag).in_sync);
    }

    #[test]
    fn questions_that_are_answered_cost_steps_too() {
        let mut session = Session::with_steps(60_000_000);
        let mut decided = 0;
        for i in 0..1_000 {
            let verdict = session.compare(
                &format!("(a|b)*a(a|b){{9}}|z{i}"),
                &format!("(a|b)*a[ab]{{9}}|z{i}"),
                Kind::Tag,
            );
            decided += u32::from(verdict.whole.relation == Relation::Equal);
        }
        assert!((1..1_000).contains(&decided), "{decided}");
        assert_eq!(
            (session.steps_left, session.undecided()),
            (0, 1_000 - decided as usize)
        );
        assert_eq!(
            session.meet(&["v"], Kind::Tag, Reading::Whole),
            Err(Undecided::Exhausted)
        );
        assert_eq!(
            session.is_match("v", "v", Kind::Tag, Reading::Whole),
            Err(Undecided::Exhausted)
        );
        assert!(session.compare("v(", "v(", Kind::Tag).in_sync);
    }

    #[test]
    fn memory_is_one_budget_too() {
        let mut session = Session::default();
        assert_eq!(session.keep(40 << 20), Ok(()));
        assert_eq!(session.keep(40 << 20), Err(Undecided::Exhausted));
        assert_eq!(Session::for_input(10 << 20).keep(80 << 20), Ok(()));
        assert_eq!(session.undecided(), 1);
    }

    #[test]
    fn what_matches_no_name_is_told_from_what_matches_some() {
        let mut session = Session::default();
        for (filter, kind, nothing) in [
            ("v1 ", Kind::Tag, true),
            ("latest,stable", Kind::Tag, true),
            ("/^v1$/", Kind::Tag, true),
            ("Web.*", Kind::Repository, true),
            ("Web.*", Kind::Tag, false),
            ("web/.*", Kind::Repository, false),
            ("web/.*", Kind::Tag, true),
            ("a", Kind::Namespace, true),
            ("a.*", Kind::Namespace, false),
            ("[-]", Kind::Repository, true),
            ("(?!.*)v", Kind::Tag, true),
            ("(v)\\1", Kind::Tag, false),
            ("v(", Kind::Tag, false),
            ("a{129}", Kind::Tag, true),
            (r"\.v", Kind::Tag, true),
            (r"v\.", Kind::Tag, false),
            ("标签", Kind::Tag, true),
        ] {
            assert_eq!(
                session.matches_nothing(filter, kind),
                nothing,
                "{filter} {kind:?}"
            );
        }
    }

    /// What is answered without an automaton is what the automaton answers.
    #[test]
    fn plain_names_are_matched_by_their_filters() {
        let mut session = Session::default();
        for filter in [
            "v.*", ".*", "^v1$", r"v\..*", ".*-rc", "a.b", "", "-", "a", "A.*", ".+", "a/.*",
            "-.*", ".*-", "^", "$",
        ] {
            for kind in Kind::ALL {
                let matched = session
                    .extent(filter, kind, Reading::Whole)
                    .map(|extent| extent.matched.is_some());
                if has_plain_name(filter, kind) {
                    assert_eq!(matched, Ok(true), "{filter} {kind:?}");
                }
            }
        }
    }
}
