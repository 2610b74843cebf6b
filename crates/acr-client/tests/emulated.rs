//! The client against the emulator: the providers of credentials that it supports, and a large estate.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on stops"
)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use acr_api::ReadStatus;
use acr_api::{Listing, WireField, WireRule};
use acr_client::credentials::Identity;
use acr_client::{Budget, Client, Environment, Options, Target};
use acr_emulator::{self, Emulator, MirrorMode, Script, Seed};
use jiff::Timestamp;

const ACCOUNTS: &str = r#"
version: 1
accounts:
  - uid: "1000000000000001"
    instances: [cri-own]
    users:
      - { name: ci, access_key_id: ci-id, access_key_secret: ci-secret, policies: [
          { Version: "1", Statement: [{ Effect: Allow, Action: "sts:AssumeRole", Resource: "*" }] }] }
    roles:
      - name: reader
        oidc: [{ provider_arn: "acs:ram::1000000000000001:oidc-provider/ci", token: "someone's+token/==" }]
  - uid: "2000000000000002"
    instances: [cri-other]
    roles: [{ name: guest, trusts: ["acs:ram::1000000000000001:root"] }]
metadata: { role_arn: "acs:ram::1000000000000001:role/reader", require_token: true }
credentials_uri: { role_arn: "acs:ram::1000000000000001:role/reader" }
"#;

fn now() -> Timestamp {
    "2026-03-01T08:00:00Z".parse().expect("a time")
}

fn listing(instance: &str, rules: usize) -> Listing {
    let rule = |number: usize| {
        let mut rule = WireRule::default();
        for (field, text) in [
            (WireField::SyncRuleId, format!("crsr-{instance}-{number}")),
            (WireField::SyncRuleName, format!("rule-{number}")),
            (WireField::LocalInstanceId, instance.to_owned()),
            (WireField::TargetInstanceId, "cri-elsewhere".to_owned()),
            (WireField::SyncDirection, "FROM".to_owned()),
        ] {
            rule.set(field, text);
        }
        rule
    };
    Listing {
        status: ReadStatus::Complete,
        rules: (0..rules).map(rule).collect(),
        ..Listing::skipped(instance, None)
    }
}

async fn emulate(listings: Vec<Listing>, script: &str) -> Emulator {
    let options =
        acr_emulator::Options::new(Seed::new(listings, MirrorMode::AsListed), Arc::new(now));
    let script = Script::parse(script).expect("a script");
    acr_emulator::start(acr_emulator::Options { script, ..options })
        .await
        .expect("an emulator")
}

fn client(emulator: &Emulator, variables: &[(&str, &str)]) -> Client {
    let mut variables: BTreeMap<_, _> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    variables.insert("ALIBABA_CLOUD_STS_ENDPOINT".to_owned(), emulator.url());
    let environment = Environment {
        now: Arc::new(now),
        random: Arc::new(|| uuid::Uuid::new_v4().as_u128()),
        variable: Arc::new(move |name| variables.get(name).cloned()),
        home: None,
        secrets: Arc::new(()),
        requests: Arc::new(()),
    };
    let options = Options {
        metadata_endpoint: emulator.url().into(),
        ..Options::default()
    };
    Client::new(options, environment).expect("a client")
}

fn target(emulator: &Emulator, instance: &str, role_arn: Option<&str>) -> Target {
    Target {
        instance_id: instance.into(),
        region: "cn-shanghai".into(),
        endpoint: Some(emulator.url().into()),
        identity: Identity {
            profile: None,
            role_arn: role_arn.map(Into::into),
        },
    }
}

fn budget() -> Budget {
    Budget::starting_now(Duration::from_secs(60))
}

