//! Error responses, and the order of the gateway's checks.

use acr_api::ApiError;
use acr_emulator::{AccessKey, DEFAULT_ACCESS_KEY_SECRET, Emulator, SecurityToken};
use serde_json::json;

use super::wire::{
    self, Acs3, QueryParameters, get, listing, plain_key, raw, rpc_parameters, send_raw, serve,
};

const LIST: &str = "ListRepoSyncRule";

const INSTANCE: QueryParameters = &[("InstanceId", "cri-a")];

async fn emulator() -> Emulator {
    let temporary = |id: &str, token: &str, expires: &str| AccessKey {
        security_token: Some(SecurityToken {
            token: token.to_owned(),
            expires_at: Some(expires.parse().unwrap()),
        }),
        ..plain_key(id, "secret")
    };
    let keys = [
        temporary("STS.now", "token-1", "2026-03-01T09:00:00Z"),
        temporary("STS.old", "token-2", "2026-03-01T07:00:00Z"),
    ];
    serve(vec![listing("cri-a", &[])], &keys).await
}

fn list() -> Acs3 {
    Acs3::new(LIST, INSTANCE)
}

fn with_key(id: &str, secret: &str, token: Option<&str>) -> Acs3 {
    let request = list().header("x-acs-security-token", token);
    Acs3 {
        key: (id.to_owned(), secret.to_owned()),
        ..request
    }
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one table of requests")]
async fn acs3_errors() {
    let emulator = emulator().await;
    let (nonce, date) = ("x-acs-signature-nonce", "x-acs-date");
    let cases: [(&str, String, u16, &str); 24] = [
        ("fine", list().sign(&[]), 200, "success"),
        (
            "GET",
            Acs3 {
                method: "GET",
                ..list()
            }
            .sign(&[]),
            200,
            "success",
        ),
        (
            "PUT",
            Acs3 {
                method: "PUT",
                ..list()
            }
            .sign(&[]),
            400,
            "UnsupportedHTTPMethod",
        ),
        (
            "another path",
            list().sign(&[]).replacen("POST /?", "POST /v2?", 1),
            404,
            "InvalidApi.NotFound",
        ),
        (
            "no action",
            list().header("x-acs-action", None).sign(&[]),
            400,
            "MissingAction",
        ),
        (
            "wrong case",
            Acs3::new("listRepoSyncRule", INSTANCE).sign(&[]),
            404,
            "InvalidApi.NotFound",
        ),
        (
            "a write",
            Acs3::new("DeleteRepoSyncRule", INSTANCE).sign(&[]),
            404,
            "InvalidApi.NotFound",
        ),
        (
            "no version",
            list().header("x-acs-version", None).sign(&[]),
            400,
            "MissingVersion",
        ),
        (
            "old version",
            list().header("x-acs-version", Some("2016-06-07")).sign(&[]),
            400,
            "InvalidVersion",
        ),
        (
            "no date",
            list().header(date, None).sign(&[]),
            400,
            "MissingTimestamp",
        ),
        (
            "no nonce",
            list().header(nonce, None).sign(&[]),
            400,
            "MissingSignatureNonce",
        ),
        (
            "odd date",
            list().header(date, Some("yesterday")).sign(&[]),
            400,
            "InvalidTimeStamp.Format",
        ),
        (
            "late",
            list().header(date, Some("2026-03-01T07:44:59Z")).sign(&[]),
            400,
            "InvalidTimeStamp.Expired",
        ),
        (
            "unknown key",
            with_key("unknown", "secret", None).sign(&[]),
            404,
            "InvalidAccessKeyId.NotFound",
        ),
        (
            "no token",
            with_key("STS.now", "secret", None).sign(&[]),
            400,
            "MissingSecurityToken",
        ),
        (
            "token",
            with_key("STS.now", "secret", Some("token-1")).sign(&[]),
            200,
            "success",
        ),
        (
            "old token",
            with_key("STS.old", "secret", Some("token-2")).sign(&[]),
            400,
            "InvalidSecurityToken.Expired",
        ),
        (
            "odd token",
            with_key("STS.now", "secret", Some("x")).sign(&[]),
            400,
            "InvalidSecurityToken.Malformed",
        ),
        (
            "unsigned token",
            with_key("STS.now", "secret", Some("token-1")).sign(&["x-acs-security-token"]),
            400,
            "IncompleteSignature",
        ),
        (
            "unsigned host",
            list().sign(&["host"]),
            400,
            "IncompleteSignature",
        ),
        (
            "another algorithm",
            list()
                .sign(&[])
                .replace("ACS3-HMAC-SHA256 ", "ACS3-RSA-SHA256 "),
            400,
            "InvalidSignatureMethod",
        ),
        (
            "no credential",
            list().sign(&[]).replace("Credential=", "Credentials="),
            400,
            "IncompleteSignature",
        ),
        (
            "no instance",
            Acs3::new(LIST, &[]).sign(&[]),
            400,
            "MissingInstanceId",
        ),
        (
            "page",
            Acs3::new(LIST, &[("InstanceId", "cri-a"), ("PageNo", "0")]).sign(&[]),
            400,
            "InvalidPageNo",
        ),
    ];
    for (name, request, status, code) in cases {
        assert_eq!(
            send_raw(&emulator, &request).await.code(),
            (status, code.to_owned()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn signature_errors_echo_the_string_to_sign() {
    let emulator = emulator().await;
    let tampered = [
        (
            "wrong secret",
            with_key("STS.now", "Secret", Some("token-1")).sign(&[]),
        ),
        ("query", list().sign(&[]).replacen("cri-a", "cri-b", 1)),
        (
            "header",
            list()
                .sign(&[])
                .replacen(wire::NOW, "2026-03-01T08:00:01Z", 1),
        ),
        (
            "body",
            list()
                .sign(&[])
                .replacen("content-length: 0", "content-length: 1", 1)
                + "x",
        ),
        (
            "hash",
            list().header("x-acs-content-sha256", Some("00")).sign(&[]),
        ),
    ];
    for (name, request) in tampered {
        let answer = send_raw(&emulator, &request).await;
        assert_eq!(
            answer.code(),
            (400, "SignatureDoesNotMatch".to_owned()),
            "{name}"
        );
        let message = answer.json()["Message"].as_str().unwrap().to_owned();
        assert!(
            message.contains("server StringToSign is [ACS3-HMAC-SHA256\n"),
            "{name}: {message}"
        );
        assert!(
            message.contains("server CanonicalRequest is [POST\n/\nInstanceId="),
            "{name}: {message}"
        );
        let shown = ApiError::parse(400, answer.body.as_bytes()).to_string();
        assert!(!shown.contains("token-1"), "{name}: {shown}");
    }
}

#[tokio::test]
async fn requests_are_accepted_once() {
    let emulator = emulator().await;
    let request = list().sign(&[]);
    assert_eq!(send_raw(&emulator, &request).await.status, 200);
    assert_eq!(
        send_raw(&emulator, &request).await.code(),
        (400, "SignatureNonceUsed".to_owned())
    );
    // A request with a wrong signature does not use up its nonce.
    let request = Acs3 {
        key: (list().key.0, "wrong".to_owned()),
        ..list()
    };
    assert_eq!(
        send_raw(&emulator, &request.sign(&[])).await.code().1,
        "SignatureDoesNotMatch"
    );
    let request = Acs3 {
        key: list().key,
        ..request
    };
    assert_eq!(send_raw(&emulator, &request.sign(&[])).await.status, 200);
}

#[tokio::test]
async fn rpc_errors() {
    let emulator = emulator().await;
    let cases: [(QueryParameters, u16, &str); 19] = [
        (&[], 200, "success"),
        (&[("SignatureType", "")], 200, "success"),
        (&[("Action", "<absent>")], 400, "MissingAction"),
        (
            &[("Action", "DeleteRepoSyncRule")],
            404,
            "InvalidApi.NotFound",
        ),
        (&[("Version", "<absent>")], 400, "MissingVersion"),
        (&[("Version", "2016-06-07")], 400, "InvalidVersion"),
        (&[("Format", "YAML")], 400, "InvalidParameter.Format"),
        (&[("AccessKeyId", "<absent>")], 400, "MissingAccessKeyId"),
        (
            &[("AccessKeyId", "unknown")],
            404,
            "InvalidAccessKeyId.NotFound",
        ),
        (&[("Timestamp", "<absent>")], 400, "MissingTimestamp"),
        (
            &[("Timestamp", "2026-03-01T08:15:01Z")],
            400,
            "InvalidTimeStamp.Expired",
        ),
        (
            &[("Timestamp", "2026-03-01")],
            400,
            "InvalidTimeStamp.Format",
        ),
        (
            &[("SignatureNonce", "<absent>")],
            400,
            "MissingSignatureNonce",
        ),
        (
            &[("SignatureMethod", "<absent>")],
            400,
            "MissingSignatureMethod",
        ),
        (
            &[("SignatureMethod", "HMAC-MD5")],
            400,
            "InvalidSignatureMethod",
        ),
        (
            &[("SignatureVersion", "2.0")],
            400,
            "InvalidSignatureVersion",
        ),
        (
            &[("SignatureType", "BEARERTOKEN")],
            400,
            "InvalidSignatureType",
        ),
        (
            &[("SecurityToken", "token-1")],
            400,
            "InvalidSecurityToken.MismatchWithAccessKey",
        ),
        (&[("InstanceId", "<absent>")], 400, "MissingInstanceId"),
    ];
    for (parameters, status, code) in cases {
        let given = |name: &str| parameters.iter().any(|(given, _)| *given == name);
        let instance = if given("InstanceId") { &[] } else { INSTANCE };
        let parameters = [parameters, instance].concat();
        let request = get(&rpc_parameters(
            &parameters,
            "GET",
            DEFAULT_ACCESS_KEY_SECRET,
        ));
        assert_eq!(
            send_raw(&emulator, &request).await.code(),
            (status, code.to_owned()),
            "{parameters:?}"
        );
    }
    let mut parameters = rpc_parameters(INSTANCE, "GET", DEFAULT_ACCESS_KEY_SECRET);
    parameters.retain(|(name, _)| name != "Signature");
    assert_eq!(
        send_raw(&emulator, &get(&parameters)).await.code().1,
        "MissingSignature"
    );
    let request = get(&rpc_parameters(INSTANCE, "GET", "wrong"));
    let answer = send_raw(&emulator, &request).await;
    let message = answer.json()["Message"].as_str().unwrap().to_owned();
    let (text, signed) = message.split_once("is:").unwrap();
    assert_eq!(
        text,
        "Specified signature is not matched with our calculation. server string to sign "
    );
    assert!(
        signed
            .starts_with("GET&%2F&AccessKeyId%3Dcrdrift-emulator-key%26Action%3DListRepoSyncRule"),
        "{signed}"
    );
}

#[tokio::test]
async fn checks_have_the_gateways_order() {
    let emulator = emulator().await;
    // Each request has all errors of the requests after it.
    let odd_page: &[(&str, &str)] = &[("InstanceId", "cri-z"), ("PageNo", "0")];
    let worst = || {
        let request = Acs3::new("Nothing", &[("PageNo", "0")])
            .header("x-acs-date", Some("2026-03-01T07:00:00Z"));
        Acs3 {
            key: ("unknown".to_owned(), "wrong".to_owned()),
            ..request
        }
        .header("x-acs-security-token", Some("x"))
    };
    let named = |request: Acs3| request.header("x-acs-action", Some(LIST));
    let dated = |request: Acs3| named(request).header("x-acs-date", Some(wire::NOW));
    let known = |request: Acs3| Acs3 {
        key: ("STS.now".to_owned(), "wrong".to_owned()),
        ..dated(request)
    };
    let order = [
        (worst().sign(&[]), "InvalidApi.NotFound"),
        (
            named(worst())
                .header("x-acs-signature-nonce", None)
                .sign(&[]),
            "MissingSignatureNonce",
        ),
        (named(worst()).sign(&[]), "InvalidTimeStamp.Expired"),
        (dated(worst()).sign(&[]), "InvalidAccessKeyId.NotFound"),
        (known(worst()).sign(&[]), "InvalidSecurityToken.Malformed"),
        (
            known(worst())
                .header("x-acs-security-token", Some("token-1"))
                .sign(&[]),
            "SignatureDoesNotMatch",
        ),
        (
            Acs3::new(LIST, &[("PageNo", "0")]).sign(&[]),
            "MissingInstanceId",
        ),
        (Acs3::new(LIST, odd_page).sign(&[]), "INSTANCE_NOT_EXIST"),
        (
            Acs3::new(LIST, &[("InstanceId", "cri-a"), ("PageNo", "0")]).sign(&[]),
            "InvalidPageNo",
        ),
    ];
    for (request, code) in order {
        assert_eq!(send_raw(&emulator, &request).await.code().1, code);
    }
}

#[tokio::test]
async fn malformed_requests_are_bounded() {
    let emulator = emulator().await;
    let host = [("host".to_owned(), "127.0.0.1:7878".to_owned())];
    let anonymous = send_raw(&emulator, &raw("GET /?Format=JSON", &host, "")).await;
    assert_eq!(anonymous.code(), (400, "MissingAction".to_owned()));
    assert_eq!(anonymous.json()["HostId"], json!("127.0.0.1:7878"));
    let request_id = anonymous.json()["RequestId"].as_str().unwrap().to_owned();
    assert_eq!(
        anonymous.header("x-acs-request-id"),
        Some(request_id.as_str())
    );
    let browser = send_raw(&emulator, &raw("GET /favicon.ico", &host, "")).await;
    assert_eq!(browser.status, 404);
    assert!(
        browser.body.contains("<Code>InvalidApi.NotFound</Code>"),
        "{}",
        browser.body
    );
    let large = raw("POST /?Format=JSON", &host, "")
        .replace("content-length: 0", "content-length: 99999999");
    assert_eq!(
        send_raw(&emulator, &large).await.code(),
        (413, "RequestEntityTooLarge".to_owned())
    );
    let headers = vec![("x-many".to_owned(), "x".repeat(5_000)); 99];
    assert_eq!(
        send_raw(&emulator, &raw("GET /", &headers, ""))
            .await
            .status,
        431
    );
}
