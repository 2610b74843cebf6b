//! Unmodified official SDKs against the emulator.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use acr_api::ReadStatus;
use acr_api::{Listing, WireRule};
use acr_emulator::{
    self, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, MirrorMode, Options, Seed,
};
use serde_json::{Value, json};

/// Characters that the SDKs encode differently.
const NAMESPACE: &str = "a b+c*d~e/f'(g)!_.-é镜";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "installs SDKs from the package registries; run it with: cargo test sdk -- --ignored"]
async fn sdks_list_all_rules() {
    let names = ["one", "two", "three", "four", "five"];
    let rules = names.map(|name| {
        let namespace = if name == "four" { NAMESPACE } else { "base" };
        let rule = json!({"SyncRuleId": name, "SyncRuleName": name, "LocalNamespaceName": namespace, "CreateTime": 1});
        serde_json::from_value::<WireRule>(rule).unwrap()
    });
    let listing = Listing {
        status: ReadStatus::Complete,
        rules: rules.to_vec(),
        ..Listing::skipped("cri-sdk0000000000001", None)
    };
    let emulator = acr_emulator::start(Options::new(
        Seed::new(vec![listing], MirrorMode::Both),
        clock(),
    ))
    .await
    .unwrap();

    let folder = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk/run.sh");
    let mut command = Command::new("sh");
    command.arg(script).arg(folder.path());
    command.args([
        &emulator.address().ip().to_string(),
        &emulator.address().port().to_string(),
    ]);
    command.args([
        DEFAULT_ACCESS_KEY_ID,
        DEFAULT_ACCESS_KEY_SECRET,
        "cri-sdk0000000000001",
        NAMESPACE,
    ]);
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );

    let lines = String::from_utf8(output.stdout).unwrap();
    let results: BTreeMap<String, Value> = lines
        .lines()
        .flat_map(|line| serde_json::from_str::<BTreeMap<_, _>>(line).unwrap())
        .collect();
    let sdks: Vec<_> = results.keys().map(String::as_str).collect();
    let asked = [
        "@alicloud/openapi-client",
        "@alicloud/pop-core, GET",
        "@alicloud/pop-core, POST",
        "alibabacloud_cr20181201",
        "alibabacloud_cr20181201, older signature",
        "aliyun-python-sdk-cr",
    ];
    assert_eq!(sdks, asked);
    for (sdk, result) in results {
        // This SDK compares the string to sign in the response with its own, and infers that the secret is wrong.
        let code = if sdk == "aliyun-python-sdk-cr" {
            "InvalidAccessKeySecret"
        } else {
            "SignatureDoesNotMatch"
        };
        let expected = json!({"all": names, "filtered": ["four"], "wrong_secret": code});
        assert_eq!(result, expected, "{sdk}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "installs SDKs from the package registries; run it with: cargo test sdk -- --ignored"]
async fn sdks_look_up_all_events() {
    let now = clock()();
    let hours_ago = |hours: i64| {
        let time = now
            .checked_sub(jiff::SignedDuration::from_hours(hours))
            .unwrap();
        time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    let record = |name: &str, hours: i64| {
        json!({"eventName": name, "eventId": format!("{name}-{hours}"), "eventTime": hours_ago(hours),
            "requestParameters": {"InstanceId": "cri-a"}})
    };
    let name = "DeleteRepoSyncRule";
    let mut records: Vec<_> = (1..=5).map(|hours| record(name, hours)).collect();
    records.push(record("DeleteNamespace", 1));
    let script = json!({"version": 1, "events": {"records": records}});
    let options = Options {
        script: acr_emulator::Script::parse(&script.to_string()).unwrap(),
        ..Options::new(Seed::default(), clock())
    };
    let emulator = acr_emulator::start(options).await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk/run_events.sh");
    let mut command = Command::new("sh");
    command.arg(script).arg(folder.path());
    command.args([
        &emulator.address().ip().to_string(),
        &emulator.address().port().to_string(),
    ]);
    command.args([DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, name]);
    command.args([hours_ago(48), hours_ago(0)]);
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let results: BTreeMap<String, Vec<String>> = serde_json::from_slice(&output.stdout).unwrap();
    let expected: Vec<_> = (1..=5).map(|hours| format!("{name}-{hours}")).collect();
    assert_eq!(results.len(), 3);
    for (sdk, ids) in results {
        assert_eq!(ids, expected, "{sdk}");
    }
}

/// The SDKs date their requests by the machine's clock, so the emulator must use it too.
#[allow(
    clippy::disallowed_methods,
    reason = "the only test whose requests are dated by other programs"
)]
fn clock() -> acr_emulator::ClockFn {
    Arc::new(jiff::Timestamp::now)
}
