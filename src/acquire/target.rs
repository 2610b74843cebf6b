//! Declared instances, as targets of the client.

use acr_client::Target;
use acr_client::credentials::Identity;

use crate::model::Instance;

impl From<&Instance> for Target {
    fn from(instance: &Instance) -> Self {
        Self {
            instance_id: instance.id.as_str().into(),
            region: instance.region.as_str().into(),
            endpoint: instance.endpoint.clone(),
            identity: Identity {
                profile: instance.profile.clone(),
                role_arn: instance.role_arn.clone(),
            },
        }
    }
}
