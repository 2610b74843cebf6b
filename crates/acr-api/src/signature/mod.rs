//! Request signatures as pure functions: no clock, no network, no HTTP types.
//!
//! [`acs3`] is what the client signs with and the newer SDKs use; [`rpc`] is what the older ones use, and only
//! the emulator needs it. Both are checked against published vectors at every stage.

pub mod acs3;
pub mod rpc;
#[cfg(test)]
mod vectors;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays as it is: RFC 3986's unreserved characters.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Percent-encodes a name or a value; a space becomes `%20`, never `+`.
#[must_use]
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// The canonical query: sorted by name, encoded, joined by `&`; an empty value keeps its `=`.
///
/// It is also what goes on the wire, so that what is signed and what is sent cannot differ.
#[must_use]
pub fn canonical_query<N: AsRef<str>, V: AsRef<str>>(parameters: &[(N, V)]) -> String {
    let mut pairs: Vec<_> = parameters
        .iter()
        .map(|(name, value)| (name.as_ref(), value.as_ref()))
        .collect();
    pairs.sort_unstable();
    let pairs: Vec<_> = pairs
        .into_iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
