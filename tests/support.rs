//! Runs of the program as a user starts it, with an empty environment.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use std::sync::Arc;

use acr_emulator::{
    self, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, Emulator, MirrorMode, Script, Seed,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_crdrift");

/// An address that refuses connections at once: the discard port of this machine.
const CLOSED_PORT: &str = "http://127.0.0.1:9";

/// Returns the number of rounds of a test that repeats something: a tenth of all of them, or all where the environment
/// asks for that, as `.ci/long_tests` does.
#[allow(
    clippy::disallowed_methods,
    reason = "a pipeline asks for every round by the environment"
)]
pub(crate) fn rounds(all: u32) -> u32 {
    match std::env::var_os("CRDRIFT_ALL_ROUNDS") {
        Some(_) => all,
        None => all / 10,
    }
}

/// A run of the program in an empty environment and a temporary folder.
pub(crate) struct Crdrift {
    folder: TempDir,
    command: Command,
    stdin: Vec<u8>,
}

/// The output of a run.
#[derive(Debug)]
pub(crate) struct RunOutput {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The folder of the run, removed with this value.
    pub(crate) folder: TempDir,
}

pub(crate) fn crdrift() -> Crdrift {
    let folder = TempDir::new().expect("a temporary folder");
    let mut command = Command::new(PROGRAM);
    // A result must not depend on the user and the machine of the tests.
    command
        .env_clear()
        .env("HOSTNAME", "host.example")
        .env("ALIBABA_CLOUD_STS_ENDPOINT", CLOSED_PORT)
        .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
        .current_dir(folder.path());
    Crdrift {
        folder,
        command,
        stdin: Vec::new(),
    }
}

impl Crdrift {
    pub(crate) fn args<'a>(mut self, args: impl IntoIterator<Item = &'a str>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Puts a file into the folder of the run.
    pub(crate) fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
        self
    }

    /// Copies the files of a folder into the folder of the run.
    pub(crate) fn files_of(mut self, folder: &Path) -> Self {
        let mut folders = vec![folder.to_owned()];
        while let Some(within) = folders.pop() {
            for entry in std::fs::read_dir(within).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path
                        .strip_prefix(folder)
                        .expect("below")
                        .to_string_lossy()
                        .into_owned();
                    self = self.file(&name, std::fs::read(&path).expect("a file"));
                }
            }
        }
        self
    }

    /// Runs in a folder inside of the folder of the run.
    pub(crate) fn working_in(mut self, folder: &str) -> Self {
        self.command.current_dir(self.folder.path().join(folder));
        self
    }

    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = text.into();
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn run(self) -> RunOutput {
        use std::io::Write;
        let Self {
            folder,
            mut command,
            stdin,
        } = self;
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut pipe = child.stdin.take().expect("standard input");
        // A program that fails early reads nothing, and the pipe breaks: no matter.
        let _ = pipe.write_all(&stdin);
        drop(pipe);
        let output = child.wait_with_output().expect("it ends");
        RunOutput {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
            folder,
        }
    }

    /// Starts the program and returns its process.
    pub(crate) fn start(self) -> (TempDir, Child) {
        let Self {
            folder,
            mut command,
            ..
        } = self;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        (folder, command.spawn().expect("it starts"))
    }
}

impl RunOutput {
    /// Returns the last line of standard error, which has the reason for the exit code.
    pub(crate) fn reason(&self) -> &str {
        self.stderr.lines().last().unwrap_or_default()
    }

    /// Returns the result document on standard output.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// An emulator for runs of the program, stopped when dropped.
pub(crate) struct EmulatorGuard {
    emulator: Emulator,
    _runtime: Runtime,
}

impl EmulatorGuard {
    /// Serves a snapshot, with a script.
    pub(crate) fn start(live: &str, script: &str) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let snapshot = crdrift::snapshot::read(live.as_bytes()).expect("a snapshot");
        #[allow(
            clippy::disallowed_methods,
            reason = "the emulator's clock has to agree with the program's"
        )]
        let clock = Arc::new(jiff::Timestamp::now);
        let listings = snapshot.listings.into_iter();
        let listings = listings.map(|listing| listing.map_failure(drop)).collect();
        let options = acr_emulator::Options::new(Seed::new(listings, MirrorMode::Both), clock);
        let script = Script::parse(script).expect("a script");
        let options = acr_emulator::Options { script, ..options };
        let emulator = runtime
            .block_on(acr_emulator::start(options))
            .expect("an emulator");
        Self {
            emulator,
            _runtime: runtime,
        }
    }

    /// Serves the live rules of the quick start.
    pub(crate) fn quickstart(script: &str) -> Self {
        Self::start(&read("examples/quickstart/live.json"), script)
    }

    pub(crate) fn url(&self) -> String {
        self.emulator.url()
    }

    /// Returns a rules file with this emulator as the endpoint of every instance.
    pub(crate) fn with_endpoints(&self, rules: &str) -> String {
        rules.replace("id: cri", &format!("endpoint: \"{}\", id: cri", self.url()))
    }

    /// Adds the keys of the emulator and its security token service to a run.
    pub(crate) fn keys(&self, run: Crdrift) -> Crdrift {
        run.env("ALIBABA_CLOUD_ACCESS_KEY_ID", DEFAULT_ACCESS_KEY_ID)
            .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", DEFAULT_ACCESS_KEY_SECRET)
            .env("ALIBABA_CLOUD_STS_ENDPOINT", self.url())
    }

    /// Returns the number of requests above the limit of their account.
    pub(crate) fn throttled(&self) -> u64 {
        self.emulator.request_counts().throttled()
    }

    /// Returns the number of requests for an operation.
    pub(crate) fn requests(&self, operation: &str) -> u64 {
        self.emulator.request_counts().count_by_name(operation)
    }
}

/// Returns whether the current output replaces the expected one: `CRDRIFT_BLESS=1 cargo test`.
#[allow(
    clippy::disallowed_methods,
    reason = "a switch of the tests, not of the program"
)]
pub(crate) fn is_blessing() -> bool {
    std::env::var_os("CRDRIFT_BLESS").is_some()
}

/// Returns a path below the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
