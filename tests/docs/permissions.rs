//! The policies of `docs/permissions.md`, attached to a user of the emulator: each is sufficient for its commands, and the
//! smallest one is not sufficient for others.

use super::markdown::blocks;
use crate::support::{Crdrift, EmulatorGuard, RunOutput, crdrift, read};

const READS: [&[&str]; 8] = [
    &["plan"],
    &["baseline", "--out", "baseline.json"],
    &["trace", "shop/web:v1"],
    &["graph"],
    &["export", "--to", "terraform"],
    &["snapshot", "--out", "live.json"],
    &["doctor"],
    &["list", "shanghai"],
];

#[test]
fn the_smallest_policy_is_sufficient_to_read() {
    let served = served(&policy(0));
    for command in READS {
        let ran = run(&served, command);
        assert!(matches!(ran.code, 0 | 2), "{command:?}: {ran:?}");
    }
    let ran = import(&served);
    assert_eq!(ran.code, 3, "it does not list instances: {ran:?}");
    assert!(ran.stderr.contains("cr:ListInstance"), "{ran:?}");
    let url = served.url();
    let named = [
        "import",
        "--instance-id",
        "cri-shanghai00000001",
        "--region",
        "cn-shanghai",
        "--endpoint",
        &url,
    ];
    let ran = run(&served, &[&named[..], &["--out", "imported.yaml"]].concat());
    assert_eq!(ran.code, 0, "one that is named can be imported: {ran:?}");
}

#[test]
fn the_policy_for_import_is_sufficient() {
    let ran = import(&served(&policy(1)));
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn without_the_permission_no_instance_is_read() {
    let served = served(&policy(0).replace("cr:ListSyncRule", "cr:ListRepoSyncRule"));
    for command in READS {
        let ran = run(&served, command);
        assert_eq!(ran.code, 3, "{command:?}: {ran:?}");
    }
}

/// A policy of the page, in the order of the page.
fn policy(number: usize) -> String {
    let policies: Vec<_> = blocks(&read("docs/permissions.md"))
        .into_iter()
        .filter(|block| block.language == "json")
        .collect();
    assert_eq!(policies.len(), 2);
    policies[number].text.clone()
}

/// Serves the quick start to a user with the policy.
fn served(policy: &str) -> EmulatorGuard {
    let script = format!(
        r#"{{"version": 1, "accounts": [{{"uid": "1234567890123456", "users": [{{
            "name": "reader", "access_key_id": "reader", "access_key_secret": "readers-secret",
            "policies": [{policy}]}}]}}]}}"#
    );
    EmulatorGuard::quickstart(&script)
}

fn import(served: &EmulatorGuard) -> RunOutput {
    run(
        served,
        &[
            "import",
            "--region",
            "cn-shanghai",
            "--endpoint",
            &served.url(),
            "--out",
            "imported.yaml",
        ],
    )
}

/// Runs a command as that user, with a rules file of the permitted instance.
fn run(served: &EmulatorGuard, command: &[&str]) -> RunOutput {
    let rules = served.with_endpoints(RULES);
    let run: Crdrift = crdrift()
        .file("rules.yaml", rules)
        .args(command.iter().copied());
    run.env("ALIBABA_CLOUD_ACCESS_KEY_ID", "reader")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "readers-secret")
        .env("ALIBABA_CLOUD_STS_ENDPOINT", served.url())
        .run()
}

const RULES: &str = "version: 1
instances:
  shanghai: { id: cri-shanghai00000001, region: cn-shanghai, account: \"1234567890123456\" }
  shenzhen: { id: cri-shenzhen00000002, region: cn-shenzhen, read: false }
rules:
  - name: shop-web
    from: { instance: shanghai, namespace: shop, repo: web }
    to:   { instance: shenzhen, namespace: shop, repo: web }
    tag_filter: \"v[0-9.]+\"
";
