//! The rules that resources are, beside those of rules files.

use std::collections::HashMap;

use super::problem::TerraformProblem;
use super::resource::{INEXPRESSIBLE, Resource};
use crate::model::{Field, InstanceId, RuleName, SyncRule};
use crate::rules::error::Problems;
use crate::rules::estate::Estate;
use crate::rules::problem::Problem;
use crate::source::{quote, truncate};

/// Adds them. One that a rules file declares too is the rules file's, if they agree on what Terraform can express: so
/// the rest is declared, and neither compared with a default it was never meant to have nor hidden.
pub(in crate::rules) fn add(resources: &[Resource], estate: &mut Estate, problems: &mut Problems) {
    let key = |rule: &SyncRule| (rule.source.instance.clone(), rule.name.clone());
    let declared: HashMap<(InstanceId, RuleName), usize> = estate
        .rules
        .iter()
        .enumerate()
        .map(|(at, it)| (key(&it.rule), at))
        .collect();
    for resource in resources {
        let Some(rule) = resource.rule(&estate.instances, problems) else {
            continue;
        };
        let place = rule.place;
        if let Some(given) = resource.get("tag_filter")
            && let Some((problem, _)) = estate.filters.check(Field::TagFilter, &given.value)
        {
            problems.push(problem, resource.at(given.span));
        }
        if let Some(other) = declared
            .get(&key(&rule.rule))
            .and_then(|at| estate.rules.get(*at))
        {
            let fields = contradicting(&rule.rule, &other.rule);
            if !fields.is_empty() {
                let name = quote(rule.rule.name.as_str());
                let problem = TerraformProblem::Contradiction {
                    name,
                    fields: fields.join(", "),
                };
                problems.push_with_first(problem.into(), place, other.place);
            }
            continue;
        }
        match estate.claim(&rule.rule.source.instance, &rule.rule.name, place) {
            None => estate.rules.push(rule),
            Some(first) => {
                let instance = estate.instances.of_id(rule.rule.source.instance.as_str());
                let instance = truncate(instance.map_or("", |it| it.alias.as_str()));
                let name = quote(rule.rule.name.as_str());
                problems.push_with_first(Problem::DuplicateRule { name, instance }, place, first);
            }
        }
    }
}

/// The fields in which a resource and a rules file's rule differ, of those that both can express.
fn contradicting(resource: &SyncRule, declared: &SyncRule) -> Vec<&'static str> {
    let both = resource.fields().into_iter().zip(declared.fields());
    let differing = Field::ALL
        .into_iter()
        .zip(both)
        .filter(|(field, (resource, declared))| {
            // A rules file knows whether a rule crosses accounts only where it declares both.
            let silent = *field == Field::CrossUser && declared.is_none();
            !INEXPRESSIBLE.contains(field) && !silent && resource != declared
        });
    differing.map(|(field, _)| field.as_str()).collect()
}
