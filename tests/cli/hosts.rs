//! Hosts and identities in rules files: rejected ones, and those that an operator allows.

use std::fs;
use std::process::Command;

use crate::support::{Crdrift, EmulatorGuard, crdrift, read};

/// The quick start with an endpoint at every instance.
fn rules(endpoint: &str) -> String {
    read("examples/quickstart/rules.yaml")
        .replace("id: cri", &format!("endpoint: \"{endpoint}\", id: cri"))
}

#[test]
fn a_foreign_host_is_rejected_by_every_command_with_rules_files() {
    let commands: [&[&str]; 9] = [
        &["plan", "--live", "live.json"],
        &["validate"],
        &["trace", "base/debian:12"],
        &["graph"],
        &["export", "--to", "terraform"],
        &["doctor", "rules.yaml"],
        &["snapshot", "--out", "out.json"],
        &["list", "shanghai"],
        &["baseline", "--live", "live.json", "--out", "baseline.json"],
    ];
    for args in commands {
        let run = crdrift().file("rules.yaml", rules("https://cr.aliyuncs.com.evil.example"));
        let run = run.file("live.json", read("examples/quickstart/live.json"));
        let ran = run.args(args.iter().copied()).run();
        assert_eq!(ran.code, 1, "{args:?}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("rules/endpoint-not-allowed"),
            "{args:?}: {}",
            ran.stderr
        );
        assert!(
            ran.stderr.contains("is not below aliyuncs.com"),
            "{args:?}: {}",
            ran.stderr
        );
    }
}

#[test]
fn an_operator_allows_a_host_by_an_option_or_a_variable() {
    let run = || {
        let run = crdrift()
            .file("rules.yaml", rules("https://cr.corp.example"))
            .args(["validate"]);
        run.env("HOME", "/nowhere")
    };
    assert_eq!(run().run().code, 1);
    assert_eq!(
        run()
            .args(["--allow-endpoint", "*.corp.example"])
            .run()
            .code,
        0
    );
    assert_eq!(
        run()
            .args([
                "--allow-endpoint",
                "x.example",
                "--allow-endpoint",
                "cr.corp.example"
            ])
            .run()
            .code,
        0
    );
    assert_eq!(
        run().args(["--allow-endpoint", "corp.example"]).run().code,
        1
    );
    assert_eq!(
        run()
            .env("CRDRIFT_ALLOW_ENDPOINT", "cr.corp.example")
            .run()
            .code,
        0
    );
    assert_eq!(
        run()
            .env("CRDRIFT_ALLOW_ENDPOINT", "x.example\n*.corp.example\n")
            .run()
            .code,
        0
    );
    assert_eq!(run().env("CRDRIFT_ALLOW_ENDPOINT", "").run().code, 1);
    assert_eq!(run().args(["--allow-endpoint", "["]).run().code, 64);
}

#[test]
fn redirects_of_an_allowed_host_are_not_followed() {
    let stranger = EmulatorGuard::quickstart("version: 1");
    let script = format!(
        "version: 1\nfaults: [{{ do: {{ redirect: {{ location: \"{}/\" }} }} }}]",
        stranger.url()
    );
    let served = EmulatorGuard::quickstart(&script);
    let rules = served.with_endpoints(&read("examples/quickstart/rules.yaml"));
    let ran = served
        .keys(
            crdrift()
                .file("rules.yaml", rules)
                .args(["plan", "--no-account-check"]),
        )
        .run();
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_eq!(stranger.requests("ListRepoSyncRule"), 0);
}

const BASE: &str = "version: 1\ninstances:\n  east: { id: cri-east000000000001, region: cn-shanghai, profile: dev }\n";

fn plan(now: &str, more: &[&str]) -> Crdrift {
    let rules = |instances: &str| {
        let alias = if instances.contains("  west:") {
            "west"
        } else {
            "east"
        };
        let end = |namespace: &str| format!("{{ instance: {alias}, namespace: {namespace} }}");
        let (from, to) = (end("a"), end("b"));
        format!(
            "{instances}rules:\n  - {{ name: r, from: {from}, to: {to}, tag_filter: \"v.*\" }}\n"
        )
    };
    let run = crdrift()
        .file("rules.yaml", rules(now))
        .file("base.yaml", rules(BASE));
    let live = r#"{"format_version": "1.0", "listings": [
        {"instance_id": "cri-east000000000001", "region_id": "cn-shanghai", "rules": []},
        {"instance_id": "cri-new0000000000009", "region_id": "cn-shanghai", "rules": []}]}"#;
    run.file("live.json", live)
        .args(["plan", "--live", "live.json", "--base", "base.yaml"])
        .args(more.iter().copied())
}

