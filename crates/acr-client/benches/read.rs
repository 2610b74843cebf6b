//! Compares the read of a large estate with the minimum duration, and with sequential requests.
//!
//! `cargo bench --bench read` reads 200 instances of 500 rules from the emulator, which takes 50 ms for each response.
//! Each read is a process of its own, for its peak memory; the emulator runs in this one.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program that measures and prints"
)]

use std::num::NonZeroUsize;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use acr_api::ReadStatus;
use acr_api::{ApiAction, Listing, WireField, WireRule};
use acr_client::credentials::Identity;
use acr_client::{Budget, Client, Environment, Options, Target};
use acr_emulator::{
    self, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, Emulator, MirrorMode, Script, Seed,
};
use tokio::runtime::Runtime;

/// The size of the estate and the latency of the service.
#[derive(Clone, Copy)]
struct Scale {
    instances: usize,
    rules: usize,
    latency_ms: usize,
}

/// The settings of a read.
#[derive(Clone, Copy)]
struct ReadSettings {
    parallelism: usize,
    page_size: usize,
}

/// The cost of a read.
struct ReadCost {
    time: Duration,
    peak_kib: u64,
    requests: u64,
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    match args
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [_, "--read", url, numbers @ ..] => read(
            url,
            &numbers.iter().map(|it| number(it)).collect::<Vec<_>>(),
        ),
        // `cargo test --benches` only checks that it runs.
        args if args.contains(&"--test") => compare(
            Scale {
                instances: 4,
                rules: 150,
                latency_ms: 2,
            },
            1,
        ),
        _ => compare(
            Scale {
                instances: 200,
                rules: 500,
                latency_ms: 50,
            },
            3,
        ),
    }
}

fn number(text: &str) -> usize {
    text.parse().expect("a number")
}

fn compare(scale: Scale, runs: usize) {
    let Scale {
        instances,
        rules,
        latency_ms,
    } = scale;
    let (side_by_side, one_by_one) = (
        ReadSettings {
            parallelism: 16,
            page_size: 100,
        },
        ReadSettings {
            parallelism: 1,
            page_size: 100,
        },
    );
    let fewest = (instances * rules.div_ceil(side_by_side.page_size)) as u64;
    let rounds = fewest.div_ceil(side_by_side.parallelism as u64);
    let least = Duration::from_millis(rounds * latency_ms as u64);
    println!("{instances} instances × {rules} rules, {latency_ms} ms for each response");
    println!(
        "⌈{fewest} requests ÷ {}⌉ × {latency_ms} ms  {:>7} ms",
        side_by_side.parallelism,
        least.as_millis()
    );
    for run in 1..=runs {
        let ReadCost { time, requests, .. } = read_in_process(scale, side_by_side);
        assert_eq!(requests, fewest, "not a request more than there are pages");
        println!(
            "read, run {run}                {:>7} ms  {requests} requests  {:.2}×",
            time.as_millis(),
            ratio(time, least)
        );
    }
    let sequential = read_in_process(scale, one_by_one);
    assert_eq!(sequential.requests, fewest);
    println!(
        "one request after the other {:>5} ms  {} requests",
        sequential.time.as_millis(),
        sequential.requests
    );

    let fast = Scale {
        latency_ms: 0,
        ..scale
    };
    for page_size in [100, 10, 2] {
        let ReadCost {
            peak_kib, requests, ..
        } = read_in_process(
            fast,
            ReadSettings {
                page_size,
                ..side_by_side
            },
        );
        println!(
            "peak memory of {requests:>6} requests {:>5} MiB",
            peak_kib / 1024
        );
    }
}

fn ratio(ours: Duration, least: Duration) -> f64 {
    ours.as_secs_f64() / least.as_secs_f64()
}

/// Reads an estate in a new process, from a new emulator.
fn read_in_process(scale: Scale, settings: ReadSettings) -> ReadCost {
    let runtime = Runtime::new().expect("a runtime");
    let emulator = runtime.block_on(serve(scale));
    let numbers = [
        scale.instances,
        scale.rules,
        settings.parallelism,
        settings.page_size,
    ]
    .map(|number| number.to_string());
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program)
        .args(["--read", &emulator.url()])
        .args(numbers)
        .output()
        .expect("it runs");
    let printed = String::from_utf8(output.stdout).expect("text");
    assert!(
        output.status.success(),
        "{printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut numbers = printed
        .split_whitespace()
        .map(|word| word.parse().expect("a number"));
    let time = Duration::from_micros(numbers.next().expect("a time"));
    let peak_kib = numbers.next().expect("a peak");
    ReadCost {
        time,
        peak_kib,
        requests: emulator.request_counts().count(ApiAction::ListRepoSyncRule),
    }
}

