//! The messages of one target, one after the other.

use std::sync::Arc;

use super::Deliverer;
use super::result::{DeliveryResult, MarkedResult, TargetReport};
use crate::notify::NotificationDocument;
use crate::notify::client::SendError;
use crate::notify::excerpt::excerpt;
use crate::notify::message::MessageForm;
use crate::notify::retry::{GIVE_UP_MS, MAX_TRIES, retry_delay_ms};
use crate::notify::targets::{
    Judgement, Notification, TargetAnswer, TargetRequest, budget, judge, request,
};
use crate::rules::{NotifyTarget, TargetKind};
use crate::store::{ClaimRequest, ClaimedDelivery, DeliveryClaim, StoreError};

/// The time that a claim must still have for another message, milliseconds: two requests may hang.
const CLAIM_RESERVE_MS: i64 = 25_000;

impl Deliverer {
    /// Sends what is due to a target, until an attempt fails.
    pub(super) async fn send_claimed(
        self: &Arc<Self>,
        target: &NotifyTarget,
        report: &mut TargetReport,
    ) -> Result<(), StoreError> {
        let claim = self.claim(target).await?;
        let until_ms = claim.until_ms;
        let mut messages = split(claim).into_iter();
        while let Some(message) = messages.next() {
            if (self.options.now_ms)() > until_ms - CLAIM_RESERVE_MS {
                let rest = ids(std::iter::once(&message).chain(messages.as_slice()));
                return self.mark(target, rest, MarkedResult::Released(0)).await;
            }
            let (result, next_ms) = self.send_message(target, &message).await?;
            let rest = ids(messages.as_slice());
            let stops = match &result {
                DeliveryResult::Retry(_) => Some(MarkedResult::Released(next_ms)),
                DeliveryResult::GaveUp(_) => Some(MarkedResult::Released(0)),
                DeliveryResult::Broken(reason) => {
                    let reason = reason.clone();
                    self.remember(&target.name, |memory| memory.broken = Some(reason.clone()));
                    Some(MarkedResult::Sent(DeliveryResult::Broken(reason), 0))
                }
                DeliveryResult::Delivered(_) | DeliveryResult::Refused(_) => None,
            };
            report.results.push(result);
            if let Some(mark) = stops {
                return self.mark(target, rest, mark).await;
            }
        }
        Ok(())
    }

    async fn claim(self: &Arc<Self>, target: &NotifyTarget) -> Result<DeliveryClaim, StoreError> {
        let now_ms = (self.options.now_ms)();
        let has_retried = self.remember(&target.name, |memory| memory.has_retried);
        let (holder, name, kind) = (
            self.options.holder.clone(),
            target.name.clone(),
            target.kind,
        );
        let claim = self
            .with_store(&target.name, move |store| {
                store.claim_deliveries(&ClaimRequest {
                    target: &name,
                    holder: &holder,
                    now_ms,
                    budget: budget(kind),
                    retry_broken_since_ms: (!has_retried).then_some(now_ms - GIVE_UP_MS),
                })
            })
            .await?;
        self.remember(&target.name, |memory| memory.has_retried = true);
        Ok(claim)
    }

