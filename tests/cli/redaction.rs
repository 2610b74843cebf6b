//! Documents that crdrift reads back have no `[secret]`: a document with a secret is not written.

use std::fs;
use std::path::Path;

use crate::support::{crdrift, read};

/// Commands that write a document which crdrift reads back, each with the path of it.
const COMMANDS: [(&[&str], Option<&str>); 9] = [
    (&["fmt", "-"], None),
    (&["import", "--live", "live.json", "--out", "-"], None),
    (
        &["import", "--live", "live.json", "--out", "new.yaml"],
        Some("new.yaml"),
    ),
    (&["snapshot", "--emulate", "live.json", "--out", "-"], None),
    (
        &["snapshot", "--emulate", "live.json", "--out", "new.json"],
        Some("new.json"),
    ),
    (&["export", "--to", "ros", "--out", "-"], None),
    (
        &["export", "--to", "ros", "--out", "new.yml"],
        Some("new.yml"),
    ),
    (
        &["baseline", "--live", "live.json", "--out", "new.json"],
        Some("new.json"),
    ),
    (
        &["list", "shanghai", "--emulate", "live.json", "--raw"],
        None,
    ),
];

#[test]
fn a_document_with_a_secret_is_rejected_and_not_altered() {
    for (args, path) in COMMANDS {
        let run = || {
            crdrift()
                .file("rules.yaml", read("examples/quickstart/rules.yaml"))
                .file("live.json", read("examples/quickstart/live.json"))
                .stdin(read("examples/quickstart/rules.yaml"))
                .env("KEYCLOAK_REALM", "shanghai")
                .args(args.iter().copied())
        };
        let ran = run().run();
        assert_eq!(ran.code, 1, "{args:?}: {}{}", ran.stdout, ran.stderr);
        for expected in ["KEYCLOAK_REALM", "--allow-env KEYCLOAK_REALM"] {
            assert!(ran.stderr.contains(expected), "{args:?}: {}", ran.stderr);
        }
        assert!(!ran.stderr.contains("shanghai"), "{args:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{args:?}");
        let written = |folder: &Path| {
            let text = path.map(|path| fs::read_to_string(folder.join(path)));
            text.and_then(Result::ok).unwrap_or_default()
        };
        assert_eq!(written(ran.folder.path()), "", "{args:?}");

        let ran = run().args(["--allow-env", "KEYCLOAK_REALM"]).run();
        let text = ran.stdout + &written(ran.folder.path());
        assert_ne!(ran.code, 1, "{args:?}: {}", ran.stderr);
        assert!(text.contains("shanghai"), "{args:?}: {text}");
        assert!(!text.contains("[secret]"), "{args:?}: {text}");
    }
}

#[test]
fn a_waiver_with_a_secret_is_rejected_and_the_file_is_kept() {
    let rules = read("examples/quickstart/rules.yaml") + "# MY_KEY is hotfix-value\n";
    let run = |secret: &str| {
        crdrift()
            .file("rules.yaml", &rules)
            .file("live.json", read("examples/quickstart/live.json"))
            .env("MY_KEY", secret)
            .args([
                "waive",
                "--live",
                "live.json",
                "--code",
                "drift/missing-rule",
            ])
            .args(["--owner", "shop-team", "--reason", "later on", "--write"])
            .run()
    };
    let ran = run("shop-team");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("--allow-env MY_KEY"), "{}", ran.stderr);
    let written = |folder: &Path| fs::read_to_string(folder.join("rules.yaml")).expect("a file");
    assert_eq!(written(ran.folder.path()), rules);
    let ran = run("hotfix-value");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(written(ran.folder.path()).contains("# MY_KEY is hotfix-value"));
    assert!(!ran.stdout.contains("hotfix-value"), "{}", ran.stdout);
}

#[test]
fn keys_of_result_documents_and_static_texts_are_not_searched() {
    let run = |secret: &str, args: &[&str]| {
        crdrift()
            .file("rules.yaml", read("examples/quickstart/rules.yaml"))
            .file("live.json", read("examples/quickstart/live.json"))
            .env("KEYCLOAK_REALM", secret)
            .args(args.iter().copied())
            .run()
    };
    for secret in ["exit_code", "findings", "instance", "desired"] {
        for args in [
            ["plan", "--live", "live.json", "-o", "json", "--all"].as_slice(),
            &["validate", "-o", "json"],
        ] {
            let ran = run(secret, args);
            let result: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
            assert_eq!(result["exit_code"], ran.code, "{secret}: {}", ran.stdout);
            for key in ["findings", "desired", "outcome"] {
                assert!(result.get(key).is_some(), "{secret}: no {key}");
            }
        }
    }
    let ran = run(
        "shanghai",
        &["plan", "--live", "live.json", "-o", "json", "--all"],
    );
    assert!(!ran.stdout.contains("shanghai"), "{}", ran.stdout);
    assert!(ran.stdout.contains("[secret]"), "{}", ran.stdout);
    let ran = run("version", &["schema", "rules"]);
    assert!(!ran.stdout.contains("[secret]"), "{}", ran.stdout);
}
