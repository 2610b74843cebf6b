//! The PostgreSQL server of the tests: the one that `CRDRIFT_TEST_POSTGRES` names, else one that `.ci/postgres` starts and
//! that ends with the tests. Without a server, the tests fail.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::repository;

/// A server, which ends when the pipe to it is closed.
struct TestServer {
    url: String,
    _process: Option<Child>,
}

#[allow(
    clippy::disallowed_methods,
    reason = "the tests of a pipeline share the server that it started"
)]
fn server() -> &'static TestServer {
    static SERVER: OnceLock<TestServer> = OnceLock::new();
    SERVER.get_or_init(|| {
        if let Ok(url) = std::env::var("CRDRIFT_TEST_POSTGRES") {
            return TestServer {
                url,
                _process: None,
            };
        }
        let mut process = Command::new(repository(".ci/postgres"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect(".ci/postgres starts");
        let output = process.stdout.take().expect("a pipe");
        let mut url = String::new();
        BufReader::new(output).read_line(&mut url).expect("a line");
        let url = url.trim().to_owned();
        assert!(
            url.starts_with("postgres://"),
            "no server of PostgreSQL: install it (apt-get install postgresql), or name one in CRDRIFT_TEST_POSTGRES"
        );
        TestServer {
            url,
            _process: Some(process),
        }
    })
}

/// Returns the URL of the database of administrators.
pub(super) fn admin_url() -> &'static str {
    &server().url
}

/// Creates a database, and returns its URL.
pub(super) fn new_database() -> String {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("crdrift_{}_{number}", std::process::id());
    let created = Command::new("psql")
        .args(["--quiet", "--no-psqlrc", admin_url(), "--command"])
        .arg(format!("CREATE DATABASE {name}"))
        .output()
        .expect("psql is installed with the server");
    let error = String::from_utf8_lossy(&created.stderr);
    assert!(created.status.success(), "{error}");
    admin_url().replacen("/postgres?", &format!("/{name}?"), 1)
}
