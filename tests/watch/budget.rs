//! `--rate`: one budget of requests for each account, over estates, shards and processes.

use super::process::{WatchProcess, with_watch_file};
use crate::support::{Crdrift, EmulatorGuard, crdrift, read};

/// The account of the quick start, with a limit above the budget of these tests: a machine that is busy may bunch requests.
fn limited(requests_per_second: u32) -> EmulatorGuard {
    EmulatorGuard::quickstart(&format!(
        "version: 1\naccounts: [{{ uid: '1234567890123456', requests_per_second: {requests_per_second} }}]\n"
    ))
}

/// Returns estates of the same instances, each with a name of its own.
fn estates(count: usize, more: &str) -> String {
    let estates: Vec<String> = (0..count)
        .map(|number| {
            format!("{{ name: e{number}, rules: [rules.yaml], every: 1s, deadline: 1m }}")
        })
        .collect();
    format!(
        "version: 1\n{more}listen: 127.0.0.1:0\nestates: [{}]\n",
        estates.join(", ")
    )
}

/// Returns a run with a watch file, whose instances the emulator serves.
fn served(emulator: &EmulatorGuard, text: &str) -> Crdrift {
    let rules = read("examples/quickstart/rules.yaml");
    let run = with_watch_file(text).file("rules.yaml", emulator.with_endpoints(&rules));
    // The emulator counts the requests to the security token service too, which the budget does not have.
    let run = run.env("CRDRIFT_NO_ACCOUNT_CHECK", "true");
    emulator.keys(run).env("CRDRIFT_CHECKS", "8")
}

fn check_once(emulator: &EmulatorGuard, text: &str, more: &[&str]) {
    let run = served(emulator, text).args(["watch", "--config", "watch.yaml", "--once"]);
    let ran = run.args(more.iter().copied()).run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
}

#[test]
fn the_estates_of_a_process_share_the_budget_of_an_account() {
    let without = limited(12);
    check_once(&without, &estates(6, ""), &[]);
    assert!(without.throttled() > 0, "more than the account may have");

    let with = limited(12);
    check_once(&with, &estates(6, "rate: 8\n"), &[]);
    assert_eq!(with.throttled(), 0);
    // Without a retry, every check takes as many requests as the first one.
    let one = limited(12);
    check_once(&one, &estates(1, "rate: 8\n"), &[]);
    let requests = |emulator: &EmulatorGuard| emulator.requests("ListRepoSyncRule");
    assert_eq!(requests(&with), 6 * requests(&one));
}

#[test]
fn shards_have_equal_parts_of_the_budget() {
    let emulator = limited(12);
    let text = estates(6, "");
    std::thread::scope(|scope| {
        for shard in ["1/3", "2/3", "3/3"] {
            let (emulator, text) = (&emulator, &text);
            scope.spawn(move || {
                check_once(emulator, text, &["--rate", "8", "--shard", shard]);
            });
        }
    });
    assert_eq!(emulator.throttled(), 0);
}

#[test]
fn a_shard_of_a_snapshot_takes_its_part_of_the_budget() {
    use std::time::{Duration, Instant};
    let emulator = limited(100);
    let rules = emulator.with_endpoints(&read("examples/quickstart/rules.yaml"));
    let snapshot = |more: &[&str]| {
        let run = emulator.keys(crdrift().file("rules.yaml", &rules));
        let run = run.args(["snapshot", "rules.yaml", "--out", "live.json"]);
        let (before, started) = (emulator.requests("ListRepoSyncRule"), Instant::now());
        let ran = run.args(more.iter().copied()).run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        (
            emulator.requests("ListRepoSyncRule") - before,
            started.elapsed(),
        )
    };
    // At 4 requests a second, a fourth of them is one a second.
    let (requests, took) = snapshot(&["--rate", "4", "--shard", "1/4"]);
    let least = Duration::from_secs(requests - 1);
    assert!(
        requests > 1 && took >= least,
        "{requests} requests in {took:?}"
    );
}

#[test]
#[ignore = "shares of a store change every 15 seconds; .ci/long_tests runs it"]
fn the_processes_of_a_store_share_the_budget_of_an_account() {
    let emulator = limited(12);
    let folder = tempfile::tempdir().expect("a folder");
    let store = format!("sqlite:{}", folder.path().join("history.db").display());
    let start = || {
        let run = served(&emulator, &estates(8, "rate: 8\n"));
        let mut process = WatchProcess::start_with(run, &["--store", &store]);
        process.page();
        process
    };
    let mut processes = [start(), start(), start()];
    // Enough for the later ones to have a part, and to check beside the first one.
    while emulator.requests("ListRepoSyncRule") < 90 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(emulator.throttled(), 0);
    for process in &mut processes {
        assert_eq!(process.stop().0, Some(0));
    }
}

#[test]
fn a_request_without_a_turn_is_explained() {
    let emulator = limited(100);
    let rules = emulator.with_endpoints(&read("examples/quickstart/rules.yaml"));
    let run = emulator.keys(crdrift().file("rules.yaml", rules));
    let ran = run
        .args(["plan", "rules.yaml", "--rate", "0.01", "--timeout", "1"])
        .run();
    assert_eq!(ran.code, 3, "{ran:?}");
    let text = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "RateExhausted: the budget of requests for the account (--rate) left no turn",
        "help: raise --rate or --timeout",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("0 attempts"), "{text}");
}
