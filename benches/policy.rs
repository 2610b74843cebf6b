//! Policies over a large estate: 100,000 rules on each side.
//!
//! `cargo bench --bench policy` prints the time of each kind alone, of all built-in kinds together, and of
//! expressions; the best of a few runs counts. One rule in a hundred violates them.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement prints its figures, or stops"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use crdrift::evaluation::evaluate;
use crdrift::model::LiveState;
use crdrift::policy::Policy;
use crdrift::rules::{Options, RuleSet, load_texts};
use filter_language::FilterSession;
use testing::live_state;

#[path = "../src/testing.rs"]
mod testing;

const RULES: usize = 100_000;
const INSTANCES: usize = 20;
const RUNS: usize = 5;

/// The policies, each on a line.
const POLICIES: [&str; 10] = [
    "{ id: allowed-target-regions, kind: allowed-target-regions, regions: ['cn-*', 'ap-*'], except: [cn-region-19] }",
    "{ id: allowed-target-accounts, kind: allowed-target-accounts, accounts: ['100', '101'] }",
    "{ id: forbid-cross-account, kind: forbid-cross-account, from: { namespace: 'team-*' } }",
    "{ id: forbid-catch-all-filter, kind: forbid-catch-all-filter, filters: [tag_filter, repo_name_filter] }",
    "{ id: require-trigger, kind: require-trigger, trigger: PASSIVE, rules: '*-prod-*' }",
    "{ id: naming, kind: naming, pattern: '[a-z]+(-[a-z0-9]+)*' }",
    "{ id: max-hops, kind: max-hops, hops: 2 }",
    "{ id: data-residency, kind: data-residency, regions: ['cn-*'], from: { instance: 'region-*' } }",
    "{ id: required-coverage, kind: required-coverage, from: { instance: 'region-1*', namespace: 'team-*' }, other_regions: 1 }",
    "{ id: required-coverage-of-repos, kind: required-coverage, from: { instance: region-2, namespace: 'team-*', repo: '*' }, other_instances: 1 }",
];

const EXPRESSIONS: [&str; 3] = [
    "{ id: expression, message: m, expr: 'rule.to.region.startsWith(\"cn-\")' }",
    "{ id: expression-of-many-parts, message: m, expr: 'rule.scope == \"INSTANCE\" || rule.from.namespace == rule.to.namespace && rule.trigger == \"PASSIVE\" && !rule.tag_filter.contains(\"*.*\") && rule.priority in [1, 2, 3]' }",
    "{ id: expression-that-loops, message: m, expr: '[\"cn-\", \"ap-\", \"eu-\"].exists(it, rule.to.region.startsWith(it)) && rule.name.matches(\"^[a-z]+(-[a-z0-9]+)*$\")' }",
];

fn main() {
    // `cargo test --benches` asks only whether it runs.
    let trial = !std::env::args().any(|arg| arg == "--bench");
    let (rules, runs) = if trial { (500, 1) } else { (RULES, RUNS) };
    let loaded = load(rules);
    let live = live(&loaded);
    println!("{rules} declared and {rules} live rules; the best of {runs}");
    let estate = Estate { loaded, live, runs };
    let policies = &estate.loaded.policies;
    for policy in policies {
        estate.measure(policy.code.id(), std::slice::from_ref(policy));
    }
    let (built_in, _) = policies.split_at(POLICIES.len());
    estate.measure("all built-in kinds together", built_in);
}

/// The rules that the policies are evaluated on.
struct Estate {
    loaded: RuleSet,
    live: LiveState,
    /// The number of runs, of which the best one counts.
    runs: usize,
}

impl Estate {
    fn measure(&self, name: &str, policies: &[Policy]) {
        let mut best = Duration::MAX;
        let mut findings = 0;
        for _ in 0..self.runs {
            let started = Instant::now();
            let found = black_box(evaluate(
                policies,
                &self.loaded.desired,
                &self.live,
                &mut FilterSession::for_input(64 << 20),
            ));
            best = best.min(started.elapsed());
            findings = found.findings.len();
        }
        println!(
            "{name:28} {:>6} ms  {findings:>6} findings",
            best.as_millis()
        );
    }
}

fn load(rules: usize) -> RuleSet {
    let mut text = "version: 1\ninstances:\n".to_owned();
    for n in 0..INSTANCES {
        let account = 100 + n / 19;
        writeln!(
            text,
            "  region-{n}: {{ id: cri-{n:016}, region: cn-region-{n}, account: \"{account}\" }}"
        )
        .expect("a string");
    }
    text.push_str("policies:\n");
    for policy in POLICIES.iter().chain(&EXPRESSIONS) {
        writeln!(text, "  - {policy}").expect("a string");
    }
    text.push_str("rules:\n");
    for n in 0..rules {
        text.push_str(&rule(n));
    }
    load_texts(
        [("rules.yaml", text.into_bytes())],
        &Options::without_variables(),
    )
    .expect("a valid file")
}

/// Of sixty rules two copy a namespace to two other instances; the others copy repositories on from one of those.
fn rule(n: usize) -> String {
    let team = n / 60;
    let (from, to) = match n % 60 {
        0 => (0, 1),
        1 => (0, 2),
        at => (1, 3 + at % 15),
    };
    let (from, to) = (
        (from + team) % (INSTANCES - 1),
        (to + team) % (INSTANCES - 1),
    );
    let repo = if n % 60 < 2 {
        String::new()
    } else {
        format!(", repo: service-{n}")
    };
    let filter = if n.is_multiple_of(100) {
        ".+".to_owned()
    } else {
        format!("release-[0-9]+\\.{}\\..*", n % 2_000)
    };
    let trigger = if n % 100 == 3 {
        "INITIATIVE"
    } else {
        "PASSIVE"
    };
    // One in a hundred leaves for the last instance.
    let to = if n % 100 == 4 { INSTANCES - 1 } else { to };
    format!(
        "  - {{ name: team-{team}-prod-service-{n}, from: {{ instance: region-{from}, namespace: team-{team}{repo} }}, \
         to: {{ instance: region-{to}, namespace: team-{team}{repo} }}, tag_filter: '{filter}', trigger: {trigger} }}\n"
    )
}

/// The same rules live, one in a hundred with another name.
fn live(loaded: &RuleSet) -> LiveState {
    let mut rules: Vec<_> = loaded
        .desired
        .rules
        .iter()
        .map(|it| it.rule.clone())
        .collect();
    for (number, rule) in rules.iter_mut().enumerate().skip(2).step_by(100) {
        rule.name = format!("By Hand {number}").into();
    }
    let ids = loaded.desired.instances.iter().map(|it| it.id.clone());
    live_state(ids, rules)
}
