//! The laws of a store: it agrees with the history of the same results in memory, in whatever order they arrive.

use std::fmt::Write as _;
use std::sync::Barrier;

use crdrift::history::{Collector, EstateHistory};
use crdrift::report;
use crdrift::store::{EpisodeStatus, RecordOutcome, Store, StoreUrl};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::results::ResultPlan;
use super::{TestStore, record};
use crate::support::rounds;

/// A series of results, and the order in which they arrive: by number, some twice.
type Arrival = (Vec<ResultPlan>, Vec<usize>);

fn plans() -> impl Strategy<Value = Vec<ResultPlan>> {
    let numbers = || proptest::collection::btree_set(0_u8..6, 0..5);
    let bits = (0.85_f64, 0.15, 0.2);
    let plan = (
        prop::bool::weighted(bits.0),
        numbers(),
        numbers(),
        prop::bool::weighted(bits.1),
        prop::bool::weighted(bits.2),
    );
    proptest::collection::vec(plan, 1..9).prop_map(|plans| {
        let mut hour = 0;
        let plan = |(is_complete, open, accepted, is_narrowed, is_dated)| {
            hour += 2;
            let open: Vec<u8> = Vec::from_iter::<std::collections::BTreeSet<u8>>(open);
            let accepted: std::collections::BTreeSet<u8> = accepted;
            let accepted = accepted.into_iter().filter(|it| !open.contains(it));
            ResultPlan {
                estate: "shop",
                hour,
                is_complete,
                accepted: accepted.collect(),
                open,
                is_narrowed,
                is_dated,
            }
        };
        plans.into_iter().map(plan).collect()
    })
}

fn arrivals() -> impl Strategy<Value = Arrival> {
    plans().prop_flat_map(|plans| {
        let count = plans.len();
        let all: Vec<usize> = (0..count).collect();
        let late = Just(all.clone()).prop_shuffle();
        let order = prop_oneof![Just(all), late];
        let twice = proptest::collection::vec(0..count, 0..3);
        (Just(plans), order, twice).prop_map(|(plans, mut order, twice)| {
            order.extend(twice);
            (plans, order)
        })
    })
}

/// Returns the history of results in memory.
fn history(texts: &[String]) -> EstateHistory {
    let mut collector = Collector::default();
    for text in texts {
        let report = report::read(text.as_bytes()).expect("a result");
        let digest = report::Digest::hash(text.as_bytes()).to_string();
        // Two plans of one text are one result.
        let _ = collector.add("result.json", &digest, report);
    }
    let mut estates = collector.finish().estates;
    assert_eq!(estates.len(), 1);
    estates.swap_remove(0)
}

/// Fails where the store and the history of the same results differ.
fn compare(store: &mut Store, history: &EstateHistory) {
    let mut runs = store.runs(None, None, None).expect("runs");
    runs.reverse();
    assert_eq!(runs.len(), history.runs.len());
    for (run, expected) in runs.iter().zip(&history.runs) {
        assert_eq!(
            (run.started_ms, &run.id.0),
            (expected.time_ms, &expected.sha256)
        );
        assert_eq!(run.outcome, expected.outcome);
        let delta = expected.delta;
        assert_eq!(
            [run.opened, run.resolved, run.accepted, run.left_scope],
            [
                delta.map(|it| it.opened),
                delta.map(|it| it.resolved),
                delta.map(|it| it.accepted),
                delta.map(|it| it.left_scope),
            ],
            "{run:?}"
        );
    }
    let open = store.open_findings(None, None, None).expect("findings");
    let open: Vec<_> = open
        .iter()
        .filter(|it| it.facts.status == EpisodeStatus::Open)
        .collect();
    for (groups, name) in [
        (
            &history.by_owner,
            (|it| it.facts.owner.clone()) as fn(&crdrift::store::OpenFinding) -> Option<String>,
        ),
        (&history.by_code, |it| Some(it.facts.code.clone())),
    ] {
        for group in groups {
            let of_group = || open.iter().filter(|it| name(it) == group.name);
            assert_eq!(of_group().count(), group.open(), "{group:?}");
            assert_eq!(
                of_group().map(|it| it.since_ms).min(),
                group.oldest_ms,
                "{group:?}"
            );
        }
    }
    let newest = history.newest_complete();
    let ages = newest.and_then(|run| run.ages).unwrap_or_default();
    assert_eq!(open.len(), ages.iter().sum::<usize>());
    let sql = "SELECT COUNT(*), CAST(COALESCE(SUM(closed_ms - opened_ms), 0) AS BIGINT) FROM crdrift_episode \
               WHERE closing = 'resolved' AND status = 'open'";
    let resolved = format!("{:?}", store.database().query(sql, &[]).expect("a row"));
    let count = history.resolution.count;
    assert!(
        resolved.contains(&format!("Integer(Some({count}))")),
        "{resolved} {count}"
    );
    if let Some(mean_ms) = history.resolution.mean_ms() {
        let total: i64 = resolved
            .rsplit("Some(")
            .next()
            .and_then(|text| text.split(')').next()?.parse().ok())
            .expect("a sum");
        assert_eq!(total / i64::try_from(count).expect("a count"), mean_ms);
    }
    // The newest result on its own finds the same episodes open for as many runs as it says.
    let complete = history.runs.iter().filter(|it| it.is_complete()).count();
    assert!(
        open.iter()
            .all(|it| (1..=complete).contains(&it.times_seen))
    );
}

