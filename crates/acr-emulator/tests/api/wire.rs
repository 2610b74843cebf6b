//! Raw requests, and an emulator to send them to.

use std::fmt::Write;
use std::sync::Arc;

use acr_api::ReadStatus;
use acr_api::signature::{acs3, canonical_query, encode, rpc};
use acr_api::{Listing, WireRule};
use acr_emulator::{
    self, AccessKey, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, Emulator, MirrorMode,
    Options, Seed,
};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The time of all tests and of the published vectors.
pub(crate) const NOW: &str = "2026-03-01T08:00:00Z";

/// The parameters of a query.
pub(crate) type QueryParameters = &'static [(&'static str, &'static str)];

/// A response.
#[derive(Debug)]
pub(crate) struct WireAnswer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl WireAnswer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Returns the status and the `Code`.
    pub(crate) fn code(&self) -> (u16, String) {
        (
            self.status,
            self.json()["Code"].as_str().unwrap_or_default().to_owned(),
        )
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// Returns a complete listing.
pub(crate) fn listing(id: &str, rules: &[Value]) -> Listing {
    let rules = rules
        .iter()
        .map(|rule| serde_json::from_value::<WireRule>(rule.clone()).unwrap())
        .collect();
    Listing {
        status: ReadStatus::Complete,
        region_id: Some("cn-shanghai".into()),
        rules,
        ..Listing::skipped(id, None)
    }
}

/// Starts an emulator at [`NOW`], with the default key and further ones.
pub(crate) async fn serve(listings: Vec<Listing>, keys: &[AccessKey]) -> Emulator {
    serve_with(listings, keys, NOW, |_| ()).await
}

pub(crate) async fn serve_with(
    listings: Vec<Listing>,
    keys: &[AccessKey],
    now: &str,
    change: impl FnOnce(&mut Options),
) -> Emulator {
    let now = now.parse().unwrap();
    let mut options = Options::new(Seed::new(listings, MirrorMode::Both), Arc::new(move || now));
    let default = plain_key(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET);
    options.keys = std::iter::once(default)
        .chain(keys.iter().cloned())
        .collect();
    change(&mut options);
    acr_emulator::start(options).await.unwrap()
}

pub(crate) fn plain_key(id: &str, secret: &str) -> AccessKey {
    AccessKey {
        id: id.to_owned(),
        secret: secret.to_owned(),
        security_token: None,
    }
}

/// Sends bytes and reads to the end. The request must ask for `Connection: close`.
pub(crate) async fn send_bytes(emulator: &Emulator, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(emulator.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    answer
}

/// [`send_bytes`] for a response that is text.
pub(crate) async fn send_raw(emulator: &Emulator, request: &str) -> WireAnswer {
    let answer = String::from_utf8(send_bytes(emulator, request).await).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    WireAnswer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// Returns a request of a request line, headers and a body.
pub(crate) fn raw(line: &str, headers: &[(String, String)], body: &str) -> String {
    let mut text = format!("{line} HTTP/1.1\r\n");
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    let _ = write!(
        text,
        "connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    text
}

/// A request with the newer signature, which tests change before and after signing.
pub(crate) struct Acs3 {
    pub(crate) method: &'static str,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) key: (String, String),
}

impl Acs3 {
    /// Returns a request of an action at [`NOW`], with the default key and a new nonce.
    pub(crate) fn new(action: &str, query: &[(&str, &str)]) -> Self {
        let nonce = uuid::Uuid::new_v4().simple().to_string();
        let headers = [
            ("host", "127.0.0.1:7878"),
            ("x-acs-action", action),
            ("x-acs-version", "2018-12-01"),
            ("x-acs-date", NOW),
            ("x-acs-signature-nonce", &nonce),
            ("x-acs-content-sha256", &acs3::payload_hash(b"")),
        ];
        Self {
            method: "POST",
            query: owned(query),
            headers: owned(&headers),
            body: String::new(),
            key: (
                DEFAULT_ACCESS_KEY_ID.to_owned(),
                DEFAULT_ACCESS_KEY_SECRET.to_owned(),
            ),
        }
    }

    /// Sets or removes a header.
    pub(crate) fn header(mut self, name: &str, value: Option<&str>) -> Self {
        self.headers.retain(|(given, _)| given != name);
        self.headers
            .extend(value.map(|value| (name.to_owned(), value.to_owned())));
        self
    }

    /// Returns the request, signed over all headers but those in `unsigned`.
    pub(crate) fn sign(&self, unsigned: &[&str]) -> String {
        let headers: Vec<_> = self
            .headers
            .iter()
            .filter(|(name, _)| !unsigned.contains(&name.as_str()))
            .cloned()
            .collect();
        let request = acs3::Acs3Request {
            method: self.method,
            path: "/",
            query: &self.query,
            headers: &headers,
            payload_hash: &acs3::payload_hash(self.body.as_bytes()),
        };
        let signature = acs3::sign(&self.key.1, &acs3::string_to_sign(&request.canonical()));
        let authorization = acs3::authorization(&self.key.0, &request.signed_headers(), &signature);
        let mut all = self.headers.clone();
        all.push(("authorization".to_owned(), authorization));
        raw(
            &format!("{} /?{}", self.method, canonical_query(&self.query)),
            &all,
            &self.body,
        )
    }
}

/// Returns the signed parameters of a request with the older signature.
pub(crate) fn rpc_parameters(
    parameters: &[(&str, &str)],
    method: &str,
    secret: &str,
) -> Vec<(String, String)> {
    let nonce = uuid::Uuid::new_v4().simple().to_string();
    let common = [
        ("Action", "ListRepoSyncRule"),
        ("Version", "2018-12-01"),
        ("Format", "JSON"),
        ("AccessKeyId", DEFAULT_ACCESS_KEY_ID),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", &nonce),
        ("Timestamp", NOW),
    ];
    let given = |name: &str| parameters.iter().any(|(given, _)| *given == name);
    let mut all = owned(parameters);
    // The value `<absent>` removes a parameter.
    all.extend(owned(&common).into_iter().filter(|(name, _)| !given(name)));
    all.retain(|(_, value)| value != "<absent>");
    let string_to_sign = rpc::string_to_sign(method, &rpc::canonical(&all));
    all.push(("Signature".to_owned(), rpc::sign(secret, &string_to_sign)));
    all
}

/// Returns a GET request with parameters in the query.
pub(crate) fn get(parameters: &[(String, String)]) -> String {
    let pairs: Vec<_> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    raw(
        &format!("GET /?{}", pairs.join("&")),
        &owned(&[("host", "127.0.0.1:7878")]),
        "",
    )
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
