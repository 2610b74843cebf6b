//! `doctor`: a check of each requirement of reading.

use serde_json::Value;

use crate::support::{Crdrift, EmulatorGuard, RunOutput, crdrift, read};

fn doctor(served: &EmulatorGuard) -> Crdrift {
    let rules = served.with_endpoints(&read("examples/quickstart/rules.yaml"));
    served.keys(crdrift().file("rules.yaml", rules).args([
        "doctor",
        "-o",
        "text",
        "-o",
        "json=doctor.json",
    ]))
}

fn document(ran: &RunOutput) -> Value {
    let text = std::fs::read_to_string(ran.folder.path().join("doctor.json")).expect("a document");
    serde_json::from_str(&text).expect("JSON")
}

/// Status, topic and subject of the checks, without what differs from run to run.
fn report_lines(ran: &RunOutput, served: &EmulatorGuard) -> Vec<String> {
    let document = document(ran);
    let checks = document["checks"].as_array().expect("checks").iter();
    let text = |check: &Value, key: &str| {
        check[key]
            .as_str()
            .expect("text")
            .replace(&served.url(), "URL")
    };
    checks
        .map(|it| {
            ["status", "topic", "subject"]
                .map(|key| text(it, key))
                .join(" ")
        })
        .collect()
}

#[test]
fn every_check_is_reported() {
    let served = EmulatorGuard::quickstart("version: 1");
    let ran = doctor(&served).run();
    assert_eq!(
        (ran.code, ran.reason()),
        (0, "crdrift: 15 checks passed (exit code 0)"),
        "{ran:?}"
    );
    let expected = [
        "ok credentials default",
        "ok identity default",
        "ok proxy URL",
        "ok dns URL",
        "ok tls URL",
        "ok clock URL",
        "ok account beijing",
        "ok endpoint beijing",
        "ok permission beijing",
        "ok account shanghai",
        "ok endpoint shanghai",
        "ok permission shanghai",
        "ok account shenzhen",
        "ok endpoint shenzhen",
        "ok permission shenzhen",
    ];
    assert_eq!(report_lines(&ran, &served), expected);
    let document = document(&ran);
    assert_eq!(
        (&document["exit_code"], &document["policies"][0]["identity"]),
        (&0.into(), &"default".into())
    );
    let statement = &document["policies"][0]["policy"]["Statement"][0];
    assert_eq!(
        (
            &statement["Action"][0],
            statement["Resource"].as_array().map(Vec::len)
        ),
        (&"cr:ListSyncRule".into(), Some(6))
    );
    assert!(
        ran.stdout.contains("ok    permission   shanghai"),
        "{}",
        ran.stdout
    );
    assert_eq!(
        served.requests("ListRepoSyncRule"),
        3,
        "one question to each instance"
    );
    assert_eq!(
        served.requests("GetCallerIdentity"),
        1,
        "one for each identity"
    );
}

