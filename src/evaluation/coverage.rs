//! `required-coverage`: namespaces, or repositories, are copied to enough other regions or instances.
//!
//! The registry does not list them here, so those are checked that some rule names at either end, and those that the
//! policy names without a wildcard. A rule covers one if it is automatic and copies everything of it, tags aside: its
//! filters have to be known to match, as whole names.

use std::collections::BTreeSet;

use filter_language::{FilterSession, NameKind, Undecided};
use rustc_hash::{FxHashMap, FxHashSet};

use super::filter::{FilterBreadth, breadth, matches};
use super::selection::SelectedRules;
use super::stats::SubjectCounter;
use super::view::{RuleSubject, View, endpoint_names};
use super::violation::{PolicyViolation, ViolationSubject};
use crate::i18n::Message;
use crate::model::{Endpoint, Field, Instance, NameGlob, Scope, Trigger};
use crate::policy::{CoverageScope, Globs, PolicySide, RequiredCoverage};

/// Steps for checking one rule against one unit.
const COVER_STEPS: u64 = 100;

/// A namespace, or a repository in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct CoveredUnit<'a> {
    namespace: &'a str,
    repo: Option<&'a str>,
}

/// The automatic rules of one instance, by the unit that their source names; `None` for rules of scope INSTANCE.
type RulesByUnit<'a> = FxHashMap<Option<CoveredUnit<'a>>, Vec<RuleSubject<'a>>>;

pub(super) fn violations<'a>(
    coverage: &RequiredCoverage,
    rules: &SelectedRules<'_, 'a>,
    counter: &mut SubjectCounter<'a>,
    session: &mut FilterSession,
) -> Vec<PolicyViolation<'a>> {
    let automatic = automatic_rules(rules);
    let no_rules = RulesByUnit::default();
    let mut violations = Vec::new();
    for (instance, units) in selected_units(rules.view, rules.globs) {
        let by_unit = automatic.get(instance.id.as_str()).unwrap_or(&no_rules);
        for unit in units {
            let number = counter.count_unit(instance, unit.namespace, unit.repo);
            let Ok(covering) = covering_rules(by_unit, unit, session) else {
                violations.push(PolicyViolation::exhausted(Message::covering_rules()));
                return violations;
            };
            let mut places = BTreeSet::new();
            for subject in covering {
                places.extend(other_place(coverage.of, rules.view, instance, subject));
            }
            if places.len() < usize::from(coverage.count) {
                let subject = ViolationSubject::Unit(instance, number);
                let (message, help) = describe(coverage, rules.view, (instance, unit), &places);
                let names = [unit.namespace, unit.repo.unwrap_or_default()];
                violations.push(PolicyViolation {
                    subject,
                    field: None,
                    message,
                    help,
                    content: names.into_iter().chain(places).map(str::to_owned).collect(),
                });
            }
        }
    }
    violations
}

/// Returns the automatic rules by the id of their source instance, and by unit.
fn automatic_rules<'a>(rules: &SelectedRules<'_, 'a>) -> FxHashMap<&'a str, RulesByUnit<'a>> {
    let mut automatic: FxHashMap<&str, RulesByUnit<'a>> = FxHashMap::default();
    for subject in rules.iter() {
        if subject.rule.trigger != Trigger::Passive {
            continue;
        }
        let (namespace, repo) = endpoint_names(&subject.rule.source);
        let unit = namespace.map(|namespace| CoveredUnit { namespace, repo });
        let by_unit = automatic.entry(subject.source.id.as_str()).or_default();
        by_unit.entry(unit).or_default().push(subject);
    }
    automatic
}

/// Returns the region or the instance that a rule copies to, if it is another one.
fn other_place<'a>(
    scope: CoverageScope,
    view: &View<'a>,
    instance: &Instance,
    subject: RuleSubject<'a>,
) -> Option<&'a str> {
    let target = &subject.rule.target;
    let (place, own) = match scope {
        CoverageScope::Region => (view.region(target)?, instance.region.as_str()),
        CoverageScope::Instance => (target.instance.as_str(), instance.id.as_str()),
    };
    (place != own).then_some(place)
}

