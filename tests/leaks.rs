//! Attacks of an unreviewed rules file and a hostile service: printing a secret, and writing workflow commands.

use std::fs;

use crdrift::report::Format;
use serde_json::json;

use crate::support::{Crdrift, EmulatorGuard, RunOutput, crdrift, read};

/// The value of every secret variable here.
const PLANTED: &str = "planted/s3cret+value==";

/// A rules file with a text in one place of it.
fn rules(place: &str, text: &str) -> String {
    let at = |name: &str, plain: &str| {
        if name == place {
            text.to_owned()
        } else {
            plain.to_owned()
        }
    };
    format!(
        "version: 1\n\
         instances:\n\
         \x20 east: {{ id: \"{}\", region: \"{}\", endpoint: \"{}\", profile: \"{}\" }}\n\
         \x20 south: {{ id: cri-south00000000002, region: cn-shenzhen }}\n\
         defaults: {{ tag_filter: \"{}\" }}\n\
         rules:\n\
         \x20 - name: \"{}\"\n\
         \x20   from: {{ instance: \"{}\", namespace: \"{}\", repo: \"{}\" }}\n\
         \x20   to: {{ instance: south, namespace: app, repo: web }}\n\
         \x20 - name: \"more-${{k}}\"\n\
         \x20   matrix: {{ k: [\"{}\"] }}\n\
         \x20   from: {{ instance: east, namespace: more }}\n\
         \x20   to: {{ instance: south, namespace: more }}\n\
         unmanaged: \"{}\"\n\
         ignore: [ {{ rules: \"{}\", instance: east, reason: \"{}\" }} ]\n\
         policies: [ {{ id: names, severity: error, applies_to: desired, message: x, expr: \"{}\" }} ]\n\
         waivers: [ {{ codes: [drift/missing-rule], rules: \"{}\", reason: \"{}\", owner: \"{}\", expires: \"{}\" }} ]\n\
         severities: {{ topology/fan-in: \"{}\" }}\n\
         guards: {{ max_drift_percent: {} }}\n",
        at("id", "cri-east000000000001"),
        at("region", "cn-shanghai"),
        at("endpoint", "http://127.0.0.1:1"),
        at("profile", "default"),
        at("default", "v.*"),
        at("name", "web"),
        at("instance", "east"),
        at("namespace", "app"),
        at("repo", "web"),
        at("matrix", "one"),
        at("unmanaged", "report"),
        at("ignore", "tmp-*"),
        at("reason", "scratch"),
        at("policy", "true"),
        at("waiver", "none"),
        at("waiver reason", "later"),
        at("owner", "team"),
        at("expires", "2099-01-01"),
        at("severity", "warning"),
        if place == "guard" {
            format!("\"{text}\"")
        } else {
            "50".to_owned()
        },
    )
}

const PLACES: [&str; 20] = [
    "id",
    "region",
    "endpoint",
    "profile",
    "default",
    "name",
    "instance",
    "namespace",
    "repo",
    "matrix",
    "unmanaged",
    "ignore",
    "reason",
    "policy",
    "waiver",
    "waiver reason",
    "owner",
    "expires",
    "severity",
    "guard",
];

fn pipeline(run: Crdrift) -> Crdrift {
    run.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", PLANTED)
        .env("deploy_ToKeN", PLANTED)
}

/// Looks through everything a run left but its inputs.
fn assert_clean(what: &str, ran: &RunOutput, needles: &[&str]) {
    let mut texts = vec![
        ("standard output".to_owned(), ran.stdout.clone()),
        ("standard error".to_owned(), ran.stderr.clone()),
    ];
    let out = ran.folder.path().join("out");
    for entry in fs::read_dir(out).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        texts.push((
            path.display().to_string(),
            fs::read_to_string(&path).expect("UTF-8"),
        ));
    }
    for (place, text) in texts {
        for needle in needles {
            assert!(!text.contains(needle), "{what}, {place}: {text}");
        }
    }
}

#[test]
fn a_secret_variable_is_rejected_in_every_reference() {
    for place in PLACES {
        for reference in [
            "${env.ALIBABA_CLOUD_ACCESS_KEY_SECRET}",
            "x-${env.deploy_ToKeN:-y}",
        ] {
            let run = pipeline(crdrift()).file("rules.yaml", rules(place, reference));
            let ran = run.args(["validate"]).run();
            assert_eq!(ran.code, 1, "{place}: {ran:?}");
            assert!(
                ran.stderr.contains("rules/secret-variable"),
                "{place}: {}",
                ran.stderr
            );
            assert_clean(place, &ran, &[PLANTED, "planted"]);
        }
    }
}

