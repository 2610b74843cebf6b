//! Requests byte by byte, and an emulator to send them to.

use std::fmt::Write;
use std::sync::Arc;

use acr_api::ReadStatus;
use acr_api::signature::{acs3, canonical_query, encode, rpc};
use acr_api::{Listing, WireRule};
use acr_emulator::{
    self, AccessKey, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, Emulator, Ends, Options,
    Seed,
};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The time of every test, and of the published vectors.
pub(crate) const NOW: &str = "2026-03-01T08:00:00Z";

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Status and `Code`.
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

/// A listing that was read whole.
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

/// Serves listings at [`NOW`], with the default key and those given.
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
    let mut options = Options::new(Seed::new(listings, Ends::Both), Arc::new(move || now));
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

/// Sends bytes as they are and reads to the end; the request has to ask for `Connection: close`.
pub(crate) async fn send_bytes(emulator: &Emulator, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(emulator.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    answer
}

/// The same, for an answer that is text.
pub(crate) async fn send_raw(emulator: &Emulator, request: &str) -> Answer {
    let answer = String::from_utf8(send_bytes(emulator, request).await).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// A request line, headers, and a body, as bytes.
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

/// A request under the newer signature, and what can be done to it before and after it is signed.
pub(crate) struct Acs3 {
    pub(crate) method: &'static str,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) key: (String, String),
}

impl Acs3 {
    /// A request for an action at [`NOW`], under the default key, with a nonce of its own.
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

    /// Sets a header, or takes it away.
    pub(crate) fn header(mut self, name: &str, value: Option<&str>) -> Self {
        self.headers.retain(|(given, _)| given != name);
        self.headers
            .extend(value.map(|value| (name.to_owned(), value.to_owned())));
        self
    }

    /// The bytes, signed over all headers but those named.
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

/// The parameters of a request under the older signature, signed.
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
    // A parameter that is given with no value at all is left out.
    all.extend(owned(&common).into_iter().filter(|(name, _)| !given(name)));
    all.retain(|(_, value)| value != "<absent>");
    let string_to_sign = rpc::string_to_sign(method, &rpc::canonical(&all));
    all.push(("Signature".to_owned(), rpc::sign(secret, &string_to_sign)));
    all
}

/// A GET with parameters in the query.
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
