//! A client of a few lines: one request for each connection, and everything that came back.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A response.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Answer {
    /// Returns the value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|it| it.split_once(": "));
        let mut found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value)
    }

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Connects, with a time limit for a test that would hang.
pub(super) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection");
    let limit = Some(Duration::from_secs(60));
    stream.set_read_timeout(limit).expect("a time limit");
    stream
}

/// Sends bytes, and returns the response.
pub(super) fn send(address: SocketAddr, request: &str) -> Answer {
    let mut stream = connect(address);
    stream.write_all(request.as_bytes()).expect("a request");
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8(bytes).expect("UTF-8");
    let (head, body) = text
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no response to {request:?}: {text:?}"));
    let status = head.split(' ').nth(1).expect("a status");
    Answer {
        status: status.parse().expect("a number"),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// Asks for a path, with more header lines.
pub(super) fn request(address: SocketAddr, method: &str, path: &str, headers: &str) -> Answer {
    let host = if headers.to_ascii_lowercase().contains("host:") {
        String::new()
    } else {
        format!("Host: {address}\r\n")
    };
    send(
        address,
        &format!("{method} {path} HTTP/1.1\r\n{host}Connection: close\r\n{headers}\r\n"),
    )
}

pub(super) fn get(address: SocketAddr, path: &str) -> Answer {
    request(address, "GET", path, "")
}

/// A stream of events.
pub(super) struct Stream {
    lines: BufReader<TcpStream>,
}

/// An event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) data: serde_json::Value,
}

impl Stream {
    /// Opens a stream; the status is 200, or the response is returned.
    pub(super) fn open(address: SocketAddr, path: &str, headers: &str) -> Self {
        let mut stream = connect(address);
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).expect("a request");
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(lines.read_line(&mut head).expect("a line"), 0, "{head}");
        }
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        assert!(head.contains("x-accel-buffering: no"), "{head}");
        assert!(head.contains("cache-control: no-store"), "{head}");
        Self { lines }
    }

    /// Returns the next line of the events; `None` at the end.
    pub(super) fn line(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            let read = self.lines.read_line(&mut line).expect("a line");
            if read == 0 || line == "0\r\n" {
                return None;
            }
            // The sizes of chunks are lines of their own.
            if !line.ends_with("\r\n") {
                return Some(line.trim_end().to_owned());
            }
        }
    }

    /// Returns the next event.
    pub(super) fn event(&mut self) -> Event {
        let mut event = Event {
            id: String::new(),
            data: serde_json::Value::Null,
        };
        loop {
            let line = self.line().expect("the stream goes on");
            if let Some(id) = line.strip_prefix("id: ") {
                id.clone_into(&mut event.id);
            } else if let Some(data) = line.strip_prefix("data: ") {
                event.data = serde_json::from_str(data).expect("JSON");
            } else if let Some(name) = line.strip_prefix("event: ") {
                assert_eq!(name, "changed");
            } else if line.is_empty() && !event.id.is_empty() {
                return event;
            }
        }
    }
}
