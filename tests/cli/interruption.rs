//! A signal during a write leaves no temporary file.

#![cfg(unix)]

use std::fmt::Write as _;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

use crate::support::crdrift;

/// Rules enough for the page about them to take a while.
fn rules() -> String {
    let mut text = String::from(
        "version: 1\ninstances:\n  a: { id: cri-a, region: cn-x }\n  b: { id: cri-b, region: cn-y, read: false }\nrules:\n",
    );
    for number in 0..3_000 {
        writeln!(
            text,
            "  - {{ name: rule-{number}, from: {{ instance: a, namespace: n{number} }}, \
             to: {{ instance: b, namespace: n{number} }}, tag_filter: v.* }}"
        )
        .expect("memory");
    }
    text
}

/// Returns the number of temporary files in a folder.
fn temporary(folder: &Path) -> usize {
    let names = fs::read_dir(folder)
        .expect("a folder")
        .map(|it| it.expect("an entry").file_name());
    names
        .filter(|name| name.to_string_lossy().ends_with(".tmp"))
        .count()
}

#[test]
fn a_signal_removes_the_temporary_file_and_ends_the_program() {
    let live = r#"{"format_version":"1.0","taken_at":null,"listings":[{"instance_id":"cri-a","region_id":"cn-x","rules":[]}]}"#;
    for (signal, number) in [("TERM", 15), ("INT", 2), ("HUP", 1)] {
        // A write that ends before the signal comes is tried again.
        let caught = (0..20).any(|_| {
            let run = crdrift()
                .file("rules.yaml", rules())
                .file("live.json", live);
            let args = [
                "plan",
                "rules.yaml",
                "--live",
                "live.json",
                "-o",
                "html=page.html",
            ];
            let (folder, mut child) = run.args(args).start();
            while temporary(folder.path()) == 0 && child.try_wait().expect("a child").is_none() {
                std::thread::yield_now();
            }
            let process = child.id().to_string();
            Command::new("kill")
                .args([format!("-{signal}"), process])
                .status()
                .expect("kill");
            let status = child.wait().expect("it ends");
            assert_eq!(temporary(folder.path()), 0, "{status:?}");
            status.signal() == Some(number) && !folder.path().join("page.html").exists()
        });
        assert!(caught, "no write was interrupted by {signal}");
    }
}
