//! A fleet: many estates, checked by one process, by shards of a job, and by watchers of which one is killed again and again.
//!
//! `cargo bench --bench fleet` takes eight minutes, needs PostgreSQL (`.ci/postgres` installs it as root on Debian), and prints
//! the table of `docs/always-on.md`. It stops with an error where the runs disagree: every run has to find the same.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a simulation over real processes prints its figures, or stops"
)]

mod database;
mod estates;
mod processes;
mod receiver;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use acr_emulator::{Emulator, Options};
use crdrift::store::{Store, StoreAccess, StoreUrl};
use jiff::Timestamp;

use database::DatabaseServer;
use estates::{
    FleetSize, estate_name, profiles, script, seed, watch_file, write_rules, write_rules_file,
};
use processes::{Program, Running};
use receiver::Receiver;

/// The latency of every response of the service, milliseconds.
const LATENCY_MS: u64 = 50;

/// The jobs of a fleet, and how many of them run at the same time.
const SHARDS: usize = 16;
const SHARDS_AT_ONCE: usize = 8;

/// The watchers, of which one is killed after every pause.
const WATCHERS: usize = 3;
const PAUSE_BETWEEN_KILLS: Duration = Duration::from_secs(5);
const KILLS: usize = 24;

/// The time between two checks of an estate by the watchers, milliseconds.
const INTERVAL_MS: i64 = 30_000;

/// The schedules. A check has to end between two kills of its process.
const JOB_SCHEDULE: &str = "every: 1d, deadline: 20s";
const WATCH_SCHEDULE: &str = "every: 30s, deadline: 5s";

/// The time until another watcher has the estate of one that was killed in the middle of its check, milliseconds.
const LEASE_MS: i64 = 60_000;

/// The longest time between two checks of an estate, milliseconds, where at most two watchers are killed during its checks.
const LONGEST_MS: i64 = INTERVAL_MS + 2 * LEASE_MS;

/// The kills before the rules files are edited, and before the database is gone for 30 s.
const EDIT_AT: usize = 6;
const CUT_AT: usize = 16;
const RESTORE_AT: usize = 22;

/// The time behind the last kill in which every estate is checked once more.
const CALM: Duration = Duration::from_secs(90);

/// The most messages that a chat takes in a minute.
const MOST_IN_A_MINUTE: usize = 20;

const FULL: FleetSize = FleetSize {
    estates: 100,
    instances_per_estate: 10,
    rules_per_instance: 100,
    drifting: 30,
    denied: 10,
    unreachable: 5,
    requests_per_second: 50,
};

const TRIAL: FleetSize = FleetSize {
    estates: 10,
    instances_per_estate: 3,
    rules_per_instance: 4,
    drifting: 3,
    denied: 1,
    unreachable: 0,
    requests_per_second: 1_000,
};

/// A simulation: the service, and the files of the estates.
struct Fleet {
    size: FleetSize,
    folder: tempfile::TempDir,
    emulator: Emulator,
}

/// The open findings of a store, and the estates whose newest check is incomplete.
#[derive(Debug, PartialEq, Eq)]
struct StoreContents {
    findings: BTreeSet<String>,
    incomplete: BTreeSet<String>,
}

