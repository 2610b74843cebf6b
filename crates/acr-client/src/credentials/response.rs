//! Credentials in the JSON of a service or program: an id, a secret, a token and an end.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::Credentials;
use super::error::ProviderError;
use super::origin::CredentialsOrigin;
use super::problem::ResponseProblem;

/// The keys of the id, secret, token and end.
pub(super) type CredentialKeys = [&'static str; 4];

/// The keys in the responses of Alibaba Cloud.
const SERVICE_KEYS: CredentialKeys = [
    "AccessKeyId",
    "AccessKeySecret",
    "SecurityToken",
    "Expiration",
];

/// The keys in the output of a program.
pub(super) const PROCESS_KEYS: CredentialKeys = [
    "access_key_id",
    "access_key_secret",
    "sts_token",
    "expiration",
];

/// Returns the credentials in a response of Alibaba Cloud, or of a service with the same keys.
pub(super) fn parse_service_credentials(
    object: &Value,
    origin: &Arc<CredentialsOrigin>,
) -> Result<Credentials, ProviderError> {
    parse_credentials(object, SERVICE_KEYS, origin).map_err(ProviderError::unreadable)
}

/// Returns the credentials of an object.
///
/// # Errors
///
/// The key that is missing or invalid, without its value.
pub(super) fn parse_credentials(
    object: &Value,
    keys: CredentialKeys,
    origin: &Arc<CredentialsOrigin>,
) -> Result<Credentials, ResponseProblem> {
    let [id, secret, token, end] = keys;
    let text = |key: &'static str| {
        object
            .get(key)
            .and_then(Value::as_str)
            .filter(|text| !text.trim().is_empty())
    };
    let required = |key: &'static str| text(key).ok_or(ResponseProblem::Missing(key));
    let values = [
        required(id)?,
        required(secret)?,
        text(token).unwrap_or_default(),
    ];
    let expires = match text(end) {
        Some(end_text) => Some(
            end_text
                .trim()
                .parse::<Timestamp>()
                .map_err(|_| ResponseProblem::Time(end))?,
        ),
        None => None,
    };
    let credentials = Credentials::new(origin, values, [id, secret, token])?;
    Ok(Credentials {
        expires,
        ..credentials
    })
}
