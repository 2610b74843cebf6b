//! `snapshot`: the listings of the instances as a file.

use sha2::{Digest, Sha256};

use crate::support::{Crdrift, EmulatorGuard, crdrift, read};

fn snapshot(served: &EmulatorGuard) -> Crdrift {
    let rules = served.with_endpoints(&read("examples/quickstart/rules.yaml"));
    served.keys(
        crdrift()
            .file("rules.yaml", rules)
            .args(["snapshot", "--out", "live.json"]),
    )
}

#[test]
fn a_snapshot_gives_the_same_plan_offline() {
    let served = EmulatorGuard::quickstart("version: 1");
    let ran = snapshot(&served).run();
    assert_eq!(
        (ran.code, ran.reason()),
        (0, "crdrift: 13 rules of 3 instances (exit code 0)"),
        "{ran:?}"
    );
    let live = std::fs::read(ran.folder.path().join("live.json")).expect("a snapshot");
    #[allow(clippy::format_collect, reason = "thirty-two bytes, once")]
    let hash: String = Sha256::digest(&live)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(ran.stdout, format!("{hash}  live.json\n"));

    let plan = |run: Crdrift| {
        let mut result = run.args(["plan", "--all", "-o", "json"]).run().json();
        for instance in result["live"]["instances"]
            .as_array_mut()
            .expect("instances")
        {
            for evidence in ["requests", "request_ids"] {
                instance[evidence] = "".into();
            }
            instance["account"]["credentials"] = "".into();
        }
        for run in ["started_at", "duration_ms"] {
            result[run] = "".into();
        }
        result["live"]["source"] = "".into();
        result["live"]["taken_at"] = "".into();
        result["live"]["files"] = "".into();
        result
    };
    let rules = served.with_endpoints(&read("examples/quickstart/rules.yaml"));
    let online = plan(served.keys(crdrift().file("rules.yaml", &rules)));
    let offline = plan(
        crdrift()
            .file("rules.yaml", &rules)
            .file("live.json", &live)
            .env("CRDRIFT_LIVE", "live.json"),
    );
    assert_eq!(online, offline);
}

#[test]
fn a_snapshot_has_the_status_of_a_failed_instance() {
    let script = "version: 1\naccounts: [{ uid: \"1234567890123456\" }]\nfaults:\n  \
                  - { when: { instance: cri-beijing000000003 }, do: { error: { status: 403, code: NoPrivilege, \
                  message: \"acs:ram::1234567890123456:user/x may not\" } } }\n";
    let served = EmulatorGuard::quickstart(script);
    let ran = snapshot(&served).run();
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.reason()
            .starts_with("crdrift: \"beijing\" is incomplete; 10 rules of 3 instances"),
        "{ran:?}"
    );
    let text = std::fs::read_to_string(ran.folder.path().join("live.json")).expect("a snapshot");
    let live: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        (
            &live["listings"][0]["status"],
            &live["listings"][0]["error"]["code"]
        ),
        (&"denied".into(), &"NoPrivilege".into())
    );
    assert!(text.contains("1234567890123456"));
    let rules = read("examples/quickstart/rules.yaml");
    let offline = crdrift()
        .file("rules.yaml", rules)
        .file("live.json", &text)
        .args(["plan", "--live", "live.json"])
        .run();
    assert_eq!(offline.code, 3, "{offline:?}");

    let ran = snapshot(&served).args(["--redact-accounts"]).run();
    let text = std::fs::read_to_string(ran.folder.path().join("live.json")).expect("a snapshot");
    assert!(
        !text.contains("1234567890123456") && text.contains("acs:ram::[account-1]:user/x may not"),
        "{text}"
    );
}

#[test]
fn a_snapshot_omits_instances_of_another_account() {
    let served =
        EmulatorGuard::quickstart("version: 1\naccounts: [{ uid: \"9999999999999999\" }]\n");
    let ran = snapshot(&served).run();
    assert_eq!(ran.code, 3, "{ran:?}");
    let text = std::fs::read_to_string(ran.folder.path().join("live.json")).expect("a snapshot");
    assert!(
        text.contains("WrongAccount") && !text.contains("SyncRuleId"),
        "{text}"
    );
    let rules = read("examples/quickstart/rules.yaml");
    let offline = crdrift()
        .file("rules.yaml", rules)
        .file("live.json", &text)
        .args(["plan", "--live", "live.json"])
        .run();
    assert!(
        offline.code == 3 && offline.stdout.contains("live/wrong-account"),
        "{offline:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_snapshot_is_private_to_the_user() {
    use std::os::unix::fs::PermissionsExt;
    let served = EmulatorGuard::quickstart("version: 1");
    let run = snapshot(&served).file("live.json", "old");
    let old = run.path().join("live.json");
    std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o644)).expect("permissions");
    let ran = run.run();
    assert_eq!(ran.code, 0, "{ran:?}");
    let mode = std::fs::metadata(ran.folder.path().join("live.json"))
        .expect("a snapshot")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_snapshot_goes_to_standard_output_or_reports_the_error() {
    let served = EmulatorGuard::quickstart("version: 1");
    let ran = snapshot(&served).args(["--out", "-"]).run();
    assert_eq!(ran.code, 64, "twice is not understood: {ran:?}");
    let rules = served
        .with_endpoints(&read("examples/quickstart/rules.yaml"))
        .replacen("beijing:  {", "beijing: { read: false,", 1);
    let run = |out: &str| {
        served.keys(
            crdrift()
                .file("rules.yaml", &rules)
                .args(["snapshot", "--out", out]),
        )
    };
    let ran = run("-").run();
    assert_eq!(
        (ran.code, &ran.json()["format_version"]),
        (0, &"1.0".into()),
        "{ran:?}"
    );
    assert!(
        ran.stderr.contains("  -\n") && ran.stderr.contains("beijing: not in the snapshot"),
        "{}",
        ran.stderr
    );
    let ran = run("rules.yaml/live.json").run();
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.reason().contains("cannot write rules.yaml/live.json"),
        "{}",
        ran.reason()
    );
}
