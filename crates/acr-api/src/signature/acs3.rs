//! ACS3-HMAC-SHA256, "V3": the signature of headers, query and body.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::{canonical_query, hex};

/// The algorithm's name, as it stands in `Authorization`.
pub const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Headers without which a signature proves nothing; a verifier asks for all of them.
pub const REQUIRED_HEADERS: [&str; 6] = [
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
];

/// A request as it is signed.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The HTTP method, upper case.
    pub method: &'a str,
    /// The path; `/` for every RPC action.
    pub path: &'a str,
    /// The decoded query parameters, in any order.
    pub query: &'a [(String, String)],
    /// The headers to sign, in any order; names in any case.
    pub headers: &'a [(String, String)],
    /// [`payload_hash`] of the raw body.
    pub payload_hash: &'a str,
}

/// Lower-case hex SHA-256 of a body; also of the empty one.
#[must_use]
pub fn payload_hash(body: &[u8]) -> String {
    hex(&Sha256::digest(body))
}

impl Request<'_> {
    /// Stage 1: the canonical request.
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

    /// The names of the signed headers: lower case, sorted, joined by `;`.
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

/// Stage 2: the string to sign.
#[must_use]
pub fn string_to_sign(canonical: &str) -> String {
    format!("{ALGORITHM}\n{}", hex(&Sha256::digest(canonical)))
}

/// Stage 3: the signature, lower-case hex. The key is the secret itself, with nothing appended.
#[must_use]
pub fn sign(secret: &str, string_to_sign: &str) -> String {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(string_to_sign.as_bytes());
    hex(&mac.finalize().into_bytes())
}

/// The value of `Authorization`.
#[must_use]
pub fn authorization(access_key_id: &str, signed_headers: &str, signature: &str) -> String {
    format!(
        "{ALGORITHM} Credential={access_key_id},SignedHeaders={signed_headers},Signature={signature}"
    )
}
