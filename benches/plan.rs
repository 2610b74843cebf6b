//! `plan --live` over a large estate against only parsing the same two files: time, CPU time and peak memory, as ratios.
//!
//! `cargo bench --bench plan` compares 100,000 rules, each listed from both ends. Every measurement is a process of
//! its own, so that its peak memory is its own; the two kinds take turns, and the best of each counts.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement prints its figures, or stops"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a measurement finds its own program"
)]

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use crdrift::check::{Inputs, RunInfo, check};
use crdrift::report::{Format, LiveSource, Options, render};
use crdrift::snapshot::LiveListings;
use crdrift::waiver::TriageConfig;
use crdrift::{rules, snapshot};
use estate_generator::{EstateOptions, generate};
use jiff::civil::date;
use serde::Deserialize;

#[path = "../examples/estate/generator.rs"]
mod estate_generator;

/// The allocator of the program, for both kinds.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RULES: usize = 100_000;
const RUNS: usize = 5;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    // `cargo test --benches` asks only whether it runs.
    let trial = !args.iter().any(|arg| arg == "--bench");
    match args
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [_, "--measure", kind, folder] => measure(kind, Path::new(folder)),
        _ => compare(
            if trial { 500 } else { RULES },
            if trial { 1 } else { RUNS },
        ),
    }
    ExitCode::SUCCESS
}

fn compare(rules: usize, runs: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    write_estate(folder.path(), rules);
    let mut best = [Usage::WORST; 2];
    for _ in 0..runs {
        for (kind, best) in ["parse", "plan"].into_iter().zip(&mut best) {
            *best = best.min(child(kind, folder.path()));
        }
    }
    let [parse, plan] = best;
    println!("{rules} rules, both ends listed; the best of {runs}");
    println!("                        time     CPU  memory");
    print_usage("parse the two files", parse);
    print_usage("plan --live", plan);
    let ratio = |of: fn(Usage) -> u64| as_float(of(plan)) / as_float(of(parse).max(1));
    println!(
        "{:<20}{:>8.2}{:>8.2}{:>8.2}",
        "ratio",
        ratio(|it| it.time_us),
        ratio(|it| it.cpu_ms),
        ratio(|it| it.peak_kib)
    );
}

/// The resources that a process used.
#[derive(Clone, Copy)]
struct Usage {
    /// The time that passed, µs.
    time_us: u64,
    /// The time on all processors, ms; 0 where the system does not tell.
    cpu_ms: u64,
    /// The peak of the memory, KiB; 0 where the system does not tell.
    peak_kib: u64,
}

impl Usage {
    const WORST: Self = Self {
        time_us: u64::MAX,
        cpu_ms: u64::MAX,
        peak_kib: u64::MAX,
    };

    /// Returns the least of two runs, each resource on its own.
    fn min(self, other: Self) -> Self {
        Self {
            time_us: self.time_us.min(other.time_us),
            cpu_ms: self.cpu_ms.min(other.cpu_ms),
            peak_kib: self.peak_kib.min(other.peak_kib),
        }
    }
}

fn print_usage(name: &str, usage: Usage) {
    let (time_ms, peak_mib) = (usage.time_us / 1_000, usage.peak_kib / 1_024);
    println!(
        "{name:<20}{time_ms:>5} ms{:>5} ms{peak_mib:>4} MiB",
        usage.cpu_ms
    );
}

fn as_float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Runs one measurement in a process of its own.
fn child(kind: &str, folder: &Path) -> Usage {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program)
        .args(["--measure", kind])
        .arg(folder)
        .output()
        .expect("it runs");
    let output_text = String::from_utf8(output.stdout).expect("text");
    let mut numbers = output_text
        .split_whitespace()
        .map(|it| it.parse::<u64>().expect("a number"));
    Usage {
        time_us: numbers.next().expect("time"),
        cpu_ms: numbers.next().expect("CPU time"),
        peak_kib: numbers.next().expect("memory"),
    }
}

fn measure(kind: &str, folder: &Path) {
    let (rules, live) = (folder.join("rules.yaml"), folder.join("live.json"));
    let started = Instant::now();
    match kind {
        "parse" => parse(&rules, &live),
        _ => plan(&rules, &live),
    }
    println!(
        "{} {} {}",
        started.elapsed().as_micros(),
        cpu_ms(),
        peak_kib()
    );
}

