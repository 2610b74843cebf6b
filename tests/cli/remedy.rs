//! Remedies, and their script run by a shell with a replacement of `aliyun`.

use std::path::Path;
use std::process::Command;

use crate::support::{RunOutput, crdrift, read};

/// Stands in for the real program: writes down what it was called with, and answers as the service does. Where a file
/// `refuse` names an action, that one is refused, with status 200 and so with exit code 0.
const ALIYUN: &str = r#"#!/bin/sh
for word; do printf '%s\n--\n' "$word"; done >> calls
printf '====\n' >> calls
if [ "$2" = "$(cat refuse 2>/dev/null)" ]; then printf '{\n\t"IsSuccess": false\n}\n'; else printf '{\n\t"IsSuccess": true\n}\n'; fi
"#;

/// Runs a script in a folder that has nothing else but the stand-in, and tells its exit code and the calls.
fn run_script(shell: &str, folder: &Path, script: &str) -> Option<(i32, Vec<Vec<String>>)> {
    let program = folder.join("aliyun");
    std::fs::write(&program, ALIYUN).expect("written");
    #[cfg(unix)]
    std::fs::set_permissions(
        &program,
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .expect("a mode");
    let _ = std::fs::remove_file(folder.join("calls"));
    let path = format!("{}:/usr/bin:/bin", folder.display());
    let ran = Command::new(shell)
        .arg(script)
        .current_dir(folder)
        .env_clear()
        .env("PATH", path)
        .output()
        .ok()?;
    let calls = std::fs::read_to_string(folder.join("calls")).unwrap_or_default();
    let calls = calls.split("====\n").filter(|call| !call.is_empty());
    let words = calls.map(|call| {
        call.split("\n--\n")
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect()
    });
    Some((ran.status.code().unwrap_or(-1), words.collect()))
}

fn quickstart(more: &[&str]) -> RunOutput {
    crdrift()
        .args(["plan", "rules.yaml", "--live", "live.json"])
        .args(more.iter().copied())
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .file("live.json", read("examples/quickstart/live.json"))
        .run()
}

#[test]
fn remedies_follow_the_plan() {
    let plain = quickstart(&[]);
    let ran = quickstart(&["--remedy"]);
    let remedies = ran
        .stdout
        .strip_prefix(&plain.stdout)
        .expect("the plan comes first");
    assert_eq!((ran.code, ran.reason()), (plain.code, plain.reason()));
    insta::assert_snapshot!("the_remedies_of_the_quick_start", remedies);
    assert_eq!(quickstart(&["--remedy=text=-"]).stdout, ran.stdout);
}

#[test]
fn the_script_of_the_quick_start_executes_the_plan() {
    let ran = quickstart(&["--remedy=script=remedy.sh"]);
    let folder = ran.folder.path();
    insta::assert_snapshot!(
        "the_script_of_the_quick_start",
        std::fs::read_to_string(folder.join("remedy.sh"))
            .expect("a script")
            .replace(env!("CARGO_PKG_VERSION"), "[version]")
    );
    let (code, calls) = run_script("sh", folder, "remedy.sh").expect("a shell");
    let actions: Vec<_> = calls.iter().map(|call| call[1].as_str()).collect();
    let expected =
        ["Delete", "Create", "Create", "Create", "Delete"].map(|it| format!("{it}RepoSyncRule"));
    assert_eq!(
        (code, actions),
        (0, expected.iter().map(String::as_str).collect())
    );
    assert_eq!(calls[0][4], "--SyncRuleId=crsr-4dbl2gruxq80yum6");
    assert!(
        calls[1].contains(&"--TagFilter=v[0-9.]+".to_owned()),
        "{calls:?}"
    );
}

#[test]
fn a_rejected_command_stops_the_script_with_a_message() {
    let ran = quickstart(&["--remedy=script=remedy.sh", "--rule", "shop-api"]);
    let folder = ran.folder.path();
    std::fs::write(folder.join("refuse"), "CreateRepoSyncRule").expect("written");
    let (code, calls) = run_script("sh", folder, "remedy.sh").expect("a shell");
    assert_eq!((code, calls.len()), (1, 2), "{calls:?}");
    std::fs::write(folder.join("refuse"), "DeleteRepoSyncRule").expect("written");
    let (code, calls) = run_script("sh", folder, "remedy.sh").expect("a shell");
    assert_eq!(
        (code, calls.len()),
        (1, 1),
        "nothing is created after a delete that was refused"
    );
    // A rule with a new name is created first, so that a refusal loses nothing.
    let ran = quickstart(&["--remedy=script=remedy.sh", "--rule", "billing-*"]);
    std::fs::write(ran.folder.path().join("refuse"), "CreateRepoSyncRule").expect("written");
    let (code, calls) = run_script("sh", ran.folder.path(), "remedy.sh").expect("a shell");
    assert_eq!((code, calls.len()), (1, 1), "{calls:?}");
}

#[test]
fn hostile_values_are_quoted_in_the_script() {
    let names = [
        "$(touch pwned)",
        "`touch pwned`",
        "'; touch pwned; '",
        "\\\"; touch pwned; \\\"",
        "-rf",
        "--help",
        "a b  c",
        "*",
        "~",
        "!!",
        "# x",
        "\\\\",
        "${HOME}",
        "&& touch pwned",
        "x | tee pwned",
        "> pwned",
    ];
    let rule = |name: &str| {
        format!(
            "  - {{ name: \"{}\", from: {{ instance: a, namespace: n }}, to: {{ instance: b, namespace: n }}, \
             tag_filter: 'x$(touch pwned)\"`id`' }}\n",
            name.replace("${", "$${")
        )
    };
    let rules = names.map(rule).concat();
    let rules = format!(
        "version: 1\ninstances:\n  a: {{ id: \"cri-$(touch-pwned)\", region: cn-a }}\n  b: {{ id: cri-b, region: cn-b }}\nrules:\n{rules}"
    );
    let listed = |id: &str, name: &str| {
        serde_json::json!({ "SyncRuleId": id, "SyncRuleName": name, "LocalRegionId": "cn-a",
            "LocalInstanceId": "cri-$(touch-pwned)", "LocalNamespaceName": "m\n$(touch pwned)", "TargetRegionId": "cn-b",
            "TargetInstanceId": "cri-b\ntouch pwned", "TargetNamespaceName": "n", "TagFilter": ".*",
            "SyncScope": "NAMESPACE", "SyncDirection": "FROM", "SyncTrigger": "PASSIVE" })
    };
    let live = serde_json::json!({ "format_version": "1.0", "listings": [
        { "instance_id": "cri-$(touch-pwned)", "region_id": "cn-a", "status": "complete", "rules": [
            listed("crsr-1'; touch pwned; '", "x\ntouch pwned\n"),
            listed("crsr-2\ntouch pwned", "y\r\ntouch pwned"),
            listed("-rf", "z\u{2028}touch pwned\u{85}touch pwned") ] },
        { "instance_id": "cri-b", "region_id": "cn-b", "status": "complete", "rules": [] } ] });
    let ran = crdrift()
        .args([
            "plan",
            "--live",
            "live.json",
            "--remedy=script=remedy.sh",
            "-o",
            "json",
        ])
        .file("rules.yaml", rules)
        .file("live.json", live.to_string())
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let folder = ran.folder.path();
    let script = std::fs::read_to_string(folder.join("remedy.sh")).expect("a script");
    assert!(
        script.chars().all(|it| it == '\n' || !it.is_control()),
        "{script}"
    );
    let mut shells = 0;
    for shell in ["sh", "bash", "dash", "zsh", "ksh"] {
        let Some((code, calls)) = run_script(shell, folder, "remedy.sh") else {
            continue;
        };
        shells += 1;
        assert_eq!(code, 0, "{shell}\n{script}");
        assert!(
            !folder.join("pwned").exists() && !folder.join("touch-pwned").exists(),
            "{shell}\n{script}"
        );
        let created: Vec<_> = calls
            .iter()
            .filter(|call| call[1] == "CreateRepoSyncRule")
            .collect();
        assert_eq!(created.len(), names.len(), "{shell}");
        for name in names {
            let name: String =
                serde_json::from_str(&format!("\"{name}\"")).expect("as YAML reads it");
            assert!(
                created
                    .iter()
                    .any(|call| call.contains(&format!("--SyncRuleName={name}"))),
                "{shell}: {name}"
            );
        }
        let tag_filter = "--TagFilter=x$(touch pwned)\"`id`".to_owned();
        assert!(
            created.iter().all(|call| call.contains(&tag_filter)),
            "{shell}"
        );
        // Every live rule is unmanaged: their deletes are comments.
        assert_eq!(calls.len(), created.len(), "{shell}");
    }
    // One id has a line break: a reviewer could not see the effect of the script.
    let deletes: Vec<_> = script
        .lines()
        .filter(|line| line.contains("DeleteRepoSyncRule"))
        .collect();
    assert!(
        deletes.len() == 2
            && deletes
                .iter()
                .all(|line| line.starts_with("#   aliyun cr ")),
        "{script}"
    );
    assert!(shells > 0, "there is no shell");
    assert!(
        script.contains("# A value contains invisible characters"),
        "{script}"
    );
}

#[test]
fn accepted_changes_have_no_remedy() {
    let waivers = "\nwaivers:\n  - { codes: [drift/changed-rule, drift/missing-rule, drift/renamed-rule, drift/unmanaged-rule], \
                   rules: \"*\", owner: me, reason: it is known, expires: 2099-01-01 }\n";
    let ran = crdrift()
        .args(["plan", "rules.yaml", "--live", "live.json", "--remedy"])
        .file(
            "rules.yaml",
            read("examples/quickstart/rules.yaml") + waivers,
        )
        .file("live.json", read("examples/quickstart/live.json"))
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout
            .contains("\nNo rule needs to be created, replaced or deleted; "),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains("aliyun cr"), "{}", ran.stdout);
}

