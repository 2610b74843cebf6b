//! `--desired-from terraform` in every command that takes it.

use crate::support::{crdrift, read, repository};

fn state() -> String {
    read("tests/terraform/ok-state/state.json")
}

#[test]
fn drift_is_reported_at_places_in_terraform_files() {
    let ran = crdrift()
        .args([
            "plan",
            "--desired-from",
            "terraform",
            "state.json",
            "--live",
            "live.json",
            "-o",
            "json",
        ])
        .file("state.json", state())
        .file("live.json", read("examples/quickstart/live.json"))
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let result = ran.json();
    let changes = result["changes"].as_array().expect("changes");
    let changed = changes
        .iter()
        .find(|it| it["kind"] == "changed")
        .expect("a changed rule");
    assert_eq!(
        (&changed["name"], &changed["fields"][0]["field"]),
        (&"base-shenzhen".into(), &"repo_name_filter".into())
    );
    assert_eq!(
        (&changed["location"]["file"], &changed["location"]["line"]),
        (&"state.json".into(), &72.into())
    );
    // `terraform plan` does not detect unmanaged rules.
    assert_eq!(result["summary"]["unmanaged"], 5);
    assert_eq!(result["desired"]["files"][0]["path"], "state.json");
    assert!(
        ran.stderr
            .contains("Terraform does not support repo_name_filter"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_rules_file_adds_aliases_and_rules_to_terraform() {
    let rules = read("examples/quickstart/rules.yaml");
    let ran = crdrift()
        .args([
            "plan",
            "--desired-from",
            "terraform",
            "state.json",
            "--rules",
            "rules.yaml",
            "--live",
            "live.json",
        ])
        .args(["--all", "-o", "json"])
        .file("state.json", state())
        .file("rules.yaml", rules)
        .file("live.json", read("examples/quickstart/live.json"))
        .run();
    let result = ran.json();
    let changes = result["changes"].as_array().expect("changes");
    let base = changes
        .iter()
        .find(|it| it["name"] == "base-shenzhen")
        .expect("the rule");
    assert_eq!(
        (&base["kind"], &base["instance"]),
        (&"in_sync".into(), &"shanghai".into()),
        "{}",
        ran.stderr
    );
    assert_eq!(result["desired"]["rules"], 6);
}

#[test]
fn every_command_with_rules_files_takes_terraform() {
    let ran = crdrift()
        .args(["validate", "--desired-from", "terraform", "s.json"])
        .file("s.json", state())
        .run();
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "Valid: 2 rules on 2 instances, declared in 1 file.\n")
    );
    let ran = crdrift()
        .args([
            "export",
            "--to",
            "ros",
            "--desired-from",
            "terraform",
            "s.json",
        ])
        .file("s.json", state())
        .run();
    assert_eq!(
        (
            ran.code,
            ran.stdout.matches("ALIYUN::CR::RepoSyncRule").count()
        ),
        (0, 2),
        "{}",
        ran.stderr
    );
    let ran = crdrift()
        .args([
            "snapshot",
            "--desired-from",
            "terraform",
            "s.json",
            "--out",
            "-",
        ])
        .args(["--emulate"])
        .arg(repository("examples/quickstart/live.json"))
        .file("s.json", state())
        .run();
    assert_eq!(
        (ran.code, ran.reason()),
        (0, "crdrift: 10 rules of 2 instances (exit code 0)"),
        "{}",
        ran.stderr
    );
}

#[test]
fn unread_modules_get_a_note_and_invalid_files_end_the_run() {
    let config = format!(
        "{}\nmodule \"more\" {{ source = \"./more\" }}\n",
        read("tests/terraform/ok-config/main.tf")
    );
    let ran = crdrift()
        .args(["validate", "--desired-from", "terraform", "."])
        .file("main.tf", config)
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("main.tf:33: rules in module \"more\" are not read"),
        "{}",
        ran.stderr
    );
    for (name, text, message) in [
        ("x.tf", "resource {", "invalid HCL"),
        ("x.json", "{\"format_version\":", "invalid JSON"),
        (
            "x.json",
            "{\"version\":4,\"serial\":1}",
            "found a state file",
        ),
        (
            "x.json",
            "{\"format_version\":\"3.1\"}",
            "expected format version 0 or 1",
        ),
        (
            "x.json",
            "{\"format_version\":\"1.0\"}",
            "no `alicloud_cr_ee_sync_rule` resource",
        ),
        (
            "x.tf",
            "locals {}",
            "no `alicloud_cr_ee_sync_rule` resource",
        ),
        ("rules.yaml", "version: 1", "found the rules file"),
    ] {
        let args = [
            "plan",
            "--desired-from",
            "terraform",
            "--live",
            "/dev/null",
            name,
        ];
        let ran = crdrift().args(args).file(name, text).run();
        assert!(
            ran.code == 1 && ran.stdout.starts_with("Failed: "),
            "{name} {text}: {}",
            ran.stdout
        );
        assert!(
            ran.stderr.contains(message),
            "{name} {text}: {}",
            ran.stderr
        );
    }
}

#[test]
fn secrets_of_other_resources_are_not_quoted_when_a_document_is_broken() {
    let text = r#"{"format_version":"1.0","values":{"root_module":{"resources":[{"address":"a.b","mode":"managed","type":"a","values":{"password":"hunter2-hunter2"}},]}}}"#;
    let ran = crdrift()
        .args(["validate", "--desired-from", "terraform", "s.json"])
        .file("s.json", text)
        .run();
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("s.json:1:"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
}

#[test]
fn commands_without_terraform_report_it() {
    let given = ["--desired-from", "terraform", "s.json"];
    let base = crdrift()
        .args(["plan", "--base", "HEAD"])
        .args(given)
        .file("s.json", state())
        .run();
    assert_eq!(base.code, 64, "{}", base.stderr);
    assert!(
        base.stderr
            .contains("--base compares with earlier rules files"),
        "{}",
        base.stderr
    );
    let waive = [
        "waive",
        "--owner",
        "me",
        "--reason",
        "it is known",
        "--code",
        "drift/changed-rule",
    ];
    let waive = crdrift()
        .args(waive)
        .args(given)
        .file("s.json", state())
        .run();
    assert_eq!(waive.code, 64, "{}", waive.stderr);
    // The way round that it names.
    let rules = "version: 1\ninstances:\n  shanghai: { id: cri-shanghai00000001, region: cn-shanghai }\nrules: []\n";
    let ran = crdrift()
        .args([
            "plan",
            "--live",
            "live.json",
            "-o",
            "json=result.json",
            "--rules",
            "rules.yaml",
        ])
        .args(given)
        .file("s.json", state())
        .file("rules.yaml", rules)
        .file("live.json", read("examples/quickstart/live.json"))
        .run();
    let result = std::fs::read_to_string(ran.folder.path().join("result.json")).expect("a result");
    let waive = [
        "waive",
        "rules.yaml",
        "--result",
        "result.json",
        "--owner",
        "me",
        "--reason",
        "it is known",
        "--write",
    ];
    let ran = crdrift()
        .args(waive)
        .args(["--code", "drift/changed-rule"])
        .file("rules.yaml", rules)
        .file("result.json", result)
        .run();
    assert_eq!(
        (ran.code, ran.stderr.contains("1 waiver until")),
        (0, true),
        "{}",
        ran.stderr
    );
}