#[tokio::test]
async fn roles_of_two_accounts_are_assumed_in_one_run() {
    let emulator = emulate(
        vec![listing("cri-own", 3), listing("cri-other", 2)],
        ACCOUNTS,
    )
    .await;
    let keys = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ci-id"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ci-secret"),
    ];
    let client = client(&emulator, &keys);
    let reader = Some("acs:ram::1000000000000001:role/reader");
    let guest = Some("acs:ram::2000000000000002:role/guest");
    let targets = [
        target(&emulator, "cri-own", None),
        target(&emulator, "cri-own", reader),
        target(&emulator, "cri-other", guest),
        target(
            &emulator,
            "cri-other",
            Some("acs:ram::2000000000000002:role/none"),
        ),
    ];
    let listings = client.read(&targets, budget()).await.expect("keys");
    let read: Vec<_> = listings
        .iter()
        .map(|listing| (listing.status, listing.rules.len()))
        .collect();
    assert_eq!(
        read[..3],
        [
            (ReadStatus::Denied, 0),
            (ReadStatus::Complete, 3),
            (ReadStatus::Complete, 2)
        ]
    );
    let failure = listings[3].failure.as_ref().expect("no such role");
    assert_eq!(&*failure.code, "EntityNotExist.Role", "{failure:?}");

    let account = async |identity: &Identity| {
        client
            .caller(identity, budget())
            .await
            .expect("a caller")
            .account
    };
    assert_eq!(
        account(&targets[0].identity).await.as_str(),
        "1000000000000001"
    );
    assert_eq!(
        account(&targets[2].identity).await.as_str(),
        "2000000000000002"
    );
}

#[tokio::test]
async fn tokens_instance_roles_and_uris_provide_credentials() {
    let emulator = emulate(vec![listing("cri-own", 3)], ACCOUNTS).await;
    let folder = tempfile::tempdir().expect("a folder");
    let token = folder.path().join("token");
    std::fs::write(&token, "someone's+token/==\n").expect("written");
    let token = token.display().to_string();
    let uri = format!("{}/credentials", emulator.url());
    let oidc = [
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", token.as_str()),
        (
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
            "acs:ram::1000000000000001:oidc-provider/ci",
        ),
        (
            "ALIBABA_CLOUD_ROLE_ARN",
            "acs:ram::1000000000000001:role/reader",
        ),
    ];
    let uri = [
        ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
        ("ALIBABA_CLOUD_CREDENTIALS_URI", uri.as_str()),
    ];
    for (variables, source) in [
        (&oidc[..], "OIDC token"),
        (&[][..], "ECS instance role"),
        (&uri[..], "credentials URI"),
    ] {
        let client = client(&emulator, variables);
        let targets = [target(&emulator, "cri-own", None)];
        let listings = client.read(&targets, budget()).await.expect(source);
        assert_eq!(
            (listings[0].status, listings[0].rules.len()),
            (ReadStatus::Complete, 3),
            "{source}"
        );
        let caller = client
            .caller(&targets[0].identity, budget())
            .await
            .expect(source);
        assert_eq!(
            (caller.source.to_string().as_str(), caller.account.as_str()),
            (source, "1000000000000001")
        );
        if source == "OIDC token" {
            assert!(
                caller.arn.contains("crdrift-"),
                "the session names crdrift: {}",
                caller.arn
            );
        }
    }
}

#[tokio::test]
async fn an_estate_takes_one_request_per_page() {
    let instances: Vec<_> = (0..20).map(|number| format!("cri-{number}")).collect();
    let estate = instances
        .iter()
        .map(|instance| listing(instance, 250))
        .collect();
    // The latency of every third request changes the order of the pages.
    let faults = "version: 1\nfaults: [{ when: { every: 3 }, do: { latency: { ms: 5 } } }]";
    let emulator = emulate(estate, faults).await;
    let keys = [
        (
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            acr_emulator::DEFAULT_ACCESS_KEY_ID,
        ),
        (
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            acr_emulator::DEFAULT_ACCESS_KEY_SECRET,
        ),
    ];
    let targets: Vec<_> = instances
        .iter()
        .map(|instance| target(&emulator, instance, None))
        .collect();
    let listings = client(&emulator, &keys)
        .read(&targets, budget())
        .await
        .expect("keys");
    assert!(
        listings
            .iter()
            .all(|listing| listing.status == ReadStatus::Complete && listing.rules.len() == 250)
    );
    assert_eq!(emulator.request_counts().total(), 20 * 3);
    let ids = listings[7]
        .rules
        .iter()
        .filter_map(|rule| rule.get(WireField::SyncRuleId));
    assert!(
        ids.eq((0..250).map(|number| format!("crsr-cri-7-{number}"))),
        "in page order"
    );
}
