//! Accounts, RAM policies, STS, the metadata service and the credentials URI.

use acr_emulator::{Emulator, Script};
use serde_json::{Value, json};

use super::wire::{self, Acs3, get, listing, raw, rpc_parameters, send_raw, serve_with};

const SCRIPT: &str = r#"
version: 1
accounts:
  - uid: "1111111111111111"
    users:
      - {name: admin, access_key_id: admin, access_key_secret: s-admin}
      - {name: powerless, access_key_id: powerless, access_key_secret: s-powerless, policies: []}
      - name: checker
        access_key_id: checker
        access_key_secret: s-checker
        policies:
          - Version: "1"
            Statement:
              - {Effect: Allow, Action: "cr:ListSyncRule", Resource: "acs:cr:*:*:repository/cri-*"}
              - {Effect: Deny, Action: "cr:*", Resource: "acs:cr:cn-shanghai:*:repository/cri-secret"}
              - {Effect: Allow, Action: "sts:AssumeRole", Resource: "acs:ram::*:role/reader"}
    roles:
      - {name: reader, max_session_seconds: 7200}
      - name: pipeline
        oidc: [{provider_arn: "acs:ram::1111111111111111:oidc-provider/ci", token: signed-by-ci}]
  - uid: "2222222222222222"
    instances: [cri-b]
    users: [{name: other, access_key_id: other, access_key_secret: s-other}]
    roles: [{name: reader, trusts: ["acs:ram::1111111111111111:user/checker"]}, {name: closed, trusts: []}]
metadata: {role_arn: "acs:ram::1111111111111111:role/reader"}
credentials_uri: {role_arn: "acs:ram::2222222222222222:role/closed", session_seconds: 900}
"#;

pub(super) async fn emulator_with(script: &str) -> Emulator {
    let listings = vec![
        listing("cri-a", &[]),
        listing("cri-b", &[]),
        listing("cri-secret", &[]),
    ];
    let script = Script::parse(script).unwrap();
    serve_with(listings, &[], wire::NOW, |options| options.script = script).await
}

async fn emulator() -> Emulator {
    emulator_with(SCRIPT).await
}

type Query<'a> = &'a [(&'a str, &'a str)];

/// A key id, its secret and its token.
pub(super) type KeyParts = (String, String, Option<String>);

pub(super) fn user(name: &str) -> KeyParts {
    (name.to_owned(), format!("s-{name}"), None)
}

/// Returns the key in a response of STS, the metadata service or the credentials URI.
fn issued(credentials: &Value) -> KeyParts {
    let text = |name: &str| credentials[name].as_str().unwrap().to_owned();
    (
        text("AccessKeyId"),
        text("AccessKeySecret"),
        Some(text("SecurityToken")),
    )
}

async fn ask(emulator: &Emulator, key: &KeyParts, action: &str, query: &[(&str, &str)]) -> Value {
    let (id, secret, token) = key;
    let version = if action.contains("Role") || action.contains("Identity") {
        "2015-04-01"
    } else {
        "2018-12-01"
    };
    let request = Acs3::new(action, query).header("x-acs-security-token", token.as_deref());
    let request = Acs3 {
        key: (id.clone(), secret.clone()),
        ..request
    }
    .header("x-acs-version", Some(version));
    send_raw(emulator, &request.sign(&[])).await.json()
}

pub(super) async fn code(
    emulator: &Emulator,
    key: &KeyParts,
    action: &str,
    query: &[(&str, &str)],
) -> String {
    ask(emulator, key, action, query).await["Code"]
        .as_str()
        .unwrap_or("no code")
        .to_owned()
}

