//! The delivery of what waits in the store: claim, send, judge, mark. A target never waits for another one.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::alerts::{AlertSource, alerts};
use super::client::NotifyClient;
use super::excerpt::excerpt;
use super::message::MessageForm;
use super::retry::{GIVE_UP_MS, MAX_TRIES, retry_delay_ms};
use super::router::NotifyRouter;
use super::targets::{
    Judgement, MAX_ALERTS, Notification, TargetAnswer, TargetRequest, alert_request, budget, judge,
    request,
};
use super::{NotificationDocument, NotifySettings};
use crate::rules::{NotifyTarget, TargetKind};
use crate::store::{ClaimRequest, ClaimedDelivery, DeliveryClaim, DeliveryMark, Store, StoreError};

/// A function that opens the store.
pub type StoreOpener = Arc<dyn Fn() -> Result<Store, StoreError> + Send + Sync>;

/// The time that a claim must still have for another message, milliseconds: two requests may hang.
const CLAIM_RESERVE_MS: i64 = 25_000;

/// The time between two posts of the same alerts, milliseconds.
const ALERT_INTERVAL_MS: i64 = 60_000;

/// The time for which an alert is active without another post, milliseconds.
pub(super) const ALERT_LIFE_MS: i64 = 240_000;

/// The result of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryResult {
    /// The target took it; the answer that proves it.
    Delivered(String),
    /// The attempt failed, and another one follows.
    Retry(String),
    /// The last attempt failed.
    GaveUp(String),
    /// The target takes no such message.
    Refused(String),
    /// The target takes no message at all.
    Broken(String),
}

impl DeliveryResult {
    /// Returns the word of metrics.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Delivered(_) => "delivered",
            Self::Retry(_) => "retry",
            Self::GaveUp(_) => "gave_up",
            Self::Refused(_) => "refused",
            Self::Broken(_) => "broken",
        }
    }

    /// Returns the answer or the reason, without secrets.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Delivered(text)
            | Self::Retry(text)
            | Self::GaveUp(text)
            | Self::Refused(text)
            | Self::Broken(text) => text,
        }
    }
}

/// What a pass did for a target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetReport {
    /// The name of the target.
    pub target: String,
    /// The results of the messages, in order.
    pub results: Vec<DeliveryResult>,
    /// The reason why the target takes no messages until the configuration is loaded again, without secrets.
    pub broken: Option<String>,
    /// The error of the store, where it is away: then messages wait.
    pub store_error: Option<String>,
}

/// What is remembered of a target until the configuration is loaded again.
#[derive(Debug, Default)]
struct TargetMemory {
    broken: Option<String>,
    /// True once the deliveries of a broken target were tried again.
    has_retried: bool,
    /// The time of the newest post of alerts, epoch milliseconds.
    alerts_ms: Option<i64>,
}

/// Sends what waits in the store. It remembers which targets are broken: make another one when the configuration is loaded
/// again.
pub struct Deliverer {
    settings: NotifySettings,
    store: StoreOpener,
    client: NotifyClient,
    holder: String,
    now_ms: Arc<dyn Fn() -> i64 + Send + Sync>,
    random: Arc<dyn Fn() -> u128 + Send + Sync>,
    memories: Mutex<BTreeMap<String, TargetMemory>>,
    /// The store of each target, kept between two passes.
    stores: Mutex<BTreeMap<String, Store>>,
}

