//! The speed of comparisons: many realistic pairs, and single pathological ones.
//!
//! `cargo bench -p filter-language` prints the best of a few runs of each.

#![allow(clippy::print_stdout, reason = "a measurement prints its figures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use filter_language::{Comparer, CompiledFilter, NameKind, QueryBudget, Reading};

/// Returns pairs of distinct filters, so that no automaton is reused.
fn pairs(count: u32) -> Vec<(String, String)> {
    (0..count as usize).map(|i| (desired(i), live(i))).collect()
}

fn desired(i: usize) -> String {
    let (team, n) = (["app", "base", "edge", "ml", "web"][i % 5], i / 10);
    match i % 10 {
        0 => format!(r"{team}{n}-v\d+\.\d+\.\d+"),
        1 => format!("{team}{n}-.*"),
        2 => format!("^release-{n}\\.[0-9]+(-rc[0-9]+)?$"),
        3 => format!("(dev|test|prod)-{team}-{n}"),
        4 => format!("^(?!.*-SNAPSHOT$){team}{n}.*$"),
        5 => format!("v{n}\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)"),
        6 => format!("{team}-{n}[a-f0-9]{{7,40}}"),
        7 => format!("(?i)stable-{n}|latest-{n}"),
        8 => format!("{n}[0-9]{{8}}T[0-9]{{6}}Z-{team}"),
        _ => format!(".*-{team}{n}(-(amd64|arm64))?"),
    }
}

fn live(i: usize) -> String {
    let (team, n) = (["app", "base", "edge", "ml", "web"][i % 5], i / 10);
    match i % 10 {
        0 => format!(r"{team}{n}-v[0-9]+.[0-9]+.[0-9]+"),
        1 => format!("^{team}{n}-[a-zA-Z0-9_.-]*$"),
        2 => format!("release-{n}\\.\\d+(-rc\\d+)?"),
        3 => format!("(prod|test|dev)-{team}-{n}"),
        4 => format!("^(?!.*-rc$){team}{n}.*$"),
        5 => format!("v{n}\\.\\d+\\.\\d+"),
        6 => format!("{team}-{n}[a-f0-9]{{7,64}}"),
        7 => format!("(?i:latest|stable)-{n}"),
        8 => format!("{n}\\d{{8}}T\\d{{6}}Z-.*"),
        _ => format!(".*-{team}{n}(-amd64)?"),
    }
}

/// Returns the shortest time of a few runs.
fn best(runs: usize, mut work: impl FnMut()) -> Duration {
    let time = |_| {
        let started = Instant::now();
        work();
        started.elapsed()
    };
    (0..runs).map(time).min().unwrap_or_default()
}

fn distinct_pairs(sizes: &[u32], runs: usize) {
    println!("distinct pairs");
    for count in sizes {
        let pairs = pairs(*count);
        let time = best(runs, || {
            let mut comparer = Comparer::new();
            for (desired, live) in &pairs {
                let budget = QueryBudget::default();
                black_box(comparer.compare(desired, live, NameKind::Tag, &budget));
            }
        });
        let each = time / *count;
        println!("  {count:>7} pairs  {time:>10.1?}  {each:>8.1?} each");
    }
}

fn blow_ups(runs: usize) {
    println!("single pairs that blow up");
    for (desired, live) in [
        (".*a.{12}", ".*a.{13}"),
        (".*a.{20}", ".*a.{21}"),
        (".*a.{60}", ".*b.{60}"),
        ("(.*a.{14}|x)", "(.*a.{14}|y)"),
        ("((((a{1,50}){1,50}){1,50}){1,50})", "a+"),
        ("([a-z]+)*[a-z]+([a-z]+)*", "[a-z]+"),
        (
            "(?=.*a.{9})(?=.*b.{9})(?=.*c.{9}).*",
            "(?=.*b.{9})(?=.*a.{9})(?=.*c.{9}).*",
        ),
        ("^(?!.*a.{15}).*$", "^(?!.*a.{16}).*$"),
        ("(\\b|a?){40}(\\B|b?){40}.*x.{30}", "(\\b|a?){41}.*x.{29}"),
    ] {
        let time = best(runs, || {
            let budget = QueryBudget::default();
            black_box(Comparer::new().compare(desired, live, NameKind::Tag, &budget));
        });
        println!("  {time:>10.1?}  {desired} against {live}");
    }
}

fn matching(runs: usize) {
    let filters: Vec<CompiledFilter> = (0..1_000)
        .filter_map(|number| CompiledFilter::new(&desired(number), NameKind::Tag).ok())
        .collect();
    let time = best(runs, || {
        for filter in &filters {
            black_box(filter.is_match("app12-v1.20.3-rc1", Reading::Whole));
        }
    });
    println!("one tag against {} filters\n  {time:>10.1?}", filters.len());
}

fn main() {
    // `cargo test --benches` asks only whether it runs.
    if std::env::args().any(|arg| arg == "--bench") {
        distinct_pairs(&[1_000, 10_000, 100_000], 10);
        blow_ups(10);
        matching(100);
    } else {
        distinct_pairs(&[10], 1);
        blow_ups(1);
        matching(1);
    }
}
