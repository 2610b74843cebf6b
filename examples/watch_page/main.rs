//! Serves the pages of a made-up watch, for the tests in a browser: `cargo run --example watch_page -- --estates 1000`.
//!
//! It prints the address, and reads commands from standard input, a line each: `drift NAME` and `sync NAME` change the
//! newest check of an estate, `touch NUMBER` changes that many estates one after the other, and the end of the input
//! stops it. Each command is answered with a line.

use std::fs;
use std::io::{self, BufRead, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Parser;
use crdrift::i18n::Language;
use crdrift::redaction::SecretRegistry;
use crdrift::report::{self, Outcome, Report};
use crdrift::store::{
    ClaimRequest, DeliveryMark, DeliveryRouter, NewDelivery, NewResult, RunTransitions, Store,
    StoreAccess, StoreUrl,
};
use crdrift::watch::{
    CheckSummary, EstateView, ServerOptions, SharedState, TargetView, WatchState, start,
};

/// Serves the pages of a made-up watch
#[derive(Debug, Parser)]
struct WatchPageArgs {
    /// The address
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The number of estates
    #[arg(long, default_value_t = 3)]
    estates: usize,
    /// A result document, which is the newest check of each estate
    #[arg(long, value_name = "FILE")]
    result: PathBuf,
    /// The folder of the store
    #[arg(long, value_name = "DIR")]
    store: PathBuf,
    /// A JSON list of names of further estates, owners and targets
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
    /// Chinese pages
    #[arg(long)]
    chinese: bool,
}

fn main() -> io::Result<()> {
    let args = WatchPageArgs::parse();
    let text = fs::read_to_string(&args.result)?;
    let report = report::read(text.as_bytes()).map_err(io::Error::other)?;
    let mut names: Vec<String> = match &args.names {
        Some(path) => serde_json::from_slice(&fs::read(path)?)?,
        None => Vec::new(),
    };
    // No configuration has an empty name.
    names.retain(|it| !it.trim().is_empty());
    let path = args.store.join("history.db");
    let url = StoreUrl::parse(&format!("sqlite:{}", path.display())).map_err(io::Error::other)?;
    record(&url, &report, &text, &names).map_err(io::Error::other)?;
    let state = SharedState::new(make_state(&args, &report, &names));
    let runtime = tokio::runtime::Runtime::new()?;
    let options = ServerOptions {
        listen: args.listen,
        metrics_listen: None,
        hosts: Vec::new(),
        password: None,
        language: if args.chinese {
            Language::Chinese
        } else {
            Language::English
        },
        mask_ids: false,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        secrets: SecretRegistry::default(),
    };
    let open = move || Store::open(&url, StoreAccess::Write, now_ms());
    let server = runtime.block_on(start(
        options,
        state.clone(),
        Arc::new(open),
        Arc::new(now_ms),
    ))?;
    let mut out = io::stdout().lock();
    writeln!(out, "listening on http://{}", server.address())?;
    out.flush()?;
    for line in io::stdin().lock().lines() {
        run(&line?, &state, &report);
        writeln!(out, "done")?;
        out.flush()?;
    }
    runtime.block_on(server.stop());
    Ok(())
}

#[allow(
    clippy::disallowed_methods,
    reason = "an example is a program of its own, with its own clock"
)]
fn now_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Delivers every run to the same targets.
#[derive(Debug)]
struct EveryTarget(Vec<String>);

impl DeliveryRouter for EveryTarget {
    fn route(&self, _: &RunTransitions<'_>) -> Vec<NewDelivery> {
        let delivery = |target: &String| NewDelivery {
            target: target.clone(),
            events: vec!["opened", "recovered"],
            document: "{}".to_owned(),
        };
        self.0.iter().map(delivery).collect()
    }
}

/// Records the result for the estate that it names, with deliveries to targets: the first one is delivered, and those with
/// the given names are broken.
fn record(
    url: &StoreUrl,
    report: &Report,
    text: &str,
    names: &[String],
) -> Result<(), crdrift::store::StoreError> {
    let mut targets = vec!["ops".to_owned(), "night".to_owned()];
    targets.extend_from_slice(names);
    let mut store = Store::open(url, StoreAccess::Write, now_ms())?;
    let result = NewResult {
        name: "result.json",
        text,
        report,
        recorded_ms: now_ms(),
        lease: None,
        router: Some(&EveryTarget(targets.clone())),
    };
    store.record(&result)?;
    for target in targets.iter().filter(|it| *it != "night") {
        let request = ClaimRequest {
            target,
            holder: "example",
            now_ms: now_ms(),
            budget: None,
            retry_broken_since_ms: None,
        };
        let claim = store.claim_deliveries(&request)?;
        let ids: Vec<&str> = claim.deliveries.iter().map(|it| it.id.as_str()).collect();
        let mark = if target == "ops" {
            DeliveryMark::Delivered("errcode 0")
        } else {
            DeliveryMark::Broken(target)
        };
        store.mark_deliveries(&ids, ("example", now_ms()), mark)?;
    }
    Ok(())
}

fn make_state(args: &WatchPageArgs, report: &Report, names: &[String]) -> WatchState {
    let mut state = WatchState {
        started_ms: now_ms(),
        turned_ms: now_ms(),
        has_tried: true,
        is_store_up: true,
        is_config_valid: true,
        ..WatchState::default()
    };
    let own = report.estate.iter().map(|it| it.name.clone());
    let numbered = (0..args.estates).map(|number| format!("estate-{number:04}"));
    let of_team = |name: String, number: usize| (name, format!("team-{}", number % 7));
    let made = own.chain(numbered).enumerate();
    let made = made.map(|(number, name)| of_team(name, number));
    let given = names.iter().map(|it| (it.clone(), it.clone()));
    for (name, owner) in made.chain(given) {
        let mut view = EstateView {
            owner: Some(owner),
            schedule: "every 15m".to_owned(),
            interval_ms: 900_000,
            next_ms: Some(now_ms() + 600_000),
            has_lease: true,
            ..EstateView::default()
        };
        view.finish_check(&check(report, Outcome::Drift));
        state.estates.insert(name, view);
    }
    for name in ["ops".to_owned()].iter().chain(names) {
        let target = TargetView {
            kind: "dingtalk",
            broken: names.contains(name).then(|| name.clone()),
            ..TargetView::default()
        };
        state.targets.insert(name.clone(), target);
    }
    state
}

/// Returns a check that ends now.
fn check(report: &Report, outcome: Outcome) -> CheckSummary {
    let mut summary = CheckSummary::from_report(report);
    summary.last.started_ms = now_ms();
    summary.last.outcome = outcome;
    if outcome == Outcome::InSync {
        summary.last.reason = "everything is in sync".into();
        summary.open = [0; 3];
        summary.oldest_open_ms = None;
    }
    summary
}

fn run(command: &str, state: &SharedState, report: &Report) {
    let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
    let finish = |name: &str, outcome: Outcome| {
        state.change(|state| {
            if let Some(view) = state.estates.get_mut(name) {
                view.finish_check(&check(report, outcome));
            }
        });
    };
    match verb {
        "drift" => finish(rest, Outcome::Drift),
        "sync" => finish(rest, Outcome::InSync),
        _ => {
            let names = state.read(|state| state.estates.keys().cloned().collect::<Vec<_>>());
            let times = rest.parse().unwrap_or(0);
            for name in names.iter().cycle().take(times) {
                finish(name, Outcome::Drift);
                // An event each.
                std::thread::sleep(Duration::from_millis(250));
            }
        }
    }
}
