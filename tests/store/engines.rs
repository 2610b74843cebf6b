//! Every question has the same answer on both databases.

use crdrift::i18n::Language;
use crdrift::report;
use crdrift::store::{EpisodeStatus, Retention, Store, StoreError};

use super::results::ResultPlan;
use super::{TestStore, record};

const HOUR_MS: i64 = 3_600_000;

/// Returns the time of an hour of the results, epoch milliseconds.
fn hour_ms(hour: i64) -> i64 {
    20_000 * 24 * HOUR_MS + hour * HOUR_MS
}

/// Records results that open, accept, reopen, resolve and leave findings, some of them late.
fn fill(store: &mut Store) {
    let hostile = "team \u{0}'; DROP TABLE crdrift_run; --\u{1b}[31m";
    for (number, estate) in ["shop", "base"].into_iter().enumerate() {
        let offset = i64::try_from(number).expect("a number");
        for (hour, open, accepted) in [
            (10, vec![1, 2, 3, 4], vec![5]),
            (30, vec![2, 4], vec![1]),
            (20, vec![1, 2, 4], vec![5]),
            (40, vec![1, 4], vec![]),
            (60, vec![4], vec![1]),
        ] {
            let plan = ResultPlan {
                accepted,
                is_dated: hour == 40,
                is_narrowed: hour == 60,
                ..ResultPlan::new(estate, hour + offset, &open)
            };
            record(
                store,
                &plan
                    .text()
                    .replace("team-1", hostile.trim_matches('\u{1b}'))
                    .replace('\u{0}', "\\u0000")
                    .replace('\u{1b}', "\\u001b"),
            );
        }
        let incomplete = ResultPlan {
            is_complete: false,
            ..ResultPlan::new(estate, 50 + offset, &[])
        };
        record(store, &incomplete.text());
    }
}

/// Returns the answers to every question of the interface.
fn ask(store: &mut Store) -> Vec<String> {
    let mut answers = Vec::new();
    for estate in [None, Some("shop"), Some("none")] {
        for owner in [None, Some("team-2"), Some("none")] {
            for since_ms in [None, Some(hour_ms(35))] {
                answers.push(format!("{:?}", store.status(estate, owner, since_ms)));
                answers.push(format!("{:?}", store.runs(estate, owner, since_ms)));
                answers.push(format!(
                    "{:?}",
                    store.open_findings(estate, owner, since_ms)
                ));
            }
        }
        answers.push(format!("{:?}", store.run_ids(estate, Some(hour_ms(35)))));
        answers.push(format!("{:?}", store.latest_run(estate)));
    }
    let ids = store.run_ids(None, None).expect("runs");
    for id in &ids {
        answers.push(format!("{:?}", store.result(id)));
        answers.push(format!("{:?}", store.find_run(id.short())));
    }
    for prefix in ["", "0000", "xyz!", "ffffffff"] {
        answers.push(format!("{:?}", store.find_run(prefix)));
    }
    let like = ResultPlan::new("shop", 99, &[]).text();
    let like = report::read(like.as_bytes()).expect("a result");
    answers.push(format!("{:?}", store.newest_complete(&like)));
    answers
}

#[test]
fn the_reason_of_a_run_is_kept_for_every_language() {
    for tested in [TestStore::sqlite(), TestStore::postgres()] {
        let mut store = tested.open();
        record(&mut store, &ResultPlan::new("shop", 10, &[1]).text());
        let runs = store.runs(None, None, None).expect("a run");
        let [run] = runs.as_slice() else {
            panic!("{runs:?}");
        };
        assert_eq!(&*run.reason, "1 missing, 1 changed, 1 renamed, 1 unmanaged");
        let chinese = run.reason.to_language(Language::Chinese);
        assert_eq!(chinese, "缺失 1 条、已变更 1 条、已改名 1 条、未登记 1 条");
    }
}

#[test]
fn both_databases_give_the_same_answers() {
    let stores = TestStore::on_both();
    let [sqlite, postgres] = stores.each_ref().map(|store| {
        let mut store = store.open();
        fill(&mut store);
        let mut answers = ask(&mut store);
        let retention = Retention {
            runs_from_ms: hour_ms(15),
            documents_from_ms: hour_ms(35),
        };
        answers.push(format!("{:?}", store.prune(Some("none"), retention, false)));
        answers.push(format!("{:?}", store.prune(None, retention, true)));
        answers.push(format!("{:?}", store.prune(None, retention, false)));
        answers.push(format!("{:?}", store.prune(None, retention, false)));
        answers.extend(ask(&mut store));
        // A late result behind the pruned ones is applied from the state that pruning kept.
        record(&mut store, &ResultPlan::new("shop", 45, &[2, 4]).text());
        answers.extend(ask(&mut store));
        answers
    });
    assert_eq!(sqlite.len(), postgres.len());
    for (one, other) in sqlite.iter().zip(&postgres) {
        assert_eq!(one, other);
    }
    assert!(
        sqlite.iter().any(|it| it.contains("DROP TABLE")),
        "hostile values are kept"
    );
}