#[test]
fn every_command_with_rules_rejects_a_secret_variable() {
    let live = r#"{"format_version":"1.0","listings":[{"instance_id":"cri-east000000000001","rules":[]},{"instance_id":"cri-south00000000002","rules":[]}]}"#;
    let rules = rules("name", "leak-${env.ALIBABA_CLOUD_ACCESS_KEY_SECRET}");
    let commands: [&[&str]; 14] = [
        &["plan", "--live", "live.json"],
        &[
            "plan",
            "good.yaml",
            "--live",
            "live.json",
            "--base",
            "./rules.yaml",
        ],
        &["validate"],
        &["list", "east"],
        &["snapshot", "--out", "out/s.json"],
        &["import", "--live", "live.json", "--out", "rules.yaml"],
        &[
            "import",
            "--live",
            "live.json",
            "--rules",
            "rules.yaml",
            "--out",
            "out/new.yaml",
        ],
        &["trace", "app/web:v1", "rules.yaml", "--live", "live.json"],
        &["graph", "rules.yaml", "--live", "live.json"],
        &["export", "--to", "terraform", "--offline", "rules.yaml"],
        &[
            "baseline",
            "rules.yaml",
            "--live",
            "live.json",
            "--out",
            "out/baseline.json",
        ],
        &[
            "waive",
            "rules.yaml",
            "--live",
            "live.json",
            "--code",
            "drift/missing-rule",
            "--reason",
            "x",
            "--owner",
            "y",
            "--expires",
            "2099-01-01",
        ],
        &["policy", "test", "rules.yaml"],
        &["doctor", "rules.yaml"],
    ];
    for args in commands {
        let run = pipeline(crdrift())
            .file("rules.yaml", &rules)
            .file("live.json", live)
            .file("out/.keep", "");
        let run = run.file("good.yaml", crate::leaks::rules("", ""));
        let ran = run.args(args.iter().copied()).run();
        assert!(
            ran.stderr.contains("rules/secret-variable"),
            "{args:?}: {ran:?}"
        );
        assert_clean(args[0], &ran, &[PLANTED, "planted"]);
    }
}

#[test]
fn an_allowed_variable_is_read_and_printed() {
    let rules = rules("name", "web-${env.BUILD_KEY}");
    let value = "not-so-secret";
    for (args, variable) in [
        (vec!["--allow-env", "BUILD_KEY"], ""),
        (vec![], "OTHER\nBUILD_KEY\n"),
    ] {
        let run = pipeline(crdrift())
            .env("BUILD_KEY", value)
            .env("CRDRIFT_ALLOW_ENV", variable);
        let live = r#"{"format_version":"1.0","listings":[{"instance_id":"cri-east000000000001","rules":[]},{"instance_id":"cri-south00000000002","rules":[]}]}"#;
        let run = run.file("rules.yaml", &rules).file("live.json", live);
        let ran = run
            .args(["plan", "--live", "live.json", "--all"])
            .args(args)
            .run();
        assert!(ran.stdout.contains("web-not-so-secret"), "{ran:?}");
    }
    let run = crdrift()
        .env("BUILD_KEY", value)
        .file("rules.yaml", rules)
        .args(["validate", "--allow-env", "BUILD_TOKEN"])
        .run();
    assert!(run.stderr.contains("--allow-env BUILD_KEY"), "{run:?}");
}

