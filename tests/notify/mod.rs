//! Notifications, sent to strict stand-ins of the services.

mod commands;
mod failures;
mod messages;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crdrift::finding::Severity;
use crdrift::i18n::Language;
use crdrift::notify::{
    Deliverer, DelivererOptions, DeliveryResult, NotifyClient, NotifyRouter, NotifySettings,
    TargetReport,
};
use crdrift::report;
use crdrift::rules::{NotifyEvent, NotifyTarget, TargetKind};
use crdrift::store::{NewResult, RecordOutcome, Store, StoreAccess, StoreUrl};
use secrecy::SecretString;
use tokio::runtime::Runtime;

use crate::receivers::{Receiver, SECRET};
use crate::store::TestStore;
use crate::store::results::ResultPlan;

/// The services that receive messages for people.
const CHATS: [TargetKind; 4] = [
    TargetKind::Dingtalk,
    TargetKind::Feishu,
    TargetKind::Wecom,
    TargetKind::Slack,
];

/// The time at which a test begins, epoch milliseconds.
const START_MS: i64 = 1_790_000_000_000;

/// A clock that a test moves.
#[derive(Clone)]
struct TestClock(Arc<AtomicI64>);

impl TestClock {
    fn new() -> Self {
        Self(Arc::new(AtomicI64::new(START_MS)))
    }

    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    fn reader(&self) -> Arc<dyn Fn() -> i64 + Send + Sync> {
        let clock = self.clone();
        Arc::new(move || clock.now_ms())
    }
}

/// Services, a store, and a sender between them.
struct Bench {
    clock: TestClock,
    receivers: Vec<Receiver>,
    store: TestStore,
    settings: NotifySettings,
    deliverer: Arc<Deliverer>,
    runtime: Runtime,
}

impl Bench {
    fn new(kinds: &[TargetKind], change: impl Fn(&mut NotifyTarget)) -> Self {
        let clock = TestClock::new();
        let receivers: Vec<Receiver> = kinds
            .iter()
            .map(|kind| Receiver::start(*kind, None, clock.reader()))
            .collect();
        let targets = receivers.iter().map(|receiver| {
            let mut target = target(receiver);
            change(&mut target);
            target
        });
        let settings = NotifySettings {
            targets: targets.collect(),
            base_url: Some("https://drift.example.com".to_owned()),
            language: Language::English,
            incomplete_after: 2,
        };
        let store = TestStore::sqlite();
        drop(store.open());
        let deliverer = deliverer(&settings, &store, &clock);
        Self {
            clock,
            receivers,
            store,
            settings,
            deliverer,
            runtime: Runtime::new().expect("a runtime"),
        }
    }

    /// Records a result, as a watch does.
    fn record(&self, store: &mut Store, plan: &ResultPlan) -> RecordOutcome {
        let text = plan.text();
        let report = report::read(text.as_bytes()).expect("a result");
        let router = NotifyRouter::new(&self.settings);
        let result = NewResult {
            name: "result.json",
            text: &text,
            report: &report,
            recorded_ms: self.clock.now_ms(),
            lease: None,
            router: Some(&router),
        };
        store.record(&result).expect("a store")
    }

    fn deliver(&self) -> Vec<TargetReport> {
        self.runtime.block_on(self.deliverer.deliver_due())
    }

    /// Loads the configuration again.
    fn reload(&mut self) {
        self.deliverer = deliverer(&self.settings, &self.store, &self.clock);
    }
}

/// Returns the target of a service, named by its kind.
fn target(receiver: &Receiver) -> NotifyTarget {
    NotifyTarget {
        name: receiver.kind.as_str().to_owned(),
        kind: receiver.kind,
        url: SecretString::from(receiver.url().to_owned()),
        secret: Some(SecretString::from(SECRET.to_owned())),
        events: NotifyEvent::ALL.to_vec(),
        owners: Vec::new(),
        estates: Vec::new(),
        codes: Vec::new(),
        min_severity: Severity::Info,
        language: None,
        is_default: false,
        prefix: NotifyTarget::DEFAULT_PREFIX.to_owned(),
    }
}

fn deliverer(settings: &NotifySettings, store: &TestStore, clock: &TestClock) -> Arc<Deliverer> {
    let url = StoreUrl::parse(&store.url).expect("a URL");
    let client = NotifyClient::new("0.0.0").with_timeout(Duration::from_millis(1_500));
    Arc::new(Deliverer::new(DelivererOptions {
        settings: settings.clone(),
        store: Arc::new(move || Store::open(&url, StoreAccess::Write, START_MS)),
        client: Arc::new(client),
        holder: "test".to_owned(),
        now_ms: clock.reader(),
        random: Arc::new(|| 29_999),
    }))
}

/// Returns the words of the results of a pass, by target.
fn words(reports: &[TargetReport]) -> Vec<(String, Vec<&'static str>)> {
    let words = |report: &TargetReport| report.results.iter().map(DeliveryResult::as_str).collect();
    reports
        .iter()
        .map(|report| (report.target.clone(), words(report)))
        .collect()
}
