//! Serves a seed of two instances until Ctrl-C, and prints the endpoint and the access key.
//!
//! ```text
//! cargo run -p acr-emulator --example serve
//! ```

#![allow(clippy::print_stdout, reason = "an example prints its result")]

use std::error::Error;
use std::sync::Arc;

use acr_api::{Listing, ReadStatus};
use acr_emulator::{
    DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, MirrorMode, Options, Seed, start,
};

const RULE: &str = r#"{
    "SyncRuleId": "crsr-example", "SyncRuleName": "to-beijing", "SyncScope": "NAMESPACE",
    "SyncDirection": "FROM", "SyncTrigger": "PASSIVE", "TagFilter": ".*", "RepoNameFilter": ".*",
    "LocalRegionId": "cn-shanghai", "LocalInstanceId": "cri-shanghai", "LocalNamespaceName": "base",
    "TargetRegionId": "cn-beijing", "TargetInstanceId": "cri-beijing", "TargetNamespaceName": "base"
}"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listing = Listing {
        status: ReadStatus::Complete,
        region_id: Some("cn-shanghai".into()),
        rules: vec![serde_json::from_str(RULE)?],
        ..Listing::skipped("cri-shanghai", None)
    };
    let seed = Seed::new(vec![listing], MirrorMode::Both);
    #[allow(
        clippy::disallowed_methods,
        reason = "clients date their requests by the machine's clock"
    )]
    let clock = Arc::new(jiff::Timestamp::now);
    let emulator = start(Options::new(seed, clock)).await?;
    println!("endpoint:          {}", emulator.url());
    println!("access key id:     {DEFAULT_ACCESS_KEY_ID}");
    println!("access key secret: {DEFAULT_ACCESS_KEY_SECRET}");
    println!("instances:         cri-shanghai, cri-beijing");
    tokio::signal::ctrl_c().await?;
    let requests = emulator.request_counts().total();
    emulator.shut_down().await;
    println!("requests:          {requests}");
    Ok(())
}
