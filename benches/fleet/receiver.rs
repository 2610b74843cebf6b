//! A service that takes notifications: it accepts and keeps all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crdrift::notify::NotificationDocument;

const MINUTE: Duration = Duration::from_secs(60);

/// The messages of a service.
#[derive(Debug, Default)]
pub(crate) struct ReceivedMessages {
    /// The times of the requests.
    times: Vec<Instant>,
    /// The documents by the id of their message; chats have none.
    documents: BTreeMap<String, NotificationDocument>,
    /// The requests that repeat the id of another one.
    pub(crate) repeated: usize,
}

/// A running service.
pub(crate) struct Receiver {
    pub(crate) url: String,
    pub(crate) messages: Arc<Mutex<ReceivedMessages>>,
}

impl ReceivedMessages {
    pub(crate) fn count(&self) -> usize {
        self.times.len()
    }

    /// Returns the most requests within a minute.
    pub(crate) fn most_in_a_minute(&self) -> usize {
        let windows = self.times.iter().enumerate().map(|(first, start)| {
            let within = |time: &&Instant| time.duration_since(*start) < MINUTE;
            self.times[first..].iter().filter(within).count()
        });
        windows.max().unwrap_or_default()
    }

    /// Returns the findings that were opened or resolved, as often as the messages say so.
    pub(crate) fn transitions(&self, transition: &str) -> Vec<String> {
        let mut transitions = Vec::new();
        for document in self.documents.values() {
            for finding in &document.findings {
                if finding.transition == transition {
                    transitions.push(format!("{} {}", document.estate, finding.fingerprint));
                }
            }
        }
        transitions.sort();
        transitions
    }

    /// Returns the number of messages about a run that has another one.
    pub(crate) fn second_messages(&self) -> usize {
        let runs: BTreeSet<&str> = self
            .documents
            .values()
            .map(|it| it.run.id.as_str())
            .collect();
        self.documents.len() - runs.len()
    }
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let messages = Arc::<Mutex<ReceivedMessages>>::default();
        let kept = Arc::clone(&messages);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || {
                    // A process that is killed cuts its requests.
                    let _ = receive(stream, &kept);
                });
            }
        });
        Self {
            url: format!("http://{address}/robot"),
            messages,
        }
    }
}

/// Receives the requests of a connection.
fn receive(stream: TcpStream, messages: &Mutex<ReceivedMessages>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let (mut length, mut id) = (0, None);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            match line.split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.parse().unwrap_or_default();
                }
                Some((name, value)) if name.eq_ignore_ascii_case("webhook-id") => {
                    id = Some(value.to_owned());
                }
                _ => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        {
            let mut messages = messages.lock().expect("no thread panics");
            messages.times.push(Instant::now());
            if let Some(id) = id {
                let document = serde_json::from_slice(&body).expect("a notification document");
                let before = messages.documents.insert(id, document);
                messages.repeated += usize::from(before.is_some());
            }
        }
        let answer = br#"{"errcode":0,"errmsg":"ok"}"#;
        write!(
            writer,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            answer.len()
        )?;
        writer.write_all(answer)?;
    }
}