fn check_series(case: &Arrival, store: &mut Store) {
    let (plans, order) = case;
    let texts: Vec<String> = plans.iter().map(ResultPlan::text).collect();
    let mut seen = std::collections::BTreeSet::new();
    for number in order {
        let outcome = record(store, &texts[*number]);
        assert_eq!(outcome == RecordOutcome::Known, !seen.insert(*number));
    }
    compare(store, &history(&texts));
}

/// Empties a store, which is quicker than a new one.
fn clear(store: &mut Store) {
    for table in [
        "transition",
        "episode",
        "reading",
        "run",
        "document",
        "estate",
    ] {
        let sql = format!("DELETE FROM crdrift_{table}");
        store.database().execute(&sql, &[]).expect("a table");
    }
}

/// The stores that are checked side by side: a check waits for its database most of the time.
const STORES: u32 = 4;

fn check_many(new_store: fn() -> TestStore, cases: u32) {
    std::thread::scope(|scope| {
        for _ in 0..STORES {
            scope.spawn(|| check_each(&new_store(), cases / STORES));
        }
    });
}

fn check_each(store: &TestStore, cases: u32) {
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let store = std::cell::RefCell::new(store.open());
    let checked = runner.run(&arrivals(), |case| {
        let mut store = store.borrow_mut();
        clear(&mut store);
        check_series(&case, &mut store);
        Ok(())
    });
    assert!(checked.is_ok(), "{checked:?}");
}

#[test]
fn a_store_on_sqlite_agrees_with_the_history_in_memory() {
    check_many(TestStore::sqlite, rounds(1_000));
}

#[test]
fn a_store_on_postgresql_agrees_with_the_history_in_memory() {
    check_many(TestStore::postgres, rounds(1_000));
}

/// Returns results of 5 estates, each with its own findings.
fn results(count: u32) -> Vec<String> {
    let estates = ["alpha", "beta", "gamma", "delta", "epsilon"];
    let count = u16::try_from(count).expect("a few hundred");
    (0..count)
        .map(|number| {
            let estate = estates[usize::from(number) % 5];
            let hour = i64::from(number / 5);
            let bits = number.wrapping_mul(40_503) >> 3;
            let open: Vec<u8> = (0..6).filter(|bit| bits >> bit & 1 == 1).collect();
            let accepted = (6..8).filter(|bit| bits >> bit & 1 == 1).collect();
            ResultPlan {
                is_complete: number % 7 != 3,
                accepted,
                is_narrowed: number % 11 == 5,
                ..ResultPlan::new(estate, hour, &open)
            }
            .text()
        })
        .collect()
}

/// Returns every answer of a store, and its documents with their uses.
fn answers(store: &mut Store) -> String {
    let documents = "SELECT substance, uses FROM crdrift_document ORDER BY substance";
    let transitions = "SELECT run_id, kind, fingerprint FROM crdrift_transition ORDER BY run_id, kind, fingerprint";
    let episodes = "SELECT estate_id, fingerprint, opened_run, opened_ms, first_number, status, COALESCE(closing, ''), \
                    COALESCE(closed_ms, -1), COALESCE(closed_run, ''), COALESCE(last_number, -1) FROM crdrift_episode ORDER BY estate_id, fingerprint, opened_run";
    let mut text = format!(
        "{:?}\n{:?}\n{:?}\n",
        store.status(None, None, None).expect("estates"),
        store.runs(None, None, None).expect("runs"),
        store.open_findings(None, None, None).expect("findings"),
    );
    for sql in [documents, transitions, episodes] {
        let rows = store.database().query(sql, &[]).expect("rows");
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{rows:#?}");
    }
    text
}

#[test]
fn twelve_writers_in_any_order_end_where_one_writer_ends() {
    let texts = results(rounds(300));
    let serial = TestStore::sqlite();
    let mut expected = serial.open();
    for text in &texts {
        assert_eq!(record(&mut expected, text), RecordOutcome::Recorded);
    }
    let expected = answers(&mut expected);
    for store in TestStore::on_both() {
        let barrier = Barrier::new(12);
        std::thread::scope(|scope| {
            for writer in 0..12_usize {
                let (texts, barrier, store) = (&texts, &barrier, &store);
                scope.spawn(move || {
                    let connection = store.try_open();
                    barrier.wait();
                    let mut connection = connection.expect("a store");
                    // A step without a common factor visits every result, in an order of its own.
                    let step = [7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47][writer];
                    for number in 0..texts.len() {
                        let at = (number * step + writer * 25) % texts.len();
                        record(&mut connection, &texts[at]);
                    }
                });
            }
        });
        let url = StoreUrl::parse(&store.url).expect("a URL");
        let found = answers(&mut store.open());
        let mut lines = found.lines().zip(expected.lines());
        let differing = lines.find(|(found, expected)| found != expected);
        assert_eq!(differing, None, "{url} differs from one writer");
        assert_eq!(found.len(), expected.len(), "{url}");
    }
}
