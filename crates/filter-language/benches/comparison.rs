//! The speed of comparisons: many realistic pairs, and single pathological ones.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use filter_language::{Comparer, CompiledFilter, NameKind, QueryBudget, Reading};

/// Returns pairs of distinct filters, so that no automaton is reused.
fn pairs(count: usize) -> Vec<(String, String)> {
    (0..count).map(|i| (desired(i), live(i))).collect()
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

fn distinct_pairs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("distinct pairs");
    group.sample_size(10);
    for count in [1_000, 10_000, 100_000] {
        let pairs = pairs(count);
        group.throughput(Throughput::Elements(count as u64));
        group.bench_with_input(
            BenchmarkId::from_parameter(count),
            &pairs,
            |bencher, pairs| {
                bencher.iter(|| {
                    let mut comparer = Comparer::new();
                    for (desired, live) in pairs {
                        black_box(comparer.compare(
                            desired,
                            live,
                            NameKind::Tag,
                            &QueryBudget::default(),
                        ));
                    }
                });
            },
        );
    }
    group.finish();
}

fn blow_ups(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("blow-ups");
    group.sample_size(10);
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
        group.bench_function(format!("{desired} against {live}"), |bencher| {
            bencher.iter(|| {
                Comparer::new().compare(desired, live, NameKind::Tag, &QueryBudget::default())
            });
        });
    }
    group.finish();
}

fn matching(criterion: &mut Criterion) {
    let patterns: Vec<CompiledFilter> = (0..1_000)
        .filter_map(|i| CompiledFilter::new(&desired(i), NameKind::Tag).ok())
        .collect();
    let mut group = criterion.benchmark_group("one tag against 1,000 filters");
    group.throughput(Throughput::Elements(patterns.len() as u64));
    group.bench_function("whole", |bencher| {
        bencher.iter(|| {
            patterns
                .iter()
                .filter(|one| one.is_match("app12-v1.20.3-rc1", Reading::Whole))
                .count()
        });
    });
    group.finish();
}

criterion_group!(benches, distinct_pairs, blow_ups, matching);
criterion_main!(benches);
