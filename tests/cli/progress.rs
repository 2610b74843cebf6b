//! Progress is shown on a terminal only.

#![cfg(unix)]

use std::process::Command;

use crate::support::{PROGRAM, crdrift, read};

/// Returns the output of a run on a terminal; `None` without a program that provides one.
fn at_a_terminal(more: &str) -> Option<String> {
    let script = "version: 1\nfaults: [{ do: { latency: { ms: 500 } } }]\n";
    let run = crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .file("faults.yaml", script);
    let run = run.file("live.json", read("examples/quickstart/live.json"));
    let line =
        format!("{more} {PROGRAM} plan --emulate live.json --faults faults.yaml --no-confirm");
    let ran = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .current_dir(run.path())
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&ran.stdout).into_owned())
}

#[test]
fn progress_is_shown_on_a_terminal_and_removed_at_the_end() {
    let bare = "env -u CI -u CRDRIFT_QUIET TERM=xterm";
    let Some(said) = at_a_terminal(bare) else {
        return;
    };
    if !said.contains("Plan:") {
        return; // A `script` of another make.
    }
    assert!(
        said.contains("\rreading: 0 of 3 instances, 0 of 0 known pages\u{1b}[K"),
        "{said:?}"
    );
    let (_, behind) = said.rsplit_once("known pages\u{1b}[K").expect("progress");
    assert!(
        behind.starts_with("\r\u{1b}[K"),
        "the line is taken away: {behind:?}"
    );
    for quiet in [
        "env CI=true TERM=xterm",
        "env -u CI TERM=dumb",
        "env -u CI TERM=xterm CRDRIFT_QUIET=true",
    ] {
        let said = at_a_terminal(quiet).expect("a terminal");
        assert!(!said.contains("reading:"), "{quiet}: {said:?}");
    }
}
