mod answers;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::signature::{decode, sign};
use super::{Judgement, Notification, TargetAnswer, TargetRequest, judge, request};
use crate::i18n::Language;
use crate::notify::{
    ChatMessage, MessageForm, MessageOptions, MessageSize, NotificationDocument, NotifySettings,
    sample_documents,
};
use crate::rules::{NotifyEvent, NotifyTarget, TargetKind};

const NOW_MS: i64 = 1_700_000_000_000;

fn target(kind: TargetKind, url: &str, secret: Option<&str>) -> NotifyTarget {
    NotifyTarget {
        name: "ops".to_owned(),
        kind,
        url: SecretString::from(url.to_owned()),
        secret: secret.map(|it| SecretString::from(it.to_owned())),
        events: NotifyEvent::ALL.to_vec(),
        owners: Vec::new(),
        estates: Vec::new(),
        codes: Vec::new(),
        min_severity: crate::finding::Severity::Info,
        language: None,
        is_default: false,
        prefix: NotifyTarget::DEFAULT_PREFIX.to_owned(),
    }
}

fn settings() -> NotifySettings {
    NotifySettings {
        targets: Vec::new(),
        base_url: Some("https://drift.example.com/".to_owned()),
        language: Language::English,
        incomplete_after: 2,
    }
}

fn sent(target: &NotifyTarget, documents: &[NotificationDocument]) -> TargetRequest {
    let notification = Notification {
        id: "0123456789abcdef0123456789abcdef",
        documents,
        form: MessageForm::Full,
    };
    request(target, &notification, &settings(), NOW_MS)
}

fn body(request: &TargetRequest) -> Value {
    serde_json::from_str(&request.body).expect("JSON")
}

fn opened() -> Vec<NotificationDocument> {
    let [opened, _] = sample_documents(Language::English, NOW_MS);
    vec![opened]
}

/// Returns a document with many findings whose values are long and hostile.
fn many(count: usize) -> NotificationDocument {
    let [mut document, _] = sample_documents(Language::Chinese, NOW_MS);
    let finding = document.findings.remove(0);
    document.findings = (0..count)
        .map(|number| {
            let mut finding = finding.clone();
            finding.fingerprint = format!("{number:064x}");
            finding.rule = Some(format!("规则-{number}-{}", "<@all>".repeat(60)));
            finding.message = "![x](https://evil.example) ".repeat(40);
            finding
        })
        .collect();
    document.opened = count;
    document
}

#[test]
fn dingtalk_signs_in_the_query_once() {
    let signature = sign(b"SECexample", b"1700000000000\nSECexample");
    assert_eq!(signature, "uroalHrWHORz59talE1o26b8HuX2kOp8WlAN91F9Pj0=");
    let robot = target(
        TargetKind::Dingtalk,
        "https://oapi.dingtalk.com/robot/send?access_token=token",
        Some("SECexample"),
    );
    let request = sent(&robot, &opened());
    assert_eq!(
        request.url.expose_secret(),
        "https://oapi.dingtalk.com/robot/send?access_token=token&timestamp=1700000000000\
         &sign=uroalHrWHORz59talE1o26b8HuX2kOp8WlAN91F9Pj0%3D"
    );
    let body = body(&request);
    assert_eq!(body["msgtype"], "markdown");
    let title = body["markdown"]["title"].as_str().expect("a title");
    assert_eq!(title, "crdrift: example: 1 opened");
    let text = body["markdown"]["text"].as_str().expect("a text");
    assert!(
        text.starts_with("#### crdrift: example: 1 opened\n\n"),
        "{text}"
    );
    assert!(
        text.contains("\\- missing") || text.contains("drift/missing\\-rule"),
        "{text}"
    );
    assert!(
        text.ends_with("[Details](https://drift.example.com/e/example)\n"),
        "{text}"
    );
    let unsigned = target(
        TargetKind::Dingtalk,
        "https://x.example/?access_token=t",
        None,
    );
    let request = sent(&unsigned, &opened());
    assert_eq!(
        request.url.expose_secret(),
        "https://x.example/?access_token=t"
    );
}

#[test]
fn feishu_signs_in_the_body() {
    assert_eq!(
        sign(b"1700000000\ndemo", b""),
        "8oT2n3SMKFfEnDoiwer8BUM/SjKLwe9SqoEIHlhDTKo="
    );
    let url = "https://open.feishu.cn/open-apis/bot/v2/hook/x";
    let request = sent(&target(TargetKind::Feishu, url, Some("demo")), &opened());
    let body = body(&request);
    assert_eq!(body["timestamp"], "1700000000");
    assert_eq!(body["sign"], "8oT2n3SMKFfEnDoiwer8BUM/SjKLwe9SqoEIHlhDTKo=");
    assert_eq!(body["msg_type"], "interactive");
    let header = &body["card"]["header"];
    assert_eq!(header["title"]["content"], "crdrift: example: 1 opened");
    assert_eq!(header["template"], "red");
    for element in body["card"]["elements"].as_array().expect("elements") {
        if element["tag"] == "div" {
            assert_eq!(element["text"]["tag"], "plain_text");
        }
    }
}

