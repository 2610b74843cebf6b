//! The comparison of filters with different spellings: their relation, and names that show a difference.

use filter_language::{
    ExampleQuery, FilterSession, FilterVerdict, NameKind, Reading, Relation, UndecidedReason,
};

use super::fields::FieldChange;
use super::{ChangeKind, Plan};
use crate::i18n::Message;
use crate::model::Field;

/// The comparison of the two filters of a [`FieldChange`] as languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterComparison {
    /// The relation of the live language to the desired one, under whole-name matching.
    pub relation: Relation,
    /// The name that only the live filter matches.
    pub live_only: Option<Witness>,
    /// The name that only the desired filter matches.
    pub desired_only: Option<Witness>,
    /// The reason for an undecided relation.
    pub reason: Option<Box<UndecidedReason>>,
    /// A filter that matches everything or nothing, which is usually a mistake.
    pub degenerate_filters: Vec<DegenerateFilter>,
}

/// A name that one of two filters matches and the other one does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// A name that people recognize, if there is one.
    pub example: Box<str>,
    /// The shortest name.
    pub shortest: Box<str>,
}

/// A filter that matches every name or no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DegenerateFilter {
    /// The live filter matches every name.
    LiveMatchesAll,
    /// The live filter matches no name.
    LiveMatchesNone,
    /// The desired filter matches no name.
    DesiredMatchesNone,
}

/// Compares the filters of every change. Filters that match the same names under both readings are no change; filters
/// that are equal under whole-name matching only move to the spellings of the change.
pub(super) fn compare(plan: &mut Plan, session: &mut FilterSession) {
    for change in &mut plan.changes {
        if !change.fields.iter().any(|it| kind_of(it.field).is_some()) {
            continue;
        }
        let fields = std::mem::take(&mut change.fields);
        change.fields.reserve_exact(fields.len());
        for mut field in fields {
            let (Some(kind), Some(desired), Some(live)) =
                (kind_of(field.field), &field.desired, &field.live)
            else {
                change.fields.push(field);
                continue;
            };
            let verdict = session.compare(desired, live, kind);
            if verdict.in_sync {
                continue;
            }
            let degenerate_filters = degenerate_filters(session, desired, live, kind);
            let only_spelling = verdict.differs_in_spelling_only();
            field.meaning = Some(meaning(session, &verdict, degenerate_filters));
            if only_spelling {
                change.spellings.push(field);
            } else {
                change.fields.push(field);
            }
        }
        if change.fields.is_empty() && matches!(change.kind, ChangeKind::Changed) {
            change.kind = ChangeKind::InSync;
        }
    }
}

/// Returns the kind of name that a filter matches; `None` for other fields.
fn kind_of(field: Field) -> Option<NameKind> {
    match field {
        Field::TagFilter => Some(NameKind::Tag),
        Field::RepoNameFilter => Some(NameKind::Repository),
        Field::NamespaceNameFilter => Some(NameKind::Namespace),
        _ => None,
    }
}

/// A difference in spelling shows only under partial matching, and so do its witnesses.
fn meaning(
    session: &mut FilterSession,
    verdict: &FilterVerdict,
    degenerate_filters: Vec<DegenerateFilter>,
) -> FilterComparison {
    let FilterVerdict {
        kind,
        desired,
        live,
        ..
    } = verdict;
    let (reading, shown) = if verdict.differs_in_spelling_only() {
        (Reading::Search, &verdict.search)
    } else {
        (Reading::Whole, &verdict.whole)
    };
    let mut witness = |matching: &str, excluding: &str, shortest: &Option<String>| {
        let shortest = shortest.as_deref()?;
        let example = session.find_example(ExampleQuery {
            matching: &[matching],
            excluding: &[excluding],
            kind: *kind,
            reading,
            shortest,
        });
        Some(Witness {
            example: example.into(),
            shortest: shortest.into(),
        })
    };
    FilterComparison {
        relation: verdict.whole.relation,
        live_only: witness(live, desired, &shown.live_only),
        desired_only: witness(desired, live, &shown.desired_only),
        reason: shown.reason.clone().map(Box::new),
        degenerate_filters,
    }
}

fn degenerate_filters(
    session: &mut FilterSession,
    desired: &str,
    live: &str,
    kind: NameKind,
) -> Vec<DegenerateFilter> {
    let mut coverage = |filter: &str| session.coverage(filter, kind, Reading::Whole).ok();
    let (desired, live) = (coverage(desired), coverage(live));
    let mut found = Vec::new();
    if live.as_ref().is_some_and(|it| it.unmatched.is_none()) {
        found.push(DegenerateFilter::LiveMatchesAll);
    }
    if live.is_some_and(|it| it.matched.is_none()) {
        found.push(DegenerateFilter::LiveMatchesNone);
    }
    if desired.is_some_and(|it| it.matched.is_none()) {
        found.push(DegenerateFilter::DesiredMatchesNone);
    }
    found
}

impl FieldChange {
    /// Returns the noun for the names that a filter matches.
    fn noun(&self) -> Message {
        match self.field {
            Field::RepoNameFilter => Message::repository_noun(),
            Field::NamespaceNameFilter => Message::namespace_noun(),
            _ => Message::tag_noun(),
        }
    }

    /// Returns the summary of the difference of two filters, as a fragment of a sentence; `None` for other fields.
    #[must_use]
    pub fn summary(&self) -> Option<Message> {
        let FilterComparison {
            relation,
            live_only,
            desired_only,
            reason,
            degenerate_filters,
        } = self.meaning.as_ref()?;
        let also = live_only.as_ref().map(|name| match relation {
            Relation::Disjoint => Message::copies(self.noun(), &*name.example),
            _ => Message::also_copies(self.noun(), &*name.example),
        });
        let lacks = desired_only
            .as_ref()
            .map(|name| Message::does_not_copy(self.noun(), &*name.example));
        let witnesses = match (also, lacks) {
            (Some(also), Some(lacks)) => Some(Message::also_and_not(also, lacks)),
            (also, lacks) => also.or(lacks),
        };
        let reason = reason
            .as_deref()
            .map_or_else(Message::no_reason, Message::from);
        let mut summary = match (relation, witnesses) {
            (Relation::Undecided, _) => Message::filters_not_compared(reason),
            (Relation::Equal, None) => Message::filters_equivalent(self.noun(), reason),
            (Relation::Equal, Some(witnesses)) => {
                Message::filters_equivalent(self.noun(), Message::live_witnesses(witnesses))
            }
            (relation, witnesses) => {
                let witnesses = witnesses.unwrap_or_default();
                match relation {
                    Relation::Wider => Message::live_wider(witnesses),
                    Relation::Narrower => Message::live_narrower(witnesses),
                    Relation::Overlapping => Message::live_overlapping(witnesses),
                    _ => Message::live_disjoint(witnesses),
                }
            }
        };
        for filter in degenerate_filters {
            let detail = match filter {
                DegenerateFilter::LiveMatchesAll => Message::live_matches_all(self.noun()),
                DegenerateFilter::LiveMatchesNone => Message::live_matches_none(self.noun()),
                DegenerateFilter::DesiredMatchesNone => Message::desired_matches_none(self.noun()),
            };
            summary = Message::with_detail(summary, detail);
        }
        Some(summary)
    }
}
