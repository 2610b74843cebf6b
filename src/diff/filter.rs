//! The comparison of filters with different spellings: their relation, and names that show a difference.

use filter_language::{ExampleQuery, FilterVerdict, NameKind, Reading, Relation, Session};

use super::fields::FieldChange;
use super::{ChangeKind, Plan};
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
    pub reason: Option<Box<str>>,
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
pub(super) fn compare(plan: &mut Plan, session: &mut Session) {
    for change in &mut plan.changes {
        if !change.fields.iter().any(|it| kind_of(it.field).is_some()) {
            continue;
        }
        for mut field in std::mem::take(&mut change.fields) {
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
    session: &mut Session,
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
        reason: shown.reason.as_deref().map(Into::into),
        degenerate_filters,
    }
}

fn degenerate_filters(
    session: &mut Session,
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
    fn noun(&self) -> &'static str {
        match self.field {
            Field::RepoNameFilter => "repository",
            Field::NamespaceNameFilter => "namespace",
            _ => "tag",
        }
    }

    /// Returns the summary of the difference of two filters, as a fragment of a sentence; `None` for other fields.
    #[must_use]
    pub fn summary(&self) -> Option<String> {
        let FilterComparison {
            relation,
            live_only,
            desired_only,
            reason,
            degenerate_filters,
        } = self.meaning.as_ref()?;
        let noun = self.noun();
        let also = live_only
            .as_ref()
            .map(|name| format!("also copies {noun} \"{}\"", name.example));
        let lacks = desired_only
            .as_ref()
            .map(|name| format!("does not copy {noun} \"{}\"", name.example));
        let witnesses: Vec<_> = [also, lacks].into_iter().flatten().collect();
        let witnesses = witnesses.join(" and ");
        let reason = reason.as_deref().unwrap_or("no reason is known");
        let comparison = match relation {
            Relation::Undecided => format!("the filters were not compared: {reason}"),
            Relation::Equal => {
                let part = if witnesses.is_empty() {
                    reason.to_owned()
                } else {
                    format!("live {witnesses}")
                };
                format!(
                    "equivalent if a filter has to match a whole {noun}, as is likely; if a part is enough, {part}"
                )
            }
            relation => format!("live is {}: it {witnesses}", relation.as_str()),
        };
        let degenerate_filters = degenerate_filters.iter().map(|filter| match filter {
            DegenerateFilter::LiveMatchesAll => format!("; live matches every {noun}"),
            DegenerateFilter::LiveMatchesNone => format!("; live matches no {noun} at all"),
            DegenerateFilter::DesiredMatchesNone => {
                format!("; the rules file's filter matches no {noun} at all")
            }
        });
        Some(
            std::iter::once(comparison)
                .chain(degenerate_filters)
                .collect(),
        )
    }
}
