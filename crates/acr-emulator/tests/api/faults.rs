//! The faults of a script, over the wire.

use std::io::Read;
use std::time::Duration;

use acr_api::{ApiAction, ErrorKind, parse_page};
use acr_emulator::{Emulator, Script};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::wire::{self, Acs3, WireAnswer, listing, send_bytes, send_raw, serve_with};

/// Starts an emulator with five rules of `cri-a` and a script of faults.
async fn scripted(faults: &str) -> Emulator {
    let rules: Vec<_> = (1..=5)
        .map(|number| {
            json!({"SyncRuleId": format!("crsr-{number}"), "LocalInstanceId": "cri-a", "TargetInstanceId": "cri-b", "SyncDirection": "FROM"})
        })
        .collect();
    let script = Script::parse(&format!("version: 1\nfaults:\n{faults}")).unwrap();
    serve_with(vec![listing("cri-a", &rules)], &[], wire::NOW, |options| {
        options.script = script;
    })
    .await
}

fn page(number: u32) -> String {
    let number = number.to_string();
    Acs3::new(
        "ListRepoSyncRule",
        &[
            ("InstanceId", "cri-a"),
            ("PageSize", "2"),
            ("PageNo", &number),
        ],
    )
    .sign(&[])
}

async fn list(emulator: &Emulator) -> WireAnswer {
    send_raw(emulator, &page(1)).await
}

/// Returns the numbers of the rules on a page.
fn numbers(answer: &WireAnswer) -> Vec<String> {
    let body = answer.json();
    let rules = body["SyncRules"].as_array().unwrap().iter();
    rules
        .map(|rule| rule["SyncRuleId"].as_str().unwrap().replace("crsr-", ""))
        .collect()
}

#[tokio::test]
async fn injected_errors_have_their_kind() {
    let cases = [
        ("throttle: {}", 400, "Throttling.User", ErrorKind::Throttled),
        (
            "throttle: {code: Throttling.Api, status: 429, retry_after_ms: 1500}",
            429,
            "Throttling.Api",
            ErrorKind::Throttled,
        ),
        (
            "error: {status: 500, code: SystemError, message: Unknown error.}",
            500,
            "SystemError",
            ErrorKind::Server,
        ),
        (
            "error: {status: 503, code: ServiceUnavailable, xml: true}",
            503,
            "ServiceUnavailable",
            ErrorKind::Server,
        ),
        (
            "error: {status: 403, code: Forbidden.RAM}",
            403,
            "Forbidden.RAM",
            ErrorKind::Denied,
        ),
        (
            "refuse: {code: INSTANCE_STATUS_NOT_SUPPORT}",
            200,
            "INSTANCE_STATUS_NOT_SUPPORT",
            ErrorKind::InstanceNotFound,
        ),
        (
            "expire_token",
            400,
            "InvalidSecurityToken.Expired",
            ErrorKind::TokenExpired,
        ),
        (
            "skew: {seconds: 901}",
            400,
            "InvalidTimeStamp.Expired",
            ErrorKind::Clock,
        ),
        ("html: {}", 502, "HTTP 502", ErrorKind::Server),
        (
            "redirect: {location: \"https://example.org/\"}",
            302,
            "HTTP 302",
            ErrorKind::Other,
        ),
        (
            "truncate: {keep_percent: 50}",
            200,
            "UnreadableAnswer",
            ErrorKind::Unreadable,
        ),
        (
            "set_members: {IsSuccess: false}",
            200,
            "success",
            ErrorKind::Other,
        ),
        (
            "set_members: {SyncRules: null}",
            200,
            "UnreadableAnswer",
            ErrorKind::Unreadable,
        ),
    ];
    for (fault, status, code, kind) in cases {
        let emulator = scripted(
            &format!("  - {{when: {{nth: [1]}}, do: {{{fault}}}}}")
                .replace("{expire_token}", "expire_token"),
        )
        .await;
        let answer = list(&emulator).await;
        let error = parse_page(answer.status, answer.body.as_bytes()).unwrap_err();
        assert_eq!(
            (error.status, error.code.as_str(), error.kind()),
            (status, code, kind),
            "{fault}"
        );
        let retry_after = answer.header("x-acs-retry-after");
        assert_eq!(
            retry_after,
            fault.contains("1500").then_some("1500"),
            "{fault}"
        );
        assert_eq!(
            answer.header("location"),
            fault.contains("redirect").then_some("https://example.org/"),
            "{fault}"
        );
        // The next request succeeds.
        assert_eq!(numbers(&list(&emulator).await), ["1", "2"], "{fault}");
        assert_eq!(
            emulator.request_counts().count(ApiAction::ListRepoSyncRule),
            2
        );
    }
}

