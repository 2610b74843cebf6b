//! Signed requests: POST `/` with all parameters in the query, as the official SDKs send them.

use acr_api::signature::{acs3, canonical_query};
use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};

use super::credentials::Credentials;
use super::endpoint::ServiceUrl;
use super::transport::{Destination, Request, TransportError, header_name, secret_header};

/// A request to sign.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ApiRequest<'a> {
    /// The URL of the service.
    pub(crate) service: &'a ServiceUrl,
    /// The name of the action.
    pub(crate) action: &'static str,
    /// The version of the service's API.
    pub(crate) version: &'static str,
    /// The parameters, not encoded.
    pub(crate) query: &'a [(String, String)],
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

impl ApiRequest<'_> {
    /// Returns the signed request. The signature and the URL use the same encoded query.
    pub(crate) fn sign(
        &self,
        credentials: &Credentials,
        context: SigningContext,
    ) -> Result<Request, TransportError> {
        let payload_hash = acs3::payload_hash(b"");
        let mut headers = vec![
            ("host".to_owned(), self.service.authority()),
            ("x-acs-action".to_owned(), self.action.to_owned()),
            ("x-acs-content-sha256".to_owned(), payload_hash.clone()),
            ("x-acs-date".to_owned(), api_date(context.date)),
            (
                "x-acs-signature-nonce".to_owned(),
                format!("{:032x}", context.nonce),
            ),
            ("x-acs-version".to_owned(), self.version.to_owned()),
        ];
        if let Some(token) = credentials.token() {
            headers.push((
                "x-acs-accesskey-id".to_owned(),
                credentials.access_key_id().to_owned(),
            ));
            headers.push(("x-acs-security-token".to_owned(), token.to_owned()));
        }
        let request = acs3::Acs3Request {
            method: "POST",
            path: "/",
            query: self.query,
            headers: &headers,
            payload_hash: &payload_hash,
        };
        let string_to_sign = acs3::string_to_sign(&request.canonical());
        let authorization = acs3::authorization(
            credentials.access_key_id(),
            &request.signed_headers(),
            &acs3::sign(credentials.secret(), &string_to_sign),
        );
        headers.push((AUTHORIZATION.to_string(), authorization));
        Ok(Request {
            method: Method::POST,
            url: self.service.with_query(&canonical_query(self.query)),
            headers: header_map(&headers)?,
            body: String::new(),
            destination: Destination::Service,
        })
    }
}

fn header_map(headers: &[(String, String)]) -> Result<HeaderMap, TransportError> {
    let mut map = HeaderMap::new();
    map.insert(ACCEPT, HeaderValue::from_static("application/json"));
    // The HTTP client writes the same host.
    for (name, value) in headers.iter().filter(|(name, _)| name != "host") {
        let (Some(name), Some(value)) = (header_name(name), secret_header(value)) else {
            let problem = format!("the header {name} has a value with invalid characters");
            return Err(TransportError::Setup(problem.into()));
        };
        map.insert(name, value);
    }
    Ok(map)
}
