//! The check of the account of an instance before reading it.

use crate::support::{Crdrift, EmulatorGuard, crdrift, read};

const OTHER_ACCOUNT: &str = "version: 1\naccounts: [{ uid: \"9999999999999999\" }]\n";

fn plan(served: &EmulatorGuard) -> Crdrift {
    let rules = served.with_endpoints(&read("examples/quickstart/rules.yaml"));
    served.keys(
        crdrift()
            .file("rules.yaml", rules)
            .args(["plan", "-o", "json"]),
    )
}

#[test]
fn an_instance_of_another_account_is_not_compared() {
    let served = EmulatorGuard::quickstart(OTHER_ACCOUNT);
    let ran = plan(&served).run();
    assert_eq!(ran.code, 3, "{ran:?}");
    let result = ran.json();
    assert_eq!(
        (&result["outcome"], &result["changes"]),
        (&"incomplete".into(), &serde_json::json!([]))
    );
    for instance in result["live"]["instances"].as_array().expect("instances") {
        assert_eq!(
            (&instance["status"], &instance["error"]["code"]),
            (&"skipped".into(), &"WrongAccount".into())
        );
        let message = instance["error"]["message"].as_str().expect("a message");
        for part in [
            "9999999999999999",
            "1234567890123456",
            "environment variables",
            "acs:ram::9999999999999999:root",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }
    let codes: Vec<_> = result["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|it| &it["code"])
        .collect();
    assert_eq!(codes, ["live/wrong-account"; 3]);
    assert_eq!(result["summary"]["unverified"], 6);
    assert_eq!(
        served.requests("GetCallerIdentity"),
        1,
        "one identity is asked for once"
    );
    assert!(
        ran.reason()
            .starts_with("crdrift: \"beijing\", \"shanghai\" and \"shenzhen\" are incomplete")
    );
}

#[test]
fn the_declared_account_is_compared() {
    let served = EmulatorGuard::quickstart("version: 1");
    assert_eq!(plan(&served).run().code, 2);
    assert_eq!(served.requests("GetCallerIdentity"), 1);
}

#[test]
fn the_account_check_can_be_disabled() {
    let served = EmulatorGuard::quickstart(OTHER_ACCOUNT);
    let ran = plan(&served).args(["--no-account-check"]).run();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(served.requests("GetCallerIdentity"), 0);
}

#[test]
fn without_a_declared_account_no_identity_is_requested() {
    let served = EmulatorGuard::quickstart(OTHER_ACCOUNT);
    let rules = served
        .with_endpoints(&read("examples/quickstart/rules.yaml"))
        .replace(", account: \"1234567890123456\"", "");
    let rules = rules.replace(",  account: \"1234567890123456\"", "");
    assert!(!rules.contains("account"), "{rules}");
    assert_eq!(plan(&served).file("rules.yaml", rules).run().code, 2);
    assert_eq!(served.requests("GetCallerIdentity"), 0);
}

#[test]
fn an_unknown_account_is_a_note() {
    let script = "version: 1\nfaults:\n  - when: { action: GetCallerIdentity }\n    \
                  do: { error: { status: 403, code: NoPermission, message: \"\\u001b[31mno\" } }\n";
    let served = EmulatorGuard::quickstart(script);
    let ran = plan(&served).run();
    assert_eq!(ran.code, 2, "{ran:?}");
    let note = "note: could not determine the account of the credentials: environment variables: \\u{1b}[31mno";
    assert!(ran.stderr.contains(note), "{}", ran.stderr);
    assert!(!plan(&served).args(["-q"]).run().stderr.contains("note:"));
}
