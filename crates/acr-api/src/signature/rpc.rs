//! HMAC-SHA1 ("V1"): the older signature, over the parameters of an RPC request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::{canonical_query, encode};

/// Returns the canonical query of all parameters of query and form but `Signature` (stage 1).
#[must_use]
pub fn canonical(parameters: &[(String, String)]) -> String {
    let signed: Vec<_> = parameters
        .iter()
        .filter(|(name, _)| name != "Signature")
        .cloned()
        .collect();
    canonical_query(&signed)
}

/// Returns the string to sign (stage 2).
#[must_use]
pub fn string_to_sign(method: &str, canonical: &str) -> String {
    format!("{method}&%2F&{}", encode(canonical))
}

/// Returns the signature, in Base64 (stage 3). The key is the secret followed by `&`.
#[must_use]
pub fn sign(secret: &str, string_to_sign: &str) -> String {
    // HMAC accepts keys of any length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(format!("{secret}&").as_bytes()) else {
        return String::new();
    };
    mac.update(string_to_sign.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
