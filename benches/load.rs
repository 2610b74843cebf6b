//! Loading 50,000 rules against `serde_yaml` alone parsing the same text into the same structs.
//!
//! `cargo bench --bench load` prints the ratio of the times, taken in turns in one process, and of the peak
//! memory, taken in a process for each.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program that measures and prints"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use crdrift::rules::{Options, load_texts};
use serde::Deserialize;

const RULES: usize = 50_000;
const INSTANCES: usize = 50;
const ROUNDS: usize = 7;

fn main() {
    let text = generate();
    match std::env::args().nth(1).as_deref() {
        Some("--load") => return measure(|| load(text)),
        Some("--parse") => return measure(|| parse(&text)),
        Some("--nothing") => return measure(|| {}),
        Some("--bench") => {}
        _ => return println!("run this as `cargo bench --bench load`"),
    }
    println!(
        "{RULES} rules, {} lines, {:.1} MB",
        text.lines().count(),
        megabytes(text.len())
    );
    let (mut loads, mut parses) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let copy = text.clone();
        loads.push(time(|| load(copy)));
        parses.push(time(|| parse(&text)));
    }
    let (load, parse) = (median(loads), median(parses));
    println!(
        "time    load {:>5} ms, serde_yaml {:>5} ms: {:.2}×",
        load.as_millis(),
        parse.as_millis(),
        ratio(load, parse)
    );
    let [nothing, load, parse] = ["--nothing", "--load", "--parse"].map(peak);
    println!(
        "memory  load {:>5.0} MB, serde_yaml {:>5.0} MB above the text: {:.2}×",
        megabytes(load - nothing),
        megabytes(parse - nothing),
        megabytes(load - nothing) / megabytes(parse - nothing)
    );
}

fn load(text: String) {
    let loaded = load_texts(
        [("rules.yaml", text.into_bytes())],
        &Options::without_variables(),
    )
    .expect("a valid file");
    assert_eq!(loaded.desired.rules.len(), RULES);
    black_box(loaded);
}

fn parse(text: &str) {
    let file: File = serde_yaml::from_str(text).expect("a valid file");
    assert_eq!(file.rules.len(), RULES);
    black_box(file);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "what is parsed is not looked at")]
struct File {
    version: u64,
    instances: BTreeMap<String, Instance>,
    defaults: Defaults,
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "what is parsed is not looked at")]
struct Instance {
    id: String,
    region: String,
    account: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "what is parsed is not looked at")]
struct Defaults {
    tag_filter: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "what is parsed is not looked at")]
struct Rule {
    name: String,
    from: Endpoint,
    to: Endpoint,
    scope: String,
    trigger: String,
    tag_filter: String,
    repo_name_filter: Option<String>,
    priority: u64,
    link_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "what is parsed is not looked at")]
struct Endpoint {
    instance: String,
    namespace: String,
    repo: Option<String>,
}

/// The same text on every run: two rules of three are of scope REPO, every one has a comment.
fn generate() -> String {
    let mut text = "# The estate.\nversion: 1\ninstances:\n".to_owned();
    for n in 0..INSTANCES {
        let account = n % 3;
        writeln!(
            text,
            "  region-{n}:\n    id: cri-{n:016}\n    region: cn-region-{n}\n    account: \"10000000{account}\""
        )
        .expect("a string");
    }
    text.push_str("defaults: { tag_filter: \".*\" }\nrules:\n");
    for n in 0..RULES {
        let (from, to) = (n % INSTANCES, (n / 7 + 1) % INSTANCES);
        let (namespace, repo) = (n % 400, n % 3 != 0);
        writeln!(text, "  # rule {n} belongs to team {}", n % 90).expect("a string");
        writeln!(text, "  - name: sync-team-{:02}-service-{n:06}", n % 90).expect("a string");
        for (end, instance) in [("from", from), ("to", to)] {
            writeln!(text, "    {end}:\n      instance: region-{instance}\n      namespace: namespace-{namespace:03}")
                .expect("a string");
            if repo {
                writeln!(text, "      repo: service-{n:06}").expect("a string");
            }
        }
        let scope = if repo { "REPO" } else { "NAMESPACE" };
        writeln!(
            text,
            "    scope: {scope}\n    trigger: PASSIVE\n    tag_filter: \"release-.*|v\\\\d+\""
        )
        .expect("a string");
        if !repo {
            text.push_str("    repo_name_filter: 'service-[0-9]+'\n");
        }
        writeln!(text, "    priority: {} # as agreed", n % 5 + 1).expect("a string");
    }
    text
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

/// The peak memory of this program when it does one thing, in bytes.
fn peak(what: &str) -> usize {
    let program = std::env::current_exe().expect("the program");
    let output = Command::new(program).arg(what).output().expect("a run");
    String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .expect("a number of bytes")
}

fn measure(work: impl FnOnce()) {
    work();
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("a peak");
    let kilobytes: usize = peak
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .expect("a number");
    println!("{}", kilobytes * 1024);
}

#[allow(clippy::cast_precision_loss, reason = "two digits are printed")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
