//! Failures and helps in Chinese: the crates and the commands write them in English, and each has a template.

use std::fs;
use std::path::Path;

use crdrift::i18n::{Language, Message};
use regex::Regex;

/// The files that declare errors of runs.
const ERROR_FILES: [&str; 11] = [
    "crates/acr-client/src/bounded_read.rs",
    "crates/acr-client/src/credentials/error.rs",
    "crates/acr-client/src/credentials/mod.rs",
    "crates/acr-client/src/endpoint.rs",
    "crates/acr-client/src/transport/error.rs",
    "crates/acr-client/src/transport/proxy.rs",
    "src/acquire/error.rs",
    "src/cli/git/error.rs",
    "src/report/json/read.rs",
    "src/snapshot/mod.rs",
    "src/waiver/baseline.rs",
];

/// Texts of errors that are made of other texts only, and notes.
const OTHERS: [&str; 3] = ["X: X", "X X", "X"];

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the Chinese text without values in backticks and quotes, where a template has an English text.
fn chinese(english: &str) -> String {
    let message = Message::from_english(english);
    assert_eq!(&*message, english);
    let values = Regex::new("`[^`]*`|“[^”]*”|\"[^\"]*\"").expect("a pattern");
    let chinese = message.to_language(Language::Chinese);
    values.replace_all(&chinese, "").into_owned()
}

fn has_chinese(text: &str) -> bool {
    text.contains(|character| ('\u{4e00}'..='\u{9fff}').contains(&character))
}

/// Returns the text of each `#[error("…")]` of a file, with a value for each argument.
fn declared_errors(file: &str) -> Vec<String> {
    let source = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
    let error = Regex::new(r#"#\[error\(\s*"((?:[^"\\]|\\.)*)""#).expect("a pattern");
    let argument = Regex::new(r"\{[^}]*\}").expect("a pattern");
    let quoted = Regex::new(r"\{[^}]*:\?\}").expect("a pattern");
    let texts = error.captures_iter(&source).map(|found| {
        let text = quoted.replace_all(&found[1], "\"X\"");
        let text = argument.replace_all(&text, "X").into_owned();
        text.replace("\\\"", "\"")
            .replace("repositoryX", "repository")
    });
    texts
        .filter(|text| !OTHERS.contains(&text.as_str()))
        .collect()
}

#[test]
fn every_declared_error_has_a_template() {
    for file in ERROR_FILES {
        let errors = declared_errors(file);
        let missing: Vec<&String> = errors
            .iter()
            .filter(|error| !has_chinese(&chinese(error)))
            .collect();
        assert!(missing.is_empty(), "{file}: {missing:#?}");
    }
}

#[test]
fn every_failure_of_a_credentials_source_is_chinese() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/acr-client/tests/credentials");
    let expected: Vec<_> = fs::read_dir(folder)
        .expect("cases")
        .map(|case| case.expect("a case").path().join("expected.json"))
        .filter(|path| path.exists())
        .collect();
    let answer = Regex::new("\u{ff1a}[^\u{ff1b}]* \\(HTTP [0-9]+\\)").expect("a pattern");
    let sentence = Regex::new("[a-z]{3,} [a-z]{2,} [a-z]{2,}").expect("a pattern");
    let mut checked = 0;
    for path in expected {
        let document: serde_json::Value = serde_json::from_str(&read(&path)).expect("JSON");
        let Some(error) = document["error"].as_str() else {
            continue;
        };
        let text = chinese(error);
        assert!(
            has_chinese(&text) && !sentence.is_match(&answer.replace(&text, "")),
            "{error}\n{text}"
        );
        checked += 1;
    }
    assert!(checked > 40, "{checked}");
}
