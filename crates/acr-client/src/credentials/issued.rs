//! Credentials as services issue them: JSON with an id, a secret, a token and an end.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::Credentials;

/// The members of a JSON object that hold them: id, secret, token, end.
pub(super) type Names = [&'static str; 4];

/// What every service of Alibaba Cloud calls them.
pub(super) const SERVICE: Names = [
    "AccessKeyId",
    "AccessKeySecret",
    "SecurityToken",
    "Expiration",
];

/// What a program that prints them calls them.
pub(super) const PROGRAM: Names = [
    "access_key_id",
    "access_key_secret",
    "sts_token",
    "expiration",
];

/// Takes them out of an object. Says which member is missing or wrong, never what stands in it.
pub(super) fn credentials(
    object: &Value,
    names: Names,
    origin: &Arc<str>,
) -> Result<Credentials, String> {
    let [id, secret, token, end] = names;
    let text = |name: &str| {
        object
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.trim().is_empty())
    };
    let required = |name: &str| text(name).ok_or_else(|| format!("the answer has no `{name}`"));
    let parts = [
        required(id)?,
        required(secret)?,
        text(token).unwrap_or_default(),
    ];
    let expires = text(end).map(|text| text.trim().parse::<Timestamp>());
    let expires = expires
        .transpose()
        .map_err(|_| format!("the answer's `{end}` is no time"))?;
    let credentials =
        Credentials::new(origin, parts, [id, secret, token]).map_err(|error| error.to_string())?;
    Ok(Credentials {
        expires,
        ..credentials
    })
}