#[test]
fn pruning_forgets_documents_and_keeps_what_is_open() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        fill(&mut store);
        let before = store.open_findings(None, None, None).expect("findings");
        let runs = store.runs(None, None, None).expect("runs").len();
        let retention = Retention {
            runs_from_ms: hour_ms(25),
            documents_from_ms: hour_ms(1_000),
        };
        let pruned = store.prune(None, retention, false).expect("a store");
        assert_eq!((pruned.runs, pruned.documents), (4, 10), "{pruned:?}");
        assert_eq!(
            store.open_findings(None, None, None).expect("findings"),
            before
        );
        let kept = store.runs(None, None, None).expect("runs");
        assert_eq!(kept.len(), runs - 4);
        assert_eq!(
            kept.iter().filter(|it| it.has_document).count(),
            2,
            "the newest of each estate"
        );
        let newest = store.latest_run(Some("shop")).expect("a run");
        assert!(newest.text.is_some());
    }
}

#[test]
fn a_late_result_behind_pruned_ones_changes_only_what_follows() {
    let [pruned, whole] = [true, false].map(|is_pruned| {
        let store = TestStore::sqlite();
        let mut store = store.open();
        for (hour, open) in [
            (10, &[1_u8, 2][..]),
            (20, &[1, 2, 3]),
            (40, &[1, 3]),
            (60, &[1]),
        ] {
            record(&mut store, &ResultPlan::new("shop", hour, open).text());
        }
        if is_pruned {
            let retention = Retention {
                runs_from_ms: 0,
                documents_from_ms: hour_ms(30),
            };
            store.prune(None, retention, false).expect("a store");
        }
        record(&mut store, &ResultPlan::new("shop", 50, &[1, 2, 4]).text());
        let runs = store.runs(None, None, None).expect("runs");
        let deltas: Vec<_> = runs
            .iter()
            .map(|run| (run.started_ms, run.opened, run.resolved))
            .collect();
        let open = store.open_findings(None, None, None).expect("findings");
        let open: Vec<_> = open
            .iter()
            .map(|it| (it.fingerprint.clone(), it.since_ms, it.times_seen))
            .collect();
        (deltas, open)
    });
    assert_eq!(pruned, whole);
    assert_eq!(whole.1.len(), 1);
    assert_eq!(whole.1[0].2, 5);
}

#[test]
fn accepted_findings_are_open_in_no_count_and_keep_their_acceptor() {
    for store in TestStore::on_both() {
        let mut store = store.open();
        record(&mut store, &ResultPlan::new("shop", 1, &[1, 2]).text());
        let accepting = ResultPlan {
            accepted: vec![2],
            ..ResultPlan::new("shop", 2, &[1])
        };
        record(&mut store, &accepting.text());
        let findings = store.open_findings(None, None, None).expect("findings");
        let status: Vec<_> = findings
            .iter()
            .map(|it| (it.facts.status, it.times_seen))
            .collect();
        assert_eq!(
            status,
            [(EpisodeStatus::Open, 2), (EpisodeStatus::Baselined, 1)]
        );
        let estates = store.status(None, None, None).expect("estates");
        assert_eq!(
            (estates[0].accepted, estates[0].open.iter().sum::<usize>()),
            (1, 1)
        );
    }
}

#[test]
fn a_newer_schema_can_be_read_and_not_written() {
    for store in TestStore::on_both() {
        let mut writer = store.open();
        record(&mut writer, &ResultPlan::new("shop", 1, &[1]).text());
        let sql = "UPDATE crdrift_store SET schema_version = 99";
        writer.database().execute(sql, &[]).expect("a table");
        let mut store = store.open();
        assert_eq!(
            store
                .open_findings(None, None, None)
                .expect("findings")
                .len(),
            1
        );
        let text = ResultPlan::new("shop", 2, &[]).text();
        let report = report::read(text.as_bytes()).expect("a result");
        let result = crdrift::store::NewResult {
            name: "x",
            text: &text,
            report: &report,
            recorded_ms: 1,
            lease: None,
            router: None,
        };
        let error = store.record(&result).expect_err("a newer schema");
        assert!(
            matches!(error, StoreError::NewerSchema { found: 99, .. }),
            "{error}"
        );
        assert!(error.to_string().contains("schema 99"), "{error}");
    }
}

#[test]
fn an_empty_database_can_be_opened_by_many_at_once() {
    let stores = TestStore::on_both().into_iter();
    for store in stores.chain((0..40).map(|_| TestStore::sqlite())) {
        let barrier = std::sync::Barrier::new(12);
        std::thread::scope(|scope| {
            for _ in 0..12 {
                scope.spawn(|| {
                    barrier.wait();
                    let opened = store.try_open();
                    assert!(opened.is_ok(), "{opened:?}");
                });
            }
        });
    }
}

#[test]
fn an_asynchronous_task_can_drop_a_store() {
    for store in TestStore::on_both() {
        let opened = store.open();
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async move { drop(opened) });
    }
}