#[tokio::test]
async fn policies_and_ownership() {
    let emulator = emulator().await;
    let cases = [
        ("admin", "ListRepoSyncRule", "cri-a", "success"),
        ("admin", "ListRepoSyncRule", "cri-b", "INSTANCE_NOT_EXIST"),
        ("admin", "GetInstance", "cri-a", "success"),
        ("powerless", "ListRepoSyncRule", "cri-a", "NoPrivilege"),
        ("checker", "ListRepoSyncRule", "cri-a", "success"),
        ("checker", "ListRepoSyncRule", "cri-secret", "NoPrivilege"),
        ("checker", "GetInstance", "cri-a", "NoPrivilege"),
        ("other", "ListRepoSyncRule", "cri-b", "success"),
        ("other", "ListRepoSyncRule", "cri-a", "INSTANCE_NOT_EXIST"),
    ];
    for (name, action, instance, expected) in cases {
        let got = code(&emulator, &user(name), action, &[("InstanceId", instance)]).await;
        assert_eq!(got, expected, "{name} {action} {instance}");
    }
    assert_eq!(
        code(&emulator, &user("powerless"), "ListRepoSyncRule", &[]).await,
        "NoPrivilege"
    );
    assert_eq!(
        code(&emulator, &user("checker"), "ListInstance", &[]).await,
        "NoPrivilege"
    );
    let ids = |body: &Value| {
        let instances = body["Instances"].as_array().unwrap().iter();
        instances
            .map(|instance| instance["InstanceId"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        ids(&ask(&emulator, &user("admin"), "ListInstance", &[]).await),
        ["cri-a", "cri-secret"]
    );
    assert_eq!(
        ids(&ask(&emulator, &user("other"), "ListInstance", &[]).await),
        ["cri-b"]
    );
}

#[tokio::test]
async fn roles_are_assumed_across_accounts() {
    let emulator = emulator().await;
    let role = |account: &str, name: &str| format!("acs:ram::{account}:role/{name}");
    let (own, other) = (
        role("1111111111111111", "reader"),
        role("2222222222222222", "reader"),
    );
    let assume = async |key: &KeyParts, arn: &str, more: &[(&str, &str)]| {
        let query = [&[("RoleArn", arn), ("RoleSessionName", "crdrift-1")], more].concat();
        ask(&emulator, key, "AssumeRole", &query).await
    };
    let answer = assume(&user("checker"), &other, &[("DurationSeconds", "900")]).await;
    assert_eq!(
        answer["Credentials"]["Expiration"],
        json!("2026-03-01T08:15:00Z")
    );
    assert_eq!(
        answer["AssumedRoleUser"]["Arn"],
        json!("acs:ram::2222222222222222:assumed-role/reader/crdrift-1")
    );
    let session = issued(&answer["Credentials"]);
    assert_eq!(
        code(
            &emulator,
            &session,
            "ListRepoSyncRule",
            &[("InstanceId", "cri-b")]
        )
        .await,
        "success"
    );
    let identity = ask(&emulator, &session, "GetCallerIdentity", &[]).await;
    assert_eq!(
        (
            &identity["AccountId"],
            &identity["IdentityType"],
            &identity["Arn"]
        ),
        (
            &json!("2222222222222222"),
            &json!("AssumedRoleUser"),
            &answer["AssumedRoleUser"]["Arn"]
        )
    );
    // A session can assume the next role, if that role trusts it.
    let first = issued(
        &assume(&user("checker"), &own, &[("DurationSeconds", "7200")]).await["Credentials"],
    );
    assert_eq!(assume(&first, &own, &[]).await["Code"], Value::Null);

    let narrowed =
        r#"{"Version":"1","Statement":[{"Effect":"Deny","Action":"cr:*","Resource":"*"}]}"#;
    let narrowed =
        issued(&assume(&user("admin"), &own, &[("Policy", narrowed)]).await["Credentials"]);
    assert_eq!(
        code(
            &emulator,
            &narrowed,
            "ListRepoSyncRule",
            &[("InstanceId", "cri-a")]
        )
        .await,
        "NoPrivilege"
    );

    let rejected: [(&KeyParts, &str, Query<'_>, &str); 8] = [
        (&user("powerless"), &own, &[], "NoPermission"),
        (&user("admin"), &other, &[], "NoPermission"),
        (
            &user("checker"),
            &role("2222222222222222", "closed"),
            &[],
            "NoPermission",
        ),
        (
            &user("admin"),
            &role("1111111111111111", "none"),
            &[],
            "EntityNotExist.Role",
        ),
        (&user("admin"), "reader", &[], "InvalidParameter.RoleArn"),
        (
            &user("admin"),
            &own,
            &[("DurationSeconds", "7201")],
            "InvalidParameter.DurationSeconds",
        ),
        (
            &user("admin"),
            &own,
            &[("DurationSeconds", "long")],
            "InvalidParameter.DurationSeconds",
        ),
        (
            &user("admin"),
            &own,
            &[("Policy", "{}")],
            "InvalidParameter.PolicyGrammar",
        ),
    ];
    for (key, arn, more, expected) in rejected {
        assert_eq!(
            assume(key, arn, more).await["Code"],
            json!(expected),
            "{} {arn} {more:?}",
            key.0
        );
    }
    let unnamed = ask(
        &emulator,
        &user("admin"),
        "AssumeRole",
        &[("RoleArn", &own)],
    )
    .await;
    assert_eq!(unnamed["Code"], json!("MissingRoleSessionName"));
    let odd = ask(
        &emulator,
        &user("admin"),
        "AssumeRole",
        &[("RoleArn", &own), ("RoleSessionName", "a b")],
    )
    .await;
    assert_eq!(odd["Code"], json!("InvalidParameter.RoleSessionName"));
}

#[tokio::test]
async fn caller_identity_needs_no_permission() {
    let emulator = emulator().await;
    let default = (
        acr_emulator::DEFAULT_ACCESS_KEY_ID,
        acr_emulator::DEFAULT_ACCESS_KEY_SECRET,
    );
    let root = (default.0.to_owned(), default.1.to_owned(), None);
    let cases = [
        (root, "Account", "acs:ram::1111111111111111:root"),
        (
            user("powerless"),
            "RAMUser",
            "acs:ram::1111111111111111:user/powerless",
        ),
        (
            user("other"),
            "RAMUser",
            "acs:ram::2222222222222222:user/other",
        ),
    ];
    for (key, kind, arn) in cases {
        let identity = ask(&emulator, &key, "GetCallerIdentity", &[]).await;
        assert_eq!(
            (&identity["IdentityType"], &identity["Arn"]),
            (&json!(kind), &json!(arn))
        );
    }
    // Without a script there is one account.
    let emulator = serve_with(Vec::new(), &[], wire::NOW, |_| ()).await;
    let parameters = [("Action", "GetCallerIdentity"), ("Version", "2015-04-01")];
    let answer = send_raw(
        &emulator,
        &get(&rpc_parameters(&parameters, "GET", default.1)),
    )
    .await;
    assert_eq!(
        answer.json()["AccountId"],
        json!(acr_emulator::DEFAULT_ACCOUNT_ID)
    );
    assert_eq!(
        emulator.request_counts().count_by_name("GetCallerIdentity"),
        1
    );
}

#[tokio::test]
async fn roles_are_assumed_by_oidc_token() {
    let emulator = emulator().await;
    let assume = async |token: &str, hour: &str, more: &str| {
        let body = format!(
            "Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON&Timestamp=2026-03-01T{hour}%3A00%3A00Z&RoleSessionName=ci-1\
             &RoleArn=acs%3Aram%3A%3A1111111111111111%3Arole%2Fpipeline&OIDCToken={token}{more}"
        );
        let headers = [
            ("host", "localhost"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        send_raw(&emulator, &raw("POST /", &headers, &body))
            .await
            .json()
    };
    let provider = "&OIDCProviderArn=acs%3Aram%3A%3A1111111111111111%3Aoidc-provider%2Fci";
    let session = issued(&assume("signed-by-ci", "08", provider).await["Credentials"]);
    assert_eq!(
        code(
            &emulator,
            &session,
            "ListRepoSyncRule",
            &[("InstanceId", "cri-a")]
        )
        .await,
        "success"
    );
    let rejected = [
        (
            "signed-by-me",
            "08",
            provider,
            "AuthenticationFail.OIDCToken.Invalid",
        ),
        (
            "signed-by-ci",
            "08",
            "&OIDCProviderArn=another",
            "AuthenticationFail.OIDCToken.Invalid",
        ),
        ("signed-by-ci", "08", "", "MissingOIDCProviderArn"),
        ("signed-by-ci", "07", provider, "InvalidTimeStamp.Expired"),
    ];
    for (token, hour, more, expected) in rejected {
        assert_eq!(
            assume(token, hour, more).await["Code"],
            json!(expected),
            "{token} {hour} {more}"
        );
    }
}

#[tokio::test]
async fn metadata_service_issues_credentials() {
    let emulator = emulator().await;
    let roles = "/latest/meta-data/ram/security-credentials/";
    let send = async |emulator: &Emulator, line: &str, header: Option<(&str, &str)>| {
        let host = ("host".to_owned(), "100.100.100.200".to_owned());
        let headers: Vec<_> = std::iter::once(host)
            .chain(header.map(|(name, value)| (name.to_owned(), value.to_owned())))
            .collect();
        let answer = send_raw(emulator, &raw(line, &headers, "")).await;
        (answer.status, answer.body)
    };
    let ttl = "X-aliyun-ecs-metadata-token-ttl-seconds";
    let (status, token) = send(&emulator, "PUT /latest/api/token", Some((ttl, "21600"))).await;
    assert_eq!(status, 200);
    for ttl_header in [None, Some((ttl, "0")), Some((ttl, "21601"))] {
        assert_eq!(
            send(&emulator, "PUT /latest/api/token", ttl_header).await.0,
            400,
            "{ttl_header:?}"
        );
    }
    let header = "X-aliyun-ecs-metadata-token";
    for token in [None, Some((header, token.as_str()))] {
        assert_eq!(
            send(&emulator, &format!("GET {roles}"), token).await,
            (200, "reader".to_owned())
        );
    }
    assert_eq!(
        send(&emulator, &format!("GET {roles}"), Some((header, "stale")))
            .await
            .0,
        403
    );
    assert_eq!(
        send(&emulator, &format!("GET {roles}writer"), None).await.0,
        404
    );
    let (_, body) = send(&emulator, &format!("GET {roles}reader"), None).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&body["Code"], &body["Expiration"]),
        (&json!("Success"), &json!("2026-03-01T09:00:00Z"))
    );
    assert_eq!(
        code(
            &emulator,
            &issued(&body),
            "ListRepoSyncRule",
            &[("InstanceId", "cri-a")]
        )
        .await,
        "success"
    );

    let (_, body) = send(&emulator, "GET /credentials", None).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["Expiration"], json!("2026-03-01T08:15:00Z"));
    assert_eq!(
        code(
            &emulator,
            &issued(&body),
            "ListRepoSyncRule",
            &[("InstanceId", "cri-b")]
        )
        .await,
        "success"
    );
    assert_eq!(emulator.request_counts().count_by_name("MetadataRole"), 3);

    let strict = emulator_with(&SCRIPT.replace(
        "role/reader\"}\ncred",
        "role/reader\", require_token: true}\ncred",
    ))
    .await;
    assert_eq!(send(&strict, &format!("GET {roles}"), None).await.0, 403);
    let bare = emulator_with("version: 1").await;
    for line in [
        "PUT /latest/api/token",
        &format!("GET {roles}"),
        "GET /credentials",
    ] {
        assert_eq!(send(&bare, line, Some((ttl, "60"))).await.0, 404, "{line}");
    }
}