/// The secret is in the rules file, in live names and in messages of the service, as after an earlier leak.
#[test]
fn no_format_prints_a_secret_of_another_input() {
    let row = |name: &str| {
        json!({ "SyncRuleId": "crsr-1", "SyncRuleName": name, "LocalRegionId": "cn-shanghai",
            "LocalInstanceId": "cri-east000000000001", "LocalNamespaceName": name, "LocalRepoName": "web",
            "TargetRegionId": "cn-shenzhen", "TargetInstanceId": "cri-south00000000002", "TargetNamespaceName": "app",
            "TargetRepoName": "web", "TagFilter": name, "SyncScope": "REPO", "SyncDirection": "FROM", "SyncTrigger": "PASSIVE" })
    };
    let shifted = format!("{}{PLANTED}", "x".repeat(190));
    let rows: Vec<_> = [
        &format!("live-{PLANTED}"),
        &PLANTED.to_uppercase(),
        &shifted,
    ]
    .map(|it| row(it))
    .into();
    let live = json!({ "format_version": "1.0", "listings": [
        { "instance_id": "cri-east000000000001", "region_id": "cn-shanghai", "rules": rows },
        { "instance_id": "cri-south00000000002", "status": "denied", "error": { "code": "Denied", "message": PLANTED } },
    ] });
    let plan: Vec<String> = Format::NAMES
        .iter()
        .flat_map(|it| ["-o".to_owned(), format!("{it}=out/{it}")])
        .collect();
    let plan: Vec<&str> = ["plan", "--live", "live.json", "--all", "-v"]
        .into_iter()
        .chain(plan.iter().map(String::as_str))
        .collect();
    let graph = [
        "graph",
        "--live",
        "live.json",
        "-o",
        "dot=out/dot",
        "-o",
        "mermaid=out/m",
        "-o",
        "svg=out/svg",
        "-o",
        "json=out/j",
    ];
    let commands: [&[&str]; 11] = [
        &plan,
        &graph,
        &["plan", "--live", "live.json", "--remedy"],
        &[
            "plan",
            "--live",
            "live.json",
            "--remedy=script=out/remedy.sh",
            "--compact",
        ],
        &["plan", "--live", "live.json", "-o", "ndjson"],
        &["trace", "app/web:v1", "--live", "live.json"],
        &["export", "--to", "terraform", "--offline"],
        &["import", "--live", "live.json", "--out", "-"],
        &["import", "--live", "live.json", "--out", "out/new.yaml"],
        &["list", PLANTED, "--timeout", "1"],
        &["explain", PLANTED],
    ];
    for place in ["name", "reason", "waiver reason", "namespace", "severity"] {
        for args in commands {
            let run = pipeline(crdrift())
                .file("rules.yaml", rules(place, PLANTED))
                .file("live.json", live.to_string());
            let run = run
                .file("out/.keep", "")
                .env("GITHUB_OUTPUT", "out/output")
                .env("GITHUB_STEP_SUMMARY", "out/summary");
            let ran = run.args(args.iter().copied()).run();
            let what = format!("{place}, {args:?}");
            assert_clean(
                &what,
                &ran,
                &[
                    PLANTED,
                    "s3cret",
                    "S3CRET",
                    "planted/s",
                    "planted%2f",
                    "planted&#47;",
                ],
            );
        }
    }
    let ran = pipeline(crdrift())
        .args(["plan", "--no-such-option", PLANTED])
        .run();
    assert_eq!(ran.code, 64, "{ran:?}");
    assert_clean("an unknown option", &ran, &["s3cret"]);
}

#[test]
fn a_secret_in_a_response_is_redacted() {
    let echo = format!(
        "version: 1\nfaults:\n  - do: {{ error: {{ status: 400, code: Echo, message: \"it was {PLANTED} or cGxhbnRlZC9zM2NyZXQrdmFsdWU9PQ==\" }} }}\n"
    );
    let served = EmulatorGuard::quickstart(&echo);
    let rules = served.with_endpoints(&read("examples/quickstart/rules.yaml"));
    for args in [
        vec!["plan", "-v"],
        vec!["list", "shanghai", "--raw"],
        vec!["snapshot"],
        vec!["doctor", "-o", "json"],
    ] {
        let run = served
            .keys(crdrift())
            .env("REGISTRY_PASSWORD", PLANTED)
            .file("rules.yaml", &rules);
        let ran = run
            .args(args.iter().copied())
            .args(["--timeout", "5"])
            .run();
        assert_clean(args[0], &ran, &["s3cret", "cGxhbnRlZC9zM2NyZXQ"]);
    }
}

