//! The delivery of what waits in the store: claim, send, judge, mark. A target never waits for another one.

mod result;
mod send;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use self::result::MarkedResult;
pub use self::result::{DeliveryResult, TargetReport};
use super::NotifySettings;
use super::alerts::{AlertSource, alerts};
use super::client::NotifyClient;
use super::document::NotificationDocument;
use super::message::MessageForm;
use super::retry::GIVE_UP_MS;
use super::router::NotifyRouter;
use super::targets::{Judgement, MAX_ALERTS, Notification, alert_request, request};
use crate::rules::{NotifyTarget, TargetKind};
use crate::store::{DeliveryRecord, Store, StoreError, StoreOpener};

/// The time between two posts of the same alerts, milliseconds.
const ALERT_INTERVAL_MS: i64 = 60_000;

/// The time for which an alert is active without another post, milliseconds.
pub(super) const ALERT_LIFE_MS: i64 = 240_000;

/// What is remembered of a target until the configuration is loaded again.
#[derive(Debug, Default)]
struct TargetMemory {
    broken: Option<String>,
    /// True once the deliveries of a broken target were tried again.
    has_retried: bool,
    /// The time of the newest post of alerts, epoch milliseconds.
    alerts_ms: Option<i64>,
}

/// What a deliverer works with.
#[derive(Clone)]
pub struct DelivererOptions {
    /// The targets.
    pub settings: NotifySettings,
    /// Opens the store.
    pub store: StoreOpener,
    /// The client.
    pub client: Arc<NotifyClient>,
    /// The name of the process in the store, which no other one has.
    pub holder: String,
    /// Returns the time, epoch milliseconds.
    pub now_ms: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// Returns a random number.
    pub random: Arc<dyn Fn() -> u128 + Send + Sync>,
}

impl fmt::Debug for DelivererOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DelivererOptions")
            .field("settings", &self.settings)
            .field("holder", &self.holder)
            .finish_non_exhaustive()
    }
}

/// Sends what waits in the store. It remembers which targets are broken: make another one when the configuration is loaded
/// again.
#[derive(Debug)]
pub struct Deliverer {
    options: DelivererOptions,
    memories: Mutex<BTreeMap<String, TargetMemory>>,
    /// The store of each target, kept between two passes.
    stores: Mutex<BTreeMap<String, Store>>,
}

impl Deliverer {
    /// Returns a deliverer.
    #[must_use]
    pub fn new(options: DelivererOptions) -> Self {
        Self {
            options,
            memories: Mutex::default(),
            stores: Mutex::default(),
        }
    }

    /// Returns the settings.
    #[must_use]
    pub const fn settings(&self) -> &NotifySettings {
        &self.options.settings
    }

    /// Sends what is due to every target, side by side. It ends with the slowest one; a process that runs on calls
    /// [`Deliverer::deliver_to`] for each target by itself.
    pub async fn deliver_due(self: &Arc<Self>) -> Vec<TargetReport> {
        let targets = self.options.settings.targets.iter();
        futures_util::future::join_all(targets.map(|it| self.deliver_to(&it.name))).await
    }

    /// Sends what is due to a target: its deliveries, or every minute its alerts.
    pub async fn deliver_to(self: &Arc<Self>, name: &str) -> TargetReport {
        let mut report = TargetReport {
            target: name.to_owned(),
            ..TargetReport::default()
        };
        let Some(target) = self.options.settings.target(name).cloned() else {
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

    /// Returns the deliveries of a run, by target.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn deliveries_of_run(
        self: &Arc<Self>,
        run: &str,
    ) -> Result<Vec<DeliveryRecord>, StoreError> {
        let run = run.to_owned();
        self.with_store("", move |store| store.deliveries_of_run(&run))
            .await
    }

    /// Returns the number of deliveries that wait for targets which take messages.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn pending(self: &Arc<Self>) -> Result<usize, StoreError> {
        let counts = self.with_store("", Store::pending_deliveries).await?;
        let targets = &self.options.settings.targets;
        let takes = |name: &str| {
            let is_broken = self.remember(name, |memory| memory.broken.is_some());
            !is_broken && targets.iter().any(|it| it.name == name)
        };
        let waiting = counts.iter().filter(|(name, _)| takes(name));
        Ok(waiting.map(|(_, count)| count.deliveries).sum())
    }

    /// Gives up deliveries of targets that the configuration no longer has.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn give_up_unknown(self: &Arc<Self>) -> Result<u64, StoreError> {
        let now_ms = (self.options.now_ms)();
        let known: Vec<String> = self
            .options
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
        let request = request(
            target,
            &notification,
            &self.options.settings,
            (self.options.now_ms)(),
        );
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
        let now_ms = (self.options.now_ms)();
        let estate = estate.map(str::to_owned);
        let source = self
            .with_store(&target.name, move |store| {
                AlertSource::read(store, estate.as_deref(), now_ms)
            })
            .await?;
        let router = NotifyRouter::new(&self.options.settings);
        let alerts = alerts(router, target, &source, (now_ms, now_ms + life_ms));
        let mut result = DeliveryResult::Delivered("no alert".to_owned());
        for chunk in alerts.chunks(MAX_ALERTS) {
            let request = alert_request(target, chunk, self.options.settings.base_url.as_deref());
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
        let now_ms = (self.options.now_ms)();
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

    async fn mark(
        self: &Arc<Self>,
        target: &NotifyTarget,
        ids: Vec<String>,
        result: MarkedResult,
    ) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let (holder, now_ms) = (self.options.holder.clone(), (self.options.now_ms)());
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
                None => (this.options.store)()?,
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
