use super::{ReadError, read};
use crate::report::sample::{drawn, hostile_texts, in_sync, sample, sample_with};
use crate::report::{Format, Options, Provenance, Report};

fn json(report: &Report) -> String {
    drawn(report, Format::Json, Options::default())
}

#[test]
fn the_document_of_the_sample() {
    insta::assert_snapshot!(json(&sample()));
}

#[test]
fn a_document_reads_back_completely() {
    let hostile = hostile_texts().into_iter().map(|text| sample_with(&text));
    for report in [sample(), in_sync(), sample_with(&"x".repeat(1 << 16))]
        .into_iter()
        .chain(hostile)
    {
        assert_eq!(
            read(json(&report).as_bytes()).expect("it was just written"),
            report
        );
    }
}

#[test]
fn a_later_1_x_may_add_keys() {
    let mut document: serde_json::Value = serde_json::from_str(&json(&sample())).expect("JSON");
    document["format_version"] = "1.7".into();
    document["new"] = true.into();
    document["changes"][0]["new"] = serde_json::json!({ "a": [1] });
    assert_eq!(
        read(document.to_string().as_bytes()).expect("still 1.x"),
        sample()
    );
}

#[test]
fn fields_added_to_version_1_0_are_optional() {
    let mut document: serde_json::Value = serde_json::from_str(&json(&sample())).expect("JSON");
    let root = document.as_object_mut().expect("an object");
    for key in ["run", "policies", "topology"] {
        root.remove(key).expect(key);
    }
    for instance in root["live"]["instances"].as_array_mut().expect("instances") {
        instance
            .as_object_mut()
            .expect("an object")
            .remove("account")
            .expect("an account");
    }
    let mut expected = Report {
        run: Provenance::default(),
        policies: Vec::new(),
        topology: None,
        ..sample()
    };
    for it in &mut expected.instances {
        (it.account, it.evidence.caller) = (None, None);
    }
    assert_eq!(
        read(document.to_string().as_bytes()).expect("still 1.x"),
        expected
    );
}

#[test]
fn other_documents_are_refused_with_a_reason() {
    let whole = json(&sample());
    let with = |pointer: &str, value: serde_json::Value| {
        let mut document: serde_json::Value = serde_json::from_str(&whole).expect("JSON");
        *document.pointer_mut(pointer).expect(pointer) = value;
        document.to_string()
    };
    let cases = [
        (String::new(), "the document is empty"),
        (" \n".to_owned(), "the document is empty"),
        (
            whole[..whole.len() / 2].to_owned(),
            "the document ends early, at line ",
        ),
        (
            format!("{whole}{whole}"),
            "not valid JSON: trailing characters at line ",
        ),
        (
            "not: json".to_owned(),
            "not valid JSON: expected ident at line 1 column 2",
        ),
        ("[1]".to_owned(), "not a result document"),
        (
            "{\"format_version\": \"1.0\", \"listings\": []}".to_owned(),
            "not a result document",
        ),
        (
            with("/tool/name", "terraform\u{1b}[m".into()),
            "expected a result of crdrift, found one of terraform\\u{1b}[m",
        ),
        (
            with("/format_version", "2.0".into()),
            "expected format_version 1.x, found 2.0",
        ),
        (
            with("/format_version", "1".into()),
            "expected format_version 1.x, found 1",
        ),
        (with("/outcome", "fine".into()), "unknown outcome \"fine\";"),
        (
            with("/findings/1/code", "drift/new".into()),
            "unknown finding code \"drift/new\";",
        ),
        (
            with("/findings/8/waiver", serde_json::Value::Null),
            "unknown status \"waived\";",
        ),
        (
            with("/findings/1/fingerprint", "00".into()),
            "unknown fingerprint \"00\";",
        ),
        (
            with("/started_at", "yesterday".into()),
            "unknown started_at \"yesterday\";",
        ),
        (
            with("/changes/0/fields/0/field", "colour".into()),
            "unknown field \"colour\";",
        ),
        (
            with("/policies/0/applies_to", "nobody".into()),
            "unknown applies_to \"nobody\";",
        ),
        (
            with("/topology/arrows/0/to/row", 7.into()),
            "unknown topology end \"0, 7\";",
        ),
        (
            with("/topology/arrows/0/from/instance", 4.into()),
            "unknown topology end \"4, 0\";",
        ),
        (
            with("/changes/2/location/line", "ten".into()),
            "changes[2].location.line: invalid type",
        ),
        (
            with("/summary", serde_json::json!({})),
            "summary: missing field",
        ),
        (
            whole.replace("\"plan\"", "\"\\ud800\""),
            "command: unexpected end of hex escape",
        ),
    ];
    for (text, expected) in cases {
        let error = read(text.as_bytes()).expect_err(expected).to_string();
        assert!(error.starts_with(expected), "{error}\nis not\n{expected}");
    }
    assert!(
        matches!(read(b"\xef\xbb\xbf{}"), Err(ReadError::NoResult)),
        "a byte-order mark is no content"
    );
}
