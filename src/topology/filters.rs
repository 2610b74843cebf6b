//! What filters let through together, each question answered once and all of them within one budget.

use std::fmt::Display;

use filter_language::{NameKind, Reading, Relation, Session, Undecided};
use rustc_hash::{FxHashMap, FxHashSet};

use super::location::Interner;
use crate::model::MATCH_ALL;

/// Steps for a set that is joined for the first time, and for each filter in it.
const SET_STEPS: u64 = 500;
const FILTER_STEPS: u64 = 20;
/// About how many bytes a set takes besides its filters.
const SET_BYTES: usize = 200;

/// Names that a person would give: where one of them will do, it is the example.
const LIKELY: [(NameKind, &[&str]); 3] = [
    (NameKind::Namespace, &["team", "prod"]),
    (NameKind::Repository, &["app"]),
    (NameKind::Tag, &["v1.0.0", "latest"]),
];

/// A set of filters that all have to let a name through, by its number; 0 is the empty one.
pub(super) type SetId = u32;

/// The set that stands for all those that the budget did not suffice for: nothing is known of it.
const UNKNOWN_SET: SetId = SetId::MAX;

/// Why something is not known, by its number.
pub(super) type UndecidedId = u32;

/// What can be known of filters.
pub(super) type Decision<T> = Result<T, UndecidedId>;

/// The filters of a network, and the budget of the run.
#[derive(Debug)]
pub(super) struct Filters<'n> {
    numbers: &'n Interner<'n>,
    match_all: u32,
    session: &'n mut Session,
    sets: Vec<Box<[u32]>>,
    set_ids: FxHashMap<Box<[u32]>, SetId>,
    joined: FxHashMap<(SetId, u32), SetId>,
    examples: FxHashMap<(NameKind, SetId), Decision<Option<Box<str>>>>,
    matches: FxHashMap<(NameKind, u32, u32), Decision<bool>>,
    covers: FxHashMap<(NameKind, u32, u32), Decision<bool>>,
    doubts: Vec<Box<str>>,
    doubt_ids: FxHashMap<Box<str>, UndecidedId>,
}

impl<'n> Filters<'n> {
    pub(super) fn new(numbers: &'n Interner<'n>, session: &'n mut Session) -> Self {
        let empty: Box<[u32]> = Box::default();
        Self {
            numbers,
            match_all: numbers.known(MATCH_ALL),
            session,
            sets: vec![empty.clone()],
            set_ids: std::iter::once((empty, 0)).collect(),
            joined: FxHashMap::default(),
            examples: FxHashMap::default(),
            matches: FxHashMap::default(),
            covers: FxHashMap::default(),
            doubts: Vec::new(),
            doubt_ids: FxHashMap::default(),
        }
    }

    /// Whether the budget of the run is used up: a search that goes on would only meet doubts.
    pub(super) fn is_exhausted(&self) -> bool {
        self.session.is_exhausted()
    }

    /// Why something is not known, as a fragment of a sentence.
    pub(super) fn doubt(&self, id: UndecidedId) -> &str {
        self.doubts.get(id as usize).map_or("", |it| &**it)
    }

