//! The smallest RAM policy that is enough, for each identity.

use acr_api::ApiAction;
use acr_client::Target;
use serde::Serialize;

use super::identities::label;
use crate::model::{DesiredState, Instance};

/// An identity, and the smallest policy that suffices for its instances.
#[derive(Serialize)]
pub(super) struct PolicyGrant {
    pub(super) identity: String,
    pub(super) policy: RamPolicyJson,
}

/// A RAM policy document, version 1.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RamPolicyJson {
    version: &'static str,
    statement: [RamStatementJson; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RamStatementJson {
    effect: &'static str,
    action: [&'static str; 1],
    resource: Vec<String>,
}

/// Returns a policy for each identity that reads declared instances, in the order of the first of them.
pub(super) fn grants(desired: &DesiredState) -> Vec<PolicyGrant> {
    let mut groups: Vec<(String, Vec<&Instance>)> = Vec::new();
    for instance in desired.instances.iter().filter(|it| it.read) {
        let identity = label(&Target::from(instance).identity);
        match groups.iter_mut().find(|(known, _)| *known == identity) {
            Some((_, instances)) => instances.push(instance),
            None => groups.push((identity, vec![instance])),
        }
    }
    groups
        .into_iter()
        .map(|(identity, instances)| PolicyGrant {
            identity,
            policy: policy(&instances),
        })
        .collect()
}

/// Returns the policy for instances. It covers namespaces as `/*`: the documentation is silent about the resource of a
/// filtered request.
fn policy(instances: &[&Instance]) -> RamPolicyJson {
    let mut resource = Vec::new();
    for instance in instances {
        let repository = format!("acs:cr:*:*:repository/{}", instance.id);
        resource.push(repository.clone());
        resource.push(format!("{repository}/*"));
    }
    let action = [ApiAction::ListRepoSyncRule.ram_action()];
    RamPolicyJson {
        version: "1",
        statement: [RamStatementJson {
            effect: "Allow",
            action,
            resource,
        }],
    }
}
