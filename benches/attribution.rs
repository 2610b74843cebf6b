//! The authors of many changes: 10,000 events and 1,000 changes.
//!
//! `cargo bench --bench attribution` prints the best time of a few, beside parsing the events as JSON alone.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement prints its figures, or stops"
)]

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crdrift::attribution::{QuestionInputs, attribute, questions, read_answers};
use crdrift::check::{Inputs, RunInfo, check};
use crdrift::report::LiveSource;
use crdrift::waiver::TriageConfig;
use crdrift::{rules, snapshot};
use estate_generator::{EstateOptions, generate};
use jiff::civil::date;

#[path = "../examples/estate/generator.rs"]
mod estate_generator;

const CHANGES: usize = 1_000;
const EVENTS: usize = 10_000;
const RUNS: usize = 5;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    // `cargo test --benches` asks only whether it runs.
    let trial = !args.iter().any(|arg| arg == "--bench");
    let (changes, events, runs) = if trial {
        (50, 500, 1)
    } else {
        (CHANGES, EVENTS, RUNS)
    };
    measure(changes, events, runs);
    ExitCode::SUCCESS
}

fn measure(changes: usize, events: usize, runs: usize) {
    let estate = generate(&EstateOptions {
        rules: changes,
        changed: changes,
        ..EstateOptions::default()
    });
    let files = [("rules.yaml", estate.rules_file.into_bytes())];
    let options = rules::Options::without_variables();
    let loaded = rules::load_texts(files, &options).expect("valid rules");
    let live = snapshot::read(estate.snapshot.as_bytes()).expect("a snapshot");
    let live = snapshot::live_state(live, &loaded.desired);
    let inputs = Inputs {
        desired: &loaded.desired,
        sources: &loaded.sources,
        live: &live,
        policies: &loaded.policies,
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
        run: RunInfo::new("plan", 1_767_225_600_000, LiveSource::Snapshot),
    };
    let report = check(&inputs, &mut inputs.session());
    let mut document = String::from("{\"RequestId\":\"R\",\"Events\":[");
    for number in 0..events {
        let change = &report.changes[number % report.changes.len()];
        let (name, id) = (&change.name, change.rule_id.as_deref().unwrap_or_default());
        let instance = loaded.desired.instances.iter();
        let mut instance = instance.filter(|it| it.alias.as_str() == change.instance);
        let instance = instance.next().map_or("", |it| it.id.as_str());
        let comma = if number > 0 { "," } else { "" };
        let _ = write!(
            document,
            "{comma}{{\"eventId\":\"e{number}\",\"eventName\":\"CreateRepoSyncRule\",\
             \"eventTime\":\"2025-12-31T00:00:00Z\",\"serviceName\":\"Cr\",\"userAgent\":\"cr.console.aliyun.com\",\
             \"userIdentity\":{{\"type\":\"ram-user\",\"userName\":\"alice\"}},\
             \"requestParameters\":{{\"InstanceId\":\"{instance}\",\"SyncRuleName\":\"{name}\",\"TagFilter\":\".*\"}},\
             \"responseElements\":{{\"SyncRuleId\":\"{id}\"}}}}"
        );
    }
    document += "]}";
    let best = |work: &mut dyn FnMut()| {
        let times = (0..runs).map(|_| {
            let started = Instant::now();
            work();
            started.elapsed()
        });
        times.min().unwrap_or(Duration::ZERO)
    };
    let json = best(&mut || {
        let value: serde_json::Value = serde_json::from_str(&document).expect("JSON");
        assert!(value["Events"].is_array());
    });
    let whole = best(&mut || {
        let answer = read_answers(&document).expect("a response");
        let questions = questions(QuestionInputs {
            report: &report,
            desired: &loaded.desired,
            live: &live,
            previous: None,
            baselined: &[],
            is_foreign: &[],
        });
        let groups = vec![0; loaded.desired.instances.len()];
        let authors = attribute(&questions, &[answer], &groups, 1_767_225_600_000);
        assert_eq!(authors.len(), changes);
    });
    println!("{changes} changes, {events} events; the best of {runs}");
    println!("JSON alone          {:>5} ms", json.as_millis());
    println!("read and attributed {:>5} ms", whole.as_millis());
}
