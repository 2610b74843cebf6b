//! Processes of the program, and their memory.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The time between two looks at the processes.
const PAUSE: Duration = Duration::from_millis(50);

/// The folder, the environment and the arguments of every process.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) folder: PathBuf,
    pub(crate) arguments: Vec<String>,
}

/// A running process. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    /// The peak of its resident memory so far, bytes.
    pub(crate) peak_bytes: u64,
}

impl Program {
    /// Starts `crdrift watch` with more arguments. Standard error goes to a file of this name.
    pub(crate) fn start(&self, name: &str, more: &[&str]) -> Running {
        let log = File::options()
            .append(true)
            .create(true)
            .open(self.folder.join(name).with_extension("log"))
            .expect("a log");
        let child = Command::new(env!("CARGO_BIN_EXE_crdrift"))
            .current_dir(&self.folder)
            .env_clear()
            .env("HOME", &self.folder)
            .args(["watch", "--config", "watch.yaml"])
            .args(["--allow-endpoint", "127.0.0.1"])
            .args(&self.arguments)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        Running {
            child,
            peak_bytes: 0,
        }
    }

    /// Runs `crdrift watch --once` with several lists of arguments, some at a time. Returns the time, the peak of the largest
    /// process in bytes, and the exit codes.
    pub(crate) fn run_all(
        &self,
        runs: &[Vec<String>],
        at_once: usize,
    ) -> (Duration, u64, Vec<i32>) {
        let started = Instant::now();
        let (mut running, mut codes, mut peak) = (Vec::<Running>::new(), Vec::new(), 0);
        let mut waiting = runs.iter().enumerate();
        loop {
            while running.len() < at_once
                && let Some((number, arguments)) = waiting.next()
            {
                let mut all = vec!["--once"];
                all.extend(arguments.iter().map(String::as_str));
                running.push(self.start(&format!("once-{number}"), &all));
            }
            if running.is_empty() {
                return (started.elapsed(), peak, codes);
            }
            running.retain_mut(|process| {
                process.measure();
                peak = peak.max(process.peak_bytes);
                match process.child.try_wait().expect("a process") {
                    Some(status) => codes.push(status.code().unwrap_or(-1)),
                    None => return true,
                }
                false
            });
            std::thread::sleep(PAUSE);
        }
    }
}

impl Running {
    /// Reads the peak of the resident memory (`VmHWM` of proc(5)).
    pub(crate) fn measure(&mut self) {
        let path = Path::new("/proc")
            .join(self.child.id().to_string())
            .join("status");
        let status = fs::read_to_string(path).unwrap_or_default();
        let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
        let kib = line.and_then(|it| it.trim().trim_end_matches(" kB").parse::<u64>().ok());
        self.peak_bytes = self.peak_bytes.max(kib.unwrap_or_default() << 10);
    }

    /// Kills the process as the system does when memory runs out.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Sends SIGTERM, and returns the exit code.
    pub(crate) fn stop(&mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(sent.expect("kill").success());
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