fn main() {
    // `cargo test --benches` asks only whether it runs.
    let is_trial = !std::env::args().any(|arg| arg == "--bench");
    let size = if is_trial { TRIAL } else { FULL };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let latency_ms = if is_trial { 0 } else { LATENCY_MS };
    let options = Options {
        script: script(size, latency_ms),
        ..Options::new(seed(size), Arc::new(Timestamp::now))
    };
    let emulator = runtime
        .block_on(acr_emulator::start(options))
        .expect("the emulator starts");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let fleet = Fleet {
        size,
        folder,
        emulator,
    };
    write_rules(size, fleet.path(), &fleet.emulator.url()).expect("the rules files");
    let aliyun = fleet.path().join(".aliyun");
    fs::create_dir_all(&aliyun).expect("a folder");
    fs::write(aliyun.join("config.json"), profiles()).expect("the profiles");
    println!(
        "{} instances x {} rules in {} estates, {} requests a second for each of 5 accounts, {latency_ms} ms for each response",
        size.instances(),
        size.rules_per_instance,
        size.estates,
        size.requests_per_second
    );
    fleet.write_watch_file(JOB_SCHEDULE, &BTreeMap::new());
    let one = fleet.run_jobs("one process, SQLite", &fleet.sqlite("one"), 1);
    let shards = fleet.run_jobs("16 shards, SQLite", &fleet.sqlite("shards"), SHARDS);
    assert_eq!(one, shards, "one process and shards agree");
    assert_eq!(one.findings.len(), size.drifting);
    assert_eq!(one.incomplete.len(), size.incomplete());
    if is_trial {
        return;
    }
    let database = DatabaseServer::start();
    let in_postgres = fleet.run_jobs("16 shards, PostgreSQL", &database.url, SHARDS);
    assert_eq!(one, in_postgres, "the stores agree");
    drop(database);
    let database = DatabaseServer::start();
    let watched = fleet.watch(&database);
    assert_eq!(one.findings, watched.findings, "watchers agree");
    // The newest check of another estate may be incomplete too: its account was throttled until the deadline.
    assert!(watched.incomplete.is_superset(&one.incomplete));
}

impl Fleet {
    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn sqlite(&self, name: &str) -> String {
        format!("sqlite:{}/{name}.db", self.path().display())
    }

    fn write_watch_file(&self, schedule: &str, targets: &BTreeMap<&str, String>) {
        let text = watch_file(self.size, schedule, targets);
        fs::write(self.path().join("watch.yaml"), text).expect("the watch file");
    }

    /// Checks every estate once, in one process or in shards, and prints what it took.
    fn run_jobs(&self, name: &str, store: &str, shards: usize) -> StoreContents {
        let at_once = shards.min(SHARDS_AT_ONCE);
        // The processes share the limits of the accounts.
        let parallelism = (16 / at_once).to_string();
        let program = Program {
            folder: self.path().to_owned(),
            arguments: [
                "--store",
                store,
                "--checks",
                "8",
                "--parallelism",
                &parallelism,
            ]
            .map(str::to_owned)
            .to_vec(),
        };
        let runs: Vec<Vec<String>> = (1..=shards)
            .map(|shard| vec!["--shard".to_owned(), format!("{shard}/{shards}")])
            .collect();
        let before = self.emulator.request_counts().total();
        let (time, peak, codes) = program.run_all(&runs, at_once);
        let requests = self.emulator.request_counts().total() - before;
        assert!(
            codes.iter().all(|code| [0, 2, 3].contains(code)),
            "{codes:?}"
        );
        println!(
            "{name}: {:.1} s, {requests} requests for {} pages, largest process {} MiB",
            time.as_secs_f64(),
            self.pages(),
            peak >> 20
        );
        contents(store)
    }

    /// Returns the requests without which no check is complete: each instance lists its rules as the source and as the target.
    fn pages(&self) -> usize {
        let rows = 2 * self.size.rules_per_instance;
        self.size.instances() * rows.div_ceil(100)
    }

