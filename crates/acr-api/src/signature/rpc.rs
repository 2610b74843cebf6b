//! HMAC-SHA1, "V1": the older signature of an RPC request's parameters.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::{canonical_query, encode};

/// Stage 1: the canonical query over all parameters of query and form, `Signature` left out.
#[must_use]
pub fn canonical(parameters: &[(String, String)]) -> String {
    let signed: Vec<_> = parameters
        .iter()
        .filter(|(name, _)| name != "Signature")
        .cloned()
        .collect();
    canonical_query(&signed)
}

/// Stage 2: the string to sign.
#[must_use]
pub fn string_to_sign(method: &str, canonical: &str) -> String {
    format!("{method}&%2F&{}", encode(canonical))
}

/// Stage 3: the signature, Base64. The key is the secret followed by `&`.
#[must_use]
pub fn sign(secret: &str, string_to_sign: &str) -> String {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(format!("{secret}&").as_bytes()) else {
        return String::new();
    };
    mac.update(string_to_sign.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