#[test]
fn remedies_keep_the_result_and_have_unmasked_ids() {
    for more in [
        ["--remedy=script", "-o", "text"].as_slice(),
        &["--remedy", "-o", "json"],
        &["--remedy=script=x", "-o", "json=x"],
        &["--remedy", "--mask-ids"],
        &["--remedy=powershell"],
    ] {
        let ran = quickstart(more);
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (64, ""),
            "{more:?}: {}",
            ran.stderr
        );
    }
    let ran = quickstart(&["--remedy=script", "-o", "json=result.json"]);
    assert_eq!((ran.code, ran.stdout.starts_with("#!/bin/sh\n")), (2, true));
    let ran = quickstart(&["--remedy=script=rules.yaml/x.sh"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("Plan:"),
        "the plan is there all the same"
    );
}

/// Replaces the status of every listing of the quick start.
fn quickstart_with(status: &str, rules: &str, more: &[&str]) -> RunOutput {
    let mut live: serde_json::Value =
        serde_json::from_str(&read("examples/quickstart/live.json")).expect("JSON");
    live["listings"][0]["status"] = status.into();
    let run = crdrift().file("rules.yaml", read("examples/quickstart/rules.yaml") + rules);
    let run = run
        .file("live.json", live.to_string())
        .file("remedy.sh", "#!/bin/sh\naliyun cr DeleteRepoSyncRule\n");
    run.args(["plan", "--live", "live.json"])
        .args(more.iter().copied())
        .run()
}

