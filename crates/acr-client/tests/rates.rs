//! The limit on the rate of requests for an account, over clients, identities and endpoints.

#![allow(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on stops; the emulator's limits follow the time of the machine"
)]

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use acr_api::{ApiAction, Listing, ReadStatus};
use acr_client::credentials::Identity;
use acr_client::{
    Budget, Client, Environment, Options, RateLimit, RequestLimits, RequestRate, Target,
};
use acr_emulator::{self, Emulator, MirrorMode, Script, Seed};
use futures_util::future::join_all;

const INSTANCES: usize = 6;

/// Two accounts, of which each key may read all instances of its own.
const ACCOUNTS: &str = r#"
version: 1
accounts:
  - uid: "1000000000000001"
    requests_per_second: 16
    users:
      - { name: a, access_key_id: a, access_key_secret: secret-a }
      - { name: b, access_key_id: b, access_key_secret: secret-b }
      - { name: c, access_key_id: c, access_key_secret: secret-c }
      - { name: d, access_key_id: d, access_key_secret: secret-d }
"#;

async fn emulate() -> Emulator {
    let listing = |number| Listing {
        status: ReadStatus::Complete,
        ..Listing::skipped(format!("cri-{number}"), None)
    };
    let seed = Seed::new((0..INSTANCES).map(listing).collect(), MirrorMode::AsListed);
    let options = acr_emulator::Options::new(seed, Arc::new(jiff::Timestamp::now));
    let script = Script::parse(ACCOUNTS).expect("a script");
    acr_emulator::start(acr_emulator::Options { script, ..options })
        .await
        .expect("an emulator")
}

/// Lists all instances with the key of a user.
async fn list(emulator: &Emulator, user: &str, limits: &RequestLimits) {
    let variables = BTreeMap::from([
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", user.to_owned()),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", format!("secret-{user}")),
        ("ALIBABA_CLOUD_STS_ENDPOINT", emulator.url()),
    ]);
    let environment = Environment {
        now: Arc::new(jiff::Timestamp::now),
        random: Arc::new(|| uuid::Uuid::new_v4().as_u128()),
        variable: Arc::new(move |name| variables.get(name).cloned()),
        home: None,
        secrets: Arc::new(()),
        requests: Arc::new(()),
    };
    let client = Client::new(Options::default(), environment)
        .expect("a client")
        .with_limits(limits.clone());
    let targets: Vec<Target> = (0..INSTANCES)
        .map(|number| Target {
            instance_id: format!("cri-{number}").into(),
            region: "cn-shanghai".into(),
            endpoint: Some(emulator.url().into()),
            identity: Identity::default(),
        })
        .collect();
    let budget = Budget::starting_now(Duration::from_secs(60));
    let listings = client.read(&targets, budget).await.expect("keys");
    assert!(listings.iter().all(|it| it.status == ReadStatus::Complete));
}

fn limits(rate: RateLimit) -> RequestLimits {
    let limits = RequestLimits::new(NonZeroUsize::MIN.saturating_add(63));
    limits.set_rate(rate);
    limits
}

/// Lists all instances with each of four keys at the same time. Returns the number of requests, and of those above the
/// limit of the account.
async fn list_with_all_keys(limits: &[RequestLimits; 4]) -> (u64, u64) {
    let emulator = emulate().await;
    let lists = ["a", "b", "c", "d"].iter().zip(limits);
    join_all(lists.map(|(user, limits)| list(&emulator, user, limits))).await;
    let counts = emulator.request_counts();
    (
        counts.count(ApiAction::ListRepoSyncRule),
        counts.throttled(),
    )
}

fn rate(per_second: f64) -> RateLimit {
    RateLimit::PerSecond(RequestRate::new(per_second).expect("a rate"))
}

#[tokio::test]
async fn the_keys_of_an_account_share_its_budget() {
    let shared = limits(rate(8.0));
    let shared = [shared.clone(), shared.clone(), shared.clone(), shared];
    assert_eq!(list_with_all_keys(&shared).await, (24, 0));
    // Four budgets are more than the account may have.
    let separate = [(); 4].map(|()| limits(rate(8.0)));
    let (requests, throttled) = list_with_all_keys(&separate).await;
    assert!(requests > 24 && throttled > 0, "{requests} {throttled}");
}

#[tokio::test]
async fn a_pause_ends_with_the_next_limit() {
    let paused = limits(RateLimit::Paused);
    let emulator = emulate().await;
    let listing = list(&emulator, "a", &paused);
    let resume = async {
        while emulator.request_counts().count_by_name("GetCallerIdentity") == 0 {
            tokio::task::yield_now().await;
        }
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        assert_eq!(
            emulator.request_counts().count(ApiAction::ListRepoSyncRule),
            0
        );
        paused.set_rate(RateLimit::Unlimited);
    };
    tokio::join!(listing, resume);
    assert_eq!(
        emulator.request_counts().count(ApiAction::ListRepoSyncRule),
        6
    );
}
