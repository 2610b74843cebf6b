//! Starts an emulator with 250 rules, lists them with the client, and prints the result.
//!
//! ```text
//! cargo run -p acr-client --example list
//! ```
//!
//! For a real instance, leave the endpoint out, and let the variables and the home folder be those of the process.

#![allow(clippy::print_stdout, reason = "an example prints its result")]

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use acr_api::{Listing, ReadStatus, WireField, WireRule};
use acr_client::credentials::Identity;
use acr_client::{Budget, Client, Environment, Options, Target};
use acr_emulator::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, Emulator, MirrorMode, Seed};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = start_emulator().await?;
    let client = Client::new(Options::default(), environment())?;
    let target = Target {
        instance_id: "cri-example".into(),
        region: "cn-shanghai".into(),
        endpoint: Some(emulator.url().into()),
        identity: Identity::default(),
    };
    let budget = Budget::starting_now(Duration::from_secs(60));
    for listing in client.read(&[target], budget).await? {
        println!(
            "{}: {}, {} rules on {} pages, {} requests",
            listing.instance_id,
            listing.status.as_str(),
            listing.rules.len(),
            listing.pages,
            listing.requests
        );
        if let Some(failure) = listing.failure {
            println!("  {failure}");
        }
    }
    emulator.shut_down().await;
    Ok(())
}

/// Returns an environment with the access key of the emulator and the clock of the machine.
fn environment() -> Environment {
    let variable = |name: &str| match name {
        "ALIBABA_CLOUD_ACCESS_KEY_ID" => Some(DEFAULT_ACCESS_KEY_ID.to_owned()),
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET" => Some(DEFAULT_ACCESS_KEY_SECRET.to_owned()),
        _ => None,
    };
    Environment {
        now: Arc::new(now),
        random: Arc::new(|| uuid::Uuid::new_v4().as_u128()),
        variable: Arc::new(variable),
        home: None,
        secrets: Arc::new(()),
        requests: Arc::new(()),
    }
}

async fn start_emulator() -> Result<Emulator, Box<dyn Error>> {
    let rule = |number: u32| {
        let mut rule = WireRule::default();
        rule.set(WireField::SyncRuleId, format!("crsr-{number}"));
        rule.set(WireField::SyncRuleName, format!("rule-{number}"));
        rule.set(WireField::SyncDirection, "FROM");
        rule
    };
    let listing = Listing {
        status: ReadStatus::Complete,
        rules: (0..250).map(rule).collect(),
        ..Listing::skipped("cri-example", None)
    };
    let seed = Seed::new(vec![listing], MirrorMode::AsListed);
    let options = acr_emulator::Options::new(seed, Arc::new(now));
    Ok(acr_emulator::start(options).await?)
}

#[allow(
    clippy::disallowed_methods,
    reason = "requests are dated by the clock of the machine"
)]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
