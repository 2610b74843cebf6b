//! Incoming webhooks of Slack.

use serde_json::{Value, json};

use super::{Judgement, TargetAnswer, TargetRequest, fit};
use crate::notify::escape::{cut, slack};
use crate::notify::message::{ChatLine, ChatMessage, MessageSize};
use crate::rules::NotifyTarget;

/// The largest body, in bytes. Slack takes more; people do not read more.
const BODY_LIMIT: usize = 20_000;

/// The most bytes of a header; Slack counts characters.
const HEADER_LIMIT: usize = 150;

/// The most bytes of a section; Slack counts characters.
const SECTION_LIMIT: usize = 3_000;

/// The most lines of a message: a block for each, and those of title and link, are at most 50.
const MAX_LINES: usize = 47;

/// Returns the request for a message.
pub(super) fn request(
    target: &NotifyTarget,
    message: &impl Fn(MessageSize) -> ChatMessage,
) -> TargetRequest {
    TargetRequest {
        url: target.url.clone(),
        headers: Vec::new(),
        body: fit(BODY_LIMIT, |size| body(&message(size))),
    }
}

/// Returns blocks whose texts are `plain_text`, in which nothing is a mention or a link, and a fallback for the lock screen.
fn body(message: &ChatMessage) -> String {
    let plain = |text: &str, limit: usize| json!({ "type": "plain_text", "emoji": false, "text": cut(text, limit) });
    let mut blocks = vec![json!({ "type": "header", "text": plain(&message.title, HEADER_LIMIT) })];
    for line in message.lines.iter().take(MAX_LINES) {
        blocks.push(json!({ "type": "section", "text": plain(&text(line), SECTION_LIMIT) }));
    }
    if let Some((name, url)) = &message.link {
        let link = format!("<{}|{}>", slack(url), slack(name));
        let elements: [Value; 1] = [json!({ "type": "mrkdwn", "text": link })];
        blocks.push(json!({ "type": "context", "elements": elements }));
    }
    json!({
        "text": slack(&message.title),
        "blocks": blocks,
        "unfurl_links": false,
        "unfurl_media": false,
    })
    .to_string()
}

fn text(line: &ChatLine) -> String {
    match line {
        ChatLine::Heading(text) => format!("— {text} —"),
        ChatLine::Text(text) => text.clone(),
        ChatLine::Finding(names, sentences) => {
            let sentences = sentences.iter().map(|it| format!("\n    {it}"));
            format!("• {names}{}", sentences.collect::<String>())
        }
    }
}

/// Judges an answer: status 200 and the body `ok` alone are a delivery.
pub(super) fn judge(answer: &TargetAnswer<'_>) -> Judgement {
    match answer.judge_status() {
        Some(judgement) => judgement,
        None if answer.status == 200 && answer.body == "ok" => Judgement::Delivered,
        None => answer.unproven("`ok`"),
    }
}
