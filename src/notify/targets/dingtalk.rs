//! Custom robots of `DingTalk`.

use std::fmt::Write as _; // to a String, which cannot fail

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};
use url::Url;

use super::signature::sign;
use super::{Judgement, TargetAnswer, TargetRequest, fit};
use crate::notify::escape::{cut, markdown};
use crate::notify::message::{ChatLine, ChatMessage, MessageSize};
use crate::rules::NotifyTarget;

/// The largest body, in bytes.
const BODY_LIMIT: usize = 20_000;

/// The most bytes of a title.
const TITLE_LIMIT: usize = 240;

/// The time for which a robot is blocked after too many messages, milliseconds.
const BLOCKED_MS: u64 = 600_000;

/// Returns the request for a message. The signature is part of the URL.
pub(super) fn request(
    target: &NotifyTarget,
    message: &impl Fn(MessageSize) -> ChatMessage,
    now_ms: i64,
) -> TargetRequest {
    TargetRequest {
        url: signed_url(target, now_ms),
        headers: Vec::new(),
        body: fit(BODY_LIMIT, |size| body(&message(size))),
    }
}

fn signed_url(target: &NotifyTarget, now_ms: i64) -> SecretString {
    let Some(secret) = &target.secret else {
        return target.url.clone();
    };
    let Ok(mut url) = Url::parse(target.url.expose_secret()) else {
        return target.url.clone();
    };
    let secret = secret.expose_secret();
    let signature = sign(secret.as_bytes(), format!("{now_ms}\n{secret}").as_bytes());
    url.query_pairs_mut()
        .append_pair("timestamp", &now_ms.to_string())
        .append_pair("sign", &signature);
    SecretString::from(url.to_string())
}

fn body(message: &ChatMessage) -> String {
    json!({
        "msgtype": "markdown",
        "markdown": { "title": cut(&message.title, TITLE_LIMIT), "text": text(message) },
        "at": { "atMobiles": [], "atUserIds": [], "isAtAll": false },
    })
    .to_string()
}

/// Returns the text, whose first line has the prefix too: keywords are looked for in it. An empty line ends each line.
fn text(message: &ChatMessage) -> String {
    let mut text = format!("#### {}\n\n", markdown(&message.title));
    for line in &message.lines {
        match line {
            ChatLine::Heading(heading) => {
                let _ = write!(text, "**{}**\n\n", markdown(heading));
            }
            ChatLine::Finding(names, sentences) => {
                let _ = write!(text, "- {}\n\n", markdown(names));
                for sentence in sentences {
                    let _ = write!(text, "> {}\n\n", markdown(sentence));
                }
            }
            ChatLine::Text(sentence) => {
                let _ = write!(text, "{}\n\n", markdown(sentence));
            }
        }
    }
    if let Some((name, url)) = &message.link {
        let _ = writeln!(text, "[{}]({url})", markdown(name));
    }
    text
}

/// Judges an answer: status 200 and `errcode` 0 alone are a delivery.
pub(super) fn judge(answer: &TargetAnswer<'_>) -> Judgement {
    let object = answer.object();
    if object.as_ref().is_some_and(is_throttled) {
        return Judgement::Retry {
            after_ms: Some(BLOCKED_MS),
            reason: format!("too many messages: {}", answer.body.trim()),
        };
    }
    if let Some(judgement) = answer.judge_status() {
        return judgement;
    }
    let Some(code) = object.as_ref().and_then(|it| it.get("errcode")?.as_i64()) else {
        return answer.unproven("errcode 0");
    };
    let reason = || {
        let text = object.as_ref().and_then(|it| it.get("errmsg")?.as_str());
        format!("errcode {code}: {}", text.unwrap_or_default())
    };
    match code {
        0 if answer.status == 200 => Judgement::Delivered,
        0 => answer.unproven("HTTP 200"),
        -1 => Judgement::retry(reason()),
        // A keyword is missing, the signature is wrong, or the address of this machine is not allowed; the token is
        // unknown, the robot is stopped, or its group is gone.
        310_000 | 300_001 | 300_005 | 400_101 | 400_102 | 400_013 => Judgement::broken(reason()),
        _ => Judgement::refused(reason()),
    }
}

/// Returns whether an answer says that too many messages came. While a robot is blocked, some answers have no `errcode`,
/// so the text counts before the code.
fn is_throttled(answer: &Map<String, Value>) -> bool {
    let text = answer
        .get("errmsg")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let code = answer.get("errcode").and_then(Value::as_i64);
    answer.contains_key("punish")
        || matches!(code, Some(130_101 | 410_100))
        || text.contains("send too fast")
        || text.contains("exceed 20 times")
}
