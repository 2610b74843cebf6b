//! What many rules do together, and the matching before it: 1,000, 10,000 and 100,000 rules on each side.
//!
//! `cargo bench --bench topology` prints both times, and what each of ten times as many rules costs more; the best of
//! a few runs counts. Near linear growth is a factor of about ten. The estates:
//!
//! - *teams*: two instances to which a team's namespace is copied, and repositories that are copied on from there;
//! - *both ways*: every repository there and back, with tags of its own for each direction, one in a hundred a loop;
//! - *hub*: everything from many instances into the namespaces of one, chosen by repository;
//! - *mesh*: a few instances that copy everything to each other, and repositories beside that.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement prints its figures, or stops"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use crdrift::diff::diff;
use crdrift::model::{LiveState, Selection};
use crdrift::rules::{Loaded, Options, load_texts};
use crdrift::topology::findings;
use filter_language::Session;
use testing::live_state;

#[path = "../src/testing.rs"]
mod testing;

const INSTANCES: usize = 20;
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// Writes the rule of a number.
type Estate = fn(usize) -> String;

fn main() {
    // `cargo test --benches` asks only whether it runs.
    let trial = !std::env::args().any(|arg| arg == "--bench");
    let (sizes, runs) = if trial {
        (&[200][..], 1)
    } else {
        (&SIZES[..], 3)
    };
    for (name, estate) in [
        ("teams", teams as Estate),
        ("both ways", both_ways),
        ("hub", hub),
        ("mesh", mesh),
    ] {
        println!("{name}");
        let mut before: Option<Duration> = None;
        for rules in sizes {
            let (matching, topology, found) = measure(*rules, estate, runs);
            let together = matching + topology;
            let growth = before.map_or(String::new(), |it| {
                format!("  x {:.1}", together.as_secs_f64() / it.as_secs_f64())
            });
            let [matching, topology] = [matching, topology].map(|it| it.as_secs_f64() * 1_000.0);
            println!(
                "{rules:>8} rules  matching {matching:>7.1} ms  topology {topology:>7.1} ms  {found:>5} findings{growth}"
            );
            before = Some(together);
        }
    }
}

fn measure(rules: usize, estate: Estate, runs: usize) -> (Duration, Duration, usize) {
    let loaded = load(rules, estate);
    let live = live(&loaded);
    let mut best = (Duration::MAX, Duration::MAX, 0);
    for _ in 0..runs {
        let started = Instant::now();
        let plan = black_box(diff(&loaded.desired, &live));
        let matched = started.elapsed();
        let started = Instant::now();
        let found = black_box(findings(
            &loaded.desired,
            &live,
            &plan,
            &Selection::default(),
            &mut Session::for_input(live.listed_bytes()),
        ));
        best = (
            best.0.min(matched),
            best.1.min(started.elapsed()),
            found.len(),
        );
    }
    best
}

fn load(rules: usize, estate: Estate) -> Loaded {
    let mut text = "version: 1\ninstances:\n".to_owned();
    for n in 0..INSTANCES {
        writeln!(
            text,
            "  region-{n}: {{ id: cri-{n:016}, region: cn-region-{n} }}"
        )
        .expect("a string");
    }
    text.push_str("rules:\n");
    for n in 0..rules {
        text.push_str(&estate(n));
    }
    load_texts(
        [("rules.yaml", text.into_bytes())],
        &Options::without_variables(),
    )
    .expect("a valid file")
}

fn rule(name: &str, (from, to): (usize, usize), place: &str, filter: &str) -> String {
    let [from, to] = [from, to].map(|it| it % INSTANCES);
    format!(
        "  - {{ name: {name}, from: {{ instance: region-{from}{place} }}, to: {{ instance: region-{to}{place} }}, {filter} }}\n"
    )
}

/// Of sixty rules two copy a namespace to two other instances; the others copy repositories on from one of those.
fn teams(n: usize) -> String {
    let team = n / 60;
    let (ends, repo) = match n % 60 {
        0 => ((0, 1), String::new()),
        1 => ((0, 2), String::new()),
        at => ((1, 3 + at % 15), format!(", repo: service-{n}")),
    };
    let filter = format!("tag_filter: 'release-[0-9]+\\.{}\\..*'", n % 2_000);
    let ends = (ends.0 + team, ends.1 + team);
    rule(
        &format!("team-{team}-{n}"),
        ends,
        &format!(", namespace: team-{team}{repo}"),
        &filter,
    )
}

/// There and back, with tags of their own.
fn both_ways(n: usize) -> String {
    let (pair, back) = (n / 2, n % 2 == 1);
    let (here, there) = (pair, pair + 1 + pair % 7);
    let ends = if back { (there, here) } else { (here, there) };
    let filter = if back && !pair.is_multiple_of(100) {
        "tag_filter: 'there-.*'"
    } else {
        "tag_filter: '(here|th.*)-[^t].*'"
    };
    rule(
        &format!("pair-{n}"),
        ends,
        &format!(", namespace: team-{}, repo: app-{pair}", pair % 100),
        filter,
    )
}

/// Into five namespaces of one instance.
fn hub(n: usize) -> String {
    let filter = format!("tag_filter: '.*', repo_name_filter: 'app-{}-.*'", n / 5);
    rule(
        &format!("into-{n}"),
        (1 + n % (INSTANCES - 1), 0),
        &format!(", namespace: base-{}", n % 5),
        &filter,
    )
}

/// The first rules are a ring of whole instances in both directions; the others copy repositories across it.
fn mesh(n: usize) -> String {
    if n < 2 * INSTANCES {
        let ends = if n < INSTANCES {
            (n, n + 1)
        } else {
            (n + 1, n)
        };
        return rule(
            &format!("ring-{n}"),
            ends,
            "",
            "tag_filter: '.*', namespace_name_filter: 'ring-.*'",
        );
    }
    let place = format!(", namespace: ring-{}, repo: app-{n}", n % 50);
    rule(
        &format!("across-{n}"),
        (n, n + 2 + n % 9),
        &place,
        "tag_filter: 'v[0-9.]+'",
    )
}

/// The same rules live, one in a hundred with another filter.
fn live(loaded: &Loaded) -> LiveState {
    let mut rules: Vec<_> = loaded
        .desired
        .rules
        .iter()
        .map(|it| it.rule.clone())
        .collect();
    for rule in rules.iter_mut().skip(2).step_by(100) {
        rule.tag_filter = "edited-.*".into();
    }
    let ids = loaded.desired.instances.iter().map(|it| it.id.clone());
    live_state(ids, rules)
}
