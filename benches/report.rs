//! Every format over a large result: time and peak memory, beside only holding that result.
//!
//! `cargo bench --bench report` draws 100,000 changes, each with a finding at least. Every measurement is a process of its
//! own; memory is what drawing takes on top of the result, which stands in the first line alone. The best of a few
//! counts.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement prints its figures, or stops"
)]

use std::io::Write;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crdrift::check::{Inputs, RunInfo, check};
use crdrift::report::{Format, LiveSource, Options, Report, read, render};
use crdrift::waiver::TriageConfig;
use crdrift::{rules, snapshot};
use estate_generator::{EstateOptions, generate};
use jiff::civil::date;

#[path = "../examples/estate/generator.rs"]
mod estate_generator;

const FINDINGS: usize = 100_000;
const RUNS: usize = 3;

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
        [_, "--measure", format, findings] => measure(format, findings.parse().expect("a number")),
        _ => compare(
            if trial { 500 } else { FINDINGS },
            if trial { 1 } else { RUNS },
        ),
    }
    ExitCode::SUCCESS
}

fn compare(findings: usize, runs: usize) {
    println!("{findings} changes, each with a finding at least; the best of {runs}");
    println!(
        "{:<16} {:>8} {:>12} {:>10}",
        "format", "time", "memory", "written"
    );
    for format in ["(the result)"]
        .into_iter()
        .chain(Format::NAMES)
        .chain(["(read back)"])
    {
        let measured = (0..runs).map(|_| child(format, findings));
        let (time, peak, written) = measured.min_by_key(|it| it.0).expect("a run");
        println!(
            "{format:<16} {:>5} ms {:>8} MiB {:>6} MiB",
            time.as_millis(),
            peak / 1_024,
            written >> 20
        );
    }
}

/// Runs one measurement in a process of its own.
fn child(format: &str, findings: usize) -> (Duration, u64, u64) {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program)
        .args(["--measure", format, &findings.to_string()])
        .output()
        .expect("it runs");
    let output_text = String::from_utf8(output.stdout).expect("text");
    let mut numbers = output_text
        .split_whitespace()
        .map(|it| it.parse::<u64>().expect("a number"));
    let mut next = || numbers.next().expect("three numbers");
    (Duration::from_micros(next()), next(), next())
}

fn measure(name: &str, findings: usize) {
    let report = report(findings);
    let mut to = Counted(0);
    let options = Options::default();
    let document = (name == "(read back)").then(|| {
        let mut document = Vec::new();
        render(&report, Format::Json, options, &mut document).expect("memory");
        document
    });
    // From here on the peak is that of drawing (proc(5), clear_refs).
    let before = status_kib("VmRSS:");
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let started = Instant::now();
    match (Format::from_name(name), document) {
        (Some(format), _) => render(&report, format, options, &mut to).expect("it only counts"),
        (None, Some(document)) => assert_eq!(
            read(&document).expect("a result").findings.len(),
            report.findings.len()
        ),
        (None, None) => {}
    }
    let took = started.elapsed();
    let memory = if name == "(the result)" {
        before
    } else {
        status_kib("VmHWM:").saturating_sub(before)
    };
    println!("{} {memory} {}", took.as_micros(), to.0);
    std::mem::forget(report);
}

/// Counts what is written and forgets it.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Returns a result in which every rule is changed.
fn report(rules: usize) -> Report {
    let estate = generate(&EstateOptions {
        rules,
        changed: rules,
        ..EstateOptions::default()
    });
    let files = [("rules.yaml", estate.rules_file.into_bytes())];
    let options = rules::Options::without_variables();
    let loaded = rules::load_texts(files, &options).expect("valid rules");
    let live = snapshot::read(estate.snapshot.as_bytes()).expect("a snapshot");
    let live = snapshot::live_state(live, &loaded.desired);
    let run = RunInfo::new("plan", 1_767_225_600_000, LiveSource::Snapshot);
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
    let report = check(&inputs, &mut inputs.session());
    assert!(report.findings.len() >= rules);
    report
}

/// Returns the memory of this process in KiB, as the system reports it; 0 if it does not.
fn status_kib(of: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(of));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok())
        .unwrap_or_default()
}
