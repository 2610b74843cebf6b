//! Configurations of credentials, and the errors of invalid ones.

use acr_emulator::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET};
use serde_json::json;

use crate::support::{Crdrift, EmulatorGuard, RunOutput, crdrift, read};

/// The quick start, read from an emulator, without any credentials.
fn plan(served: &EmulatorGuard) -> Crdrift {
    let run = crdrift().file(
        "rules.yaml",
        served.with_endpoints(&read("examples/quickstart/rules.yaml")),
    );
    let home = run.path().join("home").display().to_string();
    let run = run.file("home/.keep", "").env("HOME", &home);
    run.env("ALIBABA_CLOUD_STS_ENDPOINT", served.url())
        .args(["plan", "-o", "json"])
}

/// The INI file of the SDKs with the emulator's keys.
fn ini(layout: &str) -> String {
    layout
        .replace("ID", DEFAULT_ACCESS_KEY_ID)
        .replace("SECRET", DEFAULT_ACCESS_KEY_SECRET)
}

fn assert_read(ran: &RunOutput) {
    let result = ran.json();
    let statuses: Vec<_> = result["live"]["instances"]
        .as_array()
        .expect("instances")
        .iter()
        .map(|it| &it["status"])
        .collect();
    assert_eq!(statuses, ["complete", "complete", "complete"], "{ran:?}");
}

#[test]
fn a_variable_with_a_missing_file_or_profile_ends_the_run() {
    let served = EmulatorGuard::quickstart("version: 1\n");
    let profiles = json!({ "current": "default", "profiles": [{
        "name": "default", "mode": "AK",
        "access_key_id": DEFAULT_ACCESS_KEY_ID, "access_key_secret": DEFAULT_ACCESS_KEY_SECRET,
    }] });
    let with_files = || plan(&served).file("home/.aliyun/config.json", profiles.to_string());
    assert_read(&with_files().run());
    let asked = served.requests("ListRepoSyncRule");
    let cases = [
        ("ALIBABA_CLOUD_PROFILE", "prod", "no usable profile `prod`"),
        (
            "ALIBABA_CLOUD_CONFIG_FILE",
            "none.json",
            "none.json does not exist",
        ),
        (
            "ALIBABA_CLOUD_CREDENTIALS_FILE",
            "none.ini",
            "none.ini does not exist",
        ),
        (
            "ALIBABA_CLOUD_CREDENTIALS_FILE",
            "home",
            "home is not a file",
        ),
    ];
    for (variable, value, words) in cases {
        let ran = with_files().env(variable, value).run();
        assert_eq!(ran.code, 1, "{variable}: {ran:?}");
        assert!(
            ran.reason().contains(variable) && ran.reason().contains(words),
            "{}",
            ran.reason()
        );
    }
    assert_eq!(
        served.requests("ListRepoSyncRule"),
        asked,
        "no broken configuration asked anything"
    );
}

#[test]
fn a_missing_profile_of_an_instance_ends_the_run() {
    let served = EmulatorGuard::quickstart("version: 1\n");
    let rules = read("examples/quickstart/rules.yaml")
        .replace("id: cri-beijing", "profile: nope, id: cri-beijing");
    let ran = served
        .keys(plan(&served).file("rules.yaml", served.with_endpoints(&rules)))
        .run();
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.reason().contains(".aliyun/config.json"),
        "{}",
        ran.reason()
    );
    assert_eq!(served.requests("ListRepoSyncRule"), 0);
}

#[test]
fn the_ini_file_is_parsed_as_by_the_sdks() {
    let served = EmulatorGuard::quickstart("version: 1\n");
    let layouts = [
        "[default]\ntype = access_key\naccess_key_id = \"ID\"\naccess_key_secret = \"SECRET\"\n",
        "[default]\ntype: access_key\naccess_key_id: ID\naccess_key_secret: 'SECRET'\n",
        "\u{feff}; keys\r\n[default] # mine\r\ntype=access_key\r\naccess_key_id=ID ; id\r\naccess_key_secret=SECRET # x\r\n",
    ];
    for layout in layouts {
        assert_read(
            &plan(&served)
                .file("home/.alibabacloud/credentials", ini(layout))
                .run(),
        );
    }
}

#[test]
fn ignored_variables_get_a_note_without_their_values() {
    let served = EmulatorGuard::quickstart("version: 1\n");
    let foreign = |run: Crdrift| {
        run.env("ALICLOUD_ACCESS_KEY", "planted")
            .env("ALIBABACLOUD_ACCESS_KEY_ID", "planted")
    };
    let ran = foreign(served.keys(plan(&served))).run();
    assert_read(&ran);
    let note = "note: ALIBABACLOUD_ACCESS_KEY_ID, ALICLOUD_ACCESS_KEY are set and have no effect";
    assert!(
        ran.stderr.contains(note) && !ran.stderr.contains("planted"),
        "{}",
        ran.stderr
    );
    let ran = served
        .keys(plan(&served))
        .env("ALIBABA_CLOUD_PROFILE", "prod")
        .run();
    assert_read(&ran);
    assert!(
        ran.stderr
            .contains("note: ALIBABA_CLOUD_PROFILE is set and has no effect"),
        "{}",
        ran.stderr
    );
    let run = crdrift().file("live.json", read("examples/quickstart/live.json"));
    let run = run.file("rules.yaml", read("examples/quickstart/rules.yaml"));
    let ran = foreign(run.args(["plan", "--emulate", "live.json"])).run();
    assert!(!ran.stderr.contains("ALICLOUD"), "{}", ran.stderr);
}

#[test]
fn a_role_that_does_not_trust_the_token_is_denied() {
    let script = "version: 1\nfaults:\n  - when: { action: AssumeRoleWithOIDC }\n    \
                  do: { error: { status: 401, code: AuthenticationFail.NoPermission, message: There is no permission } }\n";
    let served = EmulatorGuard::quickstart(script);
    let run = plan(&served).file("token", "header.payload.signature");
    let run = run.env("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "token");
    let run = run.env(
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
        "acs:ram::1234567890123456:oidc-provider/ci",
    );
    let ran = run
        .env(
            "ALIBABA_CLOUD_ROLE_ARN",
            "acs:ram::1234567890123456:role/reader",
        )
        .run();
    assert_eq!(ran.code, 3, "{ran:?}");
    let result = ran.json();
    let instance = &result["live"]["instances"][0];
    assert_eq!(
        (&instance["status"], &instance["error"]["code"]),
        (&json!("denied"), &json!("AuthenticationFail.NoPermission"))
    );
    let message = instance["error"]["message"].as_str().expect("a message");
    assert!(
        message.contains("let the role trust the identity provider"),
        "{message}"
    );
    assert_eq!(
        served.requests("AssumeRoleWithOIDC"),
        1,
        "one refusal for the run"
    );
}

#[test]
fn an_ineffective_credentials_uri_gets_a_note() {
    let served = EmulatorGuard::quickstart("version: 1\n");
    let ran = plan(&served)
        .file(
            "home/.alibabacloud/credentials",
            ini("[default]\ntype = access_key\naccess_key_id = ID\naccess_key_secret = SECRET\n"),
        )
        .env(
            "ALIBABA_CLOUD_CREDENTIALS_URI",
            "http://127.0.0.1:1/planted",
        )
        .run();
    assert_read(&ran);
    assert!(
        ran.stderr
            .contains("note: ALIBABA_CLOUD_CREDENTIALS_URI is set and has no effect: section"),
        "{ran:?}"
    );
    assert!(!ran.stderr.contains("planted"), "{ran:?}");
}
