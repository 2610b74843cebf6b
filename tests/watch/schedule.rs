//! A watch that runs: checks at their times, rules that change, signals.

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};

use super::client::get;
use super::process::{WatchProcess, with_watch_file};
use crate::support::{crdrift, read, rounds};

const ESTATE: &str = "version: 1\nlisten: 127.0.0.1:0\nestates:\n  \
    - { name: shop, rules: [rules.yaml], every: 1s, emulate: live.json }\n";

fn outcomes(folder: &std::path::Path) -> Vec<String> {
    let asked = crdrift()
        .args(["history", "runs", "-o", "csv", "--store"])
        .arg(format!("sqlite:{}", folder.join("crdrift.db").display()))
        .run();
    assert_eq!(asked.code, 0, "{}", asked.stderr);
    asked.stdout.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn rules_that_become_invalid_fail_the_checks_and_not_the_process() {
    let mut watch = WatchProcess::start(with_watch_file(ESTATE));
    watch.wait_for("shop: drift");
    let rules = watch.folder().join("rules.yaml");
    let valid = fs::read_to_string(&rules).expect("rules");
    fs::write(&rules, "version: 1\nrulez: []\n").expect("a file");
    let lines = watch.wait_for("shop: failed");
    assert!(lines.contains("unknown key `rulez`"), "{lines}");
    fs::write(&rules, valid).expect("a file");
    watch.wait_for("shop: drift");
    let folder = watch.folder().to_owned();
    watch.send("-HUP");
    let outcomes = outcomes(&folder);
    assert!(
        outcomes.iter().any(|line| line.contains("failed")),
        "{outcomes:?}"
    );
    assert_eq!(watch.stop().0, Some(0));
}

#[test]
#[ignore = "files are looked at every 15 seconds; .ci/long_tests runs it"]
fn a_change_of_the_rules_starts_a_check_before_its_time() {
    let text = ESTATE.replace("every: 1s", "every: 1d");
    let mut watch = WatchProcess::start(with_watch_file(&text));
    watch.wait_for("shop: drift");
    let rules = watch.folder().join("rules.yaml");
    fs::write(&rules, "version: 1\nrulez: []\n").expect("a file");
    watch.wait_for("shop: failed");
    // And the operator can ask for one.
    fs::write(&rules, "version: 1\nrules: 1\n").expect("a file");
    watch.send("-HUP");
    watch.wait_for("shop: failed");
}

#[test]
fn a_signal_at_any_moment_ends_the_process_without_half_a_result() {
    const AT_ONCE: u32 = 10;
    let rounds = rounds(100);
    let next = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let round = next.fetch_add(1, Ordering::Relaxed);
                    if round >= rounds {
                        return;
                    }
                    stop_after(round);
                }
            });
        }
    });
}

/// Ends a process some time after its start.
fn stop_after(round: u32) {
    let mut watch = WatchProcess::start(with_watch_file(ESTATE));
    watch.wait_for("watching 1 estate");
    busy_wait(round);
    let (code, rest) = watch.stop();
    assert_eq!(code, Some(0), "round {round}: {rest}");
    // An interrupted check is no result.
    let outcomes = outcomes(watch.folder());
    assert!(
        outcomes.iter().all(|line| line.contains(",drift,")),
        "{outcomes:?}"
    );
}

#[test]
fn a_plan_of_a_selection_does_not_stand_in_for_the_estate() {
    let text = ESTATE.replace("every: 1s", "every: 1d");
    let mut watch = WatchProcess::start(with_watch_file(&text));
    let page = watch.page();
    watch.wait_for("shop: drift");
    let findings = |address| {
        let answer = get(address, "/api/v1/estates/shop/findings").json();
        answer["findings"].as_array().map(Vec::len)
    };
    assert_eq!(findings(page), Some(4));
    let planned = crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .file("live.json", read("examples/quickstart/live.json"))
        .args(["plan", "--live", "live.json", "--estate", "shop"])
        .args(["--rule", "base-*", "--store"])
        .arg(format!(
            "sqlite:{}",
            watch.folder().join("crdrift.db").display()
        ))
        .run();
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    assert_eq!(findings(page), Some(4));
    let result = get(page, "/api/v1/estates/shop/result").json();
    assert_eq!(result["outcome"], "drift");
    let body = get(page, "/e/shop").body;
    assert!(!body.contains("--rule"), "{body}");
}

#[test]
fn a_signal_ends_a_job_without_another_result() {
    let text = "version: 1\nestates:\n  \
        - { name: quick, rules: [rules.yaml], emulate: live.json }\n  \
        - { name: slow, rules: [rules.yaml], emulate: live.json, faults: slow.yaml }\n  \
        - { name: last, rules: [rules.yaml], emulate: live.json }\n";
    let slow = "version: 1\nfaults: [{ do: { latency: { ms: 60000 } } }]\n";
    let run = with_watch_file(text).file("slow.yaml", slow);
    let mut watch = WatchProcess::start_with(run, &["--once", "--checks", "1"]);
    watch.wait_for("quick: drift");
    let (code, rest) = watch.stop();
    assert_eq!(code, Some(1), "{rest}");
    assert!(rest.contains("interrupted while reading"), "{rest}");
    let outcomes = outcomes(watch.folder());
    assert!(
        matches!(outcomes.as_slice(), [only] if only.contains("quick")),
        "{outcomes:?}"
    );
}

/// Lets some time pass, another one in each round.
fn busy_wait(round: u32) {
    let until =
        std::time::Instant::now() + std::time::Duration::from_millis(u64::from(round) * 23 % 400);
    while std::time::Instant::now() < until {
        std::thread::yield_now();
    }
}
