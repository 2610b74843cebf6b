//! The deliveries of a running watch: a task for each target, so that none waits for another one.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

use crate::cli::commands::notify::alert_life_ms;
use crate::cli::context::SharedContext;
use crate::cli::failure::Failure;
use crate::notify::{
    Deliverer, DelivererOptions, DeliveryResult, NotifyClient, NotifySettings, TargetReport,
};
use crate::rules::{TargetKind, WatchFile};
use crate::store::{Store, StoreAccess, StoreOpener, StoreUrl};
use crate::watch::SharedState;

/// The time between two passes of a target.
const PAUSE: Duration = Duration::from_secs(1);

/// The longest time for the deliveries of `watch --once`.
const ONCE_TIMEOUT: Duration = Duration::from_secs(60);

/// Returns a function that opens a store, for tasks with a connection of their own.
pub(super) fn opener(url: &StoreUrl, access: StoreAccess, shared: &SharedContext) -> StoreOpener {
    let (url, shared) = (url.clone(), shared.clone());
    Arc::new(move || Store::open(&url, access, shared.now_ms()))
}

/// Returns the deliverer of this process.
pub(super) fn deliverer(
    settings: NotifySettings,
    store: StoreOpener,
    (holder, shared): (&str, &SharedContext),
) -> Arc<Deliverer> {
    let shared = shared.clone();
    Arc::new(Deliverer::new(DelivererOptions {
        settings,
        store,
        client: Arc::new(NotifyClient::new(env!("CARGO_PKG_VERSION"))),
        holder: holder.to_owned(),
        now_ms: Arc::new(move || shared.now_ms()),
        random: Arc::new(|| uuid::Uuid::new_v4().as_u128()),
    }))
}

/// The running deliveries: a task for each target.
pub(super) struct Deliveries {
    tasks: JoinSet<()>,
    /// True once each task makes its last pass.
    finishing: watch::Sender<bool>,
}

impl Deliveries {
    /// Starts the tasks.
    pub(super) fn start(
        deliverer: &Arc<Deliverer>,
        state: &SharedState,
        clock: &SharedContext,
    ) -> Self {
        let (finishing, mut tasks) = (watch::Sender::new(false), JoinSet::new());
        for target in &deliverer.settings().targets {
            let (deliverer, state, clock) = (Arc::clone(deliverer), state.clone(), clock.clone());
            let (name, mut finishing) = (target.name.clone(), finishing.subscribe());
            tasks.spawn(async move {
                loop {
                    let is_last = *finishing.borrow_and_update();
                    let report = deliverer.deliver_to(&name).await;
                    show(&report, &state, clock.now_ms());
                    if is_last {
                        return;
                    }
                    // The sender outlives its tasks.
                    let _ = timeout(PAUSE, finishing.changed()).await;
                }
            });
        }
        let deliverer = Arc::clone(deliverer);
        tasks.spawn(async move {
            // A store that is away has another chance at the next start.
            let _ = deliverer.give_up_unknown().await;
        });
        Self { tasks, finishing }
    }

    /// Sends what is due once more. What is claimed at the deadline is sent by the next process.
    pub(super) async fn finish(mut self, deadline: Instant) {
        self.finishing.send_replace(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        // Dropping the tasks ends them.
        let _ = timeout_at(deadline, all).await;
    }
}

/// Counts the messages of a pass.
fn show(report: &TargetReport, state: &SharedState, now_ms: i64) {
    let has_changed = state.read(|state| {
        let view = state.targets.get(&report.target);
        !report.results.is_empty() || view.is_some_and(|view| view.broken != report.broken)
    });
    if !has_changed {
        return;
    }
    state.change(|state| {
        let view = state.targets.entry(report.target.clone()).or_default();
        view.broken.clone_from(&report.broken);
        for result in &report.results {
            *view.results.entry(result.as_str()).or_default() += 1;
            if matches!(result, DeliveryResult::Delivered(_)) {
                view.last_success_ms = Some(now_ms);
            }
        }
    });
}

/// The result of sending once.
#[derive(Debug, Default)]
pub(super) struct SentOnce {
    /// The targets that did not take their messages, with the reasons.
    pub(super) refused: Vec<String>,
    /// The number of messages that wait for the next run.
    pub(super) waiting: usize,
}

/// Sends what waits in the store, once.
pub(super) async fn send_once(
    deliverer: &Arc<Deliverer>,
    file: &WatchFile,
    (estates, now_ms): (&[String], i64),
) -> Result<SentOnce, Failure> {
    let end = Instant::now() + ONCE_TIMEOUT;
    let mut sent = SentOnce::default();
    deliverer.give_up_unknown().await?;
    loop {
        let reports = deliverer.deliver_due().await;
        let results = || reports.iter().flat_map(|it| &it.results);
        let has_delivered = results().any(|it| matches!(it, DeliveryResult::Delivered(_)));
        for report in &reports {
            for result in &report.results {
                if !matches!(
                    result,
                    DeliveryResult::Delivered(_) | DeliveryResult::Retry(_)
                ) {
                    let line = format!("{}: {}", report.target, result.text());
                    sent.refused.push(line);
                }
            }
        }
        sent.waiting = deliverer.pending().await?;
        // A message that a service did not take now is one of the next run.
        if sent.waiting == 0 || !has_delivered || Instant::now() > end {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    for target in &deliverer.settings().targets {
        if target.kind != TargetKind::Alertmanager {
            continue;
        }
        for estate in estates {
            let life_ms = alert_life_ms(file, estate, now_ms);
            let result = deliverer.post_alerts(target, Some(estate), life_ms).await?;
            if !matches!(result, DeliveryResult::Delivered(_)) {
                let line = format!("{}: {}", target.name, result.text());
                sent.refused.push(line);
            }
        }
    }
    Ok(sent)
}
