//! A server with scripted responses, which records the requests. Unlike the emulator it can break off a response, speak
//! TLS and stand in for a proxy.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::credentials::Identity;
use super::{Backoff, Budget, Client, Environment, Options, Target};

/// The current time in all tests.
pub(super) const NOW: &str = "2026-03-01T08:00:00Z";

/// The first byte that a TLS client sends.
const TLS_HANDSHAKE: u8 = 0x16;

/// A request as received.
#[derive(Debug, Clone)]
pub(super) struct ReceivedRequest {
    pub(super) method: String,
    /// The path and query, not decoded.
    pub(super) target: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
}

impl ReceivedRequest {
    /// Returns the query, not decoded.
    pub(super) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// Returns a parameter, not decoded.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query().split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key == name).then_some(value)
        })
    }

    pub(super) fn number(&self, name: &str) -> usize {
        self.parameter(name)
            .and_then(|text| text.parse().ok())
            .expect(name)
    }
}

/// A scripted response.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    Response {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// A body that is shorter than its `Content-Length`.
    Truncated(String),
    /// No response: the connection is closed.
    Close,
}

impl Reply {
    pub(super) fn json(status: u16, body: impl Into<String>) -> Self {
        Self::Response {
            status,
            headers: Vec::new(),
            body: body.into().into_bytes(),
        }
    }

    pub(super) fn error(status: u16, code: &str) -> Self {
        Self::json(
            status,
            format!(r#"{{"Code":"{code}","Message":"words","RequestId":"R-1"}}"#),
        )
    }

    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Response { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }

    /// Returns a page of rules with these ids.
    pub(super) fn page(number: usize, size: usize, total: usize, ids: &[String]) -> Self {
        let rules: Vec<_> = ids
            .iter()
            .map(|id| format!(r#"{{"SyncRuleId":"{id}","SyncRuleName":"name-of-{id}","SyncDirection":"FROM"}}"#))
            .collect();
        let rules = rules.join(",");
        Self::json(
            200,
            format!(
                r#"{{"RequestId":"R-{number}","Code":"success","IsSuccess":true,"PageNo":{number},"PageSize":{size},"TotalCount":{total},"SyncRules":[{rules}]}}"#
            ),
        )
    }

    /// Returns the bytes of the response, and whether the connection stays open.
    fn bytes(self) -> (Vec<u8>, bool) {
        let (status, headers, body, missing) = match self {
            Self::Response {
                status,
                headers,
                body,
            } => (status, headers, body, 0),
            Self::Truncated(body) => (200, Vec::new(), body.into_bytes(), 100),
            Self::Close => return (Vec::new(), false),
        };
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let length = body.len() + missing;
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{}\r\n",
            headers.concat()
        );
        ([head.into_bytes(), body].concat(), missing == 0)
    }
}

/// Returns the response to a request, given the number of requests before it.
type ReplyFn = dyn Fn(&ReceivedRequest, usize) -> Reply + Send + Sync;

/// A server. It stops with the runtime of the test.
pub(super) struct Server {
    pub(super) url: String,
    log: Arc<RequestLog>,
}

#[derive(Default)]
struct RequestLog {
    received: Mutex<Vec<ReceivedRequest>>,
    connections: AtomicUsize,
}

impl Server {
    /// Starts a server; `reply` receives each request and the number of requests before it.
    pub(super) async fn start(
        reply: impl Fn(&ReceivedRequest, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::listen(Arc::new(reply), None).await
    }

    /// Starts a server with TLS, and returns its certificate in PEM.
    pub(super) async fn start_tls(
        reply: impl Fn(&ReceivedRequest, usize) -> Reply + Send + Sync + 'static,
    ) -> (Self, String) {
        Self::start_tls_with(|_| {}, reply).await
    }

    /// Starts a server with TLS and a modified self-signed certificate.
    pub(super) async fn start_tls_with(
        change: fn(&mut CertificateParams),
        reply: impl Fn(&ReceivedRequest, usize) -> Reply + Send + Sync + 'static,
    ) -> (Self, String) {
        let mut parameters = CertificateParams::new(["127.0.0.1".to_owned()]).expect("parameters");
        change(&mut parameters);
        let key = KeyPair::generate().expect("a key");
        let certificate = parameters.self_signed(&key).expect("a certificate");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a configuration");
        let server = Self::listen(Arc::new(reply), Some(TlsAcceptor::from(Arc::new(config)))).await;
        (server, certificate.pem())
    }

    async fn listen(reply: Arc<ReplyFn>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().expect("address"));
        let log = Arc::<RequestLog>::default();
        let shared = Arc::clone(&log);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::Relaxed);
                let (reply, log, tls) = (Arc::clone(&reply), Arc::clone(&shared), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, &*reply, &log.received).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, &*reply, &log.received).await;
                            }
                        }
                    }
                });
            }
        });
        Self { url, log }
    }

    pub(super) fn received(&self) -> Vec<ReceivedRequest> {
        self.log.received.lock().expect("log").clone()
    }

    /// Returns the number of accepted connections.
    pub(super) fn connections(&self) -> usize {
        self.log.connections.load(Ordering::Relaxed)
    }

    /// Returns a target whose endpoint is this server.
    pub(super) fn target(&self, instance_id: &str) -> Target {
        Target {
            instance_id: instance_id.into(),
            region: "cn-shanghai".into(),
            endpoint: Some(self.url.as_str().into()),
            identity: Identity::default(),
        }
    }
}

