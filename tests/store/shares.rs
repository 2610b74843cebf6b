//! Shares of the budgets of requests, on both databases.

use std::sync::Barrier;
use std::time::Duration;

use crdrift::store::{LeaseRequest, Store, StoreError};

use super::TestStore;

const MINUTE: Duration = Duration::from_secs(60);

/// Renews the entry of a process, and returns its share and the number of processes.
fn renew(store: &mut Store, holder: &str, duration: Duration) -> (f64, usize) {
    let request = LeaseRequest {
        holder,
        duration,
        now_ms: store.database().now_ms().expect("a clock"),
    };
    let share = store.renew_share(&request).expect("a store");
    (share.fraction(), share.processes)
}

#[test]
fn a_new_process_gets_what_the_others_leave() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        let mut renew = |holder, duration| renew(&mut store, holder, duration);
        assert_eq!(renew("a", MINUTE), (1.0, 1));
        assert_eq!(renew("b", MINUTE), (0.0, 2), "a has not left anything yet");
        assert_eq!(renew("b", MINUTE), (0.0, 2));
        assert_eq!(renew("a", MINUTE), (0.5, 2));
        assert_eq!(renew("b", MINUTE), (0.5, 2));
        assert_eq!(renew("c", MINUTE), (0.0, 3));
        assert_eq!(renew("a", MINUTE), (0.333_333, 3));
        // Half of b and a third of a are taken.
        assert_eq!(renew("c", MINUTE), (0.166_667, 3));
        assert_eq!(renew("b", MINUTE), (0.333_333, 3));
        assert_eq!(renew("c", MINUTE), (0.333_333, 3));
    }
}

#[test]
fn the_share_of_a_process_that_ended_returns() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        renew(&mut store, "killed", Duration::ZERO);
        assert_eq!(renew(&mut store, "a", MINUTE), (1.0, 1));
        renew(&mut store, "b", MINUTE);
        assert_eq!(renew(&mut store, "a", MINUTE), (0.5, 2));
        store.release_share("b").expect("a store");
        assert_eq!(renew(&mut store, "a", MINUTE), (1.0, 1));
        store.release_share("b").expect("an entry that is gone");
    }
}

#[test]
fn many_processes_never_have_more_than_the_whole() {
    const PROCESSES: usize = 6;
    const ROUNDS: usize = 15;
    for store in TestStore::on_both() {
        let barrier = Barrier::new(PROCESSES);
        let opened = || store.open();
        std::thread::scope(|scope| {
            for number in 0..PROCESSES {
                let (barrier, opened) = (&barrier, &opened);
                scope.spawn(move || {
                    let (mut store, holder) = (opened(), format!("process-{number}"));
                    barrier.wait();
                    for _ in 0..ROUNDS {
                        renew(&mut store, &holder, MINUTE);
                        let sql = "SELECT COUNT(*) FROM (SELECT SUM(millionths) AS total FROM crdrift_process) \
                                   AS totals WHERE total > 1000000";
                        let above = format!("{:?}", store.database().query(sql, &[]));
                        assert!(above.contains("Integer(Some(0))"), "{above}");
                    }
                });
            }
        });
        let mut store = store.open();
        let mut renew = |number| renew(&mut store, &format!("process-{number}"), MINUTE);
        for number in 0..PROCESSES {
            renew(number);
        }
        // By now, each of them has left what the others may have.
        for number in 0..PROCESSES {
            assert_eq!(renew(number), (0.166_666, PROCESSES));
        }
    }
}

#[test]
fn clocks_that_differ_divide_nothing() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        let request = LeaseRequest {
            holder: "a",
            duration: MINUTE,
            now_ms: 1_000,
        };
        let refused = store.renew_share(&request);
        assert!(matches!(refused, Err(StoreError::ClockSkew { .. })));
        assert_eq!(renew(&mut store, "b", MINUTE), (1.0, 1));
    }
}