#[test]
fn a_webhook_is_signed_as_standard_webhooks() {
    // The vector of the specification's own libraries.
    let key = decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("Base64");
    let body = r#"{"test": 2432232314}"#;
    let signed = format!("msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{body}");
    assert_eq!(
        sign(&key, signed.as_bytes()),
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    );
    let hook = target(
        TargetKind::Webhook,
        "https://hooks.example.com/crdrift",
        Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    );
    let request = sent(&hook, &opened());
    let header = |name: &str| {
        let mut headers = request.headers.iter();
        headers
            .find(|(header, _)| *header == name)
            .map(|(_, value)| value.clone())
    };
    let id = "0123456789abcdef0123456789abcdef";
    assert_eq!(header("webhook-id").as_deref(), Some(id));
    assert_eq!(header("webhook-timestamp").as_deref(), Some("1700000000"));
    let expected = sign(&key, format!("{id}.1700000000.{}", request.body).as_bytes());
    assert_eq!(header("webhook-signature"), Some(format!("v1,{expected}")));
    let document: NotificationDocument = serde_json::from_str(&request.body).expect("a document");
    assert_eq!(
        document.link.as_deref(),
        Some("https://drift.example.com/e/example")
    );
}

#[test]
fn wecom_and_slack_have_the_prefix_and_no_markup() {
    let robot = target(TargetKind::Wecom, "https://qyapi.example/?key=x", None);
    let request = sent(&robot, &opened());
    let text = body(&request)["markdown_v2"]["content"].clone();
    let text = text.as_str().expect("a text");
    assert!(
        text.starts_with("### `crdrift: example: 1 opened`\n"),
        "{text}"
    );
    let hook = target(
        TargetKind::Slack,
        "https://hooks.slack.com/services/T/B/x",
        None,
    );
    let body = body(&sent(&hook, &opened()));
    assert_eq!(body["text"], "crdrift: example: 1 opened");
    assert_eq!(
        body["blocks"][0]["text"]["text"],
        "crdrift: example: 1 opened"
    );
    assert_eq!(body["unfurl_links"], false);
}

#[test]
fn alertmanager_receives_labels_and_annotations() {
    let manager = target(TargetKind::Alertmanager, "http://127.0.0.1:9093/", None);
    let request = sent(&manager, &opened());
    assert_eq!(
        request.url.expose_secret(),
        "http://127.0.0.1:9093/api/v2/alerts"
    );
    let alert = body(&request)[0].clone();
    assert_eq!(alert["labels"]["alertname"], "CrdriftFinding");
    assert_eq!(alert["labels"]["code"], "drift/missing-rule");
    assert_eq!(alert["annotations"]["rule"], "web-to-beijing");
    assert!(alert["labels"].get("rule").is_none());
    assert_eq!(alert["generatorURL"], "https://drift.example.com/e/example");
}

#[test]
fn two_hundred_findings_are_one_message_within_the_limits() {
    for kind in [
        TargetKind::Dingtalk,
        TargetKind::Feishu,
        TargetKind::Wecom,
        TargetKind::Slack,
    ] {
        for count in [1, 10, 200] {
            let robot = target(kind, "https://robot.example/x", Some("secret"));
            let request = sent(&robot, &[many(count)]);
            let body = body(&request);
            let size = match kind {
                TargetKind::Wecom => body["markdown_v2"]["content"]
                    .as_str()
                    .expect("a text")
                    .len(),
                _ => request.body.len(),
            };
            let limit = if kind == TargetKind::Wecom {
                4_096
            } else {
                20_000
            };
            assert!(size <= limit, "{kind:?}: {size}");
            let leaves_out = request.body.contains(" more");
            assert_eq!(
                leaves_out,
                count > 1 && (count > 10 || kind == TargetKind::Wecom)
            );
        }
    }
}

#[test]
fn a_message_is_cut_at_a_finding() {
    let documents = [many(200)];
    let options = MessageOptions {
        prefix: "crdrift",
        language: Language::English,
        base_url: None,
        form: MessageForm::Full,
    };
    let message = |size| ChatMessage::new(&documents, &options, size);
    for size in MessageSize::STEPS {
        let message = message(size);
        let text = format!("{:?}", message.lines);
        let left_out = format!("and {} more", 200 - size.findings);
        assert!(text.contains(&left_out), "{left_out}: {text}");
        assert_eq!(text.matches("Finding(").count(), size.findings);
    }
}

#[test]
fn a_digest_has_a_line_for_each_estate() {
    let documents: Vec<_> = (0..500)
        .map(|number| {
            let [mut document, _] = sample_documents(Language::English, NOW_MS);
            document.estate = format!("estate-{number}-{}", "标签".repeat(30));
            document.test = false;
            document
        })
        .collect();
    for kind in TargetKind::ALL {
        if matches!(kind, TargetKind::Webhook | TargetKind::Alertmanager) {
            continue;
        }
        let robot = target(kind, "https://robot.example/x", None);
        let request = sent(&robot, &documents);
        assert!(request.body.contains("500 estates: 500 opened"), "{kind:?}");
        assert!(request.body.len() <= 20_000, "{kind:?}");
    }
}

#[test]
fn the_newest_change_of_a_finding_counts_in_a_digest() {
    let [opened, mut resolved] = sample_documents(Language::English, NOW_MS);
    resolved.run.started_at = crate::report::rfc3339(NOW_MS + 1);
    let options = MessageOptions {
        prefix: "crdrift",
        language: Language::English,
        base_url: None,
        form: MessageForm::Full,
    };
    let message = ChatMessage::new(&[opened, resolved], &options, MessageSize::STEPS[0]);
    assert_eq!(message.title, "crdrift: example: 1 resolved");
}

#[test]
fn debug_output_has_neither_address_nor_signature() {
    let robot = target(
        TargetKind::Dingtalk,
        "https://x.example/?access_token=planted",
        Some("planted"),
    );
    let shown = format!("{robot:?} {:?}", sent(&robot, &opened()));
    assert!(
        !shown.contains("planted") && !shown.contains("sign"),
        "{shown}"
    );
}