/// Responds to the requests of one connection.
async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    reply: &ReplyFn,
    log: &Mutex<Vec<ReceivedRequest>>,
) {
    while let Some(received) = receive(&mut stream).await {
        let before = {
            let mut log = log.lock().expect("log");
            log.push(received.clone());
            log.len() - 1
        };
        let (bytes, stays_open) = reply(&received, before).bytes();
        if stream.write_all(&bytes).await.is_err() || !stays_open {
            return;
        }
    }
}

/// Receives a request; `None` if the connection is closed or does not speak HTTP.
async fn receive(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Option<ReceivedRequest> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let byte = stream.read_u8().await.ok()?;
        if byte == TLS_HANDSHAKE {
            // Unread bytes would reset the connection, and discard the response.
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            return None;
        }
        head.push(byte);
    }
    let head = String::from_utf8(head).expect("ASCII");
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers: BTreeMap<_, _> = headers
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .get("content-length")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let body = String::from_utf8(body).expect("UTF-8");
    Some(ReceivedRequest {
        method: method.to_owned(),
        target: target.to_owned(),
        headers,
        body,
    })
}

/// Returns options without waits.
pub(super) fn options() -> Options {
    Options {
        lookups_per_second: None,
        backoff: Backoff {
            base: Duration::ZERO,
            cap: Duration::ZERO,
            max_failures: 6,
        },
        parallelism: NonZeroUsize::new(4).expect("four"),
        ..Options::default()
    }
}

/// Returns an environment with these variables, a fixed clock and consecutive random numbers.
pub(super) fn environment(variables: &[(&str, &str)]) -> Environment {
    let variables: BTreeMap<String, String> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let counter = Mutex::new(0_u128);
    Environment {
        now: Arc::new(|| NOW.parse::<Timestamp>().expect("a time")),
        random: Arc::new(move || {
            let mut counter = counter.lock().expect("counter");
            *counter += 1;
            *counter
        }),
        variable: Arc::new(move |name| variables.get(name).cloned()),
        home: None,
        secrets: Arc::new(()),
        requests: Arc::new(()),
    }
}

/// Returns an environment with an access key.
pub(super) fn with_keys() -> Environment {
    environment(&[
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "testId"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testSecret"),
    ])
}

/// Returns a client with an access key and without waits.
pub(super) fn client() -> Client {
    client_with(options(), with_keys())
}

/// Returns a client.
pub(super) fn client_with(options: Options, environment: Environment) -> Client {
    Client::new(options, environment).expect("a client")
}

/// Returns a time budget that no test uses up.
pub(super) fn budget() -> Budget {
    Budget::starting_now(Duration::from_secs(60))
}
