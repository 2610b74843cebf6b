//! Leases: one process at a time checks an estate, on both databases.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::time::Duration;

use crdrift::report;
use crdrift::store::{
    DueEstate, Lease, LeaseRequest, NewResult, RecordOutcome, Store, StoreAccess, StoreError,
    StoreUrl,
};

use super::results::ResultPlan;
use super::{TestStore, record};

const MINUTE: Duration = Duration::from_secs(60);

/// Returns the time of the database, which the host of a test agrees with.
fn now_ms(store: &mut Store) -> i64 {
    store.database().now_ms().expect("a clock")
}

/// Takes the lease of an estate for a time.
fn take(store: &mut Store, estate: &str, holder: &str, duration: Duration) -> Option<Lease> {
    let request = LeaseRequest {
        holder,
        duration,
        now_ms: now_ms(store),
    };
    store.take_lease(estate, &request).expect("a store")
}

/// Renews the leases of a process for a minute, and returns their estates.
fn renew(store: &mut Store, holder: &str) -> Vec<String> {
    let request = LeaseRequest {
        holder,
        duration: MINUTE,
        now_ms: now_ms(store),
    };
    let leases = store.renew_leases(&request).expect("a store");
    leases.into_iter().map(|lease| lease.estate).collect()
}

/// Records the result of a check under a lease.
fn record_with(
    store: &mut Store,
    plan: &ResultPlan,
    lease: &Lease,
) -> Result<RecordOutcome, StoreError> {
    let text = plan.text();
    let report = report::read(text.as_bytes()).expect("a result");
    store.record(&NewResult {
        name: "result.json",
        text: &text,
        report: &report,
        recorded_ms: 2_000,
        lease: Some(lease),
        router: None,
    })
}

#[test]
fn a_lease_has_one_holder_until_it_ends_or_is_released() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        let first = take(&mut store, "shop", "a", MINUTE).expect("a free lease");
        assert_eq!((first.number, first.checked_ms), (1, None));
        let remaining_ms = first.until_ms - now_ms(&mut store);
        assert!((0..=60_000).contains(&remaining_ms), "{remaining_ms}");
        assert_eq!(take(&mut store, "shop", "b", MINUTE), None);
        assert!(take(&mut store, "base", "b", MINUTE).is_some());

        // The holder gets its lease again, with the same number.
        let again = take(&mut store, "shop", "a", Duration::ZERO).expect("its own lease");
        assert_eq!(again.number, 1);
        let second = take(&mut store, "shop", "b", MINUTE).expect("a lease that has ended");
        assert_eq!(second.number, 2);
        assert_eq!(renew(&mut store, "a"), [""; 0]);
        assert_eq!(renew(&mut store, "b"), ["base", "shop"]);

        // Who has lost a lease cannot release it.
        store.release_lease(&again).expect("a store");
        assert_eq!(take(&mut store, "shop", "a", MINUTE), None);
        store.release_lease(&second).expect("a store");
        assert_eq!(renew(&mut store, "b"), ["base"]);
        let third = take(&mut store, "shop", "a", MINUTE).expect("a released lease");
        assert_eq!(third.number, 3);

        store.release_leases("b").expect("a store");
        let statuses = store.leases().expect("a store");
        let active: Vec<_> = statuses
            .iter()
            .map(|status| (status.lease.estate.as_str(), status.is_active))
            .collect();
        assert_eq!(active, [("base", false), ("shop", true)]);
    }
}

