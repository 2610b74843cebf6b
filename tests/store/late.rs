//! Results that arrive late, on both databases: what nothing newer proves is notified.

use crdrift::store::RecordOutcome;

use super::TestStore;
use super::deliveries::{documents, notify};
use super::results::ResultPlan;

#[test]
fn a_late_result_behind_incomplete_ones_notifies_of_its_changes() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        let incomplete = |hour| ResultPlan {
            is_complete: false,
            ..ResultPlan::new("shop", hour, &[])
        };
        let late = RecordOutcome::RecordedLate;
        for (plan, outcome) in [
            (ResultPlan::new("shop", 10, &[1]), RecordOutcome::Recorded),
            (incomplete(50), RecordOutcome::Recorded),
            // Two results that waited in a spool, in the order of their time; then one that is between them.
            (ResultPlan::new("shop", 20, &[1, 2]), late),
            (ResultPlan::new("shop", 40, &[2]), late),
            (ResultPlan::new("shop", 30, &[1, 2, 3]), late),
            (incomplete(35), late),
            // The same result again is known.
            (ResultPlan::new("shop", 40, &[2]), RecordOutcome::Known),
            (incomplete(60), RecordOutcome::Recorded),
            (
                ResultPlan::new("shop", 70, &[2, 4]),
                RecordOutcome::Recorded,
            ),
        ] {
            assert_eq!(
                notify(&mut store, &plan, &["ops"]),
                outcome,
                "{}",
                plan.hour
            );
        }
        let found = documents(&mut store, "ops");
        let expected = [
            "opened 01; 0 incomplete; [1, 0, 0]; ",
            // The incomplete run behind it is no part of its period: the estate has not recovered.
            "opened 02; 0 incomplete; [2, 0, 0]; ",
            "resolved 01; 0 incomplete; [1, 0, 0]; ",
            "1 incomplete; [1, 0, 0]; ",
            "2 incomplete; [1, 0, 0]; ops incomplete",
            "opened 04; 2 incomplete; [2, 0, 0]; ops incomplete",
        ];
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                found.contains(&format!("\"{expected}\"")),
                "{found}\n{expected}"
            );
        }
    }
}
