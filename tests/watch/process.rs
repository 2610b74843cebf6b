//! A running watch, and the estates that it checks.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use tempfile::TempDir;

use crate::support::{Crdrift, crdrift, read};

/// The longest wait for a line: a machine that is busy is slow.
const MAX_WAIT: Duration = Duration::from_secs(120);

/// A run with the quick start's files in its folder, and a watch file.
pub(crate) fn with_watch_file(text: &str) -> Crdrift {
    crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .file("live.json", read("examples/quickstart/live.json"))
        .file("watch.yaml", text)
}

/// `crdrift watch` in a process of its own; ended when dropped.
pub(crate) struct WatchProcess {
    child: Child,
    /// The lines of standard error, which end with the process.
    lines: Receiver<String>,
    folder: TempDir,
}

impl WatchProcess {
    pub(crate) fn start(run: Crdrift) -> Self {
        Self::start_with(run, &[])
    }

    pub(crate) fn start_with(run: Crdrift, more: &[&str]) -> Self {
        let run = run.args(["watch", "--config", "watch.yaml"]);
        let (folder, mut child) = run.args(more.iter().copied()).start();
        let stderr = BufReader::new(child.stderr.take().expect("standard error"));
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stderr.lines() {
                // The test may have ended.
                let _ = sender.send(line.expect("UTF-8") + "\n");
            }
        });
        Self {
            child,
            lines,
            folder,
        }
    }

    /// Returns the address of the page, from the first line.
    pub(crate) fn page(&mut self) -> SocketAddr {
        let lines = self.wait_for("watching ");
        let (_, address) = lines.split_once("page on http://").expect("the page");
        let (address, _) = address.split_once(';').expect("an end");
        address.parse().expect("an address")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Waits for a line with a text, and returns the lines up to it.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        let mut lines = String::new();
        loop {
            let Ok(line) = self.lines.recv_timeout(MAX_WAIT) else {
                panic!("no {text:?}:\n{lines}");
            };
            lines += &line;
            if line.contains(text) {
                return lines;
            }
        }
    }

    pub(crate) fn send(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status();
        assert!(sent.expect("kill").success());
    }

    /// Sends SIGTERM, and returns the exit code with the rest of standard error.
    pub(crate) fn stop(&mut self) -> (Option<i32>, String) {
        self.send("-TERM");
        self.wait()
    }

    /// Waits for the end, and returns the exit code with the rest of standard error.
    pub(crate) fn wait(&mut self) -> (Option<i32>, String) {
        let status = self.child.wait().expect("it ends");
        (status.code(), self.lines.iter().collect())
    }
}

impl Drop for WatchProcess {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