#[tokio::test]
async fn injected_errors_use_up_the_nonce() {
    let emulator = scripted("  - {when: {nth: [1]}, do: {throttle: {}}}").await;
    let request = page(1);
    assert_eq!(
        send_raw(&emulator, &request).await.code().1,
        "Throttling.User"
    );
    assert_eq!(
        send_raw(&emulator, &request).await.code().1,
        "SignatureNonceUsed"
    );
}

#[tokio::test]
async fn skew_changes_the_date_header() {
    let emulator = scripted("  - {do: {skew: {seconds: -3600}}}").await;
    let answer = list(&emulator).await;
    assert_eq!(answer.code().1, "InvalidTimeStamp.Expired");
    assert_eq!(answer.header("date"), Some("Sun, 01 Mar 2026 07:00:00 GMT"));
    let corrected = Acs3::new("ListRepoSyncRule", &[("InstanceId", "cri-a")])
        .header("x-acs-date", Some("2026-03-01T07:00:00Z"));
    assert_eq!(send_raw(&emulator, &corrected.sign(&[])).await.status, 200);
}

#[tokio::test]
async fn counts_and_rows_are_tampered() {
    let walk = async |faults: &str| {
        let emulator = scripted(faults).await;
        let mut walked = Vec::new();
        for number in 1..=3 {
            let answer = send_raw(&emulator, &page(number)).await;
            walked.push(format!(
                "{} of {}",
                numbers(&answer).join(""),
                answer.json()["TotalCount"]
            ));
        }
        walked
    };
    let cases = [
        ("  []", ["12 of 5", "34 of 5", "5 of 5"]),
        (
            "  - {do: {total_count: {add: 1}}}",
            ["12 of 6", "34 of 6", "5 of 6"],
        ),
        (
            "  - {when: {page: 2}, do: {total_count: {add: -1, text: true}}}",
            ["12 of 5", "34 of \"4\"", "5 of 5"],
        ),
        (
            "  - {when: {page: 2}, do: {shift_rows: {by: 1}}}",
            ["12 of 5", "45 of 5", "5 of 5"],
        ),
        (
            "  - {when: {page: 2}, do: {shift_rows: {by: -1}}}",
            ["12 of 5", "23 of 5", "5 of 5"],
        ),
        // A rule is deleted and another one added during the read: every count agrees, and rule 3 is lost.
        (
            "  - {when: {nth: [2]}, do: {change_rules: {delete: [crsr-1], add: [{SyncRuleId: crsr-6, LocalInstanceId: cri-a}]}}}",
            ["12 of 5", "45 of 5", "6 of 5"],
        ),
    ];
    for (faults, expected) in cases {
        assert_eq!(walk(faults).await, expected, "{faults}");
    }
}

#[tokio::test]
async fn rule_changes_persist_at_both_instances() {
    let add = "{SyncRuleId: crsr-9, LocalInstanceId: cri-b, TargetInstanceId: cri-a, SyncDirection: FROM}";
    let emulator = scripted(&format!(
        "  - {{when: {{nth: [2]}}, do: {{change_rules: {{delete: [crsr-5], add: [{add}]}}}}}}"
    ))
    .await;
    let ask = async |instance| {
        let request = Acs3::new("ListRepoSyncRule", &[("InstanceId", instance)]).sign(&[]);
        numbers(&send_raw(&emulator, &request).await)
    };
    assert_eq!(ask("cri-a").await, ["1", "2", "3", "4", "5"]);
    assert_eq!(ask("cri-b").await, ["1", "2", "3", "4", "9"]);
    assert_eq!(ask("cri-a").await, ["1", "2", "3", "4", "9"]);
}

