//! `required-coverage`: namespaces, or repositories, are copied to enough other places.
//!
//! Which of them exist the registry does not tell here: those that some rule names at either end, and those that the
//! policy names outright, without a wildcard. A rule covers one if it is automatic and lets all of it through but for
//! tags: what a filter cannot be shown to let through, put to whole names, is not
//! covered.

use std::collections::BTreeSet;

use filter_language::{NameKind, Session, Undecided};
use rustc_hash::{FxHashMap, FxHashSet};

use super::evaluation::EvaluationTracker;
use super::filter::{FilterBreadth, breadth, matches};
use super::view::{Subject, View, named};
use super::violation::{Violation, ViolationSubject};
use super::{Globs, Side};
use crate::model::{Field, Instance, NameGlob, Scope, Trigger};

/// Each namespace that the policy's `from` selects, or each repository where it selects those, is copied to so many
/// other places.
#[derive(Debug)]
pub struct RequiredCoverage {
    /// How many.
    pub count: u8,
    /// Of what.
    pub of: CoverageScope,
}

/// What counts as another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageScope {
    /// Another region.
    Region,
    /// Another instance.
    Instance,
}

/// Steps for holding one rule against one unit.
const COVER_STEPS: u64 = 100;

/// A namespace, or a repository in it.
type CoveredUnit<'a> = (&'a str, Option<&'a str>);

/// The automatic rules of one instance, by the unit they name; those of scope INSTANCE under none.
type ByUnit<'a> = FxHashMap<Option<CoveredUnit<'a>>, Vec<Subject<'a>>>;

impl RequiredCoverage {
    /// What breaks it among the units that `globs` select; `subjects` are the rules that they select.
    pub(super) fn violations<'a>(
        &self,
        view: &View<'a>,
        subjects: &[Subject<'a>],
        globs: &'a Globs,
        tracker: &mut EvaluationTracker<'a>,
        session: &mut Session,
    ) -> Vec<Violation<'a>> {
        let mut automatic: FxHashMap<&str, ByUnit<'a>> = FxHashMap::default();
        for subject in subjects
            .iter()
            .filter(|it| it.rule.trigger == Trigger::Passive)
        {
            let (namespace, repo) = named(&subject.rule.source);
            let unit = namespace.map(|namespace| (namespace, repo));
            let rules = automatic.entry(subject.source.id.as_str()).or_default();
            rules.entry(unit).or_default().push(*subject);
        }
        let nothing = ByUnit::default();
        let mut violations = Vec::new();
        for (instance, units) in units(view, globs) {
            let rules = automatic.get(instance.id.as_str()).unwrap_or(&nothing);
            for unit in units {
                let number = tracker.unit(instance, unit.0, unit.1);
                let Ok(covering) = covering(rules, unit, session) else {
                    violations.push(Violation::undecided("the rules that cover all of these"));
                    return violations;
                };
                let elsewhere = self.elsewhere(view, instance, &covering);
                if elsewhere.len() < usize::from(self.count) {
                    violations.push(self.violation(
                        view,
                        ViolationSubject::Unit(instance, number),
                        unit,
                        &elsewhere,
                    ));
                }
            }
        }
        violations
    }

    /// The other places that rules copy to.
    fn elsewhere<'a>(
        &self,
        view: &View<'a>,
        instance: &Instance,
        rules: &[Subject<'a>],
    ) -> BTreeSet<&'a str> {
        let place = |subject: &Subject<'a>| {
            let target = &subject.rule.target;
            match self.of {
                CoverageScope::Region => view
                    .region(target)
                    .filter(|it| *it != instance.region.as_str()),
                CoverageScope::Instance => {
                    Some(target.instance.as_str()).filter(|it| *it != instance.id.as_str())
                }
            }
        };
        rules.iter().filter_map(place).collect()
    }

    fn violation<'a>(
        &self,
        view: &View<'a>,
        about: ViolationSubject<'a>,
        (namespace, repo): CoveredUnit<'_>,
        elsewhere: &BTreeSet<&'a str>,
    ) -> Violation<'a> {
        let place = match self.of {
            CoverageScope::Region => "region",
            CoverageScope::Instance => "instance",
        };
        let what = match repo {
            Some(repo) => format!("repository \"{namespace}/{repo}\""),
            None => format!("namespace \"{namespace}\""),
        };
        let names: Vec<String> = elsewhere
            .iter()
            .map(|it| format!("\"{}\"", view.aliases.name(it)))
            .collect();
        let found = match names.as_slice() {
            [] => format!("no other {place}"),
            [one] => format!("1 other {place} ({one})"),
            more => format!("{} other {place}s ({})", more.len(), more.join(", ")),
        };
        let live = if view.side == Side::Live { "live " } else { "" };
        let unit = [namespace, repo.unwrap_or_default()].into_iter();
        Violation {
            about,
            field: None,
            message: format!(
                "{what} of \"{}\" has automatic {live}rules to {found}, expected at least {}",
                about.instance().map_or("", |it| it.alias.as_str()),
                self.count,
            ),
            help: format!("add a rule with `trigger: PASSIVE` for all of it to another {place}"),
            content: unit
                .chain(elsewhere.iter().copied())
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// The rules that cover all of a unit: they name it, or its namespace, or nothing.
///
/// # Errors
///
/// Where the budget of the run is used up.
fn covering<'a>(
    rules: &ByUnit<'a>,
    unit: CoveredUnit<'_>,
    session: &mut Session,
) -> Result<Vec<Subject<'a>>, Undecided> {
    let (namespace, repo) = unit;
    let of_namespace = (namespace, None);
    let itself = repo.is_some().then_some(Some(unit));
    let named = itself.into_iter().chain([Some(of_namespace), None]);
    let mut covering = Vec::new();
    for rules in named.filter_map(|unit| rules.get(&unit)) {
        session.charge_steps(COVER_STEPS * rules.len() as u64)?;
        covering.extend(
            rules
                .iter()
                .copied()
                .filter(|it| covers(*it, unit, session)),
        );
    }
    Ok(covering)
}

