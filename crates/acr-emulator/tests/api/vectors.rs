//! Requests with signatures of official SDKs, byte by byte.

use acr_emulator::{AccessKey, Emulator, SecurityToken};
use serde_json::json;

use super::wire::{self, WireAnswer, listing, raw, send_raw};

const INSTANCE: &str = "cri-kmsiwlxxdcva0001";
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const LATE: &str = "2026-03-01T23:59:59Z";
const TOKEN: &str = "CAIS/Example+Security/Token==";
const NAMESPACE: &str = "a b+c*d~e/f'(g)!_.-é镜";

/// Starts an emulator with the key of the vectors, and a rule in a namespace of special characters.
async fn emulator(now: &str, token: Option<&str>) -> Emulator {
    let key = AccessKey {
        id: "testAccessKeyId".to_owned(),
        secret: "testAccessKeySecret".to_owned(),
        security_token: token.map(|token| SecurityToken {
            token: token.to_owned(),
            expires_at: None,
        }),
    };
    let rule = json!({"SyncRuleId": "crsr-1", "LocalNamespaceName": NAMESPACE, "TargetRegionId": "cn-shenzhen"});
    wire::serve_with(vec![listing(INSTANCE, &[rule])], &[key], now, |_| ()).await
}

fn headers(lines: &[&str]) -> Vec<(String, String)> {
    lines
        .iter()
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

fn assert_lists(answer: &WireAnswer, page: u64, size: u64, name: &str) {
    assert_eq!(answer.status, 200, "{name}: {answer:?}");
    let body = answer.json();
    let echoed = (
        &body["Code"],
        &body["PageNo"],
        &body["PageSize"],
        &body["TotalCount"],
    );
    assert_eq!(
        echoed,
        (&json!("success"), &json!(page), &json!(size), &json!(1)),
        "{name}"
    );
}

/// The headers of V3-A and V3-D.
fn plain(authorization: &str) -> Vec<(String, String)> {
    headers(&[
        "host:cr.cn-hangzhou.aliyuncs.com",
        "x-acs-action:ListRepoSyncRule",
        &format!("x-acs-content-sha256:{EMPTY}"),
        "x-acs-date:2026-03-01T08:00:00Z",
        "x-acs-signature-nonce:0123456789abcdef0123456789abcdef",
        "x-acs-version:2018-12-01",
        &format!("Authorization:ACS3-HMAC-SHA256 Credential=testAccessKeyId,{authorization}"),
    ])
}

#[tokio::test]
async fn acs3_over_a_query() {
    let six =
        "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
    let extra = headers(&[
        "user-agent:crdrift-golden/1",
        "accept:application/json",
        "x-acs-credentials-provider:static_ak",
    ]);
    let cases = [
        (
            "V3-A",
            plain(&format!("SignedHeaders={six},Signature=2e8819ef9e91f481906e5021a0e9667021a3628f1ecfc1ff52c236c766fdb6b3")),
        ),
        (
            "V3-D, Python",
            [
                extra.clone(),
                plain(
                    "SignedHeaders=accept;host;user-agent;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=eaa54b042eb293c96c4eac9b1aa2aa2f99e1f90c51cf91848e7cd1028752f22a",
                ),
            ]
            .concat(),
        ),
        (
            "V3-D, Node",
            [
                extra,
                plain(
                    "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=9f2d66e4d68f6fef2b086741791a7697de8f9a8cd9b416af375ba79496a6bd54",
                ),
            ]
            .concat(),
        ),
    ];
    for (name, headers) in cases {
        let emulator = emulator(wire::NOW, None).await;
        let request = raw(
            &format!("POST /?InstanceId={INSTANCE}&PageNo=1&PageSize=50"),
            &headers,
            "",
        );
        assert_lists(&send_raw(&emulator, &request).await, 1, 50, name);
    }
}

#[tokio::test]
async fn acs3_with_a_token_and_hard_characters() {
    let headers = headers(&[
        "host:cr-vpc.cn-shanghai.aliyuncs.com",
        "x-acs-accesskey-id:testAccessKeyId",
        "x-acs-action:ListRepoSyncRule",
        &format!("x-acs-content-sha256:{EMPTY}"),
        &format!("x-acs-date:{LATE}"),
        &format!("x-acs-security-token:{TOKEN}"),
        "x-acs-signature-nonce:ffffffffffffffffffffffffffffffff",
        "x-acs-version:2018-12-01",
        "Authorization:ACS3-HMAC-SHA256 Credential=testAccessKeyId,SignedHeaders=host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version,Signature=02a2ec9a881cdf89d8ee97e031eea4966eba66a30dde5889281d2b5ae603d023",
    ]);
    // The same request as Python's SDK and as Node's SDK encode it: the signature covers the decoded value.
    for (name, namespace) in [
        ("Python", "a+b%2Bc%2Ad~e%2Ff%27%28g%29%21_.-%C3%A9%E9%95%9C"),
        ("Node", "a%20b%2Bc*d~e%2Ff%27(g)!_.-%C3%A9%E9%95%9C"),
        ("bare", "a%20b%2bc*d%7Ee/f'(g)!_.-%c3%a9%e9%95%9c"),
    ] {
        let emulator = emulator(LATE, Some(TOKEN)).await;
        let line = format!(
            "GET /?TargetRegionId=cn-shenzhen&InstanceId={INSTANCE}&PageNo=2&PageSize=100&RepoName=&NamespaceName={namespace}"
        );
        assert_lists(
            &send_raw(&emulator, &raw(&line, &headers, "")).await,
            2,
            100,
            name,
        );
    }
}

#[tokio::test]
async fn acs3_over_a_form() {
    let emulator = emulator(wire::NOW, None).await;
    let headers = headers(&[
        "content-type:application/x-www-form-urlencoded",
        "host:127.0.0.1:18080",
        "x-acs-action:ListRepoSyncRule",
        "x-acs-content-sha256:c555467686a45668dd087a4cbb7821c47d24dfa97daafdb9e557d6a46e2aa96c",
        "x-acs-date:2026-03-01T08:00:00Z",
        "x-acs-signature-nonce:0123456789abcdef0123456789abcdef",
        "x-acs-version:2018-12-01",
        "Authorization:ACS3-HMAC-SHA256 Credential=testAccessKeyId,SignedHeaders=content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=ced66db0dd2aff2cc50cef0e6114582da148782b63d652bfabceecfa7e39fc79",
    ]);
    let body = format!("InstanceId={INSTANCE}&PageNo=1&PageSize=50");
    assert_lists(
        &send_raw(&emulator, &raw("POST /", &headers, &body)).await,
        1,
        50,
        "V3-C",
    );
}

#[tokio::test]
async fn rpc_over_a_query() {
    let emulator = emulator(wire::NOW, None).await;
    let query = "AccessKeyId=testAccessKeyId&Action=ListRepoSyncRule&Format=JSON&InstanceId=cri-kmsiwlxxdcva0001&PageNo=1&PageSize=50&SignatureMethod=HMAC-SHA1&SignatureNonce=0123456789abcdef0123456789abcdef&SignatureVersion=1.0&Timestamp=2026-03-01T08%3A00%3A00Z&Version=2018-12-01&Signature=aznX3SK8%2Fv%2F36PMYghPsMLDWrBs%3D";
    let request = raw(
        &format!("GET /?{query}"),
        &headers(&["host:cr.cn-hangzhou.aliyuncs.com"]),
        "",
    );
    assert_lists(&send_raw(&emulator, &request).await, 1, 50, "V1-A");
}

#[tokio::test]
async fn rpc_over_query_form_or_both() {
    let (common, business) = (
        "AccessKeyId=testAccessKeyId&Action=ListRepoSyncRule&Format=JSON&RegionId=cn-shanghai&SecurityToken=CAIS%2FExample%2BSecurity%2FToken%3D%3D&SignatureMethod=HMAC-SHA1&SignatureNonce=ffffffffffffffffffffffffffffffff&SignatureType=&SignatureVersion=1.0&Timestamp=2026-03-01T23%3A59%3A59Z&Version=2018-12-01&Signature=Fyqnk5TSWWX72Lx%2Fgr3IG5%2FpzgI%3D",
        "InstanceId=cri-kmsiwlxxdcva0001&NamespaceName=a+b%2Bc*d~e%2Ff%27(g)!_.-%C3%A9%E9%95%9C&PageNo=2&PageSize=100",
    );
    let all = format!("{common}&{business}");
    let cases = [
        ("query", format!("POST /?{all}"), ""),
        ("form", "POST /".to_owned(), all.as_str()),
        ("both", format!("POST /?{common}"), business),
    ];
    for (name, line, body) in cases {
        let emulator = emulator(LATE, Some(TOKEN)).await;
        // Python's SDK repeats action and version in headers that are not signed.
        let headers = headers(&[
            "host:cr.cn-shanghai.aliyuncs.com",
            "content-type:application/x-www-form-urlencoded",
            "x-acs-action:ListRepoSyncRule",
            "x-acs-version:2018-12-01",
        ]);
        assert_lists(
            &send_raw(&emulator, &raw(&line, &headers, body)).await,
            2,
            100,
            name,
        );
    }
}
