//! Sets of filters, and the names that match all filters of a set. Each question is answered once, and all of them
//! share the budget of the run.

use filter_language::{
    ExampleQuery, FilterSession, NameKind, Reading, Relation, Undecided, UndecidedReason,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::interner::{Interner, TextId};
use crate::i18n::{Argument, Message};
use crate::model::MATCH_ALL;

/// Steps for a new set, and for each filter in it.
const SET_STEPS: u64 = 500;
const FILTER_STEPS: u64 = 20;
/// The approximate bytes of a set without its filters.
const SET_BYTES: usize = 200;

/// Names that many filters match. To match one of them is cheaper than to intersect the filters.
const COMMON_NAMES: [(NameKind, &[&str]); 3] = [
    (NameKind::Namespace, &["team", "prod"]),
    (NameKind::Repository, &["app"]),
    (NameKind::Tag, &["v1.0.0", "latest"]),
];

/// The id of a set of filters. A name matches the set if it matches every filter in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FilterSetId(u32);

impl FilterSetId {
    /// The set without filters, which every name matches.
    pub(super) const EMPTY: Self = Self(0);

    /// The set that stands for every set beyond the budget: its names are undecided.
    const UNKNOWN: Self = Self(u32::MAX);
}

/// The id of the reason why something is undecided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct UndecidedId(u32);

/// An answer, or the reason why there is none.
pub(super) type Decision<T> = Result<T, UndecidedId>;

/// The sets of filters of a graph, and the budget of the run.
#[derive(Debug)]
pub(super) struct FilterSets<'g> {
    interner: &'g Interner<'g>,
    match_all: TextId,
    session: &'g mut FilterSession,
    sets: Vec<Box<[TextId]>>,
    set_ids: FxHashMap<Box<[TextId]>, FilterSetId>,
    extended: FxHashMap<(FilterSetId, TextId), FilterSetId>,
    known_matches: FxHashMap<(NameKind, FilterSetId), Decision<Option<Box<str>>>>,
    examples: FxHashMap<(NameKind, FilterSetId), Box<str>>,
    matches: FxHashMap<(NameKind, TextId, TextId), Decision<bool>>,
    covers: FxHashMap<(NameKind, TextId, TextId), Decision<bool>>,
    reasons: Vec<Message>,
    reason_ids: FxHashMap<Box<str>, UndecidedId>,
}

impl<'g> FilterSets<'g> {
    pub(super) fn new(interner: &'g Interner<'g>, session: &'g mut FilterSession) -> Self {
        let empty: Box<[TextId]> = Box::default();
        Self {
            interner,
            match_all: interner.id(MATCH_ALL),
            session,
            sets: vec![empty.clone()],
            set_ids: std::iter::once((empty, FilterSetId::EMPTY)).collect(),
            extended: FxHashMap::default(),
            known_matches: FxHashMap::default(),
            examples: FxHashMap::default(),
            matches: FxHashMap::default(),
            covers: FxHashMap::default(),
            reasons: Vec::new(),
            reason_ids: FxHashMap::default(),
        }
    }

    /// Returns true if the budget of the run is exhausted: every further answer is undecided.
    pub(super) fn is_exhausted(&self) -> bool {
        self.session.is_exhausted()
    }

    /// Returns the reason why something is undecided, as a fragment of a sentence.
    pub(super) fn reason(&self, id: UndecidedId) -> Message {
        self.reasons.get(id.0 as usize).cloned().unwrap_or_default()
    }

    /// Returns the set with one more filter in it; the unknown set where the budget is exhausted.
    pub(super) fn extend(&mut self, set: FilterSetId, filter: TextId) -> FilterSetId {
        if filter == self.match_all || set == FilterSetId::UNKNOWN {
            return set;
        }
        if let Some(known) = self.extended.get(&(set, filter)) {
            return *known;
        }
        let mut filters = self.filters(set).to_vec();
        if self.charge_set(filters.len() + 1).is_err() {
            return FilterSetId::UNKNOWN;
        }
        if let Err(position) = filters.binary_search(&filter) {
            filters.insert(position, filter);
        }
        let id = self.set_id(filters.into_boxed_slice());
        self.extended.insert((set, filter), id);
        id
    }

