//! `crdrift notify RESULT`: records a result, and sends what it opened or resolved.

use std::fmt::Write as _; // to a String, which cannot fail
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use crate::cli::args::NotifyArgs;
use crate::cli::failure::Failure;
use crate::cli::input::read_comparison;
use crate::cli::runtime::block_on;
use crate::cli::{Context, Exit, store};
use crate::history::EstateKey;
use crate::notify::{Deliverer, DeliveryResult, NotifyRouter, NotifySettings};
use crate::rules::{Schedule, TargetKind, WatchFile};
use crate::source::{pluralize, sanitize, sanitize_line};
use crate::store::{
    DeliveryRecord, DeliveryState, NewResult, RecordOutcome, Store, StoreAccess, StoreError,
    StoreOpener,
};

/// The time between two attempts, milliseconds.
const PAUSE_MS: u64 = 1_000;

/// The time between two checks of an estate that the watch file does not have, milliseconds.
const UNKNOWN_INTERVAL_MS: i64 = 3_600_000;

/// The results for a target: its delivery, or the post of its alerts.
struct SentMessages {
    deliveries: Vec<DeliveryRecord>,
    alerts: Vec<(String, DeliveryResult)>,
}

pub(super) fn run(path: &Path, args: &NotifyArgs, context: &mut Context) -> Result<Exit, Failure> {
    let (file, settings) = super::load(&args.config, context)?;
    let saved = read_comparison(path, context)?;
    context.refuse_secrets(&saved.name, saved.text.as_bytes())?;
    let url = store::parse_url(Some(&super::store_arg(&file)), context)?;
    let mut store = Store::open(&url, StoreAccess::Write, context.now_ms())?;
    let router = NotifyRouter::new(&settings);
    let outcome = store.record(&NewResult {
        name: &saved.name,
        text: &saved.text,
        report: &saved.report,
        recorded_ms: context.now_ms(),
        lease: None,
        router: Some(&router),
    })?;
    if outcome == RecordOutcome::RecordedLate {
        let reason = "the result is recorded, and older than the newest one of its estate: it notifies no target";
        context.finish(reason, Exit::Success);
        return Ok(Exit::Success);
    }
    drop(store);
    let clock = context.clock();
    let opener: StoreOpener =
        Arc::new(move || Store::open(&url, StoreAccess::Write, clock().as_millisecond()));
    let deliverer = super::deliverer(settings.clone(), opener, context);
    let estate = EstateKey::new(&saved.report).name().to_owned();
    let life_ms = alert_life_ms(&file, &estate, context.now_ms());
    let digest = saved.digest.to_string();
    let sent = block_on(async {
        let deliveries = deliver(&deliverer, &digest, args.wait).await?;
        let mut alerts = Vec::new();
        for target in &settings.targets {
            if target.kind == TargetKind::Alertmanager {
                let result = deliverer
                    .post_alerts(target, Some(&estate), life_ms)
                    .await?;
                alerts.push((target.name.clone(), result));
            }
        }
        Ok(SentMessages { deliveries, alerts })
    })?;
    finish(&sent, &settings, context)
}

/// Sends what waits, until no delivery of the run does, or the time is up.
async fn deliver(
    deliverer: &Arc<Deliverer>,
    run: &str,
    wait_seconds: u16,
) -> Result<Vec<DeliveryRecord>, StoreError> {
    let pause = Duration::from_millis(PAUSE_MS);
    let end = tokio::time::Instant::now() + Duration::from_secs(wait_seconds.into());
    loop {
        // Alerts are posted once, for the time until the next run.
        let targets = deliverer.settings().targets.iter();
        let messages = targets.filter(|it| it.kind != TargetKind::Alertmanager);
        let reports = join_all(messages.map(|it| deliverer.deliver_to(&it.name))).await;
        let deliveries = deliverer.deliveries_of_run(run).await?;
        let is_settled = deliveries
            .iter()
            .all(|it| it.state != DeliveryState::Pending);
        let is_away = reports.iter().any(|it| it.store_error.is_some());
        if is_settled || is_away || tokio::time::Instant::now() + pause > end {
            return Ok(deliveries);
        }
        tokio::time::sleep(pause).await;
    }
}

/// Returns the time for which alerts of an estate are active: two and a half of its intervals, since this process posts
/// them once.
pub(in crate::cli) fn alert_life_ms(file: &WatchFile, estate: &str, now_ms: i64) -> i64 {
    let schedule = file.estates.iter().find(|it| it.name == estate);
    let interval_ms = match schedule.map(|it| &it.schedule) {
        Some(Schedule::Every(interval)) => i64::try_from(interval.as_millis()).ok(),
        Some(Schedule::Cron(cron)) => {
            let next_ms = cron.next_after(now_ms);
            let second_ms = next_ms.and_then(|it| cron.next_after(it));
            second_ms.zip(next_ms).map(|(second, next)| second - next)
        }
        None => None,
    };
    interval_ms.unwrap_or(UNKNOWN_INTERVAL_MS).saturating_mul(5) / 2
}

/// Prints a line for each target, and the reason for the exit code.
fn finish(
    sent: &SentMessages,
    settings: &NotifySettings,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let mut text = String::new();
    let (mut notified, mut failed) = (0, 0);
    for target in &settings.targets {
        let name = sanitize(&target.name).into_owned();
        let kind = target.kind.as_str();
        let delivery = sent.deliveries.iter().find(|it| it.target == target.name);
        let alerts = sent.alerts.iter().find(|(of, _)| *of == target.name);
        let (word, reason, is_delivered) = match (delivery, alerts) {
            (Some(delivery), _) => (
                delivery.state.as_str(),
                delivery.reason.as_str(),
                delivery.state == DeliveryState::Delivered,
            ),
            (None, Some((_, result))) => (
                result.as_str(),
                result.text(),
                matches!(result, DeliveryResult::Delivered(_)),
            ),
            (None, None) => {
                let _ = writeln!(text, "{name} ({kind}): not notified");
                continue;
            }
        };
        notified += 1;
        failed += usize::from(!is_delivered);
        let reason = sanitize_line(reason).into_owned();
        let _ = writeln!(text, "{name} ({kind}): {word}: {reason}");
    }
    context.print(&text)?;
    let targets = pluralize(notified, "target");
    if failed > 0 {
        return Err(Failure::new(format!("{failed} of {targets} did not take the message")).help(
            "correct the target, and rerun the same command: delivered messages are not sent again",
        ));
    }
    context.finish(&format!("{targets} notified"), Exit::Success);
    Ok(Exit::Success)
}