impl fmt::Debug for Deliverer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deliverer")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Deliverer {
    /// Returns a deliverer. `holder` names the process in the store, and is unique.
    #[must_use]
    pub fn new(
        settings: NotifySettings,
        store: StoreOpener,
        (client, holder): (NotifyClient, String),
        (now_ms, random): (
            Arc<dyn Fn() -> i64 + Send + Sync>,
            Arc<dyn Fn() -> u128 + Send + Sync>,
        ),
    ) -> Self {
        Self {
            settings,
            store,
            client,
            holder,
            now_ms,
            random,
            memories: Mutex::default(),
            stores: Mutex::default(),
        }
    }

    /// Returns the settings.
    #[must_use]
    pub const fn settings(&self) -> &NotifySettings {
        &self.settings
    }

    /// Sends what is due to every target, side by side. It ends with the slowest one; a process that runs on calls
    /// [`Deliverer::deliver_to`] for each target by itself.
    pub async fn deliver_due(self: &Arc<Self>) -> Vec<TargetReport> {
        let targets = self.settings.targets.iter();
        futures_util::future::join_all(targets.map(|it| self.deliver_to(&it.name))).await
    }

    /// Sends what is due to a target: its deliveries, or every minute its alerts.
    pub async fn deliver_to(self: &Arc<Self>, name: &str) -> TargetReport {
        let mut report = TargetReport {
            target: name.to_owned(),
            ..TargetReport::default()
        };
        let Some(target) = self.settings.target(name).cloned() else {
            return report;
        };
        report.broken = self.remember(name, |memory| memory.broken.clone());
        if report.broken.is_some() {
            return report;
        }
        let done = if target.kind == TargetKind::Alertmanager {
            self.post_due_alerts(&target, &mut report).await
        } else {
            self.send_claimed(&target, &mut report).await
        };
        report.store_error = done.err().map(|error| error.to_string());
        report.broken = self.remember(name, |memory| memory.broken.clone());
        report
    }

    /// Gives up deliveries of targets that the configuration no longer has.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn give_up_unknown(self: &Arc<Self>) -> Result<u64, StoreError> {
        let now_ms = (self.now_ms)();
        let known: Vec<String> = self
            .settings
            .targets
            .iter()
            .map(|it| it.name.clone())
            .collect();
        self.with_store("", move |store| {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            store.give_up_unknown_targets(&known, (now_ms - GIVE_UP_MS, now_ms))
        })
        .await
    }

    /// Sends a notification that no store has, such as a sample.
    pub async fn send_sample(
        &self,
        target: &NotifyTarget,
        id: &str,
        document: NotificationDocument,
    ) -> DeliveryResult {
        let notification = Notification {
            id,
            documents: &[document],
            form: MessageForm::Full,
        };
        let request = request(target, &notification, &self.settings, (self.now_ms)());
        let (judgement, text) = self.exchange(target, &request).await;
        match judgement {
            Judgement::Delivered => DeliveryResult::Delivered(text),
            Judgement::Retry { .. } => DeliveryResult::Retry(text),
            Judgement::Refused { .. } => DeliveryResult::Refused(text),
            Judgement::Broken { .. } => DeliveryResult::Broken(text),
        }
    }

    /// Posts the alerts of an estate, or of all: those that are open, and for five minutes those that are resolved. Active
    /// ones end after a time, milliseconds, unless they are posted again.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn post_alerts(
        self: &Arc<Self>,
        target: &NotifyTarget,
        estate: Option<&str>,
        life_ms: i64,
    ) -> Result<DeliveryResult, StoreError> {
        let now_ms = (self.now_ms)();
        let estate = estate.map(str::to_owned);
        let source = self
            .with_store(&target.name, move |store| {
                AlertSource::read(store, estate.as_deref(), now_ms)
            })
            .await?;
        let router = NotifyRouter::new(&self.settings);
        let alerts = alerts(&router, target, &source, (now_ms, now_ms + life_ms));
        let mut result = DeliveryResult::Delivered("no alert".to_owned());
        for chunk in alerts.chunks(MAX_ALERTS) {
            let request = alert_request(target, chunk, self.settings.base_url.as_deref());
            let (judgement, text) = self.exchange(target, &request).await;
            result = match judgement {
                Judgement::Delivered => DeliveryResult::Delivered(text),
                Judgement::Retry { .. } => return Ok(DeliveryResult::Retry(text)),
                // The valid alerts of the request were taken.
                Judgement::Refused { .. } => DeliveryResult::Refused(text),
                Judgement::Broken { .. } => return Ok(DeliveryResult::Broken(text)),
            };
        }
        Ok(result)
    }

    async fn post_due_alerts(
        self: &Arc<Self>,
        target: &NotifyTarget,
        report: &mut TargetReport,
    ) -> Result<(), StoreError> {
        let now_ms = (self.now_ms)();
        let posted_ms = self.remember(&target.name, |memory| memory.alerts_ms);
        if posted_ms.is_some_and(|it| (0..ALERT_INTERVAL_MS).contains(&(now_ms - it))) {
            return Ok(());
        }
        let result = self.post_alerts(target, None, ALERT_LIFE_MS).await?;
        self.remember(&target.name, |memory| {
            memory.alerts_ms = Some(now_ms);
            if let DeliveryResult::Broken(reason) = &result {
                memory.broken = Some(reason.clone());
            }
        });
        report.results.push(result);
        Ok(())
    }

    async fn send_claimed(
        self: &Arc<Self>,
        target: &NotifyTarget,
        report: &mut TargetReport,
    ) -> Result<(), StoreError> {
        let claim = self.claim(target).await?;
        let until_ms = claim.until_ms;
        let mut messages = split(claim).into_iter();
        while let Some(message) = messages.next() {
            if (self.now_ms)() > until_ms - CLAIM_RESERVE_MS {
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
        let now_ms = (self.now_ms)();
        let has_retried = self.remember(&target.name, |memory| memory.has_retried);
        let (holder, name, kind) = (self.holder.clone(), target.name.clone(), target.kind);
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
        let now_ms = (self.now_ms)();
        let tries = message.iter().map(|it| it.tries).max().unwrap_or_default() + 1;
        let created_ms = message.iter().map(|it| it.created_ms).min();
        let age_ms = now_ms - created_ms.unwrap_or(now_ms);
        let (result, next_ms) = match judgement {
            (Judgement::Delivered, text) => (DeliveryResult::Delivered(text), 0),
            (Judgement::Retry { .. }, text) if tries >= MAX_TRIES || age_ms >= GIVE_UP_MS => {
                (DeliveryResult::GaveUp(text), 0)
            }
            (Judgement::Retry { after_ms, .. }, text) => {
                let delay_ms = retry_delay_ms(tries, after_ms, (self.random)());
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
        let full = request(target, &notification, &self.settings, (self.now_ms)());
        let judged = self.exchange(target, &full).await;
        let has_short = target.kind != TargetKind::Webhook;
        if !has_short || !matches!(judged.0, Judgement::Refused { .. }) {
            return Ok(judged);
        }
        let (name, now_ms) = (target.name.clone(), (self.now_ms)());
        self.with_store(&target.name, move |store| {
            store.count_attempt(&name, now_ms)
        })
        .await?;
        notification.form = MessageForm::Short;
        let short = request(target, &notification, &self.settings, now_ms);
        let (judgement, text) = self.exchange(target, &short).await;
        match judgement {
            Judgement::Delivered => Ok((judgement, format!("in short: {text}"))),
            _ => Ok(judged),
        }
    }

    /// Sends a request. Returns the judgement of its answer, and a text about it without secrets.
    async fn exchange(
        &self,
        target: &NotifyTarget,
        request: &TargetRequest,
    ) -> (Judgement, String) {
        let answer = match self.client.send(request).await {
            Ok(answer) => answer,
            Err(error) => {
                let text = excerpt(&error.to_string(), target, Some(request));
                return (Judgement::retry(text.clone()), text);
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

    async fn mark(
        self: &Arc<Self>,
        target: &NotifyTarget,
        ids: Vec<String>,
        result: MarkedResult,
    ) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let (holder, now_ms) = (self.holder.clone(), (self.now_ms)());
        self.with_store(&target.name, move |store| {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            store.mark_deliveries(&ids, (&holder, now_ms), result.mark())
        })
        .await
    }

    fn remember<T>(&self, target: &str, change: impl FnOnce(&mut TargetMemory) -> T) -> T {
        let mut memories = self.memories.lock().unwrap_or_else(PoisonError::into_inner);
        change(memories.entry(target.to_owned()).or_default())
    }

    /// Calls `work` with the store of a target, outside of the asynchronous tasks. A store that fails is opened again.
    async fn with_store<T: Send + 'static>(
        self: &Arc<Self>,
        target: &str,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (this, target) = (Arc::clone(self), target.to_owned());
        let task = tokio::task::spawn_blocking(move || {
            let stores = || this.stores.lock().unwrap_or_else(PoisonError::into_inner);
            let kept = stores().remove(&target);
            let mut store = match kept {
                Some(store) => store,
                None => (this.store)()?,
            };
            let done = work(&mut store)?;
            stores().insert(target, store);
            Ok(done)
        });
        task.await.unwrap_or_else(|error| {
            Err(StoreError::Damaged {
                reason: error.to_string(),
            })
        })
    }
}

/// A result to write.
#[derive(Debug, Clone)]
enum MarkedResult {
    /// A message was sent; the time is that of the next attempt.
    Sent(DeliveryResult, i64),
    /// No message was sent; the time is that of the next attempt.
    Released(i64),
}

impl MarkedResult {
    fn mark(&self) -> DeliveryMark<'_> {
        match self {
            Self::Sent(DeliveryResult::Delivered(text), _) => DeliveryMark::Delivered(text),
            Self::Sent(DeliveryResult::Retry(text), next_ms) => DeliveryMark::Retry(text, *next_ms),
            Self::Sent(DeliveryResult::GaveUp(text), _) => DeliveryMark::GaveUp(text),
            Self::Sent(DeliveryResult::Refused(text), _) => DeliveryMark::Refused(text),
            Self::Sent(DeliveryResult::Broken(text), _) => DeliveryMark::Broken(text),
            Self::Released(next_ms) => DeliveryMark::Released(*next_ms),
        }
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