#[test]
fn an_incomplete_result_has_no_commands() {
    let guard = "\nguards: { max_drift_percent: 1 }\n";
    let noted = "\nguards: { max_drift_percent: 1 }\nseverities: { guard/mass-change: info }\n";
    for (status, rules, code) in [
        ("complete", guard, 2),
        ("complete", noted, 2),
        ("denied", "", 3),
        ("throttled", "", 3),
        ("inconsistent", "", 3),
        ("not_found", "", 3),
    ] {
        let ran = quickstart_with(status, rules, &["--remedy=script=remedy.sh"]);
        assert_eq!(ran.code, code, "{status}: {ran:?}");
        let folder = ran.folder.path();
        let script = std::fs::read_to_string(folder.join("remedy.sh")).expect("a script");
        assert!(
            !script.contains("aliyun cr") && !script.contains("call "),
            "{status}: {script}"
        );
        let (code, calls) = run_script("sh", folder, "remedy.sh").expect("a shell");
        assert_eq!((code, calls.len()), (1, 0), "{script}");
        let ran = quickstart_with(status, rules, &["--remedy"]);
        assert!(
            ran.stdout.contains("\nNo remedies written: ") && !ran.stdout.contains("aliyun cr"),
            "{}",
            ran.stdout
        );
    }
}

#[test]
fn a_failed_run_replaces_the_earlier_script() {
    let ran = quickstart_with(
        "complete",
        "",
        &["--remedy=script=remedy.sh", "--rule", "no-such-rule"],
    );
    assert_eq!(ran.code, 1, "{ran:?}");
    let (code, calls) = run_script("sh", ran.folder.path(), "remedy.sh").expect("a shell");
    assert_eq!((code, calls.len()), (1, 0));
}

#[test]
fn unmanaged_rules_are_not_deleted_by_the_script() {
    let ran = quickstart(&["--remedy=script=remedy.sh"]);
    let folder = ran.folder.path();
    let script = std::fs::read_to_string(folder.join("remedy.sh")).expect("a script");
    let (_, after) = script
        .split_once("\"copy-for-demo\"")
        .expect("the unmanaged rule");
    let (block, others) = after.split_once("\n\n").expect("other changes");
    assert!(others.contains("\ncall aliyun"), "{script}");
    assert!(
        block.contains("\n# Not run: the rule is unmanaged"),
        "{block}"
    );
    assert!(
        block.lines().skip(1).all(|line| line.starts_with('#')),
        "{block}"
    );
}