    /// A set with one more filter in it. Where the budget does not suffice for another set, it is the unknown one.
    pub(super) fn join(&mut self, set: SetId, filter: u32) -> SetId {
        if filter == self.match_all || set == UNKNOWN_SET {
            return set;
        }
        if let Some(known) = self.joined.get(&(set, filter)) {
            return *known;
        }
        let size = self.sets[set as usize].len() + 1;
        let spent = self
            .session
            .charge_steps(SET_STEPS + FILTER_STEPS * size as u64);
        if spent
            .and_then(|()| {
                self.session
                    .charge_bytes(SET_BYTES + 2 * size * size_of::<u32>())
            })
            .is_err()
        {
            return UNKNOWN_SET;
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
    pub(super) fn any(&mut self, kind: NameKind, set: SetId) -> Decision<bool> {
        if set == 0 {
            return Ok(true);
        }
        if set == UNKNOWN_SET {
            return Err(self.doubtful(&Undecided::Exhausted.to_string()));
        }
        if let Some(known) = self.examples.get(&(kind, set)) {
            return known.as_ref().map(Option::is_some).map_err(|why| *why);
        }
        self.example(kind, set).map(|it| it.is_some())
    }

    /// A name that every filter of a set lets through; `None` where there is none.
    pub(super) fn example(&mut self, kind: NameKind, set: SetId) -> Decision<Option<Box<str>>> {
        if set == UNKNOWN_SET {
            return Err(self.doubtful(&Undecided::Exhausted.to_string()));
        }
        if let Some(known) = self.examples.get(&(kind, set)) {
            return known.clone();
        }
        let example = self.find_example(kind, set);
        self.examples.insert((kind, set), example.clone());
        example
    }

    fn find_example(&mut self, kind: NameKind, set: SetId) -> Decision<Option<Box<str>>> {
        let filters = self.sets[set as usize].clone();
        let likely = LIKELY
            .into_iter()
            .filter(|(of, _)| *of == kind)
            .flat_map(|(_, names)| names);
        for name in likely {
            if filters
                .iter()
                .all(|filter| self.pattern_matches(kind, *filter, name) == Ok(true))
            {
                return Ok(Some((*name).into()));
            }
        }
        let texts: Vec<&str> = filters
            .iter()
            .map(|filter| self.numbers.text(*filter))
            .collect();
        if begin_differently(&texts) {
            return Ok(None);
        }
        self.session
            .intersection(&texts, kind, Reading::Whole)
            .map_err(|why| self.not_understood(&texts, &why))
    }

    /// Whether a filter lets a name through.
    pub(super) fn matches(&mut self, kind: NameKind, filter: u32, name: u32) -> Decision<bool> {
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
    pub(super) fn all_match(&mut self, kind: NameKind, set: SetId, name: u32) -> Decision<bool> {
        if set == UNKNOWN_SET {
            return Err(self.doubtful(&Undecided::Exhausted.to_string()));
        }
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
    pub(super) fn covers(&mut self, kind: NameKind, wide: u32, narrow: u32) -> Decision<bool> {
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

    fn compare(&mut self, kind: NameKind, wide: u32, narrow: u32) -> Decision<bool> {
        let texts = [wide, narrow].map(|filter| self.numbers.text(filter));
        let verdict = self.session.compare(texts[0], texts[1], kind);
        let relations = [verdict.whole.relation, verdict.search.relation];
        if relations.contains(&Relation::Undecided) {
            let why = verdict
                .whole
                .reason
                .as_deref()
                .or(verdict.search.reason.as_deref())
                .unwrap_or_default();
            return Err(self.not_understood(&texts, &why));
        }
        Ok(relations
            .iter()
            .all(|it| matches!(it, Relation::Equal | Relation::Narrower)))
    }

    fn pattern_matches(&mut self, kind: NameKind, filter: u32, name: &str) -> Decision<bool> {
        let text = self.numbers.text(filter);
        let matches = self.session.is_match(text, name, kind, Reading::Whole);
        matches.map_err(|why| self.not_understood(&[text], &why))
    }

    /// Notes why filters are not understood. Where the budget is used up, it is not for what the filters are.
    fn not_understood(&mut self, filters: &[&str], why: &impl Display) -> UndecidedId {
        let (why, exhausted) = (why.to_string(), Undecided::Exhausted.to_string());
        if why == exhausted {
            return self.doubtful(&exhausted);
        }
        let filters: Vec<String> = filters
            .iter()
            .map(|filter| format!("\"{filter}\""))
            .collect();
        self.doubtful(&format!("{}: {why}", filters.join(" and ")))
    }

    fn doubtful(&mut self, why: &str) -> UndecidedId {
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
    let longest = beginnings
        .iter()
        .copied()
        .max_by_key(|it| it.len())
        .unwrap_or_default();
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
