//! An access key in environment variables.

use std::sync::Arc;

use super::Credentials;
use super::error::ProviderError;
use super::origin::CredentialsOrigin;
use super::problem::CredentialsProblem;
use crate::environment::Environment;

const ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
const SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
const TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";

/// Returns the access key of the environment.
pub(super) fn from_environment(
    environment: &Environment,
    origin: &Arc<CredentialsOrigin>,
) -> Result<Credentials, ProviderError> {
    let [id, secret, token] = [ID, SECRET, TOKEN].map(|name| environment.variable(name));
    let (id, secret) = match (id, secret) {
        (Some(id), Some(secret)) => (id, secret),
        (Some(_), None) => return Err(incomplete(ID, SECRET)),
        (None, Some(_)) => return Err(incomplete(SECRET, ID)),
        (None, None) => {
            return Err(ProviderError::NotConfigured(CredentialsProblem::BothUnset(
                [ID, SECRET],
            )));
        }
    };
    let values = [&*id, &*secret, token.as_deref().unwrap_or_default()];
    Credentials::new(origin, values, [ID, SECRET, TOKEN])
        .map_err(|error| ProviderError::Broken(error.into()))
}

fn incomplete(set: &'static str, unset: &'static str) -> ProviderError {
    ProviderError::Broken(CredentialsProblem::HalfSet { set, unset })
}