#[test]
fn a_failed_check_has_a_remedy() {
    let cases = [
        (
            "faults: [{ when: { instance: cri-beijing000000003 }, do: { error: { status: 403, code: NoPrivilege } } }]",
            3,
            "fail permission beijing",
            "allow cr:ListSyncRule on acs:cr:*:*:repository/cri-beijing000000003",
        ),
        (
            "faults: [{ when: { instance: cri-beijing000000003 }, do: { refuse: { code: INSTANCE_NOT_EXIST } } }]",
            3,
            "fail endpoint beijing",
            "check the id, cri-beijing000000003",
        ),
        (
            "faults: [{ when: { instance: cri-beijing000000003 }, do: { redirect: { location: \"http://x/\" } } }]",
            3,
            "fail endpoint beijing",
            "which is not followed",
        ),
        (
            "accounts: [{ uid: \"9999999999999999\" }]",
            3,
            "fail account shanghai",
            "expected account 1234567890123456, as declared, found credentials of 9999999999999999",
        ),
        (
            "faults: [{ do: { skew: { seconds: 3600 } } }]",
            0,
            "warn clock URL",
            "s behind the service's",
        ),
        (
            "faults: [{ do: { skew: { seconds: -100 } } }]",
            0,
            "warn clock URL",
            "s ahead of the service's",
        ),
        (
            "faults: [{ when: { action: GetCallerIdentity }, do: { error: { status: 403, code: NoPermission } } }]",
            0,
            "warn identity default",
            "could not determine the account of the credentials",
        ),
        (
            "faults: [{ do: { set_fields: { LocalRegionId: cn-elsewhere } } }]",
            0,
            "warn endpoint shanghai",
            "its rules name region cn-elsewhere",
        ),
    ];
    for (script, code, expected, words) in cases {
        let served = EmulatorGuard::quickstart(&format!("version: 1\n{script}"));
        let ran = doctor(&served).run();
        assert_eq!(ran.code, code, "{script}: {ran:?}");
        let report_lines = report_lines(&ran, &served);
        assert!(
            report_lines.iter().any(|line| line == expected),
            "{expected}: {report_lines:?}"
        );
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
}

#[test]
fn network_checks_are_reported_for_a_silent_service() {
    let run = crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .args(["doctor", "--timeout", "1"]);
    let run = run
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "planted-id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "planted-secret");
    let ran = run
        .env("HTTPS_PROXY", "http://user:planted-password@127.0.0.1:1")
        .run();
    assert_eq!(ran.code, 3, "{ran:?}");
    for words in [
        "HTTPS_PROXY is set to http://127.0.0.1:1",
        "https://cr.cn-shanghai.aliyuncs.com, region cn-shanghai",
    ] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
    assert!(!ran.stdout.contains("planted"), "{}", ran.stdout);
}

#[test]
fn a_request_without_a_turn_has_the_remedy_of_the_rate() {
    let ran = crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .file("live.json", read("examples/quickstart/live.json"))
        .args(["doctor", "--emulate", "live.json"])
        .args(["--rate", "0.01", "--timeout", "1"])
        .run();
    assert_eq!(ran.code, 3, "{ran:?}");
    let limited = "RateExhausted: the budget of requests for the account (--rate) left no turn";
    assert!(ran.stdout.contains(limited), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("help: raise --rate or --timeout"),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains("check the network"), "{}", ran.stdout);
}

#[test]
fn without_credentials_no_further_check_runs() {
    let run = crdrift()
        .file("rules.yaml", read("examples/quickstart/rules.yaml"))
        .args(["doctor"]);
    let ran = run.run();
    assert_eq!(
        (ran.code, ran.reason()),
        (
            1,
            "crdrift: no credentials: no instance was called (exit code 1)"
        ),
        "{ran:?}"
    );
    assert!(
        ran.stdout
            .starts_with("fail  credentials  default  no credentials are configured"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("\"cr:ListSyncRule\""),
        "the policy is printed nevertheless: {}",
        ran.stdout
    );
    // A rules file is not needed to look at credentials.
    let run = crdrift().args(["doctor"]);
    assert_eq!(run.run().code, 1);
    let ran = crdrift().args(["doctor", "rules.yaml"]).run();
    assert_eq!(ran.code, 1, "a file that is named has to be there: {ran:?}");
}

#[test]
fn instances_with_read_false_are_unverified() {
    let served = EmulatorGuard::quickstart("version: 1");
    let rules = served
        .with_endpoints(&read("examples/quickstart/rules.yaml"))
        .replacen("shanghai: {", "shanghai: { read: false,", 1);
    let ran = doctor(&served).file("rules.yaml", rules).run();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stdout
            .contains("declared `read: false`, so its rules are unverified"),
        "{}",
        ran.stdout
    );
    assert!(
        !ran.stdout.contains("repository/cri-shanghai"),
        "{}",
        ran.stdout
    );
}
