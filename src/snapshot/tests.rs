use super::{Snapshot, SnapshotError, read, write};
use crate::model::ReadStatus;

fn answer(total: u64, rules: &str) -> String {
    format!(
        r#"{{"RequestId":"R","Code":"success","IsSuccess":true,"TotalCount":{total},"SyncRules":[{rules}]}}"#
    )
}

fn page(number: u32, total: u64, rules: &str) -> String {
    answer(total, rules).replacen('{', &format!("{{\"PageNo\":{number},\"PageSize\":1,"), 1)
}

fn rule(instance: &str, id: &str) -> String {
    format!(
        r#"{{"LocalInstanceId":"{instance}","SyncRuleId":"{id}","SyncRuleName":"n","SyncDirection":"FROM"}}"#
    )
}

/// Returns each listing as instance, status and number of rules.
fn summary(snapshot: &Snapshot) -> Vec<(&str, ReadStatus, usize)> {
    snapshot
        .listings
        .iter()
        .map(|it| (&*it.instance_id, it.status, it.rules.len()))
        .collect()
}

#[test]
fn answers_become_listings_however_they_are_put_together() {
    use ReadStatus::{Complete, Inconsistent};
    type Listings = &'static [(&'static str, ReadStatus, usize)];
    let (one, two, other) = (rule("a", "1"), rule("a", "2"), rule("b", "3"));
    let turned = one.replace("FROM", "TO");
    let pages = [answer(2, &one), answer(2, &two)];
    let cases: [(&str, String, Listings); 15] = [
        ("one page", answer(1, &one), &[("a", Complete, 1)]),
        ("two pages in a row", pages.concat(), &[("a", Complete, 2)]),
        (
            "two pages in a list",
            format!("[{}]", pages.join(",")),
            &[("a", Complete, 2)],
        ),
        (
            "a byte-order mark first",
            format!("\u{feff}{}\n", answer(1, &one)),
            &[("a", Complete, 1)],
        ),
        (
            "two instances",
            [answer(1, &one), answer(1, &other)].concat(),
            &[("a", Complete, 1), ("b", Complete, 1)],
        ),
        ("a page too few", answer(2, &one), &[("a", Inconsistent, 1)]),
        (
            "a page twice",
            [answer(2, &one), answer(2, &one)].concat(),
            &[("a", Inconsistent, 2)],
        ),
        (
            "counts that differ",
            [answer(2, &one), answer(3, &two)].concat(),
            &[("a", Inconsistent, 2)],
        ),
        (
            "a page behind the last",
            [answer(1, &one), answer(1, "")].concat(),
            &[("a", Complete, 1)],
        ),
        (
            "two page numbers",
            [page(1, 2, &one), page(2, 2, &two)].concat(),
            &[("a", Complete, 2)],
        ),
        (
            "a page number twice",
            [page(1, 2, &one), page(1, 2, &two)].concat(),
            &[("a", Inconsistent, 2)],
        ),
        (
            "both ends",
            answer(2, &[&*one, &turned].join(",")),
            &[("a", Complete, 2)],
        ),
        (
            "a rule twice",
            answer(2, &[&*one, &one].join(",")),
            &[("a", Inconsistent, 2)],
        ),
        (
            "an id in two cases",
            [answer(1, &one), answer(1, &rule("A", "1"))].concat(),
            &[("a", Inconsistent, 2)],
        ),
        (
            "an id with a blank",
            [answer(1, &one), answer(1, &rule(" a", "1"))].concat(),
            &[("a", Inconsistent, 2)],
        ),
    ];
    for (name, text, expected) in cases {
        assert_eq!(
            summary(&read(text.as_bytes()).expect(name)),
            expected,
            "{name}"
        );
    }
}

#[test]
fn repeated_listings_are_inconsistent() {
    use ReadStatus::{Complete, Inconsistent};
    type Listings = &'static [(&'static str, ReadStatus, usize)];
    let listing = |id: &str, rules: &[&str]| {
        format!(r#"{{"instance_id":"{id}","rules":[{}]}}"#, rules.join(","))
    };
    let (one, two) = (rule("a", "1"), rule("a", "2"));
    let turned = one.replace("FROM", "TO");
    let skipped = r#"{"instance_id":"a","status":"skipped"}"#.to_owned();
    let cases: [(&str, Vec<String>, Listings); 8] = [
        (
            "two instances",
            vec![listing("a", &[]), listing("b", &[])],
            &[("a", Complete, 0), ("b", Complete, 0)],
        ),
        (
            "two listings",
            vec![listing("a", &[&one]), listing("a", &[])],
            &[("a", Inconsistent, 1)],
        ),
        (
            "the same twice",
            vec![listing("a", &[&one]); 2],
            &[("a", Inconsistent, 2)],
        ),
        (
            "one was skipped",
            vec![skipped, listing("a", &[&one])],
            &[("a", Inconsistent, 1)],
        ),
        (
            "another case",
            vec![listing("A", &[]), listing("a", &[&one])],
            &[("a", Inconsistent, 1)],
        ),
        (
            "white space",
            vec![listing("a\t", &[]), listing("a", &[&two])],
            &[("a", Inconsistent, 1)],
        ),
        (
            "a rule twice",
            vec![listing("a", &[&one, &two, &one])],
            &[("a", Inconsistent, 3)],
        ),
        (
            "both ends of a rule",
            vec![listing("a", &[&one, &turned])],
            &[("a", Complete, 2)],
        ),
    ];
    for (name, listings, expected) in cases {
        let text = format!(
            r#"{{"format_version":"1.0","listings":[{}]}}"#,
            listings.join(",")
        );
        let text = text.replace('\t', "\\t");
        assert_eq!(
            summary(&read(text.as_bytes()).expect(name)),
            expected,
            "{name}"
        );
    }
}

