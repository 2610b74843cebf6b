//! The checks of each service: address, headers, signature, shape and size of a request.

use axum::http::{HeaderMap, Method, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crdrift::rules::TargetKind;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use super::rendered::Rendered;
use super::{SECRET, TOKEN};

const HOUR_MS: i64 = 3_600_000;

/// Returns the path and the query that a target is configured with.
pub(super) fn address(kind: TargetKind) -> String {
    match kind {
        TargetKind::Dingtalk => format!("/robot/send?access_token={TOKEN}"),
        TargetKind::Feishu => format!("/open-apis/bot/v2/hook/{TOKEN}"),
        TargetKind::Wecom => format!("/cgi-bin/webhook/send?key={TOKEN}"),
        TargetKind::Slack => format!("/services/T1/B1/{TOKEN}"),
        TargetKind::Webhook => format!("/hooks/{TOKEN}"),
        TargetKind::Alertmanager => format!("/{TOKEN}"),
    }
}

/// Returns whether a service takes 20 messages a minute.
pub(super) fn is_limited(kind: TargetKind) -> bool {
    matches!(
        kind,
        TargetKind::Dingtalk | TargetKind::Feishu | TargetKind::Wecom
    )
}

pub(super) fn success(kind: TargetKind) -> &'static str {
    match kind {
        TargetKind::Dingtalk | TargetKind::Wecom => r#"{"errcode":0,"errmsg":"ok"}"#,
        TargetKind::Feishu => r#"{"code":0,"msg":"success","data":{}}"#,
        TargetKind::Slack => "ok",
        TargetKind::Webhook | TargetKind::Alertmanager => "",
    }
}

pub(super) fn refusal(kind: TargetKind, reason: &str) -> String {
    match kind {
        TargetKind::Feishu => serde_json::json!({ "code": 9499, "msg": reason }),
        _ => serde_json::json!({ "errcode": 40035, "errmsg": reason }),
    }
    .to_string()
}

pub(super) fn missing_keyword(kind: TargetKind) -> String {
    match kind {
        TargetKind::Feishu => r#"{"code":19024,"msg":"Key Words Not Found"}"#,
        _ => r#"{"errcode":310000,"errmsg":"keywords not in content"}"#,
    }
    .to_owned()
}

/// Checks a request, and returns what a person would see.
pub(super) fn check(
    kind: TargetKind,
    (method, uri, headers): (&Method, &Uri, &HeaderMap),
    body: &[u8],
    now_ms: i64,
) -> Result<Rendered, String> {
    let header = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    expect(*method == Method::POST, "method", method.as_str())?;
    let content_type = header("content-type").unwrap_or_default();
    expect(
        content_type == "application/json",
        "content-type",
        content_type,
    )?;
    let agent = header("user-agent").unwrap_or_default();
    expect(agent.starts_with("crdrift/"), "user-agent", agent)?;
    let (path, query) = (uri.path(), uri.query().unwrap_or_default());
    let address = address(kind);
    let (expected_path, expected_query) = address.split_once('?').unwrap_or((&address, ""));
    let expected_path = match kind {
        TargetKind::Alertmanager => format!("{expected_path}/api/v2/alerts"),
        _ => expected_path.to_owned(),
    };
    expect(path == expected_path, "path", path)?;
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    let json: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let query = match kind {
        TargetKind::Dingtalk => check_query_signature(query, now_ms)?,
        _ => query,
    };
    expect(query == expected_query, "query", query)?;
    match kind {
        TargetKind::Dingtalk => {
            expect(text.len() <= 20_000, "at most 20,000 bytes", text)?;
            Rendered::from_dingtalk(&json)
        }
        TargetKind::Feishu => {
            expect(text.len() <= 20_000, "at most 20,000 bytes", text)?;
            let seconds = json["timestamp"].as_str().unwrap_or_default();
            let age = now_ms - seconds.parse::<i64>().unwrap_or_default() * 1_000;
            expect(age.abs() < HOUR_MS, "a timestamp of this hour", seconds)?;
            let expected = sign(format!("{seconds}\n{SECRET}").as_bytes(), b"");
            expect(json["sign"] == expected.as_str(), "sign", text)?;
            Rendered::from_feishu(&json)
        }
        TargetKind::Wecom => Rendered::from_wecom(&json),
        TargetKind::Slack => Rendered::from_slack(&json),
        TargetKind::Webhook => {
            let id = header("webhook-id").unwrap_or_default();
            let seconds = header("webhook-timestamp").unwrap_or_default();
            let age = now_ms - seconds.parse::<i64>().unwrap_or_default() * 1_000;
            expect(age.abs() < HOUR_MS, "a timestamp of this hour", seconds)?;
            let key = SECRET.strip_prefix("whsec_").expect("a prefix");
            let key = STANDARD.decode(key).expect("Base64");
            let expected = sign(&key, format!("{id}.{seconds}.{text}").as_bytes());
            let signature = header("webhook-signature").unwrap_or_default();
            expect(
                signature == format!("v1,{expected}"),
                "signature",
                signature,
            )?;
            Rendered::from_webhook(&json)
        }
        TargetKind::Alertmanager => Rendered::from_alerts(&json),
    }
}

/// Checks `timestamp` and `sign`, encoded once, and returns the query before them.
fn check_query_signature(query: &str, now_ms: i64) -> Result<&str, String> {
    let (rest, sign_value) = query.split_once("&sign=").ok_or("no sign in the query")?;
    let (rest, timestamp) = rest.split_once("&timestamp=").ok_or("no timestamp")?;
    let age = now_ms - timestamp.parse::<i64>().unwrap_or_default();
    expect(age.abs() < HOUR_MS, "a timestamp of this hour", timestamp)?;
    let expected = sign(
        SECRET.as_bytes(),
        format!("{timestamp}\n{SECRET}").as_bytes(),
    );
    let encoded = expected
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    expect(sign_value == encoded, "sign not match", sign_value)?;
    Ok(rest)
}

fn sign(key: &[u8], message: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key");
    mac.update(message);
    STANDARD.encode(mac.finalize().into_bytes())
}

fn expect(is_met: bool, expected: &str, found: &str) -> Result<(), String> {
    if is_met {
        Ok(())
    } else {
        Err(format!("expected {expected}, found {found}"))
    }
}
