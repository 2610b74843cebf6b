//! Stores of earlier versions, which a run of this version migrates: `schema-N.sqlite` and `schema-N.postgres.sql` have
//! schema N, and never change.

use std::fs;
use std::process::Command;

use crdrift::store::{RecordOutcome, Store, StoreAccess, StoreUrl};

use super::postgres::new_database;
use super::results::ResultPlan;
use super::{TestStore, record};
use crate::support::repository;

/// The schemas of which there is a store.
const SCHEMAS: [i64; 4] = [1, 2, 3, 4];

/// Returns the schema of a store.
fn schema(store: &mut Store) -> i64 {
    let sql = "SELECT schema_version FROM crdrift_store";
    let answer = format!("{:?}", store.database().query(sql, &[]).expect("a row"));
    let digits: String = answer.chars().filter(char::is_ascii_digit).collect();
    digits.parse().expect("a number")
}

/// Fails unless a store has the 4 runs of 2 estates that it was made with, and takes another.
fn check(url: &str) {
    let url = StoreUrl::parse(url).expect("a URL");
    let mut store = Store::open(&url, StoreAccess::Write, 1).expect("a store");
    let runs = store.runs(None, None, None).expect("runs");
    assert_eq!(runs.len(), 4);
    for run in &runs {
        assert!(store.result(&run.id).expect("a run").text.is_some());
    }
    let open = store
        .open_findings(Some("shop"), None, None)
        .expect("findings");
    assert_eq!(open.len(), 4);
    assert!(open.iter().all(|it| it.times_seen == 2));
    let next = ResultPlan::new("shop", 1_000_000, &[1]).text();
    assert_eq!(record(&mut store, &next), RecordOutcome::Recorded);
    assert_eq!(schema(&mut store), schema(&mut TestStore::sqlite().open()));
}

#[test]
fn stores_of_every_schema_migrate() {
    let newest = schema(&mut TestStore::sqlite().open());
    assert!(
        (1..newest).all(|schema| SCHEMAS.contains(&schema)),
        "no store of each schema before {newest}"
    );
    let folder = tempfile::tempdir().expect("a temporary folder");
    for schema in SCHEMAS {
        let file = folder.path().join(format!("{schema}.db"));
        fs::copy(
            repository(&format!("tests/store/schema-{schema}.sqlite")),
            &file,
        )
        .expect("a copy");
        check(&format!("sqlite:{}", file.display()));
        let url = new_database();
        let loaded = Command::new("psql")
            .args([
                "--quiet",
                "--no-psqlrc",
                "--set",
                "ON_ERROR_STOP=1",
                &url,
                "--file",
            ])
            .arg(repository(&format!(
                "tests/store/schema-{schema}.postgres.sql"
            )))
            .output()
            .expect("psql is installed with the server");
        let error = String::from_utf8_lossy(&loaded.stderr);
        assert!(loaded.status.success(), "{error}");
        check(&url);
    }
}
