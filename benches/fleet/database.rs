//! A PostgreSQL server behind a connection that can be cut.

use std::io::{self, BufRead, BufReader};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// The open connections; `None` while the server cannot be reached.
type Connections = Arc<Mutex<Option<Vec<TcpStream>>>>;

/// A server, which ends when the pipe to it is closed.
pub(crate) struct DatabaseServer {
    process: Child,
    /// The URL of a new database, through the connection that can be cut.
    pub(crate) url: String,
    connections: Connections,
}

impl DatabaseServer {
    /// Starts a server with `.ci/postgres`.
    pub(crate) fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/postgres");
        let mut process = Command::new(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect(".ci/postgres starts");
        let output = process.stdout.take().expect("a pipe");
        let mut admin = String::new();
        BufReader::new(output)
            .read_line(&mut admin)
            .expect("a line");
        let admin = admin.trim();
        let created = Command::new("psql")
            .args(["--quiet", "--no-psqlrc", admin, "--command"])
            .arg("CREATE DATABASE fleet")
            .status();
        assert!(created.expect("psql").success(), "no server of PostgreSQL");
        let (before, rest) = admin.rsplit_once('@').expect("a user");
        let (host, path) = rest.split_once('/').expect("a database");
        let (name, port) = host.rsplit_once(':').expect("a port");
        let connections = Connections::new(Mutex::new(Some(Vec::new())));
        let proxy = forward(port.parse().expect("a port"), Arc::clone(&connections));
        let path = path.replacen("postgres?", "fleet?", 1);
        Self {
            process,
            url: format!("{before}@{name}:{proxy}/{path}"),
            connections,
        }
    }

    /// Cuts every connection, and refuses new ones.
    pub(crate) fn cut(&self) {
        let cut = self.connections.lock().expect("no thread panics").take();
        for stream in cut.into_iter().flatten() {
            // It may be closed already.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Accepts connections again.
    pub(crate) fn restore(&self) {
        *self.connections.lock().expect("no thread panics") = Some(Vec::new());
    }
}

impl Drop for DatabaseServer {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// Forwards connections to a port of this machine, and returns the port to connect to.
fn forward(port: u16, connections: Connections) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let mut connections = connections.lock().expect("no thread panics");
            let Some(open) = connections.as_mut() else {
                continue;
            };
            let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else {
                continue;
            };
            let ends = [client.try_clone(), server.try_clone()];
            open.extend(ends.into_iter().flatten());
            copy_both(client, server);
        }
    });
    address.port()
}

fn copy_both(client: TcpStream, server: TcpStream) {
    let ends = [
        (client.try_clone(), server.try_clone()),
        (Ok(server), Ok(client)),
    ];
    for (from, to) in ends {
        if let (Ok(mut from), Ok(mut to)) = (from, to) {
            std::thread::spawn(move || {
                // Either end may be cut.
                let _ = io::copy(&mut from, &mut to);
                let _ = to.shutdown(Shutdown::Both);
            });
        }
    }
}
