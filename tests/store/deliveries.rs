//! Deliveries on both databases: written with the run, claimed by one process, marked once.

use crdrift::report::{self, Digest};
use crdrift::store::{
    ClaimRequest, DeliveryMark, DeliveryRouter, DeliveryState, NewDelivery, NewResult,
    RecordOutcome, RunTransitions, SendBudget, Store, TransitionKind,
};

use super::TestStore;
use super::results::ResultPlan;

/// Delivers every run that changes something to the same targets.
#[derive(Debug)]
struct EveryTarget(&'static [&'static str]);

impl DeliveryRouter for EveryTarget {
    fn route(&self, run: &RunTransitions<'_>) -> Vec<NewDelivery> {
        let mut words: Vec<String> = run
            .findings
            .iter()
            .map(|it| format!("{} {}", it.kind.as_str(), &it.fingerprint[62..]))
            .collect();
        words.sort();
        let unread = &run.unread;
        words.push(format!("{} incomplete", unread.incomplete_runs));
        words.push(format!("{:?}", run.open));
        let notified: Vec<_> = unread
            .notified
            .iter()
            .map(|(target, event)| format!("{target} {event}"))
            .collect();
        words.push(notified.join(" "));
        let is_complete = run.report.verdict.outcome.is_complete();
        let event = if is_complete { "opened" } else { "incomplete" };
        let delivery = |target: &&str| NewDelivery {
            target: (*target).to_owned(),
            events: vec![event],
            document: words.join("; "),
        };
        self.0.iter().map(delivery).collect()
    }
}

/// Records a result, with a delivery to each target.
pub(super) fn notify(
    store: &mut Store,
    plan: &ResultPlan,
    targets: &'static [&'static str],
) -> RecordOutcome {
    let text = plan.text();
    let report = report::read(text.as_bytes()).expect("a result");
    let result = NewResult {
        name: "result.json",
        text: &text,
        report: &report,
        recorded_ms: plan.hour,
        lease: None,
        router: Some(&EveryTarget(targets)),
    };
    store.record(&result).expect("a store")
}

fn claim<'a>(target: &'a str, holder: &'a str, now_ms: i64) -> ClaimRequest<'a> {
    ClaimRequest {
        target,
        holder,
        now_ms,
        budget: None,
        retry_broken_since_ms: None,
    }
}

/// Returns the documents of the deliveries of a target, the oldest first.
pub(super) fn documents(store: &mut Store, target: &str) -> Vec<String> {
    let sql = "SELECT document FROM crdrift_delivery WHERE target = ?1 ORDER BY run_ms";
    let rows = store.database().query(sql, &[target.into()]).expect("rows");
    rows.iter().map(|row| format!("{row:?}")).collect()
}

#[test]
fn deliveries_hold_the_transitions_of_their_run() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        let incomplete = |hour| ResultPlan {
            is_complete: false,
            ..ResultPlan::new("shop", hour, &[])
        };
        let accepting = ResultPlan {
            accepted: vec![2],
            ..ResultPlan::new("shop", 60, &[3])
        };
        for plan in [
            ResultPlan::new("shop", 10, &[1, 2]),
            incomplete(20),
            incomplete(30),
            ResultPlan::new("shop", 40, &[2, 3]),
            ResultPlan::new("shop", 50, &[2, 3]),
            accepting,
        ] {
            assert_eq!(notify(&mut store, &plan, &["ops"]), RecordOutcome::Recorded);
        }
        let found = documents(&mut store, "ops");
        let expected = [
            "opened 01; opened 02; 0 incomplete; [2, 0, 0]; ",
            "1 incomplete; [2, 0, 0]; ",
            "2 incomplete; [2, 0, 0]; ops incomplete",
            "opened 03; resolved 01; 2 incomplete; [2, 0, 0]; ops incomplete",
            "0 incomplete; [2, 0, 0]; ",
            "accepted 02; 0 incomplete; [1, 0, 0]; ",
        ];
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                found.contains(&format!("\"{expected}\"")),
                "{found}\n{expected}"
            );
        }
    }
}

#[test]
fn the_same_result_and_a_late_one_are_not_notified() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        let newest = ResultPlan::new("shop", 30, &[1]);
        notify(&mut store, &newest, &["ops", "team"]);
        assert_eq!(
            notify(&mut store, &newest, &["ops", "team"]),
            RecordOutcome::Known
        );
        let late = ResultPlan::new("shop", 20, &[1, 2]);
        assert_eq!(
            notify(&mut store, &late, &["ops", "team"]),
            RecordOutcome::RecordedLate
        );
        assert_eq!(documents(&mut store, "ops").len(), 1);
        // The late result is applied with the next one, whose own changes alone are notified.
        notify(&mut store, &ResultPlan::new("shop", 40, &[1, 4]), &["ops"]);
        let found = documents(&mut store, "ops");
        assert!(found[1].contains("opened 04; 0 incomplete"), "{found:?}");
        let id = Digest::hash(newest.text().as_bytes()).to_string();
        let deliveries = store.deliveries_of_run(&id).expect("deliveries");
        let targets: Vec<_> = deliveries.iter().map(|it| it.target.as_str()).collect();
        assert_eq!(targets, ["ops", "team"]);
        assert!(deliveries.iter().all(|it| it.id.len() == 32));
    }
}