/// The least that has to be done: both files as plain structs, by the libraries everybody would take.
fn parse(rules: &Path, live: &Path) {
    let rules = std::fs::read_to_string(rules).expect("rules");
    let rules: Rules = serde_yaml::from_str(&rules).expect("YAML");
    let live = std::fs::read(live).expect("live");
    let live: Live = serde_json::from_slice(&live).expect("JSON");
    black_box((&rules, &live));
    std::mem::forget((rules, live));
}

/// Reads both files in parallel, as `crdrift plan rules.yaml --live live.json` does.
fn plan(rules: &Path, live: &Path) {
    let (loaded, live) = std::thread::scope(|scope| {
        let live = scope.spawn(|| {
            let snapshot = snapshot::read(&std::fs::read(live).expect("live"));
            LiveListings::from(snapshot.expect("a snapshot"))
        });
        let loaded = rules::load(
            &[rules.display().to_string()],
            &rules::Options::without_variables(),
        )
        .expect("valid rules");
        (loaded, live.join().expect("no panic"))
    });
    let live = live.of_declared(&loaded.desired);
    let run = RunInfo::new("plan", 0, LiveSource::Snapshot);
    let inputs = Inputs {
        desired: &loaded.desired,
        policies: &loaded.policies,
        sources: &loaded.sources,
        live: &live,
        triage: TriageConfig {
            waivers: &loaded.waivers,
            baseline: None,
            today: date(2026, 11, 24),
            expiring_within: 14,
        },
        severities: &loaded.severities,
        previous: None,
        base: None,
        expected: None,
        run,
    };
    let report = check(&inputs, &mut inputs.session());
    assert!(report.summary.changed > 0 && report.summary.in_sync > report.summary.changed);
    render(
        &report,
        Format::Text,
        Options::default(),
        &mut std::io::sink(),
    )
    .expect("a sink");
    std::mem::forget((loaded, live, report));
}

/// The time that this process used on all processors, in ms; 0 where the system does not tell. Linux counts it in
/// hundredths of a second.
fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, in parentheses, may have spaces. User and system time are the 12th and 13th fields after it.
    let (_, fields) = stat.rsplit_once(')').unwrap_or_default();
    let times = fields.split_whitespace().skip(11).take(2);
    let ticks: u64 = times.filter_map(|it| it.parse::<u64>().ok()).sum();
    ticks * 10
}

/// The peak of this process's memory, in KiB; 0 where the system does not tell.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok())
        .unwrap_or_default()
}

/// Writes an estate of ten instances, one rule in a hundred changed.
fn write_estate(folder: &Path, rules: usize) {
    let estate = generate(&EstateOptions {
        instances: 10,
        rules,
        changed: rules / 100,
        ..EstateOptions::default()
    });
    std::fs::write(folder.join("rules.yaml"), estate.rules_file).expect("rules");
    std::fs::write(folder.join("live.json"), estate.snapshot).expect("live");
}

#[derive(Deserialize)]
#[allow(
    dead_code,
    reason = "read, and never looked at: parsing is what is measured"
)]
#[allow(clippy::struct_field_names, reason = "the file's own keys")]
struct Rules {
    version: u64,
    instances: std::collections::BTreeMap<String, DeclaredInstance>,
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "as above")]
struct DeclaredInstance {
    id: String,
    region: String,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "as above")]
struct Rule {
    name: String,
    from: End,
    to: End,
    tag_filter: String,
    trigger: String,
    priority: i64,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "as above")]
struct End {
    instance: String,
    namespace: String,
    repo: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "as above")]
struct Live {
    format_version: String,
    listings: Vec<Listing>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "as above")]
struct Listing {
    instance_id: String,
    region_id: String,
    rules: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(dead_code, reason = "as above")]
struct Row {
    sync_rule_id: String,
    sync_rule_name: String,
    local_region_id: String,
    local_instance_id: String,
    local_namespace_name: String,
    local_repo_name: Option<String>,
    target_region_id: String,
    target_instance_id: String,
    target_namespace_name: String,
    target_repo_name: Option<String>,
    tag_filter: String,
    repo_name_filter: String,
    sync_scope: String,
    sync_direction: String,
    sync_trigger: String,
    create_time: i64,
    modified_time: i64,
    cross_user: bool,
}
