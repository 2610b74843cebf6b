//! Pairs of filters with their verdicts, as `compare-filters -o json` prints them.
//!
//! The relations were written by hand. Java 17 confirms the witnesses, and that no name of up to three characters is an
//! earlier one.

#![allow(clippy::expect_used, reason = "a test that cannot go on stops")]

use filter_language::{NameKind, QueryBudget, check, compare, find_uncertainty};
use serde_json::Value;

const PAIRS: &str = include_str!("data/pairs.json");

#[test]
fn pairs_have_their_verdicts() {
    let pairs: Vec<Value> = serde_json::from_str(PAIRS).expect("a list of documents");
    assert!(pairs.len() >= 120);
    for expected in pairs {
        let text = |key: &str| expected[key].as_str().expect("a text");
        let kind = NameKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text("kind"))
            .expect("a kind");
        let verdict = compare(text("desired"), text("live"), kind, &QueryBudget::default());
        assert_eq!(
            serde_json::to_value(&verdict).expect("a document"),
            expected
        );
    }
}

/// Texts, each with the result of `java.util.regex.Pattern` of Java 17, as recorded by `data/java/Verdicts.java`.
const VERDICTS: &str = include_str!("data/java/verdicts.txt");

#[test]
fn check_follows_java() {
    let mut wrong = Vec::new();
    let mut uncertain = 0;
    for line in VERDICTS.lines() {
        let (verdict, text) = line.split_at(line.find('"').expect("a text"));
        let text: String = serde_json::from_str(text).expect("a JSON string");
        if find_uncertainty(&text).is_some() {
            uncertain += 1;
        } else if check(&text).is_ok() != (verdict.trim() == "compiles") {
            wrong.push(text);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    let all = VERDICTS.lines().count();
    assert!(all >= 2_000 && uncertain * 10 < all, "{uncertain} of {all}");
}
