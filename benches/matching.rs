//! Pairing what the exact joins leave: rules that were renamed and edited, from 1,000 to 100,000 on each side.
//!
//! `cargo bench --bench matching` prints, for each kind of estate and each size, the time of a whole comparison and how
//! many likely renames it found; the best of a few runs counts. Ten times the rules should take ten times as long.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement prints its figures, or stops"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use crdrift::diff::{Plan, diff};
use crdrift::model::{DesiredState, LiveInstance, LiveState, ReadStatus, SyncRule};
use testing::{desired_state, instance, live_instance, live_rule};

#[path = "../src/testing.rs"]
mod testing;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const RUNS: usize = 3;

/// An estate in which no rule has kept its name: how many rules share their two ends, and whether the live ones go to
/// another repository.
const ESTATES: [(&str, usize, bool); 5] = [
    ("renamed and edited, ends of their own, moved", 1, true),
    ("groups of 4 on the same ends", 4, false),
    ("groups of 8 on the same ends", 8, false),
    ("groups of 16 on the same ends", 16, false),
    ("everything on the same ends", usize::MAX, false),
];

fn main() {
    // `cargo test --benches` asks only whether it runs.
    let trial = !std::env::args().any(|arg| arg == "--bench");
    let (sizes, runs) = if trial {
        (&[200][..], 1)
    } else {
        (&SIZES[..], RUNS)
    };
    for (name, sharing, moved) in ESTATES {
        println!("{name}");
        let mut before = None;
        for size in sizes {
            let (desired, live) = (desired(*size, sharing), live(*size, sharing, moved));
            let mut best = Duration::MAX;
            let mut found = 0;
            for _ in 0..runs {
                let started = Instant::now();
                let plan: Plan = black_box(diff(&desired, &live));
                best = best.min(started.elapsed());
                found = plan
                    .changes
                    .iter()
                    .filter(|change| change.similarity.is_some())
                    .count();
            }
            let growth = before.map(|before: Duration| {
                format!("  {:>5.1} x", best.as_secs_f64() / before.as_secs_f64())
            });
            let (ms, growth) = (best.as_secs_f64() * 1_000.0, growth.unwrap_or_default());
            println!("  {size:>7} on each side  {ms:>8.1} ms  {found:>7} likely renames{growth}");
            before = Some(best);
        }
    }
}

/// Returns the source of a rule. Some rules share one.
fn source(number: usize, sharing: usize) -> String {
    let group = number / sharing;
    format!("namespace-{}/repository-{group}", group / 50)
}

fn rule(name: &str, filter: &str, source: &str, target: &str) -> SyncRule {
    SyncRule {
        tag_filter: filter.into(),
        ..testing::rule(&format!("{name}: cri-a/{source} -> cri-b/{target}"))
    }
}

/// Dissimilar words, so that the rules of a group differ.
const WORDS: [&str; 16] = [
    "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett",
    "kilo", "lima", "mike", "november", "oscar", "papa",
];

fn desired(rules: usize, sharing: usize) -> DesiredState {
    let declared = |number: usize| {
        let word = WORDS[number % WORDS.len()];
        let name = format!("{word}-{number}");
        let source = source(number, sharing);
        rule(&name, &format!("{word}-v[0-9]+"), &source, &source)
    };
    desired_state(["cri-a", "cri-b"].map(instance), (0..rules).map(declared))
}

fn live(rules: usize, sharing: usize, moved: bool) -> LiveState {
    let listed = |number: usize| {
        let word = WORDS[number % WORDS.len()];
        let name = format!("{word}-{number}-new");
        let filter = format!("{word}-v[0-9.]+");
        let source = source(number, sharing);
        let target = if moved {
            format!("{source}-moved")
        } else {
            source.clone()
        };
        live_rule(rule(&name, &filter, &source, &target))
    };
    LiveState {
        instances: vec![
            LiveInstance {
                outgoing: (0..rules).rev().map(listed).collect(),
                ..live_instance("cri-a")
            },
            LiveInstance {
                status: ReadStatus::Skipped,
                ..live_instance("cri-b")
            },
        ],
    }
}
