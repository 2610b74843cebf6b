//! The samples of `crdrift notify test`.

use super::document::{NotificationDocument, NotifiedFinding, NotifiedRun};
use crate::finding::Code;
use crate::i18n::{Language, Message};
use crate::report::{Digest, rfc3339};
use crate::rules::NotifyEvent;
use crate::store::TransitionKind;

/// Returns a sample with a finding that opened, and one with the same finding resolved.
#[must_use]
pub fn sample_documents(language: Language, now_ms: i64) -> [NotificationDocument; 2] {
    [NotifyEvent::Opened, NotifyEvent::Resolved].map(|event| sample(event, language, now_ms))
}

fn sample(event: NotifyEvent, language: Language, now_ms: i64) -> NotificationDocument {
    let is_open = event == NotifyEvent::Opened;
    let transition = if is_open {
        TransitionKind::Opened
    } else {
        TransitionKind::Resolved
    };
    let fingerprint = Digest::hash(b"crdrift notify test").to_string();
    let finding = NotifiedFinding {
        transition: transition.as_str().to_owned(),
        fingerprint: fingerprint.clone(),
        code: Code::MissingRule.as_str().to_owned(),
        severity: Code::MissingRule.default_severity().as_str().to_owned(),
        instance: Some("example".to_owned()),
        rule: Some("web-to-beijing".to_owned()),
        owner: Some("example-team".to_owned()),
        field: None,
        message: Message::rule_missing("web-to-beijing").to_language(language),
        witness: None,
        since: rfc3339(now_ms),
    };
    NotificationDocument {
        format_version: "1.0".to_owned(),
        events: vec![event.as_str().to_owned()],
        estate: "example".to_owned(),
        selection: None,
        language: language.tag().to_owned(),
        test: true,
        run: NotifiedRun {
            id: fingerprint,
            started_at: rfc3339(now_ms),
            outcome: if is_open { "drift" } else { "in_sync" }.to_owned(),
            exit_code: if is_open { 2 } else { 0 },
            reason: String::new(),
            open_errors: usize::from(is_open),
            open_warnings: 0,
            open_infos: 0,
        },
        opened: usize::from(is_open),
        resolved: usize::from(!is_open),
        findings: vec![finding],
        omitted_findings: 0,
        link: None,
    }
}
