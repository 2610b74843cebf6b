//! Rules together, and the matching before it: 1,000, 10,000 and 100,000 rules on each side, one in a hundred changed.
//!
//! `cargo bench --bench topology` prints both times for every shape of estate, and the growth for ten times as many
//! rules; the best of a few runs counts. Near linear growth is a factor of about ten.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement prints its figures, or stops"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use crdrift::diff::diff;
use crdrift::rules::{Options, load_texts};
use crdrift::snapshot::{live_state, read};
use crdrift::topology::findings;
use estate_generator::{EstateOptions, EstateShape, generate};
use filter_language::FilterSession;

#[path = "../examples/estate/generator.rs"]
mod estate_generator;

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// The best times of one estate.
struct Measurement {
    matching: Duration,
    topology: Duration,
    findings: usize,
}

fn main() {
    // `cargo test --benches` asks only whether it runs.
    let trial = !std::env::args().any(|arg| arg == "--bench");
    let (sizes, runs) = if trial {
        (&[200][..], 1)
    } else {
        (&SIZES[..], 3)
    };
    for shape in EstateShape::value_variants() {
        println!("{shape:?}");
        let mut before: Option<Duration> = None;
        for rules in sizes {
            let measured = measure(*rules, *shape, runs);
            let total = measured.matching + measured.topology;
            let growth = before.map_or(String::new(), |before| {
                format!("  x {:.1}", total.as_secs_f64() / before.as_secs_f64())
            });
            println!(
                "{rules:>8} rules  matching {:>7.1} ms  topology {:>7.1} ms  {:>5} findings{growth}",
                measured.matching.as_secs_f64() * 1_000.0,
                measured.topology.as_secs_f64() * 1_000.0,
                measured.findings
            );
            before = Some(total);
        }
    }
}

fn measure(rules: usize, shape: EstateShape, runs: usize) -> Measurement {
    let estate = generate(&EstateOptions {
        shape,
        instances: 20,
        rules,
        changed: rules / 100,
        ..EstateOptions::default()
    });
    let files = [("rules.yaml", estate.rules_file.into_bytes())];
    let loaded = load_texts(files, &Options::without_variables()).expect("a valid file");
    let snapshot = read(estate.snapshot.as_bytes()).expect("a snapshot");
    let live = live_state(snapshot, &loaded.desired);
    let mut best = Measurement {
        matching: Duration::MAX,
        topology: Duration::MAX,
        findings: 0,
    };
    for _ in 0..runs {
        let started = Instant::now();
        let plan = black_box(diff(&loaded.desired, &live));
        best.matching = best.matching.min(started.elapsed());
        let started = Instant::now();
        let found = black_box(findings(
            &loaded.desired,
            &live,
            &plan,
            &mut FilterSession::for_input(live.listed_bytes()),
        ));
        best.topology = best.topology.min(started.elapsed());
        best.findings = found.len();
    }
    best
}
