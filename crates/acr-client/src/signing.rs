//! Signed requests: POST `/` with all parameters in the query, as the official SDKs send them.

use acr_api::signature::{acs3, canonical_query};
use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};

use super::credentials::Credentials;
use super::endpoint::ServiceUrl;
use super::transport::{Destination, Request, TransportError, header_name, secret_header};

/// An action of a service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation {
    /// The action's name.
    pub(crate) action: &'static str,
    /// The version of the service's API.
    pub(crate) version: &'static str,
}

/// The values that differ between the attempts of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SigningContext {
    /// The current time of the service's clock.
    pub(crate) date: Timestamp,
    /// The nonce.
    pub(crate) nonce: u128,
}

/// Formats a date as the API expects it in headers and parameters: UTC, without fractions of a second.
pub(crate) fn api_date(date: Timestamp) -> String {
    date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Builds and signs a request. The signature and the URL use the same encoded query.
pub(crate) fn signed_request(
    service: &ServiceUrl,
    credentials: &Credentials,
    operation: Operation,
    query: &[(String, String)],
    context: SigningContext,
) -> Result<Request, TransportError> {
    let payload_hash = acs3::payload_hash(b"");
    let mut signed_headers = vec![
        ("host".to_owned(), service.authority()),
        ("x-acs-action".to_owned(), operation.action.to_owned()),
        ("x-acs-content-sha256".to_owned(), payload_hash.clone()),
        ("x-acs-date".to_owned(), api_date(context.date)),
        (
            "x-acs-signature-nonce".to_owned(),
            format!("{:032x}", context.nonce),
        ),
        ("x-acs-version".to_owned(), operation.version.to_owned()),
    ];
    if let Some(token) = credentials.token() {
        signed_headers.push((
            "x-acs-accesskey-id".to_owned(),
            credentials.access_key_id().to_owned(),
        ));
        signed_headers.push(("x-acs-security-token".to_owned(), token.to_owned()));
    }
    let request = acs3::Acs3Request {
        method: "POST",
        path: "/",
        query,
        headers: &signed_headers,
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
    signed_headers.push((AUTHORIZATION.to_string(), authorization));
    for (name, value) in &signed_headers {
        // The HTTP client writes the same host.
        if name == "host" {
            continue;
        }
        let (Some(name), Some(value)) = (header_name(name), secret_header(value)) else {
            let problem = format!("the header {name} has a value with invalid characters");
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
        destination: Destination::Service,
    })
}