fn covers(subject: Subject<'_>, (namespace, repo): CoveredUnit<'_>, session: &mut Session) -> bool {
    let rule = subject.rule;
    let lets_repos_through = |filter: &str, session: &mut Session| match repo {
        Some(repo) => matches(session, filter, NameKind::Repository, repo),
        None => breadth(session, filter, NameKind::Repository) == FilterBreadth::Everything,
    };
    match &rule.scope {
        Scope::Repo => true,
        Scope::Namespace { repo_name_filter } => lets_repos_through(repo_name_filter, session),
        Scope::Instance {
            namespace_name_filter,
            repo_name_filter,
        } => {
            lets_repos_through(repo_name_filter, session)
                && matches(
                    session,
                    namespace_name_filter,
                    NameKind::Namespace,
                    namespace,
                )
        }
        Scope::Unknown { .. } => false,
    }
}

/// The selected instances, each with its units that are selected, in no order.
fn units<'s, 'a: 's>(
    view: &View<'a>,
    globs: &'s Globs,
) -> Vec<(&'a Instance, FxHashSet<CoveredUnit<'s>>)> {
    let matches =
        |field: Field, name: &str| globs.over(field).is_none_or(|glob| glob.matches(name));
    let by_repo = globs.over(Field::FromRepo).is_some();
    let mut known: FxHashMap<&str, FxHashSet<CoveredUnit<'s>>> = FxHashMap::default();
    for end in view
        .subjects
        .iter()
        .flat_map(|it| [&it.rule.source, &it.rule.target])
    {
        match named(end) {
            (Some(namespace), repo) if repo.is_some() || !by_repo => {
                known
                    .entry(end.instance.as_str())
                    .or_default()
                    .insert((namespace, repo.filter(|_| by_repo)));
            }
            _ => {}
        }
    }
    let outright = globs
        .over(Field::FromNamespace)
        .and_then(NameGlob::literal)
        .and_then(|namespace| {
            let repo = globs.over(Field::FromRepo).map(NameGlob::literal);
            Some((namespace, repo.map_or(Some(None), |repo| repo.map(Some))?))
        });
    let selected = view
        .instances
        .iter()
        .copied()
        .filter(|it| matches(Field::FromInstance, it.alias.as_str()));
    let with_units = selected.map(|instance| {
        let mut units = known.remove(instance.id.as_str()).unwrap_or_default();
        units.retain(|(namespace, repo)| {
            matches(Field::FromNamespace, namespace)
                && repo.is_none_or(|repo| matches(Field::FromRepo, repo))
        });
        units.extend(outright);
        (instance, units)
    });
    with_units.collect()
}