#[tokio::test]
async fn fields_are_absent_null_empty_or_unknown() {
    let first =
        async |faults: &str| list(&scripted(faults).await).await.json()["SyncRules"][0].clone();
    let cases: [(&str, &str, Option<Value>); 6] = [
        ("  []", "LinkId", None),
        (
            "  - {do: {missing_fields: as_null}}",
            "LinkId",
            Some(Value::Null),
        ),
        (
            "  - {do: {missing_fields: as_empty}}",
            "LinkId",
            Some(json!("")),
        ),
        (
            "  - {do: {drop_fields: [SyncDirection]}}",
            "SyncDirection",
            None,
        ),
        (
            "  - {do: {set_fields: {SyncDirection: BOTH}}}",
            "SyncDirection",
            Some(json!("BOTH")),
        ),
        (
            "  - {do: {set_fields: {FieldOfTomorrow: [1]}}}",
            "FieldOfTomorrow",
            Some(json!([1])),
        ),
    ];
    for (faults, field, expected) in cases {
        assert_eq!(
            first(faults).await.get(field).cloned(),
            expected,
            "{faults}"
        );
    }
}

#[tokio::test]
async fn connections_reset_at_the_given_share() {
    for (percent, bytes_of_body) in [
        ("", None),
        ("after_percent: 0", Some(false)),
        ("after_percent: 50", Some(true)),
    ] {
        let emulator = scripted(&format!("  - {{do: {{reset: {{{percent}}}}}}}")).await;
        let mut stream = TcpStream::connect(emulator.address()).await.unwrap();
        stream.write_all(page(1).as_bytes()).await.unwrap();
        let mut got = Vec::new();
        let error = stream.read_to_end(&mut got).await.unwrap_err();
        assert_eq!(
            error.kind(),
            std::io::ErrorKind::ConnectionReset,
            "{percent}"
        );
        let got = String::from_utf8(got).unwrap();
        let body = got.split_once("\r\n\r\n").map(|(_, body)| !body.is_empty());
        assert_eq!(body, bytes_of_body, "{percent}: {got}");
    }
}

#[tokio::test]
async fn bodies_are_compressed_or_chunked() {
    let plain = list(&scripted("  []").await).await;
    let emulator = scripted("  - {do: gzip}").await;
    let answer = send_bytes(&emulator, &page(1)).await;
    let at = answer
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .unwrap();
    assert!(String::from_utf8_lossy(&answer[..at]).contains("content-encoding: gzip"));
    let mut body = String::new();
    flate2::read::GzDecoder::new(&answer[at + 4..])
        .read_to_string(&mut body)
        .unwrap();
    assert_eq!(body.len(), plain.body.len());

    let emulator = scripted("  - {do: {slow: {chunk_bytes: 100, pause_ms: 1}}}").await;
    assert_eq!(numbers(&list(&emulator).await), ["1", "2"]);
}

#[tokio::test]
async fn latency_ends_with_the_emulator() {
    let emulator =
        scripted("  - {when: {nth: [1]}, do: {latency: {ms: 30}}}\n  - {when: {nth: [2]}, do: {latency: {ms: 60000}}}")
            .await;
    let begun = std::time::Instant::now();
    assert_eq!(list(&emulator).await.status, 200);
    assert!(begun.elapsed() >= Duration::from_millis(30));
    let mut stream = TcpStream::connect(emulator.address()).await.unwrap();
    stream.write_all(page(1).as_bytes()).await.unwrap();
    while emulator.request_counts().total() < 2 {
        tokio::task::yield_now().await;
    }
    emulator.shut_down().await;
    assert!(begun.elapsed() < Duration::from_secs(10));
}