    fn charge_set(&mut self, size: usize) -> Result<(), Undecided> {
        self.session
            .charge_steps(SET_STEPS + FILTER_STEPS * size as u64)?;
        self.session
            .charge_bytes(SET_BYTES + 2 * size * size_of::<TextId>())
    }

    fn set_id(&mut self, filters: Box<[TextId]>) -> FilterSetId {
        let next = u32::try_from(self.sets.len()).map_or(FilterSetId::UNKNOWN, FilterSetId);
        *self.set_ids.entry(filters).or_insert_with_key(|filters| {
            self.sets.push(filters.clone());
            next
        })
    }

    /// Returns the filters of a set, in the order of their ids.
    fn filters(&self, set: FilterSetId) -> &[TextId] {
        self.sets
            .get(set.0 as usize)
            .map(|filters| &**filters)
            .unwrap_or_default()
    }

    /// Returns true if some name matches a set.
    pub(super) fn has_match(&mut self, kind: NameKind, set: FilterSetId) -> Decision<bool> {
        if set == FilterSetId::EMPTY {
            return Ok(true);
        }
        if let Some(known) = self.known_matches.get(&(kind, set)) {
            return match known {
                Ok(name) => Ok(name.is_some()),
                Err(reason) => Err(*reason),
            };
        }
        let name = self.some_match(kind, set)?;
        Ok(name.is_some())
    }

    /// Returns a name that matches a set, and that people recognize if there is one; `None` where no name does.
    pub(super) fn example(
        &mut self,
        kind: NameKind,
        set: FilterSetId,
    ) -> Decision<Option<Box<str>>> {
        if let Some(known) = self.examples.get(&(kind, set)) {
            return Ok(Some(known.clone()));
        }
        let Some(shortest) = self.some_match(kind, set)? else {
            return Ok(None);
        };
        let filters = self.filters(set).to_vec();
        let texts: Vec<&str> = filters
            .iter()
            .map(|filter| self.interner.text(*filter))
            .collect();
        let example = self.session.find_example(ExampleQuery {
            matching: &texts,
            excluding: &[],
            kind,
            reading: Reading::Whole,
            shortest: &shortest,
        });
        let example: Box<str> = example.into();
        self.examples.insert((kind, set), example.clone());
        Ok(Some(example))
    }

    /// Returns some name that matches a set; `None` where no name does.
    fn some_match(&mut self, kind: NameKind, set: FilterSetId) -> Decision<Option<Box<str>>> {
        if set == FilterSetId::UNKNOWN {
            return Err(self.exhausted());
        }
        if let Some(known) = self.known_matches.get(&(kind, set)) {
            return known.clone();
        }
        let name = self.find_match(kind, set);
        self.known_matches.insert((kind, set), name.clone());
        name
    }

    fn find_match(&mut self, kind: NameKind, set: FilterSetId) -> Decision<Option<Box<str>>> {
        let filters = self.filters(set).to_vec();
        for (_, names) in COMMON_NAMES.iter().filter(|(of, _)| *of == kind) {
            for name in *names {
                let matches = |filter: &TextId| self.is_match(kind, *filter, name) == Ok(true);
                if filters.iter().all(matches) {
                    return Ok(Some((*name).into()));
                }
            }
        }
        let texts: Vec<&str> = filters
            .iter()
            .map(|filter| self.interner.text(*filter))
            .collect();
        if have_distinct_prefixes(&texts) {
            return Ok(None);
        }
        self.session
            .intersection(&texts, kind, Reading::Whole)
            .map_err(|reason| self.undecided_query(&texts, &reason))
    }

    /// Returns true if a name matches a filter.
    pub(super) fn matches(
        &mut self,
        kind: NameKind,
        filter: TextId,
        name: TextId,
    ) -> Decision<bool> {
        if filter == self.match_all {
            return Ok(true);
        }
        if let Some(known) = self.matches.get(&(kind, filter, name)) {
            return *known;
        }
        let matches = self.is_match(kind, filter, self.interner.text(name));
        self.matches.insert((kind, filter, name), matches);
        matches
    }