/// Returns the message and the help for a unit that is copied to too few other places.
fn describe(
    coverage: &RequiredCoverage,
    view: &View<'_>,
    (instance, unit): (&Instance, CoveredUnit<'_>),
    places: &BTreeSet<&str>,
) -> (Message, Message) {
    let unit = match unit.repo {
        Some(repo) => Message::repository_named(format!("{}/{repo}", unit.namespace)),
        None => Message::namespace_named(unit.namespace),
    };
    let names: Vec<Message> = places
        .iter()
        .map(|place| Message::quoted(view.aliases.name(place)))
        .collect();
    let (found, help) = match coverage.of {
        CoverageScope::Region if names.is_empty() => {
            (Message::no_other_region(), Message::cover_region_help())
        }
        CoverageScope::Region => (
            Message::other_regions(names.len(), names),
            Message::cover_region_help(),
        ),
        CoverageScope::Instance if names.is_empty() => {
            (Message::no_other_instance(), Message::cover_instance_help())
        }
        CoverageScope::Instance => (
            Message::other_instances(names.len(), names),
            Message::cover_instance_help(),
        ),
    };
    let alias = instance.alias.as_str();
    let message = match view.side {
        PolicySide::Desired => Message::covered_too_little(unit, alias, found, coverage.count),
        PolicySide::Live => Message::covered_too_little_live(unit, alias, found, coverage.count),
    };
    (message, help)
}

/// Returns the rules that copy everything of a unit: their source names the unit, its namespace, or neither.
///
/// # Errors
///
/// Returns an error if the budget of the run is exhausted.
fn covering_rules<'a>(
    rules: &RulesByUnit<'a>,
    unit: CoveredUnit<'_>,
    session: &mut FilterSession,
) -> Result<Vec<RuleSubject<'a>>, Undecided> {
    let namespace = CoveredUnit { repo: None, ..unit };
    let mut sources = vec![Some(namespace), None];
    if unit.repo.is_some() {
        sources.push(Some(unit));
    }
    let mut covering = Vec::new();
    for source in sources {
        let Some(rules) = rules.get(&source) else {
            continue;
        };
        session.charge_steps(COVER_STEPS * rules.len() as u64)?;
        for subject in rules {
            if covers(*subject, unit, session) {
                covering.push(*subject);
            }
        }
    }
    Ok(covering)
}

/// Returns true if the filters of a rule are known to match everything of a unit.
fn covers(subject: RuleSubject<'_>, unit: CoveredUnit<'_>, session: &mut FilterSession) -> bool {
    match &subject.rule.scope {
        Scope::Repo => true,
        Scope::Namespace { repo_name_filter } => covers_repos(repo_name_filter, unit, session),
        Scope::Instance {
            namespace_name_filter,
            repo_name_filter,
        } => {
            covers_repos(repo_name_filter, unit, session)
                && matches(
                    session,
                    namespace_name_filter,
                    NameKind::Namespace,
                    unit.namespace,
                )
        }
        Scope::Unknown { .. } => false,
    }
}

fn covers_repos(filter: &str, unit: CoveredUnit<'_>, session: &mut FilterSession) -> bool {
    match unit.repo {
        Some(repo) => matches(session, filter, NameKind::Repository, repo),
        None => breadth(session, filter, NameKind::Repository) == FilterBreadth::Everything,
    }
}

/// Returns the selected instances, each with its selected units.
fn selected_units<'s, 'a: 's>(
    view: &View<'a>,
    globs: &'s Globs,
) -> Vec<(&'a Instance, FxHashSet<CoveredUnit<'s>>)> {
    let matches =
        |field: Field, name: &str| globs.over(field).is_none_or(|glob| glob.matches(name));
    let mut named = named_units(view, globs.over(Field::FromRepo).is_some());
    let literal = literal_unit(globs);
    let mut selected = Vec::new();
    for instance in &view.instances {
        if !matches(Field::FromInstance, instance.alias.as_str()) {
            continue;
        }
        let mut units: FxHashSet<CoveredUnit<'s>> =
            named.remove(instance.id.as_str()).unwrap_or_default();
        units.retain(|unit| {
            matches(Field::FromNamespace, unit.namespace)
                && unit.repo.is_none_or(|repo| matches(Field::FromRepo, repo))
        });
        units.extend(literal);
        selected.push((*instance, units));
    }
    selected
}

/// Returns the units that rules name at either end, by instance id: repositories if `are_repos`, else namespaces.
fn named_units<'a>(
    view: &View<'a>,
    are_repos: bool,
) -> FxHashMap<&'a str, FxHashSet<CoveredUnit<'a>>> {
    let mut units: FxHashMap<&str, FxHashSet<CoveredUnit<'_>>> = FxHashMap::default();
    let mut add = |endpoint: &'a Endpoint| {
        let (Some(namespace), repo) = endpoint_names(endpoint) else {
            return;
        };
        let repo = if are_repos { repo } else { None };
        if repo.is_some() == are_repos {
            let units = units.entry(endpoint.instance.as_str()).or_default();
            units.insert(CoveredUnit { namespace, repo });
        }
    };
    for subject in &view.subjects {
        add(&subject.rule.source);
        add(&subject.rule.target);
    }
    units
}

/// Returns the unit that globs without a wildcard name. It is checked even if no rule names it.
fn literal_unit(globs: &Globs) -> Option<CoveredUnit<'_>> {
    let namespace = globs.over(Field::FromNamespace)?.literal()?;
    let repo = match globs.over(Field::FromRepo) {
        Some(glob) => Some(NameGlob::literal(glob)?),
        None => None,
    };
    Some(CoveredUnit { namespace, repo })
}