#[test]
fn a_key_that_is_there_twice_is_an_error() {
    let rule = r#"{"LocalInstanceId":"a","SyncRuleName":"n","SyncRuleName":"m"}"#;
    let listing = |keys: &str| {
        format!(r#"{{"format_version":"1.0","listings":[{{"instance_id":"a",{keys}}}]}}"#)
    };
    for (text, key) in [
        (listing(r#""rules":[],"rules":[]"#), "rules"),
        (
            listing(r#""status":"complete","status":"denied""#),
            "status",
        ),
        (listing(r#""instance_id":"b""#), "instance_id"),
        (listing(&format!(r#""rules":[{rule}]"#)), "SyncRuleName"),
        (answer(1, rule), "SyncRuleName"),
        (
            answer(0, "").replace("[]", r#"[],"SyncRules":[]"#),
            "SyncRules",
        ),
        (
            answer(0, "").replace("[]", r#"[],"TotalCount":1"#),
            "TotalCount",
        ),
        (
            answer(1, r#"{"LocalInstanceId":null,"LocalInstanceId":"a"}"#),
            "LocalInstanceId",
        ),
    ] {
        let error = read(text.as_bytes()).expect_err(&text).to_string();
        assert!(
            error.contains(&format!("duplicate field `{key}`")),
            "{text}: {error}"
        );
    }
    assert!(read(br#"{"format_version":"1.0","listings":[],"listings":[]}"#).is_err());
}

#[test]
fn an_invalid_snapshot_is_an_error_with_a_reason() {
    let mixed = answer(2, &format!("{},{}", rule("a", "1"), rule("b", "2")));
    for (text, expected) in [
        ("", "it is empty"),
        ("  \n", "it is empty"),
        ("{\"format_version\":", "it is not JSON"),
        ("\u{0}binary", "it is not JSON"),
        ("{}", "in document 1"),
        (
            r#"{"IsSuccess":false,"Code":"INSTANCE_NOT_EXIST","Message":"no"}"#,
            "INSTANCE_NOT_EXIST",
        ),
        (
            r#"{"format_version":"2.0","listings":[]}"#,
            "expected format version 1.x, found \"2.0\"",
        ),
        (r#"{"listings":[]}"#, "format_version"),
        (
            r#"{"format_version":"1.0","listings":[]} {}"#,
            "in document 2",
        ),
        (
            r#"{"format_version":"1.0","listings":[{"instance_id":"a","status":"odd"}]}"#,
            "unknown variant `odd`",
        ),
        (&mixed, "several local instances"),
        (r#"{"SyncRules":[]}"#, "as `aliyun --pager` prints it"),
    ] {
        let error = read(text.as_bytes()).expect_err(text).to_string();
        assert!(error.contains(expected), "{text:?}: {error}");
    }
    assert!(matches!(read(b"[]"), Ok(snapshot) if snapshot.listings.is_empty()));
    assert!(matches!(read(b"nonsense"), Err(SnapshotError::Syntax(_))));
}

#[test]
fn what_is_written_reads_back_the_same() {
    let text = r#"{"format_version":"1.7","taken_at":"2026-11-24T06:00:00Z","added_later":1,"listings":[
            {"instance_id":"a","region_id":"cn-a","rules":[{"SyncRuleName":"n","Priority":9,"CrossUser":true,"New":{"x":[1]}}]},
            {"instance_id":"b","status":"denied","error":{"code":"NoPrivilege","message":"no","request_id":"R"},"requests":2}]}"#;
    let snapshot = read(text.as_bytes()).expect("a snapshot");
    let mut written = Vec::new();
    write(snapshot.clone(), &mut written).expect("memory");
    assert_eq!(read(&written).expect("what was written"), snapshot);
    assert_eq!(snapshot.taken_ms, Some(1_795_500_000_000));
}

#[test]
fn a_message_has_the_text_of_its_error() {
    let errors = [
        SnapshotError::Empty,
        SnapshotError::Syntax(serde_json::from_str::<u8>("x").expect_err("no JSON")),
        SnapshotError::Shape {
            number: 2,
            reason: crate::i18n::Message::answer_merged(),
        },
        SnapshotError::Version {
            found: "2".to_owned(),
        },
    ];
    for error in errors {
        crate::i18n::assert_message(&error.message(), &error);
    }
}
