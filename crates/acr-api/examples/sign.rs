//! Signs a request of `ListRepoSyncRule` and prints it.
//!
//! ```text
//! cargo run -p acr-api --example sign -- KEY_ID KEY_SECRET INSTANCE_ID REGION DATE NONCE
//! ```
//!
//! Missing arguments have fake values. The server accepts a date within 15 minutes of its clock.

#![allow(clippy::print_stdout, reason = "an example prints its result")]

use std::env;

use acr_api::signature::{acs3, canonical_query};
use acr_api::{API_VERSION, ApiAction, PageQuery, public_endpoint};

fn main() {
    let mut arguments = env::args().skip(1);
    let mut argument = |default: &str| arguments.next().unwrap_or_else(|| default.to_owned());
    let key_id = argument("testAccessKeyId");
    let key_secret = argument("testAccessKeySecret");
    let instance_id = argument("cri-example");
    let region = argument("cn-shanghai");
    let date = argument("2026-03-01T08:00:00Z");
    let nonce = argument("0123456789abcdef0123456789abcdef");

    let endpoint = public_endpoint(&region);
    let host = endpoint.trim_start_matches("https://");
    let query: Vec<(String, String)> = PageQuery {
        instance_id,
        page_no: Some(1),
        page_size: Some(100),
        ..PageQuery::default()
    }
    .parameters()
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    let payload_hash = acs3::payload_hash(b"");
    let headers = [
        ("host", host),
        ("x-acs-action", ApiAction::ListRepoSyncRule.as_str()),
        ("x-acs-content-sha256", payload_hash.as_str()),
        ("x-acs-date", date.as_str()),
        ("x-acs-signature-nonce", nonce.as_str()),
        ("x-acs-version", API_VERSION),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));

    let request = acs3::Acs3Request {
        method: "POST",
        path: "/",
        query: &query,
        headers: &headers,
        payload_hash: &payload_hash,
    };
    let string_to_sign = acs3::string_to_sign(&request.canonical());
    let signature = acs3::sign(&key_secret, &string_to_sign);
    let authorization = acs3::authorization(&key_id, &request.signed_headers(), &signature);

    println!("POST /?{} HTTP/1.1", canonical_query(&query));
    for (name, value) in &headers {
        println!("{name}: {value}");
    }
    println!("authorization: {authorization}");
}
