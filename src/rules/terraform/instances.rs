//! The instances that resources name and no rules file declares.

use std::collections::BTreeMap;

use super::problem::TerraformProblem;
use super::resource::Resource;
use crate::model::{Instance, Unmanaged};
use crate::rules::error::Problems;
use crate::rules::instances::Instances;
use crate::rules::names;
use crate::source::{Place, quote};

/// What resources say of an instance.
struct Named<'r> {
    place: Place,
    region: Option<(&'r str, Place)>,
    account: Option<&'r str>,
    is_source: bool,
}

/// Declares them, each under its id. One that only receives images, and from another account, cannot be read with our
/// credentials: where it can be, a rules file says how.
pub(in crate::rules) fn declare(
    resources: &[Resource],
    instances: &mut Instances,
    problems: &mut Problems,
) {
    // Where a resource could not be read, it may be the one that names a region.
    let all_known = !problems.any();
    let mut named: BTreeMap<&str, Named<'_>> = BTreeMap::new();
    for resource in resources {
        let account = resource.get("target_user_id").map(|it| it.value.as_str());
        for (end, is_source) in resource.ends().into_iter().zip([true, false]) {
            let Some(instance) = end.instance else {
                continue;
            };
            let place = resource.at(instance.span);
            let region = end
                .region
                .map(|(region, span)| (region, span.map_or(place, |span| resource.at(span))));
            let it = named.entry(&instance.value).or_insert(Named {
                place,
                region: None,
                account: None,
                is_source,
            });
            it.is_source |= is_source;
            it.account = it.account.or(account.filter(|_| !is_source));
            match (it.region, region) {
                (Some((known, first)), Some((other, place))) if known != other => {
                    let (id, region) = (quote(&instance.value), quote(other));
                    problems.push_with_first(
                        TerraformProblem::TwoRegions { id, region }.into(),
                        place,
                        first,
                    );
                }
                (None, region) => it.region = region,
                _ => {}
            }
        }
    }
    for (id, named) in named {
        if instances.of_id(id).is_some() {
            continue;
        }
        match named.region {
            None if !all_known => {}
            None => problems.push(
                TerraformProblem::NoRegion { id: quote(id) }.into(),
                named.place,
            ),
            Some((region, _)) => declare_one(id, region, &named, instances, problems),
        }
    }
}

fn declare_one(
    id: &str,
    region: &str,
    named: &Named<'_>,
    instances: &mut Instances,
    problems: &mut Problems,
) {
    // An id that cannot be one is reported where the rule is read.
    if names::instance_id(id).is_err() {
        return;
    }
    if let Err(problem) = names::alias(id) {
        return problems.push(problem, named.place);
    }
    instances.derive(Instance {
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
    });
}
