//! `crdrift watch`: checks on a schedule, until a signal ends them.

mod budget;
mod checker;
mod counter;
mod delivery;
mod once;
mod serve;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use acr_client::{RateLimit, RequestLimits, RequestRate};
use secrecy::SecretString;
use tokio::sync::watch;

use self::checker::{CheckedEstate, Checker, refuse_unusable};
use crate::cli::args::{ClientArgs, WatchArgs};
use crate::cli::commands::notify::store_arg;
use crate::cli::estate_check::plan_args;
use crate::cli::failure::Failure;
use crate::cli::load::{RULES_FILE, load};
use crate::cli::store::{parse_url, spool_folder};
use crate::cli::watch_file::load_watch_file;
use crate::cli::{Context, Exit};
use crate::notify::NotifySettings;
use crate::rules::{Schedule, WatchFile, WatchedEstate};
use crate::store::Spool;
use crate::watch::{EstateView, SharedState, StoreLink, TargetView, WatchState};

/// The store of a watch without a watch file.
const DEFAULT_STORE: &str = "sqlite:crdrift.db";

pub(in crate::cli) fn run(args: &WatchArgs, context: &mut Context) -> Result<Exit, Failure> {
    context.mask_ids(args.mask_ids);
    let mut file = read_file(args, context)?;
    let shard = args.shard.shard(|name| context.var(name));
    if !args.once && !matches!(shard, Ok(None)) {
        return Err(Failure::usage("--shard has no effect without --once")
            .help("add --once; several processes without it share the estates by themselves"));
    }
    let shard = shard.map_err(|error| Failure::usage(error.to_string()).help(error.help()))?;
    if let Some(shard) = shard {
        let names: Vec<String> = file.estates.iter().map(|it| it.name.clone()).collect();
        let selected = shard.select(&names, |_| (), String::as_str);
        file.estates.retain(|it| selected.contains(&&it.name));
    }
    if file.mask_ids && !args.mask_ids {
        context.mask_ids(true);
    }
    refuse_remote(&file, args)?;
    let checker = prepare(&file, args, context)?;
    if args.once {
        let limit = match (rate_of(&file), shard) {
            (None, _) => RateLimit::Unlimited,
            (Some(rate), None) => RateLimit::PerSecond(rate),
            (Some(rate), Some(shard)) => rate.part(shard.fraction()),
        };
        checker.shared.limits().set_rate(limit);
        return once::run(&Arc::new(checker), &file, args, context);
    }
    serve::run(file, checker, args, context)
}

/// Returns the watch file, or what the command line says in its place.
fn read_file(args: &WatchArgs, context: &mut Context) -> Result<WatchFile, Failure> {
    let mut file = if let Some(path) = &args.config {
        load_watch_file(path, context)?
    } else {
        let store = SecretString::from(DEFAULT_STORE);
        WatchFile::new(store, vec![estate_of_arguments(args, context)])
    };
    if let Some(store) = &args.recording.store {
        file.store = SecretString::from(store.as_str());
    }
    if let Some(listen) = args.listen {
        file.listen = listen;
    }
    if let Some(rate) = args.client.rate {
        file.rate = Some(rate.per_second());
    }
    Ok(file)
}

/// Returns the budget of requests of each account.
fn rate_of(file: &WatchFile) -> Option<RequestRate> {
    file.rate.and_then(RequestRate::new)
}

/// Returns the estate of the files on the command line. Invalid files have no name of their own, and are reported by every
/// check.
fn estate_of_arguments(args: &WatchArgs, context: &mut Context) -> WatchedEstate {
    let mut files = args.files.clone();
    if files.is_empty() {
        files.push(RULES_FILE.to_owned());
    }
    let declared = || load(&files, context).ok().and_then(|rules| rules.estate);
    let name = args.estate.clone().or_else(declared);
    let name = name.unwrap_or_else(|| files.join(", "));
    WatchedEstate {
        emulate: args.emulator.emulate.clone(),
        faults: args.emulator.faults.clone(),
        ..WatchedEstate::new(&name, files, Schedule::Every(args.every))
    }
}

/// Refuses an address that other machines can reach, unless the operator allows it.
fn refuse_remote(file: &WatchFile, args: &WatchArgs) -> Result<(), Failure> {
    let mut addresses = [Some(file.listen), file.metrics_listen]
        .into_iter()
        .flatten();
    match addresses.find(|address| !address.ip().is_loopback()) {
        Some(address) if !args.allow_remote && !args.once => Err(Failure::usage(format!(
            "{address} is not an address of this machine alone"
        ))
        .help("add --allow-remote to listen on it, with a password_file or a proxy in front")),
        _ => Ok(()),
    }
}

