use std::io::{BufRead, BufReader, Read};
use std::process::Child;

use tempfile::TempDir;

use crate::support::{Crdrift, crdrift, read};

/// `crdrift emulate` in a process of its own; ended when dropped.
pub(crate) struct EmulatorProcess {
    pub(crate) url: String,
    pub(crate) access_key_id: String,
    pub(crate) access_key_secret: String,
    child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    _folder: TempDir,
}

impl EmulatorProcess {
    pub(crate) fn start(run: Crdrift) -> Self {
        let (folder, mut child) = run.start();
        let mut stdout = BufReader::new(child.stdout.take().expect("standard output"));
        let mut line = |before: &str| {
            let mut line = String::new();
            stdout.read_line(&mut line).expect("a line");
            line.trim_end()
                .strip_prefix(before)
                .unwrap_or_else(|| panic!("{line:?} after {before:?}"))
                .to_owned()
        };
        Self {
            url: line("listening on "),
            access_key_id: line("ALIBABA_CLOUD_ACCESS_KEY_ID="),
            access_key_secret: line("ALIBABA_CLOUD_ACCESS_KEY_SECRET="),
            child,
            stdout,
            _folder: folder,
        }
    }

    /// The quick start's estate.
    pub(crate) fn quickstart() -> Self {
        let live = read("examples/quickstart/live.json");
        Self::start(
            crdrift()
                .file("live.json", live)
                .args(["emulate", "live.json"]),
        )
    }

    /// Sends a signal and waits for the end.
    fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        let sent = std::process::Command::new("kill")
            .args([signal, &pid])
            .status()
            .expect("kill");
        assert!(sent.success());
        let status = self.child.wait().expect("it ends");
        let mut rest = String::new();
        self.stdout
            .read_to_string(&mut rest)
            .expect("standard output");
        (status.code(), rest)
    }
}

impl Drop for EmulatorProcess {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_emulator_prints_its_address_and_keys() {
    let serving = EmulatorProcess::quickstart();
    assert!(
        serving.url.starts_with("http://127.0.0.1:"),
        "{}",
        serving.url
    );
    let again = EmulatorProcess::quickstart();
    assert_eq!(
        (&serving.access_key_id, &serving.access_key_secret),
        (&again.access_key_id, &again.access_key_secret)
    );
}

#[test]
fn the_emulator_accepts_the_given_keys() {
    let live = read("examples/quickstart/live.json");
    let run =
        crdrift()
            .file("live.json", live)
            .args(["emulate", "live.json", "--access-key-id", "mine"]);
    let serving = EmulatorProcess::start(run.env("CRDRIFT_ACCESS_KEY_SECRET", "my-secret"));
    assert_eq!(
        (
            serving.access_key_id.as_str(),
            serving.access_key_secret.as_str()
        ),
        ("mine", "my-secret")
    );
}

#[cfg(unix)]
#[test]
fn the_emulator_exits_cleanly_on_both_signals() {
    for signal in ["-INT", "-TERM"] {
        assert_eq!(
            EmulatorProcess::quickstart().end(signal),
            (Some(0), String::new()),
            "{signal}"
        );
    }
}

#[test]
fn the_emulator_listens_on_loopback_by_default() {
    let live = read("examples/quickstart/live.json");
    let ran = crdrift()
        .file("live.json", live)
        .args(["emulate", "live.json", "--listen", "0.0.0.0:0"])
        .run();
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("--allow-remote"), "{}", ran.stderr);
}

#[test]
fn a_port_in_use_is_an_error() {
    let serving = EmulatorProcess::quickstart();
    let address = serving.url.trim_start_matches("http://");
    let live = read("examples/quickstart/live.json");
    let ran = crdrift()
        .file("live.json", live)
        .args(["emulate", "live.json", "--listen", address])
        .run();
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains(address) && ran.stderr.contains("port 0"),
        "{}",
        ran.stderr
    );
}

#[test]
fn an_invalid_snapshot_is_an_error() {
    for (text, expected) in [
        ("", "it is empty"),
        ("{", "not JSON"),
        ("[1]", "expected a crdrift snapshot or a response"),
        (
            r#"{"format_version":"2.0","listings":[]}"#,
            "expected format version 1.x, found \"2.0\"",
        ),
        (
            r#"{"Code":"NoPrivilege","Message":"Access denied for this user."}"#,
            "NoPrivilege",
        ),
    ] {
        let ran = crdrift()
            .file("live.json", text)
            .args(["emulate", "live.json"])
            .run();
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{text}");
        assert!(ran.stderr.contains(expected), "{text}: {}", ran.stderr);
    }
}

#[test]
fn a_fault_script_is_applied() {
    let script = "version: 1\nfaults:\n  - when: { page: 1, times: 1 }\n    do: { redirect: { location: \"http://other/\" } }\n";
    let run = crdrift()
        .file("live.json", read("examples/quickstart/live.json"))
        .file("faults.yaml", script);
    let run = run.file("rules.yaml", read("examples/quickstart/rules.yaml"));
    let ran = run
        .args([
            "plan",
            "--emulate",
            "live.json",
            "--faults",
            "faults.yaml",
            "-o",
            "json",
        ])
        .run();
    assert_eq!(ran.code, 3, "{ran:?}");
    let instances = ran.json()["live"]["instances"].clone();
    let codes: Vec<_> = instances
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| it["error"]["code"].clone())
        .collect();
    assert_eq!(
        codes.iter().filter(|code| *code == "Redirected").count(),
        1,
        "{codes:?}"
    );
}

#[test]
fn an_invalid_script_is_an_error_with_its_place() {
    let live = read("examples/quickstart/live.json");
    for (script, expected) in [
        (
            "version: 1\nfaults: [{ do: { throtle: {} } }]",
            "cannot use the script faults.yaml: faults[0].do: unknown variant",
        ),
        ("version: [", "neither YAML nor JSON"),
        ("{\"version\":", "neither YAML nor JSON"),
    ] {
        let run = crdrift()
            .file("live.json", &live)
            .file("faults.yaml", script);
        let ran = run
            .args(["emulate", "live.json", "--faults", "faults.yaml"])
            .run();
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{script}");
        assert!(ran.reason().contains(expected), "{}", ran.reason());
        assert!(
            ran.stderr.contains("crdrift schema faults"),
            "{}",
            ran.stderr
        );
    }
    let ran = crdrift()
        .file("live.json", &live)
        .args(["emulate", "live.json", "--faults", "none.yaml"])
        .run();
    assert!(
        ran.reason().contains("cannot read a script from none.yaml"),
        "{}",
        ran.reason()
    );
}
