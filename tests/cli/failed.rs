//! A failed run writes every output with the outcome *failed*.

use std::fs;

use crdrift::report::Format;

use crate::support::{Crdrift, RunOutput, crdrift, read};

/// Rules with two errors, in a folder with live rules.
fn broken() -> Crdrift {
    let rules = read("examples/quickstart/rules.yaml").replacen("tag_filter:", "tag_filtre:", 1);
    crdrift()
        .file("rules.yaml", format!("{rules}\nunknown: 1\n"))
        .file("good.yaml", read("examples/quickstart/rules.yaml"))
        .file("live.json", read("examples/quickstart/live.json"))
}

fn written(ran: &RunOutput, name: &str) -> String {
    fs::read_to_string(ran.folder.path().join(name))
        .unwrap_or_else(|error| panic!("{name}: {error}: {}", ran.stderr))
}

/// Options for every format, each into a file of its name.
fn outputs(formats: &[&str]) -> Vec<String> {
    formats
        .iter()
        .flat_map(|format| ["-o".to_owned(), format!("{format}={format}")])
        .collect()
}

#[test]
fn a_failure_before_reading_is_in_every_format() {
    let names = Format::ALL.map(Format::name);
    for args in [
        &["plan", "rules.yaml", "--live", "live.json"][..],
        &["plan", "no-such.yaml", "--live", "live.json"],
        &[
            "plan",
            "good.yaml",
            "--live",
            "live.json",
            "--baseline",
            "no-such.json",
        ],
        &[
            "plan",
            "good.yaml",
            "--live",
            "live.json",
            "--previous",
            "no-such.json",
        ],
        &[
            "plan",
            "good.yaml",
            "--live",
            "live.json",
            "--expect",
            "live.json",
        ],
        &[
            "plan",
            "good.yaml",
            "--live",
            "live.json",
            "--base",
            "rules.yaml",
        ],
        &[
            "plan",
            "good.yaml",
            "--live",
            "live.json",
            "--instance",
            "nowhere",
        ],
        &["plan", "good.yaml", "--live", "no-such.json"],
        &["plan", "good.yaml"],
        &["render", "no-such.json"],
    ] {
        let mut run = broken();
        for name in names {
            run = run.file(name, "crdrift_run_outcome{outcome=\"in_sync\"} 1\n");
        }
        let outputs = outputs(&names);
        let ran = run
            .args(args.iter().copied())
            .args(outputs.iter().map(String::as_str))
            .run();
        assert_eq!(ran.code, 1, "{args:?}: {}", ran.stderr);
        let json: serde_json::Value = serde_json::from_str(&written(&ran, "json")).expect("JSON");
        assert_eq!(
            (&json["outcome"], &json["exit_code"]),
            (&"failed".into(), &1.into()),
            "{args:?}"
        );
        assert!(
            json["errors"].as_array().is_some_and(|it| !it.is_empty()),
            "{args:?}"
        );
        let gitlab: serde_json::Value =
            serde_json::from_str(&written(&ran, "gitlab")).expect("JSON");
        assert_eq!(gitlab[0]["severity"], "blocker", "{args:?}");
        let sarif: serde_json::Value = serde_json::from_str(&written(&ran, "sarif")).expect("JSON");
        let invocation = &sarif["runs"][0]["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], false, "{args:?}");
        assert_eq!(
            invocation["toolExecutionNotifications"][0]["level"], "error",
            "{args:?}"
        );
        assert!(written(&ran, "github").contains("::error "), "{args:?}");
        assert!(written(&ran, "junit").contains("<error "), "{args:?}");
        assert!(
            written(&ran, "csv")
                .lines()
                .nth(1)
                .is_some_and(|row| row.starts_with("error,")),
            "{args:?}"
        );
        let prometheus = written(&ran, "prometheus");
        assert!(
            prometheus.contains("outcome=\"failed\"} 1\n"),
            "{args:?}: {prometheus}"
        );
        assert!(
            !prometheus.contains("outcome=\"in_sync\"} 1\n")
                && !prometheus.contains("crdrift_rules{")
        );
        for name in ["text", "ndjson", "markdown", "html", "terraform-json"] {
            assert!(
                written(&ran, name).to_lowercase().contains("failed"),
                "{args:?}: {name}"
            );
        }
    }
}

#[test]
fn errors_of_rules_files_have_places() {
    for command in [
        &["plan", "rules.yaml", "--live", "live.json"][..],
        &["validate", "rules.yaml"],
    ] {
        let names = ["json", "github", "gitlab", "sarif", "junit", "csv"];
        let outputs = outputs(&names);
        let ran = broken()
            .args(command.iter().copied())
            .args(outputs.iter().map(String::as_str))
            .run();
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        let json: serde_json::Value = serde_json::from_str(&written(&ran, "json")).expect("JSON");
        let errors = json["errors"].as_array().expect("errors");
        assert!(errors.len() >= 2, "{errors:?}");
        let sarif: serde_json::Value = serde_json::from_str(&written(&ran, "sarif")).expect("JSON");
        let gitlab: serde_json::Value =
            serde_json::from_str(&written(&ran, "gitlab")).expect("JSON");
        for (index, error) in errors.iter().enumerate() {
            let (line, column) = (&error["location"]["line"], &error["location"]["column"]);
            let region =
                &sarif["runs"][0]["results"][index]["locations"][0]["physicalLocation"]["region"];
            assert_eq!(
                (&region["startLine"], &region["startColumn"]),
                (line, column)
            );
            assert_eq!(gitlab[index]["location"]["lines"]["begin"], *line);
            let annotation =
                format!("::error file=rules.yaml,line={line},endLine={line},col={column},");
            assert!(
                written(&ran, "github").contains(&annotation),
                "{annotation}: {}",
                written(&ran, "github")
            );
            assert!(written(&ran, "junit").contains(&format!("at rules.yaml:{line}:{column}")));
        }
    }
}

#[test]
fn a_usage_error_writes_nothing() {
    let ran = broken()
        .args([
            "plan",
            "--base",
            "x",
            "--expect",
            "y",
            "-o",
            "json=new.json",
        ])
        .run();
    assert_eq!(ran.code, 64);
    assert!(!ran.folder.path().join("new.json").exists());
}

#[test]
fn valid_rules_are_reported_in_every_format() {
    let names = [
        "text", "json", "ndjson", "sarif", "junit", "gitlab", "github", "markdown", "csv",
    ];
    let outputs = outputs(&names);
    let ran = broken()
        .args(["validate", "good.yaml"])
        .args(outputs.iter().map(String::as_str))
        .run();
    assert_eq!(
        (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, "", "")
    );
    assert_eq!(
        written(&ran, "text"),
        "Valid: 6 rules on 3 instances, declared in 1 file.\n"
    );
    assert_eq!(written(&ran, "gitlab"), "[]\n");
    let ran = broken()
        .args(["validate", "good.yaml", "-o", "prometheus=metrics"])
        .run();
    assert_eq!(ran.code, 64, "{}", ran.stderr);
    let ran = broken()
        .args(["validate", "good.yaml", "-o", "json=valid.json"])
        .run();
    let valid = written(&ran, "valid.json");
    for args in [
        &["report", "valid.json"][..],
        &[
            "plan",
            "good.yaml",
            "--live",
            "live.json",
            "--expect",
            "valid.json",
        ],
    ] {
        let ran = broken()
            .file("valid.json", &valid)
            .args(args.iter().copied())
            .run();
        assert_eq!(ran.code, 1, "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("validate"), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn a_failed_run_replaces_an_earlier_remedy_script() {
    let plan = |rules: &'static str, live: &'static str| {
        let run = broken().file("remedy.sh", "#!/bin/sh\naliyun cr DeleteRepoSyncRule\n");
        run.args(["plan", rules, "--live", live, "--remedy=script=remedy.sh"])
            .run()
    };
    for ran in [
        plan("rules.yaml", "live.json"),
        plan("good.yaml", "no-such.json"),
    ] {
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        let script = written(&ran, "remedy.sh");
        assert!(
            !script.contains("aliyun") && script.ends_with("exit 1\n"),
            "{script}"
        );
        #[cfg(unix)]
        {
            let shell = std::process::Command::new("sh")
                .arg("remedy.sh")
                .current_dir(ran.folder.path())
                .output();
            assert_eq!(shell.expect("a shell").status.code(), Some(1), "{script}");
        }
    }
}

#[test]
fn failed_commands_leave_no_valid_output() {
    for (args, files) in [
        (
            &["graph", "rules.yaml", "--side", "desired"][..],
            &["svg", "dot", "mermaid", "json"][..],
        ),
        (
            &[
                "list",
                "shanghai",
                "--rules",
                "rules.yaml",
                "--emulate",
                "live.json",
            ],
            &["table", "json", "csv"],
        ),
        (&["report", "live.json"], &["html", "json", "csv"]),
        (&["doctor", "rules.yaml"], &["text", "json"]),
    ] {
        let mut run = broken();
        for name in files {
            run = run.file(name, "of yesterday");
        }
        let outputs = outputs(files);
        let ran = run
            .args(args.iter().copied())
            .args(outputs.iter().map(String::as_str))
            .run();
        assert_eq!(ran.code, 1, "{args:?}: {}", ran.stderr);
        for name in files {
            let text = written(&ran, name);
            assert!(
                text.to_lowercase().contains("failed") && !text.contains("of yesterday"),
                "{args:?} {name}: {text}"
            );
        }
    }
    let run = broken().args([
        "snapshot",
        "rules.yaml",
        "--emulate",
        "live.json",
        "--out",
        "new.json",
    ]);
    let ran = run
        .file("new.json", read("examples/quickstart/live.json"))
        .run();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let ran = broken()
        .file("new.json", written(&ran, "new.json"))
        .args(["plan", "good.yaml", "--live", "new.json"])
        .run();
    assert_eq!(
        ran.code, 3,
        "a snapshot that failed proves nothing: {}{}",
        ran.stdout, ran.stderr
    );
}

#[test]
fn a_failure_names_the_source_of_the_live_rules() {
    for (live, expected) in [
        (&["--live", "live.json"][..], "snapshot"),
        (&["--emulate", "live.json"], "emulator"),
        (&[], "api"),
    ] {
        let ran = broken()
            .args(["plan", "rules.yaml", "-o", "json=json"])
            .args(live.iter().copied())
            .run();
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        let json: serde_json::Value = serde_json::from_str(&written(&ran, "json")).expect("JSON");
        assert_eq!(json["live"]["source"], expected);
    }
}

#[test]
fn a_result_without_a_reading_names_no_source() {
    for args in [
        &["validate", "good.yaml"][..],
        &["validate", "rules.yaml"],
        &["render", "no-such.json"],
        &["history", "show", "latest", "--store", "sqlite:no-such.db"],
    ] {
        let ran = broken()
            .args(args.iter().copied())
            .args(["-o", "json=json"])
            .run();
        let json: serde_json::Value = serde_json::from_str(&written(&ran, "json")).expect("JSON");
        assert_eq!(json["live"]["source"], "none", "{args:?}");
    }
}

#[test]
fn each_source_of_credentials_is_a_line_of_a_page() {
    let ran = broken()
        .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
        .args(["plan", "good.yaml", "-o", "html=html", "-o", "json=json"])
        .run();
    let json: serde_json::Value = serde_json::from_str(&written(&ran, "json")).expect("JSON");
    let parts = json["errors"][0]["parts"].as_array().expect("parts");
    assert_eq!(parts.len(), 6, "{parts:?}");
    assert!(
        parts
            .iter()
            .all(|part| part["message_template"].is_object()),
        "{parts:?}"
    );
    let page = written(&ran, "html");
    let lines = page.matches("<li>environment variables: set").count();
    assert_eq!(lines, 1, "{page}");
    assert!(page.contains("run <code>aliyun configure</code>"), "{page}");
    let saved = crdrift()
        .file("result.json", written(&ran, "json"))
        .args(["render", "result.json", "-o", "html=html", "--lang", "zh"])
        .run();
    let page = written(&saved, "html");
    assert!(page.contains("<li>环境变量：请设置"), "{page}");
}

#[test]
fn a_chinese_page_has_the_help_of_each_error() {
    for (rules, expected) in [
        ("rules.yaml", "此处可用的键为"),
        ("no-such.yaml", "文件或文件夹不存在"),
        ("good.yaml", "请设置 ALIBABA_<wbr>CLOUD_<wbr>ACCESS"),
    ] {
        let ran = broken()
            .args(["plan", rules, "-o", "html=html", "--lang", "zh"])
            .run();
        let page = written(&ran, "html");
        assert!(page.contains(expected), "{expected}: {page}");
    }
}

#[test]
fn a_chinese_page_has_the_reason_of_each_failure() {
    let uncounted = r#"{"Code":"success","IsSuccess":true,"SyncRules":[]}"#;
    let live = ["plan", "good.yaml", "--live"];
    let emulate = ["plan", "good.yaml", "--emulate", "live.json", "--faults"];
    for (args, expected) in [
        (
            [&live[..], &["uncounted.json"]].concat(),
            "响应中没有有效的 <code>TotalCount</code>",
        ),
        (
            [&emulate[..], &["script.yaml"]].concat(),
            "version：应为 1，即格式的版本",
        ),
        (
            vec!["report", "result.json", "--since", "2100-01-01"],
            "没有 <span class=\"name\">2100-01-01</span> 或之后的结果",
        ),
        (vec!["report", "live.json"], "有 1 个输入无法使用"),
    ] {
        let result = crdrift()
            .file("good.yaml", read("examples/quickstart/rules.yaml"))
            .file("live.json", read("examples/quickstart/live.json"))
            .args(["plan", "good.yaml", "--live", "live.json", "-o", "json"])
            .run();
        let ran = broken()
            .file("uncounted.json", uncounted)
            .file("script.yaml", "version: 2")
            .file("result.json", result.stdout)
            .args(args)
            .args(["-o", "html=html", "--lang", "zh"])
            .run();
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        let page = written(&ran, "html");
        assert!(page.contains("lang=\"zh-CN\""), "{page}");
        assert!(page.contains(expected), "{expected}: {page}");
    }
}