#[test]
fn a_preview_keeps_nothing() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        notify(&mut store, &ResultPlan::new("shop", 10, &[1]), &["ops"]);
        let text = ResultPlan::new("shop", 20, &[1, 2]).text();
        let report = report::read(text.as_bytes()).expect("a result");
        let result = NewResult {
            name: "result.json",
            text: &text,
            report: &report,
            recorded_ms: 1,
            lease: None,
            router: Some(&EveryTarget(&["ops"])),
        };
        assert_eq!(
            store.preview(&result).expect("a store"),
            RecordOutcome::Recorded
        );
        assert_eq!(documents(&mut store, "ops").len(), 1);
        assert_eq!(store.runs(None, None, None).expect("runs").len(), 1);
        assert_eq!(
            store.record(&result).expect("a store"),
            RecordOutcome::Recorded
        );
    }
}

#[test]
fn a_delivery_is_claimed_by_one_process_until_its_claim_ends() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        notify(&mut store, &ResultPlan::new("shop", 10, &[1]), &["ops"]);
        let first = store
            .claim_deliveries(&claim("ops", "one", 1_000))
            .expect("a claim");
        assert_eq!(
            (first.deliveries.len(), first.until_ms, first.is_digest),
            (1, 61_000, false)
        );
        let other = store
            .claim_deliveries(&claim("ops", "two", 2_000))
            .expect("a claim");
        assert!(other.deliveries.is_empty());
        let id = first.deliveries[0].id.clone();
        // The first process has ended: its claim is void, and it can no longer mark a failure.
        let taken = store
            .claim_deliveries(&claim("ops", "two", 61_000))
            .expect("a claim");
        assert_eq!(taken.deliveries.len(), 1);
        let mark = |store: &mut Store, holder: &str, mark| {
            store
                .mark_deliveries(&[&id], (holder, 62_000), mark)
                .expect("a store");
            store
                .newest_deliveries(Some("ops"), 10)
                .expect("deliveries")
                .remove(0)
        };
        let stale = mark(&mut store, "one", DeliveryMark::Refused("late"));
        assert_eq!((stale.state, stale.tries), (DeliveryState::Pending, 0));
        let retried = mark(&mut store, "two", DeliveryMark::Retry("busy", 90_000));
        assert_eq!(
            (retried.state, retried.tries, retried.next_ms),
            (DeliveryState::Pending, 1, Some(90_000))
        );
        assert_eq!(retried.reason, "busy");
        assert!(
            store
                .claim_deliveries(&claim("ops", "two", 89_999))
                .expect("a claim")
                .deliveries
                .is_empty()
        );
        let again = store
            .claim_deliveries(&claim("ops", "two", 90_000))
            .expect("a claim");
        assert_eq!(again.deliveries[0].tries, 1);
        let delivered = mark(&mut store, "two", DeliveryMark::Delivered("ok"));
        assert_eq!(
            (delivered.state, delivered.tries, delivered.next_ms),
            (DeliveryState::Delivered, 2, None)
        );
        // What is delivered stays so.
        let kept = mark(&mut store, "two", DeliveryMark::Broken("later"));
        assert_eq!(kept.state, DeliveryState::Delivered);
        assert!(store.pending_deliveries().expect("counts").is_empty());
    }
}

#[test]
fn deliveries_of_one_moment_are_in_the_order_of_their_runs() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        let plans: Vec<_> = (1..=6)
            .map(|number| ResultPlan::new("shop", number, &[u8::try_from(number).expect("small")]))
            .collect();
        for plan in &plans {
            notify(&mut store, plan, &["ops"]);
        }
        // Identifiers are random: here they are in the opposite order.
        for sql in [
            "UPDATE crdrift_delivery SET created_ms = 100, next_ms = 100",
            "UPDATE crdrift_delivery SET id = '9' WHERE run_ms = (SELECT MIN(run_ms) FROM crdrift_delivery)",
            "UPDATE crdrift_delivery SET id = '0' WHERE run_ms = (SELECT MAX(run_ms) FROM crdrift_delivery)",
        ] {
            store.database().execute(sql, &[]).expect("a table");
        }
        let claimed = store
            .claim_deliveries(&claim("ops", "one", 1_000))
            .expect("a claim");
        let times = claimed.deliveries.iter().map(|delivery| {
            let opened = delivery.document.split("; ").next();
            opened.expect("words").to_owned()
        });
        let expected: Vec<_> = (1..=6).map(|number| format!("opened 0{number}")).collect();
        assert_eq!(times.collect::<Vec<_>>(), expected);
        let newest = store.newest_deliveries(Some("ops"), 2).expect("deliveries");
        assert_eq!(newest[0].id, "0");
    }
}

