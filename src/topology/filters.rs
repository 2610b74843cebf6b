//! What filters let through together, each question answered once and all of them within one budget.

use std::fmt::Display;

use rustc_hash::{FxHashMap, FxHashSet};

use super::spot::Numbers;
use crate::model::MATCH_ALL;
use crate::pattern::{Budget, Comparer, Kind, Pattern, Reading, Relation};

/// Steps that one question may take: about 10 ms.
const STEPS: u64 = 10_000_000;
/// The same for each further one, after some could not be answered: a hostile estate must not cost minutes.
const FEWER_STEPS: u64 = 200_000;
/// How many those are.
const PATIENCE: u32 = 50;
/// How many questions are answered with automata: together about 2 s of plain filters.
const MAX_QUESTIONS: u32 = 20_000;

/// Names that a person would give: where one of them will do, it is the example.
const LIKELY: [(Kind, &[&str]); 3] =
    [(Kind::Namespace, &["team", "prod"]), (Kind::Repository, &["app"]), (Kind::Tag, &["v1.0.0", "latest"])];

/// A set of filters that all have to let a name through, by its number; 0 is the empty one.
pub(super) type SetId = u32;

/// Why something is not known, by its number.
pub(super) type DoubtId = u32;

/// What can be known of filters.
pub(super) type Known<T> = Result<T, DoubtId>;

/// The filters of a network.
#[derive(Debug)]
pub(super) struct Filters<'n> {
    numbers: &'n Numbers<'n>,
    match_all: u32,
    comparer: Comparer,
    sets: Vec<Box<[u32]>>,
    set_ids: FxHashMap<Box<[u32]>, SetId>,
    joined: FxHashMap<(SetId, u32), SetId>,
    examples: FxHashMap<(Kind, SetId), Known<Option<Box<str>>>>,
    patterns: FxHashMap<(Kind, u32), Known<Pattern>>,
    matches: FxHashMap<(Kind, u32, u32), Known<bool>>,
    covers: FxHashMap<(Kind, u32, u32), Known<bool>>,
    doubts: Vec<Box<str>>,
    doubt_ids: FxHashMap<Box<str>, DoubtId>,
    questions: u32,
    unanswered: u32,
}

impl<'n> Filters<'n> {
    pub(super) fn new(numbers: &'n Numbers<'n>) -> Self {
        let empty: Box<[u32]> = Box::default();
        Self {
            numbers,
            match_all: numbers.known(MATCH_ALL),
            comparer: Comparer::new(),
            sets: vec![empty.clone()],
            set_ids: std::iter::once((empty, 0)).collect(),
            joined: FxHashMap::default(),
            examples: FxHashMap::default(),
            patterns: FxHashMap::default(),
            matches: FxHashMap::default(),
            covers: FxHashMap::default(),
            doubts: Vec::new(),
            doubt_ids: FxHashMap::default(),
            questions: 0,
            unanswered: 0,
        }
    }

    /// Why something is not known, as a fragment of a sentence.
    pub(super) fn doubt(&self, id: DoubtId) -> &str {
        self.doubts.get(id as usize).map_or("", |it| &**it)
    }

    /// A set with one more filter in it.
    pub(super) fn join(&mut self, set: SetId, filter: u32) -> SetId {
        if filter == self.match_all {
            return set;
        }
        if let Some(known) = self.joined.get(&(set, filter)) {
            return *known;
        }
        let mut filters = self.sets[set as usize].to_vec();
        if let Err(at) = filters.binary_search(&filter) {
            filters.insert(at, filter);
        }
        let filters = filters.into_boxed_slice();
        let next = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        let id = *self.set_ids.entry(filters).or_insert_with_key(|filters| {
            self.sets.push(filters.clone());
            next
        });
        self.joined.insert((set, filter), id);
        id
    }

    /// Whether there is a name that every filter of a set lets through.
    pub(super) fn any(&mut self, kind: Kind, set: SetId) -> Known<bool> {
        if set == 0 {
            return Ok(true);
        }
        if let Some(known) = self.examples.get(&(kind, set)) {
            return known.as_ref().map(Option::is_some).map_err(|why| *why);
        }
        self.example(kind, set).map(|it| it.is_some())
    }

    /// A name that every filter of a set lets through; `None` where there is none.
    pub(super) fn example(&mut self, kind: Kind, set: SetId) -> Known<Option<Box<str>>> {
        if let Some(known) = self.examples.get(&(kind, set)) {
            return known.clone();
        }
        let example = self.find_example(kind, set);
        self.examples.insert((kind, set), example.clone());
        example
    }

    fn find_example(&mut self, kind: Kind, set: SetId) -> Known<Option<Box<str>>> {
        let filters = self.sets[set as usize].clone();
        let likely = LIKELY.into_iter().filter(|(of, _)| *of == kind).flat_map(|(_, names)| names);
        for name in likely {
            if filters.iter().all(|filter| self.pattern_matches(kind, *filter, name) == Ok(true)) {
                return Ok(Some((*name).into()));
            }
        }
        let texts: Vec<&str> = filters.iter().map(|filter| self.numbers.text(*filter)).collect();
        if begin_differently(&texts) {
            return Ok(None);
        }
        let budget = self.ask()?;
        let met = self.comparer.meet(&texts, kind, Reading::Whole, &budget);
        met.map(|name| name.map(String::into_boxed_str)).map_err(|why| self.unanswered(&texts, &why))
    }

