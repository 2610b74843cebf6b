//! Answers of services, judged by their proof.

use super::*;

fn judged(kind: TargetKind, status: u16, body: &str) -> &'static str {
    let answer = TargetAnswer {
        status,
        retry_after: None,
        body,
    };
    match judge(kind, &answer) {
        Judgement::Delivered => "delivered",
        Judgement::Retry { .. } => "retry",
        Judgement::Refused { .. } => "refused",
        Judgement::Broken { .. } => "broken",
    }
}

#[test]
fn answers_are_judged_by_the_proof_of_the_service() {
    let code = |code: i64, text: &str| json!({ "errcode": code, "errmsg": text }).to_string();
    let feishu = |code: i64, text: &str| json!({ "code": code, "msg": text }).to_string();
    let punished = r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"x"}"#;
    let cases = [
        (TargetKind::Dingtalk, code(0, "ok"), "delivered"),
        (
            TargetKind::Dingtalk,
            code(310_000, "keywords not in content"),
            "broken",
        ),
        (
            TargetKind::Dingtalk,
            code(310_000, "sign not match"),
            "broken",
        ),
        (
            TargetKind::Dingtalk,
            code(310_000, "ip X not in whitelist"),
            "broken",
        ),
        (
            TargetKind::Dingtalk,
            code(130_101, "send too fast, exceed 20 times per minute"),
            "retry",
        ),
        (TargetKind::Dingtalk, code(410_100, "x"), "retry"),
        (TargetKind::Dingtalk, code(0, "send too fast"), "retry"),
        (TargetKind::Dingtalk, punished.to_owned(), "retry"),
        (
            TargetKind::Dingtalk,
            code(460_101, "message too long, exceed 20000 bytes"),
            "refused",
        ),
        (
            TargetKind::Dingtalk,
            code(300_005, "token is not exist"),
            "broken",
        ),
        (TargetKind::Dingtalk, code(300_001, "x"), "broken"),
        (TargetKind::Dingtalk, code(400_101, "x"), "broken"),
        (TargetKind::Dingtalk, code(400_102, "x"), "broken"),
        (TargetKind::Dingtalk, code(400_013, "x"), "broken"),
        (TargetKind::Dingtalk, code(40_035, "x"), "refused"),
        (TargetKind::Dingtalk, code(43_002, "x"), "refused"),
        (TargetKind::Dingtalk, code(-1, "busy"), "retry"),
        (TargetKind::Dingtalk, code(7, "unknown"), "refused"),
        (
            TargetKind::Dingtalk,
            r#"{"errcode":"0"}"#.to_owned(),
            "retry",
        ),
        (
            TargetKind::Feishu,
            r#"{"code":0,"msg":"success","data":{}}"#.to_owned(),
            "delivered",
        ),
        (
            TargetKind::Feishu,
            r#"{"Extra":null,"StatusCode":0,"StatusMessage":"success"}"#.to_owned(),
            "delivered",
        ),
        (
            TargetKind::Feishu,
            feishu(19_024, "Key Words Not Found"),
            "broken",
        ),
        (
            TargetKind::Feishu,
            feishu(19_021, "sign match fail"),
            "broken",
        ),
        (
            TargetKind::Feishu,
            feishu(19_022, "Ip Not Allowed"),
            "broken",
        ),
        (TargetKind::Feishu, feishu(19_001, "token"), "broken"),
        (TargetKind::Feishu, feishu(9_499, "Bad Request"), "refused"),
        (
            TargetKind::Feishu,
            feishu(11_232, "frequency limited"),
            "retry",
        ),
        (TargetKind::Feishu, feishu(19_036, "too large"), "refused"),
        (TargetKind::Feishu, feishu(5, "unknown"), "refused"),
        (TargetKind::Wecom, code(0, "ok"), "delivered"),
        (
            TargetKind::Wecom,
            code(93_000, "invalid webhook url"),
            "broken",
        ),
        (
            TargetKind::Wecom,
            code(45_009, "api freq out of limit"),
            "retry",
        ),
        (TargetKind::Wecom, code(-1, "busy"), "retry"),
        (TargetKind::Wecom, code(40_058, "x"), "refused"),
        (TargetKind::Slack, "ok".to_owned(), "delivered"),
        (TargetKind::Slack, "ok\n".to_owned(), "retry"),
        (TargetKind::Slack, "invalid_payload".to_owned(), "retry"),
        (TargetKind::Webhook, String::new(), "delivered"),
        (TargetKind::Alertmanager, String::new(), "delivered"),
    ];
    for (kind, body, expected) in cases {
        assert_eq!(judged(kind, 200, &body), expected, "{kind:?}: {body}");
    }
}

#[test]
fn no_service_delivers_with_another_status_or_without_its_proof() {
    let proofs = [r#"{"errcode":0,"code":0}"#, "ok", ""];
    for kind in TargetKind::ALL {
        for proof in proofs {
            for (status, expected) in [
                (301, "broken"),
                (400, "refused"),
                (401, "broken"),
                (403, "broken"),
                (404, "broken"),
                (408, "retry"),
                (410, "broken"),
                (413, "refused"),
                (429, "retry"),
                (500, "retry"),
                (503, "retry"),
            ] {
                assert_eq!(judged(kind, status, proof), expected, "{kind:?} {status}");
            }
        }
        if matches!(kind, TargetKind::Webhook | TargetKind::Alertmanager) {
            continue;
        }
        for body in [
            "",
            "{}",
            "null",
            "<html>ok</html>",
            "[0]",
            r#"{"errcode":null}"#,
            "OK",
        ] {
            assert_eq!(judged(kind, 200, body), "retry", "{kind:?}: {body}");
        }
    }
}

#[test]
fn the_wait_that_a_service_asks_for_is_known() {
    let after = |retry_after: Option<&str>| {
        let answer = TargetAnswer {
            status: 429,
            retry_after,
            body: "",
        };
        match judge(TargetKind::Slack, &answer) {
            Judgement::Retry { after_ms, .. } => after_ms,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(after(Some("30")), Some(30_000));
    assert_eq!(after(None), None);
    assert_eq!(after(Some("Wed, 21 Oct 2026 07:28:00 GMT")), None);
}
