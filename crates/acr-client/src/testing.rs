//! A server that answers as a test says and remembers what it was asked.

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
use super::{Backoff, Budget, Client, Options, Outside, Target};

/// The time of every test.
pub(super) const NOW: &str = "2026-03-01T08:00:00Z";

/// What a TLS client sends first.
const TLS_HANDSHAKE: u8 = 0x16;

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub(super) method: String,
    /// Path and query, not decoded.
    pub(super) target: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
}

impl Received {
    /// The raw query.
    pub(super) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// A parameter; tests use none that needs decoding.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query().split('&').find_map(|pair| {
            pair.split_once('=')
                .filter(|(it, _)| *it == name)
                .map(|(_, value)| value)
        })
    }

    pub(super) fn number(&self, name: &str) -> usize {
        self.parameter(name)
            .and_then(|text| text.parse().ok())
            .expect(name)
    }
}

/// What a test answers.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// Announces more body than it sends.
    CutOff(String),
    /// Closes the connection.
    Nothing,
}

impl Reply {
    pub(super) fn json(status: u16, body: impl Into<String>) -> Self {
        Self::Answer {
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
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }

    /// A page with these rules: `id`, or `id/name`.
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

    /// The answer as bytes, and whether the connection lives on.
    fn bytes(self) -> (Vec<u8>, bool) {
        let (status, headers, body, missing) = match self {
            Self::Answer {
                status,
                headers,
                body,
            } => (status, headers, body, 0),
            Self::CutOff(body) => (200, Vec::new(), body.into_bytes(), 100),
            Self::Nothing => return (Vec::new(), false),
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

type Answer = dyn Fn(&Received, usize) -> Reply + Send + Sync;

/// The server. It ends with the test's runtime.
pub(super) struct Server {
    pub(super) url: String,
    log: Arc<Log>,
}

#[derive(Default)]
struct Log {
    received: Mutex<Vec<Received>>,
    connections: AtomicUsize,
}

impl Server {
    /// Answers each request with what `reply` makes of it and of how many came before.
    pub(super) async fn start(
        reply: impl Fn(&Received, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::listen(Arc::new(reply), None).await
    }

    /// The same over TLS; also the certificate of the authority that vouches for it, in PEM.
    pub(super) async fn start_tls(
        reply: impl Fn(&Received, usize) -> Reply + Send + Sync + 'static,
    ) -> (Self, String) {
        Self::start_tls_with(|_| {}, reply).await
    }

    /// The same with a certificate of another kind, which it signs itself.
    pub(super) async fn start_tls_with(
        change: fn(&mut CertificateParams),
        reply: impl Fn(&Received, usize) -> Reply + Send + Sync + 'static,
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

    async fn listen(reply: Arc<Answer>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().expect("address"));
        let log = Arc::<Log>::default();
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

    pub(super) fn received(&self) -> Vec<Received> {
        self.log.received.lock().expect("log").clone()
    }

    /// How many connections were made.
    pub(super) fn connections(&self) -> usize {
        self.log.connections.load(Ordering::Relaxed)
    }

    /// A target whose endpoint is this server.
    pub(super) fn target(&self, instance_id: &str) -> Target {
        Target {
            instance_id: instance_id.into(),
            region: "cn-shanghai".into(),
            endpoint: Some(self.url.as_str().into()),
            identity: Identity::default(),
        }
    }
}

/// Answers the requests of one connection.
async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    reply: &Answer,
    log: &Mutex<Vec<Received>>,
) {
    while let Some(received) = receive(&mut stream).await {
        let before = {
            let mut log = log.lock().expect("log");
            log.push(received.clone());
            log.len() - 1
        };
        let (bytes, lives_on) = reply(&received, before).bytes();
        if stream.write_all(&bytes).await.is_err() || !lives_on {
            return;
        }
    }
}

/// The next request; `None` where the client has gone or speaks something else.
async fn receive(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Option<Received> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let byte = stream.read_u8().await.ok()?;
        if byte == TLS_HANDSHAKE {
            // What is left unread would reset the connection and take the answer with it.
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
    Some(Received {
        method: method.to_owned(),
        target: target.to_owned(),
        headers,
        body,
    })
}

/// Options that never wait.
pub(super) fn options() -> Options {
    Options {
        backoff: Backoff {
            base: Duration::ZERO,
            cap: Duration::ZERO,
            faults: 6,
        },
        parallelism: NonZeroUsize::new(4).expect("four"),
        ..Options::default()
    }
}

/// A world with these environment variables, a clock that stands and randomness that counts.
pub(super) fn outside(variables: &[(&str, &str)]) -> Outside {
    let variables: BTreeMap<String, String> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let counter = Mutex::new(0_u128);
    Outside {
        now: Arc::new(|| NOW.parse::<Timestamp>().expect("a time")),
        random: Arc::new(move || {
            let mut counter = counter.lock().expect("counter");
            *counter += 1;
            *counter
        }),
        variable: Arc::new(move |name| variables.get(name).cloned()),
        home: None,
        secrets: Arc::new(()),
    }
}

/// A world with keys in its environment.
pub(super) fn with_keys() -> Outside {
    outside(&[
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "testId"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testSecret"),
    ])
}

/// A client with keys that never waits.
pub(super) fn client() -> Client {
    client_with(options(), with_keys())
}

/// A client.
pub(super) fn client_with(options: Options, outside: Outside) -> Client {
    Client::new(options, outside).expect("a client")
}

/// More time than any test takes.
pub(super) fn budget() -> Budget {
    Budget::starting_now(Duration::from_secs(60))
}