#[test]
fn a_change_of_identity_is_rejected_unless_allowed() {
    let role = "role_arn: \"acs:ram::1234567890123456:role/admin\"";
    let cases = [
        (
            BASE.replace("dev", "admin"),
            "sets profile of instance \"east\": \"dev\" -> \"admin\"",
        ),
        (
            BASE.replace(", profile: dev", ""),
            "sets profile of instance \"east\": \"dev\" -> none",
        ),
        (
            BASE.replace("profile: dev", &format!("profile: dev, {role}")),
            "sets role_arn of instance \"east\"",
        ),
        (
            BASE.replace("cri-east000000000001", "cri-new0000000000009"),
            "sets id of instance \"east\"",
        ),
        (
            BASE.replace("profile: dev", "profile: dev, account: \"1\""),
            "sets account of instance \"east\": none",
        ),
        (
            BASE.replace(
                "profile: dev",
                "profile: dev, endpoint: \"http://127.0.0.1:1\"",
            ),
            "sets endpoint of instance",
        ),
        (
            BASE.replace("east:", "west:").replace("dev", "admin"),
            "sets profile of instance \"west\": \"dev\"",
        ),
        (
            format!(
                "{BASE}  new: {{ id: cri-new0000000000009, region: cn-shanghai, profile: dev }}\n"
            ),
            "sets profile of instance \"new\": none -> \"dev\"",
        ),
    ];
    for (now, words) in &cases {
        let ran = plan(now, &[]).run();
        assert_eq!(ran.code, 1, "{now}: {}", ran.stderr);
        assert!(
            ran.stderr.contains(words) && ran.stderr.contains("rules.yaml:"),
            "{words}: {}",
            ran.stderr
        );
        assert!(
            ran.stderr.contains("--allow-identity-change"),
            "{}",
            ran.stderr
        );
        for allowed in [
            plan(now, &["--allow-identity-change"]),
            plan(now, &[]).env("CRDRIFT_ALLOW_IDENTITY_CHANGE", "true"),
        ] {
            let ran = allowed.run();
            assert_ne!(ran.code, 64, "{}", ran.stderr);
            assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
            assert!(!ran.reason().contains("who asks whom"), "{}", ran.reason());
        }
    }
    for now in [
        BASE.to_owned(),
        BASE.replace("east:", "west:"),
        format!("{BASE}  new: {{ id: cri-new0000000000009, region: cn-shanghai }}\n"),
    ] {
        let ran = plan(&now, &[]).run();
        assert!(
            !ran.stderr.contains("this change sets"),
            "{now}: {}",
            ran.stderr
        );
    }
}

#[test]
fn the_result_keeps_the_profile_and_the_role() {
    let role = "acs:ram::1234567890123456:role/crdrift";
    let now = BASE.replace(
        "profile: dev",
        &format!("profile: dev, role_arn: \"{role}\""),
    );
    let result = |more: &[&str]| {
        let ran = plan(&now, &["--allow-identity-change", "-o", "json"])
            .args(more.iter().copied())
            .run();
        ran.json()["live"]["instances"][0].clone()
    };
    let instance = result(&[]);
    assert_eq!(
        (&instance["profile"], &instance["role_arn"]),
        (&"dev".into(), &role.into())
    );
    let masked = result(&["--mask-ids"]);
    assert!(!masked.to_string().contains("1234567890123456"), "{masked}");
    assert_eq!(masked["profile"], "dev");
}

#[test]
fn a_change_can_repair_an_invalid_base() {
    let broken = |more: &[&str]| {
        let run = plan(&BASE.replace(", profile: dev", ""), more)
            .file("base.yaml", "version: 1\nruls: []\n");
        run.run()
    };
    let ran = broken(&[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let ran = broken(&["--base-optional", "-o", "json"]);
    assert_ne!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("base.yaml:2:1") && ran.stderr.contains("going on without the base"),
        "{}",
        ran.stderr
    );
    assert!(ran.json()["base"].is_null());
    // Nothing proves that a profile is the one of the base.
    let profiled = |more: &[&str]| {
        plan(BASE, more)
            .file("base.yaml", "version: 1\nruls: []\n")
            .run()
    };
    let ran = profiled(&["--base-optional"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("instance \"east\": profile is \"dev\""),
        "{}",
        ran.stderr
    );
    assert_ne!(
        profiled(&["--base-optional", "--allow-identity-change"]).code,
        1
    );
}

#[test]
fn doctor_lists_the_hosts_of_every_instance_before_requests() {
    let run = crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .args(["doctor"]);
    let ran = run
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .env("ALIBABA_CLOUD_STS_ENDPOINT", "") // as if it were not set
        .env("ALIBABA_CLOUD_STS_REGION", "cn-beijing")
        .run();
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    for region in ["cn-shanghai", "cn-shenzhen", "cn-beijing"] {
        let hosts = format!(
            "not called: https://cr.{region}.aliyuncs.com, region {region}; STS https://sts.cn-beijing.aliyuncs.com"
        );
        assert!(ran.stdout.contains(&hosts), "{hosts}: {}", ran.stdout);
    }
    assert!(
        ran.stdout
            .contains("HTTPS_PROXY is set to http://127.0.0.1:1"),
        "{}",
        ran.stdout
    );
}

/// A base from git is compared alike.
#[test]
fn a_base_from_git_guards_identities_too() {
    let run = crdrift()
        .file("rules.yaml", format!("{BASE}rules: []\n"))
        .file("live.json", "{}");
    let git = |args: &[&str]| {
        let identity = [
            "-c",
            "user.name=n",
            "-c",
            "user.email=e@example.org",
            "-c",
            "commit.gpgsign=false",
        ];
        let output = Command::new("git")
            .arg("-C")
            .arg(run.path())
            .args(identity)
            .args(args)
            .output()
            .expect("git");
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "rules"]);
    fs::write(
        run.path().join("rules.yaml"),
        format!("{}rules: []\n", BASE.replace("dev", "admin")),
    )
    .expect("a file");
    let ran = run
        .args(["plan", "--live", "live.json", "--base", "main"])
        .run();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("sets profile of instance \"east\": \"dev\" -> \"admin\" (rules.yaml:3)"),
        "{}",
        ran.stderr
    );
}
