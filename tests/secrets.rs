//! Every source of credentials has a secret here, and every output is searched for it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use acr_client::credentials::Identity;
use acr_client::{Budget, Client, Environment, Options};
use acr_emulator::Script;
use crdrift::redaction::SecretRegistry;

use crate::support::{Crdrift, EmulatorGuard, RunOutput, crdrift, read};

/// A text that only the secrets of these tests contain.
const PLANTED: &str = "planted";

/// A text in every token of the emulator's security token service.
const ISSUED: &str = "crdrift-emulator-token";

const ACCOUNTS: &str = r#"
version: 1
accounts:
  - uid: "1234567890123456"
    users: [{ name: reader, access_key_id: planted-id, access_key_secret: planted-secret }]
    roles:
      - name: reader
        oidc: [{ provider_arn: "acs:ram::1234567890123456:oidc-provider/ci", token: planted-oidc-token }]
credentials_uri: { role_arn: "acs:ram::1234567890123456:role/reader" }
"#;

const KEYS: &str = r#""access_key_id": "planted-id", "access_key_secret": "planted-secret""#;
const ROLE: &str =
    r#""ram_role_arn": "acs:ram::1234567890123456:role/reader", "ram_session_name": "crdrift""#;

/// A source: its name, variables, files below the folder of the run, and the exit code of a plan.
struct Source {
    name: &'static str,
    variables: Vec<(&'static str, String)>,
    files: Vec<(&'static str, String)>,
    code: i32,
}

/// `$URL` is replaced by the address of the emulator, and `$FOLDER` by the folder of the run.
#[allow(clippy::too_many_lines, reason = "one table of sources")]
fn sources() -> Vec<Source> {
    let variables = |name, variables: &[(&'static str, &str)], code| {
        let variables = variables
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        Source {
            name,
            variables,
            files: vec![("token", "planted-oidc-token".to_owned())],
            code,
        }
    };
    let cli = |name, profile: &str, code| {
        let config = format!(
            r#"{{"current": "it", "profiles": [{{"name": "it", {profile}}}, {{"name": "base", "mode": "AK", {KEYS}}}]}}"#
        );
        let printed = format!(r#"{{"mode": "AK", {KEYS}}}"#);
        let files = vec![
            ("home/.aliyun/config.json", config),
            ("printed.json", printed),
            ("token", "planted-oidc-token".to_owned()),
        ];
        Source {
            name,
            variables: Vec::new(),
            files,
            code,
        }
    };
    let ini = |name, text: &str, code| {
        let files = vec![(
            "home/.alibabacloud/credentials",
            format!("[default]\n{text}\n"),
        )];
        Source {
            name,
            variables: Vec::new(),
            files,
            code,
        }
    };
    let (id, secret) = (
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    );
    let oidc = r#""oidc_provider_arn": "acs:ram::1234567890123456:oidc-provider/ci", "oidc_token_file": "$FOLDER/token""#;
    vec![
        variables("keys", &[(id, "planted-id"), (secret, "planted-secret")], 2),
        variables(
            "a wrong secret",
            &[(id, "planted-id"), (secret, "planted-wrong")],
            3,
        ),
        variables(
            "an unknown key",
            &[(id, "planted-unknown"), (secret, "planted-secret")],
            3,
        ),
        variables("half a key", &[(secret, "planted-secret")], 1),
        variables(
            "a key with a blank",
            &[(id, "planted-id"), (secret, "planted secret")],
            1,
        ),
        variables(
            "a wrong token",
            &[
                (id, "planted-id"),
                (secret, "planted-secret"),
                ("ALIBABA_CLOUD_SECURITY_TOKEN", "planted-token"),
            ],
            3,
        ),
        variables(
            "OIDC",
            &[
                ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "$FOLDER/token"),
                (
                    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
                    "acs:ram::1234567890123456:oidc-provider/ci",
                ),
                (
                    "ALIBABA_CLOUD_ROLE_ARN",
                    "acs:ram::1234567890123456:role/reader",
                ),
            ],
            2,
        ),
        variables(
            "credentials URI",
            &[(
                "ALIBABA_CLOUD_CREDENTIALS_URI",
                "$URL/credentials?key=planted-key",
            )],
            2,
        ),
        variables(
            "a broken URI",
            &[(
                "ALIBABA_CLOUD_CREDENTIALS_URI",
                "$URL/nowhere?key=planted-key",
            )],
            1,
        ),
        variables(
            "no URI",
            &[(
                "ALIBABA_CLOUD_CREDENTIALS_URI",
                "ftp://user:planted-password@x",
            )],
            1,
        ),
        cli("AK", &format!(r#""mode": "AK", {KEYS}"#), 2),
        cli(
            "StsToken",
            &format!(r#""mode": "StsToken", {KEYS}, "sts_token": "planted-token""#),
            3,
        ),
        cli(
            "RamRoleArn",
            &format!(
                r#""mode": "RamRoleArn", {KEYS}, {ROLE}, "external_id": "planted-external-id""#
            ),
            2,
        ),
        cli(
            "ChainableRamRoleArn",
            &format!(r#""mode": "ChainableRamRoleArn", "source_profile": "base", {ROLE}"#),
            2,
        ),
        cli(
            "OIDC profile",
            &format!(r#""mode": "OIDC", {oidc}, {ROLE}"#),
            2,
        ),
        cli(
            "External",
            r#""mode": "External", "process_command": "cat $FOLDER/printed.json""#,
            2,
        ),
        cli(
            "a broken External",
            r#""mode": "External", "process_command": "cat $FOLDER/planted-name""#,
            1,
        ),
        cli(
            "CredentialsURI",
            r#""mode": "CredentialsURI", "credentials_uri": "$URL/credentials?key=planted-key""#,
            2,
        ),
        cli(
            "an expired OAuth",
            &format!(
                r#""mode": "OAuth", {KEYS}, "oauth_access_token": "planted-access", "sts_token": "planted-token", "sts_expiration": 1"#
            ),
            1,
        ),
        cli(
            "CloudSSO",
            r#""mode": "CloudSSO", "cloud_sso_sign_in_url": "$URL/x", "cloud_sso_account_id": "1", "cloud_sso_access_config": "c", "access_token": "planted-access", "cloud_sso_access_token_expire": 9999999999"#,
            1,
        ),
        cli(
            "a wrong type",
            r#""mode": "AK", "access_key_id": "planted-id", "access_key_secret": ["planted-secret"]"#,
            1,
        ),
        cli(
            "an unknown mode",
            &format!(r#""mode": "Telepathy", {KEYS}"#),
            1,
        ),
        ini(
            "access_key",
            "type = access_key\naccess_key_id = planted-id\naccess_key_secret = planted-secret",
            2,
        ),
        ini(
            "ram_role_arn",
            "type = ram_role_arn\naccess_key_id = planted-id\naccess_key_secret = planted-secret\n\
             role_arn = acs:ram::1234567890123456:role/reader\nrole_session_name = crdrift",
            2,
        ),
        ini(
            "a broken file",
            "type = access_key\naccess_key_id = planted-id\naccess_key_secret planted-secret",
            1,
        ),
    ]
}

#[test]
fn no_output_has_a_secret() {
    let served = EmulatorGuard::quickstart(ACCOUNTS);
    for source in sources() {
        let plan = run(
            &source,
            &served,
            &[
                "plan",
                "-v",
                "-o",
                "text",
                "-o",
                "json=out/result.json",
                "--timeout",
                "5",
            ],
        );
        assert_eq!(plan.code, source.code, "{}: {plan:?}", source.name);
        let others: [&[&str]; 4] = [
            &[
                "list",
                "shanghai",
                "-v",
                "-o",
                "json",
                "-o",
                "csv=out/rules.csv",
                "-o",
                "table=out/rules.txt",
            ],
            &["list", "shanghai", "--raw"],
            &["snapshot", "-v", "--out", "out/live.json"],
            &["doctor", "-v", "-o", "text", "-o", "json=out/doctor.json"],
        ];
        let runs = others
            .iter()
            .map(|args| run(&source, &served, &[args, &["--timeout", "5"][..]].concat()));
        for ran in runs.chain([plan]) {
            search(source.name, &ran);
        }
    }
}

#[test]
fn repeated_secrets_are_redacted() {
    let echo = "faults:\n  - do: { error: { status: 400, code: SignatureDoesNotMatch, \
                message: \"no. server string to sign is:POST&SecurityToken%3Dplanted-token\" } }\n";
    let served = EmulatorGuard::quickstart(&format!("{ACCOUNTS}{echo}"));
    let keys = &sources()[0];
    let ran = run(keys, &served, &["plan", "-v"]);
    assert!(
        ran.code == 3 && ran.stdout.contains("SignatureDoesNotMatch"),
        "{ran:?}"
    );
    search("an echo", &ran);
    let by_id = ["list", "cri-x", "--timeout", "1", "--endpoint"];
    let ran = run(
        keys,
        &served,
        &[&by_id[..], &["https://user:planted-password@cr.invalid"]].concat(),
    );
    assert_eq!(ran.code, 3, "{ran:?}");
    search("a password in an endpoint", &ran);
    let proxied = Source {
        variables: vec![
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", "planted-id".to_owned()),
            (
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
                "planted-secret".to_owned(),
            ),
            (
                "HTTPS_PROXY",
                "http://user:planted-password@127.0.0.1:1".to_owned(),
            ),
        ],
        ..sources().remove(0)
    };
    let ran = run(
        &proxied,
        &served,
        &[&by_id[..], &["https://cr.invalid"]].concat(),
    );
    assert!(
        ran.stderr
            .contains("HTTPS_PROXY is set to http://127.0.0.1:1"),
        "{ran:?}"
    );
    search("a password of a proxy", &ran);
}

fn run(source: &Source, served: &EmulatorGuard, args: &[&str]) -> RunOutput {
    let rules = served.with_endpoints(&read("examples/quickstart/rules.yaml"));
    let mut run: Crdrift = crdrift()
        .file("rules.yaml", rules)
        .file("out/.keep", "")
        .file("home/.keep", "");
    let folder = run.path().display().to_string();
    let filled = |text: &str| {
        text.replace("$URL", &served.url())
            .replace("$FOLDER", &folder)
    };
    for (path, text) in &source.files {
        run = run.file(path, filled(text));
    }
    for (name, value) in &source.variables {
        run = run.env(name, filled(value));
    }
    // Programs that print credentials are looked for there.
    let run = run
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", format!("{folder}/home"));
    run.env("ALIBABA_CLOUD_STS_ENDPOINT", served.url())
        .args(args.iter().copied())
        .run()
}

/// Looks through everything a run left: what it said, and what it wrote.
fn search(source: &str, ran: &RunOutput) {
    let out = ran.folder.path().join("out");
    let files = fs::read_dir(&out)
        .expect("a folder")
        .map(|it| it.expect("an entry").path());
    let files = files.map(|path| {
        (
            path.display().to_string(),
            fs::read_to_string(&path).expect("text"),
        )
    });
    let said = [
        ("standard output".to_owned(), ran.stdout.clone()),
        ("standard error".to_owned(), ran.stderr.clone()),
    ];
    for (place, text) in said.into_iter().chain(files) {
        // The path of the folder is the test's own, and one case has a file of such a name.
        let text = text.replace("planted-name", "");
        assert!(
            !text.contains(PLANTED) && !text.contains(ISSUED),
            "{source}, {place}: {text}"
        );
    }
    assert!(Path::new(&out).exists());
}

#[test]
fn debug_output_has_no_secret() {
    let script = Script::parse(ACCOUNTS).expect("a script");
    let variable = |name: &str| match name {
        "ALIBABA_CLOUD_ACCESS_KEY_ID" => Some("planted-id".to_owned()),
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET" => Some("planted-secret".to_owned()),
        "ALIBABA_CLOUD_SECURITY_TOKEN" => Some("planted-token".to_owned()),
        "HTTPS_PROXY" => Some("http://user:planted-password@proxy".to_owned()),
        _ => None,
    };
    let environment = Environment {
        now: Arc::new(|| jiff::Timestamp::UNIX_EPOCH),
        random: Arc::new(|| 0),
        variable: Arc::new(variable),
        home: None,
        secrets: Arc::new(SecretRegistry::default()),
        requests: Arc::new(()),
    };
    let client = Client::new(Options::default(), environment.clone()).expect("a client");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let budget = Budget::starting_now(std::time::Duration::from_secs(1));
    let credentials = runtime
        .block_on(client.credentials(&Identity::default(), budget))
        .expect("credentials");
    let shown = format!("{script:?} {environment:?} {client:?} {credentials:?}");
    assert!(!shown.contains(PLANTED), "{shown}");
}

/// A copy of a credentials file among the rules: what is quoted of it holds no secret, though the command reads no credentials.
#[test]
fn offline_commands_print_no_secret_of_credentials_files() {
    let json = format!("{{\"profiles\": [\n  {{\"mode\": \"AK\", {KEYS}}}\n]}}\n");
    let ini = "[default]\naccess_key_id = planted-id\naccess_key_secret = planted-secret\n";
    let pasted = "a:   b\naccess_key_id: planted-id\naccess_key_secret: planted-secret\n";
    for (path, text, rules) in [
        ("home/.aliyun/config.json", json.as_str(), json.as_str()),
        ("home/.alibabacloud/credentials", ini, pasted),
    ] {
        for args in [["fmt", "--check", "rules"], ["validate", "-v", "rules"]] {
            let run = crdrift()
                .file(path, text)
                .file("rules/copy.yaml", rules)
                .file("out/.keep", "");
            let home = run.path().join("home");
            let ran = run.env("HOME", home).args(args).run();
            assert_ne!(ran.code, 0, "{path} {args:?}: {ran:?}");
            search(path, &ran);
        }
    }
}