#[test]
fn a_process_without_its_lease_records_nothing() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        let plan = |hour| ResultPlan::new("shop", hour, &[1]);
        let old = take(&mut store, "shop", "a", Duration::ZERO).expect("a free lease");
        // No other process took the lease that has ended: the result is as good as before.
        let recorded = record_with(&mut store, &plan(1), &old).expect("a store");
        assert_eq!(recorded, RecordOutcome::Recorded);

        let new = take(&mut store, "shop", "b", MINUTE).expect("a lease that has ended");
        let runs = store.runs(None, None, None).expect("runs");
        assert_eq!(new.checked_ms, Some(runs[0].started_ms));
        let error = record_with(&mut store, &plan(2), &old).expect_err("a lost lease");
        let text = error.to_string();
        assert!(matches!(error, StoreError::LeaseLost { .. }), "{error:?}");
        assert_eq!(text, r#"the lease of the estate "shop" is lost to "b""#);
        assert_eq!(store.runs(None, None, None).expect("runs"), runs);

        let recorded = record_with(&mut store, &plan(3), &new).expect("a store");
        assert_eq!(recorded, RecordOutcome::Recorded);
        // A late result does not move the newest check back.
        record_with(&mut store, &plan(2), &new).expect("a store");
        let newest = store.runs(None, None, None).expect("runs")[0].started_ms;
        let statuses = store.leases().expect("a store");
        assert_eq!(statuses[0].lease.checked_ms, Some(newest));

        // The same holder later, after another one, has another number.
        store.release_lease(&new).expect("a store");
        take(&mut store, "shop", "a", MINUTE).expect("a released lease");
        let error = record_with(&mut store, &plan(4), &old).expect_err("an old number");
        assert!(matches!(error, StoreError::LeaseLost { .. }), "{error:?}");
        // Without a lease, as in a pipeline, anybody records.
        let text = plan(5).text();
        assert_eq!(record(&mut store, &text), RecordOutcome::Recorded);
    }
}

/// Waits until a number of statements wait for locks.
fn wait_for_locks(witness: &mut Store, count: usize) {
    let sql = "SELECT COUNT(*) FROM pg_stat_activity \
               WHERE wait_event_type = 'Lock' AND datname = current_database()";
    loop {
        let rows = witness.database().query(sql, &[]).expect("the server");
        if format!("{rows:?}").contains(&format!("Some({count})")) {
            return;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_recording_keeps_its_lease_from_others_until_it_ends() {
    // In SQLite, every transaction keeps out all others.
    let store = TestStore::postgres();
    let [mut old, mut new, mut blocker, mut witness] = [(); 4].map(|()| store.open());
    record(&mut old, &ResultPlan::new("shop", 1, &[]).text());
    let lease = take(&mut old, "shop", "a", Duration::ZERO).expect("a free lease");
    let now_ms = now_ms(&mut witness);
    std::thread::scope(|scope| {
        // The recording stops behind its first statement, that of the lease.
        blocker.database().begin().expect("a transaction");
        let sql = "UPDATE crdrift_estate SET generation = generation";
        blocker.database().execute(sql, &[]).expect("an estate");
        let plan = ResultPlan::new("shop", 2, &[1]);
        let recorder = scope.spawn(move || record_with(&mut old, &plan, &lease));
        wait_for_locks(&mut witness, 1);
        let taker = scope.spawn(move || {
            let request = LeaseRequest {
                holder: "b",
                duration: MINUTE,
                now_ms,
            };
            new.take_lease("shop", &request)
        });
        wait_for_locks(&mut witness, 2);
        blocker.database().commit().expect("a transaction");
        let recorded = recorder.join().expect("a thread").expect("a store");
        assert_eq!(recorded, RecordOutcome::Recorded);
        let taken = taker.join().expect("a thread").expect("a store");
        let taken = taken.expect("a lease that has ended");
        let newest = witness.runs(None, None, None).expect("runs")[0].started_ms;
        assert_eq!((taken.number, taken.checked_ms), (2, Some(newest)));
    });
}

#[test]
fn one_of_the_processes_that_race_for_a_lease_gets_it() {
    const HOLDERS: [&str; 3] = ["a", "b", "c"];
    const ROUNDS: usize = 40;
    for store in TestStore::on_both() {
        let barrier = Barrier::new(HOLDERS.len());
        let race = |holder: &'static str| {
            let mut store = store.open();
            let mut won = Vec::new();
            let mut numbers = Vec::new();
            for round in 0..ROUNDS {
                barrier.wait();
                let estate = format!("estate-{round}");
                won.extend(take(&mut store, &estate, holder, MINUTE).map(|lease| lease.estate));
                // A lease that ends at once goes from one to the other.
                let lease = take(&mut store, "shared", holder, Duration::ZERO);
                numbers.extend(lease.map(|lease| lease.number));
            }
            (won, numbers)
        };
        let mut winners = BTreeMap::new();
        let mut holders = BTreeMap::new();
        std::thread::scope(|scope| {
            let threads = HOLDERS.map(|holder| (holder, scope.spawn(move || race(holder))));
            for (holder, thread) in threads {
                let (won, numbers) = thread.join().expect("a thread");
                for estate in won {
                    assert_eq!(winners.insert(estate, holder), None, "two winners");
                }
                for number in numbers {
                    let other = holders.insert(number, holder);
                    assert!(other.is_none_or(|other| other == holder), "{number}");
                }
            }
        });
        assert_eq!(winners.len(), ROUNDS);
        assert!(holders.len() > 1, "{holders:?}");
    }
}

#[test]
fn the_most_overdue_free_estate_comes_first() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        take(&mut store, "oldest", "b", MINUTE).expect("a free lease");
        take(&mut store, "old", "b", Duration::ZERO).expect("a free lease");
        let request = LeaseRequest {
            holder: "a",
            duration: MINUTE,
            now_ms: now_ms(&mut store),
        };
        let estates = [("new", 300), ("oldest", 1), ("old", 200), ("own", 400)];
        let mut due: Vec<_> = estates
            .map(|(estate, due_ms)| DueEstate { estate, due_ms })
            .to_vec();
        let later = DueEstate {
            estate: "later",
            due_ms: request.now_ms + 1,
        };
        due.push(later);
        let mut taken = Vec::new();
        while let Some(lease) = store.take_most_overdue(&due, &request).expect("a store") {
            due.retain(|estate| estate.estate != lease.estate);
            taken.push(lease.estate);
        }
        assert_eq!(taken, ["old", "new", "own"]);
    }
}

