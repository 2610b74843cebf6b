//! Custom bots of Feishu, which is Lark outside of China.

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::signature::sign;
use super::{Judgement, TargetAnswer, TargetRequest, fit};
use crate::notify::escape::cut;
use crate::notify::message::{ChatLine, ChatMessage, MessageSize, MessageTone};
use crate::rules::NotifyTarget;

/// The largest body, in bytes.
const BODY_LIMIT: usize = 20_000;

/// The most bytes of a title.
const TITLE_LIMIT: usize = 240;

/// Returns the request for a message. The signature is part of the body.
pub(super) fn request(
    target: &NotifyTarget,
    message: &impl Fn(MessageSize) -> ChatMessage,
    now_ms: i64,
) -> TargetRequest {
    let signature = target.secret.as_ref().map(|secret| {
        let seconds = now_ms.div_euclid(1_000);
        let key = format!("{seconds}\n{}", secret.expose_secret());
        (seconds.to_string(), sign(key.as_bytes(), b""))
    });
    TargetRequest {
        url: target.url.clone(),
        headers: Vec::new(),
        body: fit(BODY_LIMIT, |size| body(&message(size), signature.as_ref())),
    }
}

/// Returns a card. Its texts are `plain_text`, in which nothing is a mention or a link.
fn body(message: &ChatMessage, signature: Option<&(String, String)>) -> String {
    let template = match message.tone {
        MessageTone::Good => "green",
        MessageTone::Notice => "orange",
        MessageTone::Bad => "red",
    };
    let mut elements: Vec<Value> = message.lines.iter().map(element).collect();
    if let Some((name, url)) = &message.link {
        elements.push(json!({
            "tag": "action",
            "actions": [{
                "tag": "button", "type": "default", "url": url,
                "text": { "tag": "plain_text", "content": name },
            }],
        }));
    }
    let mut body = json!({
        "msg_type": "interactive",
        "card": {
            "config": { "wide_screen_mode": true },
            "header": {
                "title": { "tag": "plain_text", "content": cut(&message.title, TITLE_LIMIT) },
                "template": template,
            },
            "elements": elements,
        },
    });
    if let (Some((timestamp, sign)), Value::Object(body)) = (signature, &mut body) {
        body.insert("timestamp".to_owned(), json!(timestamp));
        body.insert("sign".to_owned(), json!(sign));
    }
    body.to_string()
}

fn element(line: &ChatLine) -> Value {
    let text = match line {
        ChatLine::Heading(text) => format!("【{text}】"),
        ChatLine::Text(text) => text.clone(),
        ChatLine::Finding(names, sentences) => {
            let sentences = sentences.iter().map(|it| format!("\n    {it}"));
            format!("• {names}{}", sentences.collect::<String>())
        }
    };
    json!({ "tag": "div", "text": { "tag": "plain_text", "content": text } })
}

/// Judges an answer: status 200 and `code` 0 alone are a delivery; older services answer `StatusCode` 0.
pub(super) fn judge(answer: &TargetAnswer<'_>) -> Judgement {
    let object = answer.object();
    let code = object
        .as_ref()
        .and_then(|it| it.get("code").or_else(|| it.get("StatusCode"))?.as_i64());
    let reason = |code: i64| {
        let text = object
            .as_ref()
            .and_then(|it| it.get("msg").or_else(|| it.get("StatusMessage"))?.as_str());
        format!("code {code}: {}", text.unwrap_or_default())
    };
    match code {
        Some(11_232) => Judgement::Retry {
            after_ms: answer.retry_after_ms(),
            reason: reason(11_232),
        },
        // The token, the signature or the time is wrong, the address of this machine is not allowed, or a keyword is
        // missing.
        Some(code @ (19_001 | 19_021 | 19_022 | 19_024)) => Judgement::broken(reason(code)),
        code => answer.judge_status().unwrap_or_else(|| match code {
            None => answer.unproven("code 0"),
            Some(0) if answer.status == 200 => Judgement::Delivered,
            Some(0) => answer.unproven("HTTP 200"),
            Some(code) => Judgement::refused(reason(code)),
        }),
    }
}