/// Opens the store, and prepares the checks of every estate.
fn prepare(file: &WatchFile, args: &WatchArgs, context: &mut Context) -> Result<Checker, Failure> {
    let url = parse_url(Some(&store_arg(file)), context)?;
    let spool =
        spool_folder(&args.recording, context).map(|folder: PathBuf| Spool::new(&folder, &url));
    let mut link = StoreLink::new(url.clone(), spool);
    refuse_unusable(&mut link, context.now_ms())?;
    context.register_credential_files();
    let estates = checked_estates(file, args)?;
    let state = SharedState::new(WatchState {
        started_ms: context.started_ms,
        turned_ms: context.started_ms,
        is_store_up: link.is_up(),
        ..WatchState::default()
    });
    show_configuration(file, &state);
    let (limits, stopping) = (
        RequestLimits::new(args.client.parallelism),
        watch::Sender::new(false),
    );
    Ok(Checker {
        url,
        estates,
        shared: context.share(limits, stopping.subscribe()),
        store: Arc::new(Mutex::new(link)),
        holder: holder(),
        rate: rate_of(file).filter(|_| !args.once),
        settings: NotifySettings::from(file),
        state,
        stopping,
    })
}

/// Prepares the checks of another configuration, with the store, the limits and the state of those before.
fn prepare_again(before: &Checker, file: &WatchFile, args: &WatchArgs) -> Result<Checker, Failure> {
    let estates = checked_estates(file, args)?;
    show_configuration(file, &before.state);
    let stopping = watch::Sender::new(false);
    Ok(Checker {
        url: before.url.clone(),
        estates,
        shared: before.shared.interrupted_by(stopping.subscribe()),
        store: Arc::clone(&before.store),
        holder: before.holder.clone(),
        rate: rate_of(file),
        settings: NotifySettings::from(file),
        state: before.state.clone(),
        stopping,
    })
}

fn checked_estates(file: &WatchFile, args: &WatchArgs) -> Result<Vec<CheckedEstate>, Failure> {
    let mut estates = Vec::with_capacity(file.estates.len());
    // An embedded emulator serves one check alone, so that its limits are those of the check.
    let client = ClientArgs {
        rate: rate_of(file),
        ..args.client.clone()
    };
    for estate in &file.estates {
        let mut plan = plan_args(estate, &client)?;
        plan.drift_exit_code = args.drift_exit_code;
        estates.push(CheckedEstate {
            name: estate.name.clone(),
            args: plan,
            signature: Mutex::default(),
            last_lines: Mutex::default(),
        });
    }
    Ok(estates)
}

/// Shows the estates and targets of a configuration. Those that were there before keep their results and counts.
fn show_configuration(file: &WatchFile, state: &SharedState) {
    state.change(|state| {
        let mut before = std::mem::take(&mut state.estates);
        for estate in &file.estates {
            let view = before.remove(&estate.name);
            let view = view_of(estate, view.unwrap_or_default());
            state.estates.insert(estate.name.clone(), view);
        }
        let mut before = std::mem::take(&mut state.targets);
        for target in &file.targets {
            let view = TargetView {
                kind: target.kind.as_str(),
                ..before.remove(&target.name).unwrap_or_default()
            };
            state.targets.insert(target.name.clone(), view);
        }
        state.is_config_valid = true;
    });
}

/// Returns a name that no other process has, now or later.
fn holder() -> String {
    format!("{}-{}", std::process::id(), uuid::Uuid::new_v4().simple())
}

/// Returns the view of an estate, with the results of the view before.
fn view_of(estate: &WatchedEstate, before: EstateView) -> EstateView {
    let (schedule, interval_ms) = match &estate.schedule {
        Schedule::Every(interval) => {
            let interval_ms = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
            (format!("every {}", describe(*interval)), interval_ms)
        }
        Schedule::Cron(cron) => {
            let next = cron.next_after(0).unwrap_or_default();
            let after = cron.next_after(next).unwrap_or(next);
            let interval_ms = u64::try_from(after - next).unwrap_or_default();
            let text = format!("cron {} {}", cron.expression, cron.time_zone());
            (text, interval_ms)
        }
    };
    EstateView {
        owner: estate.owner.clone(),
        schedule,
        interval_ms,
        rules_valid: before.last.is_none() || before.rules_valid,
        next_ms: None,
        running_since_ms: None,
        ..before
    }
}

fn describe(interval: std::time::Duration) -> String {
    match jiff::SignedDuration::try_from(interval) {
        Ok(interval) => format!("{interval:#}").replace(' ', ""),
        Err(_) => String::new(),
    }
}