async fn serve(scale: Scale) -> Emulator {
    let listings = (0..scale.instances)
        .map(|instance| listing(instance, scale.rules))
        .collect();
    let script = format!(
        "version: 1\nfaults: [{{ do: {{ latency: {{ ms: {} }} }} }}]",
        scale.latency_ms
    );
    let script = Script::parse(&script).expect("a script");
    let options =
        acr_emulator::Options::new(Seed::new(listings, MirrorMode::AsListed), Arc::new(now));
    acr_emulator::start(acr_emulator::Options { script, ..options })
        .await
        .expect("an emulator")
}

fn listing(instance: usize, rules: usize) -> Listing {
    let id = format!("cri-{instance:016}");
    let rule = |number: usize| {
        let (namespace, repo) = (
            format!("namespace-{}", number / 50),
            format!("repository-{number}"),
        );
        let mut rule = WireRule::default();
        for (field, text) in [
            (
                WireField::SyncRuleId,
                format!("crsr-{instance:08}{number:08}"),
            ),
            (WireField::SyncRuleName, format!("rule-{number}")),
            (WireField::LocalRegionId, "cn-shanghai".to_owned()),
            (WireField::LocalInstanceId, id.clone()),
            (WireField::LocalNamespaceName, namespace.clone()),
            (WireField::LocalRepoName, repo.clone()),
            (WireField::TargetRegionId, "cn-shenzhen".to_owned()),
            (
                WireField::TargetInstanceId,
                "cri-9999999999999999".to_owned(),
            ),
            (WireField::TargetNamespaceName, namespace),
            (WireField::TargetRepoName, repo),
            (WireField::TagFilter, "release-[0-9]+\\..*".to_owned()),
            (WireField::SyncScope, "REPO".to_owned()),
            (WireField::SyncDirection, "FROM".to_owned()),
            (WireField::SyncTrigger, "PASSIVE".to_owned()),
            (WireField::CreateTime, "1767225600000".to_owned()),
            (WireField::ModifiedTime, "1767225600000".to_owned()),
            (WireField::CrossUser, "false".to_owned()),
        ] {
            rule.set(field, text);
        }
        rule
    };
    let rules = (0..rules).map(rule).collect();
    Listing {
        status: ReadStatus::Complete,
        rules,
        ..Listing::skipped(id.as_str(), None)
    }
}

/// Reads all instances, and prints the duration in microseconds and the peak memory in KiB.
fn read(url: &str, numbers: &[usize]) {
    let [instances, rules, parallelism, page_size] = numbers else {
        return println!("expected four numbers, found {}", numbers.len());
    };
    let variable = |name: &str| match name {
        "ALIBABA_CLOUD_ACCESS_KEY_ID" => Some(DEFAULT_ACCESS_KEY_ID.to_owned()),
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET" => Some(DEFAULT_ACCESS_KEY_SECRET.to_owned()),
        _ => None,
    };
    let environment = Environment {
        now: Arc::new(now),
        random: Arc::new(|| uuid::Uuid::new_v4().as_u128()),
        variable: Arc::new(variable),
        home: None,
        secrets: Arc::new(()),
        requests: Arc::new(()),
    };
    let options = Options {
        parallelism: NonZeroUsize::new(*parallelism).expect("one at least"),
        page_size: u32::try_from(*page_size).expect("small"),
        ..Options::default()
    };
    let target = |instance| Target {
        instance_id: format!("cri-{instance:016}").into(),
        region: "cn-shanghai".into(),
        endpoint: Some(url.into()),
        identity: Identity::default(),
    };
    let targets: Vec<_> = (0..*instances).map(target).collect();
    let started = Instant::now();
    let client = Client::new(options, environment).expect("a client");
    let budget = Budget::starting_now(Duration::from_secs(600));
    let runtime = Runtime::new().expect("a runtime");
    let listings = runtime
        .block_on(client.read(&targets, budget))
        .expect("credentials");
    let time = started.elapsed();
    assert!(
        listings
            .iter()
            .all(|it| it.status == ReadStatus::Complete && it.rules.len() == *rules),
        "all instances are complete"
    );
    println!("{} {}", time.as_micros(), peak_kib());
}

#[allow(
    clippy::disallowed_methods,
    reason = "requests are dated, and the emulator checks their dates"
)]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Returns the peak memory of this process in KiB; 0 if the system does not report it.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok())
        .unwrap_or_default()
}
