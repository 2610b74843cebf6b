//! The smallest RAM policy that is enough, for each identity.

use acr_api::ApiAction;
use acr_client::Target;
use serde::Serialize;

use super::identities::label;
use crate::model::{DesiredState, Instance};

/// What to allow to whom.
#[derive(Serialize)]
pub(super) struct Grant {
    /// The identity.
    pub(super) identity: String,
    pub(super) policy: Policy,
}

/// A RAM policy document, version 1.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Policy {
    version: &'static str,
    statement: [Statement; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    effect: &'static str,
    action: [&'static str; 1],
    resource: Vec<String>,
}

/// A policy for each identity that reads declared instances, in the order of the first of them.
pub(super) fn grants(desired: &DesiredState) -> Vec<Grant> {
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
        .map(|(identity, instances)| Grant {
            identity,
            policy: policy(&instances),
        })
        .collect()
}

/// Namespaces are below `/*`: whether a filtered request is checked against them is not documented.
fn policy(instances: &[&Instance]) -> Policy {
    let resources = instances.iter().flat_map(|it| {
        let repository = format!("acs:cr:*:*:repository/{}", it.id);
        [repository.clone(), format!("{repository}/*")]
    });
    let action = [ApiAction::ListRepoSyncRule.ram_action()];
    Policy {
        version: "1",
        statement: [Statement {
            effect: "Allow",
            action,
            resource: resources.collect(),
        }],
    }
}
