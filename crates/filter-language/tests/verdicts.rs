//! Pairs of filters with the verdict on each, as `compare-filters -o json` prints it.
//!
//! The relations were written down by hand. Java 17 agrees with the witnesses, and that among all names of up to
//! three characters there is no earlier one.

#![allow(clippy::expect_used, reason = "a test that cannot go on stops")]

use filter_language::{Budget, Kind, check, compare, doubt};
use serde_json::Value;

const PAIRS: &str = include_str!("data/pairs.json");

#[test]
fn each_pair_has_its_verdict() {
    let pairs: Vec<Value> = serde_json::from_str(PAIRS).expect("a list of documents");
    assert!(pairs.len() >= 120);
    for expected in pairs {
        let text = |key: &str| expected[key].as_str().expect("a text");
        let kind = Kind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text("kind"))
            .expect("a kind");
        let verdict = compare(text("desired"), text("live"), kind, &Budget::default());
        assert_eq!(
            serde_json::to_value(&verdict).expect("a document"),
            expected
        );
    }
}

/// Texts, each with whether `java.util.regex.Pattern` of Java 17 compiles it, as `data/java/Verdicts.java` recorded.
const VERDICTS: &str = include_str!("data/java/verdicts.txt");

#[test]
fn what_java_compiles_is_a_filter_and_what_java_refuses_is_none() {
    let (mut wrong, mut doubted) = (Vec::new(), 0);
    for line in VERDICTS.lines() {
        let (verdict, text) = line.split_at(line.find('"').expect("a text"));
        let text: String = serde_json::from_str(text).expect("a JSON string");
        if doubt(&text).is_some() {
            doubted += 1;
        } else if check(&text).is_ok() != (verdict.trim() == "compiles") {
            wrong.push(text);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    let all = VERDICTS.lines().count();
    assert!(all >= 2_000 && doubted * 10 < all, "{doubted} of {all}");
}