    /// Watches with several processes while one is killed again and again, rules files are edited, and the database is gone
    /// for a while.
    fn watch(&self, database: &DatabaseServer) -> StoreContents {
        let (hook, chat) = (Receiver::start(), Receiver::start());
        let targets = BTreeMap::from([
            ("webhook", hook.url.clone()),
            ("dingtalk", chat.url.clone() + "?access_token=simulated"),
        ]);
        self.write_watch_file(WATCH_SCHEDULE, &targets);
        let program = Program {
            folder: self.path().to_owned(),
            arguments: [
                "--store",
                &database.url,
                "--checks",
                "4",
                "--parallelism",
                "5",
            ]
            .map(str::to_owned)
            .to_vec(),
        };
        let start = |number: usize| {
            let (name, spool) = (format!("watch-{number}"), format!("spool-{number}"));
            program.start(&name, &["--spool", &spool])
        };
        let started_ms = Timestamp::now().as_millisecond();
        let mut watchers: Vec<Running> = (0..WATCHERS).map(start).collect();
        let mut peak = 0;
        for kill in 0..KILLS {
            match kill {
                EDIT_AT => self.edit(true),
                CUT_AT => database.cut(),
                RESTORE_AT => database.restore(),
                _ => {}
            }
            let until = Instant::now() + PAUSE_BETWEEN_KILLS;
            while Instant::now() < until {
                watchers.iter_mut().for_each(Running::measure);
                std::thread::sleep(Duration::from_millis(200));
            }
            let number = (kill * 7 + kill / WATCHERS) % WATCHERS;
            let watcher = &mut watchers[number];
            peak = peak.max(watcher.peak_bytes);
            watcher.kill();
            *watcher = start(number);
        }
        // Every estate is checked once more. Then the edit is taken back, and every message is sent.
        std::thread::sleep(CALM);
        self.edit(false);
        std::thread::sleep(CALM);
        for watcher in &mut watchers {
            watcher.measure();
            peak = peak.max(watcher.peak_bytes);
            assert_eq!(watcher.stop(), Some(0));
        }
        let ended_ms = Timestamp::now().as_millisecond();
        let (checks, (longest_ms, longest)) = checks(&database.url, (started_ms, ended_ms));
        let (hook, chat) = (
            hook.messages.lock().expect("a lock"),
            chat.messages.lock().expect("a lock"),
        );
        println!(
            "{WATCHERS} watchers, one killed every 5 s, PostgreSQL gone for 30 s: {checks} checks, {:.0} s at most between two of an \
             estate, {} messages, {} of them repeated, at most {} a minute to the chat, largest process {} MiB",
            Duration::from_millis(u64::try_from(longest_ms).unwrap_or_default()).as_secs_f64(),
            hook.count(),
            hook.repeated,
            chat.most_in_a_minute(),
            peak >> 20
        );
        assert!(
            longest_ms <= LONGEST_MS,
            "{longest} was not checked for {longest_ms} ms"
        );
        assert!(chat.most_in_a_minute() <= MOST_IN_A_MINUTE);
        assert_eq!(hook.second_messages(), 0);
        let (opened, resolved) = (hook.transitions("opened"), hook.transitions("resolved"));
        let distinct: BTreeSet<&String> = opened.iter().collect();
        let edited = self.size.edited().len();
        assert_eq!(opened.len(), self.size.drifting + edited, "{opened:?}");
        assert_eq!(distinct.len(), opened.len(), "{opened:?}");
        assert_eq!(resolved.len(), edited, "{resolved:?}");
        contents(&database.url)
    }

    /// Edits the rules files of some estates, or takes the edit back.
    fn edit(&self, is_edited: bool) {
        for estate in self.size.edited() {
            let url = self.emulator.url();
            write_rules_file(self.size, self.path(), estate, (&url, is_edited))
                .expect("a rules file");
        }
    }
}

fn open(url: &str) -> Store {
    let url = StoreUrl::parse(url).expect("a URL");
    Store::open(&url, StoreAccess::Write, Timestamp::now().as_millisecond()).expect("a store")
}

fn contents(url: &str) -> StoreContents {
    let mut store = open(url);
    let findings = store.open_findings(None, None, None).expect("findings");
    let statuses = store.status(None, None, None).expect("estates");
    StoreContents {
        findings: findings
            .into_iter()
            .map(|it| format!("{} {} {}", it.estate, it.facts.code, it.fingerprint))
            .collect(),
        incomplete: statuses
            .into_iter()
            .filter(|it| it.outcome == crdrift::report::Outcome::Incomplete)
            .map(|it| format!("{}: {}", it.name, it.reason))
            .collect(),
    }
}

/// Returns the number of checks, and the longest time between two of an estate in milliseconds, with its name.
fn checks(url: &str, (started_ms, ended_ms): (i64, i64)) -> (usize, (i64, String)) {
    let runs = open(url).runs(None, None, None).expect("runs");
    let mut times: BTreeMap<String, Vec<i64>> = (0..FULL.estates)
        .map(|estate| (estate_name(estate), vec![started_ms, ended_ms]))
        .collect();
    for run in &runs {
        times
            .entry(run.estate.clone())
            .or_default()
            .push(run.started_ms);
    }
    let mut longest = (0, String::new());
    for (name, times) in &mut times {
        times.sort_unstable();
        for pair in times.windows(2) {
            longest = longest.max((pair[1] - pair[0], name.clone()));
        }
    }
    (runs.len(), longest)
}
