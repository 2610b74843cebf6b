//! ACS3-HMAC-SHA256 ("V3"): a signature over headers, query and body.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::{canonical_query, hex};

/// The name of the algorithm in the `Authorization` header.
pub const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// The headers that a signature must cover to be accepted.
pub const REQUIRED_HEADERS: [&str; 6] = [
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
];

/// A request to sign.
#[derive(Debug, Clone)]
pub struct Acs3Request<'a> {
    /// The HTTP method, in upper case.
    pub method: &'a str,
    /// The path; `/` for every RPC action.
    pub path: &'a str,
    /// The decoded query parameters, in any order.
    pub query: &'a [(String, String)],
    /// The headers to sign, in any order, with names in any case.
    pub headers: &'a [(String, String)],
    /// The [`payload_hash`] of the raw body.
    pub payload_hash: &'a str,
}

/// Returns the SHA-256 of a body, in lower-case hex. An empty body has one too.
#[must_use]
pub fn payload_hash(body: &[u8]) -> String {
    hex(&Sha256::digest(body))
}

impl Acs3Request<'_> {
    /// Returns the canonical request (stage 1).
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut headers: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (name, value) in self.headers {
            headers
                .entry(name.to_ascii_lowercase())
                .or_default()
                .push(value.trim());
        }
        let mut lines = String::new();
        for (name, values) in &mut headers {
            values.sort_unstable();
            lines.push_str(name);
            lines.push(':');
            lines.push_str(&values.join(","));
            lines.push('\n');
        }
        let query = canonical_query(self.query);
        let Self {
            method,
            path,
            payload_hash,
            ..
        } = self;
        format!(
            "{method}\n{path}\n{query}\n{lines}\n{}\n{payload_hash}",
            self.signed_headers()
        )
    }

    /// Returns the names of the signed headers: in lower case, sorted, joined by `;`.
    #[must_use]
    pub fn signed_headers(&self) -> String {
        let mut names: Vec<_> = self
            .headers
            .iter()
            .map(|(name, _)| name.to_ascii_lowercase())
            .collect();
        names.sort_unstable();
        names.dedup();
        names.join(";")
    }
}

/// Returns the string to sign (stage 2).
#[must_use]
pub fn string_to_sign(canonical: &str) -> String {
    format!("{ALGORITHM}\n{}", hex(&Sha256::digest(canonical)))
}

/// Returns the signature, in lower-case hex (stage 3). The key is the secret.
#[must_use]
pub fn sign(secret: &str, string_to_sign: &str) -> String {
    // HMAC accepts keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(string_to_sign.as_bytes());
    hex(&mac.finalize().into_bytes())
}

/// Returns the value of the `Authorization` header.
#[must_use]
pub fn authorization(access_key_id: &str, signed_headers: &str, signature: &str) -> String {
    format!(
        "{ALGORITHM} Credential={access_key_id},SignedHeaders={signed_headers},Signature={signature}"
    )
}