#[test]
fn clocks_that_differ_by_more_than_a_minute_are_refused() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        for (difference_ms, reason) in [
            (
                120_500,
                "the clock of the store is 120 s behind that of this host",
            ),
            (
                -120_500,
                "the clock of the store is 120 s ahead of that of this host",
            ),
        ] {
            let request = LeaseRequest {
                holder: "a",
                duration: MINUTE,
                now_ms: now_ms(&mut store) + difference_ms,
            };
            let error = store
                .take_lease("shop", &request)
                .expect_err("a wrong clock");
            assert_eq!(error.to_string(), reason);
            let error = store.renew_leases(&request).expect_err("a wrong clock");
            assert!(matches!(error, StoreError::ClockSkew { .. }), "{error:?}");
        }
        assert_eq!(store.leases().expect("a store"), []);
        let request = LeaseRequest {
            holder: "a",
            duration: MINUTE,
            now_ms: now_ms(&mut store) + 30_000,
        };
        let lease = store.take_lease("shop", &request).expect("a store");
        assert!(lease.is_some());
    }
}

#[test]
fn a_process_that_is_killed_leaves_its_lease_to_the_next_one() {
    // A connection that is closed is all that the database sees of a killed process.
    for store in TestStore::on_both() {
        let mut killed = store.open();
        take(&mut killed, "shop", "a", MINUTE).expect("a free lease");
        drop(killed);
        let mut next = store.open();
        assert_eq!(take(&mut next, "shop", "b", MINUTE), None);
        // A minute later.
        let sql = "UPDATE crdrift_lease SET until_ms = until_ms - 60000";
        next.database().execute(sql, &[]).expect("a table");
        let lease = take(&mut next, "shop", "b", MINUTE).expect("a lease that has ended");
        assert_eq!(lease.number, 2);
    }
}

#[test]
fn a_store_of_a_newer_version_gives_no_lease() {
    let store = TestStore::sqlite();
    let mut writer = store.open();
    let sql = "UPDATE crdrift_store SET schema_version = 99";
    writer.database().execute(sql, &[]).expect("a table");
    let url = StoreUrl::parse(&store.url).expect("a URL");
    let mut newer = Store::open(&url, StoreAccess::Write, 1).expect("a store");
    let request = LeaseRequest {
        holder: "a",
        duration: MINUTE,
        now_ms: now_ms(&mut newer),
    };
    let error = newer
        .take_lease("shop", &request)
        .expect_err("a newer schema");
    assert!(matches!(error, StoreError::NewerSchema { .. }), "{error:?}");
}
