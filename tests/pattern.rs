//! Pairs of filters with the verdict on each, as `compare-filters -o json` prints it.
//!
//! The relations were written down by hand. Java 17 agrees with the witnesses, and that among all names of up to
//! three characters there is no earlier one.

use crdrift::pattern::{Budget, Kind, compare};
use serde_json::Value;

const PAIRS: &str = include_str!("pattern/pairs.json");

#[test]
fn each_pair_has_its_verdict() {
    let pairs: Vec<Value> = serde_json::from_str(PAIRS).expect("a list of documents");
    assert!(pairs.len() >= 120);
    for expected in pairs {
        let text = |key: &str| expected[key].as_str().expect("a text");
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == text("kind")).expect("a kind");
        let verdict = compare(text("desired"), text("live"), kind, &Budget::default());
        assert_eq!(serde_json::to_value(&verdict).expect("a document"), expected);
    }
}
