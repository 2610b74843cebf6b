//! The instances that resources name and no rules file declares.

use std::collections::BTreeMap;

use crate::model::{Instance, Unmanaged};
use crate::rules::instances::Instances;
use crate::rules::names;
use crate::rules::problem::Problem;
use crate::rules::problems::Problems;
use crate::source::{Place, quote};
use crate::terraform::{Resource, TerraformProblem};

/// An instance as resources name it.
struct NamedInstance<'r> {
    place: Place,
    region: Option<(&'r str, Place)>,
    account: Option<&'r str>,
    is_source: bool,
}

/// Declares the instances, each with its id as the alias. A target of another account cannot be read with the same
/// credentials, unless a rules file declares it with others.
pub(in crate::rules) fn declare(
    resources: &[Resource],
    instances: &mut Instances,
    problems: &mut Problems,
) {
    // A resource that could not be read may be the one with the region.
    let is_complete = !problems.has_errors();
    for (id, named) in collect(resources, problems) {
        if instances.by_id(id).is_some() {
            continue;
        }
        if let Some((region, _)) = named.region {
            match undeclared_instance(id, region, &named) {
                Ok(Some(instance)) => instances.add_undeclared(instance),
                Ok(None) => {}
                Err(problem) => problems.push(problem, named.place),
            }
        } else if is_complete {
            let problem = TerraformProblem::NoRegion { id: quote(id) };
            problems.push(problem, named.place);
        }
    }
}

/// Returns the instances of the resources by id, and reports those with two regions.
fn collect<'r>(
    resources: &'r [Resource],
    problems: &mut Problems,
) -> BTreeMap<&'r str, NamedInstance<'r>> {
    let mut instances: BTreeMap<&str, NamedInstance<'_>> = BTreeMap::new();
    for resource in resources {
        let [source, target] = resource.endpoints();
        for (endpoint, is_source) in [(source, true), (target, false)] {
            let Some(id) = endpoint.instance else {
                continue;
            };
            let place = resource.place_of(id.span);
            let instance = instances.entry(&id.value).or_insert(NamedInstance {
                place,
                region: None,
                account: None,
                is_source,
            });
            instance.is_source |= is_source;
            if !is_source && instance.account.is_none() {
                instance.account = resource.value("target_user_id");
            }
            let Some((region, span)) = endpoint.region else {
                continue;
            };
            let region_place = span.map_or(place, |span| resource.place_of(span));
            match instance.region {
                None => instance.region = Some((region, region_place)),
                Some((first, first_place)) if first != region => {
                    let problem = TerraformProblem::TwoRegions {
                        id: quote(&id.value),
                        first: quote(first),
                        second: quote(region),
                    };
                    problems.push_related(problem, region_place, first_place);
                }
                Some(_) => {}
            }
        }
    }
    instances
}

/// Returns an instance with its id as the alias; `None` for an invalid id, which is reported with the rule.
fn undeclared_instance(
    id: &str,
    region: &str,
    named: &NamedInstance<'_>,
) -> Result<Option<Instance>, Problem> {
    if names::check_instance_id(id).is_err() {
        return Ok(None);
    }
    names::check_alias(id)?;
    Ok(Some(Instance {
        alias: id.into(),
        id: id.into(),
        region: region.into(),
        account: named.account.map(Into::into),
        profile: None,
        role_arn: None,
        endpoint: None,
        read: named.is_source || named.account.is_none(),
        unmanaged: Unmanaged::default(),
        place: named.place,
    }))
}
