//! Each folder of `cases/` is a test: `rules.yaml` against `live.json`, with the options in `args` and whatever else
//! is there. The plan, the exit code and the reason are in `plan.snap`, the result document in `result.snap`.

use std::fs;

use crate::support::{crdrift, repository};

#[test]
fn every_case_is_as_expected() {
    let mut folders: Vec<_> = fs::read_dir(repository("tests/cases"))
        .expect("cases")
        .map(|it| it.expect("entry").path())
        .collect();
    folders.sort();
    assert!(folders.len() >= 20, "the cases are gone");
    for folder in folders {
        let more = fs::read_to_string(folder.join("args")).unwrap_or_default();
        let args = ["plan", "--live", "live.json"]
            .into_iter()
            .chain(more.split_whitespace());
        let ran = crdrift()
            .files_of(&folder)
            .args(args)
            .args(["-o", "text", "-o", "json=result.json"])
            .run();
        let result = fs::read_to_string(ran.folder.path().join("result.json"))
            .unwrap_or_else(|_| panic!("{ran:?}"));
        let result: serde_json::Value = serde_json::from_str(&result).expect("JSON");
        assert_eq!(result["exit_code"], ran.code, "{}", folder.display());
        assert!(
            ran.stdout.chars().all(|it| it == '\n' || !it.is_control()),
            "{}: {:?}",
            folder.display(),
            ran.stdout
        );
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            insta::assert_snapshot!(
                "plan",
                format!("{}\n--- standard error\n{}", ran.stdout, ran.stderr)
            );
            insta::assert_snapshot!("result", stable(result));
        });
    }
}

/// The document without what differs from run to run.
fn stable(mut result: serde_json::Value) -> String {
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