#[test]
fn a_rules_file_cannot_write_workflow_commands() {
    let hostile = "x##vso[task.setvariable variable=a]b ##[error]c ##teamcity[x";
    let block = format!("{}# ##vso[task.complete]\n", rules("", "")).replace(
        "reason: \"later\"",
        "reason: \"later\n\n  ::error file=a::b\n\n  ::add-matcher::m.json\"",
    );
    let texts = [
        block,
        rules("name", hostile),
        rules("reason", hostile),
        rules("severity", hostile),
        "##[group]x: [\n  ::error::y\n".to_owned(),
    ];
    let live = json!({ "format_version": "1.0", "listings": [
        { "instance_id": "cri-east000000000001", "region_id": "cn-shanghai", "rules": [
            { "SyncRuleId": "crsr-1", "SyncRuleName": "::error::live ##[x]", "LocalInstanceId": "cri-east000000000001",
              "LocalNamespaceName": hostile, "TargetInstanceId": "cri-south00000000002", "TargetNamespaceName": "::stop-commands::x",
              "TagFilter": hostile, "SyncScope": "NAMESPACE", "SyncDirection": "FROM", "SyncTrigger": "PASSIVE" }] },
        { "instance_id": "cri-south00000000002", "region_id": "cn-shenzhen", "rules": [] },
    ] });
    let mut commands: Vec<Vec<&str>> = vec![
        vec!["validate"],
        vec!["fmt", "--check"],
        vec!["fmt", "-"],
        vec!["plan", "--live", "live.json", "--remedy"],
        vec!["trace", "app/web:v1", "--live", "live.json"],
        vec!["graph", "--live", "live.json", "-o", "mermaid"],
        vec!["graph", "--live", "live.json", "-o", "dot"],
        vec!["graph", "--live", "live.json", "-o", "json"],
        vec!["export", "--to", "terraform", "--offline"],
        vec!["export", "--to", "ros", "--offline"],
        vec!["import", "--live", "live.json", "--out", "-"],
        vec!["import", "--live", "live.json", "--out", "rules.yaml"],
        vec![
            "waive",
            "--live",
            "live.json",
            "--code",
            "drift/unmanaged-rule",
            "--reason",
            "::error::x",
            "--owner",
            "##[y]",
            "--expires",
            "2099-01-01",
        ],
        vec!["explain", "::error::x"],
        vec!["match", "v.*", "::error::x", "##[y]"],
    ];
    for format in Format::NAMES.iter().filter(|it| **it != "github") {
        commands.push(vec!["plan", "--live", "live.json", "--all", "-o", format]);
    }
    for text in &texts {
        for args in &commands {
            let run = crdrift()
                .file("rules.yaml", text)
                .file("live.json", live.to_string())
                .stdin(text.clone());
            let ran = run.args(args.iter().copied()).run();
            for line in ran.stdout.lines().chain(ran.stderr.lines()) {
                let commands = line.trim_start().starts_with("::")
                    || line.contains("##[")
                    || line.contains("##vso[")
                    || line.contains("##team");
                assert!(!commands, "{args:?}: {line}\n{text}");
            }
        }
    }
}

#[test]
fn an_endpoint_password_is_hidden_and_control_characters_are_escaped() {
    let text = "version: 1\ninstances:\n  east:\n    id: cri-east000000000001\n    endpoint: \"https://user:hunter2pw@host\"\n    \
                reg\u{7f}ion: x\n    \"a\\tb\": y\nrules: []\n";
    let ran = crdrift().file("rules.yaml", text).args(["validate"]).run();
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_clean("a password", &ran, &["hunter2pw", "\t", "\u{7f}"]);
    let hcl = "resource \"alicloud_cr_ee_sync_rule\" \"x\" {\n  x 上\n}\n";
    let ran = crdrift()
        .file("main.tf", hcl)
        .args(["validate", "--desired-from", "terraform", "main.tf"])
        .run();
    assert!(ran.code == 1 && ran.stderr.contains("上"), "{}", ran.stderr);
}

#[test]
fn a_url_password_is_hidden_in_diffs_and_multi_line_snippets() {
    let rules = |key: &str, value: &str| {
        format!(
            "version: 1\ninstances:\n  east:\n    id: cri-east000000000001\n    {key}: {value}\n    region: [x]\nrules: []\n"
        )
    };
    for value in [
        "\"https://user:hunter2pw@host\"",
        "\"https://user:\\\n      hunter2pw@host\"",
        "\"https://user:\n      hunter2pw@host\"",
        ">-\n      https://user:\n      hunter2pw@host",
        "https://user:\n      hunter2pw@host",
    ] {
        for key in ["endpoint", "endpont", "link"] {
            for args in [["validate", "-v"], ["fmt", "--check"]] {
                let run = crdrift().file("rules.yaml", rules(key, value)).args(args);
                let ran = run.run();
                assert_ne!(ran.code, 0, "{key} {value}: {ran:?}");
                assert_clean("a password", &ran, &["hunter2pw"]);
            }
        }
    }
}

#[test]
fn a_webhook_address_is_a_secret() {
    let url = "https://hooks.example/services/T00000000/B0/pl4nted";
    for name in [
        "SLACK_WEBHOOK",
        "TEAM_WEBHOOK_URL",
        "DINGTALK_ROBOT",
        "FEISHU_BOT",
    ] {
        let rules = format!("version: 1\nestate: \"${{env.{name}}}\"\nrules: []\n");
        let run = crdrift().file("rules.yaml", rules).env(name, url);
        let ran = run.args(["validate", "-o", "json"]).run();
        assert_eq!(ran.code, 1, "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains(name), "{name}: {}", ran.stderr);
        assert_clean(name, &ran, &["pl4nted"]);
        let rules = format!("version: 1\nestate: {url}\nrules: []\n");
        let run = crdrift().file("rules.yaml", rules).env(name, url);
        let ran = run.args(["validate", "-o", "json"]).run();
        assert_eq!(ran.code, 0, "{name}: {}", ran.stderr);
        assert_clean(name, &ran, &["pl4nted"]);
    }
}
