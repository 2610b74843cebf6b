//! Signed requests: POST `/` with everything in the query, as the official SDKs send it.

use acr_api::signature::{acs3, canonical_query};
use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};

use super::credentials::Credentials;
use super::endpoint::ServiceUrl;
use super::transport::{Request, Route, TransportError, header_name, secret_header};

/// An action of a service.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation {
    /// The action's name.
    pub(super) action: &'static str,
    /// The version of the service's API.
    pub(super) version: &'static str,
}

/// What makes an attempt different from every other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp {
    /// The time, by the service's clock.
    pub(super) date: Timestamp,
    /// The nonce.
    pub(super) nonce: u128,
}

/// A date as every request and parameter of the API has it: UTC, without fractions.
pub(super) fn api_date(date: Timestamp) -> String {
    date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Builds and signs a request. The query is encoded once and goes to the signer and the wire alike.
pub(super) fn signed(
    service: &ServiceUrl,
    credentials: &Credentials,
    operation: Operation,
    query: &[(String, String)],
    stamp: Stamp,
) -> Result<Request, TransportError> {
    let payload_hash = acs3::payload_hash(b"");
    let mut signed = vec![
        ("host".to_owned(), service.authority()),
        ("x-acs-action".to_owned(), operation.action.to_owned()),
        ("x-acs-content-sha256".to_owned(), payload_hash.clone()),
        ("x-acs-date".to_owned(), api_date(stamp.date)),
        (
            "x-acs-signature-nonce".to_owned(),
            format!("{:032x}", stamp.nonce),
        ),
        ("x-acs-version".to_owned(), operation.version.to_owned()),
    ];
    if let Some(token) = credentials.token() {
        signed.push((
            "x-acs-accesskey-id".to_owned(),
            credentials.access_key_id().to_owned(),
        ));
        signed.push(("x-acs-security-token".to_owned(), token.to_owned()));
    }
    let request = acs3::Acs3Request {
        method: "POST",
        path: "/",
        query,
        headers: &signed,
        payload_hash: &payload_hash,
    };
    let signature = acs3::sign(
        credentials.secret(),
        &acs3::string_to_sign(&request.canonical()),
    );
    let authorization = acs3::authorization(
        credentials.access_key_id(),
        &request.signed_headers(),
        &signature,
    );
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    // HTTP writes the host itself, the same one.
    let ours = signed
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .filter(|(name, _)| *name != "host");
    for (name, value) in ours.chain([(AUTHORIZATION.as_str(), &authorization)]) {
        let (Some(name), Some(value)) = (header_name(name), secret_header(value)) else {
            let problem = format!("the header {name} would hold characters that no header can");
            return Err(TransportError::Setup(problem));
        };
        headers.insert(name, value);
    }
    let url = service.with_query(&canonical_query(query));
    Ok(Request {
        method: Method::POST,
        url,
        headers,
        body: String::new(),
        route: Route::Ordinary,
    })
}
