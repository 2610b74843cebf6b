//! Listings as a file, and listings as live state.
//!
//! A live read and a file give the same [`Snapshot`], so that its origin does not matter afterwards. A file is crdrift's
//! own document (`schemas/snapshot.v1.schema.json`), or responses of `ListRepoSyncRule` as the API and the `aliyun`
//! command line print them: one, or several in a row.

mod anonymous;
mod answers;
mod document;
mod live;
mod parts;
mod redact;
mod repeated;

pub use anonymous::assign_anonymous_answers;
pub use document::{FORMAT_VERSION, schema, write};
pub use live::live_state;
pub use parts::{MergedSnapshot, NamedSnapshot, PartError, SnapshotPart, merge};
pub use redact::redact_accounts;

use acr_api::Listing;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::i18n::Message;
use crate::model::ReadFailure;

/// Listings, and their time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Snapshot {
    /// The time of the listings, epoch milliseconds; `None` for raw responses.
    pub taken_ms: Option<i64>,
    /// The part of the instances that it has; `None` where it has all.
    pub part: Option<SnapshotPart>,
    /// The listing of each instance. A response without rules names no instance: its id is empty until
    /// [`assign_anonymous_answers`].
    pub listings: Vec<Listing<ReadFailure>>,
}

/// The reason why a file is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It has no JSON.
    #[error("it is empty")]
    Empty,
    /// It is not valid JSON.
    #[error("it is not JSON: {0}")]
    Syntax(#[source] serde_json::Error),
    /// It is another document.
    #[error(
        "expected a crdrift snapshot or a response of ListRepoSyncRule in document {number}: {reason}"
    )]
    Shape {
        /// The number of the document in the file, from 1.
        number: usize,
        /// The missing or invalid part.
        reason: Message,
    },
    /// A later version of crdrift wrote it.
    #[error("expected format version 1.x, found {found:?}")]
    Version {
        /// Its version.
        found: String,
    },
}

impl SnapshotError {
    /// Returns the message, which has a text in each language.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Empty => Message::file_is_empty(),
            Self::Syntax(error) => Message::not_json(error.to_string()),
            Self::Shape { number, reason } => Message::not_a_snapshot(*number, reason.clone()),
            Self::Version { found } => Message::newer_format(format!("{found:?}")),
        }
    }
}

/// Parses the bytes of a file.
///
/// # Errors
///
/// The reason why the file is no snapshot.
pub fn read(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
    let snapshot = parse(bytes)?;
    Ok(Snapshot {
        listings: repeated::join(snapshot.listings),
        ..snapshot
    })
}

fn parse(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    // The own document is parsed in one pass; its errors are found below.
    if has_version_first(bytes)
        && let Ok(snapshot) = document::parse(bytes)
    {
        return snapshot;
    }
    let mut answers = answers::AnswerCollector::default();
    let mut number = 0;
    for document in serde_json::Deserializer::from_slice(bytes).into_iter::<&RawValue>() {
        let document = document.map_err(SnapshotError::Syntax)?.get();
        number += 1;
        if number == 1 && is_own_document(document) {
            let snapshot = document::read(document)?;
            return only_document(bytes, document).map(|()| snapshot);
        }
        answers.add(document, number)?;
    }
    if number == 0 {
        Err(SnapshotError::Empty)
    } else {
        Ok(answers.into_snapshot())
    }
}

/// Returns whether a document is likely crdrift's own: its writer, and every program that sorts keys, puts the version
/// first.
fn has_version_first(bytes: &[u8]) -> bool {
    let head = bytes.get(..4096).unwrap_or(bytes);
    head.windows(16)
        .any(|window| window == b"\"format_version\"")
}

/// Returns whether a document has the keys of crdrift's own.
fn is_own_document(document: &str) -> bool {
    #[derive(Deserialize)]
    struct OwnKeys {
        format_version: Option<IgnoredAny>,
        listings: Option<IgnoredAny>,
    }
    // serde reads a struct from a list, too.
    document.starts_with('{')
        && serde_json::from_str::<OwnKeys>(document)
            .is_ok_and(|it| it.format_version.is_some() || it.listings.is_some())
}

/// Refuses text after a snapshot, which would be lost.
fn only_document(bytes: &[u8], document: &str) -> Result<(), SnapshotError> {
    let leading = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count();
    let rest = bytes.get(leading + document.len()..).unwrap_or_default();
    if rest.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    Err(SnapshotError::Shape {
        number: 2,
        reason: Message::snapshot_is_one(),
    })
}

#[cfg(test)]
mod tests {
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
}