    /// Returns true if a name matches a set.
    pub(super) fn set_matches(
        &mut self,
        kind: NameKind,
        set: FilterSetId,
        name: TextId,
    ) -> Decision<bool> {
        if set == FilterSetId::UNKNOWN {
            return Err(self.exhausted());
        }
        let mut undecided = None;
        for filter in self.filters(set).to_vec() {
            match self.matches(kind, filter, name) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(reason) => undecided = Some(reason),
            }
        }
        undecided.map_or(Ok(true), Err)
    }

    /// Returns true if every name that matches `narrow` matches `wide` too, both as whole names and as searches: a rule
    /// that is removed for that loses no image.
    pub(super) fn covers(
        &mut self,
        kind: NameKind,
        wide: TextId,
        narrow: TextId,
    ) -> Decision<bool> {
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

    fn compare(&mut self, kind: NameKind, wide: TextId, narrow: TextId) -> Decision<bool> {
        let texts = [wide, narrow].map(|filter| self.interner.text(filter));
        let verdict = self.session.compare(texts[0], texts[1], kind);
        let (whole, search) = (&verdict.whole, &verdict.search);
        let relations = [whole.relation, search.relation];
        if relations.contains(&Relation::Undecided) {
            let reason = whole.reason.as_ref().or(search.reason.as_ref());
            return Err(match reason {
                Some(UndecidedReason::Query(Undecided::Exhausted)) | None => self.exhausted(),
                Some(reason) => self.undecided_filters(&texts, reason.into()),
            });
        }
        let is_covered =
            |relation: &Relation| matches!(relation, Relation::Equal | Relation::Narrower);
        Ok(relations.iter().all(is_covered))
    }

    fn is_match(&mut self, kind: NameKind, filter: TextId, name: &str) -> Decision<bool> {
        let text = self.interner.text(filter);
        self.session
            .is_match(text, name, kind, Reading::Whole)
            .map_err(|reason| self.undecided_query(&[text], &reason))
    }

    /// Returns the id of the reason why filters are undecided. An exhausted budget is no property of the filters.
    fn undecided_query(&mut self, filters: &[&str], reason: &Undecided) -> UndecidedId {
        match reason {
            Undecided::Exhausted => self.exhausted(),
            reason => self.undecided_filters(filters, reason.into()),
        }
    }

    fn undecided_filters(&mut self, filters: &[&str], reason: Message) -> UndecidedId {
        let quoted = filters.iter().map(|filter| Message::quoted(*filter));
        let filters: Vec<Message> = quoted.collect();
        let filters: Argument = match <[Message; 2]>::try_from(filters) {
            Ok([first, second]) => Message::both(first, second).into(),
            Err(filters) => filters.into(),
        };
        self.reason_id(Message::with_reason(filters, reason))
    }

    fn exhausted(&mut self) -> UndecidedId {
        self.reason_id(Message::from(&Undecided::Exhausted))
    }

    fn reason_id(&mut self, reason: Message) -> UndecidedId {
        let next = UndecidedId(u32::try_from(self.reasons.len()).unwrap_or(u32::MAX));
        let entry = self.reason_ids.entry(reason.as_str().into());
        *entry.or_insert_with(|| {
            self.reasons.push(reason);
            next
        })
    }
}

/// Returns true if two of the filters have literal prefixes of which neither begins with the other: no name matches both.
fn have_distinct_prefixes(filters: &[&str]) -> bool {
    let prefixes: FxHashSet<&str> = filters
        .iter()
        .map(|filter| literal_prefix(filter))
        .collect();
    let longest = prefixes.iter().copied().max_by_key(|prefix| prefix.len());
    let longest = longest.unwrap_or_default();
    prefixes.iter().any(|prefix| !longest.starts_with(prefix))
}

/// Returns a text that every name which matches the filter as a whole begins with; an empty one where reading the
/// filter from the left does not show one.
pub(super) fn literal_prefix(filter: &str) -> &str {
    if filter.contains('|') {
        return "";
    }
    let is_literal = |character: &char| {
        character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '/')
    };
    let length = filter.chars().take_while(is_literal).count();
    let (literal, rest) = filter.split_at_checked(length).unwrap_or_default();
    if rest.starts_with(['?', '*', '+', '{']) {
        // The last character is repeated, and may be absent.
        literal.get(..length.saturating_sub(1)).unwrap_or_default()
    } else {
        literal
    }
}
