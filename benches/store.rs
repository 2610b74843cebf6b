//! The store: what recording adds to a run, what a question takes in a large store, and what many writers take beside
//! one.
//!
//! `cargo bench --bench store` uses SQLite on the disk of the working directory's `target`. The best of a few counts.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement prints its figures, or stops"
)]

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crdrift::check::{Inputs, RunInfo, check};
use crdrift::report::{EstateName, Format, LiveSource, Options, Report, render};
use crdrift::store::{NewResult, Store, StoreAccess, StoreUrl};
use crdrift::waiver::TriageConfig;
use crdrift::{rules, snapshot};
use estate_generator::{EstateOptions, generate};
use jiff::civil::date;

#[path = "../examples/estate/generator.rs"]
mod estate_generator;

const HOUR_MS: i64 = 3_600_000;

fn main() -> ExitCode {
    // `cargo test --benches` asks only whether it runs.
    let trial = !std::env::args().any(|arg| arg == "--bench");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let (rules, estates) = if trial { (20, 3) } else { (1_000, 1_000) };
    record_one(folder.path(), rules, if trial { 2 } else { 20 });
    ask_many(folder.path(), estates);
    write_many(folder.path(), if trial { 10 } else { 300 });
    ExitCode::SUCCESS
}

/// The time to record a result of many rules, a tenth of which differ.
fn record_one(folder: &Path, rules: usize, runs: i64) {
    let mut result = result(rules, rules / 10);
    let mut store = open(&folder.join("one.db"));
    let mut times = Vec::new();
    let mut bytes = 0;
    for run in 0..runs {
        result.started_ms += HOUR_MS;
        // Every second result has one finding less.
        let mut result = result.clone();
        result
            .findings
            .truncate(result.findings.len() - usize::from(run % 2 == 0));
        let text = text(&result);
        bytes = text.len();
        let started = Instant::now();
        record(&mut store, &text, &result);
        times.push(started.elapsed());
    }
    println!(
        "record a result of {rules} rules, {} KiB: {}",
        bytes >> 10,
        median(times)
    );
}

/// The time to list the open findings of many estates: 100 of each, of which every tenth is open still.
fn ask_many(folder: &Path, estates: usize) {
    let template = result(200, 100);
    let mut store = open(&folder.join("many.db"));
    for number in 0..estates {
        let mut result = template.clone();
        if let Some(estate) = &mut result.estate {
            estate.name = format!("estate-{number:04}");
        }
        result.findings.truncate(100);
        for left in [100, 10] {
            result.started_ms += HOUR_MS;
            result.findings.truncate(left);
            record(&mut store, &text(&result), &result);
        }
    }
    let times: Vec<_> = (0..5)
        .map(|_| {
            let started = Instant::now();
            let open = store.open_findings(None, None, None).expect("findings");
            assert_eq!(open.len(), estates * 10);
            started.elapsed()
        })
        .collect();
    println!(
        "open findings of {estates} estates, {} findings ever: {}",
        estates * 100,
        median(times)
    );
}

/// The time of 12 writers, which record every result each, beside that of one writer.
fn write_many(folder: &Path, results: usize) {
    let template = result(20, 10);
    let all: Vec<Report> = (0..results)
        .map(|number| {
            let mut result = template.clone();
            if let Some(estate) = &mut result.estate {
                estate.name = format!("estate-{}", number % 5);
            }
            result.started_ms += HOUR_MS * i64::try_from(number).expect("a number");
            result.findings.truncate(number % 10);
            result
        })
        .collect();
    let texts: Vec<String> = all.iter().map(text).collect();
    let write = |path: &Path, first: usize| {
        let mut store = open(path);
        for number in 0..results {
            let at = (number + first) % results;
            record(&mut store, &texts[at], &all[at]);
        }
    };
    let started = Instant::now();
    write(&folder.join("single.db"), 0);
    let single = started.elapsed();
    let started = Instant::now();
    let (shared, write) = (folder.join("shared.db"), &write);
    open(&shared);
    std::thread::scope(|scope| {
        for _ in 0..12 {
            let shared = &shared;
            scope.spawn(move || write(shared, 0));
        }
    });
    let many = started.elapsed();
    let ratio = many.as_secs_f64() / single.as_secs_f64();
    println!(
        "{results} results: one writer {} ms, 12 writers of all of them {} ms, {ratio:.1} times",
        single.as_millis(),
        many.as_millis()
    );
}

fn open(path: &Path) -> Store {
    let url = StoreUrl::parse(&format!("sqlite:{}", path.display())).expect("a URL");
    Store::open(&url, StoreAccess::Write, 1).expect("a store")
}

fn record(store: &mut Store, text: &str, report: &Report) {
    let result = NewResult {
        name: "result.json",
        text,
        report,
        recorded_ms: 1,
        lease: None,
        router: None,
    };
    store.record(&result).expect("a store");
}

fn median(mut times: Vec<Duration>) -> String {
    times.sort();
    let median = times[times.len() / 2].as_secs_f64() * 1_000.0;
    format!("{median:.1} ms")
}

fn text(report: &Report) -> String {
    let mut text = Vec::new();
    render(report, Format::Json, Options::default(), &mut text).expect("memory");
    String::from_utf8(text).expect("text")
}

/// Returns a result of many rules, some of which are changed.
fn result(rules: usize, changed: usize) -> Report {
    let estate = generate(&EstateOptions {
        rules,
        changed,
        ..EstateOptions::default()
    });
    let files = [("rules.yaml", estate.rules_file.into_bytes())];
    let options = rules::Options::without_variables();
    let loaded = rules::load_texts(files, &options).expect("valid rules");
    let live = snapshot::read(estate.snapshot.as_bytes()).expect("a snapshot");
    let live = snapshot::live_state(live, &loaded.desired);
    let mut run = RunInfo::new("plan", 1_767_225_600_000, LiveSource::Snapshot);
    run.estate = Some(EstateName {
        name: "shop".to_owned(),
        is_declared: true,
    });
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
        run,
    };
    check(&inputs, &mut inputs.session())
}
