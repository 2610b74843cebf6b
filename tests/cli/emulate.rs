use std::io::{BufRead, BufReader, Read};
use std::process::Child;

use tempfile::TempDir;

use crate::support::{Crdrift, crdrift, read};

/// `crdrift emulate` in a process of its own; ended when dropped.
pub(crate) struct Serving {
    pub(crate) url: String,
    pub(crate) access_key_id: String,
    pub(crate) access_key_secret: String,
    child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    _folder: TempDir,
}

impl Serving {
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

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_says_where_it_listens_and_with_which_keys() {
    let serving = Serving::quickstart();
    assert!(
        serving.url.starts_with("http://127.0.0.1:"),
        "{}",
        serving.url
    );
    let again = Serving::quickstart();
    assert_eq!(
        (&serving.access_key_id, &serving.access_key_secret),
        (&again.access_key_id, &again.access_key_secret)
    );
}

#[test]
fn it_takes_the_keys_it_is_given() {
    let live = read("examples/quickstart/live.json");
    let run =
        crdrift()
            .file("live.json", live)
            .args(["emulate", "live.json", "--access-key-id", "mine"]);
    let serving = Serving::start(run.env("CRDRIFT_ACCESS_KEY_SECRET", "my-secret"));
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
fn it_ends_cleanly_on_both_signals() {
    for signal in ["-INT", "-TERM"] {
        assert_eq!(
            Serving::quickstart().end(signal),
            (Some(0), String::new()),
            "{signal}"
        );
    }
}

#[test]
fn it_stays_on_loopback_unless_told_otherwise() {
    let live = read("examples/quickstart/live.json");
    let ran = crdrift()
        .file("live.json", live)
        .args(["emulate", "live.json", "--listen", "0.0.0.0:0"])
        .run();
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("--allow-remote"), "{}", ran.stderr);
}

#[test]
fn a_port_in_use_is_said_so() {
    let serving = Serving::quickstart();
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
fn what_is_no_snapshot_is_not_served() {
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
fn a_script_of_faults_is_followed() {
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
fn a_script_that_is_none_says_where() {
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
