//! Symbolic links of a change to files outside of the repository: no output has their content.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::{Crdrift, crdrift, read};

/// A password in a file of credentials, and one in the settings of git.
const SECRETS: [&str; 2] = ["planted-key-one", "planted-token-two"];

/// A checkout in a home with credentials, and a link to them under each of the names.
fn checkout(target: &str, links: &[&str]) -> Crdrift {
    let config = format!(
        "{{\"profiles\":\n  [{{\"access_key_secret\": {}}}]}}\n",
        SECRETS[0]
    );
    let run = crdrift()
        .file("home/.aliyun/config.json", &config)
        .file(
            "home/shop/.git/config",
            format!("[x]\ntoken = {}\n", SECRETS[1]),
        )
        .file(
            "home/shop/rules.yaml",
            read("examples/quickstart/rules.yaml"),
        )
        .file("home/shop/live.json", read("examples/quickstart/live.json"));
    for folder in ["rules", "infra", "results"] {
        fs::create_dir_all(run.path().join("home/shop").join(folder)).expect("a folder");
    }
    for link in links {
        symlink(target, run.path().join("home/shop").join(link)).expect("a link");
    }
    let home = run.path().join("home");
    run.env("HOME", home).working_in("home/shop")
}

/// Runs it, and demands that it is refused by the name of the link, and that no secret is printed.
fn refused(run: Crdrift, args: &str, link: &str) {
    let ran = run.args(args.split(' ')).run();
    let printed = format!("{}{}", ran.stdout, ran.stderr);
    let words = ran.stderr.split_whitespace().filter(|word| *word != "│");
    let words = words.collect::<Vec<_>>().join(" ");
    assert_eq!(ran.code, 1, "{args}: {printed}");
    assert!(words.contains(link), "{args}: {printed}");
    assert!(words.contains("symbolic link"), "{args}: {printed}");
    for secret in SECRETS {
        assert!(!printed.contains(secret), "{args}: {printed}");
    }
}

#[test]
fn rules_behind_an_external_symlink_are_not_read() {
    let link = "rules/z.yaml";
    for target in ["../../.aliyun/config.json", "../.git/config"] {
        for args in [
            "fmt --check rules",
            "fmt rules",
            "fmt --check rules/z.yaml",
            "validate rules",
            "validate rules/*.yaml",
            "validate **/*.yaml",
            "validate rules/z.yaml",
            "validate ../shop/rules/z.yaml",
            "validate rules.yaml rules/z.yaml",
            "plan rules --live live.json",
            "plan rules.yaml --live live.json --base ./rules",
            "graph rules --side desired",
            "export rules --to ros",
            "trace shop/api:v1 rules --live live.json",
            "baseline rules --live live.json --out b.json",
            "waive rules --live live.json --code drift/missing-rule --owner a --reason b",
            "import --rules rules --live live.json --out new.yaml",
            "snapshot rules --emulate live.json --out new.json",
            "list shanghai --rules rules --emulate live.json",
            "policy test rules",
            "doctor rules",
        ] {
            refused(checkout(target, &[link]), args, link);
        }
    }
}

#[test]
fn other_inputs_behind_an_external_symlink_are_not_read() {
    let target = "../../.aliyun/config.json";
    for (link, args) in [
        ("infra/z.tf", "validate --desired-from terraform infra"),
        ("infra/z.tf", "validate --desired-from terraform infra/z.tf"),
        (
            "infra/z.json",
            "validate --desired-from terraform infra/z.json",
        ),
        ("results/z.json", "report results"),
        ("results/z.json", "report results/z.json"),
        ("results/z.json", "plan rules.yaml --live results/z.json"),
        (
            "results/z.json",
            "plan rules.yaml --live live.json --baseline results/z.json",
        ),
        (
            "results/z.json",
            "plan rules.yaml --live live.json --previous results/z.json",
        ),
        ("results/z.json", "render results/z.json -o text"),
        ("results/z.json", "plan rules.yaml --emulate results/z.json"),
    ] {
        refused(checkout(target, &[link]), args, link);
    }
}

#[test]
fn a_symlinked_folder_is_rejected_by_its_name() {
    for args in ["validate rules/out", "validate rules/**/*.yaml"] {
        let run = checkout("../../outside", &["rules/out"])
            .file("home/outside/inner/keys.yaml", SECRETS[0])
            .file("home/outside/keys.yaml", SECRETS[0]);
        refused(run, args, "`rules/out`");
    }
}

#[test]
fn a_rewritten_file_behind_an_external_symlink_is_a_usage_error() {
    for args in [
        "fmt rules.yaml rules/z.yaml",
        "waive rules/z.yaml --live live.json --code drift/missing-rule --owner a --reason b --write",
        "waive rules.yaml --live live.json --code drift/missing-rule --owner a --reason b --into rules/z.yaml",
        "plan rules.yaml --live live.json -o json=rules/z.yaml",
        "man --out rules/z.yaml",
    ] {
        let ran = checkout("../../.aliyun/config.json", &["rules/z.yaml"])
            .args(args.split(' '))
            .run();
        assert_eq!(ran.code, 64, "{args}: {}{}", ran.stdout, ran.stderr);
        assert!(
            ran.stderr.contains("rules/z.yaml"),
            "{args}: {}",
            ran.stderr
        );
        assert!(
            ran.stderr
                .contains("a symbolic link leads out of the repository"),
            "{args}"
        );
        let config = ran.folder.path().join("home/.aliyun/config.json");
        let config = fs::read_to_string(config).expect("a file");
        assert!(config.contains(SECRETS[0]), "{args}: {config}");
    }
    let ran = checkout("../.git/config", &["rules/z.json"])
        .args("plan rules.yaml --live live.json -o json=rules/z.json".split(' '))
        .run();
    assert_eq!(ran.code, 64, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("into the .git folder"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_symlink_to_a_device_can_be_an_output() {
    for target in ["/dev/stdout", "/dev/fd/1"] {
        let ran = checkout(target, &["rules/so"])
            .args("plan rules.yaml --live live.json -o json=rules/so".split(' '))
            .run();
        assert_eq!(ran.code, 2, "{target}: {}", ran.stderr);
        assert!(ran.stdout.starts_with('{'), "{target}: {}", ran.stdout);
    }
}

#[test]
fn symlinks_within_the_repository_are_followed() {
    for input in ["rules", "rules/z.yaml", "rules/*.yaml"] {
        let ran = checkout("../rules.yaml", &["rules/z.yaml"])
            .args(["validate", input])
            .run();
        assert_eq!(ran.code, 0, "{input}: {}", ran.stderr);
    }
}

#[test]
fn outside_a_repository_symlinks_stay_in_the_given_folder() {
    let run = || {
        let run = crdrift()
            .file(
                "rules/..data/rules.yaml",
                read("examples/quickstart/rules.yaml"),
            )
            .file("own/rules.yaml", read("examples/quickstart/rules.yaml"));
        symlink("..data/rules.yaml", run.path().join("rules/rules.yaml")).expect("a link");
        symlink("../rules/rules.yaml", run.path().join("own/linked.yaml")).expect("a link");
        run
    };
    for (input, code) in [
        ("rules", 0),
        ("own", 1),
        ("own/*.yaml", 1),
        ("own/linked.yaml", 0),
    ] {
        let ran = run().args(["validate", input]).run();
        assert_eq!(ran.code, code, "{input}: {}", ran.stderr);
        assert_eq!(
            ran.stderr.contains("rules/link-out"),
            code == 1,
            "{input}: {}",
            ran.stderr
        );
    }
}
