//! Processes that are killed while they record.

use std::collections::BTreeSet;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crdrift::report::Digest;
use crdrift::store::StoreError;

use super::results::ResultPlan;
use super::{TestStore, record};
use crate::support::{PROGRAM, rounds};

/// A generator of numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[test]
fn a_killed_process_loses_nothing_that_it_reported() {
    const RESULTS: i64 = 6;
    let rounds = i64::from(rounds(200));
    let store = TestStore::sqlite();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut numbers = Numbers(17);
    let mut reported = BTreeSet::new();
    let mut all = Vec::new();
    // The time of a whole round, which the points are spread over.
    let mut round = Duration::from_millis(300);
    let mut killed = 0;
    for number in 0..rounds {
        let mut names = Vec::new();
        for index in 0..RESULTS {
            let hour = number * RESULTS + index;
            let bits = numbers.below(64);
            let open: Vec<u8> = (0..6).filter(|bit| bits >> bit & 1 == 1).collect();
            let text = ResultPlan::new("shop", hour, &open).text();
            let path = folder.path().join(format!("{hour}.json"));
            std::fs::write(&path, &text).expect("a file");
            names.push((
                path.display().to_string(),
                Digest::hash(text.as_bytes()).to_string(),
            ));
            all.push(text);
        }
        let mut process = Command::new(PROGRAM)
            .env_clear()
            .args(["history", "record", "--store", &store.url])
            .args(names.iter().map(|(name, _)| name))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let started = Instant::now();
        let is_first = number == 0;
        if !is_first {
            let nanoseconds = u64::try_from(round.as_nanos()).expect("a short time");
            let point = Duration::from_nanos(numbers.below(nanoseconds));
            while started.elapsed() < point && process.try_wait().expect("a process").is_none() {
                std::thread::yield_now();
            }
            // A process that has ended is no error.
            let _ = process.kill();
        }
        let mut output = String::new();
        let mut pipe = process.stderr.take().expect("a pipe");
        pipe.read_to_string(&mut output).expect("text");
        let status = process.wait().expect("it ends");
        killed += u32::from(status.code().is_none());
        // A process that ended before its point shows that a round is shorter by now.
        if is_first || status.code().is_some() {
            round = started.elapsed();
        }
        for (name, id) in &names {
            if output.contains(&format!("recorded {name}\n")) {
                reported.insert(id.clone());
            }
        }
    }
    assert!(
        i64::from(killed) > rounds / 2,
        "{killed} of {rounds} were killed"
    );
    let mut after = store.open();
    let check = format!(
        "{:?}",
        after.database().query("PRAGMA integrity_check", &[])
    );
    assert!(check.contains("\"ok\""), "{check}");
    let ids: BTreeSet<String> = after
        .run_ids(None, None)
        .expect("runs")
        .into_iter()
        .map(|id| id.0)
        .collect();
    let lost: Vec<_> = reported.difference(&ids).collect();
    assert!(lost.is_empty(), "{lost:?}");
    // What is missing can be recorded now, and then nothing tells the two stores apart.
    let whole = TestStore::sqlite();
    let mut whole = whole.open();
    for text in &all {
        record(&mut after, text);
        record(&mut whole, text);
    }
    let open = |store: &mut crdrift::store::Store| -> Result<_, StoreError> {
        Ok((
            store.open_findings(None, None, None)?,
            store.runs(None, None, None)?,
        ))
    };
    assert_eq!(
        open(&mut after).expect("findings"),
        open(&mut whole).expect("findings")
    );
}
