//! A server that answers as a test says, one connection for each request, and remembers what it was asked.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

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
}

impl Received {
    /// The raw query.
    pub(super) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// A parameter; tests use none that needs decoding.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query()
            .split('&')
            .find_map(|pair| pair.split_once('=').filter(|(it, _)| *it == name).map(|(_, value)| value))
    }

    pub(super) fn number(&self, name: &str) -> usize {
        self.parameter(name).and_then(|text| text.parse().ok()).expect(name)
    }
}

/// What a test answers.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// Announces more body than it sends.
    CutOff(String),
    /// Closes the connection.
    Nothing,
}

impl Reply {
    pub(super) fn json(status: u16, body: impl Into<String>) -> Self {
        Self::Answer { status, headers: Vec::new(), body: body.into() }
    }

    pub(super) fn error(status: u16, code: &str) -> Self {
        Self::json(status, format!(r#"{{"Code":"{code}","Message":"words","RequestId":"R-1"}}"#))
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

    fn bytes(self) -> Vec<u8> {
        let (status, headers, body, length) = match self {
            Self::Answer { status, headers, body } => (status, headers, body.clone(), body.len()),
            Self::CutOff(body) => (200, Vec::new(), body.clone(), body.len() + 100),
            Self::Nothing => return Vec::new(),
        };
        let headers: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let headers = headers.concat();
        format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}")
            .into_bytes()
    }
}

/// The server. It ends with the test's runtime.
pub(super) struct Server {
    pub(super) url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    /// Answers each request with what `reply` makes of it and of how many came before.
    pub(super) async fn start(reply: impl Fn(&Received, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("address"));
        let received = Arc::new(Mutex::new(Vec::new()));
        let (reply, log) = (Arc::new(reply), Arc::clone(&received));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (reply, log) = (Arc::clone(&reply), Arc::clone(&log));
                tokio::spawn(async move { serve(stream, &*reply, &log).await });
            }
        });
        Self { url, received }
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.lock().expect("log").clone()
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

async fn serve(mut stream: TcpStream, reply: &(dyn Fn(&Received, usize) -> Reply + Sync), log: &Mutex<Vec<Received>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        if byte == TLS_HANDSHAKE {
            // What is left unread would reset the connection and take the answer with it.
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            return;
        }
        head.push(byte);
    }
    let head = String::from_utf8(head).expect("ASCII");
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let headers = lines.filter_map(|line| line.split_once(": "));
    let received = Received {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect(),
    };
    let before = {
        let mut log = log.lock().expect("log");
        log.push(received.clone());
        log.len() - 1
    };
    let bytes = reply(&received, before).bytes();
    // The client may have gone.
    let _ = stream.write_all(&bytes).await;
}

/// Options that never wait.
pub(super) fn options() -> Options {
    Options {
        backoff: Backoff { base: Duration::ZERO, cap: Duration::ZERO },
        parallelism: NonZeroUsize::new(4).expect("four"),
        ..Options::default()
    }
}

/// A world with these environment variables, a clock that stands and randomness that counts.
pub(super) fn outside(variables: &[(&str, &str)]) -> Outside {
    let variables: BTreeMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
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
    }
}

/// A world with keys in its environment.
pub(super) fn with_keys() -> Outside {
    outside(&[("ALIBABA_CLOUD_ACCESS_KEY_ID", "testId"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testSecret")])
}

/// A client with keys that never waits.
pub(super) fn client() -> Client {
    Client::new(options(), with_keys())
}

/// More time than any test takes.
pub(super) fn budget() -> Budget {
    Budget::starting_now(Duration::from_secs(60))
}