#[test]
fn more_than_the_budget_becomes_one_digest() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        let budget = Some(SendBudget {
            messages: 3,
            window_ms: 60_000,
        });
        let request = |now_ms| ClaimRequest {
            budget,
            ..claim("ops", "one", now_ms)
        };
        for hour in 0..2 {
            notify(&mut store, &ResultPlan::new("shop", hour, &[1]), &["ops"]);
        }
        let few = store.claim_deliveries(&request(1_000)).expect("a claim");
        assert_eq!((few.deliveries.len(), few.is_digest), (2, false));
        for hour in 2..12 {
            notify(
                &mut store,
                &ResultPlan::new("shop", hour, &[1]),
                &["ops", "other"],
            );
        }
        let many = store.claim_deliveries(&request(2_000)).expect("a claim");
        assert_eq!((many.deliveries.len(), many.is_digest), (10, true));
        notify(&mut store, &ResultPlan::new("shop", 12, &[1]), &["ops"]);
        assert!(
            store
                .claim_deliveries(&request(3_000))
                .expect("a claim")
                .deliveries
                .is_empty()
        );
        let later = store.claim_deliveries(&request(61_001)).expect("a claim");
        assert_eq!(
            (later.deliveries.len(), later.is_digest),
            (3, true),
            "the two first claims ended"
        );
        let pending = store.pending_deliveries().expect("counts");
        assert_eq!(
            (pending["ops"].deliveries, pending["other"].deliveries),
            (13, 10)
        );
    }
}

#[test]
fn broken_deliveries_wait_for_the_next_configuration() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        notify(&mut store, &ResultPlan::new("shop", 10, &[1]), &["ops"]);
        let claimed = store
            .claim_deliveries(&claim("ops", "one", 1_000))
            .expect("a claim");
        let id = claimed.deliveries[0].id.as_str();
        store
            .mark_deliveries(&[id], ("one", 1_500), DeliveryMark::Broken("no such token"))
            .expect("a store");
        assert!(
            store
                .claim_deliveries(&claim("ops", "one", 70_000))
                .expect("a claim")
                .deliveries
                .is_empty()
        );
        let again = ClaimRequest {
            retry_broken_since_ms: Some(0),
            ..claim("ops", "two", 70_000)
        };
        assert_eq!(
            store
                .claim_deliveries(&again)
                .expect("a claim")
                .deliveries
                .len(),
            1
        );
        // A target that is gone gets nothing, ever.
        let gone = store
            .give_up_unknown_targets(&["other"], (1_000, 80_000))
            .expect("a store");
        assert_eq!(gone, 1);
        let state = store.newest_deliveries(None, 1).expect("deliveries")[0].state;
        assert_eq!(state, DeliveryState::GaveUp);
    }
}

#[test]
fn processes_that_claim_at_once_share_the_budget() {
    for test_store in TestStore::on_both() {
        let mut store = test_store.open();
        for hour in 0..8 {
            notify(&mut store, &ResultPlan::new("shop", hour, &[1]), &["ops"]);
        }
        let claimed = std::sync::Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for holder in ["a", "b", "c", "d"] {
                let (test_store, claimed) = (&test_store, &claimed);
                scope.spawn(move || {
                    let mut store = test_store.open();
                    let budget = Some(SendBudget {
                        messages: 1,
                        window_ms: 60_000,
                    });
                    let request = ClaimRequest {
                        budget,
                        ..claim("ops", holder, 1_000)
                    };
                    let claim = store.claim_deliveries(&request).expect("a claim");
                    claimed.lock().expect("a list").push(claim.deliveries.len());
                });
            }
        });
        let mut claimed = claimed.into_inner().expect("a list");
        claimed.sort_unstable();
        assert_eq!(claimed, [0, 0, 0, 8]);
    }
}

#[test]
fn alerts_know_what_is_open_and_what_closed_lately() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        notify(&mut store, &ResultPlan::new("shop", 10, &[1, 2]), &[]);
        notify(&mut store, &ResultPlan::new("shop", 20, &[2]), &[]);
        let closed = store.closed_findings(Some("shop"), 20).expect("findings");
        assert_eq!(closed.len(), 1);
        assert_eq!(closed[0].closed_ms, 20, "the time of the recording");
        assert!(
            store
                .closed_findings(None, 21)
                .expect("findings")
                .is_empty()
        );
        assert!(store.unread_estates().expect("estates").is_empty());
        let incomplete = ResultPlan {
            is_complete: false,
            ..ResultPlan::new("shop", 30, &[])
        };
        notify(&mut store, &incomplete, &[]);
        let unread = store.unread_estates().expect("estates");
        assert_eq!((unread[0].estate.as_str(), unread[0].runs), ("shop", 1));
        assert_eq!(TransitionKind::ALL.map(TransitionKind::as_str).len(), 5);
    }
}
