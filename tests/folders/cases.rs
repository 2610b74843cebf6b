//! A folder of `tests/cases/` is a comparison: `rules.yaml` with `live.json`, and with the options in `args`. The plan, the exit code and the reason are in `plan.snap`, the result document in `result.snap`. The page in Chinese has no English but that of the inputs.

use std::fs;
use std::path::Path;

use regex::Regex;

use crate::support::crdrift;

/// Runs a case, and compares what it prints and writes with its snapshots.
pub(crate) fn check(folder: &Path) {
    let args = fs::read_to_string(folder.join("args")).unwrap_or_default();
    let output = crdrift()
        .files_of(folder)
        .args(["plan", "--live", "live.json"])
        .args(args.split_whitespace())
        .args(["-o", "text", "-o", "json=result.json"])
        .run();
    let result = fs::read_to_string(output.folder.path().join("result.json"))
        .unwrap_or_else(|_| panic!("{output:?}"));
    let result: serde_json::Value = serde_json::from_str(&result).expect("JSON");
    assert_eq!(result["exit_code"], output.code);
    let page = crdrift()
        .files_of(output.folder.path())
        .args(["render", "result.json", "-o", "html", "--lang", "zh"])
        .run();
    check_chinese(&page.stdout, &quoted_texts(folder, &result));
    let is_printable = |character: char| character == '\n' || !character.is_control();
    assert!(
        output.stdout.chars().all(is_printable),
        "{:?}",
        output.stdout
    );
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(
            "plan",
            format!("{}\n--- standard error\n{}", output.stdout, output.stderr)
        );
        insta::assert_snapshot!("result", without_times(result));
    });
}

/// Returns the texts that a page quotes: the inputs, and the reasons of incomplete instances.
fn quoted_texts(folder: &Path, result: &serde_json::Value) -> String {
    let mut texts = String::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "snap") {
            texts += &fs::read_to_string(path).unwrap_or_default();
        }
    }
    for instance in result["live"]["instances"].as_array().into_iter().flatten() {
        texts += instance["error"]["message"].as_str().unwrap_or_default();
    }
    texts
}

/// Checks that a page in Chinese has no two words of English in a row, but in commands and in texts that it quotes.
fn check_chinese(page: &str, quoted: &str) {
    let hidden =
        r"(?s)<(script|style|code|pre)\b.*?</\w+>|<[^>]*>|&\w+;|`[^`]*`|crdrift [a-z]+|--[a-z-]+";
    let text = Regex::new(hidden)
        .expect("a pattern")
        .replace_all(page, "\n");
    let english = Regex::new(r"\b[A-Za-z][a-z']+(?:[ ,]+[A-Za-z][a-z']+)+\b").expect("a pattern");
    let found: Vec<&str> = english
        .find_iter(&text)
        .map(|found| found.as_str())
        .collect();
    let unquoted: Vec<_> = found
        .into_iter()
        .filter(|it| !quoted.contains(it))
        .collect();
    assert!(
        unquoted.is_empty(),
        "English in a Chinese page: {unquoted:?}"
    );
}

/// Returns the document without times and versions.
fn without_times(mut result: serde_json::Value) -> String {
    let started_at = result["started_at"].clone();
    for finding in result["findings"].as_array_mut().into_iter().flatten() {
        if finding["first_seen"] == started_at {
            finding["first_seen"] = "[time]".into();
        }
    }
    result["started_at"] = "[time]".into();
    result["duration_ms"] = "[ms]".into();
    result["tool"]["version"] = "[version]".into();
    serde_json::to_string_pretty(&result).expect("JSON")
}