    /// Whether a filter lets a name through.
    pub(super) fn matches(&mut self, kind: Kind, filter: u32, name: u32) -> Known<bool> {
        if filter == self.match_all {
            return Ok(true);
        }
        if let Some(known) = self.matches.get(&(kind, filter, name)) {
            return *known;
        }
        let matches = self.pattern_matches(kind, filter, self.numbers.text(name));
        self.matches.insert((kind, filter, name), matches);
        matches
    }

    /// Whether every filter of a set lets a name through.
    pub(super) fn all_match(&mut self, kind: Kind, set: SetId, name: u32) -> Known<bool> {
        let filters = self.sets[set as usize].clone();
        let mut doubt = None;
        for filter in filters {
            match self.matches(kind, filter, name) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(why) => doubt = Some(why),
            }
        }
        doubt.map_or(Ok(true), Err)
    }

    /// Whether a filter lets through all that another one does, whichever way filters are read: whoever takes a rule
    /// away for that must not lose an image.
    pub(super) fn covers(&mut self, kind: Kind, wide: u32, narrow: u32) -> Known<bool> {
        if wide == narrow || wide == self.match_all {
            return Ok(true);
        }
        if let Some(known) = self.covers.get(&(kind, wide, narrow)) {
            return *known;
        }
        let covers = self.compare(kind, wide, narrow);
        self.covers.insert((kind, wide, narrow), covers);
        covers
    }

    fn compare(&mut self, kind: Kind, wide: u32, narrow: u32) -> Known<bool> {
        let texts = [wide, narrow].map(|filter| self.numbers.text(filter));
        let budget = self.ask()?;
        let verdict = self.comparer.compare(texts[0], texts[1], kind, &budget);
        let relations = [verdict.whole.relation, verdict.search.relation];
        if relations.contains(&Relation::Undecided) {
            let why = verdict.whole.reason.as_deref().or(verdict.search.reason.as_deref()).unwrap_or_default();
            return Err(self.unanswered(&texts, &why));
        }
        Ok(relations.iter().all(|it| matches!(it, Relation::Equal | Relation::Narrower)))
    }

    fn pattern_matches(&mut self, kind: Kind, filter: u32, name: &str) -> Known<bool> {
        if !self.patterns.contains_key(&(kind, filter)) {
            let text = self.numbers.text(filter);
            let pattern = Pattern::new(text, kind).map_err(|why| self.unanswered(&[text], &why));
            self.patterns.insert((kind, filter), pattern);
        }
        match self.patterns.get(&(kind, filter)) {
            Some(Ok(pattern)) => Ok(pattern.is_match(name, Reading::Whole)),
            Some(Err(why)) => Err(*why),
            None => Ok(false),
        }
    }

    /// The budget of one more question.
    fn ask(&mut self) -> Known<Budget<'static>> {
        self.questions += 1;
        if self.questions > MAX_QUESTIONS {
            return Err(self.doubtful("more filters meet than are compared in one run"));
        }
        let steps = if self.unanswered < PATIENCE { STEPS } else { FEWER_STEPS };
        Ok(Budget { steps, ..Budget::default() })
    }

    fn unanswered(&mut self, filters: &[&str], why: &impl Display) -> DoubtId {
        self.unanswered += 1;
        let filters: Vec<String> = filters.iter().map(|filter| format!("\"{filter}\"")).collect();
        self.doubtful(&format!("{}: {why}", filters.join(" and ")))
    }

    fn doubtful(&mut self, why: &str) -> DoubtId {
        let next = u32::try_from(self.doubts.len()).unwrap_or(u32::MAX);
        *self.doubt_ids.entry(why.into()).or_insert_with_key(|why| {
            self.doubts.push(why.clone());
            next
        })
    }
}

/// Whether two of the filters insist on different beginnings, so that no name fits both.
fn begin_differently(filters: &[&str]) -> bool {
    let beginnings: FxHashSet<&str> = filters.iter().map(|filter| beginning(filter)).collect();
    let longest = beginnings.iter().copied().max_by_key(|it| it.len()).unwrap_or_default();
    beginnings.iter().any(|it| !longest.starts_with(it))
}

/// What every name that a filter matches as a whole begins with, as far as that shows at a glance.
pub(super) fn beginning(filter: &str) -> &str {
    if filter.contains('|') {
        return "";
    }
    let is_plain = |it: &char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '/');
    let length = filter.chars().take_while(is_plain).count();
    let (plain, rest) = filter.split_at_checked(length).unwrap_or_default();
    if rest.starts_with(['?', '*', '+', '{']) {
        plain.get(..length.saturating_sub(1)).unwrap_or_default()
    } else {
        plain
    }
}