    /// Sends a message, and marks its deliveries. Returns the result and the time of the next attempt.
    async fn send_message(
        self: &Arc<Self>,
        target: &NotifyTarget,
        message: &[ClaimedDelivery],
    ) -> Result<(DeliveryResult, i64), StoreError> {
        let documents: Vec<NotificationDocument> = message
            .iter()
            .filter_map(|it| serde_json::from_str(&it.document).ok())
            .collect();
        let judgement = match message.first() {
            Some(first) if !documents.is_empty() => {
                self.attempt(target, &first.id, &documents).await?
            }
            _ => {
                let reason = "the document in the store cannot be read".to_owned();
                (Judgement::refused(reason.clone()), reason)
            }
        };
        let now_ms = (self.options.now_ms)();
        let tries = message.iter().map(|it| it.tries).max().unwrap_or_default() + 1;
        let created_ms = message.iter().map(|it| it.created_ms).min();
        let age_ms = now_ms - created_ms.unwrap_or(now_ms);
        let (result, next_ms) = match judgement {
            (Judgement::Delivered, text) => (DeliveryResult::Delivered(text), 0),
            (Judgement::Retry { .. }, text) if tries >= MAX_TRIES || age_ms >= GIVE_UP_MS => {
                (DeliveryResult::GaveUp(text), 0)
            }
            (Judgement::Retry { after_ms, .. }, text) => {
                let delay_ms = retry_delay_ms(tries, after_ms, (self.options.random)());
                (DeliveryResult::Retry(text), now_ms + delay_ms)
            }
            (Judgement::Refused { .. }, text) => (DeliveryResult::Refused(text), 0),
            (Judgement::Broken { .. }, text) => (DeliveryResult::Broken(text), 0),
        };
        let ids = message.iter().map(|it| it.id.clone()).collect();
        self.mark(target, ids, MarkedResult::Sent(result.clone(), next_ms))
            .await?;
        Ok((result, next_ms))
    }

    /// Sends a message, and a short one where the service refuses the full form.
    async fn attempt(
        self: &Arc<Self>,
        target: &NotifyTarget,
        id: &str,
        documents: &[NotificationDocument],
    ) -> Result<(Judgement, String), StoreError> {
        let mut notification = Notification {
            id,
            documents,
            form: MessageForm::Full,
        };
        let full = request(
            target,
            &notification,
            &self.options.settings,
            (self.options.now_ms)(),
        );
        let judged = self.exchange(target, &full).await;
        let has_short = target.kind != TargetKind::Webhook;
        if !has_short || !matches!(judged.0, Judgement::Refused { .. }) {
            return Ok(judged);
        }
        let (name, now_ms) = (target.name.clone(), (self.options.now_ms)());
        self.with_store(&target.name, move |store| {
            store.count_attempt(&name, now_ms)
        })
        .await?;
        notification.form = MessageForm::Short;
        let short = request(target, &notification, &self.options.settings, now_ms);
        let (judgement, text) = self.exchange(target, &short).await;
        match judgement {
            Judgement::Delivered => Ok((judgement, format!("in short: {text}"))),
            _ => Ok(judged),
        }
    }

    /// Sends a request. Returns the judgement of its answer, and a text about it without secrets.
    pub(super) async fn exchange(
        &self,
        target: &NotifyTarget,
        request: &TargetRequest,
    ) -> (Judgement, String) {
        let answer = match self.options.client.send(request).await {
            Ok(answer) => answer,
            Err(error) => {
                let text = excerpt(&error.to_string(), target, Some(request));
                let judgement = match error {
                    SendError::Address => Judgement::broken(text.clone()),
                    _ => Judgement::retry(text.clone()),
                };
                return (judgement, text);
            }
        };
        let judgement = judge(
            target.kind,
            &TargetAnswer {
                status: answer.status,
                retry_after: answer.retry_after.as_deref(),
                body: &answer.body,
            },
        );
        let text = match &judgement {
            Judgement::Delivered => format!("HTTP {} {}", answer.status, answer.body.trim()),
            Judgement::Retry { reason, .. }
            | Judgement::Refused { reason }
            | Judgement::Broken { reason } => reason.clone(),
        };
        (judgement, excerpt(text.trim(), target, Some(request)))
    }
}

/// Returns the deliveries of each message.
fn split(claim: DeliveryClaim) -> Vec<Vec<ClaimedDelivery>> {
    if claim.deliveries.is_empty() {
        Vec::new()
    } else if claim.is_digest {
        vec![claim.deliveries]
    } else {
        claim.deliveries.into_iter().map(|it| vec![it]).collect()
    }
}

fn ids<'a>(messages: impl IntoIterator<Item = &'a Vec<ClaimedDelivery>>) -> Vec<String> {
    let deliveries = messages.into_iter().flatten();
    deliveries.map(|it| it.id.clone()).collect()
}
