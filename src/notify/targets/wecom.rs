//! Robots of groups in `WeCom`, which are called message push since 2025.

use std::fmt::Write as _; // to a String, which cannot fail

use serde_json::json;

use super::{Judgement, TargetAnswer, TargetRequest};
use crate::notify::escape::markdown_code;
use crate::notify::message::{ChatLine, ChatMessage, MessageSize};
use crate::rules::NotifyTarget;

/// The largest text, in bytes.
const TEXT_LIMIT: usize = 4_096;

/// Returns the request for a message, in the second version of its Markdown: it has no mentions.
pub(super) fn request(
    target: &NotifyTarget,
    message: &impl Fn(MessageSize) -> ChatMessage,
) -> TargetRequest {
    let text = super::fit(TEXT_LIMIT, |size| text(&message(size)));
    TargetRequest {
        url: target.url.clone(),
        headers: Vec::new(),
        body: json!({ "msgtype": "markdown_v2", "markdown_v2": { "content": text } }).to_string(),
    }
}

/// Returns the text. Every line is code, since the service documents no escape.
fn text(message: &ChatMessage) -> String {
    let mut text = format!("### {}\n", markdown_code(&message.title));
    for line in &message.lines {
        match line {
            ChatLine::Heading(heading) => {
                let _ = write!(text, "\n**{heading}**\n");
            }
            ChatLine::Finding(names, sentences) => {
                let _ = writeln!(text, "- {}", markdown_code(names));
                for sentence in sentences {
                    let _ = writeln!(text, "> {}", markdown_code(sentence));
                }
            }
            ChatLine::Text(sentence) => {
                let _ = write!(text, "\n{}\n", markdown_code(sentence));
            }
        }
    }
    if let Some((name, url)) = &message.link {
        let _ = write!(text, "\n[{name}]({url})\n");
    }
    text
}

/// Judges an answer: status 200 and `errcode` 0 alone are a delivery.
pub(super) fn judge(answer: &TargetAnswer<'_>) -> Judgement {
    if let Some(judgement) = answer.judge_status() {
        return judgement;
    }
    let object = answer.object();
    let Some(code) = object.as_ref().and_then(|it| it.get("errcode")?.as_i64()) else {
        return answer.unproven("errcode 0");
    };
    let text = object.as_ref().and_then(|it| it.get("errmsg")?.as_str());
    let reason = format!("errcode {code}: {}", text.unwrap_or_default());
    match code {
        0 if answer.status == 200 => Judgement::Delivered,
        0 => answer.unproven("HTTP 200"),
        // Busy, or too many messages.
        -1 | 45_009 => Judgement::retry(reason),
        93_000 => Judgement::broken(reason),
        _ => Judgement::refused(reason),
    }
}
